/*
 * A small assembler of x86-64: the instructions that translated code is made of.
 *
 * An opcode is a number 0xPPMMOO: mandatory prefix (0 for none), map (0: one byte, 1: 0F, 2: 0F 38,
 * 3: 0F 3A) and opcode byte. Its r/m operand is a register or a memory operand (struct x86_rm); all
 * the rest (REX, ModRM, SIB, displacement) follows from these (Intel SDM, volume 2, chapter 2).
 */
#ifndef GOD_CORE_A64_JIT_EMIT_H
#define GOD_CORE_A64_JIT_EMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum x86_reg { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15 };

/* Condition codes of Jcc, SETcc and CMOVcc. */
enum x86_cc {
	CC_O,
	CC_NO,
	CC_B,
	CC_AE,
	CC_E,
	CC_NE,
	CC_BE,
	CC_A,
	CC_S,
	CC_NS,
	CC_P,
	CC_NP,
	CC_L,
	CC_GE,
	CC_LE,
	CC_G
};

/* The operation of 81 /n, and of 01 + 8n. */
enum x86_alu { ALU_ADD, ALU_OR, ALU_ADC, ALU_SBB, ALU_AND, ALU_SUB, ALU_XOR, ALU_CMP };

/* The operation of C1 /n. */
enum x86_shift { SHIFT_ROL, SHIFT_ROR, SHIFT_SHL = 4, SHIFT_SHR = 5, SHIFT_SAR = 7 };

/* Where code goes. What does not fit is dropped and remembered: the caller gives up at the end. */
struct code {
	uint8_t *p, *end;
	bool full;
};

struct x86_rm {
	bool is_reg;
	int8_t base;   /* or the register */
	int8_t index;  /* -1: none */
	uint8_t scale; /* log2 */
	int32_t disp;
	const uint8_t *rip; /* instead of all that: this address, from the instruction's end */
};

static inline struct x86_rm rm_reg(int reg)
{
	return (struct x86_rm){.is_reg = true, .base = (int8_t)reg, .index = -1};
}

static inline struct x86_rm rm_mem(int base, int32_t disp)
{
	return (struct x86_rm){.base = (int8_t)base, .index = -1, .disp = disp};
}

static inline struct x86_rm rm_index(int base, int index, unsigned scale, int32_t disp)
{
	return (struct x86_rm){false, (int8_t)base, (int8_t)index, (uint8_t)scale, disp, NULL};
}

/* Something in the code cache. No immediate may follow the operand. */
static inline struct x86_rm rm_rip(const uint8_t *target)
{
	return (struct x86_rm){.index = -1, .rip = target};
}

static inline void emit8(struct code *c, unsigned byte)
{
	if (c->p < c->end)
		*c->p++ = (uint8_t)byte;
	else
		c->full = true;
}

static inline void emit32(struct code *c, uint32_t value)
{
	for (unsigned n = 0; n < 4; n++)
		emit8(c, value >> (8 * n) & 0xff);
}

static inline void emit64(struct code *c, uint64_t value)
{
	emit32(c, (uint32_t)value);
	emit32(c, (uint32_t)(value >> 32));
}

static inline void emit_modrm(struct code *c, int reg, struct x86_rm m)
{
	unsigned r = (unsigned)(reg & 7) << 3, mod;

	if (m.is_reg) {
		emit8(c, 0xc0 | r | (m.base & 7));
		return;
	}
	if (m.rip) {
		emit8(c, r | 5);
		emit32(c, (uint32_t)(m.rip - (c->p + 4)));
		return;
	}
	mod = m.disp == 0 && (m.base & 7) != RBP ? 0 : m.disp == (int8_t)m.disp ? 1 : 2;
	if (m.index >= 0 || (m.base & 7) == RSP) {
		emit8(c, mod << 6 | r | 4);
		emit8(c, (unsigned)m.scale << 6 | (m.index < 0 ? 4u : (unsigned)m.index & 7) << 3 |
				 (m.base & 7));
	} else {
		emit8(c, mod << 6 | r | (m.base & 7));
	}
	if (mod == 1)
		emit8(c, (uint8_t)m.disp);
	else if (mod == 2)
		emit32(c, (uint32_t)m.disp);
}

