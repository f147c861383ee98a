/*
 * Ordered, exclusive and atomic loads and stores (core/a64/exec_atomic.c, exclusive.c).
 *
 * An atomic instruction is a locked one of the host, or a loop around CMPXCHG, at the address that the
 * TLB gives. An exclusive one is inline where the VM has a single vCPU: then a reservation is nobody
 * else's business. With more of them the interpreter's functions keep the global monitor.
 *
 * The host orders stores after loads and stores before them, so acquire and release cost nothing, but
 * for this: a load-acquire must not pass an earlier store-release, which is an exchange therefore.
 */
#include "core/a64/jit/jit.h"

#include "core/vm.h"

/* arg: log2 of the size in bits 2:0, then the operation. */
#define SIZE(item)	((item)->info->arg & 7)
#define OPERATION(item) ((item)->info->arg >> 3)

enum operation {
	OPERATION_ADD,
	OPERATION_CLEAR,
	OPERATION_XOR,
	OPERATION_SET,
	OPERATION_SIGNED_MAX,
	OPERATION_SIGNED_MIN,
	OPERATION_UNSIGNED_MAX,
	OPERATION_UNSIGNED_MIN,
};

/* ---- Operands ---- */

/* The virtual address into RAX, the distance to the host address into RDX. Changes RCX. */
static void locate(struct translator *t, const struct jit_item *item, unsigned log2, bool write)
{
	struct code *c = &t->code;
	int base = jit_source(t, item->insn.rn, RAX);

	if (item->insn.rn == A64_SP)
		jit_check_sp(t, item, base);
	emit_mov(c, true, RAX, base);
	if (log2) {
		emit8(c, 0xa8); /* TEST AL, imm8 */
		emit8(c, (1u << log2) - 1);
		jit_slow(t, item, CC_NE);
	}
	jit_look_up(t, item, 1u << log2, write);
}

/* The same, and the host address into RDX. */
static void locate_host(struct translator *t, const struct jit_item *item, unsigned log2,
			bool write)
{
	locate(t, item, log2, write);
	emit_lea(&t->code, true, RDX, rm_index(RDX, RAX, 0, 0));
}

/* An instruction of 1 << log2 bytes; `op` is the opcode for all sizes but bytes, op - 1 for bytes. */
static void sized(struct code *c, unsigned op, unsigned log2, int reg, struct x86_rm m)
{
	if (log2 == 0)
		emit_op(c, op - 1, false, true, reg, m);
	else
		emit_op(c, log2 == 1 ? 0x660000 | op : op, log2 == 3, false, reg, m);
}

static void locked(struct code *c, unsigned op, unsigned log2, int reg, struct x86_rm m)
{
	emit8(c, 0xf0);
	sized(c, op, log2, reg, m);
}

#define OP_ADD	   0x01
#define OP_OR	   0x09
#define OP_AND	   0x21
#define OP_XOR	   0x31
#define OP_COMPARE 0x3b
#define OP_XCHG	   0x87
#define OP_CMPXCHG 0x1b1
#define OP_XADD	   0x1c1

static void load_zero_extended(struct code *c, unsigned log2, int reg, struct x86_rm m)
{
	switch (log2) {
	case 0: emit_op(c, 0x1b6, false, true, reg, m); break;
	case 1: emit_rm(c, 0x1b7, false, reg, m); break;
	default: emit_load(c, log2 == 3, reg, m); break;
	}
}

/* What an instruction of 4 or 8 bytes has written is zero-extended already. */
static void zero_extend(struct code *c, unsigned log2, int reg)
{
	if (log2 < 2)
		load_zero_extended(c, log2, reg, rm_reg(reg));
}

/* The guest register as an operand of any instruction; XZR is always there to be read. */
static struct x86_rm operand(const struct translator *t, unsigned guest)
{
	return guest == A64_ZERO ? guest_mem(A64_ZERO) : guest_rm(t, guest);
}

static void set_guest(struct translator *t, unsigned guest, int reg)
{
	int target = jit_target(t, guest, reg);

	emit_mov(&t->code, true, target, reg);
	jit_target_done(t, guest, target);
}

/* ---- Ordered ---- */

