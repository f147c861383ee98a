/*
 * Command-line options, from a table that --help is printed from as well: what is accepted and what
 * is documented cannot differ. Long options only, `--name VALUE` or `--name=VALUE`, never
 * abbreviated; `--` ends them.
 */
#ifndef GOD_HARNESS_OPTIONS_H
#define GOD_HARNESS_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/error.h"

struct option_spec {
	int id;		   /* what options_next() returns: > 0 */
	const char *name;  /* without the dashes */
	const char *value; /* the value's name in --help; NULL when the option takes none */
	const char *help;  /* may have several lines */
};

struct options {
	const struct option_spec *specs; /* ended by id 0 */
	const char *command;		 /* for messages: "god run" */
	char *const *argv;		 /* the arguments after the command, ended by NULL */
	bool operands_only;		 /* "--" was seen */
};

enum { OPTION_ERROR = -2, OPTION_OPERAND = -1, OPTION_END = 0 };

/*
 * The next option's id with its value, or OPTION_OPERAND with the operand as value, OPTION_END,
 * OPTION_ERROR (unknown option, value missing or not wanted).
 */
int options_next(struct options *options, const char **value, struct error *err);

/* Print the table for --help. */
void options_print(const struct option_spec *specs, FILE *stream);

/*
 * Values. `what` names the option in the error, which is ERROR_USAGE. Counts are decimal, no more
 * than `max`. A size is decimal bytes, or followed by K, M or G (powers of 1024). A time is decimal
 * seconds, with a fraction if need be.
 */
int parse_count(const char *what, const char *text, uint64_t max, uint64_t *count,
		struct error *err);
int parse_size(const char *what, const char *text, uint64_t *bytes, struct error *err);
int parse_seconds(const char *what, const char *text, uint64_t *ns, struct error *err);

#endif
