/*
 * System instructions: MRS and MSR of registers that are plain storage, PSTATE.DAIF, barriers,
 * cache maintenance (core/a64/exec_system.c).
 *
 * What may be UNDEFINED or trap in the current state, or has to be noticed by somebody, is looked
 * for inline, and left to the interpreter's function when it is so. The same page of code may be
 * executed at EL0 and at EL1, so the exception level is looked at like anything else, once
 * in a block.
 */
#include "core/a64/jit/jit.h"
#include "core/a64/jit/vector.h"

#include "core/a64/mmu.h"
#include "core/a64/sysregs.h"
#include "core/sysreg.h"
#include "core/vm.h"

/* ---- Whether it is allowed ---- */

/* EL0 is left to the interpreter's function, which may allow it. */
static void prefer_el1(struct translator *t, const struct jit_item *item)
{
	if (t->el_known >= EL_IS_1)
		return;
	emit_cmp8_imm(&t->code, CPU(el), 0);
	jit_slow(t, item, CC_E);
}

/* At EL0 it is UNDEFINED. */
static void require_el1(struct translator *t, const struct jit_item *item)
{
	prefer_el1(t, item);
	if (t->el_known == EL_UNKNOWN)
		t->el_known = EL_IS_1;
}

/* EL1 with a stack pointer of its own; otherwise it is UNDEFINED. */
static void require_el1h(struct translator *t, const struct jit_item *item)
{
	_Static_assert(offsetof(struct a64_cpu, sp_select) == offsetof(struct a64_cpu, el) + 1,
		       "both are looked at at once");
	if (t->el_known >= EL_IS_1H)
		return;
	emit_rm(&t->code, 0x1b7, false, RAX, CPU(el)); /* MOVZX of 16 bits */
	emit_alu_imm(&t->code, ALU_CMP, false, rm_reg(RAX), 0x101);
	jit_slow(t, item, CC_NE);
	t->el_known = EL_IS_1H;
}

/* What EL0 may do while a bit of SCTLR_EL1 is set, and EL1 always, is inline while it is set. */
static void require_el1_or(struct translator *t, const struct jit_item *item, uint32_t sctlr)
{
	if (t->el_known >= EL_IS_1)
		return;
	emit_test_imm(&t->code, false, CPU(sys.sctlr), (int32_t)sctlr);
	jit_slow(t, item, CC_E);
}

/* ---- MRS and MSR ---- */

static void read_constant(struct translator *t, const struct jit_item *item)
{
	const struct sysreg *reg = item->insn.sysreg;
	int target = jit_target(t, item->insn.rd, RAX);

	emit_mov_imm(&t->code, target, reg->read(reg->owner, t->cpu->vcpu));
	jit_target_done(t, item->insn.rd, target);
}

static void read_storage(struct translator *t, const struct jit_item *item)
{
	int target = jit_target(t, item->insn.rd, RAX);

	emit_load(&t->code, true, target, cpu_at(item->insn.sysreg->storage->offset));
	jit_target_done(t, item->insn.rd, target);
}

static void write_storage(struct translator *t, const struct jit_item *item)
{
	const struct sysreg_storage *storage = item->insn.sysreg->storage;
	struct code *c = &t->code;
	int value = RAX;

	if (storage->mask == UINT64_MAX) {
		value = jit_source(t, item->insn.rd, RAX);
	} else {
		jit_load_to(t, storage->mask > UINT32_MAX, RAX, item->insn.rd);
		if (storage->mask != UINT32_MAX) {
			emit_mov_imm(c, RCX, storage->mask);
			emit_alu(c, ALU_AND, true, RAX, rm_reg(RCX));
		}
	}
	emit_store(c, true, cpu_at(storage->offset), value);
}

static void emit_read_storage(struct translator *t, const struct jit_item *item)
{
	read_storage(t, item);
}

static void emit_write_storage(struct translator *t, const struct jit_item *item)
{
	write_storage(t, item);
}

static void emit_read_storage_el1(struct translator *t, const struct jit_item *item)
{
	require_el1(t, item);
	read_storage(t, item);
	jit_slow_back(t, item);
}

