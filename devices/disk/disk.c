/*
 * Opening a disk: which kind it is is in its name.
 */
#include "devices/disk/disk.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool is_nbd(const char *path)
{
	static const char *const schemes[] = {
		"nbd://", "nbds://", "nbd+unix://", "nbds+unix://", "nbd+vsock://", "nbds+vsock://",
	};

	for (unsigned i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (!strncmp(path, schemes[i], strlen(schemes[i])))
			return true;
	return false;
}

int disk_open(struct disk **disk, struct vm *vm, const struct disk_config *config,
	      struct error *err)
{
	return is_nbd(config->path) ? disk_nbd_open(disk, vm, config, err)
				    : disk_file_open(disk, vm, config, err);
}

void disk_close(struct disk *disk)
{
	if (disk)
		disk->ops->destroy(disk);
}

void disk_describe(const struct disk_request *request, char *text, unsigned size)
{
	static const char *const names[] = {
		[DISK_READ] = "read",	    [DISK_WRITE] = "write", [DISK_FLUSH] = "flush",
		[DISK_DISCARD] = "discard", [DISK_ZERO] = "zero",
	};

	if (request->operation == DISK_FLUSH)
		snprintf(text, size, "flush");
	else
		snprintf(text, size, "%s of %" PRIu64 " bytes at %#" PRIx64,
			 names[request->operation], request->len, request->offset);
}
