/*
 * Virtio over MMIO: the registers (virtio 1.2, 4.2.2). They are 32 bits wide and are read and written
 * so; configuration space, from 0x100 on, in any size. Whatever else the driver tries reads as 0 and
 * changes nothing.
 */
#include "devices/virtio/mmio.h"

#include <string.h>

#include "core/boot/devicetree.h"
#include "core/bus.h"
#include "core/vm.h"
#include "devices/virtio/virtio.h"

#define VERSION 2

/* What the driver may set; NEEDS_RESET is the device's. */
#define STATUS_WRITABLE \
	(VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER | VIRTIO_DRIVER_OK | VIRTIO_FEATURES_OK | VIRTIO_FAILED)

/* --- Features and status --- */

/* One half of a 64-bit set; there are no others. */
static uint32_t feature_word(uint64_t features, uint32_t select)
{
	return select < 2 ? (uint32_t)(features >> 32 * select) : 0;
}

static void write_driver_features(struct virtio_state *state, uint32_t value)
{
	uint32_t select = state->driver_features_sel;

	if (select > 1 || state->status & VIRTIO_FEATURES_OK)
		return;
	state->driver_features &= ~(0xffffffffULL << 32 * select);
	state->driver_features |= (uint64_t)value << 32 * select;
}

/* 6.1: without VERSION_1 it is a driver of another age. */
static bool are_features_ok(const struct virtio *virtio)
{
	uint64_t features = virtio->state->driver_features;

	return !(features & ~virtio->offered) && features & VIRTIO_F_VERSION_1;
}

/*
 * 2.1.1: bits are only ever added. FEATURES_OK sticks when the features can be accepted, and DRIVER_OK
 * after it. True: the device has gone live.
 */
static bool write_status(struct virtio *virtio, uint32_t value)
{
	struct virtio_state *state = virtio->state;
	bool was_live = virtio_is_live(virtio);

	if (!value) {
		virtio_reset(virtio);
		return false;
	}
	value &= STATUS_WRITABLE;
	if (!(state->status & VIRTIO_FEATURES_OK) && !are_features_ok(virtio))
		value &= ~(uint32_t)VIRTIO_FEATURES_OK;
	if (!((state->status | value) & VIRTIO_FEATURES_OK))
		value &= ~(uint32_t)VIRTIO_DRIVER_OK;
	state->status |= value;
	return virtio_is_live(virtio) && !was_live;
}

/* --- The selected queue --- */

static struct virtqueue *selected(struct virtio *virtio)
{
	uint32_t queue = virtio->state->queue_sel;

	return queue < virtio->queue_count ? &virtio->state->queues[queue] : NULL;
}

static void set_half(uint64_t *address, bool high, uint32_t value)
{
	unsigned shift = high ? 32 : 0;

	*address = (*address & ~(0xffffffffULL << shift)) | (uint64_t)value << shift;
}

/* Its size and place are fixed while it is ready. */
static void write_queue(struct virtio *virtio, struct virtqueue *vq, uint64_t offset,
			uint32_t value)
{
	bool high = offset & 4;

	if (offset == VIRTIO_MMIO_QUEUE_READY) {
		if (value & 1)
			virtio_start_queue(virtio, virtio->state->queue_sel);
		else
			virtio_stop_queue(virtio, virtio->state->queue_sel);
		return;
	}
	/* It is over when the write is: the register always reads as 0. */
	if (offset == VIRTIO_MMIO_QUEUE_RESET && value & 1)
		virtio_reset_queue(virtio, virtio->state->queue_sel);
	if (vq->ready)
		return;
	switch (offset) {
	case VIRTIO_MMIO_QUEUE_NUM: vq->size = value <= vq->size_max ? (uint16_t)value : 0; break;
	case VIRTIO_MMIO_QUEUE_DESC_LOW:
	case VIRTIO_MMIO_QUEUE_DESC_HIGH: set_half(&vq->desc, high, value); break;
	case VIRTIO_MMIO_QUEUE_DRIVER_LOW:
	case VIRTIO_MMIO_QUEUE_DRIVER_HIGH: set_half(&vq->driver, high, value); break;
	case VIRTIO_MMIO_QUEUE_DEVICE_LOW:
	case VIRTIO_MMIO_QUEUE_DEVICE_HIGH: set_half(&vq->device, high, value); break;
	default: break;
	}
}

/* --- Registers: lock held --- */

static uint32_t read_register(struct virtio *virtio, uint64_t offset)
{
	const struct virtio_state *state = virtio->state;
	const struct virtqueue *vq = selected(virtio);

	switch (offset) {
	case VIRTIO_MMIO_MAGIC_VALUE: return VIRTIO_MMIO_MAGIC;
	case VIRTIO_MMIO_VERSION: return VERSION;
	case VIRTIO_MMIO_DEVICE_ID: return virtio->ops->id;
	case VIRTIO_MMIO_VENDOR_ID: return VIRTIO_MMIO_VENDOR;
	case VIRTIO_MMIO_DEVICE_FEATURES:
		return feature_word(virtio->offered, state->device_features_sel);
	case VIRTIO_MMIO_QUEUE_NUM_MAX: return vq ? vq->size_max : 0;
	case VIRTIO_MMIO_QUEUE_READY: return vq && vq->ready;
	case VIRTIO_MMIO_INTERRUPT_STATUS: return virtio_interrupt_status(virtio);
	case VIRTIO_MMIO_STATUS: return state->status;
	case VIRTIO_MMIO_CONFIG_GENERATION: return state->config_generation;
	default: break;
	}
	/* No shared memory region is there: each has the length and the base -1. */
	if (offset >= VIRTIO_MMIO_SHM_LEN_LOW && offset <= VIRTIO_MMIO_SHM_BASE_HIGH)
		return UINT32_MAX;
	return 0;
}

