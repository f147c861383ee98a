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
 * The best one is found by looking at the few bits that are left of each bank after ANDing, not at
 * each interrupt; and only for those vCPUs that a change can concern.
 *
 * A 1-of-N SPI goes to one participating vCPU at a time: the first that would be interrupted by it
 * at once, else the first. That depends on the state of all vCPUs, so that while such an interrupt
 * waits, each change updates them all. (Linux does not use 1-of-N.)
 */
#include "core/vm.h"
#include "devices/gicv3_state.h"

uint8_t gicv3_running_priority(const struct gicv3_cpu *cpu)
{
	uint32_t active =
		cpu->active_priorities[GICV3_GROUP0] | cpu->active_priorities[GICV3_GROUP1];

	return active ? __builtin_ctz(active) << GICV3_PRIORITY_SHIFT : GICV3_PRIORITY_IDLE;
}

/*
 * IHI 0069, 4.8.2: with ICC_BPR0_EL1 = n, bits [7:n+1] are the group priority; with
 * ICC_BPR1_EL1 = n, bits [7:n]. ICC_CTLR_EL1.CBPR makes the former count for both groups.
 */
uint8_t gicv3_group_priority(const struct gicv3_cpu *cpu, unsigned group, uint8_t priority)
{
	unsigned point = cpu->bpr[GICV3_GROUP0] + 1;

	if (group == GICV3_GROUP1 && !cpu->cbpr)
		point = cpu->bpr[GICV3_GROUP1];
	return priority & (0xffu << point);
}

static bool cpu_would_take(const struct gicv3_cpu *cpu, struct gicv3_pending pending)
{
	return pending.priority < cpu->pmr &&
	       gicv3_group_priority(cpu, pending.group, pending.priority) <
		       gicv3_running_priority(cpu);
}

bool gicv3_is_signalled(const struct gicv3_cpu *cpu)
{
	return cpu->best.intid != GICV3_SPURIOUS && cpu_would_take(cpu, cpu->best);
}

/* The interrupts of a bank that the Distributor would forward to somebody. */
static uint32_t bank_wanting(const struct gicv3_bank *bank, uint32_t ctlr)
{
	uint32_t pending = bank->latch | (bank->line & ~bank->edge);
	uint32_t groups = (ctlr & 1u << GICV3_GROUP0 ? ~bank->group : 0) |
			  (ctlr & 1u << GICV3_GROUP1 ? bank->group : 0);

	return pending & bank->enabled & ~bank->active & groups;
}

static struct gicv3_pending bank_interrupt(const struct gicv3_bank *bank, unsigned number,
					   unsigned bit)
{
	return (struct gicv3_pending){
		.intid = number * 32 + bit,
		.priority = bank->priority[bit],
		.group = bank->group >> bit & 1,
	};
}

static void best_of_bank(struct gicv3_pending *best, const struct gicv3_bank *bank, unsigned number,
			 uint32_t wanting)
{
	for (; wanting; wanting &= wanting - 1) {
		struct gicv3_pending p = bank_interrupt(bank, number, __builtin_ctz(wanting));

		if (p.priority < best->priority)
			*best = p;
	}
}

/* Does 1-of-N selection consider this vCPU (IHI 0069, 3.3)? */
static bool cpu_participates(const struct gicv3_cpu *cpu, unsigned group)
{
	uint32_t keep_away = group == GICV3_GROUP0 ? GICR_CTLR_DPG0 : GICR_CTLR_DPG1NS;

	return !(cpu->waker & GICR_WAKER_PROCESSOR_SLEEP) && cpu->group_enabled[group] &&
	       !(cpu->ctlr & keep_away);
}

static const struct gicv3_cpu *one_of_n_target(const struct gicv3_state *state,
					       struct gicv3_pending pending)
{
	const struct gicv3_cpu *first = NULL;

	for (unsigned i = 0; i < state->cpus; i++) {
		const struct gicv3_cpu *cpu = &state->cpu[i];

		if (!cpu_participates(cpu, pending.group))
			continue;
		if (cpu_would_take(cpu, pending))
			return cpu;
		if (!first)
			first = cpu;
	}
	return first;
}

static uint32_t one_of_n_for(const struct gicv3_state *state, const struct gicv3_cpu *cpu,
			     const struct gicv3_bank *bank, unsigned number, uint32_t wanting)
{
	uint32_t mine = 0;

	for (; wanting; wanting &= wanting - 1) {
		unsigned bit = __builtin_ctz(wanting);

		if (one_of_n_target(state, bank_interrupt(bank, number, bit)) == cpu)
			mine |= 1u << bit;
	}
	return mine;
}

static struct gicv3_pending cpu_best(const struct gicv3_state *state, const struct gicv3_cpu *cpu)
{
	struct gicv3_pending best = {GICV3_SPURIOUS, GICV3_PRIORITY_IDLE, GICV3_GROUP1};
	uint32_t ctlr = state->ctlr & (cpu->group_enabled[GICV3_GROUP0] << GICV3_GROUP0 |
				       cpu->group_enabled[GICV3_GROUP1] << GICV3_GROUP1);

	if (cpu->waker & GICR_WAKER_PROCESSOR_SLEEP || !ctlr)
		return best;
	best_of_bank(&best, &cpu->bank, 0, bank_wanting(&cpu->bank, ctlr));
	for (unsigned i = 1; i < state->banks; i++) {
		const struct gicv3_bank *bank = &state->shared[i - 1];
		uint32_t wanting = bank_wanting(bank, ctlr);
		uint32_t here = wanting & cpu->routed[i];

		if (wanting & state->one_of_n[i])
			here |= one_of_n_for(state, cpu, bank, i, wanting & state->one_of_n[i]);
		best_of_bank(&best, bank, i, here);
	}
	return best;
}

/* Find the vCPU's best interrupt and drive its inputs. */
static void cpu_refresh(struct gicv3 *gic, unsigned index)
{
	struct gicv3_cpu *cpu = &gic->state.cpu[index];
	struct vcpu *vcpu = &gic->device.vm->vcpus[index];
	uint32_t outputs = 0, changed;

	cpu->best = cpu_best(&gic->state, cpu);
	if (gicv3_is_signalled(cpu))
		outputs = cpu->best.group == GICV3_GROUP0 ? VCPU_FIQ : VCPU_IRQ;
	changed = outputs ^ cpu->outputs;
	cpu->outputs = outputs;
	if (changed & VCPU_IRQ)
		vcpu_set_input(vcpu, VCPU_IRQ, outputs & VCPU_IRQ);
	if (changed & VCPU_FIQ)
		vcpu_set_input(vcpu, VCPU_FIQ, outputs & VCPU_FIQ);
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
		    bank_wanting(&state->shared[i - 1], state->ctlr) & state->one_of_n[i])
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
	uint32_t bit = 1u << intid % 32;
	struct gicv3_bank *bank;

	if (intid >= gicv3_intids(gic) || cpu >= gic->state.cpus)
		return;
	pthread_mutex_lock(&gic->lock);
	bank = gicv3_bank_of(gic, cpu, intid);
	if (level != !!(bank->line & bit)) {
		bank->line ^= bit;
		if (level)
			bank->latch |= bank->edge & bit;
		gicv3_update_intid(gic, cpu, intid);
	}
	pthread_mutex_unlock(&gic->lock);
}
