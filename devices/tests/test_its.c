/*
 * The ITS and LPIs: commands, tables in guest memory, the life of an LPI, and what a guest gets wrong
 * on purpose.
 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <string.h>

#include "devices/gicv3.h"
#include "devices/its.h"
#include "devices/tests/gic_rig.h"

#define GITS 0x08080000ULL

#define GITS_CTLR      0x000
#define GITS_TYPER     0x008
#define GITS_CBASER    0x080
#define GITS_CWRITER   0x088
#define GITS_CREADR    0x090
#define GITS_BASER(n)  (0x100 + 8 * (n))
#define GICR_PROPBASER 0x070
#define GICR_PENDBASER 0x078
#define ENABLE_LPIS    1

/* Where the guest put its tables. */
#define QUEUE	    0x40010000ULL
#define DEVICES	    0x40020000ULL
#define COLLECTIONS 0x40030000ULL
#define ITT	    0x40038000ULL /* + 256 bytes a device */
#define CONFIG	    0x40040000ULL
#define PENDING	    0x40080000ULL /* + 64 KiB a vCPU */
#define NOT_RAM	    0x09000000ULL

#define VALID	   (1ULL << 63)
#define LPI	   8192
#define QUEUE_SIZE 4096

#define CPUS 4

static struct gic_rig rig_here, *rig = &rig_here;
static struct its *its;
static uint32_t written; /* GITS_CWRITER */

/* --- Accesses --- */

static uint64_t get(uint64_t offset)
{
	return machine_read(rig->vm, 0, GITS + offset, 8);
}

static void set(uint64_t offset, uint64_t value)
{
	machine_write(rig->vm, 0, GITS + offset, 8, value);
}

static void ctlr(uint32_t value)
{
	machine_write(rig->vm, 0, GITS + GITS_CTLR, 4, value);
}

static void poke(uint64_t addr, uint64_t value)
{
	cr_assert(memory_write(&rig->vm->memory, addr, &value, 8));
}

static uint64_t peek(uint64_t addr)
{
	uint64_t value;

	cr_assert(memory_read(&rig->vm->memory, addr, &value, 8));
	return value;
}

static void config(unsigned lpi, uint8_t value)
{
	cr_assert(memory_write(&rig->vm->memory, CONFIG + lpi - LPI, &value, 1));
}

/* Write a command without telling the ITS. */
static void queue(uint64_t w0, uint64_t w1, uint64_t w2, uint64_t w3)
{
	const uint64_t words[] = {w0, w1, w2, w3};

	cr_assert(memory_write(&rig->vm->memory, QUEUE + written, words, sizeof(words)));
	written = (written + 32) % QUEUE_SIZE;
}

static void kick(void)
{
	set(GITS_CWRITER, written);
	cr_assert_eq(get(GITS_CREADR), written, "all is executed");
}

static void command(uint64_t w0, uint64_t w1, uint64_t w2, uint64_t w3)
{
	queue(w0, w1, w2, w3);
	kick();
}

static void movi(uint64_t device, uint64_t event, uint64_t collection)
{
	command(device << 32 | 0x01, event, collection, 0);
}

static void int_(uint64_t device, uint64_t event)
{
	command(device << 32 | 0x03, event, 0, 0);
}

static void clear(uint64_t device, uint64_t event)
{
	command(device << 32 | 0x04, event, 0, 0);
}

static void mapd(uint64_t device, uint64_t bits, uint64_t itt)
{
	command(device << 32 | 0x08, bits - 1, VALID | itt, 0);
}

static void mapc(uint64_t collection, uint64_t cpu)
{
	command(0x09, 0, VALID | cpu << 16 | collection, 0);
}

static void mapti(uint64_t device, uint64_t event, uint64_t lpi, uint64_t collection)
{
	command(device << 32 | 0x0a, lpi << 32 | event, collection, 0);
}

static void inv(uint64_t device, uint64_t event)
{
	command(device << 32 | 0x0c, event, 0, 0);
}

static void movall(uint64_t from, uint64_t to)
{
	command(0x0e, 0, from << 16, to << 16);
}

