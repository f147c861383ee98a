/*
 * Virtual time: all vCPUs of a VM on one host thread, in a fixed order, with time that is counted in
 * what they execute, so that a run is a function of its inputs.
 *
 * Time. Every instruction that any vCPU completes, and every exception that one takes, is a tick of
 * the counter, as if the vCPUs shared one CPU of 62.5 MHz. So each of them sees the same time, it
 * never goes back, and a read of the counter in the middle of a slice is exact.
 *
 * Order. The vCPUs that can run do so in turn, by index, a slice of 10,000 ticks at most. A slice
 * ends early, at an exact instruction, when the next timer is due, in WFI, in WFE (which lets the
 * others go first), at YIELD when another one could run, and when a deferred task waits. Between two
 * slices timers expire and tasks run. When all vCPUs wait, time skips to the next timer.
 *
 * The world outside. What comes from other host threads (a key on a terminal, a signal, the end
 * that --timeout brings) takes effect between two slices, whichever they happen to be: that is an
 * input to the run, and a run that has none repeats exactly. Input that is known beforehand
 * (a file) is made one with time by who gives it: it comes when the guest asks for it
 * (harness/input.c).
 *
 * Being watched does not change a run: a vCPU that is stopped for a look goes on with the rest of its
 * slice.
 */
#ifndef GOD_CORE_SCHEDULE_H
#define GOD_CORE_SCHEDULE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/clock.h"
#include "core/error.h"

struct vcpu;
struct vm;

/*
 * Something to be done by the thread that may call into devices while no vCPU is in the middle of an
 * access: with virtual time the scheduling thread, between two slices; else the loop thread.
 * Fill in run and owner, the rest is 0; both, and this, must outlive the VM's last run.
 */
struct deferred {
	void (*run)(void *owner);
	void *owner;
	struct deferred *next; /* in the schedule's list */
	_Atomic bool queued;
};

/*
 * Somebody who looks at the VM while it runs (vm_config.watch); look NULL: nobody. It is called on the
 * scheduling thread when the counter has come to `first`, at that very instruction, and all that the
 * vCPUs have is complete; where time skips over `first`, at the counter it skips to. It returns the
 * counter for the next look; one that is not later than now ends the run (VM_END_STOPPED), and
 * CLOCK_NEVER is for no further look. It reads the VM, and changes nothing but vm->trace.enabled.
 */
struct schedule_watch {
	uint64_t first;
	uint64_t (*look)(void *owner, struct vm *vm, uint64_t counter);
	void *owner;
};

struct schedule {
	struct vm *vm;
	_Atomic pid_t tid;	    /* of the thread, while it runs */
	uint64_t now;		    /* the counter, when the running slice began */
	struct vcpu *running;	    /* whose slice it is, or NULL */
	uint64_t slice_executed;    /* what running had executed when its slice began */
	uint64_t slice_end;	    /* the counter's value at which the slice ends */
	uint64_t watch_at;	    /* the counter's value at the next look */
	struct clock_source source; /* the clock's, during a slice */

	pthread_mutex_t lock; /* guards the list of tasks, and sleeping */
	pthread_cond_t wake;
	struct deferred *tasks, **tasks_end;
	_Atomic bool asleep; /* no vCPU can run and no timer is armed */
};

void schedule_init(struct schedule *schedule, struct vm *vm);
void schedule_destroy(struct schedule *schedule);

/* Run the VM's vCPUs on a thread of their own until the VM is stopped. */
int schedule_run(struct schedule *schedule, struct error *err);

/*
 * For the running vCPU, in an exit. Wait: its slice ends, and the next begins when an interrupt input
 * is asserted or it is kicked. Pause: its slice ends, and when all others wait or pause too, so does
 * time move on, by 50 microseconds at most. Yield: its slice ends if another one could run.
 */
void schedule_wait(struct schedule *schedule, struct vcpu *vcpu);
void schedule_pause(struct schedule *schedule, struct vcpu *vcpu);
void schedule_yield(struct schedule *schedule, struct vcpu *vcpu);

/* Something changed that a sleeping schedule waits for. Any thread. */
void schedule_wake(struct schedule *schedule);

/* Put the task at the end of the list; the running slice ends if it is this thread's. Any thread. */
void schedule_defer(struct schedule *schedule, struct deferred *task);

#endif
