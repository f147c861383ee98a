/*
 * User-mode networking by libslirp: a TCP/IP stack in this process, whose other side is ordinary sockets.
 *
 * libslirp has no thread and no loop. It is called, and then says for which descriptors it waits, and
 * for how long. The descriptors stand in an epoll instance of its own, which is one descriptor to the VM's
 * loop; what changes between two calls is all that is told to the kernel. The time is a timer of the
 * VM's clock.
 */
#include "devices/net/link.h"

#ifdef HAVE_LIBSLIRP

#include <arpa/inet.h>
#include <errno.h>
#include <slirp/libslirp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "core/vm.h"

#define CONFIG_VERSION 4
#define SOCKETS_MAX    1024
#define EVENTS_A_TURN  64
#define NS_PER_MS      1000000ULL

#define NETWORK(d) htonl(0x0a000200u | (d)) /* 10.0.2.d */

/* A descriptor that libslirp waits for. */
struct waited {
	int fd;
	int events;  /* SLIRP_POLL_* */
	int revents; /* the same, of those that are there */
	bool kept;   /* it is still waited for, by the latest list */
};

struct user {
	struct net_link link;
	Slirp *slirp;
	int epoll_fd;
	bool watched;
	_Atomic bool closing;
	struct deferred turn;
	struct clock_timer timeout;  /* until libslirp wants to be called at the latest */
	struct clock_timer announce; /* its own timer: router advertisements of IPv6 */
	void *announce_owner;
	struct waited waited[SOCKETS_MAX];
	unsigned count;
	uint8_t frame[NET_FRAME_MAX];
};

/* --- Descriptors --- */

static uint32_t to_epoll(int events)
{
	return (events & SLIRP_POLL_IN ? EPOLLIN : 0) | (events & SLIRP_POLL_OUT ? EPOLLOUT : 0) |
	       (events & SLIRP_POLL_PRI ? EPOLLPRI : 0);
}

static int from_epoll(uint32_t events)
{
	return (events & EPOLLIN ? SLIRP_POLL_IN : 0) | (events & EPOLLOUT ? SLIRP_POLL_OUT : 0) |
	       (events & EPOLLPRI ? SLIRP_POLL_PRI : 0) | (events & EPOLLERR ? SLIRP_POLL_ERR : 0) |
	       (events & EPOLLHUP ? SLIRP_POLL_HUP : 0);
}

static struct waited *find(struct user *user, int fd)
{
	for (unsigned i = 0; i < user->count; i++)
		if (user->waited[i].fd == fd)
			return &user->waited[i];
	return NULL;
}

static void forget(struct user *user, struct waited *waited)
{
	epoll_ctl(user->epoll_fd, EPOLL_CTL_DEL, waited->fd, NULL);
	*waited = user->waited[--user->count];
}

static void want(struct user *user, struct waited *waited, int op, int events)
{
	struct epoll_event event = {.events = to_epoll(events), .data.fd = waited->fd};

	epoll_ctl(user->epoll_fd, op, waited->fd, &event);
	waited->events = events;
	waited->kept = true;
}

/* SlirpAddPollCb. The index is the descriptor itself. */
static int add_poll(int fd, int events, void *opaque)
{
	struct user *user = opaque;
	struct waited *waited = find(user, fd);

	if (waited) {
		if (waited->events != events)
			want(user, waited, EPOLL_CTL_MOD, events);
		waited->kept = true;
		return fd;
	}
	if (user->count == SOCKETS_MAX)
		return -1;
	waited = &user->waited[user->count++];
	*waited = (struct waited){.fd = fd};
	want(user, waited, EPOLL_CTL_ADD, events);
	return fd;
}

/* SlirpGetREventsCb */
static int get_revents(int fd, void *opaque)
{
	const struct waited *waited = find(opaque, fd);

	return waited ? waited->revents : 0;
}

/* It will be closed: another one may get its number. */
static void unregister_fd(int fd, void *opaque)
{
	struct waited *waited = find(opaque, fd);

	if (waited)
		forget(opaque, waited);
}

static void register_fd(int fd, void *opaque)
{
	(void)fd;
	(void)opaque;
}

/* --- Turns --- */

