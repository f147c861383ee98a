/*
 * The PL011 UART, revision r1p5 (Arm DDI 0183), with its 32-byte FIFOs.
 *
 * Sending. There is no baud rate to wait for: what the guest writes to UARTDR goes to the back end
 * at once, on the vCPU's thread. The back end may block (a pipe whose reader is slow), so the
 * call is made without the device's lock; other vCPUs meanwhile fill the transmit FIFO and see it
 * fill up, as they would with a slow line. Data moves when CR.TXE is set, whatever CR.UARTEN
 * says: both TXE and RXE are set out of reset, so a bare-metal program that relies on firmware
 * having enabled the UART works, and one that turns the directions off gets what it asked for.
 *
 * Receiving. Input must not be lost, neither when the guest is slow nor when it comes before
 * anybody listens. A full FIFO is easy: pl011_receive() refuses what does not fit and the back end
 * keeps it. Listening is harder. An operating system's driver enables the receiver, then reads the
 * FIFO empty and throws the result away, and only then unmasks the receive interrupts; when it
 * closes the port, it drops what is left (Linux: pl011_enable_interrupts, pl011_shutdown). So a
 * byte is taken from the back end only while the guest listens, which means: the receiver is on,
 * and either a receive interrupt is unmasked or the guest polls: it has looked for input, in vain,
 * POLLS_TO_LISTEN times in a row. Linux even unmasks the interrupts for a moment before it throws
 * the FIFO away (pl011_hwinit). Therefore bytes that are in the FIFO when the guest stops to
 * listen, and that it has had no occasion to notice, are put back "on the wire", in front of the
 * back end, and come in again when the guest listens again.
 *
 * Nor must it be lost inside the guest. A serial driver counts on the line being slow: Linux's moves
 * all that comes from the FIFO into a buffer of 64 KiB, in its interrupt handler, and whoever
 * empties the buffer or asks the sender to stop is a thread that an interrupt handler with more and
 * more to do never lets run. So input comes in bursts, with a rest after each that is as long as the
 * guest took for the burst.
 */
#include "devices/pl011.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/boot/devicetree.h"
#include "core/vm.h"
#include "devices/primecell.h"
#include "devices/serial.h"

#define PERIPH_ID PRIMECELL_PERIPH(0x011, 3) /* r1p5 */

/* Registers, DDI 0183, 3.2. */
#define UARTDR	  0x00
#define UARTRSR	  0x04 /* write: UARTECR */
#define UARTFR	  0x18
#define UARTILPR  0x20
#define UARTIBRD  0x24
#define UARTFBRD  0x28
#define UARTLCR_H 0x2c
#define UARTCR	  0x30
#define UARTIFLS  0x34
#define UARTIMSC  0x38
#define UARTRIS	  0x3c
#define UARTMIS	  0x40
#define UARTICR	  0x44
#define UARTDMACR 0x48

/* UARTDR, above the data; UARTRSR has the same bits from bit 0. */
#define DR_FE	       (1u << 8)
#define DR_PE	       (1u << 9)
#define DR_BE	       (1u << 10)
#define DR_OE	       (1u << 11)
#define DR_ERROR_SHIFT 8

#define RSR_OE (1u << 3)

#define FR_CTS	(1u << 0)
#define FR_DSR	(1u << 1)
#define FR_DCD	(1u << 2)
#define FR_BUSY (1u << 3)
#define FR_RXFE (1u << 4)
#define FR_TXFF (1u << 5)
#define FR_RXFF (1u << 6)
#define FR_TXFE (1u << 7)
#define FR_RI	(1u << 8)

#define FR_MODEM (FR_CTS | FR_DSR | FR_DCD | FR_RI)

#define LCR_H_FEN (1u << 4)

