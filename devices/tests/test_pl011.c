/*
 * The PL011 as a guest's driver sees it, register by register; and that no input is lost between a
 * back end that has it early and a driver that throws away what it finds (the order of register
 * accesses in the tests named linux_ is that of Linux's drivers/tty/serial/amba-pl011.c).
 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <string.h>

#include "devices/pl011.h"
#include "devices/serial.h"
#include "devices/tests/machine.h"
#include "devices/tests/wires.h"

#define BASE  0x09000000ULL
#define INTID 33

#define DR    0x00
#define RSR   0x04
#define FR    0x18
#define IBRD  0x24
#define FBRD  0x28
#define LCR_H 0x2c
#define CR    0x30
#define IFLS  0x34
#define IMSC  0x38
#define RIS   0x3c
#define MIS   0x40
#define ICR   0x44

#define FR_CTS	0x001
#define FR_BUSY 0x008
#define FR_RXFE 0x010
#define FR_TXFF 0x020
#define FR_RXFF 0x040
#define FR_TXFE 0x080
#define FR_RI	0x100

#define FEN 0x10

#define UARTEN 0x001
#define LBE    0x080
#define TXE    0x100
#define RXE    0x200
#define RTS    0x800
#define OUT2   0x2000
#define CTSEN  0x8000

#define INT_RI	0x001
#define INT_CTS 0x002
#define INT_RX	0x010
#define INT_TX	0x020
#define INT_RT	0x040
#define INT_BE	0x200
#define INT_OE	0x400

#define DR_BE 0x400
#define DR_OE 0x800

static struct vm *vm;
static struct pl011 *uart;
static struct wires wires;

/* The far end: what the guest sent, and input that waits to be taken. */
static struct far_end {
	char sent[4096];
	size_t sent_len;
	unsigned ready_calls;
	const char *input; /* offered whenever the UART says that it is ready; NULL: none */
	void (*on_transmit)(void);
} far_end;

static void far_transmit(void *owner, const uint8_t *bytes, size_t len)
{
	struct far_end *far = owner;

	cr_assert_leq(far->sent_len + len, sizeof(far->sent));
	memcpy(far->sent + far->sent_len, bytes, len);
	far->sent_len += len;
	if (far->on_transmit)
		far->on_transmit();
}

/* As the terminal does on its loop thread, but at once: the guest cannot tell. */
static void offer(void)
{
	if (far_end.input)
		far_end.input +=
			pl011_receive(uart, (const uint8_t *)far_end.input, strlen(far_end.input));
}

static void far_ready(void *owner)
{
	struct far_end *far = owner;

	far->ready_calls++;
	offer();
}

static const struct serial_backend backend = {
	.transmit = far_transmit,
	.ready = far_ready,
	.owner = &far_end,
};

static uint32_t get(uint64_t offset)
{
	return (uint32_t)machine_read(vm, 0, BASE + offset, 4);
}

static void put(uint64_t offset, uint32_t value)
{
	machine_write(vm, 0, BASE + offset, 4, value);
}

static size_t receive(const char *text)
{
	return pl011_receive(uart, (const uint8_t *)text, strlen(text));
}

static bool line(void)
{
	return wires.level[INTID];
}

static void begin(void)
{
	struct error err = {0};

	vm = machine_create(1, true);
	wires_attach(&wires, vm);
	uart = pl011_create(vm, BASE, INTID, &backend, &err);
	cr_assert_not_null(uart, "%s", err.text);
}

/* A driver that listens by interrupts, with or without FIFOs. */
static void listen(uint32_t lcr_h)
{
	put(LCR_H, lcr_h);
	put(CR, UARTEN | TXE | RXE);
	put(IMSC, INT_RX | INT_RT);
}

static void end(void)
{
	vm_destroy(vm);
}

TestSuite(pl011, .init = begin, .fini = end, .timeout = 10);

/* --- Registers ------------------------------------------------------------------------------- */

