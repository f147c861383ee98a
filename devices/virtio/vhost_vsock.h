/*
 * The vsock device of the host's kernel, /dev/vhost-vsock (Linux: include/uapi/linux/vhost.h): a thread of the
 * kernel's, in this process' address space, that serves the queues for received (0) and sent (1)
 * packets. It reads and writes where the guest says, but nothing outside of the memory that it is given.
 *
 * The kernel loses its connections to the guest when the device is closed, and tells those of the host's programs that
 * have them. Nothing here locks.
 */
#ifndef GOD_DEVICES_VIRTIO_VHOST_VSOCK_H
#define GOD_DEVICES_VIRTIO_VHOST_VSOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"

struct memory;
struct vhost_ring;

#define VHOST_VSOCK_PATH   "/dev/vhost-vsock"
#define VHOST_VSOCK_QUEUES 2

struct vhost_vsock {
	int fd; /* -1: closed */
	uint64_t features;
	unsigned started; /* mask of queues */
	bool used;	  /* the driver has had it running */
};

/*
 * Open the device and take that context ID for the guest. ERROR_UNAVAILABLE: this host has none, or somebody
 * has the ID; ERROR_PERMISSION. *vsock is closed then.
 */
int vhost_vsock_open(struct vhost_vsock *vsock, const char *path, uint32_t cid, struct error *err);
void vhost_vsock_close(struct vhost_vsock *vsock);

/* What the driver has negotiated, and where guest memory is. Before the queues are started. */
int vhost_vsock_set_up(struct vhost_vsock *vsock, uint64_t features, const struct memory *memory,
		       struct error *err);

/* Queues are served while both are started. */
int vhost_vsock_start_queue(struct vhost_vsock *vsock, unsigned index,
			    const struct vhost_ring *ring, struct error *err);

/* The other one keeps its place, for when this one is started again. */
void vhost_vsock_stop_queue(struct vhost_vsock *vsock, unsigned index);

#endif
