/*
 * god: the command line.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "core/engine.h"
#include "harness/kvm.h"
#include "harness/lockstep.h"
#include "harness/run.h"
#include "harness/status.h"
#include "harness/test.h"

#define GOD_VERSION "0.1"

static int print_help(void)
{
	puts("Usage: god run ...      boot Linux, or run a bare-metal arm64 program\n"
	     "       god test ...     run guest tests\n"
	     "       god lockstep ... run a guest on two engines, and compare them\n"
	     "       god kvm info     what this host's KVM offers\n"
	     "       god --version    version, and which engines there are\n"
	     "\n"
	     "`god run --help`, `god test --help` and so on list the options.");
	return EX_OK;
}

static int print_version(void)
{
	puts("god " GOD_VERSION);
	for (const struct engine *const *engine = engines; *engine; engine++) {
		struct error err = {0};

		if ((*engine)->probe(&err))
			printf("  %-8s not on this host: %s\n", (*engine)->name, err.text);
		else
			printf("  %-8s %s\n", (*engine)->name, (*engine)->summary);
	}
	return EX_OK;
}

static int dispatch(char *const argv[])
{
	struct error err;

	if (!argv[0] || !argv[1])
		error_set(&err, ERROR_USAGE, "nothing to do: god run, or god test (god --help)");
	else if (!strcmp(argv[1], "run"))
		return run_main(argv + 2);
	else if (!strcmp(argv[1], "test"))
		return test_main(argv);
	else if (!strcmp(argv[1], "lockstep"))
		return lockstep_main(argv);
	else if (!strcmp(argv[1], "kvm"))
		return kvm_main(argv + 2);
	else if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return print_help();
	else if (!strcmp(argv[1], "--version"))
		return print_version();
	else
		error_set(&err, ERROR_USAGE, "unknown command %s (god --help)", argv[1]);
	return status_report(&err);
}

/*
 * A descriptor 0, 1 or 2 that the parent has closed must not become a file of ours. Reading the
 * stand-in gives the end of input; writing to it fails, as on a closed descriptor.
 */
static void open_standard_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", O_RDONLY) != fd)
			_exit(EX_OSERR);
	}
}

/* What went to stdout by stdio (--help, reports) has arrived, or the status says that it has not. */
static int close_stdout(int status)
{
	struct error err;

	if (!fflush(stdout) && !ferror(stdout))
		return status;
	error_set_errno(&err, errno, "standard output");
	status_report(&err);
	return EX_IOERR;
}

int main(int argc, char *argv[])
{
	(void)argc;
	open_standard_streams();
	/* A file that may not grow any more (ulimit -f) is an error like another: EFBIG. */
	signal(SIGXFSZ, SIG_IGN);
	return close_stdout(dispatch(argv));
}
