/*
 * Split virtqueues (virtio 1.2, 2.7): a descriptor table, an available ring that the driver writes,
 * a used ring that the device writes.
 *
 *	available: u16 flags, idx, ring[size], used_event
 *	used:      u16 flags, idx, { u32 id, len } ring[size], u16 avail_event
 *
 * Indices count on and wrap at 65536; the place in a ring is the index modulo its size.
 */
#include "devices/virtio/virtqueue.h"

#define AVAIL_F_NO_INTERRUPT 1
#define USED_F_NO_NOTIFY     1

#define RING_FLAGS 0
#define RING_IDX   2
#define RING_FIRST 4

#define AVAIL_ELEMENT 2
#define USED_ELEMENT  8

static uint64_t avail_element(const struct virtqueue *vq, uint16_t index)
{
	return vq->driver + RING_FIRST + AVAIL_ELEMENT * (uint64_t)(index % vq->size);
}

static uint64_t used_element(const struct virtqueue *vq, uint16_t index)
{
	return vq->device + RING_FIRST + USED_ELEMENT * (uint64_t)(index % vq->size);
}

/* Behind the last element. */
static uint64_t used_event(const struct virtqueue *vq)
{
	return vq->driver + RING_FIRST + AVAIL_ELEMENT * (uint64_t)vq->size;
}

static uint64_t avail_event(const struct virtqueue *vq)
{
	return vq->device + RING_FIRST + USED_ELEMENT * (uint64_t)vq->size;
}

static bool split_start(struct virtqueue *vq, const struct memory *memory)
{
	uint64_t event = vq->event_index ? 2 : 0;

	if (vq->size & (vq->size - 1))
		return false;
	return ring_area_ok(memory, vq->desc, VIRTQ_DESC_SIZE * (uint64_t)vq->size, 16) &&
	       ring_area_ok(memory, vq->driver, used_event(vq) - vq->driver + event, 2) &&
	       ring_area_ok(memory, vq->device, avail_event(vq) - vq->device + event, 4);
}

static enum virtqueue_result split_take(struct virtqueue *vq, const struct memory *memory,
					struct virtio_chain *chain)
{
	const struct descriptor_table table = {
		.addr = vq->desc,
		.entries = vq->size,
		.allow_indirect = vq->indirect,
	};
	uint16_t available =
		(uint16_t)(ring_load16(memory, vq->driver + RING_IDX) - vq->next_avail);

	if (!available)
		return VIRTQUEUE_EMPTY;
	/* A descriptor is in one chain at most: there are never more of them than descriptors. */
	if (available > vq->size || vq->in_flight >= vq->size)
		return VIRTQUEUE_BROKEN;
	if (!chain_walk(chain, memory, &table,
			ring_load16(memory, avail_element(vq, vq->next_avail))))
		return VIRTQUEUE_BROKEN;
	vq->next_avail++;
	return VIRTQUEUE_TAKEN;
}

static void split_put(struct virtqueue *vq, const struct memory *memory,
		      const struct virtio_chain *chain, uint32_t written)
{
	uint64_t element = used_element(vq, vq->next_used);

	ring_store32(memory, element, chain->id);
	ring_store32(memory, element + 4, written);
	vq->next_used++;
	ring_store16(memory, vq->device + RING_IDX, vq->next_used);
}

/* With event indices there is no "never": the index that was asked for has been passed. */
static void split_ask_to_notify(struct virtqueue *vq, const struct memory *memory, bool notify)
{
	if (!vq->event_index)
		ring_store16(memory, vq->device + RING_FLAGS, notify ? 0 : USED_F_NO_NOTIFY);
	else if (notify)
		ring_store16(memory, avail_event(vq), vq->next_avail);
}

static bool split_wants_interrupt(struct virtqueue *vq, const struct memory *memory)
{
	if (!vq->event_index)
		return !(ring_load16(memory, vq->driver + RING_FLAGS) & AVAIL_F_NO_INTERRUPT);
	return ring_passed(ring_load16(memory, used_event(vq)), vq->next_used, vq->unsignalled);
}

const struct virtqueue_kind virtqueue_split = {
	.start = split_start,
	.take = split_take,
	.put = split_put,
	.ask_to_notify = split_ask_to_notify,
	.wants_interrupt = split_wants_interrupt,
};
