/*
 * Integer data processing in host instructions; the semantics are those of core/a64/exec_integer.c.
 *
 * Each emitter gets its operands where they are (host register, memory, constant) and computes into
 * the target's own host register when it has one. RAX is the scratch of targets and first operands,
 * RCX that of second operands.
 */
#include "core/a64/jit/jit.h"

/* The second operand: a register or memory operand, or a constant that fits in 32 signed bits. */
struct operand {
	bool is_imm;
	int32_t imm;
	struct x86_rm rm;
};

enum form { FORM_IMM, FORM_REG, FORM_SHIFT, FORM_EXT };

/* arg of the add, subtract and logical emitters. */
#define ARG(op, form)	  ((op) | (form) << 4)
#define ARG_NOT(op, form) ((op) | (form) << 4 | 1u << 8)
#define ARG_OP(item)	  ((enum x86_alu)((item)->info->arg & 15))
#define ARG_FORM(item)	  ((enum form)((item)->info->arg >> 4 & 15))
#define ARG_INVERTS(item) ((item)->info->arg >> 8 & 1)
#define IS_WIDE(item)	  (((item)->flags & JIT_WIDE) != 0)

static struct operand operand_imm(struct translator *t, bool wide, uint64_t value)
{
	if (!wide)
		value = (uint64_t)(int32_t)value;
	if ((int64_t)value == (int32_t)value)
		return (struct operand){.is_imm = true, .imm = (int32_t)value};
	emit_mov_imm(&t->code, RCX, value);
	return (struct operand){.rm = rm_reg(RCX)};
}

static struct operand operand_guest(struct translator *t, unsigned guest)
{
	if (guest == A64_ZERO)
		return (struct operand){.is_imm = true, .imm = 0};
	return (struct operand){.rm = guest_rm(t, guest)};
}

/* ExtendReg into a host register: option as in the encoding, then a shift left. */
static void extend_to(struct translator *t, int reg, unsigned guest, unsigned option, unsigned by)
{
	static const uint16_t moves[8] = {0x1b6, 0x1b7, 0x8b, 0x8b, 0x1be, 0x1bf, 0x63, 0x8b};
	static const bool wide[8] = {false, false, false, true, true, true, true, true};
	struct code *c = &t->code;

	if (guest == A64_ZERO) {
		emit_mov_imm(c, reg, 0);
		return;
	}
	emit_op(c, moves[option], wide[option], (option & 3) == 0, reg, guest_rm(t, guest));
	emit_shift_imm(c, SHIFT_SHL, true, reg, by);
}

static const enum x86_shift shift_types[4] = {SHIFT_SHL, SHIFT_SHR, SHIFT_SAR, SHIFT_ROR};

/* In RCX where it has to be computed. */
static struct operand operand_second(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	bool wide = IS_WIDE(item);
	struct operand b;

	switch (ARG_FORM(item)) {
	case FORM_IMM: b = operand_imm(t, wide, i->uimm); break;
	case FORM_REG: b = operand_guest(t, i->rm); break;
	case FORM_SHIFT:
		if (shift_types[i->ra] == SHIFT_ROR && i->rm != A64_ZERO) {
			emit_ror(&t->code, t->jit->host.bmi2, wide, RCX, guest_rm(t, i->rm),
				 (unsigned)i->imm);
		} else {
			jit_load_to(t, wide, RCX, i->rm);
			emit_shift_imm(&t->code, shift_types[i->ra], wide, RCX, (unsigned)i->imm);
		}
		b = (struct operand){.rm = rm_reg(RCX)};
		break;
	default:
		extend_to(t, RCX, i->rm, i->ra, (unsigned)i->imm);
		b = (struct operand){.rm = rm_reg(RCX)};
		break;
	}
	if (!ARG_INVERTS(item))
		return b;
	if (b.is_imm)
		return operand_imm(t, wide, ~(uint64_t)(int64_t)b.imm);
	if (!b.rm.is_reg || b.rm.base != RCX)
		emit_load(&t->code, wide, RCX, b.rm);
	emit_not(&t->code, wide, RCX);
	return (struct operand){.rm = rm_reg(RCX)};
}

static void alu(struct code *c, enum x86_alu op, bool wide, int reg, const struct operand *b)
{
	if (b->is_imm)
		emit_alu_imm(c, op, wide, rm_reg(reg), b->imm);
	else
		emit_alu(c, op, wide, reg, b->rm);
}

static bool in_register(const struct operand *b, int reg)
{
	return !b->is_imm && b->rm.is_reg && b->rm.base == reg;
}

