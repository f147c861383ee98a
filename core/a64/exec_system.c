/*
 * Exceptions, hints, barriers, PSTATE, system registers, and the maintenance instructions
 * (Arm ARM, C4.1.94, C5 and D7.5).
 */
#include <sched.h>
#include <string.h>
#include <time.h>

#include "core/a64/access.h"
#include "core/a64/code.h"
#include "core/a64/decode.h"
#include "core/a64/exception.h"
#include "core/a64/exclusive.h"
#include "core/a64/interp.h"
#include "core/a64/mmu.h"
#include "core/a64/work.h"
#include "core/vm.h"

/* The straight run ended with i and is accounted for: go on at cpu->pc, set by an exception. */
static const struct a64_insn *resume(struct a64_cpu *cpu, const struct a64_insn *i)
{
	return a64_jump(cpu, i, cpu->pc);
}

static const struct a64_insn *next_run(struct a64_cpu *cpu, const struct a64_insn *i)
{
	return a64_jump(cpu, i, a64_pc(cpu, i) + 4);
}

A64_BRANCH(SVC)
{
	/* SSAdvance: a step of SVC is complete when the exception is taken. */
	cpu->step = 0;
	a64_account(cpu, i + 1);
	a64_take_sync(cpu, A64_EC_SVC, (uint32_t)i->imm, a64_pc(cpu, i) + 4);
	return resume(cpu, i);
}

A64_BRANCH(HVC)
{
	struct vcpu_exit exit = {.kind = EXIT_HYPERCALL};
	unsigned n;

	if (cpu->el == 0)
		a64_raise_undefined(cpu, i);
	for (n = 0; n < 8; n++)
		exit.hypercall.args[n] = cpu->x[n];
	memcpy(exit.hypercall.results, cpu->x, sizeof(exit.hypercall.results));
	cpu->step = 0;
	a64_reach(cpu, i);
	/* As the exception return of the hypervisor would. While the vCPU is off, or sleeps, a
	 * reservation that is open would make all stores of the others slow. */
	a64_clear_exclusive(cpu);
	a64_exit(cpu, &exit);
	memcpy(cpu->x, exit.hypercall.results, sizeof(exit.hypercall.results));
	return next_run(cpu, i);
}

A64_BRANCH(BRK)
{
	a64_raise(cpu, i, A64_EC_BRK, (uint32_t)i->imm);
}

A64_BRANCH(ERET)
{
	if (cpu->el == 0)
		a64_raise_undefined(cpu, i);
	a64_account(cpu, i + 1);
	a64_exception_return(cpu);
	return resume(cpu, i);
}

A64(HINT)
{
}

static bool has_virtual_time(const struct a64_cpu *cpu)
{
	return cpu->limit != UINT64_MAX;
}

A64(YIELD)
{
	if (cpu->vcpu->vm->cpus == 1)
		return;
	if (!has_virtual_time(cpu)) {
		sched_yield();
		return;
	}
	a64_reach(cpu, i);
	schedule_yield(&cpu->vcpu->vm->schedule, cpu->vcpu);
	a64_reached(cpu, i);
}

static void check_wait_trap(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t allowed,
			    uint32_t instruction)
{
	if (cpu->el == 0 && !(cpu->sys.sctlr & allowed))
		a64_raise(cpu, i, A64_EC_WFX, 1u << 24 | 0xeu << 20 | instruction);
}

/* One who waits long sleeps a little. */
static void pause_thread(struct a64_cpu *cpu)
{
	static const struct timespec pause = {.tv_nsec = 50000};

	if (++cpu->wfe_waits < 100) {
		sched_yield();
		return;
	}
	a64_work_leave(cpu);
	nanosleep(&pause, NULL);
	a64_work_enter(cpu);
}

