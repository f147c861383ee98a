/*
 * Registers of a region: where each guest register may be newer in its host register than in memory
 * (forwards), where its host register is needed (backwards), and which guest registers get one.
 *
 * Memory must be up to date wherever the interpreter may take over: what may be dirty there is
 * stored there, and so counts as needed.
 */
#include "core/a64/jit/jit.h"

/* All that may be dirty is stored here, and afterwards memory is newer. */
static bool is_call(const struct jit_item *item)
{
	return item->flags & JIT_CALL;
}

static uint32_t dirty_through(struct region *r, const struct jit_block *block, uint32_t dirty)
{
	for (unsigned n = 0; n < block->count; n++) {
		struct jit_item *item = &r->items[block->first + n];

		item->dirty = dirty;
		dirty = is_call(item) ? 0 : dirty | item->defs;
	}
	return dirty;
}

static void find_dirty(struct region *r)
{
	bool changed = true;

	while (changed) {
		changed = false;
		for (unsigned n = 0; n < r->blocks_count; n++) {
			struct jit_block *block = &r->blocks[n];
			int next[2] = {block->next, block->taken};

			block->dirty_out = dirty_through(r, block, block->dirty_in);
			for (unsigned m = 0; m < 2; m++) {
				struct jit_block *to = next[m] < 0 ? NULL : &r->blocks[next[m]];

				if (to && (block->dirty_out & ~to->dirty_in)) {
					to->dirty_in |= block->dirty_out;
					changed = true;
				}
			}
		}
	}
}

static uint32_t live_after(const struct region *r, const struct jit_block *block)
{
	uint32_t live = 0;
	bool exits = (block->has_next && block->next == JIT_EXIT) ||
		     (block->has_taken && block->taken == JIT_EXIT) ||
		     !(block->has_next || block->has_taken);

	if (exits)
		live |= block->dirty_out;
	if (block->next != JIT_EXIT)
		live |= r->blocks[block->next].live_in;
	if (block->taken != JIT_EXIT)
		live |= r->blocks[block->taken].live_in;
	return live;
}

static uint32_t live_through(struct region *r, const struct jit_block *block, uint32_t live)
{
	for (unsigned n = block->count; n-- > 0;) {
		struct jit_item *item = &r->items[block->first + n];

		item->live = live;
		live = (live & ~item->defs) | item->uses;
		if (item->flags & (JIT_MEMORY | JIT_END | JIT_CALL))
			live |= item->dirty;
	}
	/* Interrupts are looked for at loop heads, after which the run loop may take over. */
	return block->loop_head || r->bounded ? live | block->dirty_in : live;
}

static void find_live(struct region *r)
{
	bool changed = true;

	while (changed) {
		changed = false;
		for (unsigned n = r->blocks_count; n-- > 0;) {
			struct jit_block *block = &r->blocks[n];
			uint32_t live;

			block->live_out = live_after(r, block);
			live = live_through(r, block, block->live_out);
			changed |= live != block->live_in;
			block->live_in = live;
		}
	}
}

/* Host registers in the order in which they are given away: those that calls preserve first. */
static const int8_t host_registers[JIT_HOST_REGS] = {RBX, R12, R13, R14, RSI,
						     RDI, R8,  R9,  R10, R11};

static void count_uses(const struct region *r, unsigned uses[32])
{
	for (unsigned n = 0; n < r->items_count; n++) {
		const struct jit_item *item = &r->items[n];
		unsigned weight = 1u << 3 * r->blocks[item->block].depth;
		uint32_t bits;

		for (bits = item->uses; bits; bits &= bits - 1)
			uses[__builtin_ctz(bits)] += weight;
		for (bits = is_call(item) ? 0 : item->defs; bits; bits &= bits - 1)
			uses[__builtin_ctz(bits)] += weight;
	}
}

void jit_registers_assign(struct translator *t)
{
	unsigned uses[32] = {0};

	find_dirty(&t->region);
	find_live(&t->region);
	count_uses(&t->region, uses);
	memset(t->host, JIT_NO_REG, sizeof(t->host));
	t->in_host = 0;
	for (unsigned n = 0; n < JIT_HOST_REGS; n++) {
		unsigned best = 0, guest;

		for (guest = 1; guest < 32; guest++)
			if (uses[guest] > uses[best])
				best = guest;
		/* One use is as well served by a memory operand. */
		if (uses[best] < 2)
			break;
		t->host[best] = host_registers[n];
		t->in_host |= 1u << best;
		uses[best] = 0;
	}
}
