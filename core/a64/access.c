/*
 * The slow paths of memory accesses: TLB misses, page crossings, devices, faults.
 *
 * An access that crosses a page is made in two parts, after both pages have been translated. An
 * access to what is not RAM becomes an MMIO exit; nobody there is a synchronous external abort.
 */
#include "core/a64/access.h"

#include "core/a64/debug.h"
#include "core/a64/exception.h"
#include "core/a64/exclusive.h"
#include "core/a64/interp.h"
#include "core/a64/mmu.h"
#include "core/a64/work.h"
#include "core/vm.h"

/* One access in progress. */
struct access {
	const struct a64_insn *i;
	uint64_t va;
	unsigned size;
	bool write;
	bool unprivileged;
	bool both; /* it is a write, and it reads first */
};

static uint32_t wnr(const struct access *access)
{
	return access->write ? A64_ISS_WNR : 0;
}

static void check_alignment(struct a64_cpu *cpu, const struct access *access,
			    const struct a64_translation *translation)
{
	if ((access->va & (access->size - 1)) == 0)
		return;
	if ((cpu->sys.sctlr & A64_SCTLR_A) || (translation->attrs & A64_ATTR_DEVICE))
		a64_raise_data_abort(cpu, access->i, access->va, A64_FSC_ALIGNMENT | wnr(access));
}

/* Translate va, which lies in the access, or raise its fault. */
static void translate(struct a64_cpu *cpu, const struct access *access, uint64_t va,
		      struct a64_translation *translation)
{
	unsigned el = access->unprivileged ? 0 : cpu->el;
	bool pan = !access->unprivileged && a64_pan(cpu);

	if (!a64_translate(cpu, va, access->write ? A64_WRITE : A64_READ, el, pan, translation))
		a64_raise_data_abort(cpu, access->i, va, translation->fsc | wnr(access));
}

static void watch(struct a64_cpu *cpu, const struct access *access, bool write, uint32_t iss)
{
	uint64_t hit;

	if (a64_debug_watches(cpu, access->va, access->size, write, access->unprivileged, &hit))
		a64_raise_far(cpu, access->i, A64_EC_WATCHPOINT,
			      A64_FSC_DEBUG | (write ? A64_ISS_WNR : 0) | iss, hit);
}

/* Watchpoints come after the faults of the MMU, and before the access. */
static void check_watchpoints(struct a64_cpu *cpu, const struct access *access)
{
	if (!access->write || access->both)
		watch(cpu, access, false, 0);
	if (access->write)
		watch(cpu, access, true, 0);
}

void a64_watch(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va, unsigned size,
	       bool write, uint32_t iss)
{
	struct access access = {.i = i, .va = va, .size = size};

	watch(cpu, &access, write, iss);
}

/* An access to what is not RAM. */
static uint64_t mmio(struct a64_cpu *cpu, const struct access *access, uint64_t pa, uint64_t value)
{
	struct vcpu_exit exit = {
		.kind = access->write ? EXIT_MMIO_WRITE : EXIT_MMIO_READ,
		.mmio = {.addr = pa, .value = value, .size = access->size, .ok = true},
	};

	a64_reach(cpu, access->i);
	a64_exit(cpu, &exit);
	a64_reached(cpu, access->i);
	if (!exit.mmio.ok)
		a64_raise_data_abort(cpu, access->i, access->va, A64_FSC_EXTERNAL | wnr(access));
	return exit.mmio.value;
}

static uint64_t host_load(const void *host, unsigned size)
{
	switch (size) {
	case 1: return a64_host_load8(host);
	case 2: return a64_host_load16(host);
	case 4: return a64_host_load32(host);
	default: return a64_host_load64(host);
	}
}

static void host_store(void *host, unsigned size, uint64_t value)
{
	switch (size) {
	case 1: a64_host_store8(host, (uint8_t)value); break;
	case 2: a64_host_store16(host, (uint16_t)value); break;
	case 4: a64_host_store32(host, (uint32_t)value); break;
	default: a64_host_store64(host, value); break;
	}
}

