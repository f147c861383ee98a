/*
 * Scalar floating point of single and double precision on the host's SSE and FMA.
 *
 * IEEE 754 leaves no choice in a result that is no NaN, so with rounding to nearest and without
 * flush-to-zero (fp_checks.c) the host's result is the guest's, but for:
 *
 *  - NaNs: which one is propagated, and the default NaN's sign, differ;
 *  - tininess, which Arm detects before rounding and x86 after it. The two can differ only where the
 *    result is the smallest normal number.
 *
 * In these cases, as with all else that is unusual, the interpreter's function does it again.
 *
 * The host's exception flags are cumulative as the guest's are, and come with the same operations:
 * they are left in MXCSR and moved to FPSR before C code may look (thunks.c). An operation that is
 * done again sets there no flag that it does not set in FPSR as well.
 */
#include "core/a64/jit/fp.h"

/* ---- Checks ---- */

static void ucomis(struct translator *t, unsigned size, int reg, struct x86_rm m)
{
	jit_v2(t, size == SIZE_D ? UCOMISD : UCOMISS, reg, m);
}

void jit_check_nan(struct translator *t, const struct jit_item *item, unsigned size)
{
	ucomis(t, size, XMM0, rm_reg(XMM0));
	jit_slow(t, item, CC_P);
}

/*
 * In the uppermost 16 bits the exponent lies above 4 or 7 bits of the fraction. The exponents of
 * NaNs and of the smallest normal number are all ones and 1: with 1 added these are 0 and 2, and 1,
 * between them, is that of zero.
 */
void jit_check_result(struct translator *t, const struct jit_item *item, unsigned size)
{
	struct code *c = &t->code;
	unsigned one = size == SIZE_D ? 1 << 4 : 1 << 7, field = size == SIZE_D ? 0x7ff0 : 0x7f80;

	emit_rm(c, PEXTRW_FROM, false, RAX, rm_reg(XMM0));
	emit8(c, size == SIZE_D ? 3 : 1);
	emit_alu_imm(c, ALU_ADD, false, rm_reg(RAX), (int32_t)one);
	emit_test_imm(c, false, rm_reg(RAX), (int32_t)(field & ~(2 * one)));
	jit_slow(t, item, CC_E);
}

/* ---- Arithmetic ---- */

static void emit_arithmetic(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	unsigned op = FP_ARG(item), size = FP_SIZE(item), bytes = FP_BYTES(item);
	int n;

	jit_check_fp(t, item);
	n = jit_vector_source_low(t, i->rn, XMM0, bytes);
	jit_v3(t, jit_scalar_fp(op, size), XMM0, n,
	       op == FP_SQRT ? rm_reg(n) : jit_vector_rm_low(t, i->rm, bytes));
	if (op == FP_MUL || op == FP_DIV)
		jit_check_result(t, item, size);
	else
		jit_check_nan(t, item, size);
	jit_vector_store_low(t, i->rd, XMM0, bytes);
	jit_slow_back(t, item);
}

static struct x86_rm sign(const struct translator *t, unsigned size)
{
	return jit_constant(t, size == SIZE_D ? CONSTANT_SIGN_D : CONSTANT_SIGN_S);
}

static void emit_fnmul(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	unsigned size = FP_SIZE(item), bytes = FP_BYTES(item);

	jit_check_fp(t, item);
	jit_v3(t, jit_scalar_fp(FP_MUL, size), XMM0, jit_vector_source_low(t, i->rn, XMM0, bytes),
	       jit_vector_rm_low(t, i->rm, bytes));
	jit_check_result(t, item, size);
	jit_v3(t, PXOR, XMM0, XMM0, sign(t, size));
	jit_vector_store_low(t, i->rd, XMM0, bytes);
	jit_slow_back(t, item);
}

enum fused { FMADD, FMSUB, FNMADD, FNMSUB };

