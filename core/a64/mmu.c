/*
 * Translation of virtual addresses: the table walk of stage 1 (Arm ARM, D8.2 to D8.4).
 *
 * The walker reads descriptors from RAM through the checked gate: tables that point outside RAM
 * give a synchronous external abort on the walk, tables that point at themselves merely end at the last
 * level.
 *
 * Hardware management of the Access flag and dirty state (FEAT_HAFDBS, D8.5): the walk that first
 * uses a leaf sets its Access flag, and the walk of the first write clears AP[2] of a leaf that has
 * DBM set. Both by compare and swap of the descriptor that was read; when somebody else changed it
 * meanwhile, the walk begins anew. A translation that is writable and not yet dirty is A64_ATTR_CLEAN:
 * level 2 keeps it, level 1 does not let it be written, so that the first write comes here.
 */
#include "core/a64/mmu.h"

#include "core/a64/debug.h"
#include "core/a64/exception.h"
#include "core/a64/exclusive.h"
#include "core/memory.h"
#include "core/vm.h"

/* TCR_EL1 (D19.2.139). */
#define TCR_EPD0 (1ULL << 7)
#define TCR_A1	 (1ULL << 22)
#define TCR_EPD1 (1ULL << 23)
#define TCR_TBI0 (1ULL << 37)
#define TCR_TBI1 (1ULL << 38)
#define TCR_HA	 (1ULL << 39)
#define TCR_HD	 (1ULL << 40)

/* Descriptors (D8.3). */
#define DESC_VALID	 (1ULL << 0)
#define DESC_TABLE	 (1ULL << 1) /* at the last level: a page */
#define DESC_AP_EL0	 (1ULL << 6)
#define DESC_AP_RO	 (1ULL << 7)
#define DESC_AF		 (1ULL << 10)
#define DESC_NG		 (1ULL << 11)
#define DESC_DBM	 (1ULL << 51)
#define DESC_PXN	 (1ULL << 53)
#define DESC_UXN	 (1ULL << 54)
#define DESC_TABLE_PXN	 (1ULL << 59)
#define DESC_TABLE_UXN	 (1ULL << 60)
#define DESC_TABLE_NOEL0 (1ULL << 61)
#define DESC_TABLE_RO	 (1ULL << 62)
#define DESC_ADDRESS	 0x0000fffffffff000ULL

#define TLB2_VALID 1ULL

/* Of the ASID's slot in a context. */
#define SLOT_SHIFT 2

/* The parameters of one of the two address ranges. */
struct range {
	uint64_t ttbr;
	unsigned va_bits;   /* 64 - TxSZ */
	unsigned page_bits; /* 12, 14 or 16 */
	bool disabled;	    /* EPDx: a miss faults */
	bool tagged;	    /* TBIx */
};

static struct range range_of(const struct a64_cpu *cpu, bool upper)
{
	/* TG0 and TG1 encode the granule differently. */
	static const uint8_t tg0[4] = {12, 16, 14, 12}, tg1[4] = {12, 14, 12, 16};
	uint64_t tcr = cpu->sys.tcr;
	struct range range;
	unsigned size = (upper ? tcr >> 16 : tcr) & 0x3f;

	range.ttbr = upper ? cpu->sys.ttbr1 : cpu->sys.ttbr0;
	/* TxSZ out of range behaves as the nearest value (D8.1.8, one of the permitted ways). */
	range.va_bits = 64 - (size < 16 ? 16 : size > 39 ? 39 : size);
	range.page_bits = upper ? tg1[tcr >> 30 & 3] : tg0[tcr >> 14 & 3];
	range.disabled = tcr & (upper ? TCR_EPD1 : TCR_EPD0);
	range.tagged = tcr & (upper ? TCR_TBI1 : TCR_TBI0);
	return range;
}

/* Bits of output address: TCR_EL1.IPS, no more than the CPU has. */
static unsigned output_bits(const struct a64_cpu *cpu)
{
	static const uint8_t ips[8] = {32, 36, 40, 42, 44, 48, 48, 48};
	unsigned bits = ips[cpu->sys.tcr >> 32 & 7];

	return bits < A64_PA_BITS ? bits : A64_PA_BITS;
}

static uint16_t current_asid(const struct a64_cpu *cpu)
{
	uint64_t ttbr = cpu->sys.tcr & TCR_A1 ? cpu->sys.ttbr1 : cpu->sys.ttbr0;
	uint16_t asid = (uint16_t)(ttbr >> 48);

	return cpu->sys.tcr & A64_TCR_AS ? asid : asid & 0xff;
}

