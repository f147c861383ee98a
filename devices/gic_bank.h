/*
 * What GICv2 and GICv3 remember of an interrupt, and the registers that show it (IHI 0048, 4.3;
 * IHI 0069, 12.9 and 12.11). Private to devices/gic*.c.
 *
 * An interrupt's state is a bit in each of several words: 32 interrupts make a bank, so that a
 * register of the specification which holds a bit an interrupt is one word here, and "which
 * interrupts of these 32 want attention" is a few ANDs. Bank 0 (SGIs and PPIs) exists for each
 * vCPU; banks 1 and up (SPIs) are shared.
 */
#ifndef GOD_DEVICES_GIC_BANK_H
#define GOD_DEVICES_GIC_BANK_H

#include <stdbool.h>
#include <stdint.h>

#include "core/irq.h"

/* SPIs are INTIDs 32 to 255 at most. */
#define GIC_SPIS_MAX  224
#define GIC_BANKS_MAX (1 + GIC_SPIS_MAX / 32)

/* Special INTID: no pending interrupt that may be acknowledged here. */
#define GIC_SPURIOUS 1023

/*
 * Five priority bits: bits [7:3] of a priority exist, the others are zero. Smaller is more urgent.
 * The idle priority is what no interrupt has: nothing is active, nothing is pending.
 */
#define GIC_PRIORITY_SHIFT 3
#define GIC_PRIORITY_MASK  0xf8
#define GIC_PRIORITY_IDLE  0xff

/* Groups: index of arrays; bits of GICD_CTLR. */
enum { GIC_GROUP0, GIC_GROUP1, GIC_GROUPS };

/* The SGIs of bank 0: edge-triggered for good. */
#define GIC_SGIS 0xffffu

struct gic_bank {
	uint32_t group;	  /* 1: Group 1 */
	uint32_t enabled; /* forwarding enabled */
	uint32_t latch;	  /* edge-triggered: pending; level-sensitive: pending set by software */
	uint32_t line;	  /* level of the wire */
	uint32_t message; /* GICv3, level-sensitive: a second wire, which messages drive */
	uint32_t active;
	uint32_t edge; /* 1: edge-triggered, 0: level-sensitive */
	uint8_t priority[32];
};

/* An interrupt as a CPU interface is shown it. */
struct gic_pending {
	uint16_t intid;	  /* or GIC_SPURIOUS */
	uint8_t priority; /* or GIC_PRIORITY_IDLE */
	uint8_t group;
};

/* The reset state; the wires keep their levels: they belong to the devices. */
void gic_bank_reset(struct gic_bank *bank);

/* A wire changed: true when that is news. */
bool gic_bank_set_line(struct gic_bank *bank, unsigned intid, bool level);

/* Those that the Distributor would forward to somebody, of the groups that `ctlr` enables. */
uint32_t gic_bank_wanting(const struct gic_bank *bank, uint32_t ctlr);

/* Interrupt `bit` of bank `number`. */
struct gic_pending gic_bank_interrupt(const struct gic_bank *bank, unsigned number, unsigned bit);

/* Replace *best by the most urgent of those named in `wanting`, if that is more urgent. */
void gic_bank_best(struct gic_pending *best, const struct gic_bank *bank, unsigned number,
		   uint32_t wanting);

/*
 * The registers that hold a field for each interrupt, from GICD_IGROUPR to GICD_ICFGR: whoever has
 * them (the Distributor, a Redistributor's SGI frame at the same offsets) gives the banks that it
 * shows. A write may change what is to be signalled.
 */
struct gic_banks {
	struct gic_bank *bank;
	unsigned first, count; /* number of the first one, how many */
};

/* Is this offset one of theirs? */
bool gic_banks_own(uint64_t offset);
uint32_t gic_banks_read(const struct gic_banks *banks, uint64_t offset, unsigned size);
void gic_banks_write(const struct gic_banks *banks, uint64_t offset, unsigned size, uint32_t value);

#endif
