/*
 * Virtio memory balloon (virtio 1.2, 5.5): the guest lends memory to the host. What it puts into the balloon,
 * and the free pages that it reports, go back to the host; they come again, as zeroes, when the
 * guest touches them.
 */
#ifndef GOD_DEVICES_VIRTIO_BALLOON_H
#define GOD_DEVICES_VIRTIO_BALLOON_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"

struct virtio_balloon;
struct virtio_slot;
struct vm;

/* All in bytes. */
struct virtio_balloon_stats {
	uint64_t target;   /* what the balloon should hold */
	uint64_t actual;   /* what it holds, as the driver says */
	uint64_t peak;	   /* the most that it held */
	uint64_t returned; /* to the host so far, by balloon and reports, touched or not */
	/* The guest's own account, when memory last came back from it. */
	bool known;
	uint64_t total, free, caches;
};

/*
 * Create the device in that slot, with `target` bytes to be in the balloon; the VM owns it. ERROR_USAGE: the
 * target is not a multiple of MEMORY_PAGE_SIZE, or not less than the guest's memory.
 */
struct virtio_balloon *virtio_balloon_create(struct vm *vm, const struct virtio_slot *slot,
					     uint64_t target, struct error *err);

/*
 * Ask the driver for another size, which it comes to as far and as soon as it can. The same errors,
 * and nothing is changed then. Any thread.
 */
int virtio_balloon_set_target(struct virtio_balloon *balloon, uint64_t target, struct error *err);

/* Any thread. */
void virtio_balloon_stats(struct virtio_balloon *balloon, struct virtio_balloon_stats *stats);

#endif
