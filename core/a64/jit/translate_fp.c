/*
 * Scalar floating point of single and double precision on the host's SSE2 and FMA.
 *
 * IEEE 754 leaves no choice in a result that is no NaN, so with rounding to nearest and without
 * flush-to-zero (FPCR is looked at by each instruction) the host's result is the guest's, but for:
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
#include "core/a64/jit/jit.h"

enum { XMM0, XMM1, XMM2 };

/* arg: FORMAT_64, and what else the emitter needs above it. */
#define FORMAT_64     1u
#define IS_64(item)   ((item)->info->arg & FORMAT_64)
#define ARG_OP(item)  ((item)->info->arg >> 1)
#define ARG(op, wide) ((unsigned)(op) << 1 | (wide))

#define OP_SQRT 0x51
#define OP_ADD	0x58
#define OP_MUL	0x59
#define OP_SUB	0x5c
#define OP_DIV	0x5e

static struct x86_rm v_at(unsigned v)
{
	return cpu_at(offsetof(struct a64_cpu, v) + 16 * v);
}

/* A scalar instruction of SSE: F3 0F for single, F2 0F for double. */
static void scalar(struct translator *t, unsigned opcode, bool wide, int reg, struct x86_rm m)
{
	emit_rm(&t->code, (wide ? 0xf20100u : 0xf30100u) | opcode, false, reg, m);
}

/* Load the lowest element; all above it becomes 0. */
static void load(struct translator *t, bool wide, int reg, unsigned v)
{
	scalar(t, 0x10, wide, reg, v_at(v));
}

/* Store a register whose upper part is 0. */
static void store(struct translator *t, int reg, unsigned v)
{
	emit_rm(&t->code, 0x129, false, reg, v_at(v));
}

static void store_general(struct translator *t, unsigned v, int reg)
{
	emit_store(&t->code, true, v_at(v), reg);
	emit_store_imm32(&t->code, true, cpu_at(offsetof(struct a64_cpu, v) + 16 * v + 8), 0);
}

/* FP is enabled. An instruction that traps does not come back, so a block checks once. */
static void check_enabled(struct translator *t, const struct jit_item *item)
{
	if (t->fp_checked)
		return;
	emit_cmp8_imm(&t->code, CPU(fp_trapped), 0);
	jit_slow(t, item, CC_NE);
	t->fp_checked = true;
}

/* And rounding is to nearest, and nothing is flushed to zero. */
static void check_mode(struct translator *t, const struct jit_item *item)
{
	check_enabled(t, item);
	emit_test_imm(&t->code, false, CPU(fpcr), FPCR_FZ | FPCR_RMODE);
	jit_slow(t, item, CC_NE);
}

static void ucomis(struct translator *t, bool wide, int reg, struct x86_rm m)
{
	emit_rm(&t->code, wide ? 0x66012e : 0x12e, false, reg, m);
}

static void check_nan(struct translator *t, const struct jit_item *item, bool wide)
{
	ucomis(t, wide, XMM0, rm_reg(XMM0));
	jit_slow(t, item, CC_P);
}

/* XMM0 is the smallest normal number of either sign? Its bits, rotated, are 1 but for the sign. */
static void check_tiny(struct translator *t, const struct jit_item *item, bool wide)
{
	struct code *c = &t->code;
	unsigned exponent_bits = wide ? 11 : 8;

	emit_rm(c, 0x66017e, wide, XMM0, rm_reg(RAX)); /* MOVD, MOVQ */
	emit_shift_imm(c, SHIFT_ROL, wide, RAX, exponent_bits + 1);
	emit_alu_imm(c, ALU_AND, wide, rm_reg(RAX), ~(1 << exponent_bits));
	emit_alu_imm(c, ALU_CMP, wide, rm_reg(RAX), 1);
	jit_slow(t, item, CC_E);
}

static void emit_arithmetic(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	unsigned op = ARG_OP(item);
	bool wide = IS_64(item);

	check_mode(t, item);
	if (op == OP_SQRT) {
		load(t, wide, XMM0, i->rn);
		scalar(t, op, wide, XMM0, rm_reg(XMM0));
	} else {
		load(t, wide, XMM0, i->rn);
		scalar(t, op, wide, XMM0, v_at(i->rm));
	}
	check_nan(t, item, wide);
	if (op == OP_MUL || op == OP_DIV)
		check_tiny(t, item, wide);
	store(t, XMM0, i->rd);
	jit_slow_back(t, item);
}

