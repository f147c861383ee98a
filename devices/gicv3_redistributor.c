/*
 * GICv3: the Redistributors' registers (IHI 0069, 12.10 and 12.11). Each vCPU has two frames of
 * 64 KiB: RD_base with control, and SGI_base with the fields of its SGIs and PPIs. All frames
 * lie in one row, that of the last vCPU marked by GICR_TYPER.Last; which one is meant follows from
 * the address alone, any vCPU may access any.
 *
 * LPIs are there if there is an ITS (GICR_TYPER.PLPIS). While GICR_WAKER.ProcessorSleep is 1, as after
 * reset, nothing is forwarded to the vCPU.
 */
#include "core/bus.h"
#include "core/vm.h"
#include "devices/gicv3_state.h"

#define GICR_CTLR     0x0000
#define GICR_IIDR     0x0004
#define GICR_TYPER    0x0008
#define GICR_WAKER    0x0014
#define GICR_SGI_BASE 0x10000

#define TYPER_PLPIS (1ULL << 0)
#define TYPER_LAST  (1ULL << 4)
#define TYPER_DPGS  (1ULL << 5)

static uint64_t typer_value(const struct gicv3 *gic, unsigned index)
{
	uint64_t affinity = gic->state.cpu[index].affinity;
	uint32_t packed = (affinity >> 32) << 24 | (uint32_t)affinity;
	uint64_t last = index + 1 == gic->state.cpus ? TYPER_LAST : 0;

	uint64_t lpis = gicv3_has_lpis(gic) ? TYPER_PLPIS : 0;

	return (uint64_t)packed << 32 | (uint64_t)index << 8 | last | lpis | TYPER_DPGS;
}

static uint64_t rd_read(const struct gicv3 *gic, unsigned index, uint64_t offset, unsigned size)
{
	const struct gicv3_cpu *cpu = &gic->state.cpu[index];

	if (size >= 4 && (offset & ~4ULL) == GICR_TYPER)
		return gic_half_read(typer_value(gic, index), offset, size);
	if (gicv3_lpi_register_own(gic, offset, size))
		return gicv3_lpi_register_read(cpu, offset, size);
	if (size != 4)
		return 0;
	if (offset >= GIC_ID_REGISTERS)
		return gic_id_register(offset, GIC_PART_GICR);
	switch (offset) {
	case GICR_CTLR: return cpu->ctlr | (gicv3_has_lpis(gic) ? GICR_CTLR_CES : 0);
	case GICR_IIDR: return GIC_IIDR;
	case GICR_WAKER:
		/* The children fall asleep and wake at once. */
		return cpu->waker & GICR_WAKER_PROCESSOR_SLEEP
			       ? GICR_WAKER_PROCESSOR_SLEEP | GICR_WAKER_CHILDREN_ASLEEP
			       : 0;
	default: return 0;
	}
}

static void ctlr_write(struct gicv3 *gic, struct gicv3_cpu *cpu, uint32_t value)
{
	const uint32_t keep_away = GICR_CTLR_DPG0 | GICR_CTLR_DPG1NS;

	cpu->ctlr = (cpu->ctlr & ~keep_away) | (value & keep_away);
	if (gicv3_has_lpis(gic))
		gicv3_lpi_enable(gic, cpu, value & GICR_CTLR_ENABLE_LPIS);
}

static void rd_write(struct gicv3 *gic, unsigned index, uint64_t offset, unsigned size,
		     uint64_t value)
{
	struct gicv3_cpu *cpu = &gic->state.cpu[index];

	if (gicv3_lpi_register_own(gic, offset, size))
		gicv3_lpi_register_write(cpu, offset, size, value);
	if (size != 4)
		return;
	switch (offset) {
	case GICR_CTLR: ctlr_write(gic, cpu, value); break;
	case GICR_WAKER: cpu->waker = value & GICR_WAKER_PROCESSOR_SLEEP; break;
	default: return;
	}
	/* Either may move 1-of-N interrupts elsewhere. */
	gicv3_update_all(gic);
}

static uint64_t gicr_read(void *owner, unsigned cpu, uint64_t offset, unsigned size)
{
	struct gicv3 *gic = owner;
	unsigned index = offset / GICR_SIZE;
	uint64_t value = 0;

	(void)cpu;
	offset %= GICR_SIZE;
	pthread_mutex_lock(&gic->lock);
	if (offset < GICR_SGI_BASE) {
		value = rd_read(gic, index, offset, size);
	} else if (gic_banks_own(offset - GICR_SGI_BASE)) {
		struct gic_banks banks = {&gic->state.cpu[index].bank, 0, 1};

		value = gic_banks_read(&banks, offset - GICR_SGI_BASE, size);
	}
	pthread_mutex_unlock(&gic->lock);
	return value;
}

static void gicr_write(void *owner, unsigned cpu, uint64_t offset, unsigned size, uint64_t value)
{
	struct gicv3 *gic = owner;
	unsigned index = offset / GICR_SIZE;

	(void)cpu;
	offset %= GICR_SIZE;
	pthread_mutex_lock(&gic->lock);
	if (offset < GICR_SGI_BASE) {
		rd_write(gic, index, offset, size, value);
	} else if (gic_banks_own(offset - GICR_SGI_BASE)) {
		struct gic_banks banks = {&gic->state.cpu[index].bank, 0, 1};

		gic_banks_write(&banks, offset - GICR_SGI_BASE, size, value);
		gicv3_update_cpu(gic, index);
	}
	pthread_mutex_unlock(&gic->lock);
}

static const struct mmio_ops gicr_ops = {gicr_read, gicr_write};

int gicv3_redistributors_add(struct gicv3 *gic, struct error *err)
{
	struct bus_region region = {
		.base = gic->layout.redistributors,
		.size = GICR_SIZE * gic->state.cpus,
		.ops = &gicr_ops,
		.owner = gic,
		.name = "gicr",
	};

	return bus_add(&gic->device.vm->bus, &region, err);
}
