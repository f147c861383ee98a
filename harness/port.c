/*
 * A stream each way, with a buffer between the socket and the console. The socket and all that is decided
 * about it belong to the loop thread; others change the buffers, and have it look (port_look).
 *
 * Output. What does not fit into the buffer stays in the guest's queue, so a slow reader slows its writer down
 * and nobody else. Without a reader Linux makes its writers wait; what comes all the same is dropped.
 *
 * Input. It is read as the console takes it. A client that has gone is not gone for the guest before
 * the guest has all that it wrote.
 */
#include "harness/port.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/loop.h"
#include "core/vm.h"
#include "devices/serial.h"
#include "devices/virtio/console.h"

#define OUT_SIZE 65536
#define IN_SIZE	 4096

struct port {
	struct vm *vm;
	struct serial_backend backend;
	struct virtio_console *console;
	unsigned number;
	struct serial_port serial; /* the console's end */
	struct sockaddr_un address;
	int listener; /* -1: none */
	bool listening;
	struct deferred offer;

	pthread_mutex_t lock; /* guards all below; the console's are taken inside */
	int client;	      /* -1: none; the loop thread's to change */
	bool ended;	      /* it will write no more */
	bool gone;	      /* it will read no more */
	bool starved;	      /* the console has more to send */
	bool looking;	      /* the loop thread is to look */
	bool closed;	      /* nothing new is begun */
	uint8_t out[OUT_SIZE];
	size_t out_len;
	uint8_t in[IN_SIZE];
	size_t in_start, in_len;
};

/* --- The client: loop thread, lock held --- */

static void set_gone(struct port *port)
{
	port->gone = true;
	port->out_len = 0;
}

static void write_some(struct port *port)
{
	ssize_t n;

	while (port->out_len) {
		n = send(port->client, port->out, port->out_len, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN)
			set_gone(port);
		if (n <= 0)
			return;
		port->out_len -= (size_t)n;
		memmove(port->out, port->out + n, port->out_len);
	}
}

static void read_some(struct port *port)
{
	ssize_t n;

	if (port->ended || port->closed || port->in_len)
		return;
	n = recv(port->client, port->in, sizeof(port->in), MSG_DONTWAIT);
	if (n > 0) {
		port->in_start = 0;
		port->in_len = (size_t)n;
		vm_defer(port->vm, &port->offer);
	} else if (!n || (errno != EINTR && errno != EAGAIN)) {
		port->ended = true;
	}
}

/* What there is to wait for. EPOLLERR, which always comes, stands for the client's end alone. */
static uint32_t wanted(const struct port *port)
{
	uint32_t events = port->gone ? 0 : EPOLLERR;

	if (port->out_len)
		events |= EPOLLOUT;
	if (!port->ended)
		events = port->in_len ? events & EPOLLOUT : events | EPOLLIN;
	return events;
}

static void drop_client(struct port *port)
{
	loop_unwatch(port->vm->loop, port->client);
	close(port->client);
	port->client = -1;
	virtio_console_connect(port->console, port->number, false);
	loop_rewatch(port->vm->loop, port->listener, EPOLLIN);
}

static void look_locked(struct port *port)
{
	port->looking = false;
	if (port->client < 0)
		return;
	write_some(port);
	if (port->ended && port->gone && !port->in_len)
		drop_client(port);
	else
		loop_rewatch(port->vm->loop, port->client, wanted(port));
}

/* With the lock held, which is given up. */
static void look_and_unlock(struct port *port)
{
	bool resume;

	look_locked(port);
	resume = port->starved && port->out_len <= OUT_SIZE / 2;
	if (resume)
		port->starved = false;
	pthread_mutex_unlock(&port->lock);
	if (resume)
		virtio_console_resume(port->console, port->number);
}

/* A loop_task. */
static void look(void *owner)
{
	struct port *port = owner;

	pthread_mutex_lock(&port->lock);
	look_and_unlock(port);
}

/* Any thread, lock held. */
static void port_look(struct port *port)
{
	if (port->looking || port->closed)
		return;
	port->looking = true;
	loop_post(port->vm->loop, look, port);
}

static void client_event(void *owner, uint32_t events)
{
	struct port *port = owner;

	pthread_mutex_lock(&port->lock);
	if (events & (EPOLLHUP | EPOLLERR))
		set_gone(port);
	read_some(port);
	look_and_unlock(port);
}

static void listener_event(void *owner, uint32_t events)
{
	struct port *port = owner;
	int client = accept4(port->listener, NULL, NULL, SOCK_CLOEXEC);

	(void)events;
	if (client < 0)
		return;
	if (loop_watch(port->vm->loop, client, EPOLLIN, client_event, port, NULL)) {
		close(client);
		return;
	}
	loop_rewatch(port->vm->loop, port->listener, 0);
	pthread_mutex_lock(&port->lock);
	port->client = client;
	port->ended = port->gone = false;
	pthread_mutex_unlock(&port->lock);
	virtio_console_connect(port->console, port->number, true);
}

