/*
 * The terminal on standard input: raw while the guest has it, as it was before on every way out.
 */
#ifndef GOD_HARNESS_TERMINAL_H
#define GOD_HARNESS_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"

/*
 * Make it raw: keys reach the guest one by one, unechoed, Ctrl-C and Ctrl-Z included. Nothing
 * happens when standard input is not a terminal. From here on it is restored when the process ends
 * by exit() or by a fatal signal.
 */
int terminal_raw(struct error *err);

/* Put it back as it was. May be called at any time, from any thread and in a signal handler. */
void terminal_restore(void);

/* For job control: as it was, stop the process, and raw again once it is continued. */
void terminal_suspend(void);

/* Raw again, after somebody else (a shell) may have changed it. */
void terminal_resume(void);

/* Its size in characters. False: there is no terminal, or it does not know. Any thread. */
bool terminal_size(uint16_t *columns, uint16_t *rows);

#endif
