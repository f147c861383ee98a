/*
 * AdvSIMD integer instructions of three registers (Arm ARM, C7.2): alike, of different widths, and
 * vector by element. How they are written: core/a64/simd.h.
 */
#include "core/a64/simd.h"

/* ---- Logic ---- */

A64_FP(AND_v)
{
	SIMD_SAME(U, 3, , n & m);
}

A64_FP(BIC_v)
{
	SIMD_SAME(U, 3, , n & ~m);
}

A64_FP(ORR_v)
{
	SIMD_SAME(U, 3, , n | m);
}

A64_FP(ORN_v)
{
	SIMD_SAME(U, 3, , n | ~m);
}

A64_FP(EOR_v)
{
	SIMD_SAME(U, 3, , n ^ m);
}

A64_FP(BSL_v)
{
	SIMD_SAME(U, 3, , (n & d) | (m & ~d));
}

A64_FP(BIT_v)
{
	SIMD_SAME(U, 3, , (n & m) | (d & ~m));
}

A64_FP(BIF_v)
{
	SIMD_SAME(U, 3, , (d & m) | (n & ~m));
}

/* ---- Sums, differences, products ---- */

A64_FP(ADD_v_b)
{
	SIMD_SAME(U, 0, , n + m);
}

A64_FP(ADD_v_h)
{
	SIMD_SAME(U, 1, , n + m);
}

A64_FP(ADD_v_s)
{
	SIMD_SAME(U, 2, , n + m);
}

A64_FP(ADD_v_d)
{
	SIMD_SAME(U, 3, , n + m);
}

A64_FP(SUB_v)
{
	SIMD_BHSD(SIMD_SAME, U, n - m);
}

/* 1u: the product of two 16-bit numbers may be too much for int, which they are promoted to. */
A64_FP(MUL_v)
{
	SIMD_BHS(SIMD_SAME, U, 1u * n * m);
}

A64_FP(MLA_v)
{
	SIMD_BHS(SIMD_SAME, U, d + 1u * n * m);
}

A64_FP(MLS_v)
{
	SIMD_BHS(SIMD_SAME, U, d - 1u * n * m);
}

A64_FP(PMUL_v)
{
	SIMD_SAME(U, 0, , simd_pmul(n, m));
}

/* Halving: what both have, and half of what one of them has; carries never leave the element. */
A64_FP(SHADD_v)
{
	SIMD_BHS(SIMD_SAME, S, (n & m) + ((n ^ m) >> 1));
}

A64_FP(UHADD_v)
{
	SIMD_BHS(SIMD_SAME, U, (n & m) + ((n ^ m) >> 1));
}

A64_FP(SRHADD_v)
{
	SIMD_BHS(SIMD_SAME, S, (n | m) - ((n ^ m) >> 1));
}

A64_FP(URHADD_v)
{
	SIMD_BHS(SIMD_SAME, U, (n | m) - ((n ^ m) >> 1));
}

A64_FP(SHSUB_v)
{
	SIMD_BHS(SIMD_SAME, S, ((int64_t)n - (int64_t)m) >> 1);
}

A64_FP(UHSUB_v)
{
	SIMD_BHS(SIMD_SAME, U, ((int64_t)n - (int64_t)m) >> 1);
}

A64_FP(SQADD_v)
{
	SIMD_BHSD(SIMD_SAME, S, ADD_SATURATING(n, m));
}

A64_FP(UQADD_v)
{
	SIMD_BHSD(SIMD_SAME, U, ADD_SATURATING(n, m));
}

A64_FP(SQSUB_v)
{
	SIMD_BHSD(SIMD_SAME, S, SUB_SATURATING(n, m));
}

A64_FP(UQSUB_v)
{
	SIMD_BHSD(SIMD_SAME, U, SUB_SATURATING(n, m));
}

A64_FP(SABD_v)
{
	SIMD_BHS(SIMD_SAME, S, DIFFERENCE(n, m));
}

A64_FP(UABD_v)
{
	SIMD_BHS(SIMD_SAME, U, DIFFERENCE(n, m));
}

A64_FP(SABA_v)
{
	SIMD_BHS(SIMD_SAME, S, (uint64_t)d + DIFFERENCE(n, m));
}

