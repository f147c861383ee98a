/* See test_devices.h. */
#include "harness/test_devices.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "devices/board.h"
#include "devices/disk/disk.h"
#include "devices/net/link.h"
#include "devices/virtio/balloon.h"
#include "devices/virtio/blk.h"
#include "devices/virtio/console.h"
#include "devices/virtio/net.h"
#include "devices/virtio/rng.h"
#include "devices/virtio/virtio.h"
#include "devices/virtio/vsock.h"

#define DISK_SIZE (1 << 20)

/* A file without a name, which goes when the disk does. */
static int open_disk(struct disk **disk, struct vm *vm, struct error *err)
{
	int fd = memfd_create("disk", MFD_CLOEXEC);
	char path[32];
	const struct disk_config config = {.path = path};
	int failed;

	if (fd < 0 || ftruncate(fd, DISK_SIZE)) {
		error_set_errno(err, errno, "cannot make a disk");
		if (fd >= 0)
			close(fd);
		return -1;
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	failed = disk_open(disk, vm, &config, err);
	close(fd);
	return failed;
}

static int attach_disk(struct vm *vm, const struct virtio_slot *slot, struct error *err)
{
	struct virtio_blk_config config = {.id = "test", .queues = 1};

	if (open_disk(&config.disk, vm, err))
		return -1;
	return virtio_blk_create(vm, slot, &config, err);
}

static int attach_net(struct vm *vm, const struct virtio_slot *slot, struct error *err)
{
	static const uint8_t mac[VIRTIO_NET_MAC_SIZE] = {0x52, 0x54, 0x00, 0x12, 0x34, 0x56};
	struct net_link *link;

	if (net_user_open(&link, vm, NULL, 0, err))
		return -1;
	return virtio_net_create(vm, slot, &link, 1, mac, err);
}

static int attach_console(struct vm *vm, const struct virtio_slot *slot,
			  const struct serial_backend *serial, struct error *err)
{
	const struct virtio_console_port port = {.backend = serial};

	return virtio_console_create(vm, slot, &port, 1, err) ? 0 : -1;
}

/* An ID that no other test has, and hardly a guest. */
static int attach_vsock(struct vm *vm, const struct virtio_slot *slot, struct error *err)
{
	struct virtio_vsock_config config = {0};

	vm_random(vm, &config.cid, sizeof(config.cid));
	config.cid |= 1u << 31;
	config.cid &= ~1u; /* the last one is reserved */
	return virtio_vsock_create(vm, slot, &config, err);
}

static int attach(const char *name, struct vm *vm, const struct virtio_slot *slot,
		  const struct serial_backend *serial, struct error *err)
{
	if (!strcmp(name, "rng"))
		return virtio_rng_create(vm, slot, err);
	if (!strcmp(name, "balloon"))
		return virtio_balloon_create(vm, slot, 0, err) ? 0 : -1;
	if (!strcmp(name, "console"))
		return attach_console(vm, slot, serial, err);
	if (!strcmp(name, "disk"))
		return attach_disk(vm, slot, err);
	if (!strcmp(name, "net"))
		return attach_net(vm, slot, err);
	if (!strcmp(name, "vsock"))
		return attach_vsock(vm, slot, err);
	return error_set(err, ERROR_BAD_DATA, "there is no device %s", name);
}

int test_devices_attach(const struct word_list *names, struct vm *vm, struct board *board,
			const struct serial_backend *serial, struct error *err)
{
	for (unsigned i = 0; i < names->count; i++) {
		struct virtio_slot slot;

		if (board_take_slot(board, &slot, err) ||
		    attach(names->words[i], vm, &slot, serial, err))
			return -1;
	}
	return 0;
}
