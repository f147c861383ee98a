/*
 * The benchmark's rows of devices: a disk, read and written past the guest's cache (O_DIRECT), and TCP
 * over a network, whichever it is.
 *
 * The disk's image is made by devices.py: each block of 4 KiB begins with a number of its own, which is looked for in
 * all that is read. What is written is what was there.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "work.h"

#define DISK	     "/dev/vda"
#define BLOCK	     4096u
#define MIB	     (1u << 20)
#define DEPTH_MAX    32
#define STAMP(block) (((uint64_t)(block) + 1) * 0x9e3779b97f4a7c15)

/* --- Disk --- */

struct disk {
	bool write, random;
	unsigned size;	/* of a request */
	unsigned depth; /* requests in flight */
	unsigned count; /* of requests, in all */
};

struct requests {
	const struct disk *disk;
	int fd;
	aio_context_t context;
	uint64_t places; /* on the disk, of the size of a request */
	uint64_t next, seed;
	uint64_t check;
	struct iocb iocbs[DEPTH_MAX];
	uint8_t *buffers[DEPTH_MAX];
};

static void stamp(uint8_t *buffer, unsigned size, uint64_t offset)
{
	for (unsigned at = 0; at < size; at += BLOCK) {
		uint64_t number = STAMP((offset + at) / BLOCK);

		memcpy(buffer + at, &number, sizeof(number));
	}
}

static void check_stamps(struct requests *requests, const uint8_t *buffer, uint64_t offset)
{
	for (unsigned at = 0; at < requests->disk->size; at += BLOCK) {
		uint64_t number;

		memcpy(&number, buffer + at, sizeof(number));
		errno = EILSEQ;
		if (number != STAMP((offset + at) / BLOCK))
			die("wrong data");
		requests->check += number;
	}
}

static void submit(struct requests *requests, unsigned slot)
{
	const struct disk *disk = requests->disk;
	struct iocb *iocb = &requests->iocbs[slot], *list[] = {iocb};
	uint64_t place = disk->random ? next_random(&requests->seed) : requests->next;

	requests->next++;
	*iocb = (struct iocb){
		.aio_data = slot,
		.aio_lio_opcode = disk->write ? IOCB_CMD_PWRITE : IOCB_CMD_PREAD,
		.aio_fildes = (uint32_t)requests->fd,
		.aio_buf = (uintptr_t)requests->buffers[slot],
		.aio_nbytes = disk->size,
		.aio_offset = (int64_t)(place % requests->places * disk->size),
	};
	if (disk->write)
		stamp(requests->buffers[slot], disk->size, (uint64_t)iocb->aio_offset);
	if (syscall(SYS_io_submit, requests->context, 1, list) != 1)
		die("io_submit");
}

static void take(struct requests *requests, const struct io_event *event)
{
	const struct iocb *iocb = &requests->iocbs[event->data];

	errno = EIO;
	if (event->res != requests->disk->size)
		die(DISK);
	if (!requests->disk->write)
		check_stamps(requests, requests->buffers[event->data], (uint64_t)iocb->aio_offset);
}

static void prepare(struct requests *requests, const struct disk *disk)
{
	off_t size;

	*requests = (struct requests){.disk = disk, .seed = 7};
	requests->fd = open(DISK, O_RDWR | O_DIRECT);
	size = requests->fd < 0 ? -1 : lseek(requests->fd, 0, SEEK_END);
	if (size <= 0)
		die(DISK);
	requests->places = (uint64_t)size / disk->size;
	if (syscall(SYS_io_setup, DEPTH_MAX, &requests->context))
		die("io_setup");
	for (unsigned i = 0; i < disk->depth; i++) {
		requests->buffers[i] = aligned_alloc(BLOCK, disk->size);
		if (!requests->buffers[i])
			die("memory");
		memset(requests->buffers[i], 0, disk->size);
	}
}

/*
 * What is written is on the disk at the end. It is written so often before that what the host's disk takes for it, which
 * is no machine's merit, is a small part.
 */
