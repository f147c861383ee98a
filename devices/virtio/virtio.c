/*
 * Virtio devices: life of a queue's chains, notifications both ways, status.
 *
 * Stopping. The driver may reset the device, or take a queue away, at any time, while a back end is
 * in the middle of a transfer to the guest's memory. When the write to the register returns,
 * the memory is the driver's again, so the vCPU waits in it until nothing is in flight. That ends,
 * because what works on a chain never waits for a vCPU.
 *
 * Notifications in from the driver are "doorbells". Where the host's kernel can, it signals an eventfd
 * that the I/O loop watches and the vCPU goes on; elsewhere the write to the register is an exit
 * that defers a task to the same thread.
 */
#include "devices/virtio/virtio.h"

#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/engine.h"
#include "core/vm.h"
#include "devices/virtio/mmio.h"

#define COMMON_FEATURES                                                                            \
	(VIRTIO_F_VERSION_1 | VIRTIO_F_INDIRECT_DESC | VIRTIO_F_EVENT_IDX | VIRTIO_F_RING_PACKED | \
	 VIRTIO_F_RING_RESET)

static const struct memory *memory_of(const struct virtio *virtio)
{
	return &virtio->device.vm->memory;
}

/* --- Lock held --- */

bool virtio_is_live(const struct virtio *virtio)
{
	uint32_t status = virtio->state->status;

	return !virtio->resetting && status & VIRTIO_DRIVER_OK && !(status & VIRTIO_NEEDS_RESET);
}

/* 2.1.2: from here on nothing is taken and nothing is given back. */
static void set_needs_reset(struct virtio *virtio)
{
	bool live = virtio_is_live(virtio);

	virtio->state->status |= VIRTIO_NEEDS_RESET;
	if (live)
		virtio_raise(virtio, VIRTIO_INTERRUPT_CONFIG);
}

void virtio_start_queue(struct virtio *virtio, unsigned queue)
{
	struct virtqueue *vq = &virtio->state->queues[queue];
	uint64_t features = virtio->state->driver_features;

	if (vq->ready || vq->in_flight || !(virtio->state->status & VIRTIO_FEATURES_OK))
		return;
	vq->packed = features & VIRTIO_F_RING_PACKED;
	vq->indirect = features & VIRTIO_F_INDIRECT_DESC;
	vq->event_index = features & VIRTIO_F_EVENT_IDX;
	if (!virtqueue_start(vq, memory_of(virtio)))
		set_needs_reset(virtio);
}

/* Lock held, given up: `ready` is false already, so that nothing more is taken. */
static void await_queue(struct virtio *virtio, unsigned queue)
{
	struct virtqueue *vq = &virtio->state->queues[queue];

	if (virtio->ops->halt) {
		pthread_mutex_unlock(&virtio->lock);
		virtio->ops->halt(virtio, queue);
		pthread_mutex_lock(&virtio->lock);
	}
	if (vq->in_flight && virtio->ops->stop) {
		pthread_mutex_unlock(&virtio->lock);
		virtio->ops->stop(virtio, queue);
		pthread_mutex_lock(&virtio->lock);
	}
	while (vq->in_flight)
		pthread_cond_wait(&virtio->idle, &virtio->lock);
}

void virtio_stop_queue(struct virtio *virtio, unsigned queue)
{
	virtio->state->queues[queue].ready = false;
	await_queue(virtio, queue);
}

/* 2.6.1: this queue alone becomes as it was after the device's reset. */
void virtio_reset_queue(struct virtio *virtio, unsigned queue)
{
	if (!(virtio->state->driver_features & VIRTIO_F_RING_RESET))
		return;
	virtio_stop_queue(virtio, queue);
	virtqueue_reset(&virtio->state->queues[queue]);
}

/* To the state after power-on, but for configuration space, which is the device's affair. */
static void reset_state(struct virtio *virtio)
{
	struct virtio_state *state = virtio->state;

	for (unsigned i = 0; i < virtio->queue_count; i++)
		virtqueue_reset(&state->queues[i]);
	state->status = 0;
	virtio_acknowledge(virtio, UINT32_MAX);
	state->device_features_sel = state->driver_features_sel = state->queue_sel = 0;
	state->driver_features = 0;
	if (virtio->ops->reset)
		virtio->ops->reset(virtio);
}

void virtio_reset(struct virtio *virtio)
{
	/* Another vCPU is at it: done is done. */
	if (virtio->resetting) {
		while (virtio->resetting)
			pthread_cond_wait(&virtio->idle, &virtio->lock);
		return;
	}
	virtio->resetting = true;
	for (unsigned i = 0; i < virtio->queue_count; i++)
		virtio->state->queues[i].ready = false;
	for (unsigned i = 0; i < virtio->queue_count; i++)
		await_queue(virtio, i);
	reset_state(virtio);
	virtio->resetting = false;
	pthread_cond_broadcast(&virtio->idle);
}

