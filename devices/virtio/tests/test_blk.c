/*
 * The block device over files: requests by io_uring, by the worker thread, and at once (virtual
 * time); what is asked wrongly is answered as the specification says, and the host's file is what
 * the guest has written.
 */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "devices/disk/file.h"
#include "devices/tests/machine.h"
#include "devices/virtio/blk.h"
#include "devices/virtio/mmio.h"
#include "devices/virtio/tests/driver.h"

#define DISK_SIZE (1 << 20)
#define SECTORS	  (DISK_SIZE / 512)

#define IN	     0
#define OUT	     1
#define FLUSH	     4
#define GET_ID	     8
#define DISCARD	     11
#define WRITE_ZEROES 13

#define FEATURES_ALL (1ULL << 9 | 1ULL << 13 | 1ULL << 14)

enum way { WAY_RING, WAY_WORKER, WAY_AT_ONCE, WAYS };

static struct driver d;
static char path[] = "/tmp/god-disk-XXXXXX";
static int fd;
static char reported[256];
static unsigned reports;

static void failed(void *owner, const struct error *err)
{
	(void)owner;
	strcpy(reported, err->text);
	reports++;
}

static void create(bool read_only, enum way way, uint64_t features)
{
	const struct disk_config config = {path, read_only};
	struct virtio_blk_config blk = {.id = "serial number", .queues = 2, .failed = failed};
	struct error err = {0};

	driver_begin(&d, way == WAY_AT_ONCE);
	cr_assert_eq(disk_open(&blk.disk, d.vm, &config, &err), 0, "%s", err.text);

	struct disk_file *file = (struct disk_file *)blk.disk;

	if (way == WAY_WORKER && file->ring) {
		disk_ring_destroy(file->ring);
		file->ring = NULL;
	}
	cr_assert_eq(virtio_blk_create(d.vm, &driver_slot, &blk, &err), 0, "%s", err.text);
	driver_negotiate(&d, features);
	driver_add_queue(&d, 0, 16);
	driver_add_queue(&d, 1, 16);
	driver_go(&d);
}

static void begin(void)
{
	strcpy(path, "/tmp/god-disk-XXXXXX");
	fd = mkstemp(path);
	cr_assert_geq(fd, 0);
	cr_assert_eq(ftruncate(fd, DISK_SIZE), 0);
}

static void end(void)
{
	unlink(path);
	close(fd);
}

TestSuite(virtio_blk, .init = begin, .fini = end, .timeout = 30);

static void each_way(void (*test)(void))
{
	for (enum way way = 0; way < WAYS; way++) {
		create(false, way, FEATURES_ALL);
		test();
		driver_end(&d);
	}
}

struct answer {
	uint8_t status;
	uint32_t len;
	uint64_t data;
};

/* A request with `len` bytes of data at `data` (0: new memory), which the device writes if `in`. */
static struct answer ask(uint32_t type, uint64_t sector, const void *bytes, uint32_t len, bool in)
{
	struct answer answer = {.data = driver_alloc(&d, len + 16)};
	uint64_t header = driver_alloc(&d, 16), status = driver_alloc(&d, 1);
	struct piece pieces[4] = {{header, 16, false}};
	unsigned count = 1;
	uint16_t id;

	((uint32_t *)driver_at(&d, header))[0] = type;
	((uint64_t *)driver_at(&d, header))[1] = sector;
	*(uint8_t *)driver_at(&d, status) = 0xff;
	if (bytes)
		memcpy(driver_at(&d, answer.data), bytes, len);
	/* In two pieces, where that is possible. */
	if (len > 1)
		pieces[count++] = (struct piece){answer.data, len / 2, in};
	if (len)
		pieces[count++] = (struct piece){answer.data + len / 2, len - len / 2, in};
	pieces[count++] = (struct piece){status, 1, true};
	id = driver_offer(&d, 0, pieces, count);
	driver_notify(&d, 0);
	answer.len = driver_await(&d, 0, id);
	answer.status = *(uint8_t *)driver_at(&d, status);
	return answer;
}

