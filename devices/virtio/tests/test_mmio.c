/*
 * The registers of the MMIO transport: identification, features, status, queues' set-up, reset at
 * any time, configuration space.
 */
#include <criterion/criterion.h>
#include <libfdt.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/boot/devicetree.h"
#include "devices/tests/machine.h"
#include "devices/virtio/mmio.h"
#include "devices/virtio/tests/copier.h"
#include "devices/virtio/tests/events.h"

static struct driver d;
static struct copier *copier;

static void begin(void)
{
	driver_begin(&d, false);
	copier = copier_create(&d);
}

static void end(void)
{
	driver_end(&d);
}

TestSuite(virtio_mmio, .init = begin, .fini = end, .timeout = 20);

static uint32_t status(void)
{
	return driver_get(&d, VIRTIO_MMIO_STATUS);
}

static uint64_t offered(void)
{
	uint64_t features = 0;

	for (uint32_t i = 0; i < 2; i++) {
		driver_put(&d, VIRTIO_MMIO_DEVICE_FEATURES_SEL, i);
		features |= (uint64_t)driver_get(&d, VIRTIO_MMIO_DEVICE_FEATURES) << 32 * i;
	}
	return features;
}

static void accept(uint64_t features)
{
	for (uint32_t i = 0; i < 2; i++) {
		driver_put(&d, VIRTIO_MMIO_DRIVER_FEATURES_SEL, i);
		driver_put(&d, VIRTIO_MMIO_DRIVER_FEATURES, (uint32_t)(features >> 32 * i));
	}
	driver_put(&d, VIRTIO_MMIO_STATUS, status() | VIRTIO_FEATURES_OK);
}

/* A live device with queue 0. */
static void go(void)
{
	driver_negotiate(&d, 0);
	driver_add_queue(&d, 0, 8);
	driver_go(&d);
}

Test(virtio_mmio, identifies_itself)
{
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_MAGIC_VALUE), 0x74726976);
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_VERSION), 2);
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_DEVICE_ID), 42);
	cr_expect_eq(status(), 0);
}

Test(virtio_mmio, offers_features_in_two_words)
{
	cr_expect_eq(offered(), COPIER_FEATURE | VIRTIO_F_VERSION_1 | VIRTIO_F_RING_PACKED |
					VIRTIO_F_INDIRECT_DESC | VIRTIO_F_EVENT_IDX |
					VIRTIO_F_RING_RESET);
	driver_put(&d, VIRTIO_MMIO_DEVICE_FEATURES_SEL, 2);
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_DEVICE_FEATURES), 0);
}

Test(virtio_mmio, features_ok_sticks_only_for_what_was_offered)
{
	accept(COPIER_FEATURE);
	cr_expect_not(status() & VIRTIO_FEATURES_OK, "without VERSION_1");
	accept(VIRTIO_F_VERSION_1 | 1);
	cr_expect_not(status() & VIRTIO_FEATURES_OK, "never offered");
	accept(VIRTIO_F_VERSION_1 | COPIER_FEATURE);
	cr_expect(status() & VIRTIO_FEATURES_OK);
	cr_expect(virtio_has(&copier->virtio, COPIER_FEATURE));
	accept(VIRTIO_F_VERSION_1);
	cr_expect(virtio_has(&copier->virtio, COPIER_FEATURE), "they are fixed from then on");
}

Test(virtio_mmio, status_only_grows_and_its_order_counts)
{
	driver_put(&d, VIRTIO_MMIO_STATUS, VIRTIO_DRIVER_OK | VIRTIO_NEEDS_RESET | 0x100);
	cr_expect_eq(status(), 0);
	driver_put(&d, VIRTIO_MMIO_STATUS, VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER);
	driver_put(&d, VIRTIO_MMIO_STATUS, VIRTIO_ACKNOWLEDGE);
	cr_expect_eq(status(), VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER);
	driver_put(&d, VIRTIO_MMIO_STATUS, VIRTIO_FAILED);
	cr_expect_eq(status(), VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER | VIRTIO_FAILED);
	driver_put(&d, VIRTIO_MMIO_STATUS, 0);
	cr_expect_eq(status(), 0);
}