bool virtio_is_resetting(struct virtio *virtio)
{
	bool resetting;

	pthread_mutex_lock(&virtio->lock);
	resetting = virtio->resetting;
	pthread_mutex_unlock(&virtio->lock);
	return resetting;
}

/* --- Chains --- */

bool virtio_take(struct virtio *virtio, unsigned queue, struct virtio_chain *chain)
{
	struct virtqueue *vq = &virtio->state->queues[queue];
	enum virtqueue_result result = VIRTQUEUE_EMPTY;

	pthread_mutex_lock(&virtio->lock);
	if (virtio_is_live(virtio) && vq->ready)
		result = virtqueue_take(vq, memory_of(virtio), chain);
	if (result == VIRTQUEUE_BROKEN)
		set_needs_reset(virtio);
	pthread_mutex_unlock(&virtio->lock);
	return result == VIRTQUEUE_TAKEN;
}

void virtio_put(struct virtio *virtio, unsigned queue, const struct virtio_chain *chain,
		uint32_t written)
{
	struct virtqueue *vq = &virtio->state->queues[queue];

	pthread_mutex_lock(&virtio->lock);
	if (virtio_is_live(virtio) && vq->ready)
		virtqueue_put(vq, memory_of(virtio), chain, written);
	else
		virtqueue_drop(vq, chain);
	if (!vq->in_flight)
		pthread_cond_broadcast(&virtio->idle);
	pthread_mutex_unlock(&virtio->lock);
}

void virtio_signal(struct virtio *virtio, unsigned queue)
{
	struct virtqueue *vq = &virtio->state->queues[queue];

	pthread_mutex_lock(&virtio->lock);
	if (virtio_is_live(virtio) && vq->ready && virtqueue_wants_interrupt(vq, memory_of(virtio)))
		virtio_raise(virtio, VIRTIO_INTERRUPT_USED);
	pthread_mutex_unlock(&virtio->lock);
}

void virtio_interrupt(struct virtio *virtio)
{
	pthread_mutex_lock(&virtio->lock);
	if (virtio_is_live(virtio))
		virtio_raise(virtio, VIRTIO_INTERRUPT_USED);
	pthread_mutex_unlock(&virtio->lock);
}

void virtio_break(struct virtio *virtio)
{
	pthread_mutex_lock(&virtio->lock);
	set_needs_reset(virtio);
	pthread_mutex_unlock(&virtio->lock);
}

void virtio_set_config(struct virtio *virtio, unsigned offset, const void *bytes, unsigned size)
{
	pthread_mutex_lock(&virtio->lock);
	memcpy(virtio->state->config + offset, bytes, size);
	virtio->state->config_generation++;
	if (virtio_is_live(virtio))
		virtio_raise(virtio, VIRTIO_INTERRUPT_CONFIG);
	pthread_mutex_unlock(&virtio->lock);
}

bool virtio_has(struct virtio *virtio, uint64_t feature)
{
	bool has;

	pthread_mutex_lock(&virtio->lock);
	has = virtio->state->driver_features & feature;
	pthread_mutex_unlock(&virtio->lock);
	return has;
}

/* --- Doorbells --- */

/* One at a time: who comes while another serves the queue has that one do it once more. */
static void serve(struct virtio_doorbell *doorbell)
{
	struct virtio *virtio = doorbell->virtio;

	pthread_mutex_lock(&virtio->lock);
	doorbell->again = true;
	if (!doorbell->serving) {
		doorbell->serving = true;
		while (doorbell->again) {
			doorbell->again = false;
			pthread_mutex_unlock(&virtio->lock);
			virtio->ops->notify(virtio, doorbell->queue);
			pthread_mutex_lock(&virtio->lock);
		}
		doorbell->serving = false;
	}
	pthread_mutex_unlock(&virtio->lock);
}

static void serve_deferred(void *owner)
{
	serve(owner);
}

static void serve_event(void *owner, uint32_t events)
{
	struct virtio_doorbell *doorbell = owner;
	uint64_t count;

	(void)events;
	if (read(doorbell->event_fd, &count, sizeof(count)) < 0)
		return; /* it was taken already */
	serve(doorbell);
}

