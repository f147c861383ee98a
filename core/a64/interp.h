/*
 * Engine `interp`: an Armv8-A CPU in software, the plainest reading of the architecture, and the
 * oracle for the translator. What engine parts in core/a64 need of each other.
 */
#ifndef GOD_CORE_A64_INTERP_H
#define GOD_CORE_A64_INTERP_H

#include "core/a64/code.h"
#include "core/a64/cpu.h"
#include "core/engine.h"
#include "core/vcpu.h"

extern const struct engine interp_engine;

static inline struct a64_cpu *a64_cpu_of(struct vcpu *vcpu)
{
	return vcpu->engine_state;
}

/*
 * Around whatever lets the outside see or change the CPU in the middle of instruction i: an exit, or a
 * function of the system-register table. a64_reach says where the CPU is. With virtual time
 * a64_reached ends the straight run behind i, because the limit may have moved or an interrupt
 * become pending.
 */
static inline void a64_reach(struct a64_cpu *cpu, const struct a64_insn *i)
{
	cpu->at = i;
}

static inline void a64_reached(struct a64_cpu *cpu, const struct a64_insn *i)
{
	if (__builtin_expect(cpu->limit != UINT64_MAX, 0))
		a64_stop_before(cpu, i + 1);
}

/* What run_until() counts; exact between straight runs. */
static inline uint64_t a64_executed(const struct a64_cpu *cpu)
{
	return cpu->instructions + cpu->exceptions;
}

/* The straight run has ended: what was set up for it, or by it, goes. */
static inline void a64_end_straight_run(struct a64_cpu *cpu)
{
	a64_stop_clear(cpu);
	cpu->at = NULL;
}

/*
 * Hand an exit to the VMM. Others do not wait for this vCPU meanwhile (work.h). When the VMM says
 * to leave, the run loop will, at the end of the straight run.
 */
void a64_exit(struct a64_cpu *cpu, struct vcpu_exit *exit);

#endif
