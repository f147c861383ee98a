/*
 * The entropy device: what it writes, where, and how much.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "devices/virtio/rng.h"
#include "devices/virtio/tests/driver.h"

static struct driver d;

static void begin_with(bool virtual_time)
{
	struct error err = {0};

	driver_begin(&d, virtual_time);
	cr_assert_eq(virtio_rng_create(d.vm, &driver_slot, &err), 0, "%s", err.text);
	driver_negotiate(&d, 0);
	driver_add_queue(&d, 0, 8);
	driver_go(&d);
}

static void begin(void)
{
	begin_with(false);
}

static void end(void)
{
	driver_end(&d);
}

TestSuite(virtio_rng, .init = begin, .fini = end, .timeout = 20);

static uint32_t ask(const struct piece *pieces, unsigned count)
{
	uint16_t id = driver_offer(&d, 0, pieces, count);

	driver_notify(&d, 0);
	return driver_await(&d, 0, id);
}

static unsigned zeroes(uint64_t addr, unsigned len)
{
	const uint8_t *bytes = driver_at(&d, addr);
	unsigned count = 0;

	for (unsigned i = 0; i < len; i++)
		count += !bytes[i];
	return count;
}

Test(virtio_rng, fills_writable_pieces_and_no_others)
{
	const struct piece pieces[] = {
		{driver_alloc(&d, 256), 256, false},
		{driver_alloc(&d, 256), 100, true},
		{driver_alloc(&d, 256), 256, true},
	};

	cr_expect_eq(ask(pieces, 3), 356);
	cr_expect_eq(zeroes(pieces[0].addr, 256), 256);
	cr_expect_lt(zeroes(pieces[1].addr, 100), 10);
	cr_expect_eq(zeroes(pieces[1].addr + 100, 156), 156);
	cr_expect_lt(zeroes(pieces[2].addr, 256), 20);
}

Test(virtio_rng, has_an_end)
{
	const struct piece piece = {VM_RAM_BASE + (1 << 20), 1 << 20, true};

	cr_expect_eq(ask(&piece, 1), 65536);
	cr_expect_eq(zeroes(piece.addr + 65536, 4096), 4096);
}

Test(virtio_rng, nothing_to_write_is_nothing)
{
	const struct piece piece = {driver_alloc(&d, 16), 16, false};

	cr_expect_eq(ask(&piece, 1), 0);
}

/* In virtual time it is the same in each run. */
Test(virtio_rng, virtual_time_repeats)
{
	uint8_t first[32];

	for (unsigned run = 0; run < 2; run++) {
		end();
		begin_with(true);
		const struct piece piece = {driver_alloc(&d, 32), 32, true};

		cr_expect_eq(ask(&piece, 1), 32);
		if (run)
			cr_expect_arr_eq(driver_at(&d, piece.addr), first, 32);
		memcpy(first, driver_at(&d, piece.addr), 32);
	}
	cr_expect_neq(zeroes(VM_RAM_BASE, 1), 2);
}
