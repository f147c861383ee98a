/*
 * For tests of the GICv2: a machine with nothing but the controller, and the accesses that a guest
 * makes, by short names. Registers are those of the accessing vCPU, where they are banked.
 */
#ifndef GOD_DEVICES_TESTS_GICV2_RIG_H
#define GOD_DEVICES_TESTS_GICV2_RIG_H

#include "devices/tests/machine.h"

#define GICD  0x08000000ULL
#define GICC  0x08010000ULL
#define SPIS  224
#define FRAME 0x10000ULL

#define GICD_CTLR      0x000
#define GICD_TYPER     0x004
#define GICD_ITARGETSR 0x800
#define GICD_SGIR      0xf00
#define GICD_CPENDSGIR 0xf10
#define GICD_SPENDSGIR 0xf20

#define IGROUPR	   0x080
#define ISENABLER  0x100
#define ICENABLER  0x180
#define ISPENDR	   0x200
#define ICPENDR	   0x280
#define ISACTIVER  0x300
#define ICACTIVER  0x380
#define IPRIORITYR 0x400
#define ICFGR	   0xc00

#define GICC_CTLR   0x00
#define GICC_PMR    0x04
#define GICC_BPR    0x08
#define GICC_IAR    0x0c
#define GICC_EOIR   0x10
#define GICC_RPR    0x14
#define GICC_HPPIR  0x18
#define GICC_ABPR   0x1c
#define GICC_AIAR   0x20
#define GICC_AEOIR  0x24
#define GICC_AHPPIR 0x28
#define GICC_APR0   0xd0
#define GICC_NSAPR0 0xe0
#define GICC_DIR    0x1000

/* GICC_CTLR */
#define GROUPS	3u
#define ACKCTL	(1u << 2)
#define FIQEN	(1u << 3)
#define CBPR	(1u << 4)
#define EOIMODE (1u << 9)

#define SPURIOUS 1023
#define IDLE	 0xff

struct gicv2_rig {
	struct vm *vm;
};

/* Reset state: nothing enabled anywhere. */
void v2_create_reset(struct gicv2_rig *rig, unsigned cpus);
/* Both groups on and priority masks open. */
void v2_create(struct gicv2_rig *rig, unsigned cpus);
void v2_open(struct gicv2_rig *rig);
void v2_destroy(struct gicv2_rig *rig);

uint32_t v2_gicd(struct gicv2_rig *rig, unsigned cpu, uint64_t offset);
void v2_gicd_write(struct gicv2_rig *rig, unsigned cpu, uint64_t offset, uint32_t value);
uint32_t v2_gicc(struct gicv2_rig *rig, unsigned cpu, uint64_t offset);
void v2_gicc_write(struct gicv2_rig *rig, unsigned cpu, uint64_t offset, uint32_t value);

/* One interrupt's bit or byte of a Distributor register, as that vCPU sees it. */
bool v2_bit(struct gicv2_rig *rig, unsigned cpu, unsigned intid, unsigned reg);
void v2_bit_write(struct gicv2_rig *rig, unsigned cpu, unsigned intid, unsigned reg);
uint8_t v2_byte(struct gicv2_rig *rig, unsigned cpu, unsigned intid, unsigned reg);
void v2_byte_write(struct gicv2_rig *rig, unsigned cpu, unsigned intid, unsigned reg,
		   uint8_t value);
void v2_group(struct gicv2_rig *rig, unsigned cpu, unsigned intid, unsigned group);
void v2_edge(struct gicv2_rig *rig, unsigned intid, bool edge);
/* Enabled, in that group, with that priority; an SPI goes to that vCPU. */
void v2_interrupt(struct gicv2_rig *rig, unsigned cpu, unsigned intid, unsigned group,
		  uint8_t priority);
/* GICD_SGIR with a target list. */
void v2_sgi(struct gicv2_rig *rig, unsigned sender, unsigned sgi, unsigned targets);

void v2_wire(struct gicv2_rig *rig, unsigned cpu, unsigned intid, bool level);
bool v2_irq(struct gicv2_rig *rig, unsigned cpu);
bool v2_fiq(struct gicv2_rig *rig, unsigned cpu);

#endif
