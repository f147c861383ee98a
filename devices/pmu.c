/*
 * The performance monitors' interrupt. Linux: Documentation/devicetree/bindings/arm/pmu.yaml
 */
#include "devices/pmu.h"

#include <libfdt.h>
#include <stdlib.h>

#include "core/boot/devicetree.h"
#include "core/vm.h"

int pmu_describe_node(void *fdt, unsigned intid)
{
	int rc;

	if (!intid)
		return 0;
	if ((rc = fdt_begin_node(fdt, "pmu")) ||
	    (rc = devicetree_string(fdt, "compatible", "arm,armv8-pmuv3")) ||
	    (rc = devicetree_interrupt(fdt, intid, TRIGGER_LEVEL_HIGH)))
		return rc;
	return devicetree_end(fdt);
}

static void pmu_reset(struct device *device)
{
	(void)device; /* the engine resets the counters with its vCPUs */
}

static int pmu_describe(struct device *device, void *fdt)
{
	return pmu_describe_node(fdt, device->vm->pmu_intid);
}

static void pmu_destroy(struct device *device)
{
	free(device);
}

static const struct device_ops pmu_ops = {
	.name = "pmu",
	.reset = pmu_reset,
	.describe = pmu_describe,
	.destroy = pmu_destroy,
};

int pmu_create(struct vm *vm, unsigned intid, struct error *err)
{
	struct device *device = calloc(1, sizeof(*device));

	if (!device)
		return error_set(err, ERROR_NO_MEMORY, "no memory for the PMU");
	device->ops = &pmu_ops;
	device->vm = vm;
	vm->pmu_intid = intid;
	vm_add_device(vm, device);
	return 0;
}
