/*
 * The search for the first difference. The first pass compares at every look. Each further one runs
 * both VMs from the start to one bound and compares there; the bound is chosen between the last
 * tick at which they were the same and the first at which they are not, until the two are neighbours.
 */
#include "harness/lockstep.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "harness/lockstep_compare.h"
#include "harness/lockstep_pair.h"
#include "harness/lockstep_trace.h"

/* Ticks of the reference before the difference to show. */
#define TRACED 32

struct search {
	const struct lockstep_config *config;
	FILE *out;
	uint64_t same;	    /* the last tick at which both were found the same */
	uint64_t maybe;	    /* a later one at which all but RAM was */
	uint64_t different; /* the first at which they were not */
};

static bool timed_out(const struct lockstep_pair *pair)
{
	return pair->sides[0].result.end == VM_END_TIMEOUT ||
	       pair->sides[1].result.end == VM_END_TIMEOUT;
}

/* Run both to a bound: the difference there is written to `out`, if there is one (NULL: not). */
static int compare_at(const struct search *search, uint64_t bound, FILE *out, bool *same,
		      struct error *err)
{
	struct lockstep_pair *pair;
	int failed = lockstep_pair_create(&pair, search->config, bound, false, err);

	if (!failed)
		failed = lockstep_pair_run(pair, err);
	if (!failed && timed_out(pair))
		failed = error_set(err, ERROR_OS, "the time limit is too short for the search");
	if (!failed)
		*same = lockstep_pair_same(pair, out);
	lockstep_pair_destroy(pair);
	return failed;
}

/* Is that tick the same? It moves one end of the search. */
static int try_tick(struct search *search, uint64_t tick, struct error *err)
{
	bool same;

	if (compare_at(search, tick, NULL, &same, err))
		return -1;
	if (same)
		search->same = tick;
	else
		search->different = tick;
	return 0;
}

static bool is_between(const struct search *search, uint64_t tick)
{
	return tick > search->same && tick < search->different;
}

static int narrow(struct search *search, struct error *err)
{
	/* It may be known already, when somebody runs it again. */
	if (is_between(search, search->different - 1) &&
	    try_tick(search, search->different - 1, err))
		return -1;
	if (is_between(search, search->maybe) && try_tick(search, search->maybe, err))
		return -1;
	while (search->different - search->same > 1) {
		if (try_tick(search, search->same + (search->different - search->same) / 2, err))
			return -1;
	}
	return 0;
}

/* The difference at search->different, and what came before it. */
static int report(const struct search *search, const char *first, struct error *err)
{
	const struct engine *const *engines = search->config->engines;
	FILE *out = search->out;
	char *text = NULL;
	size_t len;
	FILE *stream = open_memstream(&text, &len);
	bool same = true;
	int failed;

	if (!stream)
		return error_set(err, ERROR_NO_MEMORY, "no memory for a report");
	failed = compare_at(search, search->different, stream, &same, err);
	fclose(stream);
	if (!failed && same)
		fprintf(out,
			"%s and %s differed at tick %" PRIu64
			" in one run and not in the next: one of them depends on more than its "
			"input\n%s",
			engines[0]->name, engines[1]->name, search->different, first);
	else if (!failed)
		fprintf(out,
			"%s and %s differ at tick %" PRIu64 ", and do not at %" PRIu64 "\n%s"
			"what %s executed up to there:\n",
			engines[0]->name, engines[1]->name, search->different, search->same, text,
			engines[0]->name);
	free(text);
	if (failed || same)
		return failed;
	return lockstep_trace(search->config, search->different, TRACED, out, err);
}

/* What differs where the first pass stopped, as text to be freed. */
static char *describe(const struct lockstep_pair *pair)
{
	char *text = NULL;
	size_t len;
	FILE *stream = open_memstream(&text, &len);

	if (!stream)
		return NULL;
	lockstep_pair_same(pair, stream);
	fclose(stream);
	return text;
}

static uint64_t ticks(const struct lockstep_side *side)
{
	return clock_counter(&side->vm->clock);
}

static void print_timeout(FILE *out, const struct lockstep_pair *pair)
{
	for (unsigned i = 0; i < 2; i++) {
		char end[ERROR_TEXT_MAX];

		lockstep_describe_end(&pair->sides[i].result, end, sizeof(end));
		fprintf(out, "%s: %s at tick %" PRIu64 "\n", pair->config.engines[i]->name, end,
			ticks(&pair->sides[i]));
	}
}

/* The first pass is over. Sets *first when there is a difference to be searched for. */
static void judge(const struct lockstep_pair *pair, struct lockstep_outcome *outcome,
		  struct search *search, char **first)
{
	const struct lockstep_side *sides = pair->sides;

	*outcome = (struct lockstep_outcome){
		.end = sides[0].result,
		.ticks = ticks(&sides[0]),
		.looks = pair->looks,
	};
	if (timed_out(pair)) {
		outcome->verdict = LOCKSTEP_TIMEOUT;
		print_timeout(search->out, pair);
	} else if (!lockstep_pair_same(pair, NULL)) {
		outcome->verdict = LOCKSTEP_DIFFERENT;
		*first = describe(pair);
		search->same = pair->memory_same_at;
		search->maybe = pair->same_at;
		search->different =
			ticks(&sides[0]) > ticks(&sides[1]) ? ticks(&sides[0]) : ticks(&sides[1]);
	}
}

int lockstep_run(const struct lockstep_config *config, struct lockstep_outcome *outcome, FILE *out,
		 struct error *err)
{
	struct search search = {.config = config, .out = out};
	struct lockstep_pair *pair;
	char *first = NULL;
	int failed = lockstep_pair_create(&pair, config, config->until, true, err);

	if (!failed)
		failed = lockstep_pair_run(pair, err);
	if (!failed)
		judge(pair, outcome, &search, &first);
	lockstep_pair_destroy(pair);
	if (!failed && outcome->verdict == LOCKSTEP_DIFFERENT) {
		failed = narrow(&search, err) || report(&search, first ? first : "", err) ? -1 : 0;
		outcome->different = search.different;
	}
	free(first);
	return failed;
}
