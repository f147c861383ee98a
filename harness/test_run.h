/*
 * One guest test in a VM of its own.
 */
#ifndef GOD_HARNESS_TEST_RUN_H
#define GOD_HARNESS_TEST_RUN_H

#include <stdio.h>

#include "harness/test_case.h"

enum test_verdict { TEST_PASSED, TEST_FAILED, TEST_SKIPPED };

/*
 * Run `test` on `engine` and compare. Why it failed or was skipped is written to `out`, the first
 * line by itself enough to know. `timeout_ms` is for tests that set no time limit of their own.
 */
enum test_verdict test_run(const struct test_case *test, const struct engine *engine,
			   uint64_t timeout_ms, FILE *out);

#endif
