/*
 * One guest test in a VM of its own.
 */
#ifndef GOD_HARNESS_TEST_RUN_H
#define GOD_HARNESS_TEST_RUN_H

#include <stdio.h>

#include "harness/test_case.h"

enum test_verdict { TEST_PASSED, TEST_FAILED, TEST_SKIPPED };

/* What a test is run on. */
struct test_machine {
	const struct engine *engine;
	const struct engine *reference; /* what lockstep_test() holds it against */
	bool virtual_time;
	struct jit_config jit;
	uint64_t timeout_ms; /* for tests that set no time limit of their own */
};

/*
 * Run `test` and compare. Why it failed or was skipped is written to `out`, the first line by
 * itself enough to know.
 */
enum test_verdict test_run(const struct test_case *test, const struct test_machine *machine,
			   FILE *out);

#endif
