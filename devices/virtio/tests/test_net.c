/*
 * The network device, on a link that only remembers: frames both ways, over one buffer and several, what
 * happens without room, the control queue; and on several links, with a pair of queues each.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "devices/net/link.h"
#include "devices/tests/machine.h"
#include "devices/virtio/mmio.h"
#include "devices/virtio/net.h"
#include "devices/virtio/tests/driver.h"

#define RECEIVE	 0
#define TRANSMIT 1
#define CONTROL	 2
#define HEADER	 12
#define PAIRS	 3

#define MERGEABLE (1ULL << 15)
#define CTRL	  (1ULL << 17)
#define MQ	  (1ULL << 22)

struct fake {
	struct net_link link;
	uint8_t sent[NET_FRAME_MAX];
	size_t sent_len;
	unsigned sends;
	bool paused, enabled;
	struct net_offload offload;
};

static struct driver d;
static struct fake *fakes[PAIRS];
static struct fake *fake; /* the first, or the one that is looked at */
static const uint8_t mac[6] = {0x52, 0x54, 0, 1, 2, 3};

static void fake_send(struct net_link *link, const struct iovec *iov, unsigned count, size_t len)
{
	struct fake *f = (struct fake *)link;

	f->sent_len = 0;
	for (unsigned i = 0; i < count; i++) {
		memcpy(f->sent + f->sent_len, iov[i].iov_base, iov[i].iov_len);
		f->sent_len += iov[i].iov_len;
	}
	cr_expect_eq(f->sent_len, len);
	f->sends++;
}

static void fake_pause(struct net_link *link, bool pause)
{
	((struct fake *)link)->paused = pause;
}

static void fake_set_offload(struct net_link *link, const struct net_offload *offload)
{
	((struct fake *)link)->offload = *offload;
}

static void fake_destroy(struct net_link *link)
{
	free(link);
}

static const struct net_link_ops fake_ops = {
	.send = fake_send,
	.pause = fake_pause,
	.set_offload = fake_set_offload,
	.destroy = fake_destroy,
};

static void fake_enable(struct net_link *link, bool enable)
{
	((struct fake *)link)->enabled = enable;
}

static const struct net_link_ops fake_other_ops = {
	.send = fake_send,
	.pause = fake_pause,
	.enable = fake_enable,
	.destroy = fake_destroy,
};

static void go_with(unsigned queues, uint64_t features)
{
	driver_negotiate(&d, features);
	for (unsigned i = 0; i < queues; i++)
		driver_add_queue(&d, i, 64);
	driver_go(&d);
	driver_settle(&d);
}

static void go(uint64_t features)
{
	go_with(3, features);
}

static void begin_with(unsigned count)
{
	struct net_link *links[PAIRS];
	struct error err = {0};

	driver_begin(&d, false);
	for (unsigned i = 0; i < count; i++) {
		fakes[i] = calloc(1, sizeof(*fake));
		fakes[i]->link = (struct net_link){
			.ops = i ? &fake_other_ops : &fake_ops, .vm = d.vm, .can_offload = true};
		links[i] = &fakes[i]->link;
	}
	fake = fakes[0];
	cr_assert_eq(virtio_net_create(d.vm, &driver_slot, links, count, mac, &err), 0, "%s",
		     err.text);
}

static void begin(void)
{
	begin_with(1);
}

static void end(void)
{
	driver_end(&d);
}

TestSuite(virtio_net, .init = begin, .fini = end, .timeout = 20);

struct arrival {
	const uint8_t *frame;
	size_t len;
};

static void arrive_on_loop(void *owner)
{
	const struct arrival *arrival = owner;

	fake->link.peer.receive(fake->link.peer.owner, arrival->frame, arrival->len);
}

/* A frame of `len` bytes comes out of the link, each of them `byte`. */
static void arrive(size_t len, uint8_t byte)
{
	static uint8_t frame[NET_FRAME_MAX];
	struct arrival arrival = {frame, len + HEADER};

	memset(frame, 0, HEADER);
	memset(frame + HEADER, byte, len);
	loop_post(d.vm->loop, arrive_on_loop, &arrival);
	loop_drain(d.vm->loop);
}

