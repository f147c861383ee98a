/* What the rows of the benchmark's guest program share. */
#ifndef GOD_CI_BENCH_WORK_H
#define GOD_CI_BENCH_WORK_H

#include <stddef.h>
#include <stdint.h>

struct work {
	const char *self; /* this program's path */
	unsigned percent;
	/* The host's end, for the rows of the network; 0, NULL: none was given. */
	uint16_t port;
	const char *host;
	double start;
	double seconds;
	uint64_t check;
};

void die(const char *what);

/* From here on it counts, and up to there. */
void begin(struct work *work);
void finish(struct work *work, uint64_t check);

/* That part of `full` which was asked for, at least 1. */
unsigned scaled(const struct work *work, unsigned full);

uint64_t next_random(uint64_t *state);
void read_exactly(int fd, void *data, size_t size);
void write_exactly(int fd, const void *data, size_t size);

/* The rows of devices. */
void work_read4k(struct work *work);
void work_read1m(struct work *work);
void work_write4k(struct work *work);
void work_write1m(struct work *work);
void work_randread(struct work *work);
void work_randread32(struct work *work);
void work_randwrite(struct work *work);
void work_randwrite32(struct work *work);
void work_tcpout(struct work *work);
void work_tcpin(struct work *work);
void work_tcprr(struct work *work);
void work_tapout(struct work *work);
void work_tapin(struct work *work);

#endif
