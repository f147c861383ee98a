/*
 * Test results for people (pretty) and for machines (TAP 14, JUnit XML).
 */
#ifndef GOD_HARNESS_REPORT_H
#define GOD_HARNESS_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "harness/test_run.h"

/* One result. Strings are borrowed. */
struct test_result {
	const char *name;   /* "int/adds" */
	const char *title;  /* what the test proves */
	const char *engine; /* NULL when all run on the same one */
	enum test_verdict verdict;
	uint64_t ns;
	const char *details; /* why not passed: lines, the first one by itself enough */
	const char *command; /* runs this test again */
};

struct report_count {
	unsigned passed, failed, skipped;
	unsigned different; /* tests that one engine passes and another fails */
};

struct report {
	FILE *out;
	bool colour;
	unsigned total; /* results to come */
	struct report_count count;
	uint64_t start_ns; /* CLOCK_MONOTONIC at report_begin() */
	const struct report_format *format;
	/* JUnit needs the counts first: its test cases gather here. */
	FILE *body;
	char *body_text;
	size_t body_len;
};

/* ERROR_USAGE: `format` is not pretty, tap or junit. */
int report_begin(struct report *report, const char *format, FILE *out, unsigned total,
		 struct error *err);
void report_add(struct report *report, const struct test_result *result);
/*
 * The results of test `name` that were added last, one an engine, differ: `how` says who says what.
 * That is a bug in one of the engines, and the first thing to know about it.
 */
void report_difference(struct report *report, const char *name, const char *how);
void report_end(struct report *report);

#endif
