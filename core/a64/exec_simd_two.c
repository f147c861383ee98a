/*
 * AdvSIMD integer instructions of two registers (Arm ARM, C7.2): one operand, across lanes, shifts by
 * an immediate; and the modified immediates. How they are written: core/a64/simd.h.
 */
#include "core/a64/simd.h"

/* ---- One operand ---- */

A64_FP(REV64_v)
{
	switch (simd_size(i)) {
	case 0: SIMD_REVERSE(8, 0) break;
	case 1: SIMD_REVERSE(8, 1) break;
	case 2: SIMD_REVERSE(8, 2) break;
	}
}

A64_FP(REV32_v)
{
	switch (simd_size(i)) {
	case 0: SIMD_REVERSE(4, 0) break;
	case 1: SIMD_REVERSE(4, 1) break;
	}
}

A64_FP(REV16_v)
{
	SIMD_REVERSE(2, 0);
}

/* Sums of pairs of bits, of pairs of those, of the two halves. */
static inline uint8_t count_bits(uint8_t n)
{
	n = (uint8_t)((n & 0x55) + (n >> 1 & 0x55));
	n = (uint8_t)((n & 0x33) + (n >> 2 & 0x33));
	return (uint8_t)((n & 0x0f) + (n >> 4));
}

A64_FP(CNT_v)
{
	SIMD_ONE(U, 0, , count_bits(n));
}

A64_FP(NOT_v)
{
	SIMD_ONE(U, 3, , ~n);
}

/* Swap halves, quarters, single bits of each byte. */
static inline uint8_t reverse_bits(uint8_t n)
{
	n = (uint8_t)(n >> 4 | n << 4);
	n = (uint8_t)((n >> 2 & 0x33) | (n & 0x33) << 2);
	return (uint8_t)((n >> 1 & 0x55) | (n & 0x55) << 1);
}

A64_FP(RBIT_v)
{
	SIMD_ONE(U, 0, , reverse_bits(n));
}

A64_FP(CLS_v)
{
	SIMD_BHS(SIMD_ONE, S, simd_cls(n, ELEMENT_BITS));
}

A64_FP(CLZ_v)
{
	SIMD_BHS(SIMD_ONE, U, simd_clz(n, ELEMENT_BITS));
}

A64_FP(ABS_v)
{
	SIMD_BHSD(SIMD_ONE, S, DIFFERENCE(n, 0));
}

A64_FP(NEG_v)
{
	SIMD_BHSD(SIMD_ONE, U, 0 - n);
}

A64_FP(SQABS_v)
{
	SIMD_BHSD(SIMD_ONE, S, n < 0 ? SUB_SATURATING((element)0, n) : n);
}

A64_FP(SQNEG_v)
{
	SIMD_BHSD(SIMD_ONE, S, SUB_SATURATING((element)0, n));
}

/* An unsigned number added to a signed one, and the reverse. */
A64_FP(SUQADD_v)
{
	SIMD_BHSD(SIMD_MIXED, S, SATURATE_TO(add, d, n, ELEMENT_MAX));
}

A64_FP(USQADD_v)
{
	SIMD_BHSD(SIMD_MIXED, U, SATURATE_TO(add, d, n, n < 0 ? 0 : ELEMENT_MAX));
}

A64_FP(CMGT_zero_v)
{
	SIMD_BHSD(SIMD_ONE, S, MASK_IF(n > 0));
}

A64_FP(CMGE_zero_v)
{
	SIMD_BHSD(SIMD_ONE, S, MASK_IF(n >= 0));
}

A64_FP(CMEQ_zero_v)
{
	SIMD_BHSD(SIMD_ONE, S, MASK_IF(n == 0));
}

A64_FP(CMLE_zero_v)
{
	SIMD_BHSD(SIMD_ONE, S, MASK_IF(n <= 0));
}

A64_FP(CMLT_zero_v)
{
	SIMD_BHSD(SIMD_ONE, S, MASK_IF(n < 0));
}

/* ---- Other widths ---- */

A64_FP(SADDLP_v)
{
	SIMD_BHS(SIMD_LONG_PAIRS, S, (element)n + (element)m);
}

A64_FP(UADDLP_v)
{
	SIMD_BHS(SIMD_LONG_PAIRS, U, (element)n + (element)m);
}

A64_FP(SADALP_v)
{
	SIMD_BHS(SIMD_LONG_PAIRS, S, (uint64_t)d + (uint64_t)n + (uint64_t)m);
}

A64_FP(UADALP_v)
{
	SIMD_BHS(SIMD_LONG_PAIRS, U, (uint64_t)d + (uint64_t)n + (uint64_t)m);
}

A64_FP(SHLL_v)
{
	SIMD_BHS(SIMD_LONG_ONE, U, (element)n << ELEMENT_BITS / 2);
}

A64_FP(XTN_v)
{
	SIMD_BHS(SIMD_NARROW, U, n);
}

A64_FP(SQXTN_v)
{
	SIMD_BHS(SIMD_NARROW, S, SATURATE(n));
}