static void emit_write_storage_el1(struct translator *t, const struct jit_item *item)
{
	require_el1(t, item);
	write_storage(t, item);
	jit_slow_back(t, item);
}

static void emit_read_sp_el0(struct translator *t, const struct jit_item *item)
{
	require_el1h(t, item);
	read_storage(t, item);
	jit_slow_back(t, item);
}

static void emit_write_sp_el0(struct translator *t, const struct jit_item *item)
{
	require_el1h(t, item);
	write_storage(t, item);
	jit_slow_back(t, item);
}

static void emit_read_constant_el1(struct translator *t, const struct jit_item *item)
{
	require_el1(t, item);
	read_constant(t, item);
	jit_slow_back(t, item);
}

/* CTR_EL0. */
static void emit_read_ctr(struct translator *t, const struct jit_item *item)
{
	require_el1_or(t, item, A64_SCTLR_UCT);
	read_constant(t, item);
	jit_slow_back(t, item);
}

/* DCZID_EL0: while DC ZVA is allowed, a constant. */
static void emit_read_dczid(struct translator *t, const struct jit_item *item)
{
	int target = jit_target(t, item->insn.rd, RAX);

	require_el1_or(t, item, A64_SCTLR_DZE);
	emit_mov_imm(&t->code, target, A64_DCZID_BS);
	jit_target_done(t, item->insn.rd, target);
	jit_slow_back(t, item);
}

/* ---- PSTATE.DAIF ---- */

#define DAIF_D	   8u
#define DAIF_IF	   3u
#define SPSR_SHIFT 6

/*
 * To clear bits of DAIF is the run loop's business as well when it makes an interrupt be taken, or a
 * software step. An input that comes up after it was looked at here kicks the vCPU.
 */
static void require_nothing_masked(struct translator *t, const struct jit_item *item,
				   unsigned cleared)
{
	struct code *c = &t->code;

	if (cleared & DAIF_IF) {
		emit_load(c, true, RAX, CPU(vcpu));
		emit_alu_imm(c, ALU_CMP, false, rm_mem(RAX, offsetof(struct vcpu, inputs)), 0);
		jit_slow(t, item, CC_NE);
	}
	if (cleared & DAIF_D) {
		emit_test_imm(c, false, CPU(sys.mdscr), A64_MDSCR_SS);
		jit_slow(t, item, CC_NE);
	}
}

static void emit_daif_set(struct translator *t, const struct jit_item *item)
{
	prefer_el1(t, item);
	emit_rm(&t->code, 0x80, false, ALU_OR, CPU(daif));
	emit8(&t->code, (unsigned)item->insn.imm);
	jit_slow_back(t, item);
}

static void emit_daif_clear(struct translator *t, const struct jit_item *item)
{
	unsigned bits = (unsigned)item->insn.imm;

	prefer_el1(t, item);
	require_nothing_masked(t, item, bits);
	emit_rm(&t->code, 0x80, false, ALU_AND, CPU(daif));
	emit8(&t->code, ~bits & 0xff);
	jit_slow_back(t, item);
}

static void emit_write_daif(struct translator *t, const struct jit_item *item)
{
	struct code *c = &t->code;

	prefer_el1(t, item);
	require_nothing_masked(t, item, DAIF_D | DAIF_IF);
	jit_load_to(t, false, RAX, item->insn.rd);
	emit_shift_imm(c, SHIFT_SHR, false, RAX, SPSR_SHIFT);
	emit_alu_imm(c, ALU_AND, false, rm_reg(RAX), 15);
	emit_op(c, 0x88, false, true, RAX, CPU(daif)); /* MOV m8, AL */
	jit_slow_back(t, item);
}

static void emit_read_daif(struct translator *t, const struct jit_item *item)
{
	struct code *c = &t->code;
	int target = jit_target(t, item->insn.rd, RAX);

	prefer_el1(t, item);
	emit_rm(c, 0x1b6, false, target, CPU(daif)); /* MOVZX of 8 bits */
	emit_shift_imm(c, SHIFT_SHL, false, target, SPSR_SHIFT);
	jit_target_done(t, item->insn.rd, target);
	jit_slow_back(t, item);
}

#define NZCV_SHIFT 28

