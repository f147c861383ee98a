/*
 * Signals to the process as events of the VM's I/O loop, where they can be answered in an orderly way.
 */
#ifndef GOD_HARNESS_SIGNALS_H
#define GOD_HARNESS_SIGNALS_H

#include "core/error.h"

struct loop;

struct signals {
	struct loop *loop;
	int fd; /* signalfd, or -1 */
	void (*caught)(void *owner, int number);
	void *owner;
};

/*
 * Block them (SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH), in this thread and
 * those that it creates from now on; what comes before signals_watch() waits. SIGPIPE is ignored: a
 * write says EPIPE.
 */
void signals_block(void);

/* From now on, `caught` is called on the loop thread for each. */
int signals_watch(struct signals *signals, struct loop *loop,
		  void (*caught)(void *owner, int number), void *owner, struct error *err);

/* Also for a struct that is zeroed or whose signals_watch() failed. */
void signals_unwatch(struct signals *signals);

/* End this process by the signal, so that whoever waits for it sees by which. */
void signals_die(int number) __attribute__((noreturn));

#endif
