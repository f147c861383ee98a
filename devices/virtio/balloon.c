/*
 * The balloon. Pages that the guest puts into it, or reports as free, are punched out of the memfd that
 * is its RAM: the host has them back at that moment, and gives new ones, zeroed, when somebody
 * touches the place again. All mappings of RAM stay as they are, so whoever holds a pointer
 * there (another device, a software CPU's TLB) needs not be told.
 *
 * Decoded and translated code is not told either: to the guest a punched page is one that somebody else has
 * written zeroes to, as a disk's DMA might, and it has to invalidate the instruction cache
 * before it executes what it puts there next (core/a64/code.h).
 *
 * Taking pages out of the balloon is nothing to be done here. The driver may use them before it says
 * so (no MUST_TELL_HOST), because they are punched once, while they go in.
 *
 * Statistics. The driver leaves a filled buffer with the device, which gives it back when it wants
 * new ones: here, whenever memory has moved.
 *
 * All queues are served on the vCPU's thread: the guest, which waits for the answer, pays for the host's
 * work, and the I/O loop does not wait.
 */
#include "devices/virtio/balloon.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/vm.h"
#include "devices/virtio/virtio.h"

/* 5.5.3 */
#define FEATURE_STATS	       (1ULL << 1)
#define FEATURE_DEFLATE_ON_OOM (1ULL << 2)
#define FEATURE_PAGE_POISON    (1ULL << 4)
#define FEATURE_REPORTING      (1ULL << 5)

#define QUEUE_SIZE 128
/*
 * 5.5.2 numbers five queues. The fourth, for hints of free pages, comes with a feature that is not offered here,
 * and Linux does not count queues that are not there: its reporting queue is number 3, that of a
 * driver which goes by the letter number 4. Both are served.
 */
#define QUEUES	      5
#define QUEUE_INFLATE 0
#define QUEUE_DEFLATE 1
#define QUEUE_STATS   2

/* Balloon pages are always of 4 KiB (5.5). */
#define PAGE_SHIFT 12
#define PAGE_SIZE  (1ULL << PAGE_SHIFT)

/* More pages in one buffer than any driver sends (Linux: 256): what a guest can keep its vCPU
 * from being stopped with. */
#define PAGES_MAX 4096
#define BATCH	  64

/* 5.5.6.4: what a statistic is of; the others are not looked at. */
enum { STAT_FREE = 4, STAT_TOTAL = 5, STAT_CACHES = 7 };
#define STATS_MAX 32

struct stat {
	uint16_t tag;
	uint64_t value;
} __attribute__((packed));

/* 5.5.4 */
struct balloon_config {
	uint32_t pages, actual;
	uint32_t hint_command;
	uint32_t poison;
};

struct virtio_balloon {
	struct virtio virtio;
	struct virtio_state state;
	uint32_t peak; /* of pages; virtio's lock guards it as it does configuration space */
	struct virtio_chain chains[QUEUES]; /* in work, by whoever serves the queue */
	pthread_mutex_t lock; /* guards all below; virtio's may be taken with it held */
	struct virtio_balloon_stats stats; /* but for target, actual, peak */
	bool asked;			   /* `held` is the buffer of the driver's statistics */
	struct virtio_chain held;
};

/* virtio's lock held. */
static struct balloon_config *config_of(struct virtio_balloon *balloon)
{
	return (struct balloon_config *)balloon->state.config;
}

/* --- Memory --- */

static void give_back(struct virtio_balloon *balloon, const void *bytes, uint64_t len)
{
	uint64_t returned = memory_discard(&balloon->virtio.device.vm->memory, bytes, len);

	pthread_mutex_lock(&balloon->lock);
	balloon->stats.returned += returned;
	pthread_mutex_unlock(&balloon->lock);
}

/* Neighbours that go together, whichever way they are counted. */
struct span {
	uint8_t *start, *end;
};

static void give_back_span(struct virtio_balloon *balloon, const struct span *span)
{
	if (span->start)
		give_back(balloon, span->start, (uint64_t)(span->end - span->start));
}

static bool add_page(struct virtio_balloon *balloon, struct span *span, uint32_t number)
{
	uint8_t *page = memory_at(&balloon->virtio.device.vm->memory,
				  (uint64_t)number << PAGE_SHIFT, PAGE_SIZE);

	if (!page)
		return false;
	if (page == span->end) {
		span->end += PAGE_SIZE;
	} else if (span->start && page + PAGE_SIZE == span->start) {
		span->start = page;
	} else {
		give_back_span(balloon, span);
		*span = (struct span){page, page + PAGE_SIZE};
	}
	return true;
}

