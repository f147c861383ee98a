/*
 * The option parser. It is our own because getopt_long abbreviates, prints and keeps its state in
 * globals, and because the table here is also the manual.
 */
#include "harness/options.h"

#include <ctype.h>
#include <string.h>

#define HELP_COLUMN 26

static const struct option_spec *find(const struct option_spec *specs, const char *name, size_t len)
{
	for (const struct option_spec *spec = specs; spec->id; spec++) {
		if (strlen(spec->name) == len && !memcmp(spec->name, name, len))
			return spec;
	}
	return NULL;
}

int options_next(struct options *options, const char **value, struct error *err)
{
	const char *arg = *options->argv;
	const struct option_spec *spec;
	size_t len;

	*value = NULL;
	if (!arg)
		return OPTION_END;
	options->argv++;
	if (options->operands_only || arg[0] != '-' || !arg[1]) {
		*value = arg;
		return OPTION_OPERAND;
	}
	if (!strcmp(arg, "--")) {
		options->operands_only = true;
		return options_next(options, value, err);
	}
	len = strcspn(arg, "=");
	spec = arg[1] == '-' ? find(options->specs, arg + 2, len - 2) : NULL;
	if (!spec) {
		error_set(err, ERROR_USAGE, "unknown option %.*s (%s --help lists them)", (int)len,
			  arg, options->command);
		return OPTION_ERROR;
	}
	if (arg[len] == '=')
		*value = arg + len + 1;
	if (!spec->value && *value) {
		error_set(err, ERROR_USAGE, "--%s takes no value", spec->name);
		return OPTION_ERROR;
	}
	if (spec->value && !*value) {
		*value = *options->argv;
		if (!*value) {
			error_set(err, ERROR_USAGE, "--%s needs a value: --%s %s", spec->name,
				  spec->name, spec->value);
			return OPTION_ERROR;
		}
		options->argv++;
	}
	return spec->id;
}

void options_print(const struct option_spec *specs, FILE *stream)
{
	for (const struct option_spec *spec = specs; spec->id; spec++) {
		const char *line = spec->help;
		int column = fprintf(stream, "  --%s%s%s", spec->name, spec->value ? " " : "",
				     spec->value ? spec->value : "");

		if (column >= HELP_COLUMN) {
			fputc('\n', stream);
			column = 0;
		}
		while (*line) {
			int len = (int)strcspn(line, "\n");

			fprintf(stream, "%*s%.*s\n", HELP_COLUMN - column, "", len, line);
			line += len + (line[len] == '\n');
			column = 0;
		}
	}
}

/* Decimal digits at *text into *value, moving *text behind them. False: none, or too large. */
static bool digits(const char **text, uint64_t *value)
{
	const char *start = *text;

	*value = 0;
	for (; isdigit((unsigned char)**text); (*text)++) {
		if (__builtin_mul_overflow(*value, 10, value) ||
		    __builtin_add_overflow(*value, (uint64_t)(**text - '0'), value))
			return false;
	}
	return *text > start;
}

int parse_count(const char *what, const char *text, uint64_t max, uint64_t *count,
		struct error *err)
{
	const char *p = text;

	if (!digits(&p, count) || *p || *count > max)
		return error_set(err, ERROR_USAGE, "%s %s: not a number from 0 to %llu", what, text,
				 (unsigned long long)max);
	return 0;
}

int parse_size(const char *what, const char *text, uint64_t *bytes, struct error *err)
{
	static const char units[] = "KMG";
	const char *p = text;
	const char *unit;
	unsigned shift = 0;
	bool ok = digits(&p, bytes);

	if (ok && *p) {
		unit = strchr(units, toupper((unsigned char)*p));
		ok = unit && !p[1];
		if (ok)
			shift = 10 * (unsigned)(unit - units + 1);
	}
	if (!ok || *bytes > UINT64_MAX >> shift)
		return error_set(err, ERROR_USAGE,
				 "%s %s: not a size (bytes, or a number with K, M or G: 512M)",
				 what, text);
	*bytes <<= shift;
	return 0;
}

int parse_seconds(const char *what, const char *text, uint64_t *ns, struct error *err)
{
	const char *p = text;
	uint64_t unit = 1000000000;
	uint64_t seconds = 0;
	bool ok = digits(&p, &seconds);

	ok = ok && !__builtin_mul_overflow(seconds, unit, ns);
	if (ok && *p == '.') {
		for (p++; isdigit((unsigned char)*p); p++) {
			unit /= 10;
			ok = ok && !__builtin_add_overflow(*ns, unit * (uint64_t)(*p - '0'), ns);
		}
	}
	if (!ok || *p || *ns > INT64_MAX)
		return error_set(err, ERROR_USAGE, "%s %s: not a number of seconds", what, text);
	return 0;
}
