/*
 * GICv2: the CPU interface's registers (IHI 0048, 4.4), the accessing vCPU's own.
 *
 * Reading GICC_IAR acknowledges the vCPU's best interrupt if it is signalled: it becomes active and
 * its group priority the running priority. Writing what was read to GICC_EOIR drops the running
 * priority and, with GICC_CTLR.EOImode 0, deactivates the interrupt; with EOImode 1 that is left to
 * GICC_DIR. GICC_IAR is for Group 0: a Group 1 interrupt reads as 1022 there, and is for GICC_AIAR and
 * GICC_AEOIR, unless GICC_CTLR.AckCtl lets GICC_IAR and GICC_EOIR do both.
 *
 * What is read for an SGI has its sender in bits [12:10]; an SGI that several sent is taken once
 * for each, the lowest CPU number first.
 */
#include "core/bus.h"
#include "core/vm.h"
#include "devices/gicv2_state.h"

#define GICC_CTLR   0x0000
#define GICC_PMR    0x0004
#define GICC_BPR    0x0008
#define GICC_IAR    0x000c
#define GICC_EOIR   0x0010
#define GICC_RPR    0x0014
#define GICC_HPPIR  0x0018
#define GICC_ABPR   0x001c
#define GICC_AIAR   0x0020
#define GICC_AEOIR  0x0024
#define GICC_AHPPIR 0x0028
#define GICC_APR0   0x00d0
#define GICC_NSAPR0 0x00e0
#define GICC_IIDR   0x00fc
#define GICC_DIR    0x1000

/* What GICC_IAR and GICC_HPPIR read for an interrupt of Group 1, which is not theirs. */
#define GROUP1_SPURIOUS 1022

#define INTID(value) ((value) & 0x3ff)
#define SOURCE_SHIFT 10

/* --- Acknowledge, priority drop, deactivation --- */

/* May the register with or without an A in its name deal with an interrupt of that group? */
static bool view_has(const struct gicv2_cpu *cpu, bool alias, unsigned group)
{
	if (alias)
		return group == GIC_GROUP1;
	return group == GIC_GROUP0 || cpu->ctlr & GICC_CTLR_ACKCTL;
}

/* An interrupt with an SGI's sender, as a register shows it. */
static uint32_t intid_with_source(const struct gicv2_cpu *cpu, unsigned intid)
{
	if (intid >= GICV2_SGIS || !cpu->sources[intid])
		return intid;
	return intid | __builtin_ctz(cpu->sources[intid]) << SOURCE_SHIFT;
}

/* What a register shows of the best pending interrupt. */
static uint32_t view_of_best(const struct gicv2_cpu *cpu, bool alias)
{
	struct gic_pending best = cpu->interface.best;

	if (best.intid == GIC_SPURIOUS)
		return GIC_SPURIOUS;
	if (view_has(cpu, alias, best.group))
		return intid_with_source(cpu, best.intid);
	return alias ? GIC_SPURIOUS : GROUP1_SPURIOUS;
}

static uint32_t acknowledge(struct gicv2 *gic, unsigned index, bool alias)
{
	struct gicv2_cpu *cpu = &gic->state.cpu[index];
	struct gic_pending taken = cpu->interface.best;
	struct gic_bank *bank;
	uint32_t value;

	if (!gic_is_signalled(&cpu->interface))
		return GIC_SPURIOUS;
	value = view_of_best(cpu, alias);
	if (!view_has(cpu, alias, taken.group))
		return value;
	bank = gicv2_bank_of(gic, index, taken.intid);
	bank->active |= 1u << taken.intid % 32;
	if (taken.intid < GICV2_SGIS)
		gicv2_sgi_clear(cpu, taken.intid, 1u << (value >> SOURCE_SHIFT));
	else
		bank->latch &= ~(1u << taken.intid % 32);
	gic_priority_raise(&cpu->interface, taken);
	/* Others may have been offered the same SPI. */
	gicv2_update_intid(gic, index, taken.intid);
	return value;
}

static void deactivate(struct gicv2 *gic, unsigned index, unsigned intid)
{
	gicv2_bank_of(gic, index, intid)->active &= ~(1u << intid % 32);
	gicv2_update_intid(gic, index, intid);
}

/*
 * Software writes what it read, in reverse order. The effect of anything else is UNPREDICTABLE:
 * here, an end of interrupt for a group that is not the running one is ignored.
 */
static void eoir_write(struct gicv2 *gic, unsigned index, bool alias, uint32_t value)
{
	struct gicv2_cpu *cpu = &gic->state.cpu[index];
	unsigned group = gic_running_group(&cpu->interface);

	if (INTID(value) >= gicv2_intids(gic) || group == GIC_GROUPS ||
	    !view_has(cpu, alias, group))
		return;
	gic_priority_drop(&cpu->interface, group);
	if (!cpu->interface.eoimode)
		deactivate(gic, index, INTID(value));
	gicv2_update_cpu(gic, index);
}

static void dir_write(struct gicv2 *gic, unsigned index, uint32_t value)
{
	/* With EOImode 0 UNPREDICTABLE: ignored. */
	if (INTID(value) < gicv2_intids(gic) && gic->state.cpu[index].interface.eoimode)
		deactivate(gic, index, INTID(value));
}

/* --- Control --- */

