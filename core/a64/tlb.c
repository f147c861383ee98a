/*
 * TLB maintenance on one vCPU. Invalidating more than was asked for is always allowed, so a page's
 * neighbours in its aligned 64 KiB go with it: that covers larger pages and contiguous sets. Blocks are
 * remembered in a small filter; an address that may be in one empties the TLB.
 */
#include <string.h>

#include "core/a64/mmu.h"
#include "core/memory.h"

_Static_assert(A64_TLB_NONE == 0, "entries are emptied by zeroes");

void a64_fetch_invalidate(struct a64_cpu *cpu)
{
	memset(cpu->tlb.fetches, 0, sizeof(cpu->tlb.fetches));
}

void a64_tlb_level1_invalidate(struct a64_cpu *cpu)
{
	memset(cpu->tlb.level1, 0, sizeof(cpu->tlb.level1));
}

static void invalidate_all(struct a64_cpu *cpu)
{
	struct a64_tlb *tlb = &cpu->tlb;

	a64_tlb_level1_invalidate(cpu);
	a64_fetch_invalidate(cpu);
	memset(tlb->level2, 0, sizeof(tlb->level2));
	memset(tlb->blocks, 0, sizeof(tlb->blocks));
	tlb->huge = false;
}

void a64_tlb_init(struct a64_cpu *cpu)
{
	invalidate_all(cpu);
	memset(cpu->tlb.asid_slot, 0, sizeof(cpu->tlb.asid_slot));
	cpu->tlb.asid_slots = 0;
	cpu->tlb.upper_not_global = false;
}

static void invalidate_asid(struct a64_cpu *cpu, uint16_t asid)
{
	cpu->tlb.asid_slot[asid] = 0;
	a64_update_contexts(cpu);
}

static bool may_be_in_block(const struct a64_tlb *tlb, uint64_t va)
{
	return tlb->huge || (tlb->blocks[va >> 27 & 63] >> (va >> 21 & 63) & 1);
}

static void invalidate_va(struct a64_cpu *cpu, uint64_t va)
{
	uint64_t first = va >> 12 & ~15ULL, page;

	if (may_be_in_block(&cpu->tlb, va)) {
		invalidate_all(cpu);
		return;
	}
	for (page = first; page < first + 16; page++) {
		struct a64_tlb_entry *entry = &cpu->tlb.level1[page & (A64_TLB_SIZE - 1)];

		entry->read = entry->write = A64_TLB_NONE;
		cpu->tlb.fetches[page & (A64_FETCH_SIZE - 1)].tag = A64_TLB_NONE;
		cpu->tlb.level2[page & (A64_TLB2_SIZE - 1)].va = 0;
	}
}

void a64_tlb_invalidate(struct a64_cpu *cpu, enum a64_tlb_scope scope, uint64_t va, uint16_t asid)
{
	switch (scope) {
	case A64_TLB_ALL: invalidate_all(cpu); break;
	case A64_TLB_ASID: invalidate_asid(cpu, asid); break;
	case A64_TLB_VA:
	case A64_TLB_VA_ALL: invalidate_va(cpu, va); break;
	}
}
