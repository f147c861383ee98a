/*
 * Floating-point arithmetic (Arm ARM DDI 0487, shared pseudocode: FPAdd, FPSub, FPMul, FPMulX,
 * FPDiv, FPSqrt, FPMulAdd, FPRecipStepFused, FPRSqrtStepFused). Each takes care of NaNs,
 * infinities and zeros, computes exactly in 128 bits, and rounds once.
 *
 * Most operations of most programs need none of that, and the host's own arithmetic (fp_host.h)
 * answers for them.
 */
#include "core/a64/fp_host.h"
#include "core/a64/fp_number.h"

/* (-1)^sign * significand * 2^(exponent - 127), exact. Bit 127 is free, for the carry of a sum. */
struct wide {
	bool sign;
	int exponent;
	unsigned __int128 significand;
};

/* Smaller than anything, so that a zero does not shift what it is added to. */
#define EXPONENT_OF_ZERO (-100000)

static struct wide widen(const struct fp_number *n)
{
	struct wide wide = {n->sign, EXPONENT_OF_ZERO, 0};

	if (n->type == FP_TYPE_NONZERO) {
		wide.exponent = n->exponent + 1;
		wide.significand = (unsigned __int128)n->significand << 63;
	}
	return wide;
}

/* The lowest bit of a product is zero: no significand has more than 53 bits. */
static struct wide multiply(const struct fp_number *a, const struct fp_number *b)
{
	struct wide wide = {a->sign != b->sign, EXPONENT_OF_ZERO, 0};

	if (a->type == FP_TYPE_NONZERO && b->type == FP_TYPE_NONZERO) {
		wide.exponent = a->exponent + b->exponent + 2;
		wide.significand = (unsigned __int128)a->significand * b->significand >> 1;
	}
	return wide;
}

static unsigned __int128 shift_right_sticky(unsigned __int128 value, int count)
{
	if (count == 0)
		return value;
	if (count >= 128)
		return value != 0;
	return value >> count | (value << (128 - count) != 0);
}

/* The nonzero number `wide * 2^scale`, or the zero that the rounding mode makes of a sum. */
static uint64_t round_wide(struct fp_env *env, enum fp_format format, const struct wide *wide,
			   int scale)
{
	enum fp_rounding rounding = fp_rounding_mode(env);

	if (wide->significand == 0)
		return fp_zero(format, rounding == FP_ROUND_NEGINF);
	return fp_round(env, format,
			fp_normalise(wide->sign, wide->exponent + scale, wide->significand),
			rounding);
}

/*
 * a + b. Bits that the smaller one loses when it is aligned are sticky. That is exact enough: bits
 * are lost only where exponents differ so much that the difference cancels two leading bits
 * at most.
 */
static struct wide sum(struct wide a, struct wide b)
{
	struct wide swap;

	if (a.exponent < b.exponent) {
		swap = a;
		a = b;
		b = swap;
	}
	b.significand = shift_right_sticky(b.significand, a.exponent - b.exponent);
	if (a.sign == b.sign) {
		a.significand += b.significand;
	} else if (a.significand >= b.significand) {
		a.significand -= b.significand;
	} else {
		a.significand = b.significand - a.significand;
		a.sign = b.sign;
	}
	return a;
}

/* FPAdd and FPSub: a subtraction turns the sign of op2, but not of a NaN. */
static uint64_t add(struct fp_env *env, enum fp_format format, uint64_t op1, uint64_t op2,
		    bool subtract)
{
	struct fp_number a = fp_unpack(env, format, op1), b = fp_unpack(env, format, op2);
	struct wide total;
	uint64_t nan;

	if (fp_process_nans(env, format, a.type, b.type, op1, op2, &nan))
		return nan;
	b.sign ^= subtract;
	if (a.type == FP_TYPE_INFINITY && b.type == FP_TYPE_INFINITY && a.sign != b.sign)
		return fp_invalid(env, format);
	if (a.type == FP_TYPE_INFINITY)
		return fp_infinity(format, a.sign);
	if (b.type == FP_TYPE_INFINITY)
		return fp_infinity(format, b.sign);
	if (a.type == FP_TYPE_ZERO && b.type == FP_TYPE_ZERO && a.sign == b.sign)
		return fp_zero(format, a.sign);
	total = sum(widen(&a), widen(&b));
	return round_wide(env, format, &total, 0);
}

