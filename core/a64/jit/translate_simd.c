/*
 * AdvSIMD integer arithmetic, logic and comparisons, of elements alike. What the instructions do
 * is in core/a64/exec_simd_three.c and exec_simd_two.c; all 128 bits are computed, and then the half
 * that the instruction does not write is cleared.
 */
#include "core/a64/jit/vector.h"

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

/* arg: enum packed, more from bit 8 on, and from bit 16 on the size + 1 where ra does not have it. */
#define ARG(op, more)	 ((unsigned)(op) | (unsigned)(more) << 8)
#define ARG_SIZE(size)	 ((size) + 1u) << 16
#define ARG_PACKED(item) ((item)->info->arg & 0xff)
#define ARG_MORE(item)	 ((item)->info->arg >> 8 & 0xff)

static unsigned size_of(const struct jit_item *item)
{
	unsigned fixed = item->info->arg >> 16;

	return fixed ? fixed - 1 : item->insn.ra & 3;
}

static unsigned host_op(const struct jit_item *item)
{
	return jit_packed[ARG_PACKED(item)][size_of(item)];
}

/* The predicates for instructions whose size is in ra. */
static bool up_to_h(const struct jit_host *host, const struct a64_insn *i)
{
	(void)host;
	return (i->ra & 3) < SIZE_S;
}

static bool from_h(const struct jit_host *host, const struct a64_insn *i)
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
	jit_v3(t, host_op(item), to, jit_vector_source(t, i->rn, XMM0), jit_vector_rm(t, i->rm));
	jit_vector_done(t, item, to);
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
		jit_vector_store(t, i->rd, jit_vector_source(t, i->rn, XMM0));
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
	if (size_of(item) < SIZE_D) {
		jit_v2(t, host_op(item), XMM0, jit_vector_rm(t, i->rn));
	} else { /* the complement where it is negative, minus -1 */
		jit_vector_load(t, XMM0, i->rn);
		jit_vzero(t, XMM1);
		jit_v3(t, PCMPGTQ, XMM1, XMM1, rm_reg(XMM0));
		jit_v3(t, PXOR, XMM0, XMM0, rm_reg(XMM1));
		jit_v3(t, PSUBQ, XMM0, XMM0, rm_reg(XMM1));
	}
	jit_vector_done(t, item, XMM0);
	jit_slow_back(t, item);
}

static void emit_negate(struct translator *t, const struct jit_item *item)
{
	jit_check_fp(t, item);
	jit_vzero(t, XMM0);
	jit_v3(t, host_op(item), XMM0, XMM0, jit_vector_rm(t, item->insn.rn));
	jit_vector_done(t, item, XMM0);
	jit_slow_back(t, item);
}

static void emit_invert(struct translator *t, const struct jit_item *item)
{
	jit_check_fp(t, item);
	jit_vones(t, XMM0);
	jit_v3(t, PXOR, XMM0, XMM0, jit_vector_rm(t, item->insn.rn));
	jit_vector_done(t, item, XMM0);
	jit_slow_back(t, item);
}

/* ---- Logic ---- */

/* BIC: the host inverts the first operand. */
static void emit_bic(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	int to = jit_vector_target(t, i->rd, XMM0);

	jit_check_fp(t, item);
	jit_v3(t, PANDN, to, jit_vector_source(t, i->rm, XMM0), jit_vector_rm(t, i->rn));
	jit_vector_done(t, item, to);
	jit_slow_back(t, item);
}

static void emit_orn(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;

	jit_check_fp(t, item);
	jit_vones(t, XMM0);
	jit_v3(t, PXOR, XMM0, XMM0, jit_vector_rm(t, i->rm));
	jit_v3(t, POR, XMM0, XMM0, jit_vector_rm(t, i->rn));
	jit_vector_done(t, item, XMM0);
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
	jit_v3(t, PXOR, XMM0, jit_vector_source(t, one, XMM0), jit_vector_rm(t, other));
	jit_v3(t, PAND, XMM0, XMM0, jit_vector_rm(t, mask));
	jit_v3(t, PXOR, XMM0, XMM0, jit_vector_rm(t, other));
	jit_vector_done(t, item, XMM0);
	jit_slow_back(t, item);
}

/* ---- Comparisons ---- */

static void invert(struct translator *t, int reg, int scratch)
{
	jit_vones(t, scratch);
	jit_v3(t, PXOR, reg, reg, rm_reg(scratch));
}

