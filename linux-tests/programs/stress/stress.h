/*
 * stress: workloads that check themselves, for a guest with several CPUs.
 *
 * Each workload is a process of its own that runs until time is over and counts its rounds. What it
 * reads that it can not have written, a signal it has lost, an access that did not fault: all of
 * that is said on one line and ends it with a failure.
 */
#ifndef STRESS_H
#define STRESS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#define THREADS 4

/* One workload, given to each of its threads. */
struct workload {
	const char *name;
	void (*run)(struct workload *w);
	uint64_t deadline;	  /* CLOCK_MONOTONIC, ns */
	_Atomic uint64_t *rounds; /* in memory that the parent sees */
};

typedef void thread_function(struct workload *w, unsigned index);

uint64_t now_ns(void);
bool time_left(const struct workload *w);
void count_round(struct workload *w);
/* Say what is wrong and end the workload. */
_Noreturn void fail(const struct workload *w, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
#define check(w, condition, ...) ((condition) ? (void)0 : fail(w, __VA_ARGS__))

/* Run THREADS threads of the function, to their ends. */
void run_threads(struct workload *w, thread_function *function);

/*
 * All threads of a workload in step: returns when all of them have called it. True as long as
 * there is time; the answer is the same for all, so that they end in the same round.
 */
struct step {
	pthread_barrier_t barrier;
	bool go_on;
};

void step_init(struct step *step);
bool step_begin(struct step *step, struct workload *w);
void step_wait(struct step *step);

/* A pseudo-random sequence of its own for each state; a state is not 0. */
uint64_t next_random(uint64_t *state);
/* Fill with the sequence that starts at `seed`, and check that it is still there. */
void pattern_fill(uint64_t *words, unsigned count, uint64_t seed);
bool pattern_holds(const uint64_t *words, unsigned count, uint64_t seed);

/* The workloads. */
void run_mutex(struct workload *w);
void run_exclusive(struct workload *w);
void run_stack(struct workload *w);
void run_monitor(struct workload *w);
void run_lse(struct workload *w);
void run_ordering(struct workload *w);
void run_signals(struct workload *w);
void run_simd(struct workload *w);
void run_fork(struct workload *w);
void run_remap(struct workload *w);
void run_protect(struct workload *w);
void run_code(struct workload *w);
void run_affinity(struct workload *w);
void run_membarrier(struct workload *w);
void run_clock(struct workload *w);
void run_files(struct workload *w);

/* What run_fork() executes in a process of its own: exit status made of the seed. */
int fork_child(const char *seed);

#endif
