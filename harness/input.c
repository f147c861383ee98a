/*
 * Input waits in a buffer until the port (a UART, a console) takes it, which it does when the guest listens and has
 * room. When the buffer is full the descriptor is not read, so that whoever writes to it waits:
 * nothing is lost. The buffer is large because a terminal must be read on, even when the guest does
 * not listen, for Ctrl-A x to work.
 *
 * The descriptor is read on the loop thread. The port is given its bytes by a deferred task
 * (core/schedule.h), on the same thread unless time is virtual.
 *
 * With virtual time a file or a pipe must come to the guest in the same way in each run, whenever the
 * host has it. So it is offered for one reason alone, that the guest made room, and then until there
 * is no room left or it is at its end: where bytes are to come yet, the scheduling thread waits for
 * them, and the guest's time with it. Who types at a terminal is not made to type in
 * advance: there, bytes come when they come, and no two runs are the same.
 */
#include "harness/input.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/loop.h"
#include "core/vm.h"
#include "devices/serial.h"

#define INPUT_SIZE (1 << 20)
#define INPUT_READ 4096

struct input {
	struct vm *vm;
	struct serial_port port;
	input_command *command;
	void *owner;
	int fd; /* -1: none, or at its end; loop thread */
	struct escape escape;
	struct deferred offer;

	pthread_mutex_t lock; /* guards all below */
	pthread_cond_t more;  /* there is something more, or nothing more will come */
	bool waits;	      /* virtual time waits for bytes that are to come */
	bool ended;	      /* none are to come */
	bool paused;	      /* the descriptor is not read */
	size_t start, len;    /* what waits: bytes[start] to bytes[start + len] */
	uint8_t bytes[INPUT_SIZE];
};

static size_t input_room(const struct input *input)
{
	return INPUT_SIZE - input->len;
}

/* Give the port what it takes of what waits. True: all. Lock held. */
static bool offer_waiting(struct input *input)
{
	size_t taken =
		input->port.receive(input->port.owner, input->bytes + input->start, input->len);

	input->start += taken;
	input->len -= taken;
	if (!input->len)
		input->start = 0;
	if (input->paused && input_room(input) >= INPUT_READ) {
		input->paused = false;
		loop_rewatch(input->vm->loop, input->fd, EPOLLIN);
	}
	return !input->len;
}

/* The deferred task. */
static void input_offer(void *owner)
{
	struct input *input = owner;

	pthread_mutex_lock(&input->lock);
	do {
		while (input->waits && !input->len && !input->ended)
			pthread_cond_wait(&input->more, &input->lock);
	} while (input->len && offer_waiting(input) && input->waits);
	pthread_mutex_unlock(&input->lock);
}

void input_ready(struct input *input)
{
	vm_defer(input->vm, &input->offer);
}

static void input_end(struct input *input)
{
	pthread_mutex_lock(&input->lock);
	input->ended = true;
	pthread_cond_signal(&input->more);
	pthread_mutex_unlock(&input->lock);
}

void input_abandon(struct input *input)
{
	input_end(input);
}

/* Lock held. */
static bool append(struct input *input, const uint8_t *bytes, size_t len)
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

bool input_feed(struct input *input, const uint8_t *bytes, size_t len)
{
	bool fits;

	pthread_mutex_lock(&input->lock);
	fits = append(input, bytes, len);
	pthread_mutex_unlock(&input->lock);
	return fits;
}

static void input_take(struct input *input, uint8_t *bytes, size_t len)
{
	size_t kept = 0;
	bool waits;

	for (size_t i = 0; input->command && i < len; i++) {
		enum escape_command command;
		uint8_t byte = bytes[i];

		if (escape_take(&input->escape, &byte, &command))
			bytes[kept++] = byte;
		if (command == ESCAPE_BREAK)
			input->port.receive_break(input->port.owner);
		else if (command != ESCAPE_NONE)
			input->command(input->owner, command);
	}
	pthread_mutex_lock(&input->lock);
	append(input, bytes, input->command ? kept : len);
	waits = input->waits;
	pthread_cond_signal(&input->more);
	pthread_mutex_unlock(&input->lock);
	if (!waits)
		input_ready(input);
}

/* The buffer is nearly full: the descriptor is not read until there is room. */
static bool input_pause(struct input *input)
{
	bool pause;

	pthread_mutex_lock(&input->lock);
	pause = input_room(input) < INPUT_READ;
	if (pause) {
		input->paused = true;
		loop_rewatch(input->vm->loop, input->fd, 0);
	}
	pthread_mutex_unlock(&input->lock);
	return pause;
}

static void input_event(void *owner, uint32_t events)
{
	struct input *input = owner;
	uint8_t bytes[INPUT_READ];
	ssize_t n;

	(void)events;
	if (input_pause(input))
		return;
	n = read(input->fd, bytes, sizeof(bytes));
	if (n > 0) {
		input_take(input, bytes, (size_t)n);
	} else if (!n || (errno != EINTR && errno != EAGAIN)) {
		/* The end of input, or a terminal that hung up: the guest goes on without. */
		loop_unwatch(input->vm->loop, input->fd);
		input->fd = -1;
		input_end(input);
	}
}

int input_create(struct input **result, struct vm *vm, const struct serial_port *port,
		 input_command *command, void *owner, struct error *err)
{
	/* Not calloc: the buffer's pages come when they are used. */
	struct input *input = malloc(sizeof(*input));

	if (!input)
		return error_set(err, ERROR_NO_MEMORY, "no memory for the console");
	memset(input, 0, offsetof(struct input, bytes));
	input->vm = vm;
	input->port = *port;
	input->command = command;
	input->owner = owner;
	input->fd = -1;
	input->ended = true; /* until there is a descriptor */
	input->offer = (struct deferred){.run = input_offer, .owner = input};
	pthread_mutex_init(&input->lock, NULL);
	pthread_cond_init(&input->more, NULL);
	*result = input;
	return 0;
}

/* A file or a pipe, and not a terminal or anything else that lives. */
static bool is_known_beforehand(int fd)
{
	struct stat status;

	return !fstat(fd, &status) && (S_ISREG(status.st_mode) || S_ISFIFO(status.st_mode));
}

int input_watch(struct input *input, int fd, struct error *err)
{
	input->fd = fd;
	input->ended = false;
	input->waits = input->vm->config.virtual_time && is_known_beforehand(fd);
	if (!loop_watch(input->vm->loop, fd, EPOLLIN, input_event, input, err))
		return 0;
	input->fd = -1;
	return -1;
}

static void input_unwatch(void *owner)
{
	struct input *input = owner;

	if (input->fd >= 0)
		loop_unwatch(input->vm->loop, input->fd);
	input->fd = -1;
}

void input_destroy(struct input *input)
{
	if (!input)
		return;
	/* What comes in until it is unwatched may still ask for an offer, which is made before the second drain. */
	loop_post(input->vm->loop, input_unwatch, input);
	loop_drain(input->vm->loop);
	loop_drain(input->vm->loop);
	pthread_cond_destroy(&input->more);
	pthread_mutex_destroy(&input->lock);
	free(input);
}
