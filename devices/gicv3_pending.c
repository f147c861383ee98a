/*
 * GICv3: which interrupt goes to which vCPU, and when (IHI 0069, chapter 4).
 *
 * An interrupt is offered to a vCPU's CPU interface while it is pending, enabled, not active, its
 * group is enabled in the Distributor and in that CPU interface, and it is private to the vCPU or
 * routed to it. Of those, the one with the highest priority (smallest number; then smallest
 * INTID) is the vCPU's best. It is signalled, by FIQ for Group 0 and by IRQ for Group 1, when
 * its priority is above the mask (ICC_PMR_EL1) and its group priority is above the running
 * priority. Until it is acknowledged, a better one may take its place, and it may go away.
 *
 * A 1-of-N SPI goes to one participating vCPU at a time: the first that would be interrupted by it
 * at once, else the first. That depends on the state of all vCPUs, so that while such an interrupt
 * waits, each change updates them all. (Linux does not use 1-of-N.)
 */
#include "core/vm.h"
#include "devices/gicv3_state.h"

/* Does 1-of-N selection consider this vCPU (IHI 0069, 3.3)? */
static bool cpu_participates(const struct gicv3_cpu *cpu, unsigned group)
{
	uint32_t keep_away = group == GIC_GROUP0 ? GICR_CTLR_DPG0 : GICR_CTLR_DPG1NS;

	return !(cpu->waker & GICR_WAKER_PROCESSOR_SLEEP) && cpu->interface.group_enabled[group] &&
	       !(cpu->ctlr & keep_away);
}

static const struct gicv3_cpu *one_of_n_target(const struct gicv3_state *state,
					       struct gic_pending pending)
{
	const struct gicv3_cpu *first = NULL;

	for (unsigned i = 0; i < state->cpus; i++) {
		const struct gicv3_cpu *cpu = &state->cpu[i];

		if (!cpu_participates(cpu, pending.group))
			continue;
		if (gic_would_take(&cpu->interface, pending))
			return cpu;
		if (!first)
			first = cpu;
	}
	return first;
}

static uint32_t one_of_n_for(const struct gicv3_state *state, const struct gicv3_cpu *cpu,
			     const struct gic_bank *bank, unsigned number, uint32_t wanting)
{
	uint32_t mine = 0;

	for (; wanting; wanting &= wanting - 1) {
		unsigned bit = __builtin_ctz(wanting);

		if (one_of_n_target(state, gic_bank_interrupt(bank, number, bit)) == cpu)
			mine |= 1u << bit;
	}
	return mine;
}

static struct gic_pending cpu_best(const struct gicv3 *gic, const struct gicv3_cpu *cpu)
{
	const struct gicv3_state *state = &gic->state;
	struct gic_pending best = {GIC_SPURIOUS, GIC_PRIORITY_IDLE, GIC_GROUP1};
	uint32_t ctlr = state->ctlr & gic_interface_groups(&cpu->interface);

	if (cpu->waker & GICR_WAKER_PROCESSOR_SLEEP || !ctlr)
		return best;
	gic_bank_best(&best, &cpu->bank, 0, gic_bank_wanting(&cpu->bank, ctlr));
	for (unsigned i = 1; i < state->banks; i++) {
		const struct gic_bank *bank = &state->shared[i - 1];
		uint32_t wanting = gic_bank_wanting(bank, ctlr);
		uint32_t here = wanting & cpu->routed[i];

		if (wanting & state->one_of_n[i])
			here |= one_of_n_for(state, cpu, bank, i, wanting & state->one_of_n[i]);
		gic_bank_best(&best, bank, i, here);
	}
	if (ctlr & 1u << GIC_GROUP1)
		gicv3_lpi_best(&best, gic, cpu);
	return best;
}

/* Find the vCPU's best interrupt and drive its inputs. */
static void cpu_refresh(struct gicv3 *gic, unsigned index)
{
	struct gicv3_cpu *cpu = &gic->state.cpu[index];
	struct gic_interface *interface = &cpu->interface;
	uint32_t outputs = 0;

	interface->best = cpu_best(gic, cpu);
	if (gic_is_signalled(interface))
		outputs = interface->best.group == GIC_GROUP0 ? VCPU_FIQ : VCPU_IRQ;
	gic_interface_drive(interface, &gic->device.vm->vcpus[index], outputs);
}

void gicv3_update_all(struct gicv3 *gic)
{
	for (unsigned i = 0; i < gic->state.cpus; i++)
		cpu_refresh(gic, i);
}

static bool one_of_n_waits(const struct gicv3_state *state)
{
	for (unsigned i = 1; i < state->banks; i++) {
		if (state->one_of_n[i] &&
		    gic_bank_wanting(&state->shared[i - 1], state->ctlr) & state->one_of_n[i])
			return true;
	}
	return false;
}

void gicv3_update_cpu(struct gicv3 *gic, unsigned cpu)
{
	if (one_of_n_waits(&gic->state))
		gicv3_update_all(gic);
	else
		cpu_refresh(gic, cpu);
}

void gicv3_update_intid(struct gicv3 *gic, unsigned cpu, unsigned intid)
{
	uint32_t bit = 1u << intid % 32;

	if (intid < IRQ_SPI_BASE) {
		gicv3_update_cpu(gic, cpu);
		return;
	}
	if (gic->state.one_of_n[intid / 32] & bit) {
		gicv3_update_all(gic);
		return;
	}
	for (unsigned i = 0; i < gic->state.cpus; i++) {
		if (gic->state.cpu[i].routed[intid / 32] & bit)
			gicv3_update_cpu(gic, i);
	}
}

void gicv3_route(struct gicv3 *gic, unsigned intid, uint64_t router)
{
	struct gicv3_state *state = &gic->state;
	uint32_t bit = 1u << intid % 32;
	uint64_t affinity = router & 0xff00ffffffULL;
	bool one_of_n = router & GICD_IROUTER_IRM;

	/* Interrupt_Routing_Mode, Aff3, Aff2, Aff1, Aff0; the rest is RES0. */
	state->router[intid - IRQ_SPI_BASE] = affinity | (router & GICD_IROUTER_IRM);
	state->one_of_n[intid / 32] &= ~bit;
	if (one_of_n)
		state->one_of_n[intid / 32] |= bit;
	for (unsigned i = 0; i < state->cpus; i++) {
		struct gicv3_cpu *cpu = &state->cpu[i];

		cpu->routed[intid / 32] &= ~bit;
		if (!one_of_n && cpu->affinity == affinity)
			cpu->routed[intid / 32] |= bit;
	}
}

void gicv3_set_level(void *owner, unsigned cpu, unsigned intid, bool level)
{
	struct gicv3 *gic = owner;

	if (intid >= gicv3_intids(gic) || cpu >= gic->state.cpus)
		return;
	pthread_mutex_lock(&gic->lock);
	if (gic_bank_set_line(gicv3_bank_of(gic, cpu, intid), intid, level))
		gicv3_update_intid(gic, cpu, intid);
	pthread_mutex_unlock(&gic->lock);
}
