/*
 * The work that `make bench` does in a guest: an arm64 Linux program, statically linked, a row of the
 * benchmark a subcommand.
 *
 *   work ROW [PERCENT [HOST PORT]]   do the row's work, or that part of it: print "work: ready" when
 *                           all is prepared, read a line, work, print "work: ROW SECONDS CHECKSUM".
 *                           The rows of the network talk to that TCP port of that address
 *   work --list             the rows
 *
 * A row prepares what it needs, then works, and only the work is timed, by the guest's monotonic
 * clock. The checksum is of the result: it has to be the same on every machine, so a CPU that is
 * fast and wrong is found out. Numbers come from one generator with a fixed seed, so the work never
 * differs. Some rows are BusyBox commands; the time of those includes the shell that starts them.
 */
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "work.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof(*(array)))

void die(const char *what)
{
	fprintf(stderr, "work: %s: %s\n", what, strerror(errno));
	exit(1);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/*
 * From here on it counts ... Whoever measures from outside looks at his own clocks between the line
 * that is printed here and the one that he answers with.
 */
void begin(struct work *work)
{
	char line[16];

	puts("work: ready");
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		clearerr(stdin);
	work->start = now();
}

/* ... up to here. */
void finish(struct work *work, uint64_t check)
{
	work->seconds = now() - work->start;
	work->check = check;
}

/* That part of `full` which was asked for, at least 1. */
unsigned scaled(const struct work *work, unsigned full)
{
	unsigned count = (unsigned)((uint64_t)full * work->percent / 100);

	return count ? count : 1;
}

/* Pseudo-random numbers: xorshift64* (Vigna, 2016). */
uint64_t next_random(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1d;
}

static void *allocate(size_t size)
{
	void *memory = malloc(size);

	if (!memory)
		die("memory");
	/* Touched now, so that page faults are not in the time. */
	memset(memory, 1, size);
	return memory;
}

/* FNV-1a. */
static uint64_t fold(uint64_t hash, const void *data, size_t size)
{
	const uint8_t *bytes = data;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * 0x100000001b3;
	return hash;
}

#define FOLD_START 0xcbf29ce484222325

/* --- Integer code of several kinds, as CoreMark mixes it: lists, small matrices, a parser, CRC --- */

#define LIST_ITEMS  256
#define MATRIX_SIDE 24

struct item {
	struct item *next;
	int16_t key;
	int16_t value;
};

struct mixed {
	struct item items[LIST_ITEMS];
	int16_t a[MATRIX_SIDE][MATRIX_SIDE], b[MATRIX_SIDE][MATRIX_SIDE];
	char text[512];
};

static uint16_t crc16(uint16_t crc, uint32_t data)
{
	for (int bit = 0; bit < 32; bit++) {
		uint16_t low = (uint16_t)((crc ^ data) & 1);

		data >>= 1;
		crc = (uint16_t)(crc >> 1);
		if (low)
			crc ^= 0xa001;
	}
	return crc;
}

static void mixed_init(struct mixed *mixed)
{
	static const char *const words[] = {"12,", "-7,", "3.25,", "+1e6,", "0x1f,", "abc,", "9.,"};
	uint64_t seed = 1;
	size_t used = 0;

	for (int i = 0; i < LIST_ITEMS; i++) {
		uint64_t random = next_random(&seed);

		mixed->items[i] = (struct item){
			.next = i + 1 < LIST_ITEMS ? &mixed->items[i + 1] : NULL,
			.key = (int16_t)random,
			.value = (int16_t)(random >> 16),
		};
	}
	for (int i = 0; i < MATRIX_SIDE * MATRIX_SIDE; i++) {
		mixed->a[i / MATRIX_SIDE][i % MATRIX_SIDE] = (int16_t)(next_random(&seed) & 0xff);
		mixed->b[i / MATRIX_SIDE][i % MATRIX_SIDE] = (int16_t)(next_random(&seed) & 0xff);
	}
	memset(mixed->text, 0, sizeof(mixed->text));
	while (used + 8 < sizeof(mixed->text)) {
		const char *word = words[next_random(&seed) % ARRAY_SIZE(words)];

		memcpy(mixed->text + used, word, strlen(word));
		used += strlen(word);
	}
}

static struct item *list_merge(struct item *a, struct item *b)
{
	struct item head, *tail = &head;

	while (a && b) {
		struct item **smaller = a->key <= b->key ? &a : &b;

		tail->next = *smaller;
		tail = *smaller;
		*smaller = tail->next;
	}
	tail->next = a ? a : b;
	return head.next;
}

static struct item *list_sort(struct item *list, int count)
{
	struct item *half = list, *rest;

	if (count < 2)
		return list;
	for (int i = 1; i < count / 2; i++)
		half = half->next;
	rest = half->next;
	half->next = NULL;
	return list_merge(list_sort(list, count / 2), list_sort(rest, count - count / 2));
}

static uint16_t list_work(struct mixed *mixed, unsigned round)
{
	struct item *list = &mixed->items[0];
	uint16_t crc = 0;

	for (int i = 0; i < LIST_ITEMS; i++) {
		mixed->items[i].next = i + 1 < LIST_ITEMS ? &mixed->items[i + 1] : NULL;
		mixed->items[i].key = (int16_t)(mixed->items[i].key * 5 + (int)round);
	}
	list = list_sort(list, LIST_ITEMS);
	for (; list; list = list->next) {
		if (list->value & 1)
			crc = crc16(crc, (uint16_t)list->key);
	}
	return crc;
}

static uint16_t matrix_work(struct mixed *mixed, unsigned round)
{
	int32_t total = 0;

	for (int i = 0; i < MATRIX_SIDE; i++) {
		for (int j = 0; j < MATRIX_SIDE; j++) {
			int32_t sum = 0;

			for (int k = 0; k < MATRIX_SIDE; k++)
				sum += mixed->a[i][k] * mixed->b[k][j];
			total = (int32_t)((uint32_t)total * 3 + (uint32_t)(sum >> 3 & 0xfff));
		}
		mixed->a[i][i] = (int16_t)(mixed->a[i][i] ^ (int16_t)(round & 0x7f));
	}
	return crc16(0, (uint32_t)total);
}

enum state { START, SIGN, DIGITS, POINT, EXPONENT, HEX, WRONG, STATES };

static enum state state_next(enum state state, char c)
{
	int digit = c >= '0' && c <= '9';

	switch (state) {
	case START:
		if (c == '+' || c == '-')
			return SIGN;
		return digit ? DIGITS : WRONG;
	case SIGN: return digit ? DIGITS : WRONG;
	case DIGITS:
		if (c == 'x')
			return HEX;
		if (c == 'e')
			return EXPONENT;
		if (c == '.')
			return POINT;
		return digit ? DIGITS : WRONG;
	case POINT: return c == 'e' ? EXPONENT : digit ? POINT : WRONG;
	case EXPONENT: return digit ? EXPONENT : WRONG;
	case HEX: return digit || (c >= 'a' && c <= 'f') ? HEX : WRONG;
	default: return WRONG;
	}
}

static uint16_t parser_work(struct mixed *mixed, unsigned round)
{
	uint32_t counts[STATES] = {0};
	enum state state = START;
	uint16_t crc = (uint16_t)round;

	for (const char *c = mixed->text; *c; c++) {
		if (*c == ',') {
			counts[state]++;
			state = START;
		} else {
			state = state_next(state, *c);
		}
	}
	for (int i = 0; i < STATES; i++)
		crc = crc16(crc, counts[i]);
	return crc;
}

static uint64_t mixed_work(unsigned rounds)
{
	struct mixed *mixed = allocate(sizeof(*mixed));
	uint64_t check = FOLD_START;

	mixed_init(mixed);
	for (unsigned round = 0; round < rounds; round++) {
		uint16_t results[] = {
			list_work(mixed, round),
			matrix_work(mixed, round),
			parser_work(mixed, round),
		};

		check = fold(check, results, sizeof(results));
	}
	free(mixed);
	return check;
}

static void work_integer(struct work *work)
{
	begin(work);
	finish(work, mixed_work(scaled(work, 5000)));
}

/* --- Sorting --- */

static void quicksort(uint32_t *array, ptrdiff_t low, ptrdiff_t high)
{
	while (low < high) {
		uint32_t pivot = array[low + (high - low) / 2];
		ptrdiff_t i = low, j = high;

		while (i <= j) {
			while (array[i] < pivot)
				i++;
			while (array[j] > pivot)
				j--;
			if (i <= j) {
				uint32_t swapped = array[i];

				array[i++] = array[j];
				array[j--] = swapped;
			}
		}
		quicksort(array, low, j);
		low = i;
	}
}

static void work_sort(struct work *work)
{
	unsigned count = scaled(work, 4000000);
	uint32_t *array = allocate(count * sizeof(*array));
	uint64_t seed = 2;

	for (unsigned i = 0; i < count; i++)
		array[i] = (uint32_t)next_random(&seed);
	begin(work);
	quicksort(array, 0, (ptrdiff_t)count - 1);
	finish(work, fold(FOLD_START, array, count / 64 * sizeof(*array)));
}

/* --- The sieve of Eratosthenes --- */

#define SIEVE_SIZE (1u << 20)

static void work_sieve(struct work *work)
{
	uint8_t *composite = allocate(SIEVE_SIZE);
	uint64_t primes = 0;

	begin(work);
	for (unsigned round = scaled(work, 50); round; round--) {
		memset(composite, 0, SIEVE_SIZE);
		for (unsigned i = 2; i < SIEVE_SIZE; i++) {
			if (composite[i])
				continue;
			primes++;
			for (unsigned j = 2 * i; j < SIEVE_SIZE; j += i)
				composite[j] = 1;
		}
	}
	finish(work, primes);
}

/* --- Hashing: SHA-256 (FIPS 180-4), without the instructions for it --- */

static uint32_t sha_k[64];

static uint32_t rotate(uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

/* The constants are the fractions of cube roots of primes: 32 bits of them, found by bisection. */
static void sha_init(void)
{
	unsigned count = 0;

	for (unsigned n = 2; count < 64; n++) {
		unsigned __int128 low = 0, high = (unsigned __int128)8 << 32;
		unsigned divisor = 2;

		while (n % divisor)
			divisor++;
		if (divisor != n)
			continue;
		while (high - low > 1) {
			unsigned __int128 middle = (low + high) / 2;

			if (middle * middle * middle <= (unsigned __int128)n << 96)
				low = middle;
			else
				high = middle;
		}
		sha_k[count++] = (uint32_t)low;
	}
}

static void sha_block(uint32_t h[8], const uint8_t *block)
{
	uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], k = h[7];
	uint32_t w[64];

	for (int t = 0; t < 16; t++) {
		memcpy(&w[t], block + 4 * t, 4);
		w[t] = __builtin_bswap32(w[t]);
	}
	for (int t = 16; t < 64; t++) {
		uint32_t s0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ w[t - 15] >> 3;
		uint32_t s1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ w[t - 2] >> 10;

		w[t] = s1 + w[t - 7] + s0 + w[t - 16];
	}
	for (int t = 0; t < 64; t++) {
		uint32_t s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
		uint32_t s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
		uint32_t t1 = k + s1 + ((e & f) ^ (~e & g)) + sha_k[t] + w[t];

		k = g;
		g = f;
		f = e;
		e = d + t1;
		d = c;
		c = b;
		b = a;
		a = t1 + s0 + ((a & c) ^ (a & d) ^ (c & d));
	}
	h[0] += a;
	h[1] += b;
	h[2] += c;
	h[3] += d;
	h[4] += e;
	h[5] += f;
	h[6] += g;
	h[7] += k;
}

static void work_hash(struct work *work)
{
	enum { SIZE = 1 << 20 };
	/* The square roots of the first primes, as the standard starts; any start costs the same. */
	uint32_t h[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
			 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
	uint8_t *data = allocate(SIZE);
	uint64_t seed = 3;

	sha_init();
	for (unsigned i = 0; i < SIZE; i++)
		data[i] = (uint8_t)(next_random(&seed) >> 56);
	begin(work);
	for (unsigned round = scaled(work, 24); round; round--) {
		for (unsigned i = 0; i < SIZE; i += 64)
			sha_block(h, data + i);
	}
	finish(work, fold(FOLD_START, h, sizeof(h)));
}

/* --- Floating point --- */

static void work_matrix(struct work *work)
{
	enum { SIDE = 128 };
	double(*a)[SIDE] = allocate(sizeof(double[SIDE][SIDE]));
	double(*b)[SIDE] = allocate(sizeof(double[SIDE][SIDE]));
	double(*c)[SIDE] = allocate(sizeof(double[SIDE][SIDE]));
	uint64_t seed = 4;

	for (int i = 0; i < SIDE * SIDE; i++) {
		a[i / SIDE][i % SIDE] = (double)(int64_t)next_random(&seed) / 0x1p63;
		b[i / SIDE][i % SIDE] = (double)(int64_t)next_random(&seed) / 0x1p63;
	}
	memset(c, 0, sizeof(double[SIDE][SIDE]));
	begin(work);
	for (unsigned round = scaled(work, 24); round; round--) {
		for (int i = 0; i < SIDE; i++) {
			for (int j = 0; j < SIDE; j++) {
				double sum = c[i][j] * 0.5;

				for (int k = 0; k < SIDE; k++)
					sum += a[i][k] * b[k][j];
				c[i][j] = sum;
			}
		}
	}
	finish(work, fold(FOLD_START, c, sizeof(double[SIDE][SIDE])));
}

static void work_libm(struct work *work)
{
	double sum = 0;

	begin(work);
	for (unsigned i = scaled(work, 400000); i; i--) {
		double x = (double)i * 1e-4;

		sum += sin(x) * cos(x / 3) + exp(-x) + log(x + 1) + sqrt(x) + atan2(x, 2) +
		       pow(x, 0.3);
	}
	finish(work, fold(FOLD_START, &sum, sizeof(sum)));
}

/* --- Memory --- */

static void work_copy(struct work *work)
{
	enum { SIZE = 4 << 20 };
	uint8_t *from = allocate(SIZE + 64), *to = allocate(SIZE + 64);
	uint64_t seed = 5;

	for (unsigned i = 0; i < SIZE; i++)
		from[i] = (uint8_t)next_random(&seed);
	begin(work);
	for (unsigned round = 0; round < scaled(work, 250); round++) {
		/* Not aligned alike each time, as in life. */
		memcpy(to + round % 8, from + round % 5, SIZE);
		from[round] ^= to[round + 9];
	}
	finish(work, fold(FOLD_START, to, SIZE / 16));
}

static void work_random(struct work *work)
{
	enum { COUNT = (16 << 20) / sizeof(uint32_t) };
	uint32_t *next = allocate(COUNT * sizeof(*next));
	uint64_t seed = 6;
	uint32_t at = 0;

	/* One cycle through all of them (Sattolo's shuffle). */
	for (uint32_t i = 0; i < COUNT; i++)
		next[i] = i;
	for (uint32_t i = COUNT - 1; i; i--) {
		uint32_t j = (uint32_t)(next_random(&seed) % i);
		uint32_t swapped = next[i];

		next[i] = next[j];
		next[j] = swapped;
	}
	begin(work);
	for (unsigned step = scaled(work, 8000000); step; step--)
		at = next[at];
	finish(work, at);
}

/* --- The kernel's work --- */

static void work_fork(struct work *work)
{
	uint64_t sum = 0;

	begin(work);
	for (unsigned round = scaled(work, 300); round; round--) {
		int status;
		pid_t child = fork();

		if (child < 0)
			die("fork");
		if (!child) {
			execl(work->self, work->self, "--nothing", NULL);
			_exit(1);
		}
		if (waitpid(child, &status, 0) != child)
			die("waitpid");
		sum += (unsigned)status;
	}
	finish(work, sum);
}

static void work_syscall(struct work *work)
{
	uint64_t count = 0;

	begin(work);
	for (unsigned round = scaled(work, 600000); round; round--)
		count += syscall(SYS_getppid) > 0;
	finish(work, count);
}

void read_exactly(int fd, void *data, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t got = read(fd, (uint8_t *)data + done, size - done);

		if (got <= 0)
			die("read");
		done += (size_t)got;
	}
}

void write_exactly(int fd, const void *data, size_t size)
{
	if (write(fd, data, size) != (ssize_t)size)
		die("write");
}

/* Send a page there and get it back, again and again. */
static void work_pipe(struct work *work)
{
	unsigned rounds = scaled(work, 7000);
	uint8_t page[4096] = {0};
	int there[2], back[2], status;
	pid_t child;

	if (pipe(there) || pipe(back))
		die("pipe");
	begin(work);
	child = fork();
	if (child < 0)
		die("fork");
	if (!child) {
		for (unsigned round = 0; round < rounds; round++) {
			read_exactly(there[0], page, sizeof(page));
			page[round % sizeof(page)]++;
			write_exactly(back[1], page, sizeof(page));
		}
		_exit(0);
	}
	for (unsigned round = 0; round < rounds; round++) {
		write_exactly(there[1], page, sizeof(page));
		read_exactly(back[0], page, sizeof(page));
	}
	if (waitpid(child, &status, 0) != child || status)
		die("the other end");
	finish(work, fold(FOLD_START, page, sizeof(page)));
}

/* --- Four CPUs at once --- */

#define THREADS 4

struct shared {
	pthread_mutex_t mutex;
	uint64_t sum;
	unsigned rounds;
};

/* Integer code, and now and then a lock that the others want too. */
static void *thread_main(void *argument)
{
	struct shared *shared = argument;

	for (unsigned round = shared->rounds; round; round--) {
		uint64_t check = mixed_work(20);

		pthread_mutex_lock(&shared->mutex);
		shared->sum += check;
		pthread_mutex_unlock(&shared->mutex);
	}
	return NULL;
}

static void work_cpus4(struct work *work)
{
	struct shared shared = {.rounds = scaled(work, 65)};
	pthread_t threads[THREADS];

	pthread_mutex_init(&shared.mutex, NULL);
	begin(work);
	for (int i = 0; i < THREADS; i++) {
		errno = pthread_create(&threads[i], NULL, thread_main, &shared);
		if (errno)
			die("thread");
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	finish(work, shared.sum);
}

/* --- BusyBox --- */

/* Run a shell command; the check is of what it prints. */
static void run_shell(struct work *work, const char *command)
{
	uint64_t check = FOLD_START;
	char output[4096];
	size_t got;
	FILE *pipe;

	begin(work);
	pipe = popen(command, "r");
	if (!pipe)
		die("sh");
	while ((got = fread(output, 1, sizeof(output), pipe)) > 0)
		check = fold(check, output, got);
	if (pclose(pipe))
		die(command);
	finish(work, check);
}

#define TEXT_FILE "/tmp/work.text"

/* Something that compresses as text does: words, some much more frequent than others. */
static void write_text(size_t size)
{
	FILE *file = fopen(TEXT_FILE, "w");
	uint64_t seed = 7;

	if (!file)
		die(TEXT_FILE);
	for (size_t written = 0; written < size;) {
		uint64_t random = next_random(&seed);
		/* 1 to 2^16 different words, small numbers more often. */
		uint64_t word = (random & 0xffff) >> (random >> 16 & 0xf);
		uint64_t letters = word * 0x9e3779b97f4a7c15 >> 20;
		int length = 2 + (int)(word % 9);

		for (int i = 0; i < length; i++, letters >>= 4)
			fputc("etaoinshrdlucmfw"[letters & 15], file);
		fputc(random >> 60 ? ' ' : '\n', file);
		written += (size_t)length + 1;
	}
	if (fclose(file))
		die(TEXT_FILE);
}

static void work_gzip(struct work *work)
{
	write_text(scaled(work, 2000000));
	run_shell(work, "gzip -c <" TEXT_FILE " >" TEXT_FILE ".gz &&"
			" gunzip -c " TEXT_FILE ".gz | cmp - " TEXT_FILE " &&"
			" wc -c <" TEXT_FILE ".gz");
	unlink(TEXT_FILE);
	unlink(TEXT_FILE ".gz");
}

static void work_awk(struct work *work)
{
	char command[200];

	snprintf(command, sizeof(command),
		 "awk 'BEGIN { for (i = 1; i <= %u; i++) { s += i * i %% 7; r += s / i }"
		 " printf \"%%d %%.9g\\n\", s, r }'",
		 scaled(work, 60000));
	run_shell(work, command);
}

static void work_shell(struct work *work)
{
	char command[200];

	snprintf(
		command, sizeof(command),
		"i=0 s=0; while [ $i -lt %u ]; do i=$((i + 1)); case $i in *7) s=$((s + i));; esac;"
		" done; echo $s",
		scaled(work, 24000));
	run_shell(work, command);
}

static const struct {
	const char *name;
	void (*run)(struct work *work);
} rows[] = {
	{"integer", work_integer},
	{"sort", work_sort},
	{"sieve", work_sieve},
	{"hash", work_hash},
	{"gzip", work_gzip},
	{"matrix", work_matrix},
	{"libm", work_libm},
	{"awk", work_awk},
	{"copy", work_copy},
	{"random", work_random},
	{"shell", work_shell},
	{"fork", work_fork},
	{"syscall", work_syscall},
	{"pipe", work_pipe},
	{"cpus4", work_cpus4},
	{"read4k", work_read4k},
	{"read1m", work_read1m},
	{"write4k", work_write4k},
	{"write1m", work_write1m},
	{"randread", work_randread},
	{"randread32", work_randread32},
	{"randwrite", work_randwrite},
	{"randwrite32", work_randwrite32},
	{"tcpout", work_tcpout},
	{"tcpin", work_tcpin},
	{"tcprr", work_tcprr},
	{"tapout", work_tapout},
	{"tapin", work_tapin},
	{"taprr", work_tcprr},
};

int main(int argc, char *argv[])
{
	struct work work = {
		.self = argv[0],
		.percent = argc > 2 ? (unsigned)atoi(argv[2]) : 100,
		.host = argc > 3 ? argv[3] : NULL,
		.port = argc > 4 ? (uint16_t)atoi(argv[4]) : 0,
	};

	if (argc > 1 && !strcmp(argv[1], "--nothing"))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (argc > 1 && !strcmp(argv[1], "--list"))
			puts(rows[i].name);
		if (argc < 2 || strcmp(argv[1], rows[i].name))
			continue;
		rows[i].run(&work);
		printf("work: %s %.6f %016llx\n", rows[i].name, work.seconds,
		       (unsigned long long)work.check);
		return 0;
	}
	return argc > 1 && !strcmp(argv[1], "--list") ? 0 : 64;
}
