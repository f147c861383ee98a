/*
 * Breakpoints and watchpoints; debug.h has the idea. The conditions are those of the pseudocode
 * AArch64.BreakpointMatch and AArch64.WatchpointMatch (Arm ARM, J1.1.1), for a CPU without EL2
 * and EL3, where HMC and SSC have to be 0. What is programmed in a reserved way does not match.
 */
#include "core/a64/debug.h"

#include "core/a64/interp.h"
#include "core/a64/mmu.h"
#include "core/a64/work.h"

/* DBGBCR_EL1 and DBGWCR_EL1 (D19.3.2, D19.3.11). */
#define CONTROL_ENABLE	  (1ULL << 0)
#define CONTROL_EL1	  (1ULL << 1) /* PMC, PAC */
#define CONTROL_EL0	  (1ULL << 2)
#define CONTROL_LOAD	  (1ULL << 3) /* LSC */
#define CONTROL_STORE	  (1ULL << 4)
#define CONTROL_BAS	  5
#define CONTROL_HMC	  (1ULL << 13)
#define CONTROL_SSC	  (3ULL << 14)
#define CONTROL_LBN	  16
#define CONTROL_TYPE	  20
#define CONTROL_WT_LINKED (1ULL << 20)
#define CONTROL_MASK	  24
#define BCR_VALID	  0x00ffe007ULL
#define BCR_BAS		  (0xfULL << CONTROL_BAS) /* RES1 without AArch32 */
#define WCR_VALID	  0x1f1fffffULL

enum breakpoint_type {
	ADDRESS = 0,
	ADDRESS_LINKED = 1,
	CONTEXT = 2,
	CONTEXT_LINKED = 3, /* is what others are linked to, and matches nothing by itself */
};

/* Addresses are compared without the bits that repeat bit 48, or are a tag. */
static uint64_t comparable(uint64_t va)
{
	return va & ((1ULL << 49) - 1);
}

bool a64_debug_enabled(const struct a64_cpu *cpu, unsigned el, bool masked)
{
	if (cpu->sys.oslsr & A64_OSLSR_OSLK)
		return false;
	return el == 0 || ((cpu->sys.mdscr & A64_MDSCR_KDE) && !masked);
}

/* Are breakpoints and watchpoints enabled at all? */
static bool monitor_enabled(const struct a64_cpu *cpu)
{
	return (cpu->sys.mdscr & A64_MDSCR_MDE) && !(cpu->sys.oslsr & A64_OSLSR_OSLK);
}

static bool enabled(uint64_t control)
{
	return (control & CONTROL_ENABLE) && !(control & (CONTROL_HMC | CONTROL_SSC));
}

static enum breakpoint_type type_of(const struct a64_cpu *cpu, unsigned n)
{
	return (enum breakpoint_type)(cpu->sys.dbgbcr[n] >> CONTROL_TYPE & 15);
}

static bool context_aware(unsigned n)
{
	return n >= A64_BREAKPOINTS - A64_CONTEXT_BREAKPOINTS && n < A64_BREAKPOINTS;
}

static bool context_matches(const struct a64_cpu *cpu, unsigned n)
{
	return (uint32_t)cpu->sys.dbgbvr[n] == (uint32_t)cpu->sys.contextidr;
}

/* Does the context breakpoint that a control register is linked to (LBN) agree? */
static bool link_matches(const struct a64_cpu *cpu, uint64_t control)
{
	unsigned n = control >> CONTROL_LBN & 15;

	return context_aware(n) && (cpu->sys.dbgbcr[n] & CONTROL_ENABLE) &&
	       type_of(cpu, n) == CONTEXT_LINKED && context_matches(cpu, n);
}

static bool privilege_matches(uint64_t control, unsigned el)
{
	return control & (el == 0 ? CONTROL_EL0 : CONTROL_EL1);
}

/* ---- Breakpoints ---- */

