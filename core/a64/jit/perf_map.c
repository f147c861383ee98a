/*
 * The map of translated code that Linux's perf reads from /tmp/perf-PID.map: a line for each piece, with
 * its address and size in hexadecimal and its name, which is all that follows (perf's
 * Documentation/jit-interface.txt). A line is not taken back: once the cache was flushed, several
 * stand for one address.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "core/a64/jit/jit.h"

struct thunk {
	const uint8_t *begin; /* in the writable view */
	const char *name;
};

static void enter(FILE *map, const void *code, size_t size, const char *name)
{
	fprintf(map, "%" PRIxPTR " %zx %s\n", (uintptr_t)code, size, name);
}

static int compare_thunks(const void *a, const void *b)
{
	const struct thunk *left = a, *right = b;

	return (left->begin > right->begin) - (left->begin < right->begin);
}

void jit_perf_thunks(const struct a64_jit *jit)
{
	const uint8_t *into = (const uint8_t *)(uintptr_t)jit->enter;
	struct thunk thunks[] = {
		{jit->writable + (into - jit->executable), "jit: enter"},
		{jit->exit, "jit: exit"},
		{jit->fetch, "jit: fetch"},
		{jit->call, "jit: call"},
		{jit->call_branch, "jit: call branch"},
		{jit->normalise, "jit: normalise"},
		{jit->writable + jit->start, NULL},
	};
	size_t count = sizeof(thunks) / sizeof(thunks[0]);

	if (!jit->perf_map)
		return;
	qsort(thunks, count, sizeof(thunks[0]), compare_thunks);
	for (size_t n = 0; n + 1 < count; n++)
		enter(jit->perf_map, jit->executable + (thunks[n].begin - jit->writable),
		      (size_t)(thunks[n + 1].begin - thunks[n].begin), thunks[n].name);
}

void jit_perf_region(const struct a64_cpu *cpu, const struct a64_insn *i, const void *code,
		     size_t size)
{
	const struct a64_code_page *page = (const struct a64_code_page *)cpu->code_insns;
	uint64_t offset = (uint64_t)(i - cpu->code_insns) * 4;
	char name[80];

	if (!cpu->jit->perf_map)
		return;
	snprintf(name, sizeof(name), "guest: %#" PRIx64 " [%#" PRIx64 "]", cpu->code_va + offset,
		 page->pa + offset);
	enter(cpu->jit->perf_map, code, size, name);
}
