/* See fuzz.h. */
#include "devices/tests/fuzz.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/tests/idle_engine.h"

#define DEVICES_MAX 32

/* What an action is, by its first byte's low bits. The upper ones: log2 of the size, the vCPU. */
enum action { WRITE, WRITE_TOO, READ, MSR, MRS, RAM, TIME, OUTSIDE };

/* Where the guest's pieces of RAM are: near its start, so that few pages are touched. */
#define RAM_WINDOW 0x40000

/* The input that is left. It gives zeroes when it is used up. */
struct input {
	const uint8_t *bytes;
	size_t len;
};

static struct vm *machine;
static void *states[DEVICES_MAX]; /* what each device's state was at first, in order */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void die(const char *what, const char *name)
{
	fprintf(stderr, "%s: %s\n", name, what);
	abort();
}

static uint64_t take(struct input *input, unsigned size)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < size && input->len; i++, input->len--)
		value |= (uint64_t)*input->bytes++ << 8 * i;
	return value;
}

void fuzz_write(struct vm *vm, unsigned cpu, uint64_t addr, unsigned size, uint64_t value)
{
	bus_write(&vm->bus, cpu, addr, size, value);
}

void fuzz_msr(struct vm *vm, unsigned cpu, const char *name, uint64_t value)
{
	const struct sysreg *reg = sysreg_find_name(&vm->sysregs, name);

	if (reg && reg->write)
		reg->write(reg->owner, &vm->vcpus[cpu], value);
}

/* --- Actions --------------------------------------------------------------------------------- */

/* A place in the devices' regions, as if they stood side by side. */
static uint64_t take_address(struct input *input, unsigned size)
{
	const struct bus *bus = &machine->bus;
	uint64_t total = 0, place;
	unsigned i = 0;

	for (i = 0; i < bus->count; i++)
		total += bus->regions[i].size;
	if (!total)
		return 0;
	place = take(input, 3) % total;
	for (i = 0; place >= bus->regions[i].size; i++)
		place -= bus->regions[i].size;
	return (bus->regions[i].base + place) & ~(uint64_t)(size - 1);
}

/* A register that EL1 or EL0 may access now, or NULL. */
static const struct sysreg *take_register(struct input *input, unsigned cpu, bool write)
{
	const struct sysreg_table *table = &machine->sysregs;
	unsigned choice = (unsigned)take(input, 1);
	unsigned el = choice & 0x80 ? 0 : 1;
	const struct sysreg *reg;

	if (!table->count)
		return NULL;
	reg = &table->regs[(choice & 0x7f) % table->count];
	if (el < reg->min_el || (write ? !reg->write : !reg->read))
		return NULL;
	if (reg->check && reg->check(reg->owner, &machine->vcpus[cpu], el, write) != SYSREG_OK)
		return NULL;
	return reg;
}

static void access_register(struct input *input, unsigned cpu, bool write)
{
	const struct sysreg *reg = take_register(input, cpu, write);
	uint64_t value = write ? take(input, 8) : 0;

	if (reg && write)
		reg->write(reg->owner, &machine->vcpus[cpu], value);
	else if (reg)
		reg->read(reg->owner, &machine->vcpus[cpu]);
}

static void write_ram(struct input *input, unsigned size)
{
	uint64_t addr = VM_RAM_BASE + take(input, 3) % RAM_WINDOW;
	uint64_t value = take(input, size);

	memory_write(&machine->memory, addr, &value, size);
}

static void pass_time(struct input *input, unsigned shift)
{
	uint64_t ticks = take(input, 2) << 8 * shift;

	clock_virtual_advance(&machine->clock, clock_counter(&machine->clock) + ticks);
}

static void act(struct input *input)
{
	unsigned first = (unsigned)take(input, 1);
	unsigned log2 = first >> 3 & 3, size = 1u << log2;
	unsigned cpu = (first >> 5) % machine->cpus;
	uint64_t addr, value;

	switch ((enum action)(first & 7)) {
	case WRITE:
	case WRITE_TOO:
		addr = take_address(input, size);
		bus_write(&machine->bus, cpu, addr, size, take(input, size));
		break;
	case READ: bus_read(&machine->bus, cpu, take_address(input, size), size, &value); break;
	case MSR: access_register(input, cpu, true); break;
	case MRS: access_register(input, cpu, false); break;
	case RAM: write_ram(input, size); break;
	case TIME: pass_time(input, log2); break;
	case OUTSIDE:
		if (fuzz_target.outside)
			fuzz_target.outside(machine, take(input, 8));
		break;
	}
}

/* --- The machine ----------------------------------------------------------------------------- */

static void keep_states(void)
{
	unsigned i = 0;

	for (struct device *device = machine->devices; device; device = device->next, i++) {
		if (i == DEVICES_MAX)
			die("too many devices", device->ops->name);
		if (!device->state_size)
			continue;
		states[i] = malloc(device->state_size);
		if (!states[i])
			die("no memory", device->ops->name);
		memcpy(states[i], device->state, device->state_size);
	}
}

static void check_state(const struct device *device, const uint8_t *before)
{
	const uint8_t *after = device->state;

	if (!device->state_size || memcmp(before, after, device->state_size) == 0)
		return;
	for (size_t i = 0; i < device->state_size; i++) {
		if (before[i] == after[i])
			continue;
		fprintf(stderr, "byte %#zx of the state: %#x before, %#x after\n", i, before[i],
			after[i]);
		die("a reset did not bring the state back", device->ops->name);
	}
}

static void check_states(void)
{
	unsigned i = 0;

	for (struct device *device = machine->devices; device; device = device->next, i++)
		check_state(device, states[i]);
	for (i = 0; i < machine->cpus; i++)
		if (machine->vcpus[i].inputs)
			die("a vCPU is interrupted after a reset", "gic");
	if (clock_next_deadline(&machine->clock) != CLOCK_NEVER)
		die("a timer is armed after a reset", "clock");
}

/* As for a guest's reset. And time begins anew, and who ended the run (the exit device) is forgotten. */
static void reset(void)
{
	struct error err = {0};

	if (fuzz_target.quiet)
		fuzz_target.quiet(machine);
	if (vm_reset(machine, &err))
		die(err.text, "reset");
	machine->result = (struct vm_result){.end = VM_END_NONE};
	for (unsigned i = 0; i < machine->cpus; i++)
		machine->vcpus[i].leave = false;
	machine->clock.virtual_now = 0;
}

static void create(void)
{
	const struct vm_config config = {
		.engine = &idle_engine,
		.cpus = fuzz_target.cpus,
		.memory = VM_MEMORY_MIN,
		.virtual_time = true,
	};
	struct error err = {0};

	if (vm_create(&machine, &config, &err) || fuzz_target.create(machine, &err))
		die(err.text, "create");
	keep_states();
	reset();
	check_states();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct input input = {bytes, len};

	if (!machine)
		create();
	if (take(&input, 1) & 1 && fuzz_target.start)
		fuzz_target.start(machine);
	while (input.len)
		act(&input);
	reset();
	check_states();
	return 0;
}
