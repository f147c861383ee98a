/*
 * Guest vector registers as operands of host instructions, and what the emitters of AdvSIMD share.
 *
 * Emitters use XMM0 to XMM4 as they like. XMM5 belongs to the functions here.
 */
#ifndef GOD_CORE_A64_JIT_VECTOR_H
#define GOD_CORE_A64_JIT_VECTOR_H

#include "core/a64/jit/jit.h"
#include "core/a64/jit/sse.h"

/* What an instruction of AdvSIMD does with vectors, whose host code leaves the flags alone. */
#define V_N   (JIT_FP | JIT_KEEPS | JIT_DEF_VD | JIT_USE_VN)
#define V_NM  (V_N | JIT_USE_VM)
#define V_DN  (V_N | JIT_USE_VD)
#define V_DNM (V_NM | JIT_USE_VD)

/* What an element is: log2 of its bytes. */
enum { SIZE_B, SIZE_H, SIZE_S, SIZE_D };

/* Constants of 128 bits, in the code cache. */
enum jit_constant {
	CONSTANT_LOW_BYTES, /* of 16-bit elements */
	CONSTANT_LOW_WORDS, /* of 32-bit elements */
	CONSTANT_LOW_NIBBLES,
	CONSTANT_ONE_B, /* 1 in each element */
	CONSTANT_ONE_H,
	CONSTANT_SIGN_B, /* the sign bit of each element */
	CONSTANT_SIGN_H,
	CONSTANT_SIGN_S,
	CONSTANT_SIGN_D,
	CONSTANT_HALF_S, /* the number just below a half */
	CONSTANT_HALF_D,
	CONSTANT_TINY_S, /* the smallest normal number */
	CONSTANT_TINY_D,
	CONSTANT_UPPER_ONES,   /* 1.0 as single-precision numbers of the upper half */
	CONSTANT_REVERSE_16_B, /* of PSHUFB: bytes in reverse order in groups of 16 bits ... */
	CONSTANT_REVERSE_32_B,
	CONSTANT_REVERSE_64_B,
	CONSTANT_BIT_COUNTS, /* by nibble */
	CONSTANT_REVERSED_NIBBLES,
	CONSTANT_TABLE_SIZE,  /* 16 in each byte */
	CONSTANT_TABLE_LIMIT, /* 0x70 in each byte: what is above 15 overflows */
	CONSTANT_CRC32,	 /* x^96 / P without its last bit, and P, reflected (translate_crypto.c) */
	CONSTANT_SHA1_K, /* of choice, parity and majority */
	CONSTANT_SHA1_LAST = CONSTANT_SHA1_K + 2,
	JIT_CONSTANTS
};

/* Put the constants at code->p, which is aligned to 16 (thunks.c). */
void jit_constants_emit(struct a64_jit *jit, struct code *code);
/* One as an operand; no immediate may follow. */
struct x86_rm jit_constant(const struct translator *t, enum jit_constant constant);

/*
 * ---- Operands ----
 *
 * An instruction that writes 8 or 4 bytes of a register, and zeros above them, in most cases feeds
 * others that read no more than these. So the zeros come into the host register only when they are
 * needed: `bytes`, 16, 8 or 4, says how much is.
 */

/* Make so many bytes of the host register, if it is in one, the guest's. Leaves the flags alone. */
void jit_vector_need(struct translator *t, unsigned v, unsigned bytes);
/* The guest register wherever it is. */
struct x86_rm jit_vector_rm_low(struct translator *t, unsigned v, unsigned bytes);
/* In a host register: its own, which must not be changed, or `scratch`. */
int jit_vector_source_low(struct translator *t, unsigned v, int scratch, unsigned bytes);
/* A copy in that very register; above `bytes` it is anything. */
void jit_vector_load_low(struct translator *t, int reg, unsigned v, unsigned bytes);
/* A copy of its doubleword 0 or 1, with 0 above. */
void jit_vector_load_half(struct translator *t, int reg, unsigned v, unsigned half);
/* A copy of its lowest element, of SIZE_S or SIZE_D, with 0 above. */
void jit_vector_load_scalar(struct translator *t, unsigned size, int reg, unsigned v);
/* Doubleword `half` of a register, its elements extended to the next size. */
void jit_vector_extend(struct translator *t, int reg, unsigned v, unsigned half, unsigned size,
		       bool is_signed);
/* Where to compute it ... */
int jit_vector_target(const struct translator *t, unsigned v, int scratch);
/* ... and storing `bytes` of what was computed there or anywhere else, and 0 above. */
void jit_vector_store_low(struct translator *t, unsigned v, int reg, unsigned bytes);

/* The same of all 16 bytes. */
static inline struct x86_rm jit_vector_rm(struct translator *t, unsigned v)
{
	return jit_vector_rm_low(t, v, 16);
}

static inline int jit_vector_source(struct translator *t, unsigned v, int scratch)
{
	return jit_vector_source_low(t, v, scratch, 16);
}

static inline void jit_vector_load(struct translator *t, int reg, unsigned v)
{
	jit_vector_load_low(t, reg, v, 16);
}

static inline void jit_vector_store(struct translator *t, unsigned v, int reg)
{
	jit_vector_store_low(t, v, reg, 16);
}

/* An element to a general register; what is above it is 0, or its sign, up to 64 bits if `wide`. */
void jit_vector_extract(struct translator *t, unsigned size, int to, unsigned v, unsigned index,
			bool is_signed, bool wide);
/* A general register's lower 32 bits or all of it to the lowest element; the others become 0. */
void jit_vector_from_general(struct translator *t, unsigned size, unsigned v, int reg);
/* Before a block ends: all 16 bytes of those of the guest registers. */
void jit_vectors_settle(struct translator *t, jit_set guests);
/* To memory and back, for registers that are in host registers. */
void jit_vector_spill(struct translator *t, unsigned v);
void jit_vector_reload(struct translator *t, unsigned v);

/* ---- Instructions ---- */

/* to = a OP b. Where AVX is missing, XMM5 may be changed. */
void jit_v3(struct translator *t, unsigned op, int to, int a, struct x86_rm b);
void jit_v3_imm(struct translator *t, unsigned op, int to, int a, struct x86_rm b, unsigned imm);
/* to = OP b. */
void jit_v2(struct translator *t, unsigned op, int to, struct x86_rm b);
void jit_v2_imm(struct translator *t, unsigned op, int to, struct x86_rm b, unsigned imm);
/* to = a shifted by an immediate; op: PSHIFTW ... */
void jit_vshift(struct translator *t, unsigned op, enum sse_shift shift, int to, int a,
		unsigned by);
void jit_vmov(struct translator *t, int to, int from);
void jit_vzero(struct translator *t, int reg);
void jit_vones(struct translator *t, int reg);

/* ---- Checks ---- */

/* What fp_checks.c wants to be looked at: before anything is changed. */
void jit_check_fp(struct translator *t, const struct jit_item *item);

#endif
