/*
 * The host's end of a named console port: a Unix socket, on which god listens. Whoever connects talks to
 * what has /dev/virtio-ports/NAME open in the guest; one at a time, the next waits until that one has gone.
 */
#ifndef GOD_HARNESS_PORT_H
#define GOD_HARNESS_PORT_H

#include "core/error.h"

struct port;
struct serial_backend;
struct virtio_console;
struct vm;

/*
 * Listen at `path`, where nothing is, or a socket that nobody listens at any more; `name` is the guest's, for
 * messages. The socket goes with the port.
 */
int port_create(struct port **port, struct vm *vm, const char *name, const char *path,
		struct error *err);

/* The port's end for a console that is to be created; lives as long as the port. */
const struct serial_backend *port_backend(const struct port *port);

/* This is the console, and the port its `number`th: from now on, who connects is let in. */
int port_connect(struct port *port, struct virtio_console *console, unsigned number,
		 struct error *err);

/*
 * Before the VM is destroyed, when no vCPU runs any more. What the guest has sent still goes out, if the
 * reader takes it within a second. port may be NULL.
 */
void port_destroy(struct port *port);

#endif
