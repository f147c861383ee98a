/*
 * Fuzz target: the system registers of the generic timer, whose interrupts go to a GICv3.
 */
#include "devices/timer.h"

#include "devices/gicv3.h"
#include "devices/tests/fuzz.h"

static int create(struct vm *vm, struct error *err)
{
	const struct gic_layout layout = {
		.version = 3,
		.distributor = 0x08000000,
		.redistributors = 0x080a0000,
		.spis = 32,
	};

	return gicv3_create(vm, &layout, err) ? generic_timer_create(vm, err) : -1;
}

static void start(struct vm *vm)
{
	for (unsigned cpu = 0; cpu < vm->cpus; cpu++) {
		fuzz_msr(vm, cpu, "cntkctl_el1", 0x303);
		fuzz_msr(vm, cpu, "cntv_ctl_el0", 1);
		fuzz_msr(vm, cpu, "cntp_ctl_el0", 1);
	}
}

const struct fuzz_target fuzz_target = {
	.cpus = 2,
	.create = create,
	.start = start,
};