/* The sign bit of XMM0 turned. */
static void negate(struct translator *t, bool wide, int reg, int scratch)
{
	struct code *c = &t->code;

	emit_rm(c, 0x660176, false, scratch, rm_reg(scratch));		   /* PCMPEQD: all ones */
	emit_rm(c, wide ? 0x660173 : 0x660172, false, 6, rm_reg(scratch)); /* PSLLQ, PSLLD */
	emit8(c, wide ? 63 : 31);
	if (!wide) {						 /* the lowest element alone */
		emit_rm(c, 0x660173, false, 3, rm_reg(scratch)); /* PSRLDQ */
		emit8(c, 12);
	} else {
		emit_rm(c, 0xf3017e, false, scratch, rm_reg(scratch)); /* MOVQ */
	}
	emit_rm(c, 0x157, false, reg, rm_reg(scratch)); /* XORPS */
}

static void emit_fnmul(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	bool wide = IS_64(item);

	check_mode(t, item);
	load(t, wide, XMM0, i->rn);
	scalar(t, OP_MUL, wide, XMM0, v_at(i->rm));
	check_nan(t, item, wide);
	check_tiny(t, item, wide);
	negate(t, wide, XMM0, XMM1);
	store(t, XMM0, i->rd);
	jit_slow_back(t, item);
}

enum fused { FMADD, FMSUB, FNMADD, FNMSUB };

static bool has_fma(const struct jit_host *host, const struct a64_insn *i)
{
	(void)i;
	return host->fma;
}

/* +-(n * m) +- a, rounded once. */
static void emit_fused(struct translator *t, const struct jit_item *item)
{
	/* VFMADD231, VFNMADD231, VFNMSUB231, VFMSUB231: a is the destination */
	static const uint8_t opcodes[4] = {0xb9, 0xbd, 0xbf, 0xbb};
	const struct a64_insn *i = &item->insn;
	bool wide = IS_64(item);

	check_mode(t, item);
	load(t, wide, XMM0, i->ra);
	load(t, wide, XMM1, i->rn);
	emit_vex(&t->code, 0x660200 | opcodes[ARG_OP(item)], wide, XMM0, XMM1, v_at(i->rm));
	check_nan(t, item, wide);
	check_tiny(t, item, wide);
	store(t, XMM0, i->rd);
	jit_slow_back(t, item);
}

/* arg: 1 with zero. The host's order as the difference of "greater" and "less". */
static void emit_compare(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	struct code *c = &t->code;
	bool wide = IS_64(item);

	check_mode(t, item);
	load(t, wide, XMM0, i->rn);
	if (ARG_OP(item)) {
		emit_rm(c, 0x157, false, XMM1, rm_reg(XMM1));
		ucomis(t, wide, XMM0, rm_reg(XMM1));
	} else {
		ucomis(t, wide, XMM0, v_at(i->rm));
	}
	jit_slow(t, item, CC_P);
	emit_setcc(c, CC_A, rm_reg(RAX));
	emit_setcc(c, CC_B, rm_reg(RCX));
	emit_op(c, 0x1b6, false, true, RAX, rm_reg(RAX));
	emit_op(c, 0x1b6, false, true, RCX, rm_reg(RCX));
	/* The slow path comes back with such a pair in RAX and RCX too. */
	jit_slow_back(t, item);
	t->kind = KIND_UNKNOWN;
	jit_flags_store(t, item, KIND_SUB_32, RAX, rm_reg(RCX), NULL);
	emit_alu(c, ALU_CMP, false, RAX, rm_reg(RCX));
	t->flags = FLAGS_SUB;
}

static void emit_fcsel(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	struct code *c = &t->code;
	bool wide = IS_64(item);
	uint8_t *holds;
	enum x86_cc cc;

	if (!t->fp_checked)
		t->flags = FLAGS_NONE;
	check_enabled(t, item);
	if (i->ra >= 14) {
		load(t, wide, XMM0, i->rn);
	} else {
		cc = jit_condition(t, i->ra);
		load(t, wide, XMM0, i->rn);
		holds = emit_jcc(c, cc);
		load(t, wide, XMM0, i->rm);
		patch_here(c, holds);
	}
	store(t, XMM0, i->rd);
	jit_slow_back(t, item);
}

/* ---- Conversions ---- */