uint64_t a64_branch_address(const struct a64_cpu *cpu, uint64_t va)
{
	bool upper = va >> 55 & 1;

	if (!(cpu->sys.tcr & (upper ? TCR_TBI1 : TCR_TBI0)))
		return va;
	return (uint64_t)((int64_t)(va << 8) >> 8);
}

static bool fail(struct a64_translation *result, enum a64_fsc fsc, unsigned level)
{
	result->level = (uint8_t)level;
	result->fsc = (uint8_t)(fsc + level);
	return false;
}

/* Attribute index to Device or Normal; MAIR byte 0b0000xxxx is Device. */
static void set_attributes(const struct a64_cpu *cpu, uint64_t desc, struct a64_translation *result)
{
	result->mair = (uint8_t)(cpu->sys.mair >> (8 * (desc >> 2 & 7)));
	result->sharing = desc >> 8 & 3;
	result->attrs = 0;
	if ((result->mair & 0xf0) == 0)
		result->attrs |= A64_ATTR_DEVICE;
	if (!(desc & DESC_NG))
		result->attrs |= A64_ATTR_GLOBAL;
}

static bool hardware_access_flag(const struct a64_cpu *cpu)
{
	return A64_HAS(cpu->features, HAFDBS) && (cpu->sys.tcr & TCR_HA);
}

static bool hardware_dirty_state(const struct a64_cpu *cpu)
{
	return hardware_access_flag(cpu) && (cpu->sys.tcr & TCR_HD);
}

/* Permissions of a leaf, with the limits that the tables above it set (D8.4). */
static void set_permissions(const struct a64_cpu *cpu, uint64_t desc, uint64_t tables,
			    struct a64_translation *result)
{
	bool wxn = cpu->sys.sctlr & A64_SCTLR_WXN;
	bool user = (desc & DESC_AP_EL0) && !(tables & DESC_TABLE_NOEL0);
	/* With DBM, AP[2] does not say whether the page can be written, but whether it was (D8.5.2). */
	bool clean = (desc & DESC_AP_RO) && (desc & DESC_DBM) && hardware_dirty_state(cpu);
	bool writable = (clean || !(desc & DESC_AP_RO)) && !(tables & DESC_TABLE_RO);
	bool uxn = (desc & DESC_UXN) || (tables & DESC_TABLE_UXN);
	bool pxn = (desc & DESC_PXN) || (tables & DESC_TABLE_PXN);
	unsigned perms = A64_PERM_READ(1);

	if (writable)
		perms |= A64_PERM_WRITE(1);
	if (writable && clean)
		result->attrs |= A64_ATTR_CLEAN;
	if (user)
		perms |= A64_PERM_USER | A64_PERM_READ(0) | (writable ? A64_PERM_WRITE(0) : 0);
	if (!uxn && !(wxn && user && writable))
		perms |= A64_PERM_EXECUTE(0);
	/* What EL0 can write, EL1 never executes. */
	if (!pxn && !(user && writable) && !(wxn && writable))
		perms |= A64_PERM_EXECUTE(1);
	result->perms = (uint8_t)perms;
}

static bool read_descriptor(struct a64_cpu *cpu, uint64_t pa, uint64_t *desc)
{
	const uint64_t *host = memory_at(&cpu->vcpu->vm->memory, pa, 8);

	if (!host)
		return false;
	*desc = __atomic_load_n(host, __ATOMIC_RELAXED);
	return true;
}

/* An access to be translated. */
struct request {
	uint64_t va;
	enum a64_access access;
	unsigned el;
	bool pan;
};

/* The descriptor that maps an address, and what was found on the way to it. */
struct leaf {
	uint64_t desc;
	uint64_t pa;	 /* of the descriptor */
	uint64_t tables; /* the table descriptors above it, ORed */
	unsigned level;
	unsigned shift; /* log2 of the bytes that it maps */
};

/* The output address of a 64K descriptor would have bits 51:48 with LPA; here they are reserved. */
static bool find_leaf(struct a64_cpu *cpu, uint64_t va, const struct range *range,
		      struct leaf *leaf, struct a64_translation *result)
{
	unsigned page_bits = range->page_bits, stride = page_bits - 3;
	unsigned first = 4 - (range->va_bits - page_bits + stride - 1) / stride, level = first;
	unsigned bits = output_bits(cpu);
	uint64_t table = range->ttbr & 0x0000fffffffffffeULL, desc;
	unsigned low = page_bits + (3 - level) * stride; /* lowest VA bit of the level's index */

