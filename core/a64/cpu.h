/*
 * The architectural state of one A64 CPU in software, shared by the interpreter and the translator,
 * and what both keep beside it to be fast (the TLB, the current code page).
 *
 * General registers: x[0..30]; x[31] is the stack pointer in use (SP_EL0 or SP_EL1, swapped when
 * PSTATE.SP or the exception level changes); x[32] is always zero and is what a read of XZR reads;
 * x[33] takes the writes to XZR. The decoder chooses among them, so no instruction tests for 31.
 *
 * Flags are kept as the result that they come from: N is the sign of n_result, Z is
 * z_result == 0. A 32-bit operation stores its result sign-extended (N) and zero-extended (Z).
 */
#ifndef GOD_CORE_A64_CPU_H
#define GOD_CORE_A64_CPU_H

#include <pthread.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/a64/features.h"
#include "core/a64/fp.h"
#include "core/a64/tlb.h"
#include "core/clock.h"

struct vcpu;
struct a64_insn;
struct a64_shared;
struct a64_code;
struct a64_jit;

#define A64_SP	    31
#define A64_ZERO    32
#define A64_DISCARD 33

/* A SIMD&FP register; element 0 is the least significant (the host is little-endian). */
union a64_vreg {
	uint64_t d[2];
	uint32_t s[4];
	uint16_t h[8];
	uint8_t b[16];
	int64_t sd[2];
	int32_t ss[4];
	int16_t sh[8];
	int8_t sb[16];
	unsigned __int128 q;
};

#define A64_WORK_TLB  32
#define A64_WORK_CODE 64

/* Requests of other vCPUs (core/a64/work.h). */
struct a64_work {
	pthread_mutex_t lock; /* guards the queues */
	struct {
		uint64_t va;
		uint16_t asid;
		uint8_t scope; /* enum a64_tlb_scope */
	} tlb[A64_WORK_TLB];
	unsigned tlb_count;
	bool tlb_all;		      /* the queue overflowed: forget everything */
	uint64_t code[A64_WORK_CODE]; /* physical pages */
	unsigned code_count;
	bool code_all;
	_Atomic uint64_t posted, done; /* TLB requests so far */
	_Atomic bool running;	       /* in guest execution: others wait for done */
	bool wait;		       /* this vCPU has broadcast since its last DSB */
};

#define A64_PMU_COUNTERS 6

/* The performance monitors (core/a64/pmu.h). */
struct a64_pmu {
	bool counting;	/* a counter is enabled */
	bool detailed;	/* one counts what is seen by executing each instruction alone */
	bool line;	/* the interrupt's level */
	bool turn;	/* the run loop's, while `limit` is one */
	uint64_t base;	/* cpu->instructions when the counters last caught up */
	uint64_t limit; /* cpu->instructions at which the run loop lets them; UINT64_MAX: never */
	uint64_t cycles;
	uint32_t counter[A64_PMU_COUNTERS], type[A64_PMU_COUNTERS];
	uint32_t cycle_filter;
	uint32_t control, enabled, interrupts, overflow, select, user;
	uint64_t look_at; /* the clock's counter when `look` is due */
	struct clock_timer look;
};

/* System registers that the CPU itself owns; devices keep theirs. */
struct a64_sysregs {
	uint64_t sctlr, actlr, cpacr, ttbr0, ttbr1, tcr, mair, amair, vbar, contextidr;
	uint64_t esr, far, afsr0, afsr1, elr, spsr, par;
	uint64_t sp_el0, sp_el1; /* the one in use lives in x[31] */
	uint64_t tpidr_el0, tpidrro_el0, tpidr_el1;
	uint64_t mdscr, oslsr, dbgbvr[16], dbgbcr[16], dbgwvr[16], dbgwcr[16], dbgclaim;
	uint64_t csselr, mdccint;
};

#define A64_PAGE_DELTAS 8

