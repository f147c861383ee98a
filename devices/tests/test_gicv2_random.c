/*
 * The GICv2 under random and hostile use: after each step of a guest without plan, the slowest
 * possible reading of the registers says what each vCPU must be interrupted by.
 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <sched.h>

#include "devices/tests/gicv2_rig.h"

#define CPUS	     3
#define INTIDS	     (32 + SPIS)
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static struct gicv2_rig rig_here, *rig = &rig_here;

static void create(void)
{
	v2_create(rig, CPUS);
}

static void destroy(void)
{
	v2_destroy(rig);
}

TestSuite(gicv2_random, .init = create, .fini = destroy, .timeout = 120);

static bool is_offered(unsigned cpu, unsigned intid)
{
	unsigned group = v2_bit(rig, cpu, intid, IGROUPR);

	return v2_bit(rig, cpu, intid, ISPENDR) && v2_bit(rig, cpu, intid, ISENABLER) &&
	       !v2_bit(rig, cpu, intid, ISACTIVER) &&
	       v2_byte(rig, cpu, intid, GICD_ITARGETSR) >> cpu & 1 &&
	       v2_gicd(rig, cpu, GICD_CTLR) >> group & 1 &&
	       v2_gicc(rig, cpu, GICC_CTLR) >> group & 1;
}

static unsigned group_priority(unsigned cpu, unsigned group, unsigned priority)
{
	unsigned point = v2_gicc(rig, cpu, GICC_BPR) + 1;

	if (group && !(v2_gicc(rig, cpu, GICC_CTLR) & CBPR))
		point = v2_gicc(rig, cpu, GICC_ABPR);
	return priority >> point << point;
}

/* Few INTIDs (four of them SGIs), so that what happens to one of them meets what happened before. */
static const unsigned intids[] = {0, 1, 7, 15, 16, 27, 30, 31, 32, 33, 63, 64, 200, 255};

static void check_cpu(unsigned cpu, unsigned step)
{
	unsigned best = SPURIOUS, priority = IDLE, group = 0, ctlr = v2_gicc(rig, cpu, GICC_CTLR);
	unsigned shown = v2_gicc(rig, cpu, GICC_HPPIR);
	bool signalled, as_fiq;

	for (unsigned i = 0; i < COUNT(intids); i++) {
		unsigned intid = intids[i];

		if (!is_offered(cpu, intid) || v2_byte(rig, cpu, intid, IPRIORITYR) >= priority)
			continue;
		best = intid;
		priority = v2_byte(rig, cpu, intid, IPRIORITYR);
		group = v2_bit(rig, cpu, intid, IGROUPR);
	}
	signalled = best != SPURIOUS && priority < v2_gicc(rig, cpu, GICC_PMR) &&
		    group_priority(cpu, group, priority) < v2_gicc(rig, cpu, GICC_RPR);
	as_fiq = !group && ctlr & FIQEN;
	cr_assert_eq(shown & 0x3ff, group && !(ctlr & ACKCTL) ? 1022 : best,
		     "step %u, vCPU %u: best is not %u", step, cpu, best);
	if (best < 16 && shown != 1022)
		cr_assert_eq(shown >> 10, __builtin_ctz(v2_byte(rig, cpu, best, GICD_SPENDSGIR)));
	cr_assert_eq(v2_irq(rig, cpu), signalled && !as_fiq, "step %u, vCPU %u: IRQ", step, cpu);
	cr_assert_eq(v2_fiq(rig, cpu), signalled && as_fiq, "step %u, vCPU %u: FIQ", step, cpu);
}

static const unsigned bit_registers[] = {ISENABLER, ISENABLER, ICENABLER, ISPENDR,
					 ICPENDR,   ISACTIVER, ICACTIVER, ICACTIVER};

static void random_interface(unsigned cpu, unsigned intid, uint64_t r)
{
	static const unsigned ends[] = {GICC_EOIR, GICC_AEOIR, GICC_EOIR, GICC_DIR};

	switch (r % 8) {
	case 0: v2_gicc_write(rig, cpu, GICC_PMR, r & 0x100 ? 0xff : r >> 16); break;
	case 1: v2_gicc_write(rig, cpu, GICC_BPR, r >> 16); break;
	case 2: v2_gicc_write(rig, cpu, GICC_ABPR, r >> 16); break;
	case 3: v2_gicc_write(rig, cpu, GICC_CTLR, r & 0x100 ? GROUPS : r >> 16); break;
	case 4: v2_gicc_write(rig, cpu, r & 0x100 ? GICC_APR0 : GICC_NSAPR0, 0); break;
	default: v2_gicc_write(rig, cpu, ends[r >> 8 & 3], intid); break;
	}
}