	leaf->tables = 0;
	/* The first table may be smaller than a page, and is then aligned to its size. */
	table &= ~((1ULL << (range->va_bits - low + 3)) - 1);
	if (table >> bits)
		return fail(result, A64_FSC_ADDRESS_SIZE, 0);
	for (;; level++, low -= stride) {
		unsigned index_bits = level == first ? range->va_bits - low : stride;
		bool last = level == 3;

		leaf->pa = table + (va >> low & ((1ULL << index_bits) - 1)) * 8;
		if (!read_descriptor(cpu, leaf->pa, &desc))
			return fail(result, A64_FSC_EXTERNAL_WALK, level);
		if (!(desc & DESC_VALID) || (last && !(desc & DESC_TABLE)))
			return fail(result, A64_FSC_TRANSLATION, level);
		if (last || !(desc & DESC_TABLE))
			break;
		leaf->tables |= desc;
		table = desc & DESC_ADDRESS & ~((1ULL << page_bits) - 1);
		if (table >> bits)
			return fail(result, A64_FSC_ADDRESS_SIZE, level);
	}
	/* Blocks exist at level 1 with 4K granules, and at level 2. */
	if (level == 0 || (level == 1 && page_bits != 12))
		return fail(result, A64_FSC_TRANSLATION, level);
	if ((desc & DESC_ADDRESS & ~((1ULL << low) - 1)) >> bits)
		return fail(result, A64_FSC_ADDRESS_SIZE, level);
	leaf->desc = desc;
	leaf->level = level;
	leaf->shift = low;
	return true;
}

/* False: somebody changed the descriptor since it was read. */
static bool update_descriptor(struct a64_cpu *cpu, const struct leaf *leaf, uint64_t desc)
{
	uint64_t *host, old = leaf->desc;

	if (desc == old)
		return true;
	host = memory_at(&cpu->vcpu->vm->memory, leaf->pa, 8);
	if (a64_monitors_armed(cpu->shared))
		a64_notice_store(cpu, leaf->pa, 8);
	return __atomic_compare_exchange_n(host, &old, desc, false, __ATOMIC_SEQ_CST,
					   __ATOMIC_SEQ_CST);
}

static bool permitted(const struct a64_translation *result, enum a64_access access, unsigned el,
		      bool pan)
{
	switch (access) {
	case A64_READ:
		return (result->perms & A64_PERM_READ(el)) &&
		       !(pan && (result->perms & A64_PERM_USER));
	case A64_WRITE:
	case A64_WRITE_CHECK:
		return (result->perms & A64_PERM_WRITE(el)) &&
		       !(pan && (result->perms & A64_PERM_USER));
	default: return result->perms & A64_PERM_EXECUTE(el);
	}
}

/* Is this the write that makes the page dirty? */
static bool dirties(const struct a64_translation *result, const struct request *request)
{
	return request->access == A64_WRITE && (result->attrs & A64_ATTR_CLEAN) &&
	       permitted(result, A64_WRITE, request->el, request->pan);
}

static bool walk(struct a64_cpu *cpu, const struct request *request, const struct range *range,
		 struct a64_translation *result)
{
	uint64_t va = request->va, within, desc;
	struct leaf leaf;

	do {
		if (!find_leaf(cpu, va, range, &leaf, result))
			return false;
		desc = leaf.desc;
		if (!(desc & DESC_AF) && !hardware_access_flag(cpu))
			return fail(result, A64_FSC_ACCESS_FLAG, leaf.level);
		desc |= DESC_AF;
		set_attributes(cpu, desc, result);
		set_permissions(cpu, desc, leaf.tables, result);
		if (dirties(result, request)) {
			desc &= ~DESC_AP_RO;
			result->attrs &= (uint8_t)~A64_ATTR_CLEAN;
		}
	} while (!update_descriptor(cpu, &leaf, desc));
	within = (1ULL << leaf.shift) - 1;
	result->level = (uint8_t)leaf.level;
	result->shift = (uint8_t)leaf.shift;
	result->pa = (desc & DESC_ADDRESS & ~within) | (va & within);
	return true;
}