static void discard(uint64_t device, uint64_t event)
{
	command(device << 32 | 0x0f, event, 0, 0);
}

/* --- Set-up --- */

static void redistributor_open(unsigned cpu)
{
	uint64_t frame = GICR + cpu * 0x20000ULL;

	machine_write(rig->vm, cpu, frame + GICR_PROPBASER, 8, CONFIG | 15);
	machine_write(rig->vm, cpu, frame + GICR_PENDBASER, 8, PENDING + cpu * 0x10000);
	gicr_write(rig, cpu, GICR_CTLR, ENABLE_LPIS);
}

static void create_reset(void)
{
	const struct gic_layout layout = {
		.version = 3,
		.distributor = GICD,
		.redistributors = GICR,
		.its = GITS,
		.spis = SPIS,
	};
	struct error err = {0};
	struct gicv3 *gic;

	rig->vm = machine_create(CPUS, false);
	gic = gicv3_create(rig->vm, &layout, &err);
	cr_assert_not_null(gic, "%s", err.text);
	its = its_create(rig->vm, gic, GITS, &err);
	cr_assert_not_null(its, "%s", err.text);
	written = 0;
}

static void its_open(void)
{
	set(GITS_BASER(0), VALID | DEVICES);
	set(GITS_BASER(1), VALID | COLLECTIONS);
	set(GITS_CBASER, VALID | QUEUE);
	ctlr(1);
}

/* LPIs 8192 to 8199 are enabled; vCPU n is collection n; device 1 has 8 events. */
static void create_open(void)
{
	create_reset();
	rig_open(rig);
	for (unsigned cpu = 0; cpu < CPUS; cpu++)
		redistributor_open(cpu);
	for (unsigned lpi = 0; lpi < 8; lpi++)
		config(LPI + lpi, 0xa0 | 1);
	its_open();
	for (unsigned cpu = 0; cpu < CPUS; cpu++)
		mapc(cpu, cpu);
	mapd(1, 3, ITT + 0x100);
	for (unsigned event = 0; event < 8; event++)
		mapti(1, event, LPI + event, 0);
}

static void destroy(void)
{
	rig_destroy(rig);
}

TestSuite(its, .init = create_open, .fini = destroy, .timeout = 60);
TestSuite(its_reset, .init = create_reset, .fini = destroy);

/* --- Identification and registers --- */

Test(its_reset, says_what_it_is)
{
	uint64_t typer = get(GITS_TYPER);

	cr_assert_eq(typer & 1, 1, "physical LPIs");
	cr_assert_eq(typer >> 4 & 0xf, 7, "8 bytes an event");
	cr_assert_eq(typer >> 8 & 0x1f, 15, "EventIDs of 16 bits");
	cr_assert_eq(typer >> 13 & 0x1f, 15, "DeviceIDs of 16 bits");
	cr_assert_eq(typer >> 19 & 1, 0, "RDbase is a number");
	cr_assert_eq(machine_read(rig->vm, 0, GITS + 0xffe8, 4) >> 4, 3, "GITS_PIDR2");
	cr_assert_eq(machine_read(rig->vm, 0, GITS + GITS_CTLR, 4), 1u << 31, "quiescent");
	cr_assert_eq(get(GITS_BASER(0)), 1ULL << 56 | 7ULL << 48, "devices");
	cr_assert_eq(get(GITS_BASER(1)), 4ULL << 56 | 7ULL << 48, "collections");
	cr_assert_eq(get(GITS_BASER(2)), 0, "no other table");
	cr_assert_eq(gicd_read(rig, GICD_TYPER) >> 17 & 1, 1, "GICD_TYPER.LPIS");
	cr_assert_eq(gicd_read(rig, GICD_TYPER) >> 19 & 0x1f, 15, "INTIDs of 16 bits");
	cr_assert_eq(gicr_read(rig, 0, GICR_TYPER) & 1, 1, "GICR_TYPER.PLPIS");
}

