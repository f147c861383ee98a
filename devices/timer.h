/*
 * The generic timer (Arm DDI 0487, D11) as EL1 and EL0 see it: the physical and the virtual
 * counter, and for each vCPU the EL1 physical timer (PPI, INTID 30) and the virtual timer
 * (INTID 27). For engines whose host does not provide one.
 */
#ifndef GOD_DEVICES_TIMER_H
#define GOD_DEVICES_TIMER_H

#include "core/error.h"

struct vm;

/*
 * Create the timers of all vCPUs: CNT*_EL0 and CNTKCTL_EL1 in the system-register table, lines to
 * vm->irq_chip, which is there already. The VM owns the device from here on, also on failure
 * (ERROR_INTERNAL, ERROR_NO_MEMORY).
 */
int generic_timer_create(struct vm *vm, struct error *err);

/* Write the device-tree node of the generic timer, whoever provides it. 0, or a libfdt error. */
int generic_timer_describe_node(void *fdt);

#endif
