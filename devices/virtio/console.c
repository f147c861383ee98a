/*
 * The console: what the guest puts into a transmit queue goes to the port's back end, input goes into the
 * buffers of its receive queue, as many bytes as there are buffers for.
 *
 * Listening. A driver gives its buffers before anybody reads from them: Linux throws away what arrives
 * until it has made a console of the port. That moment it tells (PORT_OPEN) on the control queues, which
 * come with VIRTIO_CONSOLE_F_MULTIPORT; until then no input is taken. A driver without
 * that feature has port 0 alone, and has it open.
 *
 * Control messages to the driver (5.3.6.2) are kept as a set for each port, of what there is to say,
 * until the driver has a buffer for it; what they say is the state at that time.
 *
 * All queues are served on the vCPU's thread. A back end may block while its reader is slow, which is to
 * hold up that vCPU and not the I/O loop with everybody's timers: the same as with the PL011. Or it takes
 * what it has room for; the rest stays in flight until it resumes, and the guest goes on meanwhile.
 */
#include "devices/virtio/console.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/vm.h"
#include "devices/serial.h"
#include "devices/virtio/virtio.h"

#define FEATURE_SIZE	  (1ULL << 0)
#define FEATURE_MULTIPORT (1ULL << 1)

/* Queues: the first port's two, the control queues, then two for each other port (5.3.2). */
#define QUEUE_CONTROL_RECEIVE  2
#define QUEUE_CONTROL_TRANSMIT 3
#define QUEUE_SIZE	       64
#define QUEUES_MAX	       (2 + 2 * VIRTIO_CONSOLE_PORTS_MAX)

static_assert(QUEUES_MAX <= VIRTIO_QUEUES_MAX, "each port has its queues");

/* Magic SysRq on a console without breaks: Linux, drivers/tty/hvc/hvc_console.c. */
#define CONTROL_O 0x0f

/* 5.3.6.2, the events of control messages. */
enum event {
	DEVICE_READY,
	DEVICE_ADD,
	DEVICE_REMOVE,
	PORT_READY,
	CONSOLE_PORT,
	RESIZE,
	PORT_OPEN,
	PORT_NAME,
	EVENTS,
};

#define PENDING(event) (1u << (event))

struct control {
	uint32_t port;
	uint16_t event, value;
};

struct message {
	struct control control;
	union {
		struct {
			uint16_t columns, rows;
		} size;
		char name[VIRTIO_CONSOLE_NAME_MAX + 1];
	};
	size_t len;
};

/* 5.3.4, without what belongs to VIRTIO_CONSOLE_F_EMERG_WRITE. */
struct console_config {
	uint16_t columns, rows;
	uint32_t ports;
};

struct console_state {
	struct virtio_state virtio;
	struct port_state {
		uint32_t pending; /* messages to the driver, by event */
		bool open;	  /* by the driver */
	} ports[VIRTIO_CONSOLE_PORTS_MAX];
};

struct port {
	struct virtio_console *console;
	unsigned number;
	char name[VIRTIO_CONSOLE_NAME_MAX + 1]; /* empty: a console */
	const struct serial_backend *backend;	/* may be NULL */
	_Atomic bool wanted;			/* the back end waits for ready() */
	pthread_mutex_t transmit_lock;		/* guards `transmit`, and how far it is */
	bool sending;				/* it is on its way */
	struct virtio_chain transmit;
	unsigned piece;		      /* of it, in the middle of which it is ... */
	size_t sent;		      /* ... that many bytes into it */
	pthread_mutex_t receive_lock; /* guards `receive` */
	struct virtio_chain receive;
};

struct virtio_console {
	struct virtio virtio;
	struct console_state state; /* what is not virtio_state: guarded by lock */
	pthread_mutex_t lock;	    /* may be taken with virtio's held */
	bool connected[VIRTIO_CONSOLE_PORTS_MAX];
	uint16_t columns, rows;
	unsigned count;
	struct port ports[VIRTIO_CONSOLE_PORTS_MAX];
	struct virtio_chain command; /* of the driver's, that is being read */
	pthread_mutex_t send_lock;   /* messages are sent in order; guards `message` */
	struct virtio_chain message;
};

