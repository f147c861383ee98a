/*
 * A queue, as whoever serves it in god's place is told of it: another process (vhost_user.h) or the host's
 * kernel (vhost_vsock.h).
 */
#ifndef GOD_DEVICES_VIRTIO_VHOST_RING_H
#define GOD_DEVICES_VIRTIO_VHOST_RING_H

#include <stdint.h>

struct vhost_ring {
	uint16_t size;
	/* Where the areas of a split queue are in god's address space: the other side knows our addresses. */
	uint64_t descriptors, available, used;
	/* Eventfds, which stay ours. */
	int kick_fd;  /* to the other side: the driver has notified */
	int call_fd;  /* from it: notify the driver */
	int error_fd; /* from it: the driver has broken the queue */
};

#endif
