/*
 * The test runner on programs made by hand: what passes passes, and what must fail fails and says
 * why. Without these, a runner that compares nothing would go unnoticed.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/test_find.h"
#include "harness/test_run.h"
#include "harness/tests/elf_builder.h"

/* The instructions of `finish 0`, without x30's rescue. */
#define MOVZ_X30_EXIT 0xd2a121fe /* movz x30, #0x90f, lsl #16 */
#define STRB_WZR_X30  0x390003df /* strb wzr, [x30] */
#define BRANCH_SELF   0x14000000
#define MOV_X0_5      0xd28000a0 /* mov x0, #5 */
#define MOVZ_X2_UART  0xd2a12002 /* movz x2, #0x900, lsl #16 */
#define MOV_W1_A      0x52800821 /* mov w1, #'A' */
#define STRB_W1_X2    0x39000041 /* strb w1, [x2] */

static const uint32_t finishing[] = {MOV_X0_5,	    MOVZ_X2_UART, MOV_W1_A,   STRB_W1_X2,
				     MOVZ_X30_EXIT, STRB_WZR_X30, BRANCH_SELF};
static const uint32_t spinning[] = {MOV_X0_5, BRANCH_SELF};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Run code with these records; `details` receives what the runner wrote. */
static enum test_verdict run(const uint32_t *code, unsigned words, struct builder *records,
			     char **details)
{
	const struct test_machine machine = {
		.engine = engine_find("interp", NULL),
		.timeout_ms = 300,
	};
	struct builder lines = {0}, elf = {0};
	struct test_case test;
	enum test_verdict verdict;
	struct error err = {0};
	size_t len = 0;
	FILE *out = open_memstream(details, &len);
	char *path;

	build_text(records, RECORD_TITLE, "title");
	build_lines(&lines, words);
	build_elf(&elf, code, words, records, &lines);
	path = build_file(&elf);
	cr_assert_eq(test_case_load(&test, path, "name", &err), 1, "%s", err.text);
	verdict = test_run(&test, &machine, out);
	fclose(out);
	test_case_destroy(&test);
	unlink(path);
	free(path);
	free(records->data);
	free(lines.data);
	free(elf.data);
	*records = (struct builder){0};
	return verdict;
}

static void must_fail(const uint32_t *code, unsigned words, struct builder *records,
		      const char *word)
{
	char *details;

	cr_assert_eq(run(code, words, records, &details), TEST_FAILED, "%s", details);
	cr_assert_not_null(strstr(details, word), "%s", details);
	free(details);
}

Test(test_run, passes, .timeout = 20)
{
	struct builder records = {0};
	char *details;

	build_expect(&records, "x0", 0, 5);
	build_expect(&records, "w0", 0, 5);
	build_expect(&records, "v3", 0, 0);
	build_text(&records, RECORD_UART, "A");
	cr_assert_eq(run(finishing, COUNT(finishing), &records, &details), TEST_PASSED, "%s",
		     details);
	cr_assert_str_eq(details, "");
	free(details);
}

Test(test_run, register_differs, .timeout = 20)
{
	struct builder records = {0};

	build_expect(&records, "x0", 0, 6);
	must_fail(finishing, COUNT(finishing), &records,
		  "x0: expected 0x0000000000000006, got 0x0000000000000005\n");
	build_expect(&records, "v3", 1, 0);
	must_fail(finishing, COUNT(finishing), &records,
		  "v3: expected 0x0000000000000001_0000000000000000, got "
		  "0x0000000000000000_0000000000000000\n");
	build_expect(&records, "no_such_el1", 0, 0);
	must_fail(finishing, COUNT(finishing), &records, "no_such_el1");
}

Test(test_run, explains_the_last_instruction, .timeout = 20)
{
	struct builder records = {0};
	char *details;

	build_expect(&records, "x0", 0, 6);
	cr_assert_eq(run(finishing, COUNT(finishing), &records, &details), TEST_FAILED);
	cr_assert_not_null(strstr(details, "dir/a.s:15:"), "%s", details);
	cr_assert_not_null(strstr(details, "> 0x40080014:  390003df  strb wzr, [x30]"), "%s",
			   details);
	free(details);
}

Test(test_run, output_differs, .timeout = 20)
{
	struct builder records = {0};

	build_text(&records, RECORD_UART, "B");
	must_fail(finishing, COUNT(finishing), &records, "  - B  (no newline)\n  + A");
	build_text(&records, RECORD_UART, "");
	must_fail(finishing, COUNT(finishing), &records, "  + A");
}

Test(test_run, end_differs, .timeout = 20)
{
	struct builder records = {0};

	build_value(&records, RECORD_EXIT, 3);
	must_fail(finishing, COUNT(finishing), &records, "expected status 3, got status 0");
	build_text(&records, RECORD_END, "off");
	must_fail(finishing, COUNT(finishing), &records, "expected power-off, got status 0");
	build_exception(&records, 0x3c, 0x200);
	must_fail(finishing, COUNT(finishing), &records,
		  "expected an exception of class 0x3c (BRK)");
}

Test(test_run, time_limit, .timeout = 20)
{
	struct builder records = {0};

	must_fail(spinning, COUNT(spinning), &records, "no end before the time limit");
}

Test(test_run, skips, .timeout = 20)
{
	struct builder records = {0};
	char *details;

	build_text(&records, RECORD_NEEDS, "sha512");
	cr_assert_eq(run(spinning, COUNT(spinning), &records, &details), TEST_SKIPPED);
	cr_assert_str_eq(details, "needs sha512\n");
	free(details);
	build_text(&records, RECORD_ENGINES, "kvm");
	cr_assert_eq(run(spinning, COUNT(spinning), &records, &details), TEST_SKIPPED);
	cr_assert_str_eq(details, "not for engine interp\n");
	free(details);
	build_text(&records, RECORD_NEEDS, "levitation");
	must_fail(spinning, COUNT(spinning), &records, "no such feature");
}

Test(test_find, filter_and_shards)
{
	static const char *const names[] = {"fp/add", "int/add", "int/adds", "int/sub"};
	struct test_list list = {0};

	list.tests = calloc(4, sizeof(*list.tests));
	list.count = 4;
	for (unsigned i = 0; i < 4; i++)
		list.tests[i].name = strdup(names[i]);
	test_select(&list, "*add*", 1, 1);
	cr_assert_eq(list.count, 3);
	test_select(&list, "add", 1, 1);
	cr_assert_eq(list.count, 2);
	test_select(&list, "int/*", 1, 1);
	cr_assert_eq(list.count, 1);
	cr_assert_str_eq(list.tests[0].name, "int/add");
	test_select(&list, NULL, 2, 2);
	cr_assert_eq(list.count, 0);
	test_list_destroy(&list);
}
