/*
 * The floating-point functions, against vectors worked out by hand from the Arm ARM's pseudocode:
 * each operation in each rounding mode, its special values, its flags, the order of NaNs,
 * flush-to-zero, default NaN. And against themselves: the host's arithmetic must not differ
 * from the exact one in any bit or flag.
 */
#include <criterion/criterion.h>

#include "core/a64/fp.h"

/* FPCR. */
#define RN   0u
#define RP   (1u << FPCR_RMODE_SHIFT)
#define RM   (2u << FPCR_RMODE_SHIFT)
#define RZ   (3u << FPCR_RMODE_SHIFT)
#define FZ   FPCR_FZ
#define FZ16 FPCR_FZ16
#define DN   FPCR_DN
#define AHP  FPCR_AHP
/* FPSR. */
#define NONE 0u
#define IO   FPSR_IOC
#define DZ   FPSR_DZC
#define OFX  (FPSR_OFC | FPSR_IXC)
#define UF   FPSR_UFC
#define UFX  (FPSR_UFC | FPSR_IXC)
#define IX   FPSR_IXC
#define ID   FPSR_IDC

/* Single precision. */
#define ONE	   0x3f800000
#define TWO	   0x40000000
#define HALF	   0x3f000000
#define INF	   0x7f800000
#define MAX	   0x7f7fffff /* the largest normal */
#define MIN	   0x00800000 /* the smallest normal */
#define TINY	   0x00000001 /* the smallest denormal */
#define NAN0	   0x7fc00000 /* the default NaN */
#define Q1	   0x7fc00001
#define Q2	   0x7fc00002
#define Q3	   0x7fc00003
#define S1	   0x7f800001
#define S2	   0x7f800002
#define S3	   0x7f800003
#define NEG(value) (0x80000000 | (value))
/* Double precision. */
#define ONE_D  0x3ff0000000000000
#define INF_D  0x7ff0000000000000
#define NAN0_D 0x7ff8000000000000

static void check(const char *table, size_t row, uint64_t result, const struct fp_env *env,
		  uint64_t expected, uint32_t flags)
{
	cr_expect(result == expected, "%s[%zu]: %#lx, not %#lx", table, row, (unsigned long)result,
		  (unsigned long)expected);
	cr_expect(env->fpsr == flags, "%s[%zu]: FPSR %#x, not %#x", table, row, env->fpsr, flags);
}

/*
 * Each arithmetic vector is checked twice: with the flags clear, when the exact way must be taken,
 * and with FPSR.IXC set, when the host may compute.
 */
static const uint32_t flags_before[] = {0, FPSR_IXC};

#define ROWS(table) (sizeof(table) / sizeof(table)[0])

struct unary_row {
	fp_unary *function;
	enum fp_format format;
	uint32_t fpcr;
	uint64_t op, expected;
	uint32_t flags;
};

static void check_unary(const char *name, const struct unary_row *table, size_t rows)
{
	for (size_t row = 0; row < rows; row++) {
		const struct unary_row *r = &table[row];

		for (size_t n = 0; n < ROWS(flags_before); n++) {
			struct fp_env env = {r->fpcr, flags_before[n]};
			uint64_t result = r->function(&env, r->format, r->op);

			check(name, row, result, &env, r->expected, r->flags | flags_before[n]);
		}
	}
}

struct binary_row {
	fp_binary *function;
	enum fp_format format;
	uint32_t fpcr;
	uint64_t op1, op2, expected;
	uint32_t flags;
};

static void check_binary(const char *name, const struct binary_row *table, size_t rows)
{
	for (size_t row = 0; row < rows; row++) {
		const struct binary_row *r = &table[row];

		for (size_t n = 0; n < ROWS(flags_before); n++) {
			struct fp_env env = {r->fpcr, flags_before[n]};
			uint64_t result = r->function(&env, r->format, r->op1, r->op2);

			check(name, row, result, &env, r->expected, r->flags | flags_before[n]);
		}
	}
}

#define CHECK_UNARY(table)  check_unary(#table, table, ROWS(table))
#define CHECK_BINARY(table) check_binary(#table, table, ROWS(table))

Test(fp, addition_rounds_in_every_mode)
{
	static const struct binary_row add[] = {
		{fp_add, FP_32, RN, ONE, ONE, TWO, NONE},
		/* 1 + 2^-24 lies halfway between 1 and the next number. */
		{fp_add, FP_32, RN, ONE, 0x33800000, ONE, IX},
		{fp_add, FP_32, RP, ONE, 0x33800000, 0x3f800001, IX},
		{fp_add, FP_32, RM, ONE, 0x33800000, ONE, IX},
		{fp_add, FP_32, RZ, ONE, 0x33800000, ONE, IX},
		{fp_add, FP_32, RN, 0x3f800001, 0x33800000, 0x3f800002, IX},
		{fp_add, FP_32, RN, NEG(ONE), 0xb3800000, NEG(ONE), IX},
		{fp_add, FP_32, RP, NEG(ONE), 0xb3800000, NEG(ONE), IX},
		{fp_add, FP_32, RM, NEG(ONE), 0xb3800000, 0xbf800001, IX},
		{fp_add, FP_32, RZ, NEG(ONE), 0xb3800000, NEG(ONE), IX},
		/* A little more than half, by a bit far below. */
		{fp_add, FP_32, RN, ONE, 0x33800001, 0x3f800001, IX},
		{fp_add, FP_32, RN, ONE, TINY, ONE, IX},
		{fp_add, FP_32, RM, ONE, NEG(TINY), 0x3f7fffff, IX},
		{fp_sub, FP_32, RZ, ONE, TINY, 0x3f7fffff, IX},
		/* 1 + 2^-53 in double, 1 + 2^-11 in half. */
		{fp_add, FP_64, RN, ONE_D, 0x3ca0000000000000, ONE_D, IX},
		{fp_add, FP_64, RP, ONE_D, 0x3ca0000000000000, ONE_D + 1, IX},
		{fp_add, FP_16, RN, 0x3c00, 0x1000, 0x3c00, IX},
		{fp_add, FP_16, RP, 0x3c00, 0x1000, 0x3c01, IX},
		/* Overflow: the largest normal and half a unit of its last place. */
		{fp_add, FP_32, RN, MAX, 0x73000000, INF, OFX},
		{fp_add, FP_32, RP, MAX, 0x73000000, INF, OFX},
		{fp_add, FP_32, RM, MAX, 0x73000000, MAX, IX},
		{fp_add, FP_32, RZ, MAX, 0x73000000, MAX, IX},
		{fp_add, FP_32, RZ, MAX, MAX, MAX, OFX},
		{fp_add, FP_32, RM, MAX, MAX, MAX, OFX},
		{fp_add, FP_32, RP, NEG(MAX), NEG(MAX), NEG(MAX), OFX},
		{fp_add, FP_32, RM, NEG(MAX), NEG(MAX), NEG(INF), OFX},
	};

	CHECK_BINARY(add);
}

