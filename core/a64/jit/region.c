/*
 * Which instructions make a region: from its first instruction, along fall-through and direct branches
 * within the page, as far as the interpreter has been (a slot that was never reached is not
 * decoded, and is left to it) and up to a limit. A path ends where another region begins.
 */
#include <pthread.h>
#include <stdlib.h>

#include "core/a64/jit/jit.h"

/* Branch targets to be looked at. */
#define JIT_TARGETS 128

static const struct jit_op call_op;

static const struct jit_op *const tables[] = {
	jit_integer_ops,      jit_memory_ops,	       jit_branch_ops,
	jit_fp_ops,	      jit_fp_convert_ops,      jit_simd_ops,
	jit_simd_compare_ops, jit_simd_lanes_ops,      jit_simd_shift_ops,
	jit_simd_width_ops,   jit_simd_permute_ops,    jit_simd_memory_ops,
	jit_simd_fp_ops,      jit_simd_fp_convert_ops, jit_crypto_ops,
	jit_system_ops,	      jit_atomic_ops,	       jit_bits_ops,
};

/* A constant table, computed from the constant tables when it is first asked for. */
static uint8_t table_of[A64_OPS];

static void fill_table_of(void)
{
	for (unsigned op = 0; op < A64_OPS; op++) {
		table_of[op] = JIT_NO_TABLE;
		for (uint8_t n = 0; n < sizeof(tables) / sizeof(tables[0]); n++)
			if (tables[n][op].flags && table_of[op] == JIT_NO_TABLE)
				table_of[op] = n;
	}
}

const uint8_t *jit_ops_index(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, fill_table_of);
	return table_of;
}

const struct jit_op *jit_op_info(const struct a64_jit *jit, unsigned op, const struct a64_insn *i)
{
	const struct jit_op *info;

	if (jit->table_of[op] == JIT_NO_TABLE)
		return &call_op;
	info = &tables[jit->table_of[op]][op];
	return info->inlined && !info->inlined(&jit->host, i) ? &call_op : info;
}

static jit_set bit_of(unsigned guest)
{
	return is_guest(guest) ? 1ULL << guest : 0;
}

static void describe_general(struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	uint32_t f = item->flags;

	item->uses = (f & JIT_USE_D ? bit_of(i->rd) : 0) | (f & JIT_USE_N ? bit_of(i->rn) : 0) |
		     (f & JIT_USE_M ? bit_of(i->rm) : 0) | (f & JIT_USE_A ? bit_of(i->ra) : 0) |
		     (f & JIT_USE_P ? bit_of((unsigned)i->imm2) : 0);
	item->defs = (f & JIT_DEF_D ? bit_of(i->rd) : 0) | (f & JIT_DEF_N ? bit_of(i->rn) : 0) |
		     (f & JIT_DEF_M ? bit_of(i->rm) : 0) | (f & JIT_DEF_A ? bit_of(i->ra) : 0) |
		     (f & JIT_LINK ? bit_of(30) : 0);
	/* The interpreter's function may write any operand, and MSR SPSel changes SP. */
	if (f & JIT_CALL)
		item->defs = bit_of(i->rd) | bit_of(i->rn) | bit_of(i->rm) | bit_of(i->ra) |
			     bit_of(A64_SP);
}

/* Vector registers v, v + 1, ..., V0 after V31. */
static jit_set vector_bits(unsigned v, unsigned count)
{
	jit_set bits = 0;

	while (count--)
		bits |= 1ULL << (JIT_VECTORS + (v + count) % 32);
	return bits;
}

/* A call needs none of this: everything is in memory then, and loaded again. */
static void describe_vectors(struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	uint32_t f = item->flags;
	jit_set d, n, m;

	if (!(f & JIT_FP))
		return;
	d = vector_bits(i->rd, f & JIT_LIST ? item->info->arg & 7 : 1);
	n = vector_bits(i->rn, f & JIT_TABLE ? i->ra / 16u : 1);
	m = vector_bits(i->rm, 1);
	item->uses |= (f & JIT_USE_VD ? d : 0) | (f & JIT_USE_VN ? n : 0) |
		      (f & JIT_USE_VM ? m : 0) | (f & JIT_USE_VA ? vector_bits(i->ra, 1) : 0);
	item->defs |= (f & JIT_DEF_VD ? d : 0) | (f & JIT_DEF_VM ? m : 0);
}

static void describe(struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	uint32_t f = item->info->flags;

	if (!f)
		f = JIT_CALL;
	/* MOV of registers. */
	if ((item->op == A64_OP_ORR_reg_64 || item->op == A64_OP_ORR_reg_32) && i->rn == A64_ZERO)
		f |= JIT_KEEPS;
	item->flags = f;
	describe_general(item);
	describe_vectors(item);
}

/* Decode what is in the slot; false where it was never reached or is no part of a region. */
static bool item_make(struct translator *t, unsigned slot, struct jit_item *item)
{
	const struct a64_insn *i = &t->page->insns[slot];

	if (!a64_code_decoded(i))
		return false;
	*item = (struct jit_item){.slot = (uint16_t)slot};
	item->op = (uint16_t)a64_decode(i->word, t->cpu->features, &item->insn);
	item->insn.word = i->word;
	item->info = jit_op_info(t->jit, item->op, &item->insn);
	if (a64_ops[item->op].flags & A64_OP_SYSREG) {
		item->insn.sysreg = i->sysreg;
		item->info = jit_sysreg_info(item->op, i->sysreg);
	}
	describe(item);
	return true;
}