/* target = first op b, by a host instruction that sets the host's flags. */
static void alu_to_target(struct translator *t, const struct jit_item *item, enum x86_alu op,
			  unsigned first, const struct operand *b)
{
	struct code *c = &t->code;
	bool wide = IS_WIDE(item);
	int target = jit_target(t, item->insn.rd, RAX), work = target;

	if (in_register(b, target) && !(is_guest(first) && t->host[first] == target))
		work = RAX;
	jit_load_to(t, true, work, first);
	alu(c, op, wide, work, b);
	if (work != target)
		emit_mov(c, true, target, work);
	jit_target_done(t, item->insn.rd, target);
}

/* ADD without flags as LEA, when it saves a move or the flags. */
static bool add_by_lea(struct translator *t, const struct jit_item *item, enum x86_alu op,
		       const struct operand *b)
{
	const struct a64_insn *i = &item->insn;
	int target = jit_target(t, i->rd, RAX), first, second;

	if (op == ALU_SUB && (!b->is_imm || b->imm == INT32_MIN))
		return false;
	first = jit_source(t, i->rn, RAX);
	if (b->is_imm) {
		emit_lea(&t->code, IS_WIDE(item), target,
			 rm_mem(first, op == ALU_SUB ? -b->imm : b->imm));
	} else {
		second = b->rm.base;
		if (!b->rm.is_reg)
			emit_load(&t->code, true, second = RCX, b->rm);
		emit_lea(&t->code, IS_WIDE(item), target, rm_index(first, second, 0, 0));
	}
	jit_target_done(t, i->rd, target);
	return true;
}

static void emit_add_sub(struct translator *t, const struct jit_item *item)
{
	struct operand b = operand_second(t, item);
	enum x86_alu op = ARG_OP(item);

	if (item->insn.rd == A64_DISCARD)
		return;
	/* MOV to and from SP. */
	if (b.is_imm && b.imm == 0) {
		int target = jit_target(t, item->insn.rd, RAX);

		jit_load_to(t, IS_WIDE(item), target, item->insn.rn);
		jit_target_done(t, item->insn.rd, target);
		return;
	}
	if ((item->insn.rd != item->insn.rn || t->flags != FLAGS_NONE ||
	     (item->flags & JIT_KEEPS)) &&
	    add_by_lea(t, item, op, &b))
		return;
	alu_to_target(t, item, op, item->insn.rn, &b);
}

static void emit_logic(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	struct operand b = operand_second(t, item);
	enum x86_alu op = ARG_OP(item);

	if (i->rd == A64_DISCARD)
		return;
	if (i->rn == A64_ZERO && op != ALU_AND) {
		int target = jit_target(t, i->rd, RAX);

		if (b.is_imm)
			emit_mov_imm(&t->code, target,
				     IS_WIDE(item) ? (uint64_t)(int64_t)b.imm : (uint32_t)b.imm);
		else
			emit_load(&t->code, IS_WIDE(item), target, b.rm);
		jit_target_done(t, i->rd, target);
		return;
	}
	alu_to_target(t, item, op, i->rn, &b);
}

/* ADDS, SUBS, ANDS: the operands for later, then the operation. */
static void emit_flags(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	struct code *c = &t->code;
	enum x86_alu op = ARG_OP(item);
	bool wide = IS_WIDE(item);
	struct operand b = operand_second(t, item);
	enum jit_kind kind = (op == ALU_SUB   ? KIND_SUB_64
			      : op == ALU_ADD ? KIND_ADD_64
					      : KIND_AND_64) +
			     !wide;
	int first = jit_source(t, i->rn, RAX);

	if (ARG_FORM(item) > FORM_REG || ARG_INVERTS(item) || in_register(&b, RCX) ||
	    !jit_flags_defer(t, item, kind, b.is_imm ? &b.imm : NULL))
		jit_flags_store(t, item, kind, first, b.rm, b.is_imm ? &b.imm : NULL);
	if (i->rd != A64_DISCARD) {
		alu_to_target(t, item, op, i->rn, &b);
	} else if (op == ALU_SUB) {
		alu(c, ALU_CMP, wide, first, &b);
	} else if (op == ALU_AND) {
		if (b.is_imm)
			emit_test_imm(c, wide, rm_reg(first), b.imm);
		else
			emit_test(c, wide, b.rm, first);
	} else {
		emit_mov(c, true, RAX, first);
		alu(c, op, wide, RAX, &b);
	}
	t->flags = op == ALU_SUB ? FLAGS_SUB : FLAGS_ADD;
}

