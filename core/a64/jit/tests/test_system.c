/*
 * Translated loads, stores, atomics, branches, integer and system instructions against the interpreter's
 * functions, at both exception levels, with good and bad addresses. The instructions are taken from
 * the translator's tables and the VM's system registers: none can be forgotten.
 */
#include <criterion/criterion.h>

#include "core/a64/jit/jit.h"
#include "core/a64/jit/tests/twin.h"
#include "core/vm.h"

static bool reads_base(const struct jit_op *op)
{
	return (op->flags & JIT_MEMORY) && (op->flags & JIT_USE_N);
}

/* Let the base register be an address, with its offset, and sometimes the reserved one. */
static void aim(struct twin *twin, const struct jit_op *op, uint32_t word)
{
	struct a64_cpu *cpu = twin_cpu(twin);
	uint64_t va = twin_address(twin);
	struct a64_insn insn;

	a64_decode(word, cpu->features, &insn);
	if (reads_base(op) && (twin_random(twin) & 7)) {
		cpu->x[insn.rn] = va;
		if (insn.imm > 15)
			cpu->x[insn.rn] -= insn.uimm;
		if ((op->flags & JIT_USE_M) && insn.rm <= A64_SP && insn.rm != insn.rn)
			cpu->x[insn.rm] = twin_random(twin) & 255;
	}
	if (twin_random(twin) & 3)
		twin_reserve(twin, va, 1u << (twin_random(twin) % 5));
}

static void check_table(const struct jit_op *table, unsigned cpus, unsigned rounds)
{
	struct twin *twin = twin_new(cpus);

	for (unsigned op = 0; op < A64_OPS; op++) {
		if (!table[op].emit || op == A64_OP_HVC || op == A64_OP_WFI || op == A64_OP_WFE)
			continue;
		for (unsigned n = 0; n < rounds; n++) {
			uint32_t word = twin_word(twin, (enum a64_op)op);

			twin_randomise(twin);
			aim(twin, &table[op], word);
			twin_check(twin, word);
		}
	}
	twin_free(twin);
}

Test(jit, atomics)
{
	check_table(jit_atomic_ops, 1, 200);
}

/* With two vCPUs the global monitor is in use. */
Test(jit, atomics_of_two)
{
	check_table(jit_atomic_ops, 2, 200);
}

Test(jit, loads_and_stores)
{
	check_table(jit_memory_ops, 1, 100);
}

Test(jit, loads_and_stores_of_two)
{
	check_table(jit_memory_ops, 2, 50);
}

Test(jit, system)
{
	check_table(jit_system_ops, 1, 500);
}

Test(jit, system_of_two)
{
	check_table(jit_system_ops, 2, 500);
}

Test(jit, branches)
{
	check_table(jit_branch_ops, 1, 100);
}

Test(jit, integer)
{
	check_table(jit_integer_ops, 1, 50);
}

/* PMU registers have to do with time. */
static bool is_timed(uint16_t key)
{
	return key >> 14 == 3 && (key >> 7 & 15) == 9;
}

#define WORD_MSR 0xd5100000u
#define WORD_MRS 0xd5300000u

Test(jit, system_registers)
{
	struct twin *twin = twin_new(1);
	const struct sysreg_table *table = &twin_cpu(twin)->vcpu->vm->sysregs;

	for (unsigned n = 0; n < table->count; n++) {
		uint16_t key = table->regs[n].key;

		for (unsigned round = 0; round < 100 && !is_timed(key); round++) {
			uint32_t operands = (key & 0x7fffu) << 5 | (twin_random(twin) & 31);

			twin_randomise(twin);
			twin_check(twin, (round & 1 ? WORD_MSR : WORD_MRS) | operands);
		}
	}
	twin_free(twin);
}
