/* Guest RAM: the gate lets nothing through that is not all RAM. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/memory.h"

#define BASE 0x40000000ULL
#define SIZE (2ULL << 20)

static struct memory memory;

static void set_up(void)
{
	struct error err = {0};

	cr_assert_eq(memory_init(&memory, BASE, SIZE, MEMORY_PRIVATE, &err), 0, "%s", err.text);
}

static void set_up_shared(void)
{
	struct error err = {0};

	cr_assert_eq(memory_init(&memory, BASE, SIZE, MEMORY_SHARED, &err), 0, "%s", err.text);
}

static void tear_down(void)
{
	memory_destroy(&memory);
}

TestSuite(memory, .init = set_up, .fini = tear_down, .timeout = 10);
TestSuite(shared_memory, .init = set_up_shared, .fini = tear_down, .timeout = 10);

Test(memory, gate_gives_the_bytes_of_ram)
{
	cr_assert_eq(memory_at(&memory, BASE, SIZE), memory.bytes);
	cr_assert_eq(memory_at(&memory, BASE + 8, 8), memory.bytes + 8);
	cr_assert_eq(memory_at(&memory, BASE + SIZE - 1, 1), memory.bytes + SIZE - 1);
	cr_assert_eq(memory_at(&memory, BASE + SIZE, 0), memory.bytes + SIZE);
}

Test(memory, gate_refuses_what_is_not_all_ram)
{
	cr_assert_null(memory_at(&memory, BASE - 1, 1));
	cr_assert_null(memory_at(&memory, BASE - 1, 2));
	cr_assert_null(memory_at(&memory, BASE - 1, 0));
	cr_assert_null(memory_at(&memory, BASE + SIZE, 1));
	cr_assert_null(memory_at(&memory, BASE + SIZE - 1, 2));
	cr_assert_null(memory_at(&memory, BASE + SIZE + 1, 0));
	cr_assert_null(memory_at(&memory, BASE, SIZE + 1));
	cr_assert_null(memory_at(&memory, 0, 1));
	cr_assert_null(memory_at(&memory, UINT64_MAX, 1));
}

Test(memory, gate_refuses_ranges_that_wrap)
{
	cr_assert_null(memory_at(&memory, BASE, UINT64_MAX));
	cr_assert_null(memory_at(&memory, BASE + 8, UINT64_MAX - 4));
	cr_assert_null(memory_at(&memory, UINT64_MAX - 7, BASE + 16));
}

static void is_zero_at_first_and_after_clear(void)
{
	uint64_t value = 1;

	cr_assert(memory_read(&memory, BASE + SIZE - 8, &value, 8));
	cr_assert_eq(value, 0);
	value = 0x0123456789abcdef;
	cr_assert(memory_write(&memory, BASE + SIZE - 8, &value, 8));
	memory_clear(&memory);
	cr_assert(memory_read(&memory, BASE + SIZE - 8, &value, 8));
	cr_assert_eq(value, 0);
}

Test(memory, is_zero_at_first_and_after_clear)
{
	is_zero_at_first_and_after_clear();
}

Test(shared_memory, is_zero_at_first_and_after_clear)
{
	is_zero_at_first_and_after_clear();
}

/* Ranges within a page, over the edge of one, of whole pages and more: not a byte too few or too many. */
static void zeroes_exactly_the_range(void)
{
	static const struct {
		uint64_t offset, len;
	} ranges[] = {{0, 0},	     {1, 5},	   {4090, 6},	       {4090, 10},
		      {4096, 4096},  {4095, 4098}, {100, 12288},       {8192, 8192},
		      {SIZE - 1, 1}, {SIZE, 0},	   {SIZE - 4096, 4096}};

	for (unsigned n = 0; n < sizeof(ranges) / sizeof(*ranges); n++) {
		const uint64_t begin = ranges[n].offset, end = begin + ranges[n].len;

		memset(memory.bytes, 0xaa, SIZE);
		cr_assert(memory_zero(&memory, BASE + begin, end - begin));
		for (uint64_t i = 0; i < SIZE; i++)
			cr_assert_eq(memory.bytes[i], i >= begin && i < end ? 0 : 0xaa,
				     "range %u, byte %" PRIu64, n, i);
	}
	memset(memory.bytes, 0xaa, SIZE);
	cr_assert_not(memory_zero(&memory, BASE + SIZE - 1, 2));
	cr_assert_eq(memory.bytes[SIZE - 1], 0xaa);
}

Test(memory, zeroes_exactly_the_range)
{
	zeroes_exactly_the_range();
}

Test(shared_memory, zeroes_exactly_the_range)
{
	zeroes_exactly_the_range();
}

static void discard_gives_whole_pages_back(void)
{
	uint8_t *bytes = memory_at(&memory, BASE, 8 * MEMORY_PAGE_SIZE);
	uint64_t before;

	memset(bytes, 0x5a, 8 * MEMORY_PAGE_SIZE);
	before = memory_resident(&memory);
	cr_expect_eq(memory_discard(&memory, bytes + 1, 4 * MEMORY_PAGE_SIZE),
		     3 * MEMORY_PAGE_SIZE);
	cr_expect_geq(before, 8 * MEMORY_PAGE_SIZE);
	cr_expect_eq(memory_resident(&memory), before - 3 * MEMORY_PAGE_SIZE);
	/* The pieces of pages at both ends stay. */
	cr_expect_eq(bytes[MEMORY_PAGE_SIZE - 1], 0x5a);
	cr_expect_eq(bytes[MEMORY_PAGE_SIZE], 0);
	cr_expect_eq(bytes[4 * MEMORY_PAGE_SIZE - 1], 0);
	cr_expect_eq(bytes[4 * MEMORY_PAGE_SIZE], 0x5a);
	bytes[MEMORY_PAGE_SIZE] = 1;
	cr_expect_eq(memory_discard(&memory, bytes, 8 * MEMORY_PAGE_SIZE), 8 * MEMORY_PAGE_SIZE);
	cr_expect_eq(bytes[MEMORY_PAGE_SIZE], 0);
}

