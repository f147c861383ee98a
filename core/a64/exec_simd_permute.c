/*
 * AdvSIMD instructions that move elements about (Arm ARM, C7.2): permutations, table look-up, and
 * copies between elements and to and from general registers.
 */
#include <string.h>

#include "core/a64/simd.h"

/* ---- Permutations ---- */

/* The even, and the odd, elements of Vm:Vn. */
A64_FP(UZP1_v)
{
	SIMD_BHSD(SIMD_PAIRS, U, n);
}

A64_FP(UZP2_v)
{
	SIMD_BHSD(SIMD_PAIRS, U, m);
}

/* Write what begins at that byte of the pair. */
static inline void write_from(struct a64_cpu *cpu, const struct a64_insn *i,
			      const union simd_pair *pair, unsigned byte)
{
	union a64_vreg result;

	memcpy(&result, &pair->b[byte], sizeof(result));
	simd_write(cpu, i, result, (union a64_vreg){0});
}

/* Elements of Vn and Vm by turns: the first half of all of them, and the second. */
#define ZIP(s, z, w, first)                                               \
	{                                                                 \
		union simd_pair zipped;                                   \
		for (unsigned e = 0; e < 16 >> z; e++) {                  \
			zipped.SIMD_U##z[2 * e] = V(rn).SIMD_U##z[e];     \
			zipped.SIMD_U##z[2 * e + 1] = V(rm).SIMD_U##z[e]; \
		}                                                         \
		write_from(cpu, i, &zipped, first);                       \
	}

A64_FP(ZIP1_v)
{
	SIMD_BHSD(ZIP, U, 0);
}

A64_FP(ZIP2_v)
{
	SIMD_BHSD(ZIP, U, i->imm2 ? 16 : 8);
}

/* The even, and the odd, elements of Vn, each with Vm's behind it. */
#define TRN(s, z, w, odd)                                                   \
	{                                                                   \
		union a64_vreg result;                                      \
		for (unsigned e = 0; e < 16 >> z; e += 2) {                 \
			result.SIMD_U##z[e] = V(rn).SIMD_U##z[e + odd];     \
			result.SIMD_U##z[e + 1] = V(rm).SIMD_U##z[e + odd]; \
		}                                                           \
		simd_write(cpu, i, result, (union a64_vreg){0});            \
	}

A64_FP(TRN1_v)
{
	SIMD_BHSD(TRN, U, 0);
}

A64_FP(TRN2_v)
{
	SIMD_BHSD(TRN, U, 1);
}

/* Bytes of Vm:Vn from byte ra on. */
A64_FP(EXT_v)
{
	const union simd_pair pair = simd_pair(cpu, i);

	write_from(cpu, i, &pair, i->ra);
}

/* ---- Table look-up: ra bytes of table, in up to four registers from Vn on, V31 before V0 ---- */

static inline uint8_t table_byte(const struct a64_cpu *cpu, const struct a64_insn *i,
				 unsigned index, uint8_t outside)
{
	return index < i->ra ? cpu->v[(i->rn + index / 16) % 32].b[index % 16] : outside;
}

A64_FP(TBL_v){SIMD_WHOLE(b, 0, V(rm).b[e], table_byte(cpu, i, m, 0))}

A64_FP(TBX_v){SIMD_WHOLE(b, 0, V(rm).b[e], table_byte(cpu, i, m, d))}

/* ---- Copies ---- */

#define COPY(letter, z)                                                                  \
	A64_FP(DUP_elem_##letter){SIMD_WHOLE(letter, V(rn).letter[i->ra], 0, n)} A64_FP( \
		DUP_##letter)                                                            \
	{                                                                                \
		const uint64_t value = X(rn);                                            \
		SIMD_WHOLE(letter, 0, 0, value)                                          \
	}                                                                                \
	A64_FP(DUP_scalar_##letter)                                                      \
	{                                                                                \
		V(rd) = (union a64_vreg){.letter[0] = V(rn).letter[i->ra]};              \
	}                                                                                \
	A64_FP(INS_##letter)                                                             \
	{                                                                                \
		V(rd).letter[i->ra] = (__typeof__(V(rd).letter[0]))X(rn);                \
	}                                                                                \
	A64_FP(INS_elem_##letter)                                                        \
	{                                                                                \
		V(rd).letter[i->ra] = V(rn).letter[i->rm];                               \
	}                                                                                \
	A64_FP(UMOV_##letter)                                                            \
	{                                                                                \
		X(rd) = V(rn).letter[i->ra];                                             \
	}

COPY(b, 0) COPY(h, 1) COPY(s, 2) COPY(d, 3)

	/* imm is the mask of 32 or 64 bits. */
	A64_FP(SMOV_b)
{
	X(rd) = (uint64_t)V(rn).sb[i->ra] & i->uimm;
}

A64_FP(SMOV_h)
{
	X(rd) = (uint64_t)V(rn).sh[i->ra] & i->uimm;
}

A64_FP(SMOV_s)
{
	X(rd) = (uint64_t)V(rn).ss[i->ra] & i->uimm;
}