A64_FP(UABA_v)
{
	SIMD_BHS(SIMD_SAME, U, (uint64_t)d + DIFFERENCE(n, m));
}

/* ---- Comparisons, maximum, minimum ---- */

A64_FP(CMGT_v)
{
	SIMD_BHSD(SIMD_SAME, S, MASK_IF(n > m));
}

A64_FP(CMGE_v)
{
	SIMD_BHSD(SIMD_SAME, S, MASK_IF(n >= m));
}

A64_FP(CMHI_v)
{
	SIMD_BHSD(SIMD_SAME, U, MASK_IF(n > m));
}

A64_FP(CMHS_v)
{
	SIMD_BHSD(SIMD_SAME, U, MASK_IF(n >= m));
}

A64_FP(CMEQ_v_b)
{
	SIMD_SAME(U, 0, , MASK_IF(n == m));
}

A64_FP(CMEQ_v_h)
{
	SIMD_SAME(U, 1, , MASK_IF(n == m));
}

A64_FP(CMEQ_v_s)
{
	SIMD_SAME(U, 2, , MASK_IF(n == m));
}

A64_FP(CMEQ_v_d)
{
	SIMD_SAME(U, 3, , MASK_IF(n == m));
}

A64_FP(CMTST_v)
{
	SIMD_BHSD(SIMD_SAME, U, MASK_IF((n & m) != 0));
}

A64_FP(SMAX_v)
{
	SIMD_BHS(SIMD_SAME, S, n > m ? n : m);
}

A64_FP(UMAX_v)
{
	SIMD_BHS(SIMD_SAME, U, n > m ? n : m);
}

A64_FP(SMIN_v)
{
	SIMD_BHS(SIMD_SAME, S, n < m ? n : m);
}

A64_FP(UMIN_v)
{
	SIMD_BHS(SIMD_SAME, U, n < m ? n : m);
}

/* ---- Pairwise ---- */

A64_FP(ADDP_v_b)
{
	SIMD_PAIRS(U, 0, , n + m);
}

A64_FP(ADDP_v_h)
{
	SIMD_PAIRS(U, 1, , n + m);
}

A64_FP(ADDP_v_s)
{
	SIMD_PAIRS(U, 2, , n + m);
}

A64_FP(ADDP_v_d)
{
	SIMD_PAIRS(U, 3, , n + m);
}

A64_FP(SMAXP_v)
{
	SIMD_BHS(SIMD_PAIRS, S, n > m ? n : m);
}

A64_FP(UMAXP_v_b)
{
	SIMD_PAIRS(U, 0, , n > m ? n : m);
}

A64_FP(UMAXP_v_h)
{
	SIMD_PAIRS(U, 1, , n > m ? n : m);
}

A64_FP(UMAXP_v_s)
{
	SIMD_PAIRS(U, 2, , n > m ? n : m);
}

A64_FP(SMINP_v)
{
	SIMD_BHS(SIMD_PAIRS, S, n < m ? n : m);
}

A64_FP(UMINP_v)
{
	SIMD_BHS(SIMD_PAIRS, U, n < m ? n : m);
}

/* ---- Shifts by a register, left or (negative) right ---- */

A64_FP(SSHL_v)
{
	SIMD_BHSD(SIMD_SAME, S, simd_sshl(n, (int8_t)m, ELEMENT_BITS, false));
}

A64_FP(SRSHL_v)
{
	SIMD_BHSD(SIMD_SAME, S, simd_sshl(n, (int8_t)m, ELEMENT_BITS, true));
}

A64_FP(SQSHL_v)
{
	SIMD_BHSD(SIMD_SAME, S, simd_sqshl(n, (int8_t)m, ELEMENT_BITS, false, &saturated));
}

A64_FP(SQRSHL_v)
{
	SIMD_BHSD(SIMD_SAME, S, simd_sqshl(n, (int8_t)m, ELEMENT_BITS, true, &saturated));
}

A64_FP(USHL_v)
{
	SIMD_BHSD(SIMD_SAME, U, simd_ushl(n, (int8_t)m, ELEMENT_BITS, false));
}

