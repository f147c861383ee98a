/*
 * Taking floating-point numbers apart, rounding them back, and what becomes of NaNs (Arm ARM DDI
 * 0487, shared pseudocode: FPUnpackBase, FPRoundBase, FPProcessNaNs). Everything else about
 * floating point is exact arithmetic between these two.
 */
#include "core/a64/fp_number.h"

static struct fp_number unpack(struct fp_env *env, enum fp_format format, uint64_t bits, bool flush,
			       bool alternative)
{
	unsigned fraction_bits = fp_fraction_bits(format);
	uint64_t fraction = bits & ((1ULL << fraction_bits) - 1);
	int biased = (int)(fp_magnitude(format, bits) >> fraction_bits);
	struct fp_number number = {.sign = bits & fp_sign_bit(format)};

	if (biased == 0) {
		if (fraction == 0)
			return number;
		if (flush) {
			if (format != FP_16)
				env->fpsr |= FPSR_IDC;
			return number;
		}
		return fp_normalise(number.sign, 1 - fp_bias(format),
				    (unsigned __int128)fraction << (127 - fraction_bits));
	}
	if (fp_magnitude(format, bits) >= fp_infinity_bits(format) && !alternative) {
		number.type = !fraction				? FP_TYPE_INFINITY
			      : fraction & fp_quiet_bit(format) ? FP_TYPE_QNAN
								: FP_TYPE_SNAN;
		return number;
	}
	number.type = FP_TYPE_NONZERO;
	number.exponent = biased - fp_bias(format);
	number.significand = 1ULL << 63 | fraction << (63 - fraction_bits);
	return number;
}

struct fp_number fp_unpack(struct fp_env *env, enum fp_format format, uint64_t bits)
{
	return unpack(env, format, bits, fp_flushes(env, format), false);
}

struct fp_number fp_unpack_cv(struct fp_env *env, enum fp_format format, uint64_t bits)
{
	if (format == FP_16)
		return unpack(env, format, bits, false, env->fpcr & FPCR_AHP);
	return fp_unpack(env, format, bits);
}

struct fp_number fp_normalise(bool sign, int exponent, unsigned __int128 significand)
{
	uint64_t high = (uint64_t)(significand >> 64);
	int zeros = high ? __builtin_clzll(high) : 64 + __builtin_clzll((uint64_t)significand);

	significand <<= zeros;
	return (struct fp_number){
		.type = FP_TYPE_NONZERO,
		.sign = sign,
		.exponent = exponent - zeros,
		.significand = (uint64_t)(significand >> 64) | ((uint64_t)significand != 0),
	};
}

/* Too large for the format, in a rounding mode. */
static uint64_t overflow(struct fp_env *env, enum fp_format format, bool sign,
			 enum fp_rounding rounding)
{
	bool to_infinity = rounding == FP_ROUND_TIEEVEN ||
			   rounding == (sign ? FP_ROUND_NEGINF : FP_ROUND_POSINF);

	env->fpsr |= FPSR_OFC | FPSR_IXC;
	return to_infinity ? fp_infinity(format, sign) : fp_max_normal(format, sign);
}

static uint64_t round_base(struct fp_env *env, enum fp_format format, struct fp_number number,
			   enum fp_rounding rounding, bool flush, bool alternative)
{
	unsigned fraction_bits = fp_fraction_bits(format), cut = 63 - fraction_bits;
	int biased = number.exponent + fp_bias(format);
	int top = (int)(fp_infinity_bits(format) >> fraction_bits); /* the exponent of infinity */
	uint64_t significand = number.significand, error;

