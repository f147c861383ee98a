/*
 * What translated code calls: the thunks at the start of the code cache, and the C functions behind
 * them, which execute an instruction by the interpreter's function.
 */
#include <xmmintrin.h>

#include "core/a64/jit/jit.h"

/* MXCSR: rounding to nearest, all exceptions masked, no flags; and the flags that matter. */
#define MXCSR_DEFAULT 0x1f80u
#define MXCSR_FLAGS   0x3du

/* ---- In C ---- */

/* AH after LAHF, with OF in AL. */
#define HOST_SF 15
#define HOST_ZF 14
#define HOST_CF (1u << 8)

static unsigned host_nzcv(unsigned ax)
{
	return (ax >> HOST_SF & 1) << 3 | (ax >> HOST_ZF & 1) << 2 | (ax & HOST_CF ? 2 : 0) |
	       (ax & 1);
}

/* The flags from their operands, as core/a64/exec_integer.c makes them. */
static unsigned lazy_nzcv(const struct a64_cpu *cpu)
{
	uint64_t a = cpu->lazy.a, b = cpu->lazy.b, result;
	unsigned c, v = 0;
	bool word = false;

	switch ((enum jit_kind)cpu->lazy.kind) {
	case KIND_SUB_32:
		a <<= 32;
		b <<= 32;
		__attribute__((fallthrough));
	case KIND_SUB_64:
		result = a - b;
		c = a >= b;
		v = ((a ^ b) & (a ^ result)) >> 63;
		break;
	case KIND_ADD_32:
		a <<= 32;
		b <<= 32;
		__attribute__((fallthrough));
	case KIND_ADD_64:
		result = a + b;
		c = result < a;
		v = ((a ^ result) & (b ^ result)) >> 63;
		break;
	case KIND_AND_32: word = true; __attribute__((fallthrough));
	case KIND_AND_64:
		result = a & b;
		if (word)
			result <<= 32;
		c = 0;
		break;
	case KIND_HOST_ADD: return host_nzcv((unsigned)a);
	case KIND_HOST_SUB: return host_nzcv((unsigned)a ^ HOST_CF);
	default: return a & 15;
	}
	return (unsigned)(result >> 63) << 3 | (result == 0) << 2 | c << 1 | v;
}

/* Called where guest vector registers are in the host's. */
__attribute__((target("general-regs-only"))) void jit_normalise(struct a64_cpu *cpu)
{
	if (cpu->lazy.kind == KIND_CANONICAL)
		return;
	a64_set_nzcv(cpu, lazy_nzcv(cpu));
	cpu->lazy.kind = KIND_CANONICAL;
}

/* The host's flags to FPSR: IE, ZE, OE, UE, PE to IOC, DZC, OFC, UFC, IXC. */
static void collect_fp_flags(struct a64_cpu *cpu)
{
	unsigned flags = _mm_getcsr() & MXCSR_FLAGS;

	if (!flags)
		return;
	cpu->fpsr |= (flags & 1) | (flags >> 1 & 0x1e);
	_mm_setcsr(MXCSR_DEFAULT);
}

/*
 * The run loop is next, which knows nothing of what translated code leaves for later. In between, C code
 * that is called does not touch the host's floating-point unit, but for instructions of that
 * class (JIT_FPU), so MXCSR stays as it is.
 */
static void settle(struct a64_cpu *cpu)
{
	jit_normalise(cpu);
	collect_fp_flags(cpu);
	cpu->lazy.inside = false;
}

void jit_left(struct a64_cpu *cpu)
{
	if (cpu->lazy.inside)
		settle(cpu);
}

/* Operands whose comparison gives the flags of a comparison of floating-point numbers. */
static void order_as_operands(struct a64_cpu *cpu)
{
	unsigned nzcv = a64_nzcv(cpu);

	cpu->lazy.a = nzcv == 3 ? 0x80000000 : nzcv == 2;
	cpu->lazy.b = nzcv == 3 || nzcv == 8;
}

/*
 * One instruction, from a copy after which the straight run stops. The copy stands where a64_pc()
 * gives the instruction's own address.
 */
