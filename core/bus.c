/*
 * The MMIO bus: a sorted array of regions, searched by halves. A machine has a few dozen regions,
 * so a search is five or six comparisons in one or two cache lines: cheaper than anything clever.
 */
#include "core/bus.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

/* The number of regions that begin at or below addr: the one that may hold it is just before. */
static unsigned regions_up_to(const struct bus *bus, uint64_t addr)
{
	unsigned low = 0, high = bus->count;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;

		if (bus->regions[middle].base <= addr)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* In terms of last addresses: a region may end where the address space does. */
static bool regions_overlap(const struct bus_region *a, const struct bus_region *b)
{
	return a->base <= b->base + (b->size - 1) && b->base <= a->base + (a->size - 1);
}

int bus_add(struct bus *bus, const struct bus_region *region, struct error *err)
{
	unsigned at = regions_up_to(bus, region->base);

	if (region->size == 0 || region->base + (region->size - 1) < region->base)
		return error_set(err, ERROR_INTERNAL,
				 "%s: no such region: %" PRIu64 " bytes at %#" PRIx64, region->name,
				 region->size, region->base);
	if (bus->count == BUS_REGIONS_MAX)
		return error_set(err, ERROR_INTERNAL, "%s: the bus is full", region->name);
	for (unsigned i = 0; i < bus->count; i++)
		if (regions_overlap(&bus->regions[i], region))
			return error_set(err, ERROR_INTERNAL, "%s at %#" PRIx64 " overlaps %s",
					 region->name, region->base, bus->regions[i].name);

	memmove(&bus->regions[at + 1], &bus->regions[at],
		(bus->count - at) * sizeof(bus->regions[0]));
	bus->regions[at] = *region;
	bus->count++;
	return 0;
}

const struct bus_region *bus_find(const struct bus *bus, uint64_t addr, unsigned size)
{
	unsigned after = regions_up_to(bus, addr);
	const struct bus_region *region;
	uint64_t offset;

	if (after == 0)
		return NULL;
	region = &bus->regions[after - 1];
	offset = addr - region->base;
	if (offset >= region->size || size > region->size - offset)
		return NULL;
	return region;
}

/* The region to be asked for an access, or NULL when it is one that no device gets to see. */
static const struct bus_region *target_of(const struct bus *bus, uint64_t addr, unsigned size)
{
	if ((size != 1 && size != 2 && size != 4 && size != 8) || addr % size)
		return NULL;
	return bus_find(bus, addr, size);
}

static uint64_t truncate_to(unsigned size, uint64_t value)
{
	return size < 8 ? value & ((1ULL << 8 * size) - 1) : value;
}

bool bus_read(const struct bus *bus, unsigned cpu, uint64_t addr, unsigned size, uint64_t *value)
{
	const struct bus_region *region = target_of(bus, addr, size);

	if (!region)
		return false;
	*value =
		truncate_to(size, region->ops->read(region->owner, cpu, addr - region->base, size));
	return true;
}

bool bus_write(const struct bus *bus, unsigned cpu, uint64_t addr, unsigned size, uint64_t value)
{
	const struct bus_region *region = target_of(bus, addr, size);

	if (!region)
		return false;
	region->ops->write(region->owner, cpu, addr - region->base, size, truncate_to(size, value));
	return true;
}
