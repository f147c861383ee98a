/*
 * The value of --net.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/attach.h"
#include "harness/options.h"

#define WORD_MAX 128

/* The part of a comma-separated list that begins at *text, moving it to the next. False: the end. */
static bool next_word(const char **text, char word[WORD_MAX])
{
	size_t len = strcspn(*text, ",");

	if (!**text || len >= WORD_MAX)
		return false;
	memcpy(word, *text, len);
	word[len] = '\0';
	*text += len + ((*text)[len] == ',');
	return true;
}

static const char *after(const char *word, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(word, prefix, len) ? NULL : word + len;
}

/* "[ADDRESS]:PORT" up to `end`. */
static bool parse_end(const char *text, char end, uint32_t *address, uint16_t *port,
		      const char **rest)
{
	size_t len = strcspn(text, ":");
	char dotted[INET_ADDRSTRLEN];
	struct in_addr binary = {0};
	char *stop;
	unsigned long number;

	if (text[len] != ':' || len >= sizeof(dotted))
		return false;
	memcpy(dotted, text, len);
	dotted[len] = '\0';
	if (len && inet_pton(AF_INET, dotted, &binary) != 1)
		return false;
	text += len + 1;
	number = strtoul(text, &stop, 10);
	if (*text < '0' || *text > '9' || *stop != end || number < 1 || number > UINT16_MAX)
		return false;
	*address = ntohl(binary.s_addr);
	*port = (uint16_t)number;
	*rest = stop + (end != '\0');
	return true;
}

static bool parse_forward(const char *text, struct net_forward *forward)
{
	const char *tcp = after(text, "tcp:"), *udp = after(text, "udp:");

	*forward = (struct net_forward){.udp = udp};
	if (!tcp && !udp)
		return false;
	return parse_end(tcp ? tcp : udp, '-', &forward->host_address, &forward->host_port,
			 &text) &&
	       parse_end(text, '\0', &forward->guest_address, &forward->guest_port, &text);
}

/* A unicast address. */
static bool parse_mac(const char *text, uint8_t mac[VIRTIO_NET_MAC_SIZE])
{
	unsigned b[VIRTIO_NET_MAC_SIZE];
	int end = 0;

	if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%n", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5],
		   &end) != VIRTIO_NET_MAC_SIZE ||
	    text[end] || b[0] & 1)
		return false;
	for (unsigned i = 0; i < VIRTIO_NET_MAC_SIZE; i++)
		mac[i] = (uint8_t)b[i];
	return true;
}

static bool parse_kind(const char *word, struct attach_net *net)
{
	const char *tap = after(word, "tap=");

	if (!tap)
		return !strcmp(word, "user");
	if (!*tap || strlen(tap) >= sizeof(net->tap))
		return false;
	strcpy(net->tap, tap);
	return true;
}

static bool parse_queues(const char *text, unsigned *queues)
{
	uint64_t count;

	if (parse_count("queues", text, VIRTIO_NET_PAIRS_MAX, &count, NULL) || !count)
		return false;
	*queues = (unsigned)count;
	return true;
}

static bool parse_setting(const char *word, struct attach_net *net)
{
	const char *forward = after(word, "hostfwd="), *mac = after(word, "mac=");
	const char *queues = after(word, "queues=");

	if (mac)
		return parse_mac(mac, net->mac);
	if (queues)
		return net->tap[0] && parse_queues(queues, &net->queues);
	return forward && !net->tap[0] && net->forward_count < NET_FORWARDS_MAX &&
	       parse_forward(forward, &net->forwards[net->forward_count++]);
}

int attach_parse_net(struct attach_config *config, const char *value, struct error *err)
{
	/* As QEMU's, so that a guest finds the same. */
	struct attach_net net = {
		.queues = 1,
		.mac = {0x52, 0x54, 0x00, 0x12, 0x34, (uint8_t)(0x56 + config->net_count)}};
	const char *rest = value;
	char word[WORD_MAX];
	bool ok;

	if (config->net_count == ATTACH_NETS_MAX)
		return error_set(err, ERROR_USAGE, "--net: more than %d networks", ATTACH_NETS_MAX);
	ok = next_word(&rest, word) && parse_kind(word, &net);
	while (ok && *rest)
		ok = next_word(&rest, word) && parse_setting(word, &net);
	if (!ok)
		return error_set(
			err, ERROR_USAGE,
			"--net %s: user[,hostfwd=tcp:[ADDRESS]:PORT-[ADDRESS]:PORT]..., or "
			"tap=INTERFACE[,queues=N]; [,mac=ADDRESS]",
			value);
	config->nets[config->net_count++] = net;
	return 0;
}
