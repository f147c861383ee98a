/*
 * Disks in files and on block devices. A request takes one of three ways: io_uring, where the host has
 * it, for what may wait for the device; a worker thread for the rest, which are writes to the page cache
 * above all: for these io_uring would wake a thread of its own, and then the loop's. With virtual time none of
 * both, but at once.
 *
 * The lock. An open-file-description lock over the whole file, for reading or for writing, keeps two
 * guests from writing to one disk. QEMU's locks are of this kind as well, so that it and god respect each other.
 *
 * Sparse files. Nothing is allocated beforehand; what the guest discards, or zeroes and allows to be
 * unmapped, becomes a hole.
 */
#include "devices/disk/file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/vm.h"
#include "devices/iov.h"

#define ZERO_CHUNK	   65536
#define PHYSICAL_BLOCK	   4096 /* of the file systems that files are in */
#define SECTOR_SIZE_LOWEST DISK_SECTOR

/* --- Doing it --- */

/* One call of the host's; it may do less than all. */
static ssize_t transfer(const struct disk_file *file, const struct disk_request *request,
			const struct iovec *iov, unsigned count)
{
	off_t offset = (off_t)(request->offset + request->progress);

	if (request->operation == DISK_READ)
		return preadv(file->fd, iov, (int)count, offset);
	return pwritev2(file->fd, iov, (int)count, offset, request->durable ? RWF_DSYNC : 0);
}

/* What is left of it, after `progress` bytes. */
static int transfer_rest(const struct disk_file *file, struct disk_request *request)
{
	struct iovec part[IOV_PIECES_MAX];

	while (request->progress < request->len) {
		unsigned count = iov_slice(request->iov, request->iov_count, request->progress,
					   request->len - request->progress, part);
		ssize_t n = transfer(file, request, part, count);

		if (n > 0)
			request->progress += (uint64_t)n;
		else if (n == 0)
			return EIO; /* somebody has made the file shorter */
		else if (errno != EINTR && errno != EAGAIN)
			return errno;
	}
	return 0;
}

static int punch(const struct disk_file *file, const struct disk_request *request)
{
	if (fallocate(file->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)request->offset,
		      (off_t)request->len) == 0)
		return 0;
	return errno;
}

static int write_zeroes(const struct disk_file *file, const struct disk_request *request)
{
	static const uint8_t zeroes[ZERO_CHUNK];

	for (uint64_t done = 0; done < request->len;) {
		uint64_t left = request->len - done;
		ssize_t n = pwrite(file->fd, zeroes, left < ZERO_CHUNK ? left : ZERO_CHUNK,
				   (off_t)(request->offset + done));

		if (n > 0)
			done += (uint64_t)n;
		else if (n == 0)
			return EIO;
		else if (errno != EINTR && errno != EAGAIN)
			return errno;
	}
	return 0;
}

/* The cheapest way that the file's file system knows. */
static int zero(const struct disk_file *file, const struct disk_request *request)
{
	if (request->unmap && punch(file, request) == 0)
		return 0;
	if (fallocate(file->fd, FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE, (off_t)request->offset,
		      (off_t)request->len) == 0)
		return 0;
	if (errno != EOPNOTSUPP)
		return errno;
	return write_zeroes(file, request);
}

/* 5.2.6.1: a hint. Where the host cannot do it, nothing happens. */
static int discard(const struct disk_file *file, const struct disk_request *request)
{
	int error = punch(file, request);

	return error == EOPNOTSUPP ? 0 : error;
}

int disk_file_perform(const struct disk_file *file, struct disk_request *request)
{
	switch (request->operation) {
	case DISK_READ:
	case DISK_WRITE: return transfer_rest(file, request);
	case DISK_FLUSH: return fdatasync(file->fd) ? errno : 0;
	case DISK_DISCARD: return discard(file, request);
	case DISK_ZERO: return zero(file, request);
	}
	return EINVAL;
}

/* For the device, so that several at a time are worth while. */
static bool may_wait(const struct disk_request *request)
{
	return request->operation == DISK_READ || request->operation == DISK_FLUSH ||
	       (request->operation == DISK_WRITE && request->durable);
}

static void file_submit(struct disk *disk, struct disk_request *request)
{
	struct disk_file *file = (struct disk_file *)disk;

	request->progress = 0;
	if (!file->worker) {
		request->done(request, disk_file_perform(file, request));
		return;
	}
	if (may_wait(request) && file->ring && disk_ring_submit(file->ring, request))
		return;
	disk_worker_submit(file->worker, request);
}