void virtio_ring(struct virtio *virtio, unsigned queue)
{
	struct virtio_doorbell *doorbell = &virtio->doorbells[queue];

	if (virtio->ops->serve_at_once & 1u << queue)
		serve(doorbell);
	else
		vm_defer(virtio->device.vm, &doorbell->task);
}

int virtio_event_add(struct virtio *virtio, uint64_t offset, uint32_t value)
{
	struct vm *vm = virtio->device.vm;
	int fd;

	if (!vm->engine->ioevent_add)
		return -1;
	fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (fd < 0 ||
	    vm->engine->ioevent_add(vm, virtio->slot.base + offset, 4, value, fd, NULL) == 0)
		return fd;
	close(fd);
	return -1;
}

void virtio_event_remove(struct virtio *virtio, uint64_t offset, uint32_t value, int fd)
{
	struct vm *vm = virtio->device.vm;

	if (fd < 0)
		return;
	vm->engine->ioevent_remove(vm, virtio->slot.base + offset, 4, value, fd);
	close(fd);
}

/* Without it an exit does the same, if more slowly: no failure is one of the device. */
static void try_event(struct virtio_doorbell *doorbell)
{
	struct virtio *virtio = doorbell->virtio;
	struct vm *vm = virtio->device.vm;

	if (virtio->ops->serve_at_once & 1u << doorbell->queue)
		return;
	doorbell->event_fd = virtio_event_add(virtio, VIRTIO_MMIO_QUEUE_NOTIFY, doorbell->queue);
	if (doorbell->event_fd < 0 ||
	    loop_watch(vm->loop, doorbell->event_fd, EPOLLIN, serve_event, doorbell, NULL) == 0)
		return;
	virtio_event_remove(virtio, VIRTIO_MMIO_QUEUE_NOTIFY, doorbell->queue, doorbell->event_fd);
	doorbell->event_fd = -1;
}

static void remove_event(struct virtio_doorbell *doorbell)
{
	struct virtio *virtio = doorbell->virtio;

	if (doorbell->event_fd >= 0)
		loop_unwatch(virtio->device.vm->loop, doorbell->event_fd);
	virtio_event_remove(virtio, VIRTIO_MMIO_QUEUE_NOTIFY, doorbell->queue, doorbell->event_fd);
}

/* --- Life --- */

void virtio_device_reset(struct device *device)
{
	struct virtio *virtio = (struct virtio *)device;

	pthread_mutex_lock(&virtio->lock);
	virtio_reset(virtio);
	pthread_mutex_unlock(&virtio->lock);
}

int virtio_init(struct virtio *virtio, struct vm *vm, const struct virtio_setup *setup,
		struct error *err)
{
	const char *name = setup->ops->device.name;
	const struct bus_region region = {
		setup->slot->base, VIRTIO_MMIO_SIZE, &virtio_mmio, virtio, name,
	};

	if (bus_add(&vm->bus, &region, err) < 0)
		return -1;
	virtio->device = (struct device){
		.ops = &setup->ops->device,
		.vm = vm,
		.state = setup->state,
		.state_size = setup->state_size,
	};
	virtio->ops = setup->ops;
	virtio->state = setup->state;
	virtio->offered = (setup->features | COMMON_FEATURES) & ~setup->lacks;
	virtio->queue_count = setup->queue_count;
	virtio->config_size = setup->config_size;
	virtio->slot = *setup->slot;
	virtio_interrupt_init(virtio);
	pthread_mutex_init(&virtio->lock, NULL);
	pthread_cond_init(&virtio->idle, NULL);
	for (unsigned i = 0; i < setup->queue_count; i++) {
		virtio->state->queues[i].size_max = setup->queue_size;
		virtio->doorbells[i] = (struct virtio_doorbell){
			.virtio = virtio,
			.queue = i,
			.task = {.run = serve_deferred, .owner = &virtio->doorbells[i]},
			.event_fd = -1,
		};
		try_event(&virtio->doorbells[i]);
	}
	virtio_device_reset(&virtio->device);
	vm_add_device(vm, &virtio->device);
	return 0;
}

void virtio_quiesce(struct virtio *virtio)
{
	if (virtio->quiet)
		return;
	virtio->quiet = true;
	for (unsigned i = 0; i < virtio->queue_count; i++)
		remove_event(&virtio->doorbells[i]);
	virtio_device_reset(&virtio->device);
	/* Deferred tasks that were queued find nothing to do now; they must not come later. */
	loop_drain(virtio->device.vm->loop);
}

void virtio_destroy(struct virtio *virtio)
{
	virtio_quiesce(virtio);
	virtio_interrupt_destroy(virtio);
	pthread_cond_destroy(&virtio->idle);
	pthread_mutex_destroy(&virtio->lock);
}
