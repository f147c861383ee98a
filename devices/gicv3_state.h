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
#include "devices/gic_frame.h"
#include "devices/gic_interface.h"
#include "devices/gicv3.h"

/* GICR_WAKER. */
#define GICR_WAKER_PROCESSOR_SLEEP (1u << 1)
#define GICR_WAKER_CHILDREN_ASLEEP (1u << 2)

/* GICR_CTLR: keep 1-of-N interrupts of a group away from this PE. */
#define GICR_CTLR_DPG0	 (1u << 24)
#define GICR_CTLR_DPG1NS (1u << 25)

/* GICR_CTLR: LPIs on; and that they can be switched off again. */
#define GICR_CTLR_ENABLE_LPIS (1u << 0)
#define GICR_CTLR_CES	      (1u << 1)

/* LPIs have INTIDs of 16 bits, from 8192 on. */
#define GICV3_INTID_BITS 16
#define GICV3_LPI_BASE	 8192
#define GICV3_LPIS	 ((1 << GICV3_INTID_BITS) - GICV3_LPI_BASE)
#define GICV3_LPI_WORDS	 (GICV3_LPIS / 64)

/* GICD_IROUTER: any participating PE (1-of-N) instead of the one with this affinity. */
#define GICD_IROUTER_IRM (1ULL << 31)

/* The pending LPIs of a vCPU. */
struct gicv3_lpis {
	uint64_t pending[GICV3_LPI_WORDS];
	uint64_t words[GICV3_LPI_WORDS / 64]; /* derived: which of those are not 0 */
};

struct gicv3_cpu {
	/* Redistributor */
	uint64_t affinity; /* as in GICD_IROUTER: Aff3 in [39:32], Aff2 to Aff0 in [23:0]; fixed */
	uint32_t ctlr;	   /* GICR_CTLR.DPG*, EnableLPIs */
	uint32_t waker;	   /* GICR_WAKER.ProcessorSleep */
	struct gic_bank bank;
	uint32_t routed[GIC_BANKS_MAX]; /* derived: SPIs routed to this vCPU by affinity */

	uint64_t propbaser, pendbaser;
	struct gicv3_lpis lpis;

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
/* Drive a wire (irq_chip.set_level). */
void gicv3_set_level(void *owner, unsigned cpu, unsigned intid, bool level);

/*
 * gicv3_lpi.c: what is the Redistributor's part of LPIs (IHI 0069, 5.1). Lock held; those that change
 * something need an update.
 */
#define GICR_PROPBASER 0x0070
#define GICR_PENDBASER 0x0078

static inline bool gicv3_has_lpis(const struct gicv3 *gic)
{
	return gic->layout.its;
}

/* Is that an LPI that this vCPU can have pending? */
bool gicv3_lpi_is_good(const struct gicv3_cpu *cpu, uint64_t intid);
void gicv3_lpi_put(struct gicv3_cpu *cpu, unsigned intid, bool pending);
/* Replace *best by the most urgent enabled LPI that is pending, if that is more urgent. */
void gicv3_lpi_best(struct gic_pending *best, const struct gicv3 *gic, const struct gicv3_cpu *cpu);
/* GICR_CTLR.EnableLPIs changes: the pending table is read, or written. */
void gicv3_lpi_enable(struct gicv3 *gic, struct gicv3_cpu *cpu, bool enable);
/* GICR_PROPBASER, GICR_PENDBASER: is it one of them; access to one, or to half of one. */
bool gicv3_lpi_register_own(const struct gicv3 *gic, uint64_t offset, unsigned size);
uint64_t gicv3_lpi_register_read(const struct gicv3_cpu *cpu, uint64_t offset, unsigned size);
void gicv3_lpi_register_write(struct gicv3_cpu *cpu, uint64_t offset, unsigned size,
			      uint64_t value);

/* gicv3_distributor.c, gicv3_redistributor.c, gicv3_cpu_interface.c */
#define GICD_SIZE 0x10000ULL
#define ITS_SIZE  0x20000ULL
#define GICR_SIZE 0x20000ULL /* a vCPU: RD_base and SGI_base, 64 KiB each */

int gicv3_distributor_add(struct gicv3 *gic, struct error *err);
int gicv3_redistributors_add(struct gicv3 *gic, struct error *err);
int gicv3_cpu_interface_add(struct gicv3 *gic, struct error *err);

#endif
