/*
 * A device whose queues somebody else serves: when that back end is told what, what goes to it and comes from it, and
 * that it has nothing in its hands after a reset. The back end here only remembers.
 */
#include <criterion/criterion.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "devices/virtio/mmio.h"
#include "devices/virtio/tests/driver.h"
#include "devices/virtio/vhost.h"

#define FEATURE	    (1ULL << 3)
#define QUEUE_COUNT 3 /* one of them is not the back end's */

struct remote {
	struct vhost vhost;
	struct virtio_state state;
	/* Guarded by vhost.lock. */
	unsigned set_ups, starts[VHOST_QUEUES_MAX], stops[VHOST_QUEUES_MAX];
	bool running[VHOST_QUEUES_MAX];
	bool refuses;
	uint64_t features;
	struct vhost_ring rings[VHOST_QUEUES_MAX];
};

static struct driver d;
static struct remote *remote;
static _Atomic unsigned failures;

/* --- The back end --- */

static int remote_set_up(struct vhost *vhost, uint64_t features, const struct memory *memory,
			 struct error *err)
{
	(void)vhost;
	cr_expect_eq(memory, &d.vm->memory);
	cr_expect(!remote->running[0] && !remote->running[1], "before any queue");
	remote->set_ups++;
	remote->features = features;
	return remote->refuses ? error_set(err, ERROR_OS, "refused") : 0;
}

static int remote_start_queue(struct vhost *vhost, unsigned queue, const struct vhost_ring *ring,
			      struct error *err)
{
	(void)vhost;
	(void)err;
	cr_expect_not(remote->running[queue]);
	remote->running[queue] = true;
	remote->starts[queue]++;
	remote->rings[queue] = *ring;
	return 0;
}

static void remote_stop_queue(struct vhost *vhost, unsigned queue)
{
	(void)vhost;
	cr_expect(remote->running[queue]);
	remote->running[queue] = false;
	remote->stops[queue]++;
}

static const struct vhost_ops remote_ops = {
	.set_up = remote_set_up,
	.start_queue = remote_start_queue,
	.stop_queue = remote_stop_queue,
};

/* --- The device --- */

static void remote_destroy(struct device *device)
{
	virtio_quiesce(&remote->vhost.virtio);
	vhost_silence(&remote->vhost);
	virtio_destroy(&remote->vhost.virtio);
	cr_expect(!remote->running[0] && !remote->running[1], "it ends with nothing running");
	vhost_end(&remote->vhost);
	free(device);
}

static const struct virtio_ops virtio_ops = {
	.device = VIRTIO_DEVICE_OPS("remote", remote_destroy),
	.id = 42,
	.notify = vhost_notify,
	.halt = vhost_halt,
};

static void failed(void *owner, const struct error *err)
{
	(void)owner;
	cr_expect_str_eq(err->text, "refused");
	failures++;
}

static void begin(void)
{
	struct error err = {0};
	struct virtio_setup setup = {
		.ops = &virtio_ops,
		.slot = &driver_slot,
		.features = FEATURE | FEATURE << 1,
		.lacks = vhost_lacks(FEATURE | VIRTIO_F_VERSION_1 | VIRTIO_F_INDIRECT_DESC),
		.queue_count = QUEUE_COUNT,
		.queue_size = 16,
	};

	driver_begin(&d, false);
	remote = calloc(1, sizeof(*remote));
	cr_assert_not_null(remote);
	remote->vhost = (struct vhost){.ops = &remote_ops, .queue_count = 2, .failed = failed};
	cr_assert_eq(vhost_init(&remote->vhost, d.vm, &err), 0, "%s", err.text);
	setup.state = &remote->state;
	setup.state_size = sizeof(remote->state);
	cr_assert_eq(virtio_init(&remote->vhost.virtio, d.vm, &setup, &err), 0, "%s", err.text);
	failures = 0;
}

static void end(void)
{
	driver_end(&d);
}

TestSuite(vhost, .init = begin, .fini = end, .timeout = 20);

static void add_queues(void)
{
	driver_negotiate(&d, FEATURE | VIRTIO_F_RING_RESET);
	for (unsigned i = 0; i < QUEUE_COUNT; i++)
		driver_add_queue(&d, i, 8);
}

static void go(void)
{
	add_queues();
	driver_go(&d);
	driver_settle(&d);
}

static uint32_t status(void)
{
	return driver_get(&d, VIRTIO_MMIO_STATUS);
}

static void reset(void)
{
	driver_put(&d, VIRTIO_MMIO_STATUS, 0);
}

static void reset_queue(unsigned queue)
{
	driver_put(&d, VIRTIO_MMIO_QUEUE_SEL, queue);
	driver_put(&d, VIRTIO_MMIO_QUEUE_RESET, 1);
}

/* Has that event been signalled? It is not any more. */
static bool take(int event_fd)
{
	uint64_t count;

	return read(event_fd, &count, sizeof(count)) > 0;
}

static void take_all(void)
{
	take(remote->rings[0].kick_fd);
	take(remote->rings[1].kick_fd);
}

static void signal_event(int event_fd)
{
	cr_assert_eq(eventfd_write(event_fd, 1), 0);
}

/* Until the loop thread has taken the event, and has done with it. */
static void await_taken(int event_fd)
{
	struct pollfd fd = {.fd = event_fd, .events = POLLIN};

	while (poll(&fd, 1, 0) == 1)
		usleep(1000);
	driver_settle(&d);
}

/* --- Tests --- */

