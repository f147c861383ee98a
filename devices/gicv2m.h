/*
 * GICv2m: message-signalled interrupts for a GICv2 (Arm DEN 0029, Server Base System Architecture,
 * appendix on GICv2m). A device's message, a number written to one register, is an edge of the SPI of
 * that number.
 */
#ifndef GOD_DEVICES_GICV2M_H
#define GOD_DEVICES_GICV2M_H

#include <stdint.h>

#include "core/engine.h"
#include "core/error.h"

struct vm;

#define GICV2M_SIZE 0x1000ULL

/*
 * Create the frame at layout->msi, for the SPIs that the layout gives to it and to nobody else.
 * vm->irq_chip is there already. The VM owns the device from here on.
 */
int gicv2m_create(struct vm *vm, const struct gic_layout *layout, struct error *err);

/* Write the device-tree node, within the GIC's. 0, or a libfdt error. */
int gicv2m_describe_node(void *fdt, const struct gic_layout *layout);

#endif