Test(virtio_mmio, queue_registers_are_those_of_the_selected_queue)
{
	driver_put(&d, VIRTIO_MMIO_QUEUE_SEL, COPIER_QUEUES);
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_QUEUE_NUM_MAX), 0, "no such queue");
	driver_put(&d, VIRTIO_MMIO_QUEUE_READY, 1);
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_QUEUE_READY), 0);
	driver_negotiate(&d, 0);
	driver_add_queue(&d, 1, 8);
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_QUEUE_NUM_MAX), COPIER_QUEUE_SIZE);
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_QUEUE_READY), 1);
	driver_put(&d, VIRTIO_MMIO_QUEUE_SEL, 0);
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_QUEUE_READY), 0);
}

/* Each kind of impossible queue puts the device into NEEDS_RESET. */
static void refuses(uint16_t size, uint64_t desc, uint64_t driver, uint64_t device, bool packed)
{
	const uint64_t addresses[] = {desc, driver, device};
	const uint64_t registers[] = {VIRTIO_MMIO_QUEUE_DESC_LOW, VIRTIO_MMIO_QUEUE_DRIVER_LOW,
				      VIRTIO_MMIO_QUEUE_DEVICE_LOW};

	d.packed = packed;
	driver_negotiate(&d, 0);
	driver_put(&d, VIRTIO_MMIO_QUEUE_SEL, 0);
	driver_put(&d, VIRTIO_MMIO_QUEUE_NUM, size);
	for (unsigned i = 0; i < 3; i++) {
		driver_put(&d, registers[i], (uint32_t)addresses[i]);
		driver_put(&d, registers[i] + 4, (uint32_t)(addresses[i] >> 32));
	}
	driver_put(&d, VIRTIO_MMIO_QUEUE_READY, 1);
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_QUEUE_READY), 0);
	cr_expect(status() & VIRTIO_NEEDS_RESET);
	cr_expect_not(driver_line(&d), "not live yet: no interrupt");
}

Test(virtio_mmio, impossible_queues_need_a_reset)
{
	const uint64_t ram = VM_RAM_BASE, end = ram + VM_MEMORY_MIN;

	refuses(0, ram, ram, ram, false);
	refuses(COPIER_QUEUE_SIZE * 2, ram, ram, ram, false);
	refuses(7, ram, ram, ram, false);
	refuses(8, ram + 8, ram, ram, false);
	refuses(8, ram, ram + 1, ram, false);
	refuses(8, ram, ram, ram + 2, false);
	refuses(8, 0, ram, ram, false);
	refuses(8, end - 112, ram, ram, false);
	refuses(8, ram, end - 4, ram, false);
	refuses(8, ram, ram, UINT64_MAX - 3, false);
	refuses(8, ram, ram + 2, ram, true);
	refuses(8, ram, ram, end, true);
	d.packed = true;
	driver_negotiate(&d, 0);
	driver_add_queue(&d, 0, 7);
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_QUEUE_READY), 1, "packed: any size");
}

Test(virtio_mmio, a_ready_queue_stays_where_it_is)
{
	go();
	driver_put(&d, VIRTIO_MMIO_QUEUE_NUM, 4);
	driver_put(&d, VIRTIO_MMIO_QUEUE_DESC_LOW, 0);
	cr_expect_eq(copier->state.queues[0].size, 8);
	cr_expect_eq(copier->state.queues[0].desc, d.queues[0].desc);
}

Test(virtio_mmio, nothing_is_served_before_driver_ok)
{
	const struct piece piece = {driver_alloc(&d, 16), 16, true};
	uint16_t id;
	uint32_t len;

	driver_negotiate(&d, 0);
	driver_add_queue(&d, 0, 8);
	driver_offer(&d, 0, &piece, 1);
	driver_notify(&d, 0);
	cr_expect_eq(copier->served, 0);
	cr_expect_not(driver_used(&d, 0, &id, &len));
	driver_go(&d);
	driver_settle(&d);
	cr_expect(driver_used(&d, 0, &id, &len), "it is looked for then");
}

