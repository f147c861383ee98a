/*
 * The devices that the command line adds to the board: --rng and its like.
 */
#ifndef GOD_HARNESS_ATTACH_H
#define GOD_HARNESS_ATTACH_H

#include <stdbool.h>

#include "core/error.h"

struct board;
struct serial_backend;
struct virtio_console;
struct vm;

/* What the command line says. Strings are argv's. */
struct attach_config {
	bool rng;
	bool console; /* standard input and output are a virtio console's, and not the UART's */
};

/* What others need to know of them; owned by the VM. */
struct attached {
	struct virtio_console *console; /* or NULL */
};

/*
 * Create them, in a fixed order. Between board_create() and boot_load(). `serial` (borrowed) is the
 * other end of a console.
 */
int attach_devices(const struct attach_config *config, struct vm *vm, struct board *board,
		   const struct serial_backend *serial, struct attached *attached,
		   struct error *err);

#endif
