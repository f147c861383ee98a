/*
 * Firmware calls by HVC: PSCI 1.1 (DEN 0022), SMCCC 1.1 discovery (DEN 0028) and the TRNG
 * interface 1.0 (DEN 0098). Used by software engines; under KVM the kernel answers.
 */
#ifndef GOD_CORE_PSCI_H
#define GOD_CORE_PSCI_H

#include <stdbool.h>
#include <stdint.h>

struct vcpu;

/*
 * Answer one call: args are x0 to x7, results x0 to x3. An unknown function returns -1
 * (NOT_SUPPORTED). Returns false when the calling vCPU must leave run() (CPU_OFF, SYSTEM_OFF,
 * SYSTEM_RESET).
 */
bool psci_call(struct vcpu *vcpu, const uint64_t args[8], uint64_t results[4]);

#endif
