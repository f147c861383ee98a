/*
 * What the guest transmits goes into the link; what comes out of the link goes into the buffers of the receive
 * queue, into several of them if the driver can have a frame so (mergeable buffers, 5.1.6.3).
 *
 * When the driver has no buffers left, frames wait in a backlog, the link is asked to pause, and what
 * comes all the same is lost when the backlog is full. Buffers that were taken and are not enough for the next frame
 * are kept for it; they are given up when the driver stops the queue.
 */
#include "devices/virtio/net_pair.h"

#include <stdlib.h>
#include <string.h>

#include "devices/net/link.h"

#define HEADER_SIZE sizeof(struct net_header)
#define BACKLOG_MAX 512 /* frames */

struct net_frame {
	struct net_frame *next;
	size_t len;
	uint8_t bytes[];
};

static unsigned receive_queue(const struct net_pair *pair)
{
	return 2 * pair->number;
}

static unsigned transmit_queue(const struct net_pair *pair)
{
	return 2 * pair->number + 1;
}

/* --- Receiving --- */

/* Have buffers for `len` bytes at hand. How many, or 0: there are not enough. Lock held. */
static unsigned gather(struct net_pair *pair, size_t len, bool mergeable)
{
	uint64_t room = 0;

	for (unsigned i = 0; i < (mergeable ? NET_PAIR_KEPT_MAX : 1); i++) {
		if (i == pair->kept_count) {
			if (!virtio_take(pair->virtio, receive_queue(pair), &pair->kept[i]))
				return 0;
			pair->kept_count++;
		}
		room += pair->kept[i].in_len;
		if (room >= len)
			return i + 1;
	}
	return 0;
}

/* They have come back used, all of them or the first few. Lock held. */
static void give_back(struct net_pair *pair, unsigned count)
{
	pair->kept_count -= count;
	memmove(pair->kept, pair->kept + count, pair->kept_count * sizeof(pair->kept[0]));
}

static void fill(struct net_pair *pair, const uint8_t *frame, size_t len, unsigned count)
{
	size_t done = 0;

	for (unsigned i = 0; i < count; i++) {
		size_t here = chain_write(&pair->kept[i], 0, frame + done, len - done);

		/* 5.1.6.3.1: the header, with the number of buffers, is in the first of them. */
		if (i == 0) {
			uint16_t buffers = (uint16_t)count;

			chain_write(&pair->kept[0], offsetof(struct net_header, num_buffers),
				    &buffers, sizeof(buffers));
		}
		virtio_put(pair->virtio, receive_queue(pair), &pair->kept[i], (uint32_t)here);
		done += here;
	}
	give_back(pair, count);
}

enum delivery { DELIVERED, NO_ROOM };

/* A frame that one buffer cannot hold, of a driver that gives no others, is lost. */
static enum delivery deliver(struct net_pair *pair, const uint8_t *frame, size_t len,
			     bool mergeable)
{
	enum delivery delivery = DELIVERED;
	unsigned count;

	pthread_mutex_lock(&pair->lock);
	count = gather(pair, len, mergeable);
	if (count)
		fill(pair, frame, len, count);
	else if (pair->kept_count < (mergeable ? NET_PAIR_KEPT_MAX : 1))
		delivery = NO_ROOM;
	pthread_mutex_unlock(&pair->lock);
	return delivery;
}

static struct net_frame *take_frame(struct net_pair *pair)
{
	struct net_frame *frame = pair->backlog;

	pair->backlog = frame->next;
	if (!pair->backlog)
		pair->backlog_end = &pair->backlog;
	pair->backlog_count--;
	return frame;
}

void net_pair_forget(struct net_pair *pair)
{
	while (pair->backlog)
		free(take_frame(pair));
}

static void wait_in_backlog(struct net_pair *pair, const uint8_t *bytes, size_t len)
{
	struct net_frame *frame = NULL;

	if (pair->backlog_count < BACKLOG_MAX)
		frame = malloc(sizeof(*frame) + len);
	if (!frame)
		return;
	frame->next = NULL;
	frame->len = len;
	memcpy(frame->bytes, bytes, len);
	*pair->backlog_end = frame;
	pair->backlog_end = &frame->next;
	pair->backlog_count++;
	pair->link->ops->pause(pair->link, true);
}

void net_pair_receive(struct net_pair *pair, const uint8_t *bytes, size_t len, bool mergeable)
{
	if (pair->backlog || deliver(pair, bytes, len, mergeable) == NO_ROOM)
		wait_in_backlog(pair, bytes, len);
	else
		virtio_signal(pair->virtio, receive_queue(pair));
}

void net_pair_go_on(struct net_pair *pair, bool mergeable)
{
	bool waited = pair->backlog;

	while (pair->backlog &&
	       deliver(pair, pair->backlog->bytes, pair->backlog->len, mergeable) == DELIVERED)
		free(take_frame(pair));
	if (!waited)
		return;
	virtio_signal(pair->virtio, receive_queue(pair));
	if (!pair->backlog)
		pair->link->ops->pause(pair->link, false);
}

/* --- Transmitting --- */

void net_pair_transmit(struct net_pair *pair)
{
	struct virtio_chain *chain = &pair->transmit;

	while (virtio_take(pair->virtio, transmit_queue(pair), chain)) {
		if (chain->out_len > HEADER_SIZE && chain->out_len <= NET_FRAME_MAX)
			pair->link->ops->send(pair->link, chain->iov, chain->out_count,
					      chain->out_len);
		virtio_put(pair->virtio, transmit_queue(pair), chain, 0);
	}
	virtio_signal(pair->virtio, transmit_queue(pair));
}

/* --- Life --- */

void net_pair_stop(struct net_pair *pair)
{
	pthread_mutex_lock(&pair->lock);
	for (unsigned i = 0; i < pair->kept_count; i++)
		virtio_put(pair->virtio, receive_queue(pair), &pair->kept[i], 0);
	pair->kept_count = 0;
	pthread_mutex_unlock(&pair->lock);
}

void net_pair_init(struct net_pair *pair, struct virtio *virtio, unsigned number,
		   struct net_link *link)
{
	pair->virtio = virtio;
	pair->number = number;
	pair->link = link;
	pair->backlog_end = &pair->backlog;
	pthread_mutex_init(&pair->lock, NULL);
}

void net_pair_destroy(struct net_pair *pair)
{
	net_pair_forget(pair);
	pthread_mutex_destroy(&pair->lock);
}
