/*
 * Virtqueues, split and packed, with and without event indices: what goes in comes out, in any
 * order and over the rings' ends; whoever breaks the rules stops the device and nothing else.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "devices/tests/machine.h"
#include "devices/virtio/mmio.h"
#include "devices/virtio/tests/copier.h"

#define SIZE 8

static struct driver d;
static struct copier *copier;

static void begin_as(bool packed, bool event_index)
{
	driver_begin(&d, false);
	d.packed = packed;
	d.event_index = event_index;
	copier = copier_create(&d);
	driver_negotiate(&d, 0);
	driver_add_queue(&d, 0, SIZE);
	driver_go(&d);
	driver_settle(&d);
}

static void end(void)
{
	driver_end(&d);
}

TestSuite(virtqueue, .timeout = 20);

static void each_kind(void (*test)(void))
{
	for (unsigned kind = 0; kind < 4; kind++) {
		begin_as(kind & 1, kind & 2);
		test();
		end();
	}
}

static bool needs_reset(void)
{
	return driver_get(&d, VIRTIO_MMIO_STATUS) & VIRTIO_NEEDS_RESET;
}

/* --- What goes in comes out --- */

static void copies(const char *text, bool indirect)
{
	uint32_t len = (uint32_t)strlen(text);
	const struct piece pieces[] = {
		{driver_alloc(&d, 64), 1, false}, {driver_alloc(&d, 64), len - 1, false},
		{driver_alloc(&d, 64), 2, true},  {driver_alloc(&d, 64), 0, true},
		{driver_alloc(&d, 64), 62, true},
	};
	uint16_t id;

	memcpy(driver_at(&d, pieces[0].addr), text, 1);
	memcpy(driver_at(&d, pieces[1].addr), text + 1, len - 1);
	id = indirect ? driver_offer_indirect(&d, 0, pieces, 5) : driver_offer(&d, 0, pieces, 5);
	driver_notify(&d, 0);
	cr_expect_eq(driver_await(&d, 0, id), len);
	cr_expect_arr_eq(driver_at(&d, pieces[2].addr), text, 2);
	cr_expect_arr_eq(driver_at(&d, pieces[4].addr), text + 2, len - 2);
}

/* 5 does not divide 8: chains lie across the ring's end, too. */
static void many_in_turn(void)
{
	char text[] = "message 0";

	for (unsigned i = 0; i < 40; i++) {
		text[8] = (char)('0' + i);
		copies(text, i % 3 == 1);
	}
	cr_expect_not(needs_reset());
}

Test(virtqueue, chains_are_copied_in_turn)
{
	each_kind(many_in_turn);
}

static void several_at_once(void)
{
	struct piece piece = {driver_alloc(&d, 16), 1, true};
	uint16_t ids[SIZE];

	for (unsigned round = 0; round < 5; round++) {
		for (unsigned i = 0; i < SIZE; i++)
			ids[i] = driver_offer(&d, 0, &piece, 1);
		driver_notify(&d, 0);
		for (unsigned i = 0; i < SIZE; i++)
			driver_await(&d, 0, ids[i]);
	}
	cr_expect_not(needs_reset());
}

Test(virtqueue, a_full_ring_is_served)
{
	each_kind(several_at_once);
}

/* Back in another order than they came. */
static void out_of_order(void)
{
	struct piece piece = {driver_alloc(&d, 16), 1, true};
	struct virtio_chain swap;
	uint16_t first, second;

	copier->hold = true;
	first = driver_offer(&d, 0, &piece, 1);
	second = driver_offer(&d, 0, &piece, 1);
	driver_notify(&d, 0);
	cr_assert_eq(copier->held, 2);
	swap = copier->chains[0];
	copier->chains[0] = copier->chains[1];
	copier->chains[1] = swap;
	copier_release(copier);
	driver_await(&d, 0, second);
	driver_await(&d, 0, first);
}

Test(virtqueue, chains_come_back_in_any_order)
{
	each_kind(out_of_order);
}

/* --- Suppression --- */

static bool interrupted(void)
{
	bool was = driver_line(&d);

	driver_put(&d, VIRTIO_MMIO_INTERRUPT_ACK, 3);
	return was;
}

static void offer_one(void)
{
	static struct piece piece;

	if (!piece.addr || d.next_ram < piece.addr)
		piece = (struct piece){driver_alloc(&d, 16), 1, true};
	driver_offer(&d, 0, &piece, 1);
	driver_notify(&d, 0);
}

