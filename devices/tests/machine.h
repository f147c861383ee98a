/*
 * For tests of devices: a VM whose engine executes nothing, and accesses to it as a vCPU's
 * instructions would make them. The test is the guest.
 */
#ifndef GOD_DEVICES_TESTS_MACHINE_H
#define GOD_DEVICES_TESTS_MACHINE_H

#include "core/vm.h"

/* An empty machine (RAM, bus, clock, vCPUs, no devices); vm_destroy ends it. */
struct vm *machine_create(unsigned cpus, bool virtual_time);

/* Loads and stores; the test fails when nobody answers. */
uint64_t machine_read(struct vm *vm, unsigned cpu, uint64_t addr, unsigned size);
void machine_write(struct vm *vm, unsigned cpu, uint64_t addr, unsigned size, uint64_t value);

/* MRS and MSR at EL1; the test fails when the access is not allowed. */
uint64_t machine_mrs(struct vm *vm, unsigned cpu, const char *name);
void machine_msr(struct vm *vm, unsigned cpu, const char *name, uint64_t value);

/* What an access at that exception level would come to, without making it. */
enum sysreg_access machine_sysreg_access(struct vm *vm, unsigned cpu, const char *name, unsigned el,
					 bool write);

/* Pseudo-random numbers (xorshift64): a test that fails fails again. *state is not 0. */
uint64_t machine_random(uint64_t *state);

#endif
