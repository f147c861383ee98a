/*
 * The console: a device of ports, each a stream of bytes both ways (console_port.c), and of control queues on
 * which it tells the driver about them (console_control.c).
 *
 * All queues are served on the vCPU's thread. A back end may block while its reader is slow, which is to
 * hold up that vCPU and not the I/O loop with everybody's timers: the same as with the PL011. Or it takes
 * what it has room for; the rest stays in flight until it resumes, and the guest goes on meanwhile.
 */
#include "devices/virtio/console.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/vm.h"
#include "devices/virtio/console_state.h"

#define FEATURE_SIZE (1ULL << 0)

#define QUEUE_SIZE 64
#define QUEUES_MAX (2 + 2 * VIRTIO_CONSOLE_PORTS_MAX)

static_assert(QUEUES_MAX <= VIRTIO_QUEUES_MAX, "each port has its queues");

/* 5.3.4, without what belongs to VIRTIO_CONSOLE_F_EMERG_WRITE. */
struct console_config {
	uint16_t columns, rows;
	uint32_t ports;
};

static void console_stop(struct virtio *virtio, unsigned queue)
{
	struct virtio_console *console = (struct virtio_console *)virtio;

	for (unsigned i = 0; i < console->count; i++)
		if (queue == console_port_transmit_queue(&console->ports[i]))
			console_port_stop(&console->ports[i]);
}

static void console_notify(struct virtio *virtio, unsigned queue)
{
	struct virtio_console *console = (struct virtio_console *)virtio;
	struct console_port *port = &console->ports[queue < 2 ? 0 : (queue - 2) / 2];

	if (queue == CONSOLE_QUEUE_CONTROL_RECEIVE)
		console_send_messages(console);
	else if (queue == CONSOLE_QUEUE_CONTROL_TRANSMIT)
		console_handle_commands(console);
	else if (queue == console_port_receive_queue(port))
		console_port_offer_again(port);
	else
		console_port_transmit(port);
}

void virtio_console_resize(struct virtio_console *console, uint16_t columns, uint16_t rows)
{
	const struct console_config config = {columns, rows, console->count};

	pthread_mutex_lock(&console->lock);
	console->columns = columns;
	console->rows = rows;
	pthread_mutex_unlock(&console->lock);
	virtio_set_config(&console->virtio, 0, &config, sizeof(config));
	console_tell_size(console);
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
	for (unsigned i = 0; i < console->count; i++)
		console_port_destroy(&console->ports[i]);
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

static void add_port(struct virtio_console *console, const struct virtio_console_port *from)
{
	const unsigned number = console->count++;

	console_port_init(&console->ports[number], console, number, from);
	console->connected[number] = !from->name;
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
		.features = FEATURE_SIZE | CONSOLE_FEATURE_MULTIPORT,
		.queue_count = 2 + 2 * count,
		.queue_size = QUEUE_SIZE,
		.config_size = sizeof(struct console_config),
	};

	pthread_mutex_init(&console->lock, NULL);
	pthread_mutex_init(&console->send_lock, NULL);
	for (unsigned i = 0; i < count; i++)
		add_port(console, &ports[i]);
	if (virtio_init(&console->virtio, vm, &setup, err) < 0) {
		free_console(console);
		return NULL;
	}
	virtio_console_resize(console, 0, 0);
	return console;
}