static struct piece room(uint32_t len)
{
	return (struct piece){driver_alloc(&d, len), len, true};
}

static uint16_t buffers_of(struct piece piece)
{
	uint16_t buffers;

	memcpy(&buffers, driver_at(&d, piece.addr + 10), 2);
	return buffers;
}

Test(virtio_net, configuration)
{
	for (unsigned i = 0; i < 6; i++)
		cr_expect_eq(machine_read(d.vm, 0, d.base + 0x100 + i, 1), mac[i]);
	cr_expect_eq(machine_read(d.vm, 0, d.base + 0x106, 2), 1, "the link is up");
}

Test(virtio_net, transmits)
{
	const struct piece pieces[] = {{driver_alloc(&d, 16), HEADER, false},
				       {driver_alloc(&d, 64), 60, false}};
	uint16_t id;

	go(MERGEABLE);
	memset(driver_at(&d, pieces[1].addr), 7, 60);
	id = driver_offer(&d, TRANSMIT, pieces, 2);
	driver_notify(&d, TRANSMIT);
	cr_expect_eq(driver_await(&d, TRANSMIT, id), 0);
	cr_expect_eq(fake->sent_len, HEADER + 60);
	cr_expect_eq(fake->sent[HEADER], 7);
	id = driver_offer(&d, TRANSMIT, pieces, 1);
	driver_notify(&d, TRANSMIT);
	driver_await(&d, TRANSMIT, id);
	cr_expect_eq(fake->sends, 1, "a header alone is no frame");
}

Test(virtio_net, receives)
{
	const struct piece piece = room(1600);
	uint16_t id;

	go(0);
	cr_expect_not(fake->paused);
	id = driver_offer(&d, RECEIVE, &piece, 1);
	driver_notify(&d, RECEIVE);
	arrive(1500, 9);
	cr_expect_eq(driver_await(&d, RECEIVE, id), HEADER + 1500);
	cr_expect_eq(buffers_of(piece), 1);
	cr_expect_eq(*(uint8_t *)driver_at(&d, piece.addr + HEADER + 1499), 9);
	cr_expect(driver_line(&d));
}

Test(virtio_net, a_frame_over_several_buffers)
{
	struct piece pieces[4];
	uint16_t ids[4], id;
	uint32_t len;

	go(MERGEABLE);
	for (unsigned i = 0; i < 4; i++) {
		pieces[i] = room(100);
		ids[i] = driver_offer(&d, RECEIVE, &pieces[i], 1);
	}
	driver_notify(&d, RECEIVE);
	arrive(250, 5);
	cr_expect_eq(driver_await(&d, RECEIVE, ids[0]), 100);
	cr_expect_eq(driver_await(&d, RECEIVE, ids[1]), 100);
	cr_expect_eq(driver_await(&d, RECEIVE, ids[2]), 62);
	cr_expect_not(driver_used(&d, RECEIVE, &id, &len));
	cr_expect_eq(buffers_of(pieces[0]), 3);
	arrive(20, 6);
	cr_expect_eq(driver_await(&d, RECEIVE, ids[3]), 32);
}

Test(virtio_net, frames_wait_for_room)
{
	const struct piece piece = room(200);
	uint16_t id;
	uint32_t len;

	go(MERGEABLE);
	arrive(50, 1);
	cr_expect(fake->paused);
	arrive(250, 2);
	arrive(60, 3);
	id = driver_offer(&d, RECEIVE, &piece, 1);
	driver_notify(&d, RECEIVE);
	cr_expect_eq(driver_await(&d, RECEIVE, id), HEADER + 50);
	id = driver_offer(&d, RECEIVE, &piece, 1);
	driver_notify(&d, RECEIVE);
	cr_expect_not(driver_used(&d, RECEIVE, &id, &len), "kept until there is another");
	cr_expect(fake->paused);
	driver_offer(&d, RECEIVE, &piece, 1);
	driver_offer(&d, RECEIVE, &piece, 1);
	driver_notify(&d, RECEIVE);
	for (unsigned i = 0; i < 3; i++)
		cr_assert(driver_used(&d, RECEIVE, &id, &len));
	cr_expect_eq(len, HEADER + 60, "in order");
	cr_expect_not(fake->paused);
}

