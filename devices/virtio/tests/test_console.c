/*
 * The virtio console: bytes out, bytes in as far as there are buffers, and who is told when.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "devices/serial.h"
#include "devices/tests/machine.h"
#include "devices/virtio/console.h"
#include "devices/virtio/mmio.h"
#include "devices/virtio/tests/driver.h"

#define RECEIVE	 0
#define TRANSMIT 1

static struct driver d;
static struct virtio_console *console;
static struct serial_port port;
static char sent[256];
static size_t sent_len;
static unsigned readies;

static void transmit(void *owner, const uint8_t *bytes, size_t len)
{
	(void)owner;
	memcpy(sent + sent_len, bytes, len);
	sent_len += len;
}

static void ready(void *owner)
{
	(void)owner;
	readies++;
}

static const struct serial_backend backend = {.transmit = transmit, .ready = ready};

/* As a driver that knows nothing of ports. */
static void go(void)
{
	driver_negotiate(&d, 1);
	driver_add_queue(&d, RECEIVE, 8);
	driver_add_queue(&d, TRANSMIT, 8);
	driver_go(&d);
}

static void begin_with(unsigned count)
{
	const struct virtio_console_port ports[] = {{.backend = &backend},
						    {.name = "org.example", .backend = &backend}};
	struct error err = {0};

	driver_begin(&d, false);
	console = virtio_console_create(d.vm, &driver_slot, ports, count, &err);
	cr_assert_not_null(console, "%s", err.text);
	port = virtio_console_serial(console, 0);
}

static void begin(void)
{
	begin_with(1);
}

static void end(void)
{
	driver_end(&d);
}

TestSuite(virtio_console, .init = begin, .fini = end, .timeout = 20);

static size_t give(const char *text)
{
	return port.receive(port.owner, (const uint8_t *)text, strlen(text));
}

static struct piece room(uint32_t len)
{
	return (struct piece){driver_alloc(&d, len), len, true};
}

Test(virtio_console, sends_every_piece_before_the_notification_is_over)
{
	const struct piece pieces[] = {{driver_alloc(&d, 16), 6, false},
				       {driver_alloc(&d, 16), 5, false}};
	uint16_t id, used;
	uint32_t len;

	go();
	memcpy(driver_at(&d, pieces[0].addr), "hello ", 6);
	memcpy(driver_at(&d, pieces[1].addr), "world", 5);
	id = driver_offer(&d, TRANSMIT, pieces, 2);
	driver_put(&d, VIRTIO_MMIO_QUEUE_NOTIFY, TRANSMIT);
	cr_expect_eq(sent_len, 11);
	cr_expect_arr_eq(sent, "hello world", 11);
	cr_assert(driver_used(&d, TRANSMIT, &used, &len));
	cr_expect_eq(used, id);
	cr_expect_eq(len, 0);
}

Test(virtio_console, takes_as_much_as_there_are_buffers)
{
	const struct piece first = room(4), second = room(4);
	uint16_t id;

	cr_expect_eq(give("early"), 0, "no driver");
	go();
	cr_expect_eq(give("early"), 0, "no buffers");
	id = driver_offer(&d, RECEIVE, &first, 1);
	driver_offer(&d, RECEIVE, &second, 1);
	cr_expect_eq(give("sixsix"), 6);
	cr_expect_eq(driver_await(&d, RECEIVE, id), 4);
	cr_expect_arr_eq(driver_at(&d, first.addr), "sixs", 4);
	cr_expect_arr_eq(driver_at(&d, second.addr), "ix", 2);
	cr_expect(driver_line(&d));
	driver_offer(&d, RECEIVE, &first, 1);
	cr_expect_eq(give("too much"), 4);
}

Test(virtio_console, tells_the_back_end_that_there_is_room)
{
	const struct piece piece = room(4);

	go();
	readies = 0;
	driver_offer(&d, RECEIVE, &piece, 1);
	driver_notify(&d, RECEIVE);
	cr_expect_eq(give("four"), 4);
	driver_offer(&d, RECEIVE, &piece, 1);
	driver_notify(&d, RECEIVE);
	cr_expect_eq(readies, 0, "it had everything taken");
	cr_expect_eq(give("and more"), 4);
	driver_offer(&d, RECEIVE, &piece, 1);
	driver_notify(&d, RECEIVE);
	cr_expect_eq(readies, 1);
}