Test(fp, addition_of_zeros_and_infinities)
{
	static const struct binary_row add[] = {
		{fp_add, FP_32, RN, ONE, NEG(ONE), 0, NONE},
		{fp_add, FP_32, RP, ONE, NEG(ONE), 0, NONE},
		{fp_add, FP_32, RM, ONE, NEG(ONE), NEG(0), NONE},
		{fp_sub, FP_32, RM, ONE, ONE, NEG(0), NONE},
		{fp_add, FP_32, RN, 0, NEG(0), 0, NONE},
		{fp_add, FP_32, RM, 0, NEG(0), NEG(0), NONE},
		{fp_add, FP_32, RN, NEG(0), NEG(0), NEG(0), NONE},
		{fp_sub, FP_32, RN, NEG(0), 0, NEG(0), NONE},
		{fp_add, FP_32, RN, 0, ONE, ONE, NONE},
		{fp_add, FP_32, RN, INF, NEG(MAX), INF, NONE},
		{fp_add, FP_32, RN, INF, NEG(INF), NAN0, IO},
		{fp_sub, FP_32, RN, INF, INF, NAN0, IO},
		{fp_sub, FP_64, RN, INF_D, INF_D, NAN0_D, IO},
		{fp_sub, FP_32, RN, INF, NEG(INF), INF, NONE},
	};

	CHECK_BINARY(add);
}

Test(fp, nans_propagate_signalling_first_then_by_operand)
{
	static const struct binary_row nan[] = {
		{fp_add, FP_32, RN, Q1, Q2, Q1, NONE},
		{fp_add, FP_32, RN, Q1, S2, Q2, IO},
		{fp_add, FP_32, RN, S1, S2, Q1, IO},
		{fp_add, FP_32, RN, S1, Q2, Q1, IO},
		{fp_add, FP_32, RN, ONE, Q2, Q2, NONE},
		{fp_mul, FP_32, RN, NEG(Q1), ONE, NEG(Q1), NONE},
		{fp_sub, FP_32, RN, ONE, NEG(S2), NEG(Q2), IO},
		{fp_div, FP_32, RN, 0, S2, Q2, IO},
		{fp_add, FP_32, DN, Q1, Q2, NAN0, NONE},
		{fp_add, FP_32, DN, NEG(Q1), ONE, NAN0, NONE},
		{fp_add, FP_32, DN, S1, ONE, NAN0, IO},
		{fp_add, FP_32, FZ, Q1, TINY, Q1, ID},
		{fp_add, FP_64, RN, ONE_D, 0xfff0000000000007, 0xfff8000000000007, IO},
		{fp_add, FP_16, RN, 0x7c01, 0x7e02, 0x7e01, IO},
	};

	CHECK_BINARY(nan);
}

Test(fp, denormals_and_flush_to_zero)
{
	static const struct binary_row denormal[] = {
		{fp_add, FP_32, RN, TINY, TINY, 2, NONE},
		{fp_add, FP_32, FZ, TINY, TINY, 0, ID},
		{fp_add, FP_32, FZ, NEG(TINY), NEG(TINY), NEG(0), ID},
		{fp_add, FP_32, FZ, ONE, TINY, ONE, ID},
		/* The result alone is denormal: exact, or flushed with underflow but not inexact. */
		{fp_sub, FP_32, RN, MIN + 1, MIN, TINY, NONE},
		{fp_sub, FP_32, FZ, MIN + 1, MIN, 0, UF},
		{fp_sub, FP_32, FZ, MIN, MIN + 1, NEG(0), UF},
		{fp_mul, FP_32, RN, MIN, HALF, 0x00400000, NONE},
		{fp_mul, FP_32, FZ, MIN, HALF, 0, UF},
		/*
		 * (1 - 2^-24) * 2^-126 rounds to the smallest normal, but was tiny before
		 * rounding.
		 */
		{fp_mul, FP_32, RN, 0x3f7fffff, MIN, MIN, UFX},
		{fp_mul, FP_32, RZ, 0x3f7fffff, MIN, 0x007fffff, UFX},
		{fp_mul, FP_32, FZ, 0x3f7fffff, MIN, 0, UF},
		{fp_mul, FP_64, RN, 0x3fefffffffffffff, 0x0010000000000000, 0x0010000000000000,
		 UFX},
		/* Half of the smallest denormal. */
		{fp_mul, FP_32, RN, TINY, HALF, 0, UFX},
		{fp_mul, FP_32, RP, TINY, HALF, TINY, UFX},
		{fp_mul, FP_32, RM, TINY, HALF, 0, UFX},
		{fp_mul, FP_32, RM, NEG(TINY), HALF, NEG(TINY), UFX},
		{fp_mul, FP_32, RN, 3, HALF, 2, UFX},
		{fp_mul, FP_32, RN, TINY, TINY, 0, UFX},
		{fp_mul, FP_32, RP, TINY, TINY, TINY, UFX},
		/* Half precision has a bit of its own, which does not tell of input denormals. */
		{fp_add, FP_16, FZ, 1, 1, 2, NONE},
		{fp_add, FP_16, FZ16, 1, 1, 0, NONE},
		{fp_add, FP_32, FZ16, TINY, TINY, 2, NONE},
		{fp_sub, FP_16, FZ16, 0x0401, 0x0400, 0, UF},
	};

	CHECK_BINARY(denormal);
}