/* n >= m where the greater (P_MAX_...) is n; n > m where the less is not n. */
static void compare_by_extreme(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	unsigned size = size_of(item);

	jit_v3(t, host_op(item), XMM0, jit_vector_source(t, i->rn, XMM0), jit_vector_rm(t, i->rm));
	jit_v3(t, jit_packed[P_EQUAL][size], XMM0, XMM0, jit_vector_rm(t, i->rn));
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
	if (size_of(item) < SIZE_D) {
		compare_by_extreme(t, item);
	} else {
		compare_doublewords(t, i->rm, i->rn, ARG_PACKED(item) == P_MAX_UNSIGNED);
		invert(t, XMM0, XMM1);
	}
	jit_vector_done(t, item, XMM0);
	jit_slow_back(t, item);
}

static void emit_higher(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;

	jit_check_fp(t, item);
	if (size_of(item) < SIZE_D) {
		compare_by_extreme(t, item);
		invert(t, XMM0, XMM1);
	} else {
		compare_doublewords(t, i->rn, i->rm, true);
	}
	jit_vector_done(t, item, XMM0);
	jit_slow_back(t, item);
}

static void emit_test_bits(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;

	jit_check_fp(t, item);
	jit_v3(t, PAND, XMM0, jit_vector_source(t, i->rn, XMM0), jit_vector_rm(t, i->rm));
	jit_vzero(t, XMM1);
	jit_v3(t, host_op(item), XMM0, XMM0, rm_reg(XMM1));
	invert(t, XMM0, XMM1);
	jit_vector_done(t, item, XMM0);
	jit_slow_back(t, item);
}

/* With zero, which is the first operand of the host's comparison or the second. */
#define ZERO_FIRST  1u
#define ZERO_INVERT 2u

static void emit_compare_zero(struct translator *t, const struct jit_item *item)
{
	struct x86_rm n = jit_vector_rm(t, item->insn.rn);

	jit_check_fp(t, item);
	jit_vzero(t, XMM0);
	if (ARG_MORE(item) & ZERO_FIRST)
		jit_v3(t, host_op(item), XMM0, XMM0, n);
	else
		jit_v3(t, host_op(item), XMM0, jit_vector_source(t, item->insn.rn, XMM1),
		       rm_reg(XMM0));
	if (ARG_MORE(item) & ZERO_INVERT)
		invert(t, XMM0, XMM1);
	jit_vector_done(t, item, XMM0);
	jit_slow_back(t, item);
}

/* ---- Differences, means, products ---- */

#define ACCUMULATE 1u

/* SABD, UABD, SABA, UABA: the greater minus the less. */
static void emit_difference(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	bool is_unsigned = ARG_PACKED(item) == P_MAX_UNSIGNED;
	unsigned size = size_of(item);

	jit_check_fp(t, item);
	jit_difference(t, size, is_unsigned, i->rn, i->rm);
	if (ARG_MORE(item) & ACCUMULATE)
		jit_v3(t, jit_packed[P_ADD][size], XMM0, XMM0, jit_vector_rm(t, i->rd));
	jit_vector_done(t, item, XMM0);
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
	bool rounding = ARG_MORE(item) & ROUNDING;
	unsigned size = size_of(item);

	jit_check_fp(t, item);
	jit_v3(t, PXOR, XMM0, jit_vector_source(t, i->rn, XMM0), jit_vector_rm(t, i->rm));
	halve(t, size, ARG_MORE(item) & SIGNED);
	jit_v3(t, rounding ? POR : PAND, XMM1, jit_vector_source(t, i->rn, XMM1),
	       jit_vector_rm(t, i->rm));
	jit_v3(t, jit_packed[rounding ? P_SUB : P_ADD][size], XMM1, XMM1, rm_reg(XMM0));
	jit_vector_done(t, item, XMM1);
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
		jit_v3(t, size == SIZE_H ? PMULLW : PMULLD, XMM0, XMM0, jit_vector_rm(t, i->rn));
	} else {
		jit_v3(t, size == SIZE_H ? PMULLW : PMULLD, XMM0, jit_vector_source(t, i->rn, XMM0),
		       jit_vector_rm(t, i->rm));
	}
	if (kind == PRODUCT_ADDED) {
		jit_v3(t, jit_packed[P_ADD][size], XMM0, XMM0, jit_vector_rm(t, i->rd));
	} else if (kind == PRODUCT_SUBTRACTED) {
		jit_v3(t, jit_packed[P_SUB][size], XMM1, jit_vector_source(t, i->rd, XMM1),
		       rm_reg(XMM0));
		jit_vmov(t, XMM0, XMM1);
	}
	jit_vector_done(t, item, XMM0);
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
	unsigned size = size_of(item);
	int n;

	jit_check_fp(t, item);
	n = jit_vector_source(t, i->rn, XMM1);
	jit_v3(t, host_op(item), XMM0, n, jit_vector_rm(t, i->rm));
	jit_v3(t, jit_packed[ARG_MORE(item)][size], XMM1, n, jit_vector_rm(t, i->rm));
	jit_v3(t, PCMPEQB, XMM1, XMM1, rm_reg(XMM0));
	jit_note_saturation(t, jit_is_whole(item), XMM1);
	jit_vector_done(t, item, XMM0);
	jit_slow_back(t, item);
}

