/*
 * GICv3: the CPU interface, by system registers (IHI 0069, 12.2).
 *
 * The life of an interrupt here. Reading ICC_IARn_EL1 acknowledges the vCPU's best interrupt if
 * it is signalled: it becomes active, and its group priority becomes the running priority, by a
 * bit set in ICC_APnR0_EL1 (with five priority bits there are 32 group priorities: one
 * register is enough). Writing ICC_EOIRn_EL1 drops the running priority: the most urgent bit is
 * cleared. With ICC_CTLR_EL1.EOImode 0 it deactivates the interrupt as well; with EOImode 1 that
 * is left to ICC_DIR_EL1, and until then the interrupt stays active and does not come again while
 * others may.
 *
 * ICC_SRE_EL1 is fixed at "system registers": there is no memory-mapped CPU interface. All are
 * UNDEFINED at EL0.
 */
#include "core/sysreg.h"
#include "core/vm.h"
#include "devices/gicv3_state.h"

/* ICC_CTLR_EL1 */
#define CTLR_CBPR    (1u << 0)
#define CTLR_EOIMODE (1u << 1)
#define CTLR_PRIBITS ((8u - GIC_PRIORITY_SHIFT - 1) << 8)
#define CTLR_A3V     (1u << 15)
#define CTLR_RSS     (1u << 18)

/* ICC_SRE_EL1: DIB, DFB, SRE. */
#define SRE_FIXED 7

/* ICC_SGI0R_EL1, ICC_SGI1R_EL1, ICC_ASGI1R_EL1 */
#define SGIR_TARGETS(value) ((value) & 0xffff)
#define SGIR_INTID(value)   ((value) >> 24 & 0xf)
#define SGIR_IRM	    (1ULL << 40)
#define SGIR_RS(value)	    ((value) >> 44 & 0xf)

static struct gic_interface *cpu_lock(struct gicv3 *gic, const struct vcpu *vcpu)
{
	pthread_mutex_lock(&gic->lock);
	return &gic->state.cpu[vcpu->index].interface;
}

static void cpu_unlock(struct gicv3 *gic)
{
	pthread_mutex_unlock(&gic->lock);
}

/* The end of a write to the CPU interface's own state. */
static void cpu_changed(struct gicv3 *gic, const struct vcpu *vcpu)
{
	gicv3_update_cpu(gic, vcpu->index);
	cpu_unlock(gic);
}

/* --- Acknowledge, priority drop, deactivation --- */

static unsigned cpu_acknowledge(struct gicv3 *gic, unsigned index, unsigned group)
{
	struct gic_interface *cpu = &gic->state.cpu[index].interface;
	struct gic_pending taken = cpu->best;
	struct gic_bank *bank;

	if (!gic_is_signalled(cpu) || taken.group != group)
		return GIC_SPURIOUS;
	if (taken.intid >= GICV3_LPI_BASE) {
		gicv3_lpi_put(&gic->state.cpu[index], taken.intid, false);
	} else {
		bank = gicv3_bank_of(gic, index, taken.intid);
		bank->active |= 1u << taken.intid % 32;
		bank->latch &= ~(1u << taken.intid % 32);
	}
	gic_priority_raise(cpu, taken);
	gicv3_update_cpu(gic, index);
	return taken.intid;
}

static uint64_t iar_read(struct gicv3 *gic, struct vcpu *vcpu, unsigned group)
{
	unsigned intid;

	cpu_lock(gic, vcpu);
	intid = cpu_acknowledge(gic, vcpu->index, group);
	cpu_unlock(gic);
	if (trace_on(&vcpu->vm->trace, TRACE_IRQ))
		trace_print(&vcpu->vm->trace, TRACE_IRQ, "cpu %u acknowledges %u", vcpu->index,
			    intid);
	return intid;
}

/* Can that have been acknowledged? */
static bool intid_is_good(const struct gicv3 *gic, unsigned intid)
{
	if (intid < GICV3_LPI_BASE)
		return intid < gicv3_intids(gic);
	return gicv3_has_lpis(gic) && intid >> GICV3_INTID_BITS == 0;
}

static void cpu_deactivate(struct gicv3 *gic, unsigned index, unsigned intid)
{
	gicv3_bank_of(gic, index, intid)->active &= ~(1u << intid % 32);
	gicv3_update_intid(gic, index, intid);
}

