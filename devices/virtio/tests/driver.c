/* See driver.h. */
#include "devices/virtio/tests/driver.h"

#include <criterion/criterion.h>
#include <string.h>
#include <time.h>

#include "devices/tests/machine.h"
#include "devices/virtio/mmio.h"

const struct virtio_slot driver_slot = {.base = DRIVER_BASE, .intid = DRIVER_INTID};

void driver_begin(struct driver *driver, bool virtual_time)
{
	memset(driver, 0, sizeof(*driver));
	driver->vm = machine_create(1, virtual_time);
	driver->base = DRIVER_BASE;
	driver->next_ram = VM_RAM_BASE;
	wires_attach(&driver->wires, driver->vm);
}

void driver_end(struct driver *driver)
{
	vm_destroy(driver->vm);
}

uint32_t driver_get(struct driver *driver, uint64_t offset)
{
	return (uint32_t)machine_read(driver->vm, 0, driver->base + offset, 4);
}

void driver_put(struct driver *driver, uint64_t offset, uint32_t value)
{
	machine_write(driver->vm, 0, driver->base + offset, 4, value);
}

uint64_t driver_alloc(struct driver *driver, uint32_t len)
{
	uint64_t addr = driver->next_ram;

	driver->next_ram += (len + 15) & ~15u;
	memset(driver_at(driver, addr), 0, len);
	return addr;
}

void *driver_at(struct driver *driver, uint64_t addr)
{
	void *at = memory_at(&driver->vm->memory, addr, 1);

	cr_assert_not_null(at);
	return at;
}

static void set_status(struct driver *driver, uint32_t bits)
{
	driver_put(driver, VIRTIO_MMIO_STATUS, driver_get(driver, VIRTIO_MMIO_STATUS) | bits);
}

void driver_negotiate(struct driver *driver, uint64_t features)
{
	features |= VIRTIO_F_VERSION_1 | VIRTIO_F_INDIRECT_DESC;
	if (driver->packed)
		features |= VIRTIO_F_RING_PACKED;
	if (driver->event_index)
		features |= VIRTIO_F_EVENT_IDX;
	driver_put(driver, VIRTIO_MMIO_STATUS, 0);
	set_status(driver, VIRTIO_ACKNOWLEDGE);
	set_status(driver, VIRTIO_DRIVER);
	for (uint32_t i = 0; i < 2; i++) {
		driver_put(driver, VIRTIO_MMIO_DRIVER_FEATURES_SEL, i);
		driver_put(driver, VIRTIO_MMIO_DRIVER_FEATURES, (uint32_t)(features >> 32 * i));
	}
	set_status(driver, VIRTIO_FEATURES_OK);
	cr_assert(driver_get(driver, VIRTIO_MMIO_STATUS) & VIRTIO_FEATURES_OK);
}

static void put_address(struct driver *driver, uint64_t offset, uint64_t addr)
{
	driver_put(driver, offset, (uint32_t)addr);
	driver_put(driver, offset + 4, (uint32_t)(addr >> 32));
}

void driver_add_queue(struct driver *driver, unsigned queue, uint16_t size)
{
	struct driver_queue *q = &driver->queues[queue];

	memset(q, 0, sizeof(*q));
	q->size = size;
	q->avail_wrap = q->used_wrap = true;
	q->desc = driver_alloc(driver, 16u * size);
	q->driver = driver_alloc(driver, 6 + 2u * size);
	q->device = driver_alloc(driver, 6 + 8u * size);
	driver_put(driver, VIRTIO_MMIO_QUEUE_SEL, queue);
	cr_assert_geq(driver_get(driver, VIRTIO_MMIO_QUEUE_NUM_MAX), size);
	driver_put(driver, VIRTIO_MMIO_QUEUE_NUM, size);
	put_address(driver, VIRTIO_MMIO_QUEUE_DESC_LOW, q->desc);
	put_address(driver, VIRTIO_MMIO_QUEUE_DRIVER_LOW, q->driver);
	put_address(driver, VIRTIO_MMIO_QUEUE_DEVICE_LOW, q->device);
	driver_put(driver, VIRTIO_MMIO_QUEUE_READY, 1);
}

