/*
 * Ctrl-A.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "harness/escape.h"

/* Type keys; returns what reaches the guest, with the last command in *command. */
static const char *type(const char *keys, enum escape_command *command)
{
	static char out[64];
	struct escape escape = {0};
	size_t len = 0;

	*command = ESCAPE_NONE;
	for (; *keys; keys++) {
		uint8_t byte = (uint8_t)*keys;
		enum escape_command now;

		if (escape_take(&escape, &byte, &now))
			out[len++] = (char)byte;
		if (now != ESCAPE_NONE)
			*command = now;
	}
	out[len] = '\0';
	return out;
}

Test(escape, keys)
{
	enum escape_command command;

	cr_assert_str_eq(type("plain x h b", &command), "plain x h b");
	cr_assert_eq(command, ESCAPE_NONE);
	cr_assert_str_eq(type("a\001xb", &command), "ab");
	cr_assert_eq(command, ESCAPE_QUIT);
	cr_assert_str_eq(type("\001p", &command), "");
	cr_assert_eq(command, ESCAPE_POWER);
	cr_assert_str_eq(type("\001h", &command), "");
	cr_assert_eq(command, ESCAPE_HELP);
	cr_assert_str_eq(type("\001?", &command), "");
	cr_assert_eq(command, ESCAPE_HELP);
	cr_assert_str_eq(type("\001b", &command), "");
	cr_assert_eq(command, ESCAPE_BREAK);
	cr_assert_str_eq(type("\001+", &command), "");
	cr_assert_eq(command, ESCAPE_MORE);
	cr_assert_str_eq(type("\001-", &command), "");
	cr_assert_eq(command, ESCAPE_LESS);
	cr_assert_str_eq(type("\001a\001\001x", &command), "\001\001x");
	cr_assert_eq(command, ESCAPE_NONE);
	cr_assert_str_eq(type("\001zx", &command), "x");
	cr_assert_eq(command, ESCAPE_NONE);
}
