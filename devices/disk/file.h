/*
 * What disks in files have, whichever way their requests take: see file.c.
 */
#ifndef GOD_DEVICES_DISK_FILE_H
#define GOD_DEVICES_DISK_FILE_H

#include "devices/disk/disk.h"

struct disk_ring;
struct disk_worker;

struct disk_file {
	struct disk disk;
	int fd;
	struct disk_ring *ring;	    /* io_uring; NULL: not on this host, or virtual time */
	struct disk_worker *worker; /* a thread; NULL: virtual time */
};

/* Do it, here and now. An errno value, or 0. Any thread. */
int disk_file_perform(const struct disk_file *file, struct disk_request *request);

/* --- ring.c: reads, writes and flushes by io_uring --- */

/* NULL: this host has none. */
struct disk_ring *disk_ring_create(struct disk_file *file);
void disk_ring_destroy(struct disk_ring *ring);
/* False: it has no room for it now. On the thread of disk_submit(). */
bool disk_ring_submit(struct disk_ring *ring, struct disk_request *request);

/* --- worker.c: a thread that performs requests in turn --- */

int disk_worker_create(struct disk_worker **worker, struct disk_file *file, struct error *err);
void disk_worker_destroy(struct disk_worker *worker);
void disk_worker_submit(struct disk_worker *worker, struct disk_request *request);

#endif