/* With the MMU off, addresses are physical; data is Device-nGnRnE, all is permitted (D8.2.9). */
static bool flat(const struct a64_cpu *cpu, uint64_t va, enum a64_access access,
		 struct a64_translation *result)
{
	if (cpu->sys.tcr & (va >> 55 & 1 ? TCR_TBI1 : TCR_TBI0))
		va &= 0x00ffffffffffffffULL;
	if (va >> A64_PA_BITS)
		return fail(result, A64_FSC_ADDRESS_SIZE, 0);
	result->pa = va;
	result->perms = 0x3f;
	result->attrs = A64_ATTR_GLOBAL | (access == A64_EXECUTE ? 0 : A64_ATTR_DEVICE);
	result->shift = 12;
	result->level = 0;
	result->mair = 0;
	result->sharing = 2;
	return true;
}

/* As a64_update_contexts() left it; with the MMU off level 2 is not looked at. */
static uint16_t current_slot(const struct a64_cpu *cpu)
{
	return (uint16_t)(cpu->tlb.slot[0] >> SLOT_SHIFT);
}

static struct a64_tlb2_entry *tlb2_at(struct a64_cpu *cpu, uint64_t va)
{
	return &cpu->tlb.level2[(va >> 12) & (A64_TLB2_SIZE - 1)];
}

static bool tlb2_find(struct a64_cpu *cpu, uint64_t va, struct a64_translation *result)
{
	const struct a64_tlb2_entry *entry = tlb2_at(cpu, va);

	if (entry->va != ((va & ~A64_PAGE_MASK) | TLB2_VALID))
		return false;
	if (!(entry->attrs & A64_ATTR_GLOBAL) && entry->slot != current_slot(cpu))
		return false;
	result->pa = entry->pa | (va & A64_PAGE_MASK);
	result->perms = entry->perms;
	result->attrs = entry->attrs;
	result->level = entry->level;
	result->shift = entry->shift;
	result->mair = entry->mair;
	result->sharing = entry->sharing;
	return true;
}

static void tlb2_fill(struct a64_cpu *cpu, uint64_t va, const struct a64_translation *result)
{
	struct a64_tlb2_entry *entry = tlb2_at(cpu, va);

	entry->va = (va & ~A64_PAGE_MASK) | TLB2_VALID;
	entry->pa = result->pa & ~A64_PAGE_MASK;
	entry->slot = current_slot(cpu);
	entry->perms = result->perms;
	entry->attrs = result->attrs;
	entry->level = result->level;
	entry->shift = result->shift;
	entry->mair = result->mair;
	entry->sharing = result->sharing;
	if (result->shift > 21)
		cpu->tlb.huge = true;
	else if (result->shift > 16)
		cpu->tlb.blocks[va >> 27 & 63] |= 1ULL << (va >> 21 & 63);
	if ((va >> 63) && !(result->attrs & A64_ATTR_GLOBAL) && !cpu->tlb.upper_not_global) {
		cpu->tlb.upper_not_global = true;
		a64_update_contexts(cpu);
	}
}

bool a64_translate(struct a64_cpu *cpu, uint64_t va, enum a64_access access, unsigned el, bool pan,
		   struct a64_translation *result)
{
	struct request request = {.access = access, .el = el, .pan = pan};
	bool upper = va >> 55 & 1;
	struct range range;
	uint64_t extended;

	if (!(cpu->sys.sctlr & A64_SCTLR_M))
		return flat(cpu, va, access, result);
	range = range_of(cpu, upper);
	extended = range.tagged ? (uint64_t)((int64_t)(va << 8) >> 8) : va;
	request.va = extended;
	if (!tlb2_find(cpu, extended, result) || dirties(result, &request)) {
		uint64_t outside = extended >> range.va_bits;

		if (outside != (upper ? UINT64_MAX >> range.va_bits : 0) || range.disabled)
			return fail(result, A64_FSC_TRANSLATION, 0);
		cpu->tlb.misses++;
		if (!walk(cpu, &request, &range, result))
			return false;
		tlb2_fill(cpu, extended, result);
	}
	if (!permitted(result, access, el, pan))
		return fail(result, A64_FSC_PERMISSION, result->level);
	return true;
}

/*
 * Contexts. The low 12 bits of a tag are the ASID's slot (10 bits) and the regime (2 bits): whose
 * permissions were checked when the entry was made. In the upper half, where PAN is not part of
 * it, EL1 has a regime of its own: translated code compares with the context of one half, and must
 * not find an entry of the other half there that was made without PAN.
 *
 * No context is 0, and so no tag, not even that of an access that wraps around to page 0: slots begin
 * at 1, and where there is none (in the upper half) the regime is not 0.
 */
