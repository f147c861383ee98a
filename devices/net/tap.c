/*
 * A tap interface: frames to and from the host's kernel, with virtio's header before them, so that partial
 * checksums and large segments pass as they are (Linux, Documentation/networking/tuntap.rst).
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/vm.h"
#include "devices/net/link.h"

#define FRAMES_A_TURN 64 /* others want the thread, too */

struct tap {
	struct net_link link;
	int fd;
	bool watched, paused;
	struct deferred turn;
	uint8_t frame[NET_FRAME_MAX];
};

static void tap_send(struct net_link *link, const struct iovec *iov, unsigned count, size_t len)
{
	const struct tap *tap = (struct tap *)link;

	(void)len;
	/* As on any network, what cannot be sent now is lost. */
	while (writev(tap->fd, iov, (int)count) < 0 && errno == EINTR)
		;
}

static void watch_again(struct tap *tap)
{
	loop_rewatch(tap->link.vm->loop, tap->fd, tap->paused ? 0 : EPOLLIN);
}

/* The thread that may call into devices. */
static void tap_turn(void *owner)
{
	struct tap *tap = owner;

	for (unsigned i = 0; i < FRAMES_A_TURN && !tap->paused; i++) {
		ssize_t len = read(tap->fd, tap->frame, sizeof(tap->frame));

		if (len < 0 && errno != EINTR)
			break;
		if (len >= (ssize_t)sizeof(struct net_header))
			tap->link.peer.receive(tap->link.peer.owner, tap->frame, (size_t)len);
	}
	watch_again(tap);
}

/* The loop thread. */
static void tap_event(void *owner, uint32_t events)
{
	struct tap *tap = owner;

	(void)events;
	net_link_turn(&tap->link, tap->fd, &tap->turn);
}

static void tap_pause(struct net_link *link, bool pause)
{
	struct tap *tap = (struct tap *)link;

	tap->paused = pause;
	watch_again(tap);
}

/* Its queue takes part in what the kernel spreads over all of them, or does not. */
static int set_queue(const struct tap *tap, bool attach)
{
	struct ifreq request = {.ifr_flags = attach ? IFF_ATTACH_QUEUE : IFF_DETACH_QUEUE};

	return ioctl(tap->fd, TUNSETQUEUE, &request);
}

/* While it does not, its descriptor is in error, which is not to be looked at. */
static void tap_enable(struct net_link *link, bool enable)
{
	if (set_queue((struct tap *)link, enable) == 0 || !enable)
		tap_pause(link, !enable);
}

static void tap_set_offload(struct net_link *link, const struct net_offload *offload)
{
	const struct tap *tap = (struct tap *)link;
	unsigned long flags = 0;

	if (offload->checksum)
		flags = TUN_F_CSUM | (offload->tso4 ? TUN_F_TSO4 : 0) |
			(offload->tso6 ? TUN_F_TSO6 : 0);
	ioctl(tap->fd, TUNSETOFFLOAD, flags); /* refused: whole frames are right as well */
}

static void tap_destroy(struct net_link *link)
{
	struct tap *tap = (struct tap *)link;

	if (tap->watched) {
		loop_unwatch(link->vm->loop, tap->fd);
		loop_drain(link->vm->loop); /* a turn that was deferred */
	}
	if (tap->fd >= 0)
		close(tap->fd);
	free(tap);
}

static const struct net_link_ops tap_ops = {
	.send = tap_send,
	.pause = tap_pause,
	.set_offload = tap_set_offload,
	.destroy = tap_destroy,
};

static const struct net_link_ops tap_other_ops = {
	.send = tap_send,
	.pause = tap_pause,
	.enable = tap_enable,
	.destroy = tap_destroy,
};

static int open_interface(struct tap *tap, const char *name, short flags, struct error *err)
{
	struct ifreq request = {.ifr_flags = (short)(IFF_TAP | IFF_NO_PI | IFF_VNET_HDR | flags)};
	int header = sizeof(struct net_header);

	if (strlen(name) >= sizeof(request.ifr_name))
		return error_set(err, ERROR_USAGE, "%s: no name of an interface is so long", name);
	strcpy(request.ifr_name, name);
	tap->fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (tap->fd < 0)
		return error_set_errno(err, errno, "/dev/net/tun");
	if (ioctl(tap->fd, TUNSETIFF, &request) < 0)
		return error_set_errno(err, errno, "network interface %s", name);
	if (ioctl(tap->fd, TUNSETVNETHDRSZ, &header) < 0)
		return error_set_errno(err, errno, "network interface %s: TUNSETVNETHDRSZ", name);
	if (loop_watch(tap->link.vm->loop, tap->fd, 0, tap_event, tap, err))
		return -1;
	tap->watched = true;
	return 0;
}

static struct tap *new_tap(struct vm *vm, const struct net_link_ops *ops)
{
	struct tap *tap = calloc(1, sizeof(*tap));

	if (!tap)
		return NULL;
	tap->link = (struct net_link){.ops = ops, .vm = vm, .can_offload = true};
	tap->turn = (struct deferred){.run = tap_turn, .owner = tap};
	tap->paused = true;
	tap->fd = -1;
	return tap;
}

static int open_queue(struct net_link **link, struct vm *vm, const char *name, bool is_first,
		      short flags, struct error *err)
{
	struct tap *tap = new_tap(vm, is_first ? &tap_ops : &tap_other_ops);

	if (!tap)
		return error_set(err, ERROR_NO_MEMORY, "no memory for a network");
	*link = &tap->link;
	if (open_interface(tap, name, flags, err))
		return -1;
	if (!is_first && set_queue(tap, false))
		return error_set_errno(err, errno, "network interface %s: TUNSETQUEUE", name);
	return 0;
}

int net_tap_open(struct net_link **links, unsigned count, struct vm *vm, const char *name,
		 struct error *err)
{
	const short flags = count > 1 ? IFF_MULTI_QUEUE : 0;
	int failed = 0;

	for (unsigned i = 0; i < count; i++)
		links[i] = NULL;
	for (unsigned i = 0; !failed && i < count; i++)
		failed = open_queue(&links[i], vm, name, i == 0, flags, err);
	for (unsigned i = 0; failed && i < count; i++)
		net_link_destroy(links[i]);
	return failed;
}
