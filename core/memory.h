/*
 * Guest RAM: one contiguous range of guest physical addresses. Its pages are this process's alone, or
 * those of a memfd, which another process (a vhost-user back end) can map too.
 *
 * memory_at() is the one gate through which a guest address becomes a host pointer. It refuses a
 * range that overflows, crosses the end of RAM or touches what is not RAM. No other file does this
 * arithmetic. The software CPU's TLB keeps pointers that it got here.
 */
#ifndef GOD_CORE_MEMORY_H
#define GOD_CORE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/error.h"

#define MEMORY_PAGE_SHIFT 12
#define MEMORY_PAGE_SIZE  (1ULL << MEMORY_PAGE_SHIFT)

struct memory {
	uint64_t base;	/* first guest physical address */
	uint64_t size;	/* bytes, a multiple of MEMORY_PAGE_SIZE */
	uint8_t *bytes; /* where it is mapped in this process */
	uint64_t grain; /* bytes of a page of the host's, which can be given back to it */
	int fd;		/* the memfd, or -1 */
};

enum memory_backing {
	MEMORY_PRIVATE, /* if there is much of it, in huge pages, where the host has them */
	MEMORY_SHARED,	/* by a memfd that nobody can resize */
};

/*
 * Create RAM of `size` bytes at guest physical `base`, zeroed and allocated on first touch.
 * Errors: ERROR_USAGE when size is 0, not a multiple of the page size, or wraps;
 * ERROR_NO_MEMORY when the host refuses. On failure *memory is left in a state that
 * memory_destroy accepts.
 */
int memory_init(struct memory *memory, uint64_t base, uint64_t size, enum memory_backing backing,
		struct error *err);
void memory_destroy(struct memory *memory);

/* Give all pages back to the host: the guest reads zeroes afterwards. For reset. */
void memory_clear(struct memory *memory);
/*
 * Zero `len` bytes; whole pages of the host's are given back to it, so that many zeroes cost no memory.
 * False, and nothing done, where they are not all in RAM.
 */
bool memory_zero(struct memory *memory, uint64_t addr, uint64_t len);

/*
 * Give the host's whole pages of [bytes, bytes + len), a range that memory_at() gave, back to it: the guest reads
 * zeroes there until it writes again, and pointers to them stay good. Returns how many bytes those
 * pages have; 0 as well when the host does not take them: then they keep what is in them. Any thread.
 */
uint64_t memory_discard(const struct memory *memory, const void *bytes, uint64_t len);

/* How many bytes of RAM the host has given pages for: what the guest costs. */
uint64_t memory_resident(const struct memory *memory);

/* Host pointer to [addr, addr + len), or NULL when any byte of it is not RAM. len may be 0. */
static inline void *memory_at(const struct memory *memory, uint64_t addr, uint64_t len)
{
	uint64_t offset = addr - memory->base;

	if (offset > memory->size || len > memory->size - offset)
		return NULL;
	return memory->bytes + offset;
}

/*
 * Copy from or to guest RAM, which guest code may be changing at that very moment: what comes of it
 * then is the guest's affair, as it is between two CPUs. ThreadSanitizer, which does not know
 * that, is shown what the architecture promises: bytes, each of them atomic.
 */
static inline void memory_copy(void *to, const void *from, size_t len)
{
#ifdef __SANITIZE_THREAD__
	for (size_t i = 0; i < len; i++)
		__atomic_store_n((uint8_t *)to + i,
				 __atomic_load_n((const uint8_t *)from + i, __ATOMIC_RELAXED),
				 __ATOMIC_RELAXED);
#else
	memcpy(to, from, len);
#endif
}

/* Copy between guest RAM and a buffer, all or nothing: false when the range is not all RAM. */
bool memory_read(const struct memory *memory, uint64_t addr, void *buffer, size_t len);
bool memory_write(struct memory *memory, uint64_t addr, const void *buffer, size_t len);

#endif
