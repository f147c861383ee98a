/*
 * The performance monitors; pmu.h has the idea.
 */
#include "core/a64/pmu.h"

#include "core/a64/interp.h"
#include "core/a64/work.h"
#include "core/vm.h"

#define CYCLES	 31 /* the cycle counter's bit, and its number in PMSELR_EL0 */
#define COUNTERS A64_PMU_COUNTERS
#define ALL	 (1u << CYCLES | ((1u << COUNTERS) - 1))

/* PMCR_EL0 (D19.5.9). D and X do nothing here and are RES0; LC is RES1 without AArch32. */
#define PMCR_E	     (1u << 0)
#define PMCR_P	     (1u << 1)
#define PMCR_C	     (1u << 2)
#define PMCR_DP	     (1u << 5)
#define PMCR_LC	     (1u << 6)
#define PMCR_N_SHIFT 11

/* PMEVTYPER<n>_EL0 and PMCCFILTR_EL0. */
#define TYPE_P	   (1u << 31) /* not at EL1 */
#define TYPE_U	   (1u << 30) /* not at EL0 */
#define TYPE_VALID (TYPE_P | TYPE_U | TYPE_EVENT)
#define TYPE_EVENT 0xffffu

/* PMUSERENR_EL0. */
#define USER_EN (1u << 0)
#define USER_SW (1u << 1)
#define USER_CR (1u << 2)
#define USER_ER (1u << 3)

#define NEAR  (1ULL << 24) /* see pmu.h */
#define NEVER UINT64_MAX

/* ---- Counting ---- */

static bool is_enabled(const struct a64_pmu *pmu, unsigned n)
{
	return (pmu->control & PMCR_E) && (pmu->enabled >> n & 1);
}

static bool counts_at(uint32_t type, unsigned el)
{
	return !(type & (el == 0 ? TYPE_U : TYPE_P));
}

static unsigned event_of(const struct a64_pmu *pmu, unsigned n)
{
	return pmu->type[n] & TYPE_EVENT;
}

/* Does counter n count the overflows of counter n - 1? */
static bool is_chained(const struct a64_pmu *pmu, unsigned n)
{
	return (n & 1) && n < COUNTERS && event_of(pmu, n) == A64_PMU_CHAIN && is_enabled(pmu, n);
}

static void add(struct a64_pmu *pmu, unsigned n, uint64_t count)
{
	uint64_t sum = pmu->counter[n] + count;

	pmu->counter[n] = (uint32_t)sum;
	if (!(sum >> 32))
		return;
	pmu->overflow |= 1u << n;
	if (is_chained(pmu, n + 1))
		add(pmu, n + 1, sum >> 32);
}

static void count(struct a64_pmu *pmu, enum a64_pmu_event event, unsigned el, uint64_t times)
{
	unsigned n;

	for (n = 0; n < COUNTERS; n++)
		if (event_of(pmu, n) == event && is_enabled(pmu, n) && counts_at(pmu->type[n], el))
			add(pmu, n, times);
}

/* Instructions, each a cycle. */
static void count_instructions(struct a64_pmu *pmu, unsigned el, uint64_t times)
{
	count(pmu, A64_PMU_INST_RETIRED, el, times);
	count(pmu, A64_PMU_CPU_CYCLES, el, times);
	if (!is_enabled(pmu, CYCLES) || !counts_at(pmu->cycle_filter, el))
		return;
	pmu->cycles += times;
	if (pmu->cycles < times)
		pmu->overflow |= 1u << CYCLES;
}

/* ---- What follows from it ---- */

/* Overflow interrupt: a level, low again when the guest clears the flags (D13.5.3). */
static void drive_line(struct a64_cpu *cpu)
{
	struct a64_pmu *pmu = &cpu->pmu;
	bool level = (pmu->control & PMCR_E) && (pmu->overflow & pmu->interrupts);
	const struct vm *vm = cpu->vcpu->vm;
	struct irq_line line = {&vm->irq_chip, cpu->vcpu->index, vm->pmu_intid};

	if (level == pmu->line || !vm->pmu_intid)
		return;
	pmu->line = level;
	irq_line_set(&line, level);
}

/* Does somebody want to know at once that event counter n overflows? */
static bool is_watched(const struct a64_pmu *pmu, unsigned n)
{
	return (pmu->interrupts >> n & 1) ||
	       (is_chained(pmu, n + 1) && (pmu->interrupts >> (n + 1) & 1));
}