static void reads_and_writes(void)
{
	uint8_t bytes[3 * 512], back[3 * 512];
	struct answer answer;

	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7 + i / 256);
	answer = ask(OUT, 5, bytes, sizeof(bytes), false);
	cr_expect_eq(answer.status, 0);
	cr_expect_eq(answer.len, 1);
	cr_expect_eq(pread(fd, back, sizeof(back), 5 * 512), sizeof(back));
	cr_expect_arr_eq(back, bytes, sizeof(bytes));
	answer = ask(IN, 5, NULL, sizeof(bytes), true);
	cr_expect_eq(answer.status, 0);
	cr_expect_eq(answer.len, sizeof(bytes) + 1);
	cr_expect_arr_eq(driver_at(&d, answer.data), bytes, sizeof(bytes));
	cr_expect_eq(ask(FLUSH, 0, NULL, 0, false).status, 0);
	cr_expect(driver_line(&d));
}

Test(virtio_blk, what_is_written_is_read)
{
	each_way(reads_and_writes);
}

static void keeps_to_its_size(void)
{
	uint8_t bytes[1024] = {1};

	cr_expect_eq(ask(IN, SECTORS - 1, NULL, 512, true).status, 0);
	cr_expect_eq(ask(IN, SECTORS - 1, NULL, 1024, true).status, 1);
	cr_expect_eq(ask(IN, SECTORS, NULL, 512, true).status, 1);
	cr_expect_eq(ask(OUT, SECTORS - 1, bytes, 1024, false).status, 1);
	cr_expect_eq(ask(OUT, UINT64_MAX / 512 + 1, bytes, 512, false).status, 1);
	cr_expect_eq(ask(OUT, UINT64_MAX, bytes, 512, false).status, 1);
	cr_expect_eq(ask(OUT, 0, bytes, 100, false).status, 1, "no whole sector");
	cr_expect_eq(ask(IN, 0, NULL, 0, true).status, 1, "nothing");
	cr_expect_eq(lseek(fd, 0, SEEK_END), DISK_SIZE);
	cr_expect_eq(reports, 0, "these are the guest's own mistakes");
}

Test(virtio_blk, nothing_happens_outside_of_the_disk)
{
	each_way(keeps_to_its_size);
}

static void identifies(void)
{
	struct answer answer = ask(GET_ID, 0, NULL, 20, true);

	cr_expect_eq(answer.status, 0);
	cr_expect_str_eq(driver_at(&d, answer.data), "serial number");
	cr_expect_eq(ask(GET_ID, 0, NULL, 19, true).status, 1);
	cr_expect_eq(ask(77, 0, NULL, 0, false).status, 2, "no such request");
}

Test(virtio_blk, tells_its_serial_number)
{
	each_way(identifies);
}

struct range {
	uint64_t sector;
	uint32_t sectors, flags;
};

static uint8_t range(uint32_t type, uint64_t sector, uint32_t sectors, uint32_t flags)
{
	const struct range range = {sector, sectors, flags};

	return ask(type, 0, &range, sizeof(range), false).status;
}

static long blocks(void)
{
	struct stat status;

	fsync(fd);
	fstat(fd, &status);
	return status.st_blocks;
}

static void discards(void)
{
	static uint8_t ones[DISK_SIZE], back[DISK_SIZE];
	long before;

	memset(ones, 1, sizeof(ones));
	cr_assert_eq(pwrite(fd, ones, sizeof(ones), 0), sizeof(ones));
	before = blocks();
	cr_expect_eq(range(DISCARD, 0, 1024, 0), 0);
	cr_expect_lt(blocks(), before);
	cr_expect_eq(range(WRITE_ZEROES, 1024, 512, 0), 0);
	cr_expect_eq(range(WRITE_ZEROES, 1537, 3, 1), 0);
	memset(ones, 0, 1536 * 512);
	memset(ones + 1537 * 512, 0, 3 * 512);
	cr_assert_eq(pread(fd, back, sizeof(back), 0), sizeof(back));
	cr_expect_arr_eq(back, ones, sizeof(ones));
	cr_expect_eq(range(DISCARD, 0, 0, 0), 0);
	cr_expect_eq(range(DISCARD, 0, 8, 1), 2, "no such flag");
	cr_expect_eq(range(WRITE_ZEROES, 0, 8, 2), 2);
	cr_expect_eq(range(DISCARD, SECTORS - 1, 2, 0), 1);
	cr_expect_eq(range(WRITE_ZEROES, UINT64_MAX, 8, 0), 1);
	cr_expect_eq(ask(DISCARD, 0, ones, 8, false).status, 2, "half a range");
	cr_expect_eq(ask(DISCARD, 0, ones, 32, false).status, 2, "two ranges");
}

Test(virtio_blk, discards_and_zeroes)
{
	each_way(discards);
}