bool a64_debug_breaks_page(const struct a64_cpu *cpu, uint64_t va)
{
	unsigned n;

	if (!cpu->debug.breaking)
		return false;
	for (n = 0; n < A64_BREAKPOINTS; n++) {
		if (!enabled(cpu->sys.dbgbcr[n]))
			continue;
		if (type_of(cpu, n) == CONTEXT && context_aware(n))
			return true;
		if (comparable(cpu->sys.dbgbvr[n] ^ va) >> 12 == 0)
			return true;
	}
	return false;
}

static bool breakpoint_matches(const struct a64_cpu *cpu, unsigned n, uint64_t pc)
{
	uint64_t control = cpu->sys.dbgbcr[n];

	if (!enabled(control) || !privilege_matches(control, cpu->el))
		return false;
	switch (type_of(cpu, n)) {
	case ADDRESS: return comparable(cpu->sys.dbgbvr[n] ^ pc) >> 2 == 0;
	case ADDRESS_LINKED:
		return comparable(cpu->sys.dbgbvr[n] ^ pc) >> 2 == 0 && link_matches(cpu, control);
	case CONTEXT: return context_aware(n) && context_matches(cpu, n);
	default: return false;
	}
}

bool a64_debug_breaks(const struct a64_cpu *cpu, uint64_t pc)
{
	unsigned n;

	if (!cpu->debug.breaking || !a64_debug_enabled(cpu, cpu->el, cpu->daif & 8))
		return false;
	for (n = 0; n < A64_BREAKPOINTS; n++)
		if (breakpoint_matches(cpu, n, pc))
			return true;
	return false;
}

/* ---- Watchpoints ---- */

/* What a watchpoint looks at: `size` bytes at `start`, and of these the ones in `bytes`. */
struct watched {
	uint64_t start, size;
	uint8_t bytes; /* bit n for byte n of each 8, counted from start */
};

static struct watched watched_by(const struct a64_cpu *cpu, unsigned n)
{
	uint64_t control = cpu->sys.dbgwcr[n], value = comparable(cpu->sys.dbgwvr[n]);
	unsigned mask = control >> CONTROL_MASK & 31;
	uint8_t bytes = (uint8_t)(control >> CONTROL_BAS);

	/* Masks of 1 and 2 bits are reserved, and so is selecting bytes as well. */
	if (mask)
		return (struct watched){value >> mask << mask,
					mask < 3 || bytes != 0xff ? 0 : 1ULL << mask, bytes};
	/* A word: its bytes are selected by the low half. */
	if (value & 4)
		return (struct watched){value & ~3ULL, 4, bytes & 15};
	return (struct watched){value & ~7ULL, 8, bytes};
}

/* The first of the bytes [va, va + size) that it looks at, or UINT64_MAX. */
static uint64_t first_watched(const struct watched *watched, uint64_t va, unsigned size)
{
	uint64_t first = va > watched->start ? va : watched->start, byte;
	uint64_t end = va + size < watched->start + watched->size ? va + size
								  : watched->start + watched->size;

	for (byte = first; byte < end && byte < first + 8; byte++)
		if (watched->bytes >> ((byte - watched->start) & 7) & 1)
			return byte;
	return UINT64_MAX;
}

bool a64_debug_watches_page(const struct a64_cpu *cpu, uint64_t va)
{
	uint64_t page = comparable(va & ~A64_PAGE_MASK);
	unsigned n;

	if (!cpu->debug.watching)
		return false;
	for (n = 0; n < A64_WATCHPOINTS; n++) {
		struct watched watched = watched_by(cpu, n);

		if (enabled(cpu->sys.dbgwcr[n]) && watched.start < page + A64_PAGE_MASK + 1 &&
		    page < watched.start + watched.size)
			return true;
	}
	return false;
}

