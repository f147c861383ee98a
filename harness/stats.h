/*
 * What --stats prints.
 */
#ifndef GOD_HARNESS_STATS_H
#define GOD_HARNESS_STATS_H

#include <stdint.h>
#include <stdio.h>

struct vm;

/* Of a VM that has run for `ns` nanoseconds, with vm_config.timing. */
void stats_print(FILE *out, struct vm *vm, uint64_t ns);

#endif