Test(fp, multiplication_and_division)
{
	static const struct binary_row table[] = {
		{fp_mul, FP_32, RN, 0x3fc00000, 0x3fc00000, 0x40100000, NONE},
		{fp_mul, FP_32, RN, MAX, TWO, INF, OFX},
		{fp_mul, FP_32, RZ, NEG(MAX), TWO, NEG(MAX), OFX},
		{fp_mul, FP_32, RN, INF, NEG(ONE), NEG(INF), NONE},
		{fp_mul, FP_32, RN, NEG(0), ONE, NEG(0), NONE},
		{fp_mul, FP_32, RN, INF, 0, NAN0, IO},
		{fp_mul, FP_32, FZ, TINY, INF, NAN0, IO | ID},
		{fp_mul, FP_16, RN, 0x4000, 0x4200, 0x4600, NONE},
		{fp_mulx, FP_32, RN, INF, 0, TWO, NONE},
		{fp_mulx, FP_32, RN, 0, NEG(INF), NEG(TWO), NONE},
		{fp_mulx, FP_64, RN, INF_D, 0, 0x4000000000000000, NONE},
		{fp_mulx, FP_32, RN, TWO, TWO, 0x40800000, NONE},
		{fp_mulx, FP_32, RN, S1, 0, Q1, IO},
		{fp_div, FP_32, RN, 0x40c00000, 0x40400000, TWO, NONE},
		{fp_div, FP_32, RN, ONE, 0x40400000, 0x3eaaaaab, IX},
		{fp_div, FP_32, RZ, ONE, 0x40400000, 0x3eaaaaaa, IX},
		{fp_div, FP_32, RM, NEG(ONE), 0x40400000, 0xbeaaaaab, IX},
		{fp_div, FP_64, RN, ONE_D, 0x4008000000000000, 0x3fd5555555555555, IX},
		{fp_div, FP_64, RP, ONE_D, 0x4008000000000000, 0x3fd5555555555556, IX},
		{fp_div, FP_32, RN, ONE, 0, INF, DZ},
		{fp_div, FP_32, RN, ONE, NEG(0), NEG(INF), DZ},
		{fp_div, FP_32, FZ, ONE, TINY, INF, DZ | ID},
		{fp_div, FP_32, RN, 0, 0, NAN0, IO},
		{fp_div, FP_32, RN, INF, INF, NAN0, IO},
		{fp_div, FP_32, RN, INF, 0, INF, NONE},
		{fp_div, FP_32, RN, NEG(ONE), INF, NEG(0), NONE},
		{fp_div, FP_32, RN, 0, ONE, 0, NONE},
		{fp_div, FP_32, RN, TINY, TWO, 0, UFX},
		{fp_div, FP_32, RN, MAX, HALF, INF, OFX},
	};

	CHECK_BINARY(table);
}

Test(fp, square_root)
{
	static const struct unary_row table[] = {
		{fp_sqrt, FP_32, RN, 0x40800000, TWO, NONE},
		{fp_sqrt, FP_32, RN, TWO, 0x3fb504f3, IX},
		{fp_sqrt, FP_32, RP, TWO, 0x3fb504f4, IX},
		{fp_sqrt, FP_32, RZ, TWO, 0x3fb504f3, IX},
		{fp_sqrt, FP_64, RN, 0x4000000000000000, 0x3ff6a09e667f3bcd, IX},
		{fp_sqrt, FP_64, RZ, 0x4000000000000000, 0x3ff6a09e667f3bcc, IX},
		{fp_sqrt, FP_32, RN, TINY, 0x1a3504f3, IX},
		{fp_sqrt, FP_32, FZ, TINY, 0, ID},
		{fp_sqrt, FP_32, RN, NEG(0), NEG(0), NONE},
		{fp_sqrt, FP_32, RN, INF, INF, NONE},
		{fp_sqrt, FP_32, RN, NEG(INF), NAN0, IO},
		{fp_sqrt, FP_32, RN, NEG(ONE), NAN0, IO},
		{fp_sqrt, FP_32, RN, S1, Q1, IO},
		{fp_sqrt, FP_32, DN, NEG(Q1), NAN0, NONE},
		{fp_sqrt, FP_16, RN, 0x4400, 0x4000, NONE},
	};

	CHECK_UNARY(table);
}

Test(fp, fused_multiply_add)
{
	static const struct {
		enum fp_format format;
		uint32_t fpcr;
		uint64_t addend, op1, op2, expected;
		uint32_t flags;
	} table[] = {
		{FP_32, RN, ONE, TWO, TWO, 0x40a00000, NONE},
		/* (1 + 2^-23)^2 - (1 + 2^-22) = 2^-46, which rounding twice would lose. */
		{FP_32, RN, 0xbf800002, 0x3f800001, 0x3f800001, 0x28800000, NONE},
		{FP_32, RN, NEG(ONE), 0x3f800001, 0x3f800001, 0x34800000, IX},
		{FP_32, RP, NEG(ONE), 0x3f800001, 0x3f800001, 0x34800001, IX},
		{FP_64, RN, 0xbff0000000000002, ONE_D + 1, ONE_D + 1, 0x3970000000000000, NONE},
		/* The product overflows, the sum does not. */
		{FP_32, RN, NEG(MAX), MAX, TWO, MAX, NONE},
		{FP_32, RN, MAX, MAX, TWO, INF, OFX},
		/* The addend far below and far above. */
		{FP_32, RP, TINY, ONE, ONE, 0x3f800001, IX},
		{FP_32, RZ, NEG(TINY), ONE, ONE, 0x3f7fffff, IX},
		{FP_32, RM, ONE, NEG(TINY), TINY, 0x3f7fffff, IX},
		{FP_32, RP, TINY, TINY, TINY, 2, UFX},
		/* Zeros. */
		{FP_32, RN, 0, NEG(0), ONE, 0, NONE},
		{FP_32, RM, 0, NEG(0), ONE, NEG(0), NONE},
		{FP_32, RN, NEG(0), NEG(0), ONE, NEG(0), NONE},
		{FP_32, RN, NEG(ONE), ONE, ONE, 0, NONE},
		{FP_32, RM, NEG(ONE), ONE, ONE, NEG(0), NONE},
		{FP_32, RN, ONE, 0, ONE, ONE, NONE},
		/* Infinities. */
		{FP_32, RN, ONE, INF, NEG(ONE), NEG(INF), NONE},
		{FP_32, RN, NEG(INF), ONE, ONE, NEG(INF), NONE},
		{FP_32, RN, INF, NEG(INF), ONE, NAN0, IO},
		{FP_32, RN, ONE, INF, 0, NAN0, IO},
		/* NaNs: the addend first; but a quiet one does not hide infinity times zero. */
		{FP_32, RN, Q1, Q2, Q3, Q1, NONE},
		{FP_32, RN, ONE, Q2, Q3, Q2, NONE},
		{FP_32, RN, ONE, ONE, Q3, Q3, NONE},
		{FP_32, RN, Q1, S2, S3, Q2, IO},
		{FP_32, RN, Q1, Q2, S3, Q3, IO},
		{FP_32, RN, S1, S2, S3, Q1, IO},
		{FP_32, RN, Q1, INF, 0, NAN0, IO},
		{FP_32, RN, NEG(Q1), 0, INF, NAN0, IO},
		{FP_32, RN, S1, INF, 0, Q1, IO},
		{FP_32, DN, Q1, Q2, Q3, NAN0, NONE},
		{FP_32, FZ, Q1, INF, TINY, NAN0, IO | ID},
		{FP_32, FZ, ONE, TINY, MAX, ONE, ID},
		{FP_16, RN, 0x3c00, 0x4000, 0x4000, 0x4500, NONE},
	};

	for (size_t row = 0; row < ROWS(table); row++) {
		for (size_t n = 0; n < ROWS(flags_before); n++) {
			struct fp_env env = {table[row].fpcr, flags_before[n]};
			uint64_t result = fp_muladd(&env, table[row].format, table[row].addend,
						    table[row].op1, table[row].op2);

			check("fused", row, result, &env, table[row].expected,
			      table[row].flags | flags_before[n]);
		}
	}
}

