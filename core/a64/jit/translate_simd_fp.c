/*
 * AdvSIMD floating point of single and double precision, packed; how the host's arithmetic is used is
 * in translate_fp.c. The operand ra is the shape of the lanes (core/a64/fp_lanes.h): where there are
 * fewer than fill a vector, the others are 0 in all operands, so that they set no flags.
 */
#include "core/a64/jit/simd_fp.h"

/* ---- Operands of any shape ---- */

/* Clear what is above so many bytes. */
static void keep_bytes(struct translator *t, unsigned bytes, int reg)
{
	if (bytes == 8)
		jit_v2(t, MOVQ, reg, rm_reg(reg));
	else if (bytes == 4)
		jit_v2_imm(t, INSERTPS, reg, rm_reg(reg), 0x0e);
}

void jit_lanes_load(struct translator *t, const struct jit_item *item, int reg, unsigned v)
{
	if (BYTES(item) == 16)
		jit_vector_load(t, reg, v);
	else
		jit_vector_load_scalar(t, BYTES(item) == 8 ? SIZE_D : SIZE_S, reg, v);
}

/* The same without a copy where there is none to make. */
static int source(struct translator *t, const struct jit_item *item, unsigned v, int scratch)
{
	if (BYTES(item) == 16)
		return jit_vector_source(t, v, scratch);
	jit_lanes_load(t, item, scratch, v);
	return scratch;
}

/* Element imm of rm in each lane. */
static void load_element(struct translator *t, const struct jit_item *item, int reg)
{
	jit_broadcast(t, LANE_SIZE(item), reg, item->insn.rm, (unsigned)item->insn.imm);
	keep_bytes(t, BYTES(item), reg);
}

void jit_lanes_store(struct translator *t, const struct jit_item *item, int reg)
{
	jit_vector_store_low(t, item->insn.rd, reg, BYTES(item));
}

static struct x86_rm signs(const struct translator *t, unsigned size)
{
	static const enum jit_constant constants[] = {
		[SIZE_H] = CONSTANT_SIGN_H, [SIZE_S] = CONSTANT_SIGN_S, [SIZE_D] = CONSTANT_SIGN_D};

	return jit_constant(t, constants[size]);
}

/* reg without its signs, to `to`. */
static void absolute(struct translator *t, unsigned size, int to, int reg)
{
	jit_v2(t, MOVAPS, to, signs(t, size));
	jit_v3(t, PANDN, to, to, rm_reg(reg));
}

/* ---- Checks ---- */

void jit_lanes_check_mask(struct translator *t, const struct jit_item *item, unsigned size,
			  int mask)
{
	jit_v2(t, size == SIZE_D ? MOVMSKPD : MOVMSKPS, RAX, rm_reg(mask));
	emit_test(&t->code, false, rm_reg(RAX), RAX);
	jit_slow(t, item, CC_NE);
}

#define UNORDERED 3 /* operands of CMPPS */
#define EQUAL	  0
#define LESS	  1 /* these two signal quiet NaNs, as the guest's do */
#define AT_MOST	  2

void jit_lanes_check_unordered(struct translator *t, const struct jit_item *item, unsigned size,
			       int a, int b)
{
	jit_v3_imm(t, jit_packed_fp(FP_COMPARE, size), XMM2, a, rm_reg(b), UNORDERED);
	jit_lanes_check_mask(t, item, size, XMM2);
}

void jit_lanes_check_results(struct translator *t, const struct jit_item *item, unsigned size)
{
	struct x86_rm tiny = jit_constant(t, size == SIZE_D ? CONSTANT_TINY_D : CONSTANT_TINY_S);

	absolute(t, size, XMM3, XMM0);
	jit_v3(t, size == SIZE_D ? PCMPEQQ : PCMPEQD, XMM3, XMM3, tiny);
	jit_v3_imm(t, jit_packed_fp(FP_COMPARE, size), XMM2, XMM0, rm_reg(XMM0), UNORDERED);
	jit_v3(t, POR, XMM2, XMM2, rm_reg(XMM3));
	jit_lanes_check_mask(t, item, size, XMM2);
}

/* ---- Arithmetic; arg: enum fp_op, then flags ---- */

#define ELEMENT	   0x100u
#define DIFFERENCE 0x200u /* FABD */
#define OP(item)   ((item)->info->arg & 0xff)

