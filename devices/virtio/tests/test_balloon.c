/*
 * The balloon: which pages go to the host, by whichever queue, and which never do; the driver's statistics; how
 * large it is to be.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "devices/virtio/balloon.h"
#include "devices/virtio/mmio.h"
#include "devices/virtio/tests/driver.h"

#define STATS	      (1ULL << 1)
#define PAGE_POISON   (1ULL << 4)
#define REPORTING     (1ULL << 5)
#define INFLATE	      0
#define DEFLATE	      1
#define STATS_QUEUE   2
#define REPORT_QUEUE  3
#define REPORT_QUEUE4 4

#define NUM_PAGES (VIRTIO_MMIO_CONFIG + 0)
#define ACTUAL	  (VIRTIO_MMIO_CONFIG + 4)
#define POISON	  (VIRTIO_MMIO_CONFIG + 12)

/* Far from what the driver allocates for itself. */
#define PLACE  (VM_RAM_BASE + (1 << 20))
#define NUMBER ((uint32_t)(PLACE >> 12))
#define PAGE   4096ULL

static struct driver d;
static struct virtio_balloon *balloon;

static void go(uint64_t features)
{
	driver_negotiate(&d, features);
	for (unsigned i = 0; i < 5; i++)
		driver_add_queue(&d, i, 64);
	driver_go(&d);
}

static void begin(void)
{
	struct error err = {0};

	driver_begin(&d, false);
	balloon = virtio_balloon_create(d.vm, &driver_slot, 16 * PAGE, &err);
	cr_assert_not_null(balloon, "%s", err.text);
	memset(driver_at(&d, PLACE), 0x5a, 64 * PAGE);
}

static void end(void)
{
	driver_end(&d);
}

TestSuite(virtio_balloon, .init = begin, .fini = end, .timeout = 20);

/* Is the page full of what was there, or of zeroes? */
static bool is_filled(uint64_t page, uint8_t with)
{
	const uint8_t *bytes = driver_at(&d, page);

	for (unsigned i = 0; i < PAGE; i++)
		if (bytes[i] != with)
			return false;
	return true;
}

static uint64_t returned(void)
{
	struct virtio_balloon_stats stats;

	virtio_balloon_stats(balloon, &stats);
	return stats.returned;
}

static void send_numbers(unsigned queue, const uint32_t *numbers, unsigned count)
{
	const uint32_t len = count * (uint32_t)sizeof(*numbers);
	/* In two pieces, of which the first ends within a number. */
	const uint64_t at = driver_alloc(&d, len);
	const struct piece pieces[] = {{at, 3, false}, {at + 3, len - 3, false}};

	memcpy(driver_at(&d, at), numbers, len);
	driver_offer(&d, queue, pieces, 2);
	driver_notify(&d, queue);
}

Test(virtio_balloon, inflated_pages_go_to_the_host)
{
	/* Upwards, downwards, one alone, one twice. */
	const uint32_t numbers[] = {NUMBER + 1,	 NUMBER + 2,  NUMBER + 3,  NUMBER + 12,
				    NUMBER + 11, NUMBER + 10, NUMBER + 20, NUMBER + 20};
	uint64_t before;
	uint16_t id;
	uint32_t len;

	go(0);
	before = memory_resident(&d.vm->memory);
	send_numbers(INFLATE, numbers, 8);
	cr_assert(driver_used(&d, INFLATE, &id, &len));
	cr_expect_eq(len, 0);
	cr_expect_leq(memory_resident(&d.vm->memory), before - 6 * PAGE,
		      "7 less, but for what the driver wrote");
	cr_expect_eq(returned(), 8 * PAGE);
	for (uint32_t i = 0; i < 32; i++) {
		bool taken = (i >= 1 && i <= 3) || (i >= 10 && i <= 12) || i == 20;

		cr_expect(is_filled(PLACE + i * PAGE, taken ? 0 : 0x5a), "page %u", i);
	}
}

Test(virtio_balloon, deflating_changes_nothing)
{
	const uint32_t numbers[] = {NUMBER, NUMBER + 1};
	uint16_t id;
	uint32_t len;

	go(0);
	send_numbers(DEFLATE, numbers, 2);
	cr_assert(driver_used(&d, DEFLATE, &id, &len));
	cr_expect(is_filled(PLACE, 0x5a));
	cr_expect_eq(returned(), 0);
}