Test(pl011, reset_values)
{
	cr_expect_eq(get(FR) & (FR_TXFE | FR_RXFE | FR_TXFF | FR_RXFF | FR_BUSY),
		     FR_TXFE | FR_RXFE);
	cr_expect_eq(get(CR), 0x300);
	cr_expect_eq(get(IFLS), 0x12);
	cr_expect_eq(get(LCR_H), 0);
	cr_expect_eq(get(IMSC), 0);
	cr_expect_eq(get(RIS), 0);
	cr_expect_not(line());
}

Test(pl011, identifies_itself_as_r1p5)
{
	static const uint8_t ids[] = {0x11, 0x10, 0x34, 0x00, 0x0d, 0xf0, 0x05, 0xb1};

	for (unsigned i = 0; i < 8; i++)
		cr_expect_eq(get(0xfe0 + 4 * i), ids[i], "word %u", i);
}

Test(pl011, registers_keep_only_their_own_bits)
{
	static const struct {
		uint32_t offset, mask;
	} regs[] = {{0x20, 0xff}, {IBRD, 0xffff}, {FBRD, 0x3f},	 {LCR_H, 0xff},
		    {CR, 0xff87}, {IFLS, 0x3f},	  {IMSC, 0x7ff}, {0x48, 7}};

	for (unsigned i = 0; i < sizeof(regs) / sizeof(regs[0]); i++) {
		put(regs[i].offset, 0xffffffff);
		cr_expect_eq(get(regs[i].offset), regs[i].mask, "offset %#x", regs[i].offset);
		put(regs[i].offset, 0);
		cr_expect_eq(get(regs[i].offset), 0, "offset %#x", regs[i].offset);
	}
}

Test(pl011, odd_accesses_read_zero_and_write_nothing)
{
	put(IBRD, 0x1234);
	cr_expect_eq(machine_read(vm, 0, BASE + IBRD, 1), 0x34);
	cr_expect_eq(machine_read(vm, 0, BASE + IBRD, 2), 0x1234);
	cr_expect_eq(machine_read(vm, 0, BASE + IBRD + 1, 1), 0);
	cr_expect_eq(machine_read(vm, 0, BASE + IBRD - 4, 8), 0);
	machine_write(vm, 0, BASE + IBRD + 2, 2, 0xffff);
	machine_write(vm, 0, BASE, 8, 'x');
	machine_write(vm, 0, BASE + 0xfe0, 4, 'x');
	cr_expect_eq(get(IBRD), 0x1234);
	cr_expect_eq(far_end.sent_len, 0);
	for (uint64_t offset = 0; offset < 0x1000; offset += 4)
		get(offset); /* nothing bites */
}

/* --- Sending --------------------------------------------------------------------------------- */

static void send(const char *text)
{
	for (; *text; text++) {
		cr_assert_not(get(FR) & FR_TXFF);
		machine_write(vm, 0, BASE + DR, 1, (uint8_t)*text);
	}
}

Test(pl011, sends_at_once_without_any_initialisation)
{
	send("hello\n");
	cr_expect_eq(far_end.sent_len, 6);
	cr_expect_arr_eq(far_end.sent, "hello\n", 6);
	cr_expect_eq(get(FR) & (FR_TXFE | FR_BUSY), FR_TXFE);
}

Test(pl011, keeps_data_while_the_transmitter_is_off)
{
	put(LCR_H, FEN);
	put(CR, UARTEN | RXE);
	for (unsigned i = 0; i < 40; i++)
		put(DR, 'a' + i % 26);
	cr_expect_eq(far_end.sent_len, 0);
	cr_expect_eq(get(FR) & (FR_TXFE | FR_TXFF | FR_BUSY), FR_TXFF | FR_BUSY);
	put(CR, UARTEN | TXE | RXE);
	cr_expect_eq(far_end.sent_len, 32, "what found the FIFO full is lost");
	cr_expect_arr_eq(far_end.sent, "abcdefghijklmnopqrstuvwxyzabcdef", 32);
	cr_expect_eq(get(FR) & (FR_TXFE | FR_TXFF | FR_BUSY), FR_TXFE);
}

