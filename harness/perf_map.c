/*
 * Anybody can put anything into /tmp: what has the name already, left there by an earlier process of that
 * number, is removed, and never written through.
 */
#include "harness/perf_map.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

FILE *perf_map_open(struct error *err)
{
	char path[64];
	FILE *file = NULL;
	int fd;

	snprintf(path, sizeof(path), "/tmp/perf-%ld.map", (long)getpid());
	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0)
		file = fdopen(fd, "w");
	if (!file) {
		error_set_errno(err, errno, "%s", path);
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	setvbuf(file, NULL, _IOLBF, 0);
	return file;
}
