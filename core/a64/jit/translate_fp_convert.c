/*
 * Scalar floating point: conversions among formats, to and from integers, and to integral numbers.
 * How the host's arithmetic is used: translate_fp.c.
 */
#include "core/a64/fp_lanes.h"
#include "core/a64/jit/fp.h"

/* ---- Rounding ---- */

void jit_check_inexact(struct translator *t, const struct jit_item *item)
{
	emit_test_imm(&t->code, false, CPU(fpsr), FPSR_IXC);
	jit_slow(t, item, CC_E);
}

void jit_add_half(struct translator *t, unsigned size, unsigned add)
{
	jit_v3(t, PAND, XMM1, XMM0,
	       jit_constant(t, size == SIZE_D ? CONSTANT_SIGN_D : CONSTANT_SIGN_S));
	jit_v3(t, POR, XMM1, XMM1,
	       jit_constant(t, size == SIZE_D ? CONSTANT_HALF_D : CONSTANT_HALF_S));
	jit_v2(t, add, XMM0, rm_reg(XMM1));
}

static void round_scalar(struct translator *t, unsigned size, int reg, unsigned how)
{
	jit_v2_imm(t, size == SIZE_D ? ROUNDSD : ROUNDSS, reg, rm_reg(reg), how);
}

/* XMM0 to the nearest integral number, halves away from zero. */
static void round_away(struct translator *t, unsigned size)
{
	jit_add_half(t, size, jit_scalar_fp(FP_ADD, size));
	round_scalar(t, size, XMM0, ROUND_ZERO | ROUND_QUIET);
}

/* FRINTN and others; arg: the operand of ROUNDSS. */
static void emit_round(struct translator *t, const struct jit_item *item)
{
	unsigned size = FP_SIZE(item);

	jit_check_fp(t, item);
	jit_vector_load_low(t, XMM0, item->insn.rn, 1u << size);
	round_scalar(t, size, XMM0, FP_ARG(item));
	jit_check_nan(t, item, size);
	jit_vector_store_low(t, item->insn.rd, XMM0, 1u << size);
	jit_slow_back(t, item);
}

static void emit_round_away(struct translator *t, const struct jit_item *item)
{
	unsigned size = FP_SIZE(item);

	jit_check_fp(t, item);
	jit_check_inexact(t, item);
	jit_vector_load_low(t, XMM0, item->insn.rn, 1u << size);
	round_away(t, size);
	jit_check_nan(t, item, size);
	jit_vector_store_low(t, item->insn.rd, XMM0, 1u << size);
	jit_slow_back(t, item);
}

/* ---- From integers ---- */

/* The integer in a general register to rd. An unsigned one above the signed range: slowly. */
static void from_integer(struct translator *t, const struct jit_item *item, unsigned size,
			 int source, bool wide, bool is_unsigned)
{
	struct code *c = &t->code;

	if (is_unsigned && wide) {
		emit_test(c, true, rm_reg(source), source);
		jit_slow(t, item, CC_S);
	} else if (is_unsigned) {
		emit_mov(c, false, RAX, source);
		source = RAX;
		wide = true;
	}
	jit_vzero(t, XMM0);
	emit_rm(c, size == SIZE_D ? CVTSI2SD : CVTSI2SS, wide, XMM0, rm_reg(source));
	jit_vector_store(t, item->insn.rd, XMM0);
	jit_slow_back(t, item);
}

/* SCVTF, UCVTF; arg: unsigned. rm is the register's width. */
static void emit_from_general(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;

	jit_check_fp(t, item);
	from_integer(t, item, i->ra == FP_64 ? SIZE_D : SIZE_S, jit_source(t, i->rn, RAX),
		     i->rm == 64, FP_ARG(item));
}

/* The same from a vector register, whose element has the format's size. */
static void emit_from_scalar(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	unsigned size = fp_shape_format(i->ra);

	jit_check_fp(t, item);
	jit_vector_extract(t, size, RAX, i->rn, 0, false, false);
	from_integer(t, item, size, RAX, size == SIZE_D, FP_ARG(item));
}

/* ---- To integers ---- */

#define UNSIGNED 8u

/*
 * The number in XMM0 to RAX, cut off. What does not fit, and the least number, the host gives as the
 * least number; so only what is below the signed range's end is converted if it is unsigned: as
 * integers, negative numbers and NaNs are greater.
 */
static void to_integer(struct translator *t, const struct jit_item *item, unsigned size, bool wide,
		       bool is_unsigned)
{
	struct code *c = &t->code;
	bool host_wide = wide || is_unsigned;

	if (is_unsigned) {
		uint64_t end = size == SIZE_D ? (wide ? 0x43e0000000000000 : 0x41f0000000000000)
					      : (wide ? 0x5f000000 : 0x4f800000);

		emit_rm(c, MOVD_STORE, size == SIZE_D, XMM0, rm_reg(RAX));
		emit_mov_imm(c, RCX, end);
		emit_alu(c, ALU_CMP, size == SIZE_D, RAX, rm_reg(RCX));
		jit_slow(t, item, CC_AE);
	}
	emit_rm(c, size == SIZE_D ? CVTTSD2SI : CVTTSS2SI, host_wide, RAX, rm_reg(XMM0));
	if (!is_unsigned) {
		emit_alu_imm(c, ALU_CMP, host_wide, rm_reg(RAX), 1);
		jit_slow(t, item, CC_O);
	}
}

