/*
 * For tests of the transport and the queues: a virtio device that copies what it reads to what it
 * writes, at once or when it is told to.
 */
#ifndef GOD_DEVICES_VIRTIO_TESTS_COPIER_H
#define GOD_DEVICES_VIRTIO_TESTS_COPIER_H

#include <stdatomic.h>

#include "devices/virtio/tests/driver.h"

#define COPIER_FEATURE	  (1ULL << 5)
#define COPIER_QUEUE_SIZE 64
#define COPIER_QUEUES	  3 /* the last is served at once */

struct copier {
	struct virtio virtio;
	struct virtio_state state;
	atomic_bool hold; /* keep what is taken, until copier_release() */
	atomic_uint held;
	atomic_uint stops;
	atomic_uint served;   /* calls of notify */
	pthread_mutex_t lock; /* guards all below */
	struct virtio_chain chains[COPIER_QUEUE_SIZE];
	unsigned queues[COPIER_QUEUE_SIZE];
};

/* The driver's machine gets the device; vm_destroy frees it. */
struct copier *copier_create(struct driver *driver);

/* Give back what is held. */
void copier_release(struct copier *copier);

#endif
