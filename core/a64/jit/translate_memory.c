/*
 * Loads and stores: an inline look-up in the level 1 TLB (core/a64/access.h), and where it misses,
 * or anything else is unusual, the interpreter's function out of line.
 *
 * The context to compare with depends on the half of the address space. Data is expected in the half
 * that the code is in; an access to the other half takes the slow path. What LDTR and STTR access is
 * in the lower half, and entries made at EL0 serve for it, unless PSTATE.UAO makes them ordinary.
 */
#include "core/a64/jit/jit.h"
#include "core/a64/jit/vector.h"

enum mode { MODE_IMM, MODE_REG, MODE_EXT, MODE_PRE, MODE_POST, MODE_LITERAL };

/* arg: log2 of the size in bits 2:0, mode in 5:3, then flags. */
#define SIGN_32	  (1u << 6) /* loads sign-extend to 32 bits */
#define SIGN_64	  (1u << 7)
#define STORE	  (1u << 8)
#define VECTOR	  (1u << 9)
#define PAIR	  (1u << 10)
#define SIZE(arg) ((arg) & 7)
#define MODE(arg) ((enum mode)((arg) >> 3 & 7))

#define TLB_ENTRY_SHIFT 5
_Static_assert(sizeof(struct a64_tlb_entry) == 1 << TLB_ENTRY_SHIFT, "an index is shifted");

void jit_check_sp(struct translator *t, const struct jit_item *item, int base)
{
	if (t->sp_checked)
		return;
	emit_op(&t->code, 0xf6, false, true, 0, rm_reg(base)); /* TEST r8, imm8 */
	emit8(&t->code, 15);
	jit_slow(t, item, CC_NE);
	t->sp_checked = true;
}

/* The virtual address into RAX. */
static void address(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	struct code *c = &t->code;
	int base, index;

	if (MODE(item->info->arg) == MODE_LITERAL) {
		emit_load(c, true, RAX, CPU(code_va));
		emit_alu_imm(c, ALU_ADD, true, rm_reg(RAX), (int32_t)i->imm + item->slot * 4);
		return;
	}
	base = jit_source(t, i->rn, RAX);
	if (i->ra)
		jit_check_sp(t, item, base);
	switch (MODE(item->info->arg)) {
	case MODE_IMM:
	case MODE_PRE: emit_lea(c, true, RAX, rm_mem(base, (int32_t)i->imm)); break;
	case MODE_POST: emit_mov(c, true, RAX, base); break;
	case MODE_REG:
		index = jit_source(t, i->rm, RCX);
		if (i->imm == 4) {
			emit_mov(c, true, RCX, index);
			emit_shift_imm(c, SHIFT_SHL, true, RCX, 4);
			emit_lea(c, true, RAX, rm_index(base, RCX, 0, 0));
		} else {
			emit_lea(c, true, RAX, rm_index(base, index, (unsigned)i->imm, 0));
		}
		break;
	default: /* a 32-bit index */
		if (i->rm == A64_ZERO)
			emit_mov_imm(c, RCX, 0);
		else
			emit_rm(c, i->imm2 ? 0x63 : 0x8b, i->imm2 != 0, RCX, guest_rm(t, i->rm));
		if (i->imm == 4)
			emit_shift_imm(c, SHIFT_SHL, true, RCX, 4);
		emit_lea(c, true, RAX, rm_index(base, RCX, i->imm == 4 ? 0 : (unsigned)i->imm, 0));
		break;
	}
}

/* Compare with the TLB entry of the page that `size` bytes at RAX are in, which goes to RBP + RCX. */
static void compare_entry(struct translator *t, const struct jit_item *item, unsigned size,
			  bool write)
{
	struct code *c = &t->code;
	size_t context = item->flags & JIT_USER
				 ? offsetof(struct a64_cpu, tlb.unprivileged)
				 : offsetof(struct a64_cpu, tlb.context) + 8 * t->upper;
	int32_t level1 = offsetof(struct a64_cpu, tlb.level1) - JIT_BIAS;

	/* Of the last byte; if that is in another page than the first one, the entry does not match. */
	if (size == 1)
		emit_mov(c, true, RDX, RAX);
	else
		emit_lea(c, true, RDX, rm_mem(RAX, (int32_t)size - 1));
	emit_alu_imm(c, ALU_AND, true, rm_reg(RDX), -4096);
	emit_ror(c, t->jit->host.bmi2, false, RCX, rm_reg(RAX), 12 - TLB_ENTRY_SHIFT);
	emit_alu(c, ALU_OR, true, RDX, cpu_at(context));
	emit_alu_imm(c, ALU_AND, false, rm_reg(RCX), (A64_TLB_SIZE - 1) << TLB_ENTRY_SHIFT);
	emit_alu(c, ALU_CMP, true, RDX,
		 rm_index(RBP, RCX, 0,
			  level1 + (int32_t)(write ? offsetof(struct a64_tlb_entry, write)
						   : offsetof(struct a64_tlb_entry, read))));
}

