/*
 * AdvSIMD floating point (Arm ARM DDI 0487, C7): the vector forms, and the scalar forms in the
 * AdvSIMD encodings. What an operation does to numbers is in fp.h; here is how it is spread over
 * lanes. The operand ra is the shape of the lanes (core/a64/fp_lanes.h).
 *
 * An instruction has up to four lines in the table: vector or scalar, half precision (_h) or not.
 * They differ in encoding alone, so the macros below make the functions of all lines from one.
 */
#include "core/a64/decode.h"
#include "core/a64/fp_lanes.h"

#define ONE(name, body) \
	A64_FP(name)    \
	{               \
		body;   \
	}
#define BOTH(name, body)   ONE(name, body) ONE(name##_h, body)
#define VECTOR(name, body) BOTH(name##_vector, body)
#define SCALAR(name, body) BOTH(name##_scalar, body)

/* The loops below are inlined into each function, with the operation a constant. */
#define LOOP static inline __attribute__((always_inline)) void

/* ---- Operations that are not a function of fp.h by themselves ---- */

static uint64_t absolute_difference(struct fp_env *env, enum fp_format format, uint64_t op1,
				    uint64_t op2)
{
	return fp_abs(env, format, fp_sub(env, format, op1, op2));
}

static uint64_t mulsub(struct fp_env *env, enum fp_format format, uint64_t addend, uint64_t op1,
		       uint64_t op2)
{
	return fp_muladd(env, format, addend, fp_neg(env, format, op1), op2);
}

static bool absolute_ge(struct fp_env *env, enum fp_format format, uint64_t op1, uint64_t op2)
{
	return fp_compare_ge(env, format, fp_abs(env, format, op1), fp_abs(env, format, op2));
}

static bool absolute_gt(struct fp_env *env, enum fp_format format, uint64_t op1, uint64_t op2)
{
	return fp_compare_gt(env, format, fp_abs(env, format, op1), fp_abs(env, format, op2));
}

static bool compare_le(struct fp_env *env, enum fp_format format, uint64_t op1, uint64_t op2)
{
	return fp_compare_ge(env, format, op2, op1);
}

static bool compare_lt(struct fp_env *env, enum fp_format format, uint64_t op1, uint64_t op2)
{
	return fp_compare_gt(env, format, op2, op1);
}

/* ---- Three registers ---- */

LOOP lanes_binary(struct a64_cpu *cpu, const struct a64_insn *i, fp_binary *operation)
{
	enum fp_format format = fp_shape_format(i->ra);
	union a64_vreg result = {.q = 0};
	unsigned lane, lanes = fp_shape_lanes(i->ra);

	for (lane = 0; lane < lanes; lane++)
		fp_lane_write(&result, format, lane,
			      operation(&cpu->fp, format, fp_lane_read(&V(rn), format, lane),
					fp_lane_read(&V(rm), format, lane)));
	V(rd) = result;
}

VECTOR(FADD, lanes_binary(cpu, i, fp_add))
VECTOR(FSUB, lanes_binary(cpu, i, fp_sub))
VECTOR(FMUL, lanes_binary(cpu, i, fp_mul))
VECTOR(FDIV, lanes_binary(cpu, i, fp_div))
VECTOR(FMAX, lanes_binary(cpu, i, fp_max))
VECTOR(FMIN, lanes_binary(cpu, i, fp_min))
VECTOR(FMAXNM, lanes_binary(cpu, i, fp_maxnum))
VECTOR(FMINNM, lanes_binary(cpu, i, fp_minnum))
VECTOR(FMULX, lanes_binary(cpu, i, fp_mulx))
SCALAR(FMULX, lanes_binary(cpu, i, fp_mulx))
VECTOR(FABD, lanes_binary(cpu, i, absolute_difference))
SCALAR(FABD, lanes_binary(cpu, i, absolute_difference))
VECTOR(FRECPS, lanes_binary(cpu, i, fp_recip_step))
SCALAR(FRECPS, lanes_binary(cpu, i, fp_recip_step))
VECTOR(FRSQRTS, lanes_binary(cpu, i, fp_rsqrt_step))
SCALAR(FRSQRTS, lanes_binary(cpu, i, fp_rsqrt_step))

