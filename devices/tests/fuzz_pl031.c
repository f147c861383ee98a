/*
 * Fuzz target: the real-time clock.
 */
#include "devices/pl031.h"

#include "devices/tests/fuzz.h"

static int create(struct vm *vm, struct error *err)
{
	return pl031_create(vm, 0x09010000, 34, err);
}

const struct fuzz_target fuzz_target = {
	.cpus = 1,
	.create = create,
};