Test(virtio_net, without_merging_what_is_too_large_is_lost)
{
	const struct piece piece = room(100);
	uint16_t id;

	go(0);
	id = driver_offer(&d, RECEIVE, &piece, 1);
	driver_notify(&d, RECEIVE);
	arrive(200, 1);
	arrive(20, 2);
	cr_expect_eq(driver_await(&d, RECEIVE, id), HEADER + 20);
}

Test(virtio_net, the_backlog_has_an_end)
{
	go(MERGEABLE);
	for (unsigned i = 0; i < 2000; i++)
		arrive(1500, (uint8_t)i);
	cr_expect(fake->paused);
}

/* Buffers that are kept for the next frame do not keep the driver from its reset. */
Test(virtio_net, reset_gives_up_what_is_kept)
{
	const struct piece piece = room(100);
	uint16_t id;
	uint32_t len;

	go(MERGEABLE);
	driver_offer(&d, RECEIVE, &piece, 1);
	driver_notify(&d, RECEIVE);
	arrive(500, 1);
	driver_put(&d, VIRTIO_MMIO_STATUS, 0);
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_STATUS), 0);
	go(MERGEABLE);
	driver_offer(&d, RECEIVE, &piece, 1);
	driver_notify(&d, RECEIVE);
	cr_expect_not(driver_used(&d, RECEIVE, &id, &len), "old frames are not for a new driver");
	arrive(20, 2);
	cr_expect(driver_used(&d, RECEIVE, &id, &len));
}

Test(virtio_net, nobody_listens_before_the_driver)
{
	const struct piece piece = room(100);
	uint16_t id;
	uint32_t len;

	arrive(20, 1);
	go(0);
	driver_offer(&d, RECEIVE, &piece, 1);
	driver_notify(&d, RECEIVE);
	cr_expect_not(driver_used(&d, RECEIVE, &id, &len));
}

Test(virtio_net, the_link_learns_what_the_driver_takes)
{
	go(1 << 1 | 1 << 7);
	cr_expect(fake->offload.checksum);
	cr_expect(fake->offload.tso4);
	cr_expect_not(fake->offload.tso6);
	go(0);
	cr_expect_not(fake->offload.checksum);
}

static uint8_t command_by(unsigned queue, const void *bytes, uint32_t len)
{
	const struct piece pieces[] = {{driver_alloc(&d, 64), len, false}, room(1)};
	uint16_t id;

	memcpy(driver_at(&d, pieces[0].addr), bytes, len);
	*(uint8_t *)driver_at(&d, pieces[1].addr) = 0xff;
	id = driver_offer(&d, queue, pieces, 2);
	driver_notify(&d, queue);
	cr_expect_eq(driver_await(&d, queue, id), 1);
	return *(uint8_t *)driver_at(&d, pieces[1].addr);
}

static uint8_t command(const void *bytes, uint32_t len)
{
	return command_by(CONTROL, bytes, len);
}

Test(virtio_net, control)
{
	go(CTRL);
	cr_expect_eq(command("\0\0\1", 3), 0, "promiscuous");
	cr_expect_eq(command("\1\1\x52\x54\0\0\0\x42", 8), 0);
	cr_expect_eq(machine_read(d.vm, 0, d.base + 0x105, 1), 0x42);
	cr_expect_eq(command("\1\1\x52", 3), 1, "half an address");
	cr_expect_eq(command("\1", 1), 1);
	cr_expect_eq(command("\x63\0", 2), 1, "no such class");
	driver_put(&d, VIRTIO_MMIO_STATUS, 0);
	cr_expect_eq(machine_read(d.vm, 0, d.base + 0x105, 1), 3, "reset");
}

/* --- Several pairs of queues --- */

static void begin_pairs(void)
{
	begin_with(PAIRS);
}

TestSuite(virtio_net_pairs, .init = begin_pairs, .fini = end, .timeout = 20);

#define PAIRS_CONTROL (2 * PAIRS)

static void go_pairs(void)
{
	go_with(2 * PAIRS + 1, MERGEABLE | CTRL | MQ);
}

