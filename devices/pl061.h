/*
 * The PL061 general-purpose I/O port (Arm DDI 0190): eight lines, each an input or an output, with
 * interrupts on levels and edges of the inputs. What is outside is whoever calls pl061_set_input().
 */
#ifndef GOD_DEVICES_PL061_H
#define GOD_DEVICES_PL061_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"

struct pl061;
struct vm;

#define PL061_LINES 8

/* Create a port at `base` with its interrupt. NULL on failure. The VM owns it from here on. */
struct pl061 *pl061_create(struct vm *vm, uint64_t base, unsigned intid, struct error *err);

/* Drive an input of the port, all of which are low at first. Any thread. */
void pl061_set_input(struct pl061 *pl061, unsigned line, bool level);
/* For whoever drives the input, at reset: it is low, as if it had never been high. Nobody sees an edge. */
void pl061_forget_input(struct pl061 *pl061, unsigned line);

/* Has the guest enabled the interrupt of that input? Any thread. */
bool pl061_is_watched(struct pl061 *pl061, unsigned line);

#endif