A64_FP(URSHL_v)
{
	SIMD_BHSD(SIMD_SAME, U, simd_ushl(n, (int8_t)m, ELEMENT_BITS, true));
}

A64_FP(UQSHL_v)
{
	SIMD_BHSD(SIMD_SAME, U, simd_uqshl(n, (int8_t)m, ELEMENT_BITS, false, &saturated));
}

A64_FP(UQRSHL_v)
{
	SIMD_BHSD(SIMD_SAME, U, simd_uqshl(n, (int8_t)m, ELEMENT_BITS, true, &saturated));
}

/* ---- Saturating doubling products, the high half ---- */

/* The high half of 2 * n * m, and of (d << bits) + 2 * n * m: without the doubling, one bit less is
 * shifted out, and 64 bits are enough. */
#define DOUBLE_HIGH SATURATE(((int64_t)n * m) >> (ELEMENT_BITS - 1))
#define DOUBLE_HIGH_ROUNDED \
	SATURATE(((int64_t)n * m + (1LL << (ELEMENT_BITS - 2))) >> (ELEMENT_BITS - 1))
#define DOUBLE_HIGH_ACCUMULATED(op)                                   \
	SATURATE((d * (1LL << (ELEMENT_BITS - 1)) op(int64_t) n * m + \
		  (1LL << (ELEMENT_BITS - 2))) >>                     \
		 (ELEMENT_BITS - 1))

A64_FP(SQDMULH_v)
{
	SIMD_HS(SIMD_SAME, S, DOUBLE_HIGH);
}

A64_FP(SQDMULH_elem)
{
	SIMD_HS(SIMD_ELEMENT, S, DOUBLE_HIGH);
}

A64_FP(SQRDMULH_v)
{
	SIMD_HS(SIMD_SAME, S, DOUBLE_HIGH_ROUNDED);
}

A64_FP(SQRDMULH_elem)
{
	SIMD_HS(SIMD_ELEMENT, S, DOUBLE_HIGH_ROUNDED);
}

A64_FP(SQRDMLAH_v)
{
	SIMD_HS(SIMD_SAME, S, DOUBLE_HIGH_ACCUMULATED(+));
}

A64_FP(SQRDMLAH_elem)
{
	SIMD_HS(SIMD_ELEMENT, S, DOUBLE_HIGH_ACCUMULATED(+));
}

A64_FP(SQRDMLSH_v)
{
	SIMD_HS(SIMD_SAME, S, DOUBLE_HIGH_ACCUMULATED(-));
}

A64_FP(SQRDMLSH_elem)
{
	SIMD_HS(SIMD_ELEMENT, S, DOUBLE_HIGH_ACCUMULATED(-));
}

/* ---- Element by element of one register ---- */

A64_FP(MUL_elem)
{
	SIMD_HS(SIMD_ELEMENT, U, 1u * n * m);
}

A64_FP(MLA_elem)
{
	SIMD_HS(SIMD_ELEMENT, U, d + 1u * n * m);
}

A64_FP(MLS_elem)
{
	SIMD_HS(SIMD_ELEMENT, U, d - 1u * n * m);
}

/* ---- Different widths ---- */

A64_FP(SADDL_v)
{
	SIMD_BHS(SIMD_LONG, S, (element)n + (element)m);
}

A64_FP(UADDL_v)
{
	SIMD_BHS(SIMD_LONG, U, (element)n + (element)m);
}

A64_FP(SSUBL_v)
{
	SIMD_BHS(SIMD_LONG, S, (element)n - (element)m);
}

A64_FP(USUBL_v)
{
	SIMD_BHS(SIMD_LONG, U, (element)n - (element)m);
}

A64_FP(SADDW_v)
{
	SIMD_BHS(SIMD_WIDE, S, (uint64_t)n + (uint64_t)m);
}

A64_FP(UADDW_v)
{
	SIMD_BHS(SIMD_WIDE, U, (uint64_t)n + (uint64_t)m);
}

A64_FP(SSUBW_v)
{
	SIMD_BHS(SIMD_WIDE, S, (uint64_t)n - (uint64_t)m);
}

A64_FP(USUBW_v)
{
	SIMD_BHS(SIMD_WIDE, U, (uint64_t)n - (uint64_t)m);
}

