/*
 * The three formats, letter by letter.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "harness/report.h"

static const struct test_result results[] = {
	{.name = "int/adds", .title = "ADDS # & <flags>", .verdict = TEST_PASSED, .details = ""},
	{.name = "int/subs",
	 .title = "SUBS",
	 .engine = "interp",
	 .verdict = TEST_FAILED,
	 .ns = 1500000,
	 .details = "x0: expected 1, got \"2\"\n  \x01 & more\n",
	 .command = "god test subs.elf"},
	{.name = "simd/sha", .title = "SHA", .verdict = TEST_SKIPPED, .details = "needs sha3\n"},
};

/* The report on them, the time at its end cut off at `cut`. */
static char *report_of(const char *format, const char *cut)
{
	struct report report;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	cr_assert_eq(report_begin(&report, format, out, 3, NULL), 0);
	for (int i = 0; i < 3; i++)
		report_add(&report, &results[i]);
	report_end(&report);
	fclose(out);
	if (cut) {
		cr_assert_not_null(strstr(text, cut), "%s", text);
		*strstr(text, cut) = '\0';
	}
	return text;
}

Test(report, pretty)
{
	char *text = report_of("pretty", " (0.");

	cr_assert_str_eq(text, "pass  int/adds: ADDS # & <flags>\n"
			       "FAIL  int/subs [interp]: SUBS\n"
			       "      x0: expected 1, got \"2\"\n"
			       "        \x01 & more\n"
			       "      again: god test subs.elf\n"
			       "skip  simd/sha: SHA (needs sha3)\n"
			       "1 passed, 1 failed, 1 skipped");
	free(text);
}

Test(report, tap)
{
	char *text = report_of("tap", NULL);

	cr_assert_str_eq(text, "TAP version 14\n"
			       "1..3\n"
			       "ok 1 - int/adds: ADDS \\# & <flags>\n"
			       "not ok 2 - int/subs [interp]: SUBS\n"
			       "  ---\n"
			       "  message: |\n"
			       "    x0: expected 1, got \"2\"\n"
			       "      \x01 & more\n"
			       "  again: |\n"
			       "    god test subs.elf\n"
			       "  ...\n"
			       "ok 3 - simd/sha: SHA # SKIP needs sha3\n");
	free(text);
}

Test(report, junit)
{
	char *text = report_of("junit", NULL);
	char *suite_end = strstr(text, "time=\"0.");

	cr_assert_not_null(suite_end);
	cr_assert_not_null(strstr(text, "tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\""));
	cr_assert_str_eq(
		strchr(suite_end, '\n') + 1,
		"  <testcase classname=\"int/adds\" name=\"ADDS # &amp; &lt;flags&gt;\" "
		"time=\"0.000000\"/>\n"
		"  <testcase classname=\"int/subs.interp\" name=\"SUBS\" time=\"0.001500\">\n"
		"    <failure message=\"x0: expected 1, got &quot;2&quot;\">"
		"x0: expected 1, got &quot;2&quot;\n"
		"  \\x01 &amp; more\n"
		"again: god test subs.elf</failure>\n"
		"  </testcase>\n"
		"  <testcase classname=\"simd/sha\" name=\"SHA\" time=\"0.000000\">\n"
		"    <skipped message=\"needs sha3\"/>\n"
		"  </testcase>\n"
		"</testsuite>\n");
	free(text);
}

Test(report, unknown_format)
{
	struct report report;
	struct error err = {0};

	cr_assert_eq(report_begin(&report, "html", stdout, 0, &err), -1);
	cr_assert_eq(err.kind, ERROR_USAGE);
}

/* Two engines, one verdict each: the line stands behind both, and the summary counts it. */
static char *difference_of(const char *format)
{
	const struct test_result results[] = {
		{.name = "int/adds",
		 .title = "ADDS",
		 .engine = "kvm",
		 .verdict = TEST_FAILED,
		 .details = "x0: expected 1, got 2\n",
		 .command = "god test adds.elf"},
		{.name = "int/adds", .title = "ADDS", .engine = "interp", .details = ""},
	};
	struct report report;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	cr_assert_eq(report_begin(&report, format, out, 2, NULL), 0);
	report_add(&report, &results[0]);
	report_add(&report, &results[1]);
	report_difference(&report, "int/adds", "failed kvm, passed interp");
	report_end(&report);
	fclose(out);
	return text;
}

Test(report, difference)
{
	char *pretty = difference_of("pretty"), *tap = difference_of("tap");

	cr_assert_not_null(
		strstr(pretty, "DIFF  int/adds: engines differ: failed kvm, passed interp\n"));
	cr_assert_not_null(strstr(pretty, "1 passed, 1 failed, 1 differ between engines ("));
	cr_assert_not_null(strstr(tap, "# differs: int/adds: failed kvm, passed interp\n"));
	free(pretty);
	free(tap);
}