static void put_event(uint64_t addr, uint16_t value)
{
	*(volatile uint16_t *)driver_at(&d, addr) = value;
}

Test(virtqueue, split_interrupts_follow_the_flag)
{
	begin_as(false, false);
	offer_one();
	cr_expect(interrupted());
	put_event(d.queues[0].driver, 1);
	offer_one();
	cr_expect_not(interrupted());
	put_event(d.queues[0].driver, 0);
	offer_one();
	cr_expect(interrupted());
	end();
}

Test(virtqueue, split_interrupts_follow_the_event_index)
{
	begin_as(false, true);
	put_event(d.queues[0].driver + 4 + 2 * SIZE, 2);
	offer_one();
	offer_one();
	cr_expect_not(interrupted());
	offer_one();
	cr_expect(interrupted(), "the one with index 2");
	offer_one();
	cr_expect_not(interrupted());
	end();
}

Test(virtqueue, packed_interrupts_follow_the_drivers_event)
{
	begin_as(true, true);
	put_event(d.queues[0].driver + 2, 1); /* disable */
	offer_one();
	cr_expect_not(interrupted());
	put_event(d.queues[0].driver + 2, 0);
	offer_one();
	cr_expect(interrupted());
	put_event(d.queues[0].driver, 1 << 15 | 4); /* at place 4, in the first round */
	put_event(d.queues[0].driver + 2, 2);
	offer_one();
	offer_one();
	cr_expect_not(interrupted());
	offer_one();
	cr_expect(interrupted());
	put_event(d.queues[0].driver, 0); /* at place 0 of the second round */
	for (unsigned i = 0; i < 3; i++)
		offer_one();
	cr_expect_not(interrupted());
	offer_one();
	cr_expect(interrupted());
	end();
}

static uint16_t device_word(uint64_t offset)
{
	return *(volatile uint16_t *)driver_at(&d, d.queues[0].device + offset);
}

/* While it holds an unfinished queue the device says "do not notify"; when it has found it empty, "do". */
Test(virtqueue, notifications_are_asked_for_when_the_queue_is_empty)
{
	begin_as(false, false);
	cr_expect_eq(device_word(0), 0);
	offer_one();
	cr_expect_eq(device_word(0), 0);
	end();
	begin_as(false, true);
	offer_one();
	offer_one();
	cr_expect_eq(device_word(4 + 8 * SIZE), 2, "avail_event: the next one");
	end();
	begin_as(true, true);
	for (unsigned i = 0; i < SIZE; i++)
		offer_one();
	cr_expect_eq(device_word(2), 2);
	cr_expect_eq(device_word(0), 0, "place 0 of the second round");
	end();
	begin_as(true, false);
	offer_one();
	cr_expect_eq(device_word(2), 0, "enabled");
	end();
}

/* --- Breaking the rules --- */

/* The device must stop, tell the driver, and be as good as new after a reset. */
static void is_broken(const char *how)
{
	uint16_t id;
	uint32_t len;

	driver_notify(&d, 0);
	cr_expect(needs_reset(), "%s", how);
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_INTERRUPT_STATUS), VIRTIO_INTERRUPT_CONFIG, "%s",
		     how);
	cr_expect_not(driver_used(&d, 0, &id, &len), "%s", how);
	driver_negotiate(&d, 0);
	driver_add_queue(&d, 0, SIZE);
	driver_go(&d);
	copies("well again", false);
	end();
}

static uint64_t room(void)
{
	return driver_alloc(&d, 64);
}

Test(virtqueue, split_loops_and_bad_indices)
{
	begin_as(false, false);
	driver_set_descriptor(&d, 0, 0, room(), 1, VIRTQ_DESC_F_NEXT, 1);
	driver_set_descriptor(&d, 0, 1, room(), 1, VIRTQ_DESC_F_NEXT, 0);
	driver_offer_head(&d, 0, 0);
	is_broken("a loop of two");

	begin_as(false, false);
	driver_set_descriptor(&d, 0, 3, room(), 1, VIRTQ_DESC_F_NEXT, 3);
	driver_offer_head(&d, 0, 3);
	is_broken("a loop of one");

	begin_as(false, false);
	driver_offer_head(&d, 0, SIZE);
	is_broken("a head outside of the table");

	begin_as(false, false);
	driver_set_descriptor(&d, 0, 0, room(), 1, VIRTQ_DESC_F_NEXT, SIZE);
	driver_offer_head(&d, 0, 0);
	is_broken("a next outside of the table");

	begin_as(false, false);
	put_event(d.queues[0].driver + 2, SIZE + 1);
	is_broken("an index that jumps");
}

