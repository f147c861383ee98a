/*
 * Input waits in a buffer until the UART takes it, which it does when the guest listens and has
 * room. When the buffer is full the descriptor is not read, so that whoever writes to it waits:
 * nothing is lost. The buffer is large because a terminal must be read on, even when the guest does
 * not listen, for Ctrl-A x to work.
 *
 * All of this happens on the loop thread; only input_ready() comes from elsewhere, and posts.
 */
#include "harness/input.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "core/loop.h"
#include "devices/pl011.h"

#define INPUT_SIZE (1 << 20)
#define INPUT_READ 4096

struct input {
	struct loop *loop;
	struct pl011 *uart;
	input_command *command;
	void *owner;
	int fd; /* -1: none, or at its end */
	bool paused;
	struct escape escape;
	atomic_bool posted; /* input_offer() will run */
	size_t start, len;  /* what waits: bytes[start] to bytes[start + len] */
	uint8_t bytes[INPUT_SIZE];
};

static size_t input_room(const struct input *input)
{
	return INPUT_SIZE - input->len;
}

static void input_offer(void *owner)
{
	struct input *input = owner;
	size_t taken;

	atomic_store(&input->posted, false);
	taken = pl011_receive(input->uart, input->bytes + input->start, input->len);
	input->start += taken;
	input->len -= taken;
	if (!input->len)
		input->start = 0;
	if (input->paused && input_room(input) >= INPUT_READ) {
		input->paused = false;
		loop_rewatch(input->loop, input->fd, EPOLLIN);
	}
}

void input_ready(struct input *input)
{
	if (!atomic_exchange(&input->posted, true))
		loop_post(input->loop, input_offer, input);
}

bool input_feed(struct input *input, const uint8_t *bytes, size_t len)
{
	if (len > input_room(input))
		return false;
	if (input->start + input->len + len > INPUT_SIZE) {
		memmove(input->bytes, input->bytes + input->start, input->len);
		input->start = 0;
	}
	memcpy(input->bytes + input->start + input->len, bytes, len);
	input->len += len;
	return true;
}

static void input_take(struct input *input, uint8_t *bytes, size_t len)
{
	size_t kept = 0;

	for (size_t i = 0; input->command && i < len; i++) {
		enum escape_command command;
		uint8_t byte = bytes[i];

		if (escape_take(&input->escape, &byte, &command))
			bytes[kept++] = byte;
		if (command == ESCAPE_BREAK)
			pl011_receive_break(input->uart);
		else if (command != ESCAPE_NONE)
			input->command(input->owner, command);
	}
	input_feed(input, bytes, input->command ? kept : len);
	input_offer(input);
}

static void input_event(void *owner, uint32_t events)
{
	struct input *input = owner;
	uint8_t bytes[INPUT_READ];
	ssize_t n;

	(void)events;
	if (input_room(input) < sizeof(bytes)) {
		input->paused = true;
		loop_rewatch(input->loop, input->fd, 0);
		return;
	}
	n = read(input->fd, bytes, sizeof(bytes));
	if (n > 0) {
		input_take(input, bytes, (size_t)n);
	} else if (!n || (errno != EINTR && errno != EAGAIN)) {
		/* The end of input, or a terminal that hung up: the guest goes on without. */
		loop_unwatch(input->loop, input->fd);
		input->fd = -1;
	}
}

int input_create(struct input **result, struct loop *loop, struct pl011 *uart,
		 input_command *command, void *owner, struct error *err)
{
	/* Not calloc: the buffer's pages come when they are used. */
	struct input *input = malloc(sizeof(*input));

	if (!input)
		return error_set(err, ERROR_NO_MEMORY, "no memory for the console");
	memset(input, 0, offsetof(struct input, bytes));
	input->loop = loop;
	input->uart = uart;
	input->command = command;
	input->owner = owner;
	input->fd = -1;
	*result = input;
	return 0;
}

int input_watch(struct input *input, int fd, struct error *err)
{
	input->fd = fd;
	if (!loop_watch(input->loop, fd, EPOLLIN, input_event, input, err))
		return 0;
	input->fd = -1;
	return -1;
}

static void input_unwatch(void *owner)
{
	struct input *input = owner;

	if (input->fd >= 0)
		loop_unwatch(input->loop, input->fd);
	input->fd = -1;
}

void input_destroy(struct input *input)
{
	if (!input)
		return;
	loop_post(input->loop, input_unwatch, input);
	loop_drain(input->loop);
	free(input);
}
