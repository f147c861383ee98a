/*
 * Accesses of a block that share a base register: one look-up for all of them.
 *
 * Structures, stack frames and unrolled loops access many places near to each other by one register
 * and constant offsets. The first access of such a *group* looks up the whole range that the
 * group touches, and keeps the distance from guest address to host address in cpu->page_delta;
 * the others use that. This holds as long as nothing but translated code runs and the range lies
 * within one page. So the part of the block from the first access of a group to its last (a *stretch*;
 * those that overlap become one) is translated a second time, out of line and with a look-up for each
 * access. There the block goes on when the first look-up fails, or when any instruction within the
 * stretch has taken its slow path, after which the TLB may have changed.
 */
#include "core/a64/jit/jit.h"

#define SPAN_MAX     512 /* bytes: one in eight such ranges, at random, would cross a page */
#define DISTANCE_MAX 24	 /* instructions between accesses */
#define OPEN	     8

_Static_assert(OPEN <= A64_PAGE_DELTAS, "each open group has a place for its distance");

/* A group while the block is walked through. */
struct open {
	bool used;
	unsigned base, version;
	bool write;
	struct jit_item *leader, *last;
	int64_t offset; /* of the leader, from the base register as it was at first */
	int64_t low, high;
};

struct walk {
	struct open open[OPEN];
	unsigned version[A64_ZERO + 1];
	/* What constants have been added to a register of that version. */
	int64_t offset[A64_ZERO + 1];
};

/* ---- Analysis ---- */

static bool is_of(const struct jit_op *table, const struct jit_op *info)
{
	return info >= table && info < table + A64_OPS;
}

/*
 * The instruction may change how addresses are translated, or be the interpreter's; or its slow path
 * comes back into its middle (comparisons of floating-point numbers) and can not go on elsewhere.
 */
static bool ends_groups(const struct jit_item *item)
{
	const struct jit_op *info = item->info;

	if (item->flags & (JIT_CALL | JIT_END | JIT_BRANCH))
		return true;
	if ((item->flags & JIT_SETS_F) && (item->flags & JIT_MEMORY))
		return true;
	return (a64_ops[item->op].flags & A64_OP_SYSREG) || is_of(jit_system_ops, info) ||
	       is_of(jit_atomic_ops, info);
}

static void close_group(const struct translator *t, struct open *o)
{
	struct jit_group *group;

	o->used = false;
	if (o->leader == o->last)
		return;
	group = &o->leader->group;
	group->low = (int16_t)(o->low - o->offset);
	group->span = (uint16_t)(o->high - o->low);
	group->role = GROUP_LEADER;
	group->last = (uint16_t)(o->last - t->region.items);
}

static void close_all(const struct translator *t, struct walk *w)
{
	for (unsigned n = 0; n < OPEN; n++)
		if (w->open[n].used)
			close_group(t, &w->open[n]);
}

static bool joins(const struct open *o, const struct jit_item *item, int64_t low, int64_t high)
{
	if (item - o->last > DISTANCE_MAX)
		return false;
	low = low < o->low ? low : o->low;
	high = high > o->high ? high : o->high;
	return high - low <= SPAN_MAX;
}

static struct open *find_open(struct walk *w, const struct jit_item *item, bool write)
{
	for (unsigned n = 0; n < OPEN; n++) {
		struct open *o = &w->open[n];

		if (o->used && o->base == item->insn.rn && o->write == write &&
		    o->version == w->version[o->base])
			return o;
	}
	return NULL;
}

/* One that is not in use, or else the one that was used longest ago. */
static struct open *take_open(const struct translator *t, struct walk *w)
{
	struct open *oldest = &w->open[0];

	for (unsigned n = 0; n < OPEN; n++) {
		if (!w->open[n].used)
			return &w->open[n];
		if (w->open[n].last < oldest->last)
			oldest = &w->open[n];
	}
	close_group(t, oldest);
	return oldest;
}

static void enter_access(const struct translator *t, struct walk *w, struct jit_item *item,
			 const struct jit_access *access)
{
	unsigned base = item->insn.rn;
	int64_t low = w->offset[base] + access->offset, high = low + access->size;
	struct open *o = find_open(w, item, access->write);

	if (o && joins(o, item, low, high)) {
		item->group.role = GROUP_FOLLOWER;
		item->group.place = (uint8_t)(o - w->open);
		o->last = item;
		o->low = low < o->low ? low : o->low;
		o->high = high > o->high ? high : o->high;
		return;
	}
	if (o)
		close_group(t, o);
	else
		o = take_open(t, w);
	*o = (struct open){true, base, w->version[base], access->write, item, item, low, low, high};
	item->group.place = (uint8_t)(o - w->open);
}

