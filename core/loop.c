/*
 * The I/O loop: epoll for descriptors, an eventfd to wake it for posted tasks.
 *
 * What makes removal race-free is that epoll is given the number of a watch, never a pointer. An
 * event that was collected just before its watch went away names a watch that the list does not
 * have any more, and is dropped. A handler runs without the lock; `running` names its watch, and
 * loop_unwatch on another thread waits until it is another.
 *
 * What the loop's own thread posts it finds before it waits again: only others have to wake it.
 *
 * epoll refuses regular files, because they are always ready: such a watch is `polled`, its handler
 * called in each round while it wants events (standard input may be a file).
 */
#include "core/loop.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define EVENTS_A_ROUND 16

/* Watch numbers: 0 is the eventfd; others are never used again. */
#define WATCH_NONE 0

struct watch {
	uint64_t number;
	int fd;
	uint32_t events; /* wanted; 0: known to the list alone */
	bool polled;	 /* epoll does not have it */
	loop_handler *handler;
	void *owner;
	struct watch *next; /* by number */
};

struct task {
	loop_task *run;
	void *owner;
	struct task *next;
};

struct loop {
	int epoll_fd, event_fd;
	pthread_t thread;
	bool stopping; /* the loop thread's own */

	pthread_mutex_t lock; /* guards everything below */
	pthread_cond_t changed;
	struct watch *watches;
	uint64_t last_number;
	uint64_t running; /* the watch whose handler is being called, or WATCH_NONE */
	struct task *tasks, **tasks_end;
};

/* --- Watches: loop->lock held --- */

static struct watch *watch_by_fd(struct loop *loop, int fd)
{
	struct watch *watch = loop->watches;

	while (watch && watch->fd != fd)
		watch = watch->next;
	return watch;
}

static struct watch *watch_by_number(struct loop *loop, uint64_t number)
{
	struct watch *watch = loop->watches;

	while (watch && watch->number != number)
		watch = watch->next;
	return watch;
}

/* The first watch after `number` that is to be called without epoll's saying so. */
static struct watch *watch_polled_after(struct loop *loop, uint64_t number)
{
	struct watch *watch = loop->watches;

	while (watch && (watch->number <= number || !watch->polled || !watch->events))
		watch = watch->next;
	return watch;
}

static void watch_unlink(struct loop *loop, struct watch *watch)
{
	struct watch **link = &loop->watches;

	while (*link != watch)
		link = &(*link)->next;
	*link = watch->next;
}

static void watch_append(struct loop *loop, struct watch *watch)
{
	struct watch **link = &loop->watches;

	while (*link)
		link = &(*link)->next;
	*link = watch;
	watch->next = NULL;
	watch->number = ++loop->last_number;
}

/*
 * Tell epoll what is wanted from now on. A descriptor of which nothing is wanted is taken out, as
 * epoll would go on reporting EPOLLHUP and EPOLLERR.
 */
static int watch_want(struct loop *loop, struct watch *watch, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.u64 = watch->number};
	bool had = watch->events && !watch->polled;

	if (events == watch->events && had)
		return 0;
	watch->events = events;
	if (!events)
		return had ? epoll_ctl(loop->epoll_fd, EPOLL_CTL_DEL, watch->fd, NULL) : 0;
	if (watch->polled)
		return 0;
	return epoll_ctl(loop->epoll_fd, had ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, watch->fd, &event);
}

/* Put a watch on the list and into epoll. An errno value, or 0. */
static int watch_add(struct loop *loop, struct watch *watch, uint32_t events)
{
	int failed;

	if (watch_by_fd(loop, watch->fd))
		return EEXIST;
	watch_append(loop, watch);
	if (watch_want(loop, watch, events) == 0)
		return 0;
	failed = errno;
	watch->polled = failed == EPERM;
	if (watch->polled)
		return 0;
	watch_unlink(loop, watch);
	return failed;
}

/* --- The loop thread --- */

/* Call a watch's handler for `ready`, as far as that is (still) wanted. Lock held, given up. */
static void dispatch(struct loop *loop, struct watch *watch, uint32_t ready)
{
	loop_handler *handler = watch->handler;
	void *owner = watch->owner;

	ready &= watch->events | EPOLLERR | EPOLLHUP;
	if (!ready || !watch->events)
		return;
	loop->running = watch->number;
	pthread_mutex_unlock(&loop->lock);
	handler(owner, ready); /* may unwatch: `watch` can be gone afterwards */
	pthread_mutex_lock(&loop->lock);
	loop->running = WATCH_NONE;
	pthread_cond_broadcast(&loop->changed);
}