/* The destination is the addend. */
LOOP lanes_ternary(struct a64_cpu *cpu, const struct a64_insn *i, fp_ternary *operation)
{
	enum fp_format format = fp_shape_format(i->ra);
	union a64_vreg result = {.q = 0};
	unsigned lane, lanes = fp_shape_lanes(i->ra);

	for (lane = 0; lane < lanes; lane++)
		fp_lane_write(&result, format, lane,
			      operation(&cpu->fp, format, fp_lane_read(&V(rd), format, lane),
					fp_lane_read(&V(rn), format, lane),
					fp_lane_read(&V(rm), format, lane)));
	V(rd) = result;
}

VECTOR(FMLA, lanes_ternary(cpu, i, fp_muladd))
VECTOR(FMLS, lanes_ternary(cpu, i, mulsub))

/* True is all ones, false all zeros. */
LOOP lanes_predicate(struct a64_cpu *cpu, const struct a64_insn *i, fp_predicate *predicate)
{
	enum fp_format format = fp_shape_format(i->ra);
	union a64_vreg result = {.q = 0};
	unsigned lane, lanes = fp_shape_lanes(i->ra);

	for (lane = 0; lane < lanes; lane++)
		fp_lane_write(&result, format, lane,
			      -(uint64_t)predicate(&cpu->fp, format,
						   fp_lane_read(&V(rn), format, lane),
						   fp_lane_read(&V(rm), format, lane)));
	V(rd) = result;
}

VECTOR(FCMEQ, lanes_predicate(cpu, i, fp_compare_eq))
SCALAR(FCMEQ, lanes_predicate(cpu, i, fp_compare_eq))
VECTOR(FCMGE, lanes_predicate(cpu, i, fp_compare_ge))
SCALAR(FCMGE, lanes_predicate(cpu, i, fp_compare_ge))
VECTOR(FCMGT, lanes_predicate(cpu, i, fp_compare_gt))
SCALAR(FCMGT, lanes_predicate(cpu, i, fp_compare_gt))
VECTOR(FACGE, lanes_predicate(cpu, i, absolute_ge))
SCALAR(FACGE, lanes_predicate(cpu, i, absolute_ge))
VECTOR(FACGT, lanes_predicate(cpu, i, absolute_gt))
SCALAR(FACGT, lanes_predicate(cpu, i, absolute_gt))

/* ---- By element: imm is its index in Rm ---- */

LOOP element_binary(struct a64_cpu *cpu, const struct a64_insn *i, fp_binary *operation)
{
	enum fp_format format = fp_shape_format(i->ra);
	uint64_t element = fp_lane_read(&V(rm), format, (unsigned)i->imm);
	union a64_vreg result = {.q = 0};
	unsigned lane, lanes = fp_shape_lanes(i->ra);

	for (lane = 0; lane < lanes; lane++)
		fp_lane_write(
			&result, format, lane,
			operation(&cpu->fp, format, fp_lane_read(&V(rn), format, lane), element));
	V(rd) = result;
}

LOOP element_ternary(struct a64_cpu *cpu, const struct a64_insn *i, fp_ternary *operation)
{
	enum fp_format format = fp_shape_format(i->ra);
	uint64_t element = fp_lane_read(&V(rm), format, (unsigned)i->imm);
	union a64_vreg result = {.q = 0};
	unsigned lane, lanes = fp_shape_lanes(i->ra);

	for (lane = 0; lane < lanes; lane++)
		fp_lane_write(&result, format, lane,
			      operation(&cpu->fp, format, fp_lane_read(&V(rd), format, lane),
					fp_lane_read(&V(rn), format, lane), element));
	V(rd) = result;
}