Test(memory, discard_gives_whole_pages_back)
{
	discard_gives_whole_pages_back();
}

Test(shared_memory, discard_gives_whole_pages_back)
{
	discard_gives_whole_pages_back();
}

Test(memory, discard_of_less_than_a_page_is_nothing)
{
	uint8_t *bytes = memory_at(&memory, BASE, 2 * MEMORY_PAGE_SIZE);

	bytes[0] = bytes[MEMORY_PAGE_SIZE] = 1;
	cr_expect_eq(memory_discard(&memory, bytes, 0), 0);
	cr_expect_eq(memory_discard(&memory, bytes, MEMORY_PAGE_SIZE - 1), 0);
	cr_expect_eq(memory_discard(&memory, bytes + 1, MEMORY_PAGE_SIZE), 0);
	cr_expect_eq(bytes[0], 1);
	cr_expect_eq(bytes[MEMORY_PAGE_SIZE], 1);
}

Test(memory, copies_are_all_or_nothing)
{
	uint8_t in[8] = {1, 2, 3, 4, 5, 6, 7, 8}, out[8] = {0};

	cr_assert_not(memory_write(&memory, BASE + SIZE - 4, in, 8));
	cr_assert(memory_read(&memory, BASE + SIZE - 4, out, 4));
	cr_assert_eq(memcmp(out, "\0\0\0\0", 4), 0);
	cr_assert(memory_write(&memory, BASE + 3, in, 8));
	cr_assert(memory_read(&memory, BASE + 3, out, 8));
	cr_assert_eq(memcmp(in, out, 8), 0);
	memset(out, 0xee, 8);
	cr_assert_not(memory_read(&memory, BASE + SIZE - 4, out, 8));
	cr_assert_eq(out[0], 0xee, "a refused read must leave the buffer alone");
}

Test(shared_memory, other_mappings_see_the_same_pages)
{
	uint8_t *other = mmap(NULL, SIZE, PROT_READ, MAP_SHARED, memory.fd, 0);

	cr_assert_neq(other, MAP_FAILED);
	memory.bytes[4096] = 0x5a;
	cr_assert_eq(other[4096], 0x5a);
	munmap(other, SIZE);
}

Test(shared_memory, file_cannot_be_shrunk_under_the_mapping)
{
	cr_assert_lt(ftruncate(memory.fd, 4096), 0);
	cr_assert_lt(ftruncate(memory.fd, 2 * SIZE), 0);
	memory.bytes[SIZE - 1] = 1;
}

static void expect_refused(uint64_t base, uint64_t size, enum error_kind kind)
{
	static const enum memory_backing kinds[] = {MEMORY_PRIVATE, MEMORY_SHARED};

	for (unsigned n = 0; n < 2; n++) {
		struct memory refused;
		struct error err = {0};

		cr_assert_eq(memory_init(&refused, base, size, kinds[n], &err), -1);
		cr_assert_eq(err.kind, kind, "%s", err.text);
		memory_destroy(&refused);
	}
}

Test(memory, refuses_impossible_sizes)
{
	expect_refused(BASE, 0, ERROR_USAGE);
	expect_refused(BASE, 4097, ERROR_USAGE);
	expect_refused(UINT64_MAX - 4095, 8192, ERROR_USAGE);
	expect_refused(0, 1ULL << 63, ERROR_NO_MEMORY);
	expect_refused(0, 1ULL << 60, ERROR_NO_MEMORY);
}

Test(memory, size_beyond_the_hosts_memory_costs_nothing)
{
	struct memory large;
	struct error err = {0};

	cr_assert_eq(memory_init(&large, BASE, 128ULL << 30, MEMORY_PRIVATE, &err), 0, "%s",
		     err.text);
	large.bytes[large.size - 1] = 1;
	memory_clear(&large);
	cr_assert_eq(large.bytes[large.size - 1], 0);
	memory_destroy(&large);
}

/* A child that is forked for whatever reason must not make each write of the guest copy a page. */
Test(memory, is_not_inherited_by_children)
{
	FILE *smaps = fopen("/proc/self/smaps", "r");
	char line[512], flags[256] = "";
	uintptr_t begin, end;
	bool ours = false;

	cr_assert_not_null(smaps);
	while (fgets(line, sizeof(line), smaps)) {
		if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " ", &begin, &end) == 2)
			ours = begin <= (uintptr_t)memory.bytes && (uintptr_t)memory.bytes < end;
		else if (ours)
			sscanf(line, "VmFlags: %255[^\n]", flags);
	}
	fclose(smaps);
	cr_expect_not_null(strstr(flags, " dc"), "%s", flags);
	cr_expect_eq((uintptr_t)memory.bytes % SIZE, 0, "huge pages of the host fit");
}