/* ADC, SBC, and with JIT_SETS_F ADCS, SBCS; arg: with borrow. */
static void emit_with_carry(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	bool borrow = item->info->arg;
	struct operand b;

	if (i->rd == A64_DISCARD && !(item->flags & JIT_SETS_F))
		return;
	jit_carry(t, borrow);
	b = operand_guest(t, i->rm);
	alu_to_target(t, item, borrow ? ALU_SBB : ALU_ADC, i->rn, &b);
	if (item->flags & JIT_SETS_F) {
		t->flags = borrow ? FLAGS_SUB : FLAGS_ADD;
		jit_flags_keep(t, item);
	}
}

/* ---- Moves of constants and addresses ---- */

static void set_constant(struct translator *t, unsigned slot, unsigned guest, uint64_t value)
{
	int target = jit_target(t, guest, RAX);

	emit_mov_imm(&t->code, target, value);
	jit_target_done(t, guest, target);
	t->constant = value;
	t->constant_of = (int)guest;
	t->constant_at = (int)slot;
}

static void emit_move_wide(struct translator *t, const struct jit_item *item)
{
	if (item->insn.rd != A64_DISCARD)
		set_constant(t, item->slot, item->insn.rd, item->insn.uimm);
}

static void emit_movk(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	struct code *c = &t->code;
	int target = jit_target(t, i->rd, RAX);

	if (i->rd == A64_DISCARD)
		return;
	if (t->constant_of == i->rd) {
		set_constant(t, item->slot, i->rd, (t->constant & i->imm2) | i->uimm);
		return;
	}
	jit_load_to(t, true, target, i->rd);
	emit_mov_imm(c, RCX, i->imm2);
	emit_alu(c, ALU_AND, true, target, rm_reg(RCX));
	emit_mov_imm(c, RCX, i->uimm);
	emit_alu(c, ALU_OR, true, target, rm_reg(RCX));
	jit_target_done(t, i->rd, target);
}

/* code_va + a constant; arg 1: from the instruction, else from the page. */
static void emit_address(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	struct code *c = &t->code;
	int64_t offset = i->imm + (item->info->arg ? item->slot * 4 : 0);
	int target = jit_target(t, i->rd, RAX);

	if (i->rd == A64_DISCARD)
		return;
	emit_load(c, true, target, CPU(code_va));
	if (offset == (int32_t)offset) {
		emit_lea(c, true, target, rm_mem(target, (int32_t)offset));
	} else {
		emit_mov_imm(c, RCX, (uint64_t)offset);
		emit_lea(c, true, target, rm_index(target, RCX, 0, 0));
	}
	jit_target_done(t, i->rd, target);
}

/* ---- Bit fields ---- */

static void emit_sbfm(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	struct code *c = &t->code;
	bool wide = IS_WIDE(item);
	unsigned width = wide ? 64 : 32;
	int target = jit_target(t, i->rd, RAX);

	if (i->rd == A64_DISCARD)
		return;
	if (i->rn != A64_ZERO && i->rm == i->ra && (width - i->rm == 8 || width - i->rm == 16)) {
		bool byte = width - i->rm == 8;

		emit_op(c, byte ? 0x1be : 0x1bf, wide, byte, target, guest_rm(t, i->rn));
	} else {
		jit_load_to(t, wide, target, i->rn);
		emit_shift_imm(c, SHIFT_SHL, wide, target, i->rm);
		emit_shift_imm(c, SHIFT_SAR, wide, target, i->ra);
	}
	jit_target_done(t, i->rd, target);
}

static void emit_sxtw(struct translator *t, const struct jit_item *item)
{
	int target = jit_target(t, item->insn.rd, RAX);

	if (item->insn.rd == A64_DISCARD)
		return;
	extend_to(t, target, item->insn.rn, 6, 0);
	jit_target_done(t, item->insn.rd, target);
}

/* A field of `bits` bits goes from bit `from` to bit `to`, all else is 0: two shifts, or less. */
static void emit_ubfm(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	struct code *c = &t->code;
	bool wide = IS_WIDE(item);
	unsigned width = wide ? 64 : 32, bits = (unsigned)__builtin_popcountll(i->imm2);
	unsigned to = (unsigned)__builtin_ctzll(i->imm2), from = to ? 0 : (unsigned)i->imm;
	int target = jit_target(t, i->rd, RAX);

	if (i->rd == A64_DISCARD)
		return;
	if (from == 0 && to == 0 && i->rn != A64_ZERO && (bits == 8 || bits == 16)) {
		emit_op(c, bits == 8 ? 0x1b6 : 0x1b7, false, bits == 8, target, guest_rm(t, i->rn));
	} else if (to == 0 && bits < 32) {
		jit_load_to(t, wide, target, i->rn);
		emit_shift_imm(c, SHIFT_SHR, wide, target, from);
		if (from + bits < width)
			emit_alu_imm(c, ALU_AND, false, rm_reg(target),
				     (int32_t)((1u << bits) - 1));
	} else {
		jit_load_to(t, wide, target, i->rn);
		emit_shift_imm(c, SHIFT_SHL, wide, target, width - bits - from);
		emit_shift_imm(c, SHIFT_SHR, wide, target, width - bits - to);
	}
	jit_target_done(t, i->rd, target);
}

