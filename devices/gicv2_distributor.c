/*
 * GICv2: the Distributor's registers (IHI 0048, 4.3).
 *
 * The fields of SGIs and PPIs are banked: who accesses decides whose they are. SGIs are enabled for
 * good and edge-triggered, PPIs level-sensitive. An SGI has one pending state for each CPU that sent
 * it, which GICD_SPENDSGIRn and GICD_CPENDSGIRn show and change; GICD_ISPENDR0 and GICD_ICPENDR0 show
 * whether there is any and do not change SGIs. GICD_NSACRn is of the Security Extensions: zero.
 */
#include "core/bus.h"
#include "core/vm.h"
#include "devices/gicv2_state.h"

#define GICD_CTLR      0x000
#define GICD_TYPER     0x004
#define GICD_IIDR      0x008
#define GICD_ITARGETSR 0x800
#define GICD_ICFGR     0xc00
#define GICD_SGIR      0xf00
#define GICD_CPENDSGIR 0xf10
#define GICD_SPENDSGIR 0xf20
#define GICD_SGIR_END  0xf30
#define GICD_ID	       0xfd0

#define CTLR_ENABLE_GROUPS (1u << GIC_GROUP0 | 1u << GIC_GROUP1)

/* GICD_SGIR.TargetListFilter */
#define SGIR_FILTER(value)  ((value) >> 24 & 3)
#define SGIR_TARGETS(value) ((value) >> 16 & 0xff)
#define SGIR_INTID(value)   ((value) & 0xf)
enum { FILTER_LIST, FILTER_OTHERS, FILTER_SELF };

/* --- SGIs --- */

void gicv2_sgi_set(struct gicv2_cpu *cpu, unsigned sgi, uint8_t sources)
{
	cpu->sources[sgi] |= sources;
	if (cpu->sources[sgi])
		cpu->bank.latch |= 1u << sgi;
}

void gicv2_sgi_clear(struct gicv2_cpu *cpu, unsigned sgi, uint8_t sources)
{
	cpu->sources[sgi] &= ~sources;
	if (!cpu->sources[sgi])
		cpu->bank.latch &= ~(1u << sgi);
}

static unsigned sgi_targets(const struct gicv2 *gic, unsigned sender, uint32_t value)
{
	switch (SGIR_FILTER(value)) {
	case FILTER_LIST: return SGIR_TARGETS(value);
	case FILTER_OTHERS: return ((1u << gic->state.cpus) - 1) & ~(1u << sender);
	case FILTER_SELF: return 1u << sender;
	default: return 0; /* reserved */
	}
}

static void sgir_write(struct gicv2 *gic, unsigned sender, uint32_t value)
{
	unsigned targets = sgi_targets(gic, sender, value);

	for (unsigned i = 0; i < gic->state.cpus; i++) {
		if (!(targets >> i & 1))
			continue;
		gicv2_sgi_set(&gic->state.cpu[i], SGIR_INTID(value), 1u << sender);
		gicv2_update_cpu(gic, i);
	}
}

/* --- Registers with a byte an interrupt --- */

static uint8_t target_read(const struct gicv2 *gic, unsigned cpu, unsigned intid)
{
	uint8_t targets = 0;

	if (gic->state.cpus == 1 || intid >= gicv2_intids(gic))
		return 0;
	if (intid < IRQ_SPI_BASE)
		return 1u << cpu;
	for (unsigned i = 0; i < gic->state.cpus; i++)
		targets |= (gic->state.cpu[i].routed[intid / 32] >> intid % 32 & 1) << i;
	return targets;
}

static void target_write(struct gicv2 *gic, unsigned intid, uint8_t targets)
{
	uint32_t bit = 1u << intid % 32;

	if (gic->state.cpus == 1 || intid < IRQ_SPI_BASE || intid >= gicv2_intids(gic))
		return;
	for (unsigned i = 0; i < gic->state.cpus; i++) {
		uint32_t *routed = &gic->state.cpu[i].routed[intid / 32];

		*routed = targets >> i & 1 ? *routed | bit : *routed & ~bit;
	}
}

static bool bytes_own(uint64_t offset)
{
	return (offset >= GICD_ITARGETSR && offset < GICD_ICFGR) ||
	       (offset >= GICD_CPENDSGIR && offset < GICD_SGIR_END);
}

static uint8_t byte_read(const struct gicv2 *gic, unsigned cpu, uint64_t offset)
{
	if (offset < GICD_ICFGR)
		return target_read(gic, cpu, offset - GICD_ITARGETSR);
	return gic->state.cpu[cpu].sources[offset % GICV2_SGIS];
}

static void byte_write(struct gicv2 *gic, unsigned cpu, uint64_t offset, uint8_t value)
{
	uint8_t senders = value & ((1u << gic->state.cpus) - 1);

	if (offset < GICD_ICFGR)
		target_write(gic, offset - GICD_ITARGETSR, value);
	else if (offset < GICD_SPENDSGIR)
		gicv2_sgi_clear(&gic->state.cpu[cpu], offset % GICV2_SGIS, senders);
	else
		gicv2_sgi_set(&gic->state.cpu[cpu], offset % GICV2_SGIS, senders);
}

