/*
 * AdvSIMD loads and stores of structures (core/a64/exec_simd_memory.c). All that an instruction accesses
 * is looked up at once, so that nothing has changed yet where the interpreter's function does it.
 *
 * rd is the first register, rn the base, which advances by register rm + imm.
 */
#include "core/a64/jit/simd.h"

/* arg: the number of registers, then flags. */
#define COUNT(item) ((item)->info->arg & 7)
#define STORE	    8u

/* Register k of the list. */
static unsigned listed(const struct jit_item *item, unsigned k)
{
	return (item->insn.rd + k) % 32;
}

static struct x86_rm memory_at(unsigned offset)
{
	return rm_index(RDX, RAX, 0, (int32_t)offset);
}

/* The base to RAX, and the distance of the host's address to RDX. */
static void begin(struct translator *t, const struct jit_item *item, unsigned bytes)
{
	struct code *c = &t->code;
	int base;

	jit_check_fp(t, item);
	base = jit_source(t, item->insn.rn, RAX);
	if (item->insn.rn == A64_SP)
		jit_check_sp(t, item, base);
	emit_mov(c, true, RAX, base);
	jit_look_up(t, item, bytes, item->info->arg & STORE);
}

/* Post-index; without it both parts are zero. */
static void finish(struct translator *t, const struct jit_item *item)
{
	const struct a64_insn *i = &item->insn;
	int target = jit_target(t, i->rn, RAX);

	if (i->rm != A64_ZERO)
		emit_lea(&t->code, true, target, rm_index(RAX, jit_source(t, i->rm, RCX), 0, 0));
	else if (i->imm)
		emit_lea(&t->code, true, target, rm_mem(RAX, (int32_t)i->imm));
	if (i->rm != A64_ZERO || i->imm) {
		jit_target_done(t, i->rn, target);
		if (i->rn == A64_SP)
			t->sp_checked = false;
	}
	jit_slow_back(t, item);
}

/* ---- LD1, ST1 of whole registers ---- */

static void emit_registers(struct translator *t, const struct jit_item *item)
{
	bool whole = jit_is_whole(item), store = item->info->arg & STORE;
	unsigned size = whole ? 16 : 8;

	begin(t, item, COUNT(item) * size);
	for (unsigned k = 0; k < COUNT(item); k++) {
		if (store) {
			jit_v2(t, whole ? MOVUPS_STORE : MOVQ_STORE,
			       jit_vector_source_low(t, listed(item, k), XMM0, size),
			       memory_at(k * size));
		} else {
			int to = jit_vector_target(t, listed(item, k), XMM0);

			jit_v2(t, whole ? MOVUPS : MOVQ, to, memory_at(k * size));
			jit_vector_store(t, listed(item, k), to);
		}
	}
	finish(t, item);
}

/* ---- LD2, LD4, ST2, ST4: elements of the registers by turns ---- */

/* Store to register k the even or odd elements of `reg` and `other`, or of the former alone. */
static void store_unzipped(struct translator *t, const struct jit_item *item, unsigned k, int reg,
			   int other, bool odd)
{
	jit_unzip_registers(t, item->insn.ra, reg, other, odd);
	jit_vector_store_low(t, listed(item, k), reg, jit_item_bytes(item));
}

static void emit_load_pairs(struct translator *t, const struct jit_item *item)
{
	bool whole = jit_is_whole(item);

	begin(t, item, whole ? 32 : 16);
	for (unsigned k = 0; k < 2; k++) {
		jit_v2(t, MOVUPS, XMM0, memory_at(0));
		if (whole)
			jit_v2(t, MOVUPS, XMM1, memory_at(16));
		store_unzipped(t, item, k, XMM0, whole ? XMM1 : XMM0, k);
	}
	finish(t, item);
}

/* Elements k and k + 2 of each four, to XMM0 and, of the second half, XMM1. */
static void load_alternating(struct translator *t, const struct jit_item *item, unsigned k)
{
	for (unsigned half = 0; half < (jit_is_whole(item) ? 2 : 1); half++) {
		int reg = half ? XMM1 : XMM0;

		jit_v2(t, MOVUPS, reg, memory_at(32 * half));
		jit_v2(t, MOVUPS, XMM2, memory_at(32 * half + 16));
		jit_unzip_registers(t, item->insn.ra, reg, XMM2, k);
	}
}

static void emit_load_fours(struct translator *t, const struct jit_item *item)
{
	int other = jit_is_whole(item) ? XMM1 : XMM0;

	begin(t, item, jit_is_whole(item) ? 64 : 32);
	for (unsigned k = 0; k < 2; k++) {
		load_alternating(t, item, k);
		jit_vmov(t, XMM3, XMM0);
		jit_vmov(t, XMM4, other);
		store_unzipped(t, item, k, XMM0, other, false);
		store_unzipped(t, item, k + 2, XMM3, other == XMM0 ? XMM3 : XMM4, true);
	}
	finish(t, item);
}

