/*
 * Time: the one source for the generic timer's counter, all timers and the RTC.
 *
 * In host mode the counter follows CLOCK_MONOTONIC and timers are run by the I/O loop (a timerfd).
 * It pauses while the process does (SIGSTOP, a frozen container), if that is for more than two seconds:
 * the guest goes on where it was, without finding all its timeouts expired.
 * In virtual mode the counter is a function of executed instructions alone: the vCPU scheduler
 * (core/schedule.h) calls clock_virtual_advance(), which runs expired timers on the calling thread,
 * in order of deadline (then of arming), so that a run is a function of its inputs. An instruction
 * is a tick.
 */
#ifndef GOD_CORE_CLOCK_H
#define GOD_CORE_CLOCK_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"

/* Counter frequency as CNTFRQ_EL0 reads, in Hz: that of QEMU's virt machine, 16 ns a tick. */
#define CLOCK_FREQUENCY 62500000ULL
#define CLOCK_NEVER	UINT64_MAX

struct loop;

enum clock_mode { CLOCK_HOST, CLOCK_VIRTUAL };

/*
 * A one-shot timer. `expire` is called without any lock of the clock's, on the loop thread (host
 * mode) or the scheduling thread (virtual mode), once the counter has reached the deadline. It may
 * arm the timer again. It may still be running, or about to run, when clock_timer_arm or
 * clock_timer_disarm returns: it must look at its device's state and not trust that it was meant.
 */
struct clock_timer {
	void (*expire)(void *owner);
	void *owner;
	uint64_t deadline;	  /* counter value; CLOCK_NEVER when not armed */
	struct clock_timer *next; /* the clock's list, by deadline */
};

/*
 * Virtual mode, while a vCPU executes: time goes on between two calls of clock_virtual_advance(),
 * and whoever executes must know of what is to happen before the next. On the scheduling thread.
 */
struct clock_source {
	/* The counter at the instruction in execution. */
	uint64_t (*counter)(void *owner);
	/* A timer was armed; the clock is locked. */
	void (*armed)(void *owner, uint64_t deadline);
	void *owner;
};

struct clock {
	enum clock_mode mode;
	pthread_mutex_t lock; /* guards the timer list */
	struct clock_timer *timers;
	struct clock_timer *running;	   /* whose expire is being called */
	pthread_cond_t idle;		   /* signalled when running becomes NULL */
	uint64_t host_start_ns;		   /* CLOCK_MONOTONIC at counter 0 */
	_Atomic uint64_t stopped_ns;	   /* since then, as long as the process was stopped */
	_Atomic uint64_t seen_ns;	   /* CLOCK_MONOTONIC not long before the last look at it */
	pthread_mutex_t stopped_lock;	   /* guards changes of stopped_ns */
	uint64_t heartbeat;		   /* counter value at which to look at the latest */
	_Atomic uint64_t virtual_now;	   /* counter, virtual mode */
	const struct clock_source *source; /* virtual mode; NULL: no vCPU executes */
	struct loop *loop;
	int timer_fd;	     /* host mode */
	uint64_t programmed; /* counter value that timer_fd fires at; CLOCK_NEVER: it does not */
};

/*
 * `loop` must outlive the clock (it may be NULL in virtual mode). On failure *clock is left in a
 * state that clock_destroy accepts.
 */
int clock_init(struct clock *clock, enum clock_mode mode, struct loop *loop, struct error *err);
/* No timer runs any more when it returns, and none will. Not from within expire. */
void clock_stop(struct clock *clock);
void clock_destroy(struct clock *clock);

/*
 * The counter now, in ticks of CLOCK_FREQUENCY since the VM was created. Any thread; in virtual mode
 * the scheduling thread alone while the VM runs.
 */
uint64_t clock_counter(const struct clock *clock);

/* Wall time now, in seconds since 1970: the host's (virtual mode: 2025-01-01 plus virtual time). */
uint64_t clock_wall_seconds(const struct clock *clock);

/* Counter ticks <-> nanoseconds. What overflows (584 years) is UINT64_MAX. */
uint64_t clock_ticks_to_ns(uint64_t ticks);
uint64_t clock_ns_to_ticks(uint64_t ns);

void clock_timer_init(struct clock_timer *timer, void (*expire)(void *owner), void *owner);
/* Arm (or re-arm) for a counter value; one that has passed expires at once (never inline). */
void clock_timer_arm(struct clock *clock, struct clock_timer *timer, uint64_t deadline);
void clock_timer_disarm(struct clock *clock, struct clock_timer *timer);
/* Disarm and wait until `expire` is not running. Not from within expire, no device lock held. */
void clock_timer_remove(struct clock *clock, struct clock_timer *timer);

/* Virtual mode: the earliest deadline (CLOCK_NEVER: none), and moving time forward. */
uint64_t clock_next_deadline(struct clock *clock);
void clock_virtual_advance(struct clock *clock, uint64_t counter);
/* Virtual mode: from here on `source` (borrowed) tells the time; NULL: it stands still again
 * where it has come to, and clock_virtual_advance() runs what has expired. */
void clock_virtual_source(struct clock *clock, const struct clock_source *source);

#endif
