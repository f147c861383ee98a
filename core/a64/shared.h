/*
 * What the software vCPUs of one VM have in common: the global exclusive monitor, and who has
 * decoded which page of RAM.
 */
#ifndef GOD_CORE_A64_SHARED_H
#define GOD_CORE_A64_SHARED_H

#include <stdbool.h>
#include <stdint.h>

struct vm;

#define A64_MONITOR_LINES 1024

struct a64_shared {
	struct vm *vm;
	/*
	 * How many exclusive reservations are open, when the VM has more than one vCPU (with one,
	 * nobody else's store could clear a reservation, and it stays 0). A store looks at this
	 * alone unless it is not 0.
	 */
	_Atomic uint32_t monitors_armed;
	/* By hash of the physical address: how many reservations, and a version that each store to
	 * a reserved line advances. */
	struct {
		_Atomic uint32_t armed;
		_Atomic uint32_t version;
	} lines[A64_MONITOR_LINES];
	/* For each page of RAM: bit n set when vCPU n has decoded code of it. */
	_Atomic uint16_t *code_owners;
	uint64_t pages;
};

static inline bool a64_monitors_armed(struct a64_shared *shared)
{
	return __atomic_load_n((uint32_t *)&shared->monitors_armed, __ATOMIC_RELAXED) != 0;
}

#endif