Test(pl011, holds_one_character_without_fifos)
{
	put(CR, UARTEN);
	put(DR, 'a');
	cr_expect(get(FR) & FR_TXFF);
	put(DR, 'b');
	put(CR, UARTEN | TXE);
	cr_expect_eq(far_end.sent_len, 1);
	cr_expect_eq(far_end.sent[0], 'a');
}

Test(pl011, transmit_interrupt_is_an_event)
{
	put(IMSC, INT_TX);
	cr_expect_not(line(), "not before something was sent");
	send("a");
	cr_expect(line());
	cr_expect_eq(get(MIS), INT_TX);
	put(ICR, INT_TX);
	cr_expect_not(line(), "cleared though the FIFO is still empty");
	send("b");
	cr_expect(line());
	put(IMSC, 0);
	cr_expect_not(line());
	cr_expect_eq(get(RIS), INT_TX);
	cr_expect_eq(get(MIS), 0);
}

/* Another vCPU writes while the back end is busy with the first one's byte. */
static void write_meanwhile(void)
{
	far_end.on_transmit = NULL;
	cr_expect(get(FR) & FR_BUSY);
	put(DR, '2');
	cr_expect_eq(far_end.sent_len, 1, "transmit() must not be entered twice");
	cr_expect_not(get(FR) & FR_TXFE);
}

Test(pl011, transmit_calls_never_overlap_and_keep_order)
{
	put(LCR_H, FEN);
	far_end.on_transmit = write_meanwhile;
	put(DR, '1');
	cr_expect_eq(far_end.sent_len, 2);
	cr_expect_arr_eq(far_end.sent, "12", 2);
	cr_expect_not(get(FR) & FR_BUSY);
}

/* --- Receiving ------------------------------------------------------------------------------- */

Test(pl011, takes_nothing_before_somebody_listens)
{
	cr_expect_eq(receive("x"), 0);
	put(IMSC, INT_RX);
	cr_expect_eq(receive("x"), 0, "the UART is not enabled");
	put(CR, UARTEN | TXE);
	cr_expect_eq(receive("x"), 0, "the receiver is off");
	cr_expect_eq(far_end.ready_calls, 0);
	put(CR, UARTEN | TXE | RXE);
	cr_expect_eq(far_end.ready_calls, 1);
	cr_expect_eq(receive("x"), 1);
	cr_expect(line());
	cr_expect_eq(get(DR), 'x');
	cr_expect_not(line());
}

Test(pl011, takes_as_much_as_there_is_room_for)
{
	listen(FEN);
	cr_expect_eq(receive("0123456789012345678901234567890123456789"), 32);
	cr_expect_eq(get(FR) & (FR_RXFF | FR_RXFE), FR_RXFF);
	cr_expect_eq(receive("x"), 0);
	for (unsigned i = 0; i < 32; i++)
		cr_expect_eq(get(DR), '0' + i % 10);
	cr_expect_eq(get(FR) & (FR_RXFF | FR_RXFE), FR_RXFE);
	cr_expect_eq(get(RSR), 0, "no overrun");
}

Test(pl011, takes_one_character_without_fifos)
{
	listen(0);
	cr_expect_eq(receive("ab"), 1);
	cr_expect_eq(get(FR) & FR_RXFF, FR_RXFF);
	cr_expect_eq(get(RIS), INT_RX | INT_RT);
	cr_expect_eq(get(DR), 'a');
	cr_expect_eq(get(RIS), 0);
}