/* --- Opening and closing --- */

static void file_destroy(struct disk *disk)
{
	struct disk_file *file = (struct disk_file *)disk;

	if (file->ring)
		disk_ring_destroy(file->ring);
	if (file->worker)
		disk_worker_destroy(file->worker);
	if (file->fd >= 0)
		close(file->fd);
	free(file);
}

static const struct disk_ops file_ops = {.submit = file_submit, .destroy = file_destroy};

static int lock(const struct disk_file *file, struct error *err)
{
	struct flock lock = {
		.l_type = file->disk.read_only ? F_RDLCK : F_WRLCK,
		.l_whence = SEEK_SET,
	};

	if (fcntl(file->fd, F_OFD_SETLK, &lock) == 0)
		return 0;
	if (errno == EAGAIN || errno == EACCES)
		return error_set(err, ERROR_UNAVAILABLE, "%s is in use by somebody else%s",
				 file->disk.name,
				 file->disk.read_only ? "" : " (,ro shares it with other readers)");
	/* A file system without locks is used without. */
	return 0;
}

/* A power of two that can be a block's size. */
static uint32_t block_size(uint32_t size)
{
	return size >= SECTOR_SIZE_LOWEST && !(size & (size - 1)) ? size : SECTOR_SIZE_LOWEST;
}

/* What the device says of itself; a value that it does not tell stays as it is. */
static int learn_block_device(struct disk_file *file, struct error *err)
{
	struct disk *disk = &file->disk;
	unsigned physical = 0, optimal = 0;
	int logical = 0;

	if (ioctl(file->fd, BLKGETSIZE64, &disk->size))
		return error_set_errno(err, errno, "%s: cannot tell its size", disk->name);
	if (ioctl(file->fd, BLKSSZGET, &logical) == 0)
		disk->logical_block = block_size((uint32_t)logical);
	disk->physical_block = disk->logical_block;
	if (ioctl(file->fd, BLKPBSZGET, &physical) == 0 && physical > disk->logical_block)
		disk->physical_block = block_size(physical);
	if (ioctl(file->fd, BLKIOOPT, &optimal) == 0)
		disk->optimal_io = optimal;
	return 0;
}

static int learn(struct disk_file *file, struct error *err)
{
	struct disk *disk = &file->disk;
	struct stat status;

	if (fstat(file->fd, &status))
		return error_set_errno(err, errno, "%s", disk->name);
	disk->logical_block = DISK_SECTOR;
	disk->physical_block = PHYSICAL_BLOCK;
	disk->can_discard = !disk->read_only;
	if (S_ISBLK(status.st_mode)) {
		if (learn_block_device(file, err))
			return -1;
	} else if (S_ISREG(status.st_mode)) {
		disk->size = (uint64_t)status.st_size;
	} else {
		return error_set(err, ERROR_BAD_DATA, "%s: neither a file nor a block device",
				 disk->name);
	}
	if (disk->size % disk->logical_block || !disk->size)
		return error_set(err, ERROR_BAD_DATA,
				 "%s: its size is not a number of %u-byte sectors", disk->name,
				 disk->logical_block);
	return 0;
}

static int open_file(struct disk_file *file, const struct disk_config *config, struct error *err)
{
	/* Not to wait for the other end of a FIFO. */
	file->fd = open(config->path,
			(config->read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC | O_NONBLOCK);
	if (file->fd >= 0)
		return 0;
	if (errno == EISDIR)
		return error_set(err, ERROR_BAD_DATA, "%s: neither a file nor a block device",
				 config->path);
	return error_set_errno(err, errno, "%s", config->path);
}

int disk_file_open(struct disk **result, struct vm *vm, const struct disk_config *config,
		   struct error *err)
{
	struct disk_file *file = calloc(1, sizeof(*file));

	if (!file)
		return error_set(err, ERROR_NO_MEMORY, "no memory for a disk");
	file->disk.ops = &file_ops;
	file->disk.vm = vm;
	file->disk.read_only = config->read_only;
	snprintf(file->disk.name, sizeof(file->disk.name), "%s", config->path);
	file->fd = -1;
	if (open_file(file, config, err) || learn(file, err) || lock(file, err))
		goto fail;
	if (vm->clock.mode == CLOCK_HOST) {
		if (disk_worker_create(&file->worker, file, err))
			goto fail;
		file->ring = disk_ring_create(file);
	}
	*result = &file->disk;
	return 0;

fail:
	file_destroy(&file->disk);
	return -1;
}
