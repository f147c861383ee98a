/*
 * GICv3: the registers that hold a field for each interrupt (IHI 0069, 12.9 and 12.11).
 *
 * A register with a bit an interrupt covers one bank. Set and clear registers are two views of
 * one word. GICD_IPRIORITYR holds a byte an interrupt and is the only one that may be accessed by
 * bytes; GICD_ICFGR holds two bits an interrupt, of which the upper one says edge-triggered.
 * Interrupts that do not exist read as zero and ignore writes.
 */
#include "devices/gicv3_state.h"

#define IGROUPR	   0x080
#define ISENABLER  0x100
#define ICENABLER  0x180
#define ISPENDR	   0x200
#define ICPENDR	   0x280
#define ISACTIVER  0x300
#define ICACTIVER  0x380
#define IPRIORITYR 0x400
#define ITARGETSR  0x800 /* only without affinity routing */
#define ICFGR	   0xc00
#define ICFGR_END  0xd00

static struct gicv3_bank *banks_find(const struct gicv3_banks *banks, unsigned number)
{
	return number - banks->first < banks->count ? &banks->bank[number - banks->first] : NULL;
}

static uint32_t bits_read(const struct gicv3_bank *bank, uint64_t reg)
{
	switch (reg) {
	case IGROUPR: return bank->group;
	case ISENABLER:
	case ICENABLER: return bank->enabled;
	case ISPENDR:
	case ICPENDR: return bank->latch | (bank->line & ~bank->edge);
	case ISACTIVER:
	case ICACTIVER: return bank->active;
	default: return 0;
	}
}

static void bits_write(struct gicv3_bank *bank, uint64_t reg, uint32_t value)
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
static uint32_t config_read(const struct gicv3_bank *bank, unsigned shift)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < 16; i++)
		value |= (bank->edge >> (shift + i) & 1) << (2 * i + 1);
	return value;
}

static void config_write(struct gicv3_bank *bank, unsigned shift, uint32_t value)
{
	for (unsigned i = 0; i < 16; i++) {
		uint32_t bit = 1u << (shift + i);

		if (value >> (2 * i + 1) & 1)
			bank->edge |= bit;
		else
			bank->edge &= ~bit;
	}
}

static uint32_t priority_read(const struct gicv3_bank *bank, unsigned first, unsigned size)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < size; i++)
		value |= (uint32_t)bank->priority[first + i] << 8 * i;
	return value;
}

static void priority_write(struct gicv3_bank *bank, unsigned first, unsigned size, uint32_t value)
{
	for (unsigned i = 0; i < size; i++)
		bank->priority[first + i] = value >> 8 * i & GICV3_PRIORITY_MASK;
}

/* Which bank an offset speaks of, and from which of its interrupts on. */
struct place {
	struct gicv3_bank *bank;
	unsigned shift;
};

static struct place place_find(const struct gicv3_banks *banks, uint64_t offset)
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

bool gicv3_banks_own(uint64_t offset)
{
	return (offset >= IGROUPR && offset < ITARGETSR) || (offset >= ICFGR && offset < ICFGR_END);
}

static bool size_is_good(uint64_t offset, unsigned size)
{
	return size == 4 || (size == 1 && offset >= IPRIORITYR && offset < ITARGETSR);
}

uint32_t gicv3_banks_read(const struct gicv3_banks *banks, uint64_t offset, unsigned size)
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

void gicv3_banks_write(const struct gicv3_banks *banks, uint64_t offset, unsigned size,
		       uint32_t value)
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