Test(virtio_mmio, a_queue_may_be_served_at_once)
{
	const struct piece pieces[] = {{driver_alloc(&d, 16), 3, false},
				       {driver_alloc(&d, 16), 16, true}};
	uint16_t id;
	uint32_t len = 0;

	driver_negotiate(&d, 0);
	driver_add_queue(&d, 2, 8);
	driver_go(&d);
	memcpy(driver_at(&d, pieces[0].addr), "now", 3);
	driver_offer(&d, 2, pieces, 2);
	driver_put(&d, VIRTIO_MMIO_QUEUE_NOTIFY, 2);
	cr_assert(driver_used(&d, 2, &id, &len), "before the write is over");
	cr_expect_eq(len, 3);
	cr_expect_arr_eq(driver_at(&d, pieces[1].addr), "now", 3);
}

Test(virtio_mmio, configuration_space_takes_every_size)
{
	static const uint8_t bytes[12] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
	uint32_t generation;

	virtio_set_config(&copier->virtio, 0, bytes, sizeof(bytes));
	cr_expect_not(driver_line(&d), "nobody listens yet");
	cr_expect_eq(machine_read(d.vm, 0, d.base + 0x103, 1), 4);
	cr_expect_eq(machine_read(d.vm, 0, d.base + 0x102, 2), 0x0403);
	cr_expect_eq(machine_read(d.vm, 0, d.base + 0x108, 4), 0x0c0b0a09);
	cr_expect_eq(machine_read(d.vm, 0, d.base + 0x100, 8), 0x0807060504030201);
	cr_expect_eq(machine_read(d.vm, 0, d.base + 0x108, 8), 0, "beyond the end");
	cr_expect_eq(machine_read(d.vm, 0, d.base + 0x1fc, 4), 0);
	machine_write(d.vm, 0, d.base + 0x102, 2, 0xbeef);
	cr_expect_eq(machine_read(d.vm, 0, d.base + 0x100, 4), 0xbeef0201);
	machine_write(d.vm, 0, d.base + 0x10c, 4, 1);
	machine_write(d.vm, 0, d.base + 0x108, 8, 1);
	cr_expect_eq(machine_read(d.vm, 0, d.base + 0x108, 4), 0x0c0b0a09);
	go();
	generation = driver_get(&d, VIRTIO_MMIO_CONFIG_GENERATION);
	virtio_set_config(&copier->virtio, 1, bytes, 1);
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_CONFIG_GENERATION), generation + 1);
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_INTERRUPT_STATUS), VIRTIO_INTERRUPT_CONFIG);
}

Test(virtio_mmio, registers_are_32_bits_wide)
{
	cr_expect_eq(machine_read(d.vm, 0, d.base, 1), 0);
	cr_expect_eq(machine_read(d.vm, 0, d.base, 2), 0);
	cr_expect_eq(machine_read(d.vm, 0, d.base, 8), 0);
	machine_write(d.vm, 0, d.base + VIRTIO_MMIO_STATUS, 1, VIRTIO_ACKNOWLEDGE);
	machine_write(d.vm, 0, d.base + VIRTIO_MMIO_STATUS, 8, VIRTIO_ACKNOWLEDGE);
	cr_expect_eq(status(), 0);
	for (uint64_t offset = VIRTIO_MMIO_SHM_LEN_LOW; offset <= VIRTIO_MMIO_SHM_BASE_HIGH;
	     offset += 4)
		cr_expect_eq(driver_get(&d, offset), UINT32_MAX, "no shared memory region");
}

