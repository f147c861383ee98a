/*
 * `god test`. A job is a test on an engine; the pool's workers run jobs, each in a VM of its own, and
 * this process reports their results in order.
 */
#include "harness/test.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "harness/lockstep.h"
#include "harness/pool.h"
#include "harness/report.h"
#include "harness/status.h"
#include "harness/test_find.h"
#include "harness/test_run.h"

/* How much longer than its limit a test may take before its worker is taken for hung. */
#define GRACE_MS 10000
/* And in lockstep, where it is run again and again for the first difference. */
#define SEARCH_MS 300000

struct session {
	const char *program; /* argv[0] */
	struct test_config config;
	struct test_list list;
	struct report report;
	/* Of the test whose jobs come in, an engine each. */
	enum test_verdict verdicts[TEST_ENGINES_MAX];
};

static const struct test_case *job_test(const struct session *session, unsigned job)
{
	return &session->list.tests[job / session->config.engine_count];
}

static const struct engine *job_engine(const struct session *session, unsigned job)
{
	return session->config.engines[job % session->config.engine_count];
}

static int session_run(void *owner, unsigned job, FILE *out)
{
	const struct session *session = owner;
	const struct test_case *test = job_test(session, job);
	const struct test_machine machine = {
		.engine = job_engine(session, job),
		.reference = session->config.reference,
		.virtual_time = session->config.virtual_time,
		.jit = session->config.jit,
		.timeout_ms = session->config.timeout_ms,
	};

	return (int)(session->config.lockstep ? lockstep_test(test, &machine, out)
					      : test_run(test, &machine, out));
}

static uint64_t session_limit_ms(void *owner, unsigned job)
{
	const struct session *session = owner;

	return test_case_limit_ms(job_test(session, job), session->config.timeout_ms) +
	       (session->config.lockstep ? SEARCH_MS : GRACE_MS);
}

static void describe_death(const struct pool_result *done, char *text, size_t size)
{
	switch (done->end) {
	case POOL_DONE: text[0] = '\0'; break;
	case POOL_DIED:
		snprintf(text, size, "god crashed: signal %d (%s)\n", done->code,
			 strsignal(done->code));
		break;
	case POOL_EXITED: snprintf(text, size, "god exited with status %d\n", done->code); break;
	case POOL_HUNG: snprintf(text, size, "god hung and was killed\n"); break;
	}
}

/* All engines have run the test: what one fails and another passes is a bug in one of them. */
static void compare_engines(struct session *session, const struct test_case *test)
{
	static const char *const words[] = {
		[TEST_PASSED] = "passed", [TEST_FAILED] = "failed", [TEST_SKIPPED] = "skipped"};
	bool passed = false, failed = false;
	char how[TEST_ENGINES_MAX * 32] = "";
	size_t len = 0;

	for (unsigned i = 0; i < session->config.engine_count; i++) {
		passed |= session->verdicts[i] == TEST_PASSED;
		failed |= session->verdicts[i] == TEST_FAILED;
		len += (size_t)snprintf(how + len, sizeof(how) - len, "%s%s %.16s", i ? ", " : "",
					words[session->verdicts[i]],
					session->config.engines[i]->name);
	}
	if (passed && failed)
		report_difference(&session->report, test->name, how);
}

/* What the test has to be run with again, beside its engine. */
static void describe_options(const struct test_config *config, char *text, size_t size)
{
	const char *time = config->virtual_time ? " --virtual-time" : "";
	size_t len = (size_t)snprintf(text, size, "%s", config->lockstep ? " --lockstep" : time);

	if (config->jit.cache)
		len += (size_t)snprintf(text + len, size - len, " --jit-cache %" PRIu64,
					config->jit.cache);
	if (config->jit.threshold)
		snprintf(text + len, size - len, " --jit-threshold %u", config->jit.threshold);
}

static void session_done(void *owner, const struct pool_result *done)
{
	struct session *session = owner;
	const struct test_case *test = job_test(session, done->job);
	const struct engine *engine = job_engine(session, done->job);
	struct test_result result = {
		.name = test->name,
		.title = test->title,
		.engine = session->config.engine_count > 1 ? engine->name : NULL,
		.verdict = TEST_FAILED,
		.ns = done->ns,
	};
	char command[4096], options[128];
	char death[128];

	describe_options(&session->config, options, sizeof(options));
	snprintf(command, sizeof(command), "%s test --engine %s%s %s", session->program,
		 engine->name, options, test->path);
	describe_death(done, death, sizeof(death));
	if (done->end == POOL_DONE)
		result.verdict = (enum test_verdict)done->code;
	result.details = done->end == POOL_DONE ? done->text : death;
	result.command = command;
	report_add(&session->report, &result);
	session->verdicts[done->job % session->config.engine_count] = result.verdict;
	if ((done->job + 1) % session->config.engine_count == 0)
		compare_engines(session, test);
}

static int session_find(struct session *session, struct error *err)
{
	const struct test_config *config = &session->config;

	for (unsigned i = 0; i < config->path_count; i++) {
		if (test_find(&session->list, config->paths[i], err))
			return -1;
	}
	if (!config->path_count && test_find(&session->list, TEST_PATH_DEFAULT, err))
		return -1;
	if (!session->list.count)
		return error_set(err, ERROR_NO_INPUT, "no guest tests in %s",
				 config->path_count ? config->paths[0] : TEST_PATH_DEFAULT);
	test_select(&session->list, config->filter, config->shard, config->shards);
	if (!session->list.count && config->filter && config->shards == 1)
		return error_set(err, ERROR_USAGE, "--filter %s matches no test", config->filter);
	return 0;
}

static int session_execute(struct session *session, struct error *err)
{
	const struct test_config *config = &session->config;
	const struct pool pool = {
		.jobs = session->list.count * config->engine_count,
		.workers = config->jobs,
		.run = session_run,
		.limit_ms = session_limit_ms,
		.done = session_done,
		.owner = session,
	};

	if (report_begin(&session->report, config->format, stdout, pool.jobs, err) ||
	    pool_run(&pool, err))
		return -1;
	report_end(&session->report);
	return 0;
}

static int print_help(void)
{
	puts("Usage: god test [PATH]... [OPTION]...\n"
	     "\n"
	     "Run guest tests: the .elf files below each PATH (" TEST_PATH_DEFAULT ").\n"
	     "docs/guest-tests.md tells how to write one.\n");
	options_print(test_options, stdout);
	puts("\nExit status: 0 when no test failed, 1 when one did, 64 to 78 for other errors.");
	return EX_OK;
}

int test_main(char *const argv[])
{
	struct session session = {.program = argv[0]};
	struct error err = {0};
	int status;

	if (test_parse(&session.config, argv + 2, &err))
		status = status_report(&err);
	else if (session.config.help)
		status = print_help();
	else if (session_find(&session, &err) || session_execute(&session, &err))
		status = status_report(&err);
	else
		status = session.report.count.failed ? STATUS_FAILED : EX_OK;
	test_list_destroy(&session.list);
	free(session.config.paths);
	return status;
}
