/* See copier.h. */
#include <criterion/criterion.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "devices/virtio/tests/copier.h"

static void copy(struct copier *copier, unsigned queue, const struct virtio_chain *chain)
{
	uint8_t bytes[4096];
	size_t len = chain_read(chain, 0, bytes, sizeof(bytes));

	virtio_put(&copier->virtio, queue, chain, (uint32_t)chain_write(chain, 0, bytes, len));
}

static void copier_notify(struct virtio *virtio, unsigned queue)
{
	struct copier *copier = (struct copier *)virtio;
	struct virtio_chain *chain;

	/* One queue is served on this thread, another on that. */
	pthread_mutex_lock(&copier->lock);
	chain = &copier->chains[copier->held];
	copier->served++;
	while (copier->held < COPIER_QUEUE_SIZE && virtio_take(virtio, queue, chain)) {
		if (copier->hold) {
			copier->queues[copier->held++] = queue;
			chain++;
		} else {
			copy(copier, queue, chain);
		}
	}
	pthread_mutex_unlock(&copier->lock);
	virtio_signal(virtio, queue);
}

void copier_release(struct copier *copier)
{
	pthread_mutex_lock(&copier->lock);
	for (unsigned i = 0; i < copier->held; i++) {
		copy(copier, copier->queues[i], &copier->chains[i]);
		virtio_signal(&copier->virtio, copier->queues[i]);
	}
	copier->held = 0;
	pthread_mutex_unlock(&copier->lock);
}

static void copier_stop(struct virtio *virtio, unsigned queue)
{
	(void)queue;
	((struct copier *)virtio)->stops++;
}

static void copier_config_write(struct virtio *virtio, unsigned offset, unsigned size,
				uint32_t value)
{
	for (unsigned i = 0; i < size; i++)
		virtio->state->config[offset + i] = (uint8_t)(value >> 8 * i);
}

static void copier_destroy(struct device *device)
{
	copier_release((struct copier *)device);
	virtio_destroy((struct virtio *)device);
	pthread_mutex_destroy(&((struct copier *)device)->lock);
	free(device);
}

static const struct virtio_ops copier_ops = {
	.device = VIRTIO_DEVICE_OPS("virtio-copier", copier_destroy),
	.id = 42,
	.serve_at_once = 1u << (COPIER_QUEUES - 1),
	.notify = copier_notify,
	.stop = copier_stop,
	.config_write = copier_config_write,
};

struct copier *copier_create(struct driver *driver)
{
	struct copier *copier = calloc(1, sizeof(*copier));
	const struct virtio_setup setup = {
		.ops = &copier_ops,
		.slot = &driver_slot,
		.state = &copier->state,
		.state_size = sizeof(copier->state),
		.features = COPIER_FEATURE,
		.queue_count = COPIER_QUEUES,
		.queue_size = COPIER_QUEUE_SIZE,
		.config_size = 12,
	};
	struct error err = {0};

	cr_assert_not_null(copier);
	pthread_mutex_init(&copier->lock, NULL);
	cr_assert_eq(virtio_init(&copier->virtio, driver->vm, &setup, &err), 0, "%s", err.text);
	return copier;
}