/* ---- Pairs ---- */

/* The even elements of Vm:Vn and the odd ones, and what the instruction does with them. */
static void emit_pairs(struct translator *t, const struct jit_item *item)
{
	jit_check_fp(t, item);
	jit_unzip(t, item, size_of(item), XMM0, false);
	jit_unzip(t, item, size_of(item), XMM2, true);
	jit_v3(t, host_op(item), XMM0, XMM0, rm_reg(XMM2));
	jit_vector_done(t, item, XMM0);
	jit_slow_back(t, item);
}

static void emit_add_pairs(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	unsigned op = size_of(item) == SIZE_H ? PHADDW : PHADDD;

	jit_check_fp(t, item);
	jit_vector_load(t, XMM0, i->rn);
	if (jit_is_whole(item)) {
		jit_v3(t, op, XMM0, XMM0, jit_vector_rm(t, i->rm));
	} else {
		jit_v3(t, PUNPCKLQDQ, XMM0, XMM0, jit_vector_rm(t, i->rm));
		jit_v3(t, op, XMM0, XMM0, rm_reg(XMM0));
	}
	jit_vector_done(t, item, XMM0);
	jit_slow_back(t, item);
}

static void emit_add_pair(struct translator *t, const struct jit_item *item)
{
	jit_check_fp(t, item);
	jit_v2_imm(t, PSHUFD, XMM0, jit_vector_rm(t, item->insn.rn), 0xee);
	jit_v3(t, PADDQ, XMM0, XMM0, jit_vector_rm(t, item->insn.rn));
	jit_vector_store_half(t, item->insn.rd, XMM0);
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
	unsigned size = size_of(item);

	jit_check_fp(t, item);
	if (is_half_source(item))
		jit_v2_imm(t, PSHUFD, XMM0, jit_vector_rm(t, i->rn), 0x44);
	else
		jit_vector_load(t, XMM0, i->rn);
	fold(t, host_op(item), size);
	store_lowest(t, size, i->rd);
	jit_slow_back(t, item);
}

