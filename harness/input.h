/*
 * Input on its way from a descriptor (or a text given beforehand) to the guest's UART or console.
 */
#ifndef GOD_HARNESS_INPUT_H
#define GOD_HARNESS_INPUT_H

#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "harness/escape.h"

struct input;
struct serial_port;
struct vm;

/* What the input is told to do by Ctrl-A; called on the loop thread. */
typedef void input_command(void *owner, enum escape_command command);

/*
 * `port` is of a device of the VM's, which must live until input_destroy(). With a `command`, Ctrl-A is an escape;
 * without (NULL), every byte goes to the guest.
 */
int input_create(struct input **input, struct vm *vm, const struct serial_port *port,
		 input_command *command, void *owner, struct error *err);

/* Read from a descriptor (borrowed) from now on, until its end. */
int input_watch(struct input *input, int fd, struct error *err);

/* Put these bytes in front. Only before the VM runs. False: more than the buffer holds. */
bool input_feed(struct input *input, const uint8_t *bytes, size_t len);

/* The port has room: for serial_backend.ready. Any thread. */
void input_ready(struct input *input);

/* The run ends: virtual time does not wait for input any more. Any thread. */
void input_abandon(struct input *input);

/* No vCPU runs any more, and the VM is silent (vm_silence). input may be NULL. */
void input_destroy(struct input *input);

#endif