Test(virtio_console, a_new_driver_is_asked_again)
{
	const struct piece piece = room(8);

	go();
	driver_offer(&d, RECEIVE, &piece, 1);
	cr_expect_eq(give("all"), 3);
	driver_put(&d, VIRTIO_MMIO_STATUS, 0);
	readies = 0;
	go();
	cr_expect_eq(readies, 1);
}

Test(virtio_console, break_is_control_o)
{
	const struct piece piece = room(8);

	go();
	driver_offer(&d, RECEIVE, &piece, 1);
	port.receive_break(port.owner);
	cr_expect_arr_eq(driver_at(&d, piece.addr), "\x0f", 1);
}

Test(virtio_console, knows_the_terminals_size)
{
	go();
	virtio_console_resize(console, 132, 43);
	cr_expect_eq(machine_read(d.vm, 0, d.base + VIRTIO_MMIO_CONFIG, 2), 132);
	cr_expect_eq(machine_read(d.vm, 0, d.base + VIRTIO_MMIO_CONFIG + 2, 2), 43);
	cr_expect(driver_get(&d, VIRTIO_MMIO_INTERRUPT_STATUS) & VIRTIO_INTERRUPT_CONFIG);
}

/* --- Several ports --- */

#define CONTROL_RECEIVE	 2
#define CONTROL_TRANSMIT 3
#define SECOND		 4

static void end_and_begin_with_two(void)
{
	end();
	begin_with(2);
	driver_negotiate(&d, 3);
	for (unsigned i = 0; i < 6; i++)
		driver_add_queue(&d, i, 8);
	driver_go(&d);
	port = virtio_console_serial(console, 1);
	readies = 0;
}

static void tell(uint32_t number, uint16_t event, uint16_t value)
{
	const struct piece piece = {driver_alloc(&d, 8), 8, false};
	const uint64_t message = number | (uint64_t)event << 32 | (uint64_t)value << 48;
	uint16_t id = driver_offer(&d, CONTROL_TRANSMIT, &piece, 1);

	memcpy(driver_at(&d, piece.addr), &message, 8);
	driver_notify(&d, CONTROL_TRANSMIT);
	driver_await(&d, CONTROL_TRANSMIT, id);
}

/* The next message from the device. */
static void hears(uint32_t number, uint16_t event, uint16_t value, const char *rest)
{
	const struct piece piece = room(64);
	const uint64_t message = number | (uint64_t)event << 32 | (uint64_t)value << 48;
	uint16_t id = driver_offer(&d, CONTROL_RECEIVE, &piece, 1);
	uint32_t len;

	driver_notify(&d, CONTROL_RECEIVE);
	len = driver_await(&d, CONTROL_RECEIVE, id);
	cr_assert_eq(len, 8 + strlen(rest));
	cr_expect_arr_eq(driver_at(&d, piece.addr), &message, 8, "not %u %u %u", number, event,
			 value);
	cr_expect_arr_eq(driver_at(&d, piece.addr + 8), rest, strlen(rest));
}

static void hears_nothing(void)
{
	const struct piece piece = room(64);
	uint16_t id;
	uint32_t len;

	driver_offer(&d, CONTROL_RECEIVE, &piece, 1);
	driver_notify(&d, CONTROL_RECEIVE);
	cr_expect_not(driver_used(&d, CONTROL_RECEIVE, &id, &len));
}

Test(virtio_console, ports_are_introduced)
{
	end_and_begin_with_two();
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_CONFIG + 4), 2);
	virtio_console_resize(console, 0x4141, 0x4242);
	hears(0, 5, 1, "AABB");
	tell(0, 0, 1); /* DEVICE_READY */
	hears(0, 1, 1, "");
	hears(1, 1, 1, "");
	tell(0, 3, 1); /* PORT_READY */
	hears(0, 4, 1, "");
	hears(0, 5, 1, "AABB");
	hears(0, 6, 1, "");
	tell(1, 3, 1);
	hears(1, 6, 0, "");
	hears(1, 7, 1, "org.example");
	virtio_console_connect(console, 1, true);
	hears(1, 6, 1, "");
	tell(7, 3, 1); /* no such port */
	tell(0, 99, 1);
	hears_nothing();
}

