/*
 * The GICv3 interrupt controller (Arm IHI 0069) for engines whose host does not emulate one: a
 * Distributor, a Redistributor for each vCPU, and CPU interfaces reached by system registers.
 * One security state (GICD_CTLR.DS is 1), affinity routing always on, no LPIs, no virtualization.
 */
#ifndef GOD_DEVICES_GICV3_H
#define GOD_DEVICES_GICV3_H

#include "core/engine.h"
#include "core/error.h"

struct vm;

/*
 * Create the controller for all vCPUs of the VM: frames on the bus, ICC_* in the system-register
 * table, vm->irq_chip set. layout->spis is a multiple of 32, up to 224. The VM owns the
 * device from here on, also on failure (ERROR_INTERNAL: layout; ERROR_NO_MEMORY).
 */
int gicv3_create(struct vm *vm, const struct gic_layout *layout, struct error *err);

/*
 * Write the device-tree node of a GICv3 at that layout, whoever emulates it. Called between the
 * root's begin and end; 0, or a libfdt error.
 */
int gicv3_describe_node(void *fdt, const struct gic_layout *layout, unsigned cpus);

#endif
