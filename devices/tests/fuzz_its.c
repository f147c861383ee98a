/*
 * Fuzz target: the ITS and LPIs. Beside its registers and garbage in its tables, there are commands:
 * what comes from outside is often one, at the end of the queue.
 */
#include "devices/its.h"

#include "devices/gicv3.h"
#include "devices/tests/fuzz.h"

#define GICD  0x08000000ULL
#define GITS  0x08080000ULL
#define GICR  0x080a0000ULL
#define FRAME 0x20000ULL

#define GITS_CTLR    (GITS + 0x00)
#define GITS_CBASER  (GITS + 0x80)
#define GITS_CWRITER (GITS + 0x88)
#define GITS_BASER   (GITS + 0x100)

/* Where the driver of start() has its tables: within what the fuzzer's writes to RAM reach. */
#define QUEUE	     (VM_RAM_BASE + 0x1000)
#define DEVICES	     (VM_RAM_BASE + 0x2000)
#define COLLECTIONS  (VM_RAM_BASE + 0x3000)
#define LPI_CONFIG   (VM_RAM_BASE + 0x10000)
#define LPI_PENDING  (VM_RAM_BASE + 0x20000)
#define QUEUE_SIZE   0x1000
#define COMMAND_SIZE 32
#define MAPD	     0x08
#define VALID	     (1ULL << 63)

static struct its *its;

static int create(struct vm *vm, struct error *err)
{
	const struct gic_layout layout = {
		.version = 3,
		.distributor = GICD,
		.redistributors = GICR,
		.its = GITS,
		.spis = 32,
	};
	struct gicv3 *gic = gicv3_create(vm, &layout, err);

	its = gic ? its_create(vm, gic, GITS, err) : NULL;
	return its ? 0 : -1;
}

static void start(struct vm *vm)
{
	const uint64_t enabled = 0xa1a1a1a1a1a1a1a1;

	fuzz_write(vm, 0, GICD, 4, 3);
	for (unsigned cpu = 0; cpu < vm->cpus; cpu++) {
		uint64_t frame = GICR + cpu * FRAME;

		fuzz_write(vm, cpu, frame + 0x14, 4, 0);
		fuzz_write(vm, cpu, frame + 0x70, 8, LPI_CONFIG | 13);
		fuzz_write(vm, cpu, frame + 0x78, 8, LPI_PENDING + 0x10000 * cpu);
		fuzz_write(vm, cpu, frame, 4, 1);
		fuzz_msr(vm, cpu, "icc_pmr_el1", 0xff);
		fuzz_msr(vm, cpu, "icc_igrpen1_el1", 1);
	}
	memory_write(&vm->memory, LPI_CONFIG, &enabled, sizeof(enabled));
	fuzz_write(vm, 0, GITS_BASER, 8, VALID | DEVICES);
	fuzz_write(vm, 0, GITS_BASER + 8, 8, VALID | COLLECTIONS);
	fuzz_write(vm, 0, GITS_CBASER, 8, VALID | QUEUE);
	fuzz_write(vm, 0, GITS_CTLR, 4, 1);
}

/*
 * IHI 0069, 5.3: what[7:0] is the command, [11:8] the DeviceID, [19:12] the EventID, [31:20] an LPI,
 * [35:32] a vCPU and [39:36] the collection; for MAPD [49:40] the place of the events' table; [43:40]
 * the vCPU that MOVALL moves to; [63] V.
 */
static void send_command(struct vm *vm, uint64_t what)
{
	const uint64_t table = VM_RAM_BASE | (what >> 40 & 0x3ff) << 8;
	const uint64_t target = (what >> 32 & 0xf) << 16 | (what >> 36 & 0xf);
	const uint64_t words[4] = {
		(what & 0xff) | (what >> 8 & 0xf) << 32,
		(what >> 12 & 0xff) | (8192 + (what >> 20 & 0xfff)) << 32,
		(what & VALID) | ((what & 0xff) == MAPD ? table : target),
		(what >> 40 & 0xf) << 16,
	};
	uint64_t at = 0;

	bus_read(&vm->bus, 0, GITS_CWRITER, 8, &at);
	at &= QUEUE_SIZE - COMMAND_SIZE;
	memory_write(&vm->memory, QUEUE + at, words, sizeof(words));
	fuzz_write(vm, 0, GITS_CWRITER, 8, (at + COMMAND_SIZE) % QUEUE_SIZE);
}

static void outside(struct vm *vm, uint64_t what)
{
	if (what & 0xe0)
		its_send(its, what >> 8 & 0xf, what >> 16 & 0xff);
	else
		send_command(vm, what);
}

const struct fuzz_target fuzz_target = {
	.cpus = 3,
	.create = create,
	.start = start,
	.outside = outside,
};
