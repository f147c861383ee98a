/*
 * The terminal's escape: Ctrl-A and one more key talk to god instead of the guest.
 */
#ifndef GOD_HARNESS_ESCAPE_H
#define GOD_HARNESS_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ESCAPE_KEY 0x01 /* Ctrl-A */

enum escape_command {
	ESCAPE_NONE,
	ESCAPE_QUIT,  /* x */
	ESCAPE_HELP,  /* h, ? */
	ESCAPE_BREAK, /* b */
	ESCAPE_POWER, /* p */
	ESCAPE_MORE,  /* + */
	ESCAPE_LESS,  /* - */
};

struct escape {
	bool pending; /* Ctrl-A was the last key */
};

/* What Ctrl-A h prints. */
extern const char escape_help[];

/*
 * Take one key. Returns true when *byte goes to the guest; *command says what else there is to do.
 * Ctrl-A twice, or Ctrl-A a, sends one Ctrl-A.
 */
bool escape_take(struct escape *escape, uint8_t *byte, enum escape_command *command);

#endif