Test(its_reset, registers_by_halves)
{
	machine_write(rig->vm, 0, GITS + GITS_BASER(0) + 4, 4, 0x80000001);
	machine_write(rig->vm, 0, GITS + GITS_BASER(0), 4, 0x23456000);
	cr_assert_eq(get(GITS_BASER(0)), 0x8107000123456000);
	cr_assert_eq(machine_read(rig->vm, 0, GITS + GITS_BASER(0) + 4, 4), 0x81070001);
}

Test(its, places_are_fixed_while_it_is_on)
{
	uint64_t before = get(GITS_BASER(0));

	set(GITS_BASER(0), 0);
	set(GITS_CBASER, 0);
	cr_assert_eq(get(GITS_BASER(0)), before);
	cr_assert_neq(get(GITS_CBASER), 0);
	machine_write(rig->vm, 0, GICR + GICR_PROPBASER, 8, 0);
	cr_assert_neq(machine_read(rig->vm, 0, GICR + GICR_PROPBASER, 8), 0);
	ctlr(0);
	set(GITS_CBASER, VALID | QUEUE);
	cr_assert_eq(get(GITS_CREADR), 0, "a new queue begins at its start");
	cr_assert_eq(get(GITS_CWRITER), 0);
}

Test(its, reset_forgets_everything)
{
	int_(1, 0);
	cr_assert(irq(rig, 0));
	for (struct device *d = rig->vm->devices; d; d = d->next)
		d->ops->reset(d);
	cr_assert_not(irq(rig, 0));
	cr_assert_eq(get(GITS_CBASER) | get(GITS_CWRITER) | get(GITS_CREADR), 0);
	cr_assert_eq(get(GITS_BASER(0)), 1ULL << 56 | 7ULL << 48);
	cr_assert_eq(gicr_read(rig, 0, GICR_CTLR), 2, "LPIs are off, and can be");
}

/* --- The life of an LPI --- */

Test(its, message_becomes_an_interrupt)
{
	its_send(its, 1, 5);
	cr_assert(irq(rig, 0));
	cr_assert_eq(rig_mrs(rig, 0, "icc_hppir1_el1"), LPI + 5);
	cr_assert_eq(acknowledge(rig, 0), LPI + 5);
	cr_assert_not(irq(rig, 0));
	cr_assert_eq(rig_mrs(rig, 0, "icc_rpr_el1"), 0xa0);
	its_send(its, 1, 5);
	cr_assert_not(irq(rig, 0), "pending again, not more urgent");
	end(rig, 0, LPI + 5);
	cr_assert_eq(rig_mrs(rig, 0, "icc_rpr_el1"), IDLE);
	cr_assert_eq(acknowledge(rig, 0), LPI + 5, "LPIs are never active");
	end(rig, 0, LPI + 5);
	cr_assert_eq(acknowledge(rig, 0), SPURIOUS);
}

Test(its, vcpu_writing_translater_is_device_0)
{
	mapd(0, 3, ITT);
	mapti(0, 2, LPI + 7, 3);
	machine_write(rig->vm, 1, GITS + ITS_TRANSLATER, 4, 2);
	cr_assert(irq(rig, 3));
	cr_assert_eq(acknowledge(rig, 3), LPI + 7);
	machine_write(rig->vm, 1, GITS + ITS_TRANSLATER, 2, 2);
	end(rig, 3, LPI + 7);
	cr_assert_eq(acknowledge(rig, 3), LPI + 7, "16 bits will do");
	end(rig, 3, LPI + 7);
	machine_write(rig->vm, 1, GITS + ITS_TRANSLATER, 8, 2);
	machine_write(rig->vm, 1, GITS + ITS_TRANSLATER, 1, 2);
	cr_assert_not(irq(rig, 3), "8 and 64 will not");
}

