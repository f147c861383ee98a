/*
 * Reads, writes and flushes by io_uring: a system call hands a request to the kernel, an eventfd that the
 * loop watches says that some are done. The ring belongs to the loop thread alone.
 *
 * The kernel may do a part of a transfer; the rest goes the worker's way, which knows how to go on.
 */
#include <errno.h>
#include <liburing.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/vm.h"
#include "devices/disk/file.h"

#define RING_ENTRIES 128

struct disk_ring {
	struct disk_file *file;
	struct io_uring ring;
	int event_fd;
	unsigned in_flight; /* never more than the completion queue has room for */
};

static bool is_to_be_continued(const struct disk_request *request, int result)
{
	if (result == -EINTR || result == -EAGAIN)
		return true;
	return request->operation != DISK_FLUSH && result >= 0 && request->progress < request->len;
}

static void complete(struct disk_ring *ring, struct disk_request *request, int result)
{
	if (result > 0)
		request->progress += (uint64_t)result;
	if (is_to_be_continued(request, result))
		disk_worker_submit(ring->file->worker, request);
	else
		request->done(request, result < 0 ? -result : 0);
}

/* `done` may submit again: each entry is given back to the kernel before it is called. */
static void ring_event(void *owner, uint32_t events)
{
	struct disk_ring *ring = owner;
	struct io_uring_cqe *cqe;
	uint64_t count;

	(void)events;
	if (read(ring->event_fd, &count, sizeof(count)) < 0)
		return; /* nothing since the last time */
	while (io_uring_peek_cqe(&ring->ring, &cqe) == 0) {
		struct disk_request *request = io_uring_cqe_get_data(cqe);
		int result = cqe->res;

		io_uring_cqe_seen(&ring->ring, cqe);
		ring->in_flight--;
		complete(ring, request, result);
	}
}

/* The kernel may be short of memory for a moment. */
static void hand_over(struct disk_ring *ring)
{
	int result;

	while ((result = io_uring_submit(&ring->ring)) == -EINTR || result == -EAGAIN)
		sched_yield();
}

bool disk_ring_submit(struct disk_ring *ring, struct disk_request *request)
{
	struct io_uring_sqe *sqe;

	if (ring->in_flight == RING_ENTRIES || !(sqe = io_uring_get_sqe(&ring->ring)))
		return false;
	switch (request->operation) {
	case DISK_READ:
		io_uring_prep_readv(sqe, ring->file->fd, request->iov, request->iov_count,
				    request->offset);
		break;
	case DISK_WRITE:
		io_uring_prep_writev2(sqe, ring->file->fd, request->iov, request->iov_count,
				      request->offset, request->durable ? RWF_DSYNC : 0);
		break;
	default: io_uring_prep_fsync(sqe, ring->file->fd, IORING_FSYNC_DATASYNC); break;
	}
	io_uring_sqe_set_data(sqe, request);
	ring->in_flight++;
	hand_over(ring);
	return true;
}

void disk_ring_destroy(struct disk_ring *ring)
{
	loop_unwatch(ring->file->disk.vm->loop, ring->event_fd);
	io_uring_queue_exit(&ring->ring);
	close(ring->event_fd);
	free(ring);
}

static bool has_operations(struct io_uring *uring)
{
	static const int needed[] = {IORING_OP_READV, IORING_OP_WRITEV, IORING_OP_FSYNC};
	struct io_uring_probe *probe = io_uring_get_probe_ring(uring);
	bool has = probe;

	for (unsigned i = 0; has && i < sizeof(needed) / sizeof(needed[0]); i++)
		has = io_uring_opcode_supported(probe, needed[i]);
	io_uring_free_probe(probe);
	return has;
}

static bool watch(struct disk_ring *ring)
{
	ring->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (ring->event_fd < 0)
		return false;
	if (io_uring_register_eventfd(&ring->ring, ring->event_fd) == 0 &&
	    loop_watch(ring->file->disk.vm->loop, ring->event_fd, EPOLLIN, ring_event, ring,
		       NULL) == 0)
		return true;
	close(ring->event_fd);
	return false;
}

struct disk_ring *disk_ring_create(struct disk_file *file)
{
	struct disk_ring *ring = calloc(1, sizeof(*ring));

	if (!ring)
		return NULL;
	ring->file = file;
	if (io_uring_queue_init(RING_ENTRIES, &ring->ring, 0) < 0) {
		free(ring);
		return NULL;
	}
	if (has_operations(&ring->ring) && watch(ring))
		return ring;
	io_uring_queue_exit(&ring->ring);
	free(ring);
	return NULL;
}
