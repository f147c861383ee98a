/*
 * The inside of the floating-point functions: one unpacked representation of a number, one function
 * that makes it (FPUnpack) and one that rounds it back (FPRound). Arithmetic on the unpacked form
 * is exact but for the lowest bit of the significand, which is sticky: set when anything below it
 * was not zero. With 64 bits of significand and at most 53 of any format there are always
 * enough bits between for rounding to be right.
 */
#ifndef GOD_CORE_A64_FP_NUMBER_H
#define GOD_CORE_A64_FP_NUMBER_H

#include "core/a64/fp.h"

/* FPType; denormals are told from normals by nothing but their exponent. */
enum fp_type { FP_TYPE_ZERO, FP_TYPE_NONZERO, FP_TYPE_INFINITY, FP_TYPE_QNAN, FP_TYPE_SNAN };

/* A nonzero is significand * 2^(exponent - 63), with bit 63 of the significand set. */
struct fp_number {
	enum fp_type type;
	bool sign;
	int exponent;
	uint64_t significand;
};

/* Bits of the fraction, and the exponent's bias. */
static inline unsigned fp_fraction_bits(enum fp_format format)
{
	return format == FP_64 ? 52 : format == FP_32 ? 23 : 10;
}

static inline int fp_bias(enum fp_format format)
{
	return format == FP_64 ? 1023 : format == FP_32 ? 127 : 15;
}

static inline uint64_t fp_mask(enum fp_format format)
{
	return fp_sign_bit(format) | (fp_sign_bit(format) - 1);
}

static inline uint64_t fp_magnitude(enum fp_format format, uint64_t bits)
{
	return bits & (fp_sign_bit(format) - 1);
}

/* FPZero, FPInfinity, FPMaxNormal, FPDefaultNaN. */
static inline uint64_t fp_zero(enum fp_format format, bool sign)
{
	return sign ? fp_sign_bit(format) : 0;
}

static inline uint64_t fp_infinity(enum fp_format format, bool sign)
{
	return fp_zero(format, sign) | fp_infinity_bits(format);
}

static inline uint64_t fp_max_normal(enum fp_format format, bool sign)
{
	return fp_zero(format, sign) | (fp_infinity_bits(format) - 1);
}

static inline uint64_t fp_quiet_bit(enum fp_format format)
{
	return 1ULL << (fp_fraction_bits(format) - 1);
}

static inline uint64_t fp_default_nan(enum fp_format format)
{
	return fp_infinity_bits(format) | fp_quiet_bit(format);
}

static inline bool fp_is_nan(const struct fp_number *number)
{
	return number->type >= FP_TYPE_QNAN;
}

/* Is a denormal of this format flushed to zero? */
static inline bool fp_flushes(const struct fp_env *env, enum fp_format format)
{
	return env->fpcr & (format == FP_16 ? FPCR_FZ16 : FPCR_FZ);
}

/* value >> count, what falls out remembered in the lowest bit. */
static inline uint64_t fp_shift_right_sticky(uint64_t value, unsigned count)
{
	if (count == 0)
		return value;
	if (count >= 64)
		return value != 0;
	return value >> count | (value << (64 - count) != 0);
}

/*
 * Does a magnitude that was cut off step up by one? `error` is what was cut off, on a scale where
 * one step is 2 * half. ZERO and ODD never do.
 */
static inline bool fp_rounds_up(enum fp_rounding rounding, bool sign, bool odd, uint64_t error,
				uint64_t half)
{
	switch (rounding) {
	case FP_ROUND_TIEEVEN: return error > half || (error == half && odd);
	case FP_ROUND_TIEAWAY: return error >= half;
	case FP_ROUND_POSINF: return error && !sign;
	case FP_ROUND_NEGINF: return error && sign;
	default: return false;
	}
}

/* FPUnpack; FPUnpackCV, which is for conversions between formats: it minds AHP and not FZ16. */
struct fp_number fp_unpack(struct fp_env *env, enum fp_format format, uint64_t bits);
struct fp_number fp_unpack_cv(struct fp_env *env, enum fp_format format, uint64_t bits);

/* FPRound and FPRoundCV, of a nonzero number. */
uint64_t fp_round(struct fp_env *env, enum fp_format format, struct fp_number number,
		  enum fp_rounding rounding);
uint64_t fp_round_cv(struct fp_env *env, enum fp_format format, struct fp_number number,
		     enum fp_rounding rounding);

/* The nonzero number significand * 2^(exponent - 127). */
struct fp_number fp_normalise(bool sign, int exponent, unsigned __int128 significand);

/* FPProcessNaN: what becomes of an operand that is a NaN. */
uint64_t fp_process_nan(struct fp_env *env, enum fp_format format, enum fp_type type,
			uint64_t bits);
/* FPProcessNaNs: is one of the operands a NaN, and which NaN is the result? */
bool fp_process_nans(struct fp_env *env, enum fp_format format, enum fp_type type1,
		     enum fp_type type2, uint64_t op1, uint64_t op2, uint64_t *result);
/* FPProcessNaNs3. */
bool fp_process_nans3(struct fp_env *env, enum fp_format format, const enum fp_type type[3],
		      const uint64_t op[3], uint64_t *result);

/* An invalid operation's default NaN. */
static inline uint64_t fp_invalid(struct fp_env *env, enum fp_format format)
{
	env->fpsr |= FPSR_IOC;
	return fp_default_nan(format);
}

#endif
