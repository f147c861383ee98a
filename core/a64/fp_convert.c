/*
 * Conversions among floating-point formats, integers and fixed point, and rounding to an integral
 * number (Arm ARM DDI 0487, shared pseudocode: FPRoundInt, FPToFixed, FixedToFP, FPConvert).
 */
#include "core/a64/fp_number.h"

/* The magnitude of a nonzero number below 2^63 as an integer, rounded. */
static uint64_t integral(const struct fp_number *n, enum fp_rounding rounding, bool *inexact)
{
	const uint64_t half = 1ULL << 63;
	uint64_t integer = 0, error;

	if (n->exponent >= 0) {
		integer = n->significand >> (63 - n->exponent);
		error = n->significand << n->exponent << 1;
	} else {
		error = fp_shift_right_sticky(n->significand, (unsigned)(-1 - n->exponent));
	}
	*inexact = error != 0;
	return integer + fp_rounds_up(rounding, n->sign, integer & 1, error, half);
}

uint64_t fp_round_int(struct fp_env *env, enum fp_format format, uint64_t op,
		      enum fp_rounding rounding, bool exact)
{
	struct fp_number n = fp_unpack(env, format, op);
	uint64_t magnitude;
	bool inexact;

	if (fp_is_nan(&n))
		return fp_process_nan(env, format, n.type, op);
	if (n.type == FP_TYPE_ZERO)
		return fp_zero(format, n.sign);
	if (n.type == FP_TYPE_INFINITY || n.exponent >= (int)fp_fraction_bits(format))
		return op & fp_mask(format);
	magnitude = integral(&n, rounding, &inexact);
	if (inexact && exact)
		env->fpsr |= FPSR_IXC;
	if (magnitude == 0)
		return fp_zero(format, n.sign);
	return fp_round(env, format, fp_normalise(n.sign, 127, magnitude), FP_ROUND_ZERO);
}

/* SatQ of a signed magnitude, and whether it had to saturate. */
static uint64_t saturate(uint64_t magnitude, bool sign, bool is_unsigned, unsigned width,
			 bool *overflow)
{
	uint64_t all = UINT64_MAX >> (64 - width), limit = all;

	if (!is_unsigned)
		limit = (all >> 1) + sign;
	else if (sign)
		limit = 0;
	*overflow = magnitude > limit;
	if (*overflow)
		magnitude = limit;
	return (sign ? -magnitude : magnitude) & all;
}

uint64_t fp_to_fixed(struct fp_env *env, enum fp_format format, uint64_t op, unsigned fbits,
		     bool is_unsigned, enum fp_rounding rounding, unsigned width)
{
	struct fp_number n = fp_unpack(env, format, op);
	uint64_t result, magnitude = 0;
	bool inexact = false, overflow;

	if (fp_is_nan(&n)) {
		env->fpsr |= FPSR_IOC;
		return 0;
	}
	n.exponent += (int)fbits;
	if (n.type == FP_TYPE_INFINITY || (n.type == FP_TYPE_NONZERO && n.exponent > 63)) {
		result = saturate(UINT64_MAX, n.sign, is_unsigned, width, &overflow);
		env->fpsr |= FPSR_IOC; /* 2^64 or more; width 64 would not see it */
		return result;
	}
	if (n.type == FP_TYPE_NONZERO)
		magnitude = integral(&n, rounding, &inexact);
	result = saturate(magnitude, n.sign, is_unsigned, width, &overflow);
	if (overflow)
		env->fpsr |= FPSR_IOC;
	else if (inexact)
		env->fpsr |= FPSR_IXC;
	return result;
}

uint64_t fp_from_fixed(struct fp_env *env, enum fp_format format, uint64_t op, unsigned fbits,
		       bool is_unsigned, enum fp_rounding rounding)
{
	bool sign = !is_unsigned && (int64_t)op < 0;

	if (op == 0)
		return 0;
	return fp_round(env, format, fp_normalise(sign, 127 - (int)fbits, sign ? -op : op),
			rounding);
}

/* FPConvertNaN: the payload keeps its most significant bits. */
static uint64_t convert_nan(enum fp_format to, enum fp_format from, uint64_t op)
{
	uint64_t fraction = op << (64 - fp_fraction_bits(from)) >> (64 - fp_fraction_bits(to));

	return fp_zero(to, op & fp_sign_bit(from)) | fp_default_nan(to) | fraction;
}

uint64_t fp_convert(struct fp_env *env, enum fp_format to, enum fp_format from, uint64_t op,
		    enum fp_rounding rounding)
{
	bool alternative = to == FP_16 && env->fpcr & FPCR_AHP;
	struct fp_number n = fp_unpack_cv(env, from, op);

	if (fp_is_nan(&n)) {
		if (n.type == FP_TYPE_SNAN || alternative)
			env->fpsr |= FPSR_IOC;
		if (alternative) /* has no NaN */
			return fp_zero(to, n.sign);
		return env->fpcr & FPCR_DN ? fp_default_nan(to) : convert_nan(to, from, op);
	}
	if (n.type == FP_TYPE_INFINITY) {
		if (!alternative)
			return fp_infinity(to, n.sign);
		env->fpsr |= FPSR_IOC; /* nor infinity */
		return fp_mask(to) >> !n.sign;
	}
	if (n.type == FP_TYPE_ZERO)
		return fp_zero(to, n.sign);
	return fp_round_cv(env, to, n, rounding);
}
