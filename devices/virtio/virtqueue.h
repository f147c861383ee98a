/*
 * A virtqueue (virtio 1.2, 2.6), seen from the device: take the chains that the driver made
 * available, give them back used, and ask each other not to be disturbed. Split (2.7) and packed
 * (2.8) queues look the same from here on.
 *
 * Nothing here locks: the transport does. What the driver writes into the rings is looked at once
 * and believed in nothing; VIRTQUEUE_BROKEN says that it broke the rules.
 */
#ifndef GOD_DEVICES_VIRTIO_VIRTQUEUE_H
#define GOD_DEVICES_VIRTIO_VIRTQUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/memory.h"
#include "devices/virtio/chain.h"

/* Plain state: guest addresses and indices. */
struct virtqueue {
	/* As the driver wrote them; for packed queues the latter two are event suppression. */
	uint64_t desc, driver, device;
	uint16_t size; /* 0: the driver does not use the queue */
	uint16_t size_max;
	bool ready;
	bool packed, indirect, event_index; /* as negotiated, when it became ready */

	uint16_t next_avail; /* split: counts on; packed: a place in the ring */
	uint16_t next_used;
	bool avail_wrap, used_wrap; /* packed: the wrap counters */
	uint16_t in_flight;	    /* chains (packed: descriptors) taken and not given back */
	uint16_t unsignalled;	    /* the same, given back since the last interrupt */
	bool notify;		    /* the driver is asked to notify */
};

enum virtqueue_result { VIRTQUEUE_EMPTY, VIRTQUEUE_TAKEN, VIRTQUEUE_BROKEN };

/* Forget everything but size_max. */
void virtqueue_reset(struct virtqueue *vq);

/*
 * The driver says that the queue is ready (`packed`, `indirect` and `event_index` are set). False when
 * its size or its addresses cannot be.
 */
bool virtqueue_start(struct virtqueue *vq, const struct memory *memory);

/*
 * Take the next chain. When there is none the driver has been asked to notify of the next one; while
 * there are some it has been asked not to. The queue is ready.
 */
enum virtqueue_result virtqueue_take(struct virtqueue *vq, const struct memory *memory,
				     struct virtio_chain *chain);

/* Give a chain back, `written` bytes of which the device has written. */
void virtqueue_put(struct virtqueue *vq, const struct memory *memory,
		   const struct virtio_chain *chain, uint32_t written);

/* Let go of a chain without a word to the driver, who has stopped the queue. */
void virtqueue_drop(struct virtqueue *vq, const struct virtio_chain *chain);

/* Does the driver want to be interrupted for what was put since this was last asked? */
bool virtqueue_wants_interrupt(struct virtqueue *vq, const struct memory *memory);

/* --- For the two kinds: split.c, packed.c --- */

struct virtqueue_kind {
	bool (*start)(struct virtqueue *vq, const struct memory *memory);
	enum virtqueue_result (*take)(struct virtqueue *vq, const struct memory *memory,
				      struct virtio_chain *chain);
	void (*put)(struct virtqueue *vq, const struct memory *memory,
		    const struct virtio_chain *chain, uint32_t written);
	void (*ask_to_notify)(struct virtqueue *vq, const struct memory *memory, bool notify);
	bool (*wants_interrupt)(struct virtqueue *vq, const struct memory *memory);
};

extern const struct virtqueue_kind virtqueue_split;
extern const struct virtqueue_kind virtqueue_packed;

/*
 * The rings' words, which the driver reads and writes at the same time. The addresses were checked
 * by start(), and RAM does not shrink.
 */
static inline uint16_t ring_load16(const struct memory *memory, uint64_t addr)
{
	const uint16_t *at = memory_at(memory, addr, sizeof(*at));

	return at ? __atomic_load_n(at, __ATOMIC_SEQ_CST) : 0;
}

static inline void ring_store16(const struct memory *memory, uint64_t addr, uint16_t value)
{
	uint16_t *at = memory_at(memory, addr, sizeof(*at));

	if (at)
		__atomic_store_n(at, value, __ATOMIC_SEQ_CST);
}

static inline uint32_t ring_load32(const struct memory *memory, uint64_t addr)
{
	const uint32_t *at = memory_at(memory, addr, sizeof(*at));

	return at ? __atomic_load_n(at, __ATOMIC_SEQ_CST) : 0;
}

static inline void ring_store32(const struct memory *memory, uint64_t addr, uint32_t value)
{
	uint32_t *at = memory_at(memory, addr, sizeof(*at));

	if (at)
		__atomic_store_n(at, value, __ATOMIC_SEQ_CST);
}

/* Did the index go past `event` when it came to `now` by the last `count` steps (2.7.7.2)? */
static inline bool ring_passed(uint16_t event, uint16_t now, uint16_t count)
{
	return (uint16_t)(now - event - 1) < count;
}

/* An area of the driver's that can be: aligned, and RAM. */
static inline bool ring_area_ok(const struct memory *memory, uint64_t addr, uint64_t len,
				unsigned alignment)
{
	return addr % alignment == 0 && memory_at(memory, addr, len);
}

#endif
