/* Fuzz target of the network device, on two links: each frame that the guest sends comes back to it. */
#include "devices/net/link.h"
#include "devices/virtio/net.h"
#include "devices/virtio/tests/fuzz_device.h"

static uint8_t frame[NET_FRAME_MAX];
static size_t frame_len;
static struct net_link cables[2];
static struct net_link *sender;

static void run_echo(void *owner)
{
	(void)owner;
	sender->peer.receive(sender->peer.owner, frame, frame_len);
}

static struct deferred echo = {.run = run_echo};

static void echo_send(struct net_link *to, const struct iovec *iov, unsigned count, size_t len)
{
	frame_len = 0;
	for (unsigned i = 0; i < count; i++) {
		memcpy(frame + frame_len, iov[i].iov_base, iov[i].iov_len);
		frame_len += iov[i].iov_len;
	}
	if (frame_len != len)
		abort();
	sender = to;
	vm_defer(to->vm, &echo);
}

static void echo_pause(struct net_link *to, bool pause)
{
	(void)to;
	(void)pause;
}

static const struct net_link_ops echo_ops[2] = {
	{.send = echo_send, .pause = echo_pause},
	{.send = echo_send, .pause = echo_pause, .enable = echo_pause},
};

static int create(struct vm *vm, const struct virtio_slot *slot)
{
	static const uint8_t mac[VIRTIO_NET_MAC_SIZE] = {0x52, 0x54};
	struct net_link *links[2];

	for (unsigned i = 0; i < 2; i++) {
		cables[i] = (struct net_link){.ops = &echo_ops[i], .vm = vm, .can_offload = true};
		links[i] = &cables[i];
	}
	return virtio_net_create(vm, slot, links, 2, mac, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_run(create, data, size);
}