static void dispatch_polled(struct loop *loop)
{
	uint64_t number = WATCH_NONE;
	struct watch *watch;

	while ((watch = watch_polled_after(loop, number))) {
		number = watch->number;
		dispatch(loop, watch, watch->events);
	}
}

/* Tasks that are posted by these have their turn in the next round. Lock held, given up. */
static void run_tasks(struct loop *loop)
{
	struct task *task = loop->tasks;

	loop->tasks = NULL;
	loop->tasks_end = &loop->tasks;
	pthread_mutex_unlock(&loop->lock);
	while (task) {
		struct task *next = task->next;

		if (!loop->stopping)
			task->run(task->owner);
		free(task);
		task = next;
	}
	pthread_mutex_lock(&loop->lock);
}

static void acknowledge_wake(struct loop *loop)
{
	uint64_t count;

	if (read(loop->event_fd, &count, sizeof(count)) < 0)
		return; /* another round has taken it */
}

/* Wait for events, and handle them. */
static void run_round(struct loop *loop, bool wait)
{
	struct epoll_event events[EVENTS_A_ROUND];
	int count = epoll_wait(loop->epoll_fd, events, EVENTS_A_ROUND, wait ? -1 : 0);

	pthread_mutex_lock(&loop->lock);
	for (int i = 0; i < count; i++) {
		struct watch *watch = watch_by_number(loop, events[i].data.u64);

		if (events[i].data.u64 == WATCH_NONE)
			acknowledge_wake(loop);
		else if (watch)
			dispatch(loop, watch, events[i].events);
	}
	dispatch_polled(loop);
	run_tasks(loop);
	pthread_mutex_unlock(&loop->lock);
}

/* There is work that no descriptor tells of. */
static bool has_work(struct loop *loop)
{
	bool has;

	pthread_mutex_lock(&loop->lock);
	has = loop->tasks || watch_polled_after(loop, WATCH_NONE);
	pthread_mutex_unlock(&loop->lock);
	return has;
}

static void *loop_main(void *arg)
{
	struct loop *loop = arg;

	/* Until loop_create has stored loop->thread. */
	pthread_mutex_lock(&loop->lock);
	pthread_mutex_unlock(&loop->lock);
	pthread_setname_np(pthread_self(), "loop");
	while (!loop->stopping)
		run_round(loop, !has_work(loop));
	return NULL;
}

/* --- Life --- */

static int create_descriptors(struct loop *loop, struct error *err)
{
	struct epoll_event event = {.events = EPOLLIN, .data.u64 = WATCH_NONE};

	loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll_fd < 0)
		return error_set_errno(err, errno, "cannot create an epoll instance");
	loop->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (loop->event_fd < 0)
		return error_set_errno(err, errno, "cannot create an eventfd");
	if (epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, loop->event_fd, &event) < 0)
		return error_set_errno(err, errno, "cannot watch an eventfd");
	return 0;
}

/* Start the thread with all signals blocked: they are for the threads of the harness. */
static int create_thread(struct loop *loop, struct error *err)
{
	sigset_t all, before;
	int result;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_mutex_lock(&loop->lock);
	result = pthread_create(&loop->thread, NULL, loop_main, loop);
	pthread_mutex_unlock(&loop->lock);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (result)
		return error_set_errno(err, result, "cannot create the I/O thread");
	return 0;
}

static void free_loop(struct loop *loop)
{
	if (loop->event_fd >= 0)
		close(loop->event_fd);
	if (loop->epoll_fd >= 0)
		close(loop->epoll_fd);
	pthread_cond_destroy(&loop->changed);
	pthread_mutex_destroy(&loop->lock);
	free(loop);
}

int loop_create(struct loop **created, struct error *err)
{
	struct loop *loop = calloc(1, sizeof(*loop));

	*created = NULL;
	if (!loop)
		return error_set(err, ERROR_NO_MEMORY, "no memory for the I/O loop");
	loop->epoll_fd = -1;
	loop->event_fd = -1;
	loop->tasks_end = &loop->tasks;
	pthread_mutex_init(&loop->lock, NULL);
	pthread_cond_init(&loop->changed, NULL);
	if (create_descriptors(loop, err) < 0 || create_thread(loop, err) < 0) {
		free_loop(loop);
		return -1;
	}
	*created = loop;
	return 0;
}