static uint8_t set_pairs(uint16_t count)
{
	const uint8_t bytes[] = {4, 0, (uint8_t)count, (uint8_t)(count >> 8)};

	return command_by(PAIRS_CONTROL, bytes, sizeof(bytes));
}

/* A frame that comes out of link `pair` is in receive queue `queue` of the driver's, or in none. */
static bool comes_to(unsigned pair)
{
	const struct piece piece = room(100);
	uint16_t id;
	uint32_t len;

	fake = fakes[pair];
	driver_offer(&d, 2 * pair, &piece, 1);
	driver_notify(&d, 2 * pair);
	arrive(20, (uint8_t)pair);
	return driver_used(&d, 2 * pair, &id, &len);
}

Test(virtio_net_pairs, the_driver_says_how_many)
{
	cr_expect_eq(machine_read(d.vm, 0, d.base + 0x108, 2), PAIRS);
	go_pairs();
	cr_expect(comes_to(0));
	cr_expect_not(comes_to(1), "it has not asked for it yet");
	cr_expect_eq(set_pairs(2), 0);
	cr_expect(fakes[1]->enabled);
	cr_expect_not(fakes[2]->enabled);
	cr_expect(comes_to(0));
	cr_expect(comes_to(1));
	cr_expect_not(comes_to(2));
	cr_expect_eq(set_pairs(3), 0);
	cr_expect(fakes[2]->enabled);
	cr_expect(comes_to(2));
	cr_expect_eq(set_pairs(1), 0);
	cr_expect_not(fakes[1]->enabled || fakes[2]->enabled);
	cr_expect(comes_to(0));
	cr_expect_not(comes_to(1));
}

Test(virtio_net_pairs, impossible_numbers_change_nothing)
{
	go_pairs();
	cr_expect_eq(set_pairs(2), 0);
	cr_expect_eq(set_pairs(0), 1);
	cr_expect_eq(set_pairs(PAIRS + 1), 1);
	cr_expect_eq(set_pairs(0x8000), 1);
	cr_expect_eq(command_by(PAIRS_CONTROL, "\4\0\1", 3), 1, "half a number");
	cr_expect(fakes[1]->enabled);
	cr_expect_not(fakes[2]->enabled);
}

Test(virtio_net_pairs, each_sends_into_its_link)
{
	const struct piece piece = {driver_alloc(&d, 64), 64, false};

	go_pairs();
	set_pairs(PAIRS);
	for (unsigned i = 0; i < PAIRS; i++) {
		driver_offer(&d, 2 * i + 1, &piece, 1);
		driver_notify(&d, 2 * i + 1);
		for (unsigned k = 0; k < PAIRS; k++)
			cr_expect_eq(fakes[k]->sends, k <= i, "link %u after queue %u", k, i);
	}
}

/* The next driver begins with one, and one that knows of one alone finds the control queue there. */
Test(virtio_net_pairs, reset_leaves_one)
{
	go_pairs();
	set_pairs(PAIRS);
	go(CTRL);
	cr_expect_not(fakes[1]->enabled || fakes[2]->enabled);
	cr_expect_eq(command("\0\0\1", 3), 0);
	cr_expect_eq(command("\4\0\2\0", 4), 1, "not negotiated");
	cr_expect_not(fakes[1]->enabled);
	go_pairs();
	cr_expect_not(fakes[1]->enabled);
	cr_expect_eq(set_pairs(2), 0);
	cr_expect(comes_to(1));
}

/* Frames that wait for buffers do not come up again when the pair is taken up again. */
Test(virtio_net_pairs, what_waits_goes_with_its_pair)
{
	const struct piece piece = room(100);
	uint16_t id;
	uint32_t len;

	go_pairs();
	set_pairs(2);
	fake = fakes[1];
	arrive(20, 1);
	cr_expect(fakes[1]->paused);
	cr_expect_not(fakes[0]->paused);
	set_pairs(1);
	set_pairs(2);
	driver_offer(&d, 2, &piece, 1);
	driver_notify(&d, 2);
	cr_expect_not(driver_used(&d, 2, &id, &len));
}
