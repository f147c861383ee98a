/*
 * A console's port: what the guest puts into its transmit queue goes to the back end, input goes into the
 * buffers of its receive queue, as many bytes as there are buffers for.
 *
 * Listening. A driver gives its buffers before anybody reads from them: Linux throws away what arrives
 * until it has made a console of the port. That moment it tells (PORT_OPEN) on the control queues;
 * until then no input is taken. A driver without control queues has port 0 alone, and has it open.
 */
#include <string.h>

#include "devices/virtio/console_state.h"

/* Magic SysRq on a console without breaks: Linux, drivers/tty/hvc/hvc_console.c. */
#define CONTROL_O 0x0f

unsigned console_port_receive_queue(const struct console_port *port)
{
	return port->number ? 2 * port->number + 2 : 0;
}

unsigned console_port_transmit_queue(const struct console_port *port)
{
	return console_port_receive_queue(port) + 1;
}

/* --- From the driver --- */

static size_t give(const struct serial_backend *backend, const uint8_t *bytes, size_t len)
{
	if (backend && backend->try_transmit)
		return backend->try_transmit(backend->owner, bytes, len);
	if (backend)
		backend->transmit(backend->owner, bytes, len);
	return len;
}

/* The rest of the chain. False: the back end will say when it takes more. Lock held here and below. */
static bool send_pieces(struct console_port *port)
{
	while (port->piece < port->transmit.out_count) {
		const struct iovec *piece = &port->transmit.iov[port->piece];
		size_t left = piece->iov_len - port->sent;
		size_t taken = give(port->backend, (uint8_t *)piece->iov_base + port->sent, left);

		port->sent += taken;
		if (taken < left)
			return false;
		port->piece++;
		port->sent = 0;
	}
	return true;
}

static bool take_chain(struct console_port *port)
{
	if (port->sending)
		return true;
	port->piece = 0;
	port->sent = 0;
	port->sending = virtio_take(&port->console->virtio, console_port_transmit_queue(port),
				    &port->transmit);
	return port->sending;
}

static void put_chain(struct console_port *port)
{
	virtio_put(&port->console->virtio, console_port_transmit_queue(port), &port->transmit, 0);
	port->sending = false;
}

void console_port_transmit(struct console_port *port)
{
	pthread_mutex_lock(&port->transmit_lock);
	while (take_chain(port) && send_pieces(port))
		put_chain(port);
	pthread_mutex_unlock(&port->transmit_lock);
	virtio_signal(&port->console->virtio, console_port_transmit_queue(port));
}

void console_port_stop(struct console_port *port)
{
	pthread_mutex_lock(&port->transmit_lock);
	if (port->sending)
		put_chain(port);
	pthread_mutex_unlock(&port->transmit_lock);
}

void virtio_console_resume(struct virtio_console *console, unsigned port)
{
	virtio_ring(&console->virtio, console_port_transmit_queue(&console->ports[port]));
}

/* --- To the driver --- */

void console_port_offer_again(struct console_port *port)
{
	const struct serial_backend *backend = port->backend;

	if (backend && backend->ready && atomic_exchange(&port->wanted, false))
		backend->ready(backend->owner);
}

static bool listens(const struct console_port *port)
{
	struct virtio_console *console = port->console;
	bool open;

	if (!virtio_has(&console->virtio, CONSOLE_FEATURE_MULTIPORT))
		return !port->number;
	pthread_mutex_lock(&console->lock);
	open = console->state.ports[port->number].open;
	pthread_mutex_unlock(&console->lock);
	return open;
}

/* serial_port.receive */
static size_t port_receive(void *owner, const uint8_t *bytes, size_t len)
{
	struct console_port *port = owner;
	struct virtio *virtio = &port->console->virtio;
	unsigned queue = console_port_receive_queue(port);
	size_t done = 0;

	pthread_mutex_lock(&port->receive_lock);
	/* Before the last look: what comes after it is told of. */
	port->wanted = true;
	while (done < len && listens(port) && virtio_take(virtio, queue, &port->receive)) {
		size_t taken = chain_write(&port->receive, 0, bytes + done, len - done);

		virtio_put(virtio, queue, &port->receive, (uint32_t)taken);
		done += taken;
	}
	if (done == len)
		port->wanted = false;
	pthread_mutex_unlock(&port->receive_lock);
	virtio_signal(virtio, queue);
	return done;
}

static void port_receive_break(void *owner)
{
	static const uint8_t key = CONTROL_O;

	port_receive(owner, &key, 1);
}

struct serial_port virtio_console_serial(struct virtio_console *console, unsigned port)
{
	return (struct serial_port){
		.receive = port_receive,
		.receive_break = port_receive_break,
		.owner = &console->ports[port],
	};
}

/* --- Life --- */

void console_port_init(struct console_port *port, struct virtio_console *console, unsigned number,
		       const struct virtio_console_port *from)
{
	port->console = console;
	port->number = number;
	if (from->name)
		strncpy(port->name, from->name, VIRTIO_CONSOLE_NAME_MAX);
	port->backend = from->backend;
	pthread_mutex_init(&port->transmit_lock, NULL);
	pthread_mutex_init(&port->receive_lock, NULL);
}

void console_port_destroy(struct console_port *port)
{
	pthread_mutex_destroy(&port->transmit_lock);
	pthread_mutex_destroy(&port->receive_lock);
}
