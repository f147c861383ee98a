/*
 * The PL061 and the power key on it. An interrupt controller that only remembers the level stands
 * in for the GIC; virtual time lets the key's tenth of a second pass.
 */
#include <criterion/criterion.h>

#include "devices/pl061.h"
#include "devices/power_key.h"
#include "devices/tests/machine.h"

#define BASE  0x09030000ULL
#define INTID 39

#define DIR   0x400
#define IS    0x404
#define IBE   0x408
#define IEV   0x40c
#define IE    0x410
#define RIS   0x414
#define MIS   0x418
#define IC    0x41c
#define AFSEL 0x420

static struct vm *vm;
static struct pl061 *gpio;
static bool irq;

static void remember_level(void *owner, unsigned cpu, unsigned intid, bool level)
{
	(void)owner;
	(void)cpu;
	cr_assert_eq(intid, INTID);
	irq = level;
}

static void create(void)
{
	struct error err;

	vm = machine_create(1, true);
	vm->irq_chip.set_level = remember_level;
	irq = false;
	gpio = pl061_create(vm, BASE, INTID, &err);
	cr_assert_not_null(gpio);
}

static void destroy(void)
{
	vm_destroy(vm);
}

TestSuite(pl061, .init = create, .fini = destroy);

static uint32_t get(uint64_t offset)
{
	return machine_read(vm, 0, BASE + offset, 4);
}

static void set(uint64_t offset, uint32_t value)
{
	machine_write(vm, 0, BASE + offset, 4, value);
}

/* GPIODATA through a mask. */
static uint32_t data(unsigned mask)
{
	return get(mask << 2);
}

static void drive(unsigned line, bool level)
{
	pl061_set_input(gpio, line, level);
}

Test(pl061, says_what_it_is)
{
	static const uint8_t ids[] = {0x61, 0x10, 0x04, 0x00, 0x0d, 0xf0, 0x05, 0xb1};

	for (unsigned i = 0; i < 8; i++)
		cr_assert_eq(get(0xfe0 + 4 * i), ids[i]);
}

Test(pl061, begins_with_zeroes)
{
	for (unsigned offset = 0; offset < 0xfe0; offset += 4)
		cr_assert_eq(get(offset), 0, "%#x", offset);
	cr_assert_not(irq);
}

Test(pl061, registers_keep_eight_bits)
{
	static const unsigned registers[] = {DIR, IBE, IEV, AFSEL, IE, IS};

	for (unsigned i = 0; i < sizeof(registers) / sizeof(*registers); i++) {
		set(registers[i], 0xfffffff5);
		cr_assert_eq(get(registers[i]), 0xf5, "%#x", registers[i]);
	}
}

Test(pl061, data_is_seen_through_the_addresss_mask)
{
	set(DIR, 0xf0);
	set(0xff << 2, 0xa5);
	cr_assert_eq(data(0xff), 0xa0, "inputs read what is outside");
	set(0x30 << 2, 0xff);
	cr_assert_eq(data(0xff), 0xb0, "only those in the mask were written");
	cr_assert_eq(data(0x90), 0x90);
	cr_assert_eq(data(0x00), 0x00);
	drive(0, true);
	drive(4, true);
	cr_assert_eq(data(0xff), 0xb1, "outputs read what was written");
	set(DIR, 0);
	cr_assert_eq(data(0xff), 0x11);
	set(DIR, 0xff);
	cr_assert_eq(data(0xff), 0xb5, "what was written while it was an input");
}

Test(pl061, rising_edges)
{
	set(IEV, 1 << 2);
	set(IE, 1 << 2);
	drive(2, true);
	cr_assert(irq);
	cr_assert_eq(get(RIS), 1 << 2);
	cr_assert_eq(get(MIS), 1 << 2);
	drive(2, false);
	cr_assert(irq, "an edge is caught");
	set(IC, 1 << 2);
	cr_assert_not(irq);
	drive(2, true);
	drive(2, true);
	set(IC, 0xff);
	drive(2, true);
	cr_assert_not(irq, "no edge without a change");
}

Test(pl061, falling_edges)
{
	set(IE, 0xff);
	drive(5, true);
	cr_assert_not(irq);
	drive(5, false);
	cr_assert_eq(get(MIS), 1 << 5);
}

