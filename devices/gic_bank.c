/*
 * Banks of 32 interrupts, and the registers that hold a field for each interrupt.
 *
 * The best interrupt is found by looking at the few bits that are left of each bank after ANDing,
 * not at each interrupt.
 *
 * A register with a bit an interrupt covers one bank. Set and clear registers are two views of
 * one word. GICD_IPRIORITYR holds a byte an interrupt and is the only one that may be accessed by
 * bytes; GICD_ICFGR holds two bits an interrupt, of which the upper one says edge-triggered.
 * Interrupts that do not exist read as zero and ignore writes.
 */
#include "devices/gic_bank.h"

#include <stddef.h>

#define IGROUPR	   0x080
#define ISENABLER  0x100
#define ICENABLER  0x180
#define ISPENDR	   0x200
#define ICPENDR	   0x280
#define ISACTIVER  0x300
#define ICACTIVER  0x380
#define IPRIORITYR 0x400
#define ITARGETSR  0x800 /* not here: only GICv2 has them */
#define ICFGR	   0xc00
#define ICFGR_END  0xd00

/* --- A bank --- */

void gic_bank_reset(struct gic_bank *bank)
{
	*bank = (struct gic_bank){.line = bank->line};
}

bool gic_bank_set_line(struct gic_bank *bank, unsigned intid, bool level)
{
	uint32_t bit = 1u << intid % 32;

	if (level == !!(bank->line & bit))
		return false;
	bank->line ^= bit;
	if (level)
		bank->latch |= bank->edge & bit;
	return true;
}

static uint32_t bank_pending(const struct gic_bank *bank)
{
	return bank->latch | ((bank->line | bank->message) & ~bank->edge);
}

uint32_t gic_bank_wanting(const struct gic_bank *bank, uint32_t ctlr)
{
	uint32_t groups = (ctlr & 1u << GIC_GROUP0 ? ~bank->group : 0) |
			  (ctlr & 1u << GIC_GROUP1 ? bank->group : 0);

	return bank_pending(bank) & bank->enabled & ~bank->active & groups;
}

struct gic_pending gic_bank_interrupt(const struct gic_bank *bank, unsigned number, unsigned bit)
{
	return (struct gic_pending){
		.intid = number * 32 + bit,
		.priority = bank->priority[bit],
		.group = bank->group >> bit & 1,
	};
}

void gic_bank_best(struct gic_pending *best, const struct gic_bank *bank, unsigned number,
		   uint32_t wanting)
{
	for (; wanting; wanting &= wanting - 1) {
		struct gic_pending p = gic_bank_interrupt(bank, number, __builtin_ctz(wanting));

		if (p.priority < best->priority)
			*best = p;
	}
}

/* --- The registers --- */

static struct gic_bank *banks_find(const struct gic_banks *banks, unsigned number)
{
	return number - banks->first < banks->count ? &banks->bank[number - banks->first] : NULL;
}

static uint32_t bits_read(const struct gic_bank *bank, uint64_t reg)
{
	switch (reg) {
	case IGROUPR: return bank->group;
	case ISENABLER:
	case ICENABLER: return bank->enabled;
	case ISPENDR:
	case ICPENDR: return bank_pending(bank);
	case ISACTIVER:
	case ICACTIVER: return bank->active;
	default: return 0;
	}
}

static void bits_write(struct gic_bank *bank, uint64_t reg, uint32_t value)
{
	switch (reg) {
	case IGROUPR: bank->group = value; break;
	case ISENABLER: bank->enabled |= value; break;
	case ICENABLER: bank->enabled &= ~value; break;
	case ISPENDR: bank->latch |= value; break;
	/* A level-sensitive interrupt whose wire is high stays pending all the same. */
	case ICPENDR: bank->latch &= ~value; break;
	case ISACTIVER: bank->active |= value; break;
	case ICACTIVER: bank->active &= ~value; break;
	}
}

/* 16 interrupts, two bits each. */
static uint32_t config_read(const struct gic_bank *bank, unsigned shift)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < 16; i++)
		value |= (bank->edge >> (shift + i) & 1) << (2 * i + 1);
	return value;
}

static void config_write(struct gic_bank *bank, unsigned shift, uint32_t value)
{
	for (unsigned i = 0; i < 16; i++) {
		uint32_t bit = 1u << (shift + i);

		if (value >> (2 * i + 1) & 1)
			bank->edge |= bit;
		else
			bank->edge &= ~bit;
	}
}

static uint32_t priority_read(const struct gic_bank *bank, unsigned first, unsigned size)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < size; i++)
		value |= (uint32_t)bank->priority[first + i] << 8 * i;
	return value;
}

static void priority_write(struct gic_bank *bank, unsigned first, unsigned size, uint32_t value)
{
	for (unsigned i = 0; i < size; i++)
		bank->priority[first + i] = value >> 8 * i & GIC_PRIORITY_MASK;
}

/* Which bank an offset speaks of, and from which of its interrupts on. */
struct place {
	struct gic_bank *bank;
	unsigned shift;
};

static struct place place_find(const struct gic_banks *banks, uint64_t offset)
{
	unsigned intid;

	if (offset < IPRIORITYR)
		intid = (offset & 0x7f) * 8;
	else if (offset < ITARGETSR)
		intid = offset - IPRIORITYR;
	else
		intid = (offset - ICFGR) * 4;
	return (struct place){banks_find(banks, intid / 32), intid % 32};
}

bool gic_banks_own(uint64_t offset)
{
	return (offset >= IGROUPR && offset < ITARGETSR) || (offset >= ICFGR && offset < ICFGR_END);
}

static bool size_is_good(uint64_t offset, unsigned size)
{
	return size == 4 || (size == 1 && offset >= IPRIORITYR && offset < ITARGETSR);
}

uint32_t gic_banks_read(const struct gic_banks *banks, uint64_t offset, unsigned size)
{
	struct place place = place_find(banks, offset);

	if (!place.bank || !size_is_good(offset, size))
		return 0;
	if (offset < IPRIORITYR)
		return bits_read(place.bank, offset & ~0x7fULL);
	if (offset < ITARGETSR)
		return priority_read(place.bank, place.shift, size);
	return config_read(place.bank, place.shift);
}

void gic_banks_write(const struct gic_banks *banks, uint64_t offset, unsigned size, uint32_t value)
{
	struct place place = place_find(banks, offset);

	if (!place.bank || !size_is_good(offset, size))
		return;
	if (offset < IPRIORITYR)
		bits_write(place.bank, offset & ~0x7fULL, value);
	else if (offset < ITARGETSR)
		priority_write(place.bank, place.shift, size, value);
	else if (place.bank != banks->bank || banks->first > 0)
		/* SGIs are edge-triggered and PPIs level-sensitive for good, as in KVM's vGIC. */
		config_write(place.bank, place.shift, value);
}
