/*
 * What a device is to the VM. A device owns MMIO regions (it adds them to vm->bus), or system
 * registers (it adds them to vm->sysregs), or both; it holds its interrupt lines; it writes its own
 * device-tree node. Its guest-visible state is one plain struct without host pointers, because it
 * will be saved, restored and compared.
 */
#ifndef GOD_CORE_DEVICE_H
#define GOD_CORE_DEVICE_H

#include <stddef.h>

#include "core/error.h"

struct device;
struct vm;

struct device_ops {
	const char *name;
	/* Bring the state to what the hardware's reset gives. No vCPU runs meanwhile. */
	void (*reset)(struct device *device);
	/*
	 * Write the device's node(s) with libfdt's sequential-write calls, as children of the root;
	 * use the helpers of core/boot/devicetree.h. 0, or a libfdt error. NULL: nothing to say.
	 */
	int (*describe)(struct device *device, void *fdt);
	/* Free everything. No vCPU and no timer of the device runs any more. */
	void (*destroy)(struct device *device);
	/*
	 * A vCPU powered itself off: bring what belongs to that vCPU alone and loses power with it
	 * (CPU interface, timers) to its reset state, in which the next power-on finds it. On the
	 * vCPU's thread, while others run. NULL: there is nothing.
	 */
	void (*reset_cpu)(struct device *device, unsigned cpu);
};

/* The first member of each device's own struct. */
struct device {
	const struct device_ops *ops;
	struct vm *vm;
	void *state; /* the plain struct, inside the device's own */
	size_t state_size;
	struct device *next; /* vm->devices, in order of creation */
};

#endif
