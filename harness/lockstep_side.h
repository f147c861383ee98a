/*
 * One of the VMs that run in lockstep.
 */
#ifndef GOD_HARNESS_LOCKSTEP_SIDE_H
#define GOD_HARNESS_LOCKSTEP_SIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "devices/board.h"
#include "devices/serial.h"
#include "harness/deadline.h"
#include "harness/lockstep.h"

#define CONSOLE_TAIL 64

/* What the guest has written: all of it in a hash, and the end of it as it is. */
struct lockstep_console {
	uint64_t count, hash;
	char tail[CONSOLE_TAIL]; /* a ring: byte n is at n % CONSOLE_TAIL */
};

struct lockstep_side {
	struct vm *vm;
	struct board board;
	struct serial_backend serial;
	struct input *input;
	struct deadline deadline;
	struct lockstep_console console;
	struct vm_result result;
	int failed; /* vm_run() did, for this reason: */
	struct error err;
};

/*
 * A VM with the guest loaded, watched by `watch`. On failure too, lockstep_side_destroy(). `config`
 * must live as long.
 */
int lockstep_side_create(struct lockstep_side *side, const struct lockstep_config *config,
			 const struct engine *engine, const struct schedule_watch *watch,
			 struct error *err);

/* Run it to its end. */
void lockstep_side_run(struct lockstep_side *side);

void lockstep_side_destroy(struct lockstep_side *side);

#endif
