/*
 * Each device takes the next of the board's slots for virtio devices, in the order of kinds here, so that a
 * guest finds its first disk at the same place whatever else there is.
 */
#include "harness/attach.h"

#include <stdio.h>
#include <string.h>

#include "core/vm.h"
#include "devices/board.h"
#include "devices/disk/disk.h"
#include "devices/virtio/balloon.h"
#include "devices/virtio/blk.h"
#include "devices/virtio/console.h"
#include "devices/virtio/rng.h"
#include "devices/virtio/virtio.h"
#include "devices/virtio/vsock.h"
#include "harness/options.h"
#include "harness/status.h"

/* A disk has a queue for each CPU, up to this many. */
#define DISK_QUEUES_MAX 4

/* If the value ends in that word, as in "FILE,ro": the length of what is before it. Else 0. */
static size_t without_suffix(const char *value, const char *suffix)
{
	size_t len = strlen(value), suffix_len = strlen(suffix);

	if (len <= suffix_len || strcmp(value + len - suffix_len, suffix))
		return 0;
	return len - suffix_len;
}

int attach_parse_disk(struct attach_config *config, const char *value, struct error *err)
{
	size_t len = without_suffix(value, ",ro");
	struct attach_disk *disk;

	if (config->disk_count == ATTACH_DISKS_MAX)
		return error_set(err, ERROR_USAGE, "--disk: more than %d disks", ATTACH_DISKS_MAX);
	disk = &config->disks[config->disk_count];
	disk->read_only = len;
	if (!len)
		len = strlen(value);
	if (!len || len >= sizeof(disk->path))
		return error_set(err, ERROR_USAGE, "--disk %s: %s", value,
				 len ? "the name is too long" : "no file name");
	memcpy(disk->path, value, len);
	disk->path[len] = '\0';
	config->disk_count++;
	return 0;
}

static int attach_rng(struct vm *vm, struct board *board, struct error *err)
{
	struct virtio_slot slot;

	if (board_take_slot(board, &slot, err))
		return -1;
	return virtio_rng_create(vm, &slot, err);
}

int attach_parse_share(struct attach_config *config, const char *value, struct error *err)
{
	const char *tag = strstr(value, ",tag=");
	size_t len = tag ? (size_t)(tag - value) : strlen(value);
	struct attach_share *share;

	if (config->share_count == ATTACH_SHARES_MAX)
		return error_set(err, ERROR_USAGE, "--share: more than %d folders",
				 ATTACH_SHARES_MAX);
	share = &config->shares[config->share_count];
	tag = tag ? tag + strlen(",tag=") : "share";
	if (!len || len >= sizeof(share->path))
		return error_set(err, ERROR_USAGE, "--share %s: %s", value,
				 len ? "the name is too long" : "no directory");
	if (!*tag || strlen(tag) > VIRTIO_FS_TAG_MAX)
		return error_set(err, ERROR_USAGE, "--share %s: a tag has 1 to %d bytes", value,
				 VIRTIO_FS_TAG_MAX);
	memcpy(share->path, value, len);
	share->path[len] = '\0';
	strcpy(share->tag, tag);
	config->share_count++;
	return 0;
}

int attach_parse_vsock(struct attach_config *config, const char *value, struct error *err)
{
	uint64_t cid;

	if (parse_count("--vsock", value, VIRTIO_VSOCK_CID_MAX, &cid, NULL) ||
	    cid < VIRTIO_VSOCK_CID_MIN)
		return error_set(err, ERROR_USAGE,
				 "--vsock %s: a guest's context ID is from %u to %u", value,
				 VIRTIO_VSOCK_CID_MIN, VIRTIO_VSOCK_CID_MAX);
	config->vsock_cid = (uint32_t)cid;
	return 0;
}

/* The guest sees an I/O error; why, is for who runs it. */
static void device_failed(void *owner, const struct error *err)
{
	(void)owner;
	status_report(err);
}

static int attach_disk(const struct attach_disk *from, unsigned number, struct vm *vm,
		       struct board *board, struct error *err)
{
	const struct disk_config disk_config = {from->path, from->read_only};
	char id[VIRTIO_BLK_ID_SIZE];
	struct virtio_blk_config config = {
		.id = id,
		.queues = vm->cpus < DISK_QUEUES_MAX ? vm->cpus : DISK_QUEUES_MAX,
		.failed = device_failed,
	};
	struct virtio_slot slot;

	snprintf(id, sizeof(id), "god-disk-%u", number);
	if (board_take_slot(board, &slot, err) || disk_open(&config.disk, vm, &disk_config, err))
		return -1;
	return virtio_blk_create(vm, &slot, &config, err);
}

static int attach_net(const struct attach_net *from, struct vm *vm, struct board *board,
		      struct error *err)
{
	struct net_link *links[VIRTIO_NET_PAIRS_MAX];
	struct virtio_slot slot;

	if (board_take_slot(board, &slot, err))
		return -1;
	if (from->tap[0] ? net_tap_open(links, from->queues, vm, from->tap, err)
			 : net_user_open(links, vm, from->forwards, from->forward_count, err))
		return -1;
	return virtio_net_create(vm, &slot, links, from->queues, from->mac, err);
}

enum memory_backing attach_backing(const struct attach_config *config)
{
	return config->share_count ? MEMORY_SHARED : MEMORY_PRIVATE;
}

static int attach_share(const struct attach_share *from, struct vm *vm, struct board *board,
			struct error *err)
{
	const struct virtio_fs_config config = {
		.directory = from->path,
		.tag = from->tag,
		.failed = device_failed,
	};
	struct virtio_slot slot;

	if (board_take_slot(board, &slot, err))
		return -1;
	return virtio_fs_create(vm, &slot, &config, err);
}

static int attach_vsock(uint32_t cid, struct vm *vm, struct board *board, struct error *err)
{
	const struct virtio_vsock_config config = {.cid = cid, .failed = device_failed};
	struct virtio_slot slot;

	if (board_take_slot(board, &slot, err))
		return -1;
	return virtio_vsock_create(vm, &slot, &config, err);
}

static int attach_balloon(uint64_t size, struct vm *vm, struct board *board,
			  struct attached *attached, struct error *err)
{
	struct virtio_slot slot;

	if (board_take_slot(board, &slot, err))
		return -1;
	attached->balloon = virtio_balloon_create(vm, &slot, size, err);
	return attached->balloon ? 0 : -1;
}

int attach_devices(const struct attach_config *config, struct vm *vm, struct board *board,
		   const struct serial_backend *serial, struct attached *attached,
		   struct error *err)
{
	for (unsigned i = 0; i < config->disk_count; i++)
		if (attach_disk(&config->disks[i], i, vm, board, err))
			return -1;
	for (unsigned i = 0; i < config->net_count; i++)
		if (attach_net(&config->nets[i], vm, board, err))
			return -1;
	for (unsigned i = 0; i < config->share_count; i++)
		if (attach_share(&config->shares[i], vm, board, err))
			return -1;
	if (config->vsock_cid && attach_vsock(config->vsock_cid, vm, board, err))
		return -1;
	if (attach_console(config, vm, board, serial, attached, err))
		return -1;
	if (config->rng && attach_rng(vm, board, err))
		return -1;
	return config->balloon ? attach_balloon(config->balloon_size, vm, board, attached, err) : 0;
}
