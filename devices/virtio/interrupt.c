/*
 * Interrupts of virtio devices: InterruptStatus, InterruptACK (virtio 1.2, 4.2.2), and the line.
 *
 * The line is up while InterruptStatus has a bit, and has a new edge for each new bit: so it is right
 * for a guest that takes it as the edge that the device tree says it is, and for one that takes it as a
 * level.
 *
 * Where the host's kernel can, it counts the acknowledgements of used buffers in an eventfd, and the vCPU
 * goes on. Nobody waits for that eventfd: the count is looked at when it matters, which is before a
 * bit is set and before the driver reads the register. A driver acknowledges first and looks
 * into the ring afterwards, so one whose acknowledgement is found later sees what was put there.
 */
#include <stdatomic.h>
#include <unistd.h>

#include "core/vm.h"
#include "devices/virtio/mmio.h"
#include "devices/virtio/virtio.h"

static void update_line(struct virtio *virtio)
{
	irq_line_set(&virtio->irq, virtio->state->interrupt_status);
}

static void clear(struct virtio *virtio, uint32_t interrupts)
{
	virtio->state->interrupt_status &= ~interrupts;
	update_line(virtio);
}

/* The acknowledgements that the kernel has counted. */
static void settle(struct virtio *virtio)
{
	uint64_t count;

	if (virtio->ack_fd < 0)
		return;
	/*
	 * What was put into the ring comes before the look: a vCPU whose acknowledgement is not seen here
	 * sees the ring as it is now. Its side of it is the barrier on the way back into the guest.
	 */
	atomic_thread_fence(memory_order_seq_cst);
	if (read(virtio->ack_fd, &count, sizeof(count)) == sizeof(count))
		clear(virtio, VIRTIO_INTERRUPT_USED);
}

void virtio_raise(struct virtio *virtio, uint32_t interrupt)
{
	struct virtio_state *state = virtio->state;

	settle(virtio);
	if (state->interrupt_status & interrupt)
		return;
	if (state->interrupt_status)
		irq_line_set(&virtio->irq, false);
	state->interrupt_status |= interrupt;
	update_line(virtio);
}

uint32_t virtio_interrupt_status(struct virtio *virtio)
{
	settle(virtio);
	return virtio->state->interrupt_status;
}

void virtio_acknowledge(struct virtio *virtio, uint32_t interrupts)
{
	settle(virtio);
	clear(virtio, interrupts);
}

/* Where acknowledgements cannot be counted, each is an exit. */
void virtio_interrupt_init(struct virtio *virtio)
{
	virtio->irq = (struct irq_line){
		.chip = &virtio->device.vm->irq_chip,
		.intid = virtio->slot.intid,
	};
	virtio->ack_fd = virtio_event_add(virtio, VIRTIO_MMIO_INTERRUPT_ACK, VIRTIO_INTERRUPT_USED);
}

void virtio_interrupt_destroy(struct virtio *virtio)
{
	virtio_event_remove(virtio, VIRTIO_MMIO_INTERRUPT_ACK, VIRTIO_INTERRUPT_USED,
			    virtio->ack_fd);
}