/* ADDV and UADDLV; more: the latter, whose result is wider. */
static void emit_sum_across(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	unsigned size = size_of(item), wide = ARG_MORE(item);

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

/* The lower nibbles of XMM0 to XMM1, the upper ones to XMM0. */
static void split_nibbles(struct translator *t, unsigned v)
{
	jit_vector_load(t, XMM0, v);
	jit_v2(t, MOVAPS, XMM2, jit_constant(t, CONSTANT_LOW_NIBBLES));
	jit_v3(t, PAND, XMM1, XMM0, rm_reg(XMM2));
	jit_vshift(t, PSHIFTW, SHIFT_RIGHT, XMM0, XMM0, 4);
	jit_v3(t, PAND, XMM0, XMM0, rm_reg(XMM2));
}

/* CNT, or RBIT: the nibbles change their places. */
static void emit_by_nibbles(struct translator *t, const struct jit_item *item)
{
	enum jit_constant table = item->info->arg;

	jit_check_fp(t, item);
	split_nibbles(t, item->insn.rn);
	jit_v2(t, MOVAPS, XMM2, jit_constant(t, table));
	jit_v3(t, PSHUFB, XMM3, XMM2, rm_reg(XMM1));
	jit_v3(t, PSHUFB, XMM2, XMM2, rm_reg(XMM0));
	if (table == CONSTANT_REVERSED_NIBBLES)
		jit_vshift(t, PSHIFTW, SHIFT_LEFT, XMM3, XMM3, 4);
	jit_v3(t, PADDB, XMM3, XMM3, rm_reg(XMM2));
	jit_vector_done(t, item, XMM3);
	jit_slow_back(t, item);
}

/* ---- The table ---- */

#define OF_SIZES(name, emitter, flags, arg)                                 \
	[A64_OP_##name##_b] = {emitter, flags, (arg) | ARG_SIZE(0u), NULL}, \
	[A64_OP_##name##_h] = {emitter, flags, (arg) | ARG_SIZE(1u), NULL}, \
	[A64_OP_##name##_s] = {emitter, flags, (arg) | ARG_SIZE(2u), NULL}

/* Vector and scalar form. */
#define BOTH(name, emitter, flags, arg)                    \
	[A64_OP_##name##_v] = {emitter, flags, arg, NULL}, \
	[A64_OP_##name##_scalar] = {emitter, flags, arg, NULL}

const struct jit_op jit_simd_ops[A64_OPS] = {
	OF_SIZES(ADD_v, emit_packed, V_NM, ARG(P_ADD, 0)),
	[A64_OP_ADD_v_d] = {emit_packed, V_NM, ARG(P_ADD, 0) | ARG_SIZE(3u), NULL},
	[A64_OP_ADD_scalar] = {emit_packed, V_NM, ARG(P_ADD, 0), NULL},
	BOTH(SUB, emit_packed, V_NM, ARG(P_SUB, 0)),
	OF_SIZES(CMEQ_v, emit_packed, V_NM, ARG(P_EQUAL, 0)),
	[A64_OP_CMEQ_v_d] = {emit_packed, V_NM, ARG(P_EQUAL, 0) | ARG_SIZE(3u), NULL},
	[A64_OP_CMEQ_scalar] = {emit_packed, V_NM, ARG(P_EQUAL, 0), NULL},
	BOTH(CMGT, emit_packed, V_NM, ARG(P_GREATER, 0)),
	[A64_OP_SMAX_v] = {emit_packed, V_NM, ARG(P_MAX_SIGNED, 0), NULL},
	[A64_OP_UMAX_v] = {emit_packed, V_NM, ARG(P_MAX_UNSIGNED, 0), NULL},
	[A64_OP_SMIN_v] = {emit_packed, V_NM, ARG(P_MIN_SIGNED, 0), NULL},
	[A64_OP_UMIN_v] = {emit_packed, V_NM, ARG(P_MIN_UNSIGNED, 0), NULL},
	[A64_OP_AND_v] = {emit_packed, V_NM, ARG(P_AND, 0), NULL},
	[A64_OP_ORR_v] = {emit_orr, V_NM, ARG(P_OR, 0), NULL},
	[A64_OP_EOR_v] = {emit_packed, V_NM, ARG(P_XOR, 0), NULL},
	[A64_OP_BIC_v] = {emit_bic, V_NM, 0, NULL},
	[A64_OP_ORN_v] = {emit_orn, V_NM, 0, NULL},
	[A64_OP_NOT_v] = {emit_invert, V_N, 0, NULL},
	[A64_OP_BSL_v] = {emit_select, V_DNM, BSL, NULL},
	[A64_OP_BIT_v] = {emit_select, V_DNM, BIT, NULL},
	[A64_OP_BIF_v] = {emit_select, V_DNM, BIF, NULL},
	BOTH(ABS, emit_abs, V_N, ARG(P_ABS, 0)),
	BOTH(NEG, emit_negate, V_N, ARG(P_SUB, 0)),
	BOTH(CMGE, emit_at_least, V_NM, ARG(P_MAX_SIGNED, 0)),
	BOTH(CMHS, emit_at_least, V_NM, ARG(P_MAX_UNSIGNED, 0)),
	BOTH(CMHI, emit_higher, V_NM, ARG(P_MIN_UNSIGNED, 0)),
	BOTH(CMTST, emit_test_bits, V_NM, ARG(P_EQUAL, 0)),
	BOTH(CMEQ_zero, emit_compare_zero, V_N, ARG(P_EQUAL, ZERO_FIRST)),
	BOTH(CMGT_zero, emit_compare_zero, V_N, ARG(P_GREATER, 0)),
	BOTH(CMLE_zero, emit_compare_zero, V_N, ARG(P_GREATER, ZERO_INVERT)),
	BOTH(CMLT_zero, emit_compare_zero, V_N, ARG(P_GREATER, ZERO_FIRST)),
	BOTH(CMGE_zero, emit_compare_zero, V_N, ARG(P_GREATER, ZERO_FIRST | ZERO_INVERT)),
	[A64_OP_SABD_v] = {emit_difference, V_NM, ARG(P_MAX_SIGNED, 0), NULL},
	[A64_OP_UABD_v] = {emit_difference, V_NM, ARG(P_MAX_UNSIGNED, 0), NULL},
	[A64_OP_SABA_v] = {emit_difference, V_DNM, ARG(P_MAX_SIGNED, ACCUMULATE), NULL},
	[A64_OP_UABA_v] = {emit_difference, V_DNM, ARG(P_MAX_UNSIGNED, ACCUMULATE), NULL},
	[A64_OP_UHADD_v] = {emit_halving, V_NM, ARG(0, 0), NULL},
	[A64_OP_SHADD_v] = {emit_halving, V_NM, ARG(0, SIGNED), from_h},
	[A64_OP_URHADD_v] = {emit_halving, V_NM, ARG(0, ROUNDING), NULL},
	[A64_OP_SRHADD_v] = {emit_halving, V_NM, ARG(0, ROUNDING | SIGNED), from_h},
	[A64_OP_MUL_v] = {emit_product, V_NM, PRODUCT, NULL},
	[A64_OP_MLA_v] = {emit_product, V_DNM, PRODUCT_ADDED, NULL},
	[A64_OP_MLS_v] = {emit_product, V_DNM, PRODUCT_SUBTRACTED, NULL},
	[A64_OP_MUL_elem] = {emit_product, V_NM, PRODUCT | ELEMENT, NULL},
	[A64_OP_MLA_elem] = {emit_product, V_DNM, PRODUCT_ADDED | ELEMENT, NULL},
	[A64_OP_MLS_elem] = {emit_product, V_DNM, PRODUCT_SUBTRACTED | ELEMENT, NULL},
	[A64_OP_SQADD_v] = {emit_saturating, V_NM & ~JIT_KEEPS, ARG(P_ADD_SIGNED, P_ADD), up_to_h},
	[A64_OP_UQADD_v] = {emit_saturating, V_NM & ~JIT_KEEPS, ARG(P_ADD_UNSIGNED, P_ADD),
			    up_to_h},
	[A64_OP_SQSUB_v] = {emit_saturating, V_NM & ~JIT_KEEPS, ARG(P_SUB_SIGNED, P_SUB), up_to_h},
	[A64_OP_UQSUB_v] = {emit_saturating, V_NM & ~JIT_KEEPS, ARG(P_SUB_UNSIGNED, P_SUB),
			    up_to_h},
	[A64_OP_ADDP_v_b] = {emit_pairs, V_NM, ARG(P_ADD, 0) | ARG_SIZE(0u), NULL},
	[A64_OP_ADDP_v_h] = {emit_add_pairs, V_NM, ARG_SIZE(1u), NULL},
	[A64_OP_ADDP_v_s] = {emit_add_pairs, V_NM, ARG_SIZE(2u), NULL},
	[A64_OP_ADDP_v_d] = {emit_pairs, V_NM, ARG(P_ADD, 0) | ARG_SIZE(3u), NULL},
	[A64_OP_ADDP_scalar] = {emit_add_pair, V_N, 0, NULL},
	[A64_OP_SMAXP_v] = {emit_pairs, V_NM, ARG(P_MAX_SIGNED, 0), NULL},
	[A64_OP_SMINP_v] = {emit_pairs, V_NM, ARG(P_MIN_SIGNED, 0), NULL},
	OF_SIZES(UMAXP_v, emit_pairs, V_NM, ARG(P_MAX_UNSIGNED, 0)),
	[A64_OP_UMINP_v] = {emit_pairs, V_NM, ARG(P_MIN_UNSIGNED, 0), NULL},
	[A64_OP_SMAXV_v] = {emit_extreme_across, V_N, ARG(P_MAX_SIGNED, 0), NULL},
	[A64_OP_UMAXV_v] = {emit_extreme_across, V_N, ARG(P_MAX_UNSIGNED, 0), NULL},
	[A64_OP_SMINV_v] = {emit_extreme_across, V_N, ARG(P_MIN_SIGNED, 0), NULL},
	[A64_OP_UMINV_v] = {emit_extreme_across, V_N, ARG(P_MIN_UNSIGNED, 0), NULL},
	[A64_OP_ADDV_v] = {emit_sum_across, V_N, ARG(P_ADD, 0), NULL},
	[A64_OP_UADDLV_v] = {emit_sum_across, V_N, ARG(P_ADD, 1), up_to_h},
	[A64_OP_CNT_v] = {emit_by_nibbles, V_N, CONSTANT_BIT_COUNTS, NULL},
	[A64_OP_RBIT_v] = {emit_by_nibbles, V_N, CONSTANT_REVERSED_NIBBLES, NULL},
};
