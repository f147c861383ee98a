/*
 * GICv2 (Arm IHI 0048): creation, reset, the device-tree node, and which interrupt goes to which
 * vCPU. The parts:
 *
 *	gicv2_state.h          what is remembered
 *	gic_bank.c             registers with a field for each interrupt (as GICv3)
 *	gic_interface.c        priorities at a CPU interface (as GICv3)
 *	gicv2_distributor.c    GICD: targets, SGIs
 *	gicv2_cpu_interface.c  GICC: acknowledge, end, priorities
 *
 * An interrupt is offered to a CPU interface while it is pending, enabled, not active, its group is
 * enabled in the Distributor and in that CPU interface, and it is private to the vCPU or names it
 * in GICD_ITARGETSR. An SPI that names several is offered to each: who reads GICC_IAR first has it,
 * the others read 1023 (IHI 0048, 3.2.3, the 1-N model).
 *
 * Without Security Extensions, Group 0 is not secure: it is where every interrupt is after reset,
 * and where an operating system that does not know of groups leaves it. GICC_CTLR.FIQEn says whether
 * it is signalled by FIQ or, as Group 1 always is, by IRQ.
 */
#include "devices/gicv2.h"

#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "core/boot/devicetree.h"
#include "core/vm.h"
#include "devices/gicv2_state.h"
#include "devices/gicv2m.h"

/* --- Who is to be interrupted, by what --- */

static struct gic_pending cpu_best(const struct gicv2_state *state, const struct gicv2_cpu *cpu)
{
	struct gic_pending best = {GIC_SPURIOUS, GIC_PRIORITY_IDLE, GIC_GROUP0};
	uint32_t ctlr = state->ctlr & gic_interface_groups(&cpu->interface);

	gic_bank_best(&best, &cpu->bank, 0, gic_bank_wanting(&cpu->bank, ctlr));
	for (unsigned i = 1; i < state->banks; i++) {
		const struct gic_bank *bank = &state->shared[i - 1];

		gic_bank_best(&best, bank, i, gic_bank_wanting(bank, ctlr) & cpu->routed[i]);
	}
	return best;
}

void gicv2_update_cpu(struct gicv2 *gic, unsigned index)
{
	struct gicv2_cpu *cpu = &gic->state.cpu[index];
	struct gic_interface *interface = &cpu->interface;
	uint32_t outputs = 0;

	interface->best = cpu_best(&gic->state, cpu);
	if (gic_is_signalled(interface))
		outputs = interface->best.group == GIC_GROUP0 && cpu->ctlr & GICC_CTLR_FIQEN
				  ? VCPU_FIQ
				  : VCPU_IRQ;
	gic_interface_drive(interface, &gic->device.vm->vcpus[index], outputs);
}

void gicv2_update_all(struct gicv2 *gic)
{
	for (unsigned i = 0; i < gic->state.cpus; i++)
		gicv2_update_cpu(gic, i);
}

void gicv2_update_intid(struct gicv2 *gic, unsigned cpu, unsigned intid)
{
	if (intid < IRQ_SPI_BASE) {
		gicv2_update_cpu(gic, cpu);
		return;
	}
	for (unsigned i = 0; i < gic->state.cpus; i++) {
		if (gic->state.cpu[i].routed[intid / 32] >> intid % 32 & 1)
			gicv2_update_cpu(gic, i);
	}
}

static void gicv2_set_level(void *owner, unsigned cpu, unsigned intid, bool level)
{
	struct gicv2 *gic = owner;

	/* SGIs have no wires. */
	if (intid < IRQ_PPI_BASE || intid >= gicv2_intids(gic) || cpu >= gic->state.cpus)
		return;
	pthread_mutex_lock(&gic->lock);
	if (gic_bank_set_line(gicv2_bank_of(gic, cpu, intid), intid, level))
		gicv2_update_intid(gic, cpu, intid);
	pthread_mutex_unlock(&gic->lock);
}

/* --- The device --- */

static void interface_reset(struct gicv2_cpu *cpu)
{
	cpu->ctlr = 0;
	gic_interface_reset(&cpu->interface);
}

static void cpu_reset(struct gicv2_cpu *cpu)
{
	gic_bank_reset(&cpu->bank);
	cpu->bank.edge = GIC_SGIS;
	cpu->bank.enabled = GIC_SGIS;
	memset(cpu->sources, 0, sizeof(cpu->sources));
	memset(cpu->routed, 0, sizeof(cpu->routed));
	interface_reset(cpu);
}

/* The Distributor, with the banked fields of SGIs and PPIs, keeps its power. */
static void gicv2_reset_cpu(struct device *device, unsigned index)
{
	struct gicv2 *gic = (struct gicv2 *)device;

	pthread_mutex_lock(&gic->lock);
	interface_reset(&gic->state.cpu[index]);
	gicv2_update_cpu(gic, index);
	pthread_mutex_unlock(&gic->lock);
}

