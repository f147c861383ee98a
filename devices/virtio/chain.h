/*
 * A descriptor chain (virtio 1.2, 2.6): one buffer that the driver gave the device, in pieces, first
 * those that the device reads, then those that it writes.
 */
#ifndef GOD_DEVICES_VIRTIO_CHAIN_H
#define GOD_DEVICES_VIRTIO_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "core/memory.h"
#include "devices/iov.h"

/* The largest queue (QueueNumMax), and the most descriptors that any chain has. */
#define VIRTQUEUE_SIZE_MAX IOV_PIECES_MAX

/* Flags of a descriptor; the last two are those of packed queues. */
#define VIRTQ_DESC_F_NEXT     (1u << 0)
#define VIRTQ_DESC_F_WRITE    (1u << 1)
#define VIRTQ_DESC_F_INDIRECT (1u << 2)
#define VIRTQ_DESC_F_AVAIL    (1u << 7)
#define VIRTQ_DESC_F_USED     (1u << 15)

#define VIRTQ_DESC_SIZE 16

/*
 * The pieces as this process sees them. They came through memory_at(), so they are RAM whatever the
 * driver does meanwhile; what is in them can change at any time. Empty pieces are left out.
 */
struct virtio_chain {
	uint16_t id;	      /* the driver's name for it: head, or buffer ID */
	uint16_t descriptors; /* how many of the ring's it takes */
	unsigned out_count;   /* pieces that the device reads: iov[0] and on */
	unsigned in_count;    /* pieces that it writes: behind those */
	uint64_t out_len, in_len;
	struct iovec iov[VIRTQUEUE_SIZE_MAX];
};

/* A table of descriptors in guest memory: a queue's own, or an indirect one. */
struct descriptor_table {
	uint64_t addr;
	uint32_t entries;
	bool packed;
	bool indirect;	     /* it is an indirect one: it may not refer to another */
	bool allow_indirect; /* VIRTIO_F_INDIRECT_DESC was negotiated */
};

/*
 * The one walker. Follow the chain that begins at entry `first` of the table, which is RAM, and fill
 * in all of *chain but `id` of a split queue. False when the driver broke the rules: a loop, more
 * descriptors than there can be, an index outside of its table, memory that is not RAM, a
 * readable piece behind a writable one, 4 GiB or more, an indirect table where there may be none
 * or of an impossible size.
 */
bool chain_walk(struct virtio_chain *chain, const struct memory *memory,
		const struct descriptor_table *table, uint32_t first);

/* The pieces that the device writes. */
static inline struct iovec *chain_in(struct virtio_chain *chain)
{
	return chain->iov + chain->out_count;
}

/*
 * Copy from the readable pieces, or to the writable ones, beginning `offset` bytes into them. Returns
 * how many bytes there were, at most `len`.
 */
size_t chain_read(const struct virtio_chain *chain, uint64_t offset, void *buffer, size_t len);
size_t chain_write(const struct virtio_chain *chain, uint64_t offset, const void *buffer,
		   size_t len);

#endif
