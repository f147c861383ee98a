/*
 * The network card. What the guest transmits goes into the link; what comes out of the link goes into
 * the buffers of the receive queue, into several of them if the driver can have a frame so (mergeable
 * buffers, 5.1.6.3).
 *
 * When the driver has no buffers left, frames wait in a backlog, the link is asked to pause, and what
 * comes all the same is lost when the backlog is full. Buffers that were taken and are not enough for the next frame
 * are kept for it; they are given up when the driver stops the queue.
 */
#include "devices/virtio/net.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/vm.h"
#include "devices/net/link.h"
#include "devices/virtio/virtio.h"

#define FEATURE_CSUM	      (1ULL << 0)
#define FEATURE_GUEST_CSUM    (1ULL << 1)
#define FEATURE_MAC	      (1ULL << 5)
#define FEATURE_GUEST_TSO4    (1ULL << 7)
#define FEATURE_GUEST_TSO6    (1ULL << 8)
#define FEATURE_HOST_TSO4     (1ULL << 11)
#define FEATURE_HOST_TSO6     (1ULL << 12)
#define FEATURE_MRG_RXBUF     (1ULL << 15)
#define FEATURE_STATUS	      (1ULL << 16)
#define FEATURE_CTRL_VQ	      (1ULL << 17)
#define FEATURE_CTRL_RX	      (1ULL << 18)
#define FEATURE_CTRL_MAC_ADDR (1ULL << 23)

#define FEATURES_ALWAYS                                                                         \
	(FEATURE_MAC | FEATURE_MRG_RXBUF | FEATURE_STATUS | FEATURE_CTRL_VQ | FEATURE_CTRL_RX | \
	 FEATURE_CTRL_MAC_ADDR)
#define FEATURES_OFFLOAD                                                               \
	(FEATURE_CSUM | FEATURE_GUEST_CSUM | FEATURE_GUEST_TSO4 | FEATURE_GUEST_TSO6 | \
	 FEATURE_HOST_TSO4 | FEATURE_HOST_TSO6)

#define QUEUE_RECEIVE  0
#define QUEUE_TRANSMIT 1
#define QUEUE_CONTROL  2
#define QUEUE_COUNT    3
#define QUEUE_SIZE     256

#define STATUS_LINK_UP 1

/* The control queue, 5.1.6.5. */
#define CLASS_RX     0
#define CLASS_MAC    1
#define MAC_ADDR_SET 1
#define ACK_OK	     0
#define ACK_ERROR    1

#define HEADER_SIZE sizeof(struct net_header)

#define BACKLOG_MAX 512 /* frames */
#define KEPT_MAX    64	/* buffers for one frame: of 1 KiB, for 64 KiB */

struct net_config {
	uint8_t mac[VIRTIO_NET_MAC_SIZE];
	uint16_t status;
};

struct frame {
	struct frame *next;
	size_t len;
	uint8_t bytes[];
};

struct net {
	struct virtio virtio;
	struct virtio_state state;
	struct net_link *link;
	uint8_t mac[VIRTIO_NET_MAC_SIZE];
	_Atomic bool is_new; /* the driver has reset the device */
	struct virtio_chain transmit;
	struct virtio_chain control;

	/* The thread that may call into devices alone. */
	struct frame *backlog, **backlog_end;
	unsigned backlog_count;

	pthread_mutex_t lock; /* guards what is kept; virtio's is taken inside */
	unsigned kept_count;
	struct virtio_chain kept[KEPT_MAX];
};

/* --- Receiving --- */

/* Have buffers for `len` bytes at hand. How many, or 0: there are not enough. Lock held. */
static unsigned gather(struct net *net, size_t len, bool mergeable)
{
	uint64_t room = 0;

	for (unsigned i = 0; i < (mergeable ? KEPT_MAX : 1); i++) {
		if (i == net->kept_count) {
			if (!virtio_take(&net->virtio, QUEUE_RECEIVE, &net->kept[i]))
				return 0;
			net->kept_count++;
		}
		room += net->kept[i].in_len;
		if (room >= len)
			return i + 1;
	}
	return 0;
}

/* They have come back used, all of them or the first few. Lock held. */
static void give_back(struct net *net, unsigned count)
{
	net->kept_count -= count;
	memmove(net->kept, net->kept + count, net->kept_count * sizeof(net->kept[0]));
}

