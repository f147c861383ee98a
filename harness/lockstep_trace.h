/*
 * What led to a difference.
 */
#ifndef GOD_HARNESS_LOCKSTEP_TRACE_H
#define GOD_HARNESS_LOCKSTEP_TRACE_H

#include <stdint.h>
#include <stdio.h>

#include "harness/lockstep.h"

/*
 * Run the reference alone, and write what it executes in the last `count` ticks before tick `bound`:
 * the instructions with disassembly, the exceptions. An empty line stands where a vCPU did not
 * go on with the next instruction.
 */
int lockstep_trace(const struct lockstep_config *config, uint64_t bound, uint64_t count, FILE *out,
		   struct error *err);

#endif