A64_FP(SABDL_v)
{
	SIMD_BHS(SIMD_LONG, S, DIFFERENCE(n, m));
}

A64_FP(UABDL_v)
{
	SIMD_BHS(SIMD_LONG, U, DIFFERENCE(n, m));
}

A64_FP(SABAL_v)
{
	SIMD_BHS(SIMD_LONG, S, (uint64_t)d + DIFFERENCE(n, m));
}

A64_FP(UABAL_v)
{
	SIMD_BHS(SIMD_LONG, U, (uint64_t)d + DIFFERENCE(n, m));
}

A64_FP(SMULL_v)
{
	SIMD_BHS(SIMD_LONG, S, (element)n * (element)m);
}

A64_FP(SMULL_elem)
{
	SIMD_HS(SIMD_LONG_ELEMENT, S, (element)n * (element)m);
}

A64_FP(UMULL_v)
{
	SIMD_BHS(SIMD_LONG, U, (element)n * (element)m);
}

A64_FP(UMULL_elem)
{
	SIMD_HS(SIMD_LONG_ELEMENT, U, (element)n * (element)m);
}

A64_FP(SMLAL_v)
{
	SIMD_BHS(SIMD_LONG, S, (uint64_t)d + (uint64_t)((element)n * (element)m));
}

A64_FP(SMLAL_elem)
{
	SIMD_HS(SIMD_LONG_ELEMENT, S, (uint64_t)d + (uint64_t)((element)n * (element)m));
}

A64_FP(UMLAL_v)
{
	SIMD_BHS(SIMD_LONG, U, (uint64_t)d + (uint64_t)((element)n * (element)m));
}

A64_FP(UMLAL_elem)
{
	SIMD_HS(SIMD_LONG_ELEMENT, U, (uint64_t)d + (uint64_t)((element)n * (element)m));
}

A64_FP(SMLSL_v)
{
	SIMD_BHS(SIMD_LONG, S, (uint64_t)d - (uint64_t)((element)n * (element)m));
}

A64_FP(SMLSL_elem)
{
	SIMD_HS(SIMD_LONG_ELEMENT, S, (uint64_t)d - (uint64_t)((element)n * (element)m));
}

A64_FP(UMLSL_v)
{
	SIMD_BHS(SIMD_LONG, U, (uint64_t)d - (uint64_t)((element)n * (element)m));
}

A64_FP(UMLSL_elem)
{
	SIMD_HS(SIMD_LONG_ELEMENT, U, (uint64_t)d - (uint64_t)((element)n * (element)m));
}

/* The product doubled saturates first, the sum again. */
#define DOUBLED ADD_SATURATING((element)((element)n * m), (element)((element)n * m))

A64_FP(SQDMULL_v)
{
	SIMD_HS(SIMD_LONG, S, DOUBLED);
}

A64_FP(SQDMULL_elem)
{
	SIMD_HS(SIMD_LONG_ELEMENT, S, DOUBLED);
}

A64_FP(SQDMLAL_v)
{
	SIMD_HS(SIMD_LONG, S, ADD_SATURATING(d, DOUBLED));
}

A64_FP(SQDMLAL_elem)
{
	SIMD_HS(SIMD_LONG_ELEMENT, S, ADD_SATURATING(d, DOUBLED));
}

A64_FP(SQDMLSL_v)
{
	SIMD_HS(SIMD_LONG, S, SUB_SATURATING(d, DOUBLED));
}

A64_FP(SQDMLSL_elem)
{
	SIMD_HS(SIMD_LONG_ELEMENT, S, SUB_SATURATING(d, DOUBLED));
}

A64_FP(PMULL_v)
{
	SIMD_LONG(U, 0, 1, simd_pmul(n, m));
}

/* High half of the sum: the narrow element's bits below it are rounded away or cut off. */
A64_FP(ADDHN_v)
{
	SIMD_BHS(SIMD_NARROW_TWO, U, (n + m) >> ELEMENT_BITS);
}

A64_FP(RADDHN_v)
{
	SIMD_BHS(SIMD_NARROW_TWO, U, (n + m + (1u << (ELEMENT_BITS - 1))) >> ELEMENT_BITS);
}

