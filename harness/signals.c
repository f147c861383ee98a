/*
 * signalfd instead of handlers: no code runs at an arbitrary point, and no variable is needed.
 */
#include "harness/signals.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "core/loop.h"

static void signals_set(sigset_t *set)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH};

	sigemptyset(set);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		struct sigaction action;

		/* What the parent had ignored (nohup) stays ignored. */
		sigaction(numbers[i], NULL, &action);
		if (action.sa_handler != SIG_IGN)
			sigaddset(set, numbers[i]);
	}
}

void signals_block(void)
{
	sigset_t set;

	signals_set(&set);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void signals_event(void *owner, uint32_t events)
{
	struct signals *signals = owner;
	struct signalfd_siginfo info;

	(void)events;
	if (read(signals->fd, &info, sizeof(info)) == sizeof(info))
		signals->caught(signals->owner, (int)info.ssi_signo);
}

int signals_watch(struct signals *signals, struct loop *loop,
		  void (*caught)(void *owner, int number), void *owner, struct error *err)
{
	sigset_t set;
	int fd;

	*signals = (struct signals){.fd = -1};
	signals_set(&set);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return error_set_errno(err, errno, "signalfd");
	*signals = (struct signals){.loop = loop, .fd = fd, .caught = caught, .owner = owner};
	if (!loop_watch(loop, fd, EPOLLIN, signals_event, signals, err))
		return 0;
	close(fd);
	signals->loop = NULL;
	signals->fd = -1;
	return -1;
}

void signals_unwatch(struct signals *signals)
{
	if (!signals->loop)
		return;
	loop_unwatch(signals->loop, signals->fd);
	close(signals->fd);
	signals->loop = NULL;
	signals->fd = -1;
}

void signals_die(int number)
{
	sigset_t set;

	signal(number, SIG_DFL);
	raise(number);
	sigemptyset(&set);
	sigaddset(&set, number);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	_exit(128 + number);
}
