/* See link.h. */
#include "devices/net/link.h"

#include "core/vm.h"

void net_link_connect(struct net_link *link, const struct net_peer *peer)
{
	link->peer = *peer;
	if (!link->ops->enable)
		link->ops->pause(link, false);
}

void net_link_destroy(struct net_link *link)
{
	if (link)
		link->ops->destroy(link);
}

void net_link_turn(struct net_link *link, int fd, struct deferred *turn)
{
	if (link->vm->clock.mode == CLOCK_HOST) {
		turn->run(turn->owner);
		return;
	}
	loop_rewatch(link->vm->loop, fd, 0);
	vm_defer(link->vm, turn);
}