#define CR_UARTEN   (1u << 0)
#define CR_LBE	    (1u << 7)
#define CR_TXE	    (1u << 8)
#define CR_RXE	    (1u << 9)
#define CR_DTR	    (1u << 10)
#define CR_RTS	    (1u << 11)
#define CR_OUT1	    (1u << 12)
#define CR_OUT2	    (1u << 13)
#define CR_CTSEN    (1u << 15)
#define CR_WRITABLE 0xff87u

#define INT_RI	(1u << 0)
#define INT_CTS (1u << 1)
#define INT_DCD (1u << 2)
#define INT_DSR (1u << 3)
#define INT_RX	(1u << 4)
#define INT_TX	(1u << 5)
#define INT_RT	(1u << 6)
#define INT_FE	(1u << 7)
#define INT_OE	(1u << 10)
#define INT_ALL 0x7ffu

#define INT_FE_SHIFT 7 /* FE, PE, BE, OE in the order that UARTRSR has */

#define IFLS_RESET 0x12u

#define FIFO_DEPTH	 32
#define POLLS_TO_LISTEN	 16
#define UART_CLOCK	 24000000ULL /* the fixed clock "apb-pclk" */
#define TIMEOUT_BITS	 32	     /* of silence before the receive timeout interrupt */
#define RX_BURST	 2048	     /* characters between two rests */
#define RX_REST_MIN	 500000ULL   /* ns: with the above, 4 MB a second at the most */
#define RX_REST_MAX	 4000000ULL  /* ns: a burst may have been hours of typing */
#define TRIGGER_LEVELS	 5
#define NS_PER_SECOND	 1000000000ULL
#define PL011_NODE	 "pl011"
#define PL011_PATH_BYTES 32

struct pl011_state {
	uint32_t rsr, ilpr, ibrd, fbrd, lcr_h, cr, ifls, imsc, ris, dmacr;
	uint32_t modem; /* UARTFR's modem bits when last looked at */

	/* Receive FIFO, oldest first, an entry as UARTDR shows it. */
	uint16_t rx[FIFO_DEPTH];
	uint32_t rx_count;
	uint32_t rx_seen; /* how many of them the guest has had occasion to notice */
	bool overrun;	  /* a character found the receive FIFO full */

	/* Taken from the back end and not (or no more) in the FIFO. */
	uint16_t wire[2 * FIFO_DEPTH];
	uint32_t wire_count;

	uint32_t burst_left;  /* characters until the next rest; 0: the line rests */
	uint64_t burst_began; /* counter */

	uint8_t tx[FIFO_DEPTH];
	uint32_t tx_count;

	bool polling;	/* the guest listens without interrupts */
	uint32_t polls; /* looks for input, in vain, in a row */
};

struct pl011 {
	struct device device;
	struct pl011_state state;
	pthread_mutex_t lock; /* guards state, level, wanted, transmitting */
	struct irq_line irq;
	const struct serial_backend *backend; /* may be NULL */
	struct clock_timer timeout;
	struct clock_timer rest;
	uint64_t base;
	unsigned intid;
	bool level;	   /* of irq */
	bool wanted;	   /* the back end waits for ready() */
	bool transmitting; /* a vCPU is inside the back end's transmit() */
	char path[PL011_PATH_BYTES];
};

/* --- What follows from the state ------------------------------------------------------------- */

static uint32_t fifo_depth(const struct pl011_state *s)
{
	return s->lcr_h & LCR_H_FEN ? FIFO_DEPTH : 1;
}

/* UARTIFLS: how full is 1/8, 1/4, 1/2, 3/4, 7/8; reserved values are read as 1/2. */
static uint32_t fifo_level(uint32_t select)
{
	static const uint8_t levels[TRIGGER_LEVELS] = {
		FIFO_DEPTH / 8,	    FIFO_DEPTH / 4,	FIFO_DEPTH / 2,
		FIFO_DEPTH * 3 / 4, FIFO_DEPTH * 7 / 8,
	};

	return levels[select < TRIGGER_LEVELS ? select : 2];
}

/* The receive interrupt is raised at this many entries. */
static uint32_t rx_trigger(const struct pl011_state *s)
{
	return fifo_depth(s) == 1 ? 1 : fifo_level(s->ifls >> 3 & 7);
}

