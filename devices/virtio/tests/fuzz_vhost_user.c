/*
 * Fuzz target of the vhost-user protocol: the input is all that a back end ever says, and it hangs up afterwards.
 * Whatever that is, we come to an end, and what we say are whole messages.
 *
 *	byte 0   how often the queue is started and stopped
 *	then     what the back end says
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/memory.h"
#include "devices/virtio/vhost_ring.h"
#include "devices/virtio/vhost_user.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RAM 0x40000000ULL

static struct memory memory;
static int event_fd;

static void begin_once(void)
{
	if (memory.bytes)
		return;
	event_fd = eventfd(0, EFD_NONBLOCK);
	if (event_fd < 0 || memory_init(&memory, RAM, MEMORY_PAGE_SIZE, MEMORY_SHARED, NULL))
		abort();
}

/* Requests of version 1, one behind the other. */
static void check_messages(const uint32_t *words, size_t len)
{
	while (len) {
		if (len < 12 || words[1] != 1 || words[2] > len - 12 || words[2] % 4)
			abort();
		len -= 12 + words[2];
		words += 3 + words[2] / 4;
	}
}

static void hear(int fd)
{
	static uint32_t words[4096];
	ssize_t len = recv(fd, words, sizeof(words), MSG_DONTWAIT);

	if (len > 0)
		check_messages(words, (size_t)len);
}

static void talk(int fd, unsigned rounds)
{
	const struct vhost_ring ring = {
		.size = 8, .kick_fd = event_fd, .call_fd = event_fd, .error_fd = event_fd};
	struct vhost_user vhost = {.patience_ms = 1000};
	struct error err = {0};
	int failed = vhost_user_begin(&vhost, fd, &err) ||
		     vhost_user_set_up(&vhost, vhost.features, &memory, &err);

	for (unsigned i = 0; !failed && i < rounds; i++)
		failed = vhost_user_start_queue(&vhost, i, &ring, &err) ||
			 vhost_user_stop_queue(&vhost, i, &err);
	/* It says why, and that is not that time was up. */
	if (failed && (!err.text[0] || strstr(err.text, "does not answer")))
		abort();
	vhost_user_end(&vhost);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fds[2];

	begin_once();
	if (!size || socketpair(AF_UNIX, SOCK_STREAM, 0, fds))
		return 0;
	if (size > 1 && send(fds[1], data + 1, size - 1, MSG_NOSIGNAL) < 0)
		abort();
	shutdown(fds[1], SHUT_WR);
	talk(fds[0], data[0] % 8);
	hear(fds[1]);
	close(fds[1]);
	return 0;
}