Test(vhost, offers_what_both_sides_can)
{
	uint64_t offered = driver_get(&d, VIRTIO_MMIO_DEVICE_FEATURES);

	driver_put(&d, VIRTIO_MMIO_DEVICE_FEATURES_SEL, 1);
	offered |= (uint64_t)driver_get(&d, VIRTIO_MMIO_DEVICE_FEATURES) << 32;
	cr_expect_eq(offered,
		     FEATURE | VIRTIO_F_VERSION_1 | VIRTIO_F_INDIRECT_DESC | VIRTIO_F_RING_RESET);
}

Test(vhost, is_told_of_nothing_before_the_driver_is_ready)
{
	add_queues();
	driver_notify(&d, 0);
	cr_expect_eq(remote->set_ups, 0);
	driver_go(&d);
	driver_settle(&d);
	cr_expect_eq(remote->set_ups, 1);
}

Test(vhost, is_told_of_features_and_rings)
{
	go();
	cr_expect_eq(remote->set_ups, 1, "once for both");
	cr_expect_eq(remote->features, FEATURE | VIRTIO_F_VERSION_1 | VIRTIO_F_INDIRECT_DESC,
		     "a queue's reset is none of its business");
	for (unsigned i = 0; i < 2; i++) {
		const struct vhost_ring *ring = &remote->rings[i];

		cr_expect_eq(remote->starts[i], 1);
		cr_expect_eq(ring->size, 8);
		cr_expect_eq(ring->descriptors, (uintptr_t)driver_at(&d, d.queues[i].desc));
		cr_expect_eq(ring->available, (uintptr_t)driver_at(&d, d.queues[i].driver));
		cr_expect_eq(ring->used, (uintptr_t)driver_at(&d, d.queues[i].device));
	}
}

Test(vhost, a_queue_that_the_driver_leaves_out_is_left_alone)
{
	driver_negotiate(&d, 0);
	driver_add_queue(&d, 1, 8);
	driver_go(&d);
	driver_settle(&d);
	cr_expect_eq(remote->starts[0], 0);
	cr_expect_eq(remote->starts[1], 1);
}

/* One may have been filled before the back end began with it. */
Test(vhost, all_queues_are_kicked_at_the_start_and_then_one_by_one)
{
	go();
	cr_expect(take(remote->rings[0].kick_fd));
	cr_expect(take(remote->rings[1].kick_fd));
	driver_notify(&d, 1);
	cr_expect_not(take(remote->rings[0].kick_fd));
	cr_expect(take(remote->rings[1].kick_fd));
	driver_notify(&d, 2);
	cr_expect_not(take(remote->rings[0].kick_fd) || take(remote->rings[1].kick_fd));
}

Test(vhost, a_call_interrupts_the_driver)
{
	go();
	cr_expect_not(driver_line(&d));
	signal_event(remote->rings[1].call_fd);
	await_taken(remote->rings[1].call_fd);
	cr_expect(driver_line(&d));
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_INTERRUPT_STATUS), VIRTIO_INTERRUPT_USED);
	driver_put(&d, VIRTIO_MMIO_INTERRUPT_ACK, VIRTIO_INTERRUPT_USED);
	cr_expect_not(driver_line(&d));
}

Test(vhost, a_call_that_comes_late_interrupts_nobody)
{
	go();
	reset();
	signal_event(remote->rings[0].call_fd);
	await_taken(remote->rings[0].call_fd);
	cr_expect_not(driver_line(&d));
}

Test(vhost, a_broken_ring_needs_a_reset_and_nobody_else_is_told)
{
	go();
	signal_event(remote->rings[0].error_fd);
	await_taken(remote->rings[0].error_fd);
	cr_expect(status() & VIRTIO_NEEDS_RESET);
	cr_expect(driver_line(&d));
	cr_expect_eq(failures, 0);
	go();
	cr_expect_not(status() & VIRTIO_NEEDS_RESET);
	cr_expect(remote->running[0] && remote->running[1]);
}

Test(vhost, what_was_broken_before_a_reset_is_whole_after_it)
{
	go();
	for (unsigned i = 0; i < 100; i++) {
		signal_event(remote->rings[0].error_fd);
		go();
		driver_settle(&d);
		cr_expect_not(status() & VIRTIO_NEEDS_RESET);
	}
}

Test(vhost, a_reset_takes_all_queues_away)
{
	go();
	reset();
	for (unsigned i = 0; i < 2; i++)
		cr_expect(!remote->running[i] && remote->stops[i] == 1);
	driver_notify(&d, 0);
	cr_expect_not(remote->running[0]);
	go();
	cr_expect_eq(remote->set_ups, 2);
	cr_expect(remote->running[0] && remote->running[1]);
}

Test(vhost, one_queue_is_reset_alone)
{
	go();
	take_all();
	reset_queue(1);
	cr_expect(remote->running[0] && !remote->running[1]);
	reset_queue(2);
	driver_add_queue(&d, 1, 4);
	driver_notify(&d, 1);
	cr_expect_eq(remote->set_ups, 1);
	cr_expect_eq(remote->starts[0], 1);
	cr_expect_eq(remote->starts[1], 2);
	cr_expect_eq(remote->rings[1].size, 4);
	cr_expect(take(remote->rings[0].kick_fd), "it may have waited for the other");
}

Test(vhost, a_back_end_that_refuses_is_said_once)
{
	remote->refuses = true;
	for (unsigned i = 0; i < 2; i++) {
		go();
		cr_expect(status() & VIRTIO_NEEDS_RESET);
		cr_expect_eq(failures, 1);
		cr_expect_eq(remote->starts[0], 0);
	}
}
