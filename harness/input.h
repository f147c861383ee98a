/*
 * Input on its way from a descriptor (or a text given beforehand) to the guest's UART.
 */
#ifndef GOD_HARNESS_INPUT_H
#define GOD_HARNESS_INPUT_H

#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "harness/escape.h"

struct input;
struct loop;
struct pl011;

/* What the input is told to do by Ctrl-A; called on the loop thread. */
typedef void input_command(void *owner, enum escape_command command);

/*
 * `loop` and `uart` are the VM's and must live until input_destroy(). With a `command`, Ctrl-A is an
 * escape; without (NULL), every byte goes to the guest.
 */
int input_create(struct input **input, struct loop *loop, struct pl011 *uart,
		 input_command *command, void *owner, struct error *err);

/* Read from a descriptor (borrowed) from now on, until its end. */
int input_watch(struct input *input, int fd, struct error *err);

/* Put these bytes in front. Only before the VM runs. False: more than the buffer holds. */
bool input_feed(struct input *input, const uint8_t *bytes, size_t len);

/* The UART has room: for serial_backend.ready. Any thread. */
void input_ready(struct input *input);

/* No vCPU runs any more. input may be NULL. */
void input_destroy(struct input *input);

#endif
