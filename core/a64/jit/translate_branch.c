/*
 * Branches, and how translated code goes from one region to another or back to the run loop.
 *
 * Within the region a branch is a jump. A target in the same page is reached through the page's
 * table of bodies; any other address is looked up in the fetch cache (core/a64/tlb.h), inline.
 */
#include "core/a64/jit/jit.h"
#include "core/a64/jit/vector.h"

#define BODIES ((int32_t)offsetof(struct a64_code_page, bodies))

static void spill(struct translator *t, jit_set dirty)
{
	for (dirty &= t->in_host; dirty; dirty &= dirty - 1) {
		unsigned guest = (unsigned)__builtin_ctzll(dirty);

		if (guest < JIT_VECTORS)
			emit_store(&t->code, true, guest_mem(guest), t->host[guest]);
		else
			jit_vector_spill(t, guest - JIT_VECTORS);
	}
}

void jit_reload(struct translator *t, jit_set guests)
{
	for (guests &= t->in_host; guests; guests &= guests - 1) {
		unsigned guest = (unsigned)__builtin_ctzll(guests);

		if (guest < JIT_VECTORS)
			emit_load(&t->code, true, t->host[guest], guest_mem(guest));
		else
			jit_vector_reload(t, guest - JIT_VECTORS);
	}
}

/* Guest registers whose host register a C function may change. */
static jit_set volatile_guests(const struct translator *t)
{
	jit_set guests = UINT64_MAX << JIT_VECTORS;

	for (unsigned guest = 0; guest < 32; guest++) {
		int reg = t->host[guest];

		if (reg == RSI || reg == RDI || (reg >= R8 && reg <= R11))
			guests |= 1ULL << guest;
	}
	return guests;
}

static void jump_slot(struct translator *t, unsigned slot)
{
	struct code *c = &t->code;

	emit_mov_imm(c, RSI, slot * 4);
	emit_load(c, true, RAX, CPU(code_insns));
	emit_jmp_rm(c, rm_mem(RAX, BODIES + (int32_t)slot * 8));
}

/* To the address in RAX; everything is in memory. */
static void jump_address(struct translator *t)
{
	struct code *c = &t->code;
	int32_t fetches = offsetof(struct a64_cpu, tlb.fetches) - JIT_BIAS;

	_Static_assert(sizeof(struct a64_fetch_entry) == 16, "an index is shifted");
	emit8(c, 0xa8); /* TEST AL, imm8: not aligned? */
	emit8(c, 3);
	patch_to(c, emit_jcc(c, CC_NE), t->jit->fetch);
	emit_mov(c, true, RDX, RAX);
	emit_mov(c, false, RCX, RAX);
	emit_alu_imm(c, ALU_AND, true, rm_reg(RDX), -4096);
	emit_shift_imm(c, SHIFT_SHR, false, RCX, 8);
	emit_mov(c, true, RSI, RDX);
	emit_alu_imm(c, ALU_AND, false, rm_reg(RCX), (A64_FETCH_SIZE - 1) << 4);
	emit_alu(c, ALU_OR, true, RSI, cpu_at(offsetof(struct a64_cpu, tlb.fetch) + 8 * t->upper));
	emit_alu(c, ALU_CMP, true, RSI,
		 rm_index(RBP, RCX, 0, fetches + (int32_t)offsetof(struct a64_fetch_entry, tag)));
	patch_to(c, emit_jcc(c, CC_NE), t->jit->fetch);
	emit_load(
		c, true, RCX,
		rm_index(RBP, RCX, 0, fetches + (int32_t)offsetof(struct a64_fetch_entry, insns)));
	emit_alu_imm(c, ALU_AND, false, rm_reg(RAX), 0xfff);
	emit_store(c, true, CPU(code_va), RDX);
	emit_mov(c, false, RSI, RAX);
	emit_store(c, true, CPU(code_insns), RCX);
	emit_jmp_rm(c, rm_index(RCX, RAX, 1, BODIES));
}

