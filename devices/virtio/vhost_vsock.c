/*
 * The calls are those of linux/vhost.h. Whoever makes VHOST_SET_OWNER lends the kernel's thread its address space.
 */
#include "devices/virtio/vhost_vsock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/vhost.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/memory.h"
#include "devices/virtio/vhost_ring.h"

#define ALL_QUEUES ((1u << VHOST_VSOCK_QUEUES) - 1)

static int fail(struct error *err, const char *what)
{
	return error_set_errno(err, errno, "%s: %s", VHOST_VSOCK_PATH, what);
}

/* --- Opening --- */

static int open_failed(struct error *err, const char *path, int errnum)
{
	if (errnum == ENOENT || errnum == ENODEV || errnum == ENXIO)
		return error_set(err, ERROR_UNAVAILABLE,
				 "%s: this host has no vsock for guests (modprobe vhost_vsock?)",
				 path);
	return error_set_errno(err, errnum, "%s", path);
}

static int take_cid(int fd, const char *path, uint32_t cid, struct error *err)
{
	uint64_t guest_cid = cid;

	if (ioctl(fd, VHOST_VSOCK_SET_GUEST_CID, &guest_cid) == 0)
		return 0;
	if (errno == EADDRINUSE)
		return error_set(err, ERROR_UNAVAILABLE, "%s: the context ID %u is in use", path,
				 cid);
	return error_set_errno(err, errno, "%s: the context ID %u", path, cid);
}

int vhost_vsock_open(struct vhost_vsock *vsock, const char *path, uint32_t cid, struct error *err)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	*vsock = (struct vhost_vsock){.fd = -1};
	if (fd < 0)
		return open_failed(err, path, errno);
	if (ioctl(fd, VHOST_SET_OWNER) || ioctl(fd, VHOST_GET_FEATURES, &vsock->features)) {
		error_set_errno(err, errno, "%s is not a vsock device", path);
		if (err && errno == ENOTTY)
			err->kind = ERROR_UNAVAILABLE;
	} else if (take_cid(fd, path, cid, err) == 0) {
		vsock->fd = fd;
		return 0;
	}
	close(fd);
	return -1;
}

void vhost_vsock_close(struct vhost_vsock *vsock)
{
	if (vsock->fd >= 0)
		close(vsock->fd);
	*vsock = (struct vhost_vsock){.fd = -1};
}

/* --- The queues --- */

int vhost_vsock_set_up(struct vhost_vsock *vsock, uint64_t features, const struct memory *memory,
		       struct error *err)
{
	union {
		struct vhost_memory header;
		uint8_t bytes[sizeof(struct vhost_memory) + sizeof(struct vhost_memory_region)];
	} table = {.header = {.nregions = 1}};

	table.header.regions[0] = (struct vhost_memory_region){
		.guest_phys_addr = memory->base,
		.memory_size = memory->size,
		.userspace_addr = (uintptr_t)memory_at(memory, memory->base, memory->size),
	};
	if (ioctl(vsock->fd, VHOST_SET_FEATURES, &features))
		return fail(err, "VHOST_SET_FEATURES");
	if (ioctl(vsock->fd, VHOST_SET_MEM_TABLE, &table))
		return fail(err, "VHOST_SET_MEM_TABLE");
	return 0;
}

static int set_file(struct vhost_vsock *vsock, unsigned long request, unsigned index, int fd)
{
	struct vhost_vring_file file = {index, fd};

	return ioctl(vsock->fd, request, &file);
}

static int set_state(struct vhost_vsock *vsock, unsigned long request, unsigned index,
		     unsigned number)
{
	struct vhost_vring_state state = {index, number};

	return ioctl(vsock->fd, request, &state);
}

static int set_running(struct vhost_vsock *vsock, int running)
{
	return ioctl(vsock->fd, VHOST_VSOCK_SET_RUNNING, &running);
}

int vhost_vsock_start_queue(struct vhost_vsock *vsock, unsigned index,
			    const struct vhost_ring *ring, struct error *err)
{
	struct vhost_vring_addr address = {
		.index = index,
		.desc_user_addr = ring->descriptors,
		.used_user_addr = ring->used,
		.avail_user_addr = ring->available,
	};

	if (set_state(vsock, VHOST_SET_VRING_NUM, index, ring->size) ||
	    set_state(vsock, VHOST_SET_VRING_BASE, index, 0) ||
	    ioctl(vsock->fd, VHOST_SET_VRING_ADDR, &address) ||
	    set_file(vsock, VHOST_SET_VRING_CALL, index, ring->call_fd) ||
	    set_file(vsock, VHOST_SET_VRING_ERR, index, ring->error_fd) ||
	    set_file(vsock, VHOST_SET_VRING_KICK, index, ring->kick_fd))
		return fail(err, "cannot set up a queue");
	vsock->started |= 1u << index;
	if (vsock->started != ALL_QUEUES)
		return 0;
	vsock->used = true;
	return set_running(vsock, 1) ? fail(err, "VHOST_VSOCK_SET_RUNNING") : 0;
}

void vhost_vsock_stop_queue(struct vhost_vsock *vsock, unsigned index)
{
	/* This fails for nobody who owns the device; else the end of it is the end of its work, too. */
	if (vsock->started == ALL_QUEUES && set_running(vsock, 0))
		vhost_vsock_close(vsock);
	vsock->started &= ~(1u << index);
}