void jit_exec_one(struct a64_cpu *cpu, uint32_t slot_op)
{
	struct a64_jit *jit = cpu->jit;
	const struct a64_insn *insns = cpu->code_insns;
	unsigned slot = slot_op & (A64_CODE_INSNS - 1), kind = cpu->lazy.kind;
	uintptr_t base = (uintptr_t)jit->single - slot * sizeof(struct a64_insn);

	jit_normalise(cpu);
	if (slot_op & JIT_FPU)
		collect_fp_flags(cpu);
	jit->single[0] = insns[slot];
	cpu->code_insns = (const struct a64_insn *)base;
	cpu->run_start = jit->single;
	a64_ops[slot_op >> 10 & 0x1fff].exec(cpu, jit->single);
	cpu->code_insns = insns;
	if (slot_op & JIT_SETS_KIND)
		order_as_operands(cpu);
	else
		cpu->lazy.kind = kind;
	/* The function may have used the host's arithmetic, and noted the flags itself. */
	if (slot_op & JIT_FPU)
		_mm_setcsr(MXCSR_DEFAULT);
}

const struct a64_insn *jit_exec_branch(struct a64_cpu *cpu, uint32_t slot_op)
{
	const struct a64_insn *i = &cpu->code_insns[slot_op & (A64_CODE_INSNS - 1)];

	jit_normalise(cpu);
	cpu->run_start = i;
	return a64_ops[slot_op >> 10 & 0x1fff].exec(cpu, i);
}

/* The instruction by itself, for jit_exec_one(). */
uint32_t jit_slot_op(unsigned slot, unsigned op, uint32_t word)
{
	/* Data processing of SIMD and FP registers (C4.1); MRS and MSR of FPCR and FPSR. */
	bool fpu = (word >> 25 & 7) == 7 ||
		   ((op == A64_OP_MRS || op == A64_OP_MSR) && (word >> 8 & 0xfff) == 0xb44);

	return slot | (uint32_t)op << 10 | (fpu ? JIT_FPU : 0);
}

const struct a64_insn *jit_exec_alone(struct a64_cpu *cpu, const struct a64_insn *i)
{
	unsigned slot = (unsigned)(i - cpu->code_insns);
	struct a64_insn decoded;
	unsigned op = a64_decode(i->word, cpu->features, &decoded);
	uint32_t slot_op = jit_slot_op(slot, op, i->word);

	if (jit_op_info(cpu->jit, op, &decoded)->flags & (JIT_BRANCH | JIT_END))
		return jit_exec_branch(cpu, slot_op);
	_mm_setcsr(MXCSR_DEFAULT); /* nothing of the guest's is there */
	jit_exec_one(cpu, slot_op);
	return i + 1;
}

static const struct a64_insn *fetch(struct a64_cpu *cpu, uint64_t pc)
{
	jit_normalise(cpu);
	return a64_fetch(cpu, pc);
}

/* ---- In host code ---- */

static const int8_t saved[] = {RBX, RBP, R12, R13, R14, R15};
static const int8_t scratch[] = {RSI, RDI, R8, R9, R10, R11};

#define BODIES ((int32_t)offsetof(struct a64_code_page, bodies))

/* Go on at the instruction in RAX. */
static void emit_go_on(struct code *c)
{
	emit_load(c, true, RCX, CPU(code_insns));
	emit_mov(c, true, RSI, RAX);
	emit_alu(c, ALU_SUB, true, RSI, rm_reg(RCX));
	emit_shift_imm(c, SHIFT_SHR, true, RSI, 3);
	emit_jmp_rm(c, rm_index(RCX, RSI, 1, BODIES));
}

/* From C: const struct a64_insn *enter(cpu, i), an a64_exec. */
static void emit_enter(struct code *c)
{
	for (unsigned n = 0; n < sizeof(saved); n++)
		emit_push(c, saved[n]);
	emit_alu_imm(c, ALU_SUB, true, rm_reg(RSP), 8);
	emit_lea(c, true, RBP, rm_mem(RDI, JIT_BIAS));
	emit_mov(c, true, R15, RSI);
	emit_alu(c, ALU_SUB, true, R15, CPU(run_start));
	emit_shift_imm(c, SHIFT_SAR, true, R15, 5);
	emit_store_imm32(c, false, rm_mem(RSP, 0), MXCSR_DEFAULT);
	emit_rm(c, 0x1ae, false, 2, rm_mem(RSP, 0)); /* LDMXCSR */
	emit_store_imm32(c, false, CPU(lazy.inside), true);
	emit_mov(c, true, RAX, RSI);
	emit_go_on(c);
}

