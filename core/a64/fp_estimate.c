/*
 * Estimates of reciprocals and of reciprocal square roots, with which a program starts its Newton
 * iteration (Arm ARM DDI 0487, shared pseudocode: RecipEstimate, RecipSqrtEstimate, FPRecipEstimate,
 * FPRSqrtEstimate, FPRecpX, UnsignedRecipEstimate, UnsignedRSqrtEstimate). The architecture fixes
 * them to the bit: 8 bits, by a formula over the operand's leading 9.
 */
#include "core/a64/fp_number.h"

/* Of a / 512 in [0.5, 1): 256 times the estimate, 256 to 511. */
static uint32_t recip_estimate(uint32_t a)
{
	return ((1u << 19) / (a * 2 + 1) + 1) / 2;
}

/* Of a / 512 in [0.25, 1), likewise. */
static uint32_t rsqrt_estimate(uint32_t a)
{
	uint32_t b = 512;

	if (a < 256)
		a = a * 2 + 1;
	else
		a = ((a >> 1 << 1) + 1) * 2;
	while (a * (b + 1) * (b + 1) < 1u << 28)
		b++;
	return (b + 1) / 2;
}

uint32_t fp_unsigned_recip_estimate(uint32_t op)
{
	return op >> 31 ? recip_estimate(op >> 23) << 23 : UINT32_MAX;
}

uint32_t fp_unsigned_rsqrt_estimate(uint32_t op)
{
	return op >> 30 ? rsqrt_estimate(op >> 23) << 23 : UINT32_MAX;
}

/* The reciprocal would be too large: infinity or the largest normal, as the rounding mode says. */
static uint64_t recip_overflow(struct fp_env *env, enum fp_format format, bool sign)
{
	enum fp_rounding rounding = fp_rounding_mode(env);
	bool to_infinity = rounding == FP_ROUND_TIEEVEN ||
			   rounding == (sign ? FP_ROUND_NEGINF : FP_ROUND_POSINF);

	env->fpsr |= FPSR_OFC | FPSR_IXC;
	return to_infinity ? fp_infinity(format, sign) : fp_max_normal(format, sign);
}

uint64_t fp_recip_estimate(struct fp_env *env, enum fp_format format, uint64_t op)
{
	unsigned fraction_bits = fp_fraction_bits(format);
	struct fp_number n = fp_unpack(env, format, op);
	uint64_t significand;
	int biased;

	if (fp_is_nan(&n))
		return fp_process_nan(env, format, n.type, op);
	if (n.type == FP_TYPE_INFINITY)
		return fp_zero(format, n.sign);
	if (n.type == FP_TYPE_ZERO) {
		env->fpsr |= FPSR_DZC;
		return fp_infinity(format, n.sign);
	}
	if (n.exponent < -fp_bias(format) - 1)
		return recip_overflow(env, format, n.sign);
	if (fp_flushes(env, format) && n.exponent >= fp_bias(format) - 1) {
		env->fpsr |= FPSR_UFC;
		return fp_zero(format, n.sign);
	}
	/* 1 <= significand < 2 gives an estimate in (0.5, 1], one exponent lower. */
	biased = fp_bias(format) - n.exponent - 1;
	significand = (uint64_t)recip_estimate((uint32_t)(n.significand >> 55))
		      << (fraction_bits - 8);
	if (biased <= 0) { /* denormal; the bits that fall out are zero */
		significand >>= 1 - biased;
		biased = 1;
	}
	return fp_zero(format, n.sign) | (((uint64_t)(biased - 1) << fraction_bits) + significand);
}

uint64_t fp_rsqrt_estimate(struct fp_env *env, enum fp_format format, uint64_t op)
{
	unsigned fraction_bits = fp_fraction_bits(format);
	struct fp_number n = fp_unpack(env, format, op);
	uint32_t estimate;
	int exponent;

	if (fp_is_nan(&n))
		return fp_process_nan(env, format, n.type, op);
	if (n.type == FP_TYPE_ZERO) {
		env->fpsr |= FPSR_DZC;
		return fp_infinity(format, n.sign);
	}
	if (n.sign)
		return fp_invalid(env, format);
	if (n.type == FP_TYPE_INFINITY)
		return 0;
	/* Scaled by an even power of two into [0.25, 1), of which the estimate is in (1, 2]. */
	exponent = n.exponent & 1 ? n.exponent + 1 : n.exponent + 2;
	estimate = rsqrt_estimate((uint32_t)(n.significand >> (n.exponent & 1 ? 55 : 56)));
	return ((uint64_t)(fp_bias(format) - exponent / 2) << fraction_bits) |
	       (uint64_t)(estimate & 255) << (fraction_bits - 8);
}

uint64_t fp_recpx(struct fp_env *env, enum fp_format format, uint64_t op)
{
	uint64_t exponent_bits = fp_infinity_bits(format);
	struct fp_number n = fp_unpack(env, format, op);

	if (fp_is_nan(&n))
		return fp_process_nan(env, format, n.type, op);
	if (op & exponent_bits)
		return fp_zero(format, n.sign) | (~op & exponent_bits);
	/* Zeros and denormals: the largest exponent that is finite. */
	return fp_zero(format, n.sign) | (exponent_bits - (1ULL << fp_fraction_bits(format)));
}
