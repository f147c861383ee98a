/*
 * Output has a buffer and a thread. The guest's CPU sends a byte at a time; a system call for each
 * would be most of a boot. The thread sleeps until there is something, then writes all that has
 * gathered meanwhile: a lone key's echo goes out at once, a flood in large pieces. It is a thread
 * of its own because standard output may block for ever (a pipe that nobody reads, a terminal that
 * is stopped), which must stop the guest's CPU, but neither its timers nor --timeout nor SIGTERM.
 * When even the end cannot be waited for, the thread is left alone in its write(), with all that
 * it needs.
 */
#include "harness/output.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define OUTPUT_SIZE 65536

struct output {
	int fd;
	void (*failed)(void *owner);
	void *owner;
	pthread_t thread;
	uint8_t taken[OUTPUT_SIZE]; /* the thread's own: what it is writing */

	pthread_mutex_t lock; /* guards all below */
	pthread_cond_t more;  /* there is something to write, or the end has come */
	pthread_cond_t room;  /* something was written */
	uint8_t bytes[OUTPUT_SIZE];
	size_t len;
	bool writing;	/* the thread is in write() with the bytes that it took */
	bool abandoned; /* waiting has an end */
	bool finishing;
	bool ended;    /* the thread uses this no more */
	bool orphaned; /* output_destroy() has been here: the thread frees this */
	int error;
};

/* All of it, or an errno value. */
static int write_all(int fd, const uint8_t *bytes, size_t len)
{
	while (len) {
		ssize_t n = write(fd, bytes, len);

		if (n >= 0) {
			bytes += n;
			len -= (size_t)n;
		} else if (errno == EAGAIN) {
			struct pollfd poll_fd = {.fd = fd, .events = POLLOUT};

			poll(&poll_fd, 1, -1);
		} else if (errno != EINTR) {
			return errno;
		}
	}
	return 0;
}

/* Take what has gathered and write it without the lock. Called and returns with the lock held. */
static void output_flush(struct output *output)
{
	size_t len = output->len;
	bool first;
	int error;

	memcpy(output->taken, output->bytes, len);
	output->len = 0;
	output->writing = true;
	pthread_cond_broadcast(&output->room);
	pthread_mutex_unlock(&output->lock);
	error = write_all(output->fd, output->taken, len);
	pthread_mutex_lock(&output->lock);
	output->writing = false;
	first = error && !output->error && !output->finishing;
	if (first)
		output->error = error;
	pthread_cond_broadcast(&output->room);
	if (first) {
		pthread_mutex_unlock(&output->lock);
		output->failed(output->owner);
		pthread_mutex_lock(&output->lock);
	}
}

static void output_free(struct output *output)
{
	pthread_cond_destroy(&output->more);
	pthread_cond_destroy(&output->room);
	pthread_mutex_destroy(&output->lock);
	free(output);
}

static void *output_thread(void *owner)
{
	struct output *output = owner;
	bool orphaned;

	pthread_mutex_lock(&output->lock);
	while (output->len || !output->finishing) {
		if (output->error)
			output->len = 0;
		if (output->len)
			output_flush(output);
		else if (!output->finishing)
			pthread_cond_wait(&output->more, &output->lock);
	}
	output->ended = true;
	orphaned = output->orphaned;
	pthread_cond_broadcast(&output->room);
	pthread_mutex_unlock(&output->lock);
	if (orphaned)
		output_free(output);
	return NULL;
}

int output_create(struct output **result, int fd, void (*failed)(void *owner), void *owner,
		  struct error *err)
{
	struct output *output = calloc(1, sizeof(*output));
	pthread_condattr_t attr;
	int error;

	if (!output)
		return error_set(err, ERROR_NO_MEMORY, "no memory for the console");
	output->fd = fd;
	output->failed = failed;
	output->owner = owner;
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_mutex_init(&output->lock, NULL);
	pthread_cond_init(&output->more, &attr);
	pthread_cond_init(&output->room, &attr);
	pthread_condattr_destroy(&attr);
	error = pthread_create(&output->thread, NULL, output_thread, output);
	if (error) {
		output_free(output);
		return error_set_errno(err, error, "pthread_create");
	}
	*result = output;
	return 0;
}

void output_write(struct output *output, const uint8_t *bytes, size_t len)
{
	pthread_mutex_lock(&output->lock);
	while (len && !output->error) {
		size_t n = OUTPUT_SIZE - output->len;

		if (!n && output->abandoned)
			break;
		if (!n) {
			pthread_cond_wait(&output->room, &output->lock);
			continue;
		}
		if (n > len)
			n = len;
		memcpy(output->bytes + output->len, bytes, n);
		if (!output->len)
			pthread_cond_signal(&output->more);
		output->len += n;
		bytes += n;
		len -= n;
	}
	pthread_mutex_unlock(&output->lock);
}

void output_abandon(struct output *output)
{
	pthread_mutex_lock(&output->lock);
	output->abandoned = true;
	pthread_cond_broadcast(&output->room);
	pthread_mutex_unlock(&output->lock);
}

/* Wait until nothing is left to write, but not long after output_abandon(). */
static void output_drain(struct output *output)
{
	struct timespec limit = {0};
	int result = 0;

	while (!output->error && (output->len || output->writing) && result != ETIMEDOUT) {
		if (!output->abandoned) {
			pthread_cond_wait(&output->room, &output->lock);
			continue;
		}
		if (!limit.tv_sec) {
			clock_gettime(CLOCK_MONOTONIC, &limit);
			limit.tv_sec++;
		}
		result = pthread_cond_timedwait(&output->room, &output->lock, &limit);
	}
}

int output_finish(struct output *output)
{
	int error;

	pthread_mutex_lock(&output->lock);
	output_drain(output);
	output->finishing = true;
	output->len = 0;
	error = output->error;
	pthread_cond_signal(&output->more);
	while (!output->ended && !output->writing)
		pthread_cond_wait(&output->room, &output->lock);
	pthread_mutex_unlock(&output->lock);
	return error;
}

void output_destroy(struct output *output)
{
	bool ended;

	output_abandon(output);
	output_finish(output);
	pthread_mutex_lock(&output->lock);
	ended = output->ended;
	output->orphaned = !ended;
	if (output->orphaned)
		pthread_detach(output->thread);
	pthread_mutex_unlock(&output->lock);
	if (!ended)
		return;
	pthread_join(output->thread, NULL);
	output_free(output);
}
