/*
 * Shared RAM is a file with holes where the guest has written nothing. Looking into a hole would fill it: so
 * the file is asked for its holes, and only what is in at least one of the two files is read.
 */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "core/memory.h"
#include "harness/lockstep_compare.h"

/* Differences to be shown. */
#define SHOWN 8

/* What a file has from some offset on: data, or a hole, up to `end`. */
struct extent {
	bool data;
	uint64_t end;
};

static struct extent extent_at(const struct memory *memory, uint64_t offset)
{
	off_t data = lseek(memory->fd, (off_t)offset, SEEK_DATA);
	off_t hole;

	if (data < 0)
		return (struct extent){.end = memory->size};
	if ((uint64_t)data > offset)
		return (struct extent){.end = (uint64_t)data};
	hole = lseek(memory->fd, (off_t)offset, SEEK_HOLE);
	return (struct extent){.data = true, .end = hole < 0 ? memory->size : (uint64_t)hole};
}

static uint64_t word_at(const struct memory *memory, struct extent extent, uint64_t offset)
{
	uint64_t word = 0;

	if (extent.data)
		memcpy(&word, memory->bytes + offset, sizeof(word));
	return word;
}

/* The words that differ from `start` to `end`. */
static void print_words(FILE *out, const struct memory *const memories[2],
			const struct extent extents[2], uint64_t start, uint64_t end,
			unsigned *shown)
{
	for (uint64_t at = start; at < end && *shown <= SHOWN; at += 8) {
		uint64_t a = word_at(memories[0], extents[0], at);
		uint64_t b = word_at(memories[1], extents[1], at);
		char title[32];

		if (a == b)
			continue;
		snprintf(title, sizeof(title), "memory 0x%" PRIx64, memories[0]->base + at);
		if ((*shown)++ == SHOWN)
			fputs("  memory: and more\n", out);
		else
			fprintf(out, "  %-24s 0x%016" PRIx64 "%-17s0x%016" PRIx64 "\n", title, a,
				"", b);
	}
}

static bool is_zero(const uint8_t *bytes, uint64_t len)
{
	return !len || (!bytes[0] && !memcmp(bytes, bytes + 1, len - 1));
}

static bool same_range(const struct memory *const memories[2], const struct extent extents[2],
		       uint64_t start, uint64_t end)
{
	const uint8_t *a = memories[0]->bytes + start, *b = memories[1]->bytes + start;

	if (extents[0].data && extents[1].data)
		return !memcmp(a, b, end - start);
	if (extents[0].data)
		return is_zero(a, end - start);
	return !extents[1].data || is_zero(b, end - start);
}

bool lockstep_same_memory(const struct lockstep_side sides[2], FILE *out)
{
	const struct memory *const memories[2] = {&sides[0].vm->memory, &sides[1].vm->memory};
	unsigned shown = 0;
	bool same = true;

	for (uint64_t at = 0, end; at < memories[0]->size && (same || out); at = end) {
		const struct extent extents[2] = {
			extent_at(memories[0], at),
			extent_at(memories[1], at),
		};

		end = extents[0].end < extents[1].end ? extents[0].end : extents[1].end;
		if (same_range(memories, extents, at, end))
			continue;
		same = false;
		if (out)
			print_words(out, memories, extents, at, end, &shown);
	}
	return same;
}
