/*
 * GICv3: the Distributor's registers (IHI 0069, 12.9). One security state (GICD_CTLR.DS) and
 * affinity routing (GICD_CTLR.ARE) are fixed, so that the registers of GICv2 which affinity routing
 * replaces (GICD_ITARGETSR, GICD_SGIR, ...), GICD_IGRPMODR and GICD_NSACR read as zero and ignore
 * writes, as do the fields of SGIs and PPIs, which are in the Redistributors. GICD_STATUSR is
 * optional, and not implemented: zero too.
 */
#include "core/bus.h"
#include "core/vm.h"
#include "devices/gicv3_state.h"

#define GICD_CTLR	0x0000
#define GICD_TYPER	0x0004
#define GICD_IIDR	0x0008
#define GICD_SETSPI_NSR 0x0040
#define GICD_CLRSPI_NSR 0x0048
#define GICD_IROUTER	0x6000 /* + 8 * INTID */

#define CTLR_ENABLE_GROUPS (1u << GIC_GROUP0 | 1u << GIC_GROUP1)
#define CTLR_ARE	   (1u << 4)
#define CTLR_DS		   (1u << 6)

#define TYPER_MBIS	   (1u << 16) /* message-based SPIs */
#define TYPER_LPIS	   (1u << 17)
#define TYPER_IDBITS(bits) (((bits) - 1) << 19)
#define TYPER_A3V	   (1u << 24)
#define TYPER_RSS	   (1u << 26)

static struct gic_banks distributor_banks(struct gicv3 *gic)
{
	return (struct gic_banks){gic->state.shared, 1, gic->state.banks - 1};
}

static bool router_own(const struct gicv3 *gic, uint64_t offset)
{
	return offset >= GICD_IROUTER + 8 * IRQ_SPI_BASE &&
	       offset < GICD_IROUTER + 8ULL * gicv3_intids(gic);
}

static uint64_t router_read(const struct gicv3 *gic, uint64_t offset, unsigned size)
{
	unsigned spi = (offset - GICD_IROUTER) / 8 - IRQ_SPI_BASE;

	return size < 4 ? 0 : gic_half_read(gic->state.router[spi], offset, size);
}

static void router_write(struct gicv3 *gic, uint64_t offset, unsigned size, uint64_t value)
{
	unsigned intid = (offset - GICD_IROUTER) / 8;
	uint64_t old = gic->state.router[intid - IRQ_SPI_BASE];

	if (size < 4)
		return;
	gicv3_route(gic, intid, gic_half_write(old, offset, size, value));
	gicv3_update_all(gic);
}

static uint32_t word_read(const struct gicv3 *gic, uint64_t offset)
{
	if (offset >= GIC_ID_REGISTERS)
		return gic_id_register(offset, GIC_PART_GICD);
	switch (offset) {
	case GICD_CTLR: return gic->state.ctlr | CTLR_ARE | CTLR_DS;
	case GICD_TYPER:
		return (gic->state.banks - 1) | TYPER_MBIS | TYPER_A3V | TYPER_RSS |
		       (gicv3_has_lpis(gic) ? TYPER_LPIS | TYPER_IDBITS(GICV3_INTID_BITS)
					    : TYPER_IDBITS(10));
	case GICD_IIDR: return GIC_IIDR;
	default: return 0;
	}
}

/*
 * A message-based SPI: the write is a wire, beside the one that a device may have. GICD_SETSPI_NSR
 * raises it and GICD_CLRSPI_NSR lowers it. For an edge-triggered SPI each message is an edge, and
 * the other register takes back the pending state.
 */
static void message_write(struct gicv3 *gic, unsigned intid, bool level)
{
	uint32_t bit = 1u << intid % 32;
	struct gic_bank *bank;

	if (intid < IRQ_SPI_BASE || intid >= gicv3_intids(gic))
		return;
	bank = gicv3_bank_of(gic, 0, intid);
	if (bank->edge & bit)
		bank->latch = level ? bank->latch | bit : bank->latch & ~bit;
	else
		bank->message = level ? bank->message | bit : bank->message & ~bit;
	gicv3_update_intid(gic, 0, intid);
}

static void control_write(struct gicv3 *gic, uint64_t offset, unsigned size, uint64_t value)
{
	if (size > 4 || size < 2)
		return;
	if (offset == GICD_SETSPI_NSR || offset == GICD_CLRSPI_NSR) {
		message_write(gic, value & 0x3ff, offset == GICD_SETSPI_NSR);
	} else if (offset == GICD_CTLR && size == 4) {
		gic->state.ctlr = value & CTLR_ENABLE_GROUPS;
		gicv3_update_all(gic);
	}
}

static uint64_t gicd_read(void *owner, unsigned cpu, uint64_t offset, unsigned size)
{
	struct gicv3 *gic = owner;
	uint64_t value = 0;

	(void)cpu;
	pthread_mutex_lock(&gic->lock);
	if (gic_banks_own(offset)) {
		struct gic_banks banks = distributor_banks(gic);

		value = gic_banks_read(&banks, offset, size);
	} else if (router_own(gic, offset)) {
		value = router_read(gic, offset, size);
	} else if (size == 4) {
		value = word_read(gic, offset);
	}
	pthread_mutex_unlock(&gic->lock);
	return value;
}

static void gicd_write(void *owner, unsigned cpu, uint64_t offset, unsigned size, uint64_t value)
{
	struct gicv3 *gic = owner;

	(void)cpu;
	pthread_mutex_lock(&gic->lock);
	if (gic_banks_own(offset)) {
		struct gic_banks banks = distributor_banks(gic);

		gic_banks_write(&banks, offset, size, value);
		gicv3_update_all(gic);
	} else if (router_own(gic, offset)) {
		router_write(gic, offset, size, value);
	} else {
		control_write(gic, offset, size, value);
	}
	pthread_mutex_unlock(&gic->lock);
}

static const struct mmio_ops gicd_ops = {gicd_read, gicd_write};

int gicv3_distributor_add(struct gicv3 *gic, struct error *err)
{
	struct bus_region region = {
		.base = gic->layout.distributor,
		.size = GICD_SIZE,
		.ops = &gicd_ops,
		.owner = gic,
		.name = "gicd",
	};

	return bus_add(&gic->device.vm->bus, &region, err);
}
