/*
 * A process has one controlling terminal and signal handlers take no argument, so this file holds
 * the program's only variable state: what the terminal was like. It is written before `saved`
 * is set and never changed again, and tcsetattr() is safe in signal handlers (POSIX, 2.4.3).
 *
 * IEXTEN stays on: without ICANON it has no effect, and should the process be killed, `reset`, which
 * brings back all the rest, leaves it as it is.
 *
 * Output processing stays on: a bare "\n" from a bare-metal program then starts at the left margin,
 * and for the "\r\n" of Linux it makes no difference.
 */
#include "harness/terminal.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static struct termios before;
static struct termios raw;
static atomic_bool saved;

/* The program crashes or aborts: what it leaves behind is a usable terminal. */
static const int fatal_signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS};

/*
 * Another program has the terminal: tcsetattr() would take it away, and stop this process. (A
 * terminal that is not our controlling one has no foreground for us to be in.)
 */
static bool in_background(void)
{
	pid_t foreground = tcgetpgrp(STDIN_FILENO);

	return foreground >= 0 && foreground != getpgrp();
}

static void set_terminal(const struct termios *mode)
{
	if (atomic_load(&saved) && !in_background())
		tcsetattr(STDIN_FILENO, TCSANOW, mode);
}

void terminal_restore(void)
{
	set_terminal(&before);
}

static void restore_and_die(int number)
{
	set_terminal(&before);
	raise(number); /* its action is the default again, by SA_RESETHAND */
}

static void catch_fatal_signals(void)
{
	struct sigaction action = {
		.sa_handler = restore_and_die,
		.sa_flags = (int)(SA_RESETHAND | SA_NODEFER),
	};

	for (size_t i = 0; i < sizeof(fatal_signals) / sizeof(*fatal_signals); i++) {
		struct sigaction old;

		sigaction(fatal_signals[i], NULL, &old);
		if (old.sa_handler == SIG_DFL) /* a sanitizer's stays */
			sigaction(fatal_signals[i], &action, NULL);
	}
}

int terminal_raw(struct error *err)
{
	if (!isatty(STDIN_FILENO))
		return 0;
	if (tcgetattr(STDIN_FILENO, &before))
		return error_set_errno(err, errno, "tcgetattr of standard input");
	raw = before;
	raw.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | IGNBRK | IGNCR | INLCR | INPCK | ISTRIP | IXON |
				   PARMRK);
	raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG);
	raw.c_cflag &= ~(tcflag_t)(CSIZE | PARENB);
	raw.c_cflag |= CS8;
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	atomic_store(&saved, true);
	atexit(terminal_restore);
	catch_fatal_signals();
	if (tcsetattr(STDIN_FILENO, TCSANOW, &raw))
		return error_set_errno(err, errno, "tcsetattr of standard input");
	return 0;
}

void terminal_resume(void)
{
	set_terminal(&raw);
}

void terminal_suspend(void)
{
	terminal_restore();
	kill(getpid(), SIGSTOP);
	terminal_resume();
}

bool terminal_size(uint16_t *columns, uint16_t *rows)
{
	struct winsize size;

	if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) || !size.ws_col || !size.ws_row)
		return false;
	*columns = size.ws_col;
	*rows = size.ws_row;
	return true;
}
