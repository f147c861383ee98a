/*
 * Three formats, each a struct of functions. A result's details are plain text that the test runner
 * made; a format only frames and escapes it.
 */
#include "harness/report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct report_format {
	const char *name;
	void (*begin)(struct report *report);
	void (*add)(struct report *report, const struct test_result *result);
	void (*difference)(struct report *report, const char *name, const char *how);
	void (*end)(struct report *report, double seconds);
};

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void no_begin(struct report *report)
{
	(void)report;
}

/* Print text, each line behind a prefix, the last one ended. */
static void print_indented(FILE *out, const char *prefix, const char *text)
{
	while (*text) {
		int len = (int)strcspn(text, "\n");

		fprintf(out, "%s%.*s\n", prefix, len, text);
		text += len + (text[len] == '\n');
	}
}

static int first_line_length(const char *text)
{
	return (int)strcspn(text, "\n");
}

/* --- Pretty --- */

#define RED    "\033[31m"
#define GREEN  "\033[32m"
#define YELLOW "\033[33m"

static void print_word(const struct report *report, const char *colour, const char *word)
{
	if (report->colour)
		fprintf(report->out, "%s%s\033[0m", colour, word);
	else
		fputs(word, report->out);
}

static void print_subject(FILE *out, const struct test_result *result)
{
	fputs(result->name, out);
	if (result->engine)
		fprintf(out, " [%s]", result->engine);
	fprintf(out, ": %s", result->title);
}

static void pretty_add(struct report *report, const struct test_result *result)
{
	static const char *const words[] = {
		[TEST_PASSED] = "pass", [TEST_FAILED] = "FAIL", [TEST_SKIPPED] = "skip"};
	static const char *const colours[] = {
		[TEST_PASSED] = GREEN, [TEST_FAILED] = RED, [TEST_SKIPPED] = YELLOW};

	print_word(report, colours[result->verdict], words[result->verdict]);
	fputs("  ", report->out);
	print_subject(report->out, result);
	if (result->verdict == TEST_SKIPPED)
		fprintf(report->out, " (%.*s)", first_line_length(result->details),
			result->details);
	fputc('\n', report->out);
	if (result->verdict != TEST_FAILED)
		return;
	print_indented(report->out, "      ", result->details);
	fprintf(report->out, "      again: %s\n", result->command);
	fflush(report->out);
}

static void pretty_difference(struct report *report, const char *name, const char *how)
{
	print_word(report, RED, "DIFF");
	fprintf(report->out, "  %s: engines differ: %s\n", name, how);
	fflush(report->out);
}

static void pretty_end(struct report *report, double seconds)
{
	const struct report_count *count = &report->count;
	char text[64];

	snprintf(text, sizeof(text), "%u passed", count->passed);
	print_word(report, GREEN, text);
	fputs(", ", report->out);
	snprintf(text, sizeof(text), "%u failed", count->failed);
	print_word(report, count->failed ? RED : GREEN, text);
	if (count->skipped)
		fprintf(report->out, ", %u skipped", count->skipped);
	if (count->different)
		fprintf(report->out, ", %u differ between engines", count->different);
	fprintf(report->out, " (%.2f s)\n", seconds);
}

/* --- TAP 14 --- */

static void tap_begin(struct report *report)
{
	fprintf(report->out, "TAP version 14\n1..%u\n", report->total);
}

/* A '#' would begin a directive. */
static void tap_text(FILE *out, const char *text, int len)
{
	for (int i = 0; i < len; i++) {
		if (text[i] == '#' || text[i] == '\\')
			fputc('\\', out);
		fputc(text[i], out);
	}
}

static void tap_add(struct report *report, const struct test_result *result)
{
	const struct report_count *count = &report->count;
	FILE *out = report->out;

	fprintf(out, "%s %u - ", result->verdict == TEST_FAILED ? "not ok" : "ok",
		count->passed + count->failed + count->skipped);
	tap_text(out, result->name, (int)strlen(result->name));
	if (result->engine)
		fprintf(out, " [%s]", result->engine);
	fputs(": ", out);
	tap_text(out, result->title, (int)strlen(result->title));
	if (result->verdict == TEST_SKIPPED) {
		fputs(" # SKIP ", out);
		tap_text(out, result->details, first_line_length(result->details));
	}
	fputc('\n', out);
	if (result->verdict == TEST_FAILED) {
		fputs("  ---\n  message: |\n", out);
		print_indented(out, "    ", result->details);
		fprintf(out, "  again: |\n    %s\n  ...\n", result->command);
	}
	fflush(out);
}

