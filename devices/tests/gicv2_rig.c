/*
 * The rig for tests of the GICv2.
 */
#include "devices/tests/gicv2_rig.h"

#include <criterion/criterion.h>

#include "devices/gicv2.h"

void v2_create_reset(struct gicv2_rig *rig, unsigned cpus)
{
	const struct gic_layout layout = {
		.version = 2,
		.distributor = GICD,
		.cpu_interface = GICC,
		.spis = SPIS,
	};
	struct error err = {0};

	rig->vm = machine_create(cpus, false);
	cr_assert_eq(gicv2_create(rig->vm, &layout, &err), 0, "%s", err.text);
}

void v2_open(struct gicv2_rig *rig)
{
	v2_gicd_write(rig, 0, GICD_CTLR, GROUPS);
	for (unsigned cpu = 0; cpu < rig->vm->cpus; cpu++) {
		v2_gicc_write(rig, cpu, GICC_CTLR, GROUPS);
		v2_gicc_write(rig, cpu, GICC_PMR, 0xff);
	}
}

void v2_create(struct gicv2_rig *rig, unsigned cpus)
{
	v2_create_reset(rig, cpus);
	v2_open(rig);
}

void v2_destroy(struct gicv2_rig *rig)
{
	vm_destroy(rig->vm);
}

uint32_t v2_gicd(struct gicv2_rig *rig, unsigned cpu, uint64_t offset)
{
	return machine_read(rig->vm, cpu, GICD + offset, 4);
}

void v2_gicd_write(struct gicv2_rig *rig, unsigned cpu, uint64_t offset, uint32_t value)
{
	machine_write(rig->vm, cpu, GICD + offset, 4, value);
}

uint32_t v2_gicc(struct gicv2_rig *rig, unsigned cpu, uint64_t offset)
{
	return machine_read(rig->vm, cpu, GICC + offset, 4);
}

void v2_gicc_write(struct gicv2_rig *rig, unsigned cpu, uint64_t offset, uint32_t value)
{
	machine_write(rig->vm, cpu, GICC + offset, 4, value);
}

bool v2_bit(struct gicv2_rig *rig, unsigned cpu, unsigned intid, unsigned reg)
{
	return v2_gicd(rig, cpu, reg + intid / 32 * 4) >> intid % 32 & 1;
}

void v2_bit_write(struct gicv2_rig *rig, unsigned cpu, unsigned intid, unsigned reg)
{
	v2_gicd_write(rig, cpu, reg + intid / 32 * 4, 1u << intid % 32);
}

uint8_t v2_byte(struct gicv2_rig *rig, unsigned cpu, unsigned intid, unsigned reg)
{
	return machine_read(rig->vm, cpu, GICD + reg + intid, 1);
}

void v2_byte_write(struct gicv2_rig *rig, unsigned cpu, unsigned intid, unsigned reg, uint8_t value)
{
	machine_write(rig->vm, cpu, GICD + reg + intid, 1, value);
}

void v2_group(struct gicv2_rig *rig, unsigned cpu, unsigned intid, unsigned group)
{
	uint64_t offset = IGROUPR + intid / 32 * 4;
	uint32_t bit = 1u << intid % 32, others = v2_gicd(rig, cpu, offset) & ~bit;

	v2_gicd_write(rig, cpu, offset, others | (group ? bit : 0));
}

void v2_edge(struct gicv2_rig *rig, unsigned intid, bool edge)
{
	uint64_t offset = ICFGR + intid / 16 * 4;
	uint32_t bit = 2u << intid % 16 * 2, others = v2_gicd(rig, 0, offset) & ~bit;

	v2_gicd_write(rig, 0, offset, others | (edge ? bit : 0));
}

void v2_interrupt(struct gicv2_rig *rig, unsigned cpu, unsigned intid, unsigned group,
		  uint8_t priority)
{
	v2_group(rig, cpu, intid, group);
	v2_byte_write(rig, cpu, intid, IPRIORITYR, priority);
	v2_byte_write(rig, cpu, intid, GICD_ITARGETSR, 1u << cpu);
	v2_bit_write(rig, cpu, intid, ISENABLER);
}

void v2_sgi(struct gicv2_rig *rig, unsigned sender, unsigned sgi, unsigned targets)
{
	v2_gicd_write(rig, sender, GICD_SGIR, targets << 16 | sgi);
}

void v2_wire(struct gicv2_rig *rig, unsigned cpu, unsigned intid, bool level)
{
	const struct irq_line line = {.chip = &rig->vm->irq_chip, .cpu = cpu, .intid = intid};

	irq_line_set(&line, level);
}

bool v2_irq(struct gicv2_rig *rig, unsigned cpu)
{
	return rig->vm->vcpus[cpu].inputs & VCPU_IRQ;
}

bool v2_fiq(struct gicv2_rig *rig, unsigned cpu)
{
	return rig->vm->vcpus[cpu].inputs & VCPU_FIQ;
}