static void emit_binary(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	unsigned op = OP(item), size = LANE_SIZE(item);
	int m = XMM1;

	jit_check_fp(t, item);
	jit_lanes_load(t, item, XMM0, i->rn);
	if (item->info->arg & ELEMENT)
		load_element(t, item, XMM1);
	else
		m = source(t, item, i->rm, XMM1);
	if (op == FP_DIV && BYTES(item) == 8) /* 0 / 1 */
		jit_v3(t, POR, XMM1, XMM1, jit_constant(t, CONSTANT_UPPER_ONES));
	jit_v3(t, jit_packed_fp(op, size), XMM0, XMM0, rm_reg(m));
	if (op == FP_MUL || op == FP_DIV)
		jit_lanes_check_results(t, item, size);
	else
		jit_lanes_check_unordered(t, item, size, XMM0, XMM0);
	if (item->info->arg & DIFFERENCE) {
		absolute(t, size, XMM1, XMM0);
		jit_vmov(t, XMM0, XMM1);
	}
	jit_vector_store(t, i->rd, XMM0);
	jit_slow_back(t, item);
}

/* FMLA, FMLS: the destination is the addend. */
#define NEGATED 0x400u

static void emit_fused(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	unsigned op = item->info->arg & NEGATED ? VFNMADD231P : VFMADD231P;
	unsigned size = LANE_SIZE(item);
	int n, m = XMM2;

	jit_check_fp(t, item);
	jit_lanes_load(t, item, XMM0, i->rd);
	n = source(t, item, i->rn, XMM1);
	if (item->info->arg & ELEMENT)
		load_element(t, item, XMM2);
	else
		m = source(t, item, i->rm, XMM2);
	emit_vex(&t->code, op, size == SIZE_D, XMM0, n, rm_reg(m));
	jit_lanes_check_results(t, item, size);
	jit_vector_store(t, i->rd, XMM0);
	jit_slow_back(t, item);
}

static void emit_sqrt(struct translator *t, const struct jit_item *item)
{
	unsigned size = LANE_SIZE(item);

	jit_check_fp(t, item);
	jit_lanes_load(t, item, XMM0, item->insn.rn);
	jit_v2(t, jit_packed_fp(FP_SQRT, size), XMM0, rm_reg(XMM0));
	jit_lanes_check_unordered(t, item, size, XMM0, XMM0);
	jit_vector_store(t, item->insn.rd, XMM0);
	jit_slow_back(t, item);
}

/*
 * Of XMM0 and XMM1, in which there are no NaNs, the greater or the lesser to XMM0. The host gives the second
 * of two zeros: both ways, and the zero that has a sign, or not, of the two results.
 */
static void extreme(struct translator *t, unsigned op, unsigned size)
{
	jit_v3(t, jit_packed_fp(op, size), XMM2, XMM0, rm_reg(XMM1));
	jit_v3(t, jit_packed_fp(op, size), XMM1, XMM1, rm_reg(XMM0));
	jit_v3(t, op == FP_MIN ? POR : PAND, XMM0, XMM1, rm_reg(XMM2));
}

/* FMAX, FMIN, FMAXNM, FMINNM. Any NaN would set the host's flag, so they are looked for first. */
static void emit_extreme(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	unsigned size = LANE_SIZE(item);

	jit_check_fp(t, item);
	jit_lanes_load(t, item, XMM0, i->rn);
	jit_lanes_load(t, item, XMM1, i->rm);
	jit_lanes_check_unordered(t, item, size, XMM0, XMM1);
	extreme(t, OP(item), size);
	jit_vector_store(t, i->rd, XMM0);
	jit_slow_back(t, item);
}

/* Of the pairs of Vm:Vn: the even lanes and the odd ones. */
static void emit_extreme_pairs(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	unsigned size = LANE_SIZE(item);

	jit_check_fp(t, item);
	jit_lanes_load(t, item, XMM0, i->rn);
	if (BYTES(item) == 16)
		jit_vector_load(t, XMM1, i->rm);
	else
		jit_v3(t, PUNPCKLQDQ, XMM0, XMM0, jit_vector_rm_low(t, i->rm, 8));
	jit_vmov(t, XMM2, XMM0);
	jit_vmov(t, XMM3, BYTES(item) == 16 ? XMM1 : XMM0);
	jit_unzip_registers(t, size, XMM0, XMM3, false);
	jit_unzip_registers(t, size, XMM2, XMM3, true);
	jit_vmov(t, XMM1, XMM2);
	jit_lanes_check_unordered(t, item, size, XMM0, XMM1);
	extreme(t, OP(item), size);
	jit_lanes_store(t, item, XMM0);
	jit_slow_back(t, item);
}

