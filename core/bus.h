/*
 * The MMIO bus: which device answers at which guest physical address. The map is fixed before the
 * first vCPU runs and is read without a lock afterwards.
 */
#ifndef GOD_CORE_BUS_H
#define GOD_CORE_BUS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"

/*
 * What a device offers for one region. `offset` is from the region's base, `size` is 1, 2, 4 or 8
 * bytes; accesses are naturally aligned and never cross the end of the region. `cpu` is the index
 * of the vCPU that makes the access (registers may be banked). Values are zero-extended.
 * A size or offset that the device does not implement reads as zero and ignores writes,
 * unless the device's specification says otherwise. Called on vCPU threads, concurrently: the
 * device takes its own lock.
 */
struct mmio_ops {
	uint64_t (*read)(void *owner, unsigned cpu, uint64_t offset, unsigned size);
	void (*write)(void *owner, unsigned cpu, uint64_t offset, unsigned size, uint64_t value);
};

struct bus_region {
	uint64_t base;
	uint64_t size;
	const struct mmio_ops *ops;
	void *owner;
	const char *name; /* for traces; outlives the bus */
};

#define BUS_REGIONS_MAX 128

struct bus {
	struct bus_region regions[BUS_REGIONS_MAX]; /* sorted by base, disjoint */
	unsigned count;
};

/* Place a region. ERROR_INTERNAL when it overlaps another one, wraps or is empty. */
int bus_add(struct bus *bus, const struct bus_region *region, struct error *err);

/* The region that holds all of [addr, addr + size), or NULL. */
const struct bus_region *bus_find(const struct bus *bus, uint64_t addr, unsigned size);

/*
 * Make the access. False when no device answers, when it is not naturally aligned or when size is
 * not 1, 2, 4 or 8: the CPU then takes a synchronous external abort.
 */
bool bus_read(const struct bus *bus, unsigned cpu, uint64_t addr, unsigned size, uint64_t *value);
bool bus_write(const struct bus *bus, unsigned cpu, uint64_t addr, unsigned size, uint64_t value);

#endif
