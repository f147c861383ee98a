/*
 * System registers of the CPU: identification, MMU and exception control, PSTATE views, debug.
 *
 * Most are plain storage with a mask of the bits that exist; the macros below write a pair of
 * accessors for each. What a write changes beyond the register (contexts of the TLB, the FP trap,
 * stepping) is done right there; the guest's ISB does the rest.
 */
#include "core/a64/sysregs.h"

#include <stddef.h>

#include "core/a64/debug.h"
#include "core/a64/exception.h"
#include "core/a64/interp.h"
#include "core/a64/mmu.h"
#include "core/a64/pmu.h"
#include "core/a64/work.h"
#include "core/vm.h"

#define SCTLR_RES1  0x30500800ULL
#define SCTLR_EE    (1ULL << 25)
#define SCTLR_E0E   (1ULL << 24)
#define SCTLR_VALID (0x3fffffffULL & ~SCTLR_EE & ~SCTLR_E0E)
#define DCZID_DZP   (1ULL << 4) /* DC ZVA is prohibited */
#define FPCR_VALID  0x07c00000U /* AHP, DN, FZ, RMode; and FZ16 with FEAT_FP16 */
#define FPSR_VALID  0xf800009fU

#define READER(name, expression)                                    \
	static uint64_t read_##name(void *owner, struct vcpu *vcpu) \
	{                                                           \
		struct a64_cpu *cpu = a64_cpu_of(vcpu);             \
		(void)owner;                                        \
		(void)cpu;                                          \
		return (expression);                                \
	}

#define WRITER(name, statement)                                                  \
	static void write_##name(void *owner, struct vcpu *vcpu, uint64_t value) \
	{                                                                        \
		struct a64_cpu *cpu = a64_cpu_of(vcpu);                          \
		(void)owner;                                                     \
		(void)cpu;                                                       \
		(void)value;                                                     \
		statement;                                                       \
	}

/* Plain storage to who reads it. */
#define READ_STORAGE(name, field, ...)                         \
	static const struct sysreg_storage storage_##name = {  \
		.offset = offsetof(struct a64_cpu, sys.field), \
		__VA_ARGS__,                                   \
	};                                                     \
	READER(name, cpu->sys.field)

#define STORAGE(name, field, valid)                \
	READ_STORAGE(name, field, .mask = (valid)) \
	WRITER(name, cpu->sys.field = value & (valid))

#define ALL UINT64_MAX

/* ---- Identification ---- */

/* Implementer 0 is "reserved for software use"; architecture 0xf: see the ID registers. */
#define MIDR 0x000f0d01ULL

static uint64_t feature(const struct a64_cpu *cpu, enum a64_feature which, unsigned shift,
			uint64_t value)
{
	return cpu->features >> which & 1 ? value << shift : 0;
}

#define HAS(name, shift, value) feature(cpu, A64_FEATURE_##name, shift, value)

static uint64_t id_aa64pfr0(const struct a64_cpu *cpu)
{
	uint64_t fp = A64_HAS(cpu->features, FP16) ? 1 : 0;
	uint64_t gic = cpu->vcpu->vm->config.gic == 2 ? 0 : 1;

	/* EL0 and EL1 in AArch64 alone; CSV2 and CSV3: no speculation, hence none leaks. */
	return 0x11 | fp << 16 | fp << 20 | gic << 24 | 1ULL << 56 | 1ULL << 60;
}

static uint64_t id_aa64isar0(const struct a64_cpu *cpu)
{
	uint64_t aes = A64_HAS(cpu->features, PMULL) ? 2 : A64_HAS(cpu->features, AES) ? 1 : 0;

	return aes << 4 | HAS(SHA1, 8, 1) | HAS(SHA256, 12, 1) | HAS(CRC32, 16, 1) |
	       HAS(LSE, 20, 2) | HAS(RDM, 28, 1) | HAS(DotProd, 44, 1) | HAS(FlagM, 52, 1);
}

READER(midr, MIDR)
READER(mpidr, vcpu->mpidr)
READER(zero, 0)
READER(id_aa64pfr0, id_aa64pfr0(cpu))
READER(id_aa64pfr1, HAS(SSBS, 4, 2))
/* Armv8 debug. */
READER(id_aa64dfr0, 6ULL | HAS(PMUv3p1, 8, 4) | (A64_BREAKPOINTS - 1) << 12 |
			    (A64_WATCHPOINTS - 1) << 20 | (A64_CONTEXT_BREAKPOINTS - 1) << 28)
