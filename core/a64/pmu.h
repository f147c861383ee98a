/*
 * The Performance Monitors Extension, PMUv3 for Armv8.1 (Arm ARM, D13 and D19.5): a cycle counter of 64
 * bits, six event counters of 32, overflow interrupts, access from EL0.
 *
 * This CPU takes one cycle for an instruction, so cycles are instructions, which are counted
 * anyway: the counters catch up when somebody could see the difference (a read, a change of what is
 * counted, a change of the exception level). Exceptions, TTBR and context writes are counted where they
 * happen. Branches and memory accesses are not counted in passing: while a counter of such an event
 * is enabled, instructions are executed alone (a64_fetch_step) and looked at one by one. That is slow,
 * and exact, and costs nothing as long as nobody asks for it.
 *
 * An overflow interrupt comes at the instruction that causes it. While one is less than some 16 million
 * instructions away, the run loop is asked for attention all the time, so that straight runs and
 * translated code come back to it at once; the last few thousand are executed alone. Before that
 * nothing is slower: a timer sees to it that this begins in time.
 */
#ifndef GOD_CORE_A64_PMU_H
#define GOD_CORE_A64_PMU_H

#include "core/a64/cpu.h"
#include "core/error.h"
#include "core/sysreg.h"

/* Common events (D13.12.3). */
enum a64_pmu_event {
	A64_PMU_SW_INCR = 0x00,
	A64_PMU_LD_RETIRED = 0x06,
	A64_PMU_ST_RETIRED = 0x07,
	A64_PMU_INST_RETIRED = 0x08,
	A64_PMU_EXC_TAKEN = 0x09,
	A64_PMU_EXC_RETURN = 0x0a,
	A64_PMU_CID_WRITE_RETIRED = 0x0b,
	A64_PMU_PC_WRITE_RETIRED = 0x0c,
	A64_PMU_BR_IMMED_RETIRED = 0x0d,
	A64_PMU_BR_RETURN_RETIRED = 0x0e,
	A64_PMU_CPU_CYCLES = 0x11,
	A64_PMU_MEM_ACCESS = 0x13,
	A64_PMU_TTBR_WRITE_RETIRED = 0x1c,
	A64_PMU_CHAIN = 0x1e,
	A64_PMU_BR_RETIRED = 0x21,
	A64_PMU_STALL_FRONTEND = 0x23, /* this CPU never stalls: 0, */
	A64_PMU_STALL_BACKEND = 0x24,  /* but PMUv3p1 wants them */
};

void a64_pmu_init(struct a64_cpu *cpu);
void a64_pmu_destroy(struct a64_cpu *cpu);
void a64_pmu_reset(struct a64_cpu *cpu);
int a64_pmu_add_registers(struct sysreg_table *table, struct error *err);

/* Let the counters catch up with cpu->instructions, at the current EL; overflows take effect. */
void a64_pmu_sync(struct a64_cpu *cpu);

/* The same, before a change of the exception level. */
void a64_pmu_change_el(struct a64_cpu *cpu, unsigned el);

/* What a64_pmu_count() and a64_pmu_retired() do when a counter is enabled. */
void a64_pmu_count_slow(struct a64_cpu *cpu, enum a64_pmu_event event);
void a64_pmu_retired_slow(struct a64_cpu *cpu);

/* Called by the run loop while cpu->pmu.limit is one: has it been reached, or is it near? */
void a64_pmu_approach(struct a64_cpu *cpu);

/* More than can be executed between two looks at cpu->attention. */
#define A64_PMU_ALONE 4096

/* Have instructions to be executed alone? */
static inline bool a64_pmu_looks(const struct a64_cpu *cpu)
{
	return cpu->pmu.detailed ||
	       (cpu->pmu.limit != UINT64_MAX && cpu->pmu.limit - cpu->instructions < A64_PMU_ALONE);
}

/* An event happens, at the current EL; the straight run has been accounted for (a64_account). */
static inline void a64_pmu_count(struct a64_cpu *cpu, enum a64_pmu_event event)
{
	if (__builtin_expect(cpu->pmu.counting, 0))
		a64_pmu_count_slow(cpu, event);
}

/* The instruction that was executed alone is complete; cpu->pc is where it goes on. */
static inline void a64_pmu_retired(struct a64_cpu *cpu)
{
	if (__builtin_expect(cpu->pmu.detailed, 0))
		a64_pmu_retired_slow(cpu);
}

#endif
