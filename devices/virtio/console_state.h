/*
 * What the parts of the console share: the device (console.c), the control queues (console_control.c), and the
 * ports' data (console_port.c).
 */
#ifndef GOD_DEVICES_VIRTIO_CONSOLE_STATE_H
#define GOD_DEVICES_VIRTIO_CONSOLE_STATE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "devices/serial.h"
#include "devices/virtio/console.h"
#include "devices/virtio/virtio.h"

#define CONSOLE_FEATURE_MULTIPORT (1ULL << 1)

/* Queues: the first port's two, the control queues, then two for each other port (5.3.2). */
#define CONSOLE_QUEUE_CONTROL_RECEIVE  2
#define CONSOLE_QUEUE_CONTROL_TRANSMIT 3

struct console_state {
	struct virtio_state virtio;
	struct port_state {
		uint32_t pending; /* messages to the driver, by event */
		bool open;	  /* by the driver */
	} ports[VIRTIO_CONSOLE_PORTS_MAX];
};

struct console_port {
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
	struct console_port ports[VIRTIO_CONSOLE_PORTS_MAX];
	struct virtio_chain command; /* of the driver's, that is being read */
	pthread_mutex_t send_lock;   /* messages are sent in order; guards `message` */
	struct virtio_chain message;
};

/* --- console_control.c: what device and driver tell each other --- */

/* As many messages as the driver has buffers for. Any thread, no lock held; likewise the other two. */
void console_send_messages(struct virtio_console *console);
void console_handle_commands(struct virtio_console *console);
/* The console has another size: once the driver knows the port, it is told. */
void console_tell_size(struct virtio_console *console);

/* --- console_port.c: bytes, both ways --- */

void console_port_init(struct console_port *port, struct virtio_console *console, unsigned number,
		       const struct virtio_console_port *from);
void console_port_destroy(struct console_port *port);

unsigned console_port_receive_queue(const struct console_port *port);
unsigned console_port_transmit_queue(const struct console_port *port);

/* What is in the transmit queue goes to the back end, as far as that takes it. */
void console_port_transmit(struct console_port *port);
/* The queue stops: what the back end has not taken yet is lost with it. */
void console_port_stop(struct console_port *port);
/* There may be room for input where there was none. */
void console_port_offer_again(struct console_port *port);

#endif
