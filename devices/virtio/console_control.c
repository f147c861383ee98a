/*
 * The console's control queues. Which ports there are, what they are and who has opened them, device and driver
 * tell each other in messages (5.3.6.2); they come with VIRTIO_CONSOLE_F_MULTIPORT.
 *
 * Messages to the driver are kept as a set for each port, of what there is to say, until the driver
 * has a buffer for it; what they say is the state at that time.
 */
#include <string.h>

#include "devices/virtio/console_state.h"

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

static bool is_console(const struct console_port *port)
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
void console_send_messages(struct virtio_console *console)
{
	struct virtio *virtio = &console->virtio;
	struct message message;

	if (!virtio_has(virtio, CONSOLE_FEATURE_MULTIPORT))
		return;
	pthread_mutex_lock(&console->send_lock);
	while (take_message(console, &message)) {
		size_t len;

		if (!virtio_take(virtio, CONSOLE_QUEUE_CONTROL_RECEIVE, &console->message)) {
			set_pending(console, message.control.port, PENDING(message.control.event));
			break;
		}
		len = chain_write(&console->message, 0, &message, message.len);
		virtio_put(virtio, CONSOLE_QUEUE_CONTROL_RECEIVE, &console->message, (uint32_t)len);
	}
	pthread_mutex_unlock(&console->send_lock);
	virtio_signal(virtio, CONSOLE_QUEUE_CONTROL_RECEIVE);
}

/* --- Messages from the driver --- */

static void port_opened(struct virtio_console *console, unsigned number, bool open)
{
	pthread_mutex_lock(&console->lock);
	console->state.ports[number].open = open;
	pthread_mutex_unlock(&console->lock);
	if (open)
		console_port_offer_again(&console->ports[number]);
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

void console_handle_commands(struct virtio_console *console)
{
	struct virtio *virtio = &console->virtio;

	while (virtio_take(virtio, CONSOLE_QUEUE_CONTROL_TRANSMIT, &console->command)) {
		struct control control;
		size_t len = chain_read(&console->command, 0, &control, sizeof(control));

		virtio_put(virtio, CONSOLE_QUEUE_CONTROL_TRANSMIT, &console->command, 0);
		if (len == sizeof(control) && virtio_has(virtio, CONSOLE_FEATURE_MULTIPORT))
			handle_command(console, &control);
	}
	virtio_signal(virtio, CONSOLE_QUEUE_CONTROL_TRANSMIT);
	console_send_messages(console);
}

/* --- For the other end --- */

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
	console_send_messages(console);
}

void console_tell_size(struct virtio_console *console)
{
	set_pending(console, 0, PENDING(RESIZE));
	console_send_messages(console);
}