static void emit_load_acquire(struct translator *t, const struct jit_item *item)
{
	int target = jit_target(t, item->insn.rd, RCX);

	locate(t, item, SIZE(item), false);
	load_zero_extended(&t->code, SIZE(item), target, rm_index(RDX, RAX, 0, 0));
	jit_target_done(t, item->insn.rd, target);
	jit_slow_back(t, item);
}

static void emit_store_release(struct translator *t, const struct jit_item *item)
{
	locate(t, item, SIZE(item), true);
	jit_load_to(t, true, RCX, item->insn.rd);
	sized(&t->code, OP_XCHG, SIZE(item), RCX, rm_index(RDX, RAX, 0, 0));
	jit_slow_back(t, item);
}

/* ---- Read, modify, write ---- */

static void emit_swap(struct translator *t, const struct jit_item *item)
{
	locate(t, item, SIZE(item), true);
	jit_load_to(t, true, RCX, item->insn.rm);
	sized(&t->code, OP_XCHG, SIZE(item), RCX, rm_index(RDX, RAX, 0, 0));
	zero_extend(&t->code, SIZE(item), RCX);
	set_guest(t, item->insn.rd, RCX);
	jit_slow_back(t, item);
}

static void emit_fetch_add(struct translator *t, const struct jit_item *item)
{
	locate(t, item, SIZE(item), true);
	jit_load_to(t, true, RCX, item->insn.rm);
	locked(&t->code, OP_XADD, SIZE(item), RCX, rm_index(RDX, RAX, 0, 0));
	zero_extend(&t->code, SIZE(item), RCX);
	set_guest(t, item->insn.rd, RCX);
	jit_slow_back(t, item);
}

/* Nobody wants the old value: STADD and so on. */
static void modify(struct translator *t, const struct jit_item *item)
{
	static const uint8_t ops[] = {OP_ADD, OP_AND, OP_XOR, OP_OR};
	struct code *c = &t->code;
	unsigned operation = OPERATION(item);
	int value;

	locate(t, item, SIZE(item), true);
	if (operation == OPERATION_CLEAR) {
		jit_load_to(t, true, value = RCX, item->insn.rm);
		emit_not(c, true, RCX);
	} else {
		value = jit_source(t, item->insn.rm, RCX);
	}
	locked(c, ops[operation], SIZE(item), value, rm_index(RDX, RAX, 0, 0));
}

/* The new value into RCX; the old one is in RAX, with zeros above it. */
static void compute(struct translator *t, const struct jit_item *item)
{
	/* Where the operand replaces the old value. */
	static const uint8_t replaces[] = {CC_LE, CC_GE, CC_BE, CC_AE};
	struct code *c = &t->code;
	unsigned operation = OPERATION(item);
	struct x86_rm b = operand(t, item->insn.rm);

	switch ((enum operation)operation) {
	case OPERATION_CLEAR:
		emit_load(c, true, RCX, b);
		emit_not(c, true, RCX);
		emit_alu(c, ALU_AND, true, RCX, rm_reg(RAX));
		break;
	case OPERATION_XOR:
	case OPERATION_SET:
		emit_mov(c, true, RCX, RAX);
		emit_alu(c, operation == OPERATION_SET ? ALU_OR : ALU_XOR, true, RCX, b);
		break;
	default:
		emit_mov(c, true, RCX, RAX);
		sized(c, OP_COMPARE, SIZE(item), RAX, b);
		emit_cmov(c, replaces[operation - OPERATION_SIGNED_MAX], true, RCX, b);
		break;
	}
}

static void emit_fetch_modify(struct translator *t, const struct jit_item *item)
{
	struct code *c = &t->code;
	uint8_t *again;

	if (item->insn.rd == A64_DISCARD && OPERATION(item) <= OPERATION_SET) {
		modify(t, item);
		jit_slow_back(t, item);
		return;
	}
	if (OPERATION(item) == OPERATION_ADD) {
		emit_fetch_add(t, item);
		return;
	}
	locate_host(t, item, SIZE(item), true);
	load_zero_extended(c, SIZE(item), RAX, rm_mem(RDX, 0));
	again = c->p;
	compute(t, item);
	locked(c, OP_CMPXCHG, SIZE(item), RCX, rm_mem(RDX, 0));
	patch_to(c, emit_jcc(c, CC_NE), again);
	set_guest(t, item->insn.rd, RAX);
	jit_slow_back(t, item);
}

