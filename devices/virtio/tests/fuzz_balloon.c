/* Fuzz target of the balloon. */
#include "devices/virtio/balloon.h"
#include "devices/virtio/tests/fuzz_device.h"

static int create(struct vm *vm, const struct virtio_slot *slot)
{
	return virtio_balloon_create(vm, slot, 4 * MEMORY_PAGE_SIZE, NULL) ? 0 : -1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_run(create, data, size);
}