/* +-(n * m) +- a, rounded once. */
static void emit_fused(struct translator *t, const struct jit_item *item)
{
	/* a is the destination */
	static const uint32_t ops[4] = {VFMADD231S, VFNMADD231S, VFNMSUB231S, VFMSUB231S};
	const struct a64_insn *i = &item->insn;
	unsigned size = FP_SIZE(item), bytes = FP_BYTES(item);

	jit_check_fp(t, item);
	jit_vector_load_low(t, XMM0, i->ra, bytes);
	emit_vex(&t->code, ops[FP_ARG(item)], size == SIZE_D, XMM0,
		 jit_vector_source_low(t, i->rn, XMM1, bytes), jit_vector_rm_low(t, i->rm, bytes));
	jit_check_result(t, item, size);
	jit_vector_store_low(t, i->rd, XMM0, bytes);
	jit_slow_back(t, item);
}

/* ---- Comparison ---- */

/*
 * The comparison's flags, with zero or with rm: the host's order as the difference of "greater" and
 * "less". Unordered numbers are left to the slow path, which comes back with such a pair in RAX and RCX
 * too.
 */
static void compare(struct translator *t, const struct jit_item *item, bool with_zero)
{
	const struct a64_insn *i = &item->insn;
	unsigned size = FP_SIZE(item);
	struct code *c = &t->code;
	int n = jit_vector_source_low(t, i->rn, XMM0, FP_BYTES(item));

	if (with_zero) {
		jit_vzero(t, XMM1);
		ucomis(t, size, n, rm_reg(XMM1));
	} else {
		ucomis(t, size, n, jit_vector_rm_low(t, i->rm, FP_BYTES(item)));
	}
	jit_slow(t, item, CC_P);
	emit_setcc(c, CC_A, rm_reg(RAX));
	emit_setcc(c, CC_B, rm_reg(RCX));
	emit_op(c, 0x1b6, false, true, RAX, rm_reg(RAX));
	emit_op(c, 0x1b6, false, true, RCX, rm_reg(RCX));
	jit_slow_back(t, item);
	t->kind = KIND_UNKNOWN;
	jit_flags_store(t, item, KIND_SUB_32, RAX, rm_reg(RCX), NULL);
	emit_alu(c, ALU_CMP, false, RAX, rm_reg(RCX));
	t->flags = FLAGS_SUB;
}

/* arg: 1 with zero. */
static void emit_compare(struct translator *t, const struct jit_item *item)
{
	jit_check_fp(t, item);
	compare(t, item, FP_ARG(item));
}

/* Checks that are made change the host's flags. */
static void check_fp_before_condition(struct translator *t, const struct jit_item *item)
{
	if (item->check_fp || item->check_mode)
		t->flags = FLAGS_NONE;
	jit_check_fp(t, item);
}

/* FCCMP, FCCMPE: ra is the condition, rd the flags where it does not hold. */
static void emit_compare_if(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	struct code *c = &t->code;
	uint8_t *otherwise, *done;

	if (jit_is_entry(&t->region, item)) { /* its slow path would come back with any flags */
		jit_emit_call(t, item);
		t->flags = FLAGS_NONE;
		return;
	}
	check_fp_before_condition(t, item);
	if (i->ra >= 14) {
		compare(t, item, false);
		return;
	}
	jit_vector_need(t, i->rn, FP_BYTES(item)); /* not on one of two paths alone */
	jit_vector_need(t, i->rm, FP_BYTES(item));
	otherwise = emit_jcc(c, jit_condition(t, i->ra) ^ 1);
	compare(t, item, false);
	done = emit_jmp(c);
	patch_here(c, otherwise);
	jit_flags_constant(t, item, i->rd);
	patch_here(c, done);
}