/* ---- Compare and swap ---- */

static void emit_compare_swap(struct translator *t, const struct jit_item *item)
{
	struct code *c = &t->code;

	locate_host(t, item, SIZE(item), true);
	load_zero_extended(c, SIZE(item), RAX, operand(t, item->insn.ra));
	locked(c, OP_CMPXCHG, SIZE(item), jit_source(t, item->insn.rm, RCX), rm_mem(RDX, 0));
	set_guest(t, item->insn.rd, RAX);
	jit_slow_back(t, item);
}

/* Two words into RCX; changes RAX. */
static void join_words(struct translator *t, unsigned low, unsigned high)
{
	struct code *c = &t->code;

	jit_load_to(t, true, RCX, high);
	emit_shift_imm(c, SHIFT_SHL, true, RCX, 32);
	jit_load_to(t, false, RAX, low);
	emit_alu(c, ALU_OR, true, RCX, rm_reg(RAX));
}

/* And apart: from RAX, which is changed. */
static void split_words(struct translator *t, unsigned low, unsigned high)
{
	emit_mov(&t->code, false, RCX, RAX);
	emit_shift_imm(&t->code, SHIFT_SHR, true, RAX, 32);
	set_guest(t, low, RCX);
	set_guest(t, high, RAX);
}

static void emit_compare_swap_words(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	struct code *c = &t->code;

	locate_host(t, item, 3, true);
	join_words(t, i->rd, i->ra);
	emit_push(c, RCX);
	join_words(t, i->rm, (unsigned)i->imm2);
	emit_pop(c, RAX);
	locked(c, OP_CMPXCHG, 3, RCX, rm_mem(RDX, 0));
	split_words(t, i->rd, i->ra == A64_ZERO ? A64_DISCARD : i->ra);
	jit_slow_back(t, item);
}

static void push(struct code *c, struct x86_rm m)
{
	emit_rm(c, 0xff, false, 6, m);
}

/*
 * CMPXCHG16B at the host address in RDX: compares with RDX:RAX, where the old value ends, and stores RCX:RBX.
 * The operands go through the stack, because some of these registers may hold them.
 */
static void compare_exchange_16(struct translator *t, const struct x86_rm old[2],
				const struct x86_rm new[2])
{
	struct code *c = &t->code;

	emit_push(c, RBX);
	emit_push(c, RSI);
	push(c, new[1]);
	push(c, new[0]);
	push(c, old[1]);
	push(c, old[0]);
	emit_mov(c, true, RSI, RDX);
	emit_pop(c, RAX);
	emit_pop(c, RDX);
	emit_pop(c, RBX);
	emit_pop(c, RCX);
	emit8(c, 0xf0);
	emit_rm(c, 0x1c7, true, 1, rm_mem(RSI, 0));
	emit_pop(c, RSI);
	emit_pop(c, RBX);
}

static void emit_compare_swap_doublewords(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;

	locate_host(t, item, 4, true);
	compare_exchange_16(t, (struct x86_rm[]){operand(t, i->rd), operand(t, i->ra)},
			    (struct x86_rm[]){operand(t, i->rm), operand(t, (unsigned)i->imm2)});
	set_guest(t, i->rd, RAX);
	if (i->ra != A64_ZERO)
		set_guest(t, i->ra, RDX);
	jit_slow_back(t, item);
}

/* ---- Exclusive, of a single vCPU ---- */

/* Physical minus host address of RAM. */
static uint64_t ram_distance(const struct translator *t)
{
	struct memory *memory = &t->cpu->vcpu->vm->memory;

	return memory->base - (uint64_t)(uintptr_t)memory_at(memory, memory->base, 1);
}

/* The physical address into RAX, of the host address in RDX. */
static void physical(struct translator *t)
{
	emit_mov_imm(&t->code, RAX, ram_distance(t));
	emit_alu(&t->code, ALU_ADD, true, RAX, rm_reg(RDX));
}

static void reserve(struct translator *t, unsigned log2)
{
	struct code *c = &t->code;

	physical(t);
	emit_store(c, true, CPU(exclusive_pa), RAX);
	emit_store_imm8(c, CPU(exclusive_size), 1u << log2);
	emit_store_imm8(c, CPU(exclusive), 1);
}

