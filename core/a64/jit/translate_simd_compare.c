/*
 * AdvSIMD comparisons of integers: each element becomes all ones or all zeros.
 */
#include "core/a64/jit/simd.h"

static void invert(struct translator *t, int reg, int scratch)
{
	jit_vones(t, scratch);
	jit_v3(t, PXOR, reg, reg, rm_reg(scratch));
}

/* n >= m where the greater (P_MAX_...) is n; n > m where the less is not n. */
static void compare_by_extreme(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	unsigned size = jit_simd_size(item);

	jit_v3(t, jit_simd_op(item), XMM0, jit_simd_source(t, item, i->rn, XMM0),
	       jit_simd_rm(t, item, i->rm));
	jit_v3(t, jit_packed[P_EQUAL][size], XMM0, XMM0, jit_simd_rm(t, item, i->rn));
}

/* n > m of doublewords; unsigned: with the signs turned. */
static void compare_doublewords(struct translator *t, unsigned n, unsigned m, bool is_unsigned)
{
	jit_vector_load(t, XMM0, n);
	if (is_unsigned) {
		jit_vector_load(t, XMM1, m);
		jit_v3(t, PXOR, XMM0, XMM0, jit_constant(t, CONSTANT_SIGN_D));
		jit_v3(t, PXOR, XMM1, XMM1, jit_constant(t, CONSTANT_SIGN_D));
		jit_v3(t, PCMPGTQ, XMM0, XMM0, rm_reg(XMM1));
	} else {
		jit_v3(t, PCMPGTQ, XMM0, XMM0, jit_vector_rm(t, m));
	}
}

/* CMGE, CMHS: not m > n. */
static void emit_at_least(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;

	jit_check_fp(t, item);
	if (jit_simd_size(item) < SIZE_D) {
		compare_by_extreme(t, item);
	} else {
		compare_doublewords(t, i->rm, i->rn, SIMD_PACKED(item) == P_MAX_UNSIGNED);
		invert(t, XMM0, XMM1);
	}
	jit_simd_done(t, item, XMM0);
	jit_slow_back(t, item);
}

static void emit_higher(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;

	jit_check_fp(t, item);
	if (jit_simd_size(item) < SIZE_D) {
		compare_by_extreme(t, item);
		invert(t, XMM0, XMM1);
	} else {
		compare_doublewords(t, i->rn, i->rm, true);
	}
	jit_simd_done(t, item, XMM0);
	jit_slow_back(t, item);
}

static void emit_test_bits(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;

	jit_check_fp(t, item);
	jit_v3(t, PAND, XMM0, jit_simd_source(t, item, i->rn, XMM0), jit_simd_rm(t, item, i->rm));
	jit_vzero(t, XMM1);
	jit_v3(t, jit_simd_op(item), XMM0, XMM0, rm_reg(XMM1));
	invert(t, XMM0, XMM1);
	jit_simd_done(t, item, XMM0);
	jit_slow_back(t, item);
}

/* With zero, which is the first operand of the host's comparison or the second. */
#define ZERO_FIRST  1u
#define ZERO_INVERT 2u

static void emit_compare_zero(struct translator *t, const struct jit_item *item)
{
	struct x86_rm n = jit_simd_rm(t, item, item->insn.rn);

	jit_check_fp(t, item);
	jit_vzero(t, XMM0);
	if (SIMD_MORE(item) & ZERO_FIRST)
		jit_v3(t, jit_simd_op(item), XMM0, XMM0, n);
	else
		jit_v3(t, jit_simd_op(item), XMM0, jit_simd_source(t, item, item->insn.rn, XMM1),
		       rm_reg(XMM0));
	if (SIMD_MORE(item) & ZERO_INVERT)
		invert(t, XMM0, XMM1);
	jit_simd_done(t, item, XMM0);
	jit_slow_back(t, item);
}

/* ---- The table ---- */

const struct jit_op jit_simd_compare_ops[A64_OPS] = {
	SIMD_BOTH(CMGE, emit_at_least, V_NM, SIMD_ARG(P_MAX_SIGNED, 0), NULL),
	SIMD_BOTH(CMHS, emit_at_least, V_NM, SIMD_ARG(P_MAX_UNSIGNED, 0), NULL),
	SIMD_BOTH(CMHI, emit_higher, V_NM, SIMD_ARG(P_MIN_UNSIGNED, 0), NULL),
	SIMD_BOTH(CMTST, emit_test_bits, V_NM, SIMD_ARG(P_EQUAL, 0), NULL),
	SIMD_BOTH(CMEQ_zero, emit_compare_zero, V_N, SIMD_ARG(P_EQUAL, ZERO_FIRST), NULL),
	SIMD_BOTH(CMGT_zero, emit_compare_zero, V_N, SIMD_ARG(P_GREATER, 0), NULL),
	SIMD_BOTH(CMLE_zero, emit_compare_zero, V_N, SIMD_ARG(P_GREATER, ZERO_INVERT), NULL),
	SIMD_BOTH(CMLT_zero, emit_compare_zero, V_N, SIMD_ARG(P_GREATER, ZERO_FIRST), NULL),
	SIMD_BOTH(CMGE_zero, emit_compare_zero, V_N, SIMD_ARG(P_GREATER, ZERO_FIRST | ZERO_INVERT),
		  NULL),
};
