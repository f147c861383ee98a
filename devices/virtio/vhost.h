/*
 * What the devices have in common whose queues are served by somebody else: by another process
 * (vhost_user.h) or by the host's kernel (vhost_vsock.h). That back end is told where guest memory and the rings
 * are once the driver has them ready; from then on the two signal each other by eventfds, which the
 * I/O loop carries from and to the driver. When the driver stops a queue, or resets the device, the back end
 * has let go of it before the write to the register returns.
 *
 * A device puts `struct vhost` first in its own struct, and vhost_notify() and vhost_halt() into its
 * virtio_ops. Only the first `queue_count` queues are the back end's.
 */
#ifndef GOD_DEVICES_VIRTIO_VHOST_H
#define GOD_DEVICES_VIRTIO_VHOST_H

#include <pthread.h>
#include <stdbool.h>

#include "core/error.h"
#include "devices/virtio/vhost_ring.h"
#include "devices/virtio/virtio.h"

#define VHOST_QUEUES_MAX 2

struct vhost;

/* The back end. vhost->lock is held across all of these. */
struct vhost_ops {
	/* None of the queues is started: here is what the driver has negotiated, and guest memory. */
	int (*set_up)(struct vhost *vhost, uint64_t features, const struct memory *memory,
		      struct error *err);
	/* From now on the other side serves this queue. */
	int (*start_queue)(struct vhost *vhost, unsigned queue, const struct vhost_ring *ring,
			   struct error *err);
	/* It does no more, and nothing that it took is in flight, when this returns. */
	void (*stop_queue)(struct vhost *vhost, unsigned queue);
};

struct vhost_queue {
	struct vhost *vhost;
	int kick_fd, call_fd, error_fd; /* -1: none */
	bool call_watched, error_watched;
	bool started;
};

struct vhost {
	struct virtio virtio;
	const struct vhost_ops *ops;
	unsigned queue_count;
	/* The back end cannot go on. On the loop thread. NULL: nobody wants to know, or has been told. */
	void (*failed)(void *owner, const struct error *err);
	void *owner;

	/* Guards the back end and what is started. Virtio's is taken inside. */
	pthread_mutex_t lock;
	bool set_up;
	struct vhost_queue queues[VHOST_QUEUES_MAX];
};

/*
 * In *vhost, which is zeroed but for `ops`, `queue_count`, `failed` and `owner`: the eventfds, watched. Before
 * virtio_init(). On failure nothing is left behind.
 */
int vhost_init(struct vhost *vhost, struct vm *vm, struct error *err);

/*
 * Nothing comes from the back end any more. After virtio_quiesce(), which stops the queues, and before
 * virtio_destroy(); may be called twice.
 */
void vhost_silence(struct vhost *vhost);

/* Undo vhost_init(). The back end is the device's to end. */
void vhost_end(struct vhost *vhost);

/* For virtio_setup.lacks: what a back end with those features takes from the common ones. */
uint64_t vhost_lacks(uint64_t features);

/* For virtio_ops. */
void vhost_notify(struct virtio *virtio, unsigned queue);
void vhost_halt(struct virtio *virtio, unsigned queue);

/* The back end cannot go on: the device needs a reset, and who runs the guest is told, once. Lock not held. */
void vhost_fail(struct vhost *vhost, const struct error *err);

#endif
