/*
 * A time limit, kept by the VM's I/O loop.
 */
#ifndef GOD_HARNESS_DEADLINE_H
#define GOD_HARNESS_DEADLINE_H

#include <stdint.h>

#include "core/error.h"

struct loop;

struct deadline {
	struct loop *loop;
	int fd; /* timerfd, or -1 */
	void (*expired)(void *owner);
	void *owner;
};

/* Call `expired` once on the loop thread, `ns` nanoseconds from now; 0 is "at once". */
int deadline_start(struct deadline *deadline, struct loop *loop, uint64_t ns,
		   void (*expired)(void *owner), void *owner, struct error *err);

/* No call comes after this. Also for a deadline that is zeroed or failed to start. */
void deadline_stop(struct deadline *deadline);

#endif
