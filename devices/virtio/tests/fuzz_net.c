/* Fuzz target of the network device: each frame that the guest sends comes back to it. */
#include "devices/net/link.h"
#include "devices/virtio/net.h"
#include "devices/virtio/tests/fuzz_device.h"

static uint8_t frame[NET_FRAME_MAX];
static size_t frame_len;
static struct net_link cable;

static void run_echo(void *owner)
{
	(void)owner;
	cable.peer.receive(cable.peer.owner, frame, frame_len);
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
	vm_defer(to->vm, &echo);
}

static void echo_pause(struct net_link *to, bool pause)
{
	(void)to;
	(void)pause;
}

static const struct net_link_ops echo_ops = {.send = echo_send, .pause = echo_pause};

static int create(struct vm *vm, const struct virtio_slot *slot)
{
	static const uint8_t mac[VIRTIO_NET_MAC_SIZE] = {0x52, 0x54};

	cable = (struct net_link){.ops = &echo_ops, .vm = vm, .can_offload = true};
	return virtio_net_create(vm, slot, &cable, mac, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_run(create, data, size);
}