A64_FP(SUBHN_v)
{
	SIMD_BHS(SIMD_NARROW_TWO, U, (n - m) >> ELEMENT_BITS);
}

A64_FP(RSUBHN_v)
{
	SIMD_BHS(SIMD_NARROW_TWO, U, (n - m + (1u << (ELEMENT_BITS - 1))) >> ELEMENT_BITS);
}

/* ---- Dot products of four bytes ---- */

#define DOT(s, index)                                                      \
	((uint32_t)d + (uint32_t)(V(rn).s[4 * e] * V(rm).s[4 * (index)]) + \
	 (uint32_t)(V(rn).s[4 * e + 1] * V(rm).s[4 * (index) + 1]) +       \
	 (uint32_t)(V(rn).s[4 * e + 2] * V(rm).s[4 * (index) + 2]) +       \
	 (uint32_t)(V(rn).s[4 * e + 3] * V(rm).s[4 * (index) + 3]))

A64_FP(SDOT_v)
{
	SIMD_SAME(U, 2, , DOT(sb, e));
}

A64_FP(SDOT_elem)
{
	SIMD_SAME(U, 2, , DOT(sb, simd_index(i)));
}

A64_FP(UDOT_v)
{
	SIMD_SAME(U, 2, , DOT(b, e));
}

A64_FP(UDOT_elem)
{
	SIMD_SAME(U, 2, , DOT(b, simd_index(i)));
}

/* ---- Scalar forms ---- */

SIMD_SCALAR(SQADD_scalar, SQADD_v)
SIMD_SCALAR(SQSUB_scalar, SQSUB_v)
SIMD_SCALAR(CMGT_scalar, CMGT_v)
SIMD_SCALAR(CMGE_scalar, CMGE_v)
SIMD_SCALAR(SSHL_scalar, SSHL_v)
SIMD_SCALAR(SQSHL_scalar, SQSHL_v)
SIMD_SCALAR(SRSHL_scalar, SRSHL_v)
SIMD_SCALAR(SQRSHL_scalar, SQRSHL_v)
SIMD_SCALAR(ADD_scalar, ADD_v_d)
SIMD_SCALAR(CMTST_scalar, CMTST_v)
SIMD_SCALAR(SQDMULH_scalar, SQDMULH_v)
SIMD_SCALAR(UQADD_scalar, UQADD_v)
SIMD_SCALAR(UQSUB_scalar, UQSUB_v)
SIMD_SCALAR(CMHI_scalar, CMHI_v)
SIMD_SCALAR(CMHS_scalar, CMHS_v)
SIMD_SCALAR(USHL_scalar, USHL_v)
SIMD_SCALAR(UQSHL_scalar, UQSHL_v)
SIMD_SCALAR(URSHL_scalar, URSHL_v)
SIMD_SCALAR(UQRSHL_scalar, UQRSHL_v)
SIMD_SCALAR(SUB_scalar, SUB_v)
SIMD_SCALAR(CMEQ_scalar, CMEQ_v_d)
SIMD_SCALAR(SQRDMULH_scalar, SQRDMULH_v)
SIMD_SCALAR(SQRDMLAH_scalar, SQRDMLAH_v)
SIMD_SCALAR(SQRDMLSH_scalar, SQRDMLSH_v)
SIMD_SCALAR(SQDMLAL_scalar, SQDMLAL_v)
SIMD_SCALAR(SQDMLSL_scalar, SQDMLSL_v)
SIMD_SCALAR(SQDMULL_scalar, SQDMULL_v)
SIMD_SCALAR(SQDMLAL_elem_scalar, SQDMLAL_elem)
SIMD_SCALAR(SQDMLSL_elem_scalar, SQDMLSL_elem)
SIMD_SCALAR(SQDMULL_elem_scalar, SQDMULL_elem)
SIMD_SCALAR(SQDMULH_elem_scalar, SQDMULH_elem)
SIMD_SCALAR(SQRDMULH_elem_scalar, SQRDMULH_elem)
SIMD_SCALAR(SQRDMLAH_elem_scalar, SQRDMLAH_elem)
SIMD_SCALAR(SQRDMLSH_elem_scalar, SQRDMLSH_elem)
