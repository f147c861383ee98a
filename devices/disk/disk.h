/*
 * What is behind a virtual disk: a file, a block device, or a server of network block devices. A
 * disk device (devices/virtio/blk.c) hands in requests and hears when each is done.
 *
 * Threads. Requests are submitted on the thread that may call into devices: the I/O loop's, or with virtual
 * time the scheduling thread. They are done on any thread. In virtual time a request is done before
 * disk_submit() returns, whatever is behind the disk, so that the run is a function of its inputs
 * (and the disk's content one of them).
 */
#ifndef GOD_DEVICES_DISK_DISK_H
#define GOD_DEVICES_DISK_DISK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/uio.h>

#include "core/error.h"

struct disk;
struct vm;

#define DISK_SECTOR 512u

enum disk_operation {
	DISK_READ,
	DISK_WRITE,
	DISK_FLUSH,   /* what was done before is on stable storage */
	DISK_DISCARD, /* the range's content is of no interest any more */
	DISK_ZERO,    /* the range reads as zeroes */
};

/* Whole sectors within the disk; the caller has checked that. */
struct disk_request {
	enum disk_operation operation;
	uint64_t offset, len;	 /* bytes; not for FLUSH */
	const struct iovec *iov; /* READ, WRITE: len bytes, unchanged until done */
	unsigned iov_count;
	bool durable; /* WRITE: done when it is on stable storage */
	bool unmap;   /* ZERO: the range may be given back to the host */

	/*
	 * Called once, on any thread, no lock held; the request is the caller's again. `error` is
	 * an errno value, or 0.
	 */
	void (*done)(struct disk_request *request, int error);

	/* The back end's own, until done. */
	uint64_t progress;
	unsigned parts;
	int failure;
	struct disk_request *next;
};

struct disk_ops {
	void (*submit)(struct disk *disk, struct disk_request *request);
	/* No request is in flight. */
	void (*destroy)(struct disk *disk);
};

/* The first member of each kind's own struct. */
struct disk {
	const struct disk_ops *ops;
	struct vm *vm;
	uint64_t size; /* bytes, whole sectors */
	bool read_only;
	bool can_discard;
	uint32_t logical_block, physical_block; /* bytes, powers of 2, at least a sector */
	uint32_t optimal_io;			/* bytes; 0: it does not say */
	char name[256];				/* for messages */
};

/* How a disk is opened. */
struct disk_config {
	const char *path; /* a file, a block device, or a URI: nbd:..., nbd+unix:... */
	bool read_only;
};

/*
 * Open what is behind a disk. A file is locked against use by others: ERROR_UNAVAILABLE when it is in use.
 * ERROR_UNAVAILABLE also for a URI when this build has no libnbd. ERROR_BAD_DATA: its size is no
 * whole number of sectors. The VM must outlive it.
 */
int disk_open(struct disk **disk, struct vm *vm, const struct disk_config *config,
	      struct error *err);

/* No request is in flight, but a thread may still be on its way back from `done`: until this returns. */
void disk_close(struct disk *disk);

static inline void disk_submit(struct disk *disk, struct disk_request *request)
{
	disk->ops->submit(disk, request);
}

/* "write of 4096 bytes at 0x10000": for messages. */
void disk_describe(const struct disk_request *request, char *text, unsigned size);

/* --- The kinds --- */

int disk_file_open(struct disk **disk, struct vm *vm, const struct disk_config *config,
		   struct error *err);
int disk_nbd_open(struct disk **disk, struct vm *vm, const struct disk_config *config,
		  struct error *err);

#endif
