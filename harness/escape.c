/*
 * Ctrl-A as escape, with the keys that QEMU's and minicom's users have in their fingers. An unknown
 * key after Ctrl-A does nothing.
 */
#include "harness/escape.h"

const char escape_help[] = "\n"
			   "  Ctrl-A x       leave\n"
			   "  Ctrl-A p       press the power key (Linux: shut down)\n"
			   "  Ctrl-A b       send a break (Linux: magic SysRq)\n"
			   "  Ctrl-A -       have the guest do with 64 MiB less (--balloon)\n"
			   "  Ctrl-A +       give it 64 MiB more of its memory\n"
			   "  Ctrl-A Ctrl-A  send Ctrl-A (so does Ctrl-A a)\n"
			   "  Ctrl-A h       this help\n";

bool escape_take(struct escape *escape, uint8_t *byte, enum escape_command *command)
{
	*command = ESCAPE_NONE;
	if (!escape->pending) {
		escape->pending = *byte == ESCAPE_KEY;
		return !escape->pending;
	}
	escape->pending = false;
	switch (*byte) {
	case ESCAPE_KEY:
	case 'a': *byte = ESCAPE_KEY; return true;
	case 'x': *command = ESCAPE_QUIT; return false;
	case 'p': *command = ESCAPE_POWER; return false;
	case 'b': *command = ESCAPE_BREAK; return false;
	case '+': *command = ESCAPE_MORE; return false;
	case '-': *command = ESCAPE_LESS; return false;
	case 'h':
	case '?': *command = ESCAPE_HELP; return false;
	default: return false;
	}
}
