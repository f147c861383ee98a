/*
 * Floating point, AdvSIMD, cryptography and CRC32 in translated code against the interpreter's
 * functions. The instructions are taken from the translator's tables: none can be forgotten.
 */
#include <criterion/criterion.h>

#include "core/a64/jit/tests/differential.h"

#define ROUNDS	 300
#define SEQUENCE 24
/* The base register of loads and stores in sequences, and what counts how often they are repeated: no
 * other instruction in them writes these. */
#define BASE  28
#define TIMES 27

static const struct jit_host plain_host; /* x86-64-v2 */

static const struct jit_op *const tables[] = {
	jit_fp_ops,	      jit_fp_convert_ops,      jit_simd_ops,
	jit_simd_compare_ops, jit_simd_lanes_ops,      jit_simd_shift_ops,
	jit_simd_width_ops,   jit_simd_permute_ops,    jit_crypto_ops,
	jit_simd_fp_ops,      jit_simd_fp_convert_ops,
};

#define TABLES (sizeof(tables) / sizeof(tables[0]))

static bool computes(enum a64_op op)
{
	for (unsigned n = 0; n < TABLES; n++)
		if (tables[n][op].emit)
			return true;
	return false;
}

/* A load or store of vector registers, with a base. */
static bool accesses(enum a64_op op)
{
	uint32_t flags = jit_memory_ops[op].flags;

	return jit_simd_memory_ops[op].emit || ((flags & JIT_FP) && (flags & JIT_USE_N));
}

static bool accesses_pair(enum a64_op op)
{
	return jit_memory_ops[op].flags & (JIT_DEF_VM | JIT_USE_VM);
}

static void check_op(struct differential *d, enum a64_op op)
{
	for (unsigned round = 0; round < ROUNDS; round++) {
		uint32_t word = differential_word(d, op, round & 1 ? 5 : 0);
		struct a64_insn insn;

		cr_assert(word != 0, "%s", a64_ops[op].name);
		a64_decode(word, A64_FEATURES, &insn);
		differential_randomise(d);
		if (!accesses(op) || differential_aim(d, op, &insn))
			differential_check(d, &word, 1);
	}
}

static void check_each(const struct jit_host *host)
{
	struct differential *d = differential_new(host);
	unsigned op, checked = 0;

	for (op = 0; op < A64_OPS; op++) {
		if (computes((enum a64_op)op) || accesses((enum a64_op)op)) {
			check_op(d, (enum a64_op)op);
			checked++;
		}
	}
	cr_expect(checked > 400, "%u", checked);
	differential_free(d);
}

Test(jit_simd, each_instruction)
{
	check_each(NULL);
}

Test(jit_simd, each_instruction_on_a_plain_host)
{
	check_each(&plain_host);
}

/*
 * Exact results just below the smallest normal number, to which they are rounded: tiny to Arm, which
 * looks before it rounds (FPSR.UFC), and not to the host.
 */
Test(jit_simd, tiny_before_rounding)
{
	static const union a64_vreg numbers[] = {
		[1] = {.d = {0x000fffffffffffff, 0x000fffffffffffff}},
		[2] = {.d = {0x3ff0000000000001, 0x3ff0000000000001}}, /* n * m */
		[3] = {.d = {0x001fffffffffffff, 0x001fffffffffffff}},
		[4] = {.d = {0x4000000000000000, 0x4000000000000000}}, /* n / m */
		[5] = {.d = {0, 0}},
		[6] = {.s = {0x007fffff, 0x007fffff, 0x007fffff, 0x007fffff}},
		[7] = {.s = {0x3f800001, 0x3f800001, 0x3f800001, 0x3f800001}},
		[8] = {.s = {0x00ffffff, 0x00ffffff, 0x00ffffff, 0x00ffffff}},
		[9] = {.s = {0x40000000, 0x40000000, 0x40000000, 0x40000000}},
		[10] = {.d = {0x380ffffff8000000, 0x380ffffff8000000}}, /* to single precision */
	};
	static const uint32_t words[] = {
		0x1e620820, /* fmul d0, d1, d2 */
		0x1e2708c0, /* fmul s0, s6, s7 */
		0x1e628820, /* fnmul d0, d1, d2 */
		0x1e641860, /* fdiv d0, d3, d4 */
		0x1e291900, /* fdiv s0, s8, s9 */
		0x1f421420, /* fmadd d0, d1, d2, d5 */
		0x1f0714c0, /* fmadd s0, s6, s7, s5 */
		0x1e624140, /* fcvt s0, d10 */
		0x6e62dc20, /* fmul v0.2d, v1.2d, v2.2d */
		0x6e27dcc0, /* fmul v0.4s, v6.4s, v7.4s */
		0x0f8790c0, /* fmul v0.2s, v6.2s, v7.s[0] */
		0x4e62cc25, /* fmla v5.2d, v1.2d, v2.2d */
		0x6e64fc60, /* fdiv v0.2d, v3.2d, v4.2d */
		0x0e616940, /* fcvtn v0.2s, v10.2d */
	};
	struct differential *d = differential_new(NULL);

	for (unsigned n = 0; n < sizeof(words) / sizeof(words[0]); n++) {
		differential_randomise(d);
		memcpy(differential_cpu(d)->v, numbers, sizeof(numbers));
		differential_check(d, &words[n], 1);
		cr_expect(differential_cpu(d)->fpsr & FPSR_UFC, "%#x", words[n]);
	}
	differential_free(d);
}