static void fill(struct net *net, const uint8_t *frame, size_t len, unsigned count)
{
	size_t done = 0;

	for (unsigned i = 0; i < count; i++) {
		size_t here = chain_write(&net->kept[i], 0, frame + done, len - done);

		/* 5.1.6.3.1: the header, with the number of buffers, is in the first of them. */
		if (i == 0) {
			uint16_t buffers = (uint16_t)count;

			chain_write(&net->kept[0], offsetof(struct net_header, num_buffers),
				    &buffers, sizeof(buffers));
		}
		virtio_put(&net->virtio, QUEUE_RECEIVE, &net->kept[i], (uint32_t)here);
		done += here;
	}
	give_back(net, count);
}

enum delivery { DELIVERED, NO_ROOM };

/* A frame that one buffer cannot hold, of a driver that gives no others, is lost. */
static enum delivery deliver(struct net *net, const uint8_t *frame, size_t len)
{
	bool mergeable = virtio_has(&net->virtio, FEATURE_MRG_RXBUF);
	enum delivery delivery = DELIVERED;
	unsigned count;

	pthread_mutex_lock(&net->lock);
	count = gather(net, len, mergeable);
	if (count)
		fill(net, frame, len, count);
	else if (net->kept_count < (mergeable ? KEPT_MAX : 1))
		delivery = NO_ROOM;
	pthread_mutex_unlock(&net->lock);
	return delivery;
}

static struct frame *take_frame(struct net *net)
{
	struct frame *frame = net->backlog;

	net->backlog = frame->next;
	if (!net->backlog)
		net->backlog_end = &net->backlog;
	net->backlog_count--;
	return frame;
}

/* What has waited for another driver is not for this one. */
static void begin_anew(struct net *net)
{
	struct net_offload offload = {
		.checksum = virtio_has(&net->virtio, FEATURE_GUEST_CSUM),
		.tso4 = virtio_has(&net->virtio, FEATURE_GUEST_TSO4),
		.tso6 = virtio_has(&net->virtio, FEATURE_GUEST_TSO6),
	};

	if (!virtio_has(&net->virtio, VIRTIO_F_VERSION_1) || !atomic_exchange(&net->is_new, false))
		return;
	while (net->backlog)
		free(take_frame(net));
	if (net->link->ops->set_offload)
		net->link->ops->set_offload(net->link, &offload);
	net->link->ops->pause(net->link, false);
}

static void wait_in_backlog(struct net *net, const uint8_t *bytes, size_t len)
{
	struct frame *frame = NULL;

	if (net->backlog_count < BACKLOG_MAX)
		frame = malloc(sizeof(*frame) + len);
	if (!frame)
		return;
	frame->next = NULL;
	frame->len = len;
	memcpy(frame->bytes, bytes, len);
	*net->backlog_end = frame;
	net->backlog_end = &frame->next;
	net->backlog_count++;
	net->link->ops->pause(net->link, true);
}

/* net_peer.receive. Nobody listens to the network before the driver does. */
static void net_receive(void *owner, const uint8_t *bytes, size_t len)
{
	struct net *net = owner;

	begin_anew(net);
	if (net->is_new)
		return;
	if (net->backlog || deliver(net, bytes, len) == NO_ROOM)
		wait_in_backlog(net, bytes, len);
	else
		virtio_signal(&net->virtio, QUEUE_RECEIVE);
}

static void flush_backlog(struct net *net)
{
	bool waited = net->backlog;

	while (net->backlog && deliver(net, net->backlog->bytes, net->backlog->len) == DELIVERED)
		free(take_frame(net));
	if (!waited)
		return;
	virtio_signal(&net->virtio, QUEUE_RECEIVE);
	if (!net->backlog)
		net->link->ops->pause(net->link, false);
}

/* --- Transmitting --- */

static void transmit(struct net *net)
{
	struct virtio_chain *chain = &net->transmit;

	while (virtio_take(&net->virtio, QUEUE_TRANSMIT, chain)) {
		if (chain->out_len > HEADER_SIZE && chain->out_len <= NET_FRAME_MAX)
			net->link->ops->send(net->link, chain->iov, chain->out_count,
					     chain->out_len);
		virtio_put(&net->virtio, QUEUE_TRANSMIT, chain, 0);
	}
	virtio_signal(&net->virtio, QUEUE_TRANSMIT);
}

/* --- Control --- */