static unsigned receive_queue(unsigned port)
{
	return port ? 2 * port + 2 : 0;
}

static bool is_console(const struct port *port)
{
	return !port->name[0];
}

/* --- Messages to the driver --- */

static void set_pending(struct virtio_console *console, unsigned port, uint32_t messages)
{
	pthread_mutex_lock(&console->lock);
	console->state.ports[port].pending |= messages;
	pthread_mutex_unlock(&console->lock);
}

/* What it says, as things are now. Lock held. */
static void compose(const struct virtio_console *console, unsigned number, enum event event,
		    struct message *message)
{
	*message = (struct message){
		.control = {.port = number, .event = (uint16_t)event, .value = 1},
		.len = sizeof(message->control),
	};
	if (event == PORT_OPEN) {
		message->control.value = console->connected[number];
	} else if (event == RESIZE) {
		message->size.columns = console->columns;
		message->size.rows = console->rows;
		message->len += sizeof(message->size);
	} else if (event == PORT_NAME) {
		memcpy(message->name, console->ports[number].name, sizeof(message->name));
		message->len += strlen(message->name);
	}
}

/* Take the next message that is to be sent, in order of ports and events. */
static bool take_message(struct virtio_console *console, struct message *message)
{
	bool found = false;

	pthread_mutex_lock(&console->lock);
	for (unsigned i = 0; i < console->count && !found; i++) {
		uint32_t *pending = &console->state.ports[i].pending;

		for (unsigned event = 0; event < EVENTS && !found; event++) {
			found = *pending & PENDING(event);
			if (found) {
				compose(console, i, (enum event)event, message);
				*pending &= ~PENDING(event);
			}
		}
	}
	pthread_mutex_unlock(&console->lock);
	return found;
}

/* As many as the driver has buffers for. A buffer is taken only when there is something for it. */
static void send_messages(struct virtio_console *console)
{
	struct virtio *virtio = &console->virtio;
	struct message message;

	if (!virtio_has(virtio, FEATURE_MULTIPORT))
		return;
	pthread_mutex_lock(&console->send_lock);
	while (take_message(console, &message)) {
		size_t len;

		if (!virtio_take(virtio, QUEUE_CONTROL_RECEIVE, &console->message)) {
			set_pending(console, message.control.port, PENDING(message.control.event));
			break;
		}
		len = chain_write(&console->message, 0, &message, message.len);
		virtio_put(virtio, QUEUE_CONTROL_RECEIVE, &console->message, (uint32_t)len);
	}
	pthread_mutex_unlock(&console->send_lock);
	virtio_signal(virtio, QUEUE_CONTROL_RECEIVE);
}

/* --- Messages from the driver --- */

static void offer_again(struct port *port)
{
	const struct serial_backend *backend = port->backend;

	if (backend && backend->ready && atomic_exchange(&port->wanted, false))
		backend->ready(backend->owner);
}

static void port_opened(struct virtio_console *console, unsigned number, bool open)
{
	pthread_mutex_lock(&console->lock);
	console->state.ports[number].open = open;
	pthread_mutex_unlock(&console->lock);
	if (open)
		offer_again(&console->ports[number]);
}

/* The driver knows the port: say what it is. */
static void port_ready(struct virtio_console *console, unsigned number)
{
	uint32_t messages = PENDING(PORT_OPEN);

	messages |= is_console(&console->ports[number]) ? PENDING(CONSOLE_PORT) | PENDING(RESIZE)
							: PENDING(PORT_NAME);
	set_pending(console, number, messages);
}

static void handle_command(struct virtio_console *console, const struct control *control)
{
	if (control->event == DEVICE_READY && control->value) {
		for (unsigned i = 0; i < console->count; i++)
			set_pending(console, i, PENDING(DEVICE_ADD));
		return;
	}
	if (control->port >= console->count)
		return;
	if (control->event == PORT_READY && control->value)
		port_ready(console, control->port);
	else if (control->event == PORT_OPEN)
		port_opened(console, control->port, control->value);
}

