/*
 * virtiofsd is given a listening socket, in the namespace of abstract names, so that nothing is left
 * in the file system; we are the first to connect, and nobody else is let in. When our end closes,
 * however we end, it ends as well.
 */
#include "devices/virtio/virtiofsd.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHILD_FD   3
#define OPTION_MAX 4200

extern char **environ;

/* Where there is one, and whether it is QEMU's. */
static const char *find_program(bool *is_qemus)
{
	static const struct {
		const char *path;
		bool is_qemus;
	} programs[] = {
		{"/usr/libexec/virtiofsd", false},
		{"/usr/bin/virtiofsd", false},
		{"/usr/lib/qemu/virtiofsd", true},
	};

	for (unsigned i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		*is_qemus = programs[i].is_qemus;
		if (access(programs[i].path, X_OK) == 0)
			return programs[i].path;
	}
	return NULL;
}

/* A listening socket under a name that the kernel chooses, and a connection to it. */
static int make_sockets(int *listener, int *connection, struct error *err)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	socklen_t len = sizeof(sa_family_t);

	*listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	*connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (*listener >= 0 && *connection >= 0 &&
	    bind(*listener, (struct sockaddr *)&name, len) == 0 && listen(*listener, 1) == 0) {
		len = sizeof(name);
		if (getsockname(*listener, (struct sockaddr *)&name, &len) == 0 &&
		    connect(*connection, (struct sockaddr *)&name, len) == 0)
			return 0;
	}
	return error_set_errno(err, errno, "cannot make a socket for virtiofsd");
}

static int spawn(const char *program, char *const argv[], int listener, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, defaults;
	int failed;

	sigemptyset(&none);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	/* The keys of our terminal are no business of its. */
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
						      POSIX_SPAWN_SETPGROUP);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, listener, CHILD_FD);
	failed = posix_spawn(pid, program, &actions, &attributes, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return failed;
}

int virtiofsd_start(const char *directory, pid_t *pid, int *fd, struct error *err)
{
	bool is_qemus;
	const char *program = find_program(&is_qemus);
	char name[] = "virtiofsd", fd_option[] = "--fd=3", o[] = "-o";
	char source[OPTION_MAX], level[] = "--log-level=error";
	char *const qemus[] = {name, fd_option, o, source, NULL};
	char *const other[] = {name, fd_option, source, level, NULL};
	int listener = -1, failed;

	static_assert(CHILD_FD == 3, "as fd_option says");
	if (!program)
		return error_set(err, ERROR_UNAVAILABLE,
				 "%s cannot be shared: there is no virtiofsd (Debian 12: "
				 "qemu-system-common, 13: virtiofsd)",
				 directory);
	/* To QEMU's a comma begins the next setting. */
	if ((is_qemus && strchr(directory, ',')) || strlen(directory) > OPTION_MAX - 64)
		return error_set(err, ERROR_USAGE,
				 "%s cannot be shared: virtiofsd takes no such name", directory);
	snprintf(source, sizeof(source), is_qemus ? "source=%s,log_level=err" : "--shared-dir=%s",
		 directory);
	*fd = -1;
	if (make_sockets(&listener, fd, err) == 0) {
		failed = spawn(program, is_qemus ? qemus : other, listener, pid);
		close(listener);
		if (!failed)
			return 0;
		error_set_errno(err, failed, "%s", program);
	} else if (listener >= 0) {
		close(listener);
	}
	if (*fd >= 0)
		close(*fd);
	return -1;
}

void virtiofsd_stop(pid_t pid)
{
	kill(pid, SIGTERM);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}