static uint8_t set_mac(struct net *net, const struct virtio_chain *chain)
{
	struct net_config *config = (struct net_config *)net->state.config;
	uint8_t mac[VIRTIO_NET_MAC_SIZE];

	if (chain_read(chain, 2, mac, sizeof(mac)) < sizeof(mac))
		return ACK_ERROR;
	pthread_mutex_lock(&net->virtio.lock);
	memcpy(config->mac, mac, sizeof(mac));
	pthread_mutex_unlock(&net->virtio.lock);
	return ACK_OK;
}

/* Filters of what is received: 5.1.6.5.1 allows to let more through than was asked for. */
static uint8_t obey(struct net *net, const struct virtio_chain *chain)
{
	uint8_t command[2];

	if (chain_read(chain, 0, command, sizeof(command)) < sizeof(command))
		return ACK_ERROR;
	if (command[0] == CLASS_MAC && command[1] == MAC_ADDR_SET)
		return set_mac(net, chain);
	return command[0] == CLASS_RX || command[0] == CLASS_MAC ? ACK_OK : ACK_ERROR;
}

static void control(struct net *net)
{
	struct virtio_chain *chain = &net->control;

	while (virtio_take(&net->virtio, QUEUE_CONTROL, chain)) {
		uint8_t ack = obey(net, chain);

		virtio_put(&net->virtio, QUEUE_CONTROL, chain,
			   (uint32_t)chain_write(chain, 0, &ack, sizeof(ack)));
	}
	virtio_signal(&net->virtio, QUEUE_CONTROL);
}

static void net_notify(struct virtio *virtio, unsigned queue)
{
	struct net *net = (struct net *)virtio;

	begin_anew(net);
	if (queue == QUEUE_RECEIVE)
		flush_backlog(net);
	else if (queue == QUEUE_TRANSMIT)
		transmit(net);
	else
		control(net);
}

/* --- Life --- */

static void net_stop(struct virtio *virtio, unsigned queue)
{
	struct net *net = (struct net *)virtio;

	if (queue != QUEUE_RECEIVE)
		return;
	pthread_mutex_lock(&net->lock);
	for (unsigned i = 0; i < net->kept_count; i++)
		virtio_put(virtio, queue, &net->kept[i], 0);
	net->kept_count = 0;
	pthread_mutex_unlock(&net->lock);
}

static void net_reset(struct virtio *virtio)
{
	struct net *net = (struct net *)virtio;
	struct net_config config = {.status = STATUS_LINK_UP};

	memcpy(config.mac, net->mac, sizeof(config.mac));
	memcpy(virtio->state->config, &config, sizeof(config));
	net->is_new = true;
}

static void free_net(struct net *net)
{
	while (net->backlog)
		free(take_frame(net));
	pthread_mutex_destroy(&net->lock);
	free(net);
}

static void net_destroy(struct device *device)
{
	struct net *net = (struct net *)device;

	/* What the driver asked for uses the link until it is quiet; what comes in uses the device. */
	virtio_quiesce(&net->virtio);
	net_link_destroy(net->link);
	virtio_destroy(&net->virtio);
	free_net(net);
}

static const struct virtio_ops net_ops = {
	.device = VIRTIO_DEVICE_OPS("virtio-net", net_destroy),
	.id = VIRTIO_ID_NET,
	.notify = net_notify,
	.stop = net_stop,
	.reset = net_reset,
};

int virtio_net_create(struct vm *vm, const struct virtio_slot *slot, struct net_link *link,
		      const uint8_t mac[VIRTIO_NET_MAC_SIZE], struct error *err)
{
	struct net *net = calloc(1, sizeof(*net));
	const struct net_peer peer = {.receive = net_receive, .owner = net};

	if (!net) {
		net_link_destroy(link);
		return error_set(err, ERROR_NO_MEMORY, "no memory for a network device");
	}

	const struct virtio_setup setup = {
		.ops = &net_ops,
		.slot = slot,
		.state = &net->state,
		.state_size = sizeof(net->state),
		.features = FEATURES_ALWAYS | (link->can_offload ? FEATURES_OFFLOAD : 0),
		.queue_count = QUEUE_COUNT,
		.queue_size = QUEUE_SIZE,
		.config_size = sizeof(struct net_config),
	};

	net->link = link;
	net->backlog_end = &net->backlog;
	memcpy(net->mac, mac, sizeof(net->mac));
	pthread_mutex_init(&net->lock, NULL);
	if (virtio_init(&net->virtio, vm, &setup, err) < 0) {
		net_link_destroy(link);
		free_net(net);
		return -1;
	}
	net_link_connect(link, &peer);
	return 0;
}
