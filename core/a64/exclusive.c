/*
 * The exclusive monitors; exclusive.h has the idea.
 *
 * A reservation covers one line of 64 bytes (CTR_EL0.ERG), known by a hash of its physical address:
 * two lines of one hash lose each other's reservations, which the architecture allows.
 *
 * A line's version is even, and odd while a store-exclusive is between its check and its store:
 *
 *	store-exclusive		version v -> v + 1, or fail; compare and swap; v + 1 -> v + 2
 *	any other store		wait while it is odd; v -> v + 2; store
 *	load-exclusive		announce the reservation; wait while it is odd; remember v; load
 *
 * So of two stores by one vCPU the second can not slip in between check and swap, and a value that
 * was changed and changed back is noticed. One store that was already on its way when the
 * reservation was announced may be missed; it then counts as made before the load if it changed
 * nothing, and is seen by the comparison if it did.
 */
#include <sched.h>
#include <stdatomic.h>

#include "core/a64/access.h"
#include "core/a64/compare_exchange.h"
#include "core/a64/exception.h"
#include "core/a64/exclusive.h"
#include "core/vm.h"

#define LINE_SHIFT 6

static unsigned line_of(uint64_t pa)
{
	uint64_t line = pa >> LINE_SHIFT;

	return (line ^ line >> 10) & (A64_MONITOR_LINES - 1);
}

/* With one vCPU nobody else's store could clear a reservation. */
static bool monitors_needed(const struct a64_shared *shared)
{
	return shared->vm->cpus > 1;
}

/* The version, once no store-exclusive is under way. */
static uint32_t version_at_rest(_Atomic uint32_t *version)
{
	uint32_t now;

	while ((now = atomic_load(version)) & 1)
		sched_yield();
	return now;
}

/* Take this vCPU's reservation; stores of others are slow from here on. */
static void reserve(struct a64_cpu *cpu, uint64_t pa, unsigned size)
{
	struct a64_shared *shared = cpu->shared;

	a64_clear_exclusive(cpu);
	if (monitors_needed(shared)) {
		atomic_fetch_add(&shared->lines[line_of(pa)].armed, 1);
		atomic_fetch_add(&shared->monitors_armed, 1);
	}
	cpu->exclusive_pa = pa;
	cpu->exclusive_size = (uint8_t)size;
	cpu->exclusive_version = version_at_rest(&shared->lines[line_of(pa)].version);
	cpu->exclusive = true;
}

void a64_clear_exclusive(struct a64_cpu *cpu)
{
	struct a64_shared *shared = cpu->shared;

	if (!cpu->exclusive)
		return;
	cpu->exclusive = false;
	if (monitors_needed(shared)) {
		atomic_fetch_sub(&shared->monitors_armed, 1);
		atomic_fetch_sub(&shared->lines[line_of(cpu->exclusive_pa)].armed, 1);
	}
}

void a64_load_exclusive(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va, unsigned size,
			uint64_t value[2])
{
	uint64_t pa;
	const void *host = a64_atomic_at(cpu, i, va, size, false, &pa);

	if (!host)
		a64_raise_unsupported_atomic(cpu, i, va, false);
	reserve(cpu, pa, size);
	value[1] = 0;
	switch (size) {
	case 1: value[0] = __atomic_load_n((const uint8_t *)host, __ATOMIC_SEQ_CST); break;
	case 2: value[0] = __atomic_load_n((const uint16_t *)host, __ATOMIC_SEQ_CST); break;
	case 4: value[0] = __atomic_load_n((const uint32_t *)host, __ATOMIC_SEQ_CST); break;
	case 16:
		/* The pair is single-copy atomic only if the store-exclusive succeeds. */
		value[1] = __atomic_load_n((const uint64_t *)host + 1, __ATOMIC_SEQ_CST);
		__attribute__((fallthrough));
	default: value[0] = __atomic_load_n((const uint64_t *)host, __ATOMIC_SEQ_CST); break;
	}
	cpu->exclusive_value[0] = value[0];
	cpu->exclusive_value[1] = value[1];
}

#define COMPARE_AND_SWAP(bits)                                                                    \
	static bool compare_and_swap##bits(void *host, uint64_t expected, uint64_t new)           \
	{                                                                                         \
		uint##bits##_t old = (uint##bits##_t)expected;                                    \
                                                                                                  \
		return __atomic_compare_exchange_n((uint##bits##_t *)host, &old,                  \
						   (uint##bits##_t) new, false, __ATOMIC_SEQ_CST, \
						   __ATOMIC_SEQ_CST);                             \
	}

COMPARE_AND_SWAP(8)
COMPARE_AND_SWAP(16)
COMPARE_AND_SWAP(32)
COMPARE_AND_SWAP(64)

static bool swap_if_unchanged(const struct a64_cpu *cpu, void *host, const uint64_t value[2])
{
	uint64_t old[2] = {cpu->exclusive_value[0], cpu->exclusive_value[1]};

	switch (cpu->exclusive_size) {
	case 1: return compare_and_swap8(host, old[0], value[0]);
	case 2: return compare_and_swap16(host, old[0], value[0]);
	case 4: return compare_and_swap32(host, old[0], value[0]);
	case 8: return compare_and_swap64(host, old[0], value[0]);
	default: return a64_compare_exchange128(host, old, value);
	}
}

/* The store itself, between the line's versions. */
static bool store_in_line(struct a64_cpu *cpu, void *host, const uint64_t value[2])
{
	_Atomic uint32_t *version = &cpu->shared->lines[line_of(cpu->exclusive_pa)].version;
	uint32_t reserved = cpu->exclusive_version;
	bool stored;

	if (!monitors_needed(cpu->shared))
		return swap_if_unchanged(cpu, host, value);
	if (!atomic_compare_exchange_strong(version, &reserved, reserved + 1))
		return false;
	stored = swap_if_unchanged(cpu, host, value);
	atomic_store(version, reserved + (stored ? 2 : 0));
	return stored;
}

bool a64_store_exclusive(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va, unsigned size,
			 const uint64_t value[2])
{
	bool stored = false;
	uint64_t pa;
	void *host;

	host = a64_store_exclusive_at(cpu, i, va, size, &pa);
	if (!host)
		a64_raise_unsupported_atomic(cpu, i, va, true);
	if (cpu->exclusive && cpu->exclusive_pa == pa && cpu->exclusive_size == size)
		stored = store_in_line(cpu, host, value);
	a64_clear_exclusive(cpu);
	return stored;
}

void a64_notice_store(struct a64_cpu *cpu, uint64_t pa, unsigned size)
{
	struct a64_shared *shared = cpu->shared;
	uint64_t last = (pa + size - 1) >> LINE_SHIFT;

	for (uint64_t line = pa >> LINE_SHIFT; line <= last; line++) {
		unsigned index = line_of(line << LINE_SHIFT);
		uint32_t now;

		if (atomic_load(&shared->lines[index].armed) == 0)
			continue;
		do
			now = version_at_rest(&shared->lines[index].version);
		while (!atomic_compare_exchange_weak(&shared->lines[index].version, &now, now + 2));
	}
}
