/*
 * Comparing floating-point numbers, and choosing the greater or the lesser (Arm ARM DDI 0487, shared
 * pseudocode: FPCompare, FPCompareEQ, FPCompareGE, FPCompareGT, FPMax, FPMin, FPMaxNum, FPMinNum).
 *
 * Numbers of one format are ordered as their bits are, taken as sign and magnitude: nothing needs
 * to be unpacked.
 */
#include "core/a64/fp_number.h"

static enum fp_type nan_type(enum fp_format format, uint64_t bits)
{
	if (fp_magnitude(format, bits) <= fp_infinity_bits(format))
		return FP_TYPE_NONZERO;
	return bits & fp_quiet_bit(format) ? FP_TYPE_QNAN : FP_TYPE_SNAN;
}

/* The place of a number that is no NaN among all; both zeros are 0. */
static int64_t rank(struct fp_env *env, enum fp_format format, uint64_t bits)
{
	uint64_t magnitude = fp_magnitude(format, bits);

	if (magnitude >> fp_fraction_bits(format) == 0 && magnitude && fp_flushes(env, format)) {
		if (format != FP_16)
			env->fpsr |= FPSR_IDC;
		return 0;
	}
	return bits & fp_sign_bit(format) ? -(int64_t)magnitude : (int64_t)magnitude;
}

/* Is one of the operands a NaN? Then it is noted: of every kind, or signalling ones alone. The
 * other operand may still be a denormal that is flushed. */
static bool unordered(struct fp_env *env, enum fp_format format, uint64_t op1, uint64_t op2,
		      bool signal_nans)
{
	enum fp_type type1 = nan_type(format, op1), type2 = nan_type(format, op2);

	if (type1 == FP_TYPE_NONZERO && type2 == FP_TYPE_NONZERO)
		return false;
	if (type1 == FP_TYPE_SNAN || type2 == FP_TYPE_SNAN || signal_nans)
		env->fpsr |= FPSR_IOC;
	rank(env, format, type1 == FP_TYPE_NONZERO ? op1 : 0);
	rank(env, format, type2 == FP_TYPE_NONZERO ? op2 : 0);
	return true;
}

unsigned fp_compare(struct fp_env *env, enum fp_format format, uint64_t op1, uint64_t op2,
		    bool signal_nans)
{
	int64_t rank1, rank2;

	if (unordered(env, format, op1, op2, signal_nans))
		return 3;
	rank1 = rank(env, format, op1);
	rank2 = rank(env, format, op2);
	return rank1 == rank2 ? 6 : rank1 < rank2 ? 8 : 2;
}

bool fp_compare_eq(struct fp_env *env, enum fp_format format, uint64_t op1, uint64_t op2)
{
	return fp_compare(env, format, op1, op2, false) == 6;
}

bool fp_compare_ge(struct fp_env *env, enum fp_format format, uint64_t op1, uint64_t op2)
{
	unsigned nzcv = fp_compare(env, format, op1, op2, true);

	return nzcv == 6 || nzcv == 2;
}

bool fp_compare_gt(struct fp_env *env, enum fp_format format, uint64_t op1, uint64_t op2)
{
	return fp_compare(env, format, op1, op2, true) == 2;
}

static uint64_t extreme(struct fp_env *env, enum fp_format format, uint64_t op1, uint64_t op2,
			bool maximum)
{
	enum fp_type type1 = nan_type(format, op1), type2 = nan_type(format, op2);
	bool sign1 = op1 & fp_sign_bit(format), sign2 = op2 & fp_sign_bit(format);
	int64_t rank1, rank2, chosen;
	uint64_t nan;

	if (fp_process_nans(env, format, type1, type2, op1, op2, &nan)) {
		rank(env, format, type1 == FP_TYPE_NONZERO ? op1 : 0);
		rank(env, format, type2 == FP_TYPE_NONZERO ? op2 : 0);
		return nan;
	}
	rank1 = rank(env, format, op1);
	rank2 = rank(env, format, op2);
	chosen = (rank1 > rank2) == maximum ? rank1 : rank2;
	if (chosen == 0) /* -0 is less than +0 here */
		return fp_zero(format, maximum ? sign1 && sign2 : sign1 || sign2);
	return fp_zero(format, chosen < 0) | (uint64_t)(chosen < 0 ? -chosen : chosen);
}

uint64_t fp_max(struct fp_env *env, enum fp_format format, uint64_t op1, uint64_t op2)
{
	return extreme(env, format, op1, op2, true);
}

uint64_t fp_min(struct fp_env *env, enum fp_format format, uint64_t op1, uint64_t op2)
{
	return extreme(env, format, op1, op2, false);
}

/* A single quiet NaN gives way to the number, by becoming the infinity that loses. */
static uint64_t extreme_number(struct fp_env *env, enum fp_format format, uint64_t op1,
			       uint64_t op2, bool maximum)
{
	bool quiet1 = nan_type(format, op1) == FP_TYPE_QNAN;
	bool quiet2 = nan_type(format, op2) == FP_TYPE_QNAN;

	if (quiet1 && !quiet2)
		op1 = fp_infinity(format, maximum);
	if (quiet2 && !quiet1)
		op2 = fp_infinity(format, maximum);
	return extreme(env, format, op1, op2, maximum);
}

uint64_t fp_maxnum(struct fp_env *env, enum fp_format format, uint64_t op1, uint64_t op2)
{
	return extreme_number(env, format, op1, op2, true);
}

uint64_t fp_minnum(struct fp_env *env, enum fp_format format, uint64_t op1, uint64_t op2)
{
	return extreme_number(env, format, op1, op2, false);
}