/* The transmit interrupt is raised when no more than this many entries are left. */
static uint32_t tx_trigger(const struct pl011_state *s)
{
	return fifo_depth(s) == 1 ? 0 : fifo_level(s->ifls & 7);
}

/* The far end is always there and ready; in loopback the outputs feed the inputs (3.4.6). */
static uint32_t modem_inputs(const struct pl011_state *s)
{
	if (!(s->cr & CR_LBE))
		return FR_CTS | FR_DSR | FR_DCD;

	return (s->cr & CR_RTS ? FR_CTS : 0) | (s->cr & CR_DTR ? FR_DSR : 0) |
	       (s->cr & CR_OUT1 ? FR_DCD : 0) | (s->cr & CR_OUT2 ? FR_RI : 0);
}

static bool can_transmit(const struct pl011_state *s)
{
	if (!(s->cr & CR_TXE))
		return false;
	return !(s->cr & CR_CTSEN) || modem_inputs(s) & FR_CTS;
}

static bool listening(const struct pl011_state *s)
{
	if (!(s->cr & CR_RXE) || s->cr & CR_LBE)
		return false;
	return s->polling || (s->cr & CR_UARTEN && s->imsc & (INT_RX | INT_RT));
}

static uint32_t flags(const struct pl011 *p)
{
	const struct pl011_state *s = &p->state;
	uint32_t fr = modem_inputs(s);

	if (s->tx_count || p->transmitting)
		fr |= FR_BUSY;
	if (!s->tx_count)
		fr |= FR_TXFE;
	if (s->tx_count >= fifo_depth(s))
		fr |= FR_TXFF;
	if (!s->rx_count)
		fr |= FR_RXFE;
	if (s->rx_count >= fifo_depth(s))
		fr |= FR_RXFF;
	return fr;
}

/* --- The receive FIFO ------------------------------------------------------------------------ */

/* A character arrives in the FIFO, which has room. */
static void rx_push(struct pl011_state *s, uint16_t entry)
{
	s->rx[s->rx_count++] = entry;
	s->ris |= entry >> DR_ERROR_SHIFT << INT_FE_SHIFT;
	/* The silence that the timeout interrupt waits for has passed by the time anybody looks. */
	s->ris |= INT_RT;
	if (s->rx_count >= rx_trigger(s))
		s->ris |= INT_RX;
}

/* Entries have left the FIFO: so have the reasons for interrupts. */
static void rx_shrunk(struct pl011_state *s)
{
	if (s->rx_seen > s->rx_count)
		s->rx_seen = s->rx_count;
	if (s->rx_count < rx_trigger(s))
		s->ris &= ~INT_RX;
	if (!s->rx_count)
		s->ris &= ~INT_RT;
}

static uint16_t rx_pop(struct pl011_state *s)
{
	uint16_t entry = s->rx[0];

	s->rx_count--;
	memmove(s->rx, s->rx + 1, s->rx_count * sizeof(s->rx[0]));
	if (s->rx_seen)
		s->rx_seen--;
	rx_shrunk(s);
	return entry;
}

/* Characters on the wire come in while there is room for them. */
static void wire_to_fifo(struct pl011_state *s)
{
	uint32_t n = 0;

	while (n < s->wire_count && s->rx_count < fifo_depth(s))
		rx_push(s, s->wire[n++]);
	s->wire_count -= n;
	memmove(s->wire, s->wire + n, s->wire_count * sizeof(s->wire[0]));
}

/*
 * What the guest has not noticed goes back to the wire, in front of what is there. There is room:
 * at most FIFO_DEPTH entries come back to at most FIFO_DEPTH that wait.
 */
