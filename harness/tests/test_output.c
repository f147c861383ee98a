/*
 * The output thread: nothing lost, nothing out of order, and always an end.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/output.h"

#define MUCH 300000

static void count_failure(void *owner)
{
	atomic_fetch_add((atomic_int *)owner, 1);
}

struct reader {
	int fd;
	size_t len;
	uint8_t bytes[MUCH + 1];
};

static void *read_slowly(void *owner)
{
	struct reader *reader = owner;
	ssize_t n;

	usleep(20000);
	while ((n = read(reader->fd, reader->bytes + reader->len,
			 sizeof(reader->bytes) - reader->len)) > 0)
		reader->len += (size_t)n;
	return NULL;
}

static void through_pipe(int flags)
{
	struct reader *reader = calloc(1, sizeof(*reader));
	struct output *output;
	atomic_int failures = 0;
	pthread_t thread;
	int fds[2];

	cr_assert_eq(pipe2(fds, 0), 0);
	fcntl(fds[1], F_SETFL, flags);
	reader->fd = fds[0];
	pthread_create(&thread, NULL, read_slowly, reader);
	cr_assert_eq(output_create(&output, fds[1], count_failure, &failures, NULL), 0);
	for (unsigned i = 0; i < MUCH; i += 100) {
		uint8_t bytes[100];

		for (unsigned j = 0; j < 100; j++)
			bytes[j] = (uint8_t)((i + j) * 7 / 3);
		output_write(output, bytes, sizeof(bytes));
	}
	cr_assert_eq(output_finish(output), 0);
	output_destroy(output);
	close(fds[1]);
	pthread_join(thread, NULL);
	cr_assert_eq(reader->len, MUCH);
	for (unsigned i = 0; i < MUCH; i++)
		cr_assert_eq(reader->bytes[i], (uint8_t)(i * 7 / 3));
	cr_assert_eq(failures, 0);
	free(reader);
}

Test(output, arrives_whole_at_a_slow_reader, .timeout = 20)
{
	through_pipe(0);
}

Test(output, arrives_whole_through_a_nonblocking_pipe, .timeout = 20)
{
	through_pipe(O_NONBLOCK);
}

Test(output, reader_gone_is_reported_once, .timeout = 20)
{
	struct output *output;
	atomic_int failures = 0;
	uint8_t bytes[1000] = {0};
	int fds[2];

	signal(SIGPIPE, SIG_IGN);
	cr_assert_eq(pipe(fds), 0);
	close(fds[0]);
	cr_assert_eq(output_create(&output, fds[1], count_failure, &failures, NULL), 0);
	for (unsigned i = 0; i < 1000; i++)
		output_write(output, bytes, sizeof(bytes));
	cr_assert_eq(output_finish(output), EPIPE);
	cr_assert_eq(failures, 1);
	output_destroy(output);
	close(fds[1]);
}

Test(output, descriptor_closed_under_it_is_reported_once, .timeout = 20)
{
	struct output *output;
	atomic_int failures = 0;
	uint8_t bytes[1000] = {0};
	int fds[2];

	cr_assert_eq(pipe(fds), 0);
	cr_assert_eq(output_create(&output, fds[1], count_failure, &failures, NULL), 0);
	close(fds[1]);
	for (unsigned i = 0; i < 1000; i++)
		output_write(output, bytes, sizeof(bytes));
	cr_assert_eq(output_finish(output), EBADF);
	cr_assert_eq(failures, 1);
	output_destroy(output);
	close(fds[0]);
}

static void *write_much(void *owner)
{
	static const uint8_t bytes[1000];

	for (unsigned i = 0; i < 1000; i++)
		output_write(owner, bytes, sizeof(bytes));
	return NULL;
}

Test(output, abandon_frees_whoever_waits_for_a_reader_that_does_not_read, .timeout = 20)
{
	struct output *output;
	atomic_int failures = 0;
	pthread_t thread;
	int fds[2];

	signal(SIGPIPE, SIG_IGN);
	cr_assert_eq(pipe(fds), 0);
	cr_assert_eq(output_create(&output, fds[1], count_failure, &failures, NULL), 0);
	pthread_create(&thread, NULL, write_much, output);
	usleep(50000);
	output_abandon(output);
	pthread_join(thread, NULL);
	cr_assert_eq(output_finish(output), 0);
	output_destroy(output);
	close(fds[0]); /* fds[1] stays open: it may be written to until that is noticed */
}