Test(pl011, receive_interrupt_follows_the_trigger_level)
{
	static const unsigned levels[] = {4, 8, 16, 24, 28, 16, 16, 16};

	listen(FEN);
	for (unsigned select = 0; select < 8; select++) {
		put(IFLS, select << 3);
		for (unsigned n = 1; n <= 32; n++) {
			cr_assert_eq(receive("."), 1);
			cr_expect_eq(!!(get(RIS) & INT_RX), n >= levels[select], "%u at IFLS %u", n,
				     select);
			cr_expect(get(RIS) & INT_RT);
		}
		for (unsigned n = 32; n-- > 0;) {
			get(DR);
			cr_expect_eq(!!(get(RIS) & INT_RX), n >= levels[select]);
			cr_expect_eq(!!(get(RIS) & INT_RT), n > 0);
		}
	}
}

Test(pl011, cleared_timeout_comes_back_while_data_waits)
{
	put(IBRD, 13); /* 115200 baud, nearly */
	listen(FEN);
	receive("x");
	put(ICR, INT_RT | INT_RX);
	cr_expect_not(line());
	clock_virtual_advance(&vm->clock, clock_ns_to_ticks(200000));
	cr_expect_not(line(), "32 bits last 277 us");
	clock_virtual_advance(&vm->clock, clock_ns_to_ticks(300000));
	cr_expect(line());
	put(ICR, INT_RT);
	get(DR);
	clock_virtual_advance(&vm->clock, clock_ns_to_ticks(900000));
	cr_expect_not(line(), "nothing is left to be read");
}

Test(pl011, break_comes_as_a_marked_zero)
{
	listen(FEN);
	put(IMSC, INT_RX | INT_RT | INT_BE);
	pl011_receive_break(uart);
	receive("h");
	cr_expect(get(MIS) & INT_BE);
	cr_expect_eq(get(DR), DR_BE);
	cr_expect_eq(get(RSR), DR_BE >> 8);
	cr_expect_eq(get(DR), 'h');
	cr_expect_eq(get(RSR), 0);
	put(ICR, INT_BE);
	cr_expect_not(line());
}

Test(pl011, any_number_of_breaks_is_harmless)
{
	for (unsigned i = 0; i < 1000; i++)
		pl011_receive_break(uart);
	listen(FEN);
	for (unsigned i = 0; i < 1000; i++)
		pl011_receive_break(uart);
	put(IMSC, 0);
	put(IMSC, INT_RX);
	cr_expect_eq(get(DR), DR_BE);
}

/* --- Loopback -------------------------------------------------------------------------------- */

Test(pl011, loopback_returns_what_was_sent)
{
	put(LCR_H, FEN);
	put(CR, UARTEN | TXE | RXE | LBE);
	send("ab");
	cr_expect_eq(far_end.sent_len, 0);
	cr_expect_eq(get(DR), 'a');
	cr_expect_eq(get(DR), 'b');
	cr_expect(get(FR) & FR_RXFE);
	put(IMSC, INT_RX);
	cr_expect_eq(receive("x"), 0, "the line is cut in loopback");
}

Test(pl011, overrun_is_reported_until_cleared)
{
	put(LCR_H, FEN);
	put(IMSC, INT_OE);
	put(CR, UARTEN | TXE | RXE | LBE);
	for (unsigned i = 0; i < 32; i++)
		send("x");
	cr_expect_not(line());
	send("y");
	cr_expect(line());
	cr_expect_eq(get(RSR), DR_OE >> 8);
	cr_expect_eq(get(DR), 'x' | DR_OE);
	cr_expect_eq(get(DR), 'x', "there is room again");
	cr_expect_eq(get(RSR), DR_OE >> 8);
	put(RSR, 0);
	cr_expect_eq(get(RSR), 0);
	put(ICR, INT_OE);
	cr_expect_not(line());
}

Test(pl011, modem_lines_follow_the_outputs_in_loopback)
{
	put(IMSC, INT_CTS | INT_RI);
	cr_expect(get(FR) & FR_CTS, "the far end is always ready");
	put(CR, UARTEN | TXE | RXE | LBE);
	cr_expect_not(get(FR) & FR_CTS);
	cr_expect(line());
	put(ICR, 0x7ff);
	cr_expect_not(line());
	put(CR, UARTEN | TXE | RXE | LBE | OUT2 | RTS);
	cr_expect_eq(get(FR) & (FR_CTS | FR_RI), FR_CTS | FR_RI);
	cr_expect_eq(get(MIS), INT_CTS | INT_RI);
}