/* w: 64-bit operands. byte: an 8-bit register operand, which needs REX to be SIL and so on. */
static inline void emit_op(struct code *c, unsigned op, bool w, bool byte, int reg, struct x86_rm m)
{
	unsigned rex = 0x40 | w << 3 | (unsigned)(reg >> 3 & 1) << 2 |
		       (m.index >= 0 ? (unsigned)m.index >> 3 : 0) << 1 | (unsigned)m.base >> 3;

	if (op >> 16)
		emit8(c, op >> 16);
	if (rex != 0x40 || (byte && (reg >= RSP || (m.is_reg && m.base >= RSP))))
		emit8(c, rex);
	if (op >> 8 & 0xff)
		emit8(c, 0x0f);
	if ((op >> 8 & 0xff) == 2)
		emit8(c, 0x38);
	if ((op >> 8 & 0xff) == 3)
		emit8(c, 0x3a);
	emit8(c, op & 0xff);
	emit_modrm(c, reg, m);
}

static inline void emit_rm(struct code *c, unsigned op, bool w, int reg, struct x86_rm m)
{
	emit_op(c, op, w, false, reg, m);
}

/* VEX-coded, L = 0: op as above, `v` the extra source. */
static inline void emit_vex(struct code *c, unsigned op, bool w, int reg, int v, struct x86_rm m)
{
	unsigned prefix = op >> 16, map = op >> 8 & 0xff;
	unsigned pp = prefix == 0x66 ? 1 : prefix == 0xf3 ? 2 : prefix == 0xf2 ? 3 : 0;
	unsigned index = m.index >= 0 ? (unsigned)m.index >> 3 : 0;

	emit8(c, 0xc4);
	emit8(c, (reg >> 3 ? 0 : 0x80) | (index ? 0 : 0x40) | (m.base >> 3 ? 0 : 0x20) | map);
	emit8(c, (unsigned)w << 7 | (unsigned)(~v & 15) << 3 | pp);
	emit8(c, op & 0xff);
	emit_modrm(c, reg, m);
}

/* ---- Moves ---- */

static inline void emit_load(struct code *c, bool w, int reg, struct x86_rm m)
{
	emit_rm(c, 0x8b, w, reg, m);
}

static inline void emit_store(struct code *c, bool w, struct x86_rm m, int reg)
{
	emit_rm(c, 0x89, w, reg, m);
}

static inline void emit_mov(struct code *c, bool w, int to, int from)
{
	if (to != from || !w)
		emit_rm(c, 0x8b, w, to, rm_reg(from));
}

/* The shortest move of a constant; leaves the flags alone. */
static inline void emit_mov_imm(struct code *c, int reg, uint64_t value)
{
	if (value == (uint32_t)value) {
		if (reg >= R8)
			emit8(c, 0x41);
		emit8(c, 0xb8 | (reg & 7));
		emit32(c, (uint32_t)value);
	} else if ((int64_t)value == (int32_t)value) {
		emit_rm(c, 0xc7, true, 0, rm_reg(reg));
		emit32(c, (uint32_t)value);
	} else {
		emit8(c, reg >= R8 ? 0x49 : 0x48);
		emit8(c, 0xb8 | (reg & 7));
		emit64(c, value);
	}
}

static inline void emit_lea(struct code *c, bool w, int reg, struct x86_rm m)
{
	/* The host renames registers for a move, and computes for this. */
	if (m.index < 0 && m.disp == 0) {
		emit_mov(c, w, reg, m.base);
		return;
	}
	emit_rm(c, 0x8d, w, reg, m);
}

static inline void emit_store_imm32(struct code *c, bool w, struct x86_rm m, int32_t value)
{
	emit_rm(c, 0xc7, w, 0, m);
	emit32(c, (uint32_t)value);
}

static inline void emit_store_imm8(struct code *c, struct x86_rm m, unsigned value)
{
	emit_rm(c, 0xc6, false, 0, m);
	emit8(c, value);
}

/* ---- Arithmetic ---- */

static inline void emit_alu(struct code *c, enum x86_alu op, bool w, int reg, struct x86_rm m)
{
	emit_rm(c, (unsigned)op << 3 | 3, w, reg, m);
}

