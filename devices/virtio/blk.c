/*
 * Disks. A request is a header, data, and a byte for the status (5.2.6). It is checked here, handed
 * to what is behind the disk (devices/disk/disk.h), and given back when that is done; as many are in
 * flight as the driver likes, and they come back in the order in which they are done.
 *
 * Durability (5.2.6.2). A driver that has negotiated flushing gets a write-back cache, and what it has
 * flushed is on stable storage. For one that has not, or that has switched the cache off, each
 * write is durable before it is acknowledged.
 */
#include "devices/virtio/blk.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/vm.h"
#include "devices/disk/disk.h"
#include "devices/virtio/virtio.h"

#define FEATURE_SEG_MAX	     (1ULL << 2)
#define FEATURE_RO	     (1ULL << 5)
#define FEATURE_BLK_SIZE     (1ULL << 6)
#define FEATURE_FLUSH	     (1ULL << 9)
#define FEATURE_TOPOLOGY     (1ULL << 10)
#define FEATURE_CONFIG_WCE   (1ULL << 11)
#define FEATURE_MQ	     (1ULL << 12)
#define FEATURE_DISCARD	     (1ULL << 13)
#define FEATURE_WRITE_ZEROES (1ULL << 14)

#define TYPE_IN		  0
#define TYPE_OUT	  1
#define TYPE_FLUSH	  4
#define TYPE_GET_ID	  8
#define TYPE_DISCARD	  11
#define TYPE_WRITE_ZEROES 13

#define STATUS_OK     0
#define STATUS_IOERR  1
#define STATUS_UNSUPP 2

#define WRITE_ZEROES_UNMAP 1u

/* No chain is longer (2.6), and a request of 1 MiB in single pages is to be one chain. */
#define QUEUE_SIZE 512

/* A request has a header and a status besides its data. */
#define SEGMENTS_MAX (QUEUE_SIZE - 2)

/* 2 GiB: what a length in bytes can tell for each segment. */
#define RANGE_SECTORS_MAX (1u << 22)

struct header {
	uint32_t type;
	uint32_t reserved;
	uint64_t sector;
};

struct range {
	uint64_t sector;
	uint32_t sectors;
	uint32_t flags;
};

/* 5.2.4, to the last field that is used. */
struct blk_config {
	uint64_t capacity; /* sectors */
	uint32_t size_max, seg_max;
	uint16_t cylinders;
	uint8_t heads, sectors;
	uint32_t blk_size;
	uint8_t physical_block_exp, alignment_offset;
	uint16_t min_io_size;
	uint32_t opt_io_size;
	uint8_t writeback, unused0;
	uint16_t num_queues;
	uint32_t max_discard_sectors, max_discard_seg, discard_sector_alignment;
	uint32_t max_write_zeroes_sectors, max_write_zeroes_seg;
	uint8_t write_zeroes_may_unmap, unused1[3];
};

static_assert(sizeof(struct blk_config) == 64, "the last 4 are padding");

#define CONFIG_SIZE 60

struct blk;

struct request {
	struct disk_request disk; /* first */
	struct blk *blk;
	unsigned queue;
	struct virtio_chain chain;
	struct iovec data[VIRTQUEUE_SIZE_MAX];
	struct request *next; /* that is free */
};

struct blk {
	struct virtio virtio;
	struct virtio_state state;
	struct disk *disk;
	char id[VIRTIO_BLK_ID_SIZE];
	void (*failed)(void *owner, const struct error *err);
	void *owner;
	bool durable; /* writes are, as the driver wants it now; the thread of disk_submit() alone */

	pthread_mutex_t lock;	  /* guards all below */
	int last_failure;	  /* that was reported */
	struct request *requests; /* memory that is touched when it is used */
	unsigned touched;	  /* the first of them: the rest has never been in use */
	struct request *free;
};

/* --- Requests' memory --- */

/*
 * There are as many as can be in flight, one that nothing may be taken into, and one whose chain has gone back
 * while this has not.
 */
