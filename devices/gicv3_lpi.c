/*
 * GICv3: LPIs at a Redistributor (IHI 0069, 5.1).
 *
 * An LPI's configuration, its priority and whether it is enabled, is a byte in a table in guest
 * memory (GICR_PROPBASER). It is read from there whenever it matters, so that nothing has to be
 * invalidated: the commands that tell of changes only make the GIC look again. Whether an LPI is
 * pending is a bit here. The pending table in guest memory (GICR_PENDBASER) is where the bits come
 * from when LPIs are switched on, and go to when they are switched off.
 *
 * LPIs are edge-triggered, in Group 1, and never active: acknowledging one clears it.
 *
 * The tables are the guest's: what is not RAM reads as zero, which is a disabled LPI.
 */
#include "core/memory.h"
#include "core/vm.h"
#include "devices/gicv3_state.h"

#define PROPBASER_IDBITS(value) (((value) & 0x1f) + 1)
#define PROPBASER_MASK		0x070fffffffffff9fULL /* and IDbits */
#define PROPBASER_ADDRESS	0x000ffffffffff000ULL
#define PENDBASER_MASK		0x070fffffffff0f80ULL /* cacheability, shareability, address */
#define PENDBASER_ADDRESS	0x000fffffffff0000ULL
#define PENDBASER_PTZ		(1ULL << 62) /* the table is all zero; write-only */

#define CONFIG_ENABLE 1

/* Other vCPUs may write to the tables meanwhile: what is read is an old value or a new one. */
static uint8_t lpi_config(const struct gicv3 *gic, const struct gicv3_cpu *cpu, unsigned intid)
{
	uint64_t table = cpu->propbaser & PROPBASER_ADDRESS;
	const uint8_t *at = memory_at(&gic->device.vm->memory, table + intid - GICV3_LPI_BASE, 1);

	return at ? __atomic_load_n(at, __ATOMIC_RELAXED) : 0;
}

bool gicv3_lpi_is_good(const struct gicv3_cpu *cpu, uint64_t intid)
{
	unsigned bits = PROPBASER_IDBITS(cpu->propbaser);

	if (bits > GICV3_INTID_BITS)
		bits = GICV3_INTID_BITS;
	return cpu->ctlr & GICR_CTLR_ENABLE_LPIS && intid >= GICV3_LPI_BASE && intid >> bits == 0;
}

static void word_put(struct gicv3_lpis *lpis, unsigned word, uint64_t value)
{
	uint64_t bit = 1ULL << word % 64;

	lpis->pending[word] = value;
	lpis->words[word / 64] &= ~bit;
	if (value)
		lpis->words[word / 64] |= bit;
}

void gicv3_lpi_put(struct gicv3_cpu *cpu, unsigned intid, bool pending)
{
	unsigned lpi = intid - GICV3_LPI_BASE;
	uint64_t bit = 1ULL << lpi % 64, old = cpu->lpis.pending[lpi / 64];

	word_put(&cpu->lpis, lpi / 64, pending ? old | bit : old & ~bit);
}

/* --- The best pending LPI --- */

static void best_of_word(struct gic_pending *best, const struct gicv3 *gic,
			 const struct gicv3_cpu *cpu, unsigned word)
{
	for (uint64_t bits = cpu->lpis.pending[word]; bits; bits &= bits - 1) {
		unsigned intid = GICV3_LPI_BASE + word * 64 + __builtin_ctzll(bits);
		uint8_t config = lpi_config(gic, cpu, intid);
		uint8_t priority = config & GIC_PRIORITY_MASK;

		if (config & CONFIG_ENABLE && priority < best->priority)
			*best = (struct gic_pending){intid, priority, GIC_GROUP1};
	}
}

void gicv3_lpi_best(struct gic_pending *best, const struct gicv3 *gic, const struct gicv3_cpu *cpu)
{
	for (unsigned i = 0; i < GICV3_LPI_WORDS / 64; i++)
		for (uint64_t words = cpu->lpis.words[i]; words; words &= words - 1)
			best_of_word(best, gic, cpu, i * 64 + __builtin_ctzll(words));
}

/* --- The pending table --- */

/* Its first KiB is not for LPIs: bit n is INTID n's. */
static uint64_t *table_word(const struct gicv3 *gic, const struct gicv3_cpu *cpu, unsigned word)
{
	uint64_t table = cpu->pendbaser & PENDBASER_ADDRESS;

	return memory_at(&gic->device.vm->memory, table + GICV3_LPI_BASE / 8 + 8 * word, 8);
}

static uint64_t table_read(const struct gicv3 *gic, const struct gicv3_cpu *cpu, unsigned word)
{
	const uint64_t *at = table_word(gic, cpu, word);

	if (!at || cpu->pendbaser & PENDBASER_PTZ ||
	    !gicv3_lpi_is_good(cpu, GICV3_LPI_BASE + word * 64))
		return 0;
	return __atomic_load_n(at, __ATOMIC_RELAXED);
}

