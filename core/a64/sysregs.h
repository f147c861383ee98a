/*
 * The system registers that the CPU itself owns (Arm ARM, D19).
 */
#ifndef GOD_CORE_A64_SYSREGS_H
#define GOD_CORE_A64_SYSREGS_H

#include "core/a64/cpu.h"
#include "core/error.h"
#include "core/sysreg.h"

/* DCZID_EL0.BS: DC ZVA clears 64 bytes. */
#define A64_DCZID_BS 4

/* Enter them into a VM's table. */
int a64_sysregs_add(struct sysreg_table *table, struct error *err);

/* The values that a warm reset gives. */
void a64_sysregs_reset(struct a64_cpu *cpu);

#endif
