/*
 * From a guest's virtual address to a physical one, for messages: the instruction at the program
 * counter is what a person wants to see first. KVM on arm64 has no call for it (KVM_TRANSLATE is
 * x86's), so this walks the guest's stage 1 tables (Arm DDI 0487, D8.2) by the registers that say
 * where they are. Whether the guest may execute there is of no interest: it just did.
 */
#include "core/kvm/kvm.h"

#include <stddef.h>

#define SCTLR_M (1ULL << 0)

/* TCR_EL1, for TTBR0_EL1; the fields for TTBR1_EL1 are TCR_HIGH bits above, but for the granule. */
#define TCR_TSZ_MASK 0x3fULL
#define TCR_HIGH     16
#define TCR_TG0	     14
#define TCR_TG1	     30
#define TCR_TG_MASK  3ULL

#define UPPER_HALF (1ULL << 55) /* chooses the table; bits above may be a tag */
#define TTBR_TABLE 0x0000fffffffffffeULL

#define DESC_VALID   (1ULL << 0)
#define DESC_TABLE   (1ULL << 1) /* at the last level: a page */
#define DESC_ADDRESS 0x0000fffffffff000ULL
#define DESC_BYTES   8
#define LAST_LEVEL   3

/* One half of the guest's address space. */
struct half {
	uint64_t table;	  /* of the first level */
	unsigned bits;	  /* of the address that are translated */
	unsigned granule; /* log2 of a table's and a page's size */
};

static bool read_register(struct vcpu *vcpu, const char *name, uint64_t *value)
{
	struct reg_value reg;

	if (kvm_reg_get(vcpu, name, &reg, NULL) < 0)
		return false;
	*value = reg.lo;
	return true;
}

static bool find_half(struct vcpu *vcpu, bool upper, struct half *half)
{
	/* TG0 and TG1 are encoded differently; 0 is reserved. */
	static const uint8_t granules[2][4] = {{12, 16, 14, 0}, {0, 14, 12, 16}};
	uint64_t tcr, ttbr;

	if (!read_register(vcpu, "tcr_el1", &tcr) ||
	    !read_register(vcpu, upper ? "ttbr1_el1" : "ttbr0_el1", &ttbr))
		return false;
	half->table = ttbr & TTBR_TABLE;
	half->bits = 64 - (unsigned)(tcr >> (upper ? TCR_HIGH : 0) & TCR_TSZ_MASK);
	half->granule = granules[upper][tcr >> (upper ? TCR_TG1 : TCR_TG0) & TCR_TG_MASK];
	return half->granule && half->bits > half->granule && half->bits <= 52;
}

/* How far the index of a level is shifted in the address: what an entry of that level covers. */
static unsigned shift_of(const struct half *half, int level)
{
	return half->granule + (unsigned)(LAST_LEVEL - level) * (half->granule - 3);
}

static int first_level(const struct half *half)
{
	unsigned stride = half->granule - 3;

	return LAST_LEVEL + 1 - (int)((half->bits - half->granule + stride - 1) / stride);
}

static bool walk(const struct memory *memory, const struct half *half, uint64_t va, uint64_t *pa)
{
	uint64_t table = half->table, desc, mask;
	unsigned bits = half->bits;

	for (int level = first_level(half); level <= LAST_LEVEL; level++) {
		unsigned shift = shift_of(half, level);
		uint64_t index = (va & ((1ULL << bits) - 1)) >> shift;

		if (!memory_read(memory, table + index * DESC_BYTES, &desc, sizeof(desc)) ||
		    !(desc & DESC_VALID))
			return false;
		if (level == LAST_LEVEL || !(desc & DESC_TABLE)) {
			mask = (1ULL << shift) - 1;
			*pa = (desc & DESC_ADDRESS & ~mask) | (va & mask);
			return true;
		}
		table = desc & DESC_ADDRESS & ~((1ULL << half->granule) - 1);
		bits = shift;
	}
	return false;
}

bool kvm_translate(struct vcpu *vcpu, uint64_t va, uint64_t *pa)
{
	struct half half;
	uint64_t sctlr;

	if (!read_register(vcpu, "sctlr_el1", &sctlr))
		return false;
	if (!(sctlr & SCTLR_M)) {
		*pa = va;
		return true;
	}
	return find_half(vcpu, va & UPPER_HALF, &half) && walk(&vcpu->vm->memory, &half, va, pa);
}
