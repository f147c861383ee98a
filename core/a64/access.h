/*
 * Loads and stores of the guest, by virtual address. The fast path is here, inline: one TLB entry,
 * one compare. All else (a miss, a page crossing, a device, an alignment fault) is in access.c. An access
 * that faults raises the exception and does not return.
 *
 * Aligned accesses are single-copy atomic. Ordering is the caller's: fences around plain
 * accesses, or the _acquire and _release forms.
 */
#ifndef GOD_CORE_A64_ACCESS_H
#define GOD_CORE_A64_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/a64/cpu.h"
#include "core/a64/insn.h"
#include "core/a64/shared.h"
#include "core/memory.h"

/* Slow paths. `unprivileged`: with EL0's permissions (LDTR, STTR). size: 1, 2, 4, 8. */
uint64_t a64_load_slow(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va, unsigned size,
		       bool unprivileged);
void a64_store_slow(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va, unsigned size,
		    uint64_t value, bool unprivileged);
/* 16 bytes as one access (Q registers), not necessarily atomic. */
union a64_vreg a64_load128(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va);
void a64_store128(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va, union a64_vreg value);

/*
 * Check beforehand that [va, va + size) can be read or written, raising the fault if not. For an
 * instruction that makes several accesses (STP, ST4, DC ZVA) and must be all or nothing where a
 * later one faults, or whose base register is written back. size up to 4096.
 */
void a64_probe(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va, unsigned size,
	       bool write);

/*
 * Raise the watchpoint exception if an access of [va, va + size) hits a watchpoint. For those
 * who access a page that is not in level 1 of the TLB without the functions here; iss is ORed into
 * the syndrome. All the others do it themselves.
 */
void a64_watch(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va, unsigned size,
	       bool write, uint32_t iss);

/*
 * Host address of [va, va + size) in RAM for atomic operations and exclusives: natural alignment
 * is checked (Alignment fault), and read and write permission as asked. Device memory and MMIO give NULL
 * after raising nothing: the caller takes the fault with a64_raise_unsupported_atomic().
 * *pa gets the physical address. For a write, other vCPUs' monitors on it are cleared.
 */
void *a64_atomic_at(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va, unsigned size,
		    bool write, uint64_t *pa);
/* The same for a store-exclusive, which may fail: clears no monitors, and is no read to watchpoints. */
void *a64_store_exclusive_at(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va,
			     unsigned size, uint64_t *pa);

static inline struct a64_tlb_entry *a64_tlb_at(struct a64_cpu *cpu, uint64_t va)
{
	return &cpu->tlb.level1[(va >> 12) & (A64_TLB_SIZE - 1)];
}

/* The tag that an entry must have for an access of `size` bytes at va; an access that crosses into
 * the next page gets that page's tag, which the entry of va never has. */
static inline uint64_t a64_tlb_tag(const uint64_t context[2], uint64_t va, unsigned size)
{
	return ((va + size - 1) & ~A64_PAGE_MASK) | context[va >> 63];
}

#define A64_ACCESS(bits)                                                                           \
	static inline uint##bits##_t a64_host_load##bits(const void *host)                         \
	{                                                                                          \
		uint##bits##_t value = 0;                                                          \
		if (((uintptr_t)host & (bits / 8 - 1)) == 0)                                       \
			return __atomic_load_n((const uint##bits##_t *)host, __ATOMIC_RELAXED);    \
		memory_copy(&value, host, sizeof(value));                                          \
		return value;                                                                      \
	}                                                                                          \
	static inline void a64_host_store##bits(void *host, uint##bits##_t value)                  \
	{                                                                                          \
		if (((uintptr_t)host & (bits / 8 - 1)) == 0)                                       \
			__atomic_store_n((uint##bits##_t *)host, value, __ATOMIC_RELAXED);         \
		else                                                                               \
			memory_copy(host, &value, sizeof(value));                                  \
	}                                                                                          \
	static inline uint##bits##_t a64_load##bits(struct a64_cpu *cpu, const struct a64_insn *i, \
						    uint64_t va)                                   \
	{                                                                                          \
		const struct a64_tlb_entry *entry = a64_tlb_at(cpu, va);                           \
		if (__builtin_expect(entry->read == a64_tlb_tag(cpu->tlb.context, va, bits / 8),   \
				     1))                                                           \
			return a64_host_load##bits((const void *)(uintptr_t)(entry->host + va));   \
		return (uint##bits##_t)a64_load_slow(cpu, i, va, bits / 8, false);                 \
	}                                                                                          \
	static inline void a64_store##bits(struct a64_cpu *cpu, const struct a64_insn *i,          \
					   uint64_t va, uint##bits##_t value)                      \
	{                                                                                          \
		const struct a64_tlb_entry *entry = a64_tlb_at(cpu, va);                           \
		if (__builtin_expect(                                                              \
			    entry->write == a64_tlb_tag(cpu->tlb.context, va, bits / 8) &&         \
				    !a64_monitors_armed(cpu->shared),                              \
			    1))                                                                    \
			a64_host_store##bits((void *)(uintptr_t)(entry->host + va), value);        \
		else                                                                               \
			a64_store_slow(cpu, i, va, bits / 8, value, false);                        \
	}

A64_ACCESS(8)
A64_ACCESS(16)
A64_ACCESS(32)
A64_ACCESS(64)
#undef A64_ACCESS

#endif
