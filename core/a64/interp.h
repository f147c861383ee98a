/*
 * Engine `interp`: an Armv8-A CPU in software, the plainest reading of the architecture, and the
 * oracle for the translator. What engine parts in core/a64 need of each other.
 */
#ifndef GOD_CORE_A64_INTERP_H
#define GOD_CORE_A64_INTERP_H

#include "core/a64/cpu.h"
#include "core/engine.h"
#include "core/vcpu.h"

extern const struct engine interp_engine;

static inline struct a64_cpu *a64_cpu_of(struct vcpu *vcpu)
{
	return vcpu->engine_state;
}

/*
 * Hand an exit to the VMM. Others do not wait for this vCPU meanwhile (work.h). When the VMM says
 * to leave, the run loop will, at the end of the straight run.
 */
void a64_exit(struct a64_cpu *cpu, struct vcpu_exit *exit);

#endif
