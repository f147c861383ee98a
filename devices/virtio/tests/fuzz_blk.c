/* Fuzz target of the block device, on a small file in memory. */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "devices/disk/disk.h"
#include "devices/virtio/blk.h"
#include "devices/virtio/tests/fuzz_device.h"

#define DISK_SIZE 65536

static int create(struct vm *vm, const struct virtio_slot *slot)
{
	struct virtio_blk_config config = {.id = "fuzz", .queues = 2};
	struct disk_config disk = {0};
	char path[32];
	int fd = memfd_create("disk", 0);

	if (fd < 0 || ftruncate(fd, DISK_SIZE))
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	disk.path = path;
	if (disk_open(&config.disk, vm, &disk, NULL))
		return -1;
	return virtio_blk_create(vm, slot, &config, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_run(create, data, size);
}