static void fifo_to_wire(struct pl011_state *s)
{
	uint32_t n = s->rx_count - s->rx_seen;

	if (!n)
		return;
	memmove(s->wire + n, s->wire, s->wire_count * sizeof(s->wire[0]));
	memcpy(s->wire, s->rx + s->rx_seen, n * sizeof(s->wire[0]));
	s->wire_count += n;
	s->rx_count -= n;
	rx_shrunk(s);
}

/* A character that the UART sent to itself. The guest knows of it, so it never goes back. */
static void rx_loopback(struct pl011_state *s, uint8_t byte)
{
	if (!(s->cr & CR_RXE))
		return;
	if (s->rx_count < fifo_depth(s)) {
		rx_push(s, byte);
		s->rx_seen = s->rx_count;
	} else {
		s->overrun = true;
		s->rsr |= RSR_OE;
		s->ris |= INT_OE;
	}
}

/* --- After every change ---------------------------------------------------------------------- */

static void update_modem(struct pl011_state *s)
{
	uint32_t now = modem_inputs(s);
	uint32_t changed = now ^ s->modem;

	s->modem = now;
	if (changed & FR_RI)
		s->ris |= INT_RI;
	if (changed & FR_CTS)
		s->ris |= INT_CTS;
	if (changed & FR_DCD)
		s->ris |= INT_DCD;
	if (changed & FR_DSR)
		s->ris |= INT_DSR;
}

/* Bring FIFO, interrupts and the line in accordance with the registers. */
static void settle(struct pl011 *p)
{
	struct pl011_state *s = &p->state;

	update_modem(s);
	if (listening(s))
		wire_to_fifo(s);
	else
		fifo_to_wire(s);

	bool level = s->ris & s->imsc;

	if (level != p->level)
		irq_line_set(&p->irq, level);
	p->level = level;
}

/* Is it time to tell the back end? Once the FIFO is below its trigger level, not at every byte. */
static bool take_ready(struct pl011 *p)
{
	const struct pl011_state *s = &p->state;

	if (!p->wanted || !listening(s) || s->wire_count || s->rx_count >= rx_trigger(s) ||
	    !s->burst_left)
		return false;
	p->wanted = false;
	return p->backend && p->backend->ready;
}

/*
 * Empty the transmit FIFO into the back end. Entered with the lock held, left with it held,
 * released around the call. One vCPU at a time: who comes while another is inside leaves its bytes
 * in the FIFO, where the other finds them.
 */
static void transmit(struct pl011 *p)
{
	struct pl011_state *s = &p->state;

	if (p->transmitting)
		return;
	p->transmitting = true;
	while (s->tx_count && can_transmit(s)) {
		uint8_t bytes[FIFO_DEPTH];
		uint32_t n = s->tx_count;

		memcpy(bytes, s->tx, n);
		s->tx_count = 0;
		if (s->cr & CR_LBE) {
			for (uint32_t i = 0; i < n; i++)
				rx_loopback(s, bytes[i]);
		} else if (p->backend) {
			pthread_mutex_unlock(&p->lock);
			p->backend->transmit(p->backend->owner, bytes, n);
			pthread_mutex_lock(&p->lock);
		}
		/* The FIFO has drained through its trigger level, wherever that is. */
		if (s->tx_count <= tx_trigger(s))
			s->ris |= INT_TX;
		settle(p);
	}
	p->transmitting = false;
}

/* --- Registers ------------------------------------------------------------------------------- */

/* The guest looks for input: by UARTFR or UARTRIS, or by reading UARTDR straight away. */
static void look_for_input(struct pl011_state *s, uint32_t weight)
{
	if (s->rx_count) {
		s->polls = 0;
		return;
	}
	s->polls += weight;
	if (s->polls < POLLS_TO_LISTEN)
		return;
	s->polls = 0;
	s->polling = true;
	if (listening(s))
		wire_to_fifo(s); /* in time for the answer to this very look */
}

