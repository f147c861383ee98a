/*
 * Packed virtqueues (virtio 1.2, 2.8): one ring of descriptors that both sides write. A descriptor
 * is available when its AVAIL flag is the driver's wrap counter and its USED flag is not; it is
 * used when both are the device's wrap counter. The counters begin at 1 and change at the ring's end.
 *
 * Event suppression (2.8.10), for each side: u16 place (bit 15: the wrap counter there), u16 flags.
 */
#include "devices/virtio/virtqueue.h"

#define EVENT_ENABLE  0
#define EVENT_DISABLE 1
#define EVENT_PLACE   2 /* tell about one place alone */
#define EVENT_FLAGS   3

#define EVENT_WRAP	(1u << 15)
#define EVENT_SIZE	4
#define EVENT_ALIGNMENT 4

/* Within a descriptor. */
#define DESC_LEN   8
#define DESC_ID	   12
#define DESC_FLAGS 14

static uint64_t descriptor(const struct virtqueue *vq, uint16_t at)
{
	return vq->desc + VIRTQ_DESC_SIZE * (uint64_t)at;
}

static void advance(const struct virtqueue *vq, uint16_t *at, bool *wrap, uint16_t count)
{
	*at = (uint16_t)(*at + count);
	if (*at < vq->size)
		return;
	*at = (uint16_t)(*at - vq->size);
	*wrap = !*wrap;
}

static bool packed_start(struct virtqueue *vq, const struct memory *memory)
{
	return ring_area_ok(memory, vq->desc, VIRTQ_DESC_SIZE * (uint64_t)vq->size, 16) &&
	       ring_area_ok(memory, vq->driver, EVENT_SIZE, EVENT_ALIGNMENT) &&
	       ring_area_ok(memory, vq->device, EVENT_SIZE, EVENT_ALIGNMENT);
}

static bool is_available(const struct virtqueue *vq, const struct memory *memory)
{
	uint16_t flags = ring_load16(memory, descriptor(vq, vq->next_avail) + DESC_FLAGS);

	return !!(flags & VIRTQ_DESC_F_AVAIL) == vq->avail_wrap &&
	       !!(flags & VIRTQ_DESC_F_USED) != vq->avail_wrap;
}

/* The driver writes the flags of a chain's first descriptor last: with it, all of it is there. */
static enum virtqueue_result packed_take(struct virtqueue *vq, const struct memory *memory,
					 struct virtio_chain *chain)
{
	const struct descriptor_table table = {
		.addr = vq->desc,
		.entries = vq->size,
		.packed = true,
		.allow_indirect = vq->indirect,
	};

	if (!is_available(vq, memory))
		return VIRTQUEUE_EMPTY;
	if (!chain_walk(chain, memory, &table, vq->next_avail))
		return VIRTQUEUE_BROKEN;
	if (vq->in_flight + chain->descriptors > vq->size)
		return VIRTQUEUE_BROKEN;
	advance(vq, &vq->next_avail, &vq->avail_wrap, chain->descriptors);
	return VIRTQUEUE_TAKEN;
}

/* The flags last: they say that the rest is there. */
static void packed_put(struct virtqueue *vq, const struct memory *memory,
		       const struct virtio_chain *chain, uint32_t written)
{
	uint64_t at = descriptor(vq, vq->next_used);
	unsigned flags = vq->used_wrap ? VIRTQ_DESC_F_AVAIL | VIRTQ_DESC_F_USED : 0;

	if (chain->in_count)
		flags |= VIRTQ_DESC_F_WRITE; /* 2.8.6: the length is meaningful */
	ring_store32(memory, at + DESC_LEN, written);
	ring_store16(memory, at + DESC_ID, chain->id);
	ring_store16(memory, at + DESC_FLAGS, (uint16_t)flags);
	advance(vq, &vq->next_used, &vq->used_wrap, chain->descriptors);
}

static void packed_ask_to_notify(struct virtqueue *vq, const struct memory *memory, bool notify)
{
	uint32_t place = vq->next_avail | (vq->avail_wrap ? EVENT_WRAP : 0);
	uint32_t flags = vq->event_index ? EVENT_PLACE : EVENT_ENABLE;

	if (!notify)
		flags = EVENT_DISABLE;
	ring_store32(memory, vq->device, place | flags << 16);
}

static bool packed_wants_interrupt(struct virtqueue *vq, const struct memory *memory)
{
	uint32_t event = ring_load32(memory, vq->driver);
	uint16_t place = event & (EVENT_WRAP - 1);
	uint32_t flags = event >> 16 & EVENT_FLAGS;

	if (flags != EVENT_PLACE || !vq->event_index)
		return flags != EVENT_DISABLE;
	/* Of the round before: as if the ring went on below its beginning. */
	if (!(event & EVENT_WRAP) == vq->used_wrap)
		place = (uint16_t)(place - vq->size);
	return ring_passed(place, vq->next_used, vq->unsignalled);
}

const struct virtqueue_kind virtqueue_packed = {
	.start = packed_start,
	.take = packed_take,
	.put = packed_put,
	.ask_to_notify = packed_ask_to_notify,
	.wants_interrupt = packed_wants_interrupt,
};
