/*
 * The files that a guest is made from. Only regular files: a directory, a device or a pipe without
 * a writer must give an error and not a hang.
 */
#ifndef GOD_CORE_BOOT_FILE_H
#define GOD_CORE_BOOT_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

struct file {
	const char *path; /* borrowed */
	int fd;
	uint64_t size; /* bytes, at least 1 */
};

/*
 * Open for reading. ERROR_NO_INPUT when it is missing, unreadable or not a regular file,
 * ERROR_BAD_DATA when it is empty. On failure there is nothing to close.
 */
int file_open(struct file *file, const char *path, struct error *err);
void file_close(struct file *file);

/* Read all file->size bytes. ERROR_NO_INPUT when the file gives less. */
int file_read(const struct file *file, void *buffer, struct error *err);

/* Make the file at `path` hold these bytes. ERROR_OS or ERROR_PERMISSION when it cannot. */
int file_write(const char *path, const void *bytes, size_t len, struct error *err);

#endif