static uint32_t read_data(struct pl011_state *s)
{
	if (!s->rx_count) {
		look_for_input(s, POLLS_TO_LISTEN);
		return 0;
	}

	uint32_t data = rx_pop(s);

	/* UARTRSR tells of the character read last, and of an overrun until it is cleared. */
	s->rsr = (s->rsr & RSR_OE) | data >> DR_ERROR_SHIFT;
	if (s->overrun)
		data |= DR_OE;
	s->overrun = false;
	s->polls = 0;
	return data;
}

static uint32_t read_flags(struct pl011 *p)
{
	look_for_input(&p->state, 1);
	if (p->state.polling)
		p->state.rx_seen = p->state.rx_count;
	return flags(p);
}

static uint32_t read_status(struct pl011_state *s, uint32_t mask)
{
	look_for_input(s, 1);
	s->rx_seen = s->rx_count;
	return s->ris & mask;
}

static uint32_t read_register(struct pl011 *p, uint64_t offset)
{
	struct pl011_state *s = &p->state;

	switch (offset) {
	case UARTDR: return read_data(s);
	case UARTRSR: return s->rsr;
	case UARTFR: return read_flags(p);
	case UARTILPR: return s->ilpr;
	case UARTIBRD: return s->ibrd;
	case UARTFBRD: return s->fbrd;
	case UARTLCR_H: return s->lcr_h;
	case UARTCR: return s->cr;
	case UARTIFLS: return s->ifls;
	case UARTIMSC: return s->imsc;
	case UARTRIS: return read_status(s, INT_ALL);
	case UARTMIS: return read_status(s, s->imsc);
	case UARTDMACR: return s->dmacr;
	default: return primecell_read_id(PERIPH_ID, offset);
	}
}

static void write_data(struct pl011 *p, uint8_t byte)
{
	struct pl011_state *s = &p->state;

	if (s->tx_count >= fifo_depth(s))
		return; /* written without looking at TXFF: lost, as in hardware */
	s->tx[s->tx_count++] = byte;
	if (s->tx_count > tx_trigger(s))
		s->ris &= ~INT_TX;
	transmit(p);
}

static void write_control(struct pl011 *p, uint32_t value)
{
	struct pl011_state *s = &p->state;

	s->cr = value & CR_WRITABLE;
	if (!(s->cr & CR_RXE))
		s->polling = false;
	settle(p);
	transmit(p);
}

/* Other trigger levels, or another depth: no character is lost by it. */
static void write_levels(struct pl011_state *s, uint32_t *reg, uint32_t value)
{
	*reg = value;
	if (s->rx_count >= rx_trigger(s))
		s->ris |= INT_RX;
	else
		s->ris &= ~INT_RX;
}

static uint64_t timeout_ticks(const struct pl011_state *s)
{
	uint64_t divisor = (uint64_t)s->ibrd * 64 + s->fbrd; /* of the clock, in 1/64 of 16 */

	if (!divisor)
		divisor = 1;
	return clock_ns_to_ticks(TIMEOUT_BITS * divisor * NS_PER_SECOND / (4 * UART_CLOCK));
}

static void write_clear(struct pl011 *p, uint32_t value)
{
	struct pl011_state *s = &p->state;
	struct clock *clock = &p->device.vm->clock;

	s->ris &= ~value;
	/* The timeout is raised again when the line stays silent and data is still there. */
	if (value & INT_RT && s->rx_count)
		clock_timer_arm(clock, &p->timeout, clock_counter(clock) + timeout_ticks(s));
}

static void write_mask(struct pl011_state *s, uint32_t value)
{
	s->imsc = value & INT_ALL;
	if (s->imsc & (INT_RX | INT_RT))
		s->polling = false; /* from now on it is the interrupts that count */
}