/* Of all lanes, two of double precision, or two or four of single: neighbours, then their results. */
static void emit_extreme_across(struct translator *t, const struct jit_item *item)
{
	unsigned size = LANE_SIZE(item), bytes = BYTES(item);

	jit_check_fp(t, item);
	jit_lanes_load(t, item, XMM0, item->insn.rn);
	jit_lanes_check_unordered(t, item, size, XMM0, XMM0);
	jit_v2_imm(t, PSHUFD, XMM1, rm_reg(XMM0), size == SIZE_D ? 0x4e : 0xb1);
	extreme(t, OP(item), size);
	if (bytes >> size == 4) {
		jit_v2_imm(t, PSHUFD, XMM1, rm_reg(XMM0), 0x4e);
		extreme(t, OP(item), size);
	}
	jit_vector_store_low(t, item->insn.rd, XMM0, 1u << size);
	jit_slow_back(t, item);
}

/* FADDP: sums of the pairs of Vm:Vn, or of the one pair of Vn. */
static void emit_add_pairs(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	unsigned size = LANE_SIZE(item), op = size == SIZE_D ? HADDPD : HADDPS;
	bool scalar = item->op == A64_OP_FADDP_scalar, whole = BYTES(item) == 16;

	jit_check_fp(t, item);
	jit_lanes_load(t, item, XMM0, i->rn);
	if (!scalar && !whole)
		jit_v3(t, PUNPCKLQDQ, XMM0, XMM0, jit_vector_rm(t, i->rm));
	jit_v3(t, op, XMM0, XMM0, scalar || !whole ? rm_reg(XMM0) : jit_vector_rm(t, i->rm));
	jit_lanes_check_unordered(t, item, size, XMM0, XMM0);
	jit_vector_store_low(t, i->rd, XMM0, scalar ? 1u << size : BYTES(item));
	jit_slow_back(t, item);
}

/* FABS, FNEG: of half precision too. */
static void emit_abs(struct translator *t, const struct jit_item *item)
{
	jit_check_fp(t, item);
	absolute(t, LANE_SIZE(item), XMM0, jit_vector_source(t, item->insn.rn, XMM1));
	jit_lanes_store(t, item, XMM0);
	jit_slow_back(t, item);
}

static void emit_negate_lanes(struct translator *t, const struct jit_item *item)
{
	jit_check_fp(t, item);
	jit_vector_load(t, XMM0, item->insn.rn);
	jit_v3(t, PXOR, XMM0, XMM0, signs(t, LANE_SIZE(item)));
	jit_lanes_store(t, item, XMM0);
	jit_slow_back(t, item);
}

/* ---- Comparisons; arg: how, then flags ---- */

#define SWAPPED	 8u
#define ABSOLUTE 16u
#define ZERO	 32u

static void emit_compare_lanes(struct translator *t, const struct jit_item *item)
{
	unsigned arg = item->info->arg, size = LANE_SIZE(item);
	int a = arg & SWAPPED ? XMM1 : XMM0, b = arg & SWAPPED ? XMM0 : XMM1;

	jit_check_fp(t, item);
	jit_lanes_load(t, item, XMM0, item->insn.rn);
	if (arg & ZERO)
		jit_vzero(t, XMM1);
	else
		jit_lanes_load(t, item, XMM1, item->insn.rm);
	if (arg & ABSOLUTE) {
		jit_vmov(t, XMM2, XMM0);
		absolute(t, size, XMM0, XMM2);
		jit_vmov(t, XMM2, XMM1);
		absolute(t, size, XMM1, XMM2);
	}
	jit_v3_imm(t, jit_packed_fp(FP_COMPARE, size), a, a, rm_reg(b), arg & 7);
	jit_lanes_store(t, item, a);
	jit_slow_back(t, item);
}

/* ---- The table ---- */

/* Comparisons never need the slow path. */
#define C_N  (V_N | JIT_FP_MODE)
#define C_NM (V_NM | JIT_FP_MODE)

