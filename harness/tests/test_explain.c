/*
 * The diff of UART texts.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "harness/explain.h"

static void expect_diff(const char *expected, const char *actual, const char *diff)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	explain_diff(out, (struct bytes){(const uint8_t *)expected, strlen(expected)},
		     (struct bytes){(const uint8_t *)actual, strlen(actual)});
	fclose(out);
	cr_assert_str_eq(text, diff);
	free(text);
}

Test(explain, diff)
{
	expect_diff("a\nb\nc\n", "a\nX\nc\n", "    a\n  - b\n  + X\n    c\n");
	expect_diff("a\n", "", "  - a\n");
	expect_diff("", "a\n", "  + a\n");
	expect_diff("a\n", "a", "  - a\n  + a  (no newline)\n");
	expect_diff("a\nb\n", "a\nb\nb\n", "    a\n    b\n  + b\n");
	expect_diff("b\na\n", "a\n", "  - b\n    a\n");
	expect_diff("ab\n", "b\n", "  - ab\n  + b\n");
	expect_diff("same\n", "same\n", "    same\n");
	expect_diff("x\r\n", "x\001\n", "  - x\\x0d\n  + x\\x01\n");
	expect_diff("1\n2\n3\n4\n", "1\n4\n", "    1\n  - 2\n  - 3\n    4\n");
}
