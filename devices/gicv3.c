/*
 * GICv3 (Arm IHI 0069): creation, reset, and the device-tree node. The parts:
 *
 *	gicv3_state.h          what is remembered
 *	gic_bank.c             registers with a field for each interrupt (as GICv2)
 *	gic_interface.c        priorities at a CPU interface (as GICv2)
 *	gicv3_distributor.c    GICD: SPIs, and where they go
 *	gicv3_redistributor.c  GICR: SGIs and PPIs of each vCPU
 *	gicv3_cpu_interface.c  ICC_*_EL1: acknowledge, end, priorities, sending SGIs
 *	gicv3_lpi.c            LPIs: configuration and pending tables
 *	gicv3_pending.c        which interrupt goes to which vCPU
 *
 * One lock for all of it: an access is some tens of nanoseconds, and almost each one may change
 * what some vCPU is to be interrupted by.
 */
#include "devices/gicv3.h"

#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "core/boot/devicetree.h"
#include "core/vm.h"
#include "devices/gicv3_state.h"
#include "devices/its.h"

/* Aff3 to Aff0 are in the same places in MPIDR_EL1 and in GICD_IROUTER. */
static uint64_t affinity_of(const struct vcpu *vcpu)
{
	return vcpu->mpidr & 0xff00ffffffULL;
}

static void power_off(struct gicv3_cpu *cpu)
{
	cpu->waker = GICR_WAKER_PROCESSOR_SLEEP;
	gic_interface_reset(&cpu->interface);
}

static void cpu_reset(struct gicv3_cpu *cpu, uint64_t affinity)
{
	cpu->affinity = affinity;
	cpu->ctlr = 0;
	cpu->propbaser = 0;
	cpu->pendbaser = 0;
	memset(&cpu->lpis, 0, sizeof(cpu->lpis));
	gic_bank_reset(&cpu->bank);
	cpu->bank.edge = GIC_SGIS;
	power_off(cpu);
}

/*
 * The Redistributor keeps its power, but is told that its PE sleeps, as firmware would tell it: the
 * PE takes no part in 1-of-N selection until its software writes GICR_WAKER again.
 */
static void gicv3_reset_cpu(struct device *device, unsigned index)
{
	struct gicv3 *gic = (struct gicv3 *)device;

	pthread_mutex_lock(&gic->lock);
	power_off(&gic->state.cpu[index]);
	/* 1-of-N interrupts that were its may go to others now. */
	gicv3_update_all(gic);
	pthread_mutex_unlock(&gic->lock);
}

static void gicv3_reset(struct device *device)
{
	struct gicv3 *gic = (struct gicv3 *)device;
	struct gicv3_state *state = &gic->state;

	pthread_mutex_lock(&gic->lock);
	state->ctlr = 0;
	for (unsigned i = 1; i < state->banks; i++)
		gic_bank_reset(&state->shared[i - 1]);
	for (unsigned i = 0; i < state->cpus; i++)
		cpu_reset(&state->cpu[i], affinity_of(&device->vm->vcpus[i]));
	for (unsigned intid = IRQ_SPI_BASE; intid < gicv3_intids(gic); intid++)
		gicv3_route(gic, intid, 0);
	gicv3_update_all(gic);
	pthread_mutex_unlock(&gic->lock);
}

static int gicv3_describe(struct device *device, void *fdt)
{
	const struct gicv3 *gic = (const struct gicv3 *)device;

	return gicv3_describe_node(fdt, &gic->layout, gic->state.cpus);
}

static void gicv3_destroy(struct device *device)
{
	struct gicv3 *gic = (struct gicv3 *)device;

	pthread_mutex_destroy(&gic->lock);
	free(gic);
}

static const struct device_ops gicv3_ops = {
	.name = "gicv3",
	.reset = gicv3_reset,
	.reset_cpu = gicv3_reset_cpu,
	.describe = gicv3_describe,
	.destroy = gicv3_destroy,
};

struct gicv3 *gicv3_create(struct vm *vm, const struct gic_layout *layout, struct error *err)
{
	struct gicv3 *gic;

	if (layout->spis == 0 || layout->spis % 32 || layout->spis > GIC_SPIS_MAX) {
		error_set(err, ERROR_INTERNAL, "gicv3: %u SPIs: not a multiple of 32 up to %u",
			  layout->spis, GIC_SPIS_MAX);
		return NULL;
	}
	gic = calloc(1, sizeof(*gic));
	if (!gic) {
		error_set(err, ERROR_NO_MEMORY, "gicv3: out of memory");
		return NULL;
	}
	gic->device = (struct device){
		.ops = &gicv3_ops,
		.vm = vm,
		.state = &gic->state,
		.state_size = sizeof(gic->state),
	};
	gic->layout = *layout;
	gic->state.cpus = vm->cpus;
	gic->state.banks = 1 + layout->spis / 32;
	pthread_mutex_init(&gic->lock, NULL);
	gicv3_reset(&gic->device);

	/* First of all, so that what is on the bus is freed by nobody but the VM. */
	vm_add_device(vm, &gic->device);
	if (gicv3_distributor_add(gic, err) || gicv3_redistributors_add(gic, err) ||
	    gicv3_cpu_interface_add(gic, err))
		return NULL;
	vm->irq_chip = (struct irq_chip){
		.set_level = gicv3_set_level,
		.owner = gic,
		.trace = &vm->trace,
	};
	return gic;
}

/* The ITS: a node within the GIC's. */
static int describe_its(void *fdt, uint64_t base)
{
	const uint64_t frames[][2] = {{base, ITS_SIZE}};
	int ret;

	if ((ret = devicetree_begin(fdt, "msi-controller", base)) ||
	    (ret = devicetree_string(fdt, "compatible", "arm,gic-v3-its")) ||
	    (ret = fdt_property(fdt, "msi-controller", NULL, 0)) ||
	    (ret = devicetree_u32(fdt, "#msi-cells", 1)) ||
	    (ret = devicetree_reg(fdt, frames, 1)) ||
	    (ret = devicetree_u32(fdt, "phandle", PHANDLE_ITS)))
		return ret;
	return devicetree_end(fdt);
}

/* Linux: Documentation/devicetree/bindings/interrupt-controller/arm,gic-v3.yaml */
int gicv3_describe_node(void *fdt, const struct gic_layout *layout, unsigned cpus)
{
	const uint64_t frames[][2] = {
		{layout->distributor, GICD_SIZE},
		{layout->redistributors, GICR_SIZE * cpus},
	};
	int ret;

	if ((ret = devicetree_begin(fdt, "interrupt-controller", layout->distributor)) ||
	    (ret = devicetree_string(fdt, "compatible", "arm,gic-v3")) ||
	    (ret = devicetree_u32(fdt, "#interrupt-cells", 3)) ||
	    (ret = fdt_property(fdt, "interrupt-controller", NULL, 0)) ||
	    (ret = devicetree_reg(fdt, frames, 2)) ||
	    /* For children: an ITS has a node of its own within this one. */
	    (ret = devicetree_u32(fdt, "#address-cells", 2)) ||
	    (ret = devicetree_u32(fdt, "#size-cells", 2)) ||
	    (ret = fdt_property(fdt, "ranges", NULL, 0)) ||
	    (ret = devicetree_u32(fdt, "phandle", PHANDLE_GIC)) ||
	    (ret = layout->its ? describe_its(fdt, layout->its) : 0))
		return ret;
	return devicetree_end(fdt);
}
