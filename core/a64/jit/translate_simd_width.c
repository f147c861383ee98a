/*
 * AdvSIMD integer instructions between elements of two widths (core/a64/exec_simd_three.c,
 * exec_simd_two.c): ra is the narrow element's size, + 4 for the upper half of the narrow register,
 * + 8 * the index of an element.
 */
#include "core/a64/jit/simd.h"

#define SIZE(item)  ((item)->insn.ra & 3u)
#define UPPER(item) ((item)->insn.ra >> 2 & 1u)
#define INDEX(item) ((item)->insn.ra >> 3)

/* arg: the operation, then flags. */
enum operation { SUM, DIFFERENCE, PRODUCT };

#define SIGNED		4u
#define ACCUMULATE	8u
#define SUBTRACT	16u
#define ELEMENT		32u
#define WIDE		64u /* the first operand is wide already */
#define OPERATION(item) ((enum operation)((item)->info->arg & 3))

/* ---- To the wide element ---- */

/* The second operand, extended, to XMM1. */
static void extend_second(struct translator *t, const struct jit_item *item, bool is_signed)
{
	static const uint32_t extend[3] = {0, PMOVZXWD, PMOVZXDQ};

	if (item->info->arg & ELEMENT) {
		jit_broadcast(t, SIZE(item), XMM1, item->insn.rm, INDEX(item));
		jit_v2(t, extend[SIZE(item)], XMM1, rm_reg(XMM1));
	} else {
		jit_vector_extend(t, XMM1, item->insn.rm, UPPER(item), SIZE(item), is_signed);
	}
}

/*
 * The product to XMM0. Of signed words, PMADDWD makes it from words with zeros above them; of
 * doublewords, the host takes the lower words only.
 */
static void multiply(struct translator *t, const struct jit_item *item)
{
	bool is_signed = item->info->arg & SIGNED;
	bool extend_signed = is_signed && SIZE(item) == SIZE_B;
	unsigned ops[3] = {PMULLW, is_signed ? PMADDWD : PMULLD, is_signed ? PMULDQ : PMULUDQ};

	extend_second(t, item, extend_signed);
	jit_vector_extend(t, XMM0, item->insn.rn, UPPER(item), SIZE(item), extend_signed);
	jit_v3(t, ops[SIZE(item)], XMM0, XMM0, rm_reg(XMM1));
}

static void sum(struct translator *t, const struct jit_item *item)
{
	enum packed op = item->info->arg & SUBTRACT ? P_SUB : P_ADD;
	bool is_signed = item->info->arg & SIGNED;

	extend_second(t, item, is_signed);
	if (item->info->arg & WIDE)
		jit_vector_load(t, XMM0, item->insn.rn);
	else
		jit_vector_extend(t, XMM0, item->insn.rn, UPPER(item), SIZE(item), is_signed);
	jit_v3(t, jit_packed[op][SIZE(item) + 1], XMM0, XMM0, rm_reg(XMM1));
}

/* As a narrow element a difference is unsigned, and always fits. */
static void difference(struct translator *t, const struct jit_item *item)
{
	static const uint32_t extend[3] = {PMOVZXBW, PMOVZXWD, PMOVZXDQ};

	jit_difference(t, SIZE(item), !(item->info->arg & SIGNED), item->insn.rn, item->insn.rm);
	if (UPPER(item))
		jit_v2_imm(t, PSHUFD, XMM0, rm_reg(XMM0), 0xee);
	jit_v2(t, extend[SIZE(item)], XMM0, rm_reg(XMM0));
}

static void emit_long(struct translator *t, const struct jit_item *item)
{
	unsigned arg = item->info->arg, wide = SIZE(item) + 1;
	int result = XMM0;

	jit_check_fp(t, item);
	switch (OPERATION(item)) {
	case SUM: sum(t, item); break;
	case DIFFERENCE: difference(t, item); break;
	case PRODUCT: multiply(t, item); break;
	}
	if ((arg & ACCUMULATE) && (arg & SUBTRACT)) {
		jit_v3(t, jit_packed[P_SUB][wide], XMM1, jit_vector_source(t, item->insn.rd, XMM1),
		       rm_reg(XMM0));
		result = XMM1;
	} else if (arg & ACCUMULATE) {
		jit_v3(t, jit_packed[P_ADD][wide], XMM0, XMM0, jit_vector_rm(t, item->insn.rd));
	}
	jit_vector_store(t, item->insn.rd, result);
	jit_slow_back(t, item);
}

