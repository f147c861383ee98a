/*
 * Taking exceptions to EL1 and returning from them. All of this CPU's exceptions are taken to EL1:
 * there is no EL2 or EL3 above it.
 */
#include "core/a64/exception.h"

#include "core/a64/debug.h"
#include "core/a64/exclusive.h"
#include "core/a64/mmu.h"
#include "core/a64/pmu.h"
#include "core/a64/work.h"
#include "core/vm.h"

/* SPSR_EL1 (C5.2.19). */
#define SPSR_MODE_MASK 0x1fu
#define SPSR_EL1T      4u
#define SPSR_EL1H      5u
#define SPSR_DAIF      6
#define SPSR_SSBS      (1u << 12)
#define SPSR_IL	       (1u << 20)
#define SPSR_SS	       (1u << 21)
#define SPSR_PAN       (1u << 22)
#define SPSR_UAO       (1u << 23)
#define SPSR_NZCV      28

#define ESR_IL (1u << 25)

static uint64_t *sp_bank(struct a64_cpu *cpu)
{
	return cpu->el == 0 || !cpu->sp_select ? &cpu->sys.sp_el0 : &cpu->sys.sp_el1;
}

void a64_update_fp_trap(struct a64_cpu *cpu)
{
	unsigned fpen = cpu->sys.cpacr >> 20 & 3;

	cpu->fp_trapped = !(fpen == 3 || (fpen == 1 && cpu->el == 1));
}

void a64_set_mode(struct a64_cpu *cpu, unsigned el, unsigned sp_select)
{
	if (__builtin_expect(cpu->pmu.counting, 0) && el != cpu->el)
		a64_pmu_change_el(cpu, el);
	*sp_bank(cpu) = cpu->x[A64_SP];
	cpu->el = (uint8_t)el;
	cpu->sp_select = (uint8_t)sp_select;
	cpu->x[A64_SP] = *sp_bank(cpu);
	a64_update_fp_trap(cpu);
	a64_update_regime(cpu);
}

uint64_t a64_pstate(const struct a64_cpu *cpu)
{
	uint64_t mode = cpu->el == 0 ? 0 : cpu->sp_select ? SPSR_EL1H : SPSR_EL1T;

	return mode | (uint64_t)cpu->daif << SPSR_DAIF | (cpu->ssbs ? SPSR_SSBS : 0) |
	       (cpu->illegal ? SPSR_IL : 0) | (cpu->step ? SPSR_SS : 0) |
	       (cpu->pan ? SPSR_PAN : 0) | (cpu->uao ? SPSR_UAO : 0) |
	       (uint64_t)a64_nzcv(cpu) << SPSR_NZCV;
}

void a64_pstate_changed(struct a64_cpu *cpu)
{
	if (cpu->vcpu->inputs || (cpu->sys.mdscr & A64_MDSCR_SS) || cpu->illegal)
		a64_attention(cpu, A64_ATTENTION_STATE);
}

void a64_set_pstate(struct a64_cpu *cpu, uint64_t spsr)
{
	a64_set_nzcv(cpu, spsr >> SPSR_NZCV & 15);
	cpu->daif = spsr >> SPSR_DAIF & 15;
	cpu->ssbs = A64_HAS(cpu->features, SSBS) && (spsr & SPSR_SSBS);
	cpu->illegal = (spsr & SPSR_IL) != 0;
	cpu->step = (spsr & SPSR_SS) != 0;
	cpu->pan = (spsr & SPSR_PAN) != 0;
	cpu->uao = A64_HAS(cpu->features, UAO) && (spsr & SPSR_UAO);
	a64_set_mode(cpu, spsr & SPSR_MODE_MASK ? 1 : 0, spsr & 1);
	a64_pstate_changed(cpu);
}

void a64_take(struct a64_cpu *cpu, enum a64_vector vector, uint64_t return_pc)
{
	uint64_t group = cpu->el == 0 ? 0x400 : cpu->sp_select ? 0x200 : 0;

	a64_pmu_count(cpu, A64_PMU_EXC_TAKEN);
	cpu->sys.spsr = a64_pstate(cpu);
	cpu->sys.elr = return_pc;
	cpu->daif = 15;
	cpu->step = 0;
	cpu->illegal = 0;
	cpu->uao = 0;
	if (!(cpu->sys.sctlr & A64_SCTLR_SPAN))
		cpu->pan = 1;
	cpu->ssbs = A64_HAS(cpu->features, SSBS) && (cpu->sys.sctlr & A64_SCTLR_DSSBS);
	a64_set_mode(cpu, 1, 1);
	cpu->pc = (cpu->sys.vbar & ~0x7ffULL) + group + vector;
	cpu->exceptions++;
	/* Whether stepping is active may have changed. */
	if (cpu->sys.mdscr & A64_MDSCR_SS)
		a64_attention(cpu, A64_ATTENTION_STATE);
}

static void trace_exception(struct a64_cpu *cpu, enum a64_ec ec, uint64_t return_pc)
{
	struct trace *trace = &cpu->vcpu->vm->trace;

	if (trace_on(trace, TRACE_EXCEPTION))
		trace_print(trace, TRACE_EXCEPTION,
			    "cpu%u sync ec 0x%02x esr 0x%08llx far 0x%llx from EL%u pc 0x%llx",
			    cpu->vcpu->index, ec, (unsigned long long)cpu->sys.esr,
			    (unsigned long long)cpu->sys.far, cpu->sys.spsr & 0xf ? 1 : 0,
			    (unsigned long long)return_pc);
}

