/*
 * A small runner for the Criterion tests, for builds with a sanitizer.
 *
 * Criterion runs each test in a process of its own, which it makes by mapping memory at addresses
 * that ThreadSanitizer keeps for itself: its runner can not start there.  The tests themselves
 * are plain functions, listed in a section of the program.  This file takes the runner's place:
 * main() forks before each test, and the few functions that Criterion's macros call are defined
 * here, ahead of those in the shared library.  What a sanitizer finds makes the child exit with the
 * sanitizer's own status, so it fails the test in which it was found.
 */

#include <criterion/criterion.h>
#include <fnmatch.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The longest that a test may take if it does not say so, in seconds. */
#define TIMEOUT 60

/* A sanitizer slows a program down by about that much. */
#define SLOWER 5

#define JOBS_MAX 64

/*
 * AddressSanitizer takes the end of a cancelled thread for an error, when it gives back the
 * alternate signal stack that it made for it.
 */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "use_sigaltstack=0";
}

extern struct criterion_test *__start_cr_tst[], *__stop_cr_tst[];
extern struct criterion_suite *__start_cr_sts[], *__stop_cr_sts[];

/* So that both sections exist when no test file declares a suite. */
__attribute__((used, section("cr_sts"))) static struct criterion_suite *no_suite;

static const struct criterion_test *current;
static bool failed;

static const struct criterion_test_extra_data *suite_of(const struct criterion_test *test)
{
	static const struct criterion_test_extra_data none;

	for (struct criterion_suite **s = __start_cr_sts; s < __stop_cr_sts; s++)
		if (*s && !strcmp((*s)->name, test->category))
			return (*s)->data;
	return &none;
}

static void call(void (*function)(void))
{
	if (function)
		function();
}

/* What a test's trampoline calls, in this order. */
void criterion_internal_test_setup(void)
{
	call(suite_of(current)->init);
	call(current->data->init);
}

void criterion_internal_test_main(void (*function)(void))
{
	function();
}

void criterion_internal_test_teardown(void)
{
	call(current->data->fini);
	call(suite_of(current)->fini);
}

/* What the assertions call. */
void criterion_send_assert(struct criterion_assert_stats *stats)
{
	if (stats->passed)
		return;
	failed = true;
	fprintf(stderr, "%s:%u: %s\n", stats->file, stats->line, stats->message);
}

void criterion_continue_test(void)
{
}

void criterion_abort_test(void)
{
	exit(1);
}

static void run_test(const struct criterion_test *test)
{
	current = test;
	if (test->data->signal)
		/* Or the sanitizer would turn it into a report. */
		signal(test->data->signal, SIG_DFL);
	alarm(SLOWER * (test->data->timeout > 0 ? (unsigned)test->data->timeout + 1 : TIMEOUT));
	test->test();
	exit(failed);
}

static bool is_as_expected(const struct criterion_test *test, int status)
{
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == test->data->signal;
	return !test->data->signal && WEXITSTATUS(status) == test->data->exit_code;
}

/* The tests at work: as many at a time as there are CPUs, or as --jobs says. */
static struct {
	pid_t pid; /* 0: free */
	const struct criterion_test *test;
} running[JOBS_MAX];
static int ran, bad;

static void count(const struct criterion_test *test, bool good)
{
	ran++;
	if (good)
		return;
	bad++;
	fprintf(stderr, "FAIL %s\n", test->data->identifier_);
}

/* Wait for the end of one of them, and give its place; -1 when there is none. */
static int reap(void)
{
	int status;
	pid_t child = wait(&status);

	for (int n = 0; n < JOBS_MAX; n++) {
		if (child <= 0 || running[n].pid != child)
			continue;
		running[n].pid = 0;
		count(running[n].test, is_as_expected(running[n].test, status));
		return n;
	}
	return -1;
}

static int free_place(int jobs)
{
	for (int n = 0; n < jobs; n++)
		if (!running[n].pid)
			return n;
	return reap();
}

static void start(const struct criterion_test *test, int jobs)
{
	int place = free_place(jobs);
	pid_t child;

	fflush(NULL);
	child = fork();
	if (child == 0)
		run_test(test);
	if (place < 0 || child < 0) {
		count(test, false);
		return;
	}
	running[place].pid = child;
	running[place].test = test;
}

static int count_jobs(void)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	return cpus < 1 ? 1 : cpus > JOBS_MAX ? JOBS_MAX : (int)cpus;
}

/* What the command line asks for: `--jobs N`, `--filter PATTERN`, as Criterion takes them; a part of a name. */
struct options {
	int jobs;
	const char *pattern, *part; /* of suite/name; NULL: all */
};

static struct options read_options(int argc, char **argv)
{
	struct options options = {.jobs = count_jobs()};

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--jobs") && i + 1 < argc)
			options.jobs = atoi(argv[++i]);
		else if (!strcmp(argv[i], "--filter") && i + 1 < argc)
			options.pattern = argv[++i];
		else
			options.part = argv[i];
	}
	if (options.jobs < 1 || options.jobs > JOBS_MAX) {
		fprintf(stderr, "--jobs takes a number from 1 to %d\n", JOBS_MAX);
		exit(2);
	}
	return options;
}

static bool chosen(const struct options *options, const char *name)
{
	return (!options->pattern || fnmatch(options->pattern, name, FNM_EXTMATCH) == 0) &&
	       (!options->part || strstr(name, options->part));
}

int main(int argc, char **argv)
{
	const struct options options = read_options(argc, argv);
	int skipped = 0;

	for (struct criterion_test **t = __start_cr_tst; t < __stop_cr_tst; t++) {
		if (!*t || !chosen(&options, (*t)->data->identifier_))
			continue;
		if ((*t)->data->disabled || (*t)->data->kind_ != CR_TEST_NORMAL)
			skipped++;
		else
			start(*t, options.jobs);
	}
	while (reap() >= 0)
		continue;
	printf("%d passed, %d failed, %d skipped\n", ran - bad, bad, skipped);
	return bad != 0 || ran == 0;
}
