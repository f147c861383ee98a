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

/* What ends in an exit, or pauses. */
static bool leaves(unsigned op)
{
	return op == A64_OP_HVC || op == A64_OP_WFI || op == A64_OP_WFE;
}

static void check_table(const struct jit_op *table, unsigned cpus, unsigned rounds)
{
	struct twin *twin = twin_new(cpus);

	for (unsigned op = 0; op < A64_OPS; op++) {
		if (!table[op].emit || leaves(op))
			continue;
		for (unsigned n = 0; n < rounds; n++) {
			uint32_t word = twin_word(twin, (enum a64_op)op);

			twin_randomise(twin);
			aim(twin, &table[op], word);
			twin_check(twin, &word, 1);
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
	check_table(jit_bits_ops, 1, 50);
}

/* PMU registers have to do with time, and keep what was written beyond what is restored here. */
static bool is_timed(uint16_t key)
{
	unsigned crn = key >> 7 & 15, crm = key >> 3 & 15;

	return key >> 14 == 3 && (crn == 9 || (crn == 14 && crm >= 8));
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
			uint32_t word = (key & 0x7fffu) << 5 | (twin_random(twin) & 31);

			word |= round & 1 ? WORD_MSR : WORD_MRS;
			twin_randomise(twin);
			twin_check(twin, &word, 1);
		}
	}
	twin_free(twin);
}

/* ---- Several in a row, where one's emitter relies on what another one has made sure of ---- */

/*
 * SCTLR_EL1, the TTBRs and so on: what comes after a write depends on what was cached before it, which
 * is not the same both times.
 */
static bool translates(uint16_t key)
{
	unsigned crn = key >> 7 & 15;

	return key >> 14 == 3 && (crn == 1 || crn == 2 || crn == 10);
}

static uint32_t any_word(struct twin *twin)
{
	static const struct jit_op *const tables[] = {jit_integer_ops, jit_memory_ops,
						      jit_system_ops,  jit_atomic_ops,
						      jit_branch_ops,  jit_fp_ops};
	const struct sysreg_table *registers = &twin_cpu(twin)->vcpu->vm->sysregs;
	unsigned n = (unsigned)(twin_random(twin) % 16), op;

	if (n == 6 || n == 7) {
		uint16_t key = registers->regs[twin_random(twin) % registers->count].key;

		if (!is_timed(key) && !(n == 6 && translates(key)))
			return (n == 6 ? WORD_MSR : WORD_MRS) | (key & 0x7fffu) << 5 |
			       (twin_random(twin) & 31);
	}
	if (n >= 6)
		n &= 3;
	do
		op = (unsigned)(twin_random(twin) % A64_OPS);
	while (!tables[n][op].emit || leaves(op));
	return twin_word(twin, (enum a64_op)op);
}

static void check_sequences(unsigned cpus)
{
	struct twin *twin = twin_new(cpus);
	uint32_t words[TWIN_INSNS];

	for (unsigned round = 0; round < 10000; round++) {
		unsigned count = 2 + (unsigned)(twin_random(twin) % (TWIN_INSNS - 1));

		for (unsigned n = 0; n < count; n++)
			words[n] = any_word(twin);
		twin_randomise(twin);
		if (round & 7)
			twin_calm(twin);
		twin_check(twin, words, count);
	}
	twin_free(twin);
}

Test(jit, sequences)
{
	check_sequences(1);
}

Test(jit, sequences_of_two)
{
	check_sequences(2);
}

/* ---- Groups: accesses near to each other, by few base registers that change on the way ---- */

#define OFFSET_FORM(word) (((word) >> 27 & 7) == 7 && ((word) >> 24 & 3) == 1)

static uint32_t near_word(struct twin *twin)
{
	const struct jit_op *table = twin_random(twin) % 4 ? jit_memory_ops : jit_integer_ops;
	uint32_t word, base = 1 + (uint32_t)(twin_random(twin) & 1);
	unsigned op;

	do
		op = (unsigned)(twin_random(twin) % A64_OPS);
	while (!table[op].emit || op == A64_OP_HINT);
	word = twin_word(twin, (enum a64_op)op);
	word = (word & ~(31u << 5)) | base << 5;
	return OFFSET_FORM(word) ? word & ~(0xffu << 14) : word;
}

static void check_near(unsigned cpus)
{
	struct twin *twin = twin_new(cpus);
	uint32_t words[TWIN_INSNS];

	for (unsigned round = 0; round < 10000; round++) {
		for (unsigned n = 0; n < TWIN_INSNS; n++)
			words[n] = near_word(twin);
		twin_randomise(twin);
		if (round & 7)
			twin_calm(twin);
		twin_cpu(twin)->x[1] = twin_address(twin);
		twin_cpu(twin)->x[2] = twin_address(twin);
		twin_changed(twin);
		twin_check(twin, words, TWIN_INSNS);
	}
	twin_free(twin);
}

Test(jit, groups)
{
	check_near(1);
}

Test(jit, groups_of_two)
{
	check_near(2);
}

/* ---- Flags: each instruction that sets them before MRS, and each that reads them after MSR ---- */

#define WORD_MRS_NZCV (WORD_MRS | 0x5a10u << 5)
#define WORD_MSR_NZCV (WORD_MSR | 0x5a10u << 5)
#define WORD_AND      0x8a020020u /* and x0, x1, x2: the host's flags are lost */

static void check_flags(struct twin *twin, const uint32_t *words, unsigned count)
{
	twin_randomise(twin);
	twin_calm(twin);
	twin_check(twin, words, count);
}

static void check_flags_of(const struct jit_op *table)
{
	struct twin *twin = twin_new(1);

	for (unsigned op = 0; op < A64_OPS; op++) {
		for (unsigned n = 0; n < 50 && table[op].emit; n++) {
			uint32_t word = twin_word(twin, (enum a64_op)op);
			uint32_t set[] = {word, WORD_MRS_NZCV | 3};
			uint32_t late[] = {word, WORD_AND, WORD_MRS_NZCV | 3};
			uint32_t read[] = {WORD_MSR_NZCV | (uint32_t)(twin_random(twin) & 31),
					   word};

			if (table[op].flags & JIT_SETS_F) {
				check_flags(twin, set, 2);
				check_flags(twin, late, 3);
			}
			if (table[op].flags & JIT_READS_F)
				check_flags(twin, read, 2);
		}
	}
	twin_free(twin);
}

Test(jit, flags)
{
	check_flags_of(jit_integer_ops);
	check_flags_of(jit_fp_ops);
	check_flags_of(jit_branch_ops);
}