/* A buffer of page numbers. False: one of them is none of RAM, or there are too many. */
static bool inflate(struct virtio_balloon *balloon, const struct virtio_chain *chain)
{
	struct span span = {0};
	uint32_t numbers[BATCH];
	uint64_t offset = 0;
	size_t count;
	bool ok = chain->out_len <= PAGES_MAX * sizeof(*numbers);

	while (ok && (count = chain_read(chain, offset, numbers, sizeof(numbers)) /
			      sizeof(*numbers)) > 0) {
		for (size_t i = 0; ok && i < count; i++)
			ok = add_page(balloon, &span, numbers[i]);
		offset += count * sizeof(*numbers);
	}
	give_back_span(balloon, &span);
	return ok;
}

/* Does the guest fill its free pages with something that is not 0? */
static bool has_poison(struct virtio_balloon *balloon)
{
	struct virtio *virtio = &balloon->virtio;
	uint32_t poison;

	pthread_mutex_lock(&virtio->lock);
	poison = config_of(balloon)->poison;
	pthread_mutex_unlock(&virtio->lock);
	return poison && virtio_has(virtio, FEATURE_PAGE_POISON);
}

/* Pieces of free memory. They may become zeroes if the guest does not rely on another filling (5.5.6.7). */
static void report(struct virtio_balloon *balloon, struct virtio_chain *chain)
{
	const struct iovec *pieces = chain_in(chain);

	if (has_poison(balloon))
		return;
	for (unsigned i = 0; i < chain->in_count; i++)
		give_back(balloon, pieces[i].iov_base, pieces[i].iov_len);
}

/* --- Statistics --- */

static void note(struct virtio_balloon_stats *stats, const struct stat *stat)
{
	switch (stat->tag) {
	case STAT_FREE: stats->free = stat->value; break;
	case STAT_TOTAL: stats->total = stat->value; break;
	case STAT_CACHES: stats->caches = stat->value; break;
	default: break;
	}
}

/* The lock is held here and below. */
static void give_stats_back(struct virtio_balloon *balloon)
{
	if (!balloon->asked)
		return;
	balloon->asked = false;
	virtio_put(&balloon->virtio, QUEUE_STATS, &balloon->held, 0);
}

static void read_stats(struct virtio_balloon *balloon)
{
	struct stat stats[STATS_MAX];
	size_t count = chain_read(&balloon->held, 0, stats, sizeof(stats)) / sizeof(*stats);

	balloon->stats.known = true;
	for (size_t i = 0; i < count; i++)
		note(&balloon->stats, &stats[i]);
}

/* There is one buffer (5.5.6.3); from a driver that gives more, the last is kept. */
static void take_stats(struct virtio_balloon *balloon)
{
	struct virtio_chain *chain = &balloon->chains[QUEUE_STATS];

	pthread_mutex_lock(&balloon->lock);
	while (virtio_take(&balloon->virtio, QUEUE_STATS, chain)) {
		give_stats_back(balloon);
		balloon->held = *chain;
		balloon->asked = true;
		read_stats(balloon);
	}
	pthread_mutex_unlock(&balloon->lock);
	virtio_signal(&balloon->virtio, QUEUE_STATS);
}

static void ask_for_stats(struct virtio_balloon *balloon)
{
	pthread_mutex_lock(&balloon->lock);
	give_stats_back(balloon);
	pthread_mutex_unlock(&balloon->lock);
	virtio_signal(&balloon->virtio, QUEUE_STATS);
}

/* --- Queues --- */

static void handle(struct virtio_balloon *balloon, unsigned queue, struct virtio_chain *chain)
{
	if (queue == QUEUE_INFLATE && !inflate(balloon, chain))
		virtio_break(&balloon->virtio);
	else if (queue > QUEUE_DEFLATE)
		report(balloon, chain);
}

static void balloon_notify(struct virtio *virtio, unsigned queue)
{
	struct virtio_balloon *balloon = (struct virtio_balloon *)virtio;
	struct virtio_chain *chain = &balloon->chains[queue];
	bool moved = false;

	if (queue == QUEUE_STATS && virtio_has(virtio, FEATURE_STATS)) {
		take_stats(balloon);
		return;
	}
	while (virtio_take(virtio, queue, chain)) {
		handle(balloon, queue, chain);
		virtio_put(virtio, queue, chain, 0);
		moved = true;
	}
	virtio_signal(virtio, queue);
	if (moved && virtio_has(virtio, FEATURE_STATS))
		ask_for_stats(balloon);
}

