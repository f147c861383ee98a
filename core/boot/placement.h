/*
 * Who gets which piece of RAM. Everything that the loader puts there is reserved here first, so no
 * two parts can collide, whatever their sizes.
 */
#ifndef GOD_CORE_BOOT_PLACEMENT_H
#define GOD_CORE_BOOT_PLACEMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"

#define PLACEMENT_MAX 132 /* an ELF file's segments, initramfs, device tree */

struct placement {
	uint64_t base, end; /* RAM */
	uint64_t limit;	    /* placement_find() stays below; at most `end` */
	unsigned count;
	struct {
		uint64_t start, end;
	} used[PLACEMENT_MAX];
};

enum placement_result {
	PLACEMENT_OK,
	PLACEMENT_OUTSIDE, /* not all of it is RAM */
	PLACEMENT_OVERLAP, /* some of it is taken */
	PLACEMENT_FULL,	   /* PLACEMENT_MAX pieces are taken */
};

void placement_init(struct placement *placement, uint64_t base, uint64_t size);

/* Take [start, start + size). Nothing is taken unless the result is PLACEMENT_OK. */
enum placement_result placement_reserve(struct placement *placement, uint64_t start, uint64_t size);

/*
 * Find the highest free piece of `size` bytes below the limit whose address is a multiple of
 * `align` (a power of two), and take it. False when there is none.
 */
bool placement_find(struct placement *placement, uint64_t size, uint64_t align, uint64_t *start);

/* The first address above everything that is taken. */
uint64_t placement_top(const struct placement *placement);

/*
 * What is named `name` does not fit: set ERROR_USAGE and say how much RAM it takes when the highest
 * byte is just below `top` and `reserve` bytes must fit beside it. Returns -1.
 */
int placement_too_small(const struct placement *placement, const char *name, uint64_t top,
			uint64_t reserve, struct error *err);

#endif