/* SSHLL, USHLL, and SHLL, whose amount is the element's size. */
static void emit_shift_long(struct translator *t, const struct jit_item *item)
{
	bool by_size = item->op == A64_OP_SHLL_v;
	unsigned by = by_size ? jit_size_bits(SIZE(item)) : item->insn.rm;

	jit_check_fp(t, item);
	jit_vector_extend(t, XMM0, item->insn.rn, UPPER(item), SIZE(item),
			  item->info->arg & SIGNED);
	if (by)
		jit_vshift(t, jit_pshift(SIZE(item) + 1), SHIFT_LEFT, XMM0, XMM0, by);
	jit_vector_store(t, item->insn.rd, XMM0);
	jit_slow_back(t, item);
}

/* ---- Pairs of Vn to the wide element ---- */

static void add_pairs(struct translator *t, unsigned size, bool is_signed, unsigned n)
{
	if (size == SIZE_B) { /* PMADDUBSW: its first operand is unsigned */
		if (is_signed)
			jit_v2(t, MOVAPS, XMM0, jit_constant(t, CONSTANT_ONE_B));
		else
			jit_vector_load(t, XMM0, n);
		jit_v3(t, PMADDUBSW, XMM0, XMM0,
		       is_signed ? jit_vector_rm(t, n) : jit_constant(t, CONSTANT_ONE_B));
	} else if (size == SIZE_H && is_signed) {
		jit_vector_load(t, XMM0, n);
		jit_v3(t, PMADDWD, XMM0, XMM0, jit_constant(t, CONSTANT_ONE_H));
	} else if (is_signed) {
		jit_v2_imm(t, PSHUFD, XMM0, jit_vector_rm(t, n), 0x08);
		jit_v2_imm(t, PSHUFD, XMM1, jit_vector_rm(t, n), 0x0d);
		jit_v2(t, PMOVSXDQ, XMM0, rm_reg(XMM0));
		jit_v2(t, PMOVSXDQ, XMM1, rm_reg(XMM1));
		jit_v3(t, PADDQ, XMM0, XMM0, rm_reg(XMM1));
	} else {
		unsigned op = jit_pshift(size + 1), bits = jit_size_bits(size);

		jit_vector_load(t, XMM0, n);
		jit_vshift(t, op, SHIFT_RIGHT, XMM1, XMM0, bits);
		jit_vshift(t, op, SHIFT_LEFT, XMM0, XMM0, bits);
		jit_vshift(t, op, SHIFT_RIGHT, XMM0, XMM0, bits);
		jit_v3(t, jit_packed[P_ADD][size + 1], XMM0, XMM0, rm_reg(XMM1));
	}
}

static void emit_add_pairs(struct translator *t, const struct jit_item *item)
{
	jit_check_fp(t, item);
	add_pairs(t, SIZE(item), item->info->arg & SIGNED, item->insn.rn);
	if (item->info->arg & ACCUMULATE)
		jit_v3(t, jit_packed[P_ADD][SIZE(item) + 1], XMM0, XMM0,
		       jit_vector_rm(t, item->insn.rd));
	jit_simd_done(t, item, XMM0);
	jit_slow_back(t, item);
}

/* ---- To the narrow element ---- */

/* The lower halves of XMM0's wide elements to its lower half. */
static void narrow(struct translator *t, unsigned size)
{
	switch (size) {
	case SIZE_B:
		jit_v3(t, PAND, XMM0, XMM0, jit_constant(t, CONSTANT_LOW_BYTES));
		jit_v3(t, PACKUSWB, XMM0, XMM0, rm_reg(XMM0));
		break;
	case SIZE_H:
		jit_v3(t, PAND, XMM0, XMM0, jit_constant(t, CONSTANT_LOW_WORDS));
		jit_v3(t, PACKUSDW, XMM0, XMM0, rm_reg(XMM0));
		break;
	default: jit_v2_imm(t, PSHUFD, XMM0, rm_reg(XMM0), 0x08); break;
	}
}

