/*
 * A decoded instruction, and how its semantics are written.
 *
 * Each 4 KiB page of guest code becomes an array of 1024 decoded instructions plus an end marker
 * (core/a64/code.h), and executing means calling `exec` of one after another. A function's semantics
 * are written with one of three macros, by the name that the table a64.decode gives it:
 *
 *	A64(ADD_imm_64) { X(rd) = X(rn) + i->imm; }
 *	A64_FP(FADD_s)  { ... }			as A64, and traps when FP is disabled (CPACR_EL1)
 *	A64_BRANCH(RET) { return a64_jump(cpu, i, X(rn)); }
 *
 * A64 bodies fall through to the next instruction: the macro appends a tail call to the next
 * one's exec, which the compiler turns into a jump. A branch returns the instruction to go on with
 * to the run loop, where interrupts are noticed. So the depth of calls is bounded by the 1024
 * instructions of a page even where the compiler does not make tail calls (sanitizers).
 *
 * An instruction that takes an exception leaves by a64_raise() (core/a64/exception.h) and does
 * not come back: it must not have changed any architectural state by then.
 */
#ifndef GOD_CORE_A64_INSN_H
#define GOD_CORE_A64_INSN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/a64/cpu.h"

struct a64_insn;
struct sysreg;

typedef const struct a64_insn *a64_exec(struct a64_cpu *cpu, const struct a64_insn *i);

struct a64_insn {
	a64_exec *exec;
	union {
		int64_t imm;
		uint64_t uimm;
	};
	union {
		uint64_t imm2;
		const struct a64_insn *target; /* direct branch within the page, else NULL */
		const struct sysreg *sysreg;   /* MRS, MSR */
	};
	uint32_t word; /* the encoding, for syndromes, rare fields and disassembly */
	/*
	 * Register numbers as the table maps them: read (31 becomes A64_ZERO), written (31 becomes
	 * A64_DISCARD), base or SP (31 is the stack pointer), or a plain number. Operands that are
	 * no register use a free slot.
	 */
	uint8_t rd, rn, rm, ra;
};

_Static_assert(sizeof(struct a64_insn) == 32, "a64_pc() shifts by this");

/* Fields of the encoding that are not in the decoded form: A64_BITS(i, lsb, width). */
#define A64_BITS(i, lsb, width) (((i)->word >> (lsb)) & ((1u << (width)) - 1))

/* A general register by operand slot: X(rd) = X(rn); W() is its low half, writes zero-extend:
 * write `X(rd) = (uint32_t) value`. */
#define X(slot) (cpu->x[i->slot])
#define W(slot) ((uint32_t)cpu->x[i->slot])
/* A vector register by operand slot. */
#define V(slot) (cpu->v[i->slot])

#define A64_NEXT return i[1].exec(cpu, i + 1)

#define A64(name)                                                                                  \
	static inline __attribute__((always_inline)) void a64_do_##name(struct a64_cpu *cpu,       \
									const struct a64_insn *i); \
	const struct a64_insn *a64_exec_##name(struct a64_cpu *cpu, const struct a64_insn *i)      \
	{                                                                                          \
		a64_do_##name(cpu, i);                                                             \
		A64_NEXT;                                                                          \
	}                                                                                          \
	static inline void a64_do_##name(struct a64_cpu *cpu __attribute__((unused)),              \
					 const struct a64_insn *i __attribute__((unused)))

#define A64_FP(name)                                                                               \
	static inline __attribute__((always_inline)) void a64_do_##name(struct a64_cpu *cpu,       \
									const struct a64_insn *i); \
	const struct a64_insn *a64_exec_##name(struct a64_cpu *cpu, const struct a64_insn *i)      \
	{                                                                                          \
		if (__builtin_expect(cpu->fp_trapped, 0))                                          \
			a64_raise_fp_trap(cpu, i);                                                 \
		a64_do_##name(cpu, i);                                                             \
		A64_NEXT;                                                                          \
	}                                                                                          \
	static inline void a64_do_##name(struct a64_cpu *cpu __attribute__((unused)),              \
					 const struct a64_insn *i __attribute__((unused)))

#define A64_BRANCH(name) \
	const struct a64_insn *a64_exec_##name(struct a64_cpu *cpu, const struct a64_insn *i)

/* The FP or AdvSIMD access trap, EC 0x07 (core/a64/exception.c). */
_Noreturn void a64_raise_fp_trap(struct a64_cpu *cpu, const struct a64_insn *i);
/* An encoding that is UNDEFINED in the current state: EC 0. */
_Noreturn void a64_raise_undefined(struct a64_cpu *cpu, const struct a64_insn *i);

/* The address of an instruction of the current code page. */
static inline uint64_t a64_pc(const struct a64_cpu *cpu, const struct a64_insn *i)
{
	return cpu->code_va + (((uintptr_t)i - (uintptr_t)cpu->code_insns) >> 3);
}

/* Account for the straight run before i (excluded): cpu->instructions is exact. */
static inline void a64_account(struct a64_cpu *cpu, const struct a64_insn *i)
{
	cpu->instructions += (uint64_t)(i - cpu->run_start);
	cpu->run_start = i;
}

/*
 * End the straight run at i (included), account for it, and go on at pc: looks the page up,
 * takes the instruction abort or PC alignment fault there if need be.
 */
const struct a64_insn *a64_jump(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t pc);

/* As a64_jump, for a direct branch whose target the decoder may have found in the same page;
 * i->imm is the byte offset from i. */
static inline const struct a64_insn *a64_jump_direct(struct a64_cpu *cpu, const struct a64_insn *i)
{
	if (__builtin_expect(i->target != NULL, 1)) {
		cpu->instructions += (uint64_t)(i - cpu->run_start) + 1;
		return i->target;
	}
	return a64_jump(cpu, i, a64_pc(cpu, i) + (uint64_t)i->imm);
}

/* ConditionHolds (Arm ARM, shared pseudocode). */
static inline bool a64_condition(const struct a64_cpu *cpu, unsigned cond)
{
	bool n = cpu->n_result < 0, z = cpu->z_result == 0, c = cpu->c, v = cpu->v_flag;
	bool holds;

	switch (cond >> 1) {
	case 0: holds = z; break;
	case 1: holds = c; break;
	case 2: holds = n; break;
	case 3: holds = v; break;
	case 4: holds = c && !z; break;
	case 5: holds = n == v; break;
	case 6: holds = n == v && !z; break;
	default: return true;
	}
	return holds != (cond & 1);
}

/* PSTATE.NZCV as bits 3 to 0. */
static inline unsigned a64_nzcv(const struct a64_cpu *cpu)
{
	return (unsigned)(cpu->n_result < 0) << 3 | (unsigned)(cpu->z_result == 0) << 2 |
	       (unsigned)cpu->c << 1 | (unsigned)cpu->v_flag;
}

static inline void a64_set_nzcv(struct a64_cpu *cpu, unsigned nzcv)
{
	cpu->n_result = nzcv & 8 ? -1 : 0;
	cpu->z_result = nzcv & 4 ? 0 : 1;
	cpu->c = nzcv >> 1 & 1;
	cpu->v_flag = nzcv & 1;
}

#endif