/* Stores have to be told to the global monitor while a reservation is held. Changes RDX. */
static void check_monitors(struct translator *t, const struct jit_item *item)
{
	struct code *c = &t->code;

	emit_load(c, true, RDX, CPU(shared));
	emit_alu_imm(c, ALU_CMP, false, rm_mem(RDX, offsetof(struct a64_shared, monitors_armed)),
		     0);
	jit_slow(t, item, CC_NE);
}

/* The distance from the entry at RBP + RCX to RDX. */
static void load_distance(struct translator *t)
{
	const int32_t at = offsetof(struct a64_cpu, tlb.level1) - JIT_BIAS +
			   (int32_t)offsetof(struct a64_tlb_entry, host);

	emit_load(&t->code, true, RDX, rm_index(RBP, RCX, 0, at));
}

void jit_look_up(struct translator *t, const struct jit_item *item, unsigned size, bool write)
{
	compare_entry(t, item, size, write);
	jit_slow(t, item, CC_NE);
	if (write && t->smp)
		check_monitors(t, item);
	load_distance(t);
}

/* ---- Groups (groups.c) ---- */

static struct x86_rm delta_of(const struct jit_item *item)
{
	return cpu_at(offsetof(struct a64_cpu, page_delta) + 8 * item->group.place);
}

/* The same for the whole range of the group. */
static void look_up_group(struct translator *t, const struct jit_item *item, bool write)
{
	struct code *c = &t->code;
	int32_t low = item->group.low;

	if (low)
		emit_lea(c, true, RAX, rm_mem(RAX, low));
	compare_entry(t, item, item->group.span, write);
	jit_fixup(t, FIXUP_APART, emit_jcc(c, CC_NE))->item = item;
	if (write && t->smp)
		check_monitors(t, item);
	load_distance(t);
	emit_store(c, true, delta_of(item), RDX);
	if (low)
		emit_lea(c, true, RAX, rm_mem(RAX, -low));
	t->delta_at = item->group.place;
}

/* The distance that the leader has found, to RDX. */
static void take_delta(struct translator *t, const struct jit_item *item, bool write)
{
	if (write && t->smp) {
		check_monitors(t, item);
		t->delta_at = JIT_NO_PLACE;
	}
	if (t->delta_at != item->group.place)
		emit_load(&t->code, true, RDX, delta_of(item));
	t->delta_at = item->group.place;
}

static bool is_constant_mode(enum mode mode)
{
	return mode == MODE_IMM || mode == MODE_PRE || mode == MODE_POST;
}

bool jit_memory_access(const struct jit_item *item, struct jit_access *access)
{
	const struct a64_insn *i = &item->insn;
	uint32_t arg = item->info->arg, f = item->info->flags;
	enum mode mode = MODE(arg);
	bool base_lost = ((f & JIT_DEF_D) && i->rd == i->rn) || ((f & JIT_DEF_M) && i->rm == i->rn);

	if (!jit_is_access(item) || !is_constant_mode(mode) || (f & JIT_USER))
		return false;
	*access = (struct jit_access){
		.offset = mode == MODE_POST ? 0 : i->imm,
		.size = (1u << SIZE(arg)) << ((arg & PAIR) != 0),
		.write = arg & STORE,
		.added = mode == MODE_IMM || base_lost ? 0 : i->imm,
	};
	return true;
}