static void emit_read_nzcv(struct translator *t, const struct jit_item *item)
{
	int target = jit_target(t, item->insn.rd, RAX);

	jit_flags_read(t);
	emit_shift_imm(&t->code, SHIFT_SHL, false, RAX, NZCV_SHIFT);
	emit_mov(&t->code, true, target, RAX);
	jit_target_done(t, item->insn.rd, target);
}

static void emit_write_nzcv(struct translator *t, const struct jit_item *item)
{
	jit_load_to(t, false, RAX, item->insn.rd);
	emit_shift_imm(&t->code, SHIFT_SHR, false, RAX, NZCV_SHIFT);
	jit_flags_write(t);
}

/* CurrentEL: at EL0 it is UNDEFINED. */
static void emit_read_current_el(struct translator *t, const struct jit_item *item)
{
	int target = jit_target(t, item->insn.rd, RAX);

	require_el1(t, item);
	emit_mov_imm(&t->code, target, 1 << 2);
	jit_target_done(t, item->insn.rd, target);
	jit_slow_back(t, item);
}

static void emit_read_fpcr(struct translator *t, const struct jit_item *item)
{
	int target = jit_target(t, item->insn.rd, RAX);

	jit_check_fp(t, item);
	emit_load(&t->code, false, target, CPU(fpcr));
	jit_target_done(t, item->insn.rd, target);
	jit_slow_back(t, item);
}

/* ---- Which register ---- */

#define READ  (JIT_DEF_D | JIT_MEMORY)
#define WRITE (JIT_USE_D | JIT_MEMORY)

/* Registers that are more than storage or a constant, or whose access has conditions of its own. */
static const struct {
	uint16_t key;
	struct jit_op read, write;
} special[] = {
	{SYSREG(3, 0, 4, 1, 0),
	 {.emit = emit_read_sp_el0, .flags = READ},
	 {.emit = emit_write_sp_el0, .flags = WRITE}},
	{SYSREG(3, 3, 13, 0, 3),
	 {.emit = emit_read_storage, .flags = JIT_DEF_D | JIT_KEEPS},
	 {0}}, /* TPIDRRO_EL0 */
	{SYSREG(3, 3, 4, 2, 1),
	 {.emit = emit_read_daif, .flags = READ},
	 {.emit = emit_write_daif, .flags = WRITE}},
	{SYSREG(3, 0, 4, 2, 2), {.emit = emit_read_current_el, .flags = READ}, {0}},
	{SYSREG(3, 3, 4, 2, 0),
	 {.emit = emit_read_nzcv, .flags = JIT_DEF_D | JIT_READS_F},
	 {.emit = emit_write_nzcv, .flags = JIT_USE_D | JIT_SETS_F}},
	{SYSREG(3, 3, 4, 4, 0), {.emit = emit_read_fpcr, .flags = READ | JIT_FP}, {0}},
	{SYSREG(3, 3, 0, 0, 1), {.emit = emit_read_ctr, .flags = READ}, {0}},
	{SYSREG(3, 3, 0, 0, 7), {.emit = emit_read_dczid, .flags = READ}, {0}},
};

static const struct jit_op call = {0};
static const struct jit_op read_storage_op = {.emit = emit_read_storage,
					      .flags = JIT_DEF_D | JIT_KEEPS};
static const struct jit_op write_storage_op = {.emit = emit_write_storage, .flags = JIT_USE_D};
static const struct jit_op read_storage_el1_op = {.emit = emit_read_storage_el1, .flags = READ};
static const struct jit_op write_storage_el1_op = {.emit = emit_write_storage_el1, .flags = WRITE};
static const struct jit_op read_constant_el1_op = {.emit = emit_read_constant_el1, .flags = READ};

const struct jit_op *jit_sysreg_info(unsigned op, const struct sysreg *reg)
{
	bool write = op == A64_OP_MSR;

	if (!reg || (write ? !reg->write : !reg->read))
		return &call;
	for (unsigned n = 0; n < sizeof(special) / sizeof(special[0]); n++)
		if (special[n].key == reg->key)
			return write ? &special[n].write : &special[n].read;
	if (reg->check)
		return &call;
	if (reg->storage && !write)
		return reg->min_el ? &read_storage_el1_op : &read_storage_op;
	if (reg->storage && !reg->storage->read_only)
		return reg->min_el ? &write_storage_el1_op : &write_storage_op;
	if (reg->constant && !write && reg->min_el)
		return &read_constant_el1_op;
	return &call;
}

