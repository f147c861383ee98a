/*
 * What all virtio devices have in common (virtio 1.2, 2): features, status, queues, configuration
 * space, and the transport by MMIO registers (4.2). A device of this family puts `struct virtio` first
 * in its own struct, fills in a table of functions, and uses the functions below.
 *
 * Threads. The driver's notification of a queue has ops->notify called: on the thread that may call
 * into devices (the I/O loop's; with virtual time the scheduling thread between two slices, so that
 * a run stays a function of its inputs), or, for queues that are served at once, on the vCPU's thread.
 * Never twice at a time for one queue. No lock is held then, nor across any other function of
 * the device but those that say so.
 *
 * A chain that was taken is in flight until it is put. While a queue has chains in flight the driver
 * waits that wants to stop it or to reset the device: afterwards, guest memory is the driver's own.
 */
#ifndef GOD_DEVICES_VIRTIO_VIRTIO_H
#define GOD_DEVICES_VIRTIO_VIRTIO_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/device.h"
#include "core/irq.h"
#include "core/schedule.h"
#include "devices/virtio/chain.h"
#include "devices/virtio/virtqueue.h"

struct virtio;

/* Device IDs, virtio 1.2, 5. */
#define VIRTIO_ID_NET	  1
#define VIRTIO_ID_BLOCK	  2
#define VIRTIO_ID_CONSOLE 3
#define VIRTIO_ID_RNG	  4
#define VIRTIO_ID_BALLOON 5
#define VIRTIO_ID_VSOCK	  19
#define VIRTIO_ID_FS	  26

/* Features that are no single device's, virtio 1.2, 6. */
#define VIRTIO_F_INDIRECT_DESC (1ULL << 28)
#define VIRTIO_F_EVENT_IDX     (1ULL << 29)
#define VIRTIO_F_VERSION_1     (1ULL << 32)
#define VIRTIO_F_RING_PACKED   (1ULL << 34)
#define VIRTIO_F_RING_RESET    (1ULL << 40)

/* Device status, 2.1. */
#define VIRTIO_ACKNOWLEDGE 1
#define VIRTIO_DRIVER	   2
#define VIRTIO_DRIVER_OK   4
#define VIRTIO_FEATURES_OK 8
#define VIRTIO_NEEDS_RESET 64
#define VIRTIO_FAILED	   128

/* InterruptStatus, 4.2.2. */
#define VIRTIO_INTERRUPT_USED	(1u << 0)
#define VIRTIO_INTERRUPT_CONFIG (1u << 1)

#define VIRTIO_QUEUES_MAX 32
#define VIRTIO_CONFIG_MAX 0x100

/* Guest-visible state: the first member of each device's own state. */
struct virtio_state {
	uint32_t status;
	uint32_t interrupt_status;
	uint32_t config_generation;
	uint32_t device_features_sel, driver_features_sel, queue_sel;
	uint64_t driver_features;
	struct virtqueue queues[VIRTIO_QUEUES_MAX];
	uint8_t config[VIRTIO_CONFIG_MAX];
};

/* Where a device sits. */
struct virtio_slot {
	uint64_t base;
	unsigned intid;
};

struct virtio_ops {
	struct device_ops device; /* VIRTIO_DEVICE_OPS */
	uint32_t id;
	uint32_t serve_at_once; /* mask of queues: on the vCPU's thread, with its time */

	/* There may be chains in this queue, or room where there was none. */
	void (*notify)(struct virtio *virtio, unsigned queue);
	/*
	 * The driver stops a queue: put what is in flight without having been begun. Requests
	 * that a back end works on may end by themselves. Lock not held. NULL: nothing stays in flight.
	 */
	void (*stop)(struct virtio *virtio, unsigned queue);
	/*
	 * The driver stops a queue, or resets the device with all of them: whoever serves the queue
	 * without virtio_take() stops, before this returns. Lock not held. May be NULL.
	 */
	void (*halt)(struct virtio *virtio, unsigned queue);
	/*
	 * Bring what the device adds to virtio_state (configuration space, too) to its reset value.
	 * Nothing is in flight. Lock held. May be NULL.
	 */
	void (*reset)(struct virtio *virtio);
	/* The driver wrote to configuration space. Lock held. NULL: it is read-only. */
	void (*config_write)(struct virtio *virtio, unsigned offset, unsigned size, uint32_t value);
};

#define VIRTIO_DEVICE_OPS(the_name, the_destroy) \
	{.name = (the_name),                     \
	 .reset = virtio_device_reset,           \
	 .describe = virtio_describe,            \
	 .destroy = (the_destroy)}
void virtio_device_reset(struct device *device);
int virtio_describe(struct device *device, void *fdt);

/* How a queue is notified. */
struct virtio_doorbell {
	struct virtio *virtio;
	unsigned queue;
	struct deferred task;
	int event_fd;	     /* signalled by the host's kernel instead of an exit; -1: none */
	bool serving, again; /* guarded by virtio->lock */
};