Test(fp, greater_and_lesser)
{
	static const struct binary_row table[] = {
		{fp_max, FP_32, RN, ONE, TWO, TWO, NONE},
		{fp_max, FP_32, RN, NEG(ONE), NEG(TWO), NEG(ONE), NONE},
		{fp_min, FP_32, RN, NEG(ONE), NEG(TWO), NEG(TWO), NONE},
		{fp_max, FP_32, RN, 0, NEG(0), 0, NONE},
		{fp_max, FP_32, RN, NEG(0), 0, 0, NONE},
		{fp_max, FP_32, RN, NEG(0), NEG(0), NEG(0), NONE},
		{fp_min, FP_32, RN, 0, NEG(0), NEG(0), NONE},
		{fp_min, FP_32, RN, NEG(0), 0, NEG(0), NONE},
		{fp_max, FP_32, RN, NEG(INF), MAX, MAX, NONE},
		{fp_min, FP_32, RN, NEG(INF), MAX, NEG(INF), NONE},
		{fp_max, FP_32, RN, TINY, 0, TINY, NONE},
		{fp_max, FP_32, FZ, TINY, NEG(ONE), 0, ID},
		{fp_min, FP_32, FZ, NEG(TINY), ONE, NEG(0), ID},
		{fp_max, FP_32, RN, ONE, Q2, Q2, NONE},
		{fp_max, FP_32, RN, Q1, S2, Q2, IO},
		{fp_max, FP_32, DN, ONE, NEG(Q2), NAN0, NONE},
		{fp_maxnum, FP_32, RN, ONE, Q2, ONE, NONE},
		{fp_maxnum, FP_32, RN, Q1, NEG(INF), NEG(INF), NONE},
		{fp_minnum, FP_32, RN, Q1, INF, INF, NONE},
		{fp_maxnum, FP_32, RN, Q1, Q2, Q1, NONE},
		{fp_maxnum, FP_32, RN, ONE, S2, Q2, IO},
		{fp_minnum, FP_32, RN, Q1, S2, Q2, IO},
		{fp_minnum, FP_32, RN, S1, ONE, Q1, IO},
		{fp_minnum, FP_32, RN, ONE, NEG(TWO), NEG(TWO), NONE},
		{fp_minnum, FP_32, FZ, Q1, TINY, 0, ID},
		{fp_max, FP_64, RN, ONE_D, 0xbff0000000000000, ONE_D, NONE},
		{fp_min, FP_64, RN, 0x8000000000000000, 0, 0x8000000000000000, NONE},
		{fp_max, FP_16, RN, 0x3c00, 0xbc00, 0x3c00, NONE},
	};

	CHECK_BINARY(table);
}

Test(fp, comparison_sets_nzcv_and_signals)
{
	static const struct {
		enum fp_format format;
		uint32_t fpcr;
		uint64_t op1, op2;
		unsigned nzcv;
		uint32_t quiet_flags, signal_flags;
	} table[] = {
		{FP_32, RN, ONE, ONE, 6, NONE, NONE},
		{FP_32, RN, ONE, TWO, 8, NONE, NONE},
		{FP_32, RN, TWO, ONE, 2, NONE, NONE},
		{FP_32, RN, NEG(TWO), NEG(ONE), 8, NONE, NONE},
		{FP_32, RN, NEG(ONE), ONE, 8, NONE, NONE},
		{FP_32, RN, 0, NEG(0), 6, NONE, NONE},
		{FP_32, RN, NEG(INF), NEG(MAX), 8, NONE, NONE},
		{FP_32, RN, TINY, 0, 2, NONE, NONE},
		{FP_32, FZ, TINY, 0, 6, ID, ID},
		{FP_32, RN, Q1, ONE, 3, NONE, IO},
		{FP_32, RN, ONE, Q1, 3, NONE, IO},
		{FP_32, RN, S1, Q2, 3, IO, IO},
		{FP_32, RN, Q1, S2, 3, IO, IO},
		{FP_32, FZ, Q1, TINY, 3, ID, IO | ID},
		{FP_64, RN, ONE_D, NAN0_D, 3, NONE, IO},
		{FP_64, RN, 0xfff0000000000000, 1, 8, NONE, NONE},
		{FP_16, RN, 0x3c00, 0x3c01, 8, NONE, NONE},
		{FP_16, FZ16, 0x0001, 0x8001, 6, NONE, NONE},
	};

	for (size_t row = 0; row < ROWS(table); row++) {
		enum fp_format format = table[row].format;
		uint64_t op1 = table[row].op1, op2 = table[row].op2;
		unsigned nzcv = table[row].nzcv;
		struct fp_env env = {table[row].fpcr, 0};

		check("FCMP", row, fp_compare(&env, format, op1, op2, false), &env, nzcv,
		      table[row].quiet_flags);
		env.fpsr = 0;
		check("FCMPE", row, fp_compare(&env, format, op1, op2, true), &env, nzcv,
		      table[row].signal_flags);
		env.fpsr = 0;
		check("FCMEQ", row, fp_compare_eq(&env, format, op1, op2), &env, nzcv == 6,
		      table[row].quiet_flags);
		env.fpsr = 0;
		check("FCMGE", row, fp_compare_ge(&env, format, op1, op2), &env,
		      nzcv == 6 || nzcv == 2, table[row].signal_flags);
		env.fpsr = 0;
		check("FCMGT", row, fp_compare_gt(&env, format, op1, op2), &env, nzcv == 2,
		      table[row].signal_flags);
	}
}

