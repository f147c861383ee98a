/*
 * For tests of the GICv3: a machine with nothing but the controller, switched on, and the accesses
 * that a guest makes, by short names.
 */
#ifndef GOD_DEVICES_TESTS_GIC_RIG_H
#define GOD_DEVICES_TESTS_GIC_RIG_H

#include "devices/tests/machine.h"

#define GICD 0x08000000ULL
#define GICR 0x080a0000ULL
#define SPIS 224

#define GICD_CTLR	0x0000
#define GICD_TYPER	0x0004
#define GICD_SETSPI_NSR 0x0040
#define GICD_CLRSPI_NSR 0x0048
#define GICD_IROUTER	0x6000
#define GICR_CTLR	0x0000
#define GICR_TYPER	0x0008
#define GICR_WAKER	0x0014

/* Registers with a field an interrupt, in GICD or at SGI_base. */
#define IGROUPR	   0x080
#define ISENABLER  0x100
#define ICENABLER  0x180
#define ISPENDR	   0x200
#define ICPENDR	   0x280
#define ISACTIVER  0x300
#define ICACTIVER  0x380
#define IPRIORITYR 0x400
#define ICFGR	   0xc00

#define SPURIOUS 1023
#define IDLE	 0xff

struct gic_rig {
	struct vm *vm;
};

/* Reset state: nothing enabled anywhere. */
void rig_create_reset(struct gic_rig *rig, unsigned cpus);
/* Both groups on, all Redistributors awake, priority masks open. */
void rig_create(struct gic_rig *rig, unsigned cpus);
void rig_open(struct gic_rig *rig);
void rig_destroy(struct gic_rig *rig);

uint64_t rig_mrs(struct gic_rig *rig, unsigned cpu, const char *name);
void rig_msr(struct gic_rig *rig, unsigned cpu, const char *name, uint64_t value);
uint32_t gicd_read(struct gic_rig *rig, uint64_t offset);
void gicd_write(struct gic_rig *rig, uint64_t offset, uint32_t value);
uint32_t gicr_read(struct gic_rig *rig, unsigned cpu, uint64_t offset);
void gicr_write(struct gic_rig *rig, unsigned cpu, uint64_t offset, uint32_t value);

/* One interrupt's bit of such a register; intid below 32 are that vCPU's own. */
bool bit_read(struct gic_rig *rig, unsigned cpu, unsigned intid, unsigned reg);
void bit_write(struct gic_rig *rig, unsigned cpu, unsigned intid, unsigned reg);
void group_set(struct gic_rig *rig, unsigned cpu, unsigned intid, unsigned group);
uint8_t priority_get(struct gic_rig *rig, unsigned cpu, unsigned intid);
void priority_set(struct gic_rig *rig, unsigned cpu, unsigned intid, uint8_t priority);
void edge_set(struct gic_rig *rig, unsigned intid, bool edge);
void route_set(struct gic_rig *rig, unsigned intid, uint64_t router);
/* Enabled, in that group, with that priority. */
void interrupt_set(struct gic_rig *rig, unsigned cpu, unsigned intid, unsigned group,
		   uint8_t priority);

void wire(struct gic_rig *rig, unsigned cpu, unsigned intid, bool level);
/* Is the vCPU interrupted? */
bool irq(struct gic_rig *rig, unsigned cpu);
bool fiq(struct gic_rig *rig, unsigned cpu);
unsigned acknowledge(struct gic_rig *rig, unsigned cpu);
void end(struct gic_rig *rig, unsigned cpu, unsigned intid);

#endif