/* The lower half of XMM0 becomes the destination's lower half, or its upper one. */
static void store_narrow(struct translator *t, const struct jit_item *item)
{
	unsigned rd = item->insn.rd;

	if (UPPER(item)) {
		jit_v3(t, PUNPCKLQDQ, XMM1, jit_vector_source(t, rd, XMM1), rm_reg(XMM0));
		jit_vector_store(t, rd, XMM1);
	} else {
		jit_vector_store_low(t, rd, XMM0, 8);
	}
}

static void emit_xtn(struct translator *t, const struct jit_item *item)
{
	jit_check_fp(t, item);
	jit_vector_load(t, XMM0, item->insn.rn);
	narrow(t, SIZE(item));
	store_narrow(t, item);
	jit_slow_back(t, item);
}

/* SHRN, RSHRN; arg: the latter, which adds half of the last place: 1, by subtracting -1. */
static void emit_shrn(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	unsigned wide = SIZE(item) + 1, by = i->rm, rounding = item->info->arg;

	jit_check_fp(t, item);
	jit_vshift(t, jit_pshift(wide), SHIFT_RIGHT, XMM0, jit_vector_source(t, i->rn, XMM0),
		   by - rounding);
	if (rounding) {
		jit_vones(t, XMM1);
		jit_v3(t, jit_packed[P_SUB][wide], XMM0, XMM0, rm_reg(XMM1));
		jit_vshift(t, jit_pshift(wide), SHIFT_RIGHT, XMM0, XMM0, 1);
	}
	narrow(t, SIZE(item));
	store_narrow(t, item);
	jit_slow_back(t, item);
}

/* The upper halves of sums and differences. */
#define ROUNDING 4u

static void emit_high_half(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	enum packed op = OPERATION(item) == SUM ? P_ADD : P_SUB;
	unsigned wide = SIZE(item) + 1, bits = jit_size_bits(SIZE(item));

	jit_check_fp(t, item);
	jit_v3(t, jit_packed[op][wide], XMM0, jit_vector_source(t, i->rn, XMM0),
	       jit_vector_rm(t, i->rm));
	if (item->info->arg & ROUNDING) {
		jit_vones(t, XMM1);
		jit_vshift(t, jit_pshift(wide), SHIFT_RIGHT, XMM1, XMM1, 2 * bits - 1);
		jit_vshift(t, jit_pshift(wide), SHIFT_LEFT, XMM1, XMM1, bits - 1);
		jit_v3(t, jit_packed[P_ADD][wide], XMM0, XMM0, rm_reg(XMM1));
	}
	jit_vshift(t, jit_pshift(wide), SHIFT_RIGHT, XMM0, XMM0, bits);
	narrow(t, SIZE(item));
	store_narrow(t, item);
	jit_slow_back(t, item);
}

enum saturation { SIGNED_TO_SIGNED, SIGNED_TO_UNSIGNED, UNSIGNED_TO_UNSIGNED };

/* What is not the same when it is extended again has saturated. */
static void emit_saturating(struct translator *t, const struct jit_item *item)
{
	enum saturation kind = item->info->arg;
	bool bytes = SIZE(item) == SIZE_B;
	unsigned n = item->insn.rn;
	unsigned pack = kind == SIGNED_TO_SIGNED ? (bytes ? PACKSSWB : PACKSSDW)
						 : (bytes ? PACKUSWB : PACKUSDW);
	unsigned extend = kind == SIGNED_TO_SIGNED ? (bytes ? PMOVSXBW : PMOVSXWD)
						   : (bytes ? PMOVZXBW : PMOVZXWD);

	jit_check_fp(t, item);
	jit_vector_load(t, XMM0, n);
	if (kind == UNSIGNED_TO_UNSIGNED) /* the host's takes signed numbers */
		jit_v3(t, jit_packed[P_MIN_UNSIGNED][SIZE(item) + 1], XMM0, XMM0,
		       jit_constant(t, bytes ? CONSTANT_LOW_BYTES : CONSTANT_LOW_WORDS));
	jit_v3(t, pack, XMM0, XMM0, rm_reg(XMM0));
	jit_v2(t, extend, XMM1, rm_reg(XMM0));
	jit_v3(t, PCMPEQB, XMM1, XMM1, jit_vector_rm(t, n));
	jit_note_saturation(t, true, XMM1);
	store_narrow(t, item);
	jit_slow_back(t, item);
}