/* What the instruction does to registers that may be bases. */
static void follow_bases(struct walk *w, const struct jit_item *item, int64_t added)
{
	for (jit_set defs = item->defs & UINT32_MAX; defs; defs &= defs - 1) {
		unsigned guest = (unsigned)__builtin_ctzll(defs);

		if (guest == item->insn.rn && added) {
			w->offset[guest] += added;
		} else {
			w->version[guest]++;
			w->offset[guest] = 0;
		}
	}
}

/* ADD and SUB of a constant, in place. */
static int64_t added_in_place(const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;

	if (i->rd != i->rn)
		return 0;
	if (item->op == A64_OP_ADD_imm_64)
		return (int64_t)i->uimm;
	return item->op == A64_OP_SUB_imm_64 ? -(int64_t)i->uimm : 0;
}

static void analyse_block(struct translator *t, const struct jit_block *block)
{
	struct walk w = {0};

	for (unsigned n = 0; n < block->count; n++) {
		struct jit_item *item = &t->region.items[block->first + n];
		struct jit_access access;
		int64_t added = added_in_place(item);

		if (ends_groups(item)) {
			close_all(t, &w);
		} else if (jit_memory_access(item, &access)) {
			enter_access(t, &w, item, &access);
			added = access.added;
		}
		follow_bases(&w, item, added);
	}
	close_all(t, &w);
}

/* Stretches that overlap become one. */
static void find_stretches(struct region *r, const struct jit_block *block)
{
	unsigned end = block->first + block->count;

	for (unsigned n = block->first; n < end; n++) {
		unsigned last = n;

		if (r->items[n].group.role != GROUP_LEADER)
			continue;
		for (unsigned m = n; m <= last; m++)
			if (r->items[m].group.role == GROUP_LEADER && r->items[m].group.last > last)
				last = r->items[m].group.last;
		r->items[n].group.stretch = (uint16_t)last;
		n = last;
	}
}

void jit_groups_analyse(struct translator *t)
{
	for (unsigned n = 0; n < t->region.blocks_count; n++) {
		analyse_block(t, &t->region.blocks[n]);
		find_stretches(&t->region, &t->region.blocks[n]);
	}
}

/* ---- The second translation ---- */

void jit_stretch_begin(struct translator *t, const struct jit_item *item)
{
	struct jit_stretch *stretch = &t->stretches[t->stretches_count];

	if (!item->group.stretch || t->apart || t->stretches_count == JIT_STRETCHES - 1)
		return;
	t->stretches_count++;
	*stretch = (struct jit_stretch){
		.block = t->block,
		.first = item,
		.last = &t->region.items[item->group.stretch],
		.fixups = t->fixups_count,
	};
	jit_known_get(t, &stretch->known);
	t->stretch = stretch;
}

void jit_stretch_end(struct translator *t, const struct jit_item *item)
{
	struct jit_stretch *stretch = t->stretch;

	if (!stretch || item != stretch->last)
		return;
	stretch->fixups_end = t->fixups_count;
	stretch->join = t->code.p;
	t->stretch = NULL;
	t->delta_at = JIT_NO_PLACE;
}

/* Failed first look-ups continue with their instruction, slow paths behind it. */
static void leave_main(struct translator *t, const struct jit_stretch *stretch,
		       const struct jit_item *item, bool behind)
{
	for (unsigned n = stretch->fixups; n < stretch->fixups_end; n++) {
		struct fixup *fixup = &t->fixups[n];

		if (fixup->item != item)
			continue;
		if (fixup->kind == FIXUP_APART && !behind)
			patch_here(&t->code, fixup->at);
		if (fixup->kind == FIXUP_SLOW && behind)
			fixup->back = t->code.p;
	}
}

static void emit_apart(struct translator *t, const struct jit_stretch *stretch)
{
	t->block = stretch->block;
	jit_known_set(t, &stretch->known);
	t->fixups_own = t->fixups_count;
	for (const struct jit_item *item = stretch->first; item <= stretch->last; item++) {
		t->before = (unsigned)(item - t->region.items) - t->block->first;
		leave_main(t, stretch, item, false);
		jit_emit_item(t, item);
		leave_main(t, stretch, item, true);
	}
	patch_to(&t->code, emit_jmp(&t->code), stretch->join);
}

void jit_stretches_emit(struct translator *t)
{
	t->apart = true;
	for (unsigned n = 0; n < t->stretches_count; n++)
		emit_apart(t, &t->stretches[n]);
	t->apart = false;
}