READER(id_aa64isar0, id_aa64isar0(cpu))
READER(id_aa64isar1, HAS(DPB, 0, 1) | HAS(LRCPC, 20, 1) | HAS(SB, 36, 1))
/* 40-bit physical addresses, 16-bit ASIDs, all three granules. */
READER(id_aa64mmfr0, A64_PA_PARANGE | 2ULL << 4 | 1ULL << 20)
READER(id_aa64mmfr1, HAS(HAFDBS, 0, 2) | HAS(PAN, 20, A64_HAS(cpu->features, PAN2) ? 2 : 1))
READER(id_aa64mmfr2, HAS(UAO, 4, 1))
/* Lines of 64 bytes; data caches need no cleaning to the point of unification (IDC). */
READER(ctr, 1ULL << 31 | 1ULL << 28 | 4ULL << 24 | 4ULL << 20 | 4ULL << 16 | 3ULL << 14 | 4)
READER(dczid, (cpu->el == 0 && !(cpu->sys.sctlr & A64_SCTLR_DZE) ? DCZID_DZP : 0) | A64_DCZID_BS)
/* L1 instruction and data, L2 unified; coherence is at level 2. */
READER(clidr, 3ULL | 4ULL << 3 | 2ULL << 24)
STORAGE(csselr, csselr, 0xf)

static uint64_t ccsidr(const struct a64_cpu *cpu)
{
	/* LineSize 2: 64 bytes. Ways - 1 in 12:3, sets - 1 in 27:13. */
	switch (cpu->sys.csselr) {
	case 0:
	case 1: return 2 | 3ULL << 3 | 255ULL << 13;  /* 64 KiB, 4 ways */
	case 2: return 2 | 7ULL << 3 | 2047ULL << 13; /* 1 MiB, 8 ways */
	default: return 0;
	}
}

READER(ccsidr, ccsidr(cpu))

static enum sysreg_access check_ctr(void *owner, struct vcpu *vcpu, unsigned el, bool write)
{
	(void)owner;
	(void)write;
	return el > 0 || (a64_cpu_of(vcpu)->sys.sctlr & A64_SCTLR_UCT) ? SYSREG_OK : SYSREG_TRAP;
}

/* ---- Memory management ---- */

static void set_sctlr(struct a64_cpu *cpu, uint64_t value)
{
	uint64_t valid = SCTLR_VALID | (A64_HAS(cpu->features, SSBS) ? A64_SCTLR_DSSBS : 0);
	uint64_t changed;

	value = (value & valid) | SCTLR_RES1;
	changed = value ^ cpu->sys.sctlr;
	cpu->sys.sctlr = value;
	if (changed & A64_SCTLR_WXN)
		a64_tlb_invalidate(cpu, A64_TLB_ALL, 0, 0);
	a64_update_contexts(cpu);
}

static void set_tcr(struct a64_cpu *cpu, uint64_t value)
{
	if (value == cpu->sys.tcr)
		return;
	cpu->sys.tcr = value;
	a64_tlb_invalidate(cpu, A64_TLB_ALL, 0, 0);
	a64_update_contexts(cpu);
}

static void set_ttbr(struct a64_cpu *cpu, uint64_t *ttbr, uint64_t value)
{
	*ttbr = value;
	a64_pmu_count(cpu, A64_PMU_TTBR_WRITE_RETIRED);
	a64_update_contexts(cpu);
}

READ_STORAGE(sctlr, sctlr, .read_only = true)
WRITER(sctlr, set_sctlr(cpu, value))
STORAGE(actlr, actlr, 0)
READ_STORAGE(ttbr0, ttbr0, .read_only = true)
WRITER(ttbr0, set_ttbr(cpu, &cpu->sys.ttbr0, value))
READ_STORAGE(ttbr1, ttbr1, .read_only = true)
WRITER(ttbr1, set_ttbr(cpu, &cpu->sys.ttbr1, value))
READ_STORAGE(tcr, tcr, .read_only = true)
WRITER(tcr, set_tcr(cpu, value))