static void many_at_once(void)
{
	struct piece pieces[3];
	uint64_t header[8], data[8], status[8];

	for (unsigned round = 0; round < 20; round++) {
		for (unsigned i = 0; i < 5; i++) {
			uint16_t queue = i & 1;

			header[i] = driver_alloc(&d, 16);
			data[i] = driver_alloc(&d, 512);
			status[i] = driver_alloc(&d, 1);
			((uint32_t *)driver_at(&d, header[i]))[0] = OUT;
			((uint64_t *)driver_at(&d, header[i]))[1] = i;
			memset(driver_at(&d, data[i]), (int)(round + i), 512);
			pieces[0] = (struct piece){header[i], 16, false};
			pieces[1] = (struct piece){data[i], 512, false};
			pieces[2] = (struct piece){status[i], 1, true};
			driver_offer(&d, queue, pieces, 3);
		}
		driver_notify(&d, 0);
		driver_notify(&d, 1);
		for (unsigned done = 0; done < 5;) {
			uint16_t id;
			uint32_t len;

			done += driver_used(&d, 0, &id, &len);
			done += driver_used(&d, 1, &id, &len);
		}
	}
	for (unsigned i = 0; i < 5; i++) {
		uint8_t byte;

		cr_expect_eq(pread(fd, &byte, 1, i * 512), 1);
		cr_expect_eq(byte, 19 + i);
	}
}

Test(virtio_blk, several_queues_and_requests_at_once)
{
	each_way(many_at_once);
}

/* A request that is none: the device stops, as 2.1.2 says. */
static void malformed(const struct piece *pieces, unsigned count)
{
	create(false, WAY_RING, FEATURES_ALL);
	driver_alloc(&d, 4096);
	driver_offer(&d, 0, pieces, count);
	driver_notify(&d, 0);
	cr_expect(driver_get(&d, VIRTIO_MMIO_STATUS) & VIRTIO_NEEDS_RESET);
	driver_end(&d);
}

Test(virtio_blk, requests_without_header_or_status)
{
	const struct piece short_header[] = {{VM_RAM_BASE, 15, false}, {VM_RAM_BASE, 1, true}};
	const struct piece no_status[] = {{VM_RAM_BASE, 16, false}, {VM_RAM_BASE, 512, false}};
	const struct piece only_status[] = {{VM_RAM_BASE, 1, true}};

	malformed(short_header, 2);
	malformed(no_status, 2);
	malformed(only_status, 1);
}

Test(virtio_blk, read_only)
{
	uint8_t bytes[512] = {1}, back[512], zeroes[512] = {0};

	create(true, WAY_RING, 1 << 9 | 1 << 5);
	driver_put(&d, VIRTIO_MMIO_DEVICE_FEATURES_SEL, 0);
	cr_expect_eq(driver_get(&d, VIRTIO_MMIO_DEVICE_FEATURES) & (1 << 5 | 1 << 13 | 1 << 14),
		     1 << 5);
	cr_expect_eq(ask(OUT, 0, bytes, 512, false).status, 1);
	cr_expect_eq(range(DISCARD, 0, 8, 0), 1);
	cr_expect_eq(range(WRITE_ZEROES, 0, 8, 0), 1);
	cr_expect_eq(ask(IN, 0, NULL, 512, true).status, 0);
	cr_expect_eq(pread(fd, back, 512, 0), 512);
	cr_expect_arr_eq(back, zeroes, 512);
	driver_end(&d);
}

Test(virtio_blk, configuration)
{
	create(false, WAY_RING, FEATURES_ALL | 1 << 11);
	cr_expect_eq(machine_read(d.vm, 0, d.base + 0x100, 8), SECTORS);
	cr_expect_eq(driver_get(&d, 0x100 + 12), 510, "seg_max");
	cr_expect_eq(driver_get(&d, 0x100 + 20), 512, "blk_size");
	cr_expect_eq(machine_read(d.vm, 0, d.base + 0x100 + 24, 1), 3, "4096-byte blocks");
	cr_expect_eq(machine_read(d.vm, 0, d.base + 0x100 + 34, 2), 2, "queues");
	cr_expect_eq(machine_read(d.vm, 0, d.base + 0x100 + 32, 1), 1, "write-back");
	machine_write(d.vm, 0, d.base + 0x100 + 32, 1, 0);
	cr_expect_eq(machine_read(d.vm, 0, d.base + 0x100 + 32, 1), 0);
	machine_write(d.vm, 0, d.base + 0x100, 4, 0);
	cr_expect_eq(driver_get(&d, 0x100), SECTORS, "the rest is read-only");
	driver_end(&d);
}

