/*
 * The file in which Linux's perf looks for the names of code that a process has made.
 */
#ifndef GOD_HARNESS_PERF_MAP_H
#define GOD_HARNESS_PERF_MAP_H

#include <stdio.h>

#include "core/error.h"

/*
 * /tmp/perf-PID.map, empty, each line written when it is complete. It stays when the process ends,
 * because perf reads it then.
 */
FILE *perf_map_open(struct error *err);

#endif