/* Instructions until a watched counter overflows, at this EL. */
static uint64_t until_overflow(const struct a64_pmu *pmu, unsigned el)
{
	uint64_t least = NEVER;
	unsigned n;

	for (n = 0; n < COUNTERS; n++) {
		unsigned event = event_of(pmu, n);

		if (event != A64_PMU_INST_RETIRED && event != A64_PMU_CPU_CYCLES)
			continue;
		if (is_enabled(pmu, n) && is_watched(pmu, n) && counts_at(pmu->type[n], el) &&
		    (1ULL << 32) - pmu->counter[n] < least)
			least = (1ULL << 32) - pmu->counter[n];
	}
	/* - cycles is 2^64 - cycles, or 0 for all of 2^64. */
	if (is_enabled(pmu, CYCLES) && (pmu->interrupts >> CYCLES & 1) &&
	    counts_at(pmu->cycle_filter, el) && -pmu->cycles - 1 < least)
		least = -pmu->cycles;
	return least;
}

static bool is_detailed(unsigned event)
{
	switch (event) {
	case A64_PMU_LD_RETIRED:
	case A64_PMU_ST_RETIRED:
	case A64_PMU_PC_WRITE_RETIRED:
	case A64_PMU_BR_IMMED_RETIRED:
	case A64_PMU_BR_RETURN_RETIRED:
	case A64_PMU_MEM_ACCESS:
	case A64_PMU_BR_RETIRED: return true;
	default: return false;
	}
}

static bool any_detailed(const struct a64_pmu *pmu)
{
	unsigned n;

	for (n = 0; n < COUNTERS; n++)
		if (is_enabled(pmu, n) && is_detailed(event_of(pmu, n)))
			return true;
	return false;
}

/*
 * An overflow is `left` instructions away: have a look before it is near. With virtual time a tick is an
 * instruction; otherwise no host executes more than 8 in a nanosecond, 128 in a tick.
 */
static void look_later(struct a64_cpu *cpu, uint64_t left)
{
	struct clock *clock = &cpu->vcpu->vm->clock;
	uint64_t ticks = clock->mode == CLOCK_VIRTUAL ? left - NEAR / 2 : left / 128;
	uint64_t now = clock_counter(clock);

	if (ticks > CLOCK_FREQUENCY)
		ticks = CLOCK_FREQUENCY;
	/* What is armed already comes early enough, unless it is later than this. */
	if (now < cpu->pmu.look_at && cpu->pmu.look_at <= now + ticks)
		return;
	cpu->pmu.look_at = now + ticks;
	clock_timer_arm(clock, &cpu->pmu.look, cpu->pmu.look_at);
}

static void look_expire(void *owner)
{
	a64_attention(owner, A64_ATTENTION_STATE);
}

/* After any change: what the run loop has to mind. At `el` from here on. */
static void update(struct a64_cpu *cpu, unsigned el)
{
	struct a64_pmu *pmu = &cpu->pmu;
	bool looked = a64_pmu_looks(cpu);
	uint64_t left;

	drive_line(cpu);
	pmu->counting = (pmu->control & PMCR_E) && pmu->enabled;
	pmu->detailed = any_detailed(pmu);
	left = until_overflow(pmu, el);
	pmu->limit = left < NEAR ? pmu->base + left : NEVER;
	if (left >= NEAR && left != NEVER)
		look_later(cpu, left);
	if (looked != a64_pmu_looks(cpu) || pmu->limit != NEVER)
		a64_attention(cpu, A64_ATTENTION_STATE);
}

static void catch_up(struct a64_cpu *cpu)
{
	struct a64_pmu *pmu = &cpu->pmu;
	uint64_t delta = cpu->instructions - pmu->base;

	pmu->base = cpu->instructions;
	if (pmu->counting)
		count_instructions(pmu, cpu->el, delta);
}

void a64_pmu_sync(struct a64_cpu *cpu)
{
	catch_up(cpu);
	update(cpu, cpu->el);
}

void a64_pmu_approach(struct a64_cpu *cpu)
{
	if (cpu->instructions >= cpu->pmu.limit)
		a64_pmu_sync(cpu);
	else
		a64_attention(cpu, A64_ATTENTION_STATE);
}

void a64_pmu_change_el(struct a64_cpu *cpu, unsigned el)
{
	catch_up(cpu);
	update(cpu, el);
}

void a64_pmu_count_slow(struct a64_cpu *cpu, enum a64_pmu_event event)
{
	catch_up(cpu);
	count(&cpu->pmu, event, cpu->el, 1);
	update(cpu, cpu->el);
}

/* ---- One instruction after the other ---- */

/* Branches (C4.1.94), without exception return. */
static bool is_immediate_branch(uint32_t word)
{
	return (word & 0x7c000000) == 0x14000000 || (word & 0xff000010) == 0x54000000 ||
	       (word & 0x7c000000) == 0x34000000;
}