Test(fp, estimates_are_the_architectures)
{
	static const struct unary_row table[] = {
		{fp_recip_estimate, FP_32, RN, ONE, 0x3f7f8000, NONE},
		{fp_recip_estimate, FP_32, RN, NEG(TWO), 0xbeff8000, NONE},
		{fp_recip_estimate, FP_32, RN, 0x3fc00000, 0x3f2a8000, NONE},
		{fp_recip_estimate, FP_64, RN, ONE_D, 0x3feff00000000000, NONE},
		{fp_recip_estimate, FP_16, RN, 0x3c00, 0x3bfc, NONE},
		{fp_recip_estimate, FP_32, RN, 0, INF, DZ},
		{fp_recip_estimate, FP_32, RN, NEG(0), NEG(INF), DZ},
		{fp_recip_estimate, FP_32, FZ, NEG(TINY), NEG(INF), DZ | ID},
		{fp_recip_estimate, FP_32, RN, NEG(INF), NEG(0), NONE},
		{fp_recip_estimate, FP_32, RN, S1, Q1, IO},
		/* Below 2^-128 the reciprocal overflows; 2^-128 itself does not. */
		{fp_recip_estimate, FP_32, RN, TINY, INF, OFX},
		{fp_recip_estimate, FP_32, RZ, TINY, MAX, OFX},
		{fp_recip_estimate, FP_32, RP, NEG(TINY), NEG(MAX), OFX},
		{fp_recip_estimate, FP_32, RM, NEG(TINY), NEG(INF), OFX},
		{fp_recip_estimate, FP_32, RN, 0x001fffff, INF, OFX},
		{fp_recip_estimate, FP_32, RN, 0x00200000, 0x7f7f8000, NONE},
		{fp_recip_estimate, FP_32, RN, 0x00400000, 0x7eff8000, NONE},
		/* Of 2^126 it is denormal. */
		{fp_recip_estimate, FP_32, RN, 0x7e800000, 0x007fc000, NONE},
		{fp_recip_estimate, FP_32, RN, 0x7f000000, 0x003fe000, NONE},
		{fp_recip_estimate, FP_32, FZ, 0x7e800000, 0, UF},
		{fp_rsqrt_estimate, FP_32, RN, ONE, 0x3f7f8000, NONE},
		{fp_rsqrt_estimate, FP_32, RN, 0x40800000, 0x3eff8000, NONE},
		{fp_rsqrt_estimate, FP_32, RN, TWO, 0x3f348000, NONE},
		{fp_rsqrt_estimate, FP_64, RN, 0x4000000000000000, 0x3fe6900000000000, NONE},
		{fp_rsqrt_estimate, FP_32, RN, 0x00200000, 0x5f7f8000, NONE},
		{fp_rsqrt_estimate, FP_32, RN, 0, INF, DZ},
		{fp_rsqrt_estimate, FP_32, RN, NEG(0), NEG(INF), DZ},
		{fp_rsqrt_estimate, FP_32, RN, INF, 0, NONE},
		{fp_rsqrt_estimate, FP_32, RN, NEG(ONE), NAN0, IO},
		{fp_rsqrt_estimate, FP_32, RN, NEG(INF), NAN0, IO},
		{fp_rsqrt_estimate, FP_32, FZ, NEG(TINY), NEG(INF), DZ | ID},
		{fp_recpx, FP_32, RN, ONE, TWO, NONE},
		{fp_recpx, FP_32, RN, 0xbfc00000, NEG(TWO), NONE},
		{fp_recpx, FP_32, RN, 0, 0x7f000000, NONE},
		{fp_recpx, FP_32, RN, NEG(TINY), 0xff000000, NONE},
		{fp_recpx, FP_32, RN, INF, 0, NONE},
		{fp_recpx, FP_64, RN, ONE_D, 0x4000000000000000, NONE},
		{fp_recpx, FP_32, RN, S1, Q1, IO},
	};

	CHECK_UNARY(table);
	cr_expect(fp_unsigned_recip_estimate(0x80000000) == 0xff800000);
	cr_expect(fp_unsigned_recip_estimate(0xc0000000) == 0xaa800000);
	cr_expect(fp_unsigned_recip_estimate(0x7fffffff) == 0xffffffff);
	cr_expect(fp_unsigned_rsqrt_estimate(0x40000000) == 0xff800000);
	cr_expect(fp_unsigned_rsqrt_estimate(0x80000000) == 0xb4800000);
	cr_expect(fp_unsigned_rsqrt_estimate(0x3fffffff) == 0xffffffff);
}

Test(fp, newton_steps)
{
	static const struct binary_row table[] = {
		{fp_recip_step, FP_32, RN, ONE, ONE, ONE, NONE},
		{fp_recip_step, FP_32, RN, TWO, ONE, 0, NONE},
		{fp_recip_step, FP_32, RM, TWO, ONE, NEG(0), NONE},
		{fp_recip_step, FP_32, RN, INF, 0, TWO, NONE},
		{fp_recip_step, FP_32, RN, NEG(0), INF, TWO, NONE},
		{fp_recip_step, FP_32, RN, INF, ONE, NEG(INF), NONE},
		{fp_recip_step, FP_32, RP, TINY, NEG(TINY), 0x40000001, IX},
		/* The first operand is negated before all else, NaNs too. */
		{fp_recip_step, FP_32, RN, Q1, ONE, NEG(Q1), NONE},
		{fp_recip_step, FP_32, RN, ONE, Q2, Q2, NONE},
		{fp_rsqrt_step, FP_32, RN, ONE, ONE, ONE, NONE},
		{fp_rsqrt_step, FP_32, RN, 0, INF, 0x3fc00000, NONE},
		{fp_rsqrt_step, FP_32, RN, NEG(INF), ONE, INF, NONE},
		{fp_rsqrt_step, FP_32, RN, NEG(MAX), ONE, 0x7effffff, IX},
		/* (3 + MAX * (1 + 2^-23)) / 2: the division is before the rounding. */
		{fp_rsqrt_step, FP_32, RN, NEG(MAX), 0x3f800001, 0x7f000000, IX},
		{fp_rsqrt_step, FP_64, RN, 0, 0, 0x3ff8000000000000, NONE},
		{fp_rsqrt_step, FP_16, RN, 0x3c00, 0x3c00, 0x3c00, NONE},
	};

	CHECK_BINARY(table);
}