/* ---- Sequences: what one instruction leaves behind must suit the next ---- */

static enum a64_op random_op(struct differential *d, bool (*suits)(enum a64_op op))
{
	enum a64_op op;

	do
		op = (enum a64_op)(differential_random(d) % A64_OPS);
	while (!suits(op));
	return op;
}

/* One with BASE, from which it accesses memory at an offset of 1024 at most; if it advances BASE, by
 * at most 64. */
static uint32_t access_word(struct differential *d)
{
	struct a64_insn insn;
	enum a64_op op;
	uint32_t word;

	do {
		op = random_op(d, accesses);
		word = differential_word(d, op, 8);
		word = (word & ~(31u << 5)) | BASE << 5;
	} while (a64_decode(word, A64_FEATURES, &insn) != op ||
		 (jit_memory_ops[op].flags & JIT_DEF_N) || insn.imm < -1024 || insn.imm > 1024 ||
		 (insn.rm <= A64_SP && !accesses_pair(op)));
	return word;
}

static uint32_t sequence_word(struct differential *d, unsigned registers)
{
	if (differential_random(d) & 3)
		return differential_word(d, random_op(d, computes), registers);
	return access_word(d);
}

static void check_sequence(struct differential *d, const uint32_t words[SEQUENCE], uint32_t fpcr)
{
	differential_randomise(d);
	differential_cpu(d)->x[BASE] = DIFFERENTIAL_VA + 1100;
	differential_cpu(d)->x[TIMES] = 3;
	differential_cpu(d)->fpcr = fpcr;
	differential_check(d, words, SEQUENCE);
}

static void check_sequences(const struct jit_host *host, unsigned registers, uint32_t fpcr)
{
	struct differential *d = differential_new(host);
	uint32_t words[SEQUENCE];

	for (unsigned round = 0; round < 4000; round++) {
		for (unsigned n = 0; n < SEQUENCE; n++)
			words[n] = sequence_word(d, registers);
		check_sequence(d, words, fpcr);
	}
	differential_free(d);
}

/* B.cond, over up to seven instructions. */
static uint32_t branch_word(struct differential *d, unsigned n)
{
	uint32_t random = (uint32_t)differential_random(d), distance = 1 + random % 8;

	if (n + distance > SEQUENCE - 2)
		distance = SEQUENCE - 2 - n;
	return 0x54000000 | distance << 5 | (random >> 8 & 15);
}

/* Back over so many instructions, twice. */
static void loop_words(uint32_t words[SEQUENCE], uint32_t back)
{
	words[SEQUENCE - 2] = 0xf1000400 | TIMES << 5 | TIMES;	   /* subs x27, x27, #1 */
	words[SEQUENCE - 1] = 0x54000001 | (-back & 0x7ffff) << 5; /* b.ne */
}

/* Branches here and there, and back to somewhere at the end. */
static void check_branches(const struct jit_host *host)
{
	struct differential *d = differential_new(host);
	uint32_t words[SEQUENCE];

	for (unsigned round = 0; round < 4000; round++) {
		for (unsigned n = 0; n < SEQUENCE - 2; n++)
			words[n] = differential_random(d) % 6 ? sequence_word(d, 6)
							      : branch_word(d, n);
		loop_words(words, 1 + differential_random(d) % (SEQUENCE - 1));
		check_sequence(d, words, 0);
	}
	differential_free(d);
}

Test(jit_simd, sequences_with_branches)
{
	check_branches(NULL);
}

Test(jit_simd, sequences_with_branches_on_a_plain_host)
{
	check_branches(&plain_host);
}

/* What one iteration of a loop has seen of FPCR, the next one may not rely on: each rounds otherwise. */
Test(jit_simd, loops_that_change_the_mode)
{
	static const uint32_t change[] = {
		0xd2400767, /* eor x7, x27, #3: 0 the first time */
		0xd36aa4e7, /* lsl x7, x7, #22 */
		0xd51b4407, /* msr fpcr, x7 */
	};
	struct differential *d = differential_new(NULL);
	uint32_t words[SEQUENCE];

	for (unsigned round = 0; round < 24000; round++) {
		unsigned back = 6 + differential_random(d) % 6;

		for (unsigned n = 0; n < SEQUENCE - 2; n++)
			words[n] = sequence_word(d, 6);
		memcpy(words + SEQUENCE - 1 - back + differential_random(d) % (back - 3), change,
		       sizeof(change));
		loop_words(words, back);
		check_sequence(d, words, 0);
	}
	differential_free(d);
}

Test(jit_simd, sequences)
{
	check_sequences(NULL, 6, 0);
}

/* More vector registers than the host has. */
Test(jit_simd, sequences_with_many_registers)
{
	check_sequences(NULL, 16, 0);
}

Test(jit_simd, sequences_on_a_plain_host)
{
	check_sequences(&plain_host, 6, 0);
}

/* FPCR as programs seldom have it: the interpreter does what depends on it. */
Test(jit_simd, flushing_to_zero)
{
	check_sequences(NULL, 6, FPCR_FZ);
}

Test(jit_simd, rounding_to_zero)
{
	check_sequences(NULL, 6, FPCR_RMODE);
}

Test(jit_simd, default_nan)
{
	check_sequences(NULL, 6, FPCR_DN);
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
