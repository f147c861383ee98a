/*
 * The part of a CPU interface that GICv2 and GICv3 have in common: priorities. Which group priority
 * runs, what may preempt it, what the vCPU is interrupted by (IHI 0048, 3.3; IHI 0069, 4.8).
 * Private to devices/gic*.c.
 */
#ifndef GOD_DEVICES_GIC_INTERFACE_H
#define GOD_DEVICES_GIC_INTERFACE_H

#include "devices/gic_bank.h"

struct vcpu;

/*
 * The smallest binary points: every implemented priority bit takes part in preemption. There are
 * 32 group priorities then: one active priorities register for each group is enough.
 */
#define GIC_BPR0_MIN (GIC_PRIORITY_SHIFT - 1)
#define GIC_BPR1_MIN GIC_PRIORITY_SHIFT

/* In brackets GICv2's register, where it differs. */
struct gic_interface {
	uint8_t pmr;				/* ICC_PMR_EL1 (GICC_PMR) */
	uint8_t bpr[GIC_GROUPS];		/* ICC_BPRn_EL1 (GICC_BPR, GICC_ABPR) */
	uint8_t cbpr, eoimode;			/* ICC_CTLR_EL1 (GICC_CTLR) */
	uint8_t group_enabled[GIC_GROUPS];	/* ICC_IGRPENn_EL1 (GICC_CTLR) */
	uint32_t active_priorities[GIC_GROUPS]; /* ICC_APnR0_EL1 (GICC_APR0, GICC_NSAPR0) */
	struct gic_pending best;		/* derived: highest priority pending interrupt */
	uint32_t outputs;			/* derived: VCPU_IRQ, VCPU_FIQ */
};

/* The groups that are enabled here, as bits of GICD_CTLR. */
static inline uint32_t gic_interface_groups(const struct gic_interface *interface)
{
	return interface->group_enabled[GIC_GROUP0] << GIC_GROUP0 |
	       interface->group_enabled[GIC_GROUP1] << GIC_GROUP1;
}

/* What a reset of the PE does; what is derived stays until the next update. */
void gic_interface_reset(struct gic_interface *interface);

/* GICC_BPR, GICC_ABPR, ICC_BPRn_EL1: a value below the smallest becomes that. */
void gic_interface_set_bpr(struct gic_interface *interface, unsigned group, uint64_t value);

/* The most urgent active group priority (ICC_RPR_EL1), or GIC_PRIORITY_IDLE. */
uint8_t gic_running_priority(const struct gic_interface *interface);
/* Its group; GIC_GROUPS when nothing is active. */
unsigned gic_running_group(const struct gic_interface *interface);
/* The priority that counts for preemption: without the subpriority that a binary point splits. */
uint8_t gic_group_priority(const struct gic_interface *interface, unsigned group, uint8_t priority);
/* Would that interrupt what runs now? */
bool gic_would_take(const struct gic_interface *interface, struct gic_pending pending);
/* Does the best pending interrupt? */
bool gic_is_signalled(const struct gic_interface *interface);

/* Acknowledge: its group priority becomes the running priority. */
void gic_priority_raise(struct gic_interface *interface, struct gic_pending taken);
/* End of interrupt: the most urgent active priority of that group ends. */
void gic_priority_drop(struct gic_interface *interface, unsigned group);

/* Drive the vCPU's inputs to `outputs`. */
void gic_interface_drive(struct gic_interface *interface, struct vcpu *vcpu, uint32_t outputs);

#endif
