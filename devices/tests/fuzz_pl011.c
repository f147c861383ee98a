/*
 * Fuzz target: the UART, with a back end and with somebody who types.
 */
#include "devices/pl011.h"

#include "devices/serial.h"
#include "devices/tests/fuzz.h"

static struct pl011 *uart;

/* Each byte is looked at, so that a sanitizer sees a range that is not there. */
static void transmit(void *owner, const uint8_t *bytes, size_t len)
{
	uint8_t *sum = owner;

	while (len--)
		*sum ^= *bytes++;
}

static void ready(void *owner)
{
	(void)owner;
}

static int create(struct vm *vm, struct error *err)
{
	static uint8_t sum;
	static const struct serial_backend backend = {
		.transmit = transmit, .ready = ready, .owner = &sum};

	uart = pl011_create(vm, 0x09000000, 33, &backend, err);
	return uart ? 0 : -1;
}

/* UARTCR, UARTIMSC, and UARTLCR_H with the FIFOs on: as Linux has them. */
static void start(struct vm *vm)
{
	fuzz_write(vm, 0, 0x0900002c, 4, 0x70);
	fuzz_write(vm, 0, 0x09000030, 4, 0x301);
	fuzz_write(vm, 0, 0x09000038, 4, 0x50);
}

static void outside(struct vm *vm, uint64_t what)
{
	uint8_t bytes[64];
	size_t len = what >> 8 & 63;

	(void)vm;
	if (what & 1) {
		pl011_receive_break(uart);
		return;
	}
	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(what >> 16 | i);
	pl011_receive(uart, bytes, len);
}

const struct fuzz_target fuzz_target = {
	.cpus = 1,
	.create = create,
	.start = start,
	.outside = outside,
};
