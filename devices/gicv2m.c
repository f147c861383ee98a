/*
 * GICv2m. The frame has no state: software makes its SPIs edge-triggered, and a message is a pulse
 * on the wire of one of them, whoever emulates the GIC behind the wire.
 */
#include "devices/gicv2m.h"

#include <libfdt.h>
#include <pthread.h>
#include <stdlib.h>

#include "core/boot/devicetree.h"
#include "core/vm.h"

#define MSI_TYPER  0x008
#define MSI_SETSPI 0x040
#define MSI_IIDR   0xfcc

#define IIDR_VALUE 0x0470043b /* product 'G', implementer Arm */

struct gicv2m {
	struct device device;
	pthread_mutex_t lock; /* keeps pulses apart */
	uint64_t base;
	unsigned first, count;
};

static uint64_t gicv2m_read(void *owner, unsigned cpu, uint64_t offset, unsigned size)
{
	const struct gicv2m *m = owner;

	(void)cpu;
	if (size != 4)
		return 0;
	switch (offset) {
	case MSI_TYPER: return m->first << 16 | m->count;
	case MSI_IIDR: return IIDR_VALUE;
	default: return 0;
	}
}

/* A 16-bit write is a message, too (PCI). A number that is not the frame's is ignored. */
static void gicv2m_write(void *owner, unsigned cpu, uint64_t offset, unsigned size, uint64_t value)
{
	struct gicv2m *m = owner;
	const struct irq_line line = {.chip = &m->device.vm->irq_chip, .intid = value & 0x3ff};

	(void)cpu;
	if (offset != MSI_SETSPI || (size != 2 && size != 4) || line.intid - m->first >= m->count)
		return;
	pthread_mutex_lock(&m->lock);
	irq_line_set(&line, true);
	irq_line_set(&line, false);
	pthread_mutex_unlock(&m->lock);
}

static const struct mmio_ops gicv2m_mmio = {gicv2m_read, gicv2m_write};

static void gicv2m_reset(struct device *device)
{
	(void)device;
}

static void gicv2m_destroy(struct device *device)
{
	struct gicv2m *m = (struct gicv2m *)device;

	pthread_mutex_destroy(&m->lock);
	free(m);
}

/* The node is within the GIC's: it is the GIC that writes it. */
static const struct device_ops gicv2m_ops = {
	.name = "gicv2m",
	.reset = gicv2m_reset,
	.destroy = gicv2m_destroy,
};

int gicv2m_create(struct vm *vm, const struct gic_layout *layout, struct error *err)
{
	struct gicv2m *m = calloc(1, sizeof(*m));

	if (!m)
		return error_set(err, ERROR_NO_MEMORY, "no memory for the GICv2m");

	const struct bus_region region = {layout->msi, GICV2M_SIZE, &gicv2m_mmio, m, "gicv2m"};

	if (bus_add(&vm->bus, &region, err)) {
		free(m);
		return -1;
	}
	m->device = (struct device){.ops = &gicv2m_ops, .vm = vm};
	m->base = layout->msi;
	m->first = layout->msi_first;
	m->count = layout->msi_count;
	pthread_mutex_init(&m->lock, NULL);
	vm_add_device(vm, &m->device);
	return 0;
}

/* Linux: Documentation/devicetree/bindings/interrupt-controller/arm,gic.yaml */
int gicv2m_describe_node(void *fdt, const struct gic_layout *layout)
{
	const uint64_t reg[1][2] = {{layout->msi, GICV2M_SIZE}};
	int rc;

	if ((rc = devicetree_begin(fdt, "v2m", layout->msi)) ||
	    (rc = devicetree_string(fdt, "compatible", "arm,gic-v2m-frame")) ||
	    (rc = fdt_property(fdt, "msi-controller", NULL, 0)) ||
	    (rc = devicetree_reg(fdt, reg, 1)) ||
	    (rc = devicetree_u32(fdt, "phandle", PHANDLE_ITS)))
		return rc;
	return devicetree_end(fdt);
}
