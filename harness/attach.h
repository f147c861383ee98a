/*
 * The devices that the command line adds to the board: --rng and its like.
 */
#ifndef GOD_HARNESS_ATTACH_H
#define GOD_HARNESS_ATTACH_H

#include <stdbool.h>

#include "core/error.h"
#include "core/memory.h"
#include "devices/net/link.h"
#include "devices/virtio/console.h"
#include "devices/virtio/fs.h"
#include "devices/virtio/net.h"
#include "devices/virtio/vsock.h"

struct board;
struct port;
struct serial_backend;
struct virtio_balloon;
struct vm;

#define ATTACH_DISKS_MAX 26
#define ATTACH_PATH_MAX	 1024

struct attach_disk {
	char path[ATTACH_PATH_MAX];
	bool read_only;
};

#define ATTACH_SHARES_MAX 8
#define ATTACH_PORTS_MAX  (VIRTIO_CONSOLE_PORTS_MAX - 1)

struct attach_port {
	char name[VIRTIO_CONSOLE_NAME_MAX + 1];
	char path[ATTACH_PATH_MAX];
};

struct attach_share {
	char path[ATTACH_PATH_MAX];
	char tag[VIRTIO_FS_TAG_MAX + 1];
};

#define ATTACH_NETS_MAX	      4
#define ATTACH_INTERFACE_SIZE 16

struct attach_net {
	char tap[ATTACH_INTERFACE_SIZE]; /* empty: user-mode networking */
	unsigned queues;
	struct net_forward forwards[NET_FORWARDS_MAX];
	unsigned forward_count;
	uint8_t mac[VIRTIO_NET_MAC_SIZE];
};

/* What the command line says. */
struct attach_config {
	struct attach_disk disks[ATTACH_DISKS_MAX];
	unsigned disk_count;
	struct attach_net nets[ATTACH_NETS_MAX];
	unsigned net_count;
	struct attach_share shares[ATTACH_SHARES_MAX];
	unsigned share_count;
	struct attach_port ports[ATTACH_PORTS_MAX];
	unsigned port_count;
	uint32_t vsock_cid; /* 0: no sockets to the host */
	bool rng;
	bool balloon;
	uint64_t balloon_size; /* bytes that are to be in it */
	bool console; /* standard input and output are a virtio console's, and not the UART's */
};

/* What others need to know of them. The devices are owned by the VM. */
struct attached {
	struct virtio_console *console; /* or NULL; its port 0 is a console */
	struct virtio_balloon *balloon; /* or NULL */
	struct port *ports[ATTACH_PORTS_MAX];
	unsigned port_count;
};

/* The value of --disk: FILE[,ro]. ERROR_USAGE. */
int attach_parse_disk(struct attach_config *config, const char *value, struct error *err);

/* The value of --share: DIR[,tag=NAME]. ERROR_USAGE. */
int attach_parse_share(struct attach_config *config, const char *value, struct error *err);

/* The value of --vsock: the guest's context ID. ERROR_USAGE. */
int attach_parse_vsock(struct attach_config *config, const char *value, struct error *err);

/* The value of --port: NAME=PATH. ERROR_USAGE. */
int attach_parse_port(struct attach_config *config, const char *value, struct error *err);

/* The value of --net: user[,hostfwd=tcp|udp:[ADDRESS]:PORT-[ADDRESS]:PORT]..., or tap=INTERFACE[,queues=N];
 * with both [,mac=XX:XX:XX:XX:XX:XX]. ERROR_USAGE. */
int attach_parse_net(struct attach_config *config, const char *value, struct error *err);

/* Which kind of RAM the devices need. */
enum memory_backing attach_backing(const struct attach_config *config);

/* attach_devices()'s part for all that is a console. */
int attach_console(const struct attach_config *config, struct vm *vm, struct board *board,
		   const struct serial_backend *serial, struct attached *attached,
		   struct error *err);

/*
 * Create them, in a fixed order, in *attached, which is zeroed. Between board_create() and boot_load(). `serial` (borrowed) is the
 * other end of a console. Whether or not it fails, attach_end() follows before the VM is destroyed.
 */
int attach_devices(const struct attach_config *config, struct vm *vm, struct board *board,
		   const struct serial_backend *serial, struct attached *attached,
		   struct error *err);

/* No vCPU runs any more. */
void attach_end(struct attached *attached);

#endif
