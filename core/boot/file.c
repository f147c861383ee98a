/*
 * Reading and writing whole files. Opening does not block, whatever the path names.
 */
#include "core/boot/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a caller asked to be read cannot be read: for it that is a missing input. */
static int unreadable(const char *path, int errnum, const char *what, struct error *err)
{
	error_set_errno(err, errnum, "%s: cannot %s", path, what);
	if (err)
		err->kind = ERROR_NO_INPUT;
	return -1;
}

static const char *kind_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR: return "a directory";
	case S_IFIFO: return "a pipe";
	case S_IFSOCK: return "a socket";
	case S_IFCHR:
	case S_IFBLK: return "a device";
	default: return "a special file";
	}
}

static int check(const struct file *file, const struct stat *st, struct error *err)
{
	if (!S_ISREG(st->st_mode))
		return error_set(err, ERROR_NO_INPUT, "%s: is %s, not a regular file", file->path,
				 kind_of(st->st_mode));
	if (st->st_size <= 0)
		return error_set(err, ERROR_BAD_DATA, "%s: is empty", file->path);
	return 0;
}

int file_open(struct file *file, const char *path, struct error *err)
{
	struct stat st;

	file->path = path;
	file->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (file->fd < 0)
		return unreadable(path, errno, "open", err);
	if (fstat(file->fd, &st)) {
		unreadable(path, errno, "read", err);
		file_close(file);
		return -1;
	}
	if (check(file, &st, err)) {
		file_close(file);
		return -1;
	}
	file->size = (uint64_t)st.st_size;
	return 0;
}

void file_close(struct file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
}

int file_read(const struct file *file, void *buffer, struct error *err)
{
	uint64_t done = 0;

	while (done < file->size) {
		ssize_t n = pread(file->fd, (char *)buffer + done, file->size - done, (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return unreadable(file->path, errno, "read", err);
		if (n == 0)
			return error_set(err, ERROR_NO_INPUT,
					 "%s: became shorter while it was read", file->path);
		done += (uint64_t)n;
	}
	return 0;
}

int file_write(const char *path, const void *bytes, size_t len, struct error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0666);
	size_t done = 0;

	if (fd < 0)
		return error_set_errno(err, errno, "%s: cannot create", path);
	while (done < len) {
		ssize_t n = write(fd, (const char *)bytes + done, len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			error_set_errno(err, errno, "%s: cannot write", path);
			close(fd);
			return -1;
		}
		done += (size_t)n;
	}
	if (close(fd))
		return error_set_errno(err, errno, "%s: cannot write", path);
	return 0;
}
