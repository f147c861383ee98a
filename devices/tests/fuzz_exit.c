/*
 * Fuzz target: the exit device.
 */
#include "devices/exit.h"

#include "devices/tests/fuzz.h"

static int create(struct vm *vm, struct error *err)
{
	return exit_create(vm, 0x090f0000, 40, err);
}

const struct fuzz_target fuzz_target = {
	.cpus = 2,
	.create = create,
};