static void emit_fcsel(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	unsigned bytes = FP_BYTES(item);
	uint8_t *holds;
	enum x86_cc cc;

	check_fp_before_condition(t, item);
	if (i->ra >= 14) {
		jit_vector_load_low(t, XMM0, i->rn, bytes);
	} else {
		jit_vector_need(t, i->rm, bytes); /* not on one of two paths alone */
		cc = jit_condition(t, i->ra);
		jit_vector_load_low(t, XMM0, i->rn, bytes);
		holds = emit_jcc(&t->code, cc);
		jit_vector_load_low(t, XMM0, i->rm, bytes);
		patch_here(&t->code, holds);
	}
	jit_vector_store_low(t, i->rd, XMM0, bytes);
	jit_slow_back(t, item);
}

/* ---- Maximum and minimum: where equal, only zeros can differ, in their sign; arg: minimum ---- */

static void emit_extreme(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	struct code *c = &t->code;
	bool minimum = FP_ARG(item);
	unsigned size = FP_SIZE(item), bytes = FP_BYTES(item);
	uint8_t *differ, *done;

	jit_check_fp(t, item);
	jit_vector_load_low(t, XMM0, i->rn, bytes);
	jit_vector_load_low(t, XMM1, i->rm, bytes);
	ucomis(t, size, XMM0, rm_reg(XMM1));
	jit_slow(t, item, CC_P);
	differ = emit_jcc(c, CC_NE);
	jit_v3(t, minimum ? POR : PAND, XMM0, XMM0, rm_reg(XMM1));
	done = emit_jmp(c);
	patch_here(c, differ);
	jit_v2(t, jit_scalar_fp(minimum ? FP_MIN : FP_MAX, size), XMM0, rm_reg(XMM1));
	patch_here(c, done);
	jit_vector_store_low(t, i->rd, XMM0, bytes);
	jit_slow_back(t, item);
}

/* ---- Moves of bits ---- */

static void emit_fmov(struct translator *t, const struct jit_item *item)
{
	unsigned bytes = FP_BYTES(item);

	jit_check_fp(t, item);
	jit_vector_store_low(t, item->insn.rd, jit_vector_source_low(t, item->insn.rn, XMM0, bytes),
			     bytes);
	jit_slow_back(t, item);
}

/* FABS, FNEG; arg: the latter. */
static void emit_sign(struct translator *t, const struct jit_item *item)
{
	unsigned bytes = FP_BYTES(item);
	int n;

	jit_check_fp(t, item);
	n = jit_vector_source_low(t, item->insn.rn, XMM1, bytes);
	if (FP_ARG(item)) {
		jit_v3(t, PXOR, XMM0, n, sign(t, FP_SIZE(item)));
	} else {
		jit_v2(t, MOVAPS, XMM0, sign(t, FP_SIZE(item)));
		jit_v3(t, PANDN, XMM0, XMM0, rm_reg(n));
	}
	jit_vector_store_low(t, item->insn.rd, XMM0, bytes);
	jit_slow_back(t, item);
}

static void emit_fmov_imm(struct translator *t, const struct jit_item *item)
{
	jit_check_fp(t, item);
	emit_mov_imm(&t->code, RAX, item->insn.uimm);
	jit_vector_from_general(t, FP_SIZE(item), item->insn.rd, RAX);
	jit_slow_back(t, item);
}

static void emit_fmov_to_general(struct translator *t, const struct jit_item *item)
{
	int target = jit_target(t, item->insn.rd, RAX);

	jit_check_fp(t, item);
	jit_vector_extract(t, FP_SIZE(item), target, item->insn.rn, 0, false, false);
	jit_target_done(t, item->insn.rd, target);
	jit_slow_back(t, item);
}

static void emit_fmov_from_general(struct translator *t, const struct jit_item *item)
{
	jit_check_fp(t, item);
	jit_vector_from_general(t, FP_SIZE(item), item->insn.rd, jit_source(t, item->insn.rn, RAX));
	jit_slow_back(t, item);
}

/* ---- The table ---- */

