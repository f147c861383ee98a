/*
 * The GICv3's state, and what its parts ask of one another. Private to devices/gicv3*.c.
 *
 * An interrupt's state is a bit in each of several words: 32 interrupts make a bank, so that a
 * register of the specification which holds a bit an interrupt is one word here, and "which
 * interrupts of these 32 want attention" is a few ANDs. Bank 0 (SGIs and PPIs) exists for each
 * vCPU, in its Redistributor; banks 1 and up (SPIs) are shared, in the Distributor.
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
#include "devices/gicv3.h"

#define GICV3_BANKS_MAX (1 + GICV3_SPIS_MAX / 32)

/* Special INTID: no pending interrupt that may be acknowledged here (IHI 0069, 2.2.1). */
#define GICV3_SPURIOUS 1023

/*
 * Five priority bits: bits [7:3] of a priority exist, the others are zero. Smaller is more urgent.
 * The idle priority is what no interrupt has: nothing is active, nothing is pending.
 */
#define GICV3_PRIORITY_SHIFT 3
#define GICV3_PRIORITY_MASK  0xf8
#define GICV3_PRIORITY_IDLE  0xff

/* Groups: index of arrays; bits of gicv3_state.ctlr. */
enum { GICV3_GROUP0, GICV3_GROUP1, GICV3_GROUPS };

/* GICR_WAKER. */
#define GICR_WAKER_PROCESSOR_SLEEP (1u << 1)
#define GICR_WAKER_CHILDREN_ASLEEP (1u << 2)

/* GICR_CTLR: keep 1-of-N interrupts of a group away from this PE. */
#define GICR_CTLR_DPG0	 (1u << 24)
#define GICR_CTLR_DPG1NS (1u << 25)

/* GICD_IROUTER: any participating PE (1-of-N) instead of the one with this affinity. */
#define GICD_IROUTER_IRM (1ULL << 31)

struct gicv3_bank {
	uint32_t group;	  /* 1: Group 1 */
	uint32_t enabled; /* forwarding enabled */
	uint32_t latch;	  /* edge-triggered: pending; level-sensitive: pending set by software */
	uint32_t line;	  /* level of the wire */
	uint32_t active;
	uint32_t edge; /* 1: edge-triggered, 0: level-sensitive */
	uint8_t priority[32];
};

/* An interrupt as a CPU interface is shown it. */
struct gicv3_pending {
	uint16_t intid;	  /* or GICV3_SPURIOUS */
	uint8_t priority; /* or GICV3_PRIORITY_IDLE */
	uint8_t group;
};

struct gicv3_cpu {
	/* Redistributor */
	uint64_t affinity; /* as in GICD_IROUTER: Aff3 in [39:32], Aff2 to Aff0 in [23:0]; fixed */
	uint32_t ctlr;	   /* GICR_CTLR.DPG* */
	uint32_t waker;	   /* GICR_WAKER.ProcessorSleep */
	struct gicv3_bank bank;
	uint32_t routed[GICV3_BANKS_MAX]; /* derived: SPIs routed to this vCPU by affinity */

	/* CPU interface */
	uint8_t pmr;
	uint8_t bpr[GICV3_GROUPS];
	uint8_t cbpr, eoimode;			  /* ICC_CTLR_EL1 */
	uint8_t group_enabled[GICV3_GROUPS];	  /* ICC_IGRPEN0_EL1, ICC_IGRPEN1_EL1 */
	uint32_t active_priorities[GICV3_GROUPS]; /* ICC_AP0R0_EL1, ICC_AP1R0_EL1 */
	struct gicv3_pending best;		  /* derived: highest priority pending interrupt */
	uint32_t outputs;			  /* derived: VCPU_IRQ, VCPU_FIQ */
};

struct gicv3_state {
	uint32_t cpus, banks; /* fixed */
	uint32_t ctlr;	      /* GICD_CTLR.EnableGrp0, EnableGrp1 */
	struct gicv3_bank shared[GICV3_BANKS_MAX - 1];
	uint64_t router[GICV3_SPIS_MAX];    /* GICD_IROUTER, from INTID 32 */
	uint32_t one_of_n[GICV3_BANKS_MAX]; /* derived: SPIs with GICD_IROUTER.IRM */
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
static inline struct gicv3_bank *gicv3_bank_of(struct gicv3 *gic, unsigned cpu, unsigned intid)
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
/* Is the best pending interrupt urgent enough to interrupt what runs? */
bool gicv3_is_signalled(const struct gicv3_cpu *cpu);
/* The priority that counts for preemption: without the subpriority that ICC_BPRn_EL1 splits off. */
uint8_t gicv3_group_priority(const struct gicv3_cpu *cpu, unsigned group, uint8_t priority);
/* ICC_RPR_EL1. */
uint8_t gicv3_running_priority(const struct gicv3_cpu *cpu);

/* Drive a wire (irq_chip.set_level), or be told to by GICD_SETSPI_NSR. */
void gicv3_set_level(void *owner, unsigned cpu, unsigned intid, bool level);

/*
 * gicv3_bank.c: the registers that hold a field for each interrupt, from GICD_IGROUPR to
 * GICD_IGRPMODR. The Distributor has them for SPIs, a Redistributor's SGI frame at the same offsets
 * for SGIs and PPIs: each gives the banks that it shows. Lock held; a write needs an update.
 */
struct gicv3_banks {
	struct gicv3_bank *bank;
	unsigned first, count; /* number of the first one, how many */
};

/* Is this offset one of theirs? */
bool gicv3_banks_own(uint64_t offset);
uint32_t gicv3_banks_read(const struct gicv3_banks *banks, uint64_t offset, unsigned size);
void gicv3_banks_write(const struct gicv3_banks *banks, uint64_t offset, unsigned size,
		       uint32_t value);

/* gicv3_distributor.c, gicv3_redistributor.c, gicv3_cpu_interface.c */
#define GICD_SIZE 0x10000ULL
#define GICR_SIZE 0x20000ULL /* a vCPU: RD_base and SGI_base, 64 KiB each */

int gicv3_distributor_add(struct gicv3 *gic, struct error *err);
int gicv3_redistributors_add(struct gicv3 *gic, struct error *err);
int gicv3_cpu_interface_add(struct gicv3 *gic, struct error *err);
/* What a reset of the PE does to its CPU interface. Needs an update. */
void gicv3_cpu_interface_reset(struct gicv3_cpu *cpu);

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