/* To a place at a distance in bytes from the current page. */
static void jump_offset(struct translator *t, int64_t offset)
{
	emit_load(&t->code, true, RAX, CPU(code_va));
	emit_alu_imm(&t->code, ALU_ADD, true, rm_reg(RAX), (int32_t)offset);
	jump_address(t);
}

static void leave_to(struct translator *t, int64_t slot, jit_set dirty)
{
	jit_pending_store(t);
	spill(t, dirty);
	if (slot >= 0 && slot < A64_CODE_INSNS)
		jump_slot(t, (unsigned)slot);
	else
		jump_offset(t, slot * 4);
}

static void count(struct translator *t, unsigned insns)
{
	if (insns)
		emit_lea(&t->code, true, R15, rm_mem(R15, (int32_t)insns));
}

void jit_count_block(struct translator *t)
{
	if (!t->counted)
		count(t, t->block->count);
	t->counted = true;
}

/* ---- Ends of blocks ---- */

static int64_t target_slot(const struct jit_item *item)
{
	return item->slot + item->insn.imm / 4;
}

/* Does that block's code come right behind the current one's? */
static bool is_next(const struct translator *t, int block)
{
	bool copied = jit_is_copied(t->block) && t->block->code_again == t->block->code;

	return &t->region.blocks[block] == t->block + 1 && !copied;
}

static void jump_block(struct translator *t, int block, uint8_t *at)
{
	bool again = &t->region.blocks[block] == t->block;

	jit_fixup(t, again ? FIXUP_AGAIN : FIXUP_BLOCK, at)->block = (uint16_t)block;
}

static void go_on(struct translator *t, int block, int64_t slot)
{
	if (block == JIT_EXIT) {
		leave_to(t, slot, t->block->dirty_out);
		return;
	}
	jit_pending_pass(t, block);
	if (!is_next(t, block))
		jump_block(t, block, emit_jmp(&t->code));
}

static void branch_if(struct translator *t, const struct jit_item *item, enum x86_cc cc)
{
	uint8_t *at;

	if (t->block->taken != JIT_EXIT)
		jit_pending_pass(t, t->block->taken);
	at = emit_jcc(&t->code, cc);
	if (t->block->taken == JIT_EXIT) {
		struct fixup *fixup = jit_fixup(t, FIXUP_EXIT, at);

		fixup->slot = target_slot(item);
		fixup->dirty = t->block->dirty_out;
	} else {
		jump_block(t, t->block->taken, at);
	}
	go_on(t, t->block->next, item->slot + 1);
}

void jit_block_end(struct translator *t, const struct jit_item *last)
{
	jit_count_block(t);
	go_on(t, t->block->next, last->slot + 1);
}

void jit_refetch(struct translator *t, const struct jit_item *last)
{
	jit_count_block(t);
	jit_pending_store(t);
	spill(t, last->dirty);
	jump_offset(t, (last->slot + 1) * 4);
}

static void emit_b(struct translator *t, const struct jit_item *item)
{
	jit_count_block(t);
	go_on(t, t->block->taken, target_slot(item));
}

static void emit_b_cond(struct translator *t, const struct jit_item *item)
{
	unsigned cond = item->op == A64_OP_B_cond ? item->insn.rd : item->info->arg;

	jit_count_block(t);
	if (cond < 14)
		branch_if(t, item, jit_condition(t, cond));
	else
		go_on(t, t->block->taken, target_slot(item));
}

/* arg: 1 for CBNZ. */
static void emit_cbz(struct translator *t, const struct jit_item *item)
{
	bool wide = item->flags & JIT_WIDE;
	int reg;

	jit_count_block(t);
	reg = jit_source(t, item->insn.rn, RAX);
	emit_test(&t->code, wide, rm_reg(reg), reg);
	t->flags = FLAGS_NONE;
	branch_if(t, item, item->info->arg ? CC_NE : CC_E);
}

