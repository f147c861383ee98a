/*
 * Walking descriptor chains. The table is the guest's and may change while it is read: a descriptor
 * is copied once, then looked at. Whatever it says, the walk ends after VIRTQUEUE_SIZE_MAX descriptors at
 * the latest.
 *
 * The two formats (2.7.5, 2.8.6) differ in the last four bytes, and in what follows a descriptor: in
 * a split table the one that it names; in a packed ring its neighbour, if it says that there is
 * more; in a packed indirect table always its neighbour, to the end (2.8.7).
 */
#include "devices/virtio/chain.h"

struct descriptor {
	uint64_t addr;
	uint32_t len;
	uint16_t flags;
	uint16_t next; /* split */
	uint16_t id;   /* packed */
};

struct walk {
	struct virtio_chain *chain;
	const struct memory *memory;
	unsigned count; /* of descriptors so far, in all tables */
};

/* An indirect table need not be aligned, a ring is. */
static void read_words(uint64_t words[2], const void *from)
{
	if ((uintptr_t)from % sizeof(uint64_t)) {
		memory_copy(words, from, VIRTQ_DESC_SIZE);
		return;
	}
	words[0] = __atomic_load_n((const uint64_t *)from, __ATOMIC_RELAXED);
	words[1] = __atomic_load_n((const uint64_t *)from + 1, __ATOMIC_RELAXED);
}

static bool read_descriptor(const struct memory *memory, const struct descriptor_table *table,
			    uint32_t at, struct descriptor *descriptor)
{
	const void *from =
		memory_at(memory, table->addr + (uint64_t)at * VIRTQ_DESC_SIZE, VIRTQ_DESC_SIZE);
	uint64_t words[2];
	uint16_t third, fourth;

	if (!from)
		return false;
	read_words(words, from);
	third = (uint16_t)(words[1] >> 32);
	fourth = (uint16_t)(words[1] >> 48);
	*descriptor = (struct descriptor){
		.addr = words[0],
		.len = (uint32_t)words[1],
		.flags = table->packed ? fourth : third,
		.next = fourth,
		.id = third,
	};
	return true;
}

static bool add_piece(struct walk *walk, const struct descriptor *d)
{
	struct virtio_chain *chain = walk->chain;
	void *bytes = memory_at(walk->memory, d->addr, d->len);
	bool writable = d->flags & VIRTQ_DESC_F_WRITE;

	if (!bytes || chain->out_len + chain->in_len + d->len > UINT32_MAX)
		return false;
	if (!writable && chain->in_len)
		return false;
	if (!d->len)
		return true;
	chain->iov[chain->out_count + chain->in_count] = (struct iovec){bytes, d->len};
	if (writable) {
		chain->in_count++;
		chain->in_len += d->len;
	} else {
		chain->out_count++;
		chain->out_len += d->len;
	}
	return true;
}

static bool walk_table(struct walk *walk, const struct descriptor_table *table, uint32_t first,
		       struct descriptor *last);

/* 2.7.5.3, 2.8.7: the descriptor stands for a table of others, and is the last of its own. */
static bool add_indirect(struct walk *walk, const struct descriptor_table *table,
			 const struct descriptor *d)
{
	const struct descriptor_table indirect = {
		.addr = d->addr,
		.entries = d->len / VIRTQ_DESC_SIZE,
		.packed = table->packed,
		.indirect = true,
	};
	struct descriptor last;

	if (!table->allow_indirect || d->flags & VIRTQ_DESC_F_NEXT)
		return false;
	if (!d->len || d->len % VIRTQ_DESC_SIZE || !memory_at(walk->memory, d->addr, d->len))
		return false;
	return walk_table(walk, &indirect, 0, &last);
}

/* The entry behind `at`. False: the chain ends here. */
static bool find_next(const struct descriptor_table *table, const struct descriptor *d,
		      uint32_t *at)
{
	if (table->packed && table->indirect)
		return ++*at < table->entries;
	if (!(d->flags & VIRTQ_DESC_F_NEXT))
		return false;
	*at = table->packed ? (*at + 1) % table->entries : d->next;
	return true;
}

static bool walk_table(struct walk *walk, const struct descriptor_table *table, uint32_t first,
		       struct descriptor *last)
{
	unsigned limit = table->entries < VIRTQUEUE_SIZE_MAX ? table->entries : VIRTQUEUE_SIZE_MAX;
	unsigned count = 0;
	uint32_t at = first;
	bool ok;

	do {
		if (at >= table->entries || count == limit || walk->count == VIRTQUEUE_SIZE_MAX ||
		    !read_descriptor(walk->memory, table, at, last))
			return false;
		count++;
		/* One that refers to a table of others is not one of the chain's pieces. */
		if (last->flags & VIRTQ_DESC_F_INDIRECT) {
			ok = add_indirect(walk, table, last);
		} else {
			walk->count++;
			ok = add_piece(walk, last);
		}
		if (!ok)
			return false;
	} while (find_next(table, last, &at));
	if (!table->indirect)
		walk->chain->descriptors = (uint16_t)count;
	return true;
}

bool chain_walk(struct virtio_chain *chain, const struct memory *memory,
		const struct descriptor_table *table, uint32_t first)
{
	struct walk walk = {.chain = chain, .memory = memory};
	struct descriptor last = {0};

	chain->out_count = chain->in_count = 0;
	chain->out_len = chain->in_len = 0;
	if (!walk_table(&walk, table, first, &last))
		return false;
	chain->id = table->packed ? last.id : (uint16_t)first;
	return true;
}

/* --- What is in it --- */

size_t chain_read(const struct virtio_chain *chain, uint64_t offset, void *buffer, size_t len)
{
	struct iovec part[VIRTQUEUE_SIZE_MAX];
	unsigned count = iov_slice(chain->iov, chain->out_count, offset, len, part);
	size_t done = 0;

	for (unsigned i = 0; i < count; i++) {
		memory_copy((uint8_t *)buffer + done, part[i].iov_base, part[i].iov_len);
		done += part[i].iov_len;
	}
	return done;
}

size_t chain_write(const struct virtio_chain *chain, uint64_t offset, const void *buffer,
		   size_t len)
{
	struct iovec part[VIRTQUEUE_SIZE_MAX];
	unsigned count =
		iov_slice(chain->iov + chain->out_count, chain->in_count, offset, len, part);
	size_t done = 0;

	for (unsigned i = 0; i < count; i++) {
		memory_copy(part[i].iov_base, (const uint8_t *)buffer + done, part[i].iov_len);
		done += part[i].iov_len;
	}
	return done;
}
