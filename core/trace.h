/*
 * Trace points. A point costs one load and one branch while it is off. Lines go to a stream that
 * the harness gives; each is one write, so lines of several threads never mix.
 */
#ifndef GOD_CORE_TRACE_H
#define GOD_CORE_TRACE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/error.h"

enum trace_point {
	TRACE_MMIO = 1 << 0,	  /* device register accesses */
	TRACE_IRQ = 1 << 1,	  /* interrupt lines, and interrupts taken */
	TRACE_EXIT = 1 << 2,	  /* exits from an engine to the VMM */
	TRACE_EXCEPTION = 1 << 3, /* exceptions taken and returned from (software engines) */
	TRACE_PSCI = 1 << 4,	  /* hypercalls */
	TRACE_SYSREG = 1 << 5,	  /* system registers that belong to devices, and undefined ones */
	TRACE_INSN = 1 << 6,	  /* every instruction (software engines; slow) */
};

struct trace {
	uint32_t enabled; /* mask of enum trace_point; fixed while vCPUs execute */
	FILE *stream;	  /* NULL: standard error; owned by whoever set it */
};

/*
 * Parse "mmio,irq,exit" (also "all") into a mask. ERROR_USAGE names the unknown word and the known
 * ones.
 */
int trace_parse(const char *list, uint32_t *mask, struct error *err);

static inline bool trace_on(const struct trace *trace, enum trace_point point)
{
	return __builtin_expect(trace->enabled & point, 0);
}

/* Write one line: "name: text\n", as a single write. */
void trace_print(struct trace *trace, enum trace_point point, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
