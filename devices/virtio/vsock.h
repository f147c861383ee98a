/*
 * Virtio socket device (virtio 1.2, 5.10), served by the host's kernel: programs in the guest reach those on
 * the host at context ID 2, and programs on the host those in the guest at the guest's ID.
 */
#ifndef GOD_DEVICES_VIRTIO_VSOCK_H
#define GOD_DEVICES_VIRTIO_VSOCK_H

#include <stdint.h>

#include "core/error.h"

struct virtio_slot;
struct vm;

/* The others are reserved: 0, the loopback, the host, any. */
#define VIRTIO_VSOCK_CID_MIN 3u
#define VIRTIO_VSOCK_CID_MAX 0xfffffffeu

struct virtio_vsock_config {
	uint32_t cid;	  /* the guest's, VIRTIO_VSOCK_CID_MIN to VIRTIO_VSOCK_CID_MAX */
	const char *path; /* of the host's device; NULL: the usual one */
	/* The host's device is gone; this one needs a reset, which may not help. On the loop thread. */
	void (*failed)(void *owner, const struct error *err);
	void *owner;
};

/*
 * Create the device in that slot; it has the context ID until it ends. The VM owns it. 0 or -1:
 * ERROR_UNAVAILABLE when the host has no such device, the ID is taken, or time is virtual (the other end answers
 * when it does); ERROR_PERMISSION.
 */
int virtio_vsock_create(struct vm *vm, const struct virtio_slot *slot,
			const struct virtio_vsock_config *config, struct error *err);

#endif