#define F_COMPARE    (JIT_FP | JIT_FP_MODE | JIT_MEMORY | JIT_SETS_F | JIT_USE_VN)
#define F_COMPARE_IF (F_COMPARE | JIT_USE_VM | JIT_READS_F)
#define TO_X	     (JIT_FP | JIT_KEEPS | JIT_DEF_D | JIT_USE_VN)
#define FROM_X	     (JIT_FP | JIT_KEEPS | JIT_DEF_VD | JIT_USE_N)

#define FORMATS(name, emitter, flags, arg, inlined)                                \
	[A64_OP_##name##_s] = {emitter, flags, FP_ARGUMENT(arg, SIZE_S), inlined}, \
	[A64_OP_##name##_d] = {emitter, flags, FP_ARGUMENT(arg, SIZE_D), inlined}

const struct jit_op jit_fp_ops[A64_OPS] = {
	FORMATS(FADD, emit_arithmetic, F_NM, FP_ADD, NULL),
	FORMATS(FSUB, emit_arithmetic, F_NM, FP_SUB, NULL),
	FORMATS(FMUL, emit_arithmetic, F_NM, FP_MUL, NULL),
	FORMATS(FDIV, emit_arithmetic, F_NM, FP_DIV, NULL),
	FORMATS(FSQRT, emit_arithmetic, F_N, FP_SQRT, NULL),
	FORMATS(FNMUL, emit_fnmul, F_NM, 0, NULL),
	FORMATS(FMADD, emit_fused, F_NMA, FMADD, jit_has_fma),
	FORMATS(FMSUB, emit_fused, F_NMA, FMSUB, jit_has_fma),
	FORMATS(FNMADD, emit_fused, F_NMA, FNMADD, jit_has_fma),
	FORMATS(FNMSUB, emit_fused, F_NMA, FNMSUB, jit_has_fma),
	FORMATS(FCMP, emit_compare, F_COMPARE | JIT_USE_VM, 0, NULL),
	FORMATS(FCMPE, emit_compare, F_COMPARE | JIT_USE_VM, 0, NULL),
	FORMATS(FCMP_zero, emit_compare, F_COMPARE, 1, NULL),
	FORMATS(FCMPE_zero, emit_compare, F_COMPARE, 1, NULL),
	FORMATS(FCCMP, emit_compare_if, F_COMPARE_IF, 0, NULL),
	FORMATS(FCCMPE, emit_compare_if, F_COMPARE_IF, 0, NULL),
	FORMATS(FMAX, emit_extreme, F_NM, 0, NULL),
	FORMATS(FMAXNM, emit_extreme, F_NM, 0, NULL),
	FORMATS(FMIN, emit_extreme, F_NM, 1, NULL),
	FORMATS(FMINNM, emit_extreme, F_NM, 1, NULL),
	FORMATS(FMOV, emit_fmov, V_N, 0, NULL),
	FORMATS(FABS, emit_sign, V_N, 0, NULL),
	FORMATS(FNEG, emit_sign, V_N, 1, NULL),
	FORMATS(FCSEL, emit_fcsel, V_NM | JIT_READS_F, 0, NULL),
	FORMATS(FMOV_imm, emit_fmov_imm, JIT_FP | JIT_KEEPS | JIT_DEF_VD, 0, NULL),
	[A64_OP_FMOV_w_s] = {emit_fmov_to_general, TO_X, FP_ARGUMENT(0, SIZE_S), NULL},
	[A64_OP_FMOV_x_d] = {emit_fmov_to_general, TO_X, FP_ARGUMENT(0, SIZE_D), NULL},
	[A64_OP_FMOV_s_w] = {emit_fmov_from_general, FROM_X, FP_ARGUMENT(0, SIZE_S), NULL},
	[A64_OP_FMOV_d_x] = {emit_fmov_from_general, FROM_X, FP_ARGUMENT(0, SIZE_D), NULL},
};
