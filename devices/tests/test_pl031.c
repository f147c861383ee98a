/*
 * The PL031: time that follows the VM's clock, and an alarm that comes when it should. In virtual
 * time, so that a test can say when it is.
 */
#include <criterion/criterion.h>
#include <time.h>

#include "devices/pl031.h"
#include "devices/tests/machine.h"
#include "devices/tests/wires.h"

#define BASE  0x09010000ULL
#define INTID 34

#define DR   0x00
#define MR   0x04
#define LR   0x08
#define CR   0x0c
#define IMSC 0x10
#define RIS  0x14
#define MIS  0x18
#define ICR  0x1c

static struct vm *vm;
static struct wires wires;

static void begin_with(bool virtual_time)
{
	struct error err = {0};

	vm = machine_create(1, virtual_time);
	wires_attach(&wires, vm);
	cr_assert_eq(pl031_create(vm, BASE, INTID, &err), 0, "%s", err.text);
}

static void begin(void)
{
	begin_with(true);
}

static void end(void)
{
	vm_destroy(vm);
}

static uint32_t get(uint64_t offset)
{
	return (uint32_t)machine_read(vm, 0, BASE + offset, 4);
}

static void put(uint64_t offset, uint32_t value)
{
	machine_write(vm, 0, BASE + offset, 4, value);
}

/* To a time since the VM was created, in seconds and 1/1000 of it. */
static void advance_to(uint64_t seconds, uint64_t ms)
{
	uint64_t target = seconds * CLOCK_FREQUENCY + ms * CLOCK_FREQUENCY / 1000;
	uint64_t next;

	while ((next = clock_next_deadline(&vm->clock)) <= target)
		clock_virtual_advance(&vm->clock, next);
	clock_virtual_advance(&vm->clock, target);
}

TestSuite(pl031, .init = begin, .fini = end, .timeout = 10);

Test(pl031, identifies_itself)
{
	static const uint8_t ids[] = {0x31, 0x10, 0x04, 0x00, 0x0d, 0xf0, 0x05, 0xb1};

	for (unsigned i = 0; i < 8; i++)
		cr_expect_eq(get(0xfe0 + 4 * i), ids[i], "word %u", i);
}

Test(pl031, runs_from_reset)
{
	uint32_t start = get(DR);

	cr_expect_eq(start, (uint32_t)clock_wall_seconds(&vm->clock));
	cr_expect_eq(get(CR), 1);
	put(CR, 0);
	cr_expect_eq(get(CR), 1, "no write stops it");
	advance_to(7, 999);
	cr_expect_eq(get(DR), start + 7);
}

Test(pl031, is_set_by_lr)
{
	put(LR, 1000);
	cr_expect_eq(get(LR), 1000);
	cr_expect_eq(get(DR), 1000);
	advance_to(3, 0);
	cr_expect_eq(get(DR), 1003);
	cr_expect_eq(get(LR), 1000);
	put(LR, 0xffffffff);
	advance_to(4, 0);
	cr_expect_eq(get(DR), 0, "it wraps");
}

Test(pl031, registers_ignore_what_they_do_not_have)
{
	put(IMSC, 0xfffffffe);
	cr_expect_eq(get(IMSC), 0);
	put(DR, 5);
	put(RIS, 1);
	put(MIS, 1);
	cr_expect_neq(get(DR), 5);
	cr_expect_eq(get(RIS), 0);
	machine_write(vm, 0, BASE, 8, ~0ULL);
	machine_write(vm, 0, BASE + 1, 1, ~0ULL);
	cr_expect_eq(machine_read(vm, 0, BASE, 8), 0);
	cr_expect_eq(machine_read(vm, 0, BASE + DR, 1), get(DR) & 0xff);
	for (uint64_t offset = 0x20; offset < 0xfe0; offset += 4)
		cr_expect_eq(get(offset), 0);
}

Test(pl031, alarm_comes_with_its_second)
{
	put(IMSC, 1);
	put(MR, get(DR) + 5);
	advance_to(4, 999);
	cr_expect_eq(get(RIS), 0);
	cr_expect_not(wires.level[INTID]);
	advance_to(5, 0);
	cr_expect_eq(get(MIS), 1);
	cr_expect(wires.level[INTID]);
	put(ICR, 1);
	cr_expect_eq(get(RIS), 0);
	cr_expect_not(wires.level[INTID]);
	advance_to(20, 0);
	cr_expect_eq(get(RIS), 0, "once");
}

Test(pl031, alarm_for_now_comes_now_and_mask_hides_it)
{
	put(MR, get(DR));
	cr_expect_eq(get(RIS), 1);
	cr_expect_eq(get(MIS), 0);
	cr_expect_not(wires.level[INTID]);
	put(IMSC, 1);
	cr_expect(wires.level[INTID]);
	put(IMSC, 0);
	cr_expect_not(wires.level[INTID]);
}

Test(pl031, alarm_moves_with_mr_and_with_the_time)
{
	put(IMSC, 1);
	put(LR, 100);
	put(MR, 103);
	put(MR, 110);
	advance_to(5, 0);
	cr_expect_eq(get(RIS), 0);
	put(LR, 108); /* two seconds to go */
	advance_to(6, 900);
	cr_expect_eq(get(RIS), 0);
	advance_to(7, 0);
	cr_expect_eq(get(RIS), 1);
	put(ICR, 1);
	put(MR, 50); /* gone by: not in this century */
	advance_to(1000, 0);
	cr_expect_eq(get(RIS), 0);
}

Test(pl031, reset_stops_the_alarm)
{
	put(IMSC, 1);
	put(MR, get(DR) + 2);
	vm->devices->ops->reset(vm->devices);
	advance_to(10, 0);
	cr_expect_eq(get(RIS), 0);
	cr_expect_eq(get(IMSC), 0);
}

/* On the host's clock: no promise of when exactly, but soon after the second has begun. */
Test(pl031_host, alarm_follows_the_hosts_clock, .timeout = 20)
{
	struct timespec pause = {.tv_nsec = 10000000};

	begin_with(false);
	cr_expect_leq(time(NULL) - (time_t)get(DR), 1);
	put(IMSC, 1);
	put(MR, get(DR) + 1);

	uint32_t mr = get(MR);

	while (!wires.level[INTID]) {
		cr_assert_leq(get(DR), mr + 5);
		nanosleep(&pause, NULL);
	}
	cr_expect_geq(get(DR), mr);
	end();
}
