/*
 * A network card's queues of one number, receive and transmit, and the link that they lead to.
 *
 * Threads: but for net_pair_stop(), the one that may call into devices (devices/net/link.h).
 */
#ifndef GOD_DEVICES_VIRTIO_NET_PAIR_H
#define GOD_DEVICES_VIRTIO_NET_PAIR_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "devices/virtio/virtio.h"

struct net_frame;
struct net_link;

#define NET_PAIR_KEPT_MAX 64 /* buffers for one frame: of 1 KiB, for 64 KiB */

struct net_pair {
	struct virtio *virtio;
	unsigned number; /* of its queues: twice that, and the next */
	struct net_link *link;
	struct virtio_chain transmit;
	struct net_frame *backlog, **backlog_end;
	unsigned backlog_count;

	pthread_mutex_t lock; /* guards what is kept; virtio's is taken inside */
	unsigned kept_count;
	struct virtio_chain kept[NET_PAIR_KEPT_MAX];
};

void net_pair_init(struct net_pair *pair, struct virtio *virtio, unsigned number,
		   struct net_link *link);
void net_pair_destroy(struct net_pair *pair); /* the link stays */

/* A frame for the guest comes out of the link. `mergeable`: it may be in several buffers. */
void net_pair_receive(struct net_pair *pair, const uint8_t *frame, size_t len, bool mergeable);
/* The driver has given buffers. */
void net_pair_go_on(struct net_pair *pair, bool mergeable);
/* Drop what waits for buffers. */
void net_pair_forget(struct net_pair *pair);

/* Send what the driver has to send. */
void net_pair_transmit(struct net_pair *pair);

/* For virtio_ops.stop: let go of the receive queue's buffers. Any thread. */
void net_pair_stop(struct net_pair *pair);

#endif
