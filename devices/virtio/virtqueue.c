/*
 * What split and packed queues have in common.
 *
 * Notifications. The driver notifies when it has put something into a queue of which the device
 * said that it had found it empty. "Empty" and "tell me" must not leave a gap in between: the
 * device says "tell me" and looks once more. These words are sequentially consistent, as are the driver's,
 * so one of the two sees the other.
 */
#include "devices/virtio/virtqueue.h"

static const struct virtqueue_kind *kind_of(const struct virtqueue *vq)
{
	return vq->packed ? &virtqueue_packed : &virtqueue_split;
}

/* By how much a chain moves the queue's places on. */
static uint16_t weight_of(const struct virtqueue *vq, const struct virtio_chain *chain)
{
	return vq->packed ? chain->descriptors : 1;
}

void virtqueue_reset(struct virtqueue *vq)
{
	*vq = (struct virtqueue){.size_max = vq->size_max};
}

bool virtqueue_start(struct virtqueue *vq, const struct memory *memory)
{
	if (!vq->size || vq->size > vq->size_max || !kind_of(vq)->start(vq, memory))
		return false;
	vq->next_avail = vq->next_used = 0;
	vq->avail_wrap = vq->used_wrap = true;
	vq->unsignalled = vq->in_flight = 0;
	vq->ready = true;
	vq->notify = true; /* as the zeroes in a new ring say */
	return true;
}

static void ask_to_notify(struct virtqueue *vq, const struct memory *memory, bool notify)
{
	/* The place to be told about moves on with the queue. */
	if (vq->notify == notify && !notify)
		return;
	vq->notify = notify;
	kind_of(vq)->ask_to_notify(vq, memory, notify);
}

enum virtqueue_result virtqueue_take(struct virtqueue *vq, const struct memory *memory,
				     struct virtio_chain *chain)
{
	enum virtqueue_result result = kind_of(vq)->take(vq, memory, chain);

	if (result == VIRTQUEUE_EMPTY) {
		ask_to_notify(vq, memory, true);
		result = kind_of(vq)->take(vq, memory, chain);
	}
	if (result == VIRTQUEUE_TAKEN) {
		vq->in_flight = (uint16_t)(vq->in_flight + weight_of(vq, chain));
		ask_to_notify(vq, memory, false);
	}
	return result;
}

void virtqueue_put(struct virtqueue *vq, const struct memory *memory,
		   const struct virtio_chain *chain, uint32_t written)
{
	vq->unsignalled = (uint16_t)(vq->unsignalled + weight_of(vq, chain));
	vq->in_flight = (uint16_t)(vq->in_flight - weight_of(vq, chain));
	kind_of(vq)->put(vq, memory, chain, written);
}

void virtqueue_drop(struct virtqueue *vq, const struct virtio_chain *chain)
{
	vq->in_flight = (uint16_t)(vq->in_flight - weight_of(vq, chain));
}

bool virtqueue_wants_interrupt(struct virtqueue *vq, const struct memory *memory)
{
	bool wants = vq->unsignalled && kind_of(vq)->wants_interrupt(vq, memory);

	vq->unsignalled = 0;
	return wants;
}