static void one_piece(uint64_t addr, uint32_t len)
{
	const struct piece piece = {addr, len, true};

	driver_offer(&d, 0, &piece, 1);
}

static void bad_memory(bool packed)
{
	begin_as(packed, true);
	one_piece(0, 16);
	is_broken("not RAM");
	begin_as(packed, true);
	one_piece(VM_RAM_BASE + VM_MEMORY_MIN - 1, 2);
	is_broken("across the end of RAM");
	begin_as(packed, true);
	one_piece(UINT64_MAX, 2);
	is_broken("around the end of the address space");
	begin_as(packed, true);
	one_piece(DRIVER_BASE, 4);
	is_broken("a device's registers");
}

Test(virtqueue, bad_addresses)
{
	bad_memory(false);
	bad_memory(true);
}

static void wrong_direction(bool packed)
{
	begin_as(packed, false);

	const struct piece pieces[] = {{room(), 1, true}, {room(), 1, false}};

	driver_offer(&d, 0, pieces, 2);
	is_broken("readable behind writable");
	begin_as(packed, false);
	driver_offer_indirect(&d, 0, pieces, 2);
	is_broken("the same in an indirect table");
}

Test(virtqueue, wrong_direction)
{
	wrong_direction(false);
	wrong_direction(true);
}

/* One descriptor that refers to a table. */
static void indirect(uint64_t table, uint32_t len, unsigned flags)
{
	unsigned available = d.packed ? VIRTQ_DESC_F_AVAIL : 0;

	driver_set_descriptor(&d, 0, 0, table, len,
			      (uint16_t)(VIRTQ_DESC_F_INDIRECT | flags | available), 1);
	if (!d.packed)
		driver_offer_head(&d, 0, 0);
}

static void bad_tables(bool packed)
{
	begin_as(packed, false);
	indirect(room(), 0, 0);
	is_broken("an empty table");
	begin_as(packed, false);
	indirect(room(), 24, 0);
	is_broken("half a descriptor");
	begin_as(packed, false);
	indirect(0x1000, 16, 0);
	is_broken("a table that is not in RAM");
	begin_as(packed, false);
	indirect(room(), 32, VIRTQ_DESC_F_NEXT);
	is_broken("a table that is not the last");
	begin_as(packed, false);

	uint64_t table = room();

	((uint64_t *)driver_at(&d, table))[0] = table;
	((uint64_t *)driver_at(&d, table))[1] = 16 | (uint64_t)VIRTQ_DESC_F_INDIRECT
							     << (packed ? 48 : 32);
	indirect(table, 16, 0);
	is_broken("a table in a table");
}

Test(virtqueue, bad_indirect_tables)
{
	bad_tables(false);
	bad_tables(true);
}

static void too_long(bool packed)
{
	static struct piece pieces[VIRTQUEUE_SIZE_MAX + 1];

	begin_as(packed, false);
	for (unsigned i = 0; i <= VIRTQUEUE_SIZE_MAX; i++)
		pieces[i] = (struct piece){VM_RAM_BASE, 1, true};
	driver_offer_indirect(&d, 0, pieces, VIRTQUEUE_SIZE_MAX);
	driver_notify(&d, 0);
	cr_expect_not(needs_reset(), "as many as there can be");
	driver_offer_indirect(&d, 0, pieces, VIRTQUEUE_SIZE_MAX + 1);
	driver_notify(&d, 0);
	cr_expect(needs_reset(), "one more");
	end();
}

Test(virtqueue, overlong_chains)
{
	too_long(false);
	too_long(true);
}

