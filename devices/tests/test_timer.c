/*
 * The generic timer, register by register. An interrupt controller that only remembers levels
 * stands in for the GIC. Virtual time makes the moments exact; host time shows that the alarm
 * rings.
 */
#include <criterion/criterion.h>
#include <stdatomic.h>
#include <time.h>

#include "devices/tests/machine.h"
#include "devices/timer.h"

#define ENABLE	1
#define IMASK	2
#define ISTATUS 4

#define VTIMER 27
#define PTIMER 30

static _Atomic uint32_t levels[VCPU_MAX]; /* a bit a PPI */
static struct vm *vm;

static void remember_level(void *owner, unsigned cpu, unsigned intid, bool level)
{
	(void)owner;
	cr_assert(intid >= 16 && intid < 32);
	if (level)
		atomic_fetch_or(&levels[cpu], 1u << intid);
	else
		atomic_fetch_and(&levels[cpu], ~(1u << intid));
}

static bool line(unsigned cpu, unsigned intid)
{
	return levels[cpu] >> intid & 1;
}

static void create(unsigned cpus, bool virtual_time)
{
	struct error err;

	for (unsigned i = 0; i < VCPU_MAX; i++)
		levels[i] = 0;
	vm = machine_create(cpus, virtual_time);
	vm->irq_chip.set_level = remember_level;
	cr_assert_eq(generic_timer_create(vm, &err), 0);
}

static void create_virtual(void)
{
	create(1, true);
}

static void create_host(void)
{
	create(4, false);
}

static void destroy(void)
{
	vm_destroy(vm);
}

static uint64_t mrs(const char *name)
{
	return machine_mrs(vm, 0, name);
}

static void msr(const char *name, uint64_t value)
{
	machine_msr(vm, 0, name, value);
}

static void advance(uint64_t counter)
{
	clock_virtual_advance(&vm->clock, counter);
}

TestSuite(timer, .init = create_virtual, .fini = destroy);
TestSuite(timer_host, .init = create_host, .fini = destroy, .timeout = 60);

Test(timer, counters_follow_the_clock)
{
	cr_assert_eq(mrs("cntfrq_el0"), 62500000);
	advance(1000);
	cr_assert_eq(mrs("cntpct_el0"), 1000);
	cr_assert_eq(mrs("cntvct_el0"), 1000);
}

Test(timer, rises_at_cval_and_not_before)
{
	msr("cntv_cval_el0", 500);
	msr("cntv_ctl_el0", ENABLE);
	advance(499);
	cr_assert_not(line(0, VTIMER));
	cr_assert_eq(mrs("cntv_ctl_el0"), ENABLE);
	advance(500);
	cr_assert(line(0, VTIMER));
	cr_assert_eq(mrs("cntv_ctl_el0"), ENABLE | ISTATUS);
	cr_assert_not(line(0, PTIMER), "the other timer is not concerned");
}

Test(timer, stays_high_until_cval_moves)
{
	msr("cntp_ctl_el0", ENABLE);
	cr_assert(line(0, PTIMER), "CVAL 0 has passed");
	advance(10000);
	cr_assert(line(0, PTIMER));
	msr("cntp_cval_el0", 10001);
	cr_assert_not(line(0, PTIMER));
	cr_assert_eq(mrs("cntp_ctl_el0"), ENABLE);
	advance(10001);
	cr_assert(line(0, PTIMER));
}

Test(timer, imask_hides_the_line_but_not_istatus)
{
	msr("cntv_cval_el0", 10);
	msr("cntv_ctl_el0", ENABLE | IMASK);
	advance(20);
	cr_assert_eq(mrs("cntv_ctl_el0"), ENABLE | IMASK | ISTATUS);
	cr_assert_not(line(0, VTIMER));
	msr("cntv_ctl_el0", ENABLE);
	cr_assert(line(0, VTIMER));
	msr("cntv_ctl_el0", ENABLE | IMASK);
	cr_assert_not(line(0, VTIMER));
}

Test(timer, disabled_has_no_istatus_and_no_line)
{
	msr("cntv_ctl_el0", ENABLE);
	cr_assert(line(0, VTIMER));
	msr("cntv_ctl_el0", 0);
	cr_assert_not(line(0, VTIMER));
	cr_assert_eq(mrs("cntv_ctl_el0"), 0);
}

Test(timer, istatus_and_reserved_bits_ignore_writes)
{
	msr("cntv_cval_el0", 1000);
	msr("cntv_ctl_el0", ~0ULL);
	cr_assert_eq(mrs("cntv_ctl_el0"), ENABLE | IMASK);
}