static bool crosses_page(uint64_t va, unsigned size)
{
	return (va & A64_PAGE_MASK) + size > MEMORY_PAGE_SIZE;
}

/* The host address of one part of a crossing access; both must be RAM. */
static void *part_at(struct a64_cpu *cpu, const struct access *access, uint64_t va, unsigned size,
		     struct a64_translation *translation)
{
	void *host;

	translate(cpu, access, va, translation);
	check_alignment(cpu, access, translation);
	host = memory_at(&cpu->vcpu->vm->memory, translation->pa, size);
	if (!host)
		a64_raise_data_abort(cpu, access->i, va, A64_FSC_EXTERNAL | wnr(access));
	return host;
}

/* A crossing access of up to 8 bytes, moved through `bytes`. */
static void cross(struct a64_cpu *cpu, const struct access *access, uint8_t bytes[8])
{
	unsigned first = (unsigned)(MEMORY_PAGE_SIZE - (access->va & A64_PAGE_MASK));
	unsigned second = access->size - first;
	struct a64_translation translations[2];
	uint8_t *low = part_at(cpu, access, access->va, first, &translations[0]);
	uint8_t *high = part_at(cpu, access, access->va + first, second, &translations[1]);
	unsigned n;

	check_watchpoints(cpu, access);
	if (access->write && a64_monitors_armed(cpu->shared)) {
		a64_notice_store(cpu, translations[0].pa, first);
		a64_notice_store(cpu, translations[1].pa, second);
	}
	for (n = 0; n < access->size; n++) {
		uint8_t *host = n < first ? low + n : high + (n - first);

		if (access->write)
			a64_host_store8(host, bytes[n]);
		else
			bytes[n] = a64_host_load8(host);
	}
}

/*
 * With the MMU off every access comes here, because data is Device memory then and alignment has to
 * be looked at: RAM at the same address, for an aligned access that nothing watches. NULL: the
 * long way.
 */
static void *flat_at(const struct a64_cpu *cpu, uint64_t va, unsigned size)
{
	if ((cpu->sys.sctlr & A64_SCTLR_M) || (va & (size - 1)) || cpu->debug.watching)
		return NULL;
	return memory_at(&cpu->vcpu->vm->memory, va, size);
}

uint64_t a64_load_slow(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va, unsigned size,
		       bool unprivileged)
{
	struct access access = {i, va, size, false, unprivileged, false};
	struct a64_translation translation;
	const void *host = flat_at(cpu, va, size);

	if (host)
		return host_load(host, size);
	if (unprivileged &&
	    a64_tlb_at(cpu, va)->read == a64_tlb_tag(cpu->tlb.unprivileged, va, size))
		return host_load((const void *)(uintptr_t)(a64_tlb_at(cpu, va)->host + va), size);
	if (crosses_page(va, size)) {
		uint64_t value = 0;

		cross(cpu, &access, (uint8_t *)&value);
		return value;
	}
	translate(cpu, &access, va, &translation);
	check_alignment(cpu, &access, &translation);
	check_watchpoints(cpu, &access);
	host = memory_at(&cpu->vcpu->vm->memory, translation.pa, size);
	if (!host)
		return mmio(cpu, &access, translation.pa, 0);
	a64_tlb_fill(cpu, va, &translation, unprivileged);
	return host_load(host, size);
}

void a64_store_slow(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va, unsigned size,
		    uint64_t value, bool unprivileged)
{
	struct access access = {i, va, size, true, unprivileged, false};
	struct a64_translation translation;
	void *host = flat_at(cpu, va, size);

	if (host && !a64_monitors_armed(cpu->shared)) {
		host_store(host, size, value);
		return;
	}
	if (unprivileged && !a64_monitors_armed(cpu->shared) &&
	    a64_tlb_at(cpu, va)->write == a64_tlb_tag(cpu->tlb.unprivileged, va, size)) {
		host_store((void *)(uintptr_t)(a64_tlb_at(cpu, va)->host + va), size, value);
		return;
	}
	if (crosses_page(va, size)) {
		cross(cpu, &access, (uint8_t *)&value);
		return;
	}
	translate(cpu, &access, va, &translation);
	check_alignment(cpu, &access, &translation);
	check_watchpoints(cpu, &access);
	host = memory_at(&cpu->vcpu->vm->memory, translation.pa, size);
	if (!host) {
		mmio(cpu, &access, translation.pa, value);
		return;
	}
	a64_tlb_fill(cpu, va, &translation, unprivileged);
	if (a64_monitors_armed(cpu->shared))
		a64_notice_store(cpu, translation.pa, size);
	host_store(host, size, value);
}