/*
 * Software writes what it read from ICC_IARn_EL1, in reverse order. The effect of anything else
 * is UNPREDICTABLE: here, an end of interrupt for a group that is not the running one is ignored.
 */
static void eoir_write(struct gicv3 *gic, struct vcpu *vcpu, unsigned group, uint64_t value)
{
	unsigned intid = value & 0xffffff;
	struct gic_interface *cpu;

	if (!intid_is_good(gic, intid))
		return;
	cpu = cpu_lock(gic, vcpu);
	if (gic_running_group(cpu) != group) {
		cpu_unlock(gic);
		return;
	}
	gic_priority_drop(cpu, group);
	/* An LPI is not active. */
	if (!cpu->eoimode && intid < GICV3_LPI_BASE)
		cpu_deactivate(gic, vcpu->index, intid);
	cpu_changed(gic, vcpu);
	if (trace_on(&vcpu->vm->trace, TRACE_IRQ))
		trace_print(&vcpu->vm->trace, TRACE_IRQ, "cpu %u ends %u", vcpu->index, intid);
}

static void write_dir(void *owner, struct vcpu *vcpu, uint64_t value)
{
	struct gicv3 *gic = owner;
	unsigned intid = value & 0xffffff;
	struct gic_interface *cpu;

	if (intid >= gicv3_intids(gic))
		return;
	cpu = cpu_lock(gic, vcpu);
	/* With EOImode 0 UNPREDICTABLE: ignored. */
	if (cpu->eoimode)
		cpu_deactivate(gic, vcpu->index, intid);
	cpu_unlock(gic);
}

static uint64_t read_iar0(void *owner, struct vcpu *vcpu)
{
	return iar_read(owner, vcpu, GIC_GROUP0);
}

static uint64_t read_iar1(void *owner, struct vcpu *vcpu)
{
	return iar_read(owner, vcpu, GIC_GROUP1);
}

static void write_eoir0(void *owner, struct vcpu *vcpu, uint64_t value)
{
	eoir_write(owner, vcpu, GIC_GROUP0, value);
}

static void write_eoir1(void *owner, struct vcpu *vcpu, uint64_t value)
{
	eoir_write(owner, vcpu, GIC_GROUP1, value);
}

/* --- What is pending and what runs --- */

static uint64_t hppir_read(struct gicv3 *gic, struct vcpu *vcpu, unsigned group)
{
	struct gic_pending best = cpu_lock(gic, vcpu)->best;

	cpu_unlock(gic);
	return best.group == group ? best.intid : GIC_SPURIOUS;
}

static uint64_t read_hppir0(void *owner, struct vcpu *vcpu)
{
	return hppir_read(owner, vcpu, GIC_GROUP0);
}

static uint64_t read_hppir1(void *owner, struct vcpu *vcpu)
{
	return hppir_read(owner, vcpu, GIC_GROUP1);
}

static uint64_t read_rpr(void *owner, struct vcpu *vcpu)
{
	uint8_t priority = gic_running_priority(cpu_lock(owner, vcpu));

	cpu_unlock(owner);
	return priority;
}

static uint64_t read_ap0r0(void *owner, struct vcpu *vcpu)
{
	uint32_t value = cpu_lock(owner, vcpu)->active_priorities[GIC_GROUP0];

	cpu_unlock(owner);
	return value;
}

static uint64_t read_ap1r0(void *owner, struct vcpu *vcpu)
{
	uint32_t value = cpu_lock(owner, vcpu)->active_priorities[GIC_GROUP1];

	cpu_unlock(owner);
	return value;
}

static void write_ap0r0(void *owner, struct vcpu *vcpu, uint64_t value)
{
	cpu_lock(owner, vcpu)->active_priorities[GIC_GROUP0] = value;
	cpu_changed(owner, vcpu);
}

static void write_ap1r0(void *owner, struct vcpu *vcpu, uint64_t value)
{
	cpu_lock(owner, vcpu)->active_priorities[GIC_GROUP1] = value;
	cpu_changed(owner, vcpu);
}

/* --- Control --- */

static uint64_t read_pmr(void *owner, struct vcpu *vcpu)
{
	uint8_t value = cpu_lock(owner, vcpu)->pmr;

	cpu_unlock(owner);
	return value;
}

