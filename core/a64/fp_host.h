/*
 * Floating-point arithmetic by the host's own, where that is certain to give the same bits and the
 * same flags as the Arm ARM's.
 *
 * IEEE 754 leaves no choice in a result that is neither a NaN nor tiny, so with rounding to nearest
 * and without flush-to-zero the hosts differ in nothing but how they tell of exceptions. Asking the
 * host for its exception flags is slow; but flags are cumulative, so:
 *
 * - once FPSR.IXC is set, as in any program after its first few operations, it does not matter
 *   whether a result is inexact;
 * - a result strictly between the smallest normal and infinity did not overflow, divide by zero, nor
 *   come from a NaN, and was not tiny before rounding either (Arm detects tininess before
 *   rounding, x86 after it: only a result equal to the smallest normal can tell them apart);
 * - a sum or difference cannot underflow inexactly: any finite one will do, zero included.
 *
 * Everything else goes the exact way. The host's control register is at its default.
 */
#ifndef GOD_CORE_A64_FP_HOST_H
#define GOD_CORE_A64_FP_HOST_H

#include <string.h>

#include "core/a64/fp.h"

enum fp_host_op {
	FP_HOST_ADD,
	FP_HOST_SUB,
	FP_HOST_MUL,
	FP_HOST_DIV,
	FP_HOST_SQRT,
	FP_HOST_MULADD,
};

#if defined(__x86_64__)

/* Fused multiply-add is an option of x86: chosen when running, not when compiling. */
static inline bool fp_host_has_fma(void)
{
	return __builtin_cpu_supports("fma");
}

__attribute__((target("fma"))) static inline double fp_host_fma_64(double a, double b, double c)
{
	return __builtin_fma(a, b, c);
}

__attribute__((target("fma"))) static inline float fp_host_fma_32(float a, float b, float c)
{
	return __builtin_fmaf(a, b, c);
}

#elif defined(__aarch64__)

static inline bool fp_host_has_fma(void)
{
	return true;
}

static inline double fp_host_fma_64(double a, double b, double c)
{
	return __builtin_fma(a, b, c);
}

static inline float fp_host_fma_32(float a, float b, float c)
{
	return __builtin_fmaf(a, b, c);
}

#else

static inline bool fp_host_has_fma(void)
{
	return false;
}

static inline double fp_host_fma_64(double a, double b, double c)
{
	return a * b + c; /* never called */
}

static inline float fp_host_fma_32(float a, float b, float c)
{
	return a * b + c; /* never called */
}

#endif

static inline double fp_host_64(enum fp_host_op op, double c, double a, double b)
{
	switch (op) {
	case FP_HOST_ADD: return a + b;
	case FP_HOST_SUB: return a - b;
	case FP_HOST_MUL: return a * b;
	case FP_HOST_DIV: return a / b;
	case FP_HOST_SQRT: return __builtin_sqrt(a);
	default: return fp_host_fma_64(a, b, c);
	}
}

static inline float fp_host_32(enum fp_host_op op, float c, float a, float b)
{
	switch (op) {
	case FP_HOST_ADD: return a + b;
	case FP_HOST_SUB: return a - b;
	case FP_HOST_MUL: return a * b;
	case FP_HOST_DIV: return a / b;
	case FP_HOST_SQRT: return __builtin_sqrtf(a);
	default: return fp_host_fma_32(a, b, c);
	}
}

static inline double fp_host_double(uint64_t bits)
{
	double value;

	memcpy(&value, &bits, sizeof value);
	return value;
}

static inline float fp_host_float(uint64_t bits)
{
	uint32_t low = (uint32_t)bits;
	float value;

	memcpy(&value, &low, sizeof value);
	return value;
}

/*
 * Compute op1 OP op2 (FP_HOST_SQRT: of op1; FP_HOST_MULADD: addend + op1 * op2) and return true, or
 * return false where the host may not be trusted. `op` is a constant at each call.
 */
static inline __attribute__((always_inline)) bool fp_host(const struct fp_env *env,
							  enum fp_format format, enum fp_host_op op,
							  uint64_t addend, uint64_t op1,
							  uint64_t op2, uint64_t *result)
{
	uint64_t magnitude, smallest_normal;

	if (env->fpcr & (FPCR_FZ | FPCR_RMODE) || !(env->fpsr & FPSR_IXC))
		return false;
	if (op == FP_HOST_MULADD && !fp_host_has_fma())
		return false;
	if (format == FP_64) {
		double value = fp_host_64(op, fp_host_double(addend), fp_host_double(op1),
					  fp_host_double(op2));

		memcpy(result, &value, sizeof value);
		smallest_normal = 1ULL << 52;
	} else if (format == FP_32) {
		float value = fp_host_32(op, fp_host_float(addend), fp_host_float(op1),
					 fp_host_float(op2));

		*result = 0;
		memcpy(result, &value, sizeof value);
		smallest_normal = 1ULL << 23;
	} else {
		return false;
	}
	magnitude = *result & (fp_sign_bit(format) - 1);
	if (magnitude >= fp_infinity_bits(format))
		return false;
	return op == FP_HOST_ADD || op == FP_HOST_SUB || magnitude > smallest_normal;
}

#endif