/* Round rn to XMM0, and convert to RAX. arg: the direction, with UNSIGNED. */
static void round_to_integer(struct translator *t, const struct jit_item *item, unsigned size,
			     bool wide)
{
	enum fp_round round = FP_ARG(item) & 7;

	jit_check_fp(t, item);
	if (round != ROUND_ZERO)
		jit_check_inexact(t, item);
	jit_vector_load_low(t, XMM0, item->insn.rn, 1u << size);
	if (round == ROUND_AWAY)
		round_away(t, size);
	else if (round != ROUND_ZERO)
		round_scalar(t, size, XMM0, round | ROUND_QUIET);
	to_integer(t, item, size, wide, FP_ARG(item) & UNSIGNED);
}

/* FCVTZS and others. */
static void emit_to_general(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	bool wide = i->rm == 64;
	int target = jit_target(t, i->rd, RAX);

	round_to_integer(t, item, i->ra == FP_64 ? SIZE_D : SIZE_S, wide);
	emit_mov(&t->code, wide, target, RAX);
	jit_target_done(t, i->rd, target);
	jit_slow_back(t, item);
}

static void emit_to_scalar(struct translator *t, const struct jit_item *item)
{
	unsigned size = fp_shape_format(item->insn.ra);

	round_to_integer(t, item, size, size == SIZE_D);
	jit_vector_from_general(t, size, item->insn.rd, RAX);
	jit_slow_back(t, item);
}

/* ---- Between single and double ---- */

static void emit_widen(struct translator *t, const struct jit_item *item)
{
	jit_check_fp(t, item);
	jit_vzero(t, XMM0);
	jit_v2(t, jit_scalar_fp(FP_CONVERT, SIZE_S), XMM0, jit_vector_rm_low(t, item->insn.rn, 4));
	jit_check_nan(t, item, SIZE_D);
	jit_vector_store(t, item->insn.rd, XMM0);
	jit_slow_back(t, item);
}

static void emit_narrow(struct translator *t, const struct jit_item *item)
{
	jit_check_fp(t, item);
	jit_vzero(t, XMM0);
	jit_v2(t, jit_scalar_fp(FP_CONVERT, SIZE_D), XMM0, jit_vector_rm_low(t, item->insn.rn, 8));
	jit_check_result(t, item, SIZE_S);
	jit_vector_store(t, item->insn.rd, XMM0);
	jit_slow_back(t, item);
}

/* ---- The table ---- */

#define FROM_X (JIT_FP | JIT_FP_MODE | JIT_MEMORY | JIT_USE_N | JIT_DEF_VD)
#define TO_X   (JIT_FP | JIT_FP_MODE | JIT_MEMORY | JIT_USE_VN | JIT_DEF_D)

#define ROUNDS(name, emitter, arg)                                            \
	[A64_OP_##name##_s] = {emitter, F_N, FP_ARGUMENT(arg, SIZE_S), NULL}, \
	[A64_OP_##name##_d] = {emitter, F_N, FP_ARGUMENT(arg, SIZE_D), NULL}
/* To general and to vector registers. */
#define TO_INTEGER(name, arg)                                                       \
	[A64_OP_##name##_gpr] = {emit_to_general, TO_X, FP_ARGUMENT(arg, 0), NULL}, \
	[A64_OP_##name##_scalar] = {emit_to_scalar, F_N, FP_ARGUMENT(arg, 0), NULL}
#define TO_BOTH(name, arg) TO_INTEGER(name##S, arg), TO_INTEGER(name##U, (arg) | UNSIGNED)

const struct jit_op jit_fp_convert_ops[A64_OPS] = {
	ROUNDS(FRINTN, emit_round, ROUND_NEAREST | ROUND_QUIET),
	ROUNDS(FRINTM, emit_round, ROUND_DOWN | ROUND_QUIET),
	ROUNDS(FRINTP, emit_round, ROUND_UP | ROUND_QUIET),
	ROUNDS(FRINTZ, emit_round, ROUND_ZERO | ROUND_QUIET),
	ROUNDS(FRINTI, emit_round, ROUND_NEAREST | ROUND_QUIET),
	ROUNDS(FRINTX, emit_round, ROUND_NEAREST),
	ROUNDS(FRINTA, emit_round_away, 0),
	TO_BOTH(FCVTN, ROUND_NEAREST),
	TO_BOTH(FCVTM, ROUND_DOWN),
	TO_BOTH(FCVTP, ROUND_UP),
	TO_BOTH(FCVTZ, ROUND_ZERO),
	TO_BOTH(FCVTA, ROUND_AWAY),
	[A64_OP_SCVTF_gpr] = {emit_from_general, FROM_X, FP_ARGUMENT(0, 0), NULL},
	[A64_OP_UCVTF_gpr] = {emit_from_general, FROM_X, FP_ARGUMENT(1, 0), NULL},
	[A64_OP_SCVTF_scalar] = {emit_from_scalar, F_N, FP_ARGUMENT(0, 0), NULL},
	[A64_OP_UCVTF_scalar] = {emit_from_scalar, F_N, FP_ARGUMENT(1, 0), NULL},
	[A64_OP_FCVT_d_s] = {emit_widen, F_N, 0, NULL},
	[A64_OP_FCVT_s_d] = {emit_narrow, F_N, 0, NULL},
};
