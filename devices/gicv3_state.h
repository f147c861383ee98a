/*
 * The GICv3's state, and what its parts ask of one another. Private to devices/gicv3*.c.
 *
 * What is called derived below is a function of the rest, kept so that an access costs little.
 */
#ifndef GOD_DEVICES_GICV3_STATE_H
#define GOD_DEVICES_GICV3_STATE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/device.h"
#include "core/engine.h"
#include "core/irq.h"
#include "core/vcpu.h"
#include "devices/gic_bank.h"
#include "devices/gic_interface.h"
#include "devices/gicv3.h"

/* GICR_WAKER. */
#define GICR_WAKER_PROCESSOR_SLEEP (1u << 1)
#define GICR_WAKER_CHILDREN_ASLEEP (1u << 2)

/* GICR_CTLR: keep 1-of-N interrupts of a group away from this PE. */
#define GICR_CTLR_DPG0	 (1u << 24)
#define GICR_CTLR_DPG1NS (1u << 25)

/* GICD_IROUTER: any participating PE (1-of-N) instead of the one with this affinity. */
#define GICD_IROUTER_IRM (1ULL << 31)

struct gicv3_cpu {
	/* Redistributor */
	uint64_t affinity; /* as in GICD_IROUTER: Aff3 in [39:32], Aff2 to Aff0 in [23:0]; fixed */
	uint32_t ctlr;	   /* GICR_CTLR.DPG* */
	uint32_t waker;	   /* GICR_WAKER.ProcessorSleep */
	struct gic_bank bank;
	uint32_t routed[GIC_BANKS_MAX]; /* derived: SPIs routed to this vCPU by affinity */

	struct gic_interface interface;
};

struct gicv3_state {
	uint32_t cpus, banks; /* fixed */
	uint32_t ctlr;	      /* GICD_CTLR.EnableGrp0, EnableGrp1 */
	struct gic_bank shared[GIC_BANKS_MAX - 1];
	uint64_t router[GIC_SPIS_MAX];	  /* GICD_IROUTER, from INTID 32 */
	uint32_t one_of_n[GIC_BANKS_MAX]; /* derived: SPIs with GICD_IROUTER.IRM */
	struct gicv3_cpu cpu[VCPU_MAX];
};

struct gicv3 {
	struct device device;
	struct gic_layout layout;
	pthread_mutex_t lock; /* guards state; vcpu_set_input is the only call out under it */
	struct gicv3_state state;
};

static inline unsigned gicv3_intids(const struct gicv3 *gic)
{
	return gic->state.banks * 32;
}

/* The bank that holds an INTID, as that vCPU sees it. */
static inline struct gic_bank *gicv3_bank_of(struct gicv3 *gic, unsigned cpu, unsigned intid)
{
	return intid < IRQ_SPI_BASE ? &gic->state.cpu[cpu].bank
				    : &gic->state.shared[intid / 32 - 1];
}

/*
 * gicv3_pending.c: who is to be interrupted, by what. All with the lock held. After each change
 * of state, one of the update functions brings derived state and the vCPUs' inputs up to date.
 */

/* The state of one vCPU's Redistributor or CPU interface changed. */
void gicv3_update_cpu(struct gicv3 *gic, unsigned cpu);
/* The state of one interrupt changed; `cpu` is whose it is, if it is an SGI or a PPI. */
void gicv3_update_intid(struct gicv3 *gic, unsigned cpu, unsigned intid);
/* Anything changed. */
void gicv3_update_all(struct gicv3 *gic);
/* GICD_IROUTER of an SPI: store it and derive routed and one_of_n. */
void gicv3_route(struct gicv3 *gic, unsigned intid, uint64_t router);
/* Drive a wire (irq_chip.set_level), or be told to by GICD_SETSPI_NSR. */
void gicv3_set_level(void *owner, unsigned cpu, unsigned intid, bool level);

/* gicv3_distributor.c, gicv3_redistributor.c, gicv3_cpu_interface.c */
#define GICD_SIZE 0x10000ULL
#define ITS_SIZE  0x20000ULL
#define GICR_SIZE 0x20000ULL /* a vCPU: RD_base and SGI_base, 64 KiB each */

int gicv3_distributor_add(struct gicv3 *gic, struct error *err);
int gicv3_redistributors_add(struct gicv3 *gic, struct error *err);
int gicv3_cpu_interface_add(struct gicv3 *gic, struct error *err);

/* The identification registers at 0xffd0 to 0xffff of a frame; `part` is its part number. */
#define GICV3_ID_REGISTERS 0xffd0
#define GICV3_PART_GICD	   0x492
#define GICV3_PART_GICR	   0x493
#define GICV3_IIDR	   0x4700043b /* product 'G', implementer Arm */
uint32_t gicv3_id_register(uint64_t offset, unsigned part);

/* A 32-bit half, or all, of a 64-bit register, for an access of 4 or 8 bytes at `offset`. */
static inline uint64_t gicv3_half_read(uint64_t value, uint64_t offset, unsigned size)
{
	return size == 8 ? value : (uint32_t)(value >> (offset & 4) * 8);
}

#endif
