/*
 * The software TLB of one vCPU.
 *
 * Level 1 is what every load and store looks at: direct-mapped by virtual page, one tag to compare
 * for reading and one for writing, and the distance to the host address. A tag is the virtual page
 * with the *context* in its low 12 bits: which ASID, and with whose permissions. So a context
 * switch changes the context that is compared and flushes nothing.
 *
 * An ASID is known by its *slot*, a number that it gets when it is first used. To invalidate all of an
 * ASID is to forget its slot: with the next one, nothing that was remembered is found. Slots are not
 * used again before everything is emptied.
 *
 * Level 2 is larger, holds whole translations (with permissions, ASID and global bit) and saves
 * the table walk when level 1 misses.
 */
#ifndef GOD_CORE_A64_TLB_H
#define GOD_CORE_A64_TLB_H

#include <stdbool.h>
#include <stdint.h>

#define A64_TLB_SIZE	    4096
#define A64_TLB2_SIZE	    4096
#define A64_TLB_NONE	    0 /* a tag that matches nothing: no context is 0 (core/a64/mmu.c) */
#define A64_PAGE_MASK	    0xfffULL
#define A64_FETCH_SIZE	    1024
#define A64_CONTEXT_NOWHERE 0xfffu /* a context under which nothing is cached: all is slow */

struct a64_insn;

struct a64_tlb_entry {
	uint64_t read; /* tag, or A64_TLB_NONE */
	uint64_t write;
	uint64_t host; /* host address = host + virtual address */
	uint64_t pa;   /* physical page */
};

struct a64_tlb2_entry {
	uint64_t va;   /* virtual page | 1, or 0: empty */
	uint64_t pa;   /* physical page */
	uint16_t slot; /* of the ASID that it belongs to, unless it is global */
	uint8_t perms; /* A64_PERM_* */
	uint8_t attrs; /* A64_ATTR_* */
	uint8_t level; /* of the leaf descriptor */
	uint8_t shift; /* log2 of the bytes that it maps */
	uint8_t mair;  /* MAIR_EL1 attribute byte */
	uint8_t sharing;
};

/* Where a virtual page's decoded instructions are. */
struct a64_fetch_entry {
	uint64_t tag;
	const struct a64_insn *insns;
};

struct a64_tlb {
	/*
	 * Contexts to compare with, for data: [0] for addresses with bit 63 clear (TTBR0), [1] set.
	 * And as EL0 (LDTR, STTR), and for instruction fetch.
	 */
	uint64_t context[2], unprivileged[2], fetch[2];
	uint64_t slot[2]; /* the part of them that is the ASID's slot */
	struct a64_tlb_entry level1[A64_TLB_SIZE];
	struct a64_fetch_entry fetches[A64_FETCH_SIZE];
	struct a64_tlb2_entry level2[A64_TLB2_SIZE];
	uint16_t asid_slot[65536]; /* ASID to slot, 0: none yet */
	uint16_t asid_slots;	   /* handed out so far */
	/* Which 2 MiB regions (va[32:21]) may have a block of up to 2 MiB; a larger one was seen. */
	uint64_t blocks[64];
	bool huge;
	bool upper_not_global; /* a non-global page was seen in the TTBR1 half */
	uint64_t misses;       /* walks; for statistics */
};

#endif
