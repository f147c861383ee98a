/*
 * Sockets between guest and host. The queues of packets are the host kernel's (vhost.h, vhost_vsock.h).
 *
 * The third queue is for events, and is ours; but there are none: the one that there is (5.10.6.7) says that the
 * connections are gone though the driver has not reset the device. When it does, they go too: the host's
 * programs must not wait for a guest that has forgotten them, so the kernel's device is closed, by which
 * they hear of it, and opened again.
 */
#include "devices/virtio/vsock.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "core/vm.h"
#include "devices/virtio/vhost.h"
#include "devices/virtio/vhost_vsock.h"
#include "devices/virtio/virtio.h"

#define QUEUE_COUNT (VHOST_VSOCK_QUEUES + 1)
#define QUEUE_SIZE  128

#define VIRTIO_VSOCK_F_SEQPACKET (1ULL << 1)

/* 5.10.4 */
struct vsock_config {
	uint64_t guest_cid;
};

struct vsock {
	struct vhost vhost;
	struct virtio_state state;
	uint32_t cid;
	const char *path;
	struct vhost_vsock kernel;
};

/* --- The queues: vhost's lock held --- */

static int vsock_open(struct vsock *vsock, struct error *err)
{
	return vhost_vsock_open(&vsock->kernel, vsock->path, vsock->cid, err);
}

static int vsock_set_up(struct vhost *vhost, uint64_t features, const struct memory *memory,
			struct error *err)
{
	struct vsock *vsock = (struct vsock *)vhost;

	if (vsock->kernel.fd < 0 && vsock_open(vsock, err))
		return -1;
	return vhost_vsock_set_up(&vsock->kernel, features, memory, err);
}

static int vsock_start_queue(struct vhost *vhost, unsigned queue, const struct vhost_ring *ring,
			     struct error *err)
{
	struct vsock *vsock = (struct vsock *)vhost;

	return vhost_vsock_start_queue(&vsock->kernel, queue, ring, err);
}

static void vsock_stop_queue(struct vhost *vhost, unsigned queue)
{
	struct vsock *vsock = (struct vsock *)vhost;

	vhost_vsock_stop_queue(&vsock->kernel, queue);
}

static const struct vhost_ops vsock_vhost_ops = {
	.set_up = vsock_set_up,
	.start_queue = vsock_start_queue,
	.stop_queue = vsock_stop_queue,
};

/* --- Reset --- */

/* Should the ID be lost in between, the driver finds out when it sets up its queues again. */
static void forget_connections(struct vsock *vsock)
{
	pthread_mutex_lock(&vsock->vhost.lock);
	if (vsock->kernel.used && !vsock->kernel.started) {
		vhost_vsock_close(&vsock->kernel);
		vsock_open(vsock, NULL);
	}
	pthread_mutex_unlock(&vsock->vhost.lock);
}

static void vsock_halt(struct virtio *virtio, unsigned queue)
{
	vhost_halt(virtio, queue);
	if (virtio_is_resetting(virtio) && !virtio->quiet)
		forget_connections((struct vsock *)virtio);
}

static void vsock_reset(struct virtio *virtio)
{
	const struct vsock *vsock = (struct vsock *)virtio;
	const struct vsock_config config = {.guest_cid = htole64(vsock->cid)};

	memcpy(virtio->state->config, &config, sizeof(config));
}

/* --- Life --- */

static void free_vsock(struct vsock *vsock)
{
	vhost_vsock_close(&vsock->kernel);
	vhost_end(&vsock->vhost);
	free(vsock);
}

static void vsock_destroy(struct device *device)
{
	struct vsock *vsock = (struct vsock *)device;

	virtio_quiesce(&vsock->vhost.virtio);
	vhost_silence(&vsock->vhost);
	virtio_destroy(&vsock->vhost.virtio);
	free_vsock(vsock);
}

static const struct virtio_ops vsock_ops = {
	.device = VIRTIO_DEVICE_OPS("virtio-vsock", vsock_destroy),
	.id = VIRTIO_ID_VSOCK,
	.notify = vhost_notify,
	.halt = vsock_halt,
	.reset = vsock_reset,
};

static struct vsock *new_vsock(struct vm *vm, const struct virtio_vsock_config *config,
			       struct error *err)
{
	struct vsock *vsock = calloc(1, sizeof(*vsock));

	if (!vsock) {
		error_set(err, ERROR_NO_MEMORY, "no memory for a socket device");
		return NULL;
	}
	vsock->vhost.ops = &vsock_vhost_ops;
	vsock->vhost.queue_count = VHOST_VSOCK_QUEUES;
	vsock->vhost.failed = config->failed;
	vsock->vhost.owner = config->owner;
	vsock->cid = config->cid;
	vsock->path = config->path ? config->path : VHOST_VSOCK_PATH;
	if (vhost_init(&vsock->vhost, vm, err)) {
		free(vsock);
		return NULL;
	}
	return vsock;
}

int virtio_vsock_create(struct vm *vm, const struct virtio_slot *slot,
			const struct virtio_vsock_config *config, struct error *err)
{
	struct vsock *vsock;

	if (vm->clock.mode == CLOCK_VIRTUAL)
		return error_set(
			err, ERROR_UNAVAILABLE,
			"there is no vsock in virtual time: the host answers when it does");
	vsock = new_vsock(vm, config, err);
	if (!vsock)
		return -1;
	if (vsock_open(vsock, err)) {
		free_vsock(vsock);
		return -1;
	}

	const struct virtio_setup setup = {
		.ops = &vsock_ops,
		.slot = slot,
		.state = &vsock->state,
		.state_size = sizeof(vsock->state),
		.features = VIRTIO_VSOCK_F_SEQPACKET,
		.lacks = vhost_lacks(vsock->kernel.features),
		.queue_count = QUEUE_COUNT,
		.queue_size = QUEUE_SIZE,
		.config_size = sizeof(struct vsock_config),
	};

	if (virtio_init(&vsock->vhost.virtio, vm, &setup, err)) {
		free_vsock(vsock);
		return -1;
	}
	return 0;
}
