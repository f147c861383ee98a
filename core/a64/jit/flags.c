/*
 * NZCV in translated code.
 *
 * An instruction that sets flags leaves them in the host's flags, where the next reader finds them as
 * long as nothing in between needs the host's flags for itself. Where an exception, an exit or
 * a later reader may want them, the operands are stored as well (cpu->lazy): three moves, from
 * which the flags can be made again, as late as possible (pending.c). If nobody can see them they are
 * not stored.
 *
 * After a subtraction the host's carry is the inverse of the guest's (FLAGS_SUB), after an addition
 * it is the same (FLAGS_ADD); logical operations clear C and V as the host's do.
 */
#include "core/a64/jit/jit.h"

/* May the interpreter or an exception handler look at the flags during this instruction? */
static bool exposes(const struct jit_item *item)
{
	return item->flags & (JIT_MEMORY | JIT_CALL | JIT_END);
}

static bool out_needed(const struct region *r, const struct jit_block *block)
{
	bool needed = false;

	if (block->next != JIT_EXIT)
		needed |= r->blocks[block->next].flags_in;
	if (block->taken != JIT_EXIT)
		needed |= r->blocks[block->taken].flags_in;
	if ((block->has_next && block->next == JIT_EXIT) ||
	    (block->has_taken && block->taken == JIT_EXIT) ||
	    !(block->has_next || block->has_taken))
		needed = true;
	return needed;
}

static bool in_needed(const struct region *r, const struct jit_block *block)
{
	if (block->loop_head || r->bounded)
		return true;
	for (unsigned n = 0; n < block->count; n++) {
		const struct jit_item *item = &r->items[block->first + n];

		if (exposes(item) || (item->flags & JIT_READS_F))
			return true;
		if (item->flags & JIT_SETS_F)
			return false;
	}
	return out_needed(r, block);
}

/* Are the flags as they are after item n needed in memory? */
static bool needed_after(const struct region *r, const struct jit_block *block, unsigned n,
			 bool in_host)
{
	for (n++; n < block->count; n++) {
		const struct jit_item *item = &r->items[block->first + n];

		if (exposes(item) || ((item->flags & JIT_READS_F) && !in_host))
			return true;
		if (item->flags & JIT_SETS_F)
			return false;
		if (!(item->flags & JIT_KEEPS))
			in_host = false;
	}
	return out_needed(r, block);
}

bool jit_flags_needed_after(const struct translator *t, unsigned n, bool in_host)
{
	return needed_after(&t->region, t->block, n, in_host);
}

void jit_flags_analyse(struct translator *t)
{
	struct region *r = &t->region;
	bool changed = true;

	while (changed) {
		changed = false;
		for (unsigned n = r->blocks_count; n-- > 0;) {
			bool needed = in_needed(r, &r->blocks[n]);

			changed |= needed != r->blocks[n].flags_in;
			r->blocks[n].flags_in = needed;
		}
	}
	for (unsigned b = 0; b < r->blocks_count; b++) {
		const struct jit_block *block = &r->blocks[b];

		for (unsigned n = 0; n < block->count; n++) {
			struct jit_item *item = &r->items[block->first + n];

			if (item->flags & JIT_SETS_F)
				item->flags_needed = needed_after(r, block, n, true);
		}
	}
}

void jit_flags_store(struct translator *t, const struct jit_item *item, enum jit_kind kind, int a,
		     struct x86_rm b, const int32_t *imm)
{
	struct code *c = &t->code;

	t->pending.kind = KIND_CANONICAL;
	if (!item->flags_needed) {
		t->kind = KIND_UNKNOWN;
		return;
	}
	emit_store(c, true, CPU(lazy.a), a);
	if (imm) {
		emit_store_imm32(c, true, CPU(lazy.b), *imm);
	} else {
		int reg = b.base;

		if (!b.is_reg)
			emit_load(c, true, reg = RDX, b);
		emit_store(c, true, CPU(lazy.b), reg);
	}
	if (t->kind != kind)
		emit_store_imm32(c, false, CPU(lazy.kind), kind);
	t->kind = kind;
}