/* All of RAM again and again comes to more than 4 GiB. */
Test(virtqueue, more_bytes_than_a_length_can_tell)
{
	static struct virtio_chain chain;
	struct memory memory;
	struct error err = {0};
	uint64_t descriptors[2 * 3];
	const struct descriptor_table table = {.addr = 0, .entries = 3, .packed = true};

	cr_assert_eq(memory_init(&memory, 0, 2ULL << 30, MEMORY_PRIVATE, &err), 0, "%s", err.text);
	for (unsigned i = 0; i < 3; i++) {
		descriptors[2 * i] = 0;
		descriptors[2 * i + 1] =
			0x7fffffff | (i < 2 ? (uint64_t)VIRTQ_DESC_F_NEXT << 48 : 0);
	}
	cr_assert(memory_write(&memory, 0, descriptors, sizeof(descriptors)));
	cr_expect_not(chain_walk(&chain, &memory, &table, 0));
	cr_expect(chain_walk(&chain, &memory, &table, 1), "two of them are less");
	cr_expect_eq(chain.out_len, 2 * 0x7fffffffULL);
	memory_destroy(&memory);
}

/* A packed chain that has no end, and a driver that makes the same descriptors available again. */
Test(virtqueue, packed_endless_chain)
{
	begin_as(true, false);
	for (uint16_t i = 0; i < SIZE; i++)
		driver_set_descriptor(&d, 0, i, room(), 1, VIRTQ_DESC_F_NEXT | VIRTQ_DESC_F_AVAIL,
				      0);
	is_broken("no end");
}

Test(virtqueue, more_in_flight_than_the_ring_holds)
{
	for (unsigned packed = 0; packed < 2; packed++) {
		begin_as(packed, false);
		copier->hold = true;
		for (unsigned i = 0; i < SIZE; i++)
			offer_one();
		cr_expect_not(needs_reset());
		offer_one();
		cr_expect(needs_reset());
		cr_expect_eq(copier->held, SIZE);
		copier_release(copier);
		end();
	}
}

Test(virtqueue, indirect_must_be_negotiated)
{
	begin_as(false, false);
	copier->state.queues[0].indirect = false; /* as if the driver had not */
	const struct piece piece = {room(), 1, true};

	driver_offer_indirect(&d, 0, &piece, 1);
	is_broken("indirect without the feature");
}

/* --- Slices --- */

Test(virtqueue, slices_of_pieces)
{
	uint8_t bytes[16];
	struct iovec iov[] = {{bytes, 4}, {bytes + 8, 1}, {bytes + 10, 6}};
	struct iovec part[3];

	cr_expect_eq(iov_slice(iov, 3, 0, 100, part), 3);
	cr_expect_eq(iov_slice(iov, 3, 3, 3, part), 3);
	cr_expect_eq(part[0].iov_base, bytes + 3);
	cr_expect_eq(part[0].iov_len, 1);
	cr_expect_eq(part[2].iov_base, bytes + 10);
	cr_expect_eq(part[2].iov_len, 1);
	cr_expect_eq(iov_slice(iov, 3, 4, 1, part), 1);
	cr_expect_eq(part[0].iov_base, bytes + 8);
	cr_expect_eq(iov_slice(iov, 3, 11, 5, part), 0, "behind the end");
	cr_expect_eq(iov_slice(iov, 3, 0, 0, part), 0);
}

/* --- Garbage --- */

/* Rings, descriptors and registers full of garbage: whatever comes of it, a reset mends it. */
Test(virtqueue, garbage, .timeout = 60)
{
	uint64_t seed = 0x9e3779b97f4a7c15;

	for (unsigned round = 0; round < 400; round++) {
		begin_as(round & 1, round & 2);
		uint8_t *ram = driver_at(&d, VM_RAM_BASE);

		for (unsigned i = 0; i < 1024; i++)
			ram[i] = (uint8_t)machine_random(&seed);
		/* Half of the addresses lead somewhere. */
		for (unsigned i = 0; i < SIZE; i++)
			if (machine_random(&seed) & 1)
				((uint64_t *)driver_at(&d, d.queues[0].desc))[2 * i] =
					VM_RAM_BASE + machine_random(&seed) % 4096;
		for (unsigned i = 0; i < 16; i++) {
			uint64_t offset = 4 * (machine_random(&seed) % 128);

			if (offset != VIRTIO_MMIO_QUEUE_NOTIFY)
				driver_put(&d, offset, (uint32_t)machine_random(&seed));
			driver_put(&d, VIRTIO_MMIO_QUEUE_NOTIFY, 0);
		}
		driver_settle(&d);
		d.next_ram = VM_RAM_BASE;
		driver_negotiate(&d, 0);
		driver_add_queue(&d, 0, SIZE);
		driver_go(&d);
		copies("well again", true);
		end();
	}
}