static void table_write(const struct gicv3 *gic, const struct gicv3_cpu *cpu, unsigned word)
{
	uint64_t *at = table_word(gic, cpu, word);

	if (at && gicv3_lpi_is_good(cpu, GICV3_LPI_BASE + word * 64))
		__atomic_store_n(at, cpu->lpis.pending[word], __ATOMIC_RELAXED);
}

void gicv3_lpi_enable(struct gicv3 *gic, struct gicv3_cpu *cpu, bool enable)
{
	if (enable == !!(cpu->ctlr & GICR_CTLR_ENABLE_LPIS))
		return;
	if (enable)
		cpu->ctlr |= GICR_CTLR_ENABLE_LPIS;
	for (unsigned i = 0; i < GICV3_LPI_WORDS; i++) {
		if (!enable)
			table_write(gic, cpu, i);
		word_put(&cpu->lpis, i, enable ? table_read(gic, cpu, i) : 0);
	}
	if (!enable)
		cpu->ctlr &= ~GICR_CTLR_ENABLE_LPIS;
}

/* --- The registers --- */

bool gicv3_lpi_register_own(const struct gicv3 *gic, uint64_t offset, unsigned size)
{
	offset &= ~4ULL;
	return gicv3_has_lpis(gic) && size >= 4 &&
	       (offset == GICR_PROPBASER || offset == GICR_PENDBASER);
}

uint64_t gicv3_lpi_register_read(const struct gicv3_cpu *cpu, uint64_t offset, unsigned size)
{
	if ((offset & ~4ULL) == GICR_PROPBASER)
		return gic_half_read(cpu->propbaser, offset, size);
	return gic_half_read(cpu->pendbaser & ~PENDBASER_PTZ, offset, size);
}

/* While LPIs are on, a write is UNPREDICTABLE: ignored. */
void gicv3_lpi_register_write(struct gicv3_cpu *cpu, uint64_t offset, unsigned size, uint64_t value)
{
	if (cpu->ctlr & GICR_CTLR_ENABLE_LPIS)
		return;
	if ((offset & ~4ULL) == GICR_PROPBASER)
		cpu->propbaser =
			gic_half_write(cpu->propbaser, offset, size, value) & PROPBASER_MASK;
	else
		cpu->pendbaser = gic_half_write(cpu->pendbaser, offset, size, value) &
				 (PENDBASER_MASK | PENDBASER_PTZ);
}

/* --- For the ITS --- */

static struct gicv3_cpu *lpi_lock(struct gicv3 *gic, unsigned cpu)
{
	pthread_mutex_lock(&gic->lock);
	return &gic->state.cpu[cpu];
}

void gicv3_lpi_set(struct gicv3 *gic, unsigned cpu, uint64_t intid, bool pending)
{
	struct gicv3_cpu *target = lpi_lock(gic, cpu);

	if (gicv3_lpi_is_good(target, intid))
		gicv3_lpi_put(target, intid, pending);
	pthread_mutex_unlock(&gic->lock);
}

static bool lpi_is_pending(const struct gicv3_cpu *cpu, unsigned intid)
{
	unsigned lpi = intid - GICV3_LPI_BASE;

	return cpu->lpis.pending[lpi / 64] >> lpi % 64 & 1;
}

void gicv3_lpi_move(struct gicv3 *gic, unsigned from, unsigned to, uint64_t intid)
{
	struct gicv3_cpu *source = lpi_lock(gic, from), *target = &gic->state.cpu[to];

	if (from != to && gicv3_lpi_is_good(source, intid) && lpi_is_pending(source, intid)) {
		gicv3_lpi_put(source, intid, false);
		if (gicv3_lpi_is_good(target, intid))
			gicv3_lpi_put(target, intid, true);
	}
	pthread_mutex_unlock(&gic->lock);
}

void gicv3_lpi_move_all(struct gicv3 *gic, unsigned from, unsigned to)
{
	struct gicv3_cpu *source = lpi_lock(gic, from), *target = &gic->state.cpu[to];

	for (unsigned i = 0; from != to && i < GICV3_LPI_WORDS; i++) {
		uint64_t bits = source->lpis.pending[i];

		if (bits && gicv3_lpi_is_good(target, GICV3_LPI_BASE + i * 64))
			word_put(&target->lpis, i, target->lpis.pending[i] | bits);
		word_put(&source->lpis, i, 0);
	}
	pthread_mutex_unlock(&gic->lock);
}

void gicv3_lpi_update(struct gicv3 *gic, uint32_t cpus)
{
	pthread_mutex_lock(&gic->lock);
	for (; cpus; cpus &= cpus - 1)
		gicv3_update_cpu(gic, __builtin_ctz(cpus));
	pthread_mutex_unlock(&gic->lock);
}
