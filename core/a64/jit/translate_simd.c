/*
 * AdvSIMD integer arithmetic, logic and comparisons, of elements alike. What the instructions do
 * is in core/a64/exec_simd_three.c and exec_simd_two.c; all 128 bits are computed, and then the half
 * that the instruction does not write is cleared.
 */
#include "core/a64/jit/simd.h"

const uint32_t jit_packed[][4] = {
	[P_ADD] = {PADDB, PADDW, PADDD, PADDQ},
	[P_SUB] = {PSUBB, PSUBW, PSUBD, PSUBQ},
	[P_ADD_SIGNED] = {PADDSB, PADDSW, 0, 0},
	[P_ADD_UNSIGNED] = {PADDUSB, PADDUSW, 0, 0},
	[P_SUB_SIGNED] = {PSUBSB, PSUBSW, 0, 0},
	[P_SUB_UNSIGNED] = {PSUBUSB, PSUBUSW, 0, 0},
	[P_EQUAL] = {PCMPEQB, PCMPEQW, PCMPEQD, PCMPEQQ},
	[P_GREATER] = {PCMPGTB, PCMPGTW, PCMPGTD, PCMPGTQ},
	[P_MAX_SIGNED] = {PMAXSB, PMAXSW, PMAXSD, 0},
	[P_MAX_UNSIGNED] = {PMAXUB, PMAXUW, PMAXUD, 0},
	[P_MIN_SIGNED] = {PMINSB, PMINSW, PMINSD, 0},
	[P_MIN_UNSIGNED] = {PMINUB, PMINUW, PMINUD, 0},
	[P_ABS] = {PABSB, PABSW, PABSD, 0},
	[P_AND] = {PAND, PAND, PAND, PAND},
	[P_OR] = {POR, POR, POR, POR},
	[P_XOR] = {PXOR, PXOR, PXOR, PXOR},
};

bool jit_up_to_h(const struct jit_host *host, const struct a64_insn *i)
{
	(void)host;
	return (i->ra & 3) < SIZE_S;
}

bool jit_from_h(const struct jit_host *host, const struct a64_insn *i)
{
	(void)host;
	return (i->ra & 3) > SIZE_B;
}

/* ---- One host instruction ---- */

static void emit_packed(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	int to = jit_vector_target(t, i->rd, XMM0);

	jit_check_fp(t, item);
	jit_v3(t, jit_simd_op(item), to, jit_simd_source(t, item, i->rn, XMM0),
	       jit_simd_rm(t, item, i->rm));
	jit_simd_done(t, item, to);
	jit_slow_back(t, item);
}

/* ORR too: MOV of vectors. */
static void emit_orr(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;

	if (i->rn != i->rm) {
		emit_packed(t, item);
		return;
	}
	jit_check_fp(t, item);
	if (jit_is_whole(item)) {
		jit_vector_store(t, i->rd, jit_simd_source(t, item, i->rn, XMM0));
	} else {
		jit_vector_load_half(t, XMM0, i->rn, 0);
		jit_vector_store(t, i->rd, XMM0);
	}
	jit_slow_back(t, item);
}

/* ABS, NEG, NOT. */
static void emit_abs(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;

	jit_check_fp(t, item);
	if (jit_simd_size(item) < SIZE_D) {
		jit_v2(t, jit_simd_op(item), XMM0, jit_simd_rm(t, item, i->rn));
	} else { /* the complement where it is negative, minus -1 */
		jit_simd_load(t, item, XMM0, i->rn);
		jit_vzero(t, XMM1);
		jit_v3(t, PCMPGTQ, XMM1, XMM1, rm_reg(XMM0));
		jit_v3(t, PXOR, XMM0, XMM0, rm_reg(XMM1));
		jit_v3(t, PSUBQ, XMM0, XMM0, rm_reg(XMM1));
	}
	jit_simd_done(t, item, XMM0);
	jit_slow_back(t, item);
}

static void emit_negate(struct translator *t, const struct jit_item *item)
{
	jit_check_fp(t, item);
	jit_vzero(t, XMM0);
	jit_v3(t, jit_simd_op(item), XMM0, XMM0, jit_simd_rm(t, item, item->insn.rn));
	jit_simd_done(t, item, XMM0);
	jit_slow_back(t, item);
}

static void emit_invert(struct translator *t, const struct jit_item *item)
{
	jit_check_fp(t, item);
	jit_vones(t, XMM0);
	jit_v3(t, PXOR, XMM0, XMM0, jit_simd_rm(t, item, item->insn.rn));
	jit_simd_done(t, item, XMM0);
	jit_slow_back(t, item);
}

/* ---- Logic ---- */

