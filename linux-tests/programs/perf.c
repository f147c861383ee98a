/*
 * The performance monitors as perf(1) uses them, by perf_event_open(2): counts at EL0 of a loop that is
 * known instruction by instruction, and samples of it, which come by overflow interrupts.
 * linux-tests/test_debug.py knows what the lines should say.
 *
 * What is counted besides the loop, on the way into the kernel and out of it, is the same each time: so a
 * count is the difference between two runs of the loop.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static volatile uint64_t memory;
static volatile sig_atomic_t samples;

/* Five instructions a turn: a load, a store, a branch. */
static void loop(uint64_t turns)
{
	__asm__ volatile("1:	ldr	x9, [%1]\n"
			 "	add	x9, x9, #1\n"
			 "	str	x9, [%1]\n"
			 "	subs	%0, %0, #1\n"
			 "	b.ne	1b\n"
			 : "+r"(turns)
			 : "r"(&memory)
			 : "x9", "cc", "memory");
}

static int event_open(uint64_t config, uint64_t period)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_RAW,
		.size = sizeof(attr),
		.config = config,
		.sample_period = period,
		.wakeup_events = period ? 1 : 0,
		.disabled = 1,
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};
	int fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);

	if (fd < 0) {
		printf("perf_event_open: %s\n", strerror(errno));
		exit(1);
	}
	return fd;
}

static uint64_t counted(int fd, uint64_t turns)
{
	uint64_t count = 0;

	ioctl(fd, PERF_EVENT_IOC_RESET, 0);
	ioctl(fd, PERF_EVENT_IOC_ENABLE, 0);
	loop(turns);
	ioctl(fd, PERF_EVENT_IOC_DISABLE, 0);
	if (read(fd, &count, sizeof(count)) != sizeof(count))
		exit(1);
	return count;
}

static void say_count(const char *name, uint64_t event)
{
	int fd = event_open(event, 0);
	uint64_t few = counted(fd, 1000);

	printf("%s: %llu\n", name, (unsigned long long)(counted(fd, 3000) - few));
	close(fd);
}

static void sampled(int signal)
{
	(void)signal;
	samples++;
}

/* A sample each million instructions, and a few of the kernel's return and the handler. */
static void say_samples(void)
{
	int fd = event_open(0x08, 1000000);

	signal(SIGIO, sampled);
	fcntl(fd, F_SETFL, O_ASYNC | O_NONBLOCK);
	fcntl(fd, F_SETSIG, SIGIO);
	fcntl(fd, F_SETOWN, getpid());
	ioctl(fd, PERF_EVENT_IOC_ENABLE, 0);
	loop(4020000);
	ioctl(fd, PERF_EVENT_IOC_DISABLE, 0);
	printf("samples: %d\n", (int)samples);
	close(fd);
}

int main(void)
{
	say_count("instructions", 0x08);
	say_count("cycles", 0x11);
	say_count("branches", 0x21);
	say_count("loads", 0x06);
	say_count("stores", 0x07);
	say_count("accesses", 0x13);
	say_samples();
	return 0;
}