/* From a general register, signed; arg: 1 unsigned. rm is the register's width. */
static void emit_from_general(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	struct code *c = &t->code;
	bool wide = i->ra == FP_64, wide_source = i->rm == 64;
	int source;

	check_mode(t, item);
	source = jit_source(t, i->rn, RAX);
	if (ARG_OP(item) && wide_source) {
		emit_test(c, true, rm_reg(source), source);
		jit_slow(t, item, CC_S);
	} else if (ARG_OP(item)) {
		emit_mov(c, false, RAX, source);
		source = RAX;
		wide_source = true;
	}
	emit_rm(c, 0x157, false, XMM0, rm_reg(XMM0));
	emit_rm(c, wide ? 0xf2012a : 0xf3012a, wide_source, XMM0, rm_reg(source));
	store(t, XMM0, i->rd);
	jit_slow_back(t, item);
}

/* FCVTZS. What does not fit, and the least number, the host gives as the least number. */
static void emit_to_general(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	struct code *c = &t->code;
	bool wide = i->ra == FP_64, wide_target = i->rm == 64;
	int target = jit_target(t, i->rd, RCX);

	check_mode(t, item);
	emit_rm(c, wide ? 0xf2012c : 0xf3012c, wide_target, RAX, v_at(i->rn));
	emit_alu_imm(c, ALU_CMP, wide_target, rm_reg(RAX), 1);
	jit_slow(t, item, CC_O);
	emit_mov(c, true, target, RAX);
	jit_target_done(t, i->rd, target);
	jit_slow_back(t, item);
}

/* Between single and double; arg: from double. */
static void emit_convert(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	bool from_double = IS_64(item);

	check_mode(t, item);
	load(t, from_double, XMM1, i->rn);
	emit_rm(&t->code, 0x157, false, XMM0, rm_reg(XMM0));
	scalar(t, 0x5a, from_double, XMM0, rm_reg(XMM1));
	check_nan(t, item, !from_double);
	if (from_double)
		check_tiny(t, item, false);
	store(t, XMM0, i->rd);
	jit_slow_back(t, item);
}

/* To an integral number, by ROUNDSS and ROUNDSD; arg: their operand. */
static void emit_round(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	bool wide = IS_64(item);

	check_mode(t, item);
	load(t, wide, XMM0, i->rn);
	emit_rm(&t->code, wide ? 0x66030b : 0x66030a, false, XMM0, rm_reg(XMM0));
	emit8(&t->code, ARG_OP(item));
	check_nan(t, item, wide);
	store(t, XMM0, i->rd);
	jit_slow_back(t, item);
}

/* ---- Maximum and minimum: where equal, only zeros can differ, in their sign; arg: minimum ---- */

static void emit_extreme(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	struct code *c = &t->code;
	bool wide = IS_64(item), minimum = ARG_OP(item);
	uint8_t *differ, *done;

	check_mode(t, item);
	load(t, wide, XMM0, i->rn);
	load(t, wide, XMM1, i->rm);
	ucomis(t, wide, XMM0, rm_reg(XMM1));
	jit_slow(t, item, CC_P);
	differ = emit_jcc(c, CC_NE);
	emit_rm(c, minimum ? 0x156 : 0x154, false, XMM0, rm_reg(XMM1)); /* ORPS, ANDPS */
	done = emit_jmp(c);
	patch_here(c, differ);
	scalar(t, minimum ? 0x5d : 0x5f, wide, XMM0, rm_reg(XMM1));
	patch_here(c, done);
	store(t, XMM0, i->rd);
	jit_slow_back(t, item);
}

/* ---- Moves of bits ---- */

static void emit_fmov(struct translator *t, const struct jit_item *item)
{
	check_enabled(t, item);
	load(t, IS_64(item), XMM0, item->insn.rn);
	store(t, XMM0, item->insn.rd);
	jit_slow_back(t, item);
}

/* arg: the operation of 0F BA /n on the sign bit: 6 BTR, 7 BTC. */
static void emit_sign(struct translator *t, const struct jit_item *item)
{
	bool wide = IS_64(item);

	check_enabled(t, item);
	emit_load(&t->code, wide, RAX, v_at(item->insn.rn));
	emit_rm(&t->code, 0x1ba, wide, (int)ARG_OP(item), rm_reg(RAX));
	emit8(&t->code, wide ? 63 : 31);
	store_general(t, item->insn.rd, RAX);
	jit_slow_back(t, item);
}

static void emit_fmov_imm(struct translator *t, const struct jit_item *item)
{
	check_enabled(t, item);
	emit_mov_imm(&t->code, RAX, item->insn.uimm);
	store_general(t, item->insn.rd, RAX);
	jit_slow_back(t, item);
}

static void emit_fmov_to_general(struct translator *t, const struct jit_item *item)
{
	int target = jit_target(t, item->insn.rd, RAX);

	check_enabled(t, item);
	emit_load(&t->code, IS_64(item), target, v_at(item->insn.rn));
	jit_target_done(t, item->insn.rd, target);
	jit_slow_back(t, item);
}