Test(fp, rounding_to_integral)
{
	static const struct {
		enum fp_format format;
		uint32_t fpcr;
		uint64_t op;
		enum fp_rounding rounding;
		bool exact;
		uint64_t expected;
		uint32_t flags;
	} table[] = {
		{FP_32, RN, 0x40200000, FP_ROUND_TIEEVEN, false, TWO, NONE}, /* 2.5 */
		{FP_32, RN, 0x40200000, FP_ROUND_POSINF, false, 0x40400000, NONE},
		{FP_32, RN, 0x40200000, FP_ROUND_NEGINF, false, TWO, NONE},
		{FP_32, RN, 0x40200000, FP_ROUND_ZERO, false, TWO, NONE},
		{FP_32, RN, 0x40200000, FP_ROUND_TIEAWAY, false, 0x40400000, NONE},
		{FP_32, RN, 0x40200000, FP_ROUND_TIEEVEN, true, TWO, IX},
		{FP_32, RN, 0x40400000, FP_ROUND_TIEEVEN, true, 0x40400000, NONE},
		{FP_32, RN, 0xc0200000, FP_ROUND_TIEEVEN, false, NEG(TWO), NONE},
		{FP_32, RN, 0xc0200000, FP_ROUND_POSINF, false, NEG(TWO), NONE},
		{FP_32, RN, 0xc0200000, FP_ROUND_NEGINF, false, 0xc0400000, NONE},
		{FP_32, RN, 0xc0200000, FP_ROUND_ZERO, false, NEG(TWO), NONE},
		{FP_32, RN, 0xc0200000, FP_ROUND_TIEAWAY, false, 0xc0400000, NONE},
		{FP_32, RN, 0x3fc00000, FP_ROUND_TIEEVEN, false, TWO, NONE}, /* 1.5 */
		{FP_32, RN, HALF, FP_ROUND_TIEEVEN, false, 0, NONE},
		{FP_32, RN, NEG(HALF), FP_ROUND_TIEEVEN, true, NEG(0), IX},
		{FP_32, RN, NEG(HALF), FP_ROUND_TIEAWAY, false, NEG(ONE), NONE},
		{FP_32, RN, 0x3effffff, FP_ROUND_TIEAWAY, false, 0, NONE},
		{FP_32, RN, TINY, FP_ROUND_POSINF, false, ONE, NONE},
		{FP_32, FZ, TINY, FP_ROUND_POSINF, true, 0, ID},
		{FP_32, RN, NEG(0), FP_ROUND_POSINF, true, NEG(0), NONE},
		{FP_32, RN, 0x4affffff, FP_ROUND_TIEEVEN, false, 0x4b000000, NONE},
		{FP_32, RN, MAX, FP_ROUND_POSINF, true, MAX, NONE},
		{FP_32, RN, NEG(INF), FP_ROUND_TIEEVEN, true, NEG(INF), NONE},
		{FP_32, RN, S1, FP_ROUND_TIEEVEN, false, Q1, IO},
		{FP_32, DN, Q1, FP_ROUND_TIEEVEN, false, NAN0, NONE},
		{FP_64, RN, 0x4004000000000000, FP_ROUND_TIEEVEN, true, 0x4000000000000000, IX},
		{FP_64, RN, 0x432fffffffffffff, FP_ROUND_POSINF, false, 0x4330000000000000, NONE},
		{FP_16, RN, 0x4100, FP_ROUND_TIEAWAY, false, 0x4200, NONE},
	};

	for (size_t row = 0; row < ROWS(table); row++) {
		struct fp_env env = {table[row].fpcr, 0};
		uint64_t result = fp_round_int(&env, table[row].format, table[row].op,
					       table[row].rounding, table[row].exact);

		check("integral", row, result, &env, table[row].expected, table[row].flags);
	}
}

Test(fp, conversion_to_integers_and_fixed_point)
{
	static const struct {
		enum fp_format format;
		uint32_t fpcr;
		uint64_t op;
		unsigned fbits;
		bool is_unsigned;
		enum fp_rounding rounding;
		unsigned width;
		uint64_t expected;
		uint32_t flags;
	} table[] = {
		{FP_32, RN, 0x40200000, 0, false, FP_ROUND_TIEEVEN, 32, 2, IX}, /* 2.5 */
		{FP_32, RN, 0x40200000, 0, false, FP_ROUND_POSINF, 32, 3, IX},
		{FP_32, RN, 0x40200000, 0, false, FP_ROUND_NEGINF, 32, 2, IX},
		{FP_32, RN, 0x40200000, 0, false, FP_ROUND_ZERO, 32, 2, IX},
		{FP_32, RN, 0x40200000, 0, false, FP_ROUND_TIEAWAY, 32, 3, IX},
		{FP_32, RN, 0xc0200000, 0, false, FP_ROUND_TIEAWAY, 32, 0xfffffffd, IX},
		{FP_32, RN, 0xc0200000, 0, false, FP_ROUND_ZERO, 64, UINT64_MAX - 1, IX},
		{FP_32, RN, 0xc0200000, 0, false, FP_ROUND_NEGINF, 64, UINT64_MAX - 2, IX},
		{FP_32, RN, NEG(ONE), 0, true, FP_ROUND_ZERO, 32, 0, IO},
		{FP_32, RN, NEG(HALF), 0, true, FP_ROUND_ZERO, 32, 0, IX},
		{FP_32, RN, NEG(HALF), 0, true, FP_ROUND_NEGINF, 32, 0, IO},
		{FP_32, RN, NEG(0), 0, true, FP_ROUND_NEGINF, 32, 0, NONE},
		{FP_32, RN, Q1, 0, false, FP_ROUND_ZERO, 32, 0, IO},
		{FP_32, RN, INF, 0, false, FP_ROUND_ZERO, 32, 0x7fffffff, IO},
		{FP_32, RN, NEG(INF), 0, false, FP_ROUND_ZERO, 32, 0x80000000, IO},
		{FP_32, RN, NEG(INF), 0, true, FP_ROUND_ZERO, 64, 0, IO},
		{FP_32, RN, 0x4effffff, 0, false, FP_ROUND_ZERO, 32, 0x7fffff80, NONE},
		{FP_32, RN, 0x4f000000, 0, false, FP_ROUND_ZERO, 32, 0x7fffffff, IO}, /* 2^31 */
		{FP_32, RN, 0x4f000000, 0, true, FP_ROUND_ZERO, 32, 0x80000000, NONE},
		{FP_32, RN, 0xcf000000, 0, false, FP_ROUND_ZERO, 32, 0x80000000, NONE},
		{FP_32, RN, 0xcf000001, 0, false, FP_ROUND_ZERO, 32, 0x80000000, IO},
		{FP_32, RN, 0x4f800000, 0, true, FP_ROUND_ZERO, 32, 0xffffffff, IO}, /* 2^32 */
		{FP_64, RN, 0x41dfffffffe00000, 0, false, FP_ROUND_TIEEVEN, 32, 0x7fffffff, IO},
		{FP_64, RN, 0x41dfffffffe00000, 0, false, FP_ROUND_ZERO, 32, 0x7fffffff, IX},
		{FP_64, RN, 0x43e0000000000000, 0, false, FP_ROUND_ZERO, 64, INT64_MAX, IO},
		{FP_64, RN, 0x43e0000000000000, 0, true, FP_ROUND_ZERO, 64, 1ULL << 63, NONE},
		{FP_64, RN, 0xc3e0000000000000, 0, false, FP_ROUND_ZERO, 64, 1ULL << 63, NONE},
		{FP_64, RN, 0x43f0000000000000, 0, true, FP_ROUND_ZERO, 64, UINT64_MAX, IO},
		{FP_64, RN, 0x7fefffffffffffff, 0, true, FP_ROUND_ZERO, 64, UINT64_MAX, IO},
		{FP_64, RN, 1, 0, true, FP_ROUND_POSINF, 64, 1, IX},
		{FP_64, FZ, 1, 0, true, FP_ROUND_POSINF, 64, 0, ID},
		/* Fixed point. */
		{FP_32, RN, 0x3fc00000, 16, false, FP_ROUND_ZERO, 32, 0x18000, NONE},
		{FP_32, RN, HALF, 32, true, FP_ROUND_ZERO, 32, 0x80000000, NONE},
		{FP_32, RN, HALF, 32, false, FP_ROUND_ZERO, 32, 0x7fffffff, IO},
		{FP_64, RN, 0x3fe0000000000000, 64, true, FP_ROUND_ZERO, 64, 1ULL << 63, NONE},
		{FP_64, RN, 0x3bf0000000000001, 64, true, FP_ROUND_ZERO, 64, 1, IX}, /* 2^-64 */
		{FP_16, RN, 0x7bff, 0, false, FP_ROUND_ZERO, 16, 0x7fff, IO},
		{FP_16, RN, 0xfbff, 0, false, FP_ROUND_ZERO, 32, 0xffff0020, NONE},
	};

	for (size_t row = 0; row < ROWS(table); row++) {
		struct fp_env env = {table[row].fpcr, 0};
		uint64_t result =
			fp_to_fixed(&env, table[row].format, table[row].op, table[row].fbits,
				    table[row].is_unsigned, table[row].rounding, table[row].width);

		check("to_fixed", row, result, &env, table[row].expected, table[row].flags);
	}
}

