/*
 * The exit device: status, registers, test lines.
 */
#include <criterion/criterion.h>

#include "devices/exit.h"
#include "devices/tests/machine.h"
#include "devices/tests/wires.h"

#define BASE  0x090f0000ULL
#define INTID 40

static struct vm *vm;
static struct wires wires;

static void begin(void)
{
	struct error err = {0};

	vm = machine_create(2, false);
	wires_attach(&wires, vm);
	cr_assert_eq(exit_create(vm, BASE, INTID, &err), 0, "%s", err.text);
}

static void end(void)
{
	vm_destroy(vm);
}

static uint32_t get(uint64_t offset)
{
	return (uint32_t)machine_read(vm, 0, BASE + offset, 4);
}

TestSuite(exit_device, .init = begin, .fini = end, .timeout = 10);

Test(exit_device, write_ends_the_vm_with_the_low_byte)
{
	machine_write(vm, 1, BASE, 4, 0xabcdef2a);
	cr_expect_eq(vm->result.end, VM_END_EXIT);
	cr_expect_eq(vm->result.status, 0x2a);
	cr_expect_eq(vm->result.cpu, 1);
	machine_write(vm, 0, BASE, 4, 1);
	cr_expect_eq(vm->result.status, 0x2a, "the first one counts");
}

Test(exit_device, any_size_will_do)
{
	machine_write(vm, 0, BASE, 8, 7);
	cr_expect_eq(vm->result.status, 7);
}

Test(exit_device, only_offset_zero_exits)
{
	for (uint64_t offset = 1; offset < EXIT_DEVICE_SIZE; offset++)
		machine_write(vm, 0, BASE + offset, 1, 1);
	cr_expect_eq(vm->result.end, VM_END_NONE);
}

Test(exit_device, registers)
{
	cr_expect_eq(get(EXIT_DEVICE_EXIT), 0);
	cr_expect_eq(get(EXIT_DEVICE_ID), 0x21444f47);
	cr_expect_eq(machine_read(vm, 0, BASE + EXIT_DEVICE_ID, 1), 'G');
	cr_expect_eq(machine_read(vm, 0, BASE + EXIT_DEVICE_ID, 8), 0);
	cr_expect_eq(get(EXIT_DEVICE_CPUS), 2);
	cr_expect_eq(get(EXIT_DEVICE_SCRATCH), 0);
	machine_write(vm, 0, BASE + EXIT_DEVICE_SCRATCH, 4, 0x12345678);
	cr_expect_eq(get(EXIT_DEVICE_SCRATCH), 0x12345678);
	machine_write(vm, 0, BASE + EXIT_DEVICE_ID, 4, 0);
	cr_expect_eq(get(EXIT_DEVICE_ID), 0x21444f47);
}

Test(exit_device, lines_are_levels)
{
	machine_write(vm, 0, BASE + EXIT_DEVICE_LINES, 4, 0xffffff81);
	for (unsigned i = 0; i < 8; i++)
		cr_expect_eq(wires.level[INTID + i], i == 0 || i == 7, "line %u", i);
	cr_expect_eq(get(EXIT_DEVICE_LINES), 0x81);
	machine_write(vm, 0, BASE + EXIT_DEVICE_LINES, 4, 0x02);
	for (unsigned i = 0; i < 8; i++)
		cr_expect_eq(wires.level[INTID + i], i == 1, "line %u", i);
	vm->devices->ops->reset(vm->devices);
	cr_expect_not(wires.level[INTID + 1]);
	cr_expect_eq(get(EXIT_DEVICE_LINES), 0);
}