/* Both shapes in the three formats. */
#define BY_ELEMENT(name, body)             \
	ONE(name##_element_h, body)        \
	ONE(name##_element_s, body)        \
	ONE(name##_element_d, body)        \
	ONE(name##_scalar_element_h, body) \
	ONE(name##_scalar_element_s, body) \
	ONE(name##_scalar_element_d, body)

BY_ELEMENT(FMUL, element_binary(cpu, i, fp_mul))
BY_ELEMENT(FMULX, element_binary(cpu, i, fp_mulx))
BY_ELEMENT(FMLA, element_ternary(cpu, i, fp_muladd))
BY_ELEMENT(FMLS, element_ternary(cpu, i, mulsub))

/* ---- Two registers ---- */

LOOP lanes_unary(struct a64_cpu *cpu, const struct a64_insn *i, fp_unary *operation)
{
	enum fp_format format = fp_shape_format(i->ra);
	union a64_vreg result = {.q = 0};
	unsigned lane, lanes = fp_shape_lanes(i->ra);

	for (lane = 0; lane < lanes; lane++)
		fp_lane_write(&result, format, lane,
			      operation(&cpu->fp, format, fp_lane_read(&V(rn), format, lane)));
	V(rd) = result;
}

VECTOR(FABS, lanes_unary(cpu, i, fp_abs))
VECTOR(FNEG, lanes_unary(cpu, i, fp_neg))
VECTOR(FSQRT, lanes_unary(cpu, i, fp_sqrt))
VECTOR(FRECPE, lanes_unary(cpu, i, fp_recip_estimate))
SCALAR(FRECPE, lanes_unary(cpu, i, fp_recip_estimate))
VECTOR(FRSQRTE, lanes_unary(cpu, i, fp_rsqrt_estimate))
SCALAR(FRSQRTE, lanes_unary(cpu, i, fp_rsqrt_estimate))
SCALAR(FRECPX, lanes_unary(cpu, i, fp_recpx))

LOOP lanes_compare_zero(struct a64_cpu *cpu, const struct a64_insn *i, fp_predicate *predicate)
{
	enum fp_format format = fp_shape_format(i->ra);
	union a64_vreg result = {.q = 0};
	unsigned lane, lanes = fp_shape_lanes(i->ra);

	for (lane = 0; lane < lanes; lane++)
		fp_lane_write(&result, format, lane,
			      -(uint64_t)predicate(&cpu->fp, format,
						   fp_lane_read(&V(rn), format, lane), 0));
	V(rd) = result;
}

VECTOR(FCMEQ_zero, lanes_compare_zero(cpu, i, fp_compare_eq))
SCALAR(FCMEQ_zero, lanes_compare_zero(cpu, i, fp_compare_eq))
VECTOR(FCMGE_zero, lanes_compare_zero(cpu, i, fp_compare_ge))
SCALAR(FCMGE_zero, lanes_compare_zero(cpu, i, fp_compare_ge))
VECTOR(FCMGT_zero, lanes_compare_zero(cpu, i, fp_compare_gt))
SCALAR(FCMGT_zero, lanes_compare_zero(cpu, i, fp_compare_gt))
VECTOR(FCMLE_zero, lanes_compare_zero(cpu, i, compare_le))
SCALAR(FCMLE_zero, lanes_compare_zero(cpu, i, compare_le))
VECTOR(FCMLT_zero, lanes_compare_zero(cpu, i, compare_lt))
SCALAR(FCMLT_zero, lanes_compare_zero(cpu, i, compare_lt))

LOOP lanes_round_int(struct a64_cpu *cpu, const struct a64_insn *i, enum fp_rounding rounding,
		     bool exact)
{
	enum fp_format format = fp_shape_format(i->ra);
	union a64_vreg result = {.q = 0};
	unsigned lane, lanes = fp_shape_lanes(i->ra);

	for (lane = 0; lane < lanes; lane++)
		fp_lane_write(&result, format, lane,
			      fp_round_int(&cpu->fp, format, fp_lane_read(&V(rn), format, lane),
					   rounding, exact));
	V(rd) = result;
}

VECTOR(FRINTN, lanes_round_int(cpu, i, FP_ROUND_TIEEVEN, false))
VECTOR(FRINTP, lanes_round_int(cpu, i, FP_ROUND_POSINF, false))
VECTOR(FRINTM, lanes_round_int(cpu, i, FP_ROUND_NEGINF, false))
VECTOR(FRINTZ, lanes_round_int(cpu, i, FP_ROUND_ZERO, false))
VECTOR(FRINTA, lanes_round_int(cpu, i, FP_ROUND_TIEAWAY, false))
VECTOR(FRINTX, lanes_round_int(cpu, i, fp_rounding_mode(&cpu->fp), true))
VECTOR(FRINTI, lanes_round_int(cpu, i, fp_rounding_mode(&cpu->fp), false))

/* The estimates of unsigned fixed-point numbers: lanes are always 32 bits. */
A64_FP(URECPE)
{
	union a64_vreg result = {.q = 0};
	unsigned lane;

	for (lane = 0; lane < fp_shape_lanes(i->ra); lane++)
		result.s[lane] = fp_unsigned_recip_estimate(V(rn).s[lane]);
	V(rd) = result;
}

A64_FP(URSQRTE)
{
	union a64_vreg result = {.q = 0};
	unsigned lane;

	for (lane = 0; lane < fp_shape_lanes(i->ra); lane++)
		result.s[lane] = fp_unsigned_rsqrt_estimate(V(rn).s[lane]);
	V(rd) = result;
}

/* ---- To and from integers and fixed point: imm is the number of fraction bits ---- */

LOOP lanes_to_fixed(struct a64_cpu *cpu, const struct a64_insn *i, enum fp_rounding rounding,
		    bool is_unsigned)
{
	enum fp_format format = fp_shape_format(i->ra);
	union a64_vreg result = {.q = 0};
	unsigned lane, lanes = fp_shape_lanes(i->ra);

	for (lane = 0; lane < lanes; lane++)
		fp_lane_write(&result, format, lane,
			      fp_to_fixed(&cpu->fp, format, fp_lane_read(&V(rn), format, lane),
					  (unsigned)i->imm, is_unsigned, rounding, 8u << format));
	V(rd) = result;
}

LOOP lanes_from_fixed(struct a64_cpu *cpu, const struct a64_insn *i, bool is_unsigned)
{
	enum fp_format format = fp_shape_format(i->ra);
	union a64_vreg result = {.q = 0};
	unsigned lane, lanes = fp_shape_lanes(i->ra), extension = 64 - (8u << format);

	for (lane = 0; lane < lanes; lane++) {
		uint64_t value = fp_lane_read(&V(rn), format, lane);

		if (!is_unsigned)
			value = (uint64_t)((int64_t)(value << extension) >> extension);
		fp_lane_write(&result, format, lane,
			      fp_from_fixed(&cpu->fp, format, value, (unsigned)i->imm, is_unsigned,
					    fp_rounding_mode(&cpu->fp)));
	}
	V(rd) = result;
}

#define TO_INTEGER(name, rounding)                               \
	VECTOR(name##S, lanes_to_fixed(cpu, i, rounding, false)) \
	SCALAR(name##S, lanes_to_fixed(cpu, i, rounding, false)) \
	VECTOR(name##U, lanes_to_fixed(cpu, i, rounding, true))  \
	SCALAR(name##U, lanes_to_fixed(cpu, i, rounding, true))

TO_INTEGER(FCVTN, FP_ROUND_TIEEVEN)
TO_INTEGER(FCVTP, FP_ROUND_POSINF)
TO_INTEGER(FCVTM, FP_ROUND_NEGINF)
TO_INTEGER(FCVTZ, FP_ROUND_ZERO)
TO_INTEGER(FCVTA, FP_ROUND_TIEAWAY)
VECTOR(SCVTF, lanes_from_fixed(cpu, i, false))
SCALAR(SCVTF, lanes_from_fixed(cpu, i, false))
VECTOR(UCVTF, lanes_from_fixed(cpu, i, true))
SCALAR(UCVTF, lanes_from_fixed(cpu, i, true))

#define FIXED_POINT(name, body)          \
	ONE(name##_fixed_vector_h, body) \
	ONE(name##_fixed_vector_s, body) \
	ONE(name##_fixed_vector_d, body) \
	ONE(name##_fixed_scalar_h, body) \
	ONE(name##_fixed_scalar_s, body) \
	ONE(name##_fixed_scalar_d, body)

FIXED_POINT(FCVTZS, lanes_to_fixed(cpu, i, FP_ROUND_ZERO, false))
FIXED_POINT(FCVTZU, lanes_to_fixed(cpu, i, FP_ROUND_ZERO, true))
FIXED_POINT(SCVTF, lanes_from_fixed(cpu, i, false))
FIXED_POINT(UCVTF, lanes_from_fixed(cpu, i, true))

/*
 * ---- Among formats: half of a register (imm: which one) against a whole one of the next wider
 * format. Narrowing into the lower half zeroes the upper; into the upper keeps the lower. ----
 */

A64_FP(FCVTL)
{
	enum fp_format narrow = (enum fp_format)i->ra, wide = (enum fp_format)(narrow + 1);
	unsigned lane, lanes = 8u >> narrow;
	union a64_vreg half = {.d = {V(rn).d[i->imm]}}, result;

	for (lane = 0; lane < lanes; lane++)
		fp_lane_write(&result, wide, lane,
			      fp_convert(&cpu->fp, wide, narrow, fp_lane_read(&half, narrow, lane),
					 fp_rounding_mode(&cpu->fp)));
	V(rd) = result;
}

LOOP lanes_narrow(struct a64_cpu *cpu, const struct a64_insn *i, enum fp_format narrow,
		  enum fp_rounding rounding)
{
	enum fp_format wide = (enum fp_format)(narrow + 1);
	unsigned lane, lanes = 8u >> narrow;
	union a64_vreg half = {.q = 0};

	for (lane = 0; lane < lanes; lane++)
		fp_lane_write(&half, narrow, lane,
			      fp_convert(&cpu->fp, narrow, wide, fp_lane_read(&V(rn), wide, lane),
					 rounding));
	V(rd).d[i->imm] = half.d[0];
	if (i->imm == 0)
		V(rd).d[1] = 0;
}

A64_FP(FCVTN)
{
	lanes_narrow(cpu, i, (enum fp_format)i->ra, fp_rounding_mode(&cpu->fp));
}

/* Rounding to odd makes a second rounding, to yet fewer bits, come out right. */
A64_FP(FCVTXN_vector)
{
	lanes_narrow(cpu, i, FP_32, FP_ROUND_ODD);
}

A64_FP(FCVTXN_scalar)
{
	fp_scalar_write(&V(rd), FP_32,
			fp_convert(&cpu->fp, FP_32, FP_64, V(rn).d[0], FP_ROUND_ODD));
}

/* ---- Pairs and reductions ---- */

/* One step of a reduction, of 2 * lanes to lanes: each pair of neighbours becomes one lane. */
LOOP pairs(struct a64_cpu *cpu, enum fp_format format, union a64_vreg *to,
	   const union a64_vreg *from, unsigned first, unsigned lanes, fp_binary *operation)
{
	unsigned lane;

	for (lane = 0; lane < lanes; lane++)
		fp_lane_write(to, format, first + lane,
			      operation(&cpu->fp, format, fp_lane_read(from, format, 2 * lane),
					fp_lane_read(from, format, 2 * lane + 1)));
}

/* The pairs of Rn, then those of Rm. */
LOOP lanes_pairwise(struct a64_cpu *cpu, const struct a64_insn *i, fp_binary *operation)
{
	enum fp_format format = fp_shape_format(i->ra);
	union a64_vreg result = {.q = 0};
	unsigned half = fp_shape_lanes(i->ra) / 2;

	pairs(cpu, format, &result, &V(rn), 0, half, operation);
	pairs(cpu, format, &result, &V(rm), half, half, operation);
	V(rd) = result;
}

VECTOR(FADDP, lanes_pairwise(cpu, i, fp_add))
VECTOR(FMAXP, lanes_pairwise(cpu, i, fp_max))
VECTOR(FMINP, lanes_pairwise(cpu, i, fp_min))
VECTOR(FMAXNMP, lanes_pairwise(cpu, i, fp_maxnum))
VECTOR(FMINNMP, lanes_pairwise(cpu, i, fp_minnum))

/* Reduce: a tree, neighbours first; of two lanes it is the scalar pairwise operation. */
LOOP lanes_reduce(struct a64_cpu *cpu, const struct a64_insn *i, fp_binary *operation)
{
	enum fp_format format = fp_shape_format(i->ra);
	union a64_vreg tree = V(rn);
	unsigned lanes = fp_shape_lanes(i->ra);

	while (lanes > 1) {
		lanes /= 2;
		pairs(cpu, format, &tree, &tree, 0, lanes, operation);
	}
	fp_scalar_write(&V(rd), format, fp_scalar_read(&tree, format));
}

SCALAR(FADDP, lanes_reduce(cpu, i, fp_add))
SCALAR(FMAXP, lanes_reduce(cpu, i, fp_max))
SCALAR(FMINP, lanes_reduce(cpu, i, fp_min))
SCALAR(FMAXNMP, lanes_reduce(cpu, i, fp_maxnum))
SCALAR(FMINNMP, lanes_reduce(cpu, i, fp_minnum))
BOTH(FMAXV, lanes_reduce(cpu, i, fp_max))
BOTH(FMINV, lanes_reduce(cpu, i, fp_min))
BOTH(FMAXNMV, lanes_reduce(cpu, i, fp_maxnum))
BOTH(FMINNMV, lanes_reduce(cpu, i, fp_minnum))

/* ---- Immediate ---- */

LOOP lanes_immediate(struct a64_cpu *cpu, const struct a64_insn *i)
{
	enum fp_format format = fp_shape_format(i->ra);
	union a64_vreg result = {.q = 0};
	unsigned lane, lanes = fp_shape_lanes(i->ra);

	for (lane = 0; lane < lanes; lane++)
		fp_lane_write(&result, format, lane, i->uimm);
	V(rd) = result;
}

ONE(FMOV_vector_imm_h, lanes_immediate(cpu, i))
ONE(FMOV_vector_imm_s, lanes_immediate(cpu, i))
ONE(FMOV_vector_imm_d, lanes_immediate(cpu, i))