static bool is_register_branch(uint32_t word)
{
	return (word & 0xff9f0000) == 0xd61f0000;
}

/* Loads and stores (C4.1.95): 1 for a load, 2 for a store, 3 for both, 0 for what is neither. */
#define LOADS  1u
#define STORES 2u

static unsigned loads_or_stores(uint32_t word)
{
	bool load = word >> 22 & 1, vector = word >> 26 & 1;

	if ((word & 0x0a000000) != 0x08000000)
		return 0;
	switch (word >> 28 & 3) {
	case 0: /* exclusive, ordered, compare and swap, AdvSIMD structures */
		if (!vector && (word & 0x00200000) && ((word & 0x00800000) || !(word & 0x80000000)))
			return LOADS | STORES;
		return load ? LOADS : STORES;
	case 1: /* literal; PRFM is no load */ return !vector && word >> 30 == 3 ? 0 : LOADS;
	case 2: return load ? LOADS : STORES; /* pairs */
	default: break;
	}
	if (vector)
		return load ? LOADS : STORES;
	if ((word & 0x01200c00) == 0x00200000) /* atomics, and LDAPR among them */
		return (word & 0x0000f000) == 0x0000c000 ? LOADS : LOADS | STORES;
	switch (word >> 22 & 3) {
	case 0: return STORES;
	case 2: return word >> 30 == 3 ? 0 : LOADS; /* PRFM */
	default: return LOADS;
	}
}

void a64_pmu_retired_slow(struct a64_cpu *cpu)
{
	struct a64_pmu *pmu = &cpu->pmu;
	uint32_t word = cpu->step_word;
	unsigned el = cpu->step_el, memory = loads_or_stores(word);
	bool immediate = is_immediate_branch(word), branch = immediate || is_register_branch(word);

	if (memory & LOADS)
		count(pmu, A64_PMU_LD_RETIRED, el, 1);
	if (memory & STORES)
		count(pmu, A64_PMU_ST_RETIRED, el, 1);
	count(pmu, A64_PMU_MEM_ACCESS, el, (memory & 1) + (memory >> 1));
	if (branch)
		count(pmu, A64_PMU_BR_RETIRED, el, 1);
	if (branch && cpu->pc != cpu->step_pc + 4)
		count(pmu, A64_PMU_PC_WRITE_RETIRED, el, 1);
	if (immediate)
		count(pmu, A64_PMU_BR_IMMED_RETIRED, el, 1);
	if ((word & 0xfffffc1f) == 0xd65f0000)
		count(pmu, A64_PMU_BR_RETURN_RETIRED, el, 1);
	if (pmu->overflow & pmu->interrupts)
		drive_line(cpu);
}

/* ---- Registers ---- */

#define READER(name, expression)                                    \
	static uint64_t read_##name(void *owner, struct vcpu *vcpu) \
	{                                                           \
		struct a64_cpu *cpu = a64_cpu_of(vcpu);             \
		struct a64_pmu *pmu = &cpu->pmu;                    \
                                                                    \
		(void)owner;                                        \
		(void)pmu;                                          \
		a64_pmu_sync(cpu);                                  \
		return (expression);                                \
	}

#define WRITER(name, statement)                                                  \
	static void write_##name(void *owner, struct vcpu *vcpu, uint64_t value) \
	{                                                                        \
		struct a64_cpu *cpu = a64_cpu_of(vcpu);                          \
		struct a64_pmu *pmu = &cpu->pmu;                                 \
                                                                                 \
		(void)owner;                                                     \
		catch_up(cpu);                                                   \
		statement;                                                       \
		update(cpu, cpu->el);                                            \
	}

static void set_control(struct a64_pmu *pmu, uint64_t value)
{
	unsigned n;

	if (value & PMCR_C)
		pmu->cycles = 0;
	for (n = 0; (value & PMCR_P) && n < COUNTERS; n++)
		pmu->counter[n] = 0;
	pmu->control = (uint32_t)value & (PMCR_E | PMCR_DP);
}

