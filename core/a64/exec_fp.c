/*
 * Scalar floating point (Arm ARM DDI 0487, C7): arithmetic, comparison, selection, moves between
 * registers of the same kind. What an operation does to numbers is in fp.h; here are the operands.
 *
 * Each instruction has a function for each format: _h, _s and _d.
 */
#include "core/a64/decode.h"
#include "core/a64/fp_lanes.h"

#define READ(slot, format)     fp_scalar_read(&V(slot), format)
#define WRITE(format, value)   fp_scalar_write(&V(rd), format, value)
#define ENV		       (&cpu->fp)
#define ROUNDING_OF_FPCR       fp_rounding_mode(ENV)
#define NEGATED(format, value) fp_neg(ENV, format, value)

/* The three functions of an instruction, from a body over `format`. */
#define FORMATS(name, body)                          \
	A64_FP(name##_h)                             \
	{                                            \
		const enum fp_format format = FP_16; \
		body;                                \
	}                                            \
	A64_FP(name##_s)                             \
	{                                            \
		const enum fp_format format = FP_32; \
		body;                                \
	}                                            \
	A64_FP(name##_d)                             \
	{                                            \
		const enum fp_format format = FP_64; \
		body;                                \
	}

/* ---- One source ---- */

FORMATS(FMOV, WRITE(format, READ(rn, format)))
FORMATS(FMOV_imm, WRITE(format, i->uimm))

#define UNARY(name, function) FORMATS(name, WRITE(format, function(ENV, format, READ(rn, format))))

UNARY(FABS, fp_abs)
UNARY(FNEG, fp_neg)
UNARY(FSQRT, fp_sqrt)

#define ROUND_INT(name, rounding, exact) \
	FORMATS(name, WRITE(format, fp_round_int(ENV, format, READ(rn, format), rounding, exact)))

ROUND_INT(FRINTN, FP_ROUND_TIEEVEN, false)
ROUND_INT(FRINTP, FP_ROUND_POSINF, false)
ROUND_INT(FRINTM, FP_ROUND_NEGINF, false)
ROUND_INT(FRINTZ, FP_ROUND_ZERO, false)
ROUND_INT(FRINTA, FP_ROUND_TIEAWAY, false)
ROUND_INT(FRINTX, ROUNDING_OF_FPCR, true)
ROUND_INT(FRINTI, ROUNDING_OF_FPCR, false)

/* ---- Two sources ---- */

#define BINARY(name, function) \
	FORMATS(name, WRITE(format, function(ENV, format, READ(rn, format), READ(rm, format))))

BINARY(FADD, fp_add)
BINARY(FSUB, fp_sub)
BINARY(FMUL, fp_mul)
BINARY(FDIV, fp_div)
BINARY(FMAX, fp_max)
BINARY(FMIN, fp_min)
BINARY(FMAXNM, fp_maxnum)
BINARY(FMINNM, fp_minnum)
FORMATS(FNMUL,
	WRITE(format, NEGATED(format, fp_mul(ENV, format, READ(rn, format), READ(rm, format)))))

/* ---- Three sources: the addend is Ra; negations come before the operation, of NaNs too ---- */

FORMATS(FMADD,
	WRITE(format, fp_muladd(ENV, format, READ(ra, format), READ(rn, format), READ(rm, format))))
FORMATS(FMSUB, WRITE(format, fp_muladd(ENV, format, READ(ra, format),
				       NEGATED(format, READ(rn, format)), READ(rm, format))))
FORMATS(FNMADD, WRITE(format, fp_muladd(ENV, format, NEGATED(format, READ(ra, format)),
					NEGATED(format, READ(rn, format)), READ(rm, format))))
FORMATS(FNMSUB, WRITE(format, fp_muladd(ENV, format, NEGATED(format, READ(ra, format)),
					READ(rn, format), READ(rm, format))))

/* ---- Comparison and selection ---- */

#define COMPARE(name, op2, signal_nans) \
	FORMATS(name,                   \
		a64_set_nzcv(cpu, fp_compare(ENV, format, READ(rn, format), op2, signal_nans)))

COMPARE(FCMP, READ(rm, format), false)
COMPARE(FCMPE, READ(rm, format), true)
COMPARE(FCMP_zero, 0, false)
COMPARE(FCMPE_zero, 0, true)

/* The flags of the comparison if the condition ra holds, else those in rd. */
static void conditional_compare(struct a64_cpu *cpu, const struct a64_insn *i,
				enum fp_format format, bool signal_nans)
{
	unsigned nzcv = i->rd;

	if (a64_condition(cpu, i->ra))
		nzcv = fp_compare(ENV, format, READ(rn, format), READ(rm, format), signal_nans);
	a64_set_nzcv(cpu, nzcv);
}

FORMATS(FCCMP, conditional_compare(cpu, i, format, false))
FORMATS(FCCMPE, conditional_compare(cpu, i, format, true))

FORMATS(FCSEL, WRITE(format, a64_condition(cpu, i->ra) ? READ(rn, format) : READ(rm, format)))