/* Nothing but RAM is touched, and the driver learns that it went wrong. */
static void refuses(const uint32_t *numbers, unsigned count)
{
	go(0);
	send_numbers(INFLATE, numbers, count);
	cr_expect(driver_get(&d, VIRTIO_MMIO_STATUS) & VIRTIO_NEEDS_RESET);
}

Test(virtio_balloon, pages_that_are_not_ram_break_it)
{
	const uint32_t end = (uint32_t)((VM_RAM_BASE + d.vm->memory.size) >> 12);

	refuses((const uint32_t[]){0}, 1);
	refuses((const uint32_t[]){(uint32_t)(VM_RAM_BASE >> 12) - 1}, 1);
	refuses((const uint32_t[]){end}, 1);
	refuses((const uint32_t[]){UINT32_MAX}, 1);
	cr_expect_eq(returned(), 0);
	/* Those before it are gone already. */
	refuses((const uint32_t[]){NUMBER, end, NUMBER + 1}, 3);
	cr_expect(is_filled(PLACE, 0));
	cr_expect(is_filled(PLACE + PAGE, 0x5a));
}

Test(virtio_balloon, a_buffer_has_an_end)
{
	const struct piece piece = {PLACE, 4 * 4097, false};

	go(0);
	driver_offer(&d, INFLATE, &piece, 1);
	driver_notify(&d, INFLATE);
	cr_expect(driver_get(&d, VIRTIO_MMIO_STATUS) & VIRTIO_NEEDS_RESET);
	cr_expect_eq(returned(), 0);
}

Test(virtio_balloon, nothing_in_a_buffer_is_nothing)
{
	const struct piece piece = {PLACE, 3, false};
	uint16_t id;
	uint32_t len;

	go(0);
	driver_offer(&d, INFLATE, &piece, 1);
	driver_notify(&d, INFLATE);
	cr_expect(driver_used(&d, INFLATE, &id, &len));
	cr_expect_eq(returned(), 0);
}

static void report(unsigned queue, uint64_t addr, uint32_t len)
{
	const struct piece pieces[] = {{addr, len, true}, {PLACE + 32 * PAGE, PAGE, true}};
	uint16_t id;
	uint32_t used;

	driver_offer(&d, queue, pieces, 2);
	driver_notify(&d, queue);
	cr_assert(driver_used(&d, queue, &id, &used));
	cr_expect_eq(used, 0);
}

Test(virtio_balloon, reported_pages_go_to_the_host)
{
	go(REPORTING);
	report(REPORT_QUEUE, PLACE, 8 * PAGE);
	cr_expect_eq(returned(), 9 * PAGE);
	cr_expect(is_filled(PLACE, 0) && is_filled(PLACE + 7 * PAGE, 0));
	cr_expect(is_filled(PLACE + 8 * PAGE, 0x5a));
	cr_expect(is_filled(PLACE + 32 * PAGE, 0));
	cr_expect(is_filled(PLACE + 33 * PAGE, 0x5a));
	/* What was touched again, and by the queue's number in the specification. */
	memset(driver_at(&d, PLACE), 1, PAGE);
	report(REPORT_QUEUE4, PLACE, PAGE);
	cr_expect(is_filled(PLACE, 0));
}

/* Pieces of pages hold somebody else's bytes. */
Test(virtio_balloon, only_whole_pages_are_reported)
{
	go(REPORTING);
	report(REPORT_QUEUE, PLACE + 1, 2 * PAGE);
	cr_expect(is_filled(PLACE, 0x5a));
	cr_expect(is_filled(PLACE + PAGE, 0));
	cr_expect(is_filled(PLACE + 2 * PAGE, 0x5a));
}

/* A guest that fills its free pages relies on what it finds there. */
Test(virtio_balloon, poisoned_pages_stay)
{
	go(REPORTING | PAGE_POISON);
	driver_put(&d, POISON, 0xaaaaaaaa);
	report(REPORT_QUEUE, PLACE, 8 * PAGE);
	cr_expect_eq(returned(), 0);
	cr_expect(is_filled(PLACE, 0x5a));
	driver_put(&d, POISON, 0);
	report(REPORT_QUEUE, PLACE, 8 * PAGE);
	cr_expect(is_filled(PLACE, 0));
}

