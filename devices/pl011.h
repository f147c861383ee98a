/*
 * PL011 UART (Arm DDI 0183): the console.
 */
#ifndef GOD_DEVICES_PL011_H
#define GOD_DEVICES_PL011_H

#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "core/irq.h"

struct vm;
struct pl011;
struct serial_backend;
struct serial_port;

/* Create the device, place it on the bus and add it to the VM, which owns it. */
struct pl011 *pl011_create(struct vm *vm, uint64_t base, unsigned intid,
			   const struct serial_backend *backend, struct error *err);

/*
 * Offer input. Returns how many bytes were taken, 0 to len: as many as the guest has room for, and
 * none before its driver listens; the back end keeps the rest and offers it again after ready().
 * Any thread but a vCPU inside transmit() or ready().
 */
size_t pl011_receive(struct pl011 *pl011, const uint8_t *bytes, size_t len);

/* The same as a port for whoever has input. */
struct serial_port pl011_port(struct pl011 *pl011);

/* The UART's path in the device tree, for stdout-path. Lives as long as the UART. */
const char *pl011_path(const struct pl011 *pl011);

/* A break condition on the line (Ctrl-A b): Linux's magic SysRq. */
void pl011_receive_break(struct pl011 *pl011);

#endif