static void emit_fmov_from_general(struct translator *t, const struct jit_item *item)
{
	check_enabled(t, item);
	jit_load_to(t, IS_64(item), RAX, item->insn.rn);
	store_general(t, item->insn.rd, RAX);
	jit_slow_back(t, item);
}

/* ---- The table ---- */

#define FORMATS(name, emitter, flags, op)                                        \
	[A64_OP_##name##_s] = {emitter, (flags) | JIT_MEMORY, ARG(op, 0), NULL}, \
	[A64_OP_##name##_d] = {emitter, (flags) | JIT_MEMORY, ARG(op, 1), NULL}

#define FUSED(name)                                                            \
	[A64_OP_##name##_s] = {emit_fused, JIT_MEMORY, ARG(name, 0), has_fma}, \
	[A64_OP_##name##_d] = {emit_fused, JIT_MEMORY, ARG(name, 1), has_fma}

const struct jit_op jit_fp_ops[A64_OPS] = {
	FORMATS(FADD, emit_arithmetic, 0, OP_ADD),
	FORMATS(FSUB, emit_arithmetic, 0, OP_SUB),
	FORMATS(FMUL, emit_arithmetic, 0, OP_MUL),
	FORMATS(FDIV, emit_arithmetic, 0, OP_DIV),
	FORMATS(FSQRT, emit_arithmetic, 0, OP_SQRT),
	FORMATS(FNMUL, emit_fnmul, 0, 0),
	FUSED(FMADD),
	FUSED(FMSUB),
	FUSED(FNMADD),
	FUSED(FNMSUB),
	FORMATS(FCMP, emit_compare, JIT_SETS_F, 0),
	FORMATS(FCMPE, emit_compare, JIT_SETS_F, 0),
	FORMATS(FCMP_zero, emit_compare, JIT_SETS_F, 1),
	FORMATS(FCMPE_zero, emit_compare, JIT_SETS_F, 1),
	FORMATS(FMAX, emit_extreme, 0, 0),
	FORMATS(FMAXNM, emit_extreme, 0, 0),
	FORMATS(FMIN, emit_extreme, 0, 1),
	FORMATS(FMINNM, emit_extreme, 0, 1),
	FORMATS(FRINTN, emit_round, 0, 8),
	FORMATS(FRINTM, emit_round, 0, 9),
	FORMATS(FRINTP, emit_round, 0, 10),
	FORMATS(FRINTZ, emit_round, 0, 11),
	FORMATS(FRINTI, emit_round, 0, 8),
	FORMATS(FRINTX, emit_round, 0, 0),
	FORMATS(FMOV, emit_fmov, 0, 0),
	FORMATS(FABS, emit_sign, 0, 6),
	FORMATS(FNEG, emit_sign, 0, 7),
	FORMATS(FMOV_imm, emit_fmov_imm, 0, 0),
	[A64_OP_FCVT_s_d] = {emit_convert, JIT_MEMORY, ARG(0, 1)},
	[A64_OP_FCVT_d_s] = {emit_convert, JIT_MEMORY, ARG(0, 0)},
	[A64_OP_SCVTF_gpr] = {emit_from_general, JIT_MEMORY | JIT_USE_N, ARG(0, 0)},
	[A64_OP_UCVTF_gpr] = {emit_from_general, JIT_MEMORY | JIT_USE_N, ARG(1, 0)},
	[A64_OP_FCVTZS_gpr] = {emit_to_general, JIT_MEMORY | JIT_DEF_D, ARG(0, 0)},
	[A64_OP_FMOV_w_s] = {emit_fmov_to_general, JIT_MEMORY | JIT_DEF_D, ARG(0, 0)},
	[A64_OP_FMOV_x_d] = {emit_fmov_to_general, JIT_MEMORY | JIT_DEF_D, ARG(0, 1)},
	[A64_OP_FMOV_s_w] = {emit_fmov_from_general, JIT_MEMORY | JIT_USE_N, ARG(0, 0)},
	[A64_OP_FMOV_d_x] = {emit_fmov_from_general, JIT_MEMORY | JIT_USE_N, ARG(0, 1)},
	[A64_OP_FCSEL_s] = {emit_fcsel, JIT_MEMORY | JIT_READS_F, ARG(0, 0)},
	[A64_OP_FCSEL_d] = {emit_fcsel, JIT_MEMORY | JIT_READS_F, ARG(0, 1)},
};
