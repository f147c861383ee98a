/*
 * Translation of one region: collect, analyse, and emit block after block; what is rarely executed
 * (slow paths, exits taken by branches) comes after them.
 */
#include "core/a64/jit/jit.h"
#include "core/a64/jit/vector.h"

#include "core/vm.h"

/* Room that any region fits into. */
#define ROOM (256u << 10)

#define LOOP_ALIGNMENT 64

struct fixup *jit_fixup(struct translator *t, enum fixup_kind kind, uint8_t *at)
{
	struct fixup *fixup = &t->fixups[t->fixups_count];

	if (t->fixups_count < JIT_FIXUPS - 1)
		t->fixups_count++;
	else
		t->failed = true;
	*fixup = (struct fixup){
		.kind = kind, .at = at, .vectors = t->vectors, .pending = t->pending};
	return fixup;
}

void jit_slow(struct translator *t, const struct jit_item *item, enum x86_cc cc)
{
	struct fixup *fixup = jit_fixup(t, FIXUP_SLOW, emit_jcc(&t->code, cc));

	fixup->item = item;
	fixup->before = (uint16_t)t->before;
}

void jit_slow_back(struct translator *t, const struct jit_item *item)
{
	for (unsigned n = t->fixups_count; n-- > t->fixups_own && t->fixups[n].item == item;)
		t->fixups[n].back = t->code.p;
}

/* Does SP keep its alignment to 16? */
static bool sp_stays_aligned(const struct jit_item *item)
{
	if (!(item->defs & 1ULL << A64_SP) || (item->flags & JIT_MEMORY))
		return true;
	return (item->op == A64_OP_ADD_imm_64 || item->op == A64_OP_SUB_imm_64) &&
	       item->insn.rn == A64_SP && item->insn.imm % 16 == 0;
}

/* Nothing may come between a comparison and its branch, if the host is to take them as one. */
static void count_before_comparison(struct translator *t, const struct jit_item *item)
{
	if (t->before + 2 == t->block->count && (item[1].flags & JIT_BRANCH) &&
	    (item[1].flags & JIT_READS_F) && (item->flags & JIT_SETS_F) &&
	    !(item->flags & (JIT_MEMORY | JIT_CALL)))
		jit_count_block(t);
}

void jit_emit_item(struct translator *t, const struct jit_item *item)
{
	bool lost = jit_pending_check(t, item);

	count_before_comparison(t, item);
	if (!jit_is_access(item))
		t->delta_at = JIT_NO_PLACE;
	if (item->flags & JIT_CALL) {
		t->fp_again = 0;
		jit_emit_call(t, item);
	} else {
		item->info->emit(t, item);
	}
	if (lost)
		t->pending.kind = KIND_CANONICAL;
	if (!sp_stays_aligned(item))
		t->sp_checked = false;
	if (!(item->flags & (JIT_KEEPS | JIT_SETS_F)))
		t->flags = FLAGS_NONE;
	if (t->constant_at != item->slot)
		t->constant_of = -1;
}

/* To the run loop, at `slot`, with `done` items of the block to be counted. */
static void give_way(struct translator *t, enum x86_cc cc, unsigned done, unsigned slot,
		     jit_set dirty)
{
	struct fixup *fixup = jit_fixup(t, FIXUP_ATTENTION, emit_jcc(&t->code, cc));

	fixup->before = (uint16_t)done;
	fixup->slot = slot;
	fixup->dirty = dirty;
}

static void emit_attention_check(struct translator *t)
{
	emit_alu_imm(&t->code, ALU_CMP, false, CPU(attention), 0);
	give_way(t, CC_NE, 0, t->region.items[t->block->first].slot, t->block->dirty_in);
}

void jit_room_check(struct translator *t, const struct jit_block *block, unsigned done,
		    unsigned slot, jit_set dirty)
{
	struct code *c = &t->code;

	/* At any time a64_executed() is these two and R15, which has the block when it has ended. */
	emit_load(c, true, RAX, CPU(instructions));
	emit_alu(c, ALU_ADD, true, RAX, CPU(exceptions));
	emit_lea(c, true, RAX, rm_index(RAX, R15, 0, block->count));
	emit_alu(c, ALU_CMP, true, RAX, CPU(limit));
	give_way(t, CC_A, done, slot, dirty);
}

void jit_room_check_call(struct translator *t, const struct jit_item *item, unsigned before)
{
	emit_alu_imm(&t->code, ALU_CMP, false, CPU(attention), 0);
	give_way(t, CC_NE, before + 1, item->slot + 1u, 0);
	jit_room_check(t, &t->region.blocks[item->block], before + 1, item->slot + 1u, 0);
}

/* Only the block before it leads here: what is known at its end is still known. */
static bool continues(const struct translator *t, const struct jit_block *block)
{
	const struct jit_block *before = block - 1;

	return block > t->region.blocks && block->preds == 1 && before->next >= 0 &&
	       &t->region.blocks[before->next] == block;
}

/* Other blocks go on from this one: they expect all of their vector registers in the host's. */
static void settle_vectors(struct translator *t, const struct jit_block *block)
{
	const struct jit_block *blocks = t->region.blocks;

	if (block->taken >= 0)
		jit_vectors_settle(t, blocks[block->taken].live_in);
	if (block->next >= 0 && !continues(t, &blocks[block->next]))
		jit_vectors_settle(t, blocks[block->next].live_in);
}