static void emit_tbz(struct translator *t, const struct jit_item *item)
{
	struct code *c = &t->code;
	unsigned bit = item->insn.rm;
	int reg;

	jit_count_block(t);
	reg = jit_source(t, item->insn.rn, RAX);
	t->flags = FLAGS_NONE;
	if (bit < 31) {
		emit_test_imm(c, false, rm_reg(reg), 1 << bit);
		branch_if(t, item, item->info->arg ? CC_NE : CC_E);
		return;
	}
	emit_rm(c, 0x1ba, true, 4, rm_reg(reg)); /* BT */
	emit8(c, bit);
	branch_if(t, item, item->info->arg ? CC_B : CC_AE);
}

static void link(struct translator *t, const struct jit_item *item)
{
	struct code *c = &t->code;

	emit_load(c, true, RCX, CPU(code_va));
	emit_alu_imm(c, ALU_ADD, true, rm_reg(RCX), item->slot * 4 + 4);
	emit_store(c, true, guest_mem(30), RCX);
}

static void emit_bl(struct translator *t, const struct jit_item *item)
{
	jit_count_block(t);
	spill(t, item->dirty);
	link(t, item);
	leave_to(t, target_slot(item), 0);
}

/* BR, BLR, RET. */
static void emit_br(struct translator *t, const struct jit_item *item)
{
	jit_count_block(t);
	spill(t, item->dirty);
	jit_load_to(t, true, RAX, item->insn.rn);
	if (item->flags & JIT_LINK)
		link(t, item);
	jump_address(t);
}

/* ---- The interpreter's functions ---- */

static uint32_t slot_op(const struct jit_item *item)
{
	return jit_slot_op(item->slot, item->op, item->insn.word);
}

/* An instruction that ends the straight run: SVC, ERET, ISB, WFI and so on. */
static void emit_call_branch(struct translator *t, const struct jit_item *item)
{
	spill(t, item->dirty);
	emit_mov_imm(&t->code, RSI, slot_op(item));
	emit_mov_imm(&t->code, RDX, t->before);
	patch_to(&t->code, emit_jmp(&t->code), t->jit->call_branch);
}

static void call_exec(struct translator *t, const struct jit_item *item, unsigned before,
		      uint32_t more)
{
	jit_pending_store(t);
	spill(t, item->dirty);
	emit_mov_imm(&t->code, RSI, slot_op(item) | more);
	emit_mov_imm(&t->code, RDX, before);
	patch_to(&t->code, emit_call(&t->code), t->jit->call);
}

void jit_emit_call(struct translator *t, const struct jit_item *item)
{
	call_exec(t, item, t->before, JIT_SETS_KIND);
	if (t->region.bounded)
		jit_room_check_call(t, item, t->before);
	jit_reload(t, item->live & (volatile_guests(t) | item->defs));
	t->kind = KIND_CANONICAL;
	t->sp_checked = false;
	t->el_known = EL_UNKNOWN;
}

/* ---- Out of line ---- */

static void emit_slow(struct translator *t, const struct fixup *fixup)
{
	const struct jit_item *item = fixup->item;
	jit_set live = item->live | jit_pending_operands(&fixup->pending);

	call_exec(t, item, fixup->before, item->flags & JIT_SETS_F ? JIT_SETS_KIND : 0);
	if (t->region.bounded)
		jit_room_check_call(t, item, fixup->before);
	jit_reload(t, live & (volatile_guests(t) | item->defs));
	if (item->flags & JIT_SETS_F) {
		emit_load(&t->code, true, RAX, CPU(lazy.a));
		emit_load(&t->code, true, RCX, CPU(lazy.b));
	}
	patch_to(&t->code, emit_jmp(&t->code), fixup->back);
}

