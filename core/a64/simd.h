/*
 * How AdvSIMD integer instructions are written: an expression over the elements d (of the
 * destination before), n and m, and a macro that applies it to each element of the vectors.
 *
 *	A64_FP(SMAX_v) { SIMD_BHS(SIMD_SAME, S, n > m ? n : m); }
 *
 * reads: for elements of 1, 2 or 4 bytes (SIMD_BHS), all three registers alike (SIMD_SAME),
 * as signed numbers (S). The result is converted to the type of the destination's elements, which the
 * expression knows as `element`.
 *
 * Always 128 bits are computed, so that the compiler makes host vector code of it. What an
 * instruction does not write is masked afterwards: imm and imm2 of the decoded instruction are the
 * bits of the result that it has, low and high doubleword; the rest of the register becomes zero. The
 * 64-bit and the scalar forms differ from the 128-bit form in that mask alone. It applies to
 * `saturated` as well, the flag that an expression sets where its element saturates: it
 * becomes FPSR.QC.
 */
#ifndef GOD_CORE_A64_SIMD_H
#define GOD_CORE_A64_SIMD_H

#include <stdbool.h>
#include <stdint.h>

#include "core/a64/decode.h"
#include "core/a64/fp.h"

/* What the table packs into ra. */
static inline unsigned simd_size(const struct a64_insn *i)
{
	return i->ra & 3;
}

static inline unsigned simd_upper(const struct a64_insn *i)
{
	return i->ra >> 2 & 1;
}

static inline unsigned simd_index(const struct a64_insn *i)
{
	return i->ra >> 3;
}

/* Write the destination, as far as the mask goes, and FPSR.QC. */
static inline void simd_write(struct a64_cpu *cpu, const struct a64_insn *i, union a64_vreg value,
			      union a64_vreg saturated)
{
	V(rd).d[0] = value.d[0] & i->uimm;
	V(rd).d[1] = value.d[1] & i->imm2;
	if ((saturated.d[0] & i->uimm) | (saturated.d[1] & i->imm2))
		cpu->fpsr |= FPSR_QC;
}

/*
 * Write a narrowed result of 64 bits: the lower half, and the rest becomes zero, or the upper half
 * ("2" forms), and the lower one stays.
 */
static inline void simd_write_half(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t value,
				   uint64_t saturated)
{
	V(rd).d[simd_upper(i)] = value & i->uimm;
	if (!simd_upper(i))
		V(rd).d[1] = 0;
	if (saturated & i->uimm)
		cpu->fpsr |= FPSR_QC;
}

/* Two vectors in a row. */
union simd_pair {
	union a64_vreg v[2];
	uint64_t d[4];
	uint32_t s[8];
	uint16_t h[16];
	uint8_t b[32];
	int64_t sd[4];
	int32_t ss[8];
	int16_t sh[16];
	int8_t sb[32];
};

/* Vm:Vn, as pairwise instructions and others see them: 64-bit vectors are 128 bits together. */
static inline union simd_pair simd_pair(const struct a64_cpu *cpu, const struct a64_insn *i)
{
	const union a64_vreg joined = {.d = {V(rn).d[0], V(rm).d[0]}};
	const union simd_pair pair = {.v = {i->imm2 ? V(rn) : joined, V(rm)}};

	return pair;
}

/* Members of union a64_vreg by signedness and log2 of the element's bytes. */
#define SIMD_U0 b
#define SIMD_U1 h
#define SIMD_U2 s
#define SIMD_U3 d
#define SIMD_S0 sb
#define SIMD_S1 sh
#define SIMD_S2 ss
#define SIMD_S3 sd

/* The loop: elements `to` of d, from the elements that the expressions N and M say for each e. */
#define SIMD_EACH(to, elements, N, M, expression)                      \
	union a64_vreg result = {0}, saturations = {0};                \
	for (unsigned e = 0; e < (elements); e++) {                    \
		typedef __typeof__(result.to[0]) element;              \
		const element d __attribute__((unused)) = V(rd).to[e]; \
		const __auto_type n __attribute__((unused)) = N;       \
		const __auto_type m __attribute__((unused)) = M;       \
		bool saturated = false;                                \
		result.to[e] = (element)(expression);                  \
		saturations.to[e] = (element)MASK_IF(saturated);       \
	}

