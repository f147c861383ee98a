/*
 * Reserving RAM. The list is short and lives for the time of one boot: it is searched from end to
 * end, in no order.
 */
#include "core/boot/placement.h"

#define PAGE 4096ULL
#define MIB  (1ULL << 20)

void placement_init(struct placement *p, uint64_t base, uint64_t size)
{
	p->base = base;
	p->end = base + size;
	p->limit = p->end;
	p->count = 0;
}

/* The index of a taken piece that shares a byte with [start, end), or -1. */
static int find_overlap(const struct placement *p, uint64_t start, uint64_t end)
{
	for (unsigned i = 0; i < p->count; i++) {
		if (start < p->used[i].end && p->used[i].start < end)
			return (int)i;
	}
	return -1;
}

enum placement_result placement_reserve(struct placement *p, uint64_t start, uint64_t size)
{
	if (start < p->base || start > p->end || size > p->end - start)
		return PLACEMENT_OUTSIDE;
	if (find_overlap(p, start, start + size) >= 0)
		return PLACEMENT_OVERLAP;
	if (p->count == PLACEMENT_MAX)
		return PLACEMENT_FULL;
	p->used[p->count].start = start;
	p->used[p->count].end = start + size;
	p->count++;
	return PLACEMENT_OK;
}

bool placement_find(struct placement *p, uint64_t size, uint64_t align, uint64_t *start)
{
	uint64_t top = p->limit;

	/* Each turn moves below one taken piece for good, so there are at most `count` of them. */
	for (;;) {
		if (top < p->base || size > top - p->base)
			return false;

		uint64_t candidate = (top - size) & ~(align - 1);

		if (candidate < p->base)
			return false;

		int overlap = find_overlap(p, candidate, candidate + size);

		if (overlap < 0) {
			*start = candidate;
			return placement_reserve(p, candidate, size) == PLACEMENT_OK;
		}
		top = p->used[overlap].start;
	}
}

uint64_t placement_top(const struct placement *p)
{
	uint64_t top = p->base;

	for (unsigned i = 0; i < p->count; i++) {
		if (p->used[i].end > top)
			top = p->used[i].end;
	}
	return top;
}

static uint64_t round_up(uint64_t value, uint64_t align)
{
	return (value + align - 1) & ~(align - 1);
}

int placement_too_small(const struct placement *p, const char *name, uint64_t top, uint64_t reserve,
			struct error *err)
{
	uint64_t needed = round_up(top - p->base, PAGE) + round_up(reserve, PAGE);

	return error_set(err, ERROR_USAGE,
			 "%s: does not fit into %llu MiB of memory: at least %llu MiB are needed",
			 name, (unsigned long long)(p->end - p->base) / MIB,
			 (unsigned long long)round_up(needed, MIB) / MIB);
}
