/*
 * The SP alignment check of loads and stores.
 */
#include "core/a64/base.h"

/* SCTLR_EL1 (Arm ARM DDI 0487, D19.2.128): SP alignment checks at EL1 and at EL0. */
#define SCTLR_SA  (1ULL << 3)
#define SCTLR_SA0 (1ULL << 4)

void a64_check_sp(struct a64_cpu *cpu, const struct a64_insn *i)
{
	if (cpu->sys.sctlr & (cpu->el ? SCTLR_SA : SCTLR_SA0))
		a64_raise_sp_alignment(cpu, i);
}
