/*
 * Floating point as the Arm ARM defines it (DDI 0487, shared pseudocode, "functions/float"), bit for
 * bit and flag for flag, in integer arithmetic: rounding modes, flush-to-zero, default NaN, the
 * order in which NaNs propagate, cumulative exception flags, tininess before rounding.
 *
 * Numbers travel as their bits in the low end of a uint64_t, with their format beside them: every
 * function works on half, single and double alike. What bits lie above the format's own is
 * ignored in operands, and zero in results.
 *
 * FPCR is read from, and the cumulative flags of FPSR are ORed into, a struct fp_env: no function
 * here knows the CPU. Traps of floating-point exceptions are not implemented (the trap enable bits
 * of FPCR are RES0), which the architecture allows.
 */
#ifndef GOD_CORE_A64_FP_H
#define GOD_CORE_A64_FP_H

#include <stdbool.h>
#include <stdint.h>

/* FPCR, C5.2.8. */
#define FPCR_FZ16	 (1u << 19)
#define FPCR_RMODE_SHIFT 22
#define FPCR_RMODE	 (3u << FPCR_RMODE_SHIFT)
#define FPCR_FZ		 (1u << 24)
#define FPCR_DN		 (1u << 25)
#define FPCR_AHP	 (1u << 26)

/* FPSR, C5.2.10: the cumulative exception flags. */
#define FPSR_IOC (1u << 0) /* invalid operation */
#define FPSR_DZC (1u << 1) /* division by zero */
#define FPSR_OFC (1u << 2) /* overflow */
#define FPSR_UFC (1u << 3) /* underflow */
#define FPSR_IXC (1u << 4) /* inexact */
#define FPSR_IDC (1u << 7) /* input denormal */
#define FPSR_QC	 (1u << 27)

struct fp_env {
	uint32_t fpcr, fpsr;
};

/* A format is log2 of its size in bytes. */
enum fp_format { FP_16 = 1, FP_32 = 2, FP_64 = 3 };

/* FPRounding; the first four are the values of FPCR.RMode. */
enum fp_rounding {
	FP_ROUND_TIEEVEN,
	FP_ROUND_POSINF,
	FP_ROUND_NEGINF,
	FP_ROUND_ZERO,
	FP_ROUND_TIEAWAY,
	FP_ROUND_ODD,
};

/* FPRoundingMode: the one that FPCR asks for. */
static inline enum fp_rounding fp_rounding_mode(const struct fp_env *env)
{
	return (enum fp_rounding)((env->fpcr & FPCR_RMODE) >> FPCR_RMODE_SHIFT);
}

/* The sign bit of a format, and its exponent bits, which are those of infinity. */
static inline uint64_t fp_sign_bit(enum fp_format format)
{
	return 1ULL << ((8u << format) - 1);
}

static inline uint64_t fp_infinity_bits(enum fp_format format)
{
	return format == FP_64 ? 0x7ff0000000000000 : format == FP_32 ? 0x7f800000 : 0x7c00;
}

/* What operations look like, by their number of operands. */
typedef uint64_t fp_unary(struct fp_env *env, enum fp_format format, uint64_t op);
typedef uint64_t fp_binary(struct fp_env *env, enum fp_format format, uint64_t op1, uint64_t op2);
typedef uint64_t fp_ternary(struct fp_env *env, enum fp_format format, uint64_t addend,
			    uint64_t op1, uint64_t op2);
typedef bool fp_predicate(struct fp_env *env, enum fp_format format, uint64_t op1, uint64_t op2);

/* FPAbs, FPNeg: of the sign bit alone, NaNs included; no flags. */
fp_unary fp_abs, fp_neg;

/* Arithmetic: fp_arith.c. fp_muladd is FPMulAdd, addend + op1 * op2 rounded once. */
fp_unary fp_sqrt;
fp_binary fp_add, fp_sub, fp_mul, fp_mulx, fp_div;
fp_ternary fp_muladd;
/* FPRecipStepFused 2 - op1 * op2, FPRSqrtStepFused (3 - op1 * op2) / 2, rounded once. */
fp_binary fp_recip_step, fp_rsqrt_step;

/* Estimates, as the architecture's tables give them: fp_estimate.c. */
fp_unary fp_recip_estimate, fp_rsqrt_estimate;
/* FPRecpX: the exponent's complement. */
fp_unary fp_recpx;
/* UnsignedRecipEstimate, UnsignedRSqrtEstimate: URECPE, URSQRTE. */
uint32_t fp_unsigned_recip_estimate(uint32_t op);
uint32_t fp_unsigned_rsqrt_estimate(uint32_t op);

/* Comparison: fp_compare.c. */
fp_binary fp_max, fp_min, fp_maxnum, fp_minnum;
/* FPCompareEQ signals on signalling NaNs alone; FPCompareGE and FPCompareGT on any NaN. */
fp_predicate fp_compare_eq, fp_compare_ge, fp_compare_gt;
/* FPCompare: PSTATE.NZCV in bits 3 to 0. With signal_nans, quiet NaNs are invalid too. */
unsigned fp_compare(struct fp_env *env, enum fp_format format, uint64_t op1, uint64_t op2,
		    bool signal_nans);

/* Conversion: fp_convert.c. */
/* FPRoundInt: to an integral number in the same format; `exact` notes inexactness (FRINTX). */
uint64_t fp_round_int(struct fp_env *env, enum fp_format format, uint64_t op,
		      enum fp_rounding rounding, bool exact);
/*
 * FPToFixed: to an integer of `width` bits (16, 32 or 64), the number times 2^fbits, saturated. The
 * result's bits above the width are zero.
 */
uint64_t fp_to_fixed(struct fp_env *env, enum fp_format format, uint64_t op, unsigned fbits,
		     bool is_unsigned, enum fp_rounding rounding, unsigned width);
/* FixedToFP: op / 2^fbits. A narrow op comes extended to 64 bits, by its own signedness. */
uint64_t fp_from_fixed(struct fp_env *env, enum fp_format format, uint64_t op, unsigned fbits,
		       bool is_unsigned, enum fp_rounding rounding);
/* FPConvert: from one format to another. A half is in the alternative format if FPCR.AHP says. */
uint64_t fp_convert(struct fp_env *env, enum fp_format to, enum fp_format from, uint64_t op,
		    enum fp_rounding rounding);

/* VFPExpandImm: the number that an 8-bit immediate stands for. */
uint64_t fp_expand_immediate(enum fp_format format, uint32_t imm8);

#endif
