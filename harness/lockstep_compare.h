/*
 * Comparing two VMs that stand still.
 */
#ifndef GOD_HARNESS_LOCKSTEP_COMPARE_H
#define GOD_HARNESS_LOCKSTEP_COMPARE_H

#include <stdbool.h>
#include <stdio.h>

#include "harness/lockstep_side.h"

/*
 * Time, what the vCPUs have executed, all of their registers that can be read without an effect, the
 * devices' states, the console. With `out` each difference is a line of it; without, the first one is
 * enough. Neither VM executes meanwhile, and both are of the same board and number of vCPUs.
 */
bool lockstep_same_state(const struct lockstep_side sides[2], FILE *out);

/* RAM: only what at least one of them has ever touched is read. */
bool lockstep_same_memory(const struct lockstep_side sides[2], FILE *out);

/* How the runs ended, for two that have. */
bool lockstep_same_end(const struct lockstep_side sides[2], FILE *out);

/* How a run ended, in words: "power-off". */
void lockstep_describe_end(const struct vm_result *result, char *text, size_t size);

#endif
