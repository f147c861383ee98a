/*
 * What --stats prints.
 */
#ifndef GOD_HARNESS_STATS_H
#define GOD_HARNESS_STATS_H

#include <stdint.h>
#include <stdio.h>

struct virtio_balloon_stats;
struct vm;

/* Of a VM that has run for `ns` nanoseconds, with vm_config.timing. */
void stats_print(FILE *out, struct vm *vm, uint64_t ns);

/* Of its balloon, and of its memory: one line. */
void stats_print_balloon(FILE *out, const struct vm *vm, const struct virtio_balloon_stats *stats);

#endif
