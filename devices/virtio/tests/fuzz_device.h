/*
 * What the fuzz targets of virtio devices share: an input is a driver's doings, one after the other, and
 * each of them may be nonsense. The VM is in virtual time, so that what a device does is done when the
 * driver's access is over, and an input does the same each time.
 *
 *	byte 0   bit 0: packed queues; bit 1: event indices; bit 2: no set-up, the input does it all
 *	then     operations of a byte and its operands, see fuzz_run()
 */
#ifndef GOD_DEVICES_VIRTIO_TESTS_FUZZ_DEVICE_H
#define GOD_DEVICES_VIRTIO_TESTS_FUZZ_DEVICE_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/vm.h"
#include "devices/virtio/mmio.h"
#include "devices/virtio/virtio.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_BASE	0x0a000000ULL
#define FUZZ_QUEUE_SIZE 8
#define FUZZ_QUEUE_ROOM 0x200 /* bytes of RAM for each queue, from the beginning of RAM */
#define FUZZ_RAM_USED	0x10000

struct fuzz_input {
	const uint8_t *bytes;
	size_t left;
};

static uint64_t fuzz_take(struct fuzz_input *input, unsigned size)
{
	uint64_t value = 0;

	if (size > input->left)
		size = (unsigned)input->left;
	memcpy(&value, input->bytes, size);
	input->bytes += size;
	input->left -= size;
	return value;
}

static void fuzz_put(struct vm *vm, uint64_t offset, uint64_t value)
{
	bus_write(&vm->bus, 0, FUZZ_BASE + offset, 4, value);
}

/* What the devices have deferred, as the scheduling thread would do it. */
static void fuzz_settle(struct vm *vm)
{
	struct schedule *schedule = &vm->schedule;

	for (unsigned i = 0; schedule->tasks && i < 1000; i++) {
		struct deferred *task = schedule->tasks;

		schedule->tasks = task->next;
		if (!schedule->tasks)
			schedule->tasks_end = &schedule->tasks;
		task->queued = false;
		task->run(task->owner);
	}
}

/* As a driver does it that knows its trade. */
static void fuzz_set_up(struct vm *vm, unsigned queues, uint64_t features)
{
	fuzz_put(vm, VIRTIO_MMIO_STATUS, VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER);
	for (uint32_t i = 0; i < 2; i++) {
		fuzz_put(vm, VIRTIO_MMIO_DRIVER_FEATURES_SEL, i);
		fuzz_put(vm, VIRTIO_MMIO_DRIVER_FEATURES, (uint32_t)(features >> 32 * i));
	}
	fuzz_put(vm, VIRTIO_MMIO_STATUS, VIRTIO_FEATURES_OK);
	for (unsigned i = 0; i < queues; i++) {
		uint64_t room = VM_RAM_BASE + i * FUZZ_QUEUE_ROOM;

		fuzz_put(vm, VIRTIO_MMIO_QUEUE_SEL, i);
		fuzz_put(vm, VIRTIO_MMIO_QUEUE_NUM, FUZZ_QUEUE_SIZE);
		fuzz_put(vm, VIRTIO_MMIO_QUEUE_DESC_LOW, (uint32_t)room);
		fuzz_put(vm, VIRTIO_MMIO_QUEUE_DRIVER_LOW, (uint32_t)room + 0x80);
		fuzz_put(vm, VIRTIO_MMIO_QUEUE_DEVICE_LOW, (uint32_t)room + 0x100);
		fuzz_put(vm, VIRTIO_MMIO_QUEUE_READY, 1);
	}
	fuzz_put(vm, VIRTIO_MMIO_STATUS, VIRTIO_DRIVER_OK);
	fuzz_settle(vm);
}

