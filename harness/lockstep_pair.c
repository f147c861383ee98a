/*
 * Each VM has a thread here that waits in vm_run(), and its scheduling thread, which looks. Whoever
 * comes to a meeting first waits; the other one compares, while both stand still.
 */
#include "harness/lockstep_pair.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "harness/lockstep_compare.h"

/* RAM takes longer to compare than all the rest: at one look of so many. */
#define LOOKS_PER_MEMORY 1024

/* How often who waits for the other one looks whether it is to stop. */
#define WAIT_MS 100

/* --- Meetings. Lock held --- */

static uint64_t now_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

/* For pthread_cond_timedwait. */
static struct timespec in_ms(uint64_t ms)
{
	uint64_t time = now_ms() + ms;

	return (struct timespec){
		.tv_sec = (time_t)(time / 1000),
		.tv_nsec = (long)(time % 1000) * 1000000,
	};
}

static bool stopping(const struct lockstep_pair *pair, unsigned index)
{
	return pair->sides[index].vm->vcpus[0].leave;
}

/* For the other one to come, or to end. */
static void wait_for_other(struct lockstep_pair *pair, unsigned index)
{
	uint64_t look = pair->looks, start = now_ms();

	pair->waiting = true;
	while (pair->looks == look && !pair->runners[!index].ended && !stopping(pair, index) &&
	       !pair->abandoned) {
		struct timespec limit = in_ms(WAIT_MS);

		pthread_cond_timedwait(&pair->change, &pair->lock, &limit);
		pair->abandoned =
			pair->looks == look && now_ms() - start > pair->config.patience_ms;
	}
	pair->different |= pair->looks == look;
	pthread_cond_broadcast(&pair->change);
}

static void compare(struct lockstep_pair *pair)
{
	bool memory = pair->looks % LOOKS_PER_MEMORY == LOOKS_PER_MEMORY - 1;

	pair->different = !lockstep_same_state(pair->sides, NULL) ||
			  (memory && !lockstep_same_memory(pair->sides, NULL));
	if (pair->different)
		return;
	pair->same_at = pair->runners[0].counter;
	if (memory)
		pair->memory_same_at = pair->same_at;
}

static void meet(struct lockstep_pair *pair, unsigned index)
{
	if (pair->different || pair->runners[!index].ended) {
		pair->different = true;
	} else if (!pair->waiting) {
		wait_for_other(pair, index);
	} else {
		compare(pair);
		pair->waiting = false;
		pair->looks++;
		pthread_cond_broadcast(&pair->change);
	}
}

/* --- Looks, on a scheduling thread --- */

static uint64_t next_look(const struct lockstep_pair *pair, uint64_t counter)
{
	uint64_t every = pair->config.every;
	uint64_t next = counter - counter % every + every;

	if (counter >= pair->bound)
		return 0;
	return next < pair->bound ? next : pair->bound;
}

static uint64_t look(void *owner, struct vm *vm, uint64_t counter)
{
	struct lockstep_runner *runner = owner;
	struct lockstep_pair *pair = runner->pair;
	bool different;

	(void)vm;
	pthread_mutex_lock(&pair->lock);
	runner->counter = counter;
	if (pair->meets)
		meet(pair, runner->index);
	different = pair->different;
	pthread_mutex_unlock(&pair->lock);
	return different ? 0 : next_look(pair, counter);
}

/* --- The run --- */

static void *runner_main(void *owner)
{
	struct lockstep_runner *runner = owner;
	struct lockstep_pair *pair = runner->pair;

	lockstep_side_run(&pair->sides[runner->index]);
	pthread_mutex_lock(&pair->lock);
	runner->ended = true;
	pthread_cond_broadcast(&pair->change);
	pthread_mutex_unlock(&pair->lock);
	return NULL;
}

static bool have_ended(const struct lockstep_pair *pair)
{
	return pair->runners[0].ended && pair->runners[1].ended;
}

/* Until both have ended; who was abandoned is told to, and not waited for without end. */
static void wait_for_ends(struct lockstep_pair *pair)
{
	struct timespec limit;

	pthread_mutex_lock(&pair->lock);
	while (!have_ended(pair) && !pair->abandoned)
		pthread_cond_wait(&pair->change, &pair->lock);
	limit = in_ms(pair->config.patience_ms);
	for (unsigned i = 0; pair->abandoned && i < 2; i++)
		vm_stop(pair->sides[i].vm, &(struct vm_result){.end = VM_END_STOPPED});
	while (!have_ended(pair)) {
		if (pthread_cond_timedwait(&pair->change, &pair->lock, &limit) == ETIMEDOUT)
			break;
	}
	for (unsigned i = 0; i < 2; i++)
		pair->runners[i].left = !pair->runners[i].ended;
	pthread_mutex_unlock(&pair->lock);
}

