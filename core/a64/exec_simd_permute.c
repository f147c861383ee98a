/*
 * AdvSIMD instructions that move elements about (Arm ARM, C7.2): permutations, table look-up, and
 * copies between elements and to and from general registers.
 */
#include "core/a64/simd.h"

/* ---- Permutations ---- */

/* Elements in the vectors: of 64 or 128 bits. */
#define ELEMENTS(z) ((i->imm2 ? 16u : 8u) >> z)

/* One of Vn, one of Vm, by turns, from the lower (part 0) or the upper half of both. */
#define ZIP(part, z)                                                           \
	SIMD_WHOLE(SIMD_U##z, V(rn).SIMD_U##z[part * ELEMENTS(z) / 2 + e / 2], \
		   V(rm).SIMD_U##z[part * ELEMENTS(z) / 2 + e / 2], e & 1 ? m : n)
/* The even (part 0) or the odd elements of Vm:Vn. */
#define UZP(part, z)                                                                 \
	{                                                                            \
		const union a64_vreg low = simd_pairs_low(cpu, i);                   \
		const unsigned half = 8 >> z;                                        \
		SIMD_WHOLE(SIMD_U##z, low.SIMD_U##z[2 * (e % half) + part],          \
			   V(rm).SIMD_U##z[2 * (e % half) + part], e < half ? n : m) \
	}
/* The even (part 0) or the odd ones, Vn's and Vm's by turns. */
#define TRN(part, z)                                             \
	SIMD_WHOLE(SIMD_U##z, V(rn).SIMD_U##z[(e & ~1u) + part], \
		   V(rm).SIMD_U##z[(e & ~1u) + part], e & 1 ? m : n)

#define PERMUTE(name, how, part)            \
	A64_FP(name)                        \
	{                                   \
		switch (simd_size(i)) {     \
		case 0: how(part, 0) break; \
		case 1: how(part, 1) break; \
		case 2: how(part, 2) break; \
		case 3: how(part, 3) break; \
		}                           \
	}

PERMUTE(ZIP1_v, ZIP, 0)
PERMUTE(ZIP2_v, ZIP, 1)
PERMUTE(UZP1_v, UZP, 0)
PERMUTE(UZP2_v, UZP, 1)
PERMUTE(TRN1_v, TRN, 0)
PERMUTE(TRN2_v, TRN, 1)

/* Bytes from Vm:Vn, where 64-bit vectors are 128 bits together, starting at byte ra. */
A64_FP(EXT_v)
{
	const union a64_vreg low = simd_pairs_low(cpu, i);

	SIMD_WHOLE(b, e + i->ra < 16 ? low.b[e + i->ra] : V(rm).b[e + i->ra - 16], 0, n)
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
