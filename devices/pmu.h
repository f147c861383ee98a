/*
 * The performance monitors as the board sees them: an interrupt, and a node in the device tree. The
 * counters themselves are registers of the CPU: an engine's.
 */
#ifndef GOD_DEVICES_PMU_H
#define GOD_DEVICES_PMU_H

#include "core/error.h"

struct vm;

/* Let the CPUs' overflow interrupts come as this PPI (absolute INTID). */
int pmu_create(struct vm *vm, unsigned intid, struct error *err);

/* The node in the device tree, for engines whose host emulates the monitors; 0: there are none. */
int pmu_describe_node(void *fdt, unsigned intid);

#endif