void jit_flags_keep(struct translator *t, const struct jit_item *item)
{
	struct code *c = &t->code;

	t->pending.kind = KIND_CANONICAL;
	t->kind = KIND_UNKNOWN;
	if (!item->flags_needed)
		return;
	t->kind = t->flags == FLAGS_SUB ? KIND_HOST_SUB : KIND_HOST_ADD;
	emit_setcc(c, CC_O, rm_reg(RAX));
	emit8(c, 0x9f); /* LAHF */
	emit_store(c, true, CPU(lazy.a), RAX);
	emit_store_imm32(c, false, CPU(lazy.kind), t->kind);
}

bool jit_kind_is_wide(enum jit_kind kind)
{
	return kind == KIND_SUB_64 || kind == KIND_ADD_64 || kind == KIND_AND_64;
}

/* Bring the host's flags back from operands, in memory or pending. */
static void recompute(struct translator *t)
{
	struct code *c = &t->code;
	bool wide = jit_kind_is_wide(t->kind);

	if (t->pending.kind) {
		jit_pending_recompute(t);
		return;
	}
	emit_load(c, true, RAX, CPU(lazy.a));
	if (t->kind == KIND_HOST_ADD || t->kind == KIND_HOST_SUB) {
		emit8(c, 0x04); /* ADD AL, imm8: overflows if it is 1 */
		emit8(c, 0x7f);
		emit8(c, 0x9e); /* SAHF */
		t->flags = t->kind == KIND_HOST_SUB ? FLAGS_SUB : FLAGS_ADD;
	} else if (t->kind == KIND_SUB_64 || t->kind == KIND_SUB_32) {
		emit_alu(c, ALU_CMP, wide, RAX, CPU(lazy.b));
		t->flags = FLAGS_SUB;
	} else if (t->kind == KIND_ADD_64 || t->kind == KIND_ADD_32) {
		emit_alu(c, ALU_ADD, wide, RAX, CPU(lazy.b));
		t->flags = FLAGS_ADD;
	} else {
		emit_test(c, wide, CPU(lazy.b), RAX);
		t->flags = FLAGS_ADD;
	}
}

static void invert_carry(struct translator *t)
{
	emit8(&t->code, 0xf5); /* CMC */
	t->flags = t->flags == FLAGS_SUB ? FLAGS_ADD : FLAGS_SUB;
}

static bool recomputable(const struct translator *t)
{
	return t->pending.kind || (t->kind >= KIND_SUB_64 && t->kind <= KIND_AND_32) ||
	       t->kind == KIND_HOST_ADD || t->kind == KIND_HOST_SUB;
}

static void make_canonical(struct translator *t)
{
	if (t->kind != KIND_CANONICAL)
		patch_to(&t->code, emit_call(&t->code), t->jit->normalise);
	t->kind = KIND_CANONICAL;
}

/* N != V, or with Z in it: bit 0 of RAX. */
static void signed_less(struct code *c, bool or_equal)
{
	emit_load(c, true, RAX, CPU(n_result));
	emit_shift_imm(c, SHIFT_SHR, true, RAX, 63);
	emit_op(c, 0x32, false, true, RAX, CPU(v_flag)); /* XOR r8 */
	if (!or_equal)
		return;
	emit_alu_imm(c, ALU_CMP, true, CPU(z_result), 0);
	emit_setcc(c, CC_E, rm_reg(RCX));
	emit_op(c, 0x0a, false, true, RAX, rm_reg(RCX)); /* OR r8 */
}

/* From the interpreter's form. The host's flags are of no further use. */
static enum x86_cc canonical_condition(struct translator *t, unsigned cond)
{
	struct code *c = &t->code;
	bool not = cond & 1;

	make_canonical(t);
	switch (cond >> 1) {
	case 0: emit_alu_imm(c, ALU_CMP, true, CPU(z_result), 0); return not ? CC_NE : CC_E;
	case 1: emit_cmp8_imm(c, CPU(c), 0); return not ? CC_E : CC_NE;
	case 2: emit_alu_imm(c, ALU_CMP, true, CPU(n_result), 0); return not ? CC_NS : CC_S;
	case 3: emit_cmp8_imm(c, CPU(v_flag), 0); return not ? CC_E : CC_NE;
	case 4: /* C and not Z: C > (Z ? 1 : 0) */
		emit_alu_imm(c, ALU_CMP, true, CPU(z_result), 0);
		emit_setcc(c, CC_E, rm_reg(RAX));
		emit_op(c, 0x38, false, true, RAX, CPU(c)); /* CMP m8, r8 */
		return not ? CC_BE : CC_A;
	case 5:
		signed_less(c, false);
		emit_op(c, 0x84, false, true, RAX, rm_reg(RAX));
		return not ? CC_NE : CC_E;
	default:
		signed_less(c, true);
		emit_op(c, 0x84, false, true, RAX, rm_reg(RAX));
		return not ? CC_NE : CC_E;
	}
}

