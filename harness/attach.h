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

#define ATTACH_DISKS_MAX 26
#define ATTACH_PATH_MAX	 1024

struct attach_disk {
	char path[ATTACH_PATH_MAX];
	bool read_only;
};

/* What the command line says. */
struct attach_config {
	struct attach_disk disks[ATTACH_DISKS_MAX];
	unsigned disk_count;
	bool rng;
	bool console; /* standard input and output are a virtio console's, and not the UART's */
};

/* What others need to know of them; owned by the VM. */
struct attached {
	struct virtio_console *console; /* or NULL */
};

/* The value of --disk: FILE[,ro]. ERROR_USAGE. */
int attach_parse_disk(struct attach_config *config, const char *value, struct error *err);

/*
 * Create them, in a fixed order. Between board_create() and boot_load(). `serial` (borrowed) is the
 * other end of a console.
 */
int attach_devices(const struct attach_config *config, struct vm *vm, struct board *board,
		   const struct serial_backend *serial, struct attached *attached,
		   struct error *err);

#endif
