/* Fuzz target of the entropy device. */
#include "devices/virtio/rng.h"
#include "devices/virtio/tests/fuzz_device.h"

static int create(struct vm *vm, const struct virtio_slot *slot)
{
	return virtio_rng_create(vm, slot, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_run(create, data, size);
}
