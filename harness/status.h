/*
 * Exit statuses, and the one line on standard error that goes with each of them.
 *
 *	0 to 255  what the guest wrote to the exit device; 0 when it powered itself off
 *	3         the guest reset itself and --no-reboot was given
 *	64 to 78  the user's and the host's errors, as in sysexits.h
 *	124       --timeout ran out
 */
#ifndef GOD_HARNESS_STATUS_H
#define GOD_HARNESS_STATUS_H

#include "core/error.h"

#define STATUS_FAILED  1 /* god test: some test failed */
#define STATUS_RESET   3
#define STATUS_TIMEOUT 124

/* The status for an error of that kind. */
int status_of(enum error_kind kind);

/* Print "god: " and the error's text on standard error; returns its status. */
int status_report(const struct error *err);

#endif
