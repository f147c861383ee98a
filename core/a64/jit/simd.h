/*
 * What the emitters of AdvSIMD integer instructions share.
 */
#ifndef GOD_CORE_A64_JIT_SIMD_H
#define GOD_CORE_A64_JIT_SIMD_H

#include "core/a64/jit/vector.h"

/* Host instructions by size of the element; 0: there is none. */
enum packed {
	P_ADD,
	P_SUB,
	P_ADD_SIGNED, /* saturating */
	P_ADD_UNSIGNED,
	P_SUB_SIGNED,
	P_SUB_UNSIGNED,
	P_EQUAL,
	P_GREATER,
	P_MAX_SIGNED,
	P_MAX_UNSIGNED,
	P_MIN_SIGNED,
	P_MIN_UNSIGNED,
	P_ABS,
	P_AND,
	P_OR,
	P_XOR,
};

extern const uint32_t jit_packed[][4];

/* PSHIFTW, PSHIFTD, PSHIFTQ; not for bytes. */
static inline unsigned jit_pshift(unsigned size)
{
	return size == SIZE_H ? PSHIFTW : size == SIZE_S ? PSHIFTD : PSHIFTQ;
}

static inline unsigned jit_size_bits(unsigned size)
{
	return 8u << size;
}

/*
 * arg of a table: enum packed, more from bit 8 on, and from bit 16 on the element's size + 1 where
 * the decoded instruction does not have it in ra.
 */
#define SIMD_ARG(op, more)  ((unsigned)(op) | (unsigned)(more) << 8)
#define SIMD_ARG_SIZE(size) ((size) + 1u) << 16
#define SIMD_PACKED(item)   ((item)->info->arg & 0xff)
#define SIMD_MORE(item)	    ((item)->info->arg >> 8 & 0xff)

static inline unsigned jit_simd_size(const struct jit_item *item)
{
	unsigned fixed = item->info->arg >> 16;

	return fixed ? fixed - 1 : item->insn.ra & 3;
}

static inline unsigned jit_simd_op(const struct jit_item *item)
{
	return jit_packed[SIMD_PACKED(item)][jit_simd_size(item)];
}

/* Is it the whole vector that the instruction writes (core/a64/simd.h)? Else it is the lower half. */
static inline bool jit_is_whole(const struct jit_item *item)
{
	return item->insn.imm2 != 0;
}

/* Operands as the instruction sees them, and its destination. */
static inline unsigned jit_item_bytes(const struct jit_item *item)
{
	return jit_is_whole(item) ? 16 : 8;
}

static inline struct x86_rm jit_simd_rm(struct translator *t, const struct jit_item *item,
					unsigned v)
{
	return jit_vector_rm_low(t, v, jit_item_bytes(item));
}

static inline int jit_simd_source(struct translator *t, const struct jit_item *item, unsigned v,
				  int scratch)
{
	return jit_vector_source_low(t, v, scratch, jit_item_bytes(item));
}

static inline void jit_simd_load(struct translator *t, const struct jit_item *item, int reg,
				 unsigned v)
{
	jit_vector_load_low(t, reg, v, jit_item_bytes(item));
}

static inline void jit_simd_done(struct translator *t, const struct jit_item *item, int reg)
{
	jit_vector_store_low(t, item->insn.rd, reg, jit_item_bytes(item));
}

/* For tables: ra says SIZE_B or SIZE_H; it does not say SIZE_B. */
bool jit_up_to_h(const struct jit_host *host, const struct a64_insn *i);
bool jit_from_h(const struct jit_host *host, const struct a64_insn *i);

/* Lines of tables: the vector and the scalar form; elements of 1, 2 and 4 bytes. */
#define SIMD_BOTH(name, emitter, flags, arg, inlined)         \
	[A64_OP_##name##_v] = {emitter, flags, arg, inlined}, \
	[A64_OP_##name##_scalar] = {emitter, flags, arg, inlined}
#define SIMD_SIZES(name, emitter, flags, arg)                                        \
	[A64_OP_##name##_b] = {emitter, flags, (arg) | SIMD_ARG_SIZE(SIZE_B), NULL}, \
	[A64_OP_##name##_h] = {emitter, flags, (arg) | SIMD_ARG_SIZE(SIZE_H), NULL}, \
	[A64_OP_##name##_s] = {emitter, flags, (arg) | SIMD_ARG_SIZE(SIZE_S), NULL}

/* ---- Parts of instructions ---- */

/* One element to all elements of `reg`. */
void jit_broadcast(struct translator *t, unsigned size, int reg, unsigned v, unsigned index);
/* The same of the lowest element of `reg`. */
void jit_broadcast_lowest(struct translator *t, unsigned size, int reg);
/* The even or odd elements of Vm:Vn (core/a64/simd.h: simd_pair) to `to`; changes to + 1. */
void jit_unzip(struct translator *t, const struct jit_item *item, unsigned size, int to, bool odd);
/* The same of two host registers, which may be the same; changes both. */
void jit_unzip_registers(struct translator *t, unsigned size, int to, int other, bool odd);
/* The host's instruction that takes elements of two lower halves by turns, or of the upper ones. */
unsigned jit_zip_op(unsigned size, bool upper);
/* |n - m| of elements up to SIZE_S to XMM0, as unsigned numbers; changes XMM1. */
void jit_difference(struct translator *t, unsigned size, bool is_unsigned, unsigned n, unsigned m);
/* Set FPSR.QC unless all bytes of `equal`, or those of the lower half, are 0xff. Changes RAX. */
void jit_note_saturation(struct translator *t, bool whole, int equal);

#endif
