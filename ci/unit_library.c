/*
 * What Criterion's macros need of its library, for builds that are linked without it: with this file
 * and unit_main.c the unit tests become one static program, for a machine that has nothing
 * installed (the emulated arm64 host of kvm-check.sh).
 */
#include <criterion/criterion.h>
#include <criterion/options.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct criterion_options criterion_options;

int cr_asprintf(char **text, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vasprintf(text, format, args);
	va_end(args);
	if (length < 0)
		*text = NULL;
	return length;
}

void cr_asprintf_free(char *text)
{
	free(text);
}

/* The message of an assertion without one of its own. Most are about an expression. */
char *cr_translate_assert_msg(int index, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, index);
	if (index == CRITERION_ASSERT_MSG_EXPR_FALSE)
		cr_asprintf(&text, "The expression %s is false.", va_arg(args, const char *));
	else
		cr_asprintf(&text, "The assertion failed (kind %d).", index);
	va_end(args);
	return text;
}

void cri_asserts_passed_incr(void)
{
}
