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

static const struct sysreg *find_twice(const struct sysreg *regs, unsigned count)
{
	for (unsigned i = 1; i < count; i++)
		if (regs[i - 1].key == regs[i].key)
			return &regs[i];
	return NULL;
}

int sysreg_add(struct sysreg_table *table, const struct sysreg *regs, unsigned count, void *owner,
	       struct error *err)
{
	unsigned total = table->count + count;
	const struct sysreg *twice;
	struct sysreg *merged;

	if (count == 0)
		return 0;
	merged = malloc(total * sizeof(*merged));
	if (!merged)
		return error_set(err, ERROR_NO_MEMORY, "no memory for %u system registers", total);
	if (table->count)
		memcpy(merged, table->regs, table->count * sizeof(*merged));
	memcpy(merged + table->count, regs, count * sizeof(*merged));
	for (unsigned i = table->count; i < total; i++)
		merged[i].owner = owner;
	qsort(merged, total, sizeof(*merged), compare_keys);

	twice = find_twice(merged, total);
	if (twice) {
		error_set(err, ERROR_INTERNAL, "system register %s (key %#x) is there twice",
			  twice->name, twice->key);
		free(merged);
		return -1;
	}
	free(table->regs);
	table->regs = merged;
	table->count = total;
	return 0;
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
