/*
 * The GICv3 under random and hostile use.
 *
 * The controller keeps derived state so that it need not look at every interrupt after each access.
 * Here a guest without plan does everything that there is to do, and after each step the slowest
 * possible reading of the registers says what each vCPU must be interrupted by.
 */
#include <criterion/criterion.h>

#include "devices/tests/gic_rig.h"

#define CPUS	     3
#define INTIDS	     (32 + SPIS)
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static struct gic_rig rig_here, *rig = &rig_here;

static void create(void)
{
	rig_create(rig, CPUS);
}

static void destroy(void)
{
	rig_destroy(rig);
}

TestSuite(gicv3_random, .init = create, .fini = destroy, .timeout = 120);

/* Everything that a guest can ask about interrupts, read once a step. */
struct snapshot {
	uint32_t group[CPUS][INTIDS / 32], enabled[CPUS][INTIDS / 32];
	uint32_t pending[CPUS][INTIDS / 32], active[CPUS][INTIDS / 32];
	uint64_t router[INTIDS];
	uint32_t ctlr;
};

static uint32_t word_read(unsigned cpu, unsigned reg, unsigned number)
{
	return number ? gicd_read(rig, reg + 4 * number) : gicr_read(rig, cpu, 0x10000 + reg);
}

static void snapshot_take(struct snapshot *s)
{
	for (unsigned cpu = 0; cpu < CPUS; cpu++) {
		for (unsigned i = 0; i < INTIDS / 32; i++) {
			s->group[cpu][i] = word_read(cpu, IGROUPR, i);
			s->enabled[cpu][i] = word_read(cpu, ISENABLER, i);
			s->pending[cpu][i] = word_read(cpu, ISPENDR, i);
			s->active[cpu][i] = word_read(cpu, ISACTIVER, i);
		}
	}
	for (unsigned i = 32; i < INTIDS; i++)
		s->router[i] = machine_read(rig->vm, 0, GICD + GICD_IROUTER + 8 * i, 8);
	s->ctlr = gicd_read(rig, GICD_CTLR);
}

static unsigned group_priority(unsigned cpu, unsigned group, unsigned priority)
{
	unsigned point = rig_mrs(rig, cpu, group ? "icc_bpr1_el1" : "icc_bpr0_el1");

	/* With a common binary point at 7, ICC_BPR1_EL1 cannot say 8. */
	if (group && rig_mrs(rig, cpu, "icc_ctlr_el1") & 1)
		point = rig_mrs(rig, cpu, "icc_bpr0_el1") + 1;
	else if (!group)
		point++;
	return priority >> point << point;
}

static bool would_take(unsigned cpu, unsigned group, unsigned priority)
{
	return priority < rig_mrs(rig, cpu, "icc_pmr_el1") &&
	       group_priority(cpu, group, priority) < rig_mrs(rig, cpu, "icc_rpr_el1");
}

static bool hears(const struct snapshot *s, unsigned cpu, unsigned group)
{
	return !gicr_read(rig, cpu, GICR_WAKER) && s->ctlr >> group & 1 &&
	       rig_mrs(rig, cpu, group ? "icc_igrpen1_el1" : "icc_igrpen0_el1");
}

static unsigned one_of_n_target(const struct snapshot *s, unsigned group, unsigned priority)
{
	unsigned first = CPUS;

	for (unsigned cpu = 0; cpu < CPUS; cpu++) {
		if (!hears(s, cpu, group) ||
		    gicr_read(rig, cpu, GICR_CTLR) & (group ? 1u << 25 : 1u << 24))
			continue;
		if (would_take(cpu, group, priority))
			return cpu;
		if (first == CPUS)
			first = cpu;
	}
	return first;
}

static bool is_offered(const struct snapshot *s, unsigned cpu, unsigned intid)
{
	unsigned word = intid / 32, bit = intid % 32;
	unsigned group = s->group[cpu][word] >> bit & 1;

	if (!(s->pending[cpu][word] & s->enabled[cpu][word] & ~s->active[cpu][word] & 1u << bit) ||
	    !hears(s, cpu, group))
		return false;
	if (intid < 32)
		return true;
	if (s->router[intid] >> 31 & 1)
		return one_of_n_target(s, group, priority_get(rig, cpu, intid)) == cpu;
	return s->router[intid] == (rig->vm->vcpus[cpu].mpidr & 0xff);
}