static uint16_t send_stats(uint64_t free)
{
	struct {
		uint16_t tag;
		uint64_t value;
	} __attribute__((packed)) stats[] = {{4, free}, {5, 2000}, {7, 300}, {99, 1}};
	const struct piece piece = {driver_alloc(&d, sizeof(stats)), sizeof(stats), false};
	uint16_t id;

	memcpy(driver_at(&d, piece.addr), stats, sizeof(stats));
	id = driver_offer(&d, STATS_QUEUE, &piece, 1);
	driver_notify(&d, STATS_QUEUE);
	return id;
}

Test(virtio_balloon, statistics_are_asked_for_when_memory_has_moved)
{
	struct virtio_balloon_stats stats;
	uint16_t sent, id;
	uint32_t len;

	go(STATS | REPORTING);
	virtio_balloon_stats(balloon, &stats);
	cr_expect_not(stats.known);
	sent = send_stats(1000);
	virtio_balloon_stats(balloon, &stats);
	cr_expect(stats.known);
	cr_expect_eq(stats.free, 1000);
	cr_expect_eq(stats.total, 2000);
	cr_expect_eq(stats.caches, 300);
	cr_expect_not(driver_used(&d, STATS_QUEUE, &id, &len), "it is kept");
	report(REPORT_QUEUE, PLACE, PAGE);
	cr_assert(driver_used(&d, STATS_QUEUE, &id, &len));
	cr_expect_eq(id, sent);
	sent = send_stats(1500);
	virtio_balloon_stats(balloon, &stats);
	cr_expect_eq(stats.free, 1500);
	/* More than one buffer at a time is too many: the older one comes back. */
	send_stats(1600);
	cr_assert(driver_used(&d, STATS_QUEUE, &id, &len));
	cr_expect_eq(id, sent);
	cr_expect_not(driver_used(&d, STATS_QUEUE, &id, &len));
}

Test(virtio_balloon, a_reset_gets_the_kept_buffer_out_of_the_way)
{
	go(STATS);
	send_stats(1000);
	driver_put(&d, VIRTIO_MMIO_STATUS, 0);
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_STATUS), 0);
	go(STATS);
	send_stats(1100);
	driver_put(&d, VIRTIO_MMIO_QUEUE_SEL, STATS_QUEUE);
	driver_put(&d, VIRTIO_MMIO_QUEUE_READY, 0);
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_QUEUE_READY), 0);
}

Test(virtio_balloon, its_size)
{
	struct virtio_balloon_stats stats;
	struct error err = {0};

	go(0);
	cr_expect_eq(driver_get(&d, NUM_PAGES), 16);
	driver_put(&d, ACTUAL, 12);
	virtio_balloon_stats(balloon, &stats);
	cr_expect_eq(stats.target, 16 * PAGE);
	cr_expect_eq(stats.actual, 12 * PAGE);
	driver_put(&d, NUM_PAGES, 7);
	cr_expect_eq(driver_get(&d, NUM_PAGES), 16, "not the driver's to say");
	cr_expect_not(driver_line(&d));
	cr_expect_eq(virtio_balloon_set_target(balloon, 8 * PAGE, &err), 0);
	cr_expect_eq(driver_get(&d, NUM_PAGES), 8);
	cr_expect(driver_line(&d));
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_INTERRUPT_STATUS), VIRTIO_INTERRUPT_CONFIG);
	driver_put(&d, VIRTIO_MMIO_STATUS, 0);
	cr_expect_eq(driver_get(&d, NUM_PAGES), 8);
	cr_expect_eq(driver_get(&d, ACTUAL), 0);
	virtio_balloon_stats(balloon, &stats);
	cr_expect_eq(stats.actual, 0);
	cr_expect_eq(stats.peak, 12 * PAGE, "of the driver that has gone");
}

Test(virtio_balloon, impossible_sizes)
{
	struct error err = {0};

	cr_expect_lt(virtio_balloon_set_target(balloon, d.vm->memory.size, &err), 0);
	cr_expect_eq(err.kind, ERROR_USAGE);
	cr_expect_lt(virtio_balloon_set_target(balloon, PAGE + 1, &err), 0);
	cr_expect_eq(driver_get(&d, NUM_PAGES), 16);
}