Test(pl011, flow_control_holds_the_transmitter)
{
	put(LCR_H, FEN);
	put(CR, UARTEN | TXE | RXE | LBE | CTSEN);
	put(DR, 'a');
	cr_expect(get(FR) & FR_RXFE, "RTS, and so CTS, is not asserted");
	put(CR, UARTEN | TXE | RXE | LBE | CTSEN | RTS);
	cr_expect_eq(get(DR), 'a');
}

/* --- Input is never lost --------------------------------------------------------------------- */

/* Everything that is in the FIFO, as an interrupt handler takes it. */
static size_t drain(char *buffer)
{
	size_t n = 0;

	while (!(get(FR) & FR_RXFE))
		buffer[n++] = (char)get(DR);
	return n;
}

static uint32_t linux_im;

static void linux_probe(void)
{
	put(IMSC, 0);
	put(ICR, 0xffff);
}

/* pl011_console_write. */
static void linux_print(const char *text)
{
	uint32_t old = get(CR);

	put(CR, (old & ~CTSEN) | UARTEN | TXE);
	send(text);
	while (get(FR) & FR_BUSY)
		;
	put(CR, old);
}

/* pl011_set_termios */
static void linux_set_termios(void)
{
	uint32_t cr = get(CR);

	put(FBRD, 4);
	put(IBRD, 39);
	put(LCR_H, 0x60 | FEN);
	put(CR, cr | RXE);
}

/* pl011_startup: hwinit, allocate_irq, and enable_interrupts, which drains the FIFO. */
static void linux_startup(void (*meanwhile)(void))
{
	put(ICR, 0x7d0);
	linux_im = get(IMSC);
	put(IMSC, INT_RT | INT_RX);
	if (meanwhile)
		meanwhile();
	put(IMSC, linux_im);
	put(IFLS, 0x12);
	put(CR, (get(CR) & 0xc00) | UARTEN | RXE | TXE);
	get(FR);
	put(ICR, INT_RT | INT_RX);
	for (unsigned i = 0; i < 64 && !(get(FR) & FR_RXFE); i++)
		get(DR);
	linux_im = INT_RT | INT_RX;
	put(IMSC, linux_im);
	linux_set_termios();
}

/* pl011_shutdown */
static void linux_shutdown(void)
{
	put(IMSC, 0);
	put(ICR, 0xffff);
	put(CR, (get(CR) & 0xc00) | UARTEN | TXE);
	put(LCR_H, get(LCR_H) & ~(FEN | 1u));
}

/* pl011_int, until the line is low; what the tty layer gets. */
static size_t linux_interrupt(char *buffer)
{
	size_t n = 0;

	while (line()) {
		uint32_t status = get(RIS) & linux_im;

		put(ICR, status & ~(INT_TX | INT_RT | INT_RX));
		if (status & (INT_RT | INT_RX))
			n += drain(buffer + n);
	}
	return n;
}

static const char early[] = "uname -a; this line is longer than any FIFO of a PL011\npoweroff -f\n";

Test(pl011, linux_boot_with_input_there_from_the_start)
{
	char got[sizeof(early)] = "";

	far_end.input = early;
	offer();
	linux_probe();
	linux_set_termios();
	linux_print("Booting Linux\nand a lot more of it, to be sure\n");
	linux_startup(NULL);
	linux_print("init\n");
	cr_expect_eq(linux_interrupt(got), strlen(early));
	cr_expect_str_eq(got, early);
}

/* A console message and new input come while the receive interrupt is open for a moment. */
static void print_and_offer(void)
{
	linux_print("x");
	put(CR, get(CR) | UARTEN);
	offer();
}

