/*
 * Virtio block device (virtio 1.2, 5.2).
 */
#ifndef GOD_DEVICES_VIRTIO_BLK_H
#define GOD_DEVICES_VIRTIO_BLK_H

#include "core/error.h"

struct disk;
struct virtio_slot;
struct vm;

#define VIRTIO_BLK_ID_SIZE 20

struct virtio_blk_config {
	struct disk *disk; /* the device's from here on, also when it cannot be created */
	const char *id;	   /* its serial number; at most VIRTIO_BLK_ID_SIZE bytes of it */
	unsigned queues;   /* 1 to VIRTIO_BLK_QUEUES_MAX */
	/*
	 * A request failed, and the guest is being told; why, is in the error. Once for each reason. On the
	 * thread of disk_submit(). May be NULL.
	 */
	void (*failed)(void *owner, const struct error *err);
	void *owner;
};

#define VIRTIO_BLK_QUEUES_MAX 16

/* Create the device in that slot; the VM owns it. 0 or -1. */
int virtio_blk_create(struct vm *vm, const struct virtio_slot *slot,
		      const struct virtio_blk_config *config, struct error *err);

#endif
