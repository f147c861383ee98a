/*
 * Messages: a header, a payload whose form the request gives, and descriptors beside it. Only those
 * messages that say so are answered; they carry the request's number back.
 */
#include "devices/virtio/vhost_user.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "core/memory.h"
#include "devices/virtio/vhost_ring.h"

enum request {
	GET_FEATURES = 1,
	SET_FEATURES = 2,
	SET_OWNER = 3,
	SET_MEM_TABLE = 5,
	SET_VRING_NUM = 8,
	SET_VRING_ADDR = 9,
	SET_VRING_BASE = 10,
	GET_VRING_BASE = 11,
	SET_VRING_KICK = 12,
	SET_VRING_CALL = 13,
	SET_VRING_ERR = 14,
	GET_PROTOCOL_FEATURES = 15,
	SET_PROTOCOL_FEATURES = 16,
	SET_VRING_ENABLE = 18,
};

#define FLAGS_VERSION 1u
#define FLAGS_REPLY   4u

#define FEATURE_PROTOCOL_FEATURES (1ULL << 30)

struct header {
	uint32_t request, flags, size;
};

struct message {
	struct header header;
	union {
		uint64_t number;
		struct {
			uint32_t index, number;
		} ring;
		struct {
			uint32_t index, flags;
			uint64_t descriptors, used, available, log;
		} addresses;
		struct {
			uint32_t count, padding;
			uint64_t guest, size, user, offset; /* the one region */
		} memory;
	};
} __attribute__((packed));

#define PAYLOAD offsetof(struct message, number)

static int lost(struct error *err)
{
	return error_set(err, ERROR_OS, "the vhost-user back end has gone");
}

/* With a descriptor, unless that is -1. */
static int send_message(struct vhost_user *vhost, enum request request, struct message *message,
			size_t payload, int fd, struct error *err)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {.bytes = {0}};
	struct iovec iov = {message, PAYLOAD + payload};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
	ssize_t sent;

	message->header = (struct header){request, FLAGS_VERSION, (uint32_t)payload};
	if (fd >= 0) {
		msg.msg_control = control.bytes;
		msg.msg_controllen = sizeof(control.bytes);
		control.header.cmsg_len = CMSG_LEN(sizeof(int));
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	}
	do
		sent = sendmsg(vhost->fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (sent < 0 && errno == EINTR);
	/* These are small: all of it, or the other side has not read for long. */
	return sent == (ssize_t)iov.iov_len ? 0 : lost(err);
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Something, or the end, is there to be received. */
static bool await_bytes(int fd, int64_t deadline)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
	int64_t left;
	int count;

	do {
		left = deadline - now_ms();
		count = left > 0 ? poll(&poll_fd, 1, (int)left) : 0;
	} while (count < 0 && errno == EINTR);
	return count > 0;
}

static int receive_all(int fd, void *bytes, size_t len, int64_t deadline, struct error *err)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n;

		if (!await_bytes(fd, deadline))
			return error_set(err, ERROR_OS, "the vhost-user back end does not answer");
		n = recv(fd, (uint8_t *)bytes + done, len - done, MSG_DONTWAIT);
		if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
			return lost(err);
		if (n > 0)
			done += (size_t)n;
	}
	return 0;
}

static int receive_reply(struct vhost_user *vhost, enum request request, struct message *message,
			 size_t payload, struct error *err)
{
	int64_t deadline = now_ms() + vhost->patience_ms;

	if (receive_all(vhost->fd, &message->header, sizeof(message->header), deadline, err))
		return -1;
	if (message->header.request != request || !(message->header.flags & FLAGS_REPLY) ||
	    message->header.size != payload)
		return error_set(err, ERROR_OS, "the vhost-user back end answers something else");
	return receive_all(vhost->fd, &message->number, payload, deadline, err);
}

static int set_number(struct vhost_user *vhost, enum request request, uint64_t number, int fd,
		      struct error *err)
{
	struct message message = {.number = number};

	return send_message(vhost, request, &message, sizeof(message.number), fd, err);
}

static int get_number(struct vhost_user *vhost, enum request request, uint64_t *number,
		      struct error *err)
{
	struct message message = {.number = 0};

	if (send_message(vhost, request, &message, 0, -1, err) ||
	    receive_reply(vhost, request, &message, sizeof(message.number), err))
		return -1;
	*number = message.number;
	return 0;
}

static int set_ring(struct vhost_user *vhost, enum request request, unsigned index, uint32_t number,
		    struct error *err)
{
	struct message message = {.ring = {index, number}};

	return send_message(vhost, request, &message, sizeof(message.ring), -1, err);
}

int vhost_user_begin(struct vhost_user *vhost, int fd, struct error *err)
{
	struct message message = {.number = 0};
	uint64_t protocol;

	vhost->fd = fd;
	if (!vhost->patience_ms)
		vhost->patience_ms = VHOST_USER_PATIENCE_MS;
	if (get_number(vhost, GET_FEATURES, &vhost->features, err) ||
	    send_message(vhost, SET_OWNER, &message, 0, -1, err))
		return -1;
	vhost->has_protocol_features = vhost->features & FEATURE_PROTOCOL_FEATURES;
	if (!vhost->has_protocol_features)
		return 0;
	/* None of them is needed. */
	if (get_number(vhost, GET_PROTOCOL_FEATURES, &protocol, err))
		return -1;
	return set_number(vhost, SET_PROTOCOL_FEATURES, 0, -1, err);
}

void vhost_user_end(struct vhost_user *vhost)
{
	if (vhost->fd >= 0)
		close(vhost->fd);
	vhost->fd = -1;
}

int vhost_user_set_up(struct vhost_user *vhost, uint64_t features, const struct memory *memory,
		      struct error *err)
{
	struct message message = {
		.memory =
			{
				.count = 1,
				.guest = memory->base,
				.size = memory->size,
				.user = (uintptr_t)memory_at(memory, memory->base, memory->size),
			},
	};

	if (vhost->has_protocol_features)
		features |= FEATURE_PROTOCOL_FEATURES;
	if (set_number(vhost, SET_FEATURES, features, -1, err))
		return -1;
	return send_message(vhost, SET_MEM_TABLE, &message, sizeof(message.memory), memory->fd,
			    err);
}

int vhost_user_start_queue(struct vhost_user *vhost, unsigned index, const struct vhost_ring *ring,
			   struct error *err)
{
	struct message message = {
		.addresses =
			{
				.index = index,
				.descriptors = ring->descriptors,
				.available = ring->available,
				.used = ring->used,
			},
	};

	if (set_ring(vhost, SET_VRING_NUM, index, ring->size, err) ||
	    set_ring(vhost, SET_VRING_BASE, index, 0, err) ||
	    send_message(vhost, SET_VRING_ADDR, &message, sizeof(message.addresses), -1, err) ||
	    set_number(vhost, SET_VRING_CALL, index, ring->call_fd, err) ||
	    set_number(vhost, SET_VRING_ERR, index, ring->error_fd, err) ||
	    set_number(vhost, SET_VRING_KICK, index, ring->kick_fd, err))
		return -1;
	return vhost->has_protocol_features ? set_ring(vhost, SET_VRING_ENABLE, index, 1, err) : 0;
}

int vhost_user_stop_queue(struct vhost_user *vhost, unsigned index, struct error *err)
{
	struct message message = {.ring = {index, 0}};

	if (send_message(vhost, GET_VRING_BASE, &message, sizeof(message.ring), -1, err))
		return -1;
	return receive_reply(vhost, GET_VRING_BASE, &message, sizeof(message.ring), err);
}