/* d ^= (ror(n) ^ d) & mask */
static void emit_bfm(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	struct code *c = &t->code;
	bool wide = IS_WIDE(item);
	struct operand mask;
	int target;

	if (i->rd == A64_DISCARD)
		return;
	jit_load_to(t, wide, RAX, i->rn);
	emit_shift_imm(c, SHIFT_ROR, wide, RAX, (unsigned)i->imm);
	target = jit_target(t, i->rd, RDX);
	jit_load_to(t, wide, target, i->rd);
	emit_alu(c, ALU_XOR, wide, RAX, rm_reg(target));
	mask = operand_imm(t, wide, i->imm2);
	alu(c, ALU_AND, wide, RAX, &mask);
	emit_alu(c, ALU_XOR, wide, target, rm_reg(RAX));
	jit_target_done(t, i->rd, target);
}

/* Shift right by a constant: LSR, ASR. */
static void emit_shift_right(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	int target = jit_target(t, i->rd, RAX);

	if (i->rd == A64_DISCARD)
		return;
	jit_load_to(t, IS_WIDE(item), target, i->rn);
	emit_shift_imm(&t->code, (enum x86_shift)item->info->arg, IS_WIDE(item), target,
		       (unsigned)i->imm);
	jit_target_done(t, i->rd, target);
}

static void emit_extr(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	struct code *c = &t->code;
	bool wide = IS_WIDE(item);
	int target = jit_target(t, i->rd, RAX);

	if (i->rd == A64_DISCARD)
		return;
	/* ROR; to shift in what has been shifted out takes the host three times as long. */
	if (i->rn == i->rm && i->rn != A64_ZERO) {
		emit_ror(c, t->jit->host.bmi2, wide, target, guest_rm(t, i->rm), (unsigned)i->imm);
		jit_target_done(t, i->rd, target);
		return;
	}
	jit_load_to(t, wide, RAX, i->rm);
	if (i->rn == i->rm) {
		emit_shift_imm(c, SHIFT_ROR, wide, RAX, (unsigned)i->imm);
	} else if (i->imm) {
		emit_rm(c, 0x1ac, wide, jit_source(t, i->rn, RCX), rm_reg(RAX)); /* SHRD */
		emit8(c, (unsigned)i->imm);
	}
	emit_mov(c, true, target, RAX);
	jit_target_done(t, i->rd, target);
}

/* ---- Variable shifts ---- */

static void emit_shift_variable(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	struct code *c = &t->code;
	enum x86_shift op = (enum x86_shift)item->info->arg;
	bool wide = IS_WIDE(item);
	int target = jit_target(t, i->rd, RAX);

	if (i->rd == A64_DISCARD)
		return;
	if (t->jit->host.bmi2 && op != SHIFT_ROR) {
		/* SHLX, SHRX, SARX */
		unsigned prefix = op == SHIFT_SHL ? 0x66 : op == SHIFT_SHR ? 0xf2 : 0xf3;
		int by = jit_source(t, i->rm, RCX), value = jit_source(t, i->rn, RAX);

		emit_vex(c, prefix << 16 | 0x2f7, wide, target, by, rm_reg(value));
	} else {
		jit_load_to(t, true, RCX, i->rm);
		jit_load_to(t, wide, RAX, i->rn);
		emit_shift_cl(c, op, wide, RAX);
		emit_mov(c, true, target, RAX);
	}
	jit_target_done(t, i->rd, target);
}

/* ---- Multiplication and division ---- */

static void emit_mul(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	struct code *c = &t->code;
	bool wide = IS_WIDE(item), subtract = item->info->arg;
	int target = jit_target(t, i->rd, RAX);

	if (i->rd == A64_DISCARD)
		return;
	jit_load_to(t, wide, RAX, i->rn);
	if (i->rm == A64_ZERO)
		emit_mov_imm(c, RAX, 0);
	else
		emit_rm(c, 0x1af, wide, RAX, guest_rm(t, i->rm)); /* IMUL */
	if (subtract) {
		jit_load_to(t, wide, RCX, i->ra);
		emit_alu(c, ALU_SUB, wide, RCX, rm_reg(RAX));
		emit_mov(c, true, target, RCX);
		jit_target_done(t, i->rd, target == RAX ? RCX : target);
		return;
	}
	if (i->ra != A64_ZERO)
		emit_alu(c, ALU_ADD, wide, RAX, guest_rm(t, i->ra));
	emit_mov(c, true, target, RAX);
	jit_target_done(t, i->rd, target);
}

