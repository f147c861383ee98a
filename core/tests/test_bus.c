/* The bus: which device answers, and which accesses no device gets to see. */
#include <criterion/criterion.h>
#include <string.h>

#include "core/bus.h"

struct fake_device {
	unsigned cpu, size, writes;
	uint64_t offset, value;
};

static uint64_t device_read(void *owner, unsigned cpu, uint64_t offset, unsigned size)
{
	struct fake_device *device = owner;

	device->cpu = cpu;
	device->offset = offset;
	device->size = size;
	return device->value;
}

static void device_write(void *owner, unsigned cpu, uint64_t offset, unsigned size, uint64_t value)
{
	device_read(owner, cpu, offset, size);
	((struct fake_device *)owner)->value = value;
	((struct fake_device *)owner)->writes++;
}

static const struct mmio_ops ops = {.read = device_read, .write = device_write};

static struct bus bus;
static struct fake_device device;

static int add(uint64_t base, uint64_t size, const char *name, struct error *err)
{
	const struct bus_region region = {
		.base = base, .size = size, .ops = &ops, .owner = &device, .name = name};

	return bus_add(&bus, &region, err);
}

static const char *name_at(uint64_t addr, unsigned size)
{
	const struct bus_region *region = bus_find(&bus, addr, size);

	return region ? region->name : "nobody";
}

TestSuite(bus, .timeout = 10);

Test(bus, finds_the_region_that_holds_the_access)
{
	cr_assert_eq(add(0x3000, 0x1000, "c", NULL), 0);
	cr_assert_eq(add(0x1000, 0x1000, "a", NULL), 0);
	cr_assert_eq(add(0x2000, 0x200, "b", NULL), 0);

	cr_assert_str_eq(name_at(0x1000, 8), "a");
	cr_assert_str_eq(name_at(0x1ff8, 8), "a");
	cr_assert_str_eq(name_at(0x2000, 1), "b");
	cr_assert_str_eq(name_at(0x21ff, 1), "b");
	cr_assert_str_eq(name_at(0x3fff, 1), "c");
	cr_assert_str_eq(name_at(0xfff, 1), "nobody");
	cr_assert_str_eq(name_at(0x2200, 1), "nobody");
	cr_assert_str_eq(name_at(0x21fc, 8), "nobody");
	cr_assert_str_eq(name_at(0x4000, 1), "nobody");
	cr_assert_str_eq(name_at(UINT64_MAX, 1), "nobody");
}

Test(bus, empty_bus_answers_nobody)
{
	uint64_t value;

	cr_assert_not(bus_read(&bus, 0, 0, 4, &value));
	cr_assert_not(bus_write(&bus, 0, 0, 4, 0));
}

Test(bus, refuses_overlap_emptiness_and_wrap)
{
	struct error err = {0};

	cr_assert_eq(add(0x1000, 0x1000, "uart", NULL), 0);
	cr_assert_eq(add(0x1fff, 1, "inside", &err), -1);
	cr_assert_eq(err.kind, ERROR_INTERNAL);
	cr_assert(strstr(err.text, "inside") && strstr(err.text, "uart"), "%s", err.text);
	cr_assert_eq(add(0xfff, 2, "from below", NULL), -1);
	cr_assert_eq(add(0, 0x10000, "around", NULL), -1);
	cr_assert_eq(add(0x1000, 0x1000, "same", NULL), -1);
	cr_assert_eq(add(0x8000, 0, "empty", NULL), -1);
	cr_assert_eq(add(UINT64_MAX - 1, 3, "wraps", NULL), -1);
	cr_assert_eq(bus.count, 1);
	cr_assert_eq(add(0x2000, 1, "just after", NULL), 0);
	cr_assert_eq(add(0xfff, 1, "just before", NULL), 0);
	cr_assert_eq(add(UINT64_MAX - 7, 8, "at the end", NULL), 0);
	cr_assert_str_eq(name_at(UINT64_MAX - 7, 8), "at the end");
}

Test(bus, refuses_one_region_too_many)
{
	for (unsigned i = 0; i < BUS_REGIONS_MAX; i++)
		cr_assert_eq(add(0x10000 - 0x10 * i, 0x10, "region", NULL), 0);
	cr_assert_eq(add(0x20000, 0x10, "too many", NULL), -1);
}

Test(bus, device_gets_the_access_in_its_own_terms)
{
	uint64_t value = 0;

	cr_assert_eq(add(0x1000, 0x1000, "uart", NULL), 0);
	cr_assert(bus_write(&bus, 3, 0x1018, 4, 0x1122334455667788));
	cr_assert_eq(device.cpu, 3);
	cr_assert_eq(device.offset, 0x18);
	cr_assert_eq(device.size, 4);
	cr_assert_eq(device.value, 0x55667788, "a value is as wide as the access");
	device.value = UINT64_MAX;
	cr_assert(bus_read(&bus, 1, 0x1002, 2, &value));
	cr_assert_eq(device.offset, 2);
	cr_assert_eq(value, 0xffff);
	cr_assert(bus_read(&bus, 1, 0x1008, 8, &value));
	cr_assert_eq(value, UINT64_MAX);
}

Test(bus, refuses_misaligned_and_odd_sizes)
{
	static const struct {
		uint64_t addr;
		unsigned size;
	} bad[] = {{0x1001, 2}, {0x1002, 4}, {0x1004, 8}, {0x1000, 0},
		   {0x1000, 3}, {0x1000, 6}, {0x1000, 16}};
	uint64_t value = 42;

	cr_assert_eq(add(0x1000, 0x1000, "uart", NULL), 0);
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		cr_assert_not(bus_read(&bus, 0, bad[i].addr, bad[i].size, &value));
		cr_assert_not(bus_write(&bus, 0, bad[i].addr, bad[i].size, 1));
	}
	cr_assert_eq(value, 42);
	cr_assert_eq(device.writes, 0);
}