/* BIC: the host inverts the first operand. */
static void emit_bic(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	int to = jit_vector_target(t, i->rd, XMM0);

	jit_check_fp(t, item);
	jit_v3(t, PANDN, to, jit_simd_source(t, item, i->rm, XMM0), jit_simd_rm(t, item, i->rn));
	jit_simd_done(t, item, to);
	jit_slow_back(t, item);
}

static void emit_orn(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;

	jit_check_fp(t, item);
	jit_vones(t, XMM0);
	jit_v3(t, PXOR, XMM0, XMM0, jit_simd_rm(t, item, i->rm));
	jit_v3(t, POR, XMM0, XMM0, jit_simd_rm(t, item, i->rn));
	jit_simd_done(t, item, XMM0);
	jit_slow_back(t, item);
}

enum select { BSL, BIT, BIF };

/* Bits of one where the mask has 1, of another where it has 0: ((one ^ other) & mask) ^ other. */
static void emit_select(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	enum select which = item->info->arg;
	unsigned one = which == BIF ? i->rd : i->rn;
	unsigned other = which == BSL ? i->rm : which == BIT ? i->rd : i->rn;
	unsigned mask = which == BSL ? i->rd : i->rm;

	jit_check_fp(t, item);
	jit_v3(t, PXOR, XMM0, jit_simd_source(t, item, one, XMM0), jit_simd_rm(t, item, other));
	jit_v3(t, PAND, XMM0, XMM0, jit_simd_rm(t, item, mask));
	jit_v3(t, PXOR, XMM0, XMM0, jit_simd_rm(t, item, other));
	jit_simd_done(t, item, XMM0);
	jit_slow_back(t, item);
}

/* ---- Differences, means, products ---- */

#define ACCUMULATE 1u

/* SABD, UABD, SABA, UABA: the greater minus the less. */
static void emit_difference(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	bool is_unsigned = SIMD_PACKED(item) == P_MAX_UNSIGNED;
	unsigned size = jit_simd_size(item);

	jit_check_fp(t, item);
	jit_difference(t, size, is_unsigned, i->rn, i->rm);
	if (SIMD_MORE(item) & ACCUMULATE)
		jit_v3(t, jit_packed[P_ADD][size], XMM0, XMM0, jit_simd_rm(t, item, i->rd));
	jit_simd_done(t, item, XMM0);
	jit_slow_back(t, item);
}

void jit_difference(struct translator *t, unsigned size, bool is_unsigned, unsigned n, unsigned m)
{
	unsigned max = jit_packed[is_unsigned ? P_MAX_UNSIGNED : P_MAX_SIGNED][size];
	unsigned min = jit_packed[is_unsigned ? P_MIN_UNSIGNED : P_MIN_SIGNED][size];
	int source = jit_vector_source(t, n, XMM1);

	jit_v3(t, max, XMM0, source, jit_vector_rm(t, m));
	jit_v3(t, min, XMM1, source, jit_vector_rm(t, m));
	jit_v3(t, jit_packed[P_SUB][size], XMM0, XMM0, rm_reg(XMM1));
}

/* Half of each element of XMM0. */
static void halve(struct translator *t, unsigned size, bool is_signed)
{
	enum sse_shift shift = is_signed ? SHIFT_RIGHT_SIGNED : SHIFT_RIGHT;

	if (size == SIZE_B) { /* no bit moves into the byte below */
		jit_v2(t, MOVAPS, XMM1, jit_constant(t, CONSTANT_ONE_B));
		jit_v3(t, PANDN, XMM1, XMM1, rm_reg(XMM0));
		jit_vshift(t, PSHIFTW, SHIFT_RIGHT, XMM0, XMM1, 1);
	} else {
		jit_vshift(t, size == SIZE_H ? PSHIFTW : PSHIFTD, shift, XMM0, XMM0, 1);
	}
}

#define ROUNDING 1u
#define SIGNED	 2u

/* What both have, and half of what one of them has; rounding: what any has, without that half. */
static void emit_halving(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	bool rounding = SIMD_MORE(item) & ROUNDING;
	unsigned size = jit_simd_size(item);

	jit_check_fp(t, item);
	jit_v3(t, PXOR, XMM0, jit_simd_source(t, item, i->rn, XMM0), jit_simd_rm(t, item, i->rm));
	halve(t, size, SIMD_MORE(item) & SIGNED);
	jit_v3(t, rounding ? POR : PAND, XMM1, jit_simd_source(t, item, i->rn, XMM1),
	       jit_simd_rm(t, item, i->rm));
	jit_v3(t, jit_packed[rounding ? P_SUB : P_ADD][size], XMM1, XMM1, rm_reg(XMM0));
	jit_simd_done(t, item, XMM1);
	jit_slow_back(t, item);
}

