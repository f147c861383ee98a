/*
 * The network card: one pair of queues, or with VIRTIO_NET_F_MQ as many as its links are (net_pair.h), a
 * control queue, and the offloads that links and driver agree on.
 *
 * The driver begins with the first pair and says on the control queue how many it uses (5.1.6.5.5); the
 * host puts no frames into the links of the others. The control queue stands behind all pairs, but
 * for a driver without VIRTIO_NET_F_MQ behind the first (5.1.2).
 */
#include "devices/virtio/net.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/vm.h"
#include "devices/net/link.h"
#include "devices/virtio/net_pair.h"
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
#define FEATURE_MQ	      (1ULL << 22)
#define FEATURE_CTRL_MAC_ADDR (1ULL << 23)

#define FEATURES_ALWAYS                                                                         \
	(FEATURE_MAC | FEATURE_MRG_RXBUF | FEATURE_STATUS | FEATURE_CTRL_VQ | FEATURE_CTRL_RX | \
	 FEATURE_CTRL_MAC_ADDR)
#define FEATURES_OFFLOAD                                                               \
	(FEATURE_CSUM | FEATURE_GUEST_CSUM | FEATURE_GUEST_TSO4 | FEATURE_GUEST_TSO6 | \
	 FEATURE_HOST_TSO4 | FEATURE_HOST_TSO6)

#define QUEUE_SIZE 256

static_assert(2 * VIRTIO_NET_PAIRS_MAX + 1 <= VIRTIO_QUEUES_MAX, "there are queues for all");

#define STATUS_LINK_UP 1

/* The control queue, 5.1.6.5. */
#define CLASS_RX     0
#define CLASS_MAC    1
#define CLASS_MQ     4
#define MAC_ADDR_SET 1
#define VQ_PAIRS_SET 0
#define ACK_OK	     0
#define ACK_ERROR    1

struct net_config {
	uint8_t mac[VIRTIO_NET_MAC_SIZE];
	uint16_t status;
	uint16_t pairs_max; /* with VIRTIO_NET_F_MQ */
};

struct net {
	struct virtio virtio;
	struct virtio_state state;
	uint8_t mac[VIRTIO_NET_MAC_SIZE];
	_Atomic bool is_new; /* the driver has reset the device */
	struct virtio_chain control;
	unsigned active; /* pairs in use; the thread that may call into devices alone */
	unsigned count;
	struct net_pair pairs[];
};

static bool is_mergeable(struct net *net)
{
	return virtio_has(&net->virtio, FEATURE_MRG_RXBUF);
}

/* --- Links --- */

/* The first `count` pairs are in use from now on. */
static void activate(struct net *net, unsigned count)
{
	for (unsigned i = 1; i < net->count; i++) {
		struct net_link *link = net->pairs[i].link;

		if ((i < count) == (i < net->active))
			continue;
		net_pair_forget(&net->pairs[i]);
		link->ops->enable(link, i < count);
	}
	net->active = count;
}

/* What has waited for another driver is not for this one. */
static void begin_anew(struct net *net)
{
	struct net_link *first = net->pairs[0].link;
	struct net_offload offload = {
		.checksum = virtio_has(&net->virtio, FEATURE_GUEST_CSUM),
		.tso4 = virtio_has(&net->virtio, FEATURE_GUEST_TSO4),
		.tso6 = virtio_has(&net->virtio, FEATURE_GUEST_TSO6),
	};

	if (!virtio_has(&net->virtio, VIRTIO_F_VERSION_1) || !atomic_exchange(&net->is_new, false))
		return;
	net_pair_forget(&net->pairs[0]);
	activate(net, 1);
	/* The links are of one interface. */
	if (first->ops->set_offload)
		first->ops->set_offload(first, &offload);
	first->ops->pause(first, false);
}

