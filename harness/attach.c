/*
 * Each device takes the next of the board's slots for virtio devices, in the order of kinds here, so that a
 * guest finds its first disk at the same place whatever else there is.
 */
#include "harness/attach.h"

#include "devices/board.h"
#include "devices/virtio/rng.h"
#include "devices/virtio/virtio.h"

static int attach_rng(struct vm *vm, struct board *board, struct error *err)
{
	struct virtio_slot slot;

	if (board_take_slot(board, &slot, err))
		return -1;
	return virtio_rng_create(vm, &slot, err);
}

int attach_devices(const struct attach_config *config, struct vm *vm, struct board *board,
		   struct error *err)
{
	return config->rng ? attach_rng(vm, board, err) : 0;
}
