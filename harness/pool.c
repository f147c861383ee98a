/*
 * The parent gives each worker one job number at a time over a socket and gets the answer back over
 * it; the end of the stream instead of an answer means that the worker is no more, and another one
 * takes its place. Answers that come early wait until their turn.
 */
#include "harness/pool.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct worker {
	pid_t pid;
	int fd; /* -1: does not live */
	bool busy;
	bool killed;
	unsigned job;
	uint64_t start_ns;
};

/* What a worker answers; `len` bytes of text follow. */
struct answer {
	int code;
	size_t len;
};

struct state {
	const struct pool *pool;
	struct worker *workers;
	struct pool_result *results; /* by job; text malloc'ed */
	bool *finished;
	unsigned next_job, next_done;
};

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* --- Both sides --- */

static bool send_all(int fd, const void *buffer, size_t len)
{
	const char *bytes = buffer;

	while (len) {
		ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

static bool receive_all(int fd, void *buffer, size_t len)
{
	char *bytes = buffer;

	while (len) {
		ssize_t n = recv(fd, bytes, len, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

/* --- The worker --- */

static bool answer_job(const struct pool *pool, int fd, unsigned job)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	struct answer answer;
	bool sent;

	if (!out)
		return false;
	answer.code = pool->run(pool->owner, job, out);
	fclose(out);
	answer.len = len;
	sent = send_all(fd, &answer, sizeof(answer)) && send_all(fd, text, len);
	free(text);
	return sent;
}

static void worker_main(const struct pool *pool, int fd)
{
	unsigned job;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (receive_all(fd, &job, sizeof(job)) && answer_job(pool, fd, job))
		;
	_exit(0);
}

/* --- The parent --- */

static int worker_start(struct state *state, struct worker *worker, struct error *err)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds))
		return error_set_errno(err, errno, "socketpair");
	fflush(NULL);
	*worker = (struct worker){.pid = fork(), .fd = fds[0]};
	if (!worker->pid) {
		for (unsigned i = 0; i < state->pool->workers; i++) {
			if (state->workers[i].fd >= 0)
				close(state->workers[i].fd);
		}
		worker_main(state->pool, fds[1]);
	}
	close(fds[1]);
	if (worker->pid > 0)
		return 0;
	error_set_errno(err, errno, "fork");
	close(fds[0]);
	worker->fd = -1;
	return -1;
}

static void worker_give(struct state *state, struct worker *worker)
{
	worker->busy = true;
	worker->killed = false;
	worker->job = state->next_job++;
	worker->start_ns = now_ns();
	/* A worker that has died meanwhile shows by the end of its stream. */
	send_all(worker->fd, &worker->job, sizeof(worker->job));
}

static void worker_end(struct worker *worker, int *wait_status)
{
	close(worker->fd);
	worker->fd = -1;
	while (waitpid(worker->pid, wait_status, 0) < 0 && errno == EINTR)
		;
}

static void report_in_order(struct state *state)
{
	const struct pool *pool = state->pool;

	while (state->next_done < pool->jobs && state->finished[state->next_done]) {
		struct pool_result *result = &state->results[state->next_done++];

		pool->done(pool->owner, result);
		free((char *)result->text);
		result->text = NULL;
	}
}

static bool receive_answer(struct worker *worker, struct pool_result *result)
{
	struct answer answer;
	char *text;

	if (!receive_all(worker->fd, &answer, sizeof(answer)))
		return false;
	text = malloc(answer.len + 1);
	if (!text || !receive_all(worker->fd, text, answer.len)) {
		free(text);
		return false;
	}
	text[answer.len] = '\0';
	result->code = answer.code;
	result->text = text;
	result->len = answer.len;
	return true;
}

static void worker_event(struct state *state, struct worker *worker)
{
	struct pool_result *result = &state->results[worker->job];
	int wait_status = 0;

	*result = (struct pool_result){.job = worker->job, .end = POOL_DONE};
	if (!receive_answer(worker, result)) {
		worker_end(worker, &wait_status);
		if (worker->killed)
			result->end = POOL_HUNG;
		else
			result->end = WIFSIGNALED(wait_status) ? POOL_DIED : POOL_EXITED;
		result->code =
			WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
	}
	result->ns = now_ns() - worker->start_ns;
	worker->busy = false;
	state->finished[worker->job] = true;
	report_in_order(state);
}

static void kill_hung(const struct state *state, struct worker *worker)
{
	const struct pool *pool = state->pool;

	if (!worker->busy || worker->killed ||
	    now_ns() - worker->start_ns < pool->limit_ms(pool->owner, worker->job) * 1000000)
		return;
	worker->killed = true;
	kill(worker->pid, SIGKILL);
}

/* Give work to whoever is idle, then wait for answers and deal with them. */
static int pool_round(struct state *state, struct pollfd *fds, struct error *err)
{
	const struct pool *pool = state->pool;

	for (unsigned i = 0; i < pool->workers; i++) {
		struct worker *worker = &state->workers[i];

		if (!worker->busy && state->next_job < pool->jobs) {
			if (worker->fd < 0 && worker_start(state, worker, err))
				return -1;
			worker_give(state, worker);
		}
		fds[i] = (struct pollfd){.fd = worker->busy ? worker->fd : -1, .events = POLLIN};
	}
	if (poll(fds, pool->workers, 100) < 0 && errno != EINTR)
		return error_set_errno(err, errno, "poll");
	for (unsigned i = 0; i < pool->workers; i++) {
		if (fds[i].revents)
			worker_event(state, &state->workers[i]);
		else
			kill_hung(state, &state->workers[i]);
	}
	return 0;
}

static int pool_rounds(struct state *state, struct error *err)
{
	struct pollfd *fds = calloc(state->pool->workers, sizeof(*fds));
	int failed = 0;

	if (!fds || !state->workers || !state->results || !state->finished)
		failed =
			error_set(err, ERROR_NO_MEMORY, "no memory for %u jobs", state->pool->jobs);
	for (unsigned i = 0; !failed && i < state->pool->workers; i++)
		state->workers[i].fd = -1;
	while (!failed && state->next_done < state->pool->jobs)
		failed = pool_round(state, fds, err);
	free(fds);
	return failed;
}

int pool_run(const struct pool *pool, struct error *err)
{
	struct state state = {
		.pool = pool,
		.workers = calloc(pool->workers, sizeof(*state.workers)),
		.results = calloc(pool->jobs + 1, sizeof(*state.results)),
		.finished = calloc(pool->jobs + 1, sizeof(*state.finished)),
	};
	int failed = pool_rounds(&state, err);
	int wait_status;

	for (unsigned i = 0; state.workers && i < pool->workers; i++) {
		if (state.workers[i].pid > 0 && state.workers[i].fd >= 0)
			worker_end(&state.workers[i], &wait_status);
	}
	for (unsigned i = 0; state.results && i < pool->jobs; i++)
		free((char *)state.results[i].text);
	free(state.workers);
	free(state.results);
	free(state.finished);
	return failed;
}