/* net_peer.receive. Nobody listens to the network before the driver does. */
static void net_receive(void *owner, const uint8_t *bytes, size_t len)
{
	struct net_pair *pair = owner;
	struct net *net = (struct net *)pair->virtio;

	begin_anew(net);
	if (!net->is_new && pair->number < net->active)
		net_pair_receive(pair, bytes, len, is_mergeable(net));
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

static uint8_t set_pairs(struct net *net, const struct virtio_chain *chain)
{
	uint16_t count;

	if (!virtio_has(&net->virtio, FEATURE_MQ) ||
	    chain_read(chain, 2, &count, sizeof(count)) < sizeof(count) || !count ||
	    count > net->count)
		return ACK_ERROR;
	activate(net, count);
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
	if (command[0] == CLASS_MQ && command[1] == VQ_PAIRS_SET)
		return set_pairs(net, chain);
	return command[0] == CLASS_RX || command[0] == CLASS_MAC ? ACK_OK : ACK_ERROR;
}

static unsigned control_queue(struct net *net)
{
	return virtio_has(&net->virtio, FEATURE_MQ) ? 2 * net->count : 2;
}

static void control(struct net *net, unsigned queue)
{
	struct virtio_chain *chain = &net->control;

	while (virtio_take(&net->virtio, queue, chain)) {
		uint8_t ack = obey(net, chain);

		virtio_put(&net->virtio, queue, chain,
			   (uint32_t)chain_write(chain, 0, &ack, sizeof(ack)));
	}
	virtio_signal(&net->virtio, queue);
}

static void net_notify(struct virtio *virtio, unsigned queue)
{
	struct net *net = (struct net *)virtio;

	begin_anew(net);
	if (queue == control_queue(net))
		control(net, queue);
	else if (queue >= 2 * net->count)
		return; /* the driver does not know of it */
	else if (queue & 1)
		net_pair_transmit(&net->pairs[queue / 2]);
	else
		net_pair_go_on(&net->pairs[queue / 2], is_mergeable(net));
}

/* --- Life --- */

/* Nothing of a transmit or control queue stays in flight. */
static void net_stop(struct virtio *virtio, unsigned queue)
{
	struct net *net = (struct net *)virtio;

	if (queue % 2 == 0 && queue < 2 * net->count)
		net_pair_stop(&net->pairs[queue / 2]);
}

static void net_reset(struct virtio *virtio)
{
	struct net *net = (struct net *)virtio;
	struct net_config config = {.status = STATUS_LINK_UP, .pairs_max = (uint16_t)net->count};

	memcpy(config.mac, net->mac, sizeof(config.mac));
	memcpy(virtio->state->config, &config, sizeof(config));
	net->is_new = true;
}

static void destroy_links(struct net *net)
{
	for (unsigned i = 0; i < net->count; i++)
		net_link_destroy(net->pairs[i].link);
}

static void free_net(struct net *net)
{
	for (unsigned i = 0; i < net->count; i++)
		net_pair_destroy(&net->pairs[i]);
	free(net);
}

static void net_destroy(struct device *device)
{
	struct net *net = (struct net *)device;

	/* What the driver asked for uses the link until it is quiet; what comes in uses the device. */
	virtio_quiesce(&net->virtio);
	destroy_links(net);
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

static struct net *new_net(struct net_link *const *links, unsigned count,
			   const uint8_t mac[VIRTIO_NET_MAC_SIZE])
{
	struct net *net = calloc(1, sizeof(*net) + count * sizeof(net->pairs[0]));

	if (!net)
		return NULL;
	net->count = count;
	net->active = 1;
	memcpy(net->mac, mac, sizeof(net->mac));
	for (unsigned i = 0; i < count; i++)
		net_pair_init(&net->pairs[i], &net->virtio, i, links[i]);
	return net;
}

int virtio_net_create(struct vm *vm, const struct virtio_slot *slot, struct net_link *const *links,
		      unsigned count, const uint8_t mac[VIRTIO_NET_MAC_SIZE], struct error *err)
{
	struct net *net = new_net(links, count, mac);

	if (!net) {
		for (unsigned i = 0; i < count; i++)
			net_link_destroy(links[i]);
		return error_set(err, ERROR_NO_MEMORY, "no memory for a network device");
	}

	const struct virtio_setup setup = {
		.ops = &net_ops,
		.slot = slot,
		.state = &net->state,
		.state_size = sizeof(net->state),
		.features = FEATURES_ALWAYS | (links[0]->can_offload ? FEATURES_OFFLOAD : 0) |
			    (count > 1 ? FEATURE_MQ : 0),
		.queue_count = 2 * count + 1,
		.queue_size = QUEUE_SIZE,
		.config_size = sizeof(struct net_config),
	};

	if (virtio_init(&net->virtio, vm, &setup, err) < 0) {
		destroy_links(net);
		free_net(net);
		return -1;
	}
	for (unsigned i = 0; i < count; i++) {
		const struct net_peer peer = {.receive = net_receive, .owner = &net->pairs[i]};

		net_link_connect(links[i], &peer);
	}
	return 0;
}
