/*
 * The devices that the command line adds to the board: --rng and its like.
 */
#ifndef GOD_HARNESS_ATTACH_H
#define GOD_HARNESS_ATTACH_H

#include <stdbool.h>

#include "core/error.h"

struct board;
struct vm;

/* What the command line says. Strings are argv's. */
struct attach_config {
	bool rng;
};

/* Create them, in a fixed order. Between board_create() and boot_load(). */
int attach_devices(const struct attach_config *config, struct vm *vm, struct board *board,
		   struct error *err);

#endif
