/*
 * Interrupt lines. A device raises and lowers a line and never learns whether an emulated GIC or
 * the kernel's vGIC is behind it.
 */
#ifndef GOD_CORE_IRQ_H
#define GOD_CORE_IRQ_H

#include <stdbool.h>

struct trace;

/* INTID ranges, GICv3 specification (IHI 0069), 2.2. */
#define IRQ_SGI_BASE 0
#define IRQ_PPI_BASE 16
#define IRQ_SPI_BASE 32

/*
 * What an interrupt controller offers. `cpu` matters only for intid < IRQ_SPI_BASE. All zero: there
 * is no controller, and lines lead nowhere.
 */
struct irq_chip {
	void (*set_level)(void *owner, unsigned cpu, unsigned intid, bool level);
	void *owner;
	struct trace *trace; /* may be NULL */
};

/*
 * One wire from a device to the controller. `intid` is absolute (SPI 1 is 33). The line belongs to
 * the device, but not to its saved state: the controller keeps the level.
 */
struct irq_line {
	const struct irq_chip *chip;
	unsigned cpu;
	unsigned intid;
};

/*
 * Drive the line to `level`; repeating a level is harmless. Any thread, any device lock held: the
 * controller takes only its own lock and never calls back into the device.
 */
void irq_line_set(const struct irq_line *line, bool level);

#endif