static void handle_commands(struct virtio_console *console)
{
	struct virtio *virtio = &console->virtio;

	while (virtio_take(virtio, QUEUE_CONTROL_TRANSMIT, &console->command)) {
		struct control control;
		size_t len = chain_read(&console->command, 0, &control, sizeof(control));

		virtio_put(virtio, QUEUE_CONTROL_TRANSMIT, &console->command, 0);
		if (len == sizeof(control) && virtio_has(virtio, FEATURE_MULTIPORT))
			handle_command(console, &control);
	}
	virtio_signal(virtio, QUEUE_CONTROL_TRANSMIT);
	send_messages(console);
}

/* --- Data --- */

static unsigned transmit_queue(const struct port *port)
{
	return receive_queue(port->number) + 1;
}

static size_t give(const struct serial_backend *backend, const uint8_t *bytes, size_t len)
{
	if (backend && backend->try_transmit)
		return backend->try_transmit(backend->owner, bytes, len);
	if (backend)
		backend->transmit(backend->owner, bytes, len);
	return len;
}

/* The rest of the chain. False: the back end will say when it takes more. Lock held here and below. */
static bool send_pieces(struct port *port)
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

static bool take_chain(struct port *port)
{
	if (port->sending)
		return true;
	port->piece = 0;
	port->sent = 0;
	port->sending = virtio_take(&port->console->virtio, transmit_queue(port), &port->transmit);
	return port->sending;
}

static void put_chain(struct port *port)
{
	virtio_put(&port->console->virtio, transmit_queue(port), &port->transmit, 0);
	port->sending = false;
}

static void transmit(struct port *port)
{
	pthread_mutex_lock(&port->transmit_lock);
	while (take_chain(port) && send_pieces(port))
		put_chain(port);
	pthread_mutex_unlock(&port->transmit_lock);
	virtio_signal(&port->console->virtio, transmit_queue(port));
}

void virtio_console_resume(struct virtio_console *console, unsigned port)
{
	virtio_ring(&console->virtio, transmit_queue(&console->ports[port]));
}

/* What the back end has not taken yet is lost with the queue. */
static void console_stop(struct virtio *virtio, unsigned queue)
{
	struct virtio_console *console = (struct virtio_console *)virtio;

	for (unsigned i = 0; i < console->count; i++) {
		struct port *port = &console->ports[i];

		if (queue != transmit_queue(port))
			continue;
		pthread_mutex_lock(&port->transmit_lock);
		if (port->sending)
			put_chain(port);
		pthread_mutex_unlock(&port->transmit_lock);
	}
}

static void console_notify(struct virtio *virtio, unsigned queue)
{
	struct virtio_console *console = (struct virtio_console *)virtio;
	struct port *port = &console->ports[queue < 2 ? 0 : (queue - 2) / 2];

	if (queue == QUEUE_CONTROL_RECEIVE)
		send_messages(console);
	else if (queue == QUEUE_CONTROL_TRANSMIT)
		handle_commands(console);
	else if (queue == receive_queue(port->number))
		offer_again(port);
	else
		transmit(port);
}

static bool listens(const struct port *port)
{
	struct virtio_console *console = port->console;
	bool open;

	if (!virtio_has(&console->virtio, FEATURE_MULTIPORT))
		return !port->number;
	pthread_mutex_lock(&console->lock);
	open = console->state.ports[port->number].open;
	pthread_mutex_unlock(&console->lock);
	return open;
}

