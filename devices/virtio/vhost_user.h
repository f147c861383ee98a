/*
 * A virtio device whose queues another process serves: the front end of the vhost-user protocol (QEMU,
 * docs/interop/vhost-user.rst). The other process maps the guest's memory and the two sides signal
 * each other by eventfds; what it is told here is where the queues are.
 *
 * The other process may be in the hands of the guest that it serves. It can do to the guest's memory what it likes;
 * to us it can say something else than it should, or nothing: that is an error, after VHOST_USER_PATIENCE_MS
 * at most. After an error nothing but vhost_user_end() makes sense.
 */
#ifndef GOD_DEVICES_VIRTIO_VHOST_USER_H
#define GOD_DEVICES_VIRTIO_VHOST_USER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"

struct memory;
struct vhost_ring;

#define VHOST_USER_PATIENCE_MS 10000

struct vhost_user {
	int fd;		      /* the connected socket; -1: none */
	unsigned patience_ms; /* for a reply; set by vhost_user_begin() when it is 0 */
	uint64_t features;
	bool has_protocol_features; /* then rings have to be enabled */
};

/* Introduce ourselves on the connected stream socket, which is ours from here on. *vhost is zeroed before. */
int vhost_user_begin(struct vhost_user *vhost, int fd, struct error *err);
void vhost_user_end(struct vhost_user *vhost);

/* What the driver has negotiated, and where the guest's memory is. Before the queues are started. */
int vhost_user_set_up(struct vhost_user *vhost, uint64_t features, const struct memory *memory,
		      struct error *err);

/* From now on the other side serves this queue. The ring's descriptors stay ours. */
int vhost_user_start_queue(struct vhost_user *vhost, unsigned index, const struct vhost_ring *ring,
			   struct error *err);

/* It does no more, and nothing that it took is in flight, when this returns. */
int vhost_user_stop_queue(struct vhost_user *vhost, unsigned index, struct error *err);

#endif