enum regime {
	REGIME_EL1_PAN, /* of data in the lower half */
	REGIME_EL0,
	REGIME_EL1,
	REGIME_EL1_UPPER, /* of data */
	REGIME_OFF = 3,	  /* of code: the MMU is off */
};

#define SLOTS_MAX 1022

static uint64_t asid_slot(struct a64_cpu *cpu)
{
	uint16_t *slot = &cpu->tlb.asid_slot[current_asid(cpu)];

	if (!*slot) {
		if (cpu->tlb.asid_slots == SLOTS_MAX)
			a64_tlb_init(cpu);
		*slot = ++cpu->tlb.asid_slots;
	}
	return (uint64_t)*slot << SLOT_SHIFT;
}

/* With the MMU off, data is Device memory, so its accesses are slow; code is not. */
static void set_flat_contexts(struct a64_tlb *tlb)
{
	tlb->context[0] = tlb->context[1] = A64_CONTEXT_NOWHERE;
	tlb->unprivileged[0] = tlb->unprivileged[1] = A64_CONTEXT_NOWHERE;
	tlb->fetch[0] = tlb->fetch[1] = REGIME_OFF;
}

void a64_update_regime(struct a64_cpu *cpu)
{
	struct a64_tlb *tlb = &cpu->tlb;
	uint64_t lower = tlb->slot[0], upper = tlb->slot[1];
	enum regime regime = cpu->el == 0 ? REGIME_EL0 : REGIME_EL1;

	if (!(cpu->sys.sctlr & A64_SCTLR_M))
		return;
	tlb->fetch[0] = lower | regime;
	tlb->fetch[1] = upper | regime;
	if (cpu->sys.sctlr & A64_SCTLR_A)
		return;
	tlb->context[0] = lower | (a64_pan(cpu) ? REGIME_EL1_PAN : regime);
	tlb->context[1] = upper | (cpu->el == 0 ? REGIME_EL0 : REGIME_EL1_UPPER);
}

void a64_update_contexts(struct a64_cpu *cpu)
{
	struct a64_tlb *tlb = &cpu->tlb;

	if (!(cpu->sys.sctlr & A64_SCTLR_M)) {
		set_flat_contexts(tlb);
		return;
	}
	tlb->slot[0] = asid_slot(cpu);
	tlb->slot[1] = tlb->upper_not_global ? tlb->slot[0] : 0;
	tlb->context[0] = tlb->context[1] = A64_CONTEXT_NOWHERE;
	tlb->unprivileged[0] = tlb->unprivileged[1] = A64_CONTEXT_NOWHERE;
	if (!(cpu->sys.sctlr & A64_SCTLR_A)) {
		tlb->unprivileged[0] = tlb->slot[0] | REGIME_EL0;
		tlb->unprivileged[1] = tlb->slot[1] | REGIME_EL0;
	}
	a64_update_regime(cpu);
}

void a64_tlb_fill(struct a64_cpu *cpu, uint64_t va, const struct a64_translation *translation,
		  bool unprivileged)
{
	const uint64_t *contexts = unprivileged ? cpu->tlb.unprivileged : cpu->tlb.context;
	uint64_t context = contexts[va >> 63], page = va & ~A64_PAGE_MASK;
	unsigned el = unprivileged ? 0 : cpu->el;
	struct a64_tlb_entry *entry = &cpu->tlb.level1[(va >> 12) & (A64_TLB_SIZE - 1)];
	uint64_t pa = translation->pa & ~A64_PAGE_MASK;
	const uint8_t *host = memory_at(&cpu->vcpu->vm->memory, pa, 1);

	if (!host || (translation->attrs & A64_ATTR_DEVICE) || context == A64_CONTEXT_NOWHERE)
		return;
	if (a64_debug_watches_page(cpu, va))
		return;
	/* PSTATE.PAN is part of the lower half's context alone. */
	if (el == 1 && (va >> 63) && (translation->perms & A64_PERM_USER))
		return;
	/* A tagged address has the tag in its page; entries are made for the plain one. */
	if ((va >> 55 & 1) != (va >> 63))
		return;
	entry->pa = pa;
	entry->host = (uintptr_t)host - page;
	entry->read = entry->write = A64_TLB_NONE;
	if (translation->perms & A64_PERM_READ(el))
		entry->read = page | context;
	if ((translation->perms & A64_PERM_WRITE(el)) && !(translation->attrs & A64_ATTR_CLEAN))
		entry->write = page | context;
}
