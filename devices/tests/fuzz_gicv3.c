/*
 * Fuzz target: the GICv3, registers in memory and of the system.
 */
#include "devices/gicv3.h"

#include "devices/tests/fuzz.h"

#define GICD  0x08000000ULL
#define GICR  0x080a0000ULL
#define FRAME 0x20000ULL

static int create(struct vm *vm, struct error *err)
{
	const struct gic_layout layout = {
		.version = 3,
		.distributor = GICD,
		.redistributors = GICR,
		.spis = 224,
	};

	return gicv3_create(vm, &layout, err) ? 0 : -1;
}

static void start(struct vm *vm)
{
	fuzz_write(vm, 0, GICD, 4, 3);
	for (unsigned bank = 4; bank < 0x20; bank += 4)
		fuzz_write(vm, 0, GICD + 0x100 + bank, 4, 0xffffffff);
	for (unsigned cpu = 0; cpu < vm->cpus; cpu++) {
		fuzz_write(vm, cpu, GICR + cpu * FRAME + 0x14, 4, 0);
		fuzz_write(vm, cpu, GICR + cpu * FRAME + 0x10100, 4, 0xffffffff);
		fuzz_msr(vm, cpu, "icc_pmr_el1", 0xff);
		fuzz_msr(vm, cpu, "icc_igrpen0_el1", 1);
		fuzz_msr(vm, cpu, "icc_igrpen1_el1", 1);
	}
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