#define REQUESTS_SPARE 2

static struct request *get_request(struct blk *blk, unsigned queue)
{
	struct request *request;

	pthread_mutex_lock(&blk->lock);
	request = blk->free;
	if (request)
		blk->free = request->next;
	else
		request = &blk->requests[blk->touched++];
	pthread_mutex_unlock(&blk->lock);
	request->blk = blk;
	request->queue = queue;
	return request;
}

static void put_request(struct request *request)
{
	struct blk *blk = request->blk;

	pthread_mutex_lock(&blk->lock);
	request->next = blk->free;
	blk->free = request;
	pthread_mutex_unlock(&blk->lock);
}

/* --- The end of a request --- */

/* The status is the last byte that the device writes. */
static void finish(struct request *request, uint8_t status)
{
	struct virtio_chain *chain = &request->chain;
	struct blk *blk = request->blk;
	/* Of what was to be read nothing may be there; the length tells of the beginning. */
	bool all = status == STATUS_OK || chain->in_len == 1;

	chain_write(chain, chain->in_len - 1, &status, 1);
	virtio_put(&blk->virtio, request->queue, chain, all ? (uint32_t)chain->in_len : 0);
	virtio_signal(&blk->virtio, request->queue);
	put_request(request);
}

static void report(struct blk *blk, const struct disk_request *request, int failure)
{
	struct error err;
	char text[80];
	bool is_new;

	pthread_mutex_lock(&blk->lock);
	is_new = blk->last_failure != failure;
	blk->last_failure = failure;
	pthread_mutex_unlock(&blk->lock);
	if (!blk->failed || !is_new)
		return;
	disk_describe(request, text, sizeof(text));
	error_set_errno(&err, failure, "disk %s: %s failed", blk->disk->name, text);
	blk->failed(blk->owner, &err);
}

static void request_done(struct disk_request *disk_request, int failure)
{
	struct request *request = (struct request *)disk_request;

	if (failure)
		report(request->blk, disk_request, failure);
	finish(request, failure ? STATUS_IOERR : STATUS_OK);
}

/* --- Its beginning --- */

/* Whole sectors, and all of them there. */
static bool is_on_disk(const struct blk *blk, uint64_t sector, uint64_t len)
{
	uint64_t sectors = blk->disk->size / DISK_SECTOR;

	return len % DISK_SECTOR == 0 && sector <= sectors && len / DISK_SECTOR <= sectors - sector;
}

static void submit(struct request *request, enum disk_operation operation, uint64_t sector,
		   uint64_t len)
{
	request->disk.operation = operation;
	request->disk.offset = sector * DISK_SECTOR;
	request->disk.len = len;
	disk_submit(request->blk->disk, &request->disk);
}

static void begin_read(struct request *request, const struct header *header)
{
	struct virtio_chain *chain = &request->chain;
	uint64_t len = chain->in_len - 1;

	if (!is_on_disk(request->blk, header->sector, len) || !len) {
		finish(request, STATUS_IOERR);
		return;
	}
	request->disk.iov_count =
		iov_slice(chain_in(chain), chain->in_count, 0, len, request->data);
	submit(request, DISK_READ, header->sector, len);
}

static void begin_write(struct request *request, const struct header *header)
{
	const struct virtio_chain *chain = &request->chain;
	uint64_t len = chain->out_len - sizeof(*header);

	if (request->blk->disk->read_only || !is_on_disk(request->blk, header->sector, len) ||
	    !len) {
		finish(request, STATUS_IOERR);
		return;
	}
	request->disk.iov_count =
		iov_slice(chain->iov, chain->out_count, sizeof(*header), len, request->data);
	submit(request, DISK_WRITE, header->sector, len);
}