/* Products of bytes: the odd ones apart. */
static void multiply_bytes(struct translator *t, unsigned n, unsigned m)
{
	jit_vector_load(t, XMM0, n);
	jit_vector_load(t, XMM1, m);
	jit_vshift(t, PSHIFTW, SHIFT_RIGHT, XMM2, XMM0, 8);
	jit_vshift(t, PSHIFTW, SHIFT_RIGHT, XMM3, XMM1, 8);
	jit_v3(t, PMULLW, XMM0, XMM0, rm_reg(XMM1));
	jit_v3(t, PMULLW, XMM2, XMM2, rm_reg(XMM3));
	jit_v3(t, PAND, XMM0, XMM0, jit_constant(t, CONSTANT_LOW_BYTES));
	jit_vshift(t, PSHIFTW, SHIFT_LEFT, XMM2, XMM2, 8);
	jit_v3(t, POR, XMM0, XMM0, rm_reg(XMM2));
}

enum product { PRODUCT, PRODUCT_ADDED, PRODUCT_SUBTRACTED };

/* MUL, MLA, MLS; by element: with ELEMENT. */
#define ELEMENT 4u

static void emit_product(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	enum product kind = item->info->arg & 3;
	unsigned size = i->ra & 3;

	jit_check_fp(t, item);
	if (size == SIZE_B) {
		multiply_bytes(t, i->rn, i->rm);
	} else if (item->info->arg & ELEMENT) {
		jit_broadcast(t, size, XMM0, i->rm, i->ra >> 3);
		jit_v3(t, size == SIZE_H ? PMULLW : PMULLD, XMM0, XMM0,
		       jit_simd_rm(t, item, i->rn));
	} else {
		jit_v3(t, size == SIZE_H ? PMULLW : PMULLD, XMM0,
		       jit_simd_source(t, item, i->rn, XMM0), jit_simd_rm(t, item, i->rm));
	}
	if (kind == PRODUCT_ADDED) {
		jit_v3(t, jit_packed[P_ADD][size], XMM0, XMM0, jit_simd_rm(t, item, i->rd));
	} else if (kind == PRODUCT_SUBTRACTED) {
		jit_v3(t, jit_packed[P_SUB][size], XMM1, jit_simd_source(t, item, i->rd, XMM1),
		       rm_reg(XMM0));
		jit_vmov(t, XMM0, XMM1);
	}
	jit_simd_done(t, item, XMM0);
	jit_slow_back(t, item);
}

/* ---- Saturating: where the wrapping result is another one, it has saturated ---- */

void jit_note_saturation(struct translator *t, bool whole, int equal)
{
	struct code *c = &t->code;
	uint8_t *none;

	jit_v2(t, PMOVMSKB, RAX, rm_reg(equal));
	if (!whole)
		emit_alu_imm(c, ALU_OR, false, rm_reg(RAX), 0xff00);
	emit_alu_imm(c, ALU_CMP, false, rm_reg(RAX), 0xffff);
	none = emit_jcc(c, CC_E);
	emit_alu_imm(c, ALU_OR, false, CPU(fpsr), FPSR_QC);
	patch_here(c, none);
}

/* more: the operation that wraps. */
static void emit_saturating(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	unsigned size = jit_simd_size(item);
	int n;

	jit_check_fp(t, item);
	n = jit_simd_source(t, item, i->rn, XMM1);
	jit_v3(t, jit_simd_op(item), XMM0, n, jit_simd_rm(t, item, i->rm));
	jit_v3(t, jit_packed[SIMD_MORE(item)][size], XMM1, n, jit_simd_rm(t, item, i->rm));
	jit_v3(t, PCMPEQB, XMM1, XMM1, rm_reg(XMM0));
	jit_note_saturation(t, jit_is_whole(item), XMM1);
	jit_simd_done(t, item, XMM0);
	jit_slow_back(t, item);
}

/* ---- The table ---- */