static void random_step(uint64_t *random)
{
	unsigned cpu = machine_random(random) % CPUS;
	unsigned intid = intids[machine_random(random) % COUNT(intids)];
	unsigned sgi = intids[intid % 4];
	uint64_t r = machine_random(random);

	switch (machine_random(random) % 16) {
	case 0: v2_group(rig, cpu, intid, r & 1); break;
	case 1: v2_byte_write(rig, cpu, intid, IPRIORITYR, r); break;
	case 2: v2_byte_write(rig, cpu, intid, GICD_ITARGETSR, r); break;
	case 3: v2_edge(rig, intid, r & 1); break;
	case 4: v2_gicd_write(rig, cpu, GICD_CTLR, r % 5 ? 3 : r >> 8); break;
	case 5: v2_byte_write(rig, cpu, sgi, GICD_SPENDSGIR, r); break;
	case 6: v2_byte_write(rig, cpu, sgi, GICD_CPENDSGIR, r); break;
	case 7: v2_gicd_write(rig, cpu, GICD_SGIR, (r & 0x03070000) | sgi); break;
	case 8: v2_gicc(rig, cpu, GICC_IAR); break;
	case 9: v2_gicc(rig, cpu, GICC_AIAR); break;
	case 10:
	case 11: v2_wire(rig, cpu, intid, r & 1); break;
	case 12:
	case 13: random_interface(cpu, intid, r); break;
	default: v2_bit_write(rig, cpu, intid, bit_registers[r % COUNT(bit_registers)]); break;
	}
}

Test(gicv2_random, signals_what_the_registers_say)
{
	uint64_t random = 0x2545f4914f6cdd1d;

	for (unsigned step = 0; step < 20000; step++) {
		random_step(&random);
		for (unsigned cpu = 0; cpu < CPUS; cpu++)
			check_cpu(cpu, step);
	}
}

/* Does it still do its work after whatever went before and a reset? */
static void check_sane(void)
{
	for (unsigned intid = 0; intid < INTIDS; intid++)
		for (unsigned cpu = 0; cpu < CPUS; cpu++)
			v2_wire(rig, cpu, intid, false);
	rig->vm->devices->ops->reset(rig->vm->devices);
	for (unsigned cpu = 0; cpu < CPUS; cpu++)
		cr_assert(!v2_irq(rig, cpu) && !v2_fiq(rig, cpu));
	v2_open(rig);
	v2_interrupt(rig, 0, 33, 0, 0x80);
	v2_wire(rig, 0, 33, true);
	cr_assert_eq(v2_gicc(rig, 0, GICC_IAR), 33);
	v2_gicc_write(rig, 0, GICC_EOIR, 33);
}

Test(gicv2_random, garbage_in_every_register_of_every_size)
{
	static const uint64_t values[] = {0, ~0ULL, 0x5555555555555555, 0x8000000080000000};

	for (unsigned v = 0; v < COUNT(values); v++)
		for (unsigned size = 1; size <= 8; size *= 2)
			for (uint64_t a = GICD; a < GICC + FRAME; a += size) {
				machine_write(rig->vm, 1, a, size, values[v]);
				machine_read(rig->vm, 1, a, size);
			}
	check_sane();
}

Test(gicv2_random, garbage_anywhere)
{
	uint64_t random = 88172645463325252ULL;

	for (unsigned i = 0; i < 300000; i++) {
		unsigned size = 1u << machine_random(&random) % 4, cpu = i % CPUS;
		/* Most of the registers are in the first page of either frame. */
		uint64_t at = machine_random(&random) % (i % 8 ? 0x1008 : FRAME) / size * size;
		uint64_t base = machine_random(&random) & 1 ? GICD : GICC;

		machine_write(rig->vm, cpu, base + at, size, machine_random(&random));
		machine_read(rig->vm, cpu, base + at, size);
		v2_wire(rig, cpu, machine_random(&random) % 300, machine_random(&random) & 1);
	}
	check_sane();
}

/* --- Threads --- */

#define ROUNDS 2000

/* Answers SGI 0 with SGI 0 to the next vCPU, so that one token runs in a circle. */
static void *pass_on(void *arg)
{
	unsigned cpu = (unsigned)(uintptr_t)arg, seen = 0;

	while (seen < ROUNDS) {
		uint32_t taken;

		if (!v2_irq(rig, cpu)) {
			sched_yield();
			continue;
		}
		taken = v2_gicc(rig, cpu, GICC_IAR);
		if (taken == SPURIOUS)
			continue;
		if (taken != 40) {
			cr_assert_eq(taken & 0x3ff, 0);
			cr_assert_eq(taken >> 10, seen || cpu ? (cpu + CPUS - 1) % CPUS : 0);
			v2_sgi(rig, cpu, 0, 1u << (cpu + 1) % CPUS);
			seen++;
		}
		v2_gicc_write(rig, cpu, GICC_EOIR, taken);
	}
	return NULL;
}

static void *disturb(void *arg)
{
	(void)arg;
	for (unsigned i = 0; i < ROUNDS; i++) {
		v2_wire(rig, 0, 40, i & 1);
		v2_byte_write(rig, 0, 40, GICD_ITARGETSR, i % 8);
		v2_gicd(rig, 0, ISPENDR + 4);
	}
	return NULL;
}

Test(gicv2_random, token_survives_threads)
{
	pthread_t threads[CPUS], other;

	v2_interrupt(rig, 0, 40, 0, 0xa0);
	v2_edge(rig, 40, true);
	v2_sgi(rig, 0, 0, 1);
	for (uintptr_t i = 0; i < CPUS; i++)
		pthread_create(&threads[i], NULL, pass_on, (void *)i);
	pthread_create(&other, NULL, disturb, NULL);
	for (unsigned i = 0; i < CPUS; i++)
		pthread_join(threads[i], NULL);
	pthread_join(other, NULL);
	cr_assert(v2_bit(rig, 0, 0, ISPENDR), "the token is back at vCPU 0");
}