static void begin_get_id(struct request *request)
{
	struct virtio_chain *chain = &request->chain;
	uint64_t room = chain->in_len - 1;

	if (room < VIRTIO_BLK_ID_SIZE) {
		finish(request, STATUS_IOERR);
		return;
	}
	chain_write(chain, 0, request->blk->id, VIRTIO_BLK_ID_SIZE);
	finish(request, STATUS_OK);
}

/* One range of sectors: discarded, or zeroed. */
static void begin_range(struct request *request, enum disk_operation operation)
{
	const struct virtio_chain *chain = &request->chain;
	struct blk *blk = request->blk;
	uint64_t len = chain->out_len - sizeof(struct header);
	uint32_t allowed = operation == DISK_ZERO ? WRITE_ZEROES_UNMAP : 0;
	struct range range;

	if (chain_read(chain, sizeof(struct header), &range, sizeof(range)) < sizeof(range) ||
	    len != sizeof(range) || range.flags & ~allowed) {
		finish(request, STATUS_UNSUPP);
		return;
	}
	len = (uint64_t)range.sectors * DISK_SECTOR;
	if (blk->disk->read_only || range.sectors > RANGE_SECTORS_MAX ||
	    !is_on_disk(blk, range.sector, len)) {
		finish(request, STATUS_IOERR);
		return;
	}
	if (!len) {
		finish(request, STATUS_OK);
		return;
	}
	request->disk.unmap = range.flags & WRITE_ZEROES_UNMAP;
	submit(request, operation, range.sector, len);
}

/* False: no header, or no room for a status. */
static bool begin(struct request *request)
{
	struct virtio_chain *chain = &request->chain;
	struct blk *blk = request->blk;
	struct header header;

	if (chain_read(chain, 0, &header, sizeof(header)) < sizeof(header) || !chain->in_len)
		return false;
	request->disk = (struct disk_request){
		.iov = request->data,
		.durable = blk->durable,
		.done = request_done,
	};
	switch (header.type) {
	case TYPE_IN: begin_read(request, &header); break;
	case TYPE_OUT: begin_write(request, &header); break;
	case TYPE_FLUSH: submit(request, DISK_FLUSH, 0, 0); break;
	case TYPE_GET_ID: begin_get_id(request); break;
	case TYPE_DISCARD: begin_range(request, DISK_DISCARD); break;
	case TYPE_WRITE_ZEROES: begin_range(request, DISK_ZERO); break;
	default: finish(request, STATUS_UNSUPP); break;
	}
	return true;
}

/* 5.2.6.2, and CONFIG_WCE's switch. */
static bool wants_durable_writes(struct blk *blk)
{
	const struct blk_config *config = (const struct blk_config *)blk->state.config;
	bool durable;

	pthread_mutex_lock(&blk->virtio.lock);
	if (blk->state.driver_features & FEATURE_CONFIG_WCE)
		durable = !config->writeback;
	else
		durable = !(blk->state.driver_features & FEATURE_FLUSH);
	pthread_mutex_unlock(&blk->virtio.lock);
	return durable;
}

static void blk_notify(struct virtio *virtio, unsigned queue)
{
	struct blk *blk = (struct blk *)virtio;
	struct request *request;

	blk->durable = wants_durable_writes(blk);
	for (;;) {
		request = get_request(blk, queue);
		if (!virtio_take(virtio, queue, &request->chain))
			break;
		if (begin(request))
			continue;
		virtio_break(virtio);
		virtio_put(virtio, queue, &request->chain, 0);
		break;
	}
	put_request(request);
}

/* --- Configuration and life --- */

static void blk_config_write(struct virtio *virtio, unsigned offset, unsigned size, uint32_t value)
{
	struct blk *blk = (struct blk *)virtio;
	struct blk_config *config = (struct blk_config *)blk->state.config;

	if (offset == offsetof(struct blk_config, writeback) && size == 1 &&
	    blk->state.driver_features & FEATURE_CONFIG_WCE)
		config->writeback = value & 1;
}

static unsigned log2_of(uint32_t power)
{
	return (unsigned)__builtin_ctz(power);
}