/* SMADDL, UMADDL, SMSUBL, UMSUBL; arg: bit 0 signed, bit 1 subtract. */
static void emit_mul_long(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	struct code *c = &t->code;
	unsigned option = item->info->arg & 1 ? 6 : 2;
	int target = jit_target(t, i->rd, RAX);

	if (i->rd == A64_DISCARD)
		return;
	extend_to(t, RAX, i->rn, option, 0);
	extend_to(t, RCX, i->rm, option, 0);
	emit_rm(c, 0x1af, true, RAX, rm_reg(RCX));
	if (item->info->arg & 2) {
		jit_load_to(t, true, RCX, i->ra);
		emit_alu(c, ALU_SUB, true, RCX, rm_reg(RAX));
		emit_mov(c, true, RAX, RCX);
	} else if (i->ra != A64_ZERO) {
		emit_alu(c, ALU_ADD, true, RAX, guest_rm(t, i->ra));
	}
	emit_mov(c, true, target, RAX);
	jit_target_done(t, i->rd, target);
}

/* SMULH, UMULH; arg: the operation of F7 /n. */
static void emit_mul_high(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	int target = jit_target(t, i->rd, RDX);

	if (i->rd == A64_DISCARD)
		return;
	jit_load_to(t, true, RAX, i->rn);
	emit_rm(&t->code, 0xf7, true, (int)item->info->arg, rm_reg(jit_source(t, i->rm, RCX)));
	emit_mov(&t->code, true, target, RDX);
	jit_target_done(t, i->rd, target);
}

static void emit_udiv(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	struct code *c = &t->code;
	bool wide = IS_WIDE(item);
	int target = jit_target(t, i->rd, RAX);
	uint8_t *zero;

	if (i->rd == A64_DISCARD)
		return;
	jit_load_to(t, wide, RCX, i->rm);
	emit_mov_imm(c, RAX, 0);
	emit_test(c, wide, rm_reg(RCX), RCX);
	zero = emit_jcc(c, CC_E);
	jit_load_to(t, wide, RAX, i->rn);
	emit_mov_imm(c, RDX, 0);
	emit_rm(c, 0xf7, wide, 6, rm_reg(RCX));
	patch_here(c, zero);
	emit_mov(c, true, target, RAX);
	jit_target_done(t, i->rd, target);
}

/* A divisor of -1 negates: the one quotient that does not fit wraps, where the host would trap. */
static void emit_sdiv(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	struct code *c = &t->code;
	bool wide = IS_WIDE(item);
	int target = jit_target(t, i->rd, RAX);
	uint8_t *zero, *divide, *done;

	if (i->rd == A64_DISCARD)
		return;
	jit_load_to(t, wide, RCX, i->rm);
	emit_mov_imm(c, RAX, 0);
	emit_test(c, wide, rm_reg(RCX), RCX);
	zero = emit_jcc(c, CC_E);
	jit_load_to(t, wide, RAX, i->rn);
	emit_alu_imm(c, ALU_CMP, wide, rm_reg(RCX), -1);
	divide = emit_jcc(c, CC_NE);
	emit_neg(c, wide, RAX);
	done = emit_jmp(c);
	patch_here(c, divide);
	if (wide)
		emit8(c, 0x48);
	emit8(c, 0x99); /* CQO, CDQ */
	emit_rm(c, 0xf7, wide, 7, rm_reg(RCX));
	patch_here(c, zero);
	patch_here(c, done);
	emit_mov(c, true, target, RAX);
	jit_target_done(t, i->rd, target);
}

/* ---- One source ---- */

static void emit_rev(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	struct code *c = &t->code;
	bool wide = IS_WIDE(item);
	int target = jit_target(t, i->rd, RAX);

	if (i->rd == A64_DISCARD)
		return;
	jit_load_to(t, wide, target, i->rn);
	if (wide || target >= R8)
		emit8(c, 0x40 | wide << 3 | (target >= R8));
	emit8(c, 0x0f);
	emit8(c, 0xc8 | (target & 7)); /* BSWAP */
	if (item->info->arg)
		emit_shift_imm(c, SHIFT_ROR, true, target, 32);
	jit_target_done(t, i->rd, target);
}