Test(its, priority_order_with_others)
{
	config(LPI + 1, 0x40 | 1);
	config(LPI + 2, 0x80 | 1);
	interrupt_set(rig, 0, 40, 1, 0x60);
	wire(rig, 0, 40, true);
	int_(1, 0);
	int_(1, 2);
	int_(1, 1);
	cr_assert_eq(acknowledge(rig, 0), LPI + 1);
	end(rig, 0, LPI + 1);
	cr_assert_eq(acknowledge(rig, 0), 40);
	wire(rig, 0, 40, false);
	end(rig, 0, 40);
	cr_assert_eq(acknowledge(rig, 0), LPI + 2);
	end(rig, 0, LPI + 2);
	cr_assert_eq(acknowledge(rig, 0), LPI);
}

Test(its, lpi_with_eoimode_needs_no_deactivation)
{
	rig_msr(rig, 0, "icc_ctlr_el1", 2);
	int_(1, 0);
	cr_assert_eq(acknowledge(rig, 0), LPI);
	end(rig, 0, LPI);
	rig_msr(rig, 0, "icc_dir_el1", LPI);
	cr_assert_eq(rig_mrs(rig, 0, "icc_rpr_el1"), IDLE);
}

Test(its, configuration_counts_after_inv)
{
	config(LPI, 0xa0);
	int_(1, 0);
	cr_assert_not(irq(rig, 0), "disabled");
	config(LPI, 0xa0 | 1);
	inv(1, 0);
	cr_assert(irq(rig, 0));
	config(LPI, 0xa0);
	command(0x0d, 0, 0, 0); /* INVALL of collection 0 */
	cr_assert_not(irq(rig, 0));
}

Test(its, lpis_are_group_1)
{
	int_(1, 0);
	rig_msr(rig, 0, "icc_igrpen1_el1", 0);
	cr_assert_not(irq(rig, 0) || fiq(rig, 0));
	rig_msr(rig, 0, "icc_igrpen1_el1", 1);
	cr_assert(irq(rig, 0));
	gicd_write(rig, GICD_CTLR, 1);
	cr_assert_not(irq(rig, 0));
}

/* --- Commands --- */

Test(its, clear_and_discard)
{
	int_(1, 3);
	clear(1, 3);
	cr_assert_not(irq(rig, 0));
	int_(1, 3);
	discard(1, 3);
	cr_assert_not(irq(rig, 0));
	its_send(its, 1, 3);
	cr_assert_not(irq(rig, 0), "it is not mapped any more");
	its_send(its, 1, 4);
	cr_assert(irq(rig, 0), "its neighbour is");
}

Test(its, mapi_makes_the_event_the_lpi)
{
	mapd(2, 14, 0x40060000);
	command(2ULL << 32 | 0x0b, LPI + 6, 2, 0);
	its_send(its, 2, LPI + 6);
	cr_assert_eq(acknowledge(rig, 2), LPI + 6);
}

Test(its, movi_takes_what_is_pending_along)
{
	int_(1, 0);
	int_(1, 1);
	movi(1, 0, 2);
	cr_assert_eq(acknowledge(rig, 2), LPI);
	cr_assert_eq(acknowledge(rig, 0), LPI + 1);
	end(rig, 2, LPI);
	its_send(its, 1, 0);
	cr_assert_eq(acknowledge(rig, 2), LPI);
}

Test(its, movall)
{
	int_(1, 0);
	int_(1, 7);
	movall(0, 3);
	cr_assert_not(irq(rig, 0));
	cr_assert_eq(acknowledge(rig, 3), LPI);
	end(rig, 3, LPI);
	cr_assert_eq(acknowledge(rig, 3), LPI + 7);
	its_send(its, 1, 0);
	cr_assert(irq(rig, 0), "mapped as before");
	movall(0, 0);
	cr_assert(irq(rig, 0));
}

Test(its, unmapping)
{
	command(0x09, 0, 0, 0); /* MAPC of collection 0, not valid */
	its_send(its, 1, 0);
	cr_assert_not(irq(rig, 0));
	mapc(0, 1);
	its_send(its, 1, 0);
	cr_assert(irq(rig, 1));
	command(1ULL << 32 | 0x08, 0, 0, 0); /* MAPD of device 1, not valid */
	clear(1, 0);
	cr_assert(irq(rig, 1), "unmapping clears nothing");
	its_send(its, 1, 1);
	cr_assert_eq(acknowledge(rig, 1), LPI);
	end(rig, 1, LPI);
	cr_assert_not(irq(rig, 1));
}

