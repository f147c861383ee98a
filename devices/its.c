/*
 * The GICv3 ITS (Arm IHI 0069): creation, its registers (12.18), the device-tree node, messages.
 *
 *	its_table.c    the tables in guest memory
 *	its_command.c  the commands that fill them
 *
 * GITS_BASER0 is the device table, GITS_BASER1 the collection table. There are no collections without
 * memory behind them (GITS_TYPER.HCC is 0) and no virtual LPIs.
 */
#include "devices/its.h"

#include <libfdt.h>
#include <stdlib.h>

#include "core/boot/devicetree.h"
#include "core/vm.h"
#include "devices/gic_frame.h"
#include "devices/gicv3.h"
#include "devices/its_state.h"

#define GITS_CTLR    0x0000
#define GITS_IIDR    0x0004
#define GITS_TYPER   0x0008
#define GITS_CBASER  0x0080
#define GITS_CWRITER 0x0088
#define GITS_CREADR  0x0090
#define GITS_BASER   0x0100 /* + 8 * n */

#define CTLR_ENABLED   (1u << 0)
#define CTLR_QUIESCENT (1u << 31)

#define TYPER_PHYSICAL (1ULL << 0)
#define TYPER_VALUE                                                            \
	(TYPER_PHYSICAL | (ITS_ENTRY_SIZE - 1) << 4 | (ITS_ID_BITS - 1) << 8 | \
	 (ITS_ID_BITS - 1) << 13)

/* Valid, cacheability, shareability, address, size. */
#define CBASER_MASK 0xb8effffffffffcffULL

#define CWRITER_RETRY  1u
#define CREADR_STALLED 1u
#define OFFSET_MASK    0xfffe0u

/* GITS_BASER: what is fixed (type, size of an entry less one), and what is kept of a write. */
#define BASER_FIXED(type) ((uint64_t)(type) << 56 | (uint64_t)(ITS_ENTRY_SIZE - 1) << 48)
#define BASER_MASK	  0xf8e0ffffffffffffULL

static const uint64_t baser_fixed[ITS_TABLES] = {
	[ITS_DEVICES] = BASER_FIXED(1),
	[ITS_COLLECTIONS] = BASER_FIXED(4),
};

/* --- Messages --- */

static void send_locked(struct its *its, uint32_t device, uint32_t event)
{
	struct its_event found;
	unsigned cpu;

	if (!its->state.enabled || !its_translate(its, device, event, &found, &cpu))
		return;
	gicv3_lpi_set(its->gic, cpu, found.intid, true);
	gicv3_lpi_update(its->gic, 1u << cpu);
}

void its_send(struct its *its, uint32_t device, uint32_t event)
{
	pthread_mutex_lock(&its->lock);
	send_locked(its, device, event);
	pthread_mutex_unlock(&its->lock);
}

/* --- Registers --- */

static unsigned table_of(uint64_t offset)
{
	return (offset - GITS_BASER) / 8;
}

static bool is_table(uint64_t offset)
{
	return offset >= GITS_BASER && offset < GITS_BASER + 8 * ITS_TABLES;
}

/* The 64-bit register that `offset`, a multiple of 8, is of. */
static uint64_t wide_read(const struct its *its, uint64_t offset)
{
	const struct its_state *s = &its->state;

	if (is_table(offset))
		return s->baser[table_of(offset)];
	switch (offset) {
	case GITS_TYPER: return TYPER_VALUE;
	case GITS_CBASER: return s->cbaser;
	case GITS_CWRITER: return s->cwriter;
	case GITS_CREADR: return s->creadr | (s->stalled ? CREADR_STALLED : 0);
	default: return 0;
	}
}

static uint64_t register_read(const struct its *its, uint64_t offset, unsigned size)
{
	if (size < 4)
		return 0;
	if (size == 4 && offset >= GIC_ID_REGISTERS && offset < ITS_SIZE / 2)
		return gic_id_register(offset, GIC_PART_GITS);
	if (size == 4 && offset == GITS_IIDR)
		return GIC_IIDR;
	if (size == 4 && offset == GITS_CTLR)
		return its->state.enabled ? CTLR_ENABLED : CTLR_QUIESCENT;
	return gic_half_read(wide_read(its, offset & ~7ULL), offset, size);
}

static void cwriter_write(struct its *its, uint64_t value)
{
	its->state.cwriter = value & OFFSET_MASK;
	if (value & CWRITER_RETRY)
		its->state.stalled = false;
	its_execute(its);
}

