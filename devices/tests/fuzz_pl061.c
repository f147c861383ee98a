/*
 * Fuzz target: the GPIO port and the power key.
 */
#include "devices/pl061.h"

#include "devices/power_key.h"
#include "devices/tests/fuzz.h"

static struct pl061 *port;
static struct power_key *key;

static int create(struct vm *vm, struct error *err)
{
	port = pl061_create(vm, 0x09030000, 39, err);
	if (!port)
		return -1;
	key = power_key_create(vm, port, err);
	return key ? 0 : -1;
}

static void outside(struct vm *vm, uint64_t what)
{
	(void)vm;
	if (what & 0x80)
		power_key_press(key);
	else
		pl061_set_input(port, what & 7, what >> 3 & 1);
}

static void quiet(struct vm *vm)
{
	(void)vm;
	for (unsigned line = 0; line < PL061_LINES; line++)
		pl061_set_input(port, line, false);
}

const struct fuzz_target fuzz_target = {
	.cpus = 1,
	.create = create,
	.outside = outside,
	.quiet = quiet,
};