/* Go on only with a reservation for the host address in RDX; its value is in RAX then. */
static void require_reservation(struct translator *t, const struct jit_item *item, unsigned log2)
{
	struct code *c = &t->code;

	emit_cmp8_imm(c, CPU(exclusive), 0);
	jit_slow(t, item, CC_E);
	emit_cmp8_imm(c, CPU(exclusive_size), 1u << log2);
	jit_slow(t, item, CC_NE);
	physical(t);
	emit_alu(c, ALU_CMP, true, RAX, CPU(exclusive_pa));
	jit_slow(t, item, CC_NE);
}

/* The host's flags tell whether it was stored: to the status register. */
static void store_done(struct translator *t, const struct jit_item *item)
{
	struct code *c = &t->code;

	emit_setcc(c, CC_NE, rm_reg(RAX));
	emit_op(c, 0x1b6, false, true, RAX, rm_reg(RAX));
	emit_store_imm8(c, CPU(exclusive), 0);
	set_guest(t, item->insn.rm, RAX);
	jit_slow_back(t, item);
}

static void emit_load_exclusive(struct translator *t, const struct jit_item *item)
{
	struct code *c = &t->code;

	if (t->smp) {
		jit_emit_call(t, item);
		return;
	}
	locate_host(t, item, SIZE(item), false);
	load_zero_extended(c, SIZE(item), RCX, rm_mem(RDX, 0));
	emit_store(c, true, CPU(exclusive_value[0]), RCX);
	emit_store_imm32(c, true, CPU(exclusive_value[1]), 0);
	set_guest(t, item->insn.rd, RCX);
	reserve(t, SIZE(item));
	jit_slow_back(t, item);
}

static void emit_store_exclusive(struct translator *t, const struct jit_item *item)
{
	struct code *c = &t->code;

	if (t->smp) {
		jit_emit_call(t, item);
		return;
	}
	locate_host(t, item, SIZE(item), true);
	require_reservation(t, item, SIZE(item));
	emit_load(c, true, RAX, CPU(exclusive_value[0]));
	locked(c, OP_CMPXCHG, SIZE(item), jit_source(t, item->insn.rd, RCX), rm_mem(RDX, 0));
	store_done(t, item);
}

static void emit_load_exclusive_words(struct translator *t, const struct jit_item *item)
{
	struct code *c = &t->code;

	if (t->smp) {
		jit_emit_call(t, item);
		return;
	}
	locate_host(t, item, 3, false);
	reserve(t, 3);
	emit_load(c, true, RAX, rm_mem(RDX, 0));
	emit_store(c, true, CPU(exclusive_value[0]), RAX);
	emit_store_imm32(c, true, CPU(exclusive_value[1]), 0);
	split_words(t, item->insn.rd, item->insn.ra);
	jit_slow_back(t, item);
}

static void emit_store_exclusive_words(struct translator *t, const struct jit_item *item)
{
	struct code *c = &t->code;

	if (t->smp) {
		jit_emit_call(t, item);
		return;
	}
	locate_host(t, item, 3, true);
	require_reservation(t, item, 3);
	join_words(t, item->insn.rd, item->insn.ra);
	emit_load(c, true, RAX, CPU(exclusive_value[0]));
	locked(c, OP_CMPXCHG, 3, RCX, rm_mem(RDX, 0));
	store_done(t, item);
}

static void emit_load_exclusive_doublewords(struct translator *t, const struct jit_item *item)
{
	struct code *c = &t->code;

	if (t->smp) {
		jit_emit_call(t, item);
		return;
	}
	locate_host(t, item, 4, false);
	reserve(t, 4);
	emit_load(c, true, RCX, rm_mem(RDX, 8));
	emit_load(c, true, RAX, rm_mem(RDX, 0));
	emit_store(c, true, CPU(exclusive_value[0]), RAX);
	emit_store(c, true, CPU(exclusive_value[1]), RCX);
	set_guest(t, item->insn.rd, RAX);
	set_guest(t, item->insn.ra, RCX);
	jit_slow_back(t, item);
}

static void emit_store_exclusive_doublewords(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;

	if (t->smp) {
		jit_emit_call(t, item);
		return;
	}
	locate_host(t, item, 4, true);
	require_reservation(t, item, 4);
	compare_exchange_16(t, (struct x86_rm[]){CPU(exclusive_value[0]), CPU(exclusive_value[1])},
			    (struct x86_rm[]){operand(t, i->rd), operand(t, i->ra)});
	store_done(t, item);
}