/* After libslirp was called: what does it wait for now? */
static void await(struct user *user)
{
	struct clock *clock = &user->link.vm->clock;
	uint32_t ms = UINT32_MAX;

	for (unsigned i = 0; i < user->count; i++)
		user->waited[i].kept = false;
	slirp_pollfds_fill(user->slirp, &ms, add_poll, user);
	for (unsigned i = user->count; i-- > 0;)
		if (!user->waited[i].kept)
			forget(user, &user->waited[i]);
	if (ms == UINT32_MAX)
		clock_timer_disarm(clock, &user->timeout);
	else
		clock_timer_arm(clock, &user->timeout,
				clock_counter(clock) + clock_ns_to_ticks(ms * NS_PER_MS));
	loop_rewatch(user->link.vm->loop, user->epoll_fd, EPOLLIN);
}

/* The deferred task, and the timer. */
static void user_turn(void *owner)
{
	struct user *user = owner;
	struct epoll_event events[EVENTS_A_TURN];
	int count;

	if (user->closing)
		return;
	count = epoll_wait(user->epoll_fd, events, EVENTS_A_TURN, 0);
	for (unsigned i = 0; i < user->count; i++)
		user->waited[i].revents = 0;
	for (int i = 0; i < count; i++) {
		struct waited *waited = find(user, events[i].data.fd);

		if (waited)
			waited->revents = from_epoll(events[i].events);
	}
	slirp_pollfds_poll(user->slirp, count < 0, get_revents, user);
	await(user);
}

/* The loop thread. */
static void user_event(void *owner, uint32_t events)
{
	struct user *user = owner;

	(void)events;
	net_link_turn(&user->link, user->epoll_fd, &user->turn);
}

/* --- libslirp's callbacks --- */

static ssize_t send_packet(const void *bytes, size_t len, void *opaque)
{
	struct user *user = opaque;
	const size_t header = sizeof(struct net_header);

	if (len > sizeof(user->frame) - header || !user->link.peer.receive)
		return (ssize_t)len;
	memset(user->frame, 0, header);
	memcpy(user->frame + header, bytes, len);
	user->link.peer.receive(user->link.peer.owner, user->frame, header + len);
	return (ssize_t)len;
}

static void guest_error(const char *message, void *opaque)
{
	(void)message;
	(void)opaque;
}

static int64_t clock_ns(void *opaque)
{
	const struct user *user = opaque;

	return (int64_t)clock_ticks_to_ns(clock_counter(&user->link.vm->clock));
}

/* There is one timer (SLIRP_TIMER_RA). */
static void *timer_new(SlirpTimerId id, void *owner, void *opaque)
{
	struct user *user = opaque;

	(void)id;
	user->announce_owner = owner;
	return &user->announce;
}

static void timer_free(void *timer, void *opaque)
{
	struct user *user = opaque;

	clock_timer_disarm(&user->link.vm->clock, timer);
}

static void timer_mod(void *timer, int64_t expire_ms, void *opaque)
{
	struct user *user = opaque;

	clock_timer_arm(&user->link.vm->clock, timer,
			clock_ns_to_ticks((uint64_t)expire_ms * NS_PER_MS));
}

static void announce(void *owner)
{
	struct user *user = owner;

	if (user->closing)
		return;
	slirp_handle_timer(user->slirp, SLIRP_TIMER_RA, user->announce_owner);
	await(user);
}

/* A buffer of TCP's has room: its descriptor may be waited for again. */
static void notify(void *opaque)
{
	struct user *user = opaque;

	vm_defer(user->link.vm, &user->turn);
}

/* --- The link --- */

static void user_send(struct net_link *link, const struct iovec *iov, unsigned count, size_t len)
{
	struct user *user = (struct user *)link;
	static const size_t header = sizeof(struct net_header);
	uint8_t frame[NET_FRAME_MAX];
	size_t done = 0;

	if (len > sizeof(frame) || len <= header)
		return;
	for (unsigned i = 0; i < count; i++) {
		memory_copy(frame + done, iov[i].iov_base, iov[i].iov_len);
		done += iov[i].iov_len;
	}
	slirp_input(user->slirp, frame + header, (int)(done - header));
	vm_defer(link->vm, &user->turn);
}

/* libslirp has nothing to be paused with: the peer keeps what it can, and TCP repeats the rest. */
static void user_pause(struct net_link *link, bool pause)
{
	(void)link;
	(void)pause;
}

