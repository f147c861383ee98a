/*
 * What the emitters of floating point share (translate_fp.c says how the host's arithmetic is used).
 */
#ifndef GOD_CORE_A64_JIT_FP_H
#define GOD_CORE_A64_JIT_FP_H

#include "core/a64/jit/vector.h"

/* The last byte of the opcode: single or double, scalar or packed is in the prefix. */
enum fp_op {
	FP_SQRT = 0x51,
	FP_ADD = 0x58,
	FP_MUL = 0x59,
	FP_CONVERT = 0x5a,
	FP_SUB = 0x5c,
	FP_MIN = 0x5d,
	FP_DIV = 0x5e,
	FP_MAX = 0x5f,
	FP_COMPARE = 0xc2, /* an immediate says how */
};

/* Operands of ROUNDSS and its kin: the direction, and that inexactness is not noted. */
enum fp_round { ROUND_NEAREST, ROUND_DOWN, ROUND_UP, ROUND_ZERO, ROUND_AWAY };

#define ROUND_QUIET 8u

/* arg of a table: the size of the format, and what else the emitter needs above it. */
#define FP_SIZE(item)	       ((item)->info->arg & 3)
#define FP_BYTES(item)	       (1u << FP_SIZE(item))
#define FP_ARG(item)	       ((item)->info->arg >> 2)
#define FP_ARGUMENT(arg, size) ((unsigned)(arg) << 2 | (size))

/* What an arithmetic instruction of FP or AdvSIMD does with vectors. */
#define F_N   (JIT_FP | JIT_FP_MODE | JIT_MEMORY | JIT_DEF_VD | JIT_USE_VN)
#define F_NM  (F_N | JIT_USE_VM)
#define F_DN  (F_N | JIT_USE_VD)
#define F_DNM (F_NM | JIT_USE_VD)
#define F_NMA (F_NM | JIT_USE_VA)

/* A scalar and a packed instruction of SSE. Of the scalar one, what is above the result is anything. */
static inline unsigned jit_scalar_fp(unsigned op, unsigned size)
{
	return (size == SIZE_D ? 0xf20100u : 0xf30100u) | op;
}

static inline unsigned jit_packed_fp(unsigned op, unsigned size)
{
	return (size == SIZE_D ? 0x660100u : 0x000100u) | op;
}

/* For tables: the host has fused multiplication and addition. */
bool jit_has_fma(const struct jit_host *host, const struct a64_insn *i);

/* XMM0 is a NaN: the slow path. */
void jit_check_nan(struct translator *t, const struct jit_item *item, unsigned size);
/* The same, and where it may be the smallest normal number, or infinite. Changes RAX. */
void jit_check_result(struct translator *t, const struct jit_item *item, unsigned size);

/* FPSR.IXC is set already, so it does not matter whether this instruction sets it. Else: slowly. */
void jit_check_inexact(struct translator *t, const struct jit_item *item);
/*
 * For rounding halves away from zero: add to XMM0, with its sign and by the instruction `add`, the
 * number just below a half; what follows cuts off. (With a half itself, the number just below a half would
 * become 1.) Changes XMM1.
 */
void jit_add_half(struct translator *t, unsigned size, unsigned add);

#endif