#define SIMD_WHOLE(to, N, M, expression)                                  \
	{                                                                 \
		SIMD_EACH(to, 16 / sizeof(V(rd).to[0]), N, M, expression) \
		simd_write(cpu, i, result, saturations);                  \
	}

#define SIMD_HALF(to, N, M, expression)                                  \
	{                                                                \
		SIMD_EACH(to, 8 / sizeof(V(rd).to[0]), N, M, expression) \
		simd_write_half(cpu, i, result.d[0], saturations.d[0]);  \
	}

/*
 * The arrangements. s is S or U, z is log2 of the bytes of the (narrow) element, w of the wide one
 * where there are two.
 */
/* One operand, of the destination's type. */
#define SIMD_ONE(s, z, w, expression) SIMD_WHOLE(SIMD_##s##z, V(rn).SIMD_##s##z[e], 0, expression)
/* Two operands, all alike. */
#define SIMD_SAME(s, z, w, expression) \
	SIMD_WHOLE(SIMD_##s##z, V(rn).SIMD_##s##z[e], V(rm).SIMD_##s##z[e], expression)
/* Vector and element. */
#define SIMD_ELEMENT(s, z, w, expression) \
	SIMD_WHOLE(SIMD_##s##z, V(rn).SIMD_##s##z[e], V(rm).SIMD_##s##z[simd_index(i)], expression)
/* One operand, of the other signedness than the destination. */
#define SIMD_MIXED(s, z, w, expression) \
	SIMD_WHOLE(SIMD_##s##z, V(rn).SIMD_NOT_##s##z[e], 0, expression)
/* n and m are the two of a pair, of Vm:Vn. */
#define SIMD_PAIRS(s, z, w, expression)                                                       \
	{                                                                                     \
		const union simd_pair pair = simd_pair(cpu, i);                               \
		SIMD_WHOLE(SIMD_##s##z, pair.SIMD_##s##z[2 * e], pair.SIMD_##s##z[2 * e + 1], \
			   expression)                                                        \
	}
/* As SIMD_PAIRS, of Vn alone and to wide elements. */
#define SIMD_LONG_PAIRS(s, z, w, expression) \
	SIMD_WHOLE(SIMD_##s##w, V(rn).SIMD_##s##z[2 * e], V(rn).SIMD_##s##z[2 * e + 1], expression)
/* n is narrow, the result is wide ("2" forms: of the upper half). */
#define SIMD_LONG_ONE(s, z, w, expression) \
	SIMD_WHOLE(SIMD_##s##w, V(rn).SIMD_##s##z[simd_upper(i) * (8 >> z) + e], 0, expression)
/* n and m are narrow, the result is wide ("2" forms: of the upper halves). */
#define SIMD_LONG(s, z, w, expression)                                \
	{                                                             \
		const unsigned first = simd_upper(i) * (8 >> z);      \
		SIMD_WHOLE(SIMD_##s##w, V(rn).SIMD_##s##z[first + e], \
			   V(rm).SIMD_##s##z[first + e], expression)  \
	}
#define SIMD_LONG_ELEMENT(s, z, w, expression)                           \
	{                                                                \
		const unsigned first = simd_upper(i) * (8 >> z);         \
		SIMD_WHOLE(SIMD_##s##w, V(rn).SIMD_##s##z[first + e],    \
			   V(rm).SIMD_##s##z[simd_index(i)], expression) \
	}
/* m alone is narrow. */
#define SIMD_WIDE(s, z, w, expression)                                                      \
	{                                                                                   \
		const unsigned first = simd_upper(i) * (8 >> z);                            \
		SIMD_WHOLE(SIMD_##s##w, V(rn).SIMD_##s##w[e], V(rm).SIMD_##s##z[first + e], \
			   expression)                                                      \
	}
/* n is wide, the result is narrow; also with an unsigned result of a signed operand. */
#define SIMD_NARROW(s, z, w, expression) SIMD_HALF(SIMD_##s##z, V(rn).SIMD_##s##w[e], 0, expression)
#define SIMD_NARROW_UNSIGNED(s, z, w, expression) \
	SIMD_HALF(SIMD_U##z, V(rn).SIMD_##s##w[e], 0, expression)
/* n and m are wide, the result is narrow. */
#define SIMD_NARROW_TWO(s, z, w, expression) \
	SIMD_HALF(SIMD_##s##z, V(rn).SIMD_##s##w[e], V(rm).SIMD_##s##w[e], expression)
/* Within groups of `bytes`, the elements in reverse order. */
#define SIMD_REVERSE(bytes, z) SIMD_WHOLE(SIMD_U##z, V(rn).SIMD_U##z[e ^ ((bytes >> z) - 1)], 0, n)

#define SIMD_NOT_S0 SIMD_U0
#define SIMD_NOT_S1 SIMD_U1
#define SIMD_NOT_S2 SIMD_U2
#define SIMD_NOT_S3 SIMD_U3
#define SIMD_NOT_U0 SIMD_S0
#define SIMD_NOT_U1 SIMD_S1
#define SIMD_NOT_U2 SIMD_S2
#define SIMD_NOT_U3 SIMD_S3

/* Which sizes an instruction has. */
#define SIMD_CASE(arrangement, s, z, w, expression) \
	case z: arrangement(s, z, w, expression) break;
#define SIMD_HS(arrangement, s, expression)                 \
	switch (simd_size(i)) {                             \
		SIMD_CASE(arrangement, s, 1, 2, expression) \
		SIMD_CASE(arrangement, s, 2, 3, expression) \
	}
#define SIMD_BHS(arrangement, s, expression)                \
	switch (simd_size(i)) {                             \
		SIMD_CASE(arrangement, s, 0, 1, expression) \
		SIMD_CASE(arrangement, s, 1, 2, expression) \
		SIMD_CASE(arrangement, s, 2, 3, expression) \
	}
#define SIMD_BHSD(arrangement, s, expression)               \
	switch (simd_size(i)) {                             \
		SIMD_CASE(arrangement, s, 0, 1, expression) \
		SIMD_CASE(arrangement, s, 1, 2, expression) \
		SIMD_CASE(arrangement, s, 2, 3, expression) \
		SIMD_CASE(arrangement, s, 3, 4, expression) \
	}

/* The scalar form of an instruction: the mask of one element is all that differs. */
#define SIMD_SCALAR(name, vector)                                                             \
	const struct a64_insn *a64_exec_##name(struct a64_cpu *cpu, const struct a64_insn *i) \
	{                                                                                     \
		return a64_exec_##vector(cpu, i);                                             \
	}

/* ---- What the expressions use. ---- */

#define ELEMENT_BITS   (8 * sizeof(element))
#define ELEMENT_SIGNED ((element) - 1 < (element)1)
#define ELEMENT_MAX    ((element)(UINT64_MAX >> (64 - ELEMENT_BITS) >> ELEMENT_SIGNED))
#define ELEMENT_MIN    ((element)(ELEMENT_SIGNED ? (uint64_t)1 << (ELEMENT_BITS - 1) : 0))

/* A comparison's result: all ones or all zeros. */
#define MASK_IF(condition) (-(element)(condition))

/* |n - m| without overflow on the way. */
#define DIFFERENCE(n, m) ((n) > (m) ? (uint64_t)(n) - (uint64_t)(m) : (uint64_t)(m) - (uint64_t)(n))

/* op (add, sub) of a and b, in unbounded precision; `limit` where that is no element. */
#define SATURATE_TO(op, a, b, limit)                                 \
	({                                                           \
		element sum_;                                        \
		bool over_ = __builtin_##op##_overflow(a, b, &sum_); \
		saturated |= over_;                                  \
		over_ ? (element)(limit) : sum_;                     \
	})
/* Both of the element's type: which limit follows from the sign of b. */
#define ELEMENT_NEGATIVE(b)  (ELEMENT_SIGNED && (b) >> (ELEMENT_BITS - 1))
#define ADD_SATURATING(a, b) SATURATE_TO(add, a, b, ELEMENT_NEGATIVE(b) ? ELEMENT_MIN : ELEMENT_MAX)
#define SUB_SATURATING(a, b) SATURATE_TO(sub, a, b, ELEMENT_NEGATIVE(b) ? ELEMENT_MAX : ELEMENT_MIN)

/* SignedSatQ and UnsignedSatQ of a signed number; UnsignedSatQ of an unsigned one. */
#define SATURATE(value)                                                                       \
	((element)simd_saturate((int64_t)(value), (int64_t)ELEMENT_MIN, (int64_t)ELEMENT_MAX, \
				&saturated))
#define SATURATE_UNSIGNED(value) \
	((element)simd_saturate_unsigned((uint64_t)(value), (uint64_t)ELEMENT_MAX, &saturated))

static inline int64_t simd_saturate(int64_t value, int64_t min, int64_t max, bool *saturated)
{
	int64_t inside = value < min ? min : value > max ? max : value;

	*saturated |= inside != value;
	return inside;
}

static inline uint64_t simd_saturate_unsigned(uint64_t value, uint64_t max, bool *saturated)
{
	*saturated |= value > max;
	return value > max ? max : value;
}

/* Shifts right by 1 to 64, truncating and rounding (half up). */
static inline int64_t simd_sshr(int64_t n, unsigned shift)
{
	return n >> (shift > 63 ? 63 : shift);
}

static inline uint64_t simd_ushr(uint64_t n, unsigned shift)
{
	return shift > 63 ? 0 : n >> shift;
}

static inline int64_t simd_srshr(int64_t n, unsigned shift)
{
	return (n >> (shift - 1) >> 1) + (n >> (shift - 1) & 1);
}

static inline uint64_t simd_urshr(uint64_t n, unsigned shift)
{
	return (n >> (shift - 1) >> 1) + (n >> (shift - 1) & 1);
}

/*
 * Shift an element of `bits` left by a signed amount, negative to the right, as SSHL and its
 * kin do: rounding right shifts, or truncating. Bits beyond the element are left for the caller to
 * drop.
 */
static inline uint64_t simd_sshl(int64_t n, int8_t shift, unsigned bits, bool rounding)
{
	if (shift >= 0)
		return shift < (int)bits ? (uint64_t)n << shift : 0;
	if (-shift > (int)bits)
		return rounding || n >= 0 ? 0 : UINT64_MAX;
	return (uint64_t)(rounding ? simd_srshr(n, (unsigned)-shift)
				   : simd_sshr(n, (unsigned)-shift));
}

static inline uint64_t simd_ushl(uint64_t n, int8_t shift, unsigned bits, bool rounding)
{
	if (shift >= 0)
		return shift < (int)bits ? n << shift : 0;
	if (-shift > (int)bits)
		return 0;
	return rounding ? simd_urshr(n, (unsigned)-shift) : simd_ushr(n, (unsigned)-shift);
}

/* The same, saturating left shifts: SQSHL, UQSHL and their kin. */
static inline int64_t simd_sqshl(int64_t n, int8_t shift, unsigned bits, bool rounding,
				 bool *saturated)
{
	int64_t max = (int64_t)(UINT64_MAX >> (65 - bits)), shifted;

	if (shift <= 0 || n == 0)
		return (int64_t)simd_sshl(n, shift, bits, rounding);
	if (shift < (int)bits) {
		shifted = (int64_t)((uint64_t)n << shift);
		if (shifted >> shift == n && shifted >= -max - 1 && shifted <= max)
			return shifted;
	}
	*saturated = true;
	return n < 0 ? -max - 1 : max;
}

static inline uint64_t simd_uqshl(uint64_t n, int8_t shift, unsigned bits, bool rounding,
				  bool *saturated)
{
	uint64_t max = UINT64_MAX >> (64 - bits);

	if (shift <= 0 || n == 0)
		return simd_ushl(n, shift, bits, rounding);
	if (shift < (int)bits && n <= max >> shift)
		return n << shift;
	*saturated = true;
	return max;
}

/* Of the low `bits` bits: how many leading bits are zero, and, are like the sign, without it. */
static inline unsigned simd_clz(uint64_t n, unsigned bits)
{
	return n ? (unsigned)__builtin_clzll(n) - (64 - bits) : bits;
}

static inline unsigned simd_cls(int64_t n, unsigned bits)
{
	return (unsigned)__builtin_clrsbll(n) - (64 - bits);
}

/* Product of polynomials over {0, 1} (PolynomialMult). */
static inline uint16_t simd_pmul(uint8_t n, uint8_t m)
{
	unsigned product = 0, bit;

	for (bit = 0; bit < 8; bit++)
		product ^= (n >> bit & 1u) * ((unsigned)m << bit);
	return (uint16_t)product;
}

#endif