static void emit_attention(struct translator *t, const struct fixup *fixup)
{
	jit_pending_store(t);
	spill(t, fixup->dirty);
	count(t, fixup->before);
	emit_mov_imm(&t->code, RSI, (uint64_t)fixup->slot * 4);
	patch_to(&t->code, emit_jmp(&t->code), t->jit->exit);
}

void jit_emit_out_of_line(struct translator *t)
{
	const uint8_t *slow = NULL;

	for (unsigned n = 0; n < t->fixups_count; n++) {
		const struct fixup *fixup = &t->fixups[n];

		if (fixup->kind == FIXUP_BLOCK) {
			patch_to(&t->code, fixup->at, t->region.blocks[fixup->block].code);
			continue;
		}
		if (fixup->kind == FIXUP_AGAIN) {
			patch_to(&t->code, fixup->at, t->region.blocks[fixup->block].code_again);
			continue;
		}
		if (fixup->kind == FIXUP_APART) /* filled in already */
			continue;
		if (fixup->kind == FIXUP_SLOW && n > 0 && fixup[-1].kind == FIXUP_SLOW &&
		    fixup[-1].item == fixup->item && fixup[-1].back == fixup->back) {
			patch_to(&t->code, fixup->at, slow);
			continue;
		}
		slow = t->code.p;
		patch_here(&t->code, fixup->at);
		t->vectors = fixup->vectors;
		t->pending = fixup->pending;
		if (fixup->kind == FIXUP_SLOW)
			emit_slow(t, fixup);
		else if (fixup->kind == FIXUP_EXIT)
			leave_to(t, fixup->slot, fixup->dirty);
		else
			emit_attention(t, fixup);
	}
}

/* ---- The table ---- */

#define B_IF(name, cond) [A64_OP_B_##name] = {emit_b_cond, JIT_BRANCH | JIT_READS_F, cond}
#define COMPARE(name, argument)                                              \
	[A64_OP_##name##_32] = {emit_cbz, JIT_BRANCH | JIT_USE_N, argument}, \
	[A64_OP_##name##_64] = {emit_cbz, JIT_BRANCH | JIT_USE_N | JIT_WIDE, argument}

const struct jit_op jit_branch_ops[A64_OPS] = {
	[A64_OP_B] = {emit_b, JIT_BRANCH | JIT_ALWAYS, 0},
	[A64_OP_BL] = {emit_bl, JIT_END | JIT_LINK, 0},
	B_IF(EQ, 0),
	B_IF(NE, 1),
	B_IF(CS, 2),
	B_IF(CC, 3),
	B_IF(MI, 4),
	B_IF(PL, 5),
	B_IF(HI, 8),
	B_IF(LS, 9),
	B_IF(GE, 10),
	B_IF(LT, 11),
	B_IF(GT, 12),
	B_IF(LE, 13),
	B_IF(cond, 0),
	COMPARE(CBZ, 0),
	COMPARE(CBNZ, 1),
	[A64_OP_TBZ] = {emit_tbz, JIT_BRANCH | JIT_USE_N, 0},
	[A64_OP_TBNZ] = {emit_tbz, JIT_BRANCH | JIT_USE_N, 1},
	[A64_OP_BR] = {emit_br, JIT_END | JIT_USE_N, 0},
	[A64_OP_BLR] = {emit_br, JIT_END | JIT_USE_N | JIT_LINK, 0},
	[A64_OP_RET] = {emit_br, JIT_END | JIT_USE_N, 0},
	[A64_OP_SVC] = {emit_call_branch, JIT_END, 0},
	[A64_OP_HVC] = {emit_call_branch, JIT_END, 0},
	[A64_OP_BRK] = {emit_call_branch, JIT_END, 0},
	[A64_OP_ERET] = {emit_call_branch, JIT_END, 0},
	[A64_OP_WFE] = {emit_call_branch, JIT_END, 0},
	[A64_OP_WFI] = {emit_call_branch, JIT_END, 0},
	[A64_OP_UNDEFINED] = {emit_call_branch, JIT_END, 0},
};