bool a64_debug_watches(const struct a64_cpu *cpu, uint64_t va, unsigned size, bool write,
		       bool unprivileged, uint64_t *hit)
{
	unsigned n, el = unprivileged ? 0 : cpu->el;

	if (!cpu->debug.watching || !a64_debug_enabled(cpu, cpu->el, cpu->daif & 8))
		return false;
	for (n = 0; n < A64_WATCHPOINTS; n++) {
		uint64_t control = cpu->sys.dbgwcr[n], byte;
		struct watched watched = watched_by(cpu, n);

		if (!enabled(control) || !privilege_matches(control, el))
			continue;
		if (!(control & (write ? CONTROL_STORE : CONTROL_LOAD)))
			continue;
		if ((control & CONTROL_WT_LINKED) && !link_matches(cpu, control))
			continue;
		byte = first_watched(&watched, comparable(va), size);
		if (byte == UINT64_MAX)
			continue;
		*hit = va + (byte - comparable(va));
		return true;
	}
	return false;
}

/* ---- Registers ---- */

void a64_debug_update(struct a64_cpu *cpu)
{
	bool breaking = false, watching = false;
	unsigned n;

	if (monitor_enabled(cpu)) {
		for (n = 0; n < A64_BREAKPOINTS; n++)
			breaking |= enabled(cpu->sys.dbgbcr[n]);
		for (n = 0; n < A64_WATCHPOINTS; n++)
			watching |= enabled(cpu->sys.dbgwcr[n]);
	}
	/* Where something was watched before, pages may come back; that they do is left to misses. */
	if (breaking || cpu->debug.breaking)
		a64_fetch_invalidate(cpu);
	if (watching)
		a64_tlb_level1_invalidate(cpu);
	cpu->debug.breaking = breaking;
	cpu->debug.watching = watching;
	a64_attention(cpu, A64_ATTENTION_STATE);
}

/* A register is known by its number, the owner of its entry in the table. */
static const uint8_t numbers[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

#define DEBUG_REGISTER(field, written)                                            \
	static uint64_t read_##field(void *owner, struct vcpu *vcpu)              \
	{                                                                         \
		return a64_cpu_of(vcpu)->sys.field[*(const uint8_t *)owner];      \
	}                                                                         \
	static void write_##field(void *owner, struct vcpu *vcpu, uint64_t value) \
	{                                                                         \
		a64_cpu_of(vcpu)->sys.field[*(const uint8_t *)owner] = (written); \
		a64_debug_update(a64_cpu_of(vcpu));                               \
	}

DEBUG_REGISTER(dbgbvr, value)
DEBUG_REGISTER(dbgbcr, (value & BCR_VALID) | BCR_BAS)
DEBUG_REGISTER(dbgwvr, value & ~3ULL)
DEBUG_REGISTER(dbgwcr, value &WCR_VALID)

static int add(struct sysreg_table *table, const struct sysreg *regs, unsigned count,
	       struct error *err)
{
	unsigned n;

	for (n = 0; n < count; n++)
		if (sysreg_add(table, &regs[n], 1,
			       (void *)(uintptr_t)&numbers[regs[n].key >> 3 & 15], err))
			return -1;
	return 0;
}

#define REGISTER(n, op2, field)          \
	{.key = SYSREG(2, 0, 0, n, op2), \
	 .min_el = 1,                    \
	 .name = #field #n "_el1",       \
	 .read = read_##field,           \
	 .write = write_##field}
#define BREAKPOINT(n) REGISTER(n, 4, dbgbvr), REGISTER(n, 5, dbgbcr)
#define WATCHPOINT(n) REGISTER(n, 6, dbgwvr), REGISTER(n, 7, dbgwcr)

int a64_debug_add_registers(struct sysreg_table *table, struct error *err)
{
	static const struct sysreg registers[] = {
		BREAKPOINT(0), BREAKPOINT(1), BREAKPOINT(2), BREAKPOINT(3), BREAKPOINT(4),
		BREAKPOINT(5), WATCHPOINT(0), WATCHPOINT(1), WATCHPOINT(2), WATCHPOINT(3),
	};

	_Static_assert(sizeof(registers) / sizeof(registers[0]) ==
			       2 * (A64_BREAKPOINTS + A64_WATCHPOINTS),
		       "a pair of registers each");
	return add(table, registers, sizeof(registers) / sizeof(registers[0]), err);
}
