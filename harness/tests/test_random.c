/*
 * Random programs, by interp and by jit in lockstep, on hosts that have jit. Each test has its own. A
 * failing one is named by its seed, and stays in /tmp to be run again.
 *
 *	GOD_RANDOM_SEED=N     begin with another seed than 1
 *	GOD_RANDOM_COUNT=N    as many programs for each test
 */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/lockstep.h"
#include "harness/lockstep_side.h"
#include "harness/tests/random_program.h"

#define PROGRAMS 150
#define EVERY	 3000

static uint64_t setting(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 0) : otherwise;
}

static void program_path(char *path, size_t size, uint64_t seed)
{
	snprintf(path, size, "/tmp/god-random-%" PRIu64 "-%ld.bin", seed, (long)getpid());
}

static void write_file(const char *path, const void *bytes, size_t len)
{
	FILE *file = fopen(path, "we");

	cr_assert_not_null(file, "%s", path);
	cr_assert_eq(fwrite(bytes, 1, len, file), len);
	cr_assert_eq(fclose(file), 0);
}

static void fail(const struct lockstep_config *config, uint64_t seed, const char *text)
{
	cr_assert_fail("seed %" PRIu64 ":\n%sagain: god lockstep --binary %s --memory 4M --cpus %u"
		       " --jit-threshold %u --every %" PRIu64 " --until %" PRIu64 "\n",
		       seed, text, config->boot.kernel, config->vm.cpus, config->vm.jit.threshold,
		       config->every, config->until);
}

static void run_program(uint64_t seed, unsigned cpus, unsigned threshold)
{
	struct random_program *program = malloc(sizeof(*program));
	struct lockstep_outcome outcome;
	struct error err = {0};
	char path[64], *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	struct lockstep_config config = {
		.vm = {.cpus = cpus,
		       .memory = RANDOM_RAM,
		       .jit = {.threshold = threshold, .cache = JIT_CACHE_MIN}},
		.boot = {.kernel = path, .allow_raw = true},
		.engines = {engine_find("interp", NULL), engine_find("jit", NULL)},
		.every = EVERY,
		.patience_ms = LOCKSTEP_PATIENCE_MS,
	};

	random_program_make(program, seed);
	config.until = 3000 + random_program_number(program) % 20000;
	program_path(path, sizeof(path), seed);
	write_file(path, program->image, sizeof(program->image));
	cr_assert_eq(lockstep_run(&config, &outcome, out, &err), 0, "%s", err.text);
	fclose(out);
	if (outcome.verdict != LOCKSTEP_SAME)
		fail(&config, seed, text);
	cr_assert_eq(outcome.end.end, VM_END_STOPPED, "seed %" PRIu64 " ends", seed);
	unlink(path);
	free(text);
	free(program);
}

/* Programs whose seeds are `part` of 4. */
static void run_programs(unsigned part, unsigned cpus, unsigned threshold)
{
	uint64_t first = setting("GOD_RANDOM_SEED", 1);
	uint64_t count = setting("GOD_RANDOM_COUNT", PROGRAMS);

	if (!engine_find("jit", NULL))
		return;
	for (uint64_t n = 0; n < count; n++)
		run_program(first + 4 * n + part, cpus, threshold);
}

Test(random, all_translated)
{
	run_programs(0, 1, 1);
}

Test(random, all_translated_on_one_of_two_cpus)
{
	run_programs(1, 2, 1);
}

Test(random, hot_code_translated)
{
	run_programs(2, 1, 4);
}

Test(random, translated_as_usual)
{
	run_programs(3, 1, JIT_THRESHOLD_DEFAULT);
}

/* --- The programs themselves --- */

static uint64_t stop(void *owner, struct vm *vm, uint64_t counter)
{
	(void)owner, (void)vm, (void)counter;
	return 0;
}

/* What jit had to do for 10000 ticks of a program. */
static struct engine_stats measure(uint64_t seed)
{
	const struct schedule_watch watch = {.first = 10000, .look = stop};
	struct random_program *program = malloc(sizeof(*program));
	struct engine_stats stats = {0};
	struct lockstep_side side;
	struct error err = {0};
	char path[64];
	const struct lockstep_config config = {
		.vm = {.cpus = 1, .memory = RANDOM_RAM, .jit = {.threshold = 1}},
		.boot = {.kernel = path, .allow_raw = true},
	};

	random_program_make(program, seed);
	program_path(path, sizeof(path), seed);
	write_file(path, program->image, sizeof(program->image));
	cr_assert_eq(lockstep_side_create(&side, &config, engine_find("jit", NULL), &watch, &err),
		     0, "%s", err.text);
	lockstep_side_run(&side);
	cr_assert_eq(side.result.end, VM_END_STOPPED);
	side.vm->engine->stats(&side.vm->vcpus[0], &stats);
	lockstep_side_destroy(&side);
	unlink(path);
	free(program);
	return stats;
}

/* Otherwise the others would prove nothing. */
Test(random, programs_go_through_their_code_and_seldom_fault)
{
	uint64_t translated = 0, exceptions = 0;

	if (!engine_find("jit", NULL))
		return;
	for (uint64_t seed = 1; seed <= 40; seed++) {
		struct engine_stats stats = measure(seed);

		translated += stats.jit.instructions;
		exceptions += stats.exceptions;
	}
	cr_assert_geq(translated, 40 * 150, "%" PRIu64, translated);
	cr_assert_geq(exceptions, 40 * 50, "%" PRIu64, exceptions);
	cr_assert_leq(exceptions, 40 * 1000, "%" PRIu64, exceptions);
}