/* To C, at the slot with offset RSI. */
static void emit_exit(struct code *c)
{
	uint8_t *unsettled, *settled;

	emit_rm(c, 0x01, true, R15, CPU(instructions)); /* ADD m, r */
	emit_mov(c, true, RBX, RSI);
	emit_store_imm32(c, false, CPU(lazy.inside), false);
	emit_alu_imm(c, ALU_CMP, false, CPU(lazy.kind), 0);
	unsettled = emit_jcc(c, CC_NE);
	emit_rm(c, 0x1ae, false, 3, rm_mem(RSP, 0)); /* STMXCSR */
	emit_test_imm(c, false, rm_mem(RSP, 0), MXCSR_FLAGS);
	settled = emit_jcc(c, CC_E);
	patch_here(c, unsettled);
	emit_lea(c, true, RDI, rm_mem(RBP, -JIT_BIAS));
	emit_call_c(c, (const void *)(uintptr_t)settle);
	patch_here(c, settled);
	emit_mov(c, true, RAX, RBX);
	emit_shift_imm(c, SHIFT_SHL, true, RAX, 3);
	emit_alu(c, ALU_ADD, true, RAX, CPU(code_insns));
	emit_alu_imm(c, ALU_ADD, true, rm_reg(RSP), 8);
	for (unsigned n = sizeof(saved); n-- > 0;)
		emit_pop(c, saved[n]);
	emit8(c, 0xc3);
}

/* At the address in RAX, which the fetch cache does not have. */
static void emit_fetch(struct code *c)
{
	emit_rm(c, 0x01, true, R15, CPU(instructions));
	emit_mov_imm(c, R15, 0);
	emit_mov(c, true, RSI, RAX);
	emit_lea(c, true, RDI, rm_mem(RBP, -JIT_BIAS));
	emit_call_c(c, (const void *)(uintptr_t)fetch);
	emit_go_on(c);
}

/* Instruction RSI after RDX others of its block: all is in memory. */
static void emit_call_thunk(struct code *c)
{
	emit_alu(c, ALU_ADD, true, R15, rm_reg(RDX));
	emit_rm(c, 0x01, true, R15, CPU(instructions));
	emit_mov(c, true, R15, RDX);
	emit_not(c, true, R15); /* the block's end counts those before, and this one, again */
	emit_alu_imm(c, ALU_SUB, true, rm_reg(RSP), 8);
	emit_lea(c, true, RDI, rm_mem(RBP, -JIT_BIAS));
	emit_call_c(c, (const void *)(uintptr_t)jit_exec_one);
	emit_alu_imm(c, ALU_ADD, true, rm_reg(RSP), 8);
	emit8(c, 0xc3);
}

static void emit_call_branch(struct code *c)
{
	emit_alu(c, ALU_ADD, true, R15, rm_reg(RDX));
	emit_rm(c, 0x01, true, R15, CPU(instructions));
	emit_mov_imm(c, R15, 0);
	emit_lea(c, true, RDI, rm_mem(RBP, -JIT_BIAS));
	emit_call_c(c, (const void *)(uintptr_t)jit_exec_branch);
	emit_go_on(c);
}

/* Keeps all registers that may hold guest registers. */
static void emit_normalise(struct code *c)
{
	for (unsigned n = 0; n < sizeof(scratch); n++)
		emit_push(c, scratch[n]);
	emit_alu_imm(c, ALU_SUB, true, rm_reg(RSP), 8);
	emit_lea(c, true, RDI, rm_mem(RBP, -JIT_BIAS));
	emit_call_c(c, (const void *)(uintptr_t)jit_normalise);
	emit_alu_imm(c, ALU_ADD, true, rm_reg(RSP), 8);
	for (unsigned n = sizeof(scratch); n-- > 0;)
		emit_pop(c, scratch[n]);
	emit8(c, 0xc3);
}

static uint8_t *begin(struct code *c)
{
	while ((uintptr_t)c->p & 15)
		emit8(c, 0xcc);
	return c->p;
}

static const void *executable(const struct a64_jit *jit, const uint8_t *p)
{
	return jit->executable + (p - jit->writable);
}

static const struct a64_insn *stop(struct a64_cpu *cpu, const struct a64_insn *i)
{
	cpu->instructions += (uint64_t)(i - cpu->run_start);
	cpu->run_start = i;
	return i;
}

void jit_thunks_emit(struct a64_cpu *cpu, struct code *c)
{
	struct a64_jit *jit = cpu->jit;
	uint8_t *enter = begin(c);

	emit_enter(c);
	jit->exit = begin(c);
	emit_exit(c);
	jit->fetch = begin(c);
	emit_fetch(c);
	jit->call = begin(c);
	emit_call_thunk(c);
	jit->call_branch = begin(c);
	emit_call_branch(c);
	jit->normalise = begin(c);
	emit_normalise(c);
	jit->enter = (a64_exec *)(uintptr_t)executable(jit, enter);
	jit->single[1].exec = stop;
	cpu->code_untranslated = executable(jit, jit->exit);
}
