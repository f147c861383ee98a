/*
 * Decoded code: for each 4 KiB page of RAM that the vCPU has executed, an array of 1024 decoded
 * instructions, decoded one by one when they are first reached, and kept by physical address until
 * the guest invalidates the instruction cache there (IC IVAU) or room is needed.
 *
 * The architecture lets an implementation without coherent instruction caches (CTR_EL0.DIC = 0)
 * execute stale instructions until then, so stores need not be watched.
 */
#ifndef GOD_CORE_A64_CODE_H
#define GOD_CORE_A64_CODE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/a64/cpu.h"
#include "core/a64/insn.h"
#include "core/a64/shared.h"
#include "core/error.h"

#define A64_CODE_INSNS 1024

/* A page of decoded code; cpu->code_insns points at the one in execution. */
struct a64_code_page {
	struct a64_insn insns[A64_CODE_INSNS + 1];
	/*
	 * The translator's: where translated code for a slot begins, how often a slot was reached. A run
	 * may stop at the end marker, too, which counts as reached often enough: nothing is done about it.
	 */
	const void *bodies[A64_CODE_INSNS];
	uint8_t heat[A64_CODE_INSNS + 1];
	uint64_t pa;
	struct a64_code_page *next; /* in its bucket, or in the free list */
};

/* Was the slot ever reached, so that its instruction is there? */
bool a64_code_decoded(const struct a64_insn *i);

/* Per vCPU. ERROR_NO_MEMORY. */
int a64_code_init(struct a64_cpu *cpu, struct error *err);
void a64_code_destroy(struct a64_cpu *cpu);

/*
 * The instruction at pc in the current state, fetched and decoded; sets cpu->code_insns and
 * code_va. Takes the instruction abort or PC alignment fault and goes to the run loop if there is one.
 */
const struct a64_insn *a64_fetch(struct a64_cpu *cpu, uint64_t pc);

/*
 * The same instruction set up to be executed alone: what follows it, wherever in its page, returns to
 * the run loop at once. Takes the breakpoint exception if there is one at pc. While cpu->alone is set, a
 * branch to what is not in the fetch cache goes back to the run loop with cpu->pc at its target.
 */
const struct a64_insn *a64_fetch_step(struct a64_cpu *cpu, uint64_t pc);

/*
 * Virtual time: make the straight run in execution return to the run loop before it executes `slot`,
 * which is one of the current page's. One slot at a time: the last that was named counts. Clear
 * it when the straight run has ended.
 */
void a64_stop_before(struct a64_cpu *cpu, const struct a64_insn *slot);
void a64_stop_clear(struct a64_cpu *cpu);

/* Drop the decoded page at a physical address, or all. Only between straight runs. */
void a64_code_forget(struct a64_cpu *cpu, uint64_t pa);
void a64_code_forget_all(struct a64_cpu *cpu);

/* Which vCPUs have decoded code of the page at pa: bit n for vCPU n; 0 when pa is not RAM. */
uint16_t a64_code_owners(struct a64_shared *shared, uint64_t pa);

#endif