/* Where things are can be changed only while the ITS is off: else UNPREDICTABLE, ignored. */
static void place_write(struct its *its, uint64_t offset, uint64_t value)
{
	struct its_state *s = &its->state;

	if (s->enabled)
		return;
	if (is_table(offset)) {
		s->baser[table_of(offset)] = (value & BASER_MASK) | baser_fixed[table_of(offset)];
	} else if (offset == GITS_CBASER) {
		s->cbaser = value & CBASER_MASK;
		s->creadr = 0;
		s->cwriter = 0;
		s->stalled = false;
	}
}

static void register_write(struct its *its, uint64_t offset, unsigned size, uint64_t value)
{
	uint64_t whole = offset & ~7ULL;

	if (offset == ITS_TRANSLATER && (size == 2 || size == 4))
		send_locked(its, 0, value);
	if (size < 4)
		return;
	if (whole == GITS_CTLR && size == 4) {
		if (offset == GITS_CTLR) {
			its->state.enabled = value & CTLR_ENABLED;
			its_execute(its);
		}
		return;
	}
	value = gic_half_write(wide_read(its, whole), offset, size, value);
	if (whole == GITS_CWRITER)
		cwriter_write(its, value);
	else
		place_write(its, whole, value);
}

static uint64_t its_read(void *owner, unsigned cpu, uint64_t offset, unsigned size)
{
	struct its *its = owner;
	uint64_t value;

	(void)cpu;
	pthread_mutex_lock(&its->lock);
	value = register_read(its, offset, size);
	pthread_mutex_unlock(&its->lock);
	return value;
}

static void its_write(void *owner, unsigned cpu, uint64_t offset, unsigned size, uint64_t value)
{
	struct its *its = owner;

	(void)cpu;
	pthread_mutex_lock(&its->lock);
	register_write(its, offset, size, value);
	pthread_mutex_unlock(&its->lock);
}

static const struct mmio_ops its_mmio = {its_read, its_write};

/* --- The device --- */

static void its_reset(struct device *device)
{
	struct its *its = (struct its *)device;

	pthread_mutex_lock(&its->lock);
	its->state = (struct its_state){0};
	for (unsigned i = 0; i < ITS_TABLES; i++)
		its->state.baser[i] = baser_fixed[i];
	pthread_mutex_unlock(&its->lock);
}

static void its_destroy(struct device *device)
{
	struct its *its = (struct its *)device;

	pthread_mutex_destroy(&its->lock);
	free(its);
}

/* The node is within the GIC's: it is the GIC that writes it. */
static const struct device_ops its_ops = {
	.name = "its",
	.reset = its_reset,
	.destroy = its_destroy,
};

struct its *its_create(struct vm *vm, struct gicv3 *gic, uint64_t base, struct error *err)
{
	struct its *its = calloc(1, sizeof(*its));

	if (!its) {
		error_set(err, ERROR_NO_MEMORY, "no memory for the ITS");
		return NULL;
	}

	const struct bus_region region = {base, ITS_SIZE, &its_mmio, its, "gits"};

	if (bus_add(&vm->bus, &region, err)) {
		free(its);
		return NULL;
	}
	its->device = (struct device){
		.ops = &its_ops,
		.vm = vm,
		.state = &its->state,
		.state_size = sizeof(its->state),
	};
	its->gic = gic;
	its->base = base;
	pthread_mutex_init(&its->lock, NULL);
	its_reset(&its->device);
	vm_add_device(vm, &its->device);
	return its;
}

/* Linux: Documentation/devicetree/bindings/interrupt-controller/arm,gic-v3.yaml */
int its_describe_node(void *fdt, uint64_t base)
{
	const uint64_t reg[1][2] = {{base, ITS_SIZE}};
	int rc;

	if ((rc = devicetree_begin(fdt, "msi-controller", base)) ||
	    (rc = devicetree_string(fdt, "compatible", "arm,gic-v3-its")) ||
	    (rc = fdt_property(fdt, "msi-controller", NULL, 0)) ||
	    (rc = devicetree_u32(fdt, "#msi-cells", 1)) || (rc = devicetree_reg(fdt, reg, 1)) ||
	    (rc = devicetree_u32(fdt, "phandle", PHANDLE_ITS)))
		return rc;
	return devicetree_end(fdt);
}
