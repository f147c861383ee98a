/*
 * The process that serves a shared folder.
 */
#ifndef GOD_DEVICES_VIRTIO_VIRTIOFSD_H
#define GOD_DEVICES_VIRTIO_VIRTIOFSD_H

#include <sys/types.h>

#include "core/error.h"

/*
 * Start Debian's virtiofsd on that directory; *fd is a socket that is connected to it. Either of its kinds: QEMU's
 * (Debian 12) or the one in Rust (Debian 13). ERROR_UNAVAILABLE: there is none.
 */
int virtiofsd_start(const char *directory, pid_t *pid, int *fd, struct error *err);

/* End it, and wait until it has. */
void virtiofsd_stop(pid_t pid);

#endif
