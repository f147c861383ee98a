/* The I/O loop: what it calls, in which order, and that nothing is called after it was removed. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "core/loop.h"

static struct loop *loop;

static void set_up(void)
{
	struct error err = {0};

	cr_assert_eq(loop_create(&loop, &err), 0, "%s", err.text);
}

static void tear_down(void)
{
	loop_destroy(loop);
}

TestSuite(loop, .init = set_up, .fini = tear_down, .timeout = 20);

static void sleep_ms(unsigned ms)
{
	const struct timespec time = {.tv_nsec = ms * 1000000L};

	nanosleep(&time, NULL);
}

/* A watched descriptor and what its handler saw. */
struct watched {
	int fd;
	_Atomic unsigned calls;
	_Atomic uint32_t events;
	bool keep; /* do not read what there is */
	char bytes[64];
	_Atomic unsigned len;
};

static void on_ready(void *owner, uint32_t events)
{
	struct watched *watched = owner;
	unsigned len = watched->len;

	watched->events |= events;
	if (!watched->keep) {
		ssize_t got = read(watched->fd, watched->bytes + len, 1);

		if (got == 1)
			watched->len = len + 1;
		else
			loop_unwatch(loop, watched->fd);
	}
	watched->calls++;
}

static void watch(struct watched *watched, uint32_t events)
{
	struct error err = {0};

	cr_assert_eq(loop_watch(loop, watched->fd, events, on_ready, watched, &err), 0, "%s",
		     err.text);
}

static void wait_for(_Atomic unsigned *counter, unsigned value)
{
	while (*counter < value)
		sleep_ms(1);
}

