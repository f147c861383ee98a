/*
 * Disks on a server of network block devices, by libnbd: qemu-nbd or nbdkit behind a Unix socket serve any
 * image format.
 *
 * libnbd's state machine is driven by the I/O loop: it says whether it waits to read or to write, and
 * is told when it can. A request goes out as several commands, one for each of its pieces (a piece is
 * contiguous, and a server limits the size of a command). When the last of them has come back the
 * request is finished; `done` is called afterwards, outside of libnbd, which is locked in its callbacks.
 */
#include "devices/disk/disk.h"

#ifdef HAVE_LIBNBD

#include <errno.h>
#include <libnbd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>

#include "core/vm.h"

#define COMMAND_MAX (1u << 20)
#define BLOCK_MAX   4096 /* the largest smallest block of a server's that a guest can be given */

struct disk_nbd {
	struct disk disk;
	struct nbd_handle *nbd;
	int fd; /* that the loop watches; -1: none */
	bool can_flush, can_zero;
	struct disk_request *finished; /* `done` is to be called */
};

/* --- What has come back --- */

static void finish_part(struct disk_nbd *nbd, struct disk_request *request, int error)
{
	if (error)
		request->failure = error;
	if (--request->parts)
		return;
	request->next = nbd->finished;
	nbd->finished = request;
}

static void tell_finished(struct disk_nbd *nbd)
{
	while (nbd->finished) {
		struct disk_request *request = nbd->finished;

		nbd->finished = request->next;
		request->done(request, request->failure);
	}
}

struct part {
	struct disk_nbd *nbd;
	struct disk_request *request;
};

static int part_done(void *user_data, int *error)
{
	const struct part *part = user_data;

	finish_part(part->nbd, part->request, *error);
	return 1; /* libnbd forgets the command */
}

/* --- Commands --- */

/* What came of handing a command to libnbd. */
static void issued(struct disk_nbd *nbd, struct disk_request *request, int64_t cookie)
{
	int error = nbd_get_errno();

	if (cookie < 0)
		finish_part(nbd, request, error ? error : EIO);
}

/* One command. `buffer` is NULL for those that move no data. */
static void issue(struct disk_nbd *nbd, struct disk_request *request, void *buffer, uint64_t len,
		  uint64_t offset)
{
	struct part *part = malloc(sizeof(*part));
	const nbd_completion_callback callback = {
		.callback = part_done, .user_data = part, .free = free};
	uint32_t durable = request->durable ? LIBNBD_CMD_FLAG_FUA : 0;
	uint32_t hole = request->unmap ? 0 : LIBNBD_CMD_FLAG_NO_HOLE;
	int64_t cookie = -1;

	request->parts++;
	if (!part) {
		finish_part(nbd, request, ENOMEM);
		return;
	}
	*part = (struct part){nbd, request};
	switch (request->operation) {
	case DISK_READ: cookie = nbd_aio_pread(nbd->nbd, buffer, len, offset, callback, 0); break;
	case DISK_WRITE:
		cookie = nbd_aio_pwrite(nbd->nbd, buffer, len, offset, callback, durable);
		break;
	case DISK_FLUSH: cookie = nbd_aio_flush(nbd->nbd, callback, 0); break;
	case DISK_DISCARD: cookie = nbd_aio_trim(nbd->nbd, len, offset, callback, 0); break;
	case DISK_ZERO: cookie = nbd_aio_zero(nbd->nbd, len, offset, callback, hole); break;
	}
	issued(nbd, request, cookie);
}

static void issue_pieces(struct disk_nbd *nbd, struct disk_request *request)
{
	uint64_t offset = request->offset;

	for (unsigned i = 0; i < request->iov_count; i++) {
		uint8_t *bytes = request->iov[i].iov_base;
		uint64_t left = request->iov[i].iov_len;

		while (left) {
			uint64_t len = left < COMMAND_MAX ? left : COMMAND_MAX;

			issue(nbd, request, bytes, len, offset);
			bytes += len;
			offset += len;
			left -= len;
		}
	}
}

