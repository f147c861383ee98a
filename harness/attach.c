/*
 * Each device takes the next of the board's slots for virtio devices, in the order of kinds here, so that a
 * guest finds its first disk at the same place whatever else there is.
 */
#include "harness/attach.h"

#include "devices/board.h"
#include "devices/virtio/console.h"
#include "devices/virtio/rng.h"
#include "devices/virtio/virtio.h"

static int attach_rng(struct vm *vm, struct board *board, struct error *err)
{
	struct virtio_slot slot;

	if (board_take_slot(board, &slot, err))
		return -1;
	return virtio_rng_create(vm, &slot, err);
}

static int attach_console(struct vm *vm, struct board *board, const struct serial_backend *serial,
			  struct attached *attached, struct error *err)
{
	const struct virtio_console_port port = {.backend = serial};
	struct virtio_slot slot;

	if (board_take_slot(board, &slot, err))
		return -1;
	attached->console = virtio_console_create(vm, &slot, &port, 1, err);
	return attached->console ? 0 : -1;
}

int attach_devices(const struct attach_config *config, struct vm *vm, struct board *board,
		   const struct serial_backend *serial, struct attached *attached,
		   struct error *err)
{
	*attached = (struct attached){0};
	if (config->console && attach_console(vm, board, serial, attached, err))
		return -1;
	return config->rng ? attach_rng(vm, board, err) : 0;
}