/* Tests have no spaces or '#' in their names, so that a line is easily taken apart. */
static void tap_difference(struct report *report, const char *name, const char *how)
{
	fprintf(report->out, "# differs: %s: %s\n", name, how);
	fflush(report->out);
}

static void no_end(struct report *report, double seconds)
{
	(void)report;
	(void)seconds;
}

/* --- JUnit --- */

static void junit_begin(struct report *report)
{
	report->body = open_memstream(&report->body_text, &report->body_len);
}

/* XML 1.0 has no way at all to write most control characters. */
static void xml_text(FILE *out, const char *text, int len)
{
	for (int i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '&')
			fputs("&amp;", out);
		else if (c == '<')
			fputs("&lt;", out);
		else if (c == '>')
			fputs("&gt;", out);
		else if (c == '"')
			fputs("&quot;", out);
		else if (c < ' ' && c != '\n' && c != '\t')
			fprintf(out, "\\x%02x", c);
		else
			fputc(c, out);
	}
}

static void junit_add(struct report *report, const struct test_result *result)
{
	FILE *out = report->body;
	int line = first_line_length(result->details);

	if (!out)
		return;
	fputs("  <testcase classname=\"", out);
	xml_text(out, result->name, (int)strlen(result->name));
	if (result->engine)
		fprintf(out, ".%s", result->engine);
	fputs("\" name=\"", out);
	xml_text(out, result->title, (int)strlen(result->title));
	fprintf(out, "\" time=\"%.6f\"", (double)result->ns / 1e9);
	if (result->verdict == TEST_PASSED) {
		fputs("/>\n", out);
		return;
	}
	fprintf(out, ">\n    <%s message=\"",
		result->verdict == TEST_FAILED ? "failure" : "skipped");
	xml_text(out, result->details, line);
	if (result->verdict == TEST_FAILED) {
		fputs("\">", out);
		xml_text(out, result->details, (int)strlen(result->details));
		fputs("again: ", out);
		xml_text(out, result->command, (int)strlen(result->command));
		fputs("</failure>\n", out);
	} else {
		fputs("\"/>\n", out);
	}
	fputs("  </testcase>\n", out);
}

/* Whoever reads the file has both results side by side. */
static void no_difference(struct report *report, const char *name, const char *how)
{
	(void)report;
	(void)name;
	(void)how;
}

static void junit_end(struct report *report, double seconds)
{
	if (report->body)
		fclose(report->body);
	fprintf(report->out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<testsuite name=\"guest-tests\" tests=\"%u\" failures=\"%u\" errors=\"0\" "
		"skipped=\"%u\" time=\"%.3f\">\n%s</testsuite>\n",
		report->total, report->count.failed, report->count.skipped, seconds,
		report->body_text ? report->body_text : "");
	free(report->body_text);
}

/* --- For everybody --- */

static const struct report_format formats[] = {
	{"pretty", no_begin, pretty_add, pretty_difference, pretty_end},
	{"tap", tap_begin, tap_add, tap_difference, no_end},
	{"junit", junit_begin, junit_add, no_difference, junit_end},
};

int report_begin(struct report *report, const char *format, FILE *out, unsigned total,
		 struct error *err)
{
	*report = (struct report){.out = out, .total = total, .start_ns = now_ns()};
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++) {
		if (strcmp(formats[i].name, format))
			continue;
		report->format = &formats[i];
		report->colour = isatty(fileno(out)) && !getenv("NO_COLOR");
		report->format->begin(report);
		return 0;
	}
	return error_set(err, ERROR_USAGE, "--format %s: there are pretty, tap and junit", format);
}

void report_add(struct report *report, const struct test_result *result)
{
	switch (result->verdict) {
	case TEST_PASSED: report->count.passed++; break;
	case TEST_FAILED: report->count.failed++; break;
	case TEST_SKIPPED: report->count.skipped++; break;
	}
	report->format->add(report, result);
}

void report_difference(struct report *report, const char *name, const char *how)
{
	report->count.different++;
	report->format->difference(report, name, how);
}

void report_end(struct report *report)
{
	report->format->end(report, (double)(now_ns() - report->start_ns) / 1e9);
}
