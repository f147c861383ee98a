/*
 * The command line of `god test`.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/jit_options.h"
#include "harness/options.h"
#include "harness/test.h"
#include "harness/test_case.h"

#define JOBS_MAX 256

enum {
	OPT_ENGINE = 1,
	OPT_JOBS,
	OPT_FILTER,
	OPT_FORMAT,
	OPT_SHARD,
	OPT_TIMEOUT,
	OPT_VIRTUAL_TIME,
	OPT_LOCKSTEP,
	OPT_HELP,
};

const struct option_spec test_options[] = {
	{OPT_ENGINE, "engine", "NAME|all",
	 "auto (default), one engine, or each that the host can run"},
	{OPT_JOBS, "jobs", "N", "tests that run at the same time (one a host CPU)"},
	{OPT_FILTER, "filter", "GLOB", "only tests whose name matches: 'int/*', 'adds*'"},
	{OPT_FORMAT, "format", "NAME", "pretty (default), tap or junit"},
	{OPT_SHARD, "shard", "K/N", "only the K-th of N parts, K from 1"},
	{OPT_TIMEOUT, "timeout", "SECONDS", "limit for tests that set none themselves (10)"},
	{OPT_VIRTUAL_TIME, "virtual-time", NULL, "count the guests' time in executed instructions"},
	{OPT_LOCKSTEP, "lockstep", NULL,
	 "run each test on the engine and on interp side by side, and compare\n"
	 "their states instead of what the test expects"},
	JIT_OPTIONS,
	{OPT_HELP, "help", NULL, "this help"},
	{0},
};

static int add_engine(struct test_config *config, const char *name, struct error *err)
{
	const struct engine *engine =
		config->virtual_time ? engine_find_virtual(name, err) : engine_find(name, err);

	if (!engine)
		return -1;
	config->engines[config->engine_count++] = engine;
	return 0;
}

static int set_engines(struct test_config *config, const char *name, struct error *err)
{
	struct error reason;

	if (strcmp(name, "all"))
		return add_engine(config, name, err);
	for (const struct engine *const *e = engines; *e; e++) {
		if (config->virtual_time && !(*e)->run_until)
			continue;
		if (config->engine_count < TEST_ENGINES_MAX && !(*e)->probe(&reason))
			config->engines[config->engine_count++] = *e;
	}
	/* None at all: the error that says why. */
	return config->engine_count ? 0 : add_engine(config, "auto", err);
}

static int set_jobs(struct test_config *config, const char *value, struct error *err)
{
	uint64_t jobs;

	if (parse_count("--jobs", value, JOBS_MAX, &jobs, err))
		return -1;
	if (!jobs)
		return error_set(err, ERROR_USAGE, "--jobs 0: at least one");
	config->jobs = (unsigned)jobs;
	return 0;
}

static int set_shard(struct test_config *config, const char *value, struct error *err)
{
	char end;

	if (sscanf(value, "%u/%u%c", &config->shard, &config->shards, &end) != 2 ||
	    config->shard < 1 || config->shard > config->shards)
		return error_set(err, ERROR_USAGE, "--shard %s: not K/N with 1 <= K <= N", value);
	return 0;
}

static int set_timeout(struct test_config *config, const char *value, struct error *err)
{
	uint64_t ns;

	if (parse_seconds("--timeout", value, &ns, err))
		return -1;
	config->timeout_ms = ns / 1000000;
	return 0;
}

static int add_path(struct test_config *config, const char *path, struct error *err)
{
	const char **paths =
		realloc(config->paths, (config->path_count + 1) * sizeof(*config->paths));

	if (!paths)
		return error_set(err, ERROR_NO_MEMORY, "no memory for the command line");
	paths[config->path_count++] = path;
	config->paths = paths;
	return 0;
}

static int set_option(struct test_config *config, int id, const char *value, const char **engine,
		      struct error *err)
{
	switch (id) {
	case OPT_ENGINE: *engine = value; return 0;
	case OPT_JOBS: return set_jobs(config, value, err);
	case OPT_FILTER: config->filter = value; return 0;
	case OPT_FORMAT: config->format = value; return 0;
	case OPT_SHARD: return set_shard(config, value, err);
	case OPT_TIMEOUT: return set_timeout(config, value, err);
	case OPT_VIRTUAL_TIME: config->virtual_time = true; return 0;
	case OPT_LOCKSTEP: config->virtual_time = config->lockstep = true; return 0;
	case OPT_JIT_CACHE:
	case OPT_JIT_THRESHOLD: return jit_set_option(&config->jit, id, value, err);
	case OPT_HELP: config->help = true; return 0;
	case OPTION_OPERAND: return add_path(config, value, err);
	default: return -1; /* OPTION_ERROR */
	}
}

static unsigned host_cpus(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	return count < 1 ? 1 : count > JOBS_MAX ? JOBS_MAX : (unsigned)count;
}

int test_parse(struct test_config *config, char *const argv[], struct error *err)
{
	struct options options = {.specs = test_options, .command = "god test", .argv = argv};
	const char *engine = "auto";
	const char *value;
	int id;

	*config = (struct test_config){
		.jobs = host_cpus(),
		.format = "pretty",
		.shard = 1,
		.shards = 1,
		.timeout_ms = TEST_TIMEOUT_DEFAULT,
	};
	while ((id = options_next(&options, &value, err)) != OPTION_END) {
		if (set_option(config, id, value, &engine, err))
			return -1;
	}
	if (config->help)
		return 0;
	if (config->lockstep)
		config->reference = engine_find_virtual("interp", err);
	return set_engines(config, engine, err);
}