/* The opcode that loads 1 << size bytes into a general register. */
static void load_general(struct translator *t, uint32_t arg, unsigned guest, struct x86_rm from)
{
	struct code *c = &t->code;
	bool wide = arg & SIGN_64;
	bool sign = arg & (SIGN_32 | SIGN_64);
	int target = jit_target(t, guest, RCX);

	switch (SIZE(arg)) {
	case 0: emit_rm(c, sign ? 0x1be : 0x1b6, wide, target, from); break;
	case 1: emit_rm(c, sign ? 0x1bf : 0x1b7, wide, target, from); break;
	case 2: emit_rm(c, wide ? 0x63 : 0x8b, wide, target, from); break;
	default: emit_load(c, true, target, from); break;
	}
	jit_target_done(t, guest, target);
}

static void store_general(struct translator *t, uint32_t arg, unsigned guest, struct x86_rm to)
{
	struct code *c = &t->code;
	int source = jit_source(t, guest, RCX);

	switch (SIZE(arg)) {
	case 0: emit_op(c, 0x88, false, true, source, to); break;
	case 1: emit_rm(c, 0x660089, false, source, to); break;
	case 2: emit_store(c, false, to, source); break;
	default: emit_store(c, true, to, source); break;
	}
}

/* The bytes above those loaded become 0. */
static void load_vector(struct translator *t, uint32_t arg, unsigned v, struct x86_rm from)
{
	static const uint32_t loads[5] = {[2] = MOVSS, [3] = MOVQ, [4] = MOVUPS};
	int to = jit_vector_target(t, v, XMM0);

	if (SIZE(arg) < 2) {
		emit_rm(&t->code, SIZE(arg) ? 0x1b7 : 0x1b6, false, RCX, from);
		emit_rm(&t->code, MOVD, false, to, rm_reg(RCX));
	} else {
		jit_v2(t, loads[SIZE(arg)], to, from);
	}
	jit_vector_store(t, v, to);
}

static void store_vector(struct translator *t, uint32_t arg, unsigned v, struct x86_rm to)
{
	static const uint32_t stores[5] = {PEXTRB, PEXTRW, MOVSS_STORE, MOVQ_STORE, MOVUPS_STORE};

	jit_v2(t, stores[SIZE(arg)], jit_vector_source_low(t, v, XMM0, 1u << SIZE(arg)), to);
	if (SIZE(arg) < 2)
		emit8(&t->code, 0);
}

static void transfer(struct translator *t, uint32_t arg, unsigned guest, struct x86_rm at)
{
	if (arg & VECTOR)
		(arg & STORE ? store_vector : load_vector)(t, arg, guest, at);
	else
		(arg & STORE ? store_general : load_general)(t, arg, guest, at);
}

/* The base, from the address in RAX. */
static void write_back(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	int target = jit_target(t, i->rn, RAX);

	if (MODE(item->info->arg) == MODE_POST)
		emit_lea(&t->code, true, target, rm_mem(RAX, (int32_t)i->imm));
	else
		emit_mov(&t->code, true, target, RAX);
	jit_target_done(t, i->rn, target);
	if (i->rn == A64_SP && (i->imm & 15))
		t->sp_checked = false;
}

/* RDX has the distance: the bytes at the address in `base` + disp. */
static void transfer_all(struct translator *t, const struct jit_item *item, int base, int32_t disp)
{
	uint32_t arg = item->info->arg;
	int32_t size = 1 << SIZE(arg);

	transfer(t, arg, item->insn.rd, rm_index(RDX, base, 0, disp));
	if (arg & PAIR)
		transfer(t, arg, item->insn.rm, rm_index(RDX, base, 0, disp + size));
}

/* The leader has looked up this access, too. */
static void emit_follower(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	uint32_t arg = item->info->arg;
	int base;

	jit_check_fp(t, item);
	/* The first half of a pair may overwrite the base. */
	if (MODE(arg) == MODE_IMM && !((arg & PAIR) && i->rd == i->rn)) {
		base = jit_source(t, i->rn, RAX);
		if (i->ra)
			jit_check_sp(t, item, base);
		take_delta(t, item, arg & STORE);
		transfer_all(t, item, base, (int32_t)i->imm);
	} else {
		address(t, item);
		take_delta(t, item, arg & STORE);
		transfer_all(t, item, RAX, 0);
		if (MODE(arg) != MODE_IMM)
			write_back(t, item);
	}
	jit_slow_back(t, item);
}

