/*
 * AdvSIMD floating point: to integral numbers, to and from integers, between single and double
 * precision. How the host's arithmetic is used is in translate_fp.c.
 */
#include "core/a64/jit/simd_fp.h"

/* ---- Rounding ---- */

/* FRINTN and others; arg: the operand of ROUNDPS. */
static void emit_round(struct translator *t, const struct jit_item *item)
{
	unsigned size = LANE_SIZE(item);

	jit_check_fp(t, item);
	jit_lanes_load(t, item, XMM0, item->insn.rn);
	jit_v2_imm(t, size == SIZE_D ? ROUNDPD : ROUNDPS, XMM0, rm_reg(XMM0), item->info->arg);
	jit_lanes_check_unordered(t, item, size, XMM0, XMM0);
	jit_vector_store(t, item->insn.rd, XMM0);
	jit_slow_back(t, item);
}

static void emit_round_away(struct translator *t, const struct jit_item *item)
{
	unsigned size = LANE_SIZE(item);

	jit_check_fp(t, item);
	jit_check_inexact(t, item);
	jit_lanes_load(t, item, XMM0, item->insn.rn);
	jit_add_half(t, size, jit_packed_fp(FP_ADD, size));
	jit_v2_imm(t, size == SIZE_D ? ROUNDPD : ROUNDPS, XMM0, rm_reg(XMM0),
		   ROUND_ZERO | ROUND_QUIET);
	jit_lanes_check_unordered(t, item, size, XMM0, XMM0);
	jit_lanes_store(t, item, XMM0);
	jit_slow_back(t, item);
}

/* ---- Conversions ---- */

/* SCVTF, UCVTF; arg: the latter, translated for what is positive as a signed number. */
static void emit_from_integers(struct translator *t, const struct jit_item *item)
{
	struct code *c = &t->code;
	unsigned n = item->insn.rn;

	jit_check_fp(t, item);
	jit_lanes_load(t, item, XMM0, n);
	if (item->info->arg)
		jit_lanes_check_mask(t, item, LANE_SIZE(item), XMM0);
	if (LANE_SIZE(item) == SIZE_S) {
		jit_v2(t, CVTDQ2PS, XMM0, rm_reg(XMM0));
	} else {
		for (unsigned lane = 0; lane < 2; lane++) {
			int to = lane ? XMM1 : XMM0;

			jit_vector_extract(t, SIZE_D, RAX, n, lane, false, true);
			jit_vzero(t, to);
			emit_rm(c, CVTSI2SD, true, to, rm_reg(RAX));
		}
		jit_v3(t, PUNPCKLQDQ, XMM0, XMM0, rm_reg(XMM1));
	}
	jit_vector_store(t, item->insn.rd, XMM0);
	jit_slow_back(t, item);
}

static bool is_single(const struct jit_host *host, const struct a64_insn *i)
{
	(void)host;
	return fp_shape_format(i->ra) == FP_32;
}

/* FCVTZS and others; arg: the direction. What does not fit, and the least number, becomes the least. */
static void emit_to_integers(struct translator *t, const struct jit_item *item)
{
	enum fp_round round = item->info->arg;

	jit_check_fp(t, item);
	if (round != ROUND_ZERO)
		jit_check_inexact(t, item);
	jit_lanes_load(t, item, XMM0, item->insn.rn);
	if (round == ROUND_AWAY)
		jit_add_half(t, SIZE_S, jit_packed_fp(FP_ADD, SIZE_S));
	else if (round != ROUND_ZERO)
		jit_v2_imm(t, ROUNDPS, XMM0, rm_reg(XMM0), round | ROUND_QUIET);
	jit_v2(t, CVTTPS2DQ, XMM0, rm_reg(XMM0));
	jit_v3(t, PCMPEQD, XMM1, XMM0, jit_constant(t, CONSTANT_SIGN_S));
	jit_lanes_check_mask(t, item, SIZE_S, XMM1);
	jit_vector_store(t, item->insn.rd, XMM0);
	jit_slow_back(t, item);
}

/* FCVTL, FCVTN between single and double: imm is which half is the narrow one. */
static bool is_from_single(const struct jit_host *host, const struct a64_insn *i)
{
	(void)host;
	return i->ra == FP_32;
}

static void emit_widen_lanes(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;

	jit_check_fp(t, item);
	jit_vector_load_half(t, XMM0, i->rn, (unsigned)i->imm);
	jit_v2(t, CVTPS2PD, XMM0, rm_reg(XMM0));
	jit_lanes_check_unordered(t, item, SIZE_D, XMM0, XMM0);
	jit_vector_store(t, i->rd, XMM0);
	jit_slow_back(t, item);
}

static void emit_narrow_lanes(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;

	jit_check_fp(t, item);
	jit_v2(t, CVTPD2PS, XMM0, jit_vector_rm(t, i->rn));
	jit_lanes_check_results(t, item, SIZE_S);
	if (i->imm) {
		jit_v3(t, PUNPCKLQDQ, XMM1, jit_vector_source(t, i->rd, XMM1), rm_reg(XMM0));
		jit_vmov(t, XMM0, XMM1);
	}
	jit_vector_store(t, i->rd, XMM0);
	jit_slow_back(t, item);
}

/* ---- The table ---- */

#define VECTOR(name, emitter, arg, inlined) [A64_OP_##name##_vector] = {emitter, F_N, arg, inlined}

const struct jit_op jit_simd_fp_convert_ops[A64_OPS] = {
	VECTOR(FRINTN, emit_round, ROUND_NEAREST | ROUND_QUIET, NULL),
	VECTOR(FRINTM, emit_round, ROUND_DOWN | ROUND_QUIET, NULL),
	VECTOR(FRINTP, emit_round, ROUND_UP | ROUND_QUIET, NULL),
	VECTOR(FRINTZ, emit_round, ROUND_ZERO | ROUND_QUIET, NULL),
	VECTOR(FRINTI, emit_round, ROUND_NEAREST | ROUND_QUIET, NULL),
	VECTOR(FRINTX, emit_round, ROUND_NEAREST, NULL),
	VECTOR(FRINTA, emit_round_away, 0, NULL),
	VECTOR(SCVTF, emit_from_integers, 0, NULL),
	VECTOR(UCVTF, emit_from_integers, 1, NULL),
	VECTOR(FCVTNS, emit_to_integers, ROUND_NEAREST, is_single),
	VECTOR(FCVTMS, emit_to_integers, ROUND_DOWN, is_single),
	VECTOR(FCVTPS, emit_to_integers, ROUND_UP, is_single),
	VECTOR(FCVTZS, emit_to_integers, ROUND_ZERO, is_single),
	VECTOR(FCVTAS, emit_to_integers, ROUND_AWAY, is_single),
	[A64_OP_FCVTL] = {emit_widen_lanes, F_N, 0, is_from_single},
	[A64_OP_FCVTN] = {emit_narrow_lanes, F_DN, 0, is_from_single},
};