/* ---- The table ---- */

#define LONG(flags, arg) {emit_long, flags, arg, NULL}
#define SIGNED_AND_UNSIGNED(name, flags, arg) \
	[A64_OP_S##name] = LONG(flags, (arg) | SIGNED), [A64_OP_U##name] = LONG(flags, arg)
#define WITH_ELEMENT(name, flags, arg)             \
	SIGNED_AND_UNSIGNED(name##_v, flags, arg), \
		SIGNED_AND_UNSIGNED(name##_elem, flags, (arg) | ELEMENT)
/* "2" forms of narrowing keep the lower half. */
#define NARROW_N  V_DN
#define NARROW_NM V_DNM

const struct jit_op jit_simd_width_ops[A64_OPS] = {
	SIGNED_AND_UNSIGNED(ADDL_v, V_NM, SUM),
	SIGNED_AND_UNSIGNED(SUBL_v, V_NM, SUM | SUBTRACT),
	SIGNED_AND_UNSIGNED(ADDW_v, V_NM, SUM | WIDE),
	SIGNED_AND_UNSIGNED(SUBW_v, V_NM, SUM | SUBTRACT | WIDE),
	SIGNED_AND_UNSIGNED(ABDL_v, V_NM, DIFFERENCE),
	SIGNED_AND_UNSIGNED(ABAL_v, V_DNM, DIFFERENCE | ACCUMULATE),
	WITH_ELEMENT(MULL, V_NM, PRODUCT),
	WITH_ELEMENT(MLAL, V_DNM, PRODUCT | ACCUMULATE),
	WITH_ELEMENT(MLSL, V_DNM, PRODUCT | ACCUMULATE | SUBTRACT),
	[A64_OP_SSHLL_v] = {emit_shift_long, V_N, SIGNED, NULL},
	[A64_OP_USHLL_v] = {emit_shift_long, V_N, 0, NULL},
	[A64_OP_SHLL_v] = {emit_shift_long, V_N, 0, NULL},
	[A64_OP_SADDLP_v] = {emit_add_pairs, V_N, SIGNED, NULL},
	[A64_OP_UADDLP_v] = {emit_add_pairs, V_N, 0, NULL},
	[A64_OP_SADALP_v] = {emit_add_pairs, V_DN, SIGNED | ACCUMULATE, NULL},
	[A64_OP_UADALP_v] = {emit_add_pairs, V_DN, ACCUMULATE, NULL},
	[A64_OP_XTN_v] = {emit_xtn, NARROW_N, 0, NULL},
	[A64_OP_SHRN_v] = {emit_shrn, NARROW_N, 0, NULL},
	[A64_OP_RSHRN_v] = {emit_shrn, NARROW_N, 1, NULL},
	[A64_OP_ADDHN_v] = {emit_high_half, NARROW_NM, SUM, NULL},
	[A64_OP_RADDHN_v] = {emit_high_half, NARROW_NM, SUM | ROUNDING, NULL},
	[A64_OP_SUBHN_v] = {emit_high_half, NARROW_NM, DIFFERENCE, NULL},
	[A64_OP_RSUBHN_v] = {emit_high_half, NARROW_NM, DIFFERENCE | ROUNDING, NULL},
	[A64_OP_SQXTN_v] = {emit_saturating, NARROW_N & ~JIT_KEEPS, SIGNED_TO_SIGNED, jit_up_to_h},
	[A64_OP_SQXTUN_v] = {emit_saturating, NARROW_N & ~JIT_KEEPS, SIGNED_TO_UNSIGNED,
			     jit_up_to_h},
	[A64_OP_UQXTN_v] = {emit_saturating, NARROW_N & ~JIT_KEEPS, UNSIGNED_TO_UNSIGNED,
			    jit_up_to_h},
};