/* Zeroes by hand, for a server that has no command for it. */
static void issue_zeroes(struct disk_nbd *nbd, struct disk_request *request)
{
	static const uint8_t zeroes[COMMAND_MAX];
	const enum disk_operation operation = request->operation;
	uint64_t done = 0;

	request->operation = DISK_WRITE;
	while (done < request->len) {
		uint64_t left = request->len - done;
		uint64_t len = left < COMMAND_MAX ? left : COMMAND_MAX;

		/* libnbd only reads from it. */
		issue(nbd, request, (void *)(uintptr_t)zeroes, len, request->offset + done);
		done += len;
	}
	request->operation = operation;
}

static void issue_all(struct disk_nbd *nbd, struct disk_request *request)
{
	switch (request->operation) {
	case DISK_READ:
	case DISK_WRITE: issue_pieces(nbd, request); break;
	case DISK_FLUSH:
		if (nbd->can_flush)
			issue(nbd, request, NULL, 0, 0);
		break;
	case DISK_DISCARD:
		if (nbd->disk.can_discard)
			issue(nbd, request, NULL, request->len, request->offset);
		break;
	case DISK_ZERO:
		if (nbd->can_zero)
			issue(nbd, request, NULL, request->len, request->offset);
		else
			issue_zeroes(nbd, request);
		break;
	}
}

/* --- The loop --- */

/* What libnbd waits for now. When the connection has gone, so has the watch. */
static void watch_direction(struct disk_nbd *nbd)
{
	unsigned direction = nbd_aio_get_direction(nbd->nbd);
	uint32_t events = (direction & LIBNBD_AIO_DIRECTION_READ ? EPOLLIN : 0) |
			  (direction & LIBNBD_AIO_DIRECTION_WRITE ? EPOLLOUT : 0);

	if (nbd->fd < 0)
		return;
	if (nbd_aio_is_dead(nbd->nbd) || nbd_aio_is_closed(nbd->nbd)) {
		loop_unwatch(nbd->disk.vm->loop, nbd->fd);
		nbd->fd = -1;
		return;
	}
	loop_rewatch(nbd->disk.vm->loop, nbd->fd, events);
}

/* After one of them the other may not be waited for any more. */
static void nbd_event(void *owner, uint32_t events)
{
	struct disk_nbd *nbd = owner;
	unsigned direction = nbd_aio_get_direction(nbd->nbd);

	if (events & (EPOLLIN | EPOLLHUP | EPOLLERR) && direction & LIBNBD_AIO_DIRECTION_READ)
		nbd_aio_notify_read(nbd->nbd);
	else if (direction & LIBNBD_AIO_DIRECTION_WRITE)
		nbd_aio_notify_write(nbd->nbd);
	watch_direction(nbd);
	tell_finished(nbd);
}

/* Virtual time: until this request is done, and nothing else meanwhile. */
static void wait_until_finished(struct disk_nbd *nbd)
{
	while (!nbd->finished && nbd_poll(nbd->nbd, -1) >= 0)
		;
}

static void nbd_submit(struct disk *disk, struct disk_request *request)
{
	struct disk_nbd *nbd = (struct disk_nbd *)disk;

	request->failure = 0;
	request->parts = 1; /* until all are on their way */
	issue_all(nbd, request);
	finish_part(nbd, request, 0);
	if (nbd->fd < 0 && nbd->disk.vm->clock.mode == CLOCK_VIRTUAL)
		wait_until_finished(nbd);
	else
		watch_direction(nbd);
	tell_finished(nbd);
}

/* --- Opening and closing --- */