/* serial_port.receive */
static size_t port_receive(void *owner, const uint8_t *bytes, size_t len)
{
	struct port *port = owner;
	struct virtio *virtio = &port->console->virtio;
	unsigned queue = receive_queue(port->number);
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

/* --- For the other end --- */

struct serial_port virtio_console_serial(struct virtio_console *console, unsigned port)
{
	return (struct serial_port){
		.receive = port_receive,
		.receive_break = port_receive_break,
		.owner = &console->ports[port],
	};
}

void virtio_console_connect(struct virtio_console *console, unsigned port, bool connected)
{
	bool changed;

	pthread_mutex_lock(&console->lock);
	changed = console->connected[port] != connected;
	console->connected[port] = connected;
	pthread_mutex_unlock(&console->lock);
	if (!changed)
		return;
	set_pending(console, port, PENDING(PORT_OPEN));
	send_messages(console);
}

void virtio_console_resize(struct virtio_console *console, uint16_t columns, uint16_t rows)
{
	const struct console_config config = {columns, rows, console->count};

	pthread_mutex_lock(&console->lock);
	console->columns = columns;
	console->rows = rows;
	pthread_mutex_unlock(&console->lock);
	virtio_set_config(&console->virtio, 0, &config, sizeof(config));
	set_pending(console, 0, PENDING(RESIZE));
	send_messages(console);
}

/* --- Life --- */

static void console_reset(struct virtio *virtio)
{
	struct virtio_console *console = (struct virtio_console *)virtio;

	pthread_mutex_lock(&console->lock);
	memset(console->state.ports, 0, sizeof(console->state.ports));
	pthread_mutex_unlock(&console->lock);
	/* What was offered to the driver before is offered to the next one. */
	for (unsigned i = 0; i < console->count; i++)
		console->ports[i].wanted = true;
}

static void free_console(struct virtio_console *console)
{
	for (unsigned i = 0; i < console->count; i++) {
		pthread_mutex_destroy(&console->ports[i].transmit_lock);
		pthread_mutex_destroy(&console->ports[i].receive_lock);
	}
	pthread_mutex_destroy(&console->send_lock);
	pthread_mutex_destroy(&console->lock);
	free(console);
}

static void console_destroy(struct device *device)
{
	virtio_destroy((struct virtio *)device);
	free_console((struct virtio_console *)device);
}

static const struct virtio_ops console_ops = {
	.device = VIRTIO_DEVICE_OPS("virtio-console", console_destroy),
	.id = VIRTIO_ID_CONSOLE,
	.serve_at_once = UINT32_MAX,
	.notify = console_notify,
	.stop = console_stop,
	.reset = console_reset,
};

static void init_port(struct virtio_console *console, const struct virtio_console_port *from)
{
	struct port *port = &console->ports[console->count];

	port->console = console;
	port->number = console->count++;
	if (from->name)
		strncpy(port->name, from->name, VIRTIO_CONSOLE_NAME_MAX);
	port->backend = from->backend;
	console->connected[port->number] = !from->name;
	pthread_mutex_init(&port->transmit_lock, NULL);
	pthread_mutex_init(&port->receive_lock, NULL);
}

struct virtio_console *virtio_console_create(struct vm *vm, const struct virtio_slot *slot,
					     const struct virtio_console_port *ports,
					     unsigned count, struct error *err)
{
	struct virtio_console *console = calloc(1, sizeof(*console));

	if (!console) {
		error_set(err, ERROR_NO_MEMORY, "no memory for a console");
		return NULL;
	}

	const struct virtio_setup setup = {
		.ops = &console_ops,
		.slot = slot,
		.state = &console->state.virtio,
		.state_size = sizeof(console->state),
		.features = FEATURE_SIZE | FEATURE_MULTIPORT,
		.queue_count = 2 + 2 * count,
		.queue_size = QUEUE_SIZE,
		.config_size = sizeof(struct console_config),
	};

	pthread_mutex_init(&console->lock, NULL);
	pthread_mutex_init(&console->send_lock, NULL);
	for (unsigned i = 0; i < count; i++)
		init_port(console, &ports[i]);
	if (virtio_init(&console->virtio, vm, &setup, err) < 0) {
		free_console(console);
		return NULL;
	}
	virtio_console_resize(console, 0, 0);
	return console;
}
