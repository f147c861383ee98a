/*
 * Time. Timers stand in one list by deadline; there are a few for each vCPU, so a list is enough.
 *
 * Host mode: a timerfd that the I/O loop watches is set to an absolute CLOCK_MONOTONIC time, so
 * nothing drifts. Setting it costs a system call on a vCPU's path, so it is only ever set to
 * something earlier; an alarm that is no longer needed goes off, finds nothing to do, and sets the
 * next one.
 *
 * That the process was stopped nobody tells it. But somebody looks at the time twice a second at
 * least, because the loop does if nobody else; so when the last look (seen_ns) is long past, nothing
 * ran meanwhile, and what is more than usual is taken out of the counter (stopped_ns). The counter
 * must not go back by that: a reader moves seen_ns on before it returns a time that is more
 * than SEEN_NS later, and so much is never taken out. Whoever changes stopped_ns does it before
 * seen_ns, so a reader that finds nothing wrong with seen_ns has the right stopped_ns, or sees it change.
 *
 * Virtual mode: whoever schedules vCPUs moves the counter, and timers run as it passes them.
 */
#include "core/clock.h"

#include <assert.h>
#include <errno.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "core/loop.h"

#define NS_PER_SECOND 1000000000ULL
#define NS_PER_TICK   (NS_PER_SECOND / CLOCK_FREQUENCY)

static_assert(NS_PER_SECOND % CLOCK_FREQUENCY == 0, "a tick is a whole number of nanoseconds");

/* 2025-01-01T00:00:00Z: virtual time begins on the same day in every run. */
#define VIRTUAL_EPOCH 1735689600ULL

uint64_t clock_ticks_to_ns(uint64_t ticks)
{
	return ticks > UINT64_MAX / NS_PER_TICK ? UINT64_MAX : ticks * NS_PER_TICK;
}

uint64_t clock_ns_to_ticks(uint64_t ns)
{
	return ns / NS_PER_TICK;
}

static uint64_t host_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

#define HEARTBEAT  (CLOCK_FREQUENCY / 2)
#define SEEN_NS	   (NS_PER_SECOND / 10)
#define STOPPED_NS (2 * NS_PER_SECOND)

/* The last look is long past. */
static void host_take_out_stop(struct clock *clock)
{
	uint64_t now, seen;

	pthread_mutex_lock(&clock->stopped_lock);
	seen = clock->seen_ns;
	now = host_ns();
	if (now > seen + STOPPED_NS) {
		atomic_fetch_add(&clock->stopped_ns, now - seen - SEEN_NS);
		clock->seen_ns = now;
	}
	pthread_mutex_unlock(&clock->stopped_lock);
}

/* Nanoseconds since counter 0 in which the process ran. */
static uint64_t host_passed_ns(struct clock *clock)
{
	for (;;) {
		uint64_t stopped = clock->stopped_ns;
		uint64_t seen = clock->seen_ns;
		uint64_t now = host_ns();

		if (now > seen + STOPPED_NS) {
			host_take_out_stop(clock);
			continue;
		}
		if (now > seen + SEEN_NS)
			atomic_compare_exchange_strong(&clock->seen_ns, &seen, now);
		if (clock->stopped_ns == stopped)
			return now - clock->host_start_ns - stopped;
	}
}

uint64_t clock_counter(const struct clock *clock)
{
	if (clock->source)
		return clock->source->counter(clock->source->owner);
	if (clock->mode == CLOCK_VIRTUAL)
		return atomic_load_explicit(&clock->virtual_now, memory_order_acquire);
	/* That somebody looked is not a change to the caller. */
	return clock_ns_to_ticks(host_passed_ns((struct clock *)(uintptr_t)clock));
}

uint64_t clock_wall_seconds(const struct clock *clock)
{
	struct timespec now;

	if (clock->mode == CLOCK_VIRTUAL)
		return VIRTUAL_EPOCH + clock_counter(clock) / CLOCK_FREQUENCY;
	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec;
}

/* --- The list: clock->lock held --- */

static void list_remove(struct clock *clock, struct clock_timer *timer)
{
	struct clock_timer **link = &clock->timers;

	if (timer->deadline == CLOCK_NEVER)
		return;
	while (*link != timer)
		link = &(*link)->next;
	*link = timer->next;
	timer->next = NULL;
	timer->deadline = CLOCK_NEVER;
}

/* Behind those of the same deadline: they were armed earlier. */
static void list_insert(struct clock *clock, struct clock_timer *timer, uint64_t deadline)
{
	struct clock_timer **link = &clock->timers;

	if (deadline == CLOCK_NEVER)
		return;
	while (*link && (*link)->deadline <= deadline)
		link = &(*link)->next;
	timer->deadline = deadline;
	timer->next = *link;
	*link = timer;
}

static uint64_t list_earliest(const struct clock *clock)
{
	return clock->timers ? clock->timers->deadline : CLOCK_NEVER;
}

static unsigned list_count_expired(const struct clock *clock, uint64_t now)
{
	const struct clock_timer *timer = clock->timers;
	unsigned count = 0;

	for (; timer && timer->deadline <= now; timer = timer->next)
		count++;
	return count;
}

/* Take the first timer off the list and call it, with the lock given up meanwhile. */
static void run_first(struct clock *clock)
{
	struct clock_timer *timer = clock->timers;

	list_remove(clock, timer);
	clock->running = timer;
	pthread_mutex_unlock(&clock->lock);
	timer->expire(timer->owner);
	pthread_mutex_lock(&clock->lock);
	clock->running = NULL;
	pthread_cond_broadcast(&clock->idle);
}

/* --- Host mode --- */

