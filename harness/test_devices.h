/*
 * The virtio devices that a guest test asks for.
 */
#ifndef GOD_HARNESS_TEST_DEVICES_H
#define GOD_HARNESS_TEST_DEVICES_H

#include "core/error.h"
#include "harness/test_case.h"

struct board;
struct serial_backend;
struct vm;

/*
 * Create them in the board's slots, in the order of the names. ERROR_BAD_DATA: there is none of
 * that name; ERROR_UNAVAILABLE: not in this build, or on this host.
 */
int test_devices_attach(const struct word_list *names, struct vm *vm, struct board *board,
			const struct serial_backend *serial, struct error *err);

#endif