static uint32_t bytes_read(const struct gicv2 *gic, unsigned cpu, uint64_t offset, unsigned size)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < size; i++)
		value |= (uint32_t)byte_read(gic, cpu, offset + i) << 8 * i;
	return value;
}

static void bytes_write(struct gicv2 *gic, unsigned cpu, uint64_t offset, unsigned size,
			uint32_t value)
{
	for (unsigned i = 0; i < size; i++)
		byte_write(gic, cpu, offset + i, value >> 8 * i);
	gicv2_update_all(gic);
}

/* --- Registers as GICv3 has them --- */

/* Bank 0 is a register's first word, or its first eight words, or two. */
static bool is_private(uint64_t offset)
{
	if (offset < 0x400)
		return !(offset & 0x7c);
	return offset < GICD_ITARGETSR ? offset < 0x400 + 32 : offset < GICD_ICFGR + 8;
}

static struct gic_banks banks_at(struct gicv2 *gic, unsigned cpu, uint64_t offset)
{
	if (is_private(offset))
		return (struct gic_banks){&gic->state.cpu[cpu].bank, 0, 1};
	return (struct gic_banks){gic->state.shared, 1, gic->state.banks - 1};
}

static void banks_write(struct gicv2 *gic, unsigned cpu, uint64_t offset, unsigned size,
			uint32_t value)
{
	struct gic_banks banks = banks_at(gic, cpu, offset);
	struct gic_bank *private = &gic->state.cpu[cpu].bank;
	uint32_t pending = private->latch & GIC_SGIS;

	gic_banks_write(&banks, offset, size, value);
	private->latch = (private->latch & ~GIC_SGIS) | pending;
	private->enabled |= GIC_SGIS;
	gicv2_update_all(gic);
}

/* --- The rest --- */

/* Where Arm's GICv2 have it: PIDR4 to PIDR7, PIDR0 to PIDR3, CIDR0 to CIDR3; PIDR2 says GICv2. */
static uint32_t id_read(uint64_t offset)
{
	static const uint8_t ids[] = {0x04, 0, 0, 0, 0x90, 0xb4, 0x2b, 0, 0x0d, 0xf0, 0x05, 0xb1};

	return ids[(offset - GICD_ID) / 4];
}

static uint32_t word_read(const struct gicv2 *gic, uint64_t offset)
{
	switch (offset) {
	case GICD_CTLR: return gic->state.ctlr;
	case GICD_TYPER: return (gic->state.banks - 1) | (gic->state.cpus - 1) << 5;
	case GICD_IIDR: return GICV2_GICD_IIDR;
	default: return offset >= GICD_ID && offset < 0x1000 ? id_read(offset) : 0;
	}
}

static void word_write(struct gicv2 *gic, unsigned cpu, uint64_t offset, uint32_t value)
{
	if (offset == GICD_SGIR) {
		sgir_write(gic, cpu, value);
	} else if (offset == GICD_CTLR) {
		gic->state.ctlr = value & CTLR_ENABLE_GROUPS;
		gicv2_update_all(gic);
	}
}

static uint64_t gicd_read(void *owner, unsigned cpu, uint64_t offset, unsigned size)
{
	struct gicv2 *gic = owner;
	uint64_t value = 0;

	pthread_mutex_lock(&gic->lock);
	if (gic_banks_own(offset)) {
		struct gic_banks banks = banks_at(gic, cpu, offset);

		value = gic_banks_read(&banks, offset, size);
	} else if (bytes_own(offset)) {
		value = size == 1 || size == 4 ? bytes_read(gic, cpu, offset, size) : 0;
	} else if (size == 4) {
		value = word_read(gic, offset);
	}
	pthread_mutex_unlock(&gic->lock);
	return value;
}

static void trace_sgi(const struct gicv2 *gic, unsigned cpu, uint32_t value)
{
	struct trace *trace = &gic->device.vm->trace;

	if (trace_on(trace, TRACE_IRQ))
		trace_print(trace, TRACE_IRQ, "cpu %u sends SGI %u (%#x)", cpu, SGIR_INTID(value),
			    value);
}

static void gicd_write(void *owner, unsigned cpu, uint64_t offset, unsigned size, uint64_t value)
{
	struct gicv2 *gic = owner;

	if (offset == GICD_SGIR && size == 4)
		trace_sgi(gic, cpu, value);
	pthread_mutex_lock(&gic->lock);
	if (gic_banks_own(offset))
		banks_write(gic, cpu, offset, size, value);
	else if (bytes_own(offset) && (size == 1 || size == 4))
		bytes_write(gic, cpu, offset, size, value);
	else if (size == 4)
		word_write(gic, cpu, offset, value);
	pthread_mutex_unlock(&gic->lock);
}

static const struct mmio_ops gicd_ops = {gicd_read, gicd_write};

int gicv2_distributor_add(struct gicv2 *gic, struct error *err)
{
	struct bus_region region = {
		.base = gic->layout.distributor,
		.size = GICV2_FRAME,
		.ops = &gicd_ops,
		.owner = gic,
		.name = "gicd",
	};

	return bus_add(&gic->device.vm->bus, &region, err);
}
