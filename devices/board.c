/*
 * The board: one line a device, in the order in which their nodes appear in the device tree. The
 * interrupt controller comes first, because the others' lines end there.
 *
 * Where the engine's host emulates interrupt controller and timer (KVM), there is no device of ours
 * behind their nodes in the device tree; a device without state and registers describes them.
 */
#include "devices/board.h"

#include <libfdt.h>
#include <stdlib.h>

#include "core/boot/devicetree.h"
#include "core/vm.h"
#include "devices/exit.h"
#include "devices/gicv2.h"
#include "devices/gicv2m.h"
#include "devices/gicv3.h"
#include "devices/its.h"
#include "devices/pl011.h"
#include "devices/pl031.h"
#include "devices/pl061.h"
#include "devices/pmu.h"
#include "devices/power_key.h"
#include "devices/timer.h"
#include "devices/virtio/virtio.h"

struct host_devices {
	struct device device;
	struct gic_layout layout;
};

static void host_devices_reset(struct device *device)
{
	(void)device; /* the engine resets them with its vCPUs */
}

static int host_devices_describe(struct device *device, void *fdt)
{
	const struct host_devices *host = (struct host_devices *)device;
	int rc = host->layout.version == 2
			 ? gicv2_describe_node(fdt, &host->layout)
			 : gicv3_describe_node(fdt, &host->layout, device->vm->cpus);

	if (rc || (rc = generic_timer_describe_node(fdt)))
		return rc;
	return pmu_describe_node(fdt, host->layout.pmu);
}

static void host_devices_destroy(struct device *device)
{
	free(device);
}

static const struct device_ops host_devices_ops = {
	.name = "host",
	.reset = host_devices_reset,
	.describe = host_devices_describe,
	.destroy = host_devices_destroy,
};

/* The engine fills in what it chose and leaves out what its host does not have. */
static int create_host_devices(struct vm *vm, struct gic_layout *layout, struct error *err)
{
	struct host_devices *host = calloc(1, sizeof(*host));

	if (!host)
		return error_set(err, ERROR_NO_MEMORY, "no memory for the board");
	host->device.ops = &host_devices_ops;
	host->device.vm = vm;
	host->layout = *layout;
	vm_add_device(vm, &host->device);
	if (vm->engine->gic_init(vm, &host->layout, err))
		return -1;
	layout->version = host->layout.version;
	return 0;
}

static int create_gicv3(struct vm *vm, struct board *board, const struct gic_layout *layout,
			struct error *err)
{
	struct gicv3 *gic = gicv3_create(vm, layout, err);

	if (!gic)
		return -1;
	board->its = its_create(vm, gic, layout->its, err);
	return board->its ? 0 : -1;
}

static int create_own_devices(struct vm *vm, struct board *board, struct gic_layout *layout,
			      struct error *err)
{
	if (!layout->version)
		layout->version = 3;
	if (layout->version == 2 ? gicv2_create(vm, layout, err)
				 : create_gicv3(vm, board, layout, err))
		return -1;
	if (generic_timer_create(vm, err))
		return -1;
	return pmu_create(vm, layout->pmu, err);
}

static int create_gic_and_timer(struct vm *vm, struct board *board, struct error *err)
{
	struct gic_layout layout = {
		.version = vm->config.gic,
		.distributor = BOARD_GICD,
		.redistributors = BOARD_GICR,
		.cpu_interface = BOARD_GICC,
		.its = BOARD_ITS,
		.msi = BOARD_GICV2M,
		.msi_first = BOARD_IRQ_MSI,
		.msi_count = BOARD_MSIS,
		.spis = BOARD_SPIS,
		.pmu = BOARD_IRQ_PMU,
	};

	board->its = NULL;
	if (vm->engine->gic_init ? create_host_devices(vm, &layout, err)
				 : create_own_devices(vm, board, &layout, err))
		return -1;
	return layout.version == 2 ? gicv2m_create(vm, &layout, err) : 0;
}

int board_create(struct vm *vm, struct board *board, const struct serial_backend *serial,
		 struct error *err)
{
	board->virtio_slots = 0;
	if (create_gic_and_timer(vm, board, err))
		return -1;
	board->console = pl011_create(vm, BOARD_PL011, BOARD_IRQ_PL011, serial, err);
	if (!board->console)
		return -1;
	vm->stdout_path = pl011_path(board->console);
	if (pl031_create(vm, BOARD_PL031, BOARD_IRQ_PL031, err))
		return -1;
	board->gpio = pl061_create(vm, BOARD_PL061, BOARD_IRQ_PL061, err);
	if (!board->gpio)
		return -1;
	board->power_key = power_key_create(vm, board->gpio, err);
	if (!board->power_key)
		return -1;
	return exit_create(vm, BOARD_EXIT, BOARD_IRQ_EXIT, err);
}

int board_take_slot(struct board *board, struct virtio_slot *slot, struct error *err)
{
	unsigned number = board->virtio_slots;

	if (number == BOARD_VIRTIO_SLOTS)
		return error_set(err, ERROR_USAGE, "more than %d virtio devices",
				 BOARD_VIRTIO_SLOTS);
	*slot = (struct virtio_slot){
		.base = BOARD_VIRTIO + number * BOARD_VIRTIO_SLOT_SIZE,
		.intid = BOARD_IRQ_VIRTIO + number,
	};
	board->virtio_slots++;
	return 0;
}

bool board_press_power_key(struct board *board)
{
	return power_key_press(board->power_key);
}
