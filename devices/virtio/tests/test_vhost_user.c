/*
 * Our side of vhost-user, against back ends that behave, that answer something else, that answer half, that
 * have gone, and that say nothing.
 */
#include <criterion/criterion.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/memory.h"
#include "devices/virtio/vhost_ring.h"
#include "devices/virtio/vhost_user.h"

#define RAM	 0x40000000ULL
#define PROTOCOL (1ULL << 30)
#define REPLY	 5u /* version 1, and that it is one */

static struct vhost_user vhost;
static struct memory memory;
static struct error err;
static int back_end; /* its socket */

static void begin(void)
{
	int fds[2];

	cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	cr_assert_eq(memory_init(&memory, RAM, 4 * MEMORY_PAGE_SIZE, MEMORY_SHARED, &err), 0);
	vhost = (struct vhost_user){.fd = fds[0], .patience_ms = 200};
	back_end = fds[1];
}

static void end(void)
{
	vhost_user_end(&vhost);
	if (back_end >= 0)
		close(back_end);
	memory_destroy(&memory);
}

TestSuite(vhost_user, .init = begin, .fini = end, .timeout = 20);

/* The back end's answer, before it was asked. */
static void answer(uint32_t request, uint32_t flags, uint32_t size, uint64_t number)
{
	const uint32_t words[] = {request, flags, size, (uint32_t)number, (uint32_t)(number >> 32)};

	cr_assert_eq(send(back_end, words, sizeof(words), 0), sizeof(words));
}

struct heard {
	uint32_t request, flags, size;
	uint32_t payload[16];
	int fd; /* that came along, or -1 */
};

/* The next message that the back end gets. */
static struct heard hear(void)
{
	struct heard heard = {.fd = -1};
	char control[CMSG_SPACE(sizeof(int))];
	struct iovec iov = {&heard, 12};
	struct msghdr msg = {.msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control,
			     .msg_controllen = sizeof(control)};

	cr_assert_eq(recvmsg(back_end, &msg, MSG_DONTWAIT), 12);
	if (CMSG_FIRSTHDR(&msg))
		memcpy(&heard.fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(heard.fd));
	cr_assert_leq(heard.size, sizeof(heard.payload));
	if (heard.size)
		cr_assert_eq(recv(back_end, heard.payload, heard.size, MSG_DONTWAIT), heard.size);
	cr_expect_eq(heard.flags, 1);
	return heard;
}

static void introduce(uint64_t features)
{
	answer(1, REPLY, 8, features);
	if (features & PROTOCOL)
		answer(15, REPLY, 8, 0xff);
	cr_assert_eq(vhost_user_begin(&vhost, vhost.fd, &err), 0, "%s", err.text);
	cr_expect_eq(hear().request, 1);
	cr_expect_eq(hear().request, 3);
	if (features & PROTOCOL) {
		cr_expect_eq(hear().request, 15);
		cr_expect_eq(hear().request, 16);
	}
}

static struct vhost_ring ring_of(int event_fd)
{
	const uint8_t *bytes = memory_at(&memory, RAM, 4096);

	return (struct vhost_ring){
		.size = 8,
		.descriptors = (uintptr_t)bytes,
		.available = (uintptr_t)bytes + 256,
		.used = (uintptr_t)bytes + 512,
		.kick_fd = event_fd,
		.call_fd = event_fd,
		.error_fd = event_fd,
	};
}

Test(vhost_user, a_back_end_is_told_of_memory_and_queues)
{
	const struct vhost_ring ring = ring_of(eventfd(0, 0));
	const uint32_t requests[] = {8, 10, 9, 13, 14, 12, 18};
	struct heard heard;
	struct stat sent, ours;

	introduce(PROTOCOL | 1ULL << 32);
	cr_assert_eq(vhost_user_set_up(&vhost, 1ULL << 32, &memory, &err), 0);
	heard = hear();
	cr_expect_eq(heard.request, 2);
	cr_expect_eq(heard.payload[0], PROTOCOL);
	cr_expect_eq(heard.payload[1], 1);
	heard = hear();
	cr_expect_eq(heard.request, 5);
	cr_assert_geq(heard.fd, 0, "RAM's descriptor");
	cr_assert_eq(fstat(heard.fd, &sent) || fstat(memory.fd, &ours), 0);
	cr_expect_eq(sent.st_ino, ours.st_ino);
	close(heard.fd);
	cr_assert_eq(vhost_user_start_queue(&vhost, 1, &ring, &err), 0);
	for (unsigned i = 0; i < 7; i++) {
		heard = hear();
		cr_expect_eq(heard.request, requests[i]);
		cr_expect_eq(heard.payload[0], 1, "the queue");
		cr_expect_eq(heard.fd >= 0, requests[i] >= 12 && requests[i] <= 14);
	}
	answer(11, REPLY, 8, 1);
	cr_expect_eq(vhost_user_stop_queue(&vhost, 1, &err), 0, "%s", err.text);
}

Test(vhost_user, without_protocol_features_rings_need_not_be_enabled)
{
	const struct vhost_ring ring = ring_of(eventfd(0, 0));
	uint8_t byte;

	introduce(1ULL << 32);
	cr_assert_eq(vhost_user_start_queue(&vhost, 0, &ring, &err), 0);
	for (unsigned i = 0; i < 6; i++)
		cr_expect_neq(hear().request, 18);
	cr_expect_eq(recv(back_end, &byte, 1, MSG_DONTWAIT), -1);
}

static void fails(const char *why)
{
	cr_expect_lt(vhost_user_begin(&vhost, vhost.fd, &err), 0);
	cr_expect_eq(err.kind, ERROR_OS);
	cr_expect(strstr(err.text, why), "%s", err.text);
}

Test(vhost_user, another_request_is_answered)
{
	answer(2, REPLY, 8, 0);
	fails("answers something else");
}

Test(vhost_user, a_request_is_no_answer)
{
	answer(1, 1, 8, 0);
	fails("answers something else");
}

Test(vhost_user, an_answer_of_another_size)
{
	answer(1, REPLY, 0x7fffffff, 0);
	fails("answers something else");
}

Test(vhost_user, half_an_answer_and_the_end)
{
	const uint32_t words[] = {1, REPLY, 8, 0};

	cr_assert_eq(send(back_end, words, sizeof(words), 0), sizeof(words));
	shutdown(back_end, SHUT_WR);
	fails("has gone");
}

Test(vhost_user, nobody_is_there)
{
	close(back_end);
	back_end = -1;
	fails("has gone");
}

Test(vhost_user, silence_has_an_end)
{
	fails("does not answer");
}

Test(vhost_user, silence_after_half_an_answer_has_an_end)
{
	const uint32_t words[] = {1, REPLY};

	cr_assert_eq(send(back_end, words, sizeof(words), 0), sizeof(words));
	fails("does not answer");
}

/* It reads nothing: once its socket is full, that is an error and no wait. */
Test(vhost_user, a_back_end_that_does_not_read)
{
	int failed = 0;

	introduce(0);
	for (unsigned i = 0; !failed && i < 100000; i++)
		failed = vhost_user_set_up(&vhost, 0, &memory, &err);
	cr_expect_lt(failed, 0);
}