static void emit_clz(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	struct code *c = &t->code;
	bool wide = IS_WIDE(item);
	int target = jit_target(t, i->rd, RAX), source = jit_source(t, i->rn, RCX);

	if (i->rd == A64_DISCARD)
		return;
	if (t->jit->host.lzcnt) {
		emit_rm(c, 0xf301bd, wide, target, rm_reg(source));
	} else {
		/* BSR gives the index of the highest bit: with all ones where there is none, */
		/* width - 1 - index is width. */
		emit_mov_imm(c, RDX, UINT64_MAX);
		emit_rm(c, 0x1bd, wide, RAX, rm_reg(source));
		emit_cmov(c, CC_E, true, RAX, rm_reg(RDX));
		emit_neg(c, true, RAX);
		emit_lea(c, false, target, rm_mem(RAX, wide ? 63 : 31));
	}
	jit_target_done(t, i->rd, target);
}

static void emit_crc32c(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	struct code *c = &t->code;
	unsigned size = item->info->arg;
	int target = jit_target(t, i->rd, RAX), data = jit_source(t, i->rm, RCX);

	if (i->rd == A64_DISCARD)
		return;
	jit_load_to(t, false, RAX, i->rn);
	if (size == 1)
		emit8(c, 0x66);
	emit8(c, 0xf2);
	emit8(c, 0x40 | (size == 3) << 3 | (unsigned)data >> 3);
	emit8(c, 0x0f);
	emit8(c, 0x38);
	emit8(c, size == 0 ? 0xf0 : 0xf1);
	emit_modrm(c, RAX, rm_reg(data));
	emit_mov(c, false, RAX, RAX);
	emit_mov(c, true, target, RAX);
	jit_target_done(t, i->rd, target);
}

/* ---- Conditional operations ---- */

enum otherwise { OTHERWISE_SAME, OTHERWISE_PLUS_1, OTHERWISE_NOT, OTHERWISE_NEG };

/* The value where the condition does not hold goes to RAX; moves and LEA leave the flags alone. */
static void select_otherwise(struct translator *t, const struct jit_item *item)
{
	struct code *c = &t->code;
	bool wide = IS_WIDE(item);

	jit_load_to(t, wide, RAX, item->insn.rm);
	switch ((enum otherwise)item->info->arg) {
	case OTHERWISE_SAME: break;
	case OTHERWISE_PLUS_1: emit_lea(c, wide, RAX, rm_mem(RAX, 1)); break;
	case OTHERWISE_NOT: emit_not(c, wide, RAX); break;
	case OTHERWISE_NEG:
		emit_not(c, wide, RAX);
		emit_lea(c, wide, RAX, rm_mem(RAX, 1));
		break;
	}
}

static void emit_select(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	struct code *c = &t->code;
	bool wide = IS_WIDE(item);
	int target = jit_target(t, i->rd, RAX), value;
	enum x86_cc cc;

	if (i->ra >= 14) { /* AL and NV: always */
		jit_load_to(t, wide, target, i->rn);
		jit_target_done(t, i->rd, target);
		return;
	}
	cc = jit_condition(t, i->ra);
	if (i->rd == A64_DISCARD)
		return;
	if (i->rn == A64_ZERO && i->rm == A64_ZERO && item->info->arg == OTHERWISE_PLUS_1) {
		/* CSET */
		emit_setcc(c, cc ^ 1, rm_reg(RAX));
		emit_op(c, 0x1b6, false, true, target, rm_reg(RAX));
		jit_target_done(t, i->rd, target);
		return;
	}
	select_otherwise(t, item);
	value = jit_source(t, i->rn, RCX);
	emit_cmov(c, cc, wide, RAX, rm_reg(value));
	emit_mov(c, true, target, RAX);
	jit_target_done(t, i->rd, target);
}

/* The host's flags as after a subtraction that gave NZCV: SF, ZF, CF by SAHF, OF by a sum. */
static void set_host_flags(struct code *c, unsigned nzcv)
{
	unsigned ah = 2 | (nzcv & 8 ? 0x80 : 0) | (nzcv & 4 ? 0x40 : 0) | (nzcv & 2 ? 0 : 1);

	emit_mov_imm(c, RAX, nzcv & 1 ? ah << 8 | 0x40 : ah << 8);
	emit8(c, 0x00); /* ADD AL, AL: overflows or not, and leaves AH alone */
	emit8(c, 0xc0);
	emit8(c, 0x9e); /* SAHF */
}