static void nbd_destroy(struct disk *disk)
{
	struct disk_nbd *nbd = (struct disk_nbd *)disk;

	if (nbd->fd >= 0)
		loop_unwatch(nbd->disk.vm->loop, nbd->fd);
	if (nbd->nbd && nbd_aio_is_ready(nbd->nbd))
		nbd_shutdown(nbd->nbd, 0);
	nbd_close(nbd->nbd);
	free(nbd);
}

static const struct disk_ops nbd_ops = {.submit = nbd_submit, .destroy = nbd_destroy};

static int nbd_failed(const struct disk_nbd *nbd, struct error *err)
{
	const char *why = nbd_get_error();

	return error_set(err, ERROR_UNAVAILABLE, "%s: %s", nbd->disk.name,
			 why ? why : "cannot be reached");
}

static uint32_t block_of(int64_t size)
{
	return size >= DISK_SECTOR && size <= BLOCK_MAX && !(size & (size - 1)) ? (uint32_t)size
										: DISK_SECTOR;
}

static int learn(struct disk_nbd *nbd, struct error *err)
{
	struct disk *disk = &nbd->disk;
	int64_t size = nbd_get_size(nbd->nbd);

	if (size < 0)
		return nbd_failed(nbd, err);
	if (!disk->read_only && nbd_is_read_only(nbd->nbd) == 1)
		return error_set(err, ERROR_PERMISSION, "%s is read-only (,ro)", disk->name);
	disk->size = (uint64_t)size;
	disk->can_discard = !disk->read_only && nbd_can_trim(nbd->nbd) == 1;
	nbd->can_flush = nbd_can_flush(nbd->nbd) == 1;
	nbd->can_zero = nbd_can_zero(nbd->nbd) == 1;
	disk->logical_block = block_of(nbd_get_block_size(nbd->nbd, LIBNBD_SIZE_MINIMUM));
	disk->physical_block = block_of(nbd_get_block_size(nbd->nbd, LIBNBD_SIZE_PREFERRED));
	if (disk->physical_block < disk->logical_block)
		disk->physical_block = disk->logical_block;
	if (!size || disk->size % disk->logical_block)
		return error_set(err, ERROR_BAD_DATA,
				 "%s: its size is not a number of %u-byte sectors", disk->name,
				 disk->logical_block);
	return 0;
}

static int open_nbd(struct disk_nbd *nbd, const char *uri, struct error *err)
{
	int fd;

	if (!nbd->nbd || nbd_connect_uri(nbd->nbd, uri) < 0)
		return nbd_failed(nbd, err);
	if (learn(nbd, err))
		return -1;
	if (nbd->disk.vm->clock.mode == CLOCK_VIRTUAL)
		return 0;
	fd = nbd_aio_get_fd(nbd->nbd);
	if (loop_watch(nbd->disk.vm->loop, fd, EPOLLIN, nbd_event, nbd, err))
		return -1;
	nbd->fd = fd;
	return 0;
}

int disk_nbd_open(struct disk **result, struct vm *vm, const struct disk_config *config,
		  struct error *err)
{
	struct disk_nbd *nbd = calloc(1, sizeof(*nbd));

	if (!nbd)
		return error_set(err, ERROR_NO_MEMORY, "no memory for a disk");
	nbd->disk.ops = &nbd_ops;
	nbd->disk.vm = vm;
	nbd->disk.read_only = config->read_only;
	snprintf(nbd->disk.name, sizeof(nbd->disk.name), "%s", config->path);
	nbd->fd = -1;
	nbd->nbd = nbd_create();
	if (open_nbd(nbd, config->path, err)) {
		nbd_destroy(&nbd->disk);
		return -1;
	}
	*result = &nbd->disk;
	return 0;
}

#else

int disk_nbd_open(struct disk **disk, struct vm *vm, const struct disk_config *config,
		  struct error *err)
{
	(void)disk;
	(void)vm;
	return error_set(err, ERROR_UNAVAILABLE, "%s: this god was built without libnbd",
			 config->path);
}

#endif
