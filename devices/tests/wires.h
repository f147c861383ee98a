/*
 * For tests of devices: an interrupt controller that only remembers what the lines did.
 */
#ifndef GOD_DEVICES_TESTS_WIRES_H
#define GOD_DEVICES_TESTS_WIRES_H

#include <stdatomic.h>
#include <stdbool.h>

#include "core/vm.h"

#define WIRES_MAX 256

struct wires {
	_Atomic bool level[WIRES_MAX]; /* by INTID */
	atomic_uint edges[WIRES_MAX];  /* how often it rose */
};

/* Become the VM's interrupt controller. */
void wires_attach(struct wires *wires, struct vm *vm);

#endif
