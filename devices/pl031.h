/*
 * PL031 real-time clock (Arm DDI 0224): seconds since 1970 and one alarm.
 */
#ifndef GOD_DEVICES_PL031_H
#define GOD_DEVICES_PL031_H

#include <stdint.h>

#include "core/error.h"

struct vm;

/* Create the device, place it on the bus and add it to the VM, which owns it. 0 or -1. */
int pl031_create(struct vm *vm, uint64_t base, unsigned intid, struct error *err);

#endif
