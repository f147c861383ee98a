/*
 * Virtual time; schedule.h has the idea.
 */
#include "core/schedule.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

#include "core/vcpu.h"
#include "core/vm.h"

/* Ticks. */
#define QUANTUM 10000
#define PAUSE	(CLOCK_FREQUENCY / 20000)

/* What is due later than this (2340 years) is never due: time must not overflow. */
#define FUTURE (1ULL << 62)

/* --- Time --- */

static uint64_t next_deadline(const struct schedule *schedule)
{
	uint64_t deadline = clock_next_deadline(&schedule->vm->clock);

	return deadline < FUTURE ? deadline : CLOCK_NEVER;
}

static uint64_t executed(const struct schedule *schedule, struct vcpu *vcpu)
{
	return schedule->vm->engine->executed(vcpu);
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static bool stopping(const struct schedule *schedule)
{
	return schedule->vm->vcpus[0].leave; /* as all of them */
}

static void look(struct schedule *schedule)
{
	const struct schedule_watch *watch = &schedule->vm->config.watch;
	uint64_t counter = clock_counter(&schedule->vm->clock);

	if (counter < schedule->watch_at || stopping(schedule))
		return;
	schedule->watch_at = watch->look(watch->owner, schedule->vm, counter);
	if (schedule->watch_at <= counter) {
		schedule->watch_at = CLOCK_NEVER;
		vm_stop(schedule->vm, &(struct vm_result){.end = VM_END_STOPPED});
	}
}

static void advance(struct schedule *schedule, uint64_t counter)
{
	schedule->now = counter;
	clock_virtual_advance(&schedule->vm->clock, counter);
	look(schedule);
}

/* --- A slice --- */

/* The clock's counter() during a slice. */
static uint64_t slice_counter(void *owner)
{
	const struct schedule *schedule = owner;

	return schedule->now + executed(schedule, schedule->running) - schedule->slice_executed;
}

/* Have run() return at the end of the slice, or for a look. */
static void slice_bound(struct schedule *schedule)
{
	uint64_t counter = earlier(schedule->slice_end, schedule->watch_at);
	uint64_t length = counter > schedule->now ? counter - schedule->now : 0;

	schedule->vm->engine->run_until(schedule->running, schedule->slice_executed + length);
}

/* Have the slice end at that time, which may have passed, unless it does so earlier. */
static void slice_until(struct schedule *schedule, uint64_t counter)
{
	if (counter >= schedule->slice_end)
		return;
	schedule->slice_end = counter;
	slice_bound(schedule);
}

/* The clock's armed() during a slice. */
static void slice_armed(void *owner, uint64_t deadline)
{
	slice_until(owner, deadline);
}

/* run() has returned: for a look alone? */
static bool slice_goes_on(struct schedule *schedule)
{
	if (slice_counter(schedule) < schedule->watch_at)
		return false;
	look(schedule);
	return slice_counter(schedule) < schedule->slice_end && !stopping(schedule) &&
	       vcpu_power_state(schedule->running) == VCPU_ON;
}

static void slice_run(struct schedule *schedule, struct vcpu *vcpu)
{
	struct clock *clock = &schedule->vm->clock;

	schedule->running = vcpu;
	schedule->slice_executed = executed(schedule, vcpu);
	schedule->slice_end = earlier(schedule->now + QUANTUM, next_deadline(schedule));
	clock_virtual_source(clock, &schedule->source);
	do {
		slice_bound(schedule);
		schedule->vm->engine->run(vcpu);
	} while (slice_goes_on(schedule));
	clock_virtual_source(clock, NULL);
	schedule->running = NULL;
	advance(schedule, schedule->now + executed(schedule, vcpu) - schedule->slice_executed);
}

/* --- Deferred tasks --- */

static struct deferred *take_task(struct schedule *schedule)
{
	struct deferred *task;

	pthread_mutex_lock(&schedule->lock);
	task = schedule->tasks;
	if (task) {
		schedule->tasks = task->next;
		if (!schedule->tasks)
			schedule->tasks_end = &schedule->tasks;
		task->queued = false;
	}
	pthread_mutex_unlock(&schedule->lock);
	return task;
}

static void run_tasks(struct schedule *schedule)
{
	struct deferred *task;

	while ((task = take_task(schedule)))
		task->run(task->owner);
}

void schedule_defer(struct schedule *schedule, struct deferred *task)
{
	pthread_mutex_lock(&schedule->lock);
	if (!task->queued) {
		task->queued = true;
		task->next = NULL;
		*schedule->tasks_end = task;
		schedule->tasks_end = &task->next;
	}
	pthread_mutex_unlock(&schedule->lock);
	if (schedule->tid == gettid() && schedule->running)
		slice_until(schedule, 0);
	schedule_wake(schedule);
}

/* --- Which vCPUs can run --- */

enum load { LOAD_NONE, LOAD_PAUSING, LOAD_BUSY };

static bool can_run(struct vcpu *vcpu)
{
	if (vcpu_power_state(vcpu) == VCPU_OFF)
		return false;
	return !vcpu->waiting || vcpu_must_run(vcpu);
}

static enum load load_of(struct schedule *schedule, const struct vcpu *but)
{
	struct vm *vm = schedule->vm;
	enum load load = LOAD_NONE;

	for (unsigned i = 0; i < vm->cpus; i++) {
		struct vcpu *vcpu = &vm->vcpus[i];

		if (vcpu == but || !can_run(vcpu))
			continue;
		if (!vcpu->pausing)
			return LOAD_BUSY;
		load = LOAD_PAUSING;
	}
	return load;
}

void schedule_wait(struct schedule *schedule, struct vcpu *vcpu)
{
	if (vcpu_must_run(vcpu)) {
		atomic_exchange(&vcpu->kicked, false);
		return;
	}
	vcpu->waiting = true;
	slice_until(schedule, 0);
}

void schedule_pause(struct schedule *schedule, struct vcpu *vcpu)
{
	vcpu->pausing = true;
	slice_until(schedule, 0);
}

void schedule_yield(struct schedule *schedule, struct vcpu *vcpu)
{
	if (load_of(schedule, vcpu) != LOAD_NONE)
		slice_until(schedule, 0);
}

/* --- The thread --- */

static void resume(struct vcpu *vcpu)
{
	if (vcpu->waiting)
		atomic_exchange(&vcpu->kicked, false);
	vcpu->waiting = false;
	vcpu->pausing = false;
}

/* A slice for everybody who can run. */
static void run_round(struct schedule *schedule)
{
	struct vm *vm = schedule->vm;

	for (unsigned i = 0; i < vm->cpus && !stopping(schedule); i++) {
		struct vcpu *vcpu = &vm->vcpus[i];

		if (!can_run(vcpu))
			continue;
		if (!vcpu_begin(vcpu))
			return;
		resume(vcpu);
		slice_run(schedule, vcpu);
		run_tasks(schedule);
	}
}

/* Until something comes from outside. As in vcpu.c, `asleep` is said before the last look. */
static void sleep_for_host(struct schedule *schedule)
{
	pthread_mutex_lock(&schedule->lock);
	schedule->asleep = true;
	while (!schedule->tasks && !stopping(schedule) && load_of(schedule, NULL) == LOAD_NONE &&
	       next_deadline(schedule) == CLOCK_NEVER)
		pthread_cond_wait(&schedule->wake, &schedule->lock);
	schedule->asleep = false;
	pthread_mutex_unlock(&schedule->lock);
}

/* Nobody has anything to do now: time moves on to when somebody has. */
static void skip(struct schedule *schedule)
{
	enum load load = load_of(schedule, NULL);
	uint64_t deadline = next_deadline(schedule);

	if (load == LOAD_BUSY || stopping(schedule))
		return;
	if (load == LOAD_PAUSING)
		advance(schedule, earlier(deadline, schedule->now + PAUSE));
	else if (deadline != CLOCK_NEVER)
		advance(schedule, deadline);
	else
		sleep_for_host(schedule);
}

static void *thread_main(void *owner)
{
	struct schedule *schedule = owner;

	schedule->tid = gettid();
	pthread_setname_np(pthread_self(), "vcpus");
	while (!stopping(schedule)) {
		run_tasks(schedule);
		run_round(schedule);
		skip(schedule);
	}
	schedule->tid = 0;
	return NULL;
}

int schedule_run(struct schedule *schedule, struct error *err)
{
	pthread_t thread;
	sigset_t before;
	int result;

	vcpu_block_signals(&before);
	result = pthread_create(&thread, NULL, thread_main, schedule);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (result)
		return error_set_errno(err, result, "cannot create the thread of the vCPUs");
	pthread_join(thread, NULL);
	return 0;
}

void schedule_wake(struct schedule *schedule)
{
	if (!schedule->asleep)
		return;
	pthread_mutex_lock(&schedule->lock);
	pthread_cond_signal(&schedule->wake);
	pthread_mutex_unlock(&schedule->lock);
}

/* --- Life --- */

void schedule_init(struct schedule *schedule, struct vm *vm)
{
	*schedule = (struct schedule){.vm = vm, .watch_at = CLOCK_NEVER};
	if (vm->config.watch.look)
		schedule->watch_at = vm->config.watch.first;
	schedule->tasks_end = &schedule->tasks;
	schedule->source = (struct clock_source){
		.counter = slice_counter,
		.armed = slice_armed,
		.owner = schedule,
	};
	pthread_mutex_init(&schedule->lock, NULL);
	pthread_cond_init(&schedule->wake, NULL);
}

void schedule_destroy(struct schedule *schedule)
{
	pthread_cond_destroy(&schedule->wake);
	pthread_mutex_destroy(&schedule->lock);
}