const struct jit_op jit_simd_ops[A64_OPS] = {
	SIMD_SIZES(ADD_v, emit_packed, V_NM, SIMD_ARG(P_ADD, 0)),
	[A64_OP_ADD_v_d] = {emit_packed, V_NM, SIMD_ARG(P_ADD, 0) | SIMD_ARG_SIZE(SIZE_D), NULL},
	[A64_OP_ADD_scalar] = {emit_packed, V_NM, SIMD_ARG(P_ADD, 0), NULL},
	SIMD_BOTH(SUB, emit_packed, V_NM, SIMD_ARG(P_SUB, 0), NULL),
	SIMD_SIZES(CMEQ_v, emit_packed, V_NM, SIMD_ARG(P_EQUAL, 0)),
	[A64_OP_CMEQ_v_d] = {emit_packed, V_NM, SIMD_ARG(P_EQUAL, 0) | SIMD_ARG_SIZE(SIZE_D), NULL},
	[A64_OP_CMEQ_scalar] = {emit_packed, V_NM, SIMD_ARG(P_EQUAL, 0), NULL},
	SIMD_BOTH(CMGT, emit_packed, V_NM, SIMD_ARG(P_GREATER, 0), NULL),
	[A64_OP_SMAX_v] = {emit_packed, V_NM, SIMD_ARG(P_MAX_SIGNED, 0), NULL},
	[A64_OP_UMAX_v] = {emit_packed, V_NM, SIMD_ARG(P_MAX_UNSIGNED, 0), NULL},
	[A64_OP_SMIN_v] = {emit_packed, V_NM, SIMD_ARG(P_MIN_SIGNED, 0), NULL},
	[A64_OP_UMIN_v] = {emit_packed, V_NM, SIMD_ARG(P_MIN_UNSIGNED, 0), NULL},
	[A64_OP_AND_v] = {emit_packed, V_NM, SIMD_ARG(P_AND, 0), NULL},
	[A64_OP_ORR_v] = {emit_orr, V_NM, SIMD_ARG(P_OR, 0), NULL},
	[A64_OP_EOR_v] = {emit_packed, V_NM, SIMD_ARG(P_XOR, 0), NULL},
	[A64_OP_BIC_v] = {emit_bic, V_NM, 0, NULL},
	[A64_OP_ORN_v] = {emit_orn, V_NM, 0, NULL},
	[A64_OP_NOT_v] = {emit_invert, V_N, 0, NULL},
	[A64_OP_BSL_v] = {emit_select, V_DNM, BSL, NULL},
	[A64_OP_BIT_v] = {emit_select, V_DNM, BIT, NULL},
	[A64_OP_BIF_v] = {emit_select, V_DNM, BIF, NULL},
	SIMD_BOTH(ABS, emit_abs, V_N, SIMD_ARG(P_ABS, 0), NULL),
	SIMD_BOTH(NEG, emit_negate, V_N, SIMD_ARG(P_SUB, 0), NULL),
	[A64_OP_SABD_v] = {emit_difference, V_NM, SIMD_ARG(P_MAX_SIGNED, 0), NULL},
	[A64_OP_UABD_v] = {emit_difference, V_NM, SIMD_ARG(P_MAX_UNSIGNED, 0), NULL},
	[A64_OP_SABA_v] = {emit_difference, V_DNM, SIMD_ARG(P_MAX_SIGNED, ACCUMULATE), NULL},
	[A64_OP_UABA_v] = {emit_difference, V_DNM, SIMD_ARG(P_MAX_UNSIGNED, ACCUMULATE), NULL},
	[A64_OP_UHADD_v] = {emit_halving, V_NM, SIMD_ARG(0, 0), NULL},
	[A64_OP_SHADD_v] = {emit_halving, V_NM, SIMD_ARG(0, SIGNED), jit_from_h},
	[A64_OP_URHADD_v] = {emit_halving, V_NM, SIMD_ARG(0, ROUNDING), NULL},
	[A64_OP_SRHADD_v] = {emit_halving, V_NM, SIMD_ARG(0, ROUNDING | SIGNED), jit_from_h},
	[A64_OP_MUL_v] = {emit_product, V_NM, PRODUCT, NULL},
	[A64_OP_MLA_v] = {emit_product, V_DNM, PRODUCT_ADDED, NULL},
	[A64_OP_MLS_v] = {emit_product, V_DNM, PRODUCT_SUBTRACTED, NULL},
	[A64_OP_MUL_elem] = {emit_product, V_NM, PRODUCT | ELEMENT, NULL},
	[A64_OP_MLA_elem] = {emit_product, V_DNM, PRODUCT_ADDED | ELEMENT, NULL},
	[A64_OP_MLS_elem] = {emit_product, V_DNM, PRODUCT_SUBTRACTED | ELEMENT, NULL},
	[A64_OP_SQADD_v] = {emit_saturating, V_NM & ~JIT_KEEPS, SIMD_ARG(P_ADD_SIGNED, P_ADD),
			    jit_up_to_h},
	[A64_OP_UQADD_v] = {emit_saturating, V_NM & ~JIT_KEEPS, SIMD_ARG(P_ADD_UNSIGNED, P_ADD),
			    jit_up_to_h},
	[A64_OP_SQSUB_v] = {emit_saturating, V_NM & ~JIT_KEEPS, SIMD_ARG(P_SUB_SIGNED, P_SUB),
			    jit_up_to_h},
	[A64_OP_UQSUB_v] = {emit_saturating, V_NM & ~JIT_KEEPS, SIMD_ARG(P_SUB_UNSIGNED, P_SUB),
			    jit_up_to_h},
};