static void gicv2_reset(struct device *device)
{
	struct gicv2 *gic = (struct gicv2 *)device;
	struct gicv2_state *state = &gic->state;

	pthread_mutex_lock(&gic->lock);
	state->ctlr = 0;
	for (unsigned i = 1; i < state->banks; i++)
		gic_bank_reset(&state->shared[i - 1]);
	for (unsigned i = 0; i < state->cpus; i++)
		cpu_reset(&state->cpu[i]);
	/* The only CPU gets all SPIs; its GICD_ITARGETSRn are RAZ/WI (IHI 0048, 4.3.12). */
	if (state->cpus == 1)
		memset(state->cpu[0].routed, 0xff, sizeof(state->cpu[0].routed));
	gicv2_update_all(gic);
	pthread_mutex_unlock(&gic->lock);
}

static int gicv2_describe(struct device *device, void *fdt)
{
	const struct gicv2 *gic = (const struct gicv2 *)device;

	return gicv2_describe_node(fdt, &gic->layout);
}

static void gicv2_destroy(struct device *device)
{
	struct gicv2 *gic = (struct gicv2 *)device;

	pthread_mutex_destroy(&gic->lock);
	free(gic);
}

static const struct device_ops gicv2_ops = {
	.name = "gicv2",
	.reset = gicv2_reset,
	.reset_cpu = gicv2_reset_cpu,
	.describe = gicv2_describe,
	.destroy = gicv2_destroy,
};

static int layout_check(const struct vm *vm, const struct gic_layout *layout, struct error *err)
{
	if (layout->spis == 0 || layout->spis % 32 || layout->spis > GIC_SPIS_MAX)
		return error_set(err, ERROR_INTERNAL,
				 "gicv2: %u SPIs: not a multiple of 32 up to %u", layout->spis,
				 GIC_SPIS_MAX);
	if (vm->cpus > GICV2_CPUS_MAX)
		return error_set(err, ERROR_INTERNAL, "gicv2: %u CPUs: more than %u", vm->cpus,
				 GICV2_CPUS_MAX);
	return 0;
}

int gicv2_create(struct vm *vm, const struct gic_layout *layout, struct error *err)
{
	struct gicv2 *gic;

	if (layout_check(vm, layout, err))
		return -1;
	gic = calloc(1, sizeof(*gic));
	if (!gic)
		return error_set(err, ERROR_NO_MEMORY, "gicv2: out of memory");
	gic->device = (struct device){
		.ops = &gicv2_ops,
		.vm = vm,
		.state = &gic->state,
		.state_size = sizeof(gic->state),
	};
	gic->layout = *layout;
	gic->state.cpus = vm->cpus;
	gic->state.banks = 1 + layout->spis / 32;
	pthread_mutex_init(&gic->lock, NULL);
	gicv2_reset(&gic->device);

	/* First of all, so that what is on the bus is freed by nobody but the VM. */
	vm_add_device(vm, &gic->device);
	if (gicv2_distributor_add(gic, err) || gicv2_cpu_interface_add(gic, err))
		return -1;
	vm->irq_chip = (struct irq_chip){
		.set_level = gicv2_set_level,
		.owner = gic,
		.trace = &vm->trace,
	};
	return 0;
}

/* Linux: Documentation/devicetree/bindings/interrupt-controller/arm,gic.yaml */
int gicv2_describe_node(void *fdt, const struct gic_layout *layout)
{
	const uint64_t frames[][2] = {
		{layout->distributor, GICV2_FRAME},
		{layout->cpu_interface, GICV2_FRAME},
	};
	int ret;

	if ((ret = devicetree_begin(fdt, "interrupt-controller", layout->distributor)) ||
	    (ret = devicetree_string(fdt, "compatible", "arm,cortex-a15-gic")) ||
	    (ret = devicetree_u32(fdt, "#interrupt-cells", 3)) ||
	    (ret = fdt_property(fdt, "interrupt-controller", NULL, 0)) ||
	    (ret = devicetree_reg(fdt, frames, 2)) ||
	    /* For children: a GICv2m has a node of its own within this one. */
	    (ret = devicetree_u32(fdt, "#address-cells", 2)) ||
	    (ret = devicetree_u32(fdt, "#size-cells", 2)) ||
	    (ret = fdt_property(fdt, "ranges", NULL, 0)) ||
	    (ret = devicetree_u32(fdt, "phandle", PHANDLE_GIC)) ||
	    (layout->msi && (ret = gicv2m_describe_node(fdt, layout))))
		return ret;
	return devicetree_end(fdt);
}
