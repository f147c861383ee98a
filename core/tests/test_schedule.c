/*
 * Virtual time: who runs when, for how long, and what the clock says meanwhile.
 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "core/tests/fake_engine.h"

TestSuite(schedule, .timeout = 20);

/* What the vCPUs did, in order: a line each. */
struct log {
	char text[4096];
	struct clock_timer timer;
	struct deferred task;
	struct vm *vm;
	unsigned rounds;
};

static void note(struct log *log, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void note(struct log *log, const char *format, ...)
{
	size_t used = strlen(log->text);
	va_list args;

	va_start(args, format);
	vsnprintf(log->text + used, sizeof(log->text) - used, format, args);
	va_end(args);
}

static void power_on(struct vcpu *vcpu, unsigned index)
{
	int64_t result;

	fake_hypercall(vcpu, 0xc4000003, index, VM_RAM_BASE, 0, &result);
	cr_assert_eq(result, 0);
}

/* Run, and destroy the VM. */
static enum vm_end run_vm(struct vm *vm, struct log *log)
{
	struct vm_result result;
	struct error err = {0};

	log->vm = vm;
	cr_assert_eq(vm_run(vm, &result, &err), 0, "%s", err.text);
	vm_destroy(vm);
	return result.end;
}

static void run(unsigned cpus, fake_script *script, struct log *log)
{
	cr_assert_eq(run_vm(fake_vm_create_virtual(cpus, script, log), log), VM_END_OFF, "%s",
		     log->text);
}

static void expect(const struct log *log, const char *text)
{
	cr_assert_str_eq(log->text, text);
}

/* --- Slices --- */

static void script_turns(struct vcpu *vcpu)
{
	struct log *log = fake_test(vcpu);
	uint64_t start = clock_counter(&vcpu->vm->clock);
	uint64_t before = fake_cpu(vcpu)->executed;

	if (vcpu->index == 0 && log->rounds++ == 0) {
		power_on(vcpu, 2);
		power_on(vcpu, 1);
	}
	while (fake_execute(vcpu))
		;
	note(log, "%u at %lu: %lu\n", vcpu->index, (unsigned long)start,
	     (unsigned long)(fake_cpu(vcpu)->executed - before));
	cr_assert_eq(clock_counter(&vcpu->vm->clock), start + fake_cpu(vcpu)->executed - before);
	if (start == 50000)
		fake_exit(vcpu, EXIT_SYSTEM_OFF);
}

Test(schedule, vcpus_take_turns_by_index_and_share_one_time)
{
	struct log log = {0};

	run(3, script_turns, &log);
	expect(&log, "0 at 0: 10000\n1 at 10000: 10000\n2 at 20000: 10000\n"
		     "0 at 30000: 10000\n1 at 40000: 10000\n2 at 50000: 10000\n");
}

/* --- Timers --- */

static void expire(void *owner)
{
	struct log *log = owner;

	note(log, "expires at %lu\n", (unsigned long)clock_counter(&log->vm->clock));
}

static void script_timer(struct vcpu *vcpu)
{
	struct log *log = fake_test(vcpu);
	struct clock *clock = &vcpu->vm->clock;

	note(log, "runs at %lu\n", (unsigned long)clock_counter(clock));
	if (log->rounds++ == 1) {
		fake_exit(vcpu, EXIT_SYSTEM_OFF);
		return;
	}
	clock_timer_init(&log->timer, expire, log);
	for (unsigned i = 0; i < 7; i++)
		fake_execute(vcpu);
	clock_timer_arm(clock, &log->timer, 5000); /* later in the slice */
	clock_timer_arm(clock, &log->timer, 100);  /* no: sooner */
	clock_timer_arm(clock, &log->timer, 6000); /* and that does not take it back */
	clock_timer_arm(clock, &log->timer, 100);
	while (fake_execute(vcpu))
		;
}

Test(schedule, a_timer_ends_the_slice_at_its_tick)
{
	struct log log = {0};

	run(1, script_timer, &log);
	expect(&log, "runs at 0\nexpires at 100\nruns at 100\n");
}

static void script_past_timer(struct vcpu *vcpu)
{
	struct log *log = fake_test(vcpu);

	note(log, "runs at %lu\n", (unsigned long)clock_counter(&vcpu->vm->clock));
	if (log->rounds++ == 1) {
		fake_exit(vcpu, EXIT_SYSTEM_OFF);
		return;
	}
	clock_timer_init(&log->timer, expire, log);
	for (unsigned i = 0; i < 50; i++)
		fake_execute(vcpu);
	clock_timer_arm(&vcpu->vm->clock, &log->timer, 20);
	cr_assert_not(fake_execute(vcpu), "behind the instruction that armed it");
}

Test(schedule, a_timer_for_the_past_expires_behind_the_instruction)
{
	struct log log = {0};

	run(1, script_past_timer, &log);
	expect(&log, "runs at 0\nexpires at 51\nruns at 51\n");
}

/* --- Waiting --- */

static void interrupt(void *owner)
{
	struct log *log = owner;

	expire(log);
	vcpu_set_input(&log->vm->vcpus[0], VCPU_IRQ, true);
}

static void script_wait(struct vcpu *vcpu)
{
	struct log *log = fake_test(vcpu);
	struct clock *clock = &vcpu->vm->clock;

	note(log, "%u at %lu\n", vcpu->index, (unsigned long)clock_counter(clock));
	if (vcpu->inputs) {
		cr_assert(fake_exit(vcpu, EXIT_WFI));
		cr_assert(fake_execute(vcpu), "an interrupt is pending: it does not wait");
		fake_exit(vcpu, EXIT_SYSTEM_OFF);
		return;
	}
	if (log->rounds++ == 0) {
		power_on(vcpu, 1);
		clock_timer_init(&log->timer, interrupt, log);
		clock_timer_arm(clock, &log->timer, 3600 * CLOCK_FREQUENCY);
	}
	cr_assert(fake_exit(vcpu, EXIT_WFI));
	cr_assert_not(fake_execute(vcpu), "its slice ends");
}

Test(schedule, when_all_wait_time_skips_to_the_timer)
{
	struct log log = {0};

	run(2, script_wait, &log);
	expect(&log, "0 at 0\n1 at 1\nexpires at 225000000000\n0 at 225000000000\n");
}

static void script_pause(struct vcpu *vcpu)
{
	struct log *log = fake_test(vcpu);

	note(log, "%u at %lu\n", vcpu->index, (unsigned long)clock_counter(&vcpu->vm->clock));
	if (log->rounds++ == 0)
		power_on(vcpu, 1);
	if (vcpu->index == 1 && log->rounds < 5) {
		while (fake_execute(vcpu))
			;
		return;
	}
	if (log->rounds == 8) {
		fake_exit(vcpu, EXIT_SYSTEM_OFF);
		return;
	}
	schedule_pause(&vcpu->vm->schedule, vcpu);
	cr_assert_not(fake_execute(vcpu), "its slice ends");
}

/* 50 microseconds are 3125 ticks. */
Test(schedule, a_pause_lets_others_run_and_time_move_on_when_there_are_none)
{
	struct log log = {0};

	run(2, script_pause, &log);
	expect(&log, "0 at 0\n1 at 1\n0 at 10001\n1 at 10002\n0 at 20002\n1 at 20003\n"
		     "0 at 23129\n1 at 23130\n");
}

static void script_yield(struct vcpu *vcpu)
{
	struct log *log = fake_test(vcpu);

	schedule_yield(&vcpu->vm->schedule, vcpu);
	note(log, "%u: %d\n", vcpu->index, fake_execute(vcpu));
	if (log->rounds++ == 0)
		power_on(vcpu, 1);
	schedule_yield(&vcpu->vm->schedule, vcpu);
	note(log, "%u: %d\n", vcpu->index, fake_execute(vcpu));
	if (log->rounds == 2)
		fake_exit(vcpu, EXIT_SYSTEM_OFF);
}

Test(schedule, a_yield_ends_the_slice_only_for_somebody_who_can_run)
{
	struct log log = {0};

	run(2, script_yield, &log);
	expect(&log, "0: 1\n0: 0\n1: 0\n1: 0\n");
}

/* --- Looks --- */

static enum vm_end run_watched(unsigned cpus, fake_script *script, struct log *log,
			       uint64_t (*look)(void *owner, struct vm *vm, uint64_t counter))
{
	const struct schedule_watch watch = {.first = 4000, .look = look, .owner = log};

	return run_vm(fake_vm_create_watched(cpus, script, log, &watch), log);
}

static uint64_t look_twice(void *owner, struct vm *vm, uint64_t counter)
{
	struct log *log = owner;

	cr_assert_eq(vm, log->vm);
	cr_assert_eq(counter, clock_counter(&vm->clock));
	note(log, "look at %lu\n", (unsigned long)counter);
	return counter < 20000 ? 20000 : CLOCK_NEVER;
}

/* All but the looks is as in vcpus_take_turns_by_index_and_share_one_time. */
Test(schedule, a_look_comes_at_its_tick_and_the_slice_goes_on)
{
	struct log log = {0};

	cr_assert_eq(run_watched(3, script_turns, &log, look_twice), VM_END_OFF);
	expect(&log, "0 at 0: 4000\nlook at 4000\n0 at 4000: 6000\n1 at 10000: 10000\n"
		     "look at 20000\n2 at 20000: 10000\n"
		     "0 at 30000: 10000\n1 at 40000: 10000\n2 at 50000: 10000\n");
}

static uint64_t look_each_hour(void *owner, struct vm *vm, uint64_t counter)
{
	(void)vm;
	note(owner, "look at %lu\n", (unsigned long)counter);
	return counter + 3600 * CLOCK_FREQUENCY;
}

Test(schedule, time_that_skips_over_a_look_is_looked_at_where_it_comes_to)
{
	struct log log = {0};

	cr_assert_eq(run_watched(2, script_wait, &log, look_each_hour), VM_END_OFF);
	expect(&log, "0 at 0\n1 at 1\nexpires at 225000000000\nlook at 225000000000\n"
		     "0 at 225000000000\n");
}

static uint64_t look_and_stop(void *owner, struct vm *vm, uint64_t counter)
{
	(void)vm;
	note(owner, "look at %lu\n", (unsigned long)counter);
	return counter;
}

static void script_busy(struct vcpu *vcpu)
{
	while (fake_execute(vcpu))
		;
}

Test(schedule, a_look_can_end_the_run)
{
	struct log log = {0};

	cr_assert_eq(run_watched(1, script_busy, &log, look_and_stop), VM_END_STOPPED);
	expect(&log, "look at 4000\n");
}

static void script_wait_at_look(struct vcpu *vcpu)
{
	struct log *log = fake_test(vcpu);

	note(log, "runs at %lu\n", (unsigned long)clock_counter(&vcpu->vm->clock));
	if (log->rounds++ == 1) {
		fake_exit(vcpu, EXIT_SYSTEM_OFF);
		return;
	}
	clock_timer_init(&log->timer, interrupt, log);
	clock_timer_arm(&vcpu->vm->clock, &log->timer, 5000);
	while (fake_cpu(vcpu)->executed < 3999)
		cr_assert(fake_execute(vcpu));
	cr_assert(fake_exit(vcpu, EXIT_WFI));
	cr_assert_not(fake_execute(vcpu), "its slice ends");
}

Test(schedule, a_slice_that_ends_at_a_look_does_not_go_on)
{
	struct log log = {0};

	cr_assert_eq(run_watched(1, script_wait_at_look, &log, look_twice), VM_END_OFF);
	expect(&log, "runs at 0\nlook at 4000\nexpires at 5000\nruns at 5000\n");
}

Test(schedule, a_watch_needs_virtual_time)
{
	const struct vm_config config = {.engine = &fake_engine,
					 .cpus = 1,
					 .memory = VM_MEMORY_MIN,
					 .watch = {.look = look_and_stop}};
	struct error err = {0};
	struct vm *vm;

	cr_assert_eq(vm_create(&vm, &config, &err), -1);
	cr_assert_eq(err.kind, ERROR_USAGE);
}

/* --- The world outside --- */

static void task(void *owner)
{
	struct log *log = owner;

	note(log, "task at %lu\n", (unsigned long)clock_counter(&log->vm->clock));
}

static void script_defer(struct vcpu *vcpu)
{
	struct log *log = fake_test(vcpu);

	note(log, "runs at %lu\n", (unsigned long)clock_counter(&vcpu->vm->clock));
	if (log->rounds++ == 1) {
		fake_exit(vcpu, EXIT_SYSTEM_OFF);
		return;
	}
	log->task = (struct deferred){.run = task, .owner = log};
	for (unsigned i = 0; i < 41; i++)
		fake_execute(vcpu);
	vm_defer(vcpu->vm, &log->task);
	vm_defer(vcpu->vm, &log->task);
	cr_assert_not(fake_execute(vcpu));
}

Test(schedule, a_deferred_task_runs_once_behind_the_instruction)
{
	struct log log = {0};

	run(1, script_defer, &log);
	expect(&log, "runs at 0\ntask at 42\nruns at 42\n");
}

static void wake_up(void *owner)
{
	struct log *log = owner;

	vcpu_set_input(&log->vm->vcpus[0], VCPU_IRQ, true);
}

static void *outside(void *owner)
{
	struct log *log = owner;

	usleep(50000);
	vm_defer(log->vm, &log->task);
	return NULL;
}

static void script_sleep(struct vcpu *vcpu)
{
	struct log *log = fake_test(vcpu);

	note(log, "runs at %lu\n", (unsigned long)clock_counter(&vcpu->vm->clock));
	if (log->rounds++ == 1)
		fake_exit(vcpu, EXIT_SYSTEM_OFF);
	else
		fake_exit(vcpu, EXIT_WFI);
}

/* Without a timer there is nowhere to skip to: the thread sleeps, and time stands still. */
Test(schedule, without_a_timer_it_sleeps_until_the_host_has_something)
{
	struct log log = {.task = {.run = wake_up, .owner = &log}};
	struct vm *vm = fake_vm_create_virtual(1, script_sleep, &log);
	struct vm_result result;
	pthread_t thread;

	log.vm = vm;
	pthread_create(&thread, NULL, outside, &log);
	cr_assert_eq(vm_run(vm, &result, NULL), 0);
	pthread_join(thread, NULL);
	expect(&log, "runs at 0\nruns at 0\n");
	vm_destroy(vm);
}

static void *stop(void *owner)
{
	struct log *log = owner;
	const struct vm_result result = {.end = VM_END_TIMEOUT};

	usleep(50000);
	vm_stop(log->vm, &result);
	return NULL;
}

static void expect_stopped(fake_script *script)
{
	struct log log = {0};
	struct vm *vm = fake_vm_create_virtual(1, script, &log);
	struct vm_result result;
	pthread_t thread;

	log.vm = vm;
	pthread_create(&thread, NULL, stop, &log);
	cr_assert_eq(vm_run(vm, &result, NULL), 0);
	cr_assert_eq(result.end, VM_END_TIMEOUT);
	pthread_join(thread, NULL);
	vm_destroy(vm);
}

static void script_sleep_for_ever(struct vcpu *vcpu)
{
	fake_exit(vcpu, EXIT_WFI);
}

Test(schedule, stopping_ends_it_asleep_or_busy)
{
	expect_stopped(script_sleep_for_ever);
	expect_stopped(script_busy);
}