void driver_go(struct driver *driver)
{
	set_status(driver, VIRTIO_DRIVER_OK);
}

static void put16(struct driver *driver, uint64_t addr, uint16_t value)
{
	__atomic_store_n((uint16_t *)driver_at(driver, addr), value, __ATOMIC_SEQ_CST);
}

static uint16_t get16(struct driver *driver, uint64_t addr)
{
	return __atomic_load_n((uint16_t *)driver_at(driver, addr), __ATOMIC_SEQ_CST);
}

static uint32_t get32(struct driver *driver, uint64_t addr)
{
	return __atomic_load_n((uint32_t *)driver_at(driver, addr), __ATOMIC_SEQ_CST);
}

/* --- Split --- */

/* In the sizes in which the device reads them, a packed one's flags last. */
static void set_descriptor(struct driver *driver, uint64_t addr, const uint64_t words[2])
{
	__atomic_store_n((uint64_t *)driver_at(driver, addr), words[0], __ATOMIC_RELAXED);
	__atomic_store_n((uint32_t *)driver_at(driver, addr + 8), (uint32_t)words[1],
			 __ATOMIC_RELAXED);
	put16(driver, addr + 12, (uint16_t)(words[1] >> 32));
	put16(driver, addr + 14, (uint16_t)(words[1] >> 48));
}

void driver_set_descriptor(struct driver *driver, unsigned queue, uint16_t at, uint64_t addr,
			   uint32_t len, uint16_t flags, uint16_t next_or_id)
{
	uint16_t third = driver->packed ? next_or_id : flags;
	uint16_t fourth = driver->packed ? flags : next_or_id;
	const uint64_t words[2] = {
		addr,
		len | (uint64_t)third << 32 | (uint64_t)fourth << 48,
	};

	set_descriptor(driver, driver->queues[queue].desc + 16ull * at, words);
}

void driver_offer_head(struct driver *driver, unsigned queue, uint16_t head)
{
	struct driver_queue *q = &driver->queues[queue];

	put16(driver, q->driver + 4 + 2ull * (q->next_avail % q->size), head);
	put16(driver, q->driver + 2, ++q->next_avail);
}

static uint16_t offer_split(struct driver *driver, unsigned queue, const struct piece *pieces,
			    unsigned count, uint16_t extra_flags)
{
	struct driver_queue *q = &driver->queues[queue];
	uint16_t head = q->next_desc;

	for (unsigned i = 0; i < count; i++) {
		uint16_t at = q->next_desc;
		unsigned flags = extra_flags | (pieces[i].write ? VIRTQ_DESC_F_WRITE : 0) |
				 (i + 1 < count ? VIRTQ_DESC_F_NEXT : 0);

		q->next_desc = (uint16_t)((at + 1) % q->size);
		driver_set_descriptor(driver, queue, at, pieces[i].addr, pieces[i].len,
				      (uint16_t)flags, q->next_desc);
	}
	driver_offer_head(driver, queue, head);
	return head;
}

/* --- Packed --- */

/* The flags of the first descriptor last. */
static uint16_t offer_packed(struct driver *driver, unsigned queue, const struct piece *pieces,
			     unsigned count, uint16_t extra_flags)
{
	struct driver_queue *q = &driver->queues[queue];
	uint16_t first = q->next_avail, at[256], flags[256];
	uint16_t id = first;

	for (unsigned i = 0; i < count; i++) {
		at[i] = q->next_avail;
		flags[i] = (uint16_t)(extra_flags | (pieces[i].write ? VIRTQ_DESC_F_WRITE : 0) |
				      (i + 1 < count ? VIRTQ_DESC_F_NEXT : 0) |
				      (q->avail_wrap ? VIRTQ_DESC_F_AVAIL : VIRTQ_DESC_F_USED));
		if (++q->next_avail == q->size) {
			q->next_avail = 0;
			q->avail_wrap = !q->avail_wrap;
		}
	}
	q->weight[id] = (uint16_t)count;
	for (unsigned i = count; i-- > 0;)
		driver_set_descriptor(driver, queue, at[i], pieces[i].addr, pieces[i].len, flags[i],
				      id);
	return id;
}