static bool ends_path(const struct jit_item *item)
{
	return (item->flags & JIT_END) || (item->flags & JIT_ALWAYS);
}

/* A direct branch's target slot, or -1 outside of the page. */
static int target_of(const struct jit_item *item)
{
	int64_t target = (int64_t)item->slot + item->insn.imm / 4;

	return target >= 0 && target < A64_CODE_INSNS ? (int)target : -1;
}

static bool begins_elsewhere(const struct translator *t, unsigned slot)
{
	return t->page->bodies[slot] != t->cpu->code_untranslated;
}

/* Follow one path; targets of branches are put on the list. */
static void follow(struct translator *t, unsigned slot, uint16_t *list, unsigned *listed)
{
	struct region *r = &t->region;

	unsigned first = slot;

	t->leader[slot] = 1;
	for (; slot < A64_CODE_INSNS && !t->inside[slot]; slot++) {
		struct jit_item *item = &r->items[r->items_count];
		int target;

		if (slot != first && begins_elsewhere(t, slot))
			return;
		if (r->items_count == JIT_REGION_INSNS || !item_make(t, slot, item))
			return;
		r->items_count++;
		t->inside[slot] = 1;
		if (item->flags & JIT_BRANCH) {
			target = target_of(item);
			if (target >= 0 && *listed < JIT_TARGETS &&
			    (t->inside[target] || !begins_elsewhere(t, (unsigned)target))) {
				if (!t->inside[target])
					list[(*listed)++] = (uint16_t)target;
				t->leader[target] = 1;
			}
			if (slot + 1 < A64_CODE_INSNS)
				t->leader[slot + 1] = 2;
		}
		if (ends_path(item))
			return;
	}
}

static int compare_items(const void *a, const void *b)
{
	return (int)((const struct jit_item *)a)->slot - (int)((const struct jit_item *)b)->slot;
}

static int block_at(const struct translator *t, int slot)
{
	const struct jit_item *item;

	if (slot < 0 || slot >= A64_CODE_INSNS || !t->slot_of[slot])
		return JIT_EXIT;
	item = &t->region.items[t->slot_of[slot] - 1];
	return t->region.blocks[item->block].first == t->slot_of[slot] - 1 ? item->block : JIT_EXIT;
}

static void link_block(struct translator *t, struct jit_block *block)
{
	const struct jit_item *last = &t->region.items[block->first + block->count - 1];

	block->taken = block->next = JIT_EXIT;
	block->has_next = !ends_path(last);
	if (block->has_next)
		block->next = (int16_t)block_at(t, last->slot + 1);
	if (last->flags & JIT_BRANCH) {
		int target = target_of(last);

		block->has_taken = true;
		block->taken_in_page = target >= 0;
		block->taken_slot = (uint16_t)(target < 0 ? 0 : target);
		if (target >= 0 && !(last->flags & JIT_LINK))
			block->taken = (int16_t)block_at(t, target);
	}
}

/* A backward branch makes its target a loop's head, and what lies between the loop's body. */
static void find_loops(struct region *r)
{
	for (int n = 0; n < (int)r->blocks_count; n++) {
		int head = r->blocks[n].taken;

		if (head == JIT_EXIT)
			continue;
		if (head <= n) {
			r->blocks[head].loop_head = true;
			for (int m = head; m <= n; m++)
				if (r->blocks[m].depth < 4)
					r->blocks[m].depth++;
		}
	}
}

bool jit_region_collect(struct translator *t, unsigned slot)
{
	struct region *r = &t->region;
	uint16_t list[JIT_TARGETS];
	unsigned listed = 0, n;

	r->items_count = r->blocks_count = 0;
	memset(t->leader, 0, sizeof(t->leader));
	memset(t->inside, 0, sizeof(t->inside));
	memset(t->slot_of, 0, sizeof(t->slot_of));
	follow(t, slot, list, &listed);
	for (n = 0; n < listed; n++)
		follow(t, list[n], list, &listed);
	if (r->items_count == 0)
		return false;
	qsort(r->items, r->items_count, sizeof(r->items[0]), compare_items);
	for (n = 0; n < r->items_count; n++) {
		struct jit_item *item = &r->items[n];

		t->slot_of[item->slot] = (uint16_t)(n + 1);
		if (n == 0 || t->leader[item->slot] || item[-1].slot + 1 != item->slot ||
		    (item[-1].flags & (JIT_END | JIT_BRANCH))) {
			r->blocks[r->blocks_count++] = (struct jit_block){.first = (uint16_t)n};
		}
		item->block = (uint16_t)(r->blocks_count - 1);
		r->blocks[r->blocks_count - 1].count++;
	}
	for (n = 0; n < r->blocks_count; n++)
		link_block(t, &r->blocks[n]);
	for (n = 0; n < r->blocks_count; n++) {
		if (r->blocks[n].next != JIT_EXIT)
			r->blocks[r->blocks[n].next].preds++;
		if (r->blocks[n].taken != JIT_EXIT)
			r->blocks[r->blocks[n].taken].preds++;
	}
	r->entry = (unsigned)block_at(t, (int)slot);
	r->blocks[r->entry].preds++;
	find_loops(r);
	return true;
}
