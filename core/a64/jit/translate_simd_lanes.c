/*
 * AdvSIMD instructions among the elements of a vector: of pairs, across all of them, and on the bits of
 * bytes; and RBIT of general registers, which is done likewise.
 */
#include "core/a64/jit/simd.h"

/* ---- Pairs ---- */

/* The even elements of Vm:Vn and the odd ones, and what the instruction does with them. */
static void emit_pairs(struct translator *t, const struct jit_item *item)
{
	jit_check_fp(t, item);
	jit_unzip(t, item, jit_simd_size(item), XMM0, false);
	jit_unzip(t, item, jit_simd_size(item), XMM2, true);
	jit_v3(t, jit_simd_op(item), XMM0, XMM0, rm_reg(XMM2));
	jit_simd_done(t, item, XMM0);
	jit_slow_back(t, item);
}

static void emit_add_pairs(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	unsigned op = jit_simd_size(item) == SIZE_H ? PHADDW : PHADDD;

	jit_check_fp(t, item);
	jit_vector_load(t, XMM0, i->rn);
	if (jit_is_whole(item)) {
		jit_v3(t, op, XMM0, XMM0, jit_vector_rm(t, i->rm));
	} else {
		jit_v3(t, PUNPCKLQDQ, XMM0, XMM0, jit_vector_rm(t, i->rm));
		jit_v3(t, op, XMM0, XMM0, rm_reg(XMM0));
	}
	jit_simd_done(t, item, XMM0);
	jit_slow_back(t, item);
}

static void emit_add_pair(struct translator *t, const struct jit_item *item)
{
	jit_check_fp(t, item);
	jit_v2_imm(t, PSHUFD, XMM0, jit_vector_rm(t, item->insn.rn), 0xee);
	jit_v3(t, PADDQ, XMM0, XMM0, jit_vector_rm(t, item->insn.rn));
	jit_vector_store_low(t, item->insn.rd, XMM0, 8);
	jit_slow_back(t, item);
}

/* ---- Across lanes: imm is the number of elements ---- */

/* Fold all of XMM0 into its lowest element. */
static void fold(struct translator *t, unsigned op, unsigned size)
{
	jit_v2_imm(t, PSHUFD, XMM1, rm_reg(XMM0), 0x4e);
	jit_v3(t, op, XMM0, XMM0, rm_reg(XMM1));
	jit_v2_imm(t, PSHUFD, XMM1, rm_reg(XMM0), 0xb1);
	jit_v3(t, op, XMM0, XMM0, rm_reg(XMM1));
	if (size <= SIZE_H) {
		jit_v2_imm(t, PSHUFLW, XMM1, rm_reg(XMM0), 0xb1);
		jit_v3(t, op, XMM0, XMM0, rm_reg(XMM1));
	}
	if (size == SIZE_B) {
		jit_vshift(t, PSHIFTW, SHIFT_RIGHT, XMM1, XMM0, 8);
		jit_v3(t, op, XMM0, XMM0, rm_reg(XMM1));
	}
}

/* Store the lowest element of XMM0 alone. */
static void store_lowest(struct translator *t, unsigned size, unsigned v)
{
	struct code *c = &t->code;

	emit_rm(c, MOVD_STORE, false, XMM0, rm_reg(RAX));
	if (size < SIZE_S)
		emit_op(c, size == SIZE_B ? 0x1b6 : 0x1b7, false, true, RAX, rm_reg(RAX));
	emit_rm(c, MOVD, false, XMM0, rm_reg(RAX));
	jit_vector_store(t, v, XMM0);
}

static bool is_half_source(const struct jit_item *item)
{
	return item->insn.uimm << (item->insn.ra & 3) == 8;
}

/* Maximum and minimum do not mind if the elements come twice. */
static void emit_extreme_across(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	unsigned size = jit_simd_size(item);

	jit_check_fp(t, item);
	if (is_half_source(item))
		jit_v2_imm(t, PSHUFD, XMM0, jit_vector_rm(t, i->rn), 0x44);
	else
		jit_vector_load(t, XMM0, i->rn);
	fold(t, jit_simd_op(item), size);
	store_lowest(t, size, i->rd);
	jit_slow_back(t, item);
}

/* ADDV and UADDLV; more: the latter, whose result is wider. */
static void emit_sum_across(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	unsigned size = jit_simd_size(item), wide = SIMD_MORE(item);

	jit_check_fp(t, item);
	if (is_half_source(item))
		jit_vector_load_half(t, XMM0, i->rn, 0);
	else
		jit_vector_load(t, XMM0, i->rn);
	if (size == SIZE_B) { /* sums of eight bytes to two doublewords */
		jit_vzero(t, XMM1);
		jit_v3(t, PSADBW, XMM0, XMM0, rm_reg(XMM1));
		jit_v2_imm(t, PSHUFD, XMM1, rm_reg(XMM0), 0x4e);
		jit_v3(t, PADDD, XMM0, XMM0, rm_reg(XMM1));
	} else if (wide) {
		jit_vshift(t, PSHIFTD, SHIFT_RIGHT, XMM1, XMM0, 16);
		jit_v3(t, PAND, XMM0, XMM0, jit_constant(t, CONSTANT_LOW_WORDS));
		jit_v3(t, PADDD, XMM0, XMM0, rm_reg(XMM1));
		fold(t, PADDD, SIZE_S);
	} else {
		fold(t, jit_packed[P_ADD][size], size);
	}
	store_lowest(t, size + wide, i->rd);
	jit_slow_back(t, item);
}

/* ---- Bits of bytes, by tables of nibbles ---- */

