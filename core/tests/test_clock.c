/* Time in both modes: the counter, and timers that expire in order, in time, and not after removal. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/loop.h"

#define MS (CLOCK_FREQUENCY / 1000)

static struct loop *loop;
static struct clock guest_clock;

static void start(enum clock_mode mode)
{
	struct error err = {0};

	if (mode == CLOCK_HOST)
		cr_assert_eq(loop_create(&loop, &err), 0, "%s", err.text);
	cr_assert_eq(clock_init(&guest_clock, mode, loop, &err), 0, "%s", err.text);
}

static void start_host(void)
{
	start(CLOCK_HOST);
}

static void start_virtual(void)
{
	start(CLOCK_VIRTUAL);
}

static void tear_down(void)
{
	clock_destroy(&guest_clock);
	loop_destroy(loop);
}

TestSuite(clock_conversion, .timeout = 10);
TestSuite(clock_host, .init = start_host, .fini = tear_down, .timeout = 20);
TestSuite(clock_virtual, .init = start_virtual, .fini = tear_down, .timeout = 20);

static void sleep_ms(unsigned ms)
{
	const struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};

	nanosleep(&time, NULL);
}

/* A timer that writes down when it expired. */
struct alarm {
	struct clock_timer timer;
	char name;
	uint64_t period; /* arm again that much later, while repeats remain */
	unsigned repeats;
	_Atomic uint64_t expired_at;
	_Atomic unsigned count;
};

static char order[64];
static _Atomic unsigned order_len;

static void on_expire(void *owner)
{
	struct alarm *alarm = owner;
	uint64_t now = clock_counter(&guest_clock);

	if (order_len < sizeof(order) - 1)
		order[order_len++] = alarm->name;
	alarm->expired_at = now;
	if (alarm->repeats && alarm->repeats--)
		clock_timer_arm(&guest_clock, &alarm->timer, now + alarm->period);
	alarm->count++;
}

static void alarm_init(struct alarm *alarm, char name)
{
	*alarm = (struct alarm){.name = name};
	clock_timer_init(&alarm->timer, on_expire, alarm);
}

static void wait_for(struct alarm *alarm, unsigned count)
{
	while (alarm->count < count)
		sleep_ms(1);
}

Test(clock_conversion, is_exact_and_saturates)
{
	cr_assert_eq(clock_ticks_to_ns(0), 0);
	cr_assert_eq(clock_ticks_to_ns(CLOCK_FREQUENCY), 1000000000);
	cr_assert_eq(clock_ticks_to_ns(1ULL << 59), 1ULL << 63);
	cr_assert_eq(clock_ticks_to_ns(UINT64_MAX), UINT64_MAX);
	cr_assert_eq(clock_ns_to_ticks(1000000000), CLOCK_FREQUENCY);
	cr_assert_eq(clock_ns_to_ticks(15), 0);
	cr_assert_eq(clock_ns_to_ticks(UINT64_MAX), UINT64_MAX / 16);
}

Test(clock_host, counter_follows_the_hosts_monotonic_time)
{
	uint64_t before = clock_counter(&guest_clock), after;

	sleep_ms(20);
	after = clock_counter(&guest_clock);
	cr_assert_geq(after - before, 20 * MS);
	cr_assert_lt(after, 5000 * MS);
	cr_assert_lt(labs((long)(clock_wall_seconds(&guest_clock) - (uint64_t)time(NULL))), 2);
}

Test(clock_host, timer_expires_in_time_and_once)
{
	struct alarm alarm;
	uint64_t deadline = clock_counter(&guest_clock) + 10 * MS;

	alarm_init(&alarm, 'a');
	clock_timer_arm(&guest_clock, &alarm.timer, deadline);
	cr_assert_eq(clock_next_deadline(&guest_clock), deadline);
	wait_for(&alarm, 1);
	cr_assert_geq(alarm.expired_at, deadline);
	cr_assert_lt(alarm.expired_at, deadline + 10000 * MS);
	sleep_ms(20);
	cr_assert_eq(alarm.count, 1);
	cr_assert_eq(clock_next_deadline(&guest_clock), CLOCK_NEVER);
}

