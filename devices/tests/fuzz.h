/*
 * Fuzzing of devices: the fuzzer's bytes are what a guest, and the world outside, does to them.
 *
 * A target (fuzz_NAME.c) says which devices its machine has; the rest is fuzz.c. The bytes are a
 * sequence of actions: an access of any size to any place of the devices' regions, MRS or MSR of any
 * system register, a write to RAM, time passing, something from outside. Time is virtual and
 * the engine executes nothing, so that an input does the same each time.
 *
 * Beyond what sanitizers find, an input has failed when a reset does not bring back every device's
 * state as it was when it was made.
 */
#ifndef GOD_DEVICES_TESTS_FUZZ_H
#define GOD_DEVICES_TESTS_FUZZ_H

#include <stdint.h>

#include "core/vm.h"

struct fuzz_target {
	unsigned cpus;
	/* Put the devices into the machine. 0, or -1. */
	int (*create)(struct vm *vm, struct error *err);
	/* Switch them on, as a guest's driver does first; for half of the inputs. May be NULL. */
	void (*start)(struct vm *vm);
	/* Something happens to them that no register does. May be NULL. */
	void (*outside)(struct vm *vm, uint64_t what);
	/* Nothing happens outside any more: as it was at first. May be NULL. */
	void (*quiet)(struct vm *vm);
};

extern const struct fuzz_target fuzz_target;

/* For start and outside: accesses, by vCPU `cpu`; a register that is not there is ignored. */
void fuzz_write(struct vm *vm, unsigned cpu, uint64_t addr, unsigned size, uint64_t value);
void fuzz_msr(struct vm *vm, unsigned cpu, const char *name, uint64_t value);

#endif