/* What the table says of the upper nibbles of XMM0 to XMM2, and of the lower ones to XMM3. */
static void look_up_nibbles(struct translator *t, enum jit_constant table)
{
	jit_v2(t, MOVAPS, XMM2, jit_constant(t, CONSTANT_LOW_NIBBLES));
	jit_v3(t, PAND, XMM1, XMM0, rm_reg(XMM2));
	jit_vshift(t, PSHIFTW, SHIFT_RIGHT, XMM0, XMM0, 4);
	jit_v3(t, PAND, XMM0, XMM0, rm_reg(XMM2));
	jit_v2(t, MOVAPS, XMM2, jit_constant(t, table));
	jit_v3(t, PSHUFB, XMM3, XMM2, rm_reg(XMM1));
	jit_v3(t, PSHUFB, XMM2, XMM2, rm_reg(XMM0));
}

static void emit_cnt(struct translator *t, const struct jit_item *item)
{
	jit_check_fp(t, item);
	jit_vector_load(t, XMM0, item->insn.rn);
	look_up_nibbles(t, CONSTANT_BIT_COUNTS);
	jit_v3(t, PADDB, XMM3, XMM3, rm_reg(XMM2));
	jit_simd_done(t, item, XMM3);
	jit_slow_back(t, item);
}

/* The bits of each byte of XMM0 in reverse order to XMM3: the nibbles change their places too. */
static void reverse_bits(struct translator *t)
{
	look_up_nibbles(t, CONSTANT_REVERSED_NIBBLES);
	jit_vshift(t, PSHIFTW, SHIFT_LEFT, XMM3, XMM3, 4);
	jit_v3(t, POR, XMM3, XMM3, rm_reg(XMM2));
}

static void emit_rbit_bytes(struct translator *t, const struct jit_item *item)
{
	jit_check_fp(t, item);
	jit_vector_load(t, XMM0, item->insn.rn);
	reverse_bits(t);
	jit_simd_done(t, item, XMM3);
	jit_slow_back(t, item);
}

/*
 * RBIT of general registers: of 64 bits the bytes are turned as well, and the upper half of the result
 * is that of the lower 32 bits alone.
 */
static void emit_rbit(struct translator *t, const struct jit_item *item)
{
	struct code *c = &t->code;
	int target = jit_target(t, item->insn.rd, RAX);
	bool wide = item->flags & JIT_WIDE;

	emit_rm(c, MOVD, wide, XMM0, rm_reg(jit_source(t, item->insn.rn, RAX)));
	reverse_bits(t);
	jit_v3(t, PSHUFB, XMM3, XMM3, jit_constant(t, CONSTANT_REVERSE_64_B));
	if (wide) {
		emit_rm(c, MOVD_STORE, true, XMM3, rm_reg(target));
	} else {
		emit_rm(c, PEXTRD, false, XMM3, rm_reg(target));
		emit8(c, 1);
	}
	jit_target_done(t, item->insn.rd, target);
}

/* ---- The table ---- */

const struct jit_op jit_simd_lanes_ops[A64_OPS] = {
	[A64_OP_ADDP_v_b] = {emit_pairs, V_NM, SIMD_ARG(P_ADD, 0) | SIMD_ARG_SIZE(SIZE_B), NULL},
	[A64_OP_ADDP_v_h] = {emit_add_pairs, V_NM, SIMD_ARG_SIZE(SIZE_H), NULL},
	[A64_OP_ADDP_v_s] = {emit_add_pairs, V_NM, SIMD_ARG_SIZE(SIZE_S), NULL},
	[A64_OP_ADDP_v_d] = {emit_pairs, V_NM, SIMD_ARG(P_ADD, 0) | SIMD_ARG_SIZE(SIZE_D), NULL},
	[A64_OP_ADDP_scalar] = {emit_add_pair, V_N, 0, NULL},
	[A64_OP_SMAXP_v] = {emit_pairs, V_NM, SIMD_ARG(P_MAX_SIGNED, 0), NULL},
	[A64_OP_SMINP_v] = {emit_pairs, V_NM, SIMD_ARG(P_MIN_SIGNED, 0), NULL},
	SIMD_SIZES(UMAXP_v, emit_pairs, V_NM, SIMD_ARG(P_MAX_UNSIGNED, 0)),
	[A64_OP_UMINP_v] = {emit_pairs, V_NM, SIMD_ARG(P_MIN_UNSIGNED, 0), NULL},
	[A64_OP_SMAXV_v] = {emit_extreme_across, V_N, SIMD_ARG(P_MAX_SIGNED, 0), NULL},
	[A64_OP_UMAXV_v] = {emit_extreme_across, V_N, SIMD_ARG(P_MAX_UNSIGNED, 0), NULL},
	[A64_OP_SMINV_v] = {emit_extreme_across, V_N, SIMD_ARG(P_MIN_SIGNED, 0), NULL},
	[A64_OP_UMINV_v] = {emit_extreme_across, V_N, SIMD_ARG(P_MIN_UNSIGNED, 0), NULL},
	[A64_OP_ADDV_v] = {emit_sum_across, V_N, SIMD_ARG(P_ADD, 0), NULL},
	[A64_OP_UADDLV_v] = {emit_sum_across, V_N, SIMD_ARG(P_ADD, 1), jit_up_to_h},
	[A64_OP_CNT_v] = {emit_cnt, V_N, 0, NULL},
	[A64_OP_RBIT_v] = {emit_rbit_bytes, V_N, 0, NULL},
	[A64_OP_RBIT_32] = {emit_rbit, JIT_DEF_D | JIT_USE_N | JIT_KEEPS, 0, NULL},
	[A64_OP_RBIT_64] = {emit_rbit, JIT_DEF_D | JIT_USE_N | JIT_KEEPS | JIT_WIDE, 0, NULL},
};
