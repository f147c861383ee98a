/*
 * Two VMs of the same guest, run to a bound side by side.
 */
#ifndef GOD_HARNESS_LOCKSTEP_PAIR_H
#define GOD_HARNESS_LOCKSTEP_PAIR_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "harness/lockstep_side.h"

struct lockstep_pair;

struct lockstep_runner {
	struct lockstep_pair *pair;
	unsigned index;
	pthread_t thread;
	bool started;	  /* the thread exists */
	uint64_t counter; /* of its last look */
	bool ended;
	bool left; /* it could not be stopped, and goes on by itself */
};

struct lockstep_pair {
	struct lockstep_config config;
	uint64_t bound;
	bool meets; /* compared at each look, and not run on from where they differ */
	struct lockstep_side sides[2];
	struct lockstep_runner runners[2];

	pthread_mutex_t lock; /* guards all below, and runners' counter and ended */
	pthread_cond_t change;
	bool waiting;		 /* one is at a meeting, for the other one to come */
	uint64_t looks;		 /* meetings so far */
	uint64_t same_at;	 /* the last tick at which they were found the same, */
	uint64_t memory_same_at; /* and RAM was compared too */
	bool different;		 /* it was found in a meeting */
	bool abandoned;		 /* one did not come to a meeting */

	struct lockstep_pair *next; /* of those that are left to themselves */
};

/*
 * Set up, to be stopped at tick `bound` when they have not ended by then. They are stopped for looks at
 * the same ticks before it whatever the bound, so that a bound does not change what came before.
 */
int lockstep_pair_create(struct lockstep_pair **pair, const struct lockstep_config *config,
			 uint64_t bound, bool meets, struct error *err);

/*
 * Run both. -1: one could not be run, or (ERROR_INTERNAL) hangs. When it cannot even be stopped, it is
 * left to itself, with what it uses: the process should end soon.
 */
int lockstep_pair_run(struct lockstep_pair *pair, struct error *err);

/* Compare all there is, of two that have run. */
bool lockstep_pair_same(const struct lockstep_pair *pair, FILE *out);

/* pair may be NULL. */
void lockstep_pair_destroy(struct lockstep_pair *pair);

#endif
