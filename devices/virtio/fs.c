/*
 * Shared folders. The queues are virtiofsd's: a notification from the driver is passed on by an
 * eventfd, and so is one to the driver. When the driver has its queues ready, virtiofsd is told
 * where they are, and when it resets the device, that they are not there any more.
 */
#include "devices/virtio/fs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/vm.h"
#include "devices/virtio/vhost_user.h"
#include "devices/virtio/virtio.h"
#include "devices/virtio/virtiofsd.h"

#define QUEUE_COUNT 2 /* high priority, requests */
#define QUEUE_SIZE  256

/* 5.11.4 */
struct fs_config {
	char tag[VIRTIO_FS_TAG_MAX];
	uint32_t request_queues;
};

struct fs {
	struct virtio virtio;
	struct virtio_state state;
	char tag[VIRTIO_FS_TAG_MAX];
	pid_t pid; /* of virtiofsd; 0: none */
	void (*failed)(void *owner, const struct error *err);
	void *owner;
	bool watched; /* the connection */
	struct fs_queue {
		struct fs *fs;
		int kick_fd, call_fd;
		bool watched;
	} queues[QUEUE_COUNT];

	pthread_mutex_t lock; /* guards the connection; virtio's is taken inside */
	struct vhost_user vhost;
	bool set_up;
	bool started[QUEUE_COUNT];
};

/* --- Starting and stopping --- */

/* What the driver has set up of a queue. False: nothing, or not yet. */
static bool get_queue(struct fs *fs, unsigned queue, struct virtqueue *vq, uint64_t *features)
{
	bool live;

	pthread_mutex_lock(&fs->virtio.lock);
	live = virtio_is_live(&fs->virtio) && fs->state.queues[queue].ready;
	*vq = fs->state.queues[queue];
	*features = fs->state.driver_features;
	pthread_mutex_unlock(&fs->virtio.lock);
	return live;
}

/* Lock held. */
static int start_queue(struct fs *fs, unsigned queue, struct error *err)
{
	const struct memory *memory = &fs->virtio.device.vm->memory;
	struct virtqueue vq;
	uint64_t features;

	if (fs->started[queue] || fs->vhost.fd < 0 || !get_queue(fs, queue, &vq, &features))
		return 0;
	/* A queue's reset is between the driver and us. */
	features &= ~VIRTIO_F_RING_RESET;
	if (!fs->set_up && vhost_user_set_up(&fs->vhost, features, memory, err))
		return -1;
	fs->set_up = true;
	fs->started[queue] = true;
	return vhost_user_start_queue(&fs->vhost, queue, &vq, memory, fs->queues[queue].kick_fd,
				      fs->queues[queue].call_fd, err);
}

static void signal_event(int event_fd)
{
	const uint64_t one = 1;

	if (write(event_fd, &one, sizeof(one)) < 0)
		return; /* the counter is full: it is signalled */
}

static void fail(struct fs *fs, const struct error *err)
{
	virtio_break(&fs->virtio);
	if (fs->failed)
		fs->failed(fs->owner, err);
	fs->failed = NULL;
}

static void fs_notify(struct virtio *virtio, unsigned queue)
{
	struct fs *fs = (struct fs *)virtio;
	struct error err;
	int failed;

	pthread_mutex_lock(&fs->lock);
	failed = start_queue(fs, queue, &err);
	pthread_mutex_unlock(&fs->lock);
	if (failed)
		fail(fs, &err);
	else
		signal_event(fs->queues[queue].kick_fd);
}

/* The driver stops a queue: virtiofsd answers when it has let go of it. */
static void fs_halt(struct virtio *virtio, unsigned queue)
{
	struct fs *fs = (struct fs *)virtio;

	pthread_mutex_lock(&fs->lock);
	/* One that has gone holds nothing any more; one that does not let go is cut off. */
	if (fs->started[queue] && vhost_user_stop_queue(&fs->vhost, queue, NULL))
		shutdown(fs->vhost.fd, SHUT_RDWR);
	fs->started[queue] = false;
	fs->set_up = false;
	for (unsigned i = 0; i < QUEUE_COUNT; i++)
		fs->set_up |= fs->started[i];
	pthread_mutex_unlock(&fs->lock);
}

/* --- What comes from virtiofsd, on the loop thread --- */

static void fs_called(void *owner, uint32_t events)
{
	struct fs_queue *queue = owner;
	uint64_t count;

	(void)events;
	if (read(queue->call_fd, &count, sizeof(count)) > 0)
		virtio_interrupt(&queue->fs->virtio);
}

/* It speaks when it is spoken to; but its end makes its socket readable. */
static void fs_hung_up(void *owner, uint32_t events)
{
	struct fs *fs = owner;
	struct error err;

	if (!(events & EPOLLHUP))
		return;
	loop_unwatch(fs->virtio.device.vm->loop, fs->vhost.fd);
	fs->watched = false;
	error_set(&err, ERROR_OS, "shared folder %.*s: virtiofsd has ended", VIRTIO_FS_TAG_MAX,
		  fs->tag);
	fail(fs, &err);
}

