/*
 * Virtio console (virtio 1.2, 5.3): port 0 is a console (hvc0 in Linux); others are byte streams that
 * a driver finds by name (/dev/virtio-ports/NAME).
 */
#ifndef GOD_DEVICES_VIRTIO_CONSOLE_H
#define GOD_DEVICES_VIRTIO_CONSOLE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"

struct serial_backend;
struct serial_port;
struct virtio_console;
struct virtio_slot;
struct vm;

#define VIRTIO_CONSOLE_PORTS_MAX 8
#define VIRTIO_CONSOLE_NAME_MAX	 31

/* One port; all is borrowed. */
struct virtio_console_port {
	const char *name;		      /* NULL: it is a console */
	const struct serial_backend *backend; /* NULL: what is sent is dropped */
};

/* Create the device with 1 to VIRTIO_CONSOLE_PORTS_MAX ports in that slot; the VM owns it. */
struct virtio_console *virtio_console_create(struct vm *vm, const struct virtio_slot *slot,
					     const struct virtio_console_port *ports,
					     unsigned count, struct error *err);

/*
 * Where a port's input goes: the driver's buffers, as far as it has given some and somebody has
 * opened the port.
 */
struct serial_port virtio_console_serial(struct virtio_console *console, unsigned port);

/*
 * The back end whose try_transmit() took less than all has room again. Any thread, no lock held that
 * try_transmit() takes.
 */
void virtio_console_resume(struct virtio_console *console, unsigned port);

/* Somebody is, or is no more, at this port's other end. (At first somebody is at a console's.) Any thread. */
void virtio_console_connect(struct virtio_console *console, unsigned port, bool connected);

/* The terminal at the console's other end has this size now. Any thread. */
void virtio_console_resize(struct virtio_console *console, uint16_t columns, uint16_t rows);

#endif