Test(fp, conversion_from_integers_and_fixed_point)
{
	static const struct {
		enum fp_format format;
		uint64_t op;
		unsigned fbits;
		bool is_unsigned;
		enum fp_rounding rounding;
		uint64_t expected;
		uint32_t flags;
	} table[] = {
		{FP_32, 0, 0, false, FP_ROUND_NEGINF, 0, NONE},
		{FP_32, 1, 0, false, FP_ROUND_TIEEVEN, ONE, NONE},
		{FP_32, UINT64_MAX, 0, false, FP_ROUND_TIEEVEN, NEG(ONE), NONE},
		{FP_32, 0x1000001, 0, false, FP_ROUND_TIEEVEN, 0x4b800000, IX}, /* 2^24 + 1 */
		{FP_32, 0x1000001, 0, false, FP_ROUND_POSINF, 0x4b800001, IX},
		{FP_32, 0x1000001, 0, false, FP_ROUND_NEGINF, 0x4b800000, IX},
		{FP_32, 0x1000003, 0, false, FP_ROUND_TIEEVEN, 0x4b800002, IX},
		{FP_32, UINT64_MAX, 0, true, FP_ROUND_TIEEVEN, 0x5f800000, IX},
		{FP_32, UINT64_MAX, 0, true, FP_ROUND_ZERO, 0x5f7fffff, IX},
		{FP_32, 1ULL << 63, 0, false, FP_ROUND_TIEEVEN, 0xdf000000, NONE},
		{FP_32, 1ULL << 63, 0, true, FP_ROUND_TIEEVEN, 0x5f000000, NONE},
		{FP_64, UINT64_MAX, 0, true, FP_ROUND_TIEEVEN, 0x43f0000000000000, IX},
		{FP_64, INT64_MAX, 0, false, FP_ROUND_ZERO, 0x43dfffffffffffff, IX},
		{FP_32, 1, 64, true, FP_ROUND_TIEEVEN, 0x1f800000, NONE},
		{FP_32, 3, 1, false, FP_ROUND_TIEEVEN, 0x3fc00000, NONE},
		{FP_16, 65504, 0, true, FP_ROUND_TIEEVEN, 0x7bff, NONE},
		{FP_16, 65520, 0, true, FP_ROUND_TIEEVEN, 0x7c00, OFX},
		{FP_16, 1ULL << 40, 0, true, FP_ROUND_ZERO, 0x7bff, OFX},
		{FP_16, 1, 25, true, FP_ROUND_TIEEVEN, 0, UFX},
	};

	for (size_t row = 0; row < ROWS(table); row++) {
		struct fp_env env = {0, 0};
		uint64_t result =
			fp_from_fixed(&env, table[row].format, table[row].op, table[row].fbits,
				      table[row].is_unsigned, table[row].rounding);

		check("from_fixed", row, result, &env, table[row].expected, table[row].flags);
	}
}