uint64_t fp_add(struct fp_env *env, enum fp_format format, uint64_t op1, uint64_t op2)
{
	uint64_t result;

	if (fp_host(env, format, FP_HOST_ADD, 0, op1, op2, &result))
		return result;
	return add(env, format, op1, op2, false);
}

uint64_t fp_sub(struct fp_env *env, enum fp_format format, uint64_t op1, uint64_t op2)
{
	uint64_t result;

	if (fp_host(env, format, FP_HOST_SUB, 0, op1, op2, &result))
		return result;
	return add(env, format, op1, op2, true);
}

/* The product, once infinity times zero is dealt with. */
static uint64_t product(struct fp_env *env, enum fp_format format, const struct fp_number *a,
			const struct fp_number *b)
{
	struct wide wide;

	if (a->type == FP_TYPE_INFINITY || b->type == FP_TYPE_INFINITY)
		return fp_infinity(format, a->sign != b->sign);
	if (a->type == FP_TYPE_ZERO || b->type == FP_TYPE_ZERO)
		return fp_zero(format, a->sign != b->sign);
	wide = multiply(a, b);
	return round_wide(env, format, &wide, 0);
}

static bool infinity_by_zero(const struct fp_number *a, const struct fp_number *b)
{
	return (a->type == FP_TYPE_INFINITY && b->type == FP_TYPE_ZERO) ||
	       (a->type == FP_TYPE_ZERO && b->type == FP_TYPE_INFINITY);
}

uint64_t fp_mul(struct fp_env *env, enum fp_format format, uint64_t op1, uint64_t op2)
{
	struct fp_number a, b;
	uint64_t result;

	if (fp_host(env, format, FP_HOST_MUL, 0, op1, op2, &result))
		return result;
	a = fp_unpack(env, format, op1);
	b = fp_unpack(env, format, op2);
	if (fp_process_nans(env, format, a.type, b.type, op1, op2, &result))
		return result;
	if (infinity_by_zero(&a, &b))
		return fp_invalid(env, format);
	return product(env, format, &a, &b);
}

uint64_t fp_mulx(struct fp_env *env, enum fp_format format, uint64_t op1, uint64_t op2)
{
	struct fp_number a = fp_unpack(env, format, op1), b = fp_unpack(env, format, op2);
	uint64_t nan;

	if (fp_process_nans(env, format, a.type, b.type, op1, op2, &nan))
		return nan;
	if (infinity_by_zero(&a, &b)) /* two, with the sign of the product */
		return fp_zero(format, a.sign != b.sign) | (uint64_t)(fp_bias(format) + 1)
								   << fp_fraction_bits(format);
	return product(env, format, &a, &b);
}

uint64_t fp_div(struct fp_env *env, enum fp_format format, uint64_t op1, uint64_t op2)
{
	struct fp_number a, b;
	unsigned __int128 dividend;
	uint64_t result, quotient;
	bool sign;

	if (fp_host(env, format, FP_HOST_DIV, 0, op1, op2, &result))
		return result;
	a = fp_unpack(env, format, op1);
	b = fp_unpack(env, format, op2);
	sign = a.sign != b.sign;
	if (fp_process_nans(env, format, a.type, b.type, op1, op2, &result))
		return result;
	if (a.type == b.type && a.type != FP_TYPE_NONZERO)
		return fp_invalid(env, format);
	if (a.type == FP_TYPE_INFINITY)
		return fp_infinity(format, sign);
	if (b.type == FP_TYPE_ZERO) {
		env->fpsr |= FPSR_DZC;
		return fp_infinity(format, sign);
	}
	if (a.type == FP_TYPE_ZERO || b.type == FP_TYPE_INFINITY)
		return fp_zero(format, sign);
	dividend = (unsigned __int128)a.significand << 63;
	quotient = (uint64_t)(dividend / b.significand);
	return fp_round(
		env, format,
		fp_normalise(sign, a.exponent - b.exponent,
			     (unsigned __int128)quotient << 64 | (dividend % b.significand != 0)),
		fp_rounding_mode(env));
}

