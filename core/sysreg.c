/*
 * The system-register table: an array sorted by encoding, searched by halves. It is built once,
 * device after device, so adding may be slow; an addition is all or nothing.
 */
#include "core/sysreg.h"

#include <stdlib.h>
#include <string.h>

static int compare_keys(const void *a, const void *b)
{
	const struct sysreg *left = a, *right = b;

	return (left->key > right->key) - (left->key < right->key);
}

/* Room for so many entries in all. */
static int grow(struct sysreg_table *table, unsigned total, struct error *err)
{
	unsigned room = table->room * 2 > total ? table->room * 2 : total;
	struct sysreg *regs;

	if (total <= table->room)
		return 0;
	regs = realloc(table->regs, room * sizeof(*regs));
	if (!regs)
		return error_set(err, ERROR_NO_MEMORY, "no memory for %u system registers", total);
	table->regs = regs;
	table->room = room;
	return 0;
}

static struct sysreg *copy_sorted(const struct sysreg *regs, unsigned count, void *owner)
{
	struct sysreg *copy = malloc(count * sizeof(*copy));

	if (!copy)
		return NULL;
	memcpy(copy, regs, count * sizeof(*copy));
	for (unsigned i = 0; i < count; i++)
		copy[i].owner = owner;
	qsort(copy, count, sizeof(*copy), compare_keys);
	return copy;
}

static int check_unique(const struct sysreg_table *table, const struct sysreg *added,
			unsigned count, struct error *err)
{
	for (unsigned i = 0; i < count; i++) {
		bool twice = i > 0 && added[i - 1].key == added[i].key;

		if (twice || sysreg_find(table, added[i].key))
			return error_set(err, ERROR_INTERNAL,
					 "system register %s (key %#x) is there twice",
					 added[i].name, added[i].key);
	}
	return 0;
}

/* Both are sorted, and there is room. */
static void merge(struct sysreg_table *table, const struct sysreg *added, unsigned count)
{
	struct sysreg *regs = table->regs;
	unsigned old = table->count, to = old + count;

	table->count = to;
	while (count > 0) {
		if (old > 0 && regs[old - 1].key > added[count - 1].key)
			regs[--to] = regs[--old];
		else
			regs[--to] = added[--count];
	}
}

int sysreg_add(struct sysreg_table *table, const struct sysreg *regs, unsigned count, void *owner,
	       struct error *err)
{
	struct sysreg *added;
	int rc;

	if (count == 0)
		return 0;
	added = copy_sorted(regs, count, owner);
	if (!added)
		return error_set(err, ERROR_NO_MEMORY, "no memory for %u system registers", count);
	rc = check_unique(table, added, count, err);
	if (rc == 0)
		rc = grow(table, table->count + count, err);
	if (rc == 0)
		merge(table, added, count);
	free(added);
	return rc;
}

void sysreg_destroy(struct sysreg_table *table)
{
	free(table->regs);
	*table = (struct sysreg_table){0};
}

const struct sysreg *sysreg_find(const struct sysreg_table *table, uint16_t key)
{
	const struct sysreg wanted = {.key = key};

	if (!table->count)
		return NULL;
	return bsearch(&wanted, table->regs, table->count, sizeof(wanted), compare_keys);
}

const struct sysreg *sysreg_find_name(const struct sysreg_table *table, const char *name)
{
	for (unsigned i = 0; i < table->count; i++)
		if (!strcmp(table->regs[i].name, name))
			return &table->regs[i];
	return NULL;
}