/* ---- The table ---- */

#define ARG(log2, operation) ((unsigned)(log2) | (unsigned)(operation) << 3)

#define SIZES(name, emitter, what, operation)                                  \
	[A64_OP_##name##B] = {emitter, (what) | LOCATED, ARG(0, operation)},   \
	[A64_OP_##name##H] = {emitter, (what) | LOCATED, ARG(1, operation)},   \
	[A64_OP_##name##_32] = {emitter, (what) | LOCATED, ARG(2, operation)}, \
	[A64_OP_##name##_64] = {emitter, (what) | LOCATED, ARG(3, operation)}

#define LOCATED (JIT_MEMORY | JIT_USE_N)
#define FETCH	(JIT_DEF_D | JIT_USE_M)
#define SWAP	(JIT_DEF_D | JIT_USE_A | JIT_USE_M)
/* Pairs: both are read and written; the second of the new value is in imm2. */
#define SWAP_PAIR  (LOCATED | JIT_DEF_D | JIT_USE_D | JIT_DEF_A | JIT_USE_A | JIT_USE_M | JIT_USE_P)
#define LOAD_PAIR  (LOCATED | JIT_DEF_D | JIT_DEF_A)
#define STORE_PAIR (LOCATED | JIT_DEF_M | JIT_USE_D | JIT_USE_A)

const struct jit_op jit_atomic_ops[A64_OPS] = {
	SIZES(LDAR, emit_load_acquire, JIT_DEF_D, 0),
	SIZES(LDAPR, emit_load_acquire, JIT_DEF_D, 0),
	SIZES(STLR, emit_store_release, JIT_USE_D, 0),
	SIZES(LDXR, emit_load_exclusive, JIT_DEF_D, 0),
	SIZES(LDAXR, emit_load_exclusive, JIT_DEF_D, 0),
	SIZES(STXR, emit_store_exclusive, JIT_USE_D | JIT_DEF_M, 0),
	SIZES(STLXR, emit_store_exclusive, JIT_USE_D | JIT_DEF_M, 0),
	[A64_OP_LDXP_32] = {emit_load_exclusive_words, LOAD_PAIR, 0},
	[A64_OP_LDAXP_32] = {emit_load_exclusive_words, LOAD_PAIR, 0},
	[A64_OP_STXP_32] = {emit_store_exclusive_words, STORE_PAIR, 0},
	[A64_OP_STLXP_32] = {emit_store_exclusive_words, STORE_PAIR, 0},
	[A64_OP_LDXP_64] = {emit_load_exclusive_doublewords, LOAD_PAIR, 0},
	[A64_OP_LDAXP_64] = {emit_load_exclusive_doublewords, LOAD_PAIR, 0},
	[A64_OP_STXP_64] = {emit_store_exclusive_doublewords, STORE_PAIR, 0},
	[A64_OP_STLXP_64] = {emit_store_exclusive_doublewords, STORE_PAIR, 0},
	SIZES(CAS, emit_compare_swap, SWAP, 0),
	[A64_OP_CASP_32] = {emit_compare_swap_words, SWAP_PAIR, 0},
	[A64_OP_CASP_64] = {emit_compare_swap_doublewords, SWAP_PAIR, 0},
	SIZES(SWP, emit_swap, FETCH, 0),
	SIZES(LDADD, emit_fetch_modify, FETCH, OPERATION_ADD),
	SIZES(LDCLR, emit_fetch_modify, FETCH, OPERATION_CLEAR),
	SIZES(LDEOR, emit_fetch_modify, FETCH, OPERATION_XOR),
	SIZES(LDSET, emit_fetch_modify, FETCH, OPERATION_SET),
	SIZES(LDSMAX, emit_fetch_modify, FETCH, OPERATION_SIGNED_MAX),
	SIZES(LDSMIN, emit_fetch_modify, FETCH, OPERATION_SIGNED_MIN),
	SIZES(LDUMAX, emit_fetch_modify, FETCH, OPERATION_UNSIGNED_MAX),
	SIZES(LDUMIN, emit_fetch_modify, FETCH, OPERATION_UNSIGNED_MIN),
};