/* Classes whose number tells from which EL the exception came. */
static bool has_same_el_form(enum a64_ec ec)
{
	return ec == A64_EC_INSN_ABORT || ec == A64_EC_DATA_ABORT || ec == A64_EC_BREAKPOINT ||
	       ec == A64_EC_STEP || ec == A64_EC_WATCHPOINT;
}

void a64_take_sync(struct a64_cpu *cpu, enum a64_ec ec, uint32_t iss, uint64_t return_pc)
{
	unsigned class = (unsigned)ec + (has_same_el_form(ec) && cpu->el == 1);

	a64_take(cpu, A64_VECTOR_SYNC, return_pc);
	cpu->sys.esr = (uint64_t)class << 26 | ESR_IL | iss;
	trace_exception(cpu, class, return_pc);
}

_Noreturn void a64_leave(struct a64_cpu *cpu, const struct a64_insn *i)
{
	a64_account(cpu, i);
	longjmp(cpu->leave, 1);
}

_Noreturn void a64_raise(struct a64_cpu *cpu, const struct a64_insn *i, enum a64_ec ec,
			 uint32_t iss)
{
	a64_account(cpu, i);
	a64_take_sync(cpu, ec, iss, a64_pc(cpu, i));
	a64_leave(cpu, i);
}

_Noreturn void a64_raise_far(struct a64_cpu *cpu, const struct a64_insn *i, enum a64_ec ec,
			     uint32_t iss, uint64_t far)
{
	cpu->sys.far = far;
	a64_raise(cpu, i, ec, iss);
}

_Noreturn void a64_raise_at(struct a64_cpu *cpu, uint64_t pc, enum a64_ec ec, uint32_t iss)
{
	cpu->sys.far = pc;
	a64_take_sync(cpu, ec, iss, pc);
	longjmp(cpu->leave, 1);
}

_Noreturn void a64_raise_data_abort(struct a64_cpu *cpu, const struct a64_insn *i, uint64_t va,
				    uint32_t iss)
{
	a64_raise_far(cpu, i, A64_EC_DATA_ABORT, iss, va);
}

_Noreturn void a64_raise_undefined(struct a64_cpu *cpu, const struct a64_insn *i)
{
	a64_raise(cpu, i, A64_EC_UNKNOWN, 0);
}

_Noreturn void a64_raise_fp_trap(struct a64_cpu *cpu, const struct a64_insn *i)
{
	/* CV = 1, COND = AL. */
	a64_raise(cpu, i, A64_EC_FP_TRAP, 1u << 24 | 0xeu << 20);
}

_Noreturn void a64_raise_sp_alignment(struct a64_cpu *cpu, const struct a64_insn *i)
{
	a64_raise(cpu, i, A64_EC_SP_ALIGNMENT, 0);
}

_Noreturn void a64_raise_unsupported_atomic(struct a64_cpu *cpu, const struct a64_insn *i,
					    uint64_t va, bool write)
{
	a64_raise_data_abort(cpu, i, va, A64_FSC_UNSUPPORTED_ATOMIC | (write ? A64_ISS_WNR : 0));
}

bool a64_stepping(const struct a64_cpu *cpu)
{
	return (cpu->sys.mdscr & A64_MDSCR_SS) && a64_debug_enabled(cpu, cpu->el, cpu->daif & 8);
}

#define WORD_ERET 0xd69f03e0u

/* LDXR, LDXP and their acquiring and smaller forms (C4.1.95). */
static bool is_load_exclusive(uint32_t word)
{
	return (word & 0x3fe00000) == 0x08400000 || (word & 0xbfe00000) == 0x88600000;
}

void a64_step_done(struct a64_cpu *cpu)
{
	/* What ERET restored is for the instruction that it returns to. */
	if (cpu->step_active && cpu->step_word != WORD_ERET)
		cpu->step = 0;
	cpu->stepped = cpu->step_active;
	cpu->step_exclusive = is_load_exclusive(cpu->step_word);
	cpu->alone = false;
	a64_pmu_retired(cpu);
}

/* May SPSR_EL1 be returned to? AArch32 and exception levels that do not exist may not. */
static bool legal_return(uint64_t spsr)
{
	unsigned mode = spsr & SPSR_MODE_MASK;

	return mode == 0 || mode == SPSR_EL1T || mode == SPSR_EL1H;
}

void a64_exception_return(struct a64_cpu *cpu)
{
	uint64_t spsr = cpu->sys.spsr, elr = cpu->sys.elr;
	bool was_enabled = a64_debug_enabled(cpu, cpu->el, cpu->daif & 8);

	a64_pmu_count(cpu, A64_PMU_EXC_RETURN);
	if (!legal_return(spsr)) {
		/* The mode stays; PSTATE.IL makes the next instruction take an exception. */
		spsr = (spsr & ~(uint64_t)SPSR_MODE_MASK) |
		       (cpu->sp_select ? SPSR_EL1H : SPSR_EL1T);
		spsr |= SPSR_IL;
	}
	/* DebugExceptionReturnSS: a step begins only by returning from where it was disabled. */
	if (!(cpu->sys.mdscr & A64_MDSCR_SS) || was_enabled ||
	    !a64_debug_enabled(cpu, spsr & SPSR_MODE_MASK ? 1 : 0, spsr >> SPSR_DAIF & 8))
		spsr &= ~(uint64_t)SPSR_SS;
	a64_set_pstate(cpu, spsr);
	cpu->stepped = false;
	a64_clear_exclusive(cpu);
	cpu->event = true;
	cpu->pc = a64_branch_address(cpu, elr);
}
