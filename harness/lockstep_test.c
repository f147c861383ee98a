/*
 * Guest tests in lockstep.
 */
#include <inttypes.h>

#include "harness/lockstep.h"

/* The limit is for one VM at full speed; here are two, which wait for each other. */
#define RUNS 6

enum test_verdict lockstep_test(const struct test_case *test, const struct test_machine *machine,
				FILE *out)
{
	uint64_t limit_ms = test->timeout_ms ? test->timeout_ms : machine->timeout_ms;
	const struct lockstep_config config = {
		.vm = {.cpus = (unsigned)test->cpus,
		       .memory = test->memory,
		       .gic = (unsigned)test->gic,
		       .jit = machine->jit},
		.boot = {.kernel = test->path},
		.engines = {machine->reference, machine->engine},
		.input = {test->input.data, test->input.len},
		.every = LOCKSTEP_EVERY,
		.until = CLOCK_NEVER,
		.timeout_ns = limit_ms * 1000000 * RUNS,
		.patience_ms = LOCKSTEP_PATIENCE_MS,
	};
	struct lockstep_outcome outcome;
	struct error err = {0};

	if (lockstep_run(&config, &outcome, out, &err)) {
		fprintf(out, "%s\n", err.text);
		return err.kind == ERROR_UNAVAILABLE ? TEST_SKIPPED : TEST_FAILED;
	}
	return outcome.verdict == LOCKSTEP_SAME ? TEST_PASSED : TEST_FAILED;
}