/*
 * WFE waits for an event; what ends a wait in hardware is not always visible here (the global monitor,
 * the timer's event stream), so the wait is a bounded pause. Who waits for a store with a reservation
 * (LDXR, WFE) loses it, which may happen at any time (B2.12): as long as it is open, all stores of the
 * others are slow, and among these is the one that is waited for.
 */
A64_BRANCH(WFE)
{
	check_wait_trap(cpu, i, A64_SCTLR_NTWE, 1);
	if (cpu->event) {
		cpu->event = false;
		cpu->wfe_waits = 0;
		return next_run(cpu, i);
	}
	a64_clear_exclusive(cpu);
	if (has_virtual_time(cpu)) {
		a64_reach(cpu, i);
		schedule_pause(&cpu->vcpu->vm->schedule, cpu->vcpu);
	} else {
		pause_thread(cpu);
	}
	return next_run(cpu, i);
}

A64_BRANCH(WFI)
{
	struct vcpu_exit exit = {.kind = EXIT_WFI};

	check_wait_trap(cpu, i, A64_SCTLR_NTWI, 0);
	a64_reach(cpu, i);
	a64_clear_exclusive(cpu); /* which may happen at any time (B2.12); see HVC */
	a64_exit(cpu, &exit);
	return next_run(cpu, i);
}

A64(SEV)
{
	struct vm *vm = cpu->vcpu->vm;
	unsigned n;

	for (n = 0; n < vm->cpus; n++)
		a64_cpu_of(&vm->vcpus[n])->event = true;
}

A64(SEVL)
{
	cpu->event = true;
}

A64(CLREX)
{
	a64_clear_exclusive(cpu);
}

A64(DSB)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	a64_work_wait(cpu);
}

A64(DMB)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

A64_BRANCH(ISB)
{
	return next_run(cpu, i);
}

A64(SB)
{
}

static void require_el1(struct a64_cpu *cpu, const struct a64_insn *i)
{
	if (cpu->el == 0)
		a64_raise_undefined(cpu, i);
}

A64(MSR_UAO)
{
	require_el1(cpu, i);
	cpu->uao = (uint8_t)i->imm;
}

A64(MSR_PAN)
{
	require_el1(cpu, i);
	cpu->pan = (uint8_t)i->imm;
	a64_update_regime(cpu);
}

A64(MSR_SPSel)
{
	require_el1(cpu, i);
	a64_set_mode(cpu, 1, (unsigned)i->imm);
}

A64(MSR_SSBS)
{
	cpu->ssbs = (uint8_t)i->imm;
}

/* The ISS of a trapped MSR, MRS or SYS (D19.2.37): the encoding, rearranged. */
static uint32_t sysreg_iss(const struct a64_insn *i)
{
	return A64_BITS(i, 19, 2) << 20 | A64_BITS(i, 5, 3) << 17 | A64_BITS(i, 16, 3) << 14 |
	       A64_BITS(i, 12, 4) << 10 | A64_BITS(i, 0, 5) << 5 | A64_BITS(i, 8, 4) << 1 |
	       A64_BITS(i, 21, 1);
}

static void check_el0(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t sctlr_bit)
{
	if (cpu->el == 0 && !(cpu->sys.sctlr & sctlr_bit))
		a64_raise(cpu, i, A64_EC_SYSREG, sysreg_iss(i));
}

A64(MSR_DAIFSet)
{
	check_el0(cpu, i, A64_SCTLR_UMA);
	cpu->daif |= (uint8_t)i->imm;
}

A64(MSR_DAIFClr)
{
	check_el0(cpu, i, A64_SCTLR_UMA);
	cpu->daif &= (uint8_t)~i->imm;
	a64_pstate_changed(cpu);
	a64_reached(cpu, i);
}

