/*
 * Trace points: their names, and a line's way to the stream. A line is put together first and
 * handed over in one piece, so that the stream's own lock keeps lines whole.
 */
#include "core/trace.h"

#include <stdarg.h>
#include <string.h>

#define TRACE_LINE_MAX 512

/* In the order of the bits of enum trace_point. */
static const char *const names[] = {
	"mmio", "irq", "exit", "exception", "psci", "sysreg", "insn",
};

#define NAMES (sizeof(names) / sizeof(names[0]))

static int unknown_word(const char *word, size_t len, struct error *err)
{
	char known[128] = "";

	for (size_t i = 0; i < NAMES; i++) {
		strcat(known, names[i]);
		strcat(known, ", ");
	}
	return error_set(err, ERROR_USAGE, "no trace point \"%.*s\"; there are %sand all", (int)len,
			 word, known);
}

/* The mask that one word of the list stands for; 0 when none. */
static uint32_t mask_of(const char *word, size_t len)
{
	if (len == strlen("all") && !memcmp(word, "all", len))
		return (1u << NAMES) - 1;
	for (size_t i = 0; i < NAMES; i++)
		if (len == strlen(names[i]) && !memcmp(word, names[i], len))
			return 1u << i;
	return 0;
}

int trace_parse(const char *list, uint32_t *mask, struct error *err)
{
	uint32_t all = 0;

	for (const char *word = list;; word++) {
		size_t len = strcspn(word, ",");
		uint32_t one = mask_of(word, len);

		if (!one)
			return unknown_word(word, len, err);
		all |= one;
		word += len;
		if (!*word)
			break;
	}
	*mask = all;
	return 0;
}

void trace_print(struct trace *trace, enum trace_point point, const char *format, ...)
{
	char line[TRACE_LINE_MAX];
	va_list args;
	int used, len;

	used = snprintf(line, sizeof(line), "%s: ", names[__builtin_ctz(point)]);
	va_start(args, format);
	len = vsnprintf(line + used, sizeof(line) - (size_t)used, format, args);
	va_end(args);
	if (len < 0)
		return;
	used += len;
	if (used > TRACE_LINE_MAX - 1)
		used = TRACE_LINE_MAX - 1; /* cut, but still a line: the newline replaces the NUL */
	line[used] = '\n';
	fwrite(line, 1, (size_t)used + 1, trace->stream ? trace->stream : stderr);
}