static void remove_timers(struct user *user)
{
	clock_timer_remove(&user->link.vm->clock, &user->timeout);
	clock_timer_remove(&user->link.vm->clock, &user->announce);
}

/* A turn that is in the middle of its work may still defer another, which then does nothing. */
static void user_destroy(struct net_link *link)
{
	struct user *user = (struct user *)link;
	struct loop *loop = link->vm->loop;

	user->closing = true;
	if (user->watched)
		loop_unwatch(loop, user->epoll_fd);
	remove_timers(user);
	loop_drain(loop);
	loop_drain(loop);
	remove_timers(user);
	if (user->slirp)
		slirp_cleanup(user->slirp);
	if (user->epoll_fd >= 0)
		close(user->epoll_fd);
	free(user);
}

static const struct net_link_ops user_ops = {
	.send = user_send,
	.pause = user_pause,
	.destroy = user_destroy,
};

static const SlirpCb callbacks = {
	.send_packet = send_packet,
	.guest_error = guest_error,
	.clock_get_ns = clock_ns,
	.timer_free = timer_free,
	.timer_mod = timer_mod,
	.register_poll_fd = register_fd,
	.unregister_poll_fd = unregister_fd,
	.notify = notify,
	.timer_new_opaque = timer_new,
};

static int add_forward(struct user *user, const struct net_forward *forward, struct error *err)
{
	const struct in_addr host = {htonl(forward->host_address)};
	const struct in_addr guest = {htonl(forward->guest_address)};

	if (slirp_add_hostfwd(user->slirp, forward->udp, host, forward->host_port, guest,
			      forward->guest_port) == 0)
		return 0;
	error_set_errno(err, errno, "cannot forward port %u of the host's", forward->host_port);
	return -1;
}

static int start(struct user *user, const struct net_forward *forwards, unsigned count,
		 struct error *err)
{
	const SlirpConfig config = {
		.version = CONFIG_VERSION,
		.in_enabled = true,
		.vnetwork.s_addr = NETWORK(0),
		.vnetmask.s_addr = htonl(0xffffff00u),
		.vhost.s_addr = NETWORK(2),
		.vnameserver.s_addr = NETWORK(3),
		.vdhcp_start.s_addr = NETWORK(15),
		.in6_enabled = true,
		.vprefix_addr6.s6_addr = {0xfe, 0xc0},
		.vprefix_len = 64,
		.vhost6.s6_addr = {0xfe, 0xc0, [15] = 2},
		.vnameserver6.s6_addr = {0xfe, 0xc0, [15] = 3},
	};

	user->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (user->epoll_fd < 0)
		return error_set_errno(err, errno, "cannot create an epoll instance");
	user->slirp = slirp_new(&config, &callbacks, user);
	if (!user->slirp)
		return error_set(err, ERROR_INTERNAL, "libslirp does not start");
	for (unsigned i = 0; i < count; i++)
		if (add_forward(user, &forwards[i], err))
			return -1;
	if (loop_watch(user->link.vm->loop, user->epoll_fd, 0, user_event, user, err))
		return -1;
	user->watched = true;
	vm_defer(user->link.vm, &user->turn);
	return 0;
}

int net_user_open(struct net_link **link, struct vm *vm, const struct net_forward *forwards,
		  unsigned count, struct error *err)
{
	struct user *user = calloc(1, sizeof(*user));

	if (!user)
		return error_set(err, ERROR_NO_MEMORY, "no memory for a network");
	user->link = (struct net_link){.ops = &user_ops, .vm = vm};
	user->turn = (struct deferred){.run = user_turn, .owner = user};
	user->epoll_fd = -1;
	clock_timer_init(&user->timeout, user_turn, user);
	clock_timer_init(&user->announce, announce, user);
	if (start(user, forwards, count, err)) {
		user_destroy(&user->link);
		return -1;
	}
	*link = &user->link;
	return 0;
}

#else

int net_user_open(struct net_link **link, struct vm *vm, const struct net_forward *forwards,
		  unsigned count, struct error *err)
{
	(void)link;
	(void)vm;
	(void)forwards;
	(void)count;
	return error_set(err, ERROR_UNAVAILABLE,
			 "this god was built without libslirp: no user-mode network");
}

#endif