static void set_mair(struct a64_cpu *cpu, uint64_t value)
{
	if (value != cpu->sys.mair)
		a64_tlb_invalidate(cpu, A64_TLB_ALL, 0, 0);
	cpu->sys.mair = value;
}

READ_STORAGE(mair, mair, .read_only = true)
WRITER(mair, set_mair(cpu, value))
STORAGE(amair, amair, ALL)

static void set_contextidr(struct a64_cpu *cpu, uint64_t value)
{
	cpu->sys.contextidr = (uint32_t)value;
	a64_pmu_count(cpu, A64_PMU_CID_WRITE_RETIRED);
}

READ_STORAGE(contextidr, contextidr, .read_only = true)
WRITER(contextidr, set_contextidr(cpu, value))
STORAGE(par, par, ALL)

/* ---- Exceptions ---- */

STORAGE(vbar, vbar, ~0x7ffULL)
STORAGE(esr, esr, 0xffffffff)
STORAGE(far, far, ALL)
STORAGE(elr, elr, ALL)
STORAGE(spsr, spsr, 0xffffffff)
STORAGE(afsr0, afsr0, 0)
STORAGE(afsr1, afsr1, 0)
READER(isr, (vcpu->inputs & VCPU_IRQ ? 1 << 7 : 0) | (vcpu->inputs & VCPU_FIQ ? 1 << 6 : 0))
READER(rvbar, vcpu->vm->entry.pc)

static void set_cpacr(struct a64_cpu *cpu, uint64_t value)
{
	cpu->sys.cpacr = value & (3ULL << 20);
	a64_update_fp_trap(cpu);
}

READ_STORAGE(cpacr, cpacr, .read_only = true)
WRITER(cpacr, set_cpacr(cpu, value))

/* ---- PSTATE and the register file ---- */

/* SP_EL0 is reached by this name only while the other stack pointer is in use. */
static enum sysreg_access check_sp_el0(void *owner, struct vcpu *vcpu, unsigned el, bool write)
{
	(void)owner;
	(void)el;
	(void)write;
	return a64_cpu_of(vcpu)->sp_select ? SYSREG_OK : SYSREG_UNDEFINED;
}

static enum sysreg_access check_daif(void *owner, struct vcpu *vcpu, unsigned el, bool write)
{
	(void)owner;
	(void)write;
	return el > 0 || (a64_cpu_of(vcpu)->sys.sctlr & A64_SCTLR_UMA) ? SYSREG_OK : SYSREG_TRAP;
}

static void set_daif(struct a64_cpu *cpu, uint64_t value)
{
	cpu->daif = value >> 6 & 15;
	a64_pstate_changed(cpu);
}

static void set_pan(struct a64_cpu *cpu, uint64_t value)
{
	cpu->pan = value >> 22 & 1;
	a64_update_regime(cpu);
}

STORAGE(sp_el0, sp_el0, ALL)
READER(currentel, (uint64_t)cpu->el << 2)
READER(spsel, cpu->sp_select)
WRITER(spsel, a64_set_mode(cpu, 1, value & 1))
READER(daif, (uint64_t)cpu->daif << 6)
WRITER(daif, set_daif(cpu, value))
READER(nzcv, (uint64_t)a64_nzcv(cpu) << 28)
WRITER(nzcv, a64_set_nzcv(cpu, value >> 28 & 15))
READER(pan, (uint64_t)cpu->pan << 22)
WRITER(pan, set_pan(cpu, value))

static void set_fpcr(struct a64_cpu *cpu, uint64_t value)
{
	uint32_t valid = FPCR_VALID | (A64_HAS(cpu->features, FP16) ? FPCR_FZ16 : 0);

	cpu->fpcr = (uint32_t)value & valid;
}

/* FEAT_UAO, FEAT_SSBS: PSTATE bits that are there with the feature alone. */
static enum sysreg_access check_uao(void *owner, struct vcpu *vcpu, unsigned el, bool write)
{
	(void)owner;
	(void)el;
	(void)write;
	return A64_HAS(a64_cpu_of(vcpu)->features, UAO) ? SYSREG_OK : SYSREG_UNDEFINED;
}

