/*
 * The I/O loop: one thread, one epoll instance, that owns host descriptors (standard input, timers,
 * sockets) and runs back-end completions, so that no device needs a thread of its own.
 */
#ifndef GOD_CORE_LOOP_H
#define GOD_CORE_LOOP_H

#include <stdint.h>

#include "core/error.h"

struct loop;

/* Called on the loop thread. `events` is a mask of EPOLLIN, EPOLLOUT, EPOLLERR, EPOLLHUP. */
typedef void loop_handler(void *owner, uint32_t events);
typedef void loop_task(void *owner);

/* Create the loop with its thread running, all signals blocked in it. */
int loop_create(struct loop **loop, struct error *err);
/*
 * Run what was posted before, stop and join the thread, drop all watches. Descriptors stay open:
 * they belong to their owners. loop may be NULL. Not on the loop thread.
 */
void loop_destroy(struct loop *loop);

/*
 * Watch a descriptor, level-triggered. A regular file, which epoll refuses, is reported as always
 * ready for what was asked. One watch a descriptor. Fails with ERROR_OS. Any thread.
 */
int loop_watch(struct loop *loop, int fd, uint32_t events, loop_handler *handler, void *owner,
	       struct error *err);
/* Change which events are wanted (0: none for now, not even EPOLLHUP). Any thread. */
void loop_rewatch(struct loop *loop, int fd, uint32_t events);
/* Stop watching. When it returns, the handler is not running and will not be called again
 * (except when called from the handler itself). */
void loop_unwatch(struct loop *loop, int fd);

/* Run `task` on the loop thread soon, in order of posting. Any thread. */
void loop_post(struct loop *loop, loop_task *task, void *owner);
/* Wait until everything posted before has run. Not on the loop thread. */
void loop_drain(struct loop *loop);

#endif