struct virtio {
	struct device device;
	const struct virtio_ops *ops;
	struct virtio_state *state;
	uint64_t offered; /* features */
	unsigned queue_count;
	unsigned config_size;
	struct virtio_slot slot;
	struct irq_line irq;
	int ack_fd;	      /* counts acknowledgements that are no exits; -1: none */
	pthread_mutex_t lock; /* guards state, and all below */
	pthread_cond_t idle;  /* something in flight has come back */
	bool resetting;
	bool quiet; /* virtio_quiesce() has been here */
	struct virtio_doorbell doorbells[VIRTIO_QUEUES_MAX];
};

/* What differs between devices. */
struct virtio_setup {
	const struct virtio_ops *ops;
	const struct virtio_slot *slot;
	struct virtio_state *state; /* the device's own, zeroed, in its struct */
	size_t state_size;
	uint64_t features; /* the device's own ones */
	uint64_t lacks;	   /* those that are not offered: of these, and of what all offer */
	unsigned queue_count;
	uint16_t queue_size; /* at most VIRTQUEUE_SIZE_MAX */
	unsigned config_size;
};

/*
 * Set up the part that all have, place it on the bus and give it to the VM, which owns the device from then
 * on. On failure nothing is left behind: the caller frees its own.
 */
int virtio_init(struct virtio *virtio, struct vm *vm, const struct virtio_setup *setup,
		struct error *err);

/*
 * For device_ops.destroy. Quiesce: no notification comes any more, nothing is in flight, and nothing is
 * taken. Destroy does that too, if need be, and undoes virtio_init(); the device frees its own
 * afterwards.
 */
void virtio_quiesce(struct virtio *virtio);
void virtio_destroy(struct virtio *virtio);

/*
 * Take the next chain of a queue. False: there is none (the driver has been asked to notify), or
 * the driver does not use the queue, or has broken it. Any thread.
 */
bool virtio_take(struct virtio *virtio, unsigned queue, struct virtio_chain *chain);

/* Give it back with `written` bytes in its writable pieces. Any thread. */
void virtio_put(struct virtio *virtio, unsigned queue, const struct virtio_chain *chain,
		uint32_t written);

/* Interrupt the driver for what was put, if it wants that. Any thread. */
void virtio_signal(struct virtio *virtio, unsigned queue);

/* The same, of buffers that somebody else has put. Any thread. */
void virtio_interrupt(struct virtio *virtio);

/* Have ops->notify called for the queue, as if the driver had notified. Any thread, no lock held. */
void virtio_ring(struct virtio *virtio, unsigned queue);

/* The driver broke the rules of this device: DEVICE_NEEDS_RESET (2.1.2). Any thread. */
void virtio_break(struct virtio *virtio);

/* Change configuration space and tell the driver. Any thread. */
void virtio_set_config(struct virtio *virtio, unsigned offset, const void *bytes, unsigned size);

/* Has the driver negotiated that feature? Any thread. */
bool virtio_has(struct virtio *virtio, uint64_t feature);

/* In ops->stop and ops->halt: is it the whole device that is being reset, and not one queue? */
bool virtio_is_resetting(struct virtio *virtio);

/* --- interrupt.c: lock held --- */

/* Set a bit of InterruptStatus; the driver is interrupted if it was clear. */
void virtio_raise(struct virtio *virtio, uint32_t interrupt);

/* Bits of InterruptStatus are cleared, by the driver or because it is gone. */
void virtio_acknowledge(struct virtio *virtio, uint32_t interrupts);

/* What the driver reads. */
uint32_t virtio_interrupt_status(struct virtio *virtio);

/* The line, and acknowledgements that are no exits; device.vm and slot are set. Lock not held. */
void virtio_interrupt_init(struct virtio *virtio);
void virtio_interrupt_destroy(struct virtio *virtio);

/* --- Writes to registers that are no exits --- */

/*
 * From now on the host's kernel counts writes of `value` to the register at `offset` in an eventfd, which is
 * returned, and no exit comes of them. -1: it cannot, and they are exits. To be removed, which closes it; a
 * removal of -1 is none. device.vm and slot are set. No lock held.
 */
int virtio_event_add(struct virtio *virtio, uint64_t offset, uint32_t value);
void virtio_event_remove(struct virtio *virtio, uint64_t offset, uint32_t value, int fd);

/* --- For mmio.c: lock held --- */

bool virtio_is_live(const struct virtio *virtio);
void virtio_start_queue(struct virtio *virtio, unsigned queue);
/* These three give the lock up while they wait for what is in flight. */
void virtio_stop_queue(struct virtio *virtio, unsigned queue);
void virtio_reset_queue(struct virtio *virtio, unsigned queue);
void virtio_reset(struct virtio *virtio);

extern const struct mmio_ops virtio_mmio;

#endif