struct a64_cpu {
	uint64_t x[34];
	int64_t n_result;
	uint64_t z_result;
	uint8_t c, v_flag;
	/* What the flags come from while translated code runs (core/a64/jit/flags.c). */
	struct {
		uint32_t kind;
		uint64_t a, b;
		uint32_t inside; /* translated code is on its way: MXCSR has flags for FPSR */
	} lazy;
	uint64_t page_delta[A64_PAGE_DELTAS]; /* translated code's (core/a64/jit/groups.c) */

	uint8_t el;			       /* 0 or 1 */
	uint8_t sp_select;		       /* PSTATE.SP */
	uint8_t daif;			       /* PSTATE.D, A, I, F as bits 3 to 0 */
	uint8_t pan, uao, ssbs, step, illegal; /* PSTATE.PAN, UAO, SSBS, SS, IL */
	bool was_reset;			       /* at least once: the TLB may not be empty */
	bool fp_trapped; /* FP and AdvSIMD trap at the current EL (CPACR_EL1.FPEN) */

	/*
	 * Something may be pending (an interrupt, a kick, work from another vCPU): the run loop
	 * looks before it follows the next branch. Set from any thread.
	 */
	_Atomic uint32_t attention;

	const struct a64_insn *run_start;  /* where the straight run in execution began */
	const struct a64_insn *code_insns; /* decoded page in execution, and its virtual address */
	uint64_t code_va;
	uint64_t instructions; /* retired, without the run in execution */
	uint64_t pc;	       /* where to go on; valid between straight runs alone */

	/* The instruction that reached out of the CPU: an exit, MRS or MSR. Valid meanwhile. */
	const struct a64_insn *at;
	/* Virtual time: run() returns once a64_executed() is not less; UINT64_MAX: there is none. */
	uint64_t limit;
	struct a64_insn *stop; /* the slot that ends the straight run in execution, or NULL */
	const struct a64_insn *(*stop_exec)(struct a64_cpu *cpu, const struct a64_insn *i);

	union a64_vreg v[32] __attribute__((aligned(16)));
	union {
		struct {
			uint32_t fpcr, fpsr;
		};
		struct fp_env fp; /* the same two, as the floating-point functions take them */
	};

	struct a64_tlb tlb;
	struct a64_sysregs sys;
	a64_features features;

	/* The local exclusive monitor (core/a64/exclusive.c). */
	bool exclusive;
	uint8_t exclusive_size; /* bytes, 1 to 16 */
	uint64_t exclusive_pa;	/* physical address */
	uint64_t exclusive_value[2];
	uint32_t exclusive_version;
	_Atomic bool event; /* the event register of WFE and SEV */
	unsigned wfe_waits; /* in a row without an event */

	/* Breakpoints and watchpoints that are enabled (core/a64/debug.c). */
	struct {
		bool breaking, watching;
	} debug;
	/* An instruction that is executed alone (a64_fetch_step), and the last one. */
	bool alone;	     /* it is on its way */
	bool step_active;    /* software step was active */
	bool stepped;	     /* the last one was stepped, and there was no ERET since */
	bool step_exclusive; /* and it was a load-exclusive */
	uint32_t step_word;
	uint64_t step_pc;
	uint8_t step_el;

	struct a64_pmu pmu;

	struct a64_work work;

	/* a64_raise() leaves an instruction through here, to the run loop. */
	jmp_buf leave;

	struct vcpu *vcpu;
	struct a64_shared *shared; /* what the vCPUs of a VM have in common */
	struct a64_code *code;	   /* decoded pages of this vCPU */
	/* Execute from cpu->pc until attention is asked for: the interpreter's, or the translator's. */
	void (*run)(struct a64_cpu *cpu);
	/* An exception left it: bring what it keeps elsewhere into the state. NULL: nothing. */
	void (*left)(struct a64_cpu *cpu);
	struct a64_jit *jit;	       /* translated code of this vCPU; NULL: none */
	const void *code_untranslated; /* what a new page's bodies are */
	uint64_t exceptions;	       /* taken; for statistics */
};

#endif