static void write_register(struct pl011 *p, uint64_t offset, uint32_t value)
{
	struct pl011_state *s = &p->state;

	/* A driver that only masks and clears interrupts may still be one that polls. */
	if (offset != UARTIMSC && offset != UARTICR)
		s->polls = 0;
	switch (offset) {
	case UARTDR: write_data(p, (uint8_t)value); break;
	case UARTRSR: s->rsr = 0; break;
	case UARTILPR: s->ilpr = value & 0xff; break;
	case UARTIBRD: s->ibrd = value & 0xffff; break;
	case UARTFBRD: s->fbrd = value & 0x3f; break;
	case UARTLCR_H: write_levels(s, &s->lcr_h, value & 0xff); break;
	case UARTCR: write_control(p, value); break;
	case UARTIFLS: write_levels(s, &s->ifls, value & 0x3f); break;
	case UARTIMSC: write_mask(s, value); break;
	case UARTICR: write_clear(p, value); break;
	case UARTDMACR: s->dmacr = value & 7; break;
	default: break;
	}
}

/* The end of what changes the state: settle, let go of the lock, and tell the back end if it waits. */
static void finish_access(struct pl011 *p)
{
	settle(p);

	bool ready = take_ready(p);

	pthread_mutex_unlock(&p->lock);
	if (ready)
		p->backend->ready(p->backend->owner);
}

static uint64_t pl011_read(void *owner, unsigned cpu, uint64_t offset, unsigned size)
{
	struct pl011 *p = owner;

	(void)cpu;
	if (!primecell_access_ok(offset, size))
		return 0;
	pthread_mutex_lock(&p->lock);

	uint32_t value = read_register(p, offset);

	finish_access(p);
	return primecell_narrow(value, size);
}

static void pl011_write(void *owner, unsigned cpu, uint64_t offset, unsigned size, uint64_t value)
{
	struct pl011 *p = owner;

	(void)cpu;
	if (!primecell_access_ok(offset, size))
		return;
	pthread_mutex_lock(&p->lock);
	write_register(p, offset, (uint32_t)value);
	finish_access(p);
}

static const struct mmio_ops pl011_mmio = {.read = pl011_read, .write = pl011_write};

/* --- The other end --------------------------------------------------------------------------- */

static uint64_t rest_ticks(uint64_t burst_ticks)
{
	const uint64_t min = clock_ns_to_ticks(RX_REST_MIN), max = clock_ns_to_ticks(RX_REST_MAX);

	if (burst_ticks < min)
		return min;
	return burst_ticks < max ? burst_ticks : max;
}

/* A character of the burst has come. */
static void burst_count(struct pl011 *p)
{
	struct pl011_state *s = &p->state;
	struct clock *clock = &p->device.vm->clock;

	if (s->burst_left == RX_BURST)
		s->burst_began = clock_counter(clock);
	if (--s->burst_left)
		return;

	uint64_t now = clock_counter(clock);

	clock_timer_arm(clock, &p->rest, now + rest_ticks(now - s->burst_began));
}

static void pl011_rested(void *owner)
{
	struct pl011 *p = owner;

	pthread_mutex_lock(&p->lock);
	p->state.burst_left = RX_BURST;
	finish_access(p);
}

size_t pl011_receive(struct pl011 *p, const uint8_t *bytes, size_t len)
{
	struct pl011_state *s = &p->state;
	size_t taken = 0;

	pthread_mutex_lock(&p->lock);
	if (listening(s) && !s->wire_count) {
		while (taken < len && s->rx_count < fifo_depth(s) && s->burst_left) {
			rx_push(s, bytes[taken++]);
			burst_count(p);
		}
	}
	p->wanted = taken < len;
	settle(p);
	pthread_mutex_unlock(&p->lock);
	return taken;
}

void pl011_receive_break(struct pl011 *p)
{
	struct pl011_state *s = &p->state;

	pthread_mutex_lock(&p->lock);
	if (s->wire_count < FIFO_DEPTH)
		s->wire[s->wire_count++] = DR_BE;
	settle(p);
	pthread_mutex_unlock(&p->lock);
}

static size_t port_receive(void *owner, const uint8_t *bytes, size_t len)
{
	return pl011_receive(owner, bytes, len);
}

static void port_receive_break(void *owner)
{
	pl011_receive_break(owner);
}

