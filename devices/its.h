/*
 * The GICv3 Interrupt Translation Service (Arm IHI 0069, chapter 5 and 12.18): turns a message, an
 * EventID written by a device with a DeviceID, into an LPI at a vCPU, by tables in guest memory that
 * the guest fills by commands.
 */
#ifndef GOD_DEVICES_ITS_H
#define GOD_DEVICES_ITS_H

#include <stdint.h>

#include "core/error.h"

struct gicv3;
struct its;
struct vm;

/* The frames: control, and translation at + 64 KiB. */
#define ITS_SIZE       0x20000ULL
#define ITS_TRANSLATER 0x10040ULL

/*
 * Create the ITS of `gic`, whose layout has it at `base`. NULL on failure. The VM owns it from here
 * on. A vCPU that writes to GITS_TRANSLATER itself is device 0.
 */
struct its *its_create(struct vm *vm, struct gicv3 *gic, uint64_t base, struct error *err);

/* A message of a device. What the tables do not map is dropped. Any thread. */
void its_send(struct its *its, uint32_t device, uint32_t event);

/* Write the device-tree node, within the GIC's. 0, or a libfdt error. */
int its_describe_node(void *fdt, uint64_t base);

#endif
