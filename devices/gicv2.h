/*
 * The GICv2 interrupt controller (Arm IHI 0048) for engines whose host does not emulate one: a
 * Distributor and memory-mapped CPU interfaces for up to eight vCPUs. Both interrupt groups, no
 * Security Extensions (every access is of the one kind that there is), no virtual interfaces.
 */
#ifndef GOD_DEVICES_GICV2_H
#define GOD_DEVICES_GICV2_H

#include "core/engine.h"
#include "core/error.h"

struct vm;

#define GICV2_CPUS_MAX 8

/*
 * Create the controller for all vCPUs of the VM, GICV2_CPUS_MAX at most: frames on the bus,
 * vm->irq_chip set. layout->spis is a multiple of 32, up to 224. The VM owns the device from here
 * on, also on failure (ERROR_INTERNAL: layout; ERROR_NO_MEMORY).
 */
int gicv2_create(struct vm *vm, const struct gic_layout *layout, struct error *err);

/*
 * Write the device-tree node of a GICv2 at that layout, whoever emulates it. Called between the
 * root's begin and end; 0, or a libfdt error.
 */
int gicv2_describe_node(void *fdt, const struct gic_layout *layout);

#endif