/* A host that refuses: the guest gets an I/O error, and we hear why, once. */
static void host_refuses(void)
{
	struct rlimit limit = {DISK_SIZE / 2, RLIM_INFINITY}, before;
	uint8_t bytes[512] = {1};

	reports = 0;
	getrlimit(RLIMIT_FSIZE, &before);
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	for (unsigned i = 0; i < 3; i++)
		cr_expect_eq(ask(OUT, SECTORS - 1, bytes, 512, false).status, 1);
	setrlimit(RLIMIT_FSIZE, &before);
	cr_expect_eq(reports, 1);
	cr_expect_not_null(strstr(reported, "write of 512 bytes at 0xffe00 failed: File too large"),
			   "%s", reported);
	cr_expect_eq(ask(OUT, SECTORS - 1, bytes, 512, false).status, 0, "it goes on");
}

Test(virtio_blk, the_hosts_errors_are_io_errors)
{
	each_way(host_refuses);
}

/* Somebody makes the file shorter under the guest. */
static void shrinks(void)
{
	cr_assert_eq(ftruncate(fd, 4096), 0);
	cr_expect_eq(ask(IN, 100, NULL, 512, true).status, 1);
	cr_expect_eq(ask(IN, 7, NULL, 1024, true).status, 1, "the second half is not there");
	cr_expect_eq(ask(IN, 7, NULL, 512, true).status, 0);
	cr_assert_eq(ftruncate(fd, DISK_SIZE), 0);
}

Test(virtio_blk, a_file_that_shrinks)
{
	each_way(shrinks);
}

/* --- Opening --- */

static enum error_kind refused(const char *name, bool read_only)
{
	const struct disk_config config = {name, read_only};
	struct disk *disk = NULL;
	struct error err = {0};
	struct vm *vm = machine_create(1, false);

	if (disk_open(&disk, vm, &config, &err) == 0)
		disk_close(disk);
	else
		cr_expect_not_null(strstr(err.text, name), "%s", err.text);
	vm_destroy(vm);
	return err.kind;
}

Test(virtio_blk, what_is_no_disk_is_refused)
{
	cr_expect_eq(refused("/no/such/file", false), ERROR_NO_INPUT);
	cr_expect_eq(refused("/tmp", true), ERROR_BAD_DATA);
	cr_expect_eq(refused("/tmp", false), ERROR_BAD_DATA);
	cr_expect_eq(refused("/dev/null", true), ERROR_BAD_DATA);
	cr_assert_eq(ftruncate(fd, 1000), 0);
	cr_expect_eq(refused(path, false), ERROR_BAD_DATA);
	cr_assert_eq(ftruncate(fd, 0), 0);
	cr_expect_eq(refused(path, false), ERROR_BAD_DATA);
	cr_expect_eq(refused("nbd+unix:///?socket=/no/such/socket", false), ERROR_UNAVAILABLE);
}

Test(virtio_blk, one_writer_or_many_readers)
{
	create(false, WAY_RING, FEATURES_ALL);
	cr_expect_eq(refused(path, false), ERROR_UNAVAILABLE);
	cr_expect_eq(refused(path, true), ERROR_UNAVAILABLE);
	driver_end(&d);
	create(true, WAY_RING, 1 << 9);
	cr_expect_eq(refused(path, true), ERROR_NONE);
	cr_expect_eq(refused(path, false), ERROR_UNAVAILABLE);
	driver_end(&d);
	cr_expect_eq(refused(path, false), ERROR_NONE);
}

/* The driver may go while requests are in flight. */
Test(virtio_blk, reset_in_the_middle)
{
	for (enum way way = 0; way < WAYS; way++) {
		create(false, way, FEATURES_ALL);
		for (unsigned round = 0; round < 30; round++) {
			uint64_t header = driver_alloc(&d, 16), data = driver_alloc(&d, 4096);
			uint64_t status = driver_alloc(&d, 1);
			const struct piece pieces[] = {
				{header, 16, false}, {data, 4096, true}, {status, 1, true}};

			for (unsigned i = 0; i < 5; i++)
				driver_offer(&d, 0, pieces, 3);
			driver_put(&d, VIRTIO_MMIO_QUEUE_NOTIFY, 0);
			driver_negotiate(&d, FEATURES_ALL);
			d.next_ram = VM_RAM_BASE;
			driver_add_queue(&d, 0, 16);
			driver_go(&d);
		}
		reads_and_writes();
		driver_end(&d);
	}
}