static void emit_store_pairs(struct translator *t, const struct jit_item *item)
{
	bool whole = jit_is_whole(item);

	begin(t, item, whole ? 32 : 16);
	for (unsigned upper = 0; upper < (whole ? 2 : 1); upper++) {
		jit_v3(t, jit_zip_op(item->insn.ra, upper), XMM0,
		       jit_vector_source(t, listed(item, 0), XMM0),
		       jit_vector_rm(t, listed(item, 1)));
		jit_v2(t, MOVUPS_STORE, XMM0, memory_at(16 * upper));
	}
	finish(t, item);
}

/* First the registers with the even numbers and those with the odd ones, then both. */
static void emit_store_fours(struct translator *t, const struct jit_item *item)
{
	bool whole = jit_is_whole(item);
	unsigned size = item->insn.ra;

	begin(t, item, whole ? 64 : 32);
	for (unsigned upper = 0; upper < (whole ? 2 : 1); upper++) {
		for (unsigned k = 0; k < 2; k++)
			jit_v3(t, jit_zip_op(size, upper), k ? XMM1 : XMM0,
			       jit_vector_source(t, listed(item, k), k ? XMM1 : XMM0),
			       jit_vector_rm(t, listed(item, k + 2)));
		jit_v3(t, jit_zip_op(size, false), XMM2, XMM0, rm_reg(XMM1));
		jit_v3(t, jit_zip_op(size, true), XMM0, XMM0, rm_reg(XMM1));
		jit_v2(t, MOVUPS_STORE, XMM2, memory_at(32 * upper));
		jit_v2(t, MOVUPS_STORE, XMM0, memory_at(32 * upper + 16));
	}
	finish(t, item);
}

/* ---- One element of each register: ra is its size and index ---- */

static void emit_lanes(struct translator *t, const struct jit_item *item)
{
	static const unsigned loads[4] = {PINSRB, PINSRW, PINSRD, PINSRD};
	static const unsigned stores[4] = {PEXTRB, PEXTRW, PEXTRD, PEXTRD};
	unsigned size = item->insn.ra & 3, index = item->insn.ra >> 3;

	begin(t, item, COUNT(item) << size);
	for (unsigned k = 0; k < COUNT(item); k++) {
		unsigned v = listed(item, k);

		if (item->info->arg & STORE) {
			emit_rm(&t->code, stores[size], size == SIZE_D,
				jit_vector_source(t, v, XMM0), memory_at(k << size));
			emit8(&t->code, index);
		} else {
			jit_vector_load(t, XMM0, v);
			emit_rm(&t->code, loads[size], size == SIZE_D, XMM0, memory_at(k << size));
			emit8(&t->code, index);
			jit_vector_store(t, v, XMM0);
		}
	}
	finish(t, item);
}

/* LD1R to LD4R. */
static void emit_replicate(struct translator *t, const struct jit_item *item)
{
	unsigned size = item->insn.ra;

	begin(t, item, COUNT(item) << size);
	for (unsigned k = 0; k < COUNT(item); k++) {
		struct x86_rm from = memory_at(k << size);

		if (size < SIZE_S) {
			emit_rm(&t->code, size == SIZE_B ? 0x1b6 : 0x1b7, false, RCX, from);
			emit_rm(&t->code, MOVD, false, XMM0, rm_reg(RCX));
		} else {
			emit_rm(&t->code, MOVD, size == SIZE_D, XMM0, from);
		}
		jit_broadcast_lowest(t, size, XMM0);
		jit_vector_store_low(t, listed(item, k), XMM0, jit_item_bytes(item));
	}
	finish(t, item);
}

/* ---- The table ---- */

#define BASE	(JIT_FP | JIT_MEMORY | JIT_DEF_N | JIT_USE_N | JIT_USE_M)
#define LOADS	(BASE | JIT_DEF_VD | JIT_LIST)
#define STORES	(BASE | JIT_USE_VD | JIT_LIST)
#define INSERTS (LOADS | JIT_USE_VD)

#define ELEMENTS(count)                                                          \
	[A64_OP_LD##count##_lane] = {emit_lanes, INSERTS, count, NULL},          \
	[A64_OP_ST##count##_lane] = {emit_lanes, STORES, (count) | STORE, NULL}, \
	[A64_OP_LD##count##R] = {emit_replicate, LOADS, count, NULL},            \
	[A64_OP_LD1_x##count] = {emit_registers, LOADS, count, NULL},            \
	[A64_OP_ST1_x##count] = {emit_registers, STORES, (count) | STORE, NULL}

const struct jit_op jit_simd_memory_ops[A64_OPS] = {
	ELEMENTS(1),
	ELEMENTS(2),
	ELEMENTS(3),
	ELEMENTS(4),
	[A64_OP_LD2] = {emit_load_pairs, LOADS, 2, NULL},
	[A64_OP_ST2] = {emit_store_pairs, STORES, 2 | STORE, NULL},
	[A64_OP_LD4] = {emit_load_fours, LOADS, 4, NULL},
	[A64_OP_ST4] = {emit_store_fours, STORES, 4 | STORE, NULL},
};
