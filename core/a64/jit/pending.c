/*
 * Flags that nobody has stored yet.
 *
 * Most comparisons are of use to the next branch alone, which finds their flags in the host's. An
 * exception or an exit that comes later must find them too, but seldom comes. So instead of the
 * operands being stored at the comparison, the translator remembers which guest registers they are
 * (struct jit_pending), and stores them where translated code is left: out of line, mostly. Inline that
 * happens before an instruction that changes such a register, if somebody may still look at the
 * flags, and on the way to a block that others lead to as well.
 *
 * Where a block that loops on itself ends with pending flags, a second copy of it begins with them
 * (translate.c): its iterations store none.
 */
#include "core/a64/jit/jit.h"

static jit_set bit_of(unsigned guest)
{
	return is_guest(guest) ? 1ULL << guest : 0;
}

jit_set jit_pending_operands(const struct jit_pending *p)
{
	return p->kind ? bit_of(p->a) | bit_of(p->b) : 0;
}

/*
 * What can be said of the first operand once the instruction has been executed; it may have been
 * overwritten with the result.
 */
static bool first_operand(const struct jit_item *item, enum jit_kind kind, const int32_t *imm,
			  struct jit_pending *p)
{
	const struct a64_insn *i = &item->insn;
	bool sub = kind == KIND_SUB_64 || kind == KIND_SUB_32;

	p->a = i->rn;
	if (i->rd == A64_DISCARD)
		return true;
	if (kind == KIND_AND_64 || kind == KIND_AND_32) { /* the result says it all */
		*p = (struct jit_pending){.kind = kind, .a = i->rd, .b = i->rd};
		return true;
	}
	if (!imm && i->rm == i->rd)
		return false;
	if (i->rd != i->rn)
		return true;
	if (imm) {
		p->plus = sub ? *imm : -*imm;
		return *imm != INT32_MIN;
	}
	p->plus_b = true;
	return sub;
}

/* Instructions that go to a block where flags are expected in memory store them before they compare. */
static bool stored_at_once(const struct translator *t, const struct jit_item *item)
{
	const struct jit_block *block = t->block;

	return t->before + 2 == block->count && (item[1].flags & JIT_BRANCH) &&
	       jit_pending_ends(t, block->taken);
}

bool jit_flags_defer(struct translator *t, const struct jit_item *item, enum jit_kind kind,
		     const int32_t *imm)
{
	struct jit_pending p = {.kind = kind, .b = imm ? A64_ZERO : item->insn.rm};

	p.imm = imm ? *imm : 0;
	if (!item->flags_needed || stored_at_once(t, item) || !first_operand(item, kind, imm, &p))
		return false;
	t->pending = p;
	t->kind = KIND_UNKNOWN;
	return true;
}

/* The first operand into a host register: its own or RAX. */
static int load_first(struct translator *t, const struct jit_pending *p)
{
	int a = jit_source(t, p->a, RAX);

	if (p->plus_b)
		emit_lea(&t->code, true, RAX, rm_index(a, jit_source(t, p->b, RDX), 0, 0));
	else if (p->plus)
		emit_lea(&t->code, true, RAX, rm_mem(a, p->plus));
	else
		return a;
	return RAX;
}

void jit_pending_store(struct translator *t)
{
	struct jit_pending p = t->pending;
	struct code *c = &t->code;

	if (!p.kind)
		return;
	t->delta_at = JIT_NO_PLACE;
	emit_store(c, true, CPU(lazy.a), load_first(t, &p));
	if (is_guest(p.b))
		emit_store(c, true, CPU(lazy.b), jit_source(t, p.b, RDX));
	else
		emit_store_imm32(c, true, CPU(lazy.b), p.imm);
	emit_store_imm32(c, false, CPU(lazy.kind), p.kind);
	t->kind = p.kind;
	t->pending.kind = KIND_CANONICAL;
}

void jit_pending_recompute(struct translator *t)
{
	const struct jit_pending *p = &t->pending;
	bool wide = jit_kind_is_wide(p->kind);
	enum x86_alu op = p->kind == KIND_SUB_64 || p->kind == KIND_SUB_32   ? ALU_CMP
			  : p->kind == KIND_ADD_64 || p->kind == KIND_ADD_32 ? ALU_ADD
									     : ALU_AND;
	struct code *c = &t->code;
	int a = load_first(t, p);

	if (a != RAX)
		emit_mov(c, true, RAX, a);
	if (is_guest(p->b))
		emit_alu(c, op, wide, RAX, guest_rm(t, p->b));
	else
		emit_alu_imm(c, op, wide, rm_reg(RAX), p->imm);
	t->flags = op == ALU_CMP ? FLAGS_SUB : FLAGS_ADD;
}

bool jit_pending_check(struct translator *t, const struct jit_item *item)
{
	jit_set operands = jit_pending_operands(&t->pending);
	bool in_host = t->flags != FLAGS_NONE && (item->flags & JIT_KEEPS);

	if (!t->pending.kind)
		return false;
	if (item->flags & (JIT_CALL | JIT_END)) {
		jit_pending_store(t);
		return false;
	}
	if (!(item->defs & operands) || (item->flags & JIT_SETS_F))
		return false;
	if (jit_flags_needed_after(t, t->before, in_host))
		jit_pending_store(t);
	return true;
}

bool jit_pending_ends(const struct translator *t, int to)
{
	const struct jit_block *block;

	if (to == JIT_EXIT)
		return false;
	block = &t->region.blocks[to];
	if (!block->flags_in || block == t->block)
		return false;
	return block->preds != 1 || block < t->block;
}

void jit_pending_pass(struct translator *t, int to)
{
	struct jit_block *block = &t->region.blocks[to];

	if (jit_pending_ends(t, to))
		jit_pending_store(t);
	else if (block == t->block)
		block->pending_again = t->pending;
	else
		block->pending_in = t->pending;
}
