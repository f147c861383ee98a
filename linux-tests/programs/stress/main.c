/*
 *	stress SECONDS [WORKLOAD...]
 *
 * Runs all workloads, or those named, at the same time for so many seconds. Prints a line for each
 * and then PASS or FAIL. A workload that does not end by itself is killed by its alarm.
 */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "stress.h"

#define NS_PER_S 1000000000ULL

/* After its time, a workload has this long to end its round, on a slow host. */
#define GRACE_S 60

static const struct {
	const char *name;
	void (*run)(struct workload *w);
} workloads[] = {
	{"mutex", run_mutex},	    {"exclusive", run_exclusive},
	{"stack", run_stack},	    {"monitor", run_monitor},
	{"lse", run_lse},	    {"ordering", run_ordering},
	{"signals", run_signals},   {"simd", run_simd},
	{"fork", run_fork},	    {"remap", run_remap},
	{"protect", run_protect},   {"code", run_code},
	{"affinity", run_affinity}, {"membarrier", run_membarrier},
	{"clock", run_clock},	    {"files", run_files},
};

#define WORKLOADS (sizeof(workloads) / sizeof(workloads[0]))

uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

bool time_left(const struct workload *w)
{
	return now_ns() < w->deadline;
}

void count_round(struct workload *w)
{
	__atomic_fetch_add(w->rounds, 1, __ATOMIC_RELAXED);
}

void fail(const struct workload *w, const char *format, ...)
{
	char text[200];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	dprintf(STDOUT_FILENO, "stress: %s: %s\n", w->name, text);
	_exit(1);
}

/* --- Threads --- */

struct thread {
	struct workload *w;
	thread_function *function;
	unsigned index;
	pthread_t id;
};

static void *thread_main(void *arg)
{
	struct thread *thread = arg;

	thread->function(thread->w, thread->index);
	return NULL;
}

void run_threads(struct workload *w, thread_function *function)
{
	struct thread threads[THREADS];

	for (unsigned n = 0; n < THREADS; n++) {
		threads[n] = (struct thread){.w = w, .function = function, .index = n};
		if (pthread_create(&threads[n].id, NULL, thread_main, &threads[n]))
			fail(w, "no thread");
	}
	for (unsigned n = 0; n < THREADS; n++)
		pthread_join(threads[n].id, NULL);
}

void step_init(struct step *step)
{
	pthread_barrier_init(&step->barrier, NULL, THREADS);
}

void step_wait(struct step *step)
{
	pthread_barrier_wait(&step->barrier);
}

bool step_begin(struct step *step, struct workload *w)
{
	if (pthread_barrier_wait(&step->barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
		step->go_on = time_left(w);
	pthread_barrier_wait(&step->barrier);
	return step->go_on;
}

/* --- Patterns --- */

uint64_t next_random(uint64_t *state)
{
	/* xorshift64* (S. Vigna, 2014). */
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1dULL;
}

void pattern_fill(uint64_t *words, unsigned count, uint64_t seed)
{
	for (unsigned n = 0; n < count; n++)
		words[n] = next_random(&seed);
}

bool pattern_holds(const uint64_t *words, unsigned count, uint64_t seed)
{
	for (unsigned n = 0; n < count; n++)
		if (words[n] != next_random(&seed))
			return false;
	return true;
}

/* --- Running --- */

static bool wanted(const char *name, int argc, char **argv)
{
	if (argc == 2)
		return true;
	for (int n = 2; n < argc; n++)
		if (!strcmp(argv[n], name))
			return true;
	return false;
}

static pid_t start(unsigned n, uint64_t seconds, _Atomic uint64_t *rounds)
{
	struct workload w = {
		.name = workloads[n].name,
		.run = workloads[n].run,
		.deadline = now_ns() + seconds * NS_PER_S,
		.rounds = rounds,
	};
	pid_t pid = fork();

	if (pid)
		return pid;
	alarm((unsigned)seconds + GRACE_S);
	w.run(&w);
	_exit(0);
}

static bool report(unsigned n, pid_t pid, const _Atomic uint64_t *rounds)
{
	int status = 0;
	bool good;

	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		printf("stress: %s could not run\n", workloads[n].name);
		return false;
	}
	good = WIFEXITED(status) && WEXITSTATUS(status) == 0 && *rounds > 0;
	printf("stress: %-10s %s %llu rounds", workloads[n].name, good ? "ok" : "BAD",
	       (unsigned long long)*rounds);
	if (WIFSIGNALED(status))
		printf(", ended by signal %d%s", WTERMSIG(status),
		       WTERMSIG(status) == SIGALRM ? ": stuck" : "");
	printf("\n");
	return good;
}

int main(int argc, char **argv)
{
	_Atomic uint64_t *rounds = mmap(NULL, WORKLOADS * sizeof(*rounds), PROT_READ | PROT_WRITE,
					MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t seconds = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
	pid_t pids[WORKLOADS] = {0};
	bool good = true, any = false;

	if (argc == 3 && !strcmp(argv[1], "--fork-child"))
		return fork_child(argv[2]);
	if (!seconds || rounds == MAP_FAILED) {
		fprintf(stderr, "usage: stress SECONDS [WORKLOAD...]\n");
		return 64;
	}
	for (unsigned n = 0; n < WORKLOADS; n++)
		if (wanted(workloads[n].name, argc, argv))
			pids[n] = start(n, seconds, &rounds[n]);
	for (unsigned n = 0; n < WORKLOADS; n++) {
		if (!pids[n])
			continue;
		any = true;
		good &= report(n, pids[n], &rounds[n]);
	}
	good &= any;
	printf("stress: %s\n", good ? "PASS" : "FAIL");
	return good ? 0 : 1;
}