Test(pl011, linux_startup_with_input_in_the_worst_moment)
{
	char got[sizeof(early)] = "";

	far_end.input = early;
	linux_probe();
	linux_set_termios();
	linux_startup(print_and_offer);
	cr_expect_eq(linux_interrupt(got), strlen(early));
	cr_expect_str_eq(got, early);
}

Test(pl011, linux_reopen_keeps_what_came_in_between)
{
	char got[sizeof(early)] = "";
	size_t n;

	linux_probe();
	linux_startup(NULL);
	far_end.input = early;
	offer();
	cr_expect(line());
	linux_shutdown(); /* before the handler got to run */
	cr_expect_not(line());
	linux_print("closed\n");
	linux_startup(NULL);
	n = linux_interrupt(got);
	cr_expect_eq(n, strlen(early), "%zu bytes", n);
	cr_expect_str_eq(got, early);
}

Test(pl011, linux_throttling_keeps_everything)
{
	char got[2 * sizeof(early)] = "";
	size_t n = 0;

	linux_probe();
	linux_startup(NULL);
	far_end.input = early;
	for (unsigned i = 0; i < 100 && n < strlen(early); i++) {
		put(IMSC, 0); /* pl011_throttle_rx */
		offer();
		put(IMSC, linux_im); /* pl011_unthrottle_rx */
		if (i % 3)
			n += linux_interrupt(got + n);
	}
	cr_expect_str_eq(got, early);
}

Test(pl011, polling_guest_is_noticed)
{
	char got[sizeof(early)];
	size_t n = 0;

	far_end.input = early;
	offer();
	put(CR, UARTEN | TXE | RXE);
	for (unsigned polls = 0; polls < 10000 && n < strlen(early); polls++) {
		if (!(get(FR) & FR_RXFE))
			got[n++] = (char)get(DR);
	}
	cr_expect_eq(n, strlen(early));
	cr_expect_arr_eq(got, early, strlen(early));
}

Test(pl011, polling_works_out_of_reset_and_by_ris)
{
	unsigned polls = 0;

	far_end.input = "a";
	while (!(get(RIS) & INT_RX))
		cr_assert_lt(polls++, 100);
	cr_expect_eq(get(DR), 'a');
}

Test(pl011, reading_without_looking_is_polling)
{
	far_end.input = "a";
	cr_expect_eq(get(DR), 0);
	cr_expect_eq(get(DR), 'a');
}

Test(pl011, printing_is_not_polling)
{
	far_end.input = "a";
	put(CR, UARTEN | TXE | RXE);
	for (unsigned i = 0; i < 100; i++)
		send("."); /* one look at FR each */
	cr_expect_eq(far_end.ready_calls, 0);
	cr_expect(get(FR) & FR_RXFE);
}

Test(pl011, handler_that_masks_first_and_reads_later_gets_its_data)
{
	listen(FEN);
	receive("abc");
	cr_expect_eq(get(MIS), INT_RT);
	put(IMSC, 0);

	char got[8] = "";

	cr_expect_eq(drain(got), 3);
	cr_expect_str_eq(got, "abc");
	put(IMSC, INT_RX | INT_RT);
	cr_expect_not(line());
}

/* The same without reading MIS: it costs looks at an empty FIFO, but it ends. */
Test(pl011, handler_that_never_reads_the_status_gets_its_data_too)
{
	char got[8] = "";
	size_t n = 0;

	listen(FEN);
	receive("abc");
	for (unsigned i = 0; i < 100 && n < 3; i++) {
		cr_assert(line());
		put(IMSC, 0);
		n += drain(got + n);
		put(IMSC, INT_RX | INT_RT);
	}
	cr_expect_str_eq(got, "abc");
}

Test(pl011, ready_is_not_called_for_every_byte)
{
	char got[64];

	listen(FEN);
	far_end.ready_calls = 0;
	cr_expect_eq(receive("0123456789012345678901234567890123"), 32);
	drain(got);
	cr_expect_eq(far_end.ready_calls, 1);
}