A64_FP(UQXTN_v)
{
	SIMD_BHS(SIMD_NARROW, U, SATURATE_UNSIGNED(n));
}

A64_FP(SQXTUN_v)
{
	SIMD_BHS(SIMD_NARROW_UNSIGNED, S, SATURATE(n));
}

/* ---- Across lanes ---- */

/* Fold the imm elements of Vn into `all`, and write that as the only element of the result. */
#define ACROSS(from, to, expression)                         \
	{                                                    \
		__typeof__(V(rd).to[0]) all = V(rn).from[0]; \
		union a64_vreg result = {0};                 \
		for (unsigned e = 1; e < i->uimm; e++) {     \
			const __auto_type n = V(rn).from[e]; \
			all = (__typeof__(all))(expression); \
		}                                            \
		result.to[0] = all;                          \
		V(rd) = result;                              \
	}
#define ACROSS_SAME(s, z, w, expression) ACROSS(SIMD_##s##z, SIMD_##s##z, expression)
#define ACROSS_LONG(s, z, w, expression) ACROSS(SIMD_##s##z, SIMD_##s##w, expression)

A64_FP(ADDV_v)
{
	SIMD_BHS(ACROSS_SAME, U, all + n);
}

A64_FP(SADDLV_v)
{
	SIMD_BHS(ACROSS_LONG, S, all + n);
}

A64_FP(UADDLV_v)
{
	SIMD_BHS(ACROSS_LONG, U, all + n);
}

A64_FP(SMAXV_v)
{
	SIMD_BHS(ACROSS_SAME, S, all > n ? all : n);
}

A64_FP(UMAXV_v)
{
	SIMD_BHS(ACROSS_SAME, U, all > n ? all : n);
}

A64_FP(SMINV_v)
{
	SIMD_BHS(ACROSS_SAME, S, all < n ? all : n);
}

A64_FP(UMINV_v)
{
	SIMD_BHS(ACROSS_SAME, U, all < n ? all : n);
}

A64_FP(ADDP_scalar)
{
	V(rd).d[0] = V(rn).d[0] + V(rn).d[1];
	V(rd).d[1] = 0;
}

/* ---- Shifts by an immediate ---- */

/* A right shift may be by all of the element's bits, which C does not define. */
#define SSHR(n) ((n) >> (i->rm < ELEMENT_BITS ? i->rm : ELEMENT_BITS - 1))
#define USHR(n) ((element)((n) >> i->rm / 2 >> (i->rm + 1) / 2))

A64_FP(SSHR_v)
{
	SIMD_BHSD(SIMD_ONE, S, SSHR(n));
}

A64_FP(USHR_v)
{
	SIMD_BHSD(SIMD_ONE, U, USHR(n));
}

A64_FP(SSRA_v)
{
	SIMD_BHSD(SIMD_ONE, S, (uint64_t)d + (uint64_t)SSHR(n));
}

A64_FP(USRA_v)
{
	SIMD_BHSD(SIMD_ONE, U, d + USHR(n));
}

A64_FP(SRSHR_v)
{
	SIMD_BHSD(SIMD_ONE, S, simd_srshr(n, i->rm));
}

A64_FP(URSHR_v)
{
	SIMD_BHSD(SIMD_ONE, U, simd_urshr(n, i->rm));
}

A64_FP(SRSRA_v)
{
	SIMD_BHSD(SIMD_ONE, S, (uint64_t)d + (uint64_t)simd_srshr(n, i->rm));
}

A64_FP(URSRA_v)
{
	SIMD_BHSD(SIMD_ONE, U, d + simd_urshr(n, i->rm));
}

A64_FP(SHL_v)
{
	SIMD_BHSD(SIMD_ONE, U, (uint64_t)n << i->rm);
}

/* Insert: the bits that are shifted in are those of the destination. */
A64_FP(SLI_v)
{
	SIMD_BHSD(SIMD_ONE, U, ((uint64_t)n << i->rm) | (d & ~(UINT64_MAX << i->rm)));
}

A64_FP(SRI_v)
{
	SIMD_BHSD(SIMD_ONE, U, USHR(n) | (d & ~USHR(ELEMENT_MAX)));
}

A64_FP(SQSHL_imm_v)
{
	SIMD_BHSD(SIMD_ONE, S, simd_sqshl(n, (int8_t)i->rm, ELEMENT_BITS, false, &saturated));
}

A64_FP(UQSHL_imm_v)
{
	SIMD_BHSD(SIMD_ONE, U, simd_uqshl(n, (int8_t)i->rm, ELEMENT_BITS, false, &saturated));
}

/* Signed in, unsigned out: a negative number saturates to 0. */
static inline uint64_t sqshlu(int64_t n, unsigned shift, unsigned bits, bool *saturated)
{
	if (n >= 0)
		return simd_uqshl((uint64_t)n, (int8_t)shift, bits, false, saturated);
	*saturated = true;
	return 0;
}

A64_FP(SQSHLU_imm_v)
{
	SIMD_BHSD(SIMD_ONE, S, sqshlu(n, i->rm, ELEMENT_BITS, &saturated));
}

