/*
 * The exit device, described in its header. A write to EXIT completes and the vCPU leaves the
 * engine before its next instruction: vm_stop() has all vCPUs leave.
 */
#include "devices/exit.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/boot/devicetree.h"
#include "core/vm.h"

struct exit_state {
	uint32_t scratch;
	uint32_t lines;
};

struct exit_device {
	struct device device;
	struct exit_state state;
	pthread_mutex_t lock; /* guards state */
	struct irq_line irqs[EXIT_DEVICE_LINE_COUNT];
	uint64_t base;
};

static void set_lines(struct exit_device *e, uint32_t levels)
{
	uint32_t changed = levels ^ e->state.lines;

	e->state.lines = levels & ((1u << EXIT_DEVICE_LINE_COUNT) - 1);
	for (unsigned i = 0; i < EXIT_DEVICE_LINE_COUNT; i++) {
		if (changed >> i & 1)
			irq_line_set(&e->irqs[i], levels >> i & 1);
	}
}

static uint64_t exit_read(void *owner, unsigned cpu, uint64_t offset, unsigned size)
{
	struct exit_device *e = owner;
	uint64_t value = 0;

	(void)cpu;
	if (size > 4)
		return 0;
	pthread_mutex_lock(&e->lock);
	switch (offset) {
	case EXIT_DEVICE_SCRATCH: value = e->state.scratch; break;
	case EXIT_DEVICE_ID: value = EXIT_DEVICE_MAGIC; break;
	case EXIT_DEVICE_CPUS: value = e->device.vm->cpus; break;
	case EXIT_DEVICE_LINES: value = e->state.lines; break;
	default: break;
	}
	pthread_mutex_unlock(&e->lock);
	return value & ((1ULL << 8 * size) - 1);
}

static void exit_write(void *owner, unsigned cpu, uint64_t offset, unsigned size, uint64_t value)
{
	struct exit_device *e = owner;

	if (offset == EXIT_DEVICE_EXIT) {
		const struct vm_result result = {
			.end = VM_END_EXIT,
			.status = (int)(value & 0xff),
			.cpu = cpu,
		};

		vm_stop(e->device.vm, &result);
		return;
	}
	if (size > 4)
		return;
	pthread_mutex_lock(&e->lock);
	if (offset == EXIT_DEVICE_SCRATCH)
		e->state.scratch = (uint32_t)value;
	else if (offset == EXIT_DEVICE_LINES)
		set_lines(e, (uint32_t)value);
	pthread_mutex_unlock(&e->lock);
}

static const struct mmio_ops exit_mmio = {.read = exit_read, .write = exit_write};

static void exit_reset(struct device *device)
{
	struct exit_device *e = (struct exit_device *)device;

	pthread_mutex_lock(&e->lock);
	set_lines(e, 0);
	e->state.scratch = 0;
	pthread_mutex_unlock(&e->lock);
}

static int exit_describe(struct device *device, void *fdt)
{
	const struct exit_device *e = (struct exit_device *)device;
	const uint64_t reg[1][2] = {{e->base, EXIT_DEVICE_SIZE}};
	int rc;

	if ((rc = devicetree_begin(fdt, "exit", e->base)) ||
	    (rc = devicetree_string(fdt, "compatible", "veleiro,exit")) ||
	    (rc = devicetree_reg(fdt, reg, 1)))
		return rc;
	return devicetree_end(fdt);
}

static void exit_destroy(struct device *device)
{
	struct exit_device *e = (struct exit_device *)device;

	pthread_mutex_destroy(&e->lock);
	free(e);
}

static const struct device_ops exit_ops = {
	.name = "exit",
	.reset = exit_reset,
	.describe = exit_describe,
	.destroy = exit_destroy,
};

int exit_create(struct vm *vm, uint64_t base, unsigned intid, struct error *err)
{
	struct exit_device *e = calloc(1, sizeof(*e));

	if (!e)
		return error_set(err, ERROR_NO_MEMORY, "no memory for the exit device");

	const struct bus_region region = {base, EXIT_DEVICE_SIZE, &exit_mmio, e, "exit"};

	if (bus_add(&vm->bus, &region, err)) {
		free(e);
		return -1;
	}
	e->device.ops = &exit_ops;
	e->device.vm = vm;
	e->device.state = &e->state;
	e->device.state_size = sizeof(e->state);
	e->base = base;
	for (unsigned i = 0; i < EXIT_DEVICE_LINE_COUNT; i++)
		e->irqs[i] = (struct irq_line){.chip = &vm->irq_chip, .intid = intid + i};
	pthread_mutex_init(&e->lock, NULL);
	vm_add_device(vm, &e->device);
	return 0;
}