void jit_flags_constant(struct translator *t, const struct jit_item *item, unsigned nzcv)
{
	struct code *c = &t->code;

	if (item->flags_needed) {
		emit_store_imm32(c, true, CPU(lazy.a), (int32_t)nzcv);
		emit_store_imm32(c, false, CPU(lazy.kind), KIND_NZCV);
	}
	set_host_flags(c, nzcv);
	t->pending.kind = KIND_CANONICAL;
	t->kind = KIND_UNKNOWN;
}

/* CCMP, CCMN: arg ALU_SUB or ALU_ADD with the form. */
static void emit_compare_if(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	struct code *c = &t->code;
	bool wide = IS_WIDE(item), add = ARG_OP(item) == ALU_ADD;
	uint8_t *otherwise = NULL, *done;
	struct operand b;
	int first;

	if (i->ra < 14)
		otherwise = emit_jcc(c, jit_condition(t, i->ra) ^ 1);
	t->kind = KIND_UNKNOWN;
	b = operand_second(t, item);
	first = jit_source(t, i->rn, RAX);
	jit_flags_store(t, item, (add ? KIND_ADD_64 : KIND_SUB_64) + !wide, first, b.rm,
			b.is_imm ? &b.imm : NULL);
	if (add) {
		emit_mov(c, true, RAX, first);
		alu(c, ALU_ADD, wide, RAX, &b);
		emit8(c, 0xf5); /* as after a subtraction */
	} else {
		alu(c, ALU_CMP, wide, first, &b);
	}
	t->flags = FLAGS_SUB;
	if (!otherwise)
		return;
	done = emit_jmp(c);
	patch_here(c, otherwise);
	jit_flags_constant(t, item, i->rd);
	patch_here(c, done);
}

/* ---- The table ---- */

#define NM  (JIT_DEF_D | JIT_USE_N | JIT_USE_M)
#define N   (JIT_DEF_D | JIT_USE_N)
#define NMA (NM | JIT_USE_A)