static void emit_access(struct translator *t, const struct jit_item *item)
{
	uint32_t arg = item->info->arg;
	unsigned size = 1u << SIZE(arg);
	bool grouped = t->stretch && item->group.role != GROUP_NONE;

	if (grouped && item->group.role == GROUP_FOLLOWER) {
		emit_follower(t, item);
		return;
	}

	jit_check_fp(t, item);
	if (item->flags & JIT_USER) {
		emit_cmp8_imm(&t->code, CPU(uao), 0);
		jit_slow(t, item, CC_NE);
	}
	address(t, item);
	if (grouped) {
		look_up_group(t, item, arg & STORE);
	} else {
		jit_look_up(t, item, arg & PAIR ? 2 * size : size, arg & STORE);
		t->delta_at = JIT_NO_PLACE;
	}
	transfer_all(t, item, RAX, 0);
	if (MODE(arg) == MODE_PRE || MODE(arg) == MODE_POST)
		write_back(t, item);
	jit_slow_back(t, item);
}

bool jit_is_access(const struct jit_item *item)
{
	return item->info->emit == emit_access;
}

static void emit_nothing(struct translator *t, const struct jit_item *item)
{
	(void)t;
	(void)item;
}

/* ---- The table ---- */

#define A(size, mode, more) ((size) | (mode) << 3 | (more))

#define MEM(what) ((what) | JIT_MEMORY)
#define WB	  (JIT_USE_N | JIT_DEF_N)

