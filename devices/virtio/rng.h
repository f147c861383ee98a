/*
 * Virtio entropy device (virtio 1.2, 5.4).
 */
#ifndef GOD_DEVICES_VIRTIO_RNG_H
#define GOD_DEVICES_VIRTIO_RNG_H

#include "core/error.h"

struct virtio_slot;
struct vm;

/* Create the device in that slot; the VM owns it. 0 or -1. */
int virtio_rng_create(struct vm *vm, const struct virtio_slot *slot, struct error *err);

#endif
