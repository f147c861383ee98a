/*
 * Entropy: each buffer comes back filled with what vm_random() gives, which is the host's getrandom, or with
 * virtual time a fixed sequence. A driver may ask for gigabytes in one buffer; it gets REQUEST_MAX bytes,
 * and the length says so.
 */
#include "devices/virtio/rng.h"

#include <stdlib.h>

#include "core/vm.h"
#include "devices/virtio/virtio.h"

#define QUEUE_SIZE  16
#define REQUEST_MAX 65536

struct rng {
	struct virtio virtio;
	struct virtio_state state;
	struct virtio_chain chain; /* that is being filled */
};

/* By way of a buffer of our own: the guest may look into its own meanwhile. */
static uint32_t fill(struct rng *rng)
{
	const struct virtio_chain *chain = &rng->chain;
	uint64_t wanted = chain->in_len < REQUEST_MAX ? chain->in_len : REQUEST_MAX;
	uint8_t bytes[256];
	uint64_t done, len;

	for (done = 0; done < wanted; done += len) {
		len = wanted - done < sizeof(bytes) ? wanted - done : sizeof(bytes);
		vm_random(rng->virtio.device.vm, bytes, len);
		chain_write(chain, done, bytes, len);
	}
	return (uint32_t)wanted;
}

static void rng_notify(struct virtio *virtio, unsigned queue)
{
	struct rng *rng = (struct rng *)virtio;

	while (virtio_take(virtio, queue, &rng->chain))
		virtio_put(virtio, queue, &rng->chain, fill(rng));
	virtio_signal(virtio, queue);
}

static void rng_destroy(struct device *device)
{
	virtio_destroy((struct virtio *)device);
	free(device);
}

static const struct virtio_ops rng_ops = {
	.device = VIRTIO_DEVICE_OPS("virtio-rng", rng_destroy),
	.id = VIRTIO_ID_RNG,
	.notify = rng_notify,
};

int virtio_rng_create(struct vm *vm, const struct virtio_slot *slot, struct error *err)
{
	struct rng *rng = calloc(1, sizeof(*rng));

	if (!rng)
		return error_set(err, ERROR_NO_MEMORY, "no memory for an entropy device");

	const struct virtio_setup setup = {
		.ops = &rng_ops,
		.slot = slot,
		.state = &rng->state,
		.state_size = sizeof(rng->state),
		.queue_count = 1,
		.queue_size = QUEUE_SIZE,
	};

	if (virtio_init(&rng->virtio, vm, &setup, err) < 0) {
		free(rng);
		return -1;
	}
	return 0;
}
