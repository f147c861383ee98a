/*
 * Fuzz target: the GICv2 and its GICv2m frame.
 */
#include "devices/gicv2.h"

#include "devices/gicv2m.h"
#include "devices/tests/fuzz.h"

#define GICD 0x08000000ULL
#define GICC 0x08010000ULL

static int create(struct vm *vm, struct error *err)
{
	const struct gic_layout layout = {
		.version = 2,
		.distributor = GICD,
		.cpu_interface = GICC,
		.msi = 0x08020000,
		.msi_first = 64,
		.msi_count = 64,
		.spis = 224,
	};

	return gicv2_create(vm, &layout, err) ? -1 : gicv2m_create(vm, &layout, err);
}

static void start(struct vm *vm)
{
	fuzz_write(vm, 0, GICD, 4, 3);
	for (unsigned cpu = 0; cpu < vm->cpus; cpu++) {
		fuzz_write(vm, cpu, GICC, 4, 3);
		fuzz_write(vm, cpu, GICC + 4, 4, 0xff);
		for (unsigned bank = 0; bank < 0x20; bank += 4)
			fuzz_write(vm, cpu, GICD + 0x100 + bank, 4, 0xffffffff);
	}
	for (unsigned intid = 32; intid < 256; intid += 4)
		fuzz_write(vm, 0, GICD + 0x800 + intid, 4, 0x04020103);
}

/* A wire of a device. */
static void outside(struct vm *vm, uint64_t what)
{
	const struct irq_line line = {
		.chip = &vm->irq_chip,
		.cpu = (what >> 16) % vm->cpus,
		.intid = 16 + (what & 0xff) % 240,
	};

	irq_line_set(&line, what >> 8 & 1);
}

static void quiet(struct vm *vm)
{
	for (unsigned cpu = 0; cpu < vm->cpus; cpu++)
		for (unsigned intid = 16; intid < (cpu ? 32 : 256); intid++)
			irq_line_set(&(struct irq_line){&vm->irq_chip, cpu, intid}, false);
}

const struct fuzz_target fuzz_target = {
	.cpus = 3,
	.create = create,
	.start = start,
	.outside = outside,
	.quiet = quiet,
};