static enum sysreg_access check_ssbs(void *owner, struct vcpu *vcpu, unsigned el, bool write)
{
	(void)owner;
	(void)el;
	(void)write;
	return A64_HAS(a64_cpu_of(vcpu)->features, SSBS) ? SYSREG_OK : SYSREG_UNDEFINED;
}

READER(uao, (uint64_t)cpu->uao << 23)
WRITER(uao, cpu->uao = value >> 23 & 1)
READER(ssbs, (uint64_t)cpu->ssbs << 12)
WRITER(ssbs, cpu->ssbs = value >> 12 & 1)
READER(fpcr, cpu->fpcr)
WRITER(fpcr, set_fpcr(cpu, value))
READER(fpsr, cpu->fpsr)
WRITER(fpsr, cpu->fpsr = (uint32_t)value & FPSR_VALID)

STORAGE(tpidr_el0, tpidr_el0, ALL)
STORAGE(tpidrro_el0, tpidrro_el0, ALL)
STORAGE(tpidr_el1, tpidr_el1, ALL)

/* TPIDRRO_EL0 is read-only at EL0. */
static enum sysreg_access check_tpidrro(void *owner, struct vcpu *vcpu, unsigned el, bool write)
{
	(void)owner;
	(void)vcpu;
	return write && el == 0 ? SYSREG_UNDEFINED : SYSREG_OK;
}

/* ---- Debug (D2, D19.3) ---- */

static void set_mdscr(struct a64_cpu *cpu, uint64_t value)
{
	cpu->sys.mdscr = value & (A64_MDSCR_SS | A64_MDSCR_TDCC | A64_MDSCR_KDE | A64_MDSCR_MDE);
	a64_debug_update(cpu);
}

static void set_oslar(struct a64_cpu *cpu, uint64_t value)
{
	cpu->sys.oslsr = 1ULL << 3 | (value & 1 ? A64_OSLSR_OSLK : 0);
	a64_debug_update(cpu);
}

READER(mdscr, cpu->sys.mdscr)
WRITER(mdscr, set_mdscr(cpu, value))
WRITER(oslar, set_oslar(cpu, value))
READER(oslsr, cpu->sys.oslsr)
STORAGE(mdccint, mdccint, 3ULL << 29)
WRITER(ignored, (void)0)
READER(claim, 0xff)
WRITER(claim_set, cpu->sys.dbgclaim |= value & 0xff)
READER(claim_clear, cpu->sys.dbgclaim)
WRITER(claim_clear, cpu->sys.dbgclaim &= ~value)

static enum sysreg_access check_dcc(void *owner, struct vcpu *vcpu, unsigned el, bool write)
{
	(void)owner;
	(void)write;
	return el > 0 || !(a64_cpu_of(vcpu)->sys.mdscr & A64_MDSCR_TDCC) ? SYSREG_OK : SYSREG_TRAP;
}