/* The register's owner, when this access is allowed; raises the exception when not. */
static const struct sysreg *sysreg_checked(struct a64_cpu *cpu, const struct a64_insn *i,
					   bool write)
{
	const struct sysreg *reg = i->sysreg;
	enum sysreg_access access = SYSREG_OK;

	if (!reg || cpu->el < reg->min_el || (write ? !reg->write : !reg->read))
		access = SYSREG_UNDEFINED;
	else if (reg->check)
		access = reg->check(reg->owner, cpu->vcpu, cpu->el, write);
	if (access == SYSREG_OK)
		return reg;
	if (trace_on(&cpu->vcpu->vm->trace, TRACE_SYSREG))
		trace_print(&cpu->vcpu->vm->trace, TRACE_SYSREG, "cpu%u %s %s 0x%04x at 0x%llx",
			    cpu->vcpu->index, access == SYSREG_TRAP ? "trapped" : "undefined",
			    write ? "msr" : "mrs", (unsigned)(i->word >> 5 & 0xffff),
			    (unsigned long long)a64_pc(cpu, i));
	if (access == SYSREG_TRAP)
		a64_raise(cpu, i, A64_EC_SYSREG, sysreg_iss(i));
	a64_raise_undefined(cpu, i);
}

/* FPCR and FPSR are FP instructions as far as CPACR_EL1 is concerned. */
static void check_fp_register(struct a64_cpu *cpu, const struct a64_insn *i)
{
	if (cpu->fp_trapped && (i->word >> 8 & 0xfff) == 0xb44)
		a64_raise_fp_trap(cpu, i);
}

A64(MRS)
{
	const struct sysreg *reg = sysreg_checked(cpu, i, false);

	check_fp_register(cpu, i);
	a64_account(cpu, i);
	a64_reach(cpu, i);
	X(rd) = reg->read(reg->owner, cpu->vcpu);
}

A64(MSR)
{
	const struct sysreg *reg = sysreg_checked(cpu, i, true);

	check_fp_register(cpu, i);
	a64_account(cpu, i);
	a64_reach(cpu, i);
	reg->write(reg->owner, cpu->vcpu, X(rd));
	a64_reached(cpu, i);
}

/* Instruction cache: forget decoded code. It is gone by the ISB that must follow. */
A64(IC_IALLUIS)
{
	require_el1(cpu, i);
	a64_work_code_broadcast_all(cpu);
}

A64(IC_IALLU)
{
	require_el1(cpu, i);
	a64_work_code_broadcast_all(cpu);
}

/* Cache maintenance by address translates as a load does; a fault says that it was maintenance. */
static uint64_t maintained_pa(struct a64_cpu *cpu, const struct a64_insn *i, bool write)
{
	struct a64_translation translation;
	uint64_t va = X(rd);

	if (!a64_translate(cpu, va, write ? A64_WRITE_CHECK : A64_READ, cpu->el, a64_pan(cpu),
			   &translation))
		a64_raise_data_abort(cpu, i, va, translation.fsc | A64_ISS_CM | A64_ISS_WNR);
	if (write)
		a64_watch(cpu, i, va & ~63ULL, 64, true, A64_ISS_CM);
	return translation.pa;
}

A64(IC_IVAU)
{
	check_el0(cpu, i, A64_SCTLR_UCI);
	a64_work_code_broadcast(cpu, maintained_pa(cpu, i, false));
}

A64(DC_IVAC)
{
	require_el1(cpu, i);
	maintained_pa(cpu, i, true);
}

A64(DC_ISW)
{
	require_el1(cpu, i);
}

A64(DC_CSW)
{
	require_el1(cpu, i);
}

A64(DC_CISW)
{
	require_el1(cpu, i);
}

A64(DC_CVAC)
{
	check_el0(cpu, i, A64_SCTLR_UCI);
	maintained_pa(cpu, i, false);
}

A64(DC_CVAU)
{
	check_el0(cpu, i, A64_SCTLR_UCI);
	maintained_pa(cpu, i, false);
}

A64(DC_CVAP)
{
	check_el0(cpu, i, A64_SCTLR_UCI);
	maintained_pa(cpu, i, false);
}