union a64_vreg a64_load128(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va)
{
	const struct a64_tlb_entry *entry = a64_tlb_at(cpu, va);
	union a64_vreg value;

	if (__builtin_expect(entry->read == a64_tlb_tag(cpu->tlb.context, va, 16), 1)) {
		const uint8_t *host = (const uint8_t *)(uintptr_t)(entry->host + va);

		value.d[0] = a64_host_load64(host);
		value.d[1] = a64_host_load64(host + 8);
		return value;
	}
	a64_probe(cpu, i, va, 16, false);
	value.d[0] = a64_load64(cpu, i, va);
	value.d[1] = a64_load64(cpu, i, va + 8);
	return value;
}

void a64_store128(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va, union a64_vreg value)
{
	const struct a64_tlb_entry *entry = a64_tlb_at(cpu, va);

	if (__builtin_expect(entry->write == a64_tlb_tag(cpu->tlb.context, va, 16) &&
				     !a64_monitors_armed(cpu->shared),
			     1)) {
		uint8_t *host = (uint8_t *)(uintptr_t)(entry->host + va);

		a64_host_store64(host, value.d[0]);
		a64_host_store64(host + 8, value.d[1]);
		return;
	}
	a64_probe(cpu, i, va, 16, true);
	a64_store64(cpu, i, va, value.d[0]);
	a64_store64(cpu, i, va + 8, value.d[1]);
}

void a64_probe(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va, unsigned size,
	       bool write)
{
	const struct a64_tlb_entry *entry = a64_tlb_at(cpu, va);
	struct access access = {i, va, size, write, false, false};
	struct a64_translation translation;

	if ((write ? entry->write : entry->read) == a64_tlb_tag(cpu->tlb.context, va, size))
		return;
	translate(cpu, &access, va, &translation);
	if (crosses_page(va, size))
		translate(cpu, &access, (va + size - 1) & ~A64_PAGE_MASK, &translation);
	check_watchpoints(cpu, &access);
}

/* The address of an aligned access in RAM, and its permission; NULL where there is no RAM. */
static void *aligned_at(struct a64_cpu *cpu, const struct access *access, uint64_t *pa)
{
	struct a64_tlb_entry *entry = a64_tlb_at(cpu, access->va);
	uint64_t tag = a64_tlb_tag(cpu->tlb.context, access->va, access->size);
	struct a64_translation translation;

	if (access->va & (access->size - 1))
		a64_raise_data_abort(cpu, access->i, access->va, A64_FSC_ALIGNMENT | wnr(access));
	if (entry->read == tag && (!access->write || entry->write == tag)) {
		*pa = entry->pa | (access->va & A64_PAGE_MASK);
		return (void *)(uintptr_t)(entry->host + access->va);
	}
	/* A page that cannot be read cannot be written either (AP). */
	translate(cpu, access, access->va, &translation);
	check_watchpoints(cpu, access);
	*pa = translation.pa;
	a64_tlb_fill(cpu, access->va, &translation, false);
	return memory_at(&cpu->vcpu->vm->memory, translation.pa, access->size);
}

void *a64_atomic_at(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va, unsigned size,
		    bool write, uint64_t *pa)
{
	struct access access = {i, va, size, write, false, write};
	void *host = aligned_at(cpu, &access, pa);

	if (host && write && a64_monitors_armed(cpu->shared))
		a64_notice_store(cpu, *pa, size);
	return host;
}

void *a64_store_exclusive_at(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va,
			     unsigned size, uint64_t *pa)
{
	struct access access = {i, va, size, true, false, false};

	return aligned_at(cpu, &access, pa);
}
