/*
 * Whether FP and AdvSIMD are enabled (CPACR_EL1), and whether FPCR asks for what the host does by itself,
 * each instruction would have to look. But an instruction that traps does not come back, and where
 * FPCR asks for something else the region is left. So what one instruction has seen holds for those
 * after it, on all paths, up to a call of an interpreter's function, which may be MSR.
 *
 * A path that leads into a loop has seen nothing, so the loop's first instruction would look in each iteration. A block
 * that loops on itself gets a second copy instead, which begins with what its end has seen.
 */
#include "core/a64/jit/jit.h"

#define KNOWN_ENABLED 1u
#define KNOWN_MODE    2u

static unsigned known_after(const struct region *r, const struct jit_item *item, unsigned known)
{
	if (item->flags & JIT_CALL)
		return 0;
	if (item->flags & JIT_FP)
		known |= KNOWN_ENABLED;
	/* The first instruction does not leave the region, but is called (vector.c). */
	if ((item->flags & JIT_FP_MODE) && !jit_is_entry(r, item))
		known |= KNOWN_MODE;
	return known;
}

/* Tell the block where the path goes on; true when that is news. */
static bool pass_on(struct region *r, int to, unsigned known)
{
	uint8_t before;

	if (to < 0)
		return false;
	before = r->blocks[to].fp_known;
	r->blocks[to].fp_known &= (uint8_t)known;
	return r->blocks[to].fp_known != before;
}

/* Everything is known, until a path is found on which it is not. */
static void find_known(struct region *r)
{
	bool changed = true;

	for (unsigned n = 0; n < r->blocks_count; n++)
		r->blocks[n].fp_known = KNOWN_ENABLED | KNOWN_MODE;
	r->blocks[r->entry].fp_known = 0;
	while (changed) {
		changed = false;
		for (unsigned b = 0; b < r->blocks_count; b++) {
			const struct jit_block *block = &r->blocks[b];
			unsigned known = block->fp_known;

			for (unsigned n = 0; n < block->count; n++)
				known = known_after(r, &r->items[block->first + n], known);
			changed |= pass_on(r, block->next, known);
			changed |= pass_on(r, block->taken, known);
		}
	}
}

/* It goes on from its end with more than it begins with. */
static void copy_loop(const struct region *r, struct jit_block *block, unsigned known)
{
	int own = (int)(block - r->blocks);

	if ((block->taken == own || block->next == own) && (known & ~block->fp_known))
		block->fp_again = (uint8_t)known;
}

static bool has_fp(const struct region *r)
{
	for (unsigned n = 0; n < r->items_count; n++)
		if (r->items[n].flags & JIT_FP)
			return true;
	return false;
}

void jit_fp_analyse(struct translator *t)
{
	struct region *r = &t->region;

	if (!has_fp(r))
		return;
	find_known(r);
	for (unsigned b = 0; b < r->blocks_count; b++) {
		struct jit_block *block = &r->blocks[b];
		unsigned known = block->fp_known;

		for (unsigned n = 0; n < block->count; n++) {
			struct jit_item *item = &r->items[block->first + n];

			item->check_fp = (item->flags & JIT_FP) && !(known & KNOWN_ENABLED);
			item->check_mode = (item->flags & JIT_FP_MODE) && !(known & KNOWN_MODE);
			known = known_after(r, item, known);
			if (item->check_fp || item->check_mode) {
				item->flags |= JIT_MEMORY;
				item->flags &= ~JIT_KEEPS;
			}
		}
		copy_loop(r, block, known);
	}
}

bool jit_fp_checks_enabled(const struct translator *t, const struct jit_item *item)
{
	return item->check_fp && !(t->fp_again & KNOWN_ENABLED);
}

bool jit_fp_checks_mode(const struct translator *t, const struct jit_item *item)
{
	return item->check_mode && !(t->fp_again & KNOWN_MODE);
}
