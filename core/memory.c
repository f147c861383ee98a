/*
 * Guest RAM. Pages are allocated by the host on first touch: a guest with 8 GiB costs what it uses.
 *
 * Memory of our own gets huge pages where the host's administrator left that to those who ask for them: the
 * guest's accesses then miss the host's TLB less often, and there are fewer first touches. Memory
 * that is shared with another process must be a file, for which hosts as a rule have no huge pages. That
 * file is sealed, so that nobody who holds its descriptor can shrink it under our mapping (which
 * would turn a load into SIGBUS).
 */
#include "core/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define HUGE_PAGE_SIZE (2ULL << 20)

/* Where there is less, a guest is small and soon over: zeroing 2 MiB for each 4 KiB would take longer. */
#define HUGE_PAGES_FROM (128ULL << 20)

static int check_range(uint64_t base, uint64_t size, struct error *err)
{
	if (size == 0 || size % MEMORY_PAGE_SIZE)
		return error_set(err, ERROR_USAGE,
				 "memory must be a multiple of 4 KiB and not 0, not %" PRIu64
				 " bytes",
				 size);
	if (base + size < base)
		return error_set(err, ERROR_USAGE,
				 "memory of %" PRIu64 " bytes at %#" PRIx64
				 " does not fit into the address space",
				 size, base);
	return 0;
}

/* Whatever the reason is, it comes down to the host not giving that much memory. */
static int refuse(struct memory *memory, int errnum, uint64_t size, struct error *err)
{
	memory_destroy(memory);
	error_set_errno(err, errnum, "cannot allocate %" PRIu64 " bytes of guest memory", size);
	if (err)
		err->kind = ERROR_NO_MEMORY;
	return -1;
}

/* Its pages are the child's too after a fork, and each write would copy one: a child gets none. */
static void *map_private(const struct memory *memory, uint64_t size)
{
	uint8_t *bytes = mmap(NULL, size + HUGE_PAGE_SIZE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	uint64_t before;

	if (bytes == MAP_FAILED)
		return MAP_FAILED;
	/* Stage 2 of KVM maps huge pages only where guest and host addresses have the same offset in them. */
	before = -(uintptr_t)bytes & (HUGE_PAGE_SIZE - 1);
	size = (size + memory->grain - 1) & ~(memory->grain - 1);
	if (before)
		munmap(bytes, before);
	munmap(bytes + before + size, HUGE_PAGE_SIZE - before);
	bytes += before;
	if (size >= HUGE_PAGES_FROM)
		madvise(bytes, size, MADV_HUGEPAGE);
	madvise(bytes, size, MADV_DONTFORK);
	return bytes;
}

static void *map_shared(struct memory *memory, uint64_t size)
{
	memory->fd = memfd_create("guest-ram", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (memory->fd < 0 || ftruncate(memory->fd, (off_t)size) < 0 ||
	    fcntl(memory->fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
		return MAP_FAILED;
	return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, memory->fd, 0);
}

int memory_init(struct memory *memory, uint64_t base, uint64_t size, enum memory_backing backing,
		struct error *err)
{
	void *bytes;

	*memory = (struct memory){.base = base, .grain = (uint64_t)sysconf(_SC_PAGESIZE), .fd = -1};
	if (check_range(base, size, err) < 0)
		return -1;
	if (size > INT64_MAX)
		return refuse(memory, EFBIG, size, err);
	bytes = backing == MEMORY_SHARED ? map_shared(memory, size) : map_private(memory, size);
	if (bytes == MAP_FAILED)
		return refuse(memory, errno, size, err);
	memory->bytes = bytes;
	memory->size = size;
	return 0;
}

void memory_destroy(struct memory *memory)
{
	if (memory->bytes)
		munmap(memory->bytes, memory->size);
	if (memory->fd >= 0)
		close(memory->fd);
	*memory = (struct memory){.base = memory->base, .fd = -1};
}

static bool give_back(const struct memory *memory, uint64_t start, uint64_t end)
{
	if (memory->fd < 0)
		return madvise(memory->bytes + start, end - start, MADV_DONTNEED) == 0;
	return fallocate(memory->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)start,
			 (off_t)(end - start)) == 0;
}

uint64_t memory_discard(const struct memory *memory, const void *bytes, uint64_t len)
{
	uint64_t offset = (uint64_t)((const uint8_t *)bytes - memory->bytes);
	uint64_t start = (offset + memory->grain - 1) & ~(memory->grain - 1);
	uint64_t end = (offset + len) & ~(memory->grain - 1);

	return start < end && give_back(memory, start, end) ? end - start : 0;
}

/* Should the host not take them, zeroing by hand gives the guest the same. */
static void zero(struct memory *memory, uint8_t *bytes, uint64_t len)
{
	uint64_t given = memory_discard(memory, bytes, len);
	uint64_t head = -(uint64_t)(bytes - memory->bytes) & (memory->grain - 1);

	if (!given)
		head = len;
	memset(bytes, 0, head);
	memset(bytes + head + given, 0, len - head - given);
}

void memory_clear(struct memory *memory)
{
	zero(memory, memory->bytes, memory->size);
}

bool memory_zero(struct memory *memory, uint64_t addr, uint64_t len)
{
	uint8_t *bytes = memory_at(memory, addr, len);

	if (bytes)
		zero(memory, bytes, len);
	return bytes != NULL;
}

static uint64_t resident_private(const struct memory *memory)
{
	unsigned char present[4096];
	uint64_t step = sizeof(present) * memory->grain, pages = 0;

	for (uint64_t offset = 0; offset < memory->size; offset += step) {
		uint64_t left = memory->size - offset, len = left < step ? left : step;

		if (mincore(memory->bytes + offset, len, present) < 0)
			return 0;
		for (uint64_t n = 0; n < (len + memory->grain - 1) / memory->grain; n++)
			pages += present[n] & 1;
	}
	return pages * memory->grain;
}

uint64_t memory_resident(const struct memory *memory)
{
	struct stat status;

	if (memory->fd < 0)
		return resident_private(memory);
	return fstat(memory->fd, &status) < 0 ? 0 : (uint64_t)status.st_blocks * 512;
}

bool memory_read(const struct memory *memory, uint64_t addr, void *buffer, size_t len)
{
	const void *bytes = memory_at(memory, addr, len);

	if (!bytes)
		return false;
	memory_copy(buffer, bytes, len);
	return true;
}

bool memory_write(struct memory *memory, uint64_t addr, const void *buffer, size_t len)
{
	void *bytes = memory_at(memory, addr, len);

	if (!bytes)
		return false;
	memory_copy(bytes, buffer, len);
	return true;
}
