/*
 * The guest's output on its way to a descriptor.
 */
#ifndef GOD_HARNESS_OUTPUT_H
#define GOD_HARNESS_OUTPUT_H

#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

struct output;

/*
 * Create, with its thread running. `failed` is called once, on that thread, when the descriptor
 * cannot be written any more (its reader has gone, the disk is full); output is dropped from
 * then on. `fd` is borrowed.
 */
int output_create(struct output **output, int fd, void (*failed)(void *owner), void *owner,
		  struct error *err);

/* Append. Blocks while the buffer is full, unless output_abandon() was called. Any thread. */
void output_write(struct output *output, const uint8_t *bytes, size_t len);

/* Nobody waits for a slow reader any more: what does not fit is dropped. Any thread. */
void output_abandon(struct output *output);

/*
 * Wait until everything is written; after output_abandon(), for a second at most. `failed` is not
 * called any more afterwards. Returns 0, or the errno value of a write that failed. May be called
 * again.
 */
int output_finish(struct output *output);

/* Finish, and free. A write that blocks still is left to itself. */
void output_destroy(struct output *output);

#endif
