/*
 * The rig for tests of the GICv3.
 */
#include "devices/tests/gic_rig.h"

#include <criterion/criterion.h>

#include "devices/gicv3.h"

#define FRAME	 0x20000ULL
#define SGI_BASE 0x10000ULL

void rig_create_reset(struct gic_rig *rig, unsigned cpus)
{
	const struct gic_layout layout = {
		.version = 3,
		.distributor = GICD,
		.redistributors = GICR,
		.spis = SPIS,
	};
	struct error err = {0};

	rig->vm = machine_create(cpus, false);
	cr_assert_not_null(gicv3_create(rig->vm, &layout, &err), "%s", err.text);
}

void rig_open(struct gic_rig *rig)
{
	gicd_write(rig, GICD_CTLR, 3);
	for (unsigned cpu = 0; cpu < rig->vm->cpus; cpu++) {
		gicr_write(rig, cpu, GICR_WAKER, 0);
		rig_msr(rig, cpu, "icc_pmr_el1", 0xff);
		rig_msr(rig, cpu, "icc_igrpen0_el1", 1);
		rig_msr(rig, cpu, "icc_igrpen1_el1", 1);
	}
}

void rig_create(struct gic_rig *rig, unsigned cpus)
{
	rig_create_reset(rig, cpus);
	rig_open(rig);
}

void rig_destroy(struct gic_rig *rig)
{
	vm_destroy(rig->vm);
}

uint64_t rig_mrs(struct gic_rig *rig, unsigned cpu, const char *name)
{
	return machine_mrs(rig->vm, cpu, name);
}

void rig_msr(struct gic_rig *rig, unsigned cpu, const char *name, uint64_t value)
{
	machine_msr(rig->vm, cpu, name, value);
}

uint32_t gicd_read(struct gic_rig *rig, uint64_t offset)
{
	return machine_read(rig->vm, 0, GICD + offset, 4);
}

void gicd_write(struct gic_rig *rig, uint64_t offset, uint32_t value)
{
	machine_write(rig->vm, 0, GICD + offset, 4, value);
}

uint32_t gicr_read(struct gic_rig *rig, unsigned cpu, uint64_t offset)
{
	return machine_read(rig->vm, cpu, GICR + cpu * FRAME + offset, 4);
}

void gicr_write(struct gic_rig *rig, unsigned cpu, uint64_t offset, uint32_t value)
{
	machine_write(rig->vm, cpu, GICR + cpu * FRAME + offset, 4, value);
}

/* Where the fields of an interrupt are. */
static uint64_t base_of(unsigned cpu, unsigned intid)
{
	return intid < 32 ? GICR + cpu * FRAME + SGI_BASE : GICD;
}

bool bit_read(struct gic_rig *rig, unsigned cpu, unsigned intid, unsigned reg)
{
	uint64_t addr = base_of(cpu, intid) + reg + intid / 32 * 4;

	return machine_read(rig->vm, cpu, addr, 4) >> intid % 32 & 1;
}

void bit_write(struct gic_rig *rig, unsigned cpu, unsigned intid, unsigned reg)
{
	uint64_t addr = base_of(cpu, intid) + reg + intid / 32 * 4;

	machine_write(rig->vm, cpu, addr, 4, 1u << intid % 32);
}

void group_set(struct gic_rig *rig, unsigned cpu, unsigned intid, unsigned group)
{
	uint64_t addr = base_of(cpu, intid) + IGROUPR + intid / 32 * 4;
	uint32_t bit = 1u << intid % 32, others = machine_read(rig->vm, cpu, addr, 4) & ~bit;

	machine_write(rig->vm, cpu, addr, 4, others | (group ? bit : 0));
}

uint8_t priority_get(struct gic_rig *rig, unsigned cpu, unsigned intid)
{
	return machine_read(rig->vm, cpu, base_of(cpu, intid) + IPRIORITYR + intid, 1);
}

void priority_set(struct gic_rig *rig, unsigned cpu, unsigned intid, uint8_t priority)
{
	machine_write(rig->vm, cpu, base_of(cpu, intid) + IPRIORITYR + intid, 1, priority);
}

void edge_set(struct gic_rig *rig, unsigned intid, bool edge)
{
	uint64_t offset = ICFGR + intid / 16 * 4;
	uint32_t bit = 2u << intid % 16 * 2, others = gicd_read(rig, offset) & ~bit;

	gicd_write(rig, offset, others | (edge ? bit : 0));
}

void route_set(struct gic_rig *rig, unsigned intid, uint64_t router)
{
	machine_write(rig->vm, 0, GICD + GICD_IROUTER + 8ULL * intid, 8, router);
}

void interrupt_set(struct gic_rig *rig, unsigned cpu, unsigned intid, unsigned group,
		   uint8_t priority)
{
	group_set(rig, cpu, intid, group);
	priority_set(rig, cpu, intid, priority);
	bit_write(rig, cpu, intid, ISENABLER);
}

void wire(struct gic_rig *rig, unsigned cpu, unsigned intid, bool level)
{
	const struct irq_line line = {.chip = &rig->vm->irq_chip, .cpu = cpu, .intid = intid};

	irq_line_set(&line, level);
}

bool irq(struct gic_rig *rig, unsigned cpu)
{
	return rig->vm->vcpus[cpu].inputs & VCPU_IRQ;
}

bool fiq(struct gic_rig *rig, unsigned cpu)
{
	return rig->vm->vcpus[cpu].inputs & VCPU_FIQ;
}

unsigned acknowledge(struct gic_rig *rig, unsigned cpu)
{
	return rig_mrs(rig, cpu, "icc_iar1_el1");
}

void end(struct gic_rig *rig, unsigned cpu, unsigned intid)
{
	rig_msr(rig, cpu, "icc_eoir1_el1", intid);
}
