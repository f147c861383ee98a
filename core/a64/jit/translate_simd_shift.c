/*
 * AdvSIMD shifts by an immediate (core/a64/exec_simd_two.c): ra is the element's size, rm the amount.
 */
#include "core/a64/jit/simd.h"

#define SIGNED	   1u
#define ROUNDING   2u
#define ACCUMULATE 4u

/* ---- Bytes, for which the host has no shifts ---- */

/* As words, without what came in from the byte beside it. */
static void shift_bytes(struct translator *t, enum sse_shift shift, int n, unsigned by)
{
	jit_vones(t, XMM1);
	jit_vshift(t, PSHIFTW, shift, XMM1, XMM1, 8 + by);
	if (shift == SHIFT_LEFT)
		jit_vshift(t, PSHIFTW, SHIFT_RIGHT, XMM1, XMM1, 8);
	jit_v3(t, PACKUSWB, XMM1, XMM1, rm_reg(XMM1));
	jit_vshift(t, PSHIFTW, shift, XMM0, n, by);
	jit_v3(t, PAND, XMM0, XMM0, rm_reg(XMM1));
}

/* As the upper bytes of words. */
static void shift_bytes_signed(struct translator *t, int n, unsigned by)
{
	jit_v3(t, PUNPCKHBW, XMM1, n, rm_reg(n));
	jit_v3(t, PUNPCKLBW, XMM0, n, rm_reg(n));
	jit_vshift(t, PSHIFTW, SHIFT_RIGHT_SIGNED, XMM1, XMM1, 8 + by);
	jit_vshift(t, PSHIFTW, SHIFT_RIGHT_SIGNED, XMM0, XMM0, 8 + by);
	jit_v3(t, PACKSSWB, XMM0, XMM0, rm_reg(XMM1));
}

/* Doublewords have no signed shift either: what comes in is made of the sign. */
static void shift_doublewords_signed(struct translator *t, int n, unsigned by)
{
	jit_vzero(t, XMM1);
	jit_v3(t, PCMPGTQ, XMM1, XMM1, rm_reg(n));
	jit_vshift(t, PSHIFTQ, SHIFT_LEFT, XMM1, XMM1, 64 - by);
	jit_vshift(t, PSHIFTQ, SHIFT_RIGHT, XMM0, n, by);
	jit_v3(t, POR, XMM0, XMM0, rm_reg(XMM1));
}

/* ---- Right ---- */

/* To XMM0; changes XMM1. The amount may be all of the element's bits. */
static void shift_right(struct translator *t, unsigned size, bool is_signed, int n, unsigned by)
{
	if (size == SIZE_B && is_signed)
		shift_bytes_signed(t, n, by);
	else if (size == SIZE_B)
		shift_bytes(t, SHIFT_RIGHT, n, by);
	else if (size == SIZE_D && is_signed)
		shift_doublewords_signed(t, n, by);
	else
		jit_vshift(t, jit_pshift(size), is_signed ? SHIFT_RIGHT_SIGNED : SHIFT_RIGHT, XMM0,
			   n, by);
}

/* Rounding adds the last bit that is shifted out. */
static void emit_right(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	unsigned size = i->ra & 3, bits = jit_size_bits(size), arg = item->info->arg;
	int n;

	jit_check_fp(t, item);
	n = jit_simd_source(t, item, i->rn, XMM2);
	shift_right(t, size, arg & SIGNED, n, i->rm);
	if (arg & ROUNDING) {
		jit_vshift(t, jit_pshift(size), SHIFT_LEFT, XMM1, n, bits - i->rm);
		jit_vshift(t, jit_pshift(size), SHIFT_RIGHT, XMM1, XMM1, bits - 1);
		jit_v3(t, jit_packed[P_ADD][size], XMM0, XMM0, rm_reg(XMM1));
	}
	if (arg & ACCUMULATE)
		jit_v3(t, jit_packed[P_ADD][size], XMM0, XMM0, jit_simd_rm(t, item, i->rd));
	jit_simd_done(t, item, XMM0);
	jit_slow_back(t, item);
}

/* ---- Left ---- */

static void emit_left(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	unsigned size = i->ra & 3;
	int n;

	jit_check_fp(t, item);
	n = jit_simd_source(t, item, i->rn, XMM2);
	if (size == SIZE_B)
		shift_bytes(t, SHIFT_LEFT, n, i->rm);
	else
		jit_vshift(t, jit_pshift(size), SHIFT_LEFT, XMM0, n, i->rm);
	jit_simd_done(t, item, XMM0);
	jit_slow_back(t, item);
}

/* ---- Insertion: the bits that a shift leaves free are the destination's; arg: the shift ---- */

static void emit_insert(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	enum sse_shift shift = item->info->arg;
	enum sse_shift back = shift == SHIFT_LEFT ? SHIFT_RIGHT : SHIFT_LEFT;
	unsigned size = i->ra & 3, op = jit_pshift(size), kept = jit_size_bits(size) - i->rm;

	jit_check_fp(t, item);
	jit_vshift(t, op, shift, XMM1, jit_simd_source(t, item, i->rd, XMM1), kept);
	jit_vshift(t, op, back, XMM1, XMM1, kept);
	jit_vshift(t, op, shift, XMM0, jit_simd_source(t, item, i->rn, XMM0), i->rm);
	jit_v3(t, POR, XMM0, XMM0, rm_reg(XMM1));
	jit_simd_done(t, item, XMM0);
	jit_slow_back(t, item);
}

/* ---- The table ---- */

const struct jit_op jit_simd_shift_ops[A64_OPS] = {
	SIMD_BOTH(USHR, emit_right, V_N, 0, NULL),
	SIMD_BOTH(SSHR, emit_right, V_N, SIGNED, NULL),
	SIMD_BOTH(USRA, emit_right, V_DN, ACCUMULATE, NULL),
	SIMD_BOTH(SSRA, emit_right, V_DN, SIGNED | ACCUMULATE, NULL),
	SIMD_BOTH(URSHR, emit_right, V_N, ROUNDING, jit_from_h),
	SIMD_BOTH(SRSHR, emit_right, V_N, SIGNED | ROUNDING, jit_from_h),
	SIMD_BOTH(URSRA, emit_right, V_DN, ROUNDING | ACCUMULATE, jit_from_h),
	SIMD_BOTH(SRSRA, emit_right, V_DN, SIGNED | ROUNDING | ACCUMULATE, jit_from_h),
	SIMD_BOTH(SHL, emit_left, V_N, 0, NULL),
	SIMD_BOTH(SLI, emit_insert, V_DN, SHIFT_LEFT, jit_from_h),
	SIMD_BOTH(SRI, emit_insert, V_DN, SHIFT_RIGHT, jit_from_h),
};