Test(virtio_mmio, reset_forgets_everything)
{
	const struct piece piece = {driver_alloc(&d, 16), 16, true};

	go();
	driver_offer(&d, 0, &piece, 1);
	driver_notify(&d, 0);
	driver_put(&d, VIRTIO_MMIO_STATUS, 0);
	cr_expect_eq(status(), 0);
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_INTERRUPT_STATUS), 0);
	cr_expect_not(driver_line(&d));
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_QUEUE_READY), 0);
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_QUEUE_NUM_MAX), COPIER_QUEUE_SIZE);
	cr_expect_not(virtio_has(&copier->virtio, VIRTIO_F_VERSION_1));
	go(); /* and it can be begun again */
	driver_offer(&d, 0, &piece, 1);
	driver_notify(&d, 0);
	cr_expect(driver_line(&d));
}

/* --- Stopping while a back end works --- */

static atomic_bool is_released;

static void *release_later(void *arg)
{
	const struct timespec pause = {.tv_nsec = 50000000};

	(void)arg;
	nanosleep(&pause, NULL);
	is_released = true;
	copier_release(copier);
	return NULL;
}

static void in_flight(void)
{
	const struct piece pieces[] = {{driver_alloc(&d, 16), 3, false},
				       {driver_alloc(&d, 16), 16, true}};

	driver_negotiate(&d, VIRTIO_F_RING_RESET);
	driver_add_queue(&d, 0, 8);
	driver_go(&d);
	copier->hold = true;
	memcpy(driver_at(&d, pieces[0].addr), "old", 3);
	driver_offer(&d, 0, pieces, 2);
	driver_notify(&d, 0);
	cr_assert_eq(copier->held, 1);
}

static void stops_only_when_idle(uint64_t offset, uint32_t value)
{
	pthread_t thread;
	uint16_t id;
	uint32_t len;

	in_flight();
	is_released = false;
	cr_assert_eq(pthread_create(&thread, NULL, release_later, NULL), 0);
	driver_put(&d, offset, value);
	cr_expect(is_released, "the memory is the driver's from here on");
	cr_expect_eq(copier->stops, 1);
	pthread_join(thread, NULL);
	cr_expect_not(driver_used(&d, 0, &id, &len));
}

Test(virtio_mmio, reset_waits_for_what_is_in_flight)
{
	stops_only_when_idle(VIRTIO_MMIO_STATUS, 0);
	cr_expect_eq(status(), 0);
}

Test(virtio_mmio, a_queue_is_taken_away_when_it_is_idle)
{
	stops_only_when_idle(VIRTIO_MMIO_QUEUE_READY, 0);
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_QUEUE_READY), 0);
	cr_expect_eq(status() & VIRTIO_NEEDS_RESET, 0);
	copier->hold = false;
	driver_add_queue(&d, 0, 4);
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_QUEUE_READY), 1);
}

Test(virtio_mmio, a_queue_is_reset_when_it_is_idle)
{
	stops_only_when_idle(VIRTIO_MMIO_QUEUE_RESET, 1);
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_QUEUE_RESET), 0);
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_QUEUE_READY), 0);
	cr_expect_eq(status() & VIRTIO_NEEDS_RESET, 0);
}

/* A buffer goes and comes in that queue. */
static void works(unsigned queue)
{
	const struct piece piece = {driver_alloc(&d, 16), 16, true};
	uint16_t id;
	uint32_t len;

	driver_offer(&d, queue, &piece, 1);
	driver_notify(&d, queue);
	cr_expect(driver_used(&d, queue, &id, &len), "queue %u", queue);
}