static void fuzz_operation(struct vm *vm, struct fuzz_input *input)
{
	uint64_t operation = fuzz_take(input, 1), addr, value;
	unsigned size;

	switch (operation % 6) {
	case 0: /* a descriptor, whose address leads into RAM: queue, place, words */
		addr = VM_RAM_BASE + fuzz_take(input, 1) % 32 * FUZZ_QUEUE_ROOM;
		addr += fuzz_take(input, 1) % FUZZ_QUEUE_SIZE * 16;
		value = VM_RAM_BASE + fuzz_take(input, 2);
		memory_write(&vm->memory, addr, &value, 8);
		value = fuzz_take(input, 8);
		memory_write(&vm->memory, addr + 8, &value, 8);
		break;
	case 1: /* bytes in RAM */
		addr = VM_RAM_BASE + fuzz_take(input, 2);
		size = (unsigned)fuzz_take(input, 1) % 64;
		for (; size && input->left; size--, addr++) {
			uint8_t byte = (uint8_t)fuzz_take(input, 1);

			memory_write(&vm->memory, addr, &byte, 1);
		}
		break;
	case 2: /* a register, or configuration space, in any size */
		size = 1u << fuzz_take(input, 1) % 4;
		addr = fuzz_take(input, 2) % VIRTIO_MMIO_SIZE / size * size;
		bus_write(&vm->bus, 0, FUZZ_BASE + addr, size, fuzz_take(input, size));
		break;
	case 3:
		size = 1u << fuzz_take(input, 1) % 4;
		addr = fuzz_take(input, 2) % VIRTIO_MMIO_SIZE / size * size;
		bus_read(&vm->bus, 0, FUZZ_BASE + addr, size, &value);
		break;
	case 4: /* one more is available: queue, head */
		addr = VM_RAM_BASE + fuzz_take(input, 1) % 32 * FUZZ_QUEUE_ROOM + 0x80;
		value = 0;
		memory_read(&vm->memory, addr + 2, &value, 2);
		size = (unsigned)fuzz_take(input, 1);
		memory_write(&vm->memory, addr + 4 + 2 * (value % FUZZ_QUEUE_SIZE), &size, 2);
		value++;
		memory_write(&vm->memory, addr + 2, &value, 2);
		break;
	default: fuzz_put(vm, VIRTIO_MMIO_QUEUE_NOTIFY, fuzz_take(input, 1) % 32); break;
	}
	fuzz_settle(vm);
}

/* The one VM of the target, with its device in it. */
static struct vm *fuzz_vm(int (*create)(struct vm *vm, const struct virtio_slot *slot))
{
	static const struct virtio_slot slot = {.base = FUZZ_BASE, .intid = 48};
	static struct vm *vm;
	const struct vm_config config = {
		.engine = engine_find("interp", NULL),
		.cpus = 1,
		.memory = VM_MEMORY_MIN,
		.virtual_time = true,
	};

	if (!vm && (vm_create(&vm, &config, NULL) || create(vm, &slot)))
		abort();
	return vm;
}

static int fuzz_run(int (*create)(struct vm *vm, const struct virtio_slot *slot),
		    const uint8_t *data, size_t size)
{
	struct vm *vm = fuzz_vm(create);
	struct virtio *virtio = (struct virtio *)vm->devices;
	struct fuzz_input input = {data, size};
	uint64_t kind = fuzz_take(&input, 1);
	uint64_t features = virtio->offered;

	memset(memory_at(&vm->memory, VM_RAM_BASE, FUZZ_RAM_USED), 0, FUZZ_RAM_USED);
	if (!(kind & 1))
		features &= ~VIRTIO_F_RING_PACKED;
	if (!(kind & 2))
		features &= ~VIRTIO_F_EVENT_IDX;
	if (!(kind & 4))
		fuzz_set_up(vm, virtio->queue_count, features);
	while (input.left)
		fuzz_operation(vm, &input);
	fuzz_put(vm, VIRTIO_MMIO_STATUS, 0);
	fuzz_settle(vm);
	/* Whatever it was: the driver gets the device back as new. */
	for (unsigned i = 0; i < virtio->queue_count; i++)
		if (virtio->state->queues[i].in_flight || virtio->state->queues[i].ready)
			abort();
	if (virtio->state->status)
		abort();
	return 0;
}

#endif
