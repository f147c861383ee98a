/*
 * The machine without a CPU.
 */
#include "devices/tests/machine.h"

#include <criterion/criterion.h>

#include "core/tests/idle_engine.h"

struct vm *machine_create(unsigned cpus, bool virtual_time)
{
	const struct vm_config config = {
		.engine = &idle_engine,
		.cpus = cpus,
		.memory = VM_MEMORY_MIN,
		.virtual_time = virtual_time,
	};
	struct error err = {0};
	struct vm *vm = NULL;

	cr_assert_eq(vm_create(&vm, &config, &err), 0, "%s", err.text);
	return vm;
}

uint64_t machine_read(struct vm *vm, unsigned cpu, uint64_t addr, unsigned size)
{
	uint64_t value = 0;

	cr_assert(bus_read(&vm->bus, cpu, addr, size, &value), "nobody at %#lx", addr);
	return value;
}

void machine_write(struct vm *vm, unsigned cpu, uint64_t addr, unsigned size, uint64_t value)
{
	cr_assert(bus_write(&vm->bus, cpu, addr, size, value), "nobody at %#lx", addr);
}

static const struct sysreg *find(struct vm *vm, const char *name)
{
	const struct sysreg *reg = sysreg_find_name(&vm->sysregs, name);

	cr_assert_not_null(reg, "no system register %s", name);
	return reg;
}

enum sysreg_access machine_sysreg_access(struct vm *vm, unsigned cpu, const char *name, unsigned el,
					 bool write)
{
	const struct sysreg *reg = find(vm, name);

	if (el < reg->min_el || (write ? !reg->write : !reg->read))
		return SYSREG_UNDEFINED;
	return reg->check ? reg->check(reg->owner, &vm->vcpus[cpu], el, write) : SYSREG_OK;
}

uint64_t machine_mrs(struct vm *vm, unsigned cpu, const char *name)
{
	const struct sysreg *reg = find(vm, name);

	cr_assert_eq(machine_sysreg_access(vm, cpu, name, 1, false), SYSREG_OK, "mrs %s", name);
	return reg->read(reg->owner, &vm->vcpus[cpu]);
}

void machine_msr(struct vm *vm, unsigned cpu, const char *name, uint64_t value)
{
	const struct sysreg *reg = find(vm, name);

	cr_assert_eq(machine_sysreg_access(vm, cpu, name, 1, true), SYSREG_OK, "msr %s", name);
	reg->write(reg->owner, &vm->vcpus[cpu], value);
}

uint64_t machine_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}
