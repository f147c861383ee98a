/*
 * Guest RAM. A memfd rather than anonymous memory, because a descriptor can be handed on: to a
 * vhost-user back end, to a snapshot. It is sealed so that nobody who holds it can shrink it under
 * our mapping (which would turn a load into SIGBUS). Pages are allocated by the host on first
 * touch: a guest with 8 GiB costs what it uses.
 */
#include "core/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

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

int memory_init(struct memory *memory, uint64_t base, uint64_t size, struct error *err)
{
	void *bytes;

	*memory = (struct memory){.base = base, .fd = -1};
	if (check_range(base, size, err) < 0)
		return -1;

	memory->fd = memfd_create("guest-ram", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (memory->fd < 0)
		return refuse(memory, errno, size, err);
	if (size > INT64_MAX)
		return refuse(memory, EFBIG, size, err);
	if (ftruncate(memory->fd, (off_t)size) < 0 ||
	    fcntl(memory->fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
		return refuse(memory, errno, size, err);

	bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, memory->fd, 0);
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

uint64_t memory_discard(const struct memory *memory, const void *bytes, uint64_t len)
{
	uint64_t offset = (uint64_t)((const uint8_t *)bytes - memory->bytes);
	uint64_t start = (offset + MEMORY_PAGE_SIZE - 1) & ~(MEMORY_PAGE_SIZE - 1);
	uint64_t end = (offset + len) & ~(MEMORY_PAGE_SIZE - 1);

	if (start >= end || fallocate(memory->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
				      (off_t)start, (off_t)(end - start)) < 0)
		return 0;
	return end - start;
}

/* Should the host's file system not punch holes, zeroing by hand gives the guest the same. */
static void zero(struct memory *memory, uint8_t *bytes, uint64_t len)
{
	uint64_t given = memory_discard(memory, bytes, len);
	uint64_t head = -(uint64_t)(bytes - memory->bytes) & (MEMORY_PAGE_SIZE - 1);

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

uint64_t memory_resident(const struct memory *memory)
{
	struct stat status;

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