/* Have the timerfd go off in time for the first timer, and for the next look. Lock held. */
static void host_program(struct clock *clock)
{
	uint64_t earliest = list_earliest(clock);
	uint64_t deadline = earliest < clock->heartbeat ? earliest : clock->heartbeat;
	struct itimerspec when = {0};
	uint64_t ns;

	if (clock->timer_fd < 0 || deadline >= clock->programmed)
		return;
	ns = clock->host_start_ns + clock->stopped_ns + clock_ticks_to_ns(deadline);
	when.it_value.tv_sec = (time_t)(ns / NS_PER_SECOND);
	when.it_value.tv_nsec = (long)(ns % NS_PER_SECOND);
	timerfd_settime(clock->timer_fd, TFD_TIMER_ABSTIME, &when, NULL);
	clock->programmed = deadline;
}

/*
 * The timerfd went off. Only as many timers run as had expired at that moment: one that arms itself
 * for the past again and again must not keep the loop from its other work.
 */
static void host_alarm(void *owner, uint32_t events)
{
	struct clock *clock = owner;
	uint64_t expirations;
	uint64_t now;
	unsigned count;

	(void)events;
	if (read(clock->timer_fd, &expirations, sizeof(expirations)) < 0)
		return; /* set anew since: it has not gone off yet */
	pthread_mutex_lock(&clock->lock);
	clock->programmed = CLOCK_NEVER;
	now = clock_counter(clock);
	clock->heartbeat = now + HEARTBEAT;
	for (count = list_count_expired(clock, now); count; count--)
		if (clock->timers)
			run_first(clock);
	host_program(clock);
	pthread_mutex_unlock(&clock->lock);
}

static int host_init(struct clock *clock, struct error *err)
{
	clock->host_start_ns = host_ns();
	clock->seen_ns = clock->host_start_ns;
	clock->heartbeat = HEARTBEAT;
	clock->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (clock->timer_fd < 0)
		return error_set_errno(err, errno, "cannot create a timer");
	if (loop_watch(clock->loop, clock->timer_fd, EPOLLIN, host_alarm, clock, err) < 0) {
		close(clock->timer_fd);
		clock->timer_fd = -1;
		return -1;
	}
	pthread_mutex_lock(&clock->lock);
	host_program(clock);
	pthread_mutex_unlock(&clock->lock);
	return 0;
}

/* --- Both modes --- */

int clock_init(struct clock *clock, enum clock_mode mode, struct loop *loop, struct error *err)
{
	*clock = (struct clock){
		.mode = mode,
		.loop = loop,
		.timer_fd = -1,
		.programmed = CLOCK_NEVER,
	};
	pthread_mutex_init(&clock->lock, NULL);
	pthread_mutex_init(&clock->stopped_lock, NULL);
	pthread_cond_init(&clock->idle, NULL);
	return mode == CLOCK_HOST ? host_init(clock, err) : 0;
}

void clock_stop(struct clock *clock)
{
	if (clock->timer_fd < 0)
		return;
	loop_unwatch(clock->loop, clock->timer_fd);
	pthread_mutex_lock(&clock->lock);
	close(clock->timer_fd);
	clock->timer_fd = -1; /* arming a timer sets nothing any more */
	pthread_mutex_unlock(&clock->lock);
}

void clock_destroy(struct clock *clock)
{
	clock_stop(clock);
	pthread_cond_destroy(&clock->idle);
	pthread_mutex_destroy(&clock->stopped_lock);
	pthread_mutex_destroy(&clock->lock);
}

void clock_timer_init(struct clock_timer *timer, void (*expire)(void *owner), void *owner)
{
	*timer = (struct clock_timer){.expire = expire, .owner = owner, .deadline = CLOCK_NEVER};
}

void clock_timer_arm(struct clock *clock, struct clock_timer *timer, uint64_t deadline)
{
	pthread_mutex_lock(&clock->lock);
	list_remove(clock, timer);
	list_insert(clock, timer, deadline);
	host_program(clock);
	if (clock->source && deadline != CLOCK_NEVER)
		clock->source->armed(clock->source->owner, deadline);
	pthread_mutex_unlock(&clock->lock);
}

void clock_timer_disarm(struct clock *clock, struct clock_timer *timer)
{
	clock_timer_arm(clock, timer, CLOCK_NEVER);
}

void clock_timer_remove(struct clock *clock, struct clock_timer *timer)
{
	pthread_mutex_lock(&clock->lock);
	while (clock->running == timer)
		pthread_cond_wait(&clock->idle, &clock->lock);
	list_remove(clock, timer); /* afterwards: expire may have armed it again */
	pthread_mutex_unlock(&clock->lock);
}

uint64_t clock_next_deadline(struct clock *clock)
{
	uint64_t deadline;

	pthread_mutex_lock(&clock->lock);
	deadline = list_earliest(clock);
	pthread_mutex_unlock(&clock->lock);
	return deadline;
}

/* Time never goes back: a timer armed for the past runs at the present. */
static void virtual_set(struct clock *clock, uint64_t counter)
{
	if (counter > atomic_load_explicit(&clock->virtual_now, memory_order_relaxed))
		atomic_store_explicit(&clock->virtual_now, counter, memory_order_release);
}

void clock_virtual_advance(struct clock *clock, uint64_t counter)
{
	pthread_mutex_lock(&clock->lock);
	while (list_earliest(clock) <= counter && clock->timers) {
		virtual_set(clock, clock->timers->deadline);
		run_first(clock);
	}
	virtual_set(clock, counter);
	pthread_mutex_unlock(&clock->lock);
}

void clock_virtual_source(struct clock *clock, const struct clock_source *source)
{
	if (clock->source)
		virtual_set(clock, clock_counter(clock));
	clock->source = source;
}
