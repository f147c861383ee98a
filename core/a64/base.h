/*
 * The base register of a load or store. Where it is SP, its alignment to 16 bytes may be checked
 * (SCTLR_EL1.SA and SA0; Arm ARM DDI 0487, D1.3.10.2).
 *
 * That no other base pays for it, the decoder leaves a mask in the instruction: 15 where the base is
 * SP, else 0 (sp_mask() in decode_help.h). One test of base & mask is all that an access costs.
 */
#ifndef GOD_CORE_A64_BASE_H
#define GOD_CORE_A64_BASE_H

#include <stdint.h>

#include "core/a64/cpu.h"
#include "core/a64/insn.h"

/* SP is the base and not aligned: raises the SP alignment fault if that is checked at this EL. */
void a64_check_sp(struct a64_cpu *cpu, const struct a64_insn *i);

static inline uint64_t a64_base(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t mask)
{
	uint64_t base = X(rn);

	if (__builtin_expect((base & mask) != 0, 0))
		a64_check_sp(cpu, i);
	return base;
}

#endif
