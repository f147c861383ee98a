/*
 * Worker processes: order, crashes, exits and hangs.
 */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/pool.h"

#define JOBS 40

enum { CRASH = 5, LEAVE = 6, HANG = 7, LARGE = 8 };

static int run(void *owner, unsigned job, FILE *out)
{
	(void)owner;
	switch (job) {
	case CRASH:
		signal(SIGABRT, SIG_DFL);
		raise(SIGABRT);
		break;
	case LEAVE: _exit(9);
	case HANG:
		for (;;)
			pause();
	case LARGE:
		for (unsigned i = 0; i < 500000; i++)
			fputc('a' + (int)(i % 26), out);
		break;
	default: fprintf(out, "job %u\n", job);
	}
	/* Early jobs take longer, so that answers come out of order. */
	usleep((JOBS - job) * 500);
	return (int)(job % 3);
}

static uint64_t limit_ms(void *owner, unsigned job)
{
	(void)owner;
	return job == HANG ? 200 : 20000;
}

static void done(void *owner, const struct pool_result *result)
{
	unsigned *next = owner;
	char text[32];

	cr_assert_eq(result->job, *next);
	++*next;
	switch (result->job) {
	case CRASH:
		cr_assert_eq(result->end, POOL_DIED);
		cr_assert_eq(result->code, SIGABRT);
		return;
	case LEAVE:
		cr_assert_eq(result->end, POOL_EXITED);
		cr_assert_eq(result->code, 9);
		return;
	case HANG: cr_assert_eq(result->end, POOL_HUNG); return;
	case LARGE:
		cr_assert_eq(result->len, 500000);
		cr_assert_eq(result->text[499999], 'a' + 499999 % 26);
		return;
	default: break;
	}
	snprintf(text, sizeof(text), "job %u\n", result->job);
	cr_assert_eq(result->end, POOL_DONE);
	cr_assert_eq(result->code, (int)(result->job % 3));
	cr_assert_str_eq(result->text, text);
}

Test(pool, each_job_is_answered_once_in_order, .timeout = 60)
{
	unsigned next = 0;
	const struct pool pool = {
		.jobs = JOBS,
		.workers = 3,
		.run = run,
		.limit_ms = limit_ms,
		.done = done,
		.owner = &next,
	};
	struct error err = {0};

	cr_assert_eq(pool_run(&pool, &err), 0, "%s", err.text);
	cr_assert_eq(next, JOBS);
}

Test(pool, no_jobs)
{
	const struct pool pool = {.workers = 2, .run = run, .limit_ms = limit_ms, .done = done};

	cr_assert_eq(pool_run(&pool, NULL), 0);
}
