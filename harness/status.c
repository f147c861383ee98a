/*
 * From an error to what the user sees of it. The line is made in one buffer and written at once, so
 * that it does not mix with the lines of another thread, and control characters in it (a file name
 * may hold any) cannot reach the terminal.
 */
#include "harness/status.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

int status_of(enum error_kind kind)
{
	switch (kind) {
	case ERROR_NONE: return EX_OK;
	case ERROR_USAGE: return EX_USAGE;
	case ERROR_BAD_DATA: return EX_DATAERR;
	case ERROR_NO_INPUT: return EX_NOINPUT;
	case ERROR_UNAVAILABLE: return EX_UNAVAILABLE;
	case ERROR_NO_MEMORY: return EX_OSERR;
	case ERROR_PERMISSION: return EX_NOPERM;
	case ERROR_OS: return EX_OSERR;
	case ERROR_INTERNAL: return EX_SOFTWARE;
	}
	return EX_SOFTWARE;
}

int status_report(const struct error *err)
{
	char line[ERROR_TEXT_MAX + 8];
	size_t len = (size_t)snprintf(line, sizeof(line), "god: %s", err->text);

	for (size_t i = 0; i < len; i++) {
		if (iscntrl((unsigned char)line[i]))
			line[i] = '?';
	}
	fprintf(stderr, "%s\n", line);
	return status_of(err->kind);
}
