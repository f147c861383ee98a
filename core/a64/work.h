/*
 * What one vCPU has to do because of another: TLB invalidations that are broadcast (TLBI ...IS)
 * and code invalidations (IC IVAU, IC IALLUIS).
 *
 * A request is queued at the target, which is made to look. TLBI itself does not wait; DSB waits until
 * every target has done what was queued before, or is not executing guest code (it looks before it
 * goes on). Two vCPUs that wait for each other do their own work meanwhile, so they cannot deadlock.
 * Code invalidations need no waiting: the architecture asks the other PE for an ISB
 * of its own, and ISB ends a straight run here.
 */
#ifndef GOD_CORE_A64_WORK_H
#define GOD_CORE_A64_WORK_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/a64/cpu.h"
#include "core/a64/mmu.h"

/* Reasons for the run loop to look, bits of cpu->attention. */
#define A64_ATTENTION_KICK  (1u << 0) /* engine kick: interrupt inputs, a request to leave */
#define A64_ATTENTION_WORK  (1u << 1) /* the queue below */
#define A64_ATTENTION_STATE (1u << 2) /* PSTATE or a debug register changed */
#define A64_ATTENTION_LEAVE (1u << 3) /* the VMM said to leave run() */

static inline void a64_attention(struct a64_cpu *cpu, uint32_t reason)
{
	__atomic_fetch_or((uint32_t *)&cpu->attention, reason, __ATOMIC_SEQ_CST);
}

/* Invalidate on all vCPUs of the VM, this one at once. */
void a64_work_tlb_broadcast(struct a64_cpu *cpu, enum a64_tlb_scope scope, uint64_t va,
			    uint16_t asid);
/* Forget decoded instructions of the page of RAM at pa on the vCPUs that have some. */
void a64_work_code_broadcast(struct a64_cpu *cpu, uint64_t pa);
void a64_work_code_broadcast_all(struct a64_cpu *cpu);

/* DSB: wait for broadcasts of this vCPU to have taken effect. */
void a64_work_wait(struct a64_cpu *cpu);

/* Do what is queued: TLB requests alone (safe inside an instruction), or all (between runs). */
void a64_work_do_tlb(struct a64_cpu *cpu);
void a64_work_do(struct a64_cpu *cpu);

/* Enter and leave guest execution: between leave and enter nobody waits for this vCPU. */
void a64_work_enter(struct a64_cpu *cpu);
void a64_work_leave(struct a64_cpu *cpu);

#endif