READER(pmcr, pmu->control | PMCR_LC | COUNTERS << PMCR_N_SHIFT)
WRITER(pmcr, set_control(pmu, value))
READER(enabled, pmu->enabled)
WRITER(enable, pmu->enabled |= value & ALL)
WRITER(disable, pmu->enabled &= (uint32_t)~value)
READER(interrupts, pmu->interrupts)
WRITER(interrupts_set, pmu->interrupts |= value & ALL)
WRITER(interrupts_clear, pmu->interrupts &= (uint32_t)~value)
READER(overflow, pmu->overflow)
WRITER(overflow_set, pmu->overflow |= value & ALL)
WRITER(overflow_clear, pmu->overflow &= (uint32_t)~value)
READER(select, pmu->select)
WRITER(select, pmu->select = value & 31)
READER(user, pmu->user)
WRITER(user, pmu->user = value & (USER_EN | USER_SW | USER_CR | USER_ER))
READER(cycles, pmu->cycles)
WRITER(cycles, pmu->cycles = value)

static void software_increment(struct a64_pmu *pmu, unsigned el, uint64_t which)
{
	unsigned n;

	for (n = 0; n < COUNTERS; n++)
		if ((which >> n & 1) && event_of(pmu, n) == A64_PMU_SW_INCR && is_enabled(pmu, n) &&
		    counts_at(pmu->type[n], el))
			add(pmu, n, 1);
}

WRITER(software_increment, software_increment(pmu, cpu->el, value))

/* Which of the common events there are. */
#define HAS(event) (1ULL << ((event) & 31))

READER(events_low, HAS(A64_PMU_SW_INCR) | HAS(A64_PMU_LD_RETIRED) | HAS(A64_PMU_ST_RETIRED) |
			   HAS(A64_PMU_INST_RETIRED) | HAS(A64_PMU_EXC_TAKEN) |
			   HAS(A64_PMU_EXC_RETURN) | HAS(A64_PMU_CID_WRITE_RETIRED) |
			   HAS(A64_PMU_PC_WRITE_RETIRED) | HAS(A64_PMU_BR_IMMED_RETIRED) |
			   HAS(A64_PMU_BR_RETURN_RETIRED) | HAS(A64_PMU_CPU_CYCLES) |
			   HAS(A64_PMU_MEM_ACCESS) | HAS(A64_PMU_TTBR_WRITE_RETIRED) |
			   HAS(A64_PMU_CHAIN))
READER(events_high,
       HAS(A64_PMU_BR_RETIRED) | HAS(A64_PMU_STALL_FRONTEND) | HAS(A64_PMU_STALL_BACKEND))

/* Counter n, or the cycle counter's filter; what does not exist reads as zero. */
static uint32_t type_get(const struct a64_pmu *pmu, unsigned n)
{
	return n == CYCLES ? pmu->cycle_filter : n < COUNTERS ? pmu->type[n] : 0;
}

static void type_set(struct a64_pmu *pmu, unsigned n, uint64_t value)
{
	if (n == CYCLES)
		pmu->cycle_filter = (uint32_t)value & (TYPE_P | TYPE_U);
	else if (n < COUNTERS)
		pmu->type[n] = (uint32_t)value & TYPE_VALID;
}

static uint32_t counter_get(const struct a64_pmu *pmu, unsigned n)
{
	return n < COUNTERS ? pmu->counter[n] : 0;
}

static void counter_set(struct a64_pmu *pmu, unsigned n, uint64_t value)
{
	if (n < COUNTERS)
		pmu->counter[n] = (uint32_t)value;
}

/* The number of a register PMEV...<n>_EL0 is its entry's owner; all others have none. */
static const uint8_t numbers[COUNTERS] = {0, 1, 2, 3, 4, 5};

static unsigned number(const void *owner)
{
	return *(const uint8_t *)owner;
}

READER(type, type_get(pmu, number(owner)))
WRITER(type, type_set(pmu, number(owner), value))
READER(counter, counter_get(pmu, number(owner)))
WRITER(counter, counter_set(pmu, number(owner), value))
READER(selected_type, type_get(pmu, pmu->select))
WRITER(selected_type, type_set(pmu, pmu->select, value))
READER(selected_counter, counter_get(pmu, pmu->select))
WRITER(selected_counter, counter_set(pmu, pmu->select, value))
READER(filter, type_get(pmu, CYCLES))
WRITER(filter, type_set(pmu, CYCLES, value))

/* ---- Access from EL0: PMUSERENR_EL0 ---- */

static enum sysreg_access check(struct vcpu *vcpu, unsigned el, uint32_t enough)
{
	return el > 0 || (a64_cpu_of(vcpu)->pmu.user & enough) ? SYSREG_OK : SYSREG_TRAP;
}

#define CHECK(name, for_reading, for_writing)                                               \
	static enum sysreg_access check_##name(void *owner, struct vcpu *vcpu, unsigned el, \
					       bool write)                                  \
	{                                                                                   \
		(void)owner;                                                                \
		return check(vcpu, el, write ? (for_writing) : (for_reading));              \
	}