Test(fp, conversion_between_formats)
{
	static const struct {
		enum fp_format to, from;
		uint32_t fpcr;
		uint64_t op;
		enum fp_rounding rounding;
		uint64_t expected;
		uint32_t flags;
	} table[] = {
		{FP_64, FP_32, RN, 0xbfc00000, FP_ROUND_TIEEVEN, 0xbff8000000000000, NONE},
		{FP_64, FP_32, RN, TINY, FP_ROUND_TIEEVEN, 0x36a0000000000000, NONE},
		{FP_64, FP_32, FZ, NEG(TINY), FP_ROUND_TIEEVEN, 1ULL << 63, ID},
		{FP_64, FP_32, RN, NEG(INF), FP_ROUND_TIEEVEN, 0xfff0000000000000, NONE},
		{FP_64, FP_32, RN, NEG(S1), FP_ROUND_TIEEVEN, 0xfff8000020000000, IO},
		{FP_64, FP_32, DN, NEG(Q1), FP_ROUND_TIEEVEN, NAN0_D, NONE},
		{FP_32, FP_64, RN, 0x3ff0000010000000, FP_ROUND_TIEEVEN, ONE, IX},
		{FP_32, FP_64, RN, 0x3ff0000010000000, FP_ROUND_POSINF, ONE + 1, IX},
		{FP_32, FP_64, RN, 0x3ff0000010000000, FP_ROUND_NEGINF, ONE, IX},
		{FP_32, FP_64, RN, 0xbff0000010000000, FP_ROUND_NEGINF, NEG(ONE) + 1, IX},
		{FP_32, FP_64, RN, 0x3ff0000010000000, FP_ROUND_ZERO, ONE, IX},
		{FP_32, FP_64, RN, 0x7fefffffffffffff, FP_ROUND_TIEEVEN, INF, OFX},
		{FP_32, FP_64, RN, 0x7fefffffffffffff, FP_ROUND_ZERO, MAX, OFX},
		{FP_32, FP_64, RN, 0x36a0000000000000, FP_ROUND_TIEEVEN, TINY, NONE},
		{FP_32, FP_64, FZ, 0x36a0000000000000, FP_ROUND_TIEEVEN, 0, UF},
		{FP_32, FP_64, FZ, 1, FP_ROUND_TIEEVEN, 0, ID},
		{FP_32, FP_64, RN, 0x7ff8000020000001, FP_ROUND_TIEEVEN, Q1, NONE},
		/* To odd (FCVTXN): inexactness sets the last bit, overflow is the largest. */
		{FP_32, FP_64, RN, ONE_D + 1, FP_ROUND_ODD, ONE + 1, IX},
		{FP_32, FP_64, RN, 0x3ff0000030000000, FP_ROUND_ODD, ONE + 1, IX},
		{FP_32, FP_64, RN, 0x3ff0000040000000, FP_ROUND_ODD, ONE + 2, NONE},
		{FP_32, FP_64, RN, 0x7fefffffffffffff, FP_ROUND_ODD, MAX, OFX},
		{FP_32, FP_64, RN, 1, FP_ROUND_ODD, TINY, UFX},
		/* Half precision; 65504 is its largest number. */
		{FP_16, FP_32, RN, 0x477fe000, FP_ROUND_TIEEVEN, 0x7bff, NONE},
		{FP_16, FP_32, RN, 0x477ff000, FP_ROUND_TIEEVEN, 0x7c00, OFX},
		{FP_16, FP_32, RN, 0x477ff000, FP_ROUND_ZERO, 0x7bff, IX},
		{FP_16, FP_32, RN, 0x33800000, FP_ROUND_TIEEVEN, 0x0001, NONE},
		{FP_16, FP_32, FZ | FZ16, 0x33800000, FP_ROUND_TIEEVEN, 0x0001, NONE},
		{FP_16, FP_64, RN, 0x3e60000000000000, FP_ROUND_TIEEVEN, 0, UFX},
		{FP_16, FP_32, RN, 0xffc02000, FP_ROUND_TIEEVEN, 0xfe01, NONE},
		{FP_32, FP_16, RN, 0x3c00, FP_ROUND_TIEEVEN, ONE, NONE},
		{FP_32, FP_16, FZ | FZ16, 0x0001, FP_ROUND_TIEEVEN, 0x33800000, NONE},
		{FP_32, FP_16, RN, 0x7c00, FP_ROUND_TIEEVEN, INF, NONE},
		{FP_32, FP_16, RN, 0x7c01, FP_ROUND_TIEEVEN, 0x7fc02000, IO},
		{FP_64, FP_16, RN, 0xfe01, FP_ROUND_TIEEVEN, 0xfff8040000000000, NONE},
		/* The alternative half precision has larger numbers instead of infinity and NaN. */
		{FP_16, FP_32, AHP, 0x47800000, FP_ROUND_TIEEVEN, 0x7c00, NONE},
		{FP_16, FP_32, AHP, 0x47ffe000, FP_ROUND_TIEEVEN, 0x7fff, NONE},
		{FP_16, FP_32, AHP, 0x48000000, FP_ROUND_TIEEVEN, 0x7fff, IO},
		{FP_16, FP_32, AHP, NEG(INF), FP_ROUND_TIEEVEN, 0xffff, IO},
		{FP_16, FP_32, AHP, NEG(Q1), FP_ROUND_TIEEVEN, 0x8000, IO},
		{FP_32, FP_16, AHP, 0x7c00, FP_ROUND_TIEEVEN, 0x47800000, NONE},
		{FP_32, FP_16, AHP, 0xffff, FP_ROUND_TIEEVEN, 0xc7ffe000, NONE},
	};

	for (size_t row = 0; row < ROWS(table); row++) {
		struct fp_env env = {table[row].fpcr, 0};
		uint64_t result = fp_convert(&env, table[row].to, table[row].from, table[row].op,
					     table[row].rounding);

		check("convert", row, result, &env, table[row].expected, table[row].flags);
	}
}

Test(fp, immediates)
{
	cr_expect(fp_expand_immediate(FP_32, 0x70) == ONE);
	cr_expect(fp_expand_immediate(FP_64, 0x70) == ONE_D);
	cr_expect(fp_expand_immediate(FP_16, 0x70) == 0x3c00);
	cr_expect(fp_expand_immediate(FP_32, 0x00) == TWO);
	cr_expect(fp_expand_immediate(FP_32, 0xff) == 0xbff80000);	   /* -1.9375 */
	cr_expect(fp_expand_immediate(FP_64, 0x3f) == 0x403f000000000000); /* 31 */
	cr_expect(fp_expand_immediate(FP_64, 0x40) == 0x3fc0000000000000); /* 0.125 */
}

Test(fp, sign_operations_know_no_nan)
{
	struct fp_env env = {DN | FZ, 0};

	cr_expect(fp_abs(&env, FP_32, NEG(S1)) == S1);
	cr_expect(fp_neg(&env, FP_32, S1) == NEG(S1));
	cr_expect(fp_neg(&env, FP_64, 1) == (1ULL << 63 | 1));
	cr_expect(env.fpsr == 0);
}

/* xorshift64*: the same operands at every run. */
static uint64_t next_random(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1d;
}

/* Any bits, of which half have an exponent near the middle or near the ends. */
static uint64_t random_operand(uint64_t *state, enum fp_format format)
{
	uint64_t bits = next_random(state), near = next_random(state),
		 fraction = format == FP_64 ? 52 : 23;
	uint64_t top = fp_infinity_bits(format) >> fraction, exponent;

	if (format == FP_32)
		bits &= UINT32_MAX;
	switch (near & 7) {
	case 0:
	case 1: exponent = top / 2 + (near >> 3 & 15) - 8; break;
	case 2: exponent = near >> 3 & 3; break;
	case 3: exponent = top - (near >> 3 & 3); break;
	default: return bits;
	}
	return (bits & ~fp_infinity_bits(format)) | exponent << fraction;
}

/* Operation n of six. */
static uint64_t compute(size_t n, struct fp_env *env, enum fp_format format, uint64_t a, uint64_t b,
			uint64_t c)
{
	static fp_binary *const binary[] = {fp_add, fp_sub, fp_mul, fp_div};

	if (n < ROWS(binary))
		return binary[n](env, format, a, b);
	return n == ROWS(binary) ? fp_sqrt(env, format, a) : fp_muladd(env, format, c, a, b);
}

/*
 * With FPSR.IXC set the host may compute; with it clear, the exact way must. Same bits, same flags.
 */
Test(fp, the_hosts_arithmetic_is_the_exact_one)
{
	uint64_t state = 20261122;
	size_t round, n;

	for (round = 0; round < 200000; round++) {
		enum fp_format format = round & 1 ? FP_64 : FP_32;
		uint64_t a = random_operand(&state, format), b = random_operand(&state, format);
		uint64_t c = random_operand(&state, format);

		for (n = 0; n < 6; n++) {
			struct fp_env slow = {0, 0}, host = {0, FPSR_IXC};
			uint64_t exact = compute(n, &slow, format, a, b, c);
			uint64_t fast = compute(n, &host, format, a, b, c);

			cr_assert(exact == fast && (slow.fpsr | FPSR_IXC) == host.fpsr,
				  "operation %zu of %#lx, %#lx, %#lx", n, (unsigned long)a,
				  (unsigned long)b, (unsigned long)c);
		}
	}
}
