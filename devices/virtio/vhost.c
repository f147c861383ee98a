/*
 * Queues start one by one, when they are first notified of and are ready: the driver's DRIVER_OK notifies of all. A
 * back end that needs several at once keeps the first ones waiting. So whenever one has started, all
 * are kicked: what was put into another meanwhile is seen then.
 */
#include "devices/virtio/vhost.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/vm.h"

uint64_t vhost_lacks(uint64_t features)
{
	/* A queue's reset is between the driver and us. */
	return ~(features | VIRTIO_F_RING_RESET);
}

/* --- Starting and stopping --- */

static uint64_t user_address(const struct memory *memory, uint64_t addr)
{
	return (uintptr_t)memory_at(memory, addr, 0);
}

/* What the driver has set up of a queue. False: nothing, or not yet. */
static bool get_queue(struct vhost *vhost, unsigned queue, struct virtqueue *vq, uint64_t *features)
{
	const struct virtio_state *state = vhost->virtio.state;
	bool live;

	pthread_mutex_lock(&vhost->virtio.lock);
	live = virtio_is_live(&vhost->virtio) && state->queues[queue].ready;
	*vq = state->queues[queue];
	*features = state->driver_features;
	pthread_mutex_unlock(&vhost->virtio.lock);
	return live;
}

static void signal_event(int event_fd)
{
	const uint64_t one = 1;

	if (write(event_fd, &one, sizeof(one)) < 0)
		return; /* the counter is full: it is signalled */
}

static bool take_event(int event_fd)
{
	uint64_t count;

	return read(event_fd, &count, sizeof(count)) > 0;
}

/* Lock held. */
static int start_queue(struct vhost *vhost, unsigned queue, const struct virtqueue *vq,
		       uint64_t features, struct error *err)
{
	const struct memory *memory = &vhost->virtio.device.vm->memory;
	struct vhost_queue *q = &vhost->queues[queue];
	const struct vhost_ring ring = {
		.size = vq->size,
		.descriptors = user_address(memory, vq->desc),
		.available = user_address(memory, vq->driver),
		.used = user_address(memory, vq->device),
		.kick_fd = q->kick_fd,
		.call_fd = q->call_fd,
		.error_fd = q->error_fd,
	};

	features &= ~VIRTIO_F_RING_RESET;
	if (!vhost->set_up && vhost->ops->set_up(vhost, features, memory, err))
		return -1;
	vhost->set_up = true;
	q->started = true;
	return vhost->ops->start_queue(vhost, queue, &ring, err);
}

/* Lock held. */
static int start_and_kick(struct vhost *vhost, unsigned queue, struct error *err)
{
	struct virtqueue vq;
	uint64_t features;

	if (vhost->queues[queue].started || !get_queue(vhost, queue, &vq, &features)) {
		signal_event(vhost->queues[queue].kick_fd);
		return 0;
	}
	if (start_queue(vhost, queue, &vq, features, err))
		return -1;
	for (unsigned i = 0; i < vhost->queue_count; i++)
		signal_event(vhost->queues[i].kick_fd);
	return 0;
}

void vhost_notify(struct virtio *virtio, unsigned queue)
{
	struct vhost *vhost = (struct vhost *)virtio;
	struct error err;
	int failed;

	if (queue >= vhost->queue_count)
		return;
	pthread_mutex_lock(&vhost->lock);
	failed = start_and_kick(vhost, queue, &err);
	pthread_mutex_unlock(&vhost->lock);
	if (failed)
		vhost_fail(vhost, &err);
}

void vhost_halt(struct virtio *virtio, unsigned queue)
{
	struct vhost *vhost = (struct vhost *)virtio;

	if (queue >= vhost->queue_count)
		return;
	pthread_mutex_lock(&vhost->lock);
	if (vhost->queues[queue].started)
		vhost->ops->stop_queue(vhost, queue);
	vhost->queues[queue].started = false;
	/* What was wrong with the queue was so before. */
	take_event(vhost->queues[queue].error_fd);
	vhost->set_up = false;
	for (unsigned i = 0; i < vhost->queue_count; i++)
		vhost->set_up |= vhost->queues[i].started;
	pthread_mutex_unlock(&vhost->lock);
}

void vhost_fail(struct vhost *vhost, const struct error *err)
{
	void (*failed)(void *owner, const struct error *err);

	pthread_mutex_lock(&vhost->lock);
	virtio_break(&vhost->virtio);
	failed = vhost->failed;
	vhost->failed = NULL;
	pthread_mutex_unlock(&vhost->lock);
	if (failed)
		failed(vhost->owner, err);
}

/* --- What comes from the back end, on the loop thread --- */

static void called(void *owner, uint32_t events)
{
	struct vhost_queue *queue = owner;

	(void)events;
	if (take_event(queue->call_fd))
		virtio_interrupt(&queue->vhost->virtio);
}

/* The driver's fault: as with queues of our own, it hears of it and nobody else does. */
static void broken(void *owner, uint32_t events)
{
	struct vhost_queue *queue = owner;
	struct vhost *vhost = queue->vhost;

	(void)events;
	pthread_mutex_lock(&vhost->lock);
	if (take_event(queue->error_fd) && queue->started)
		virtio_break(&vhost->virtio);
	pthread_mutex_unlock(&vhost->lock);
}

/* --- Life --- */

void vhost_silence(struct vhost *vhost)
{
	struct loop *loop = vhost->virtio.device.vm->loop;

	for (unsigned i = 0; i < vhost->queue_count; i++) {
		struct vhost_queue *queue = &vhost->queues[i];

		if (queue->call_watched)
			loop_unwatch(loop, queue->call_fd);
		if (queue->error_watched)
			loop_unwatch(loop, queue->error_fd);
		queue->call_watched = queue->error_watched = false;
	}
}

static void close_event(int fd)
{
	if (fd >= 0)
		close(fd);
}

void vhost_end(struct vhost *vhost)
{
	vhost_silence(vhost);
	for (unsigned i = 0; i < vhost->queue_count; i++) {
		close_event(vhost->queues[i].kick_fd);
		close_event(vhost->queues[i].call_fd);
		close_event(vhost->queues[i].error_fd);
	}
	pthread_mutex_destroy(&vhost->lock);
}

static int make_event(int *fd, struct error *err)
{
	*fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return *fd < 0 ? error_set_errno(err, errno, "cannot create an eventfd") : 0;
}

static int init_queue(struct vhost_queue *queue, struct loop *loop, struct error *err)
{
	if (make_event(&queue->kick_fd, err) || make_event(&queue->call_fd, err) ||
	    make_event(&queue->error_fd, err))
		return -1;
	if (loop_watch(loop, queue->call_fd, EPOLLIN, called, queue, err))
		return -1;
	queue->call_watched = true;
	if (loop_watch(loop, queue->error_fd, EPOLLIN, broken, queue, err))
		return -1;
	queue->error_watched = true;
	return 0;
}

int vhost_init(struct vhost *vhost, struct vm *vm, struct error *err)
{
	vhost->virtio.device.vm = vm;
	pthread_mutex_init(&vhost->lock, NULL);
	for (unsigned i = 0; i < vhost->queue_count; i++)
		vhost->queues[i] = (struct vhost_queue){
			.vhost = vhost, .kick_fd = -1, .call_fd = -1, .error_fd = -1};
	for (unsigned i = 0; i < vhost->queue_count; i++) {
		if (init_queue(&vhost->queues[i], vm->loop, err)) {
			vhost_end(vhost);
			return -1;
		}
	}
	return 0;
}
