/*
 * One timerfd on the VM's own loop: no thread, no signal, and two VMs in a process do not share it.
 */
#include "harness/deadline.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "core/loop.h"

static void deadline_event(void *owner, uint32_t events)
{
	struct deadline *deadline = owner;
	uint64_t count;

	(void)events;
	if (read(deadline->fd, &count, sizeof(count)) == sizeof(count))
		deadline->expired(deadline->owner);
}

int deadline_start(struct deadline *deadline, struct loop *loop, uint64_t ns,
		   void (*expired)(void *owner), void *owner, struct error *err)
{
	const struct itimerspec when = {
		.it_value.tv_sec = (time_t)(ns / 1000000000),
		.it_value.tv_nsec = (long)(ns ? ns % 1000000000 : 1), /* 0 would disarm */
	};
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);

	*deadline = (struct deadline){.fd = -1};
	if (fd < 0)
		return error_set_errno(err, errno, "timerfd_create");
	*deadline = (struct deadline){.loop = loop, .fd = fd, .expired = expired, .owner = owner};
	if (timerfd_settime(fd, 0, &when, NULL)) {
		error_set_errno(err, errno, "timerfd_settime");
		goto fail;
	}
	if (loop_watch(loop, fd, EPOLLIN, deadline_event, deadline, err))
		goto fail;
	return 0;
fail:
	close(fd);
	deadline->loop = NULL;
	deadline->fd = -1;
	return -1;
}

void deadline_stop(struct deadline *deadline)
{
	if (!deadline->loop)
		return;
	loop_unwatch(deadline->loop, deadline->fd);
	close(deadline->fd);
	deadline->loop = NULL;
	deadline->fd = -1;
}