/* ---- Barriers ---- */

/* A locked operation is faster than MFENCE. */
void jit_barrier(struct translator *t)
{
	emit8(&t->code, 0xf0);
	emit_alu_imm(&t->code, ALU_OR, false, rm_mem(RSP, -8), 0);
}

/* TLB maintenance of this vCPU that others have not done yet is waited for. */
static void emit_dsb(struct translator *t, const struct jit_item *item)
{
	jit_barrier(t);
	emit_cmp8_imm(&t->code, CPU(work.wait), 0);
	jit_slow(t, item, CC_NE);
	jit_slow_back(t, item);
}

/* Loads are not reordered among loads, nor stores among stores, by the host either. */
static void emit_dmb(struct translator *t, const struct jit_item *item)
{
	if (A64_BITS(&item->insn, 8, 2) == 3 || A64_BITS(&item->insn, 8, 2) == 0)
		jit_barrier(t);
}

/* What comes next is another region, at whose entry is looked at what is pending. */
static void emit_isb(struct translator *t, const struct jit_item *item)
{
	jit_refetch(t, item);
}

static void emit_yield(struct translator *t, const struct jit_item *item)
{
	if (t->smp)
		jit_emit_call(t, item);
}

static void emit_clrex(struct translator *t, const struct jit_item *item)
{
	if (t->smp) {
		emit_cmp8_imm(&t->code, CPU(exclusive), 0);
		jit_slow(t, item, CC_NE);
		jit_slow_back(t, item);
	} else {
		emit_store_imm8(&t->code, CPU(exclusive), 0);
	}
}

/* ---- Cache maintenance ---- */

#define LINE 64

/* DC ZVA. Monitors are cleared by the interpreter's function, as those of any store. */
static void emit_dc_zva(struct translator *t, const struct jit_item *item)
{
	struct code *c = &t->code;

	require_el1_or(t, item, A64_SCTLR_DZE);
	jit_load_to(t, true, RAX, item->insn.rd);
	emit_alu_imm(c, ALU_AND, true, rm_reg(RAX), -LINE);
	jit_look_up(t, item, LINE, true);
	emit_rm(c, 0x157, false, 0, rm_reg(0)); /* XORPS XMM0 */
	for (int n = 0; n < LINE; n += 16)
		emit_rm(c, 0x111, false, 0, rm_index(RDX, RAX, 0, n)); /* MOVUPS */
	jit_slow_back(t, item);
}

/* By address, to a point to which all is clean already: only the address has to be readable. */
static void emit_dc_clean(struct translator *t, const struct jit_item *item)
{
	require_el1_or(t, item, A64_SCTLR_UCI);
	jit_load_to(t, true, RAX, item->insn.rd);
	jit_look_up(t, item, 1, false);
	jit_slow_back(t, item);
}

/* ---- The table ---- */

#define MAINTAIN(name) [A64_OP_DC_##name] = {emit_dc_clean, JIT_USE_D | JIT_MEMORY, 0}

const struct jit_op jit_system_ops[A64_OPS] = {
	[A64_OP_MSR_DAIFSet] = {emit_daif_set, JIT_MEMORY, 0},
	[A64_OP_MSR_DAIFClr] = {emit_daif_clear, JIT_MEMORY, 0},
	[A64_OP_DSB] = {emit_dsb, JIT_MEMORY, 0},
	[A64_OP_DMB] = {emit_dmb, JIT_WIDE, 0},
	[A64_OP_ISB] = {emit_isb, JIT_END, 0},
	[A64_OP_YIELD] = {emit_yield, JIT_MEMORY, 0},
	[A64_OP_CLREX] = {emit_clrex, JIT_MEMORY, 0},
	[A64_OP_DC_ZVA] = {emit_dc_zva, JIT_USE_D | JIT_MEMORY, 0},
	MAINTAIN(CVAC),
	MAINTAIN(CVAU),
	MAINTAIN(CVAP),
	MAINTAIN(CIVAC),
};
