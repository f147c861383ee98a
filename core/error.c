/*
 * Errors as values. A text may hold bytes that came from outside (a file's name, a word of the
 * command line): whatever would break the promise of one printable line is replaced.
 */
#include "core/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void make_one_line(char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < ' ' || c == 0x7f)
			*text = '?';
	}
}

static void fill(struct error *err, enum error_kind kind, const char *format, va_list args)
{
	err->kind = kind;
	vsnprintf(err->text, sizeof(err->text), format, args);
}

int error_set(struct error *err, enum error_kind kind, const char *format, ...)
{
	va_list args;

	if (!err)
		return -1;
	va_start(args, format);
	fill(err, kind, format, args);
	va_end(args);
	make_one_line(err->text);
	return -1;
}

static enum error_kind kind_of_errno(int errnum)
{
	switch (errnum) {
	case ENOENT:
	case ENOTDIR: return ERROR_NO_INPUT;
	case EACCES:
	case EPERM: return ERROR_PERMISSION;
	case ENOMEM: return ERROR_NO_MEMORY;
	default: return ERROR_OS;
	}
}

int error_set_errno(struct error *err, int errnum, const char *format, ...)
{
	char reason[128];
	va_list args;
	size_t used;

	if (!err)
		return -1;
	va_start(args, format);
	fill(err, kind_of_errno(errnum), format, args);
	va_end(args);
	used = strlen(err->text);
	snprintf(err->text + used, sizeof(err->text) - used, ": %s",
		 strerror_r(errnum, reason, sizeof(reason)));
	make_one_line(err->text);
	return -1;
}