/* Whoever was waited for in vain. */
static int report_late(const struct lockstep_pair *pair, struct error *err)
{
	unsigned late = pair->runners[1].counter < pair->runners[0].counter;

	return error_set(err, ERROR_INTERNAL,
			 "%s hangs: behind tick %" PRIu64 ", before tick %" PRIu64,
			 pair->sides[late].vm->engine->name, pair->runners[late].counter,
			 pair->runners[!late].counter);
}

static int check_runs(const struct lockstep_pair *pair, struct error *err)
{
	if (pair->abandoned)
		return report_late(pair, err);
	for (unsigned i = 0; i < 2; i++) {
		if (pair->sides[i].failed) {
			*err = pair->sides[i].err;
			return -1;
		}
	}
	return 0;
}

int lockstep_pair_run(struct lockstep_pair *pair, struct error *err)
{
	int failed = 0;

	for (unsigned i = 0; i < 2 && !failed; i++) {
		struct lockstep_runner *runner = &pair->runners[i];

		failed = pthread_create(&runner->thread, NULL, runner_main, runner);
		runner->started = !failed;
	}
	if (failed) {
		pthread_mutex_lock(&pair->lock);
		pair->abandoned = true;
		pair->runners[0].ended |= !pair->runners[0].started;
		pair->runners[1].ended = true;
		pthread_mutex_unlock(&pair->lock);
	}
	wait_for_ends(pair);
	for (unsigned i = 0; i < 2; i++) {
		const struct lockstep_runner *runner = &pair->runners[i];

		if (runner->left)
			pthread_detach(runner->thread);
		else if (runner->started)
			pthread_join(runner->thread, NULL);
	}
	if (failed)
		return error_set_errno(err, failed, "cannot create a thread");
	return check_runs(pair, err);
}

/* --- Life --- */

static void init_lock(struct lockstep_pair *pair)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_mutex_init(&pair->lock, NULL);
	pthread_cond_init(&pair->change, &attr);
	pthread_condattr_destroy(&attr);
}

static int create_side(struct lockstep_pair *pair, unsigned index, struct error *err)
{
	const struct lockstep_config *config = &pair->config;
	struct lockstep_runner *runner = &pair->runners[index];
	const struct schedule_watch watch = {
		.first = pair->bound < config->every ? pair->bound : config->every,
		.look = look,
		.owner = runner,
	};

	runner->pair = pair;
	runner->index = index;
	return lockstep_side_create(&pair->sides[index], config, config->engines[index], &watch,
				    err);
}

/* In memory of its own: a VM that hangs keeps it. */
int lockstep_pair_create(struct lockstep_pair **created, const struct lockstep_config *config,
			 uint64_t bound, bool meets, struct error *err)
{
	struct lockstep_pair *pair = calloc(1, sizeof(*pair));

	*created = NULL;
	if (!pair)
		return error_set(err, ERROR_NO_MEMORY, "no memory for two machines");
	pair->config = *config;
	pair->bound = bound;
	pair->meets = meets;
	init_lock(pair);
	if (create_side(pair, 0, err) || create_side(pair, 1, err)) {
		lockstep_pair_destroy(pair);
		return -1;
	}
	*created = pair;
	return 0;
}

bool lockstep_pair_same(const struct lockstep_pair *pair, FILE *out)
{
	bool same = lockstep_same_state(pair->sides, out);

	if (same || out)
		same &= lockstep_same_end(pair->sides, out);
	if (same || out)
		same &= lockstep_same_memory(pair->sides, out);
	return same;
}

/*
 * What a VM that hangs still uses is never freed. It is kept in sight, because else a leak detector would
 * call it lost as soon as the hanging thread does let go of it.
 */
static struct lockstep_pair *left_alone;

void lockstep_pair_destroy(struct lockstep_pair *pair)
{
	if (!pair)
		return;
	if (pair->runners[0].left || pair->runners[1].left) {
		pair->next = left_alone;
		left_alone = pair;
		return;
	}
	for (unsigned i = 0; i < 2; i++)
		lockstep_side_destroy(&pair->sides[i]);
	pthread_cond_destroy(&pair->change);
	pthread_mutex_destroy(&pair->lock);
	free(pair);
}