static void make_pipe(int ends[2])
{
	cr_assert_eq(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
}

Test(loop, handler_is_called_until_everything_is_read)
{
	int ends[2];
	struct watched watched = {0};

	make_pipe(ends);
	watched.fd = ends[0];
	watch(&watched, EPOLLIN);
	cr_assert_eq(write(ends[1], "abc", 3), 3);
	wait_for(&watched.len, 3);
	cr_assert_eq(watched.events, EPOLLIN);
	cr_assert_str_eq(watched.bytes, "abc");
	loop_unwatch(loop, ends[0]);
}

Test(loop, unwanted_events_are_not_reported_until_wanted_again)
{
	int ends[2];
	struct watched watched = {0};

	make_pipe(ends);
	watched.fd = ends[0];
	watch(&watched, 0);
	cr_assert_eq(write(ends[1], "x", 1), 1);
	sleep_ms(20);
	cr_assert_eq(watched.calls, 0);
	loop_rewatch(loop, ends[0], EPOLLIN);
	wait_for(&watched.len, 1);
	loop_rewatch(loop, ends[0], 0);
	close(ends[1]);
	sleep_ms(20);
	cr_assert_not(watched.events & EPOLLHUP, "a hang-up is an event too");
	loop_rewatch(loop, ends[0], EPOLLIN);
	wait_for(&watched.calls, 2);
	cr_assert(watched.events & EPOLLHUP);
	loop_unwatch(loop, ends[0]);
}

Test(loop, descriptor_closed_under_its_watch_harms_no_other)
{
	int ends[2], others[2];
	struct watched closed = {0}, other = {0};

	make_pipe(ends);
	make_pipe(others);
	closed.fd = ends[0];
	other.fd = others[0];
	watch(&closed, EPOLLIN);
	watch(&other, EPOLLIN);
	close(ends[0]);
	close(ends[1]);
	cr_assert_eq(write(others[1], "abc", 3), 3);
	wait_for(&other.len, 3);
	cr_assert_eq(closed.calls, 0);
	loop_rewatch(loop, ends[0], 0);
	loop_rewatch(loop, ends[0], EPOLLIN);
	loop_unwatch(loop, ends[0]);
	cr_assert_eq(write(others[1], "def", 3), 3);
	wait_for(&other.len, 6);
	loop_unwatch(loop, others[0]);
}

Test(loop, regular_file_is_always_ready)
{
	FILE *file = tmpfile();
	struct watched watched = {.fd = fileno(file)};

	fputs("from a file", file);
	rewind(file);
	watch(&watched, EPOLLIN);
	wait_for(&watched.calls, 12); /* 11 bytes, and the end: it unwatches itself */
	cr_assert_str_eq(watched.bytes, "from a file");
	sleep_ms(10);
	cr_assert_eq(watched.calls, 12);
	fclose(file);
}

Test(loop, regular_file_can_be_paused)
{
	FILE *file = tmpfile();
	struct watched watched = {.fd = fileno(file), .keep = true};
	unsigned calls;

	watch(&watched, 0);
	sleep_ms(10);
	cr_assert_eq(watched.calls, 0);
	loop_rewatch(loop, watched.fd, EPOLLIN);
	wait_for(&watched.calls, 10);
	loop_rewatch(loop, watched.fd, 0);
	loop_drain(loop);
	calls = watched.calls;
	sleep_ms(10);
	cr_assert_eq(watched.calls, calls);
	loop_unwatch(loop, watched.fd);
	fclose(file);
}

/* Ready for ever, and slow: with a regular file it would starve others if rounds were not fair. */
Test(loop, busy_file_does_not_keep_others_waiting)
{
	FILE *file = tmpfile();
	struct watched busy = {.fd = fileno(file), .keep = true}, pipe = {0};
	int ends[2];

	make_pipe(ends);
	pipe.fd = ends[0];
	watch(&busy, EPOLLIN);
	watch(&pipe, EPOLLIN);
	wait_for(&busy.calls, 10);
	cr_assert_eq(write(ends[1], "x", 1), 1);
	wait_for(&pipe.len, 1);
	loop_drain(loop);
	loop_unwatch(loop, busy.fd);
	loop_unwatch(loop, pipe.fd);
	fclose(file);
}

Test(loop, descriptor_that_cannot_be_watched_is_an_error)
{
	struct watched watched = {.fd = 1000};
	struct error err = {0};
	int fd = eventfd(0, EFD_CLOEXEC);

	cr_assert_eq(loop_watch(loop, 1000, EPOLLIN, on_ready, &watched, &err), -1);
	cr_assert_eq(err.kind, ERROR_OS);
	watched.fd = fd;
	watch(&watched, EPOLLIN);
	cr_assert_eq(loop_watch(loop, fd, EPOLLIN, on_ready, &watched, &err), -1, "one a fd");
	loop_unwatch(loop, fd);
	loop_unwatch(loop, fd);
	close(fd);
}

/* A handler that takes a while, to be removed while it runs. */
struct slow {
	int fd;
	_Atomic unsigned calls;
	_Atomic bool inside, gone;
};

static void on_slow(void *owner, uint32_t events)
{
	struct slow *slow = owner;

	(void)events;
	slow->inside = true;
	slow->calls++;
	sleep_ms(2);
	cr_assert_not(slow->gone, "called, or still running, after loop_unwatch returned");
	slow->inside = false;
}

Test(loop, unwatch_waits_for_a_running_handler)
{
	for (unsigned i = 0; i < 50; i++) {
		struct slow slow = {.fd = eventfd(1, EFD_CLOEXEC)};

		cr_assert_eq(loop_watch(loop, slow.fd, EPOLLIN, on_slow, &slow, NULL), 0);
		if (i % 2)
			wait_for(&slow.calls, 1);
		loop_unwatch(loop, slow.fd);
		cr_assert_not(slow.inside);
		slow.gone = true;
		close(slow.fd);
	}
	loop_drain(loop);
}

/* Two descriptors that are ready together: the first handler removes the second's watch. */
struct pair {
	int fds[2];
	unsigned calls[2];
	_Atomic unsigned total;
};

static void on_first(void *owner, uint32_t events)
{
	struct pair *pair = owner;

	(void)events;
	pair->calls[0]++;
	loop_unwatch(loop, pair->fds[0]);
	loop_unwatch(loop, pair->fds[1]);
	pair->total++;
}

static void on_second(void *owner, uint32_t events)
{
	struct pair *pair = owner;

	(void)events;
	pair->calls[1]++;
	loop_unwatch(loop, pair->fds[0]);
	loop_unwatch(loop, pair->fds[1]);
	pair->total++;
}

static void watch_pair(void *owner)
{
	struct pair *pair = owner;

	cr_assert_eq(loop_watch(loop, pair->fds[0], EPOLLIN, on_first, pair, NULL), 0);
	cr_assert_eq(loop_watch(loop, pair->fds[1], EPOLLIN, on_second, pair, NULL), 0);
}

Test(loop, event_collected_before_its_watch_went_away_is_dropped)
{
	struct pair pair = {.fds = {eventfd(1, EFD_CLOEXEC), eventfd(1, EFD_CLOEXEC)}};

	/* On the loop thread, so that one epoll_wait sees both. */
	loop_post(loop, watch_pair, &pair);
	wait_for(&pair.total, 1);
	loop_drain(loop);
	loop_drain(loop);
	cr_assert_eq(pair.calls[0] + pair.calls[1], 1);
	close(pair.fds[0]);
	close(pair.fds[1]);
}

#define TASKS 10000

struct order {
	unsigned next[2];
};

struct numbered {
	struct order *order;
	unsigned poster, number;
};

static void check_order(void *owner)
{
	struct numbered *task = owner;

	cr_assert_eq(task->order->next[task->poster], task->number);
	task->order->next[task->poster]++;
}

static struct order order;
static struct numbered tasks[2][TASKS];

static void *post_tasks(void *arg)
{
	unsigned poster = *(unsigned *)arg;

	for (unsigned i = 0; i < TASKS; i++) {
		tasks[poster][i] = (struct numbered){&order, poster, i};
		loop_post(loop, check_order, &tasks[poster][i]);
	}
	return NULL;
}

Test(loop, tasks_run_in_order_of_posting)
{
	unsigned posters[2] = {0, 1};
	pthread_t thread;

	pthread_create(&thread, NULL, post_tasks, &posters[1]);
	post_tasks(&posters[0]);
	loop_drain(loop);
	cr_assert_eq(order.next[0], TASKS);
	pthread_join(thread, NULL);
	loop_drain(loop);
	cr_assert_eq(order.next[1], TASKS);
}

static void count_up(void *owner)
{
	++*(unsigned *)owner;
}

Test(loop, destroy_runs_what_was_posted_before)
{
	unsigned count = 0;

	for (unsigned i = 0; i < 100; i++)
		loop_post(loop, count_up, &count);
	loop_destroy(loop);
	cr_assert_eq(count, 100);
	loop = NULL;
}

struct again {
	unsigned rounds;
	_Atomic unsigned done;
};

static void post_again(void *owner)
{
	struct again *again = owner;

	if (++again->rounds < 1000)
		loop_post(loop, post_again, again);
	else
		again->done = 1;
}

Test(loop, task_may_post_itself_again)
{
	struct again again = {0};

	loop_post(loop, post_again, &again);
	wait_for(&again.done, 1);
	cr_assert_eq(again.rounds, 1000);
}

/* What a handler posts comes in the next round, with no event that would tell of it. */
struct posting {
	int fd;
	_Atomic unsigned ran;
};

static void set_ran(void *owner)
{
	struct posting *posting = owner;

	posting->ran = 1;
}

static void read_and_post(void *owner, uint32_t events)
{
	struct posting *posting = owner;
	char byte;

	(void)events;
	cr_assert_eq(read(posting->fd, &byte, 1), 1);
	loop_post(loop, set_ran, posting);
}

Test(loop, handler_may_post)
{
	struct posting posting = {0};
	struct error err = {0};
	int ends[2];

	make_pipe(ends);
	posting.fd = ends[0];
	cr_assert_eq(loop_watch(loop, ends[0], EPOLLIN, read_and_post, &posting, &err), 0);
	cr_assert_eq(write(ends[1], "x", 1), 1);
	wait_for(&posting.ran, 1);
	loop_unwatch(loop, ends[0]);
	close(ends[0]);
	close(ends[1]);
}

Test(loop, destroy_leaves_descriptors_open)
{
	int ends[2];
	struct watched watched = {0};

	make_pipe(ends);
	watched.fd = ends[0];
	watch(&watched, EPOLLIN);
	loop_destroy(loop);
	loop = NULL;
	cr_assert_eq(write(ends[1], "x", 1), 1);
	cr_assert_eq(read(ends[0], watched.bytes, 1), 1);
}

/* Watches come and go on one thread while another changes what they want and the loop runs them. */
struct churn {
	int fds[4];
	_Atomic unsigned calls;
	_Atomic bool stop;
};

static void on_churn(void *owner, uint32_t events)
{
	(void)events;
	((struct churn *)owner)->calls++;
}

static void *rewatch_all(void *arg)
{
	struct churn *churn = arg;

	for (unsigned i = 0; !churn->stop; i++)
		loop_rewatch(loop, churn->fds[i % 4], i % 3 ? EPOLLIN : 0);
	return NULL;
}

Test(loop, watches_can_come_and_go_while_it_runs)
{
	struct churn churn = {0};
	pthread_t thread;

	for (unsigned i = 0; i < 4; i++)
		churn.fds[i] = eventfd(1, EFD_CLOEXEC);
	pthread_create(&thread, NULL, rewatch_all, &churn);
	for (unsigned i = 0; i < 1000; i++) {
		cr_assert_eq(loop_watch(loop, churn.fds[i % 4], EPOLLIN, on_churn, &churn, NULL),
			     0);
		loop_unwatch(loop, churn.fds[i % 4]);
	}
	cr_assert_eq(loop_watch(loop, churn.fds[0], EPOLLIN, on_churn, &churn, NULL), 0);
	wait_for(&churn.calls, churn.calls + 1);
	churn.stop = true;
	pthread_join(thread, NULL);
	loop_unwatch(loop, churn.fds[0]);
	for (unsigned i = 0; i < 4; i++)
		close(churn.fds[i]);
}
