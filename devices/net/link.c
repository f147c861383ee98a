/* See link.h. */
#include "devices/net/link.h"

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