Test(clock_host, past_deadline_expires_at_once_on_the_loop)
{
	struct alarm alarm;

	alarm_init(&alarm, 'a');
	clock_timer_arm(&guest_clock, &alarm.timer, 0);
	wait_for(&alarm, 1);
}

/*
 * On a busy host some time can pass while timers are being armed, and then the first has expired
 * before the last is armed: such a try says nothing, and is made again.
 */
static bool is_too_late(uint64_t deadline)
{
	return clock_counter(&guest_clock) >= deadline;
}

Test(clock_host, timers_expire_in_order_whatever_the_order_of_arming)
{
	static const unsigned after[] = {30, 10, 40, 20};
	struct alarm alarms[4];
	uint64_t now;

	for (unsigned i = 0; i < 4; i++)
		alarm_init(&alarms[i], (char)('0' + after[i] / 10));
	do {
		for (unsigned i = 0; i < 4; i++)
			clock_timer_remove(&guest_clock, &alarms[i].timer);
		memset(order, 0, sizeof(order));
		order_len = 0;
		alarms[2].count = 0;
		now = clock_counter(&guest_clock);
		for (unsigned i = 0; i < 4; i++)
			clock_timer_arm(&guest_clock, &alarms[i].timer, now + after[i] * MS);
	} while (is_too_late(now + 10 * MS));
	wait_for(&alarms[2], 1);
	cr_assert_str_eq(order, "1234");
}

/* The alarm on the host stays set for the earlier time: going off for nothing, it sets the next. */
Test(clock_host, timer_moved_later_expires_late)
{
	struct alarm alarm;
	uint64_t now;

	alarm_init(&alarm, 'a');
	do {
		clock_timer_remove(&guest_clock, &alarm.timer);
		alarm.count = 0;
		now = clock_counter(&guest_clock);
		clock_timer_arm(&guest_clock, &alarm.timer, now + 10 * MS);
		clock_timer_arm(&guest_clock, &alarm.timer, now + 40 * MS);
	} while (is_too_late(now + 10 * MS));
	wait_for(&alarm, 1);
	cr_assert_geq(alarm.expired_at, now + 40 * MS);
	cr_assert_eq(alarm.count, 1);
}

Test(clock_host, timer_moved_earlier_expires_early)
{
	uint64_t now = clock_counter(&guest_clock);
	struct alarm alarm;

	alarm_init(&alarm, 'a');
	clock_timer_arm(&guest_clock, &alarm.timer, now + 3600 * 1000 * MS);
	clock_timer_arm(&guest_clock, &alarm.timer, now + 5 * MS);
	wait_for(&alarm, 1);
	cr_assert_lt(alarm.expired_at, now + 10000 * MS);
}

Test(clock_host, far_deadlines_are_far_and_disarmed_timers_silent)
{
	struct alarm far, disarmed;
	unsigned count;

	alarm_init(&far, 'f');
	alarm_init(&disarmed, 'd');
	clock_timer_arm(&guest_clock, &far.timer, CLOCK_NEVER - 1);
	cr_assert_eq(clock_next_deadline(&guest_clock), CLOCK_NEVER - 1);
	clock_timer_arm(&guest_clock, &disarmed.timer, clock_counter(&guest_clock) + 10 * MS);
	clock_timer_disarm(&guest_clock, &disarmed.timer);
	clock_timer_disarm(&guest_clock, &disarmed.timer);
	loop_drain(loop);
	count = disarmed.count; /* 1 where this thread had to wait for a CPU for so long */
	sleep_ms(30);
	cr_assert_eq(disarmed.count, count);
	cr_assert_eq(far.count, 0);
	clock_timer_remove(&guest_clock, &far.timer);
	cr_assert_eq(clock_next_deadline(&guest_clock), CLOCK_NEVER);
}

