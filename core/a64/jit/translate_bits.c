/*
 * Reversing and counting of bits (core/a64/exec_integer.c), in RAX with RCX and RDX as scratch.
 */
#include "core/a64/jit/jit.h"

#define IS_WIDE(item) (((item)->flags & JIT_WIDE) != 0)

static void emit_bswap(struct code *c, bool wide, int reg)
{
	if (wide || reg >= R8)
		emit8(c, 0x40 | wide << 3 | (reg >= R8));
	emit8(c, 0x0f);
	emit8(c, 0xc8 | (reg & 7));
}

static void finish(struct translator *t, const struct jit_item *item)
{
	int target = jit_target(t, item->insn.rd, RAX);

	emit_mov(&t->code, true, target, RAX);
	jit_target_done(t, item->insn.rd, target);
}

/* Exchange neighbours of `by` bits in RAX; mask has the lower one of each pair. */
static void exchange(struct code *c, bool wide, unsigned by, uint64_t mask)
{
	emit_mov_imm(c, RDX, wide ? mask : (uint32_t)mask);
	emit_mov(c, true, RCX, RAX);
	emit_shift_imm(c, SHIFT_SHR, wide, RCX, by);
	emit_alu(c, ALU_AND, wide, RAX, rm_reg(RDX));
	emit_alu(c, ALU_AND, wide, RCX, rm_reg(RDX));
	emit_shift_imm(c, SHIFT_SHL, wide, RAX, by);
	emit_alu(c, ALU_OR, wide, RAX, rm_reg(RCX));
}

static void emit_rbit(struct translator *t, const struct jit_item *item)
{
	struct code *c = &t->code;
	bool wide = IS_WIDE(item);

	jit_load_to(t, wide, RAX, item->insn.rn);
	emit_bswap(c, wide, RAX);
	exchange(c, wide, 4, 0x0f0f0f0f0f0f0f0f);
	exchange(c, wide, 2, 0x3333333333333333);
	exchange(c, wide, 1, 0x5555555555555555);
	finish(t, item);
}

static void emit_rev16(struct translator *t, const struct jit_item *item)
{
	jit_load_to(t, IS_WIDE(item), RAX, item->insn.rn);
	exchange(&t->code, IS_WIDE(item), 8, 0x00ff00ff00ff00ff);
	finish(t, item);
}

/*
 * CLS: with the sign's copies made zeros and a one behind the last bit, the distance of the highest one
 * from where the sign is, less the sign itself.
 */
static void emit_cls(struct translator *t, const struct jit_item *item)
{
	struct code *c = &t->code;
	bool wide = IS_WIDE(item);

	jit_load_to(t, wide, RAX, item->insn.rn);
	emit_mov(c, wide, RCX, RAX);
	emit_shift_imm(c, SHIFT_SAR, wide, RCX, wide ? 63 : 31);
	emit_alu(c, ALU_XOR, wide, RAX, rm_reg(RCX));
	emit_lea(c, wide, RAX, rm_index(RAX, RAX, 0, 1));
	emit_rm(c, 0x1bd, wide, RAX, rm_reg(RAX)); /* BSR */
	emit_alu_imm(c, ALU_XOR, false, rm_reg(RAX), wide ? 63 : 31);
	finish(t, item);
}

#define BOTH(name, emitter)                                         \
	[A64_OP_##name##_32] = {emitter, JIT_DEF_D | JIT_USE_N, 0}, \
	[A64_OP_##name##_64] = {emitter, JIT_DEF_D | JIT_USE_N | JIT_WIDE, 0}

const struct jit_op jit_bits_ops[A64_OPS] = {
	BOTH(RBIT, emit_rbit),
	BOTH(REV16, emit_rev16),
	BOTH(CLS, emit_cls),
};
