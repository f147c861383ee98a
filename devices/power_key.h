/*
 * The power key: a push-button on a line of the GPIO port, which the operating system is asked by to
 * shut down.
 */
#ifndef GOD_DEVICES_POWER_KEY_H
#define GOD_DEVICES_POWER_KEY_H

#include <stdbool.h>

#include "core/error.h"

struct pl061;
struct power_key;
struct vm;

/* The port's line that it is on, as on QEMU's virt machine. */
#define POWER_KEY_LINE 3

/* Create the key on `gpio`, which is there already. NULL on failure. The VM owns it. */
struct power_key *power_key_create(struct vm *vm, struct pl061 *gpio, struct error *err);

/*
 * Press it for a tenth of a second. False when the guest does not watch it (it has no driver
 * for it, or not yet): it is not pressed then. Any thread.
 */
bool power_key_press(struct power_key *key);

#endif
