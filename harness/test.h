/*
 * `god test`: run guest tests, many at a time, and report.
 */
#ifndef GOD_HARNESS_TEST_H
#define GOD_HARNESS_TEST_H

#include <stdbool.h>
#include <stdint.h>

#include "core/engine.h"
#include "core/error.h"
#include "harness/options.h"

#define TEST_ENGINES_MAX  8
#define TEST_PATH_DEFAULT "build/guest-tests"

/* What the command line says. Strings are argv's. */
struct test_config {
	const struct engine *engines[TEST_ENGINES_MAX];
	unsigned engine_count;
	unsigned jobs;
	const char *filter; /* or NULL */
	const char *format;
	unsigned shard, shards; /* shard of shards, from 1 */
	uint64_t timeout_ms;
	bool virtual_time;
	bool lockstep; /* beside `reference`; virtual_time is set too */
	const struct engine *reference;
	struct jit_config jit;
	const char **paths; /* malloc'ed; count 0: TEST_PATH_DEFAULT */
	unsigned path_count;
	bool help;
};

extern const struct option_spec test_options[];

/* Parse the arguments that follow `god test`. Free config->paths in any case. */
int test_parse(struct test_config *config, char *const argv[], struct error *err);

/* Do it, with argv as main() has it. Returns the exit status; errors are printed. */
int test_main(char *const argv[]);

#endif