CHECK(plain, USER_EN, USER_EN)
CHECK(increment, USER_EN, USER_EN | USER_SW)
CHECK(cycles, USER_EN | USER_CR, USER_EN)
CHECK(counter, USER_EN | USER_ER, USER_EN)
CHECK(select, USER_EN | USER_ER, USER_EN | USER_ER)

/* EL0 may always read it, and never write. */
static enum sysreg_access check_user(void *owner, struct vcpu *vcpu, unsigned el, bool write)
{
	(void)owner;
	(void)vcpu;
	return write && el == 0 ? SYSREG_UNDEFINED : SYSREG_OK;
}

#define RW(encoding, register, reader, writer, checker) \
	{.key = encoding,                               \
	 .name = #register,                             \
	 .read = read_##reader,                         \
	 .write = write_##writer,                       \
	 .check = check_##checker}
#define RO(encoding, register, reader) \
	{.key = encoding, .name = #register, .read = read_##reader, .check = check_plain}

static const struct sysreg registers[] = {
	RW(SYSREG(3, 3, 9, 12, 0), pmcr_el0, pmcr, pmcr, plain),
	RW(SYSREG(3, 3, 9, 12, 1), pmcntenset_el0, enabled, enable, plain),
	RW(SYSREG(3, 3, 9, 12, 2), pmcntenclr_el0, enabled, disable, plain),
	RW(SYSREG(3, 3, 9, 12, 3), pmovsclr_el0, overflow, overflow_clear, plain),
	{.key = SYSREG(3, 3, 9, 12, 4),
	 .name = "pmswinc_el0",
	 .write = write_software_increment,
	 .check = check_increment},
	RW(SYSREG(3, 3, 9, 12, 5), pmselr_el0, select, select, select),
	RO(SYSREG(3, 3, 9, 12, 6), pmceid0_el0, events_low),
	RO(SYSREG(3, 3, 9, 12, 7), pmceid1_el0, events_high),
	RW(SYSREG(3, 3, 9, 13, 0), pmccntr_el0, cycles, cycles, cycles),
	RW(SYSREG(3, 3, 9, 13, 1), pmxevtyper_el0, selected_type, selected_type, plain),
	RW(SYSREG(3, 3, 9, 13, 2), pmxevcntr_el0, selected_counter, selected_counter, counter),
	RW(SYSREG(3, 3, 9, 14, 0), pmuserenr_el0, user, user, user),
	RW(SYSREG(3, 3, 9, 14, 3), pmovsset_el0, overflow, overflow_set, plain),
	RW(SYSREG(3, 3, 14, 15, 7), pmccfiltr_el0, filter, filter, plain),
	{.key = SYSREG(3, 0, 9, 14, 1),
	 .min_el = 1,
	 .name = "pmintenset_el1",
	 .read = read_interrupts,
	 .write = write_interrupts_set},
	{.key = SYSREG(3, 0, 9, 14, 2),
	 .min_el = 1,
	 .name = "pmintenclr_el1",
	 .read = read_interrupts,
	 .write = write_interrupts_clear},
};

#define COUNTER(n)                                                                \
	RW(SYSREG(3, 3, 14, 8, n), pmevcntr##n##_el0, counter, counter, counter), \
		RW(SYSREG(3, 3, 14, 12, n), pmevtyper##n##_el0, type, type, plain)

static const struct sysreg counters[] = {
	COUNTER(0), COUNTER(1), COUNTER(2), COUNTER(3), COUNTER(4), COUNTER(5),
};

int a64_pmu_add_registers(struct sysreg_table *table, struct error *err)
{
	unsigned n;

	if (sysreg_add(table, registers, sizeof(registers) / sizeof(registers[0]), NULL, err))
		return -1;
	for (n = 0; n < 2 * COUNTERS; n++)
		if (sysreg_add(table, &counters[n], 1, (void *)(uintptr_t)&numbers[n / 2], err))
			return -1;
	return 0;
}

/* ---- Life ---- */

void a64_pmu_init(struct a64_cpu *cpu)
{
	clock_timer_init(&cpu->pmu.look, look_expire, cpu);
	cpu->pmu.limit = NEVER;
}

void a64_pmu_destroy(struct a64_cpu *cpu)
{
	clock_timer_remove(&cpu->vcpu->vm->clock, &cpu->pmu.look);
}

void a64_pmu_reset(struct a64_cpu *cpu)
{
	struct a64_pmu *pmu = &cpu->pmu;

	pmu->control = pmu->enabled = pmu->interrupts = pmu->overflow = 0;
	pmu->select = pmu->user = 0;
	update(cpu, cpu->el);
}
