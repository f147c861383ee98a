/*
 * A stream of bytes over TCP or AF_VSOCK, both ways, with the speed that it had; at the other end is
 * linux-tests/stream_peer.py, or this program again.
 *
 *   stream [accept] send ADDRESS PORT MIB      send that many MiB, and wait until the other end has closed
 *   stream [accept] receive ADDRESS PORT       receive until the end, and compare
 *
 * ADDRESS is an IPv4 one, or vsock:CID (vsock:any to listen). It connects to there; with `accept` it listens there
 * and takes the first connection. Each MiB is the same: it is one of numbers from a generator, so a piece
 * that is lost, twice, or elsewhere is noticed. One line comes of it: "stream: BYTES in SECONDS".
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <linux/vm_sockets.h>

#define MIB (1 << 20)

static uint8_t pattern[MIB];

static void die(const char *what)
{
	fprintf(stderr, "stream: %s: %s\n", what, strerror(errno));
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

union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_vm vm;
};

static socklen_t parse_address(const char *text, const char *port, union address *address)
{
	unsigned number = (unsigned)atoi(port);

	memset(address, 0, sizeof(*address));
	if (!strncmp(text, "vsock:", 6)) {
		address->vm.svm_family = AF_VSOCK;
		address->vm.svm_port = number;
		address->vm.svm_cid =
			strcmp(text + 6, "any") ? (unsigned)atoi(text + 6) : VMADDR_CID_ANY;
		return sizeof(address->vm);
	}
	address->in.sin_family = AF_INET;
	address->in.sin_port = htons((uint16_t)number);
	if (inet_pton(AF_INET, text, &address->in.sin_addr) != 1)
		die(text);
	return sizeof(address->in);
}

static int open_stream(const char *text, const char *port, bool accepts)
{
	union address address;
	socklen_t len = parse_address(text, port, &address);
	int fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		die(text);
	if (!accepts) {
		if (connect(fd, &address.any, len))
			die(text);
		return fd;
	}
	if (bind(fd, &address.any, len) || listen(fd, 1))
		die(text);
	puts("stream: listening");
	fflush(stdout);
	fd = accept(fd, NULL, NULL);
	if (fd < 0)
		die("accept");
	puts("stream: connected");
	fflush(stdout);
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
			fprintf(stderr, "stream: wrong bytes behind %llu\n",
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
	bool accepts = argc > 1 && !strcmp(argv[1], "accept");
	char **args = argv + 1 + accepts;
	int count = argc - 1 - accepts;
	bool sends = count == 4 && !strcmp(args[0], "send");
	uint64_t total;
	double start;
	int fd;

	if (!sends && (count != 3 || strcmp(args[0], "receive"))) {
		fputs("usage: stream [accept] send ADDRESS PORT MIB,\n"
		      "       stream [accept] receive ADDRESS PORT\n",
		      stderr);
		return 64;
	}
	make_pattern();
	fd = open_stream(args[1], args[2], accepts);
	start = now();
	total = sends ? send_all(fd, (unsigned)atoi(args[3])) : receive_all(fd);
	printf("stream: %llu in %.3f\n", (unsigned long long)total, now() - start);
	return 0;
}