static void write_pmr(void *owner, struct vcpu *vcpu, uint64_t value)
{
	cpu_lock(owner, vcpu)->pmr = value & GIC_PRIORITY_MASK;
	cpu_changed(owner, vcpu);
}

static uint64_t read_bpr0(void *owner, struct vcpu *vcpu)
{
	uint8_t value = cpu_lock(owner, vcpu)->bpr[GIC_GROUP0];

	cpu_unlock(owner);
	return value;
}

static void write_bpr0(void *owner, struct vcpu *vcpu, uint64_t value)
{
	gic_interface_set_bpr(cpu_lock(owner, vcpu), GIC_GROUP0, value);
	cpu_changed(owner, vcpu);
}

/* With ICC_CTLR_EL1.CBPR, ICC_BPR1_EL1 shows where the common binary point is, and is read-only. */
static uint64_t read_bpr1(void *owner, struct vcpu *vcpu)
{
	const struct gic_interface *cpu = cpu_lock(owner, vcpu);
	uint8_t value = cpu->bpr[GIC_GROUP1];

	if (cpu->cbpr)
		value = cpu->bpr[GIC_GROUP0] < 7 ? cpu->bpr[GIC_GROUP0] + 1 : 7;
	cpu_unlock(owner);
	return value;
}

static void write_bpr1(void *owner, struct vcpu *vcpu, uint64_t value)
{
	struct gic_interface *cpu = cpu_lock(owner, vcpu);

	if (!cpu->cbpr)
		gic_interface_set_bpr(cpu, GIC_GROUP1, value);
	cpu_changed(owner, vcpu);
}

static uint64_t read_ctlr(void *owner, struct vcpu *vcpu)
{
	const struct gic_interface *cpu = cpu_lock(owner, vcpu);
	uint32_t value = CTLR_PRIBITS | CTLR_A3V | CTLR_RSS;

	value |= cpu->cbpr ? CTLR_CBPR : 0;
	value |= cpu->eoimode ? CTLR_EOIMODE : 0;
	cpu_unlock(owner);
	return value;
}

static void write_ctlr(void *owner, struct vcpu *vcpu, uint64_t value)
{
	struct gic_interface *cpu = cpu_lock(owner, vcpu);

	cpu->cbpr = !!(value & CTLR_CBPR);
	cpu->eoimode = !!(value & CTLR_EOIMODE);
	cpu_changed(owner, vcpu);
}

static uint64_t read_sre(void *owner, struct vcpu *vcpu)
{
	(void)owner;
	(void)vcpu;
	return SRE_FIXED;
}

static void write_sre(void *owner, struct vcpu *vcpu, uint64_t value)
{
	(void)owner;
	(void)vcpu;
	(void)value;
}

static uint64_t read_igrpen0(void *owner, struct vcpu *vcpu)
{
	uint8_t value = cpu_lock(owner, vcpu)->group_enabled[GIC_GROUP0];

	cpu_unlock(owner);
	return value;
}

static uint64_t read_igrpen1(void *owner, struct vcpu *vcpu)
{
	uint8_t value = cpu_lock(owner, vcpu)->group_enabled[GIC_GROUP1];

	cpu_unlock(owner);
	return value;
}

static void write_igrpen0(void *owner, struct vcpu *vcpu, uint64_t value)
{
	cpu_lock(owner, vcpu)->group_enabled[GIC_GROUP0] = value & 1;
	cpu_changed(owner, vcpu);
}

static void write_igrpen1(void *owner, struct vcpu *vcpu, uint64_t value)
{
	cpu_lock(owner, vcpu)->group_enabled[GIC_GROUP1] = value & 1;
	cpu_changed(owner, vcpu);
}

/* --- Software-generated interrupts --- */

/*
 * Is the vCPU with this affinity among those that the value names? The list has a bit for each
 * of 16 values of Aff0, from 16 * RS on, under one Aff3.Aff2.Aff1.
 */
static bool sgi_targets(uint64_t value, uint64_t affinity)
{
	unsigned aff0 = affinity & 0xff;
	uint64_t aff1 = value >> 16 & 0xff, aff2 = value >> 32 & 0xff, aff3 = value >> 48 & 0xff;

	return affinity >> 8 == (aff3 << 24 | aff2 << 8 | aff1) && aff0 / 16 == SGIR_RS(value) &&
	       SGIR_TARGETS(value) >> aff0 % 16 & 1;
}