/* --- The console: vCPU threads, and the one that may call into devices --- */

static size_t port_transmit(void *owner, const uint8_t *bytes, size_t len)
{
	struct port *port = owner;
	size_t taken = len;

	pthread_mutex_lock(&port->lock);
	if (port->client >= 0 && !port->gone) {
		if (taken > OUT_SIZE - port->out_len)
			taken = OUT_SIZE - port->out_len;
		memory_copy(port->out + port->out_len, bytes, taken);
		port->out_len += taken;
		port->starved = taken < len;
		port_look(port);
	}
	pthread_mutex_unlock(&port->lock);
	return taken;
}

static void port_ready(void *owner)
{
	struct port *port = owner;

	vm_defer(port->vm, &port->offer);
}

/* The deferred task. */
static void offer(void *owner)
{
	struct port *port = owner;
	size_t taken;

	pthread_mutex_lock(&port->lock);
	if (port->in_len) {
		taken = port->serial.receive(port->serial.owner, port->in + port->in_start,
					     port->in_len);
		port->in_start += taken;
		port->in_len -= taken;
		if (!port->in_len)
			port_look(port);
	}
	pthread_mutex_unlock(&port->lock);
}

/* --- Life --- */

/* A socket that nobody listens at is what a god that was killed has left. */
static void remove_stale(const struct sockaddr_un *address)
{
	struct stat status;
	int fd;

	if (lstat(address->sun_path, &status) || !S_ISSOCK(status.st_mode))
		return;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) &&
	    errno == ECONNREFUSED)
		unlink(address->sun_path);
	close(fd);
}

static int listen_at(struct port *port, const char *path)
{
	const struct sockaddr *address = (const struct sockaddr *)&port->address;

	if (strlen(path) >= sizeof(port->address.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	port->address.sun_family = AF_UNIX;
	strcpy(port->address.sun_path, path);
	port->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (port->listener < 0)
		return -1;
	if (bind(port->listener, address, sizeof(port->address))) {
		if (errno != EADDRINUSE)
			return -1;
		remove_stale(&port->address);
		if (bind(port->listener, address, sizeof(port->address)))
			return -1;
	}
	port->listening = true;
	return listen(port->listener, 8);
}

int port_create(struct port **result, struct vm *vm, const char *name, const char *path,
		struct error *err)
{
	struct port *port = calloc(1, sizeof(*port));

	if (!port)
		return error_set(err, ERROR_NO_MEMORY, "no memory for a console port");
	port->vm = vm;
	port->listener = port->client = -1;
	port->backend = (struct serial_backend){
		.try_transmit = port_transmit,
		.ready = port_ready,
		.owner = port,
	};
	port->offer = (struct deferred){.run = offer, .owner = port};
	pthread_mutex_init(&port->lock, NULL);
	if (listen_at(port, path)) {
		error_set_errno(err, errno, "--port %s: %s", name, path);
		port_destroy(port);
		return -1;
	}
	*result = port;
	return 0;
}

const struct serial_backend *port_backend(const struct port *port)
{
	return &port->backend;
}

int port_connect(struct port *port, struct virtio_console *console, unsigned number,
		 struct error *err)
{
	port->console = console;
	port->number = number;
	port->serial = virtio_console_serial(console, number);
	return loop_watch(port->vm->loop, port->listener, EPOLLIN, listener_event, port, err);
}

/* What is left to be written, for a second at most. */
static void finish_client(struct port *port)
{
	const struct timeval limit = {.tv_sec = 1};
	size_t done = 0;
	ssize_t n = 1;

	setsockopt(port->client, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	while (done < port->out_len && n > 0) {
		n = send(port->client, port->out + done, port->out_len - done, MSG_NOSIGNAL);
		done += n > 0 ? (size_t)n : 0;
	}
	close(port->client);
}

/* A loop_task: nothing comes any more. */
static void unwatch(void *owner)
{
	struct port *port = owner;

	if (port->console)
		loop_unwatch(port->vm->loop, port->listener);
	if (port->client >= 0)
		loop_unwatch(port->vm->loop, port->client);
}

void port_destroy(struct port *port)
{
	if (!port)
		return;
	pthread_mutex_lock(&port->lock);
	port->closed = true;
	pthread_mutex_unlock(&port->lock);
	loop_post(port->vm->loop, unwatch, port);
	loop_drain(port->vm->loop);
	if (port->client >= 0)
		finish_client(port);
	if (port->listener >= 0)
		close(port->listener);
	if (port->listening)
		unlink(port->address.sun_path);
	pthread_mutex_destroy(&port->lock);
	free(port);
}