#define RO(encoding, reg, accessor) \
	{.key = encoding, .min_el = 1, .name = #reg, .read = read_##accessor}
/* Identification. */
#define ID(encoding, reg, accessor) \
	{.key = encoding, .min_el = 1, .name = #reg, .read = read_##accessor, .constant = true}
#define RW(encoding, reg, accessor) \
	{.key = encoding,           \
	 .min_el = 1,               \
	 .name = #reg,              \
	 .read = read_##accessor,   \
	 .write = write_##accessor}
/* Those of STORAGE() and READ_STORAGE(). */
#define STORED(encoding, reg, accessor) \
	{.key = encoding,               \
	 .min_el = 1,                   \
	 .name = #reg,                  \
	 .read = read_##accessor,       \
	 .write = write_##accessor,     \
	 .storage = &storage_##accessor}

static const struct sysreg registers[] = {
	ID(SYSREG(3, 0, 0, 0, 0), midr_el1, midr),
	ID(SYSREG(3, 0, 0, 0, 5), mpidr_el1, mpidr),
	RO(SYSREG(3, 0, 0, 0, 6), revidr_el1, zero),
	ID(SYSREG(3, 0, 0, 4, 0), id_aa64pfr0_el1, id_aa64pfr0),
	ID(SYSREG(3, 0, 0, 4, 1), id_aa64pfr1_el1, id_aa64pfr1),
	ID(SYSREG(3, 0, 0, 5, 0), id_aa64dfr0_el1, id_aa64dfr0),
	ID(SYSREG(3, 0, 0, 6, 0), id_aa64isar0_el1, id_aa64isar0),
	ID(SYSREG(3, 0, 0, 6, 1), id_aa64isar1_el1, id_aa64isar1),
	ID(SYSREG(3, 0, 0, 7, 0), id_aa64mmfr0_el1, id_aa64mmfr0),
	ID(SYSREG(3, 0, 0, 7, 1), id_aa64mmfr1_el1, id_aa64mmfr1),
	ID(SYSREG(3, 0, 0, 7, 2), id_aa64mmfr2_el1, id_aa64mmfr2),
	RO(SYSREG(3, 1, 0, 0, 0), ccsidr_el1, ccsidr),
	ID(SYSREG(3, 1, 0, 0, 1), clidr_el1, clidr),
	RO(SYSREG(3, 1, 0, 0, 7), aidr_el1, zero),
	STORED(SYSREG(3, 2, 0, 0, 0), csselr_el1, csselr),
	{.key = SYSREG(3, 3, 0, 0, 1),
	 .name = "ctr_el0",
	 .read = read_ctr,
	 .check = check_ctr,
	 .constant = true},
	{.key = SYSREG(3, 3, 0, 0, 7), .name = "dczid_el0", .read = read_dczid},

	STORED(SYSREG(3, 0, 1, 0, 0), sctlr_el1, sctlr),
	STORED(SYSREG(3, 0, 1, 0, 1), actlr_el1, actlr),
	STORED(SYSREG(3, 0, 1, 0, 2), cpacr_el1, cpacr),
	STORED(SYSREG(3, 0, 2, 0, 0), ttbr0_el1, ttbr0),
	STORED(SYSREG(3, 0, 2, 0, 1), ttbr1_el1, ttbr1),
	STORED(SYSREG(3, 0, 2, 0, 2), tcr_el1, tcr),
	STORED(SYSREG(3, 0, 10, 2, 0), mair_el1, mair),
	STORED(SYSREG(3, 0, 10, 3, 0), amair_el1, amair),
	STORED(SYSREG(3, 0, 13, 0, 1), contextidr_el1, contextidr),
	STORED(SYSREG(3, 0, 7, 4, 0), par_el1, par),

	STORED(SYSREG(3, 0, 12, 0, 0), vbar_el1, vbar),
	RO(SYSREG(3, 0, 12, 0, 1), rvbar_el1, rvbar),
	RO(SYSREG(3, 0, 12, 1, 0), isr_el1, isr),
	STORED(SYSREG(3, 0, 5, 2, 0), esr_el1, esr),
	STORED(SYSREG(3, 0, 5, 1, 0), afsr0_el1, afsr0),
	STORED(SYSREG(3, 0, 5, 1, 1), afsr1_el1, afsr1),
	STORED(SYSREG(3, 0, 6, 0, 0), far_el1, far),
	STORED(SYSREG(3, 0, 4, 0, 0), spsr_el1, spsr),
	STORED(SYSREG(3, 0, 4, 0, 1), elr_el1, elr),

	{.key = SYSREG(3, 0, 4, 1, 0),
	 .min_el = 1,
	 .name = "sp_el0",
	 .read = read_sp_el0,
	 .write = write_sp_el0,
	 .storage = &storage_sp_el0,
	 .check = check_sp_el0},
	RW(SYSREG(3, 0, 4, 2, 0), spsel, spsel),
	RO(SYSREG(3, 0, 4, 2, 2), currentel, currentel),
	RW(SYSREG(3, 0, 4, 2, 3), pan, pan),
	{.key = SYSREG(3, 0, 4, 2, 4),
	 .min_el = 1,
	 .name = "uao",
	 .read = read_uao,
	 .write = write_uao,
	 .check = check_uao},
	{.key = SYSREG(3, 3, 4, 2, 6),
	 .name = "ssbs",
	 .read = read_ssbs,
	 .write = write_ssbs,
	 .check = check_ssbs},
	{.key = SYSREG(3, 3, 4, 2, 0), .name = "nzcv", .read = read_nzcv, .write = write_nzcv},
	{.key = SYSREG(3, 3, 4, 2, 1),
	 .name = "daif",
	 .read = read_daif,
	 .write = write_daif,
	 .check = check_daif},
	{.key = SYSREG(3, 3, 4, 4, 0), .name = "fpcr", .read = read_fpcr, .write = write_fpcr},
	{.key = SYSREG(3, 3, 4, 4, 1), .name = "fpsr", .read = read_fpsr, .write = write_fpsr},
	{.key = SYSREG(3, 3, 13, 0, 2),
	 .name = "tpidr_el0",
	 .read = read_tpidr_el0,
	 .write = write_tpidr_el0,
	 .storage = &storage_tpidr_el0},
	{.key = SYSREG(3, 3, 13, 0, 3),
	 .name = "tpidrro_el0",
	 .read = read_tpidrro_el0,
	 .write = write_tpidrro_el0,
	 .storage = &storage_tpidrro_el0,
	 .check = check_tpidrro},
	STORED(SYSREG(3, 0, 13, 0, 4), tpidr_el1, tpidr_el1),

	RW(SYSREG(2, 0, 0, 2, 2), mdscr_el1, mdscr),
	STORED(SYSREG(2, 0, 0, 2, 0), mdccint_el1, mdccint),
	{.key = SYSREG(2, 0, 1, 0, 4), .min_el = 1, .name = "oslar_el1", .write = write_oslar},
	RO(SYSREG(2, 0, 1, 1, 4), oslsr_el1, oslsr),
	{.key = SYSREG(2, 0, 1, 3, 4),
	 .min_el = 1,
	 .name = "osdlr_el1",
	 .read = read_zero,
	 .write = write_ignored},
	{.key = SYSREG(2, 0, 1, 4, 4),
	 .min_el = 1,
	 .name = "dbgprcr_el1",
	 .read = read_zero,
	 .write = write_ignored},
	RO(SYSREG(2, 0, 1, 0, 0), mdrar_el1, zero),
	RO(SYSREG(2, 0, 7, 14, 6), dbgauthstatus_el1, zero),
	{.key = SYSREG(2, 0, 7, 8, 6),
	 .min_el = 1,
	 .name = "dbgclaimset_el1",
	 .read = read_claim,
	 .write = write_claim_set},
	RW(SYSREG(2, 0, 7, 9, 6), dbgclaimclr_el1, claim_clear),
	{.key = SYSREG(2, 3, 0, 1, 0), .name = "mdccsr_el0", .read = read_zero, .check = check_dcc},
	{.key = SYSREG(2, 3, 0, 4, 0),
	 .name = "dbgdtr_el0",
	 .read = read_zero,
	 .write = write_ignored,
	 .check = check_dcc},
	{.key = SYSREG(2, 3, 0, 5, 0),
	 .name = "dbgdtrrx_el0",
	 .read = read_zero,
	 .write = write_ignored,
	 .check = check_dcc},
};

/*
 * The rest of the identification space, op0 3, op1 0, CRn 0, CRm 1 to 7, reads as zero: registers
 * of AArch32, which this CPU does not have, and those that are yet to be defined.
 */
static int add_reserved_ids(struct sysreg_table *table, struct error *err)
{
	unsigned crm, op2;

	for (crm = 1; crm < 8; crm++) {
		for (op2 = 0; op2 < 8; op2++) {
			struct sysreg reg = {.key = SYSREG(3, 0, 0, crm, op2),
					     .min_el = 1,
					     .name = "id_reserved",
					     .read = read_zero};

			if (!sysreg_find(table, reg.key) && sysreg_add(table, &reg, 1, NULL, err))
				return -1;
		}
	}
	return 0;
}

int a64_sysregs_add(struct sysreg_table *table, struct error *err)
{
	if (sysreg_add(table, registers, sizeof(registers) / sizeof(registers[0]), NULL, err))
		return -1;
	if (a64_debug_add_registers(table, err))
		return -1;
	if (A64_HAS(A64_FEATURES, PMUv3p1) && a64_pmu_add_registers(table, err))
		return -1;
	return add_reserved_ids(table, err);
}

void a64_sysregs_reset(struct a64_cpu *cpu)
{
	cpu->sys = (struct a64_sysregs){
		.sctlr = SCTLR_RES1 | A64_SCTLR_SPAN,
		.oslsr = 1ULL << 3 | A64_OSLSR_OSLK,
	};
	a64_debug_update(cpu);
}