/* The integer part of a square root, and in *inexact whether there is more; radicand >= 2^126. */
static uint64_t integer_root(unsigned __int128 radicand, bool *inexact)
{
	uint64_t root = 0, bit;

	for (bit = 1ULL << 63; bit; bit >>= 1) {
		uint64_t trial = root | bit;

		if ((unsigned __int128)trial * trial <= radicand)
			root = trial;
	}
	*inexact = (unsigned __int128)root * root != radicand;
	return root;
}

uint64_t fp_sqrt(struct fp_env *env, enum fp_format format, uint64_t op)
{
	struct fp_number n;
	unsigned odd;
	uint64_t result;
	bool inexact;

	if (fp_host(env, format, FP_HOST_SQRT, 0, op, 0, &result))
		return result;
	n = fp_unpack(env, format, op);
	if (fp_is_nan(&n))
		return fp_process_nan(env, format, n.type, op);
	if (n.type == FP_TYPE_ZERO)
		return fp_zero(format, n.sign);
	if (n.sign)
		return fp_invalid(env, format);
	if (n.type == FP_TYPE_INFINITY)
		return fp_infinity(format, false);
	odd = (unsigned)n.exponent & 1;
	n.significand = integer_root((unsigned __int128)n.significand << (63 + odd), &inexact);
	n.significand |= inexact;
	n.exponent = (n.exponent - (int)odd) / 2;
	return fp_round(env, format, n, fp_rounding_mode(env));
}

uint64_t fp_muladd(struct fp_env *env, enum fp_format format, uint64_t addend, uint64_t op1,
		   uint64_t op2)
{
	struct fp_number c, a, b;
	struct wide total;
	uint64_t result;
	bool done, sign;

	if (fp_host(env, format, FP_HOST_MULADD, addend, op1, op2, &result))
		return result;
	c = fp_unpack(env, format, addend);
	a = fp_unpack(env, format, op1);
	b = fp_unpack(env, format, op2);
	sign = a.sign != b.sign;
	done = fp_process_nans3(env, format, (enum fp_type[]){c.type, a.type, b.type},
				(uint64_t[]){addend, op1, op2}, &result);
	/* A quiet NaN does not hide an invalid product: the one case in which a NaN is dropped. */
	if (infinity_by_zero(&a, &b) && (!done || c.type == FP_TYPE_QNAN))
		return fp_invalid(env, format);
	if (done)
		return result;
	if (a.type == FP_TYPE_INFINITY || b.type == FP_TYPE_INFINITY) {
		if (c.type == FP_TYPE_INFINITY && c.sign != sign)
			return fp_invalid(env, format);
		return fp_infinity(format, sign);
	}
	if (c.type == FP_TYPE_INFINITY)
		return fp_infinity(format, c.sign);
	total = multiply(&a, &b);
	if (c.type == FP_TYPE_ZERO && total.significand == 0 && c.sign == sign)
		return fp_zero(format, sign);
	total = sum(total, widen(&c));
	return round_wide(env, format, &total, 0);
}

/* (constant - op1 * op2) * 2^scale; and the constant times 2^scale where the product is infinity
 * times zero. */
static uint64_t step(struct fp_env *env, enum fp_format format, uint64_t op1, uint64_t op2,
		     struct fp_number constant, int scale)
{
	struct fp_number a, b;
	struct wide total;
	uint64_t nan;

	op1 = fp_neg(env, format, op1);
	a = fp_unpack(env, format, op1);
	b = fp_unpack(env, format, op2);
	if (fp_process_nans(env, format, a.type, b.type, op1, op2, &nan))
		return nan;
	if (!infinity_by_zero(&a, &b) && (a.type == FP_TYPE_INFINITY || b.type == FP_TYPE_INFINITY))
		return fp_infinity(format, a.sign != b.sign);
	total = widen(&constant);
	if (!infinity_by_zero(&a, &b))
		total = sum(total, multiply(&a, &b));
	return round_wide(env, format, &total, scale);
}

uint64_t fp_recip_step(struct fp_env *env, enum fp_format format, uint64_t op1, uint64_t op2)
{
	const struct fp_number two = {FP_TYPE_NONZERO, false, 1, 1ULL << 63};

	return step(env, format, op1, op2, two, 0);
}

uint64_t fp_rsqrt_step(struct fp_env *env, enum fp_format format, uint64_t op1, uint64_t op2)
{
	const struct fp_number three = {FP_TYPE_NONZERO, false, 1, 3ULL << 62};

	return step(env, format, op1, op2, three, -1);
}
