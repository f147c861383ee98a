/*
 * Interrupt lines: the trace point, and the indirection that hides which controller is behind.
 */
#include "core/irq.h"

#include "core/trace.h"

void irq_line_set(const struct irq_line *line, bool level)
{
	const struct irq_chip *chip = line->chip;

	if (chip->trace && trace_on(chip->trace, TRACE_IRQ)) {
		if (line->intid < IRQ_SPI_BASE)
			trace_print(chip->trace, TRACE_IRQ, "vcpu%u intid %u level %d", line->cpu,
				    line->intid, level);
		else
			trace_print(chip->trace, TRACE_IRQ, "intid %u level %d", line->intid,
				    level);
	}
	if (chip->set_level)
		chip->set_level(chip->owner, line->cpu, line->intid, level);
}