Test(pl061, both_edges)
{
	set(IBE, 1 << 3);
	set(IE, 1 << 3);
	for (unsigned i = 0; i < 4; i++) {
		drive(3, !(i & 1));
		cr_assert(irq, "edge %u", i);
		set(IC, 1 << 3);
		cr_assert_not(irq);
	}
}

Test(pl061, levels)
{
	set(IS, 3);
	set(IEV, 1);
	cr_assert_eq(get(RIS), 2, "line 1 is low, as it wants");
	set(IE, 1);
	cr_assert_not(irq);
	drive(0, true);
	cr_assert(irq);
	set(IC, 0xff);
	cr_assert(irq, "a level cannot be cleared");
	drive(0, false);
	cr_assert_not(irq);
	set(IE, 2);
	cr_assert(irq);
	drive(1, true);
	cr_assert_not(irq);
}

Test(pl061, masked_interrupts_wait)
{
	set(IEV, 0xff);
	drive(7, true);
	cr_assert_eq(get(RIS), 1 << 7);
	cr_assert_eq(get(MIS), 0);
	cr_assert_not(irq);
	set(IE, 1 << 7);
	cr_assert(irq);
	set(IE, 0);
	cr_assert_not(irq);
}

Test(pl061, outputs_do_not_interrupt)
{
	set(IBE, 0xff);
	set(IE, 0xff);
	set(DIR, 1);
	drive(0, true);
	set(1 << 2, 1);
	set(1 << 2, 0);
	cr_assert_eq(get(RIS), 0);
	cr_assert_not(irq);
}

Test(pl061, watched_is_an_unmasked_input)
{
	cr_assert_not(pl061_is_watched(gpio, 3));
	set(IE, 1 << 3);
	cr_assert(pl061_is_watched(gpio, 3));
	cr_assert_not(pl061_is_watched(gpio, 2));
	set(DIR, 1 << 3);
	cr_assert_not(pl061_is_watched(gpio, 3));
}

Test(pl061, reset_keeps_what_is_outside)
{
	set(IEV, 0xff);
	set(IE, 0xff);
	drive(6, true);
	vm->devices->ops->reset(vm->devices);
	cr_assert_not(irq);
	cr_assert_eq(get(RIS), 0);
	cr_assert_eq(get(IE), 0);
	cr_assert_eq(data(0xff), 1 << 6);
}

Test(pl061, garbage)
{
	uint64_t random = 88172645463325252ULL;

	for (unsigned i = 0; i < 200000; i++) {
		unsigned size = 1u << machine_random(&random) % 4;
		uint64_t at = machine_random(&random) % 0x1000 / size * size;

		machine_write(vm, 0, BASE + at, size, machine_random(&random));
		machine_read(vm, 0, BASE + at, size);
		drive(machine_random(&random) % 8, machine_random(&random) & 1);
		cr_assert_eq(irq, get(MIS) != 0, "step %u", i);
	}
}

/* --- The power key --- */

Test(pl061, power_key_is_down_for_a_tenth_of_a_second)
{
	struct error err;
	struct power_key *key = power_key_create(vm, gpio, &err);
	uint64_t start = clock_counter(&vm->clock);

	cr_assert_not_null(key);
	cr_assert_not(power_key_press(key), "nobody listens");
	cr_assert_eq(data(8), 0);
	set(IBE, 8);
	set(IE, 8);
	cr_assert(power_key_press(key));
	cr_assert_eq(data(8), 8);
	cr_assert(irq);
	set(IC, 8);
	clock_virtual_advance(&vm->clock, start + CLOCK_FREQUENCY / 10 - 1);
	cr_assert_eq(data(8), 8);
	cr_assert_not(irq);
	clock_virtual_advance(&vm->clock, start + CLOCK_FREQUENCY / 10);
	cr_assert_eq(data(8), 0);
	cr_assert(irq, "the other edge");
}

Test(pl061, power_key_is_let_go_by_a_reset)
{
	struct error err;
	struct power_key *key = power_key_create(vm, gpio, &err);

	set(IE, 8);
	cr_assert(power_key_press(key));
	cr_assert_eq(vm_reset(vm, &err), 0);
	cr_assert_eq(data(8), 0);
	cr_assert_eq(get(RIS), 0, "to let it go is no edge");
	cr_assert_eq(clock_next_deadline(&vm->clock), CLOCK_NEVER);
}
