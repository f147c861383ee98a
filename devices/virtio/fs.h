/*
 * Virtio file system device (virtio 1.2, 5.11): a directory of the host's, served by virtiofsd.
 */
#ifndef GOD_DEVICES_VIRTIO_FS_H
#define GOD_DEVICES_VIRTIO_FS_H

#include "core/error.h"

struct virtio_slot;
struct vm;

#define VIRTIO_FS_TAG_MAX 36

struct virtio_fs_config {
	const char *directory;
	const char *tag; /* by which the guest mounts it; 1 to VIRTIO_FS_TAG_MAX bytes */
	/* The server has ended; the device needs a reset that will not help. On the loop thread. */
	void (*failed)(void *owner, const struct error *err);
	void *owner;
};

/*
 * Create the device in that slot, with a virtiofsd of its own, which ends with it. The VM owns it. 0 or -1:
 * ERROR_UNAVAILABLE when there is no virtiofsd, it does not start, time is virtual (its answers
 * come when they come), or RAM is not MEMORY_SHARED.
 */
int virtio_fs_create(struct vm *vm, const struct virtio_slot *slot,
		     const struct virtio_fs_config *config, struct error *err);

#endif