Test(virtio_console, a_port_listens_when_it_is_open)
{
	const struct piece piece = room(8);
	uint16_t id;

	end_and_begin_with_two();
	id = driver_offer(&d, SECOND, &piece, 1);
	driver_notify(&d, SECOND);
	cr_expect_eq(give("early"), 0);
	readies = 0;
	tell(1, 6, 1); /* PORT_OPEN */
	cr_expect_eq(readies, 1);
	cr_expect_eq(give("now"), 3);
	cr_expect_eq(driver_await(&d, SECOND, id), 3);
	tell(1, 6, 0);
	driver_offer(&d, SECOND, &piece, 1);
	cr_expect_eq(give("late"), 0);
}

Test(virtio_console, the_second_port_sends)
{
	const struct piece piece = {driver_alloc(&d, 16), 4, false};

	end_and_begin_with_two();
	sent_len = 0;
	memcpy(driver_at(&d, piece.addr), "port", 4);
	driver_offer(&d, SECOND + 1, &piece, 1);
	driver_notify(&d, SECOND + 1);
	cr_expect_arr_eq(sent, "port", 4);
}

/* --- A back end that does not block --- */

static size_t taken_len, appetite;

static size_t take_some(void *owner, const uint8_t *bytes, size_t len)
{
	(void)owner;
	(void)bytes;
	if (len > appetite)
		len = appetite;
	appetite -= len;
	taken_len += len;
	return len;
}

static const struct serial_backend slow = {.try_transmit = take_some};

static void begin_slowly(void)
{
	const struct virtio_console_port ports[] = {{.backend = &slow}};
	struct error err = {0};

	driver_begin(&d, false);
	console = virtio_console_create(d.vm, &driver_slot, ports, 1, &err);
	cr_assert_not_null(console, "%s", err.text);
	driver_negotiate(&d, 0);
	driver_add_queue(&d, 0, 8);
	driver_add_queue(&d, 1, 8);
	driver_go(&d);
}

TestSuite(virtio_console_slow, .init = begin_slowly, .fini = end, .timeout = 20);

/* Two buffers, of which the first has two pieces. */
static void offer_slowly(void)
{
	const struct piece pieces[] = {{driver_alloc(&d, 16), 10, false},
				       {driver_alloc(&d, 16), 10, false}};

	taken_len = 0;
	driver_offer(&d, 1, pieces, 2);
	driver_offer(&d, 1, pieces, 1);
	driver_notify(&d, 1);
}

Test(virtio_console_slow, takes_the_rest_later)
{
	uint16_t id;
	uint32_t len;

	appetite = 13;
	offer_slowly();
	cr_expect_eq(taken_len, 13);
	cr_expect_not(driver_used(&d, 1, &id, &len), "a piece of it is left");
	virtio_console_resume(console, 0);
	cr_expect_not(driver_used(&d, 1, &id, &len));
	appetite = 8;
	virtio_console_resume(console, 0);
	cr_expect_eq(taken_len, 21);
	cr_expect(driver_used(&d, 1, &id, &len));
	cr_expect_not(driver_used(&d, 1, &id, &len));
	appetite = 100;
	virtio_console_resume(console, 0);
	cr_expect_eq(taken_len, 30);
	cr_expect(driver_used(&d, 1, &id, &len));
}

Test(virtio_console_slow, a_reset_does_not_wait_for_it)
{
	appetite = 13;
	offer_slowly();
	driver_put(&d, VIRTIO_MMIO_STATUS, 0);
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_STATUS), 0);
	appetite = 100;
	virtio_console_resume(console, 0);
	cr_expect_eq(taken_len, 13, "it is gone with its queue");
}