/* All modes of a single register; `general` is what it does to rd. */
#define SINGLE(name, general, size, more)                                                         \
	[A64_OP_##name##_imm] = {emit_access, MEM(general | JIT_USE_N), A(size, MODE_IMM, more)}, \
	[A64_OP_##name##                                                                          \
		_unscaled] = {emit_access, MEM(general | JIT_USE_N), A(size, MODE_IMM, more)},    \
	[A64_OP_##name##_reg] = {emit_access, MEM(general | JIT_USE_N | JIT_USE_M),               \
				 A(size, MODE_REG, more)},                                        \
	[A64_OP_##name##_ext] = {emit_access, MEM(general | JIT_USE_N | JIT_USE_M),               \
				 A(size, MODE_EXT, more)},                                        \
	[A64_OP_##name##_pre] = {emit_access, MEM(general | WB), A(size, MODE_PRE, more)},        \
	[A64_OP_##name##_post] = {emit_access, MEM(general | WB), A(size, MODE_POST, more)}

#define LOAD(name, size, more)	 SINGLE(name, JIT_DEF_D, size, more)
#define STORE_OF(name, size)	 SINGLE(name, JIT_USE_D, size, STORE)
#define VECTOR_LOAD(name, size)	 SINGLE(name, JIT_FP | JIT_DEF_VD, size, VECTOR)
#define VECTOR_STORE(name, size) SINGLE(name, JIT_FP | JIT_USE_VD, size, VECTOR | STORE)
#define UNPRIVILEGED(name, general, size, more)                                \
	[A64_OP_##name] = {emit_access, MEM((general) | JIT_USE_N | JIT_USER), \
			   A(size, MODE_IMM, more)}
#define LITERAL(name, general, size, more) \
	[A64_OP_##name##_literal] = {emit_access, MEM(general), A(size, MODE_LITERAL, more)}

#define PAIRS(np, name, suffix, general, size, more)                                               \
	[A64_OP_##np##suffix] = {emit_access, MEM(general | JIT_USE_N),                            \
				 A(size, MODE_IMM, PAIR | (more))},                                \
	[A64_OP_##name##suffix##                                                                   \
		_imm] = {emit_access, MEM(general | JIT_USE_N), A(size, MODE_IMM, PAIR | (more))}, \
	[A64_OP_##name##suffix##                                                                   \
		_pre] = {emit_access, MEM(general | WB), A(size, MODE_PRE, PAIR | (more))},        \
	[A64_OP_##name##suffix##                                                                   \
		_post] = {emit_access, MEM(general | WB), A(size, MODE_POST, PAIR | (more))}

#define BOTH_PAIRS(suffix, load, store, size, more) \
	PAIRS(LDNP, LDP, suffix, load, size, more), \
		PAIRS(STNP, STP, suffix, store, size, STORE | (more))

#define DM  (JIT_DEF_D | JIT_DEF_M)
#define UM  (JIT_USE_D | JIT_USE_M)
#define VDM (JIT_FP | JIT_DEF_VD | JIT_DEF_VM)
#define VUM (JIT_FP | JIT_USE_VD | JIT_USE_VM)

const struct jit_op jit_memory_ops[A64_OPS] = {
	LOAD(LDRB, 0, 0),
	LOAD(LDRH, 1, 0),
	LOAD(LDR_32, 2, 0),
	LOAD(LDR_64, 3, 0),
	LOAD(LDRSB_32, 0, SIGN_32),
	LOAD(LDRSB_64, 0, SIGN_64),
	LOAD(LDRSH_32, 1, SIGN_32),
	LOAD(LDRSH_64, 1, SIGN_64),
	LOAD(LDRSW, 2, SIGN_64),
	STORE_OF(STRB, 0),
	STORE_OF(STRH, 1),
	STORE_OF(STR_32, 2),
	STORE_OF(STR_64, 3),
	UNPRIVILEGED(LDTRB, JIT_DEF_D, 0, 0),
	UNPRIVILEGED(LDTRH, JIT_DEF_D, 1, 0),
	UNPRIVILEGED(LDTR_32, JIT_DEF_D, 2, 0),
	UNPRIVILEGED(LDTR_64, JIT_DEF_D, 3, 0),
	UNPRIVILEGED(LDTRSB_32, JIT_DEF_D, 0, SIGN_32),
	UNPRIVILEGED(LDTRSB_64, JIT_DEF_D, 0, SIGN_64),
	UNPRIVILEGED(LDTRSH_32, JIT_DEF_D, 1, SIGN_32),
	UNPRIVILEGED(LDTRSH_64, JIT_DEF_D, 1, SIGN_64),
	UNPRIVILEGED(LDTRSW, JIT_DEF_D, 2, SIGN_64),
	UNPRIVILEGED(STTRB, JIT_USE_D, 0, STORE),
	UNPRIVILEGED(STTRH, JIT_USE_D, 1, STORE),
	UNPRIVILEGED(STTR_32, JIT_USE_D, 2, STORE),
	UNPRIVILEGED(STTR_64, JIT_USE_D, 3, STORE),
	LITERAL(LDR_32, JIT_DEF_D, 2, 0),
	LITERAL(LDR_64, JIT_DEF_D, 3, 0),
	LITERAL(LDRSW, JIT_DEF_D, 2, SIGN_64),
	VECTOR_LOAD(LDR_B, 0),
	VECTOR_LOAD(LDR_H, 1),
	VECTOR_LOAD(LDR_S, 2),
	VECTOR_LOAD(LDR_D, 3),
	VECTOR_LOAD(LDR_Q, 4),
	VECTOR_STORE(STR_B, 0),
	VECTOR_STORE(STR_H, 1),
	VECTOR_STORE(STR_S, 2),
	VECTOR_STORE(STR_D, 3),
	VECTOR_STORE(STR_Q, 4),
	LITERAL(LDR_S, JIT_FP | JIT_DEF_VD, 2, VECTOR),
	LITERAL(LDR_D, JIT_FP | JIT_DEF_VD, 3, VECTOR),
	LITERAL(LDR_Q, JIT_FP | JIT_DEF_VD, 4, VECTOR),
	BOTH_PAIRS(_32, DM, UM, 2, 0),
	BOTH_PAIRS(_64, DM, UM, 3, 0),
	BOTH_PAIRS(_S, VDM, VUM, 2, VECTOR),
	BOTH_PAIRS(_D, VDM, VUM, 3, VECTOR),
	BOTH_PAIRS(_Q, VDM, VUM, 4, VECTOR),
	[A64_OP_LDPSW_imm] = {emit_access, MEM(DM | JIT_USE_N), A(2, MODE_IMM, PAIR | SIGN_64)},
	[A64_OP_LDPSW_pre] = {emit_access, MEM(DM | WB), A(2, MODE_PRE, PAIR | SIGN_64)},
	[A64_OP_LDPSW_post] = {emit_access, MEM(DM | WB), A(2, MODE_POST, PAIR | SIGN_64)},
	[A64_OP_PRFM_imm] = {emit_nothing, JIT_KEEPS, 0},
	[A64_OP_PRFM_unscaled] = {emit_nothing, JIT_KEEPS, 0},
	[A64_OP_PRFM_reg] = {emit_nothing, JIT_KEEPS, 0},
	[A64_OP_PRFM_literal] = {emit_nothing, JIT_KEEPS, 0},
	[A64_OP_HINT] = {emit_nothing, JIT_KEEPS, 0},
};