/*
 * ICC_SGI1R_EL1 generates the SGI as whichever group it has at the target; ICC_SGI0R_EL1 only where
 * it is in Group 0, and ICC_ASGI1R_EL1, for the other security state, which is not there, likewise
 * (with GICD_CTLR.DS 1, Secure Group 1 is Group 0).
 */
static void sgi_generate(struct gicv3 *gic, struct vcpu *vcpu, uint64_t value, bool group1_too)
{
	unsigned intid = SGIR_INTID(value);
	uint32_t bit = 1u << intid;

	cpu_lock(gic, vcpu);
	for (unsigned i = 0; i < gic->state.cpus; i++) {
		struct gicv3_cpu *cpu = &gic->state.cpu[i];
		bool named =
			value & SGIR_IRM ? i != vcpu->index : sgi_targets(value, cpu->affinity);

		if (!named || (cpu->bank.group & bit && !group1_too))
			continue;
		cpu->bank.latch |= bit;
		gicv3_update_cpu(gic, i);
	}
	cpu_unlock(gic);
	if (trace_on(&vcpu->vm->trace, TRACE_IRQ))
		trace_print(&vcpu->vm->trace, TRACE_IRQ, "cpu %u sends SGI %u (%#llx)", vcpu->index,
			    intid, (unsigned long long)value);
}

static void write_sgi1r(void *owner, struct vcpu *vcpu, uint64_t value)
{
	sgi_generate(owner, vcpu, value, true);
}

static void write_sgi0r(void *owner, struct vcpu *vcpu, uint64_t value)
{
	sgi_generate(owner, vcpu, value, false);
}

/* --- The table --- */

#define ICC(crm, op2) .key = SYSREG(3, 0, 12, crm, op2), .min_el = 1

static const struct sysreg icc_regs[] = {
	{.key = SYSREG(3, 0, 4, 6, 0),
	 .min_el = 1,
	 .name = "icc_pmr_el1",
	 .read = read_pmr,
	 .write = write_pmr},
	{ICC(8, 0), .name = "icc_iar0_el1", .read = read_iar0},
	{ICC(8, 1), .name = "icc_eoir0_el1", .write = write_eoir0},
	{ICC(8, 2), .name = "icc_hppir0_el1", .read = read_hppir0},
	{ICC(8, 3), .name = "icc_bpr0_el1", .read = read_bpr0, .write = write_bpr0},
	{ICC(8, 4), .name = "icc_ap0r0_el1", .read = read_ap0r0, .write = write_ap0r0},
	{ICC(9, 0), .name = "icc_ap1r0_el1", .read = read_ap1r0, .write = write_ap1r0},
	{ICC(11, 1), .name = "icc_dir_el1", .write = write_dir},
	{ICC(11, 3), .name = "icc_rpr_el1", .read = read_rpr},
	{ICC(11, 5), .name = "icc_sgi1r_el1", .write = write_sgi1r},
	{ICC(11, 6), .name = "icc_asgi1r_el1", .write = write_sgi0r},
	{ICC(11, 7), .name = "icc_sgi0r_el1", .write = write_sgi0r},
	{ICC(12, 0), .name = "icc_iar1_el1", .read = read_iar1},
	{ICC(12, 1), .name = "icc_eoir1_el1", .write = write_eoir1},
	{ICC(12, 2), .name = "icc_hppir1_el1", .read = read_hppir1},
	{ICC(12, 3), .name = "icc_bpr1_el1", .read = read_bpr1, .write = write_bpr1},
	{ICC(12, 4), .name = "icc_ctlr_el1", .read = read_ctlr, .write = write_ctlr},
	{ICC(12, 5), .name = "icc_sre_el1", .read = read_sre, .write = write_sre},
	{ICC(12, 6), .name = "icc_igrpen0_el1", .read = read_igrpen0, .write = write_igrpen0},
	{ICC(12, 7), .name = "icc_igrpen1_el1", .read = read_igrpen1, .write = write_igrpen1},
};

int gicv3_cpu_interface_add(struct gicv3 *gic, struct error *err)
{
	return sysreg_add(&gic->device.vm->sysregs, icc_regs, sizeof(icc_regs) / sizeof(*icc_regs),
			  gic, err);
}