enum x86_cc jit_condition(struct translator *t, unsigned cond)
{
	static const uint8_t after_sub[14] = {CC_E,  CC_NE, CC_AE, CC_B,  CC_S, CC_NS, CC_O,
					      CC_NO, CC_A,  CC_BE, CC_GE, CC_L, CC_G,  CC_LE};

	if (t->flags == FLAGS_NONE) {
		if (!recomputable(t))
			return canonical_condition(t, cond);
		recompute(t);
	}
	if (t->flags == FLAGS_ADD && (cond >> 1 == 1 || cond >> 1 == 4))
		invert_carry(t);
	return after_sub[cond];
}

/* From the host's flags. */
static void pack_host_flags(struct translator *t)
{
	struct code *c = &t->code;

	emit_setcc(c, CC_O, rm_reg(RAX));
	emit8(c, 0x9f); /* LAHF: SF, ZF and CF in bits 15, 14 and 8 */
	emit_mov(c, false, RCX, RAX);
	emit_mov(c, false, RDX, RAX);
	emit_shift_imm(c, SHIFT_SHR, false, RCX, 14);
	emit_shift_imm(c, SHIFT_SHR, false, RDX, 8);
	emit_alu_imm(c, ALU_AND, false, rm_reg(RCX), 3);
	emit_alu_imm(c, ALU_AND, false, rm_reg(RDX), 1);
	emit_alu_imm(c, ALU_AND, false, rm_reg(RAX), 1);
	if (t->flags == FLAGS_SUB)
		emit_alu_imm(c, ALU_XOR, false, rm_reg(RDX), 1);
	emit_lea(c, false, RDX, rm_index(RDX, RCX, 1, 0));
	emit_lea(c, false, RAX, rm_index(RAX, RDX, 1, 0));
}

/* From the interpreter's form. */
static void pack_canonical(struct translator *t)
{
	struct code *c = &t->code;

	make_canonical(t);
	emit_load(c, true, RDX, CPU(n_result));
	emit_shift_imm(c, SHIFT_SHR, true, RDX, 63);
	emit_mov_imm(c, RCX, 0);
	emit_alu_imm(c, ALU_CMP, true, CPU(z_result), 0);
	emit_setcc(c, CC_E, rm_reg(RCX));
	emit_lea(c, false, RDX, rm_index(RCX, RDX, 1, 0));
	emit_rm(c, 0x1b6, false, RCX, CPU(c)); /* MOVZX of 8 bits */
	emit_lea(c, false, RDX, rm_index(RCX, RDX, 1, 0));
	emit_rm(c, 0x1b6, false, RAX, CPU(v_flag));
	emit_lea(c, false, RAX, rm_index(RAX, RDX, 1, 0));
}

void jit_flags_read(struct translator *t)
{
	if (t->flags == FLAGS_NONE && recomputable(t))
		recompute(t);
	if (t->flags == FLAGS_NONE)
		pack_canonical(t);
	else
		pack_host_flags(t);
	t->flags = FLAGS_NONE;
}

void jit_flags_write(struct translator *t)
{
	emit_store(&t->code, true, CPU(lazy.a), RAX);
	emit_store_imm32(&t->code, false, CPU(lazy.kind), KIND_NZCV);
	t->pending.kind = KIND_CANONICAL;
	t->kind = KIND_NZCV;
	t->flags = FLAGS_NONE;
}

void jit_carry(struct translator *t, bool borrow)
{
	struct code *c = &t->code;

	if (t->flags == FLAGS_NONE && recomputable(t))
		recompute(t);
	if (t->flags != FLAGS_NONE) {
		if ((t->flags == FLAGS_SUB) != borrow)
			invert_carry(t);
		return;
	}
	make_canonical(t);
	emit_cmp8_imm(c, CPU(c), 1); /* host's carry: C < 1 */
	if (!borrow)
		emit8(c, 0xf5);
}
