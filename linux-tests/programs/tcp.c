/*
 * A stream of bytes over TCP, both ways, with the speed that it had; linux-tests/tcp_peer.py is at the other
 * end, on the host.
 *
 *   tcp send ADDRESS PORT MIB       send that many MiB, and wait until the other end has closed
 *   tcp receive ADDRESS PORT        receive until the end, and compare
 *
 * Each MiB is the same: it is one of numbers from a generator, so a piece that is lost, twice, or
 * elsewhere is noticed. One line comes of it: "tcp: BYTES in SECONDS".
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MIB (1 << 20)

static uint8_t pattern[MIB];

static void die(const char *what)
{
	fprintf(stderr, "tcp: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Little-endian words of a linear congruence. */
static void make_pattern(void)
{
	uint64_t number = 0;

	for (size_t i = 0; i < sizeof(pattern); i += sizeof(number)) {
		memcpy(pattern + i, &number, sizeof(number));
		number = number * 6364136223846793005 + 1442695040888963407;
	}
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int connect_to(const char *address, const char *port)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || inet_pton(AF_INET, address, &to.sin_addr) != 1 ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to)))
		die(address);
	return fd;
}

static uint64_t send_all(int fd, unsigned mib)
{
	uint8_t end;

	for (unsigned i = 0; i < mib; i++) {
		size_t done = 0;

		while (done < sizeof(pattern)) {
			ssize_t n = write(fd, pattern + done, sizeof(pattern) - done);

			if (n < 0)
				die("write");
			done += (size_t)n;
		}
	}
	if (shutdown(fd, SHUT_WR) || read(fd, &end, 1) != 0)
		die("the other end does not close");
	return (uint64_t)mib * sizeof(pattern);
}

static uint64_t receive_all(int fd)
{
	static uint8_t bytes[MIB];
	uint64_t total = 0;
	ssize_t n;

	while ((n = read(fd, bytes, sizeof(bytes) - total % sizeof(bytes))) > 0) {
		if (memcmp(bytes, pattern + total % sizeof(pattern), (size_t)n)) {
			fprintf(stderr, "tcp: wrong bytes behind %llu\n",
				(unsigned long long)total);
			exit(1);
		}
		total += (uint64_t)n;
	}
	if (n < 0)
		die("read");
	return total;
}

int main(int argc, char *argv[])
{
	uint64_t total;
	double start;
	int fd;

	if (argc < 4) {
		fputs("usage: tcp send ADDRESS PORT MIB, tcp receive ADDRESS PORT\n", stderr);
		return 64;
	}
	make_pattern();
	fd = connect_to(argv[2], argv[3]);
	start = now();
	total = argc > 4 ? send_all(fd, (unsigned)atoi(argv[4])) : receive_all(fd);
	printf("tcp: %llu in %.3f\n", (unsigned long long)total, now() - start);
	return 0;
}