static void task_stop(void *owner)
{
	struct loop *loop = owner;

	loop->stopping = true;
}

void loop_destroy(struct loop *loop)
{
	if (!loop)
		return;
	loop_post(loop, task_stop, loop);
	pthread_join(loop->thread, NULL);
	while (loop->watches) {
		struct watch *watch = loop->watches;

		loop->watches = watch->next;
		free(watch);
	}
	while (loop->tasks) { /* posted after the loop's last round */
		struct task *task = loop->tasks;

		loop->tasks = task->next;
		free(task);
	}
	free_loop(loop);
}

/* --- For everybody --- */

static bool on_loop_thread(const struct loop *loop)
{
	return pthread_equal(pthread_self(), loop->thread);
}

/* So that the thread sees what epoll does not tell it about: tasks, and polled watches. */
static void wake(struct loop *loop)
{
	uint64_t one = 1;

	if (write(loop->event_fd, &one, sizeof(one)) < 0)
		return; /* the counter is full: it is awake already */
}

int loop_watch(struct loop *loop, int fd, uint32_t events, loop_handler *handler, void *owner,
	       struct error *err)
{
	struct watch *watch = malloc(sizeof(*watch));
	bool polled;
	int failed;

	if (!watch)
		return error_set(err, ERROR_NO_MEMORY, "no memory to watch descriptor %d", fd);
	*watch = (struct watch){.fd = fd, .handler = handler, .owner = owner};

	pthread_mutex_lock(&loop->lock);
	failed = watch_add(loop, watch, events);
	polled = watch->polled;
	pthread_mutex_unlock(&loop->lock);

	if (failed) {
		free(watch);
		error_set_errno(err, failed, "cannot watch descriptor %d", fd);
		if (err)
			err->kind = ERROR_OS;
		return -1;
	}
	if (polled)
		wake(loop);
	return 0;
}

void loop_rewatch(struct loop *loop, int fd, uint32_t events)
{
	struct watch *watch;
	bool polled;

	pthread_mutex_lock(&loop->lock);
	watch = watch_by_fd(loop, fd);
	/* Where epoll cannot take it now, asking each round is better than never hearing of it. */
	if (watch && watch_want(loop, watch, events) < 0)
		watch->polled = true;
	polled = watch && watch->polled;
	pthread_mutex_unlock(&loop->lock);
	if (polled)
		wake(loop);
}

void loop_unwatch(struct loop *loop, int fd)
{
	struct watch *watch;

	pthread_mutex_lock(&loop->lock);
	watch = watch_by_fd(loop, fd);
	if (watch) {
		watch_want(loop, watch, 0);
		watch_unlink(loop, watch);
		while (loop->running == watch->number && !on_loop_thread(loop))
			pthread_cond_wait(&loop->changed, &loop->lock);
	}
	pthread_mutex_unlock(&loop->lock);
	free(watch);
}

/* A lost completion would hang the guest: where the host has no memory, wait until it has. */
static struct task *allocate_task(void)
{
	const struct timespec millisecond = {.tv_nsec = 1000000};
	struct task *task;

	while (!(task = malloc(sizeof(*task))))
		nanosleep(&millisecond, NULL);
	return task;
}

void loop_post(struct loop *loop, loop_task *run, void *owner)
{
	struct task *task = allocate_task();

	*task = (struct task){.run = run, .owner = owner};
	pthread_mutex_lock(&loop->lock);
	*loop->tasks_end = task;
	loop->tasks_end = &task->next;
	pthread_mutex_unlock(&loop->lock);
	if (!on_loop_thread(loop))
		wake(loop);
}

struct drain {
	struct loop *loop;
	bool done;
};

static void task_drained(void *owner)
{
	struct drain *drain = owner;
	struct loop *loop = drain->loop;

	pthread_mutex_lock(&loop->lock);
	drain->done = true;
	pthread_cond_broadcast(&loop->changed);
	pthread_mutex_unlock(&loop->lock);
}

void loop_drain(struct loop *loop)
{
	struct drain drain = {.loop = loop};

	loop_post(loop, task_drained, &drain);
	pthread_mutex_lock(&loop->lock);
	while (!drain.done)
		pthread_cond_wait(&loop->changed, &loop->lock);
	pthread_mutex_unlock(&loop->lock);
}