A64_FP(SSHLL_v)
{
	SIMD_BHS(SIMD_LONG_ONE, S, (uint64_t)n << i->rm);
}

A64_FP(USHLL_v)
{
	SIMD_BHS(SIMD_LONG_ONE, U, (uint64_t)n << i->rm);
}

/* Narrowing */
A64_FP(SHRN_v)
{
	SIMD_BHS(SIMD_NARROW, U, n >> i->rm);
}

A64_FP(RSHRN_v)
{
	SIMD_BHS(SIMD_NARROW, U, simd_urshr(n, i->rm));
}

A64_FP(SQSHRN_v)
{
	SIMD_BHS(SIMD_NARROW, S, SATURATE(simd_sshr(n, i->rm)));
}

A64_FP(SQRSHRN_v)
{
	SIMD_BHS(SIMD_NARROW, S, SATURATE(simd_srshr(n, i->rm)));
}

A64_FP(UQSHRN_v)
{
	SIMD_BHS(SIMD_NARROW, U, SATURATE_UNSIGNED(simd_ushr(n, i->rm)));
}

A64_FP(UQRSHRN_v)
{
	SIMD_BHS(SIMD_NARROW, U, SATURATE_UNSIGNED(simd_urshr(n, i->rm)));
}

A64_FP(SQSHRUN_v)
{
	SIMD_BHS(SIMD_NARROW_UNSIGNED, S, SATURATE(simd_sshr(n, i->rm)));
}

A64_FP(SQRSHRUN_v)
{
	SIMD_BHS(SIMD_NARROW_UNSIGNED, S, SATURATE(simd_srshr(n, i->rm)));
}

/* ---- Modified immediates ---- */

A64_FP(MOVI_v)
{
	V(rd).d[0] = i->uimm;
	V(rd).d[1] = i->uimm & i->imm2;
}

A64_FP(MVNI_v)
{
	V(rd).d[0] = i->uimm;
	V(rd).d[1] = i->uimm & i->imm2;
}

A64_FP(ORR_imm_v)
{
	V(rd).d[0] |= i->uimm;
	V(rd).d[1] = (V(rd).d[1] | i->uimm) & i->imm2;
}

A64_FP(BIC_imm_v)
{
	V(rd).d[0] &= ~i->uimm;
	V(rd).d[1] &= ~i->uimm & i->imm2;
}

/* ---- Scalar forms ---- */

SIMD_SCALAR(SUQADD_scalar, SUQADD_v)
SIMD_SCALAR(USQADD_scalar, USQADD_v)
SIMD_SCALAR(SQABS_scalar, SQABS_v)
SIMD_SCALAR(SQNEG_scalar, SQNEG_v)
SIMD_SCALAR(CMGT_zero_scalar, CMGT_zero_v)
SIMD_SCALAR(CMGE_zero_scalar, CMGE_zero_v)
SIMD_SCALAR(CMEQ_zero_scalar, CMEQ_zero_v)
SIMD_SCALAR(CMLE_zero_scalar, CMLE_zero_v)
SIMD_SCALAR(CMLT_zero_scalar, CMLT_zero_v)
SIMD_SCALAR(ABS_scalar, ABS_v)
SIMD_SCALAR(NEG_scalar, NEG_v)
SIMD_SCALAR(SQXTUN_scalar, SQXTUN_v)
SIMD_SCALAR(SQXTN_scalar, SQXTN_v)
SIMD_SCALAR(UQXTN_scalar, UQXTN_v)
SIMD_SCALAR(SSHR_scalar, SSHR_v)
SIMD_SCALAR(USHR_scalar, USHR_v)
SIMD_SCALAR(SSRA_scalar, SSRA_v)
SIMD_SCALAR(USRA_scalar, USRA_v)
SIMD_SCALAR(SRSHR_scalar, SRSHR_v)
SIMD_SCALAR(URSHR_scalar, URSHR_v)
SIMD_SCALAR(SRSRA_scalar, SRSRA_v)
SIMD_SCALAR(URSRA_scalar, URSRA_v)
SIMD_SCALAR(SRI_scalar, SRI_v)
SIMD_SCALAR(SHL_scalar, SHL_v)
SIMD_SCALAR(SLI_scalar, SLI_v)
SIMD_SCALAR(SQSHLU_imm_scalar, SQSHLU_imm_v)
SIMD_SCALAR(SQSHL_imm_scalar, SQSHL_imm_v)
SIMD_SCALAR(UQSHL_imm_scalar, UQSHL_imm_v)
SIMD_SCALAR(SQSHRUN_scalar, SQSHRUN_v)
SIMD_SCALAR(SQRSHRUN_scalar, SQRSHRUN_v)
SIMD_SCALAR(SQSHRN_scalar, SQSHRN_v)
SIMD_SCALAR(UQSHRN_scalar, UQSHRN_v)
SIMD_SCALAR(SQRSHRN_scalar, SQRSHRN_v)
SIMD_SCALAR(UQRSHRN_scalar, UQRSHRN_v)
