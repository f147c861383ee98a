/*
 * For tests of virtio devices: the driver's side. It drives the registers as a vCPU would, lays out
 * split or packed queues in the VM's RAM, and can be told to do it wrong.
 */
#ifndef GOD_DEVICES_VIRTIO_TESTS_DRIVER_H
#define GOD_DEVICES_VIRTIO_TESTS_DRIVER_H

#include "core/vm.h"
#include "devices/tests/wires.h"
#include "devices/virtio/virtio.h"

#define DRIVER_BASE  0x0a000000ULL
#define DRIVER_INTID 48

struct driver_queue {
	uint16_t size;
	uint64_t desc, driver, device;
	uint16_t next_avail, next_used;
	bool avail_wrap, used_wrap;
	uint16_t next_desc;   /* split: descriptors are handed out in turn */
	uint16_t weight[256]; /* packed: descriptors by buffer ID */
};

struct driver {
	struct vm *vm;
	struct wires wires;
	uint64_t base;
	bool packed, event_index;
	uint64_t next_ram;
	struct driver_queue queues[8];
};

/* A piece of a buffer. */
struct piece {
	uint64_t addr;
	uint32_t len;
	bool write;
};

/* A machine with that driver in it, and no device. */
void driver_begin(struct driver *driver, bool virtual_time);
void driver_end(struct driver *driver);
extern const struct virtio_slot driver_slot;

uint32_t driver_get(struct driver *driver, uint64_t offset);
void driver_put(struct driver *driver, uint64_t offset, uint32_t value);

/* Guest memory that nothing else uses, zeroed; aligned to 16. */
uint64_t driver_alloc(struct driver *driver, uint32_t len);
void *driver_at(struct driver *driver, uint64_t addr);

/* From reset to FEATURES_OK with these features of the device's own; the driver's fields say which
 * of the common ones. */
void driver_negotiate(struct driver *driver, uint64_t features);
void driver_add_queue(struct driver *driver, unsigned queue, uint16_t size);
void driver_go(struct driver *driver); /* DRIVER_OK */

/* Make a buffer available. Returns its ID. */
uint16_t driver_offer(struct driver *driver, unsigned queue, const struct piece *pieces,
		      unsigned count);
uint16_t driver_offer_indirect(struct driver *driver, unsigned queue, const struct piece *pieces,
			       unsigned count);

/* Notify, and wait until the loop thread has been there. */
void driver_notify(struct driver *driver, unsigned queue);
/* What is deferred, as the scheduling thread or the loop thread would do it. */
void driver_settle(struct driver *driver);

/* The next used buffer. False: there is none. */
bool driver_used(struct driver *driver, unsigned queue, uint16_t *id, uint32_t *len);
/* Wait for one; the test fails when none comes. Returns its length. */
uint32_t driver_await(struct driver *driver, unsigned queue, uint16_t id);

/* One descriptor of a queue, as it stands in the ring. */
void driver_set_descriptor(struct driver *driver, unsigned queue, uint16_t at, uint64_t addr,
			   uint32_t len, uint16_t flags, uint16_t next_or_id);
/* Make the split chain that begins at `head` available. */
void driver_offer_head(struct driver *driver, unsigned queue, uint16_t head);

bool driver_line(struct driver *driver); /* the device's interrupt line */

#endif