static void balloon_stop(struct virtio *virtio, unsigned queue)
{
	struct virtio_balloon *balloon = (struct virtio_balloon *)virtio;

	if (queue != QUEUE_STATS)
		return;
	pthread_mutex_lock(&balloon->lock);
	give_stats_back(balloon);
	pthread_mutex_unlock(&balloon->lock);
}

/* --- Configuration space --- */

static void balloon_reset(struct virtio *virtio)
{
	struct balloon_config *config = config_of((struct virtio_balloon *)virtio);

	config->actual = config->poison = 0;
}

/* The driver's are `actual` and `poison`. */
static void balloon_config_write(struct virtio *virtio, unsigned offset, unsigned size,
				 uint32_t value)
{
	struct virtio_balloon *balloon = (struct virtio_balloon *)virtio;
	struct balloon_config *config = config_of(balloon);

	if (size != sizeof(value))
		return;
	if (offset == offsetof(struct balloon_config, actual)) {
		config->actual = value;
		balloon->peak = value > balloon->peak ? value : balloon->peak;
	} else if (offset == offsetof(struct balloon_config, poison)) {
		config->poison = value;
	}
}

static int check_target(const struct vm *vm, uint64_t target, struct error *err)
{
	if (target % MEMORY_PAGE_SIZE)
		return error_set(err, ERROR_USAGE,
				 "a balloon is a multiple of 4 KiB, not %" PRIu64 " bytes", target);
	if (target >= vm->memory.size)
		return error_set(err, ERROR_USAGE,
				 "a balloon of %" PRIu64 " bytes leaves nothing of %" PRIu64,
				 target, vm->memory.size);
	return 0;
}

int virtio_balloon_set_target(struct virtio_balloon *balloon, uint64_t target, struct error *err)
{
	const uint32_t pages = (uint32_t)(target >> PAGE_SHIFT);

	if (check_target(balloon->virtio.device.vm, target, err))
		return -1;
	virtio_set_config(&balloon->virtio, offsetof(struct balloon_config, pages), &pages,
			  sizeof(pages));
	return 0;
}

void virtio_balloon_stats(struct virtio_balloon *balloon, struct virtio_balloon_stats *stats)
{
	pthread_mutex_lock(&balloon->lock);
	*stats = balloon->stats;
	pthread_mutex_unlock(&balloon->lock);
	pthread_mutex_lock(&balloon->virtio.lock);
	stats->target = (uint64_t)config_of(balloon)->pages << PAGE_SHIFT;
	stats->actual = (uint64_t)config_of(balloon)->actual << PAGE_SHIFT;
	stats->peak = (uint64_t)balloon->peak << PAGE_SHIFT;
	pthread_mutex_unlock(&balloon->virtio.lock);
}

/* --- Life --- */

static void free_balloon(struct virtio_balloon *balloon)
{
	pthread_mutex_destroy(&balloon->lock);
	free(balloon);
}

static void balloon_destroy(struct device *device)
{
	virtio_destroy((struct virtio *)device);
	free_balloon((struct virtio_balloon *)device);
}

static const struct virtio_ops balloon_ops = {
	.device = VIRTIO_DEVICE_OPS("virtio-balloon", balloon_destroy),
	.id = VIRTIO_ID_BALLOON,
	.serve_at_once = UINT32_MAX,
	.notify = balloon_notify,
	.stop = balloon_stop,
	.reset = balloon_reset,
	.config_write = balloon_config_write,
};

struct virtio_balloon *virtio_balloon_create(struct vm *vm, const struct virtio_slot *slot,
					     uint64_t target, struct error *err)
{
	struct virtio_balloon *balloon;

	if (check_target(vm, target, err))
		return NULL;
	balloon = calloc(1, sizeof(*balloon));
	if (!balloon) {
		error_set(err, ERROR_NO_MEMORY, "no memory for a balloon");
		return NULL;
	}

	const struct virtio_setup setup = {
		.ops = &balloon_ops,
		.slot = slot,
		.state = &balloon->state,
		.state_size = sizeof(balloon->state),
		.features = FEATURE_STATS | FEATURE_DEFLATE_ON_OOM | FEATURE_PAGE_POISON |
			    FEATURE_REPORTING,
		.queue_count = QUEUES,
		.queue_size = QUEUE_SIZE,
		.config_size = sizeof(struct balloon_config),
	};

	pthread_mutex_init(&balloon->lock, NULL);
	config_of(balloon)->pages = (uint32_t)(target >> PAGE_SHIFT);
	if (virtio_init(&balloon->virtio, vm, &setup, err) < 0) {
		free_balloon(balloon);
		return NULL;
	}
	return balloon;
}
