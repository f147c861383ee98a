/*
 * Floating point, AdvSIMD, cryptography and CRC32 in translated code against the interpreter's
 * functions. The instructions are taken from the translator's tables: none can be forgotten.
 */
#include <criterion/criterion.h>

#include "core/a64/jit/tests/differential.h"

#define ROUNDS 300

static const struct jit_host plain_host; /* x86-64-v2 */

static const struct jit_op *const tables[] = {
	jit_simd_ops,	     jit_simd_shift_ops, jit_simd_width_ops, jit_simd_permute_ops,
	jit_simd_memory_ops, jit_crypto_ops,	 jit_fp_ops,
};

#define TABLES (sizeof(tables) / sizeof(tables[0]))

static void check_op(struct differential *d, enum a64_op op, bool is_memory)
{
	for (unsigned round = 0; round < ROUNDS; round++) {
		uint32_t word = differential_word(d, op, round & 1 ? 5 : 0);
		struct a64_insn insn;

		cr_assert(word != 0, "%s", a64_ops[op].name);
		a64_decode(word, A64_FEATURES, &insn);
		differential_randomise(d);
		if (is_memory)
			differential_aim(d, &insn);
		differential_check(d, &word, 1);
	}
}

static void check_tables(const struct jit_host *host)
{
	struct differential *d = differential_new(host);

	for (unsigned n = 0; n < TABLES; n++)
		for (unsigned op = 0; op < A64_OPS; op++)
			if (tables[n][op].emit)
				check_op(d, (enum a64_op)op, tables[n] == jit_simd_memory_ops);
	differential_free(d);
}

Test(jit_simd, each_instruction)
{
	check_tables(NULL);
}

Test(jit_simd, each_instruction_on_a_plain_host)
{
	check_tables(&plain_host);
}

/* FPCR as programs seldom have it: everything takes the slow path. */
Test(jit_simd, other_modes)
{
	static const uint32_t modes[] = {FPCR_FZ, FPCR_DN, FPCR_RMODE, 1u << FPCR_RMODE_SHIFT};
	struct differential *d = differential_new(NULL);

	for (unsigned op = 0; op < A64_OPS; op++) {
		if (!jit_fp_ops[op].emit)
			continue;
		for (unsigned round = 0; round < 40; round++) {
			uint32_t word = differential_word(d, (enum a64_op)op, 0);

			differential_randomise(d);
			differential_cpu(d)->fpcr = modes[round % 4];
			differential_check(d, &word, 1);
		}
	}
	differential_free(d);
}

static enum a64_op random_op(struct differential *d)
{
	enum a64_op op;
	unsigned table;

	do {
		table = (unsigned)(differential_random(d) % TABLES);
		op = (enum a64_op)(differential_random(d) % A64_OPS);
	} while (!tables[table][op].emit || tables[table] == jit_simd_memory_ops);
	return op;
}

/* What one leaves behind must suit the next. */
static void check_sequences(const struct jit_host *host)
{
	struct differential *d = differential_new(host);
	uint32_t words[16];

	for (unsigned round = 0; round < 10000; round++) {
		for (unsigned n = 0; n < 16; n++)
			words[n] = differential_word(d, random_op(d), 6);
		differential_randomise(d);
		differential_check(d, words, 16);
	}
	differential_free(d);
}

Test(jit_simd, sequences)
{
	check_sequences(NULL);
}

Test(jit_simd, sequences_on_a_plain_host)
{
	check_sequences(&plain_host);
}

/* Instructions that are translated together where they stand together. */
Test(jit_simd, pairs_of_the_cryptographic_extension)
{
	static const uint32_t rounds[][3] = {
		{0x4e284820, 0x4e286800, 0x4e284841}, /* aese v0, v1; aesmc v0, v0; aese v1, v2 */
		{0x4e284820, 0x4e286801, 0x4e284841}, /* aesmc v1, v0 */
		{0x4e285820, 0x4e287800, 0x4e285841}, /* aesd v0, v1; aesimc v0, v0; aesd v1, v2 */
		{0x4ea01c03, 0x5e024020,
		 0x5e025061}, /* mov v3, v0; sha256h q0, q1, v2; h2 q1, q3 */
		{0x4ea01c02, 0x5e024020, 0x5e025041}, /* what was put aside is the schedule */
		{0x4ea11c23, 0x5e024020, 0x5e025061}, /* not the old a, b, c, d */
		{0x4ea01c03, 0x5e024020, 0x5e045061}, /* another schedule */
		{0x4ea01c03, 0x5e004020, 0x5e005061}, /* the schedule is overwritten */
	};
	struct differential *d = differential_new(NULL);

	for (unsigned n = 0; n < sizeof(rounds) / sizeof(rounds[0]); n++) {
		for (unsigned round = 0; round < 20; round++) {
			differential_randomise(d);
			differential_check(d, rounds[n], 3);
		}
	}
	differential_free(d);
}