Test(timer, tval_is_the_signed_distance)
{
	advance(1 << 20);
	msr("cntv_tval_el0", 100);
	cr_assert_eq(mrs("cntv_cval_el0"), (1 << 20) + 100);
	advance((1 << 20) + 60);
	cr_assert_eq(mrs("cntv_tval_el0"), 40);
	advance((1 << 20) + 101);
	cr_assert_eq(mrs("cntv_tval_el0"), 0xffffffff, "32 bits, zero-extended");
	msr("cntv_tval_el0", 0xfffffff0);
	cr_assert_eq(mrs("cntv_cval_el0"), (1 << 20) + 101 - 16);
	msr("cntv_tval_el0", 0xdead00000007);
	cr_assert_eq(mrs("cntv_cval_el0"), (1 << 20) + 101 + 7, "upper bits are ignored");
}

Test(timer, negative_tval_expires_at_once)
{
	advance(5000);
	msr("cntp_ctl_el0", ENABLE | IMASK);
	msr("cntp_tval_el0", (uint32_t)-1);
	msr("cntp_ctl_el0", ENABLE);
	cr_assert(line(0, PTIMER));
}

/* The comparison is unsigned: a value below zero is far in the future. */
Test(timer, greatest_cval_never_comes)
{
	msr("cntv_cval_el0", ~0ULL);
	msr("cntv_ctl_el0", ENABLE);
	cr_assert_not(line(0, VTIMER));
	cr_assert_eq(clock_next_deadline(&vm->clock), CLOCK_NEVER);
	msr("cntv_cval_el0", ~0ULL - 1);
	advance(1ULL << 62);
	cr_assert_not(line(0, VTIMER));
	cr_assert_eq(mrs("cntv_ctl_el0"), ENABLE);
}

Test(timer, alarm_is_set_only_while_waited_for)
{
	cr_assert_eq(clock_next_deadline(&vm->clock), CLOCK_NEVER);
	msr("cntv_cval_el0", 100);
	cr_assert_eq(clock_next_deadline(&vm->clock), CLOCK_NEVER, "not enabled");
	msr("cntv_ctl_el0", ENABLE);
	cr_assert_eq(clock_next_deadline(&vm->clock), 100);
	msr("cntp_cval_el0", 50);
	msr("cntp_ctl_el0", ENABLE);
	cr_assert_eq(clock_next_deadline(&vm->clock), 50);
	msr("cntp_ctl_el0", ENABLE | IMASK);
	cr_assert_eq(clock_next_deadline(&vm->clock), 100, "masked");
	advance(100);
	cr_assert_eq(clock_next_deadline(&vm->clock), CLOCK_NEVER, "has come");
}

Test(timer, reset_stops_everything)
{
	msr("cntv_ctl_el0", ENABLE);
	msr("cntp_cval_el0", 1000);
	msr("cntp_ctl_el0", ENABLE);
	msr("cntkctl_el1", 0x3ff);
	vm->devices->ops->reset(vm->devices);
	cr_assert_not(line(0, VTIMER));
	cr_assert_eq(clock_next_deadline(&vm->clock), CLOCK_NEVER);
	cr_assert_eq(mrs("cntkctl_el1"), 0);
	cr_assert_eq(mrs("cntp_cval_el0"), 0);
}

Test(timer, el0_needs_its_bit_of_cntkctl)
{
	static const struct {
		const char *name;
		unsigned bits; /* of CNTKCTL_EL1: any of them allows the access */
		bool writable;
	} regs[] = {
		{"cntpct_el0", 1 << 0, false},	 {"cntvct_el0", 1 << 1, false},
		{"cntfrq_el0", 3, false},	 {"cntv_tval_el0", 1 << 8, true},
		{"cntv_ctl_el0", 1 << 8, true},	 {"cntv_cval_el0", 1 << 8, true},
		{"cntp_tval_el0", 1 << 9, true}, {"cntp_ctl_el0", 1 << 9, true},
		{"cntp_cval_el0", 1 << 9, true},
	};

	for (unsigned bit = 0; bit < 10; bit++) {
		msr("cntkctl_el1", 1u << bit);
		for (unsigned i = 0; i < sizeof(regs) / sizeof(*regs); i++) {
			const char *name = regs[i].name;
			enum sysreg_access el0 = regs[i].bits >> bit & 1 ? SYSREG_OK : SYSREG_TRAP;

			cr_expect_eq(machine_sysreg_access(vm, 0, name, 0, false), el0,
				     "read %s, bit %u", name, bit);
			cr_expect_eq(machine_sysreg_access(vm, 0, name, 0, true),
				     regs[i].writable ? el0 : SYSREG_UNDEFINED, "write %s, bit %u",
				     name, bit);
			cr_expect_eq(machine_sysreg_access(vm, 0, name, 1, false), SYSREG_OK);
		}
	}
	cr_assert_eq(machine_sysreg_access(vm, 0, "cntkctl_el1", 0, false), SYSREG_UNDEFINED);
	cr_assert_eq(machine_sysreg_access(vm, 0, "cntfrq_el0", 1, true), SYSREG_UNDEFINED);
}