Test(clock_host, timer_that_always_arms_itself_for_the_past_starves_nobody)
{
	struct alarm hostile, other;

	alarm_init(&hostile, 'h');
	alarm_init(&other, 'o');
	hostile.repeats = UINT32_MAX;
	clock_timer_arm(&guest_clock, &hostile.timer, 0);
	wait_for(&hostile, 10);
	loop_drain(loop);
	clock_timer_arm(&guest_clock, &other.timer, clock_counter(&guest_clock) + MS);
	wait_for(&other, 1);
	clock_timer_remove(&guest_clock, &hostile.timer);
}

static void *arm_and_disarm(void *arg)
{
	struct alarm *alarm = arg;

	for (unsigned i = 0; i < 2000; i++) {
		clock_timer_arm(&guest_clock, &alarm->timer,
				clock_counter(&guest_clock) + i % 7 * MS / 100);
		if (i % 3 == 0)
			clock_timer_disarm(&guest_clock, &alarm->timer);
	}
	clock_timer_remove(&guest_clock, &alarm->timer);
	alarm->count = 0;
	return NULL;
}

Test(clock_host, no_expiry_after_remove_under_contention)
{
	struct alarm alarms[3];
	pthread_t threads[3];

	for (unsigned i = 0; i < 3; i++) {
		alarm_init(&alarms[i], 'a');
		pthread_create(&threads[i], NULL, arm_and_disarm, &alarms[i]);
	}
	for (unsigned i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	sleep_ms(5);
	for (unsigned i = 0; i < 3; i++)
		cr_assert_eq(alarms[i].count, 0, "expired after clock_timer_remove");
}

static void on_slow_expire(void *owner)
{
	struct alarm *alarm = owner;

	alarm->count = 1;
	sleep_ms(30);
	clock_timer_arm(&guest_clock, &alarm->timer, 0);
	alarm->count = 2;
}

Test(clock_host, remove_waits_for_a_running_expiry_and_its_arming)
{
	struct alarm alarm = {0};

	clock_timer_init(&alarm.timer, on_slow_expire, &alarm);
	clock_timer_arm(&guest_clock, &alarm.timer, 0);
	wait_for(&alarm, 1);
	clock_timer_remove(&guest_clock, &alarm.timer);
	cr_assert_eq(alarm.count, 2);
	alarm.count = 0;
	sleep_ms(5);
	cr_assert_eq(alarm.count, 0);
}

Test(clock_host, nothing_expires_after_stop)
{
	struct alarm alarm;
	unsigned count;

	alarm_init(&alarm, 'a');
	clock_timer_arm(&guest_clock, &alarm.timer, clock_counter(&guest_clock) + 5 * MS);
	clock_stop(&guest_clock);
	count = alarm.count;
	clock_timer_arm(&guest_clock, &alarm.timer, 0);
	sleep_ms(20);
	cr_assert_eq(alarm.count, count);
	clock_timer_remove(&guest_clock, &alarm.timer);
}

/* It stops itself, with a timer running; the time of that comes and goes before it goes on. */
static bool timers_survive_a_stop(void)
{
	uint64_t begin;
	struct alarm alarm;

	start(CLOCK_HOST);
	begin = clock_counter(&guest_clock);
	alarm_init(&alarm, 'a');
	alarm.period = 10 * MS;
	alarm.repeats = 9;
	clock_timer_arm(&guest_clock, &alarm.timer, begin + 10 * MS);
	raise(SIGSTOP);
	wait_for(&alarm, 10);
	return alarm.expired_at - begin >= 100 * MS;
}

/* It stops itself for three seconds, of which the guest is not to see more than a few tenths. */
static bool time_pauses(void)
{
	uint64_t before, after, later;
	struct alarm alarm;

	start(CLOCK_HOST);
	alarm_init(&alarm, 'a');
	sleep_ms(300);
	before = clock_counter(&guest_clock);
	clock_timer_arm(&guest_clock, &alarm.timer, before + 2000 * MS);
	raise(SIGSTOP);
	after = clock_counter(&guest_clock);
	sleep_ms(100);
	later = clock_counter(&guest_clock);
	return after >= before && after - before < 1500 * MS && later >= after + 100 * MS &&
	       alarm.count == 0;
}

static void expect_to_survive(bool (*stops)(void), unsigned ms)
{
	pid_t child = fork();
	int status;

	if (child == 0)
		_exit(stops() ? 0 : 1);
	cr_assert_eq(waitpid(child, &status, WUNTRACED), child);
	cr_assert(WIFSTOPPED(status));
	sleep_ms(ms);
	kill(child, SIGCONT);
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_assert(WIFEXITED(status));
	cr_assert_eq(WEXITSTATUS(status), 0);
}

Test(clock_virtual, time_stands_still_until_it_is_advanced)
{
	cr_assert_eq(clock_counter(&guest_clock), 0);
	cr_assert_eq(clock_wall_seconds(&guest_clock), 1735689600);
	sleep_ms(2);
	cr_assert_eq(clock_counter(&guest_clock), 0);
	clock_virtual_advance(&guest_clock, 3 * CLOCK_FREQUENCY + 1);
	cr_assert_eq(clock_counter(&guest_clock), 3 * CLOCK_FREQUENCY + 1);
	cr_assert_eq(clock_wall_seconds(&guest_clock), 1735689603);
	clock_virtual_advance(&guest_clock, 5);
	cr_assert_eq(clock_counter(&guest_clock), 3 * CLOCK_FREQUENCY + 1, "never back");
}

Test(clock_virtual, timers_run_in_order_of_deadline_then_of_arming)
{
	struct alarm alarms[5];
	static const uint64_t deadlines[] = {50, 20, 50, 10, 20};

	for (unsigned i = 0; i < 5; i++) {
		alarm_init(&alarms[i], (char)('a' + i));
		clock_timer_arm(&guest_clock, &alarms[i].timer, deadlines[i]);
	}
	clock_timer_arm(&guest_clock, &alarms[0].timer, 50); /* armed anew: now behind c */
	cr_assert_eq(clock_next_deadline(&guest_clock), 10);
	clock_virtual_advance(&guest_clock, 49);
	cr_assert_str_eq(order, "dbe");
	cr_assert_eq(alarms[1].expired_at, 20, "a timer sees the time of its deadline");
	cr_assert_eq(clock_counter(&guest_clock), 49);
	clock_virtual_advance(&guest_clock, 50);
	cr_assert_str_eq(order, "dbeca");
	cr_assert_eq(clock_next_deadline(&guest_clock), CLOCK_NEVER);
}

Test(clock_virtual, periodic_timer_runs_at_each_of_its_times)
{
	struct alarm fast, slow;

	alarm_init(&fast, 'f');
	alarm_init(&slow, 's');
	fast.period = 10;
	fast.repeats = 4;
	slow.period = 25;
	slow.repeats = 1;
	clock_timer_arm(&guest_clock, &fast.timer, 10);
	clock_timer_arm(&guest_clock, &slow.timer, 25);
	clock_virtual_advance(&guest_clock, 1000);
	cr_assert_str_eq(order, "ffsffsf", "%s", order);
	cr_assert_eq(fast.expired_at, 50);
}

Test(clock_virtual, past_deadline_is_never_run_inline)
{
	struct alarm alarm;

	alarm_init(&alarm, 'a');
	clock_virtual_advance(&guest_clock, 100);
	clock_timer_arm(&guest_clock, &alarm.timer, 50);
	cr_assert_eq(alarm.count, 0);
	clock_virtual_advance(&guest_clock, 100);
	cr_assert_eq(alarm.count, 1);
	cr_assert_eq(alarm.expired_at, 100, "time does not go back for it");
}

Test(clock, process_that_was_stopped_goes_on, .timeout = 20)
{
	expect_to_survive(timers_survive_a_stop, 100);
}

Test(clock, time_pauses_while_the_process_is_stopped, .timeout = 20)
{
	expect_to_survive(time_pauses, 3000);
}