#define VECTOR(name, emitter, flags, arg, inlined) \
	[A64_OP_##name##_vector] = {emitter, flags, arg, inlined}
#define BOTH(name, emitter, flags, arg)          \
	VECTOR(name, emitter, flags, arg, NULL), \
		[A64_OP_##name##_scalar] = {emitter, flags, arg, NULL}
#define BY_ELEMENT(name, emitter, flags, arg, inlined)                       \
	[A64_OP_##name##_element_s] = {emitter, flags, arg, inlined},        \
	[A64_OP_##name##_element_d] = {emitter, flags, arg, inlined},        \
	[A64_OP_##name##_scalar_element_s] = {emitter, flags, arg, inlined}, \
	[A64_OP_##name##_scalar_element_d] = {emitter, flags, arg, inlined}

/* Of pairs, of one pair, across a vector. */
#define PAIRS(name, op)                                                           \
	VECTOR(name##P, emit_extreme_pairs, F_NM, op, NULL),                      \
		[A64_OP_##name##P_scalar] = {emit_extreme_across, F_N, op, NULL}, \
		[A64_OP_##name##V] = {emit_extreme_across, F_N, op, NULL}

const struct jit_op jit_simd_fp_ops[A64_OPS] = {
	VECTOR(FADD, emit_binary, F_NM, FP_ADD, NULL),
	VECTOR(FSUB, emit_binary, F_NM, FP_SUB, NULL),
	VECTOR(FMUL, emit_binary, F_NM, FP_MUL, NULL),
	VECTOR(FDIV, emit_binary, F_NM, FP_DIV, NULL),
	BOTH(FABD, emit_binary, F_NM, FP_SUB | DIFFERENCE),
	BY_ELEMENT(FMUL, emit_binary, F_NM, FP_MUL | ELEMENT, NULL),
	VECTOR(FMLA, emit_fused, F_DNM, 0, jit_has_fma),
	VECTOR(FMLS, emit_fused, F_DNM, NEGATED, jit_has_fma),
	BY_ELEMENT(FMLA, emit_fused, F_DNM, ELEMENT, jit_has_fma),
	BY_ELEMENT(FMLS, emit_fused, F_DNM, ELEMENT | NEGATED, jit_has_fma),
	VECTOR(FSQRT, emit_sqrt, F_N, 0, NULL),
	VECTOR(FMAX, emit_extreme, F_NM, FP_MAX, NULL),
	VECTOR(FMIN, emit_extreme, F_NM, FP_MIN, NULL),
	VECTOR(FMAXNM, emit_extreme, F_NM, FP_MAX, NULL),
	VECTOR(FMINNM, emit_extreme, F_NM, FP_MIN, NULL),
	PAIRS(FMAX, FP_MAX),
	PAIRS(FMIN, FP_MIN),
	PAIRS(FMAXNM, FP_MAX),
	PAIRS(FMINNM, FP_MIN),
	VECTOR(FADDP, emit_add_pairs, F_NM, 0, NULL),
	[A64_OP_FADDP_scalar] = {emit_add_pairs, F_N, 0, NULL},
	VECTOR(FABS, emit_abs, V_N, 0, NULL),
	VECTOR(FNEG, emit_negate_lanes, V_N, 0, NULL),
	[A64_OP_FABS_vector_h] = {emit_abs, V_N, 0, NULL},
	[A64_OP_FNEG_vector_h] = {emit_negate_lanes, V_N, 0, NULL},
	BOTH(FCMEQ, emit_compare_lanes, C_NM, EQUAL),
	BOTH(FCMGE, emit_compare_lanes, C_NM, AT_MOST | SWAPPED),
	BOTH(FCMGT, emit_compare_lanes, C_NM, LESS | SWAPPED),
	BOTH(FACGE, emit_compare_lanes, C_NM, AT_MOST | SWAPPED | ABSOLUTE),
	BOTH(FACGT, emit_compare_lanes, C_NM, LESS | SWAPPED | ABSOLUTE),
	BOTH(FCMEQ_zero, emit_compare_lanes, C_N, EQUAL | ZERO),
	BOTH(FCMGE_zero, emit_compare_lanes, C_N, AT_MOST | SWAPPED | ZERO),
	BOTH(FCMGT_zero, emit_compare_lanes, C_N, LESS | SWAPPED | ZERO),
	BOTH(FCMLE_zero, emit_compare_lanes, C_N, AT_MOST | ZERO),
	BOTH(FCMLT_zero, emit_compare_lanes, C_N, LESS | ZERO),
};
