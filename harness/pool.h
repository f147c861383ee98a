/*
 * Jobs in forked workers: a job that crashes takes its worker with it, and nothing else.
 */
#ifndef GOD_HARNESS_POOL_H
#define GOD_HARNESS_POOL_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/error.h"

enum pool_end {
	POOL_DONE,   /* the job returned */
	POOL_DIED,   /* a signal ended the worker */
	POOL_EXITED, /* the worker exited by itself */
	POOL_HUNG,   /* it took longer than limit_ms and was killed */
};

/* What became of a job. */
struct pool_result {
	unsigned job;
	enum pool_end end;
	int code;    /* POOL_DONE: what the job returned; POOL_DIED: signal; POOL_EXITED: status */
	uint64_t ns; /* how long it took */
	const char
		*text; /* what the job wrote (POOL_DONE), terminated; good until done() returns */
	size_t len;
};

struct pool {
	unsigned jobs;	  /* jobs are numbered 0 to jobs - 1 */
	unsigned workers; /* processes */
	/* In a worker: do the job, write what there is to tell to `out`, return 0 to 255. */
	int (*run)(void *owner, unsigned job, FILE *out);
	/* In a worker's parent: how long the job may take before it is taken for hung. */
	uint64_t (*limit_ms)(void *owner, unsigned job);
	/* In the parent, in order of job number. */
	void (*done)(void *owner, const struct pool_result *result);
	void *owner;
};

/* Run all jobs. The calling process must have one thread. -1 when workers cannot be created. */
int pool_run(const struct pool *pool, struct error *err);

#endif
