/* Trace points, interrupt lines' trace, and error texts. */
#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/irq.h"
#include "core/trace.h"

TestSuite(trace, .timeout = 10);
TestSuite(error, .timeout = 10);

static uint32_t parse(const char *list)
{
	struct error err = {0};
	uint32_t mask = 0;

	cr_assert_eq(trace_parse(list, &mask, &err), 0, "%s", err.text);
	return mask;
}

Test(trace, list_of_names_becomes_a_mask)
{
	cr_assert_eq(parse("mmio"), TRACE_MMIO);
	cr_assert_eq(parse("mmio,irq,exit"), TRACE_MMIO | TRACE_IRQ | TRACE_EXIT);
	cr_assert_eq(parse("insn,sysreg,psci,exception"),
		     TRACE_INSN | TRACE_SYSREG | TRACE_PSCI | TRACE_EXCEPTION);
	cr_assert_eq(parse("all"), 0x7f);
	cr_assert_eq(parse("irq,all"), 0x7f);
}

Test(trace, unknown_word_is_named_with_the_known_ones)
{
	static const char *const bad[] = {"mmio,frobnicate", "", "mmio,", ",mmio", "mm", "mmio "};
	struct error err = {0};

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint32_t mask = 42;

		cr_assert_eq(trace_parse(bad[i], &mask, &err), -1, "%s", bad[i]);
		cr_assert_eq(err.kind, ERROR_USAGE);
		cr_assert_eq(mask, 42);
		cr_assert(strstr(err.text, "exception"), "%s", err.text);
	}
	trace_parse(bad[0], &(uint32_t){0}, &err);
	cr_assert(strstr(err.text, "\"frobnicate\""), "%s", err.text);
}

Test(trace, line_has_the_points_name)
{
	char *text;
	size_t size;
	struct trace trace = {.enabled = TRACE_EXCEPTION, .stream = open_memstream(&text, &size)};

	cr_assert(trace_on(&trace, TRACE_EXCEPTION));
	cr_assert_not(trace_on(&trace, TRACE_MMIO));
	trace_print(&trace, TRACE_EXCEPTION, "%s at %#x", "svc", 0x80);
	fclose(trace.stream);
	cr_assert_str_eq(text, "exception: svc at 0x80\n");
	free(text);
}

Test(trace, overlong_line_is_cut_and_still_a_line)
{
	char *text, word[2000];
	size_t size;
	struct trace trace = {.stream = open_memstream(&text, &size)};

	memset(word, 'x', sizeof(word));
	trace_print(&trace, TRACE_MMIO, "%.*s", (int)sizeof(word), word);
	trace_print(&trace, TRACE_MMIO, "next");
	fclose(trace.stream);
	cr_assert_lt(size, 1000);
	cr_assert_not_null(strstr(text, "xxx\nmmio: next\n"));
	free(text);
}

#define LINES 2000

static void *print_lines(void *arg)
{
	for (unsigned i = 0; i < LINES; i++)
		trace_print(arg, TRACE_IRQ, "0123456789 0123456789 0123456789");
	return NULL;
}

Test(trace, lines_of_several_threads_do_not_mix)
{
	struct trace trace = {.stream = tmpfile()};
	char line[200];
	pthread_t threads[3];
	unsigned count = 0;

	for (unsigned i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, print_lines, &trace);
	for (unsigned i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	rewind(trace.stream);
	for (; fgets(line, sizeof(line), trace.stream); count++)
		cr_assert_str_eq(line, "irq: 0123456789 0123456789 0123456789\n");
	cr_assert_eq(count, 3 * LINES);
	fclose(trace.stream);
}

struct fake_chip {
	unsigned cpu, intid, calls;
	bool level;
};

static void set_level(void *owner, unsigned cpu, unsigned intid, bool level)
{
	struct fake_chip *chip = owner;

	*chip = (struct fake_chip){.cpu = cpu, .intid = intid, .level = level};
}

Test(trace, interrupt_line_reaches_the_controller_and_the_trace)
{
	char *text;
	size_t size;
	struct trace trace = {.enabled = TRACE_IRQ, .stream = open_memstream(&text, &size)};
	struct fake_chip seen = {0};
	const struct irq_chip chip = {.set_level = set_level, .owner = &seen, .trace = &trace};
	const struct irq_line uart = {.chip = &chip, .intid = 33};
	const struct irq_line timer = {.chip = &chip, .cpu = 2, .intid = 27};

	irq_line_set(&uart, true);
	cr_assert(seen.intid == 33 && seen.level);
	irq_line_set(&timer, false);
	cr_assert(seen.intid == 27 && seen.cpu == 2 && !seen.level);
	fclose(trace.stream);
	cr_assert_str_eq(text, "irq: intid 33 level 1\nirq: vcpu2 intid 27 level 0\n");
	free(text);
}

Test(trace, interrupt_line_without_a_controller_leads_nowhere)
{
	const struct irq_chip none = {0};
	const struct irq_line line = {.chip = &none, .intid = 33};

	irq_line_set(&line, true);
}

Test(error, text_is_one_line)
{
	struct error err;

	cr_assert_eq(error_set(&err, ERROR_NO_INPUT, "%s: missing", "a\nfile\x1b[31m"), -1);
	cr_assert_eq(err.kind, ERROR_NO_INPUT);
	cr_assert_str_eq(err.text, "a?file?[31m: missing");
}

Test(error, errno_gives_kind_and_reason)
{
	struct error err;

	cr_assert_eq(error_set_errno(&err, ENOENT, "%s", "Image"), -1);
	cr_assert_eq(err.kind, ERROR_NO_INPUT);
	cr_assert_str_eq(err.text, "Image: No such file or directory");
	error_set_errno(&err, EACCES, "Image");
	cr_assert_eq(err.kind, ERROR_PERMISSION);
	error_set_errno(&err, ENOMEM, "Image");
	cr_assert_eq(err.kind, ERROR_NO_MEMORY);
	error_set_errno(&err, EIO, "Image");
	cr_assert_eq(err.kind, ERROR_OS);
}

Test(error, overlong_text_is_cut_and_nobody_needs_to_listen)
{
	char word[2 * ERROR_TEXT_MAX];
	struct error err;

	memset(word, 'x', sizeof(word));
	error_set_errno(&err, EIO, "%.*s", (int)sizeof(word), word);
	cr_assert_eq(strlen(err.text), ERROR_TEXT_MAX - 1);
	cr_assert_eq(error_set(NULL, ERROR_OS, "%s", word), -1);
	cr_assert_eq(error_set_errno(NULL, EIO, "%s", "x"), -1);
}
