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

static jit_set dirty_through(struct region *r, const struct jit_block *block, jit_set dirty)
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

static jit_set live_after(const struct region *r, const struct jit_block *block)
{
	jit_set live = 0;
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

static jit_set live_through(struct region *r, const struct jit_block *block, jit_set live)
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
			jit_set live;

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

static void count_uses(const struct region *r, unsigned uses[JIT_GUESTS])
{
	for (unsigned n = 0; n < r->items_count; n++) {
		const struct jit_item *item = &r->items[n];
		unsigned weight = 1u << 3 * r->blocks[item->block].depth;
		jit_set bits;

		for (bits = item->uses; bits; bits &= bits - 1)
			uses[__builtin_ctzll(bits)] += weight;
		for (bits = is_call(item) ? 0 : item->defs; bits; bits &= bits - 1)
			uses[__builtin_ctzll(bits)] += weight;
	}
}

/* The most used of guest registers first .. last that has none yet, or -1. */
static int most_used(const unsigned uses[JIT_GUESTS], int first, int last)
{
	int best = first;

	for (int guest = first; guest <= last; guest++)
		if (uses[guest] > uses[best])
			best = guest;
	/* One use is as well served by a memory operand. */
	return uses[best] < 2 ? -1 : best;
}

static void assign_general(struct translator *t, unsigned uses[JIT_GUESTS])
{
	int best;

	memset(t->host, JIT_NO_REG, sizeof(t->host));
	for (unsigned n = 0; n < JIT_HOST_REGS && (best = most_used(uses, 0, A64_SP)) >= 0; n++) {
		t->host[best] = host_registers[n];
		t->in_host |= 1ULL << best;
		uses[best] = 0;
	}
}

static void assign_vectors(struct translator *t, unsigned uses[JIT_GUESTS])
{
	int best;

	memset(t->host_xmm, JIT_NO_REG, sizeof(t->host_xmm));
	for (int n = 0; n < JIT_HOST_XMMS; n++) {
		best = most_used(uses, JIT_VECTORS, JIT_GUESTS - 1);
		if (best < JIT_VECTORS)
			break;
		t->host_xmm[best - JIT_VECTORS] = (int8_t)(16 - JIT_HOST_XMMS + n);
		t->in_host |= 1ULL << best;
		uses[best] = 0;
	}
}

void jit_registers_assign(struct translator *t)
{
	unsigned uses[JIT_GUESTS] = {0};

	find_dirty(&t->region);
	find_live(&t->region);
	count_uses(&t->region, uses);
	t->in_host = 0;
	assign_general(t, uses);
	assign_vectors(t, uses);
}
