/*
 * The stage 1 MMU of EL1&0 (Arm ARM, D8): translation, TLB maintenance, and the contexts under
 * which the TLB remembers.
 */
#ifndef GOD_CORE_A64_MMU_H
#define GOD_CORE_A64_MMU_H

#include <stdbool.h>
#include <stdint.h>

#include "core/a64/cpu.h"

/* SCTLR_EL1 (D19.2.118). */
#define A64_SCTLR_M	(1ULL << 0)
#define A64_SCTLR_A	(1ULL << 1)
#define A64_SCTLR_C	(1ULL << 2)
#define A64_SCTLR_SA	(1ULL << 3)
#define A64_SCTLR_SA0	(1ULL << 4)
#define A64_SCTLR_UMA	(1ULL << 9)
#define A64_SCTLR_I	(1ULL << 12)
#define A64_SCTLR_DZE	(1ULL << 14)
#define A64_SCTLR_UCT	(1ULL << 15)
#define A64_SCTLR_NTWI	(1ULL << 16)
#define A64_SCTLR_NTWE	(1ULL << 18)
#define A64_SCTLR_WXN	(1ULL << 19)
#define A64_SCTLR_SPAN	(1ULL << 23)
#define A64_SCTLR_UCI	(1ULL << 26)
#define A64_SCTLR_DSSBS (1ULL << 44)

/* MDSCR_EL1 and OSLSR_EL1. */
#define A64_MDSCR_SS   (1ULL << 0)
#define A64_MDSCR_TDCC (1ULL << 12)
#define A64_MDSCR_KDE  (1ULL << 13)
#define A64_MDSCR_MDE  (1ULL << 15)
#define A64_OSLSR_OSLK (1ULL << 1)

/* TCR_EL1.AS: ASIDs have 16 bits, not 8. */
#define A64_TCR_AS (1ULL << 36)

/* Output addresses have this many bits (ID_AA64MMFR0_EL1.PARange 0b0010). */
#define A64_PA_BITS    40
#define A64_PA_PARANGE 2

enum a64_access {
	A64_READ,
	A64_WRITE,
	A64_EXECUTE,
	A64_WRITE_CHECK, /* needs to be allowed to write, and will not: the page stays clean */
};

/* What a page may be used for, and by whom. */
#define A64_PERM_READ(el)    (1u << (el))
#define A64_PERM_WRITE(el)   (4u << (el))
#define A64_PERM_EXECUTE(el) (16u << (el))
#define A64_PERM_USER	     (1u << 6) /* AP[1]: EL0 may access it as data: what PAN looks at */

#define A64_ATTR_DEVICE (1u << 0) /* Device memory: unaligned accesses fault */
#define A64_ATTR_GLOBAL (1u << 1)
#define A64_ATTR_CLEAN	(1u << 2) /* a write has to mark the page dirty first (FEAT_HAFDBS) */

struct a64_translation {
	uint64_t pa;	 /* of the byte asked for */
	uint8_t perms;	 /* A64_PERM_* */
	uint8_t attrs;	 /* A64_ATTR_* */
	uint8_t level;	 /* of the leaf, or at which the walk failed */
	uint8_t shift;	 /* log2 of the size mapped */
	uint8_t mair;	 /* the MAIR_EL1 attribute byte, for PAR_EL1 */
	uint8_t sharing; /* SH */
	uint8_t fsc;	 /* fault status with level, when the translation failed */
};

/*
 * Translate va for an access at exception level `el` (its permissions; PAN applies when `pan`).
 * True: *result is complete. False: result->fsc says why. Looks into and fills the level 2 TLB.
 * With FEAT_HAFDBS it marks the page as accessed, and for A64_WRITE as dirty.
 */
bool a64_translate(struct a64_cpu *cpu, uint64_t va, enum a64_access access, unsigned el, bool pan,
		   struct a64_translation *result);

/* Put a translation of va's page into level 1, under the current context or EL0's. */
void a64_tlb_fill(struct a64_cpu *cpu, uint64_t va, const struct a64_translation *translation,
		  bool unprivileged);

/* After a change of SCTLR, TCR, or a TTBR: which contexts to compare with. */
void a64_update_contexts(struct a64_cpu *cpu);
/* After a change of EL or PAN alone. */
void a64_update_regime(struct a64_cpu *cpu);

/* Is PSTATE such that data accesses at the current EL are subject to PAN? */
static inline bool a64_pan(const struct a64_cpu *cpu)
{
	return cpu->el == 1 && cpu->pan;
}

/* An address as it goes into PC: with tagged addresses the top byte is sign-extended away. */
uint64_t a64_branch_address(const struct a64_cpu *cpu, uint64_t va);

/* TLB maintenance on this vCPU alone; work.h brings it to others. */
enum a64_tlb_scope {
	A64_TLB_ALL,	/* everything */
	A64_TLB_ASID,	/* non-global entries of one ASID */
	A64_TLB_VA,	/* one page in one ASID, or global */
	A64_TLB_VA_ALL, /* one page in all ASIDs */
};

void a64_tlb_invalidate(struct a64_cpu *cpu, enum a64_tlb_scope scope, uint64_t va, uint16_t asid);
void a64_tlb_init(struct a64_cpu *cpu);
/* Empty level 1 alone: the next access to each page looks into level 2. */
void a64_tlb_level1_invalidate(struct a64_cpu *cpu);
/* Forget which decoded page is where. */
void a64_fetch_invalidate(struct a64_cpu *cpu);

#endif