#define BOTH(name, emitter, what, argument)               \
	[A64_OP_##name##_32] = {emitter, what, argument}, \
	[A64_OP_##name##_64] = {emitter, (what) | JIT_WIDE, argument}

#define ADD_SUB(form, what, keeps, form_number)                                                  \
	BOTH(ADD_##form, emit_add_sub, (what) | JIT_KEEPS * (keeps), ARG(ALU_ADD, form_number)), \
		BOTH(SUB_##form, emit_add_sub, (what) | JIT_KEEPS * ((keeps) & !(form_number)),  \
		     ARG(ALU_SUB, form_number)),                                                 \
		BOTH(ADDS_##form, emit_flags, (what) | JIT_SETS_F, ARG(ALU_ADD, form_number)),   \
		BOTH(SUBS_##form, emit_flags, (what) | JIT_SETS_F, ARG(ALU_SUB, form_number))

#define LOGIC_REGISTER(form, form_number)                                                  \
	BOTH(AND_##form, emit_logic, NM, ARG(ALU_AND, form_number)),                       \
		BOTH(BIC_##form, emit_logic, NM, ARG_NOT(ALU_AND, form_number)),           \
		BOTH(ORR_##form, emit_logic, NM, ARG(ALU_OR, form_number)),                \
		BOTH(ORN_##form, emit_logic, NM, ARG_NOT(ALU_OR, form_number)),            \
		BOTH(EOR_##form, emit_logic, NM, ARG(ALU_XOR, form_number)),               \
		BOTH(EON_##form, emit_logic, NM, ARG_NOT(ALU_XOR, form_number)),           \
		BOTH(ANDS_##form, emit_flags, NM | JIT_SETS_F, ARG(ALU_AND, form_number)), \
		BOTH(BICS_##form, emit_flags, NM | JIT_SETS_F, ARG_NOT(ALU_AND, form_number))

#define SELECT_FLAGS	    (NM | JIT_READS_F | JIT_KEEPS)
#define COMPARE_FLAGS(what) ((what) | JIT_READS_F | JIT_SETS_F)

const struct jit_op jit_integer_ops[A64_OPS] = {
	[A64_OP_ADR] = {emit_address, JIT_DEF_D | JIT_KEEPS, 1},
	[A64_OP_ADRP] = {emit_address, JIT_DEF_D | JIT_KEEPS, 0},
	ADD_SUB(imm, N, 1, FORM_IMM),
	ADD_SUB(reg, NM, 1, FORM_REG),
	ADD_SUB(shift, NM, 0, FORM_SHIFT),
	ADD_SUB(ext, NM, 0, FORM_EXT),
	BOTH(AND_imm, emit_logic, N, ARG(ALU_AND, FORM_IMM)),
	BOTH(ORR_imm, emit_logic, N, ARG(ALU_OR, FORM_IMM)),
	BOTH(EOR_imm, emit_logic, N, ARG(ALU_XOR, FORM_IMM)),
	BOTH(ANDS_imm, emit_flags, N | JIT_SETS_F, ARG(ALU_AND, FORM_IMM)),
	LOGIC_REGISTER(reg, FORM_REG),
	LOGIC_REGISTER(shift, FORM_SHIFT),
	BOTH(MOVN, emit_move_wide, JIT_DEF_D | JIT_KEEPS, 0),
	BOTH(MOVZ, emit_move_wide, JIT_DEF_D | JIT_KEEPS, 0),
	BOTH(MOVK, emit_movk, JIT_DEF_D | JIT_USE_D, 0),
	BOTH(SBFM, emit_sbfm, N, 0),
	BOTH(UBFM, emit_ubfm, N, 0),
	BOTH(BFM, emit_bfm, N | JIT_USE_D, 0),
	[A64_OP_SXTW] = {emit_sxtw, N | JIT_WIDE | JIT_KEEPS, 0},
	[A64_OP_ASR_imm_64] = {emit_shift_right, N | JIT_WIDE, SHIFT_SAR},
	BOTH(LSR_imm, emit_shift_right, N, SHIFT_SHR),
	BOTH(EXTR, emit_extr, NM, 0),
	BOTH(UDIV, emit_udiv, NM, 0),
	BOTH(SDIV, emit_sdiv, NM, 0),
	BOTH(LSLV, emit_shift_variable, NM, SHIFT_SHL),
	BOTH(LSRV, emit_shift_variable, NM, SHIFT_SHR),
	BOTH(ASRV, emit_shift_variable, NM, SHIFT_SAR),
	BOTH(RORV, emit_shift_variable, NM, SHIFT_ROR),
	[A64_OP_CRC32CB] = {emit_crc32c, NM, 0},
	[A64_OP_CRC32CH] = {emit_crc32c, NM, 1},
	[A64_OP_CRC32CW] = {emit_crc32c, NM, 2},
	[A64_OP_CRC32CX] = {emit_crc32c, NM, 3},
	BOTH(REV, emit_rev, N, 0),
	[A64_OP_REV32] = {emit_rev, N | JIT_WIDE, 1},
	BOTH(CLZ, emit_clz, N, 0),
	BOTH(ADC, emit_with_carry, NM | JIT_READS_F, 0),
	BOTH(SBC, emit_with_carry, NM | JIT_READS_F, 1),
	BOTH(ADCS, emit_with_carry, NM | JIT_READS_F | JIT_SETS_F, 0),
	BOTH(SBCS, emit_with_carry, NM | JIT_READS_F | JIT_SETS_F, 1),
	BOTH(CCMN_reg, emit_compare_if, COMPARE_FLAGS(JIT_USE_N | JIT_USE_M),
	     ARG(ALU_ADD, FORM_REG)),
	BOTH(CCMN_imm, emit_compare_if, COMPARE_FLAGS(JIT_USE_N), ARG(ALU_ADD, FORM_IMM)),
	BOTH(CCMP_reg, emit_compare_if, COMPARE_FLAGS(JIT_USE_N | JIT_USE_M),
	     ARG(ALU_SUB, FORM_REG)),
	BOTH(CCMP_imm, emit_compare_if, COMPARE_FLAGS(JIT_USE_N), ARG(ALU_SUB, FORM_IMM)),
	BOTH(CSEL, emit_select, SELECT_FLAGS, OTHERWISE_SAME),
	BOTH(CSINC, emit_select, SELECT_FLAGS, OTHERWISE_PLUS_1),
	BOTH(CSINV, emit_select, SELECT_FLAGS, OTHERWISE_NOT),
	BOTH(CSNEG, emit_select, SELECT_FLAGS, OTHERWISE_NEG),
	BOTH(MADD, emit_mul, NMA, 0),
	BOTH(MSUB, emit_mul, NMA, 1),
	[A64_OP_SMADDL] = {emit_mul_long, NMA, 1},
	[A64_OP_SMSUBL] = {emit_mul_long, NMA, 3},
	[A64_OP_UMADDL] = {emit_mul_long, NMA, 0},
	[A64_OP_UMSUBL] = {emit_mul_long, NMA, 2},
	[A64_OP_UMULH] = {emit_mul_high, NM, 4},
	[A64_OP_SMULH] = {emit_mul_high, NM, 5},
};