void jit_known_get(const struct translator *t, struct jit_known *known)
{
	*known = (struct jit_known){
		.vectors = t->vectors,
		.flags = t->flags,
		.kind = t->kind,
		.pending = t->pending,
		.fp_again = t->fp_again,
		.sp_checked = t->sp_checked,
		.el = t->el_known,
		.constant = t->constant,
		.constant_of = t->constant_of,
		.constant_at = t->constant_at,
	};
}

void jit_known_set(struct translator *t, const struct jit_known *known)
{
	t->vectors = known->vectors;
	t->flags = known->flags;
	t->kind = known->kind;
	t->pending = known->pending;
	t->fp_again = known->fp_again;
	t->sp_checked = known->sp_checked;
	t->el_known = known->el;
	t->constant = known->constant;
	t->constant_of = known->constant_of;
	t->constant_at = known->constant_at;
	t->delta_at = JIT_NO_PLACE;
}

static void know_little(struct translator *t, const struct jit_pending *pending, uint8_t fp)
{
	jit_known_set(t, &(struct jit_known){
				 .flags = FLAGS_NONE,
				 .kind = KIND_UNKNOWN,
				 .pending = *pending,
				 .fp_again = fp,
				 .el = EL_UNKNOWN,
				 .constant_of = -1,
				 .constant_at = -1,
			 });
}

static void emit_copy(struct translator *t, const struct jit_block *block)
{
	const struct jit_item *last = &t->region.items[block->first + block->count - 1];

	t->counted = false;
	if (block->loop_head) {
		emit_attention_check(t);
		t->flags = FLAGS_NONE;
	}
	if (t->region.bounded) {
		jit_room_check(t, block, 0, t->region.items[block->first].slot, block->dirty_in);
		t->flags = FLAGS_NONE;
	}
	for (t->before = 0; t->before < block->count; t->before++) {
		const struct jit_item *item = &t->region.items[block->first + t->before];

		if (item->flags & JIT_BRANCH)
			settle_vectors(t, block);
		jit_stretch_begin(t, item);
		jit_emit_item(t, item);
		jit_stretch_end(t, item);
	}
	if (!(last->flags & (JIT_BRANCH | JIT_END))) {
		settle_vectors(t, block);
		jit_block_end(t, last);
	}
}

static void emit_block(struct translator *t, struct jit_block *block)
{
	if (!continues(t, block))
		know_little(t, &block->pending_in, 0);
	t->block = block;
	block->code = block->code_again = t->code.p;
	emit_copy(t, block);
	if (!jit_is_copied(block))
		return;
	know_little(t, &block->pending_again, block->fp_again);
	while ((uintptr_t)t->code.p % LOOP_ALIGNMENT)
		emit8(&t->code, 0xcc); /* INT3: nobody comes here */
	block->code_again = t->code.p;
	emit_copy(t, block);
}

static void emit_region(struct translator *t)
{
	struct region *r = &t->region;
	struct code *c = &t->code;
	const struct jit_block *entry = &r->blocks[r->entry];

	t->vectors = (struct jit_vectors){0};
	emit_alu_imm(c, ALU_CMP, false, CPU(attention), 0);
	patch_to(c, emit_jcc(c, CC_NE), t->jit->exit);
	jit_reload(t, entry->live_in);
	if (r->entry != 0)
		jit_fixup(t, FIXUP_BLOCK, emit_jmp(c))->block = (uint16_t)r->entry;
	for (unsigned n = 0; n < r->blocks_count; n++)
		emit_block(t, &r->blocks[n]);
	jit_stretches_emit(t);
	jit_emit_out_of_line(t);
}

bool jit_translate(struct a64_cpu *cpu, const struct a64_insn *i)
{
	struct a64_jit *jit = cpu->jit;
	struct translator *t = jit->translator;
	/* The page lies in this vCPU's own arena, which is writable. */
	struct a64_code_page *page = (struct a64_code_page *)(uintptr_t)cpu->code_insns;
	unsigned slot = (unsigned)(i - page->insns);
	uint8_t *start = jit->writable + jit->used;

	t->cpu = cpu;
	t->jit = jit;
	t->page = page;
	t->code = (struct code){.p = start, .end = jit->writable + jit->size};
	t->fixups_count = t->fixups_own = t->stretches_count = 0;
	t->stretch = NULL;
	t->apart = false;
	t->failed = false;
	t->upper = cpu->code_va >> 63;
	t->smp = cpu->vcpu->vm->cpus > 1;
	t->region.bounded = jit->bounded;
	t->constant_at = -1;
	if (!jit_region_collect(t, slot))
		return false;
	jit_fp_analyse(t);
	jit_registers_assign(t);
	jit_flags_analyse(t);
	jit_groups_analyse(t);
	emit_region(t);
	if (t->failed || t->code.full)
		return false;
	page->bodies[slot] = jit->executable + jit->used;
	page->insns[slot].exec = jit->enter;
	jit_perf_region(cpu, i, page->bodies[slot], (size_t)(t->code.p - start));
	jit->used += (size_t)(t->code.p - start);
	jit->used = (jit->used + 15) & ~(size_t)15;
	jit->regions++;
	jit->blocks += t->region.blocks_count;
	jit->insns += t->region.items_count;
	return true;
}

bool jit_cache_full(const struct a64_jit *jit)
{
	return jit->size - jit->used < ROOM;
}
