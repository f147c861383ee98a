/*
 * Errors as values. core/ and devices/ never print and never exit: a function that can fail for
 * a reason outside the program takes a `struct error *` as its last parameter, says there what
 * failed, on what, and why, and returns -1. harness/ prints the text as one line and chooses the
 * exit status from the kind.
 */
#ifndef GOD_CORE_ERROR_H
#define GOD_CORE_ERROR_H

enum error_kind {
	ERROR_NONE,
	ERROR_USAGE,	   /* the user asked for what cannot be (0 CPUs, an unknown engine) */
	ERROR_BAD_DATA,	   /* a file was read and is not what it should be */
	ERROR_NO_INPUT,	   /* a file is missing or cannot be read */
	ERROR_UNAVAILABLE, /* this host cannot do it (no /dev/kvm, no such GIC) */
	ERROR_NO_MEMORY,   /* the host has not enough memory */
	ERROR_PERMISSION,  /* the host refuses */
	ERROR_OS,	   /* any other failing system call */
	ERROR_INTERNAL,	   /* a fault of ours */
};

#define ERROR_TEXT_MAX 512

struct error {
	enum error_kind kind;
	char text[ERROR_TEXT_MAX]; /* one line, no newline, no trailing full stop */
};

/*
 * Fill *err (which may be NULL) and return -1, so that a caller can write
 * `return error_set(err, ERROR_BAD_DATA, "%s: not an ELF file", path);`.
 */
int error_set(struct error *err, enum error_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * As error_set, with ": " and the text of the given errno value appended. The kind follows from the
 * value: ERROR_NO_INPUT (no such file), ERROR_PERMISSION, ERROR_NO_MEMORY, otherwise ERROR_OS; a
 * caller who knows better changes it.
 */
int error_set_errno(struct error *err, int errnum, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
