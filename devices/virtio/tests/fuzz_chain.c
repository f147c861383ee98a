/*
 * Fuzz target of the walker over descriptor chains. The input is RAM: a table at its beginning, what it refers to
 * behind. Byte 0 says which kind of table, byte 1 how many entries it has, byte 2 where to begin.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "devices/virtio/chain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RAM_BASE 0x40000000ULL
#define RAM_SIZE 65536

/* All pieces are RAM, and the sums are right; the sanitizer sees to the rest. */
static void check(const struct virtio_chain *chain, const struct memory *memory)
{
	uint64_t out = 0, in = 0;

	if (chain->out_count + chain->in_count > VIRTQUEUE_SIZE_MAX)
		abort();
	for (unsigned i = 0; i < chain->out_count + chain->in_count; i++) {
		const uint8_t *bytes = chain->iov[i].iov_base;
		size_t len = chain->iov[i].iov_len;

		if (!len || bytes < memory->bytes || len > memory->size ||
		    (size_t)(bytes - memory->bytes) > memory->size - len)
			abort();
		*(i < chain->out_count ? &out : &in) += len;
	}
	if (out != chain->out_len || in != chain->in_len)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct memory memory;
	static struct virtio_chain chain;
	struct descriptor_table table = {.addr = RAM_BASE};
	uint8_t bytes[100];

	if (!memory.bytes && memory_init(&memory, RAM_BASE, RAM_SIZE, MEMORY_PRIVATE, NULL))
		abort();
	if (size < 3)
		return 0;
	table.packed = data[0] & 1;
	table.allow_indirect = data[0] & 2;
	table.entries = data[1] % VIRTQUEUE_SIZE_MAX + 1u;
	memset(memory.bytes, 0, RAM_SIZE);
	memcpy(memory.bytes, data + 3, size - 3 < RAM_SIZE ? size - 3 : RAM_SIZE);
	if (!chain_walk(&chain, &memory, &table, data[2]))
		return 0;
	check(&chain, &memory);
	chain_read(&chain, data[1], bytes, sizeof(bytes));
	chain_write(&chain, data[2], bytes, sizeof(bytes));
	return 0;
}
