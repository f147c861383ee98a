/*
 * The SP alignment check of loads and stores.
 */
#include "core/a64/base.h"

#include "core/a64/exception.h"
#include "core/a64/mmu.h"

void a64_check_sp(struct a64_cpu *cpu, const struct a64_insn *i)
{
	if (cpu->sys.sctlr & (cpu->el ? A64_SCTLR_SA : A64_SCTLR_SA0))
		a64_raise_sp_alignment(cpu, i);
}
