/* See wires.h. */
#include "devices/tests/wires.h"

#include <criterion/criterion.h>

static void set_level(void *owner, unsigned cpu, unsigned intid, bool level)
{
	struct wires *wires = owner;

	(void)cpu;
	cr_assert_lt(intid, WIRES_MAX);
	if (!atomic_exchange(&wires->level[intid], level) && level)
		wires->edges[intid]++;
}

void wires_attach(struct wires *wires, struct vm *vm)
{
	vm->irq_chip = (struct irq_chip){.set_level = set_level, .owner = wires};
}