static void blk_reset(struct virtio *virtio)
{
	struct blk *blk = (struct blk *)virtio;
	const struct disk *disk = blk->disk;
	uint32_t alignment = disk->physical_block / DISK_SECTOR;
	const struct blk_config config = {
		.capacity = disk->size / DISK_SECTOR,
		.seg_max = SEGMENTS_MAX,
		.blk_size = disk->logical_block,
		.physical_block_exp = (uint8_t)log2_of(disk->physical_block / disk->logical_block),
		.min_io_size = (uint16_t)(disk->physical_block / disk->logical_block),
		.opt_io_size = disk->optimal_io / disk->logical_block,
		.writeback = 1,
		.num_queues = (uint16_t)virtio->queue_count,
		.max_discard_sectors = RANGE_SECTORS_MAX,
		.max_discard_seg = 1,
		.discard_sector_alignment = alignment,
		.max_write_zeroes_sectors = RANGE_SECTORS_MAX,
		.max_write_zeroes_seg = 1,
		.write_zeroes_may_unmap = 1,
	};

	memcpy(virtio->state->config, &config, CONFIG_SIZE);
}

static void free_blk(struct blk *blk)
{
	pthread_mutex_destroy(&blk->lock);
	free(blk->requests);
	free(blk);
}

/* The last request's end may not be over on the disk's own thread, which disk_close() awaits. */
static void blk_destroy(struct device *device)
{
	struct blk *blk = (struct blk *)device;

	virtio_quiesce(&blk->virtio);
	disk_close(blk->disk);
	virtio_destroy(&blk->virtio);
	free_blk(blk);
}

static const struct virtio_ops blk_ops = {
	.device = VIRTIO_DEVICE_OPS("virtio-blk", blk_destroy),
	.id = VIRTIO_ID_BLOCK,
	.notify = blk_notify,
	.reset = blk_reset,
	.config_write = blk_config_write,
};

static uint64_t features_of(const struct virtio_blk_config *config)
{
	uint64_t features = FEATURE_SEG_MAX | FEATURE_BLK_SIZE | FEATURE_FLUSH | FEATURE_TOPOLOGY |
			    FEATURE_CONFIG_WCE;

	if (config->queues > 1)
		features |= FEATURE_MQ;
	if (config->disk->read_only)
		return features | FEATURE_RO;
	if (config->disk->can_discard)
		features |= FEATURE_DISCARD;
	return features | FEATURE_WRITE_ZEROES;
}

int virtio_blk_create(struct vm *vm, const struct virtio_slot *slot,
		      const struct virtio_blk_config *config, struct error *err)
{
	struct blk *blk = calloc(1, sizeof(*blk));

	if (!blk) {
		disk_close(config->disk);
		return error_set(err, ERROR_NO_MEMORY, "no memory for a disk");
	}

	const struct virtio_setup setup = {
		.ops = &blk_ops,
		.slot = slot,
		.state = &blk->state,
		.state_size = sizeof(blk->state),
		.features = features_of(config),
		.queue_count = config->queues,
		.queue_size = QUEUE_SIZE,
		.config_size = CONFIG_SIZE,
	};

	pthread_mutex_init(&blk->lock, NULL);
	blk->disk = config->disk;
	blk->failed = config->failed;
	blk->owner = config->owner;
	blk->requests = calloc((size_t)config->queues * QUEUE_SIZE + REQUESTS_SPARE,
			       sizeof(*blk->requests));
	if (!blk->requests) {
		disk_close(blk->disk);
		free_blk(blk);
		return error_set(err, ERROR_NO_MEMORY, "no memory for a disk");
	}
	memcpy(blk->id, config->id, strnlen(config->id, sizeof(blk->id)));
	if (virtio_init(&blk->virtio, vm, &setup, err) < 0) {
		disk_close(blk->disk);
		free_blk(blk);
		return -1;
	}
	return 0;
}