static void check_cpu(const struct snapshot *s, unsigned cpu, unsigned step)
{
	unsigned best = SPURIOUS, best_priority = IDLE, group = 1;
	bool signalled;

	for (unsigned intid = 0; intid < INTIDS; intid++) {
		if (is_offered(s, cpu, intid) && priority_get(rig, cpu, intid) < best_priority) {
			best = intid;
			best_priority = priority_get(rig, cpu, intid);
		}
	}
	if (best != SPURIOUS)
		group = s->group[cpu][best / 32] >> best % 32 & 1;
	signalled = best != SPURIOUS && would_take(cpu, group, best_priority);
	cr_assert_eq(rig_mrs(rig, cpu, group ? "icc_hppir1_el1" : "icc_hppir0_el1"), best,
		     "step %u, vCPU %u: best is not %u", step, cpu, best);
	cr_assert_eq(irq(rig, cpu), signalled && group == 1, "step %u, vCPU %u: IRQ", step, cpu);
	cr_assert_eq(fiq(rig, cpu), signalled && group == 0, "step %u, vCPU %u: FIQ", step, cpu);
}

static const unsigned bit_registers[] = {ISENABLER, ISENABLER, ICENABLER, ISPENDR,
					 ICPENDR,   ISACTIVER, ICACTIVER, ICACTIVER};

static const char *const cpu_registers[] = {
	"icc_pmr_el1",	 "icc_bpr0_el1",    "icc_bpr1_el1",   "icc_ctlr_el1",  "icc_igrpen0_el1",
	"icc_eoir0_el1", "icc_eoir1_el1",   "icc_dir_el1",    "icc_sgi1r_el1", "icc_sgi0r_el1",
	"icc_ap0r0_el1", "icc_igrpen1_el1", "icc_asgi1r_el1",
};

/* Few INTIDs, so that what happens to one of them meets what happened before. */
static unsigned random_intid(uint64_t *random)
{
	static const unsigned intids[] = {0, 1, 15, 16, 27, 30, 31, 32, 33, 63, 64, 200, 255};

	return intids[machine_random(random) % COUNT(intids)];
}

static uint64_t random_route(uint64_t *random)
{
	return machine_random(random) % 3 ? machine_random(random) % (CPUS + 1) : 1ULL << 31;
}

static uint64_t random_value(const char *reg, uint64_t *random)
{
	uint64_t r = machine_random(random);

	if (!strncmp(reg, "icc_eoir", 8) || !strcmp(reg, "icc_dir_el1"))
		return random_intid(random);
	if (strstr(reg, "sgi"))
		return (r & 0xf) << 24 | (r >> 8 & 7) | (r >> 16 & 1) << 40;
	if (!strcmp(reg, "icc_pmr_el1"))
		return r & 1 ? 0xff : r >> 8;
	if (!strncmp(reg, "icc_ap", 6))
		return r % 4 ? 0 : 1u << (r >> 8) % 32;
	return r >> 8;
}

static void random_step(uint64_t *random)
{
	unsigned cpu = machine_random(random) % CPUS, intid = random_intid(random);
	uint64_t r = machine_random(random);
	const char *reg;

	switch (machine_random(random) % 16) {
	case 0: group_set(rig, cpu, intid, r & 1); break;
	case 1: priority_set(rig, cpu, intid, r); break;
	case 2:
		if (intid >= 32)
			route_set(rig, intid, random_route(random));
		break;
	case 3:
		if (intid >= 32)
			edge_set(rig, intid, r & 1);
		break;
	case 4: gicd_write(rig, GICD_CTLR, r % 5 ? 3 : r >> 8 & 3); break;
	case 5: gicr_write(rig, cpu, GICR_WAKER, r % 5 ? 0 : 2); break;
	case 6: gicr_write(rig, cpu, GICR_CTLR, r % 5 ? 0 : 3u << 24); break;
	case 7: machine_mrs(rig->vm, cpu, "icc_iar0_el1"); break;
	case 8:
	case 9: acknowledge(rig, cpu); break;
	case 10:
	case 11: wire(rig, cpu, intid, r & 1); break;
	case 12: gicd_write(rig, r & 1 ? GICD_SETSPI_NSR : GICD_CLRSPI_NSR, intid); break;
	case 13:
		reg = cpu_registers[r % COUNT(cpu_registers)];
		rig_msr(rig, cpu, reg, random_value(reg, random));
		break;
	default: bit_write(rig, cpu, intid, bit_registers[r % COUNT(bit_registers)]); break;
	}
}