/* --- Life --- */

static void fs_reset(struct virtio *virtio)
{
	const struct fs *fs = (struct fs *)virtio;
	struct fs_config config = {.request_queues = QUEUE_COUNT - 1};

	memcpy(config.tag, fs->tag, sizeof(config.tag));
	memcpy(virtio->state->config, &config, sizeof(config));
}

static void unwatch(struct fs *fs, struct loop *loop)
{
	for (unsigned i = 0; i < QUEUE_COUNT; i++) {
		if (fs->queues[i].watched)
			loop_unwatch(loop, fs->queues[i].call_fd);
		fs->queues[i].watched = false;
	}
	if (fs->watched)
		loop_unwatch(loop, fs->vhost.fd);
	fs->watched = false;
}

static void free_fs(struct fs *fs)
{
	unwatch(fs, fs->virtio.device.vm->loop);
	for (unsigned i = 0; i < QUEUE_COUNT; i++) {
		struct fs_queue *queue = &fs->queues[i];

		if (queue->kick_fd >= 0)
			close(queue->kick_fd);
		if (queue->call_fd >= 0)
			close(queue->call_fd);
	}
	vhost_user_end(&fs->vhost);
	if (fs->pid)
		virtiofsd_stop(fs->pid);
	pthread_mutex_destroy(&fs->lock);
	free(fs);
}

static void fs_destroy(struct device *device)
{
	struct fs *fs = (struct fs *)device;

	struct loop *loop = device->vm->loop;

	/* What virtiofsd says does not find a device that is half gone. */
	virtio_quiesce(&fs->virtio);
	unwatch(fs, loop);
	virtio_destroy(&fs->virtio);
	free_fs(fs);
}

static const struct virtio_ops fs_ops = {
	.device = VIRTIO_DEVICE_OPS("virtio-fs", fs_destroy),
	.id = VIRTIO_ID_FS,
	.notify = fs_notify,
	.halt = fs_halt,
	.reset = fs_reset,
};

static int make_events(struct fs *fs, struct error *err)
{
	for (unsigned i = 0; i < QUEUE_COUNT; i++) {
		struct fs_queue *queue = &fs->queues[i];

		queue->kick_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		queue->call_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		if (queue->kick_fd < 0 || queue->call_fd < 0)
			return error_set_errno(err, errno, "cannot create an eventfd");
	}
	return 0;
}

static int watch(struct fs *fs, struct error *err)
{
	struct loop *loop = fs->virtio.device.vm->loop;

	for (unsigned i = 0; i < QUEUE_COUNT; i++) {
		if (loop_watch(loop, fs->queues[i].call_fd, EPOLLIN, fs_called, &fs->queues[i],
			       err))
			return -1;
		fs->queues[i].watched = true;
	}
	if (loop_watch(loop, fs->vhost.fd, EPOLLRDHUP, fs_hung_up, fs, err))
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
	if (vhost_user_begin(&fs->vhost, fd, err) == 0)
		return 0;
	return error_set(err, ERROR_UNAVAILABLE, "%s cannot be shared: virtiofsd does not start",
			 directory);
}

static struct fs *new_fs(struct vm *vm, const struct virtio_fs_config *config)
{
	struct fs *fs = calloc(1, sizeof(*fs));

	if (!fs)
		return NULL;
	fs->virtio.device.vm = vm;
	fs->vhost.fd = -1;
	fs->failed = config->failed;
	fs->owner = config->owner;
	memcpy(fs->tag, config->tag, strnlen(config->tag, sizeof(fs->tag)));
	for (unsigned i = 0; i < QUEUE_COUNT; i++)
		fs->queues[i] = (struct fs_queue){.fs = fs, .kick_fd = -1, .call_fd = -1};
	pthread_mutex_init(&fs->lock, NULL);
	return fs;
}

int virtio_fs_create(struct vm *vm, const struct virtio_slot *slot,
		     const struct virtio_fs_config *config, struct error *err)
{
	struct virtio_slot split = *slot;
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
	fs = new_fs(vm, config);
	if (!fs)
		return error_set(err, ERROR_NO_MEMORY, "no memory for a shared folder");
	if (make_events(fs, err) || start_server(fs, config->directory, err) || watch(fs, err)) {
		free_fs(fs);
		return -1;
	}

	const struct virtio_setup setup = {
		.ops = &fs_ops,
		.slot = &split,
		.state = &fs->state,
		.state_size = sizeof(fs->state),
		.queue_count = QUEUE_COUNT,
		.queue_size = QUEUE_SIZE,
		.config_size = sizeof(struct fs_config),
	};

	/* What the rings look like is for virtiofsd to say. */
	split.split_only = !(fs->vhost.features & VIRTIO_F_RING_PACKED);
	if (virtio_init(&fs->virtio, vm, &setup, err)) {
		free_fs(fs);
		return -1;
	}
	return 0;
}