struct serial_port pl011_port(struct pl011 *p)
{
	return (struct serial_port){
		.receive = port_receive,
		.receive_break = port_receive_break,
		.owner = p,
	};
}

const char *pl011_path(const struct pl011 *p)
{
	return p->path;
}

static void pl011_timeout(void *owner)
{
	struct pl011 *p = owner;

	pthread_mutex_lock(&p->lock);
	if (p->state.rx_count)
		p->state.ris |= INT_RT;
	settle(p);
	pthread_mutex_unlock(&p->lock);
}

/* --- The device ------------------------------------------------------------------------------ */

static void pl011_reset(struct device *device)
{
	struct pl011 *p = (struct pl011 *)device;
	struct pl011_state *s = &p->state;

	pthread_mutex_lock(&p->lock);
	clock_timer_disarm(&device->vm->clock, &p->timeout);
	clock_timer_disarm(&device->vm->clock, &p->rest);
	memset(s, 0, sizeof(*s));
	s->burst_left = RX_BURST;
	s->cr = CR_TXE | CR_RXE;
	s->ifls = IFLS_RESET;
	s->modem = modem_inputs(s);
	p->wanted = true;
	settle(p);
	pthread_mutex_unlock(&p->lock);
}

static int pl011_describe(struct device *device, void *fdt)
{
	static const char *const compatible[] = {"arm,pl011", "arm,primecell", NULL};
	static const char *const clock_names[] = {"uartclk", "apb_pclk", NULL};
	const struct pl011 *p = (struct pl011 *)device;
	const uint64_t reg[1][2] = {{p->base, PRIMECELL_SIZE}};
	const uint32_t clocks[] = {PHANDLE_CLOCK, PHANDLE_CLOCK};
	int rc;

	if ((rc = devicetree_begin(fdt, PL011_NODE, p->base)) ||
	    (rc = devicetree_strings(fdt, "compatible", compatible)) ||
	    (rc = devicetree_reg(fdt, reg, 1)) ||
	    (rc = devicetree_interrupt(fdt, p->intid, TRIGGER_LEVEL_HIGH)) ||
	    (rc = devicetree_cells(fdt, "clocks", clocks, 2)) ||
	    (rc = devicetree_strings(fdt, "clock-names", clock_names)))
		return rc;
	return devicetree_end(fdt);
}

static void pl011_destroy(struct device *device)
{
	struct pl011 *p = (struct pl011 *)device;

	clock_timer_remove(&device->vm->clock, &p->timeout);
	clock_timer_remove(&device->vm->clock, &p->rest);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

static const struct device_ops pl011_ops = {
	.name = "pl011",
	.reset = pl011_reset,
	.describe = pl011_describe,
	.destroy = pl011_destroy,
};

struct pl011 *pl011_create(struct vm *vm, uint64_t base, unsigned intid,
			   const struct serial_backend *backend, struct error *err)
{
	struct pl011 *p = calloc(1, sizeof(*p));

	if (!p) {
		error_set(err, ERROR_NO_MEMORY, "no memory for the UART");
		return NULL;
	}

	const struct bus_region region = {base, PRIMECELL_SIZE, &pl011_mmio, p, "pl011"};

	if (bus_add(&vm->bus, &region, err)) {
		free(p);
		return NULL;
	}
	p->device.ops = &pl011_ops;
	p->device.vm = vm;
	p->device.state = &p->state;
	p->device.state_size = sizeof(p->state);
	p->irq = (struct irq_line){.chip = &vm->irq_chip, .intid = intid};
	p->backend = backend;
	p->base = base;
	p->intid = intid;
	snprintf(p->path, sizeof(p->path), "/" PL011_NODE "@%" PRIx64, base);
	pthread_mutex_init(&p->lock, NULL);
	clock_timer_init(&p->timeout, pl011_timeout, p);
	clock_timer_init(&p->rest, pl011_rested, p);
	pl011_reset(&p->device);
	vm_add_device(vm, &p->device);
	return p;
}