/*
 * A guest whose interrupt handler reads as long as there is something to read gets on with its other
 * work all the same: the line rests for as long as the guest took, and loses nothing.
 */
Test(pl011, input_comes_in_bursts)
{
	static char text[6000];
	uint64_t read = 0, now = 0;

	memset(text, 'x', sizeof(text) - 1);
	listen(FEN);
	far_end.input = text;
	offer();
	for (; !(get(FR) & FR_RXFE); read++) {
		get(DR);
		clock_virtual_advance(&vm->clock, now += 100);
	}
	cr_expect_eq(read, 2048);
	cr_expect_not(line());
	clock_virtual_advance(&vm->clock, now + now / 2);
	cr_expect_not(line(), "after half the time that the burst took");
	clock_virtual_advance(&vm->clock, now += now);
	cr_expect(line());
	for (unsigned i = 0; i < 20000; i++) {
		if (!(get(FR) & FR_RXFE)) {
			get(DR);
			read++;
		}
		clock_virtual_advance(&vm->clock, now += 100);
	}
	cr_expect_eq(read, sizeof(text) - 1);
}

Test(pl011, reset_forgets_everything)
{
	struct device *device = (struct device *)uart;

	listen(FEN);
	receive("abc");
	cr_expect(line());
	device->ops->reset(device);
	cr_expect_not(line());
	cr_expect_eq(get(CR), 0x300);
	cr_expect(get(FR) & FR_RXFE);
	listen(FEN);
	cr_expect_not(line());
}

/* --- Hostile and concurrent ------------------------------------------------------------------ */

/* Any sequence of accesses and input: the state stays sane, and no character appears twice. */
Test(pl011, random_accesses_lose_no_bytes_that_were_not_shown)
{
	static const uint16_t offsets[] = {DR,	 RSR,  FR,  0x20, IBRD, FBRD, LCR_H, CR,
					   IFLS, IMSC, RIS, MIS,  ICR,	0x48, 0xfe0};
	uint64_t random = 42;
	uint8_t next = 1;

	put(CR, UARTEN | RXE | TXE);
	for (unsigned i = 0; i < 300000; i++) {
		uint64_t r = machine_random(&random);
		uint64_t offset = offsets[r % 15];
		uint32_t value = (uint32_t)(r >> 20);

		far_end.sent_len = 0;
		switch (r >> 8 & 7) {
		case 0: /* a stream of numbered bytes comes in */
			if (pl011_receive(uart, &next, 1))
				next++;
			break;
		case 1: pl011_receive_break(uart); break;
		case 2:
		case 3: get(offset); break;
		case 4: get(DR); break;
		default: put(offset, value); break;
		}
		if (i % 16 == 0)
			clock_virtual_advance(&vm->clock, i * 100ULL);
	}
	/* Back to a sane driver: it works. */
	put(CR, 0);
	put(IMSC, 0);
	listen(FEN);

	char got[128];

	drain(got);
	drain(got);
	put(ICR, 0x7ff);
	cr_expect_eq(receive("z"), 1);
	cr_expect(line());
	cr_expect_eq(get(DR), 'z');
}

static void *vcpu_thread(void *arg)
{
	for (unsigned i = 0; i < 1000; i++) {
		while (get(FR) & FR_TXFF)
			;
		put(DR, *(const char *)arg);
		get(MIS);
	}
	return NULL;
}

static void *loop_thread(void *arg)
{
	(void)arg;
	for (unsigned i = 0; i < 1000; i++)
		receive("x");
	return NULL;
}

Test(pl011, vcpus_and_loop_at_the_same_time)
{
	pthread_t threads[3];

	listen(FEN);
	pthread_create(&threads[0], NULL, vcpu_thread, "a");
	pthread_create(&threads[1], NULL, vcpu_thread, "b");
	pthread_create(&threads[2], NULL, loop_thread, NULL);
	for (unsigned i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	cr_expect_leq(far_end.sent_len, 2000);
	cr_expect_geq(far_end.sent_len, 1000);
}
