/*
 * Shared folders. The queues are virtiofsd's (vhost.h); here is its life, and what it is told.
 */
#include "devices/virtio/fs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/vm.h"
#include "devices/virtio/vhost.h"
#include "devices/virtio/vhost_user.h"
#include "devices/virtio/virtiofsd.h"

#define QUEUE_COUNT 2 /* high priority, requests */
#define QUEUE_SIZE  256

/* 5.11.4 */
struct fs_config {
	char tag[VIRTIO_FS_TAG_MAX];
	uint32_t request_queues;
};

struct fs {
	struct vhost vhost;
	struct virtio_state state;
	char tag[VIRTIO_FS_TAG_MAX];
	pid_t pid;    /* of virtiofsd; 0: none */
	bool watched; /* the connection */
	struct vhost_user server;
};

/* --- The queues --- */

static int fs_set_up(struct vhost *vhost, uint64_t features, const struct memory *memory,
		     struct error *err)
{
	struct fs *fs = (struct fs *)vhost;

	return vhost_user_set_up(&fs->server, features, memory, err);
}

static int fs_start_queue(struct vhost *vhost, unsigned queue, const struct vhost_ring *ring,
			  struct error *err)
{
	struct fs *fs = (struct fs *)vhost;

	return vhost_user_start_queue(&fs->server, queue, ring, err);
}

/* virtiofsd answers when it has let go of the queue. */
static void fs_stop_queue(struct vhost *vhost, unsigned queue)
{
	struct fs *fs = (struct fs *)vhost;

	/* One that has gone holds nothing any more; one that does not let go is cut off. */
	if (vhost_user_stop_queue(&fs->server, queue, NULL))
		shutdown(fs->server.fd, SHUT_RDWR);
}

static const struct vhost_ops fs_vhost_ops = {
	.set_up = fs_set_up,
	.start_queue = fs_start_queue,
	.stop_queue = fs_stop_queue,
};

/* --- What comes from virtiofsd, on the loop thread --- */

static void unwatch(struct fs *fs)
{
	if (fs->watched)
		loop_unwatch(fs->vhost.virtio.device.vm->loop, fs->server.fd);
	fs->watched = false;
}

/* It speaks when it is spoken to; but its end makes its socket readable. */
static void fs_hung_up(void *owner, uint32_t events)
{
	struct fs *fs = owner;
	struct error err;

	if (!(events & EPOLLHUP))
		return;
	unwatch(fs);
	error_set(&err, ERROR_OS, "shared folder %.*s: virtiofsd has ended", VIRTIO_FS_TAG_MAX,
		  fs->tag);
	vhost_fail(&fs->vhost, &err);
}

/* --- Life --- */

static void fs_reset(struct virtio *virtio)
{
	const struct fs *fs = (struct fs *)virtio;
	struct fs_config config = {.request_queues = QUEUE_COUNT - 1};

	memcpy(config.tag, fs->tag, sizeof(config.tag));
	memcpy(virtio->state->config, &config, sizeof(config));
}

static void free_fs(struct fs *fs)
{
	unwatch(fs);
	vhost_user_end(&fs->server);
	if (fs->pid)
		virtiofsd_stop(fs->pid);
	vhost_end(&fs->vhost);
	free(fs);
}

static void fs_destroy(struct device *device)
{
	struct fs *fs = (struct fs *)device;

	/* What virtiofsd says does not find a device that is half gone. */
	virtio_quiesce(&fs->vhost.virtio);
	unwatch(fs);
	vhost_silence(&fs->vhost);
	virtio_destroy(&fs->vhost.virtio);
	free_fs(fs);
}

static const struct virtio_ops fs_ops = {
	.device = VIRTIO_DEVICE_OPS("virtio-fs", fs_destroy),
	.id = VIRTIO_ID_FS,
	.notify = vhost_notify,
	.halt = vhost_halt,
	.reset = fs_reset,
};

static int watch(struct fs *fs, struct error *err)
{
	struct loop *loop = fs->vhost.virtio.device.vm->loop;

	if (loop_watch(loop, fs->server.fd, EPOLLRDHUP, fs_hung_up, fs, err))
		return -1;
	fs->watched = true;
	return 0;
}

static int start_server(struct fs *fs, const char *directory, struct error *err)
{
	struct stat status;
	int fd;

	if (stat(directory, &status))
		return error_set_errno(err, errno, "%s", directory);
	if (!S_ISDIR(status.st_mode))
		return error_set(err, ERROR_NO_INPUT, "%s is not a directory", directory);
	if (virtiofsd_start(directory, &fs->pid, &fd, err))
		return -1;
	if (vhost_user_begin(&fs->server, fd, err) == 0)
		return 0;
	return error_set(err, ERROR_UNAVAILABLE, "%s cannot be shared: virtiofsd does not start",
			 directory);
}

static struct fs *new_fs(struct vm *vm, const struct virtio_fs_config *config, struct error *err)
{
	struct fs *fs = calloc(1, sizeof(*fs));

	if (!fs) {
		error_set(err, ERROR_NO_MEMORY, "no memory for a shared folder");
		return NULL;
	}
	fs->vhost.ops = &fs_vhost_ops;
	fs->vhost.queue_count = QUEUE_COUNT;
	fs->vhost.failed = config->failed;
	fs->vhost.owner = config->owner;
	fs->server.fd = -1;
	memcpy(fs->tag, config->tag, strnlen(config->tag, sizeof(fs->tag)));
	if (vhost_init(&fs->vhost, vm, err)) {
		free(fs);
		return NULL;
	}
	return fs;
}

int virtio_fs_create(struct vm *vm, const struct virtio_slot *slot,
		     const struct virtio_fs_config *config, struct error *err)
{
	struct fs *fs;

	if (vm->clock.mode == CLOCK_VIRTUAL)
		return error_set(
			err, ERROR_UNAVAILABLE,
			"%s cannot be shared in virtual time: virtiofsd answers when it does",
			config->directory);
	if (vm->memory.fd < 0)
		return error_set(err, ERROR_UNAVAILABLE,
				 "%s cannot be shared: virtiofsd needs shared memory",
				 config->directory);
	fs = new_fs(vm, config, err);
	if (!fs)
		return -1;
	if (start_server(fs, config->directory, err)) {
		free_fs(fs);
		return -1;
	}

	const struct virtio_setup setup = {
		.ops = &fs_ops,
		.slot = slot,
		.state = &fs->state,
		.state_size = sizeof(fs->state),
		.lacks = vhost_lacks(fs->server.features),
		.queue_count = QUEUE_COUNT,
		.queue_size = QUEUE_SIZE,
		.config_size = sizeof(struct fs_config),
	};

	if (virtio_init(&fs->vhost.virtio, vm, &setup, err)) {
		free_fs(fs);
		return -1;
	}
	/* A server that ends finds a whole device, which is the VM's by now. */
	return watch(fs, err);
}
