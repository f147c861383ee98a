/*
 * Processes, CPUs, clocks and files: fork and exec, migration, membarrier, time that only goes
 * forward, the page cache.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/membarrier.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stress.h"

/* ---- Fork, exec, pipes ---- */

#define BLOCK 1024 /* doublewords */
#define DEPTH 3

static uint64_t fork_block[BLOCK];

static void write_all(struct workload *w, int file, const void *data, size_t size)
{
	const uint8_t *at = data;

	while (size) {
		ssize_t done = write(file, at, size);

		check(w, done > 0, "write: %s", strerror(errno));
		at += done;
		size -= (size_t)done;
	}
}

static void read_all(struct workload *w, int file, void *data, size_t size)
{
	uint8_t *at = data;

	while (size) {
		ssize_t done = read(file, at, size);

		check(w, done > 0, "read: %s", done ? strerror(errno) : "end of file");
		at += done;
		size -= (size_t)done;
	}
}

static void wait_child(struct workload *w, pid_t pid, int expected)
{
	int status = 0;

	check(w, waitpid(pid, &status, 0) == pid, "waitpid: %s", strerror(errno));
	check(w, WIFEXITED(status) && WEXITSTATUS(status) == expected, "a child's status: 0x%x",
	      (unsigned)status);
}

static int status_of(uint64_t seed)
{
	return (int)(next_random(&seed) % 100) + 1;
}

int fork_child(const char *seed)
{
	return status_of(strtoull(seed, NULL, 10));
}

static void exec_self(struct workload *w, uint64_t seed)
{
	char text[24];
	pid_t pid = fork();

	check(w, pid >= 0, "fork: %s", strerror(errno));
	snprintf(text, sizeof(text), "%llu", (unsigned long long)seed);
	if (!pid) {
		execl("/proc/self/exe", "stress", "--fork-child", text, (char *)NULL);
		_exit(99);
	}
	wait_child(w, pid, status_of(seed));
}

struct child {
	pid_t pid;
	int pipe; /* what it hands up comes from here */
	uint64_t seed;
};

static uint64_t tree(struct workload *w, unsigned depth, uint64_t seed);

/* A process that makes the tree below it, and hands up its block and the tree's sum. */
static struct child tree_child(struct workload *w, unsigned depth, uint64_t parent_seed,
			       uint64_t seed)
{
	struct child child = {.seed = seed};
	uint64_t sum;
	int ends[2];

	check(w, pipe(ends) == 0, "pipe: %s", strerror(errno));
	child.pid = fork();
	check(w, child.pid >= 0, "fork: %s", strerror(errno));
	child.pipe = ends[0];
	if (child.pid) {
		close(ends[1]);
		return child;
	}
	close(ends[0]);
	check(w, pattern_holds(fork_block, BLOCK, parent_seed), "a child's copy differs");
	sum = tree(w, depth, seed);
	write_all(w, ends[1], fork_block, sizeof(fork_block));
	write_all(w, ends[1], &sum, sizeof(sum));
	_exit(status_of(seed));
}

static uint64_t collect(struct workload *w, const struct child *child)
{
	uint64_t block[BLOCK], sum;

	read_all(w, child->pipe, block, sizeof(block));
	check(w, pattern_holds(block, BLOCK, child->seed), "a pipe changed the data");
	read_all(w, child->pipe, &sum, sizeof(sum));
	close(child->pipe);
	wait_child(w, child->pid, status_of(child->seed));
	return sum;
}

/* A process with two children, down to a depth: the sum of all seeds. */
static uint64_t tree(struct workload *w, unsigned depth, uint64_t seed)
{
	struct child children[2];
	uint64_t sum = seed;

	pattern_fill(fork_block, BLOCK, seed);
	for (unsigned n = 0; depth && n < 2; n++)
		children[n] = tree_child(w, depth - 1, seed, seed * 2 + n + 1);
	for (unsigned n = 0; depth && n < 2; n++)
		sum += collect(w, &children[n]);
	check(w, pattern_holds(fork_block, BLOCK, seed), "a child wrote to its parent");
	return sum;
}

static uint64_t tree_sum(unsigned depth, uint64_t seed)
{
	if (!depth)
		return seed;
	return seed + tree_sum(depth - 1, seed * 2 + 1) + tree_sum(depth - 1, seed * 2 + 2);
}

void run_fork(struct workload *w)
{
	uint64_t seed = 1;

	while (time_left(w)) {
		seed = next_random(&seed) % 1000000 + 1;
		check(w, tree(w, DEPTH, seed) == tree_sum(DEPTH, seed), "a tree's sum is wrong");
		exec_self(w, seed);
		count_round(w);
	}
}

/* ---- Migration ---- */

/* With its CPU gone off-line a thread may run elsewhere: the kernel then widens its mask. */
static bool still_bound(unsigned cpu)
{
	cpu_set_t mask;

	sched_getaffinity(0, sizeof(mask), &mask);
	return CPU_COUNT(&mask) == 1 && CPU_ISSET(cpu, &mask);
}

static void affinity_thread(struct workload *w, unsigned index)
{
	unsigned cpus = (unsigned)sysconf(_SC_NPROCESSORS_CONF), cpu = index;
	uint64_t words[64], seed = index + 1;

	while (time_left(w)) {
		cpu_set_t mask;

		pattern_fill(words, 64, seed);
		cpu = (cpu + 1) % cpus;
		CPU_ZERO(&mask);
		CPU_SET(cpu, &mask);
		if (sched_setaffinity(0, sizeof(mask), &mask) < 0) {
			check(w, errno == EINVAL, "sched_setaffinity: %s", strerror(errno));
			sched_yield();
			continue;
		}
		check(w, sched_getcpu() == (int)cpu || !still_bound(cpu),
		      "not on the CPU asked for");
		check(w, pattern_holds(words, 64, seed), "memory changed on the way");
		next_random(&seed);
		count_round(w);
	}
}