Test(gicv3_random, signals_what_the_registers_say)
{
	uint64_t random = 0x2545f4914f6cdd1d;
	static struct snapshot snapshot;

	for (unsigned step = 0; step < 4000; step++) {
		random_step(&random);
		snapshot_take(&snapshot);
		for (unsigned cpu = 0; cpu < CPUS; cpu++)
			check_cpu(&snapshot, cpu, step);
	}
}

/* Does it still do its work after whatever went before and a reset? */
static void check_sane(void)
{
	for (unsigned intid = 0; intid < INTIDS; intid++)
		for (unsigned cpu = 0; cpu < CPUS; cpu++)
			wire(rig, cpu, intid, false);
	rig->vm->devices->ops->reset(rig->vm->devices);
	for (unsigned cpu = 0; cpu < CPUS; cpu++)
		cr_assert(!irq(rig, cpu) && !fiq(rig, cpu));
	rig_open(rig);
	interrupt_set(rig, 0, 33, 1, 0x80);
	wire(rig, 0, 33, true);
	cr_assert_eq(acknowledge(rig, 0), 33);
	end(rig, 0, 33);
}

Test(gicv3_random, garbage_in_every_register_of_every_size)
{
	static const uint64_t values[] = {0, ~0ULL, 0x5555555555555555, 0x8000000080000000};
	const uint64_t ends[][2] = {{GICD, GICD + 0x10000}, {GICR, GICR + CPUS * 0x20000}};

	for (unsigned v = 0; v < COUNT(values); v++)
		for (unsigned frame = 0; frame < 2; frame++)
			for (unsigned size = 1; size <= 8; size *= 2)
				for (uint64_t a = ends[frame][0]; a < ends[frame][1]; a += size) {
					machine_write(rig->vm, 1, a, size, values[v]);
					machine_read(rig->vm, 1, a, size);
				}
	check_sane();
}

Test(gicv3_random, garbage_anywhere)
{
	uint64_t random = 88172645463325252ULL;

	for (unsigned i = 0; i < 300000; i++) {
		unsigned size = 1u << machine_random(&random) % 4, cpu = i % CPUS;
		uint64_t span = 0x10000 + CPUS * 0x20000;
		uint64_t at = machine_random(&random) % span / size * size;
		const struct sysreg *reg =
			&rig->vm->sysregs.regs[machine_random(&random) % rig->vm->sysregs.count];

		at = at < 0x10000 ? GICD + at : GICR + at - 0x10000;
		machine_write(rig->vm, cpu, at, size, machine_random(&random));
		if (reg->write)
			reg->write(reg->owner, &rig->vm->vcpus[cpu], machine_random(&random));
		if (reg->read)
			reg->read(reg->owner, &rig->vm->vcpus[cpu]);
		wire(rig, cpu, machine_random(&random) % 300, machine_random(&random) & 1);
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
		unsigned intid;

		if (!irq(rig, cpu)) {
			sched_yield();
			continue;
		}
		intid = acknowledge(rig, cpu);
		if (intid == SPURIOUS)
			continue;
		cr_assert(intid == 0 || intid == 40);
		seen += intid == 0;
		if (intid == 0)
			rig_msr(rig, cpu, "icc_sgi1r_el1", 1u << (cpu + 1) % CPUS);
		end(rig, cpu, intid);
	}
	return NULL;
}

static void *disturb(void *arg)
{
	(void)arg;
	for (unsigned i = 0; i < ROUNDS; i++) {
		wire(rig, 0, 40, i & 1);
		route_set(rig, 40, i % 7 ? i % CPUS : 1ULL << 31);
		gicd_read(rig, ISPENDR + 4);
	}
	return NULL;
}

Test(gicv3_random, token_survives_threads)
{
	pthread_t threads[CPUS], other;

	for (unsigned cpu = 0; cpu < CPUS; cpu++)
		interrupt_set(rig, cpu, 0, 1, 0x80);
	interrupt_set(rig, 0, 40, 1, 0xa0);
	edge_set(rig, 40, true);
	rig_msr(rig, 0, "icc_sgi1r_el1", 1);
	for (uintptr_t i = 0; i < CPUS; i++)
		pthread_create(&threads[i], NULL, pass_on, (void *)i);
	pthread_create(&other, NULL, disturb, NULL);
	for (unsigned i = 0; i < CPUS; i++)
		pthread_join(threads[i], NULL);
	pthread_join(other, NULL);
	cr_assert(bit_read(rig, 0, 0, ISPENDR), "the token is back at vCPU 0");
}