/* GICC_CTLR's bypass bits are about legacy inputs, which there are none of. */
static uint32_t ctlr_read(const struct gicv2_cpu *cpu)
{
	const struct gic_interface *interface = &cpu->interface;

	return cpu->ctlr | (interface->group_enabled[GIC_GROUP0] ? GICC_CTLR_ENABLE_GRP0 : 0) |
	       (interface->group_enabled[GIC_GROUP1] ? GICC_CTLR_ENABLE_GRP1 : 0) |
	       (interface->cbpr ? GICC_CTLR_CBPR : 0) |
	       (interface->eoimode ? GICC_CTLR_EOIMODE : 0);
}

static void ctlr_write(struct gicv2_cpu *cpu, uint32_t value)
{
	cpu->ctlr = value & (GICC_CTLR_ACKCTL | GICC_CTLR_FIQEN);
	cpu->interface.cbpr = !!(value & GICC_CTLR_CBPR);
	cpu->interface.eoimode = !!(value & GICC_CTLR_EOIMODE);
	cpu->interface.group_enabled[GIC_GROUP0] = !!(value & GICC_CTLR_ENABLE_GRP0);
	cpu->interface.group_enabled[GIC_GROUP1] = !!(value & GICC_CTLR_ENABLE_GRP1);
}

static uint32_t register_read(struct gicv2 *gic, unsigned index, uint64_t offset)
{
	const struct gicv2_cpu *cpu = &gic->state.cpu[index];

	switch (offset) {
	case GICC_CTLR: return ctlr_read(cpu);
	case GICC_PMR: return cpu->interface.pmr;
	case GICC_BPR: return cpu->interface.bpr[GIC_GROUP0];
	case GICC_ABPR: return cpu->interface.bpr[GIC_GROUP1];
	case GICC_IAR: return acknowledge(gic, index, false);
	case GICC_AIAR: return acknowledge(gic, index, true);
	case GICC_RPR: return gic_running_priority(&cpu->interface);
	case GICC_HPPIR: return view_of_best(cpu, false);
	case GICC_AHPPIR: return view_of_best(cpu, true);
	case GICC_APR0: return cpu->interface.active_priorities[GIC_GROUP0];
	case GICC_NSAPR0: return cpu->interface.active_priorities[GIC_GROUP1];
	case GICC_IIDR: return GICV2_GICC_IIDR;
	default: return 0;
	}
}

static void register_write(struct gicv2 *gic, unsigned index, uint64_t offset, uint32_t value)
{
	struct gicv2_cpu *cpu = &gic->state.cpu[index];
	struct gic_interface *interface = &cpu->interface;

	switch (offset) {
	case GICC_CTLR: ctlr_write(cpu, value); break;
	case GICC_PMR: interface->pmr = value & GIC_PRIORITY_MASK; break;
	case GICC_BPR: gic_interface_set_bpr(interface, GIC_GROUP0, value); break;
	case GICC_ABPR: gic_interface_set_bpr(interface, GIC_GROUP1, value); break;
	case GICC_EOIR: eoir_write(gic, index, false, value); return;
	case GICC_AEOIR: eoir_write(gic, index, true, value); return;
	case GICC_APR0: interface->active_priorities[GIC_GROUP0] = value; break;
	case GICC_NSAPR0: interface->active_priorities[GIC_GROUP1] = value; break;
	case GICC_DIR: dir_write(gic, index, value); return;
	default: return;
	}
	gicv2_update_cpu(gic, index);
}

/* --- The frame --- */

static void trace_access(const struct gicv2 *gic, unsigned cpu, uint64_t offset, uint32_t value)
{
	struct trace *trace = &gic->device.vm->trace;

	if (!trace_on(trace, TRACE_IRQ))
		return;
	if (offset == GICC_IAR || offset == GICC_AIAR)
		trace_print(trace, TRACE_IRQ, "cpu %u acknowledges %u", cpu, INTID(value));
	else if (offset == GICC_EOIR || offset == GICC_AEOIR)
		trace_print(trace, TRACE_IRQ, "cpu %u ends %u", cpu, INTID(value));
}

static uint64_t gicc_read(void *owner, unsigned cpu, uint64_t offset, unsigned size)
{
	struct gicv2 *gic = owner;
	uint32_t value;

	if (size != 4)
		return 0;
	pthread_mutex_lock(&gic->lock);
	value = register_read(gic, cpu, offset);
	pthread_mutex_unlock(&gic->lock);
	trace_access(gic, cpu, offset, value);
	return value;
}

static void gicc_write(void *owner, unsigned cpu, uint64_t offset, unsigned size, uint64_t value)
{
	struct gicv2 *gic = owner;

	if (size != 4)
		return;
	pthread_mutex_lock(&gic->lock);
	register_write(gic, cpu, offset, value);
	pthread_mutex_unlock(&gic->lock);
	trace_access(gic, cpu, offset, value);
}

static const struct mmio_ops gicc_ops = {gicc_read, gicc_write};

int gicv2_cpu_interface_add(struct gicv2 *gic, struct error *err)
{
	struct bus_region region = {
		.base = gic->layout.cpu_interface,
		.size = GICV2_FRAME,
		.ops = &gicc_ops,
		.owner = gic,
		.name = "gicc",
	};

	return bus_add(&gic->device.vm->bus, &region, err);
}
