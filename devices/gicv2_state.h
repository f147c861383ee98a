/*
 * The GICv2's state, and what its parts ask of one another. Private to devices/gicv2*.c.
 *
 * All registers of SGIs and PPIs are banked: each vCPU sees its own at the same address, those of
 * the CPU interface too. What is called derived is a function of the rest.
 */
#ifndef GOD_DEVICES_GICV2_STATE_H
#define GOD_DEVICES_GICV2_STATE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/device.h"
#include "core/engine.h"
#include "core/vcpu.h"
#include "devices/gic_bank.h"
#include "devices/gic_interface.h"
#include "devices/gicv2.h"

#define GICV2_SGIS 16

/* GICC_CTLR (IHI 0048, 4.4.1, the view without Security Extensions). */
#define GICC_CTLR_ENABLE_GRP0 (1u << 0)
#define GICC_CTLR_ENABLE_GRP1 (1u << 1)
#define GICC_CTLR_ACKCTL      (1u << 2)
#define GICC_CTLR_FIQEN	      (1u << 3)
#define GICC_CTLR_CBPR	      (1u << 4)
#define GICC_CTLR_EOIMODE     (1u << 9)

struct gicv2_cpu {
	struct gic_bank bank;		/* a pending SGI's latch bit is derived from sources */
	uint8_t sources[GICV2_SGIS];	/* pending SGIs: a bit for each CPU that sent it */
	uint32_t routed[GIC_BANKS_MAX]; /* GICD_ITARGETSR: the SPIs that name this CPU */
	uint32_t ctlr;			/* GICC_CTLR.AckCtl, FIQEn; the rest is in interface */
	struct gic_interface interface;
};

struct gicv2_state {
	uint32_t cpus, banks; /* fixed */
	uint32_t ctlr;	      /* GICD_CTLR.EnableGrp0, EnableGrp1 */
	struct gic_bank shared[GIC_BANKS_MAX - 1];
	struct gicv2_cpu cpu[GICV2_CPUS_MAX];
};

struct gicv2 {
	struct device device;
	struct gic_layout layout;
	pthread_mutex_t lock; /* guards state; vcpu_set_input is the only call out under it */
	struct gicv2_state state;
};

static inline unsigned gicv2_intids(const struct gicv2 *gic)
{
	return gic->state.banks * 32;
}

/* The bank that holds an INTID, as that vCPU sees it. */
static inline struct gic_bank *gicv2_bank_of(struct gicv2 *gic, unsigned cpu, unsigned intid)
{
	return intid < IRQ_SPI_BASE ? &gic->state.cpu[cpu].bank
				    : &gic->state.shared[intid / 32 - 1];
}

/*
 * All with the lock held. After each change of state one of the update functions brings derived
 * state and the vCPUs' inputs up to date.
 */

/* What is a vCPU's own changed. */
void gicv2_update_cpu(struct gicv2 *gic, unsigned cpu);
/* Anything changed. */
void gicv2_update_all(struct gicv2 *gic);
/* The state of one interrupt changed; `cpu` is whose it is, if it is an SGI or a PPI. */
void gicv2_update_intid(struct gicv2 *gic, unsigned cpu, unsigned intid);

/* An SGI becomes pending for a vCPU, or is taken back, as sent by the CPUs of the mask. */
void gicv2_sgi_set(struct gicv2_cpu *cpu, unsigned sgi, uint8_t sources);
void gicv2_sgi_clear(struct gicv2_cpu *cpu, unsigned sgi, uint8_t sources);

/* gicv2_distributor.c, gicv2_cpu_interface.c: put the frames on the bus. */
#define GICV2_FRAME 0x10000ULL
int gicv2_distributor_add(struct gicv2 *gic, struct error *err);
int gicv2_cpu_interface_add(struct gicv2 *gic, struct error *err);

/* Identification: product 'G' of implementer Arm, which keeps Linux from working round errata. */
#define GICV2_GICD_IIDR 0x4700043b
#define GICV2_GICC_IIDR 0x4702043b

#endif
