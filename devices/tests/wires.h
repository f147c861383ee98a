/*
 * For tests of devices: an interrupt controller that only remembers the levels of the lines.
 */
#ifndef GOD_DEVICES_TESTS_WIRES_H
#define GOD_DEVICES_TESTS_WIRES_H

#include <stdbool.h>

#include "core/vm.h"

#define WIRES_MAX 256

struct wires {
	_Atomic bool level[WIRES_MAX]; /* by INTID */
};

/* Become the VM's interrupt controller. */
void wires_attach(struct wires *wires, struct vm *vm);

#endif
