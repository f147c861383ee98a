/*
 * Virtio network device (virtio 1.2, 5.1).
 */
#ifndef GOD_DEVICES_VIRTIO_NET_H
#define GOD_DEVICES_VIRTIO_NET_H

#include <stdint.h>

#include "core/error.h"

struct net_link;
struct virtio_slot;
struct vm;

#define VIRTIO_NET_MAC_SIZE 6

#define VIRTIO_NET_PAIRS_MAX 8

/*
 * Create the device in that slot, on 1 to VIRTIO_NET_PAIRS_MAX links of one interface, each with a pair of queues of
 * its own. The links are the device's from here on, also when it cannot be created. The VM owns it. 0 or -1.
 */
int virtio_net_create(struct vm *vm, const struct virtio_slot *slot, struct net_link *const *links,
		      unsigned count, const uint8_t mac[VIRTIO_NET_MAC_SIZE], struct error *err);

#endif