Test(its, queue_is_a_ring)
{
	for (unsigned i = 0; i < 3 * QUEUE_SIZE / 32; i++) {
		int_(1, i % 8);
		cr_assert_eq(acknowledge(rig, 0), LPI + i % 8);
		end(rig, 0, LPI + i % 8);
	}
	for (unsigned i = 0; i < QUEUE_SIZE / 32 - 1; i++)
		queue(1ULL << 32 | 0x03, i % 8, 0, 0);
	kick();
	cr_assert_eq(acknowledge(rig, 0), LPI, "a full ring at once");
}

Test(its, commands_wait_while_it_is_off)
{
	ctlr(0);
	queue(1ULL << 32 | 0x03, 0, 0, 0);
	set(GITS_CWRITER, written);
	its_send(its, 1, 1);
	cr_assert_not(irq(rig, 0));
	cr_assert_neq(get(GITS_CREADR), written);
	ctlr(1);
	cr_assert_eq(get(GITS_CREADR), written);
	cr_assert_eq(acknowledge(rig, 0), LPI);
	end(rig, 0, LPI);
	cr_assert_not(irq(rig, 0), "the message was lost");
}

/* --- Tables in two levels --- */

Test(its_reset, indirect_device_table)
{
	rig_open(rig);
	redistributor_open(0);
	config(LPI, 0xa1);
	its_open();
	ctlr(0);
	set(GITS_BASER(0), VALID | 1ULL << 62 | DEVICES);
	set(GITS_CBASER, VALID | QUEUE);
	poke(DEVICES + 8 * (1000 / 512), VALID | 0x40021000);
	ctlr(1);
	mapc(0, 0);
	mapd(1000, 1, ITT);
	mapti(1000, 1, LPI, 0);
	its_send(its, 1000, 1);
	cr_assert_eq(acknowledge(rig, 0), LPI);
	cr_assert_neq(peek(0x40021000 + 8 * (1000 % 512)), 0);
	mapd(3, 1, ITT); /* no page there */
	mapti(3, 1, LPI, 0);
	its_send(its, 3, 1);
	cr_assert_eq(acknowledge(rig, 0), SPURIOUS);
}

/* --- The pending table --- */

Test(its, pending_lpis_survive_in_the_table)
{
	its_send(its, 1, 2);
	its_send(its, 1, 6);
	gicr_write(rig, 0, GICR_CTLR, 0);
	cr_assert_not(irq(rig, 0));
	cr_assert_eq(peek(PENDING + LPI / 8), 1 << 2 | 1 << 6);
	its_send(its, 1, 3);
	gicr_write(rig, 0, GICR_CTLR, ENABLE_LPIS);
	cr_assert_eq(acknowledge(rig, 0), LPI + 2);
	end(rig, 0, LPI + 2);
	cr_assert_eq(acknowledge(rig, 0), LPI + 6, "what came while LPIs were off is lost");
	end(rig, 0, LPI + 6);
	cr_assert_eq(acknowledge(rig, 0), SPURIOUS);
}

Test(its, ptz_says_that_the_table_is_zero)
{
	gicr_write(rig, 0, GICR_CTLR, 0);
	poke(PENDING + LPI / 8, 0xff);
	machine_write(rig->vm, 0, GICR + GICR_PENDBASER, 8, 1ULL << 62 | PENDING);
	cr_assert_eq(machine_read(rig->vm, 0, GICR + GICR_PENDBASER, 8), PENDING);
	gicr_write(rig, 0, GICR_CTLR, ENABLE_LPIS);
	cr_assert_not(irq(rig, 0));
}