static void resets_one_queue(bool packed)
{
	d.packed = packed;
	driver_negotiate(&d, VIRTIO_F_RING_RESET);
	driver_add_queue(&d, 0, 8);
	driver_add_queue(&d, 1, 8);
	driver_go(&d);
	works(0);
	works(1);
	driver_put(&d, VIRTIO_MMIO_QUEUE_SEL, 0);
	driver_put(&d, VIRTIO_MMIO_QUEUE_RESET, 0);
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_QUEUE_READY), 1, "0 says nothing");
	driver_put(&d, VIRTIO_MMIO_QUEUE_RESET, 1);
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_QUEUE_RESET), 0);
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_QUEUE_READY), 0);
	cr_expect_eq(copier->state.queues[0].size, 0);
	cr_expect_eq(copier->state.queues[0].desc, 0);
	cr_expect_eq(copier->state.queues[0].size_max, COPIER_QUEUE_SIZE);
	works(1);
	/* Elsewhere, and of another size. */
	driver_add_queue(&d, 0, 16);
	works(0);
	works(1);
	cr_expect_eq(status() & VIRTIO_NEEDS_RESET, 0);
}

Test(virtio_mmio, one_queue_is_reset_alone)
{
	resets_one_queue(false);
	resets_one_queue(true);
}

Test(virtio_mmio, queue_reset_is_for_who_negotiated_it)
{
	go();
	driver_put(&d, VIRTIO_MMIO_QUEUE_RESET, 1);
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_QUEUE_READY), 1);
	works(0);
}

/* The machine's own reset finds nothing of the run before in RAM. */
Test(virtio_mmio, cold_reset_waits_too_and_ram_is_clear)
{
	struct error err = {0};
	pthread_t thread;
	uint8_t zeroes[64] = {0};

	in_flight();
	cr_assert_eq(pthread_create(&thread, NULL, release_later, NULL), 0);
	cr_assert_eq(vm_reset(d.vm, &err), 0, "%s", err.text);
	pthread_join(thread, NULL);
	cr_expect_arr_eq(driver_at(&d, VM_RAM_BASE), zeroes, sizeof(zeroes));
	cr_expect_eq(status(), 0);
}

/* --- Notifications that are no exits --- */

/* A machine whose engine's host signals eventfds. */
static void with_events(bool refuse, void (*test)(void))
{
	end();
	driver_begin(&d, false);
	events_attach(&d, refuse);
	copier = copier_create(&d);
	test();
	end();
	cr_expect_eq(events_count(), 0, "all are taken back");
	begin();
}

static void signalled(void)
{
	const struct piece piece = {driver_alloc(&d, 16), 16, true};
	uint16_t id;

	for (unsigned i = 0; i < COPIER_QUEUES - 1; i++)
		cr_expect(events_has(VIRTIO_MMIO_QUEUE_NOTIFY, i));
	cr_expect_not(events_has(VIRTIO_MMIO_QUEUE_NOTIFY, COPIER_QUEUES - 1),
		      "not for the queue that is served at once");
	go();
	driver_settle(&d);
	id = driver_offer(&d, 0, &piece, 1);
	events_write(VIRTIO_MMIO_QUEUE_NOTIFY, 0);
	driver_await(&d, 0, id);
}

static void refused(void)
{
	const struct piece piece = {driver_alloc(&d, 16), 16, true};

	cr_expect_eq(events_count(), 0);
	go();
	driver_offer(&d, 0, &piece, 1);
	driver_notify(&d, 0);
	cr_expect(driver_line(&d));
}

Test(virtio_mmio, an_eventfd_notifies_where_the_engine_has_it)
{
	with_events(false, signalled);
	with_events(true, refused);
}

Test(virtio_mmio, tree_says_where_it_is)
{
	const struct devicetree_options options = {0};
	struct error err = {0};
	size_t size;
	void *fdt;
	int node;

	cr_assert_eq(devicetree_build(d.vm, &options, &fdt, &size, &err), 0, "%s", err.text);
	node = fdt_path_offset(fdt, "/virtio_mmio@a000000");
	cr_assert_geq(node, 0);
	cr_expect_eq(fdt_node_check_compatible(fdt, node, "virtio,mmio"), 0);

	const fdt32_t *irq = fdt_getprop(fdt, node, "interrupts", NULL);

	cr_expect_eq(fdt32_ld(irq + 1), DRIVER_INTID - 32);
	cr_expect_eq(fdt32_ld(irq + 2), TRIGGER_EDGE_RISING);
	free(fdt);
}