static inline void emit_alu_imm(struct code *c, enum x86_alu op, bool w, struct x86_rm m,
				int32_t imm)
{
	if (imm == (int8_t)imm) {
		emit_rm(c, 0x83, w, (int)op, m);
		emit8(c, (uint8_t)imm);
	} else {
		emit_rm(c, 0x81, w, (int)op, m);
		emit32(c, (uint32_t)imm);
	}
}

static inline void emit_cmp8_imm(struct code *c, struct x86_rm m, unsigned imm)
{
	emit_rm(c, 0x80, false, ALU_CMP, m);
	emit8(c, imm);
}

static inline void emit_test(struct code *c, bool w, struct x86_rm m, int reg)
{
	emit_rm(c, 0x85, w, reg, m);
}

static inline void emit_test_imm(struct code *c, bool w, struct x86_rm m, int32_t imm)
{
	emit_rm(c, 0xf7, w, 0, m);
	emit32(c, (uint32_t)imm);
}

static inline void emit_shift_imm(struct code *c, enum x86_shift op, bool w, int reg, unsigned by)
{
	if (by == 0)
		return;
	emit_rm(c, 0xc1, w, (int)op, rm_reg(reg));
	emit8(c, by);
}

/* Rotate right into another register: RORX of BMI2, or a move and ROR. */
static inline void emit_ror(struct code *c, bool bmi2, bool w, int reg, struct x86_rm from,
			    unsigned by)
{
	if (bmi2 && by) {
		emit_vex(c, 0xf203f0, w, reg, 0, from);
		emit8(c, by);
		return;
	}
	emit_rm(c, 0x8b, w, reg, from);
	emit_shift_imm(c, SHIFT_ROR, w, reg, by);
}

static inline void emit_shift_cl(struct code *c, enum x86_shift op, bool w, int reg)
{
	emit_rm(c, 0xd3, w, (int)op, rm_reg(reg));
}

static inline void emit_not(struct code *c, bool w, int reg)
{
	emit_rm(c, 0xf7, w, 2, rm_reg(reg));
}

static inline void emit_neg(struct code *c, bool w, int reg)
{
	emit_rm(c, 0xf7, w, 3, rm_reg(reg));
}

static inline void emit_setcc(struct code *c, enum x86_cc cc, struct x86_rm m)
{
	emit_op(c, 0x190 | cc, false, true, 0, m);
}

static inline void emit_cmov(struct code *c, enum x86_cc cc, bool w, int reg, struct x86_rm m)
{
	emit_rm(c, 0x140 | cc, w, reg, m);
}

/* ---- Control ---- */

/* A jump whose displacement is filled in later: returns where that is. */
static inline uint8_t *emit_jcc(struct code *c, enum x86_cc cc)
{
	emit8(c, 0x0f);
	emit8(c, 0x80 | cc);
	emit32(c, 0);
	return c->p - 4;
}

static inline uint8_t *emit_jmp(struct code *c)
{
	emit8(c, 0xe9);
	emit32(c, 0);
	return c->p - 4;
}

static inline uint8_t *emit_call(struct code *c)
{
	emit8(c, 0xe8);
	emit32(c, 0);
	return c->p - 4;
}

static inline void patch_to(const struct code *c, uint8_t *at, const uint8_t *target)
{
	int32_t distance = (int32_t)(target - (at + 4));

	if (!c->full)
		memcpy(at, &distance, 4);
}

static inline void patch_here(const struct code *c, uint8_t *at)
{
	patch_to(c, at, c->p);
}

static inline void emit_jmp_rm(struct code *c, struct x86_rm m)
{
	emit_rm(c, 0xff, false, 4, m);
}

static inline void emit_push(struct code *c, int reg)
{
	if (reg >= R8)
		emit8(c, 0x41);
	emit8(c, 0x50 | (reg & 7));
}

static inline void emit_pop(struct code *c, int reg)
{
	if (reg >= R8)
		emit8(c, 0x41);
	emit8(c, 0x58 | (reg & 7));
}

/* Call a C function at any distance; the stack must be aligned. Uses RAX. */
static inline void emit_call_c(struct code *c, const void *function)
{
	emit_mov_imm(c, RAX, (uint64_t)(uintptr_t)function);
	emit_rm(c, 0xff, false, 2, rm_reg(RAX));
}

#endif