static void work_disk(struct work *work, const struct disk *disk)
{
	static struct requests requests;
	unsigned begun, done = 0;

	prepare(&requests, disk);
	begin(work);
	for (begun = 0; begun < disk->depth && begun < disk->count; begun++)
		submit(&requests, begun);
	while (done < disk->count) {
		struct io_event events[DEPTH_MAX];
		long got = syscall(SYS_io_getevents, requests.context, 1, DEPTH_MAX, events, NULL);

		if (got <= 0)
			die("io_getevents");
		for (long i = 0; i < got; i++, done++) {
			take(&requests, &events[i]);
			if (begun < disk->count) {
				submit(&requests, (unsigned)events[i].data);
				begun++;
			}
		}
	}
	if (disk->write && fdatasync(requests.fd))
		die("fdatasync");
	finish(work, requests.check);
}

#define DISK_ROW(name, full, ...)                                                    \
	void work_##name(struct work *work)                                          \
	{                                                                            \
		const struct disk disk = {.count = scaled(work, full), __VA_ARGS__}; \
                                                                                     \
		work_disk(work, &disk);                                              \
	}

DISK_ROW(read4k, 8000, .size = BLOCK, .depth = 1)
DISK_ROW(read1m, 512, .size = MIB, .depth = 1)
DISK_ROW(write4k, 8000, .size = BLOCK, .depth = 1, .write = true)
DISK_ROW(write1m, 1024, .size = MIB, .depth = 1, .write = true)
DISK_ROW(randread, 8000, .size = BLOCK, .depth = 1, .random = true)
DISK_ROW(randread32, 16000, .size = BLOCK, .depth = 32, .random = true)
DISK_ROW(randwrite, 8000, .size = BLOCK, .depth = 1, .random = true, .write = true)
DISK_ROW(randwrite32, 16000, .size = BLOCK, .depth = 32, .random = true, .write = true)

/* --- Network --- */

/* What the host's end (devices.py) is told first is how many bytes it is to send; or one of these. */
#define TAKE UINT64_C(0) /* it takes what comes until the end, and closes */
#define ECHO UINT64_MAX	 /* it sends back what comes */

static int connect_to_host(const struct work *work, uint64_t wanted)
{
	struct sockaddr_in host = {.sin_family = AF_INET, .sin_port = htons(work->port)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	errno = EINVAL;
	if (!work->host || inet_pton(AF_INET, work->host, &host.sin_addr) != 1)
		die("the host's address");
	if (fd < 0 || connect(fd, (struct sockaddr *)&host, sizeof(host)))
		die("connect");
	write_exactly(fd, &wanted, sizeof(wanted));
	return fd;
}

static uint8_t piece[1 << 16];

/* So many pieces take a good part of a second. */
#define USER_PIECES 512	 /* 32 MiB */
#define TAP_PIECES  2048 /* 128 MiB */

static void send_to_host(struct work *work, unsigned pieces)
{
	int fd = connect_to_host(work, TAKE);
	const unsigned count = scaled(work, pieces);
	uint64_t taken = 0;

	begin(work);
	for (unsigned i = 0; i < count; i++)
		write_exactly(fd, piece, sizeof(piece));
	if (shutdown(fd, SHUT_WR))
		die("shutdown");
	read_exactly(fd, &taken, sizeof(taken));
	finish(work, taken);
}

static void receive_from_host(struct work *work, unsigned pieces)
{
	const uint64_t size = (uint64_t)scaled(work, pieces) * sizeof(piece);
	uint64_t total = 0;
	ssize_t got;
	int fd;

	begin(work);
	fd = connect_to_host(work, size);
	while ((got = read(fd, piece, sizeof(piece))) > 0)
		total += (uint64_t)got;
	finish(work, total);
}

void work_tcpout(struct work *work)
{
	send_to_host(work, USER_PIECES);
}

void work_tcpin(struct work *work)
{
	receive_from_host(work, USER_PIECES);
}

void work_tapout(struct work *work)
{
	send_to_host(work, TAP_PIECES);
}

void work_tapin(struct work *work)
{
	receive_from_host(work, TAP_PIECES);
}

/* A byte there, a byte back, and only then the next. */
void work_tcprr(struct work *work)
{
	const unsigned count = scaled(work, 4000);
	int fd = connect_to_host(work, ECHO), yes = 1;
	uint64_t seed = 7, sum = 0;

	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes)))
		die("TCP_NODELAY");
	begin(work);
	for (unsigned i = 0; i < count; i++) {
		uint8_t byte = (uint8_t)next_random(&seed), answer;

		write_exactly(fd, &byte, 1);
		read_exactly(fd, &answer, 1);
		errno = EILSEQ;
		if (answer != byte)
			die("wrong data");
		sum = sum * 31 + answer;
	}
	finish(work, sum);
}