Test(its, tables_that_are_not_in_ram)
{
	gicr_write(rig, 0, GICR_CTLR, 0);
	machine_write(rig->vm, 0, GICR + GICR_PROPBASER, 8, NOT_RAM | 31);
	machine_write(rig->vm, 0, GICR + GICR_PENDBASER, 8, ~0ULL);
	gicr_write(rig, 0, GICR_CTLR, ENABLE_LPIS);
	for (unsigned event = 0; event < 8; event++)
		its_send(its, 1, event);
	cr_assert_not(irq(rig, 0), "none is enabled");
	gicr_write(rig, 0, GICR_CTLR, 0);
	cr_assert_eq(peek(PENDING + LPI / 8), 0);
}

/* --- What a guest gets wrong --- */

Test(its, wrong_operands_are_skipped)
{
	mapd(0xffffffff, 3, ITT);
	mapd(600, 3, ITT); /* beyond the table */
	mapd(2, 17, ITT);
	mapc(600, 0);
	mapc(5, CPUS);
	mapc(5, 0xffffffff);
	mapti(1, 8, LPI, 0);
	mapti(1, 0xffffffff, LPI, 0);
	movi(1, 0, 77);
	movi(9, 0, 1);
	movall(CPUS, 0);
	movall(0, 0xffffffff);
	int_(9, 0);
	int_(1, 8);
	for (unsigned number = 0; number < 256; number++)
		command(number | 0xffffff00, ~0ULL, ~0ULL, ~0ULL);
	for (unsigned cpu = 0; cpu < CPUS; cpu++)
		cr_assert_not(irq(rig, cpu));
	its_send(its, 1, 0);
	cr_assert_eq(acknowledge(rig, 0), LPI, "the ITS works on");
}

Test(its, lpis_that_there_are_not)
{
	static const uint32_t bad[] = {0, 31, 1023, 8191, 65536, 0xffffffff};

	for (unsigned i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		mapti(1, 0, bad[i], 0);
		its_send(its, 1, 0);
		cr_assert_not(irq(rig, 0), "%u", bad[i]);
		movi(1, 0, 1);
		clear(1, 0);
		discard(1, 0);
	}
	gicr_write(rig, 0, GICR_CTLR, 0);
	machine_write(rig->vm, 0, GICR + GICR_PROPBASER, 8, CONFIG | 12); /* up to 8191 */
	gicr_write(rig, 0, GICR_CTLR, ENABLE_LPIS);
	its_send(its, 1, 1);
	cr_assert_not(irq(rig, 0), "beyond GICR_PROPBASER.IDbits");
}

Test(its, tables_that_the_guest_overwrites)
{
	poke(COLLECTIONS, VALID | 0xffff);
	its_send(its, 1, 0);
	poke(COLLECTIONS, VALID);
	poke(ITT + 0x100, ~0ULL);
	its_send(its, 1, 0);
	poke(DEVICES + 8, VALID | NOT_RAM | 0x1f);
	its_send(its, 1, 0);
	poke(DEVICES + 8, VALID | NOT_RAM | 2);
	mapti(1, 0, LPI, 0);
	its_send(its, 1, 0);
	for (unsigned cpu = 0; cpu < CPUS; cpu++)
		cr_assert_not(irq(rig, cpu));
}

Test(its, queue_that_is_not_in_ram_stalls)
{
	ctlr(0);
	set(GITS_CBASER, VALID | NOT_RAM);
	ctlr(1);
	set(GITS_CWRITER, 64);
	cr_assert_eq(get(GITS_CREADR), 1, "stalled at the first command");
	set(GITS_CWRITER, 96);
	cr_assert_eq(get(GITS_CREADR), 1);
	set(GITS_CWRITER, 96 | 1);
	cr_assert_eq(get(GITS_CREADR), 1, "tried again, in vain");
	ctlr(0);
	written = 0;
	set(GITS_CBASER, VALID | QUEUE);
	ctlr(1);
	int_(1, 0);
	cr_assert(irq(rig, 0));
}

Test(its, writer_outside_the_queue_goes_nowhere)
{
	uint64_t before = get(GITS_CREADR);

	set(GITS_CWRITER, QUEUE_SIZE);
	cr_assert_eq(get(GITS_CREADR), before);
	set(GITS_CWRITER, 0xfffe0);
	cr_assert_eq(get(GITS_CREADR), before);
	int_(1, 0);
	cr_assert(irq(rig, 0));
}