	if (biased <= 0) {
		if (flush) {
			env->fpsr |= FPSR_UFC;
			return fp_zero(format, number.sign);
		}
		significand = fp_shift_right_sticky(significand, (unsigned)(1 - biased));
		biased = 0;
	}
	error = significand & ((1ULL << cut) - 1);
	significand >>= cut;
	if (biased == 0 && error)
		env->fpsr |= FPSR_UFC; /* tiny before rounding */
	if (fp_rounds_up(rounding, number.sign, significand & 1, error, 1ULL << (cut - 1)))
		significand++;
	else if (rounding == FP_ROUND_ODD && error)
		significand |= 1;
	if (significand >> (fraction_bits + 1)) {
		significand >>= 1;
		biased++;
	}
	if (alternative && biased > top) {
		env->fpsr |= FPSR_IOC;
		return fp_mask(format) >> !number.sign;
	}
	if (!alternative && biased >= top)
		return overflow(env, format, number.sign, rounding);
	if (error)
		env->fpsr |= FPSR_IXC;
	/* The leading one adds itself to the exponent, also where a denormal grew to a normal. */
	if (biased)
		biased--;
	return fp_zero(format, number.sign) | (((uint64_t)biased << fraction_bits) + significand);
}

uint64_t fp_round(struct fp_env *env, enum fp_format format, struct fp_number number,
		  enum fp_rounding rounding)
{
	return round_base(env, format, number, rounding, fp_flushes(env, format), false);
}

uint64_t fp_round_cv(struct fp_env *env, enum fp_format format, struct fp_number number,
		     enum fp_rounding rounding)
{
	if (format == FP_16)
		return round_base(env, format, number, rounding, false, env->fpcr & FPCR_AHP);
	return fp_round(env, format, number, rounding);
}

uint64_t fp_process_nan(struct fp_env *env, enum fp_format format, enum fp_type type, uint64_t bits)
{
	if (type == FP_TYPE_SNAN)
		env->fpsr |= FPSR_IOC;
	if (env->fpcr & FPCR_DN)
		return fp_default_nan(format);
	return (bits & fp_mask(format)) | fp_quiet_bit(format);
}

bool fp_process_nans3(struct fp_env *env, enum fp_format format, const enum fp_type type[3],
		      const uint64_t op[3], uint64_t *result)
{
	enum fp_type wanted;
	unsigned n;

	/* Signalling NaNs come first, each kind in the order of the operands. */
	for (wanted = FP_TYPE_SNAN; wanted >= FP_TYPE_QNAN; wanted--)
		for (n = 0; n < 3; n++)
			if (type[n] == wanted) {
				*result = fp_process_nan(env, format, wanted, op[n]);
				return true;
			}
	return false;
}

bool fp_process_nans(struct fp_env *env, enum fp_format format, enum fp_type type1,
		     enum fp_type type2, uint64_t op1, uint64_t op2, uint64_t *result)
{
	const enum fp_type type[3] = {type1, type2, FP_TYPE_ZERO};
	const uint64_t op[3] = {op1, op2, 0};

	if (type1 < FP_TYPE_QNAN && type2 < FP_TYPE_QNAN)
		return false;
	return fp_process_nans3(env, format, type, op, result);
}

uint64_t fp_abs(struct fp_env *env, enum fp_format format, uint64_t op)
{
	(void)env;
	return fp_magnitude(format, op);
}

uint64_t fp_neg(struct fp_env *env, enum fp_format format, uint64_t op)
{
	(void)env;
	return (op ^ fp_sign_bit(format)) & fp_mask(format);
}

uint64_t fp_expand_immediate(enum fp_format format, uint32_t imm8)
{
	unsigned fraction_bits = fp_fraction_bits(format);
	uint64_t sign = (uint64_t)(imm8 >> 7) << ((8u << format) - 1);
	/* Bit 6 inverted, then copies of bit 6, then bits 5 and 4: exponents -3 to 4. */
	int exponent = (int)(imm8 >> 4 & 3) + (imm8 & 0x40 ? -3 : 1);

	return sign | (uint64_t)(exponent + fp_bias(format)) << fraction_bits |
	       (uint64_t)(imm8 & 15) << (fraction_bits - 4);
}