Test(timer, cntkctl_keeps_what_exists)
{
	msr("cntkctl_el1", ~0ULL);
	cr_assert_eq(mrs("cntkctl_el1"), 0x3ff);
}

static void sleep_ms(unsigned ms)
{
	struct timespec time = {ms / 1000, ms % 1000 * 1000000L};

	nanosleep(&time, NULL);
}

static bool wait_for_line(unsigned cpu, unsigned intid)
{
	for (unsigned i = 0; i < 5000 && !line(cpu, intid); i++)
		sleep_ms(1);
	return line(cpu, intid);
}

Test(timer_host, alarm_rings_on_time)
{
	uint64_t deadline = machine_mrs(vm, 2, "cntvct_el0") + CLOCK_FREQUENCY / 50;
	bool early;

	machine_msr(vm, 2, "cntv_cval_el0", deadline);
	machine_msr(vm, 2, "cntv_ctl_el0", ENABLE);
	early = line(2, VTIMER);
	cr_assert(!early || machine_mrs(vm, 2, "cntvct_el0") >= deadline);
	cr_assert(wait_for_line(2, VTIMER));
	cr_assert_geq(machine_mrs(vm, 2, "cntvct_el0"), deadline);
	cr_assert_eq(machine_mrs(vm, 2, "cntv_ctl_el0"), ENABLE | ISTATUS);
	cr_assert_not(line(0, VTIMER), "timers are each vCPU's own");
}

Test(timer_host, masked_alarm_does_not_ring)
{
	machine_msr(vm, 1, "cntp_tval_el0", CLOCK_FREQUENCY / 200);
	machine_msr(vm, 1, "cntp_ctl_el0", ENABLE | IMASK);
	sleep_ms(20);
	cr_assert_not(line(1, PTIMER));
	cr_assert_eq(machine_mrs(vm, 1, "cntp_ctl_el0"), ENABLE | IMASK | ISTATUS);
}

Test(timer_host, power_off_silences_that_vcpus_timers)
{
	for (unsigned cpu = 0; cpu < 2; cpu++) {
		machine_msr(vm, cpu, "cntv_tval_el0", 0);
		machine_msr(vm, cpu, "cntv_ctl_el0", ENABLE);
		machine_msr(vm, cpu, "cntkctl_el1", 3);
		cr_assert(line(cpu, VTIMER));
	}
	vm->devices->ops->reset_cpu(vm->devices, 1);
	cr_assert_not(line(1, VTIMER));
	cr_assert_eq(machine_mrs(vm, 1, "cntv_ctl_el0"), 0);
	cr_assert_eq(machine_mrs(vm, 1, "cntkctl_el1"), 0);
	cr_assert(line(0, VTIMER), "the other's go on");
	cr_assert_eq(machine_mrs(vm, 0, "cntkctl_el1"), 3);
}

/* A guest that reprograms its timers as fast as it can while their alarms ring. */
static void *reprogram(void *arg)
{
	unsigned cpu = (unsigned)(uintptr_t)arg;
	uint64_t random = cpu + 1;

	for (unsigned i = 0; i < 3000; i++) {
		bool v = machine_random(&random) & 1;

		machine_msr(vm, cpu, v ? "cntv_tval_el0" : "cntp_tval_el0",
			    machine_random(&random) % 2000 - 200);
		machine_msr(vm, cpu, v ? "cntv_ctl_el0" : "cntp_ctl_el0",
			    machine_random(&random) & 3);
		machine_mrs(vm, cpu, v ? "cntv_ctl_el0" : "cntp_ctl_el0");
	}
	/* Whatever was pending: this alarm rings, and a disabled timer is silent. */
	machine_msr(vm, cpu, "cntp_ctl_el0", 0);
	machine_msr(vm, cpu, "cntv_ctl_el0", 0);
	machine_msr(vm, cpu, "cntv_tval_el0", CLOCK_FREQUENCY / 100);
	machine_msr(vm, cpu, "cntv_ctl_el0", ENABLE);
	return NULL;
}

Test(timer_host, reprogramming_loses_no_alarm)
{
	pthread_t threads[4];

	for (uintptr_t i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, reprogram, (void *)i);
	for (unsigned i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	for (unsigned i = 0; i < 4; i++) {
		cr_assert(wait_for_line(i, VTIMER), "vCPU %u", i);
		cr_assert_not(line(i, PTIMER), "vCPU %u", i);
	}
}