/* What is left to do without the lock. */
enum after { AFTER_NOTHING, AFTER_RING_ONE, AFTER_RING_ALL };

static enum after write_register(struct virtio *virtio, uint64_t offset, uint32_t value)
{
	struct virtio_state *state = virtio->state;
	struct virtqueue *vq = selected(virtio);

	if (virtio->resetting && offset != VIRTIO_MMIO_STATUS)
		return AFTER_NOTHING;
	switch (offset) {
	case VIRTIO_MMIO_DEVICE_FEATURES_SEL: state->device_features_sel = value; break;
	case VIRTIO_MMIO_DRIVER_FEATURES_SEL: state->driver_features_sel = value; break;
	case VIRTIO_MMIO_DRIVER_FEATURES: write_driver_features(state, value); break;
	case VIRTIO_MMIO_QUEUE_SEL: state->queue_sel = value; break;
	case VIRTIO_MMIO_QUEUE_NOTIFY:
		return value < virtio->queue_count && virtio_is_live(virtio) ? AFTER_RING_ONE
									     : AFTER_NOTHING;
	case VIRTIO_MMIO_INTERRUPT_ACK: virtio_acknowledge(virtio, value); break;
	case VIRTIO_MMIO_STATUS:
		return write_status(virtio, value) ? AFTER_RING_ALL : AFTER_NOTHING;
	default:
		if (vq && offset < VIRTIO_MMIO_CONFIG)
			write_queue(virtio, vq, offset, value);
		break;
	}
	return AFTER_NOTHING;
}

/* --- Accesses --- */

static bool is_register_access(uint64_t offset, unsigned size)
{
	return size == 4 && offset < VIRTIO_MMIO_CONFIG;
}

/* Behind what the device has, configuration space reads as 0. */
static uint64_t read_config(const struct virtio *virtio, uint64_t offset, unsigned size)
{
	uint64_t value = 0;

	if (offset + size <= virtio->config_size)
		memcpy(&value, virtio->state->config + offset, size);
	return value;
}

static uint64_t mmio_read(void *owner, unsigned cpu, uint64_t offset, unsigned size)
{
	struct virtio *virtio = owner;
	uint64_t value = 0;

	(void)cpu;
	pthread_mutex_lock(&virtio->lock);
	if (is_register_access(offset, size))
		value = read_register(virtio, offset);
	else if (offset >= VIRTIO_MMIO_CONFIG)
		value = read_config(virtio, offset - VIRTIO_MMIO_CONFIG, size);
	pthread_mutex_unlock(&virtio->lock);
	return value;
}

static void write_config(struct virtio *virtio, uint64_t offset, unsigned size, uint64_t value)
{
	if (virtio->ops->config_write && size <= 4 && offset + size <= virtio->config_size)
		virtio->ops->config_write(virtio, (unsigned)offset, size, (uint32_t)value);
}

static void mmio_write(void *owner, unsigned cpu, uint64_t offset, unsigned size, uint64_t value)
{
	struct virtio *virtio = owner;
	enum after after = AFTER_NOTHING;

	(void)cpu;
	pthread_mutex_lock(&virtio->lock);
	if (is_register_access(offset, size))
		after = write_register(virtio, offset, (uint32_t)value);
	else if (offset >= VIRTIO_MMIO_CONFIG)
		write_config(virtio, offset - VIRTIO_MMIO_CONFIG, size, value);
	pthread_mutex_unlock(&virtio->lock);
	if (after == AFTER_RING_ONE)
		virtio_ring(virtio, (unsigned)value);
	/* What the driver put there before the device was live needs no further notification. */
	for (unsigned i = 0; after == AFTER_RING_ALL && i < virtio->queue_count; i++)
		virtio_ring(virtio, i);
}

const struct mmio_ops virtio_mmio = {.read = mmio_read, .write = mmio_write};

/* Linux: Documentation/devicetree/bindings/virtio/mmio.yaml */
int virtio_describe(struct device *device, void *fdt)
{
	const struct virtio *virtio = (struct virtio *)device;
	const uint64_t reg[1][2] = {{virtio->slot.base, VIRTIO_MMIO_SIZE}};
	int rc;

	if ((rc = devicetree_begin(fdt, "virtio_mmio", virtio->slot.base)) ||
	    (rc = devicetree_string(fdt, "compatible", "virtio,mmio")) ||
	    (rc = devicetree_reg(fdt, reg, 1)) ||
	    (rc = devicetree_interrupt(fdt, virtio->slot.intid, TRIGGER_EDGE_RISING)) ||
	    (rc = devicetree_cells(fdt, "dma-coherent", NULL, 0)))
		return rc;
	return devicetree_end(fdt);
}
