/*
 * Placement: pieces never overlap, never leave RAM, and whatever fits is found.
 */
#include <criterion/criterion.h>

#include "core/boot/placement.h"

#define BASE 0x40000000ULL
#define MIB  (1ULL << 20)
#define GIB  (1ULL << 30)

static struct placement p;

Test(placement, reserves_only_what_is_free_ram)
{
	placement_init(&p, BASE, 4 * MIB);
	cr_expect_eq(placement_reserve(&p, BASE - 1, 2), PLACEMENT_OUTSIDE);
	cr_expect_eq(placement_reserve(&p, BASE, 4 * MIB + 1), PLACEMENT_OUTSIDE);
	cr_expect_eq(placement_reserve(&p, BASE + 4 * MIB, 1), PLACEMENT_OUTSIDE);
	cr_expect_eq(placement_reserve(&p, BASE + MIB, UINT64_MAX), PLACEMENT_OUTSIDE);
	cr_expect_eq(placement_reserve(&p, UINT64_MAX, 2), PLACEMENT_OUTSIDE);
	cr_expect_eq(placement_reserve(&p, 0, BASE + 1), PLACEMENT_OUTSIDE);
	cr_expect_eq(placement_reserve(&p, BASE + MIB, MIB), PLACEMENT_OK);
	cr_expect_eq(placement_reserve(&p, BASE + MIB, MIB), PLACEMENT_OVERLAP);
	cr_expect_eq(placement_reserve(&p, BASE, MIB + 1), PLACEMENT_OVERLAP);
	cr_expect_eq(placement_reserve(&p, BASE + 2 * MIB - 1, 1), PLACEMENT_OVERLAP);
	cr_expect_eq(placement_reserve(&p, BASE, 4 * MIB), PLACEMENT_OVERLAP);
	cr_expect_eq(placement_reserve(&p, BASE, MIB), PLACEMENT_OK);
	cr_expect_eq(placement_reserve(&p, BASE + 2 * MIB, 2 * MIB), PLACEMENT_OK);
	cr_expect_eq(placement_top(&p), BASE + 4 * MIB);
	cr_expect_eq(p.count, 3);
}

Test(placement, has_an_end)
{
	placement_init(&p, BASE, GIB);
	for (unsigned i = 0; i < PLACEMENT_MAX; i++)
		cr_assert_eq(placement_reserve(&p, BASE + i, 1), PLACEMENT_OK);
	cr_expect_eq(placement_reserve(&p, BASE + MIB, 1), PLACEMENT_FULL);
}

Test(placement, finds_the_highest_hole)
{
	uint64_t start;

	placement_init(&p, BASE, 16 * MIB);
	cr_assert_eq(placement_reserve(&p, BASE + 15 * MIB, MIB / 2), PLACEMENT_OK);
	cr_assert(placement_find(&p, MIB / 2, 4096, &start));
	cr_expect_eq(start, BASE + 15 * MIB + MIB / 2);
	cr_assert(placement_find(&p, 3, 4096, &start));
	cr_expect_eq(start, BASE + 15 * MIB - 4096);
	cr_assert(placement_find(&p, 3, 2 * MIB, &start));
	cr_expect_eq(start, BASE + 14 * MIB);
	cr_expect_not(placement_find(&p, 14 * MIB + 1, 4096, &start));
	cr_assert(placement_find(&p, 14 * MIB, 4096, &start));
	cr_expect_eq(start, BASE);
}

Test(placement, finds_below_the_limit)
{
	uint64_t start;

	placement_init(&p, BASE, 16 * MIB);
	p.limit = BASE + 4 * MIB;
	cr_assert(placement_find(&p, MIB, 4096, &start));
	cr_expect_eq(start, BASE + 3 * MIB);
	cr_expect_not(placement_find(&p, 4 * MIB, 4096, &start));
	cr_expect_not(placement_find(&p, UINT64_MAX, 4096, &start));
}

static uint64_t random_state = 1;

static uint64_t random_below(uint64_t limit)
{
	random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (random_state >> 16) % limit;
}

/* Sizes from bytes to nearly all of it, small ones as likely as large ones. */
static uint64_t random_size(uint64_t most)
{
	uint64_t size = random_below(most) >> random_below(40);

	return size ? size : 1;
}

static void check_disjoint(void)
{
	for (unsigned i = 0; i < p.count; i++) {
		cr_assert_geq(p.used[i].start, p.base);
		cr_assert_leq(p.used[i].end, p.end);
		cr_assert_lt(p.used[i].start, p.used[i].end);
		for (unsigned j = 0; j < i; j++)
			cr_assert(p.used[i].end <= p.used[j].start ||
				  p.used[j].end <= p.used[i].start);
	}
}

/* Kernel, initramfs and device tree of any size in RAM from 2 MiB to 255 GiB. */
Test(placement, nothing_collides_whatever_the_sizes)
{
	unsigned placed = 0;

	for (unsigned turn = 0; turn < 200000; turn++) {
		uint64_t ram = 2 * MIB + (random_size(253 * GIB) & ~4095ULL);
		uint64_t initrd = random_size(ram), tree = random_size(2 * MIB);
		uint64_t kernel = random_size(ram), offset = random_size(ram);
		uint64_t start;

		placement_init(&p, BASE, ram);
		if (placement_reserve(&p, BASE + offset, kernel) != PLACEMENT_OK) {
			cr_assert_gt(offset + kernel, ram);
			continue;
		}
		if (!placement_find(&p, initrd, 4096, &start)) {
			/* It really would not fit, neither above nor below. */
			uint64_t above = (BASE + ram - initrd) & ~4095ULL;

			cr_assert(initrd > offset && above < BASE + offset + kernel);
			continue;
		}
		cr_assert_eq(start % 4096, 0);
		if (placement_find(&p, tree, 2 * MIB, &start))
			cr_assert_eq(start % (2 * MIB), 0);
		check_disjoint();
		placed++;
	}
	cr_expect_gt(placed, 10000, "the sizes are not too large: %u", placed);
}