A64(DC_CIVAC)
{
	check_el0(cpu, i, A64_SCTLR_UCI);
	maintained_pa(cpu, i, false);
}

/* DC ZVA: 64 bytes (DCZID_EL0.BS = 4). On Device memory it is an alignment fault. */
A64(DC_ZVA)
{
	uint64_t va = X(rd) & ~63ULL, n;
	struct a64_translation translation;

	check_el0(cpu, i, A64_SCTLR_DZE);
	if (a64_tlb_at(cpu, va)->write != a64_tlb_tag(cpu->tlb.context, va, 1)) {
		if (!a64_translate(cpu, va, A64_WRITE, cpu->el, a64_pan(cpu), &translation))
			a64_raise_data_abort(cpu, i, X(rd), translation.fsc | A64_ISS_WNR);
		if (translation.attrs & A64_ATTR_DEVICE)
			a64_raise_data_abort(cpu, i, X(rd), A64_FSC_ALIGNMENT | A64_ISS_WNR);
		a64_watch(cpu, i, va, 64, true, 0);
	}
	for (n = 0; n < 64; n += 8)
		a64_store64(cpu, i, va + n, 0);
}

/* AT: the translation, or why there is none, into PAR_EL1 (D19.2.112). */
static void address_translate(struct a64_cpu *cpu, const struct a64_insn *i, enum a64_access access,
			      unsigned el, bool pan)
{
	struct a64_translation result;

	require_el1(cpu, i);
	if (a64_translate(cpu, X(rd), access, el, pan, &result))
		cpu->sys.par = (uint64_t)result.mair << 56 | (result.pa & ~A64_PAGE_MASK) |
			       1ULL << 11 | (uint64_t)result.sharing << 7;
	else
		cpu->sys.par = 1ULL << 11 | (uint64_t)result.fsc << 1 | 1;
}

A64(AT_S1E1R)
{
	address_translate(cpu, i, A64_READ, 1, false);
}

A64(AT_S1E1W)
{
	address_translate(cpu, i, A64_WRITE_CHECK, 1, false);
}

A64(AT_S1E0R)
{
	address_translate(cpu, i, A64_READ, 0, false);
}

A64(AT_S1E0W)
{
	address_translate(cpu, i, A64_WRITE_CHECK, 0, false);
}

A64(AT_S1E1RP)
{
	address_translate(cpu, i, A64_READ, 1, cpu->pan);
}

A64(AT_S1E1WP)
{
	address_translate(cpu, i, A64_WRITE_CHECK, 1, cpu->pan);
}

/* TLBI operands (C5.5): VA[55:12] in bits 43:0, ASID in 63:48. */
static void tlbi(struct a64_cpu *cpu, const struct a64_insn *i, enum a64_tlb_scope scope,
		 uint64_t operand, bool broadcast)
{
	uint64_t va = (uint64_t)((int64_t)(operand << 20) >> 8);
	uint16_t asid = (uint16_t)(operand >> 48) & (cpu->sys.tcr & A64_TCR_AS ? 0xffff : 0xff);

	require_el1(cpu, i);
	if (broadcast)
		a64_work_tlb_broadcast(cpu, scope, va, asid);
	else
		a64_tlb_invalidate(cpu, scope, va, asid);
}

#define TLBI(name, scope)                          \
	A64(TLBI_##name##IS)                       \
	{                                          \
		tlbi(cpu, i, scope, X(rd), true);  \
	}                                          \
	A64(TLBI_##name)                           \
	{                                          \
		tlbi(cpu, i, scope, X(rd), false); \
	}

TLBI(VMALLE1, A64_TLB_ALL)
TLBI(VAE1, A64_TLB_VA)
TLBI(ASIDE1, A64_TLB_ASID)
TLBI(VAAE1, A64_TLB_VA_ALL)
TLBI(VALE1, A64_TLB_VA)
TLBI(VAALE1, A64_TLB_VA_ALL)
