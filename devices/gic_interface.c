/*
 * Priorities at a CPU interface.
 *
 * Each group priority that is active has a bit in an active priorities register, the most urgent
 * one lowest. Acknowledging sets a bit, the end of an interrupt clears the lowest: a stack of
 * preempted priorities without a stack.
 */
#include "devices/gic_interface.h"

#include "core/vcpu.h"

void gic_interface_reset(struct gic_interface *interface)
{
	*interface = (struct gic_interface){
		.bpr = {GIC_BPR0_MIN, GIC_BPR1_MIN},
		.best = interface->best,
		.outputs = interface->outputs,
	};
}

void gic_interface_set_bpr(struct gic_interface *interface, unsigned group, uint64_t value)
{
	const uint8_t smallest = group == GIC_GROUP0 ? GIC_BPR0_MIN : GIC_BPR1_MIN;

	value &= 7;
	interface->bpr[group] = value < smallest ? smallest : value;
}

uint8_t gic_running_priority(const struct gic_interface *interface)
{
	uint32_t active =
		interface->active_priorities[GIC_GROUP0] | interface->active_priorities[GIC_GROUP1];

	return active ? __builtin_ctz(active) << GIC_PRIORITY_SHIFT : GIC_PRIORITY_IDLE;
}

unsigned gic_running_group(const struct gic_interface *interface)
{
	uint32_t group0 = interface->active_priorities[GIC_GROUP0];
	uint32_t group1 = interface->active_priorities[GIC_GROUP1];

	if (!group0 && !group1)
		return GIC_GROUPS;
	if (!group1 || (group0 && __builtin_ctz(group0) <= __builtin_ctz(group1)))
		return GIC_GROUP0;
	return GIC_GROUP1;
}

/*
 * IHI 0069, 4.8.2; IHI 0048, 3.3.3: with n in Group 0's register, bits [7:n+1] are the group
 * priority; with n in Group 1's, bits [7:n]. CBPR makes the former count for both groups.
 */
uint8_t gic_group_priority(const struct gic_interface *interface, unsigned group, uint8_t priority)
{
	unsigned point = interface->bpr[GIC_GROUP0] + 1;

	if (group == GIC_GROUP1 && !interface->cbpr)
		point = interface->bpr[GIC_GROUP1];
	return priority & (0xffu << point);
}

bool gic_would_take(const struct gic_interface *interface, struct gic_pending pending)
{
	return pending.priority < interface->pmr &&
	       gic_group_priority(interface, pending.group, pending.priority) <
		       gic_running_priority(interface);
}

bool gic_is_signalled(const struct gic_interface *interface)
{
	return interface->best.intid != GIC_SPURIOUS && gic_would_take(interface, interface->best);
}

void gic_priority_raise(struct gic_interface *interface, struct gic_pending taken)
{
	uint8_t priority = gic_group_priority(interface, taken.group, taken.priority);

	interface->active_priorities[taken.group] |= 1u << (priority >> GIC_PRIORITY_SHIFT);
}

void gic_priority_drop(struct gic_interface *interface, unsigned group)
{
	interface->active_priorities[group] &= interface->active_priorities[group] - 1;
}

void gic_interface_drive(struct gic_interface *interface, struct vcpu *vcpu, uint32_t outputs)
{
	uint32_t changed = outputs ^ interface->outputs;

	interface->outputs = outputs;
	if (changed & VCPU_IRQ)
		vcpu_set_input(vcpu, VCPU_IRQ, outputs & VCPU_IRQ);
	if (changed & VCPU_FIQ)
		vcpu_set_input(vcpu, VCPU_FIQ, outputs & VCPU_FIQ);
}
