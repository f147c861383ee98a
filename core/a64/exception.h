/*
 * Exceptions: how an instruction raises one, how the CPU takes it to EL1, and how ERET returns
 * (Arm ARM, D1.3 and D1.4; syndromes D19.2.37, ESR_EL1).
 */
#ifndef GOD_CORE_A64_EXCEPTION_H
#define GOD_CORE_A64_EXCEPTION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/a64/cpu.h"
#include "core/a64/insn.h"

/* ESR_EL1.EC. Where there are two, the first is for an exception from EL0, + 1 from EL1. */
enum a64_ec {
	A64_EC_UNKNOWN = 0x00,
	A64_EC_WFX = 0x01,
	A64_EC_FP_TRAP = 0x07,
	A64_EC_ILLEGAL_STATE = 0x0e,
	A64_EC_SVC = 0x15,
	A64_EC_SYSREG = 0x18,
	A64_EC_INSN_ABORT = 0x20,
	A64_EC_PC_ALIGNMENT = 0x22,
	A64_EC_DATA_ABORT = 0x24,
	A64_EC_SP_ALIGNMENT = 0x26,
	A64_EC_BREAKPOINT = 0x30,
	A64_EC_STEP = 0x32,
	A64_EC_WATCHPOINT = 0x34,
	A64_EC_BRK = 0x3c,
};

/* Fault status codes, DFSC and IFSC; those with a level have it added. */
enum a64_fsc {
	A64_FSC_ADDRESS_SIZE = 0x00,
	A64_FSC_TRANSLATION = 0x04,
	A64_FSC_ACCESS_FLAG = 0x08,
	A64_FSC_PERMISSION = 0x0c,
	A64_FSC_EXTERNAL = 0x10,
	A64_FSC_EXTERNAL_WALK = 0x14,
	A64_FSC_ALIGNMENT = 0x21,
	A64_FSC_DEBUG = 0x22,
	A64_FSC_UNSUPPORTED_ATOMIC = 0x35,
};

/* Bits of a data abort's ISS. */
#define A64_ISS_WNR (1u << 6)
#define A64_ISS_CM  (1u << 8)

/* Vector offsets within a group of VBAR_EL1. */
enum a64_vector {
	A64_VECTOR_SYNC = 0x000,
	A64_VECTOR_IRQ = 0x080,
	A64_VECTOR_FIQ = 0x100,
	A64_VECTOR_SERROR = 0x180,
};

/*
 * Take an exception to EL1: PSTATE to SPSR_EL1, return_pc to ELR_EL1, cpu->pc to the vector.
 * What was executed has been accounted for (a64_account).
 * ESR_EL1 is the caller's business (interrupts leave it alone).
 */
void a64_take(struct a64_cpu *cpu, enum a64_vector vector, uint64_t return_pc);

/* A synchronous exception with its syndrome. */
void a64_take_sync(struct a64_cpu *cpu, enum a64_ec ec, uint32_t iss, uint64_t return_pc);

/*
 * Raise a synchronous exception at instruction i, which has changed no state: takes it and goes
 * back to the run loop. The FAR forms set FAR_EL1. The _at form is for an instruction that could not even be
 * fetched from pc; the straight run has been accounted for.
 */
_Noreturn void a64_raise(struct a64_cpu *cpu, const struct a64_insn *i, enum a64_ec ec,
			 uint32_t iss);
_Noreturn void a64_raise_far(struct a64_cpu *cpu, const struct a64_insn *i, enum a64_ec ec,
			     uint32_t iss, uint64_t far);
_Noreturn void a64_raise_at(struct a64_cpu *cpu, uint64_t pc, enum a64_ec ec, uint32_t iss);

/* A data abort by the instruction i; iss holds fault status and flags. */
_Noreturn void a64_raise_data_abort(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va,
				    uint32_t iss);
_Noreturn void a64_raise_sp_alignment(struct a64_cpu *cpu, const struct a64_insn *i);
/* An atomic or exclusive access to what does not support it. */
_Noreturn void a64_raise_unsupported_atomic(struct a64_cpu *cpu, const struct a64_insn *i,
					    uint64_t va, bool write);

/* Account for the straight run before i (excluded) and go to the run loop with cpu->pc set. */
_Noreturn void a64_leave(struct a64_cpu *cpu, const struct a64_insn *i);

/* PSTATE in the format of SPSR_EL1, and back (without checks; SP and contexts follow). */
uint64_t a64_pstate(const struct a64_cpu *cpu);
void a64_set_pstate(struct a64_cpu *cpu, uint64_t spsr);

/*
 * PSTATE has changed: the run loop is asked to look if that makes an interrupt be taken, a step
 * be due, or the state be illegal. (An interrupt that becomes pending later asks for itself.)
 */
void a64_pstate_changed(struct a64_cpu *cpu);

/* Change EL and PSTATE.SP: the banked SP, the TLB contexts and the FP trap follow. */
void a64_set_mode(struct a64_cpu *cpu, unsigned el, unsigned sp_select);
/* After CPACR_EL1 or the EL changed. */
void a64_update_fp_trap(struct a64_cpu *cpu);

/* ERET: PSTATE from SPSR_EL1, cpu->pc from ELR_EL1; an illegal return sets PSTATE.IL. */
void a64_exception_return(struct a64_cpu *cpu);

/* Is software step active in the current state (D2.12)? */
bool a64_stepping(const struct a64_cpu *cpu);
/* The instruction that was executed alone, cpu->step_word, is complete, and cpu->pc behind it. */
void a64_step_done(struct a64_cpu *cpu);

#endif
