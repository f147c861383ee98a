/*
 * What is at the other end of a network device's cable: a user-mode network stack, or an interface of the
 * host's.
 *
 * Threads. All of it, both ways, on the thread that may call into devices: the I/O loop's, or with
 * virtual time the scheduling thread. Frames from outside are an input to the run at the time at which they come.
 */
#ifndef GOD_DEVICES_NET_LINK_H
#define GOD_DEVICES_NET_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "core/error.h"

struct deferred;
struct net_link;
struct vm;

/* Before each frame stands this (virtio 1.2, 5.1.6); all zero when there is nothing to say. */
struct net_header {
	uint8_t flags, gso_type;
	uint16_t hdr_len, gso_size, csum_start, csum_offset;
	uint16_t num_buffers;
};

#define NET_FRAME_MAX (65536 + 64) /* header included */

/* Who has the other end. */
struct net_peer {
	/* A frame of `len` bytes, its header included, comes out of the link. */
	void (*receive)(void *owner, const uint8_t *frame, size_t len);
	void *owner;
};

/* What the peer can take in a frame that it receives, besides whole ones with checksums. */
struct net_offload {
	bool checksum, tso4, tso6;
};

struct net_link_ops {
	/* A frame goes into the link, its header first. What cannot be sent is lost. */
	void (*send)(struct net_link *link, const struct iovec *iov, unsigned count, size_t len);
	/* Stop receiving, or go on: the peer has no room, or has again. */
	void (*pause)(struct net_link *link, bool pause);
	/* NULL: it only ever gives whole frames with checksums. */
	void (*set_offload)(struct net_link *link, const struct net_offload *offload);
	/*
	 * The host puts frames into this link of an interface, or into its others alone. Of links that
	 * are not an interface's first and begin without; NULL for those that are.
	 */
	void (*enable)(struct net_link *link, bool enable);
	/* Not on the loop thread. */
	void (*destroy)(struct net_link *link);
};

/* The first member of each kind's own struct. */
struct net_link {
	const struct net_link_ops *ops;
	struct vm *vm;
	struct net_peer peer; /* set by net_link_connect() */
	bool can_offload;     /* it takes partial checksums and TCP segments of up to 64 KiB */
};

/* From now on, frames come. Before the VM runs. */
void net_link_connect(struct net_link *link, const struct net_peer *peer);
void net_link_destroy(struct net_link *link);

/*
 * For the links' own files, on the loop thread: `fd` of a link is ready. Its turn runs at once where this
 * thread may call into devices; elsewhere it is deferred, and nothing more comes of `fd` until it has asked for it.
 */
void net_link_turn(struct net_link *link, int fd, struct deferred *turn);

/* One host port that leads to one of the guest's. */
struct net_forward {
	bool udp;
	uint32_t host_address, guest_address; /* in host order; 0: any, and the guest's own */
	uint16_t host_port, guest_port;
};

#define NET_FORWARDS_MAX 16

/*
 * A network of its own in this process, without privileges: the guest is 10.0.2.15 by DHCP, the host
 * 10.0.2.2, a name server 10.0.2.3; connections to anywhere are the process's own. ERROR_UNAVAILABLE
 * when this build has no libslirp, or a port cannot be had.
 */
int net_user_open(struct net_link **link, struct vm *vm, const struct net_forward *forwards,
		  unsigned count, struct error *err);

/*
 * `count` links of the interface of that name, which exists and is ours to use, or which we may create. If they are
 * more than one it has several queues (IFF_MULTI_QUEUE). On failure there are none.
 */
int net_tap_open(struct net_link **links, unsigned count, struct vm *vm, const char *name,
		 struct error *err);

#endif