/* --- Both --- */

uint16_t driver_offer(struct driver *driver, unsigned queue, const struct piece *pieces,
		      unsigned count)
{
	return driver->packed ? offer_packed(driver, queue, pieces, count, 0)
			      : offer_split(driver, queue, pieces, count, 0);
}

uint16_t driver_offer_indirect(struct driver *driver, unsigned queue, const struct piece *pieces,
			       unsigned count)
{
	uint64_t table = driver_alloc(driver, 16 * count);
	const struct piece piece = {table, 16 * count, false};

	for (unsigned i = 0; i < count; i++) {
		uint64_t flags = (pieces[i].write ? VIRTQ_DESC_F_WRITE : 0) |
				 (!driver->packed && i + 1 < count ? VIRTQ_DESC_F_NEXT : 0);
		const uint64_t words[2] = {
			pieces[i].addr,
			pieces[i].len | flags << (driver->packed ? 48 : 32) |
				(uint64_t)(driver->packed ? 0 : i + 1) << 48,
		};

		set_descriptor(driver, table + 16ull * i, words);
	}
	return driver->packed ? offer_packed(driver, queue, &piece, 1, VIRTQ_DESC_F_INDIRECT)
			      : offer_split(driver, queue, &piece, 1, VIRTQ_DESC_F_INDIRECT);
}

void driver_settle(struct driver *driver)
{
	struct schedule *schedule = &driver->vm->schedule;

	if (driver->vm->clock.mode == CLOCK_HOST) {
		loop_drain(driver->vm->loop);
		return;
	}
	while (schedule->tasks) {
		struct deferred *task = schedule->tasks;

		schedule->tasks = task->next;
		if (!schedule->tasks)
			schedule->tasks_end = &schedule->tasks;
		task->queued = false;
		task->run(task->owner);
	}
}

void driver_notify(struct driver *driver, unsigned queue)
{
	driver_put(driver, VIRTIO_MMIO_QUEUE_NOTIFY, queue);
	driver_settle(driver);
}

static bool used_split(struct driver *driver, struct driver_queue *q, uint16_t *id, uint32_t *len)
{
	uint64_t element = q->device + 4 + 8ull * (q->next_used % q->size);

	if (get16(driver, q->device + 2) == q->next_used)
		return false;
	*id = (uint16_t)get32(driver, element);
	*len = get32(driver, element + 4);
	q->next_used++;
	return true;
}

static bool used_packed(struct driver *driver, struct driver_queue *q, uint16_t *id, uint32_t *len)
{
	uint64_t at = q->desc + 16ull * q->next_used;
	uint16_t flags = get16(driver, at + 14);

	if (!(flags & VIRTQ_DESC_F_AVAIL) == q->used_wrap ||
	    !(flags & VIRTQ_DESC_F_USED) == q->used_wrap)
		return false;
	*id = get16(driver, at + 12);
	*len = get32(driver, at + 8);
	q->next_used = (uint16_t)(q->next_used + q->weight[*id % 256]);
	if (q->next_used >= q->size) {
		q->next_used = (uint16_t)(q->next_used - q->size);
		q->used_wrap = !q->used_wrap;
	}
	return true;
}

bool driver_used(struct driver *driver, unsigned queue, uint16_t *id, uint32_t *len)
{
	struct driver_queue *q = &driver->queues[queue];

	return driver->packed ? used_packed(driver, q, id, len) : used_split(driver, q, id, len);
}

uint32_t driver_await(struct driver *driver, unsigned queue, uint16_t id)
{
	const struct timespec pause = {.tv_nsec = 1000000};
	uint32_t len = 0;
	uint16_t used = 0;
	unsigned tries = 0;

	while (!driver_used(driver, queue, &used, &len)) {
		cr_assert_lt(tries++, 5000, "buffer %u does not come back", id);
		nanosleep(&pause, NULL);
	}
	cr_assert_eq(used, id);
	return len;
}

bool driver_line(struct driver *driver)
{
	return driver->wires.level[DRIVER_INTID];
}