void run_affinity(struct workload *w)
{
	run_threads(w, affinity_thread);
}

/* ---- membarrier ---- */

/* Store, then load, on both sides; one has a barrier only through the other one's membarrier(). */
static struct {
	struct step step;
	int here[THREADS / 2] __attribute__((aligned(64)));
	int there[THREADS / 2] __attribute__((aligned(64)));
	int seen_here[THREADS / 2], seen_there[THREADS / 2];
} dekker;

static long membarrier(int command)
{
	return syscall(SYS_membarrier, command, 0, 0);
}

static void membarrier_thread(struct workload *w, unsigned index)
{
	unsigned pair = index / 2;
	uint64_t seed = index + 1;

	while (step_begin(&dekker.step, w)) {
		dekker.here[pair] = dekker.there[pair] = 0;
		step_wait(&dekker.step);
		for (unsigned n = next_random(&seed) % 64; n; n--)
			__asm__ volatile("");
		if (index % 2) {
			__atomic_store_n(&dekker.here[pair], 1, __ATOMIC_RELAXED);
			__atomic_signal_fence(__ATOMIC_SEQ_CST);
			dekker.seen_there[pair] =
				__atomic_load_n(&dekker.there[pair], __ATOMIC_RELAXED);
		} else {
			__atomic_store_n(&dekker.there[pair], 1, __ATOMIC_RELAXED);
			check(w, membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED) == 0,
			      "membarrier: %s", strerror(errno));
			dekker.seen_here[pair] =
				__atomic_load_n(&dekker.here[pair], __ATOMIC_RELAXED);
		}
		step_wait(&dekker.step);
		check(w, dekker.seen_here[pair] || dekker.seen_there[pair],
		      "both stores were late");
		count_round(w);
	}
}

void run_membarrier(struct workload *w)
{
	step_init(&dekker.step);
	check(w, membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) == 0, "membarrier: %s",
	      strerror(errno));
	run_threads(w, membarrier_thread);
}

/* ---- Time ---- */

static uint64_t clock_latest;

/* Who reads the clock after somebody else does not read an earlier time, on whatever CPU. */
static void clock_thread(struct workload *w, unsigned index)
{
	(void)index;
	while (time_left(w)) {
		for (unsigned n = 0; n < 200; n++) {
			uint64_t latest = __atomic_load_n(&clock_latest, __ATOMIC_SEQ_CST);
			uint64_t now = now_ns();

			check(w, now >= latest, "the clock went back by %llu ns",
			      (unsigned long long)(latest - now));
			while (latest < now &&
			       !__atomic_compare_exchange_n(&clock_latest, &latest, now, false,
							    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
				;
		}
		usleep(1000);
		count_round(w);
	}
}

void run_clock(struct workload *w)
{
	run_threads(w, clock_thread);
}

/* ---- Files ---- */

#define FILE_WORDS 8192

static void write_file(struct workload *w, const char *name, const uint64_t *words)
{
	int file = open(name, O_CREAT | O_TRUNC | O_WRONLY, 0600);

	check(w, file >= 0, "%s: %s", name, strerror(errno));
	write_all(w, file, words, FILE_WORDS * 8);
	close(file);
}

/* What was written is read, is mapped, and is gone after truncation. */
static void read_file(struct workload *w, const char *name, uint64_t *words, uint64_t seed)
{
	int file = open(name, O_RDWR);
	uint64_t *mapped;

	check(w, file >= 0, "%s: %s", name, strerror(errno));
	memset(words, 0, FILE_WORDS * 8);
	read_all(w, file, words, FILE_WORDS * 8);
	check(w, pattern_holds(words, FILE_WORDS, seed), "a file reads differently");
	mapped = mmap(NULL, FILE_WORDS * 8, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	check(w, mapped != MAP_FAILED, "mmap: %s", strerror(errno));
	check(w, pattern_holds(mapped, FILE_WORDS, seed), "a file's mapping differs");
	mapped[FILE_WORDS - 1] = ~seed;
	check(w, pread(file, words, 8, (FILE_WORDS - 1) * 8) == 8 && words[0] == ~seed,
	      "what was stored in the mapping is not in the file");
	check(w, ftruncate(file, 4096) == 0 && ftruncate(file, FILE_WORDS * 8) == 0, "ftruncate");
	check(w, mapped[512] == 0 && mapped[FILE_WORDS - 1] == 0,
	      "a page that was cut off is there");
	check(w, mapped[511] == words[511], "a page that was not cut off changed");
	munmap(mapped, FILE_WORDS * 8);
	close(file);
}

static void files_thread(struct workload *w, unsigned index)
{
	uint64_t *words = malloc(FILE_WORDS * 8), seed = index + 300;
	char name[32], other[32];

	check(w, words, "no memory");
	snprintf(name, sizeof(name), "/tmp/stress-%u-a", index);
	snprintf(other, sizeof(other), "/tmp/stress-%u-b", index);
	while (time_left(w)) {
		uint64_t pattern = next_random(&seed) | 1;

		pattern_fill(words, FILE_WORDS, pattern);
		write_file(w, name, words);
		check(w, rename(name, other) == 0, "rename: %s", strerror(errno));
		read_file(w, other, words, pattern);
		check(w, unlink(other) == 0, "unlink: %s", strerror(errno));
		count_round(w);
	}
	free(words);
}

void run_files(struct workload *w)
{
	run_threads(w, files_thread);
}
