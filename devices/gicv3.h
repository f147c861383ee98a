/*
 * The GICv3 interrupt controller (Arm IHI 0069) for engines whose host does not emulate one: a
 * Distributor, a Redistributor for each vCPU, and CPU interfaces reached by system registers.
 * One security state (GICD_CTLR.DS is 1), affinity routing always on, no virtualization. With an ITS
 * (devices/its.h) there are LPIs, too.
 */
#ifndef GOD_DEVICES_GICV3_H
#define GOD_DEVICES_GICV3_H

#include <stdbool.h>
#include <stdint.h>

#include "core/engine.h"
#include "core/error.h"

struct gicv3;
struct vm;

/*
 * Create the controller for all vCPUs of the VM: frames on the bus, ICC_* in the system-register
 * table, vm->irq_chip set. (If the layout has an ITS, the caller creates it.) layout->spis is a
 * multiple of 32, up to 224. The VM owns the device from here on, also on failure, which is NULL
 * (ERROR_INTERNAL: layout; ERROR_NO_MEMORY).
 */
struct gicv3 *gicv3_create(struct vm *vm, const struct gic_layout *layout, struct error *err);

/*
 * For the ITS: the LPIs of a vCPU that there is. What a vCPU cannot have pending (LPIs are off there,
 * INTIDs out of range) is ignored. After one or several of the others, gicv3_lpi_update() for all
 * vCPUs (a bit each) that they were about, or whose LPIs' configuration changed. Any thread.
 */
void gicv3_lpi_set(struct gicv3 *gic, unsigned cpu, uint64_t intid, bool pending);
void gicv3_lpi_move(struct gicv3 *gic, unsigned from, unsigned to, uint64_t intid);
void gicv3_lpi_move_all(struct gicv3 *gic, unsigned from, unsigned to);
void gicv3_lpi_update(struct gicv3 *gic, uint32_t cpus);

/*
 * Write the device-tree node of a GICv3 at that layout, whoever emulates it. Called between the
 * root's begin and end; 0, or a libfdt error.
 */
int gicv3_describe_node(void *fdt, const struct gic_layout *layout, unsigned cpus);

#endif