static uint64_t random_value(uint64_t *random)
{
	static const uint64_t places[] = {QUEUE, DEVICES, COLLECTIONS, ITT, CONFIG, NOT_RAM, ~0ULL};
	uint64_t r = machine_random(random);

	return r % 4 ? r : VALID | (r >> 8 & 1) << 62 | places[r / 16 % 7] | (r >> 40 & 0xfff);
}

/* Registers, queue and tables full of noise: nothing but nonsense may come of it. */
Test(its, garbage)
{
	uint64_t random = 88172645463325252ULL;

	for (unsigned i = 0; i < 200000; i++) {
		uint64_t r = machine_random(&random);
		unsigned size = 1u << r % 4;

		switch (r >> 8 & 7) {
		case 0:
			machine_write(rig->vm, 0, GITS + (r >> 16) % ITS_SIZE / size * size, size,
				      random_value(&random));
			break;
		case 1: set((r >> 16) % 0x140 & ~7ULL, random_value(&random)); break;
		case 2:
			machine_write(rig->vm, 0,
				      GICR + (r >> 16) % CPUS * 0x20000 +
					      (r >> 20) % 0x100 / size * size,
				      size, random_value(&random));
			break;
		case 3: poke(QUEUE + (r >> 16) % 0x40000 / 8 * 8, random_value(&random)); break;
		case 4: its_send(its, (r >> 16) % 4, (r >> 24) % 16); break;
		case 5: set(GITS_CWRITER, r >> 16 & 0xfe0); break;
		case 6: rig_msr(rig, r >> 16 & 3, "icc_eoir1_el1", acknowledge(rig, r >> 16 & 3));
		/* fall through */
		default: ctlr(r >> 16 & 1);
		}
	}
	memset(memory_at(&rig->vm->memory, VM_RAM_BASE, VM_MEMORY_MIN), 0, VM_MEMORY_MIN);
	for (struct device *d = rig->vm->devices; d; d = d->next)
		d->ops->reset(d);
	written = 0;
	rig_open(rig);
	redistributor_open(0);
	config(LPI, 0xa1);
	its_open();
	mapc(0, 0);
	mapd(1, 1, ITT);
	mapti(1, 1, LPI, 0);
	its_send(its, 1, 1);
	cr_assert_eq(acknowledge(rig, 0), LPI, "it works still");
}

/* --- Threads --- */

#define ROUNDS 20000

static void *send(void *arg)
{
	(void)arg;
	for (unsigned i = 0; i < ROUNDS; i++)
		its_send(its, 1, i % 8);
	return NULL;
}

static void *receive(void *arg)
{
	unsigned cpu = (unsigned)(uintptr_t)arg;

	for (unsigned i = 0; i < ROUNDS; i++) {
		unsigned intid = acknowledge(rig, cpu);

		if (intid != SPURIOUS)
			end(rig, cpu, intid);
	}
	return NULL;
}

/* While messages come in and are taken, the events move from vCPU to vCPU. */
Test(its, messages_survive_moves)
{
	pthread_t threads[3];

	pthread_create(&threads[0], NULL, send, NULL);
	for (uintptr_t i = 0; i < 2; i++)
		pthread_create(&threads[1 + i], NULL, receive, (void *)i);
	for (unsigned i = 0; i < ROUNDS / 20; i++) {
		movi(1, i % 8, i / 8 % 2);
		inv(1, i % 8);
		movall(i & 1, ~i & 1);
	}
	for (unsigned i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	for (unsigned cpu = 0; cpu < 2; cpu++)
		receive((void *)(uintptr_t)cpu);
	for (unsigned event = 0; event < 8; event++) {
		movi(1, event, 2);
		its_send(its, 1, event);
		cr_assert_eq(acknowledge(rig, 2), LPI + event);
		end(rig, 2, LPI + event);
	}
	cr_assert_not(irq(rig, 0) || irq(rig, 1) || irq(rig, 2));
}
