/*
 * InterruptStatus and its line: as a level, as an edge, and where acknowledgements are no exits.
 */
#include <criterion/criterion.h>

#include "core/vm.h"
#include "devices/virtio/mmio.h"
#include "devices/virtio/tests/copier.h"
#include "devices/virtio/tests/events.h"

#define BOTH (VIRTIO_INTERRUPT_USED | VIRTIO_INTERRUPT_CONFIG)

static struct driver d;
static struct copier *copier;

static void go(void)
{
	copier = copier_create(&d);
	driver_negotiate(&d, 0);
	driver_add_queue(&d, 0, 8);
	driver_go(&d);
}

static void begin(void)
{
	driver_begin(&d, false);
	go();
}

static void begin_with_events(void)
{
	driver_begin(&d, false);
	events_attach(&d, false);
	go();
}

static void end(void)
{
	driver_end(&d);
	cr_expect_eq(events_count(), 0, "all are taken back");
}

static uint32_t pending(void)
{
	return driver_get(&d, VIRTIO_MMIO_INTERRUPT_STATUS);
}

static unsigned edges(void)
{
	return d.wires.edges[DRIVER_INTID];
}

static void acknowledge(uint32_t interrupts)
{
	driver_put(&d, VIRTIO_MMIO_INTERRUPT_ACK, interrupts);
}

/* A buffer is used. */
static void use(void)
{
	const struct piece piece = {driver_alloc(&d, 16), 16, true};

	driver_offer(&d, 0, &piece, 1);
	driver_notify(&d, 0);
}

static void change_configuration(void)
{
	virtio_set_config(&copier->virtio, 0, "x", 1);
}

/* --- Each acknowledgement is an exit --- */

TestSuite(virtio_interrupt, .init = begin, .fini = end, .timeout = 20);

Test(virtio_interrupt, is_a_level_until_acknowledged)
{
	use();
	cr_expect_eq(pending(), VIRTIO_INTERRUPT_USED);
	cr_expect(driver_line(&d));
	acknowledge(VIRTIO_INTERRUPT_CONFIG);
	cr_expect(driver_line(&d));
	acknowledge(VIRTIO_INTERRUPT_USED);
	cr_expect_eq(pending(), 0);
	cr_expect_not(driver_line(&d));
}

Test(virtio_interrupt, has_an_edge_for_each_bit_that_was_clear)
{
	use();
	cr_expect_eq(edges(), 1);
	use();
	cr_expect_eq(edges(), 1, "not acknowledged: the driver has yet to look");
	change_configuration();
	cr_expect_eq(edges(), 2, "the driver may have read the status already");
	cr_expect(driver_line(&d));
	cr_expect_eq(pending(), BOTH);
	acknowledge(VIRTIO_INTERRUPT_USED);
	cr_expect(driver_line(&d));
	use();
	cr_expect_eq(edges(), 3);
	acknowledge(BOTH);
	cr_expect_not(driver_line(&d));
	use();
	cr_expect_eq(edges(), 4);
}

/* --- Those of used buffers are counted by the host's kernel --- */

TestSuite(virtio_counted_ack, .init = begin_with_events, .fini = end, .timeout = 20);

static void acknowledge_uncaught(void)
{
	events_write(VIRTIO_MMIO_INTERRUPT_ACK, VIRTIO_INTERRUPT_USED);
}

Test(virtio_counted_ack, is_found_when_the_driver_reads)
{
	use();
	acknowledge_uncaught();
	cr_expect_eq(pending(), 0);
	cr_expect_not(driver_line(&d));
	use();
	cr_expect_eq(pending(), VIRTIO_INTERRUPT_USED, "one acknowledgement is for one time");
}

/* A driver that acknowledges and never reads, as one that polls does. */
Test(virtio_counted_ack, is_found_when_there_is_a_new_interrupt)
{
	for (unsigned i = 1; i <= 5; i++) {
		use();
		cr_expect_eq(edges(), i);
		cr_expect(driver_line(&d));
		acknowledge_uncaught();
	}
}

Test(virtio_counted_ack, is_for_used_buffers_alone)
{
	cr_expect_not(events_has(VIRTIO_MMIO_INTERRUPT_ACK, VIRTIO_INTERRUPT_CONFIG));
	cr_expect_not(events_has(VIRTIO_MMIO_INTERRUPT_ACK, BOTH));
	use();
	change_configuration();
	acknowledge_uncaught();
	cr_expect_eq(pending(), VIRTIO_INTERRUPT_CONFIG);
	cr_expect(driver_line(&d));
	use();
	acknowledge_uncaught();
	acknowledge(VIRTIO_INTERRUPT_CONFIG);
	cr_expect_not(driver_line(&d), "both are acknowledged");
}

Test(virtio_counted_ack, does_not_outlive_a_reset)
{
	use();
	acknowledge_uncaught();
	driver_put(&d, VIRTIO_MMIO_STATUS, 0);
	cr_expect_not(driver_line(&d));
	driver_negotiate(&d, 0);
	driver_add_queue(&d, 0, 8);
	driver_go(&d);
	use();
	cr_expect_eq(pending(), VIRTIO_INTERRUPT_USED);
}
