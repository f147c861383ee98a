/*
 * Engine `interp`: the run loop, and the engine contract over it.
 *
 * The loop fetches the instruction at cpu->pc and calls it; straight-line instructions call each
 * other, and a branch comes back here with the instruction to go on with. Between two straight runs the loop
 * looks at cpu->attention: interrupts, requests of the VMM and of other vCPUs, software step. An
 * instruction that takes an exception comes back through longjmp with cpu->pc at the vector.
 */
#include "core/a64/interp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core/a64/code.h"
#include "core/a64/debug.h"
#include "core/a64/decode.h"
#include "core/a64/exception.h"
#include "core/a64/exclusive.h"
#include "core/a64/mmu.h"
#include "core/a64/pmu.h"
#include "core/a64/sysregs.h"
#include "core/a64/work.h"
#include "core/vm.h"

void a64_exit(struct a64_cpu *cpu, struct vcpu_exit *exit)
{
	a64_work_leave(cpu);
	if (!vcpu_exit(cpu->vcpu, exit))
		a64_attention(cpu, A64_ATTENTION_LEAVE);
	a64_work_enter(cpu);
}

static bool attention_pending(const struct a64_cpu *cpu)
{
	return __builtin_expect(
		__atomic_load_n((const uint32_t *)&cpu->attention, __ATOMIC_RELAXED) != 0, 0);
}

static void take_interrupt(struct a64_cpu *cpu, enum a64_vector vector)
{
	struct trace *trace = &cpu->vcpu->vm->trace;

	if (trace_on(trace, TRACE_EXCEPTION))
		trace_print(trace, TRACE_EXCEPTION, "cpu%u %s from EL%u pc 0x%llx",
			    cpu->vcpu->index, vector == A64_VECTOR_IRQ ? "irq" : "fiq", cpu->el,
			    (unsigned long long)cpu->pc);
	a64_take(cpu, vector, cpu->pc);
}

static void take_pending_interrupt(struct a64_cpu *cpu)
{
	uint32_t inputs = cpu->vcpu->inputs;

	if ((inputs & VCPU_FIQ) && !(cpu->daif & 1))
		take_interrupt(cpu, A64_VECTOR_FIQ);
	else if ((inputs & VCPU_IRQ) && !(cpu->daif & 2))
		take_interrupt(cpu, A64_VECTOR_IRQ);
}

/* Between two straight runs, cpu->pc valid. False: leave run(). */
static bool attend(struct a64_cpu *cpu)
{
	uint32_t reasons = __atomic_exchange_n((uint32_t *)&cpu->attention, 0, __ATOMIC_SEQ_CST);

	if (reasons & A64_ATTENTION_WORK)
		a64_work_do(cpu);
	if (reasons & A64_ATTENTION_LEAVE)
		return false;
	if (reasons & A64_ATTENTION_KICK) {
		struct vcpu_exit exit = {.kind = EXIT_INTERRUPTED};

		a64_exit(cpu, &exit);
		if (cpu->attention & A64_ATTENTION_LEAVE) {
			__atomic_fetch_and((uint32_t *)&cpu->attention, ~A64_ATTENTION_LEAVE,
					   __ATOMIC_SEQ_CST);
			return false;
		}
	}
	if (cpu->pmu.counting)
		a64_pmu_sync(cpu);
	take_pending_interrupt(cpu);
	if (cpu->illegal)
		a64_take_sync(cpu, A64_EC_ILLEGAL_STATE, 0, cpu->pc);
	return true;
}

static void trace_insn(struct a64_cpu *cpu, const struct a64_insn *i)
{
	struct a64_insn decoded;
	enum a64_op op = a64_decode(i->word, cpu->features, &decoded);

	trace_print(&cpu->vcpu->vm->trace, TRACE_INSN, "cpu%u EL%u 0x%llx %08x %s",
		    cpu->vcpu->index, cpu->el, (unsigned long long)cpu->pc, i->word,
		    a64_ops[op].name);
}

/*
 * Execute one instruction alone. With software step active (D2.12): PSTATE.SS set means that it may
 * be executed, clear that the step exception is due.
 */
static void step(struct a64_cpu *cpu)
{
	const struct a64_insn *i;

	cpu->step_active = a64_stepping(cpu);
	if (cpu->step_active && !cpu->step) {
		/* ISV if an instruction was stepped, and then EX if it was a load-exclusive. */
		uint32_t iss = A64_FSC_DEBUG;

		if (cpu->stepped)
			iss |= 1u << 24 | (cpu->step_exclusive ? 1u << 6 : 0);
		a64_take_sync(cpu, A64_EC_STEP, iss, cpu->pc);
		return;
	}
	i = a64_fetch_step(cpu, cpu->pc);
	if (trace_on(&cpu->vcpu->vm->trace, TRACE_INSN))
		trace_insn(cpu, i);
	cpu->step_word = i->word;
	cpu->step_pc = cpu->pc;
	cpu->step_el = cpu->el;
	cpu->run_start = i;
	cpu->alone = true;
	i = i->exec(cpu, i);
	a64_end_straight_run(cpu);
	cpu->pc = a64_pc(cpu, i);
	a64_step_done(cpu);
}

static bool single_stepping(const struct a64_cpu *cpu)
{
	return a64_stepping(cpu) || a64_pmu_looks(cpu) ||
	       trace_on(&cpu->vcpu->vm->trace, TRACE_INSN) || a64_debug_breaks_page(cpu, cpu->pc);
}

static void run_until_attention(struct a64_cpu *cpu)
{
	const struct a64_insn *i = a64_fetch(cpu, cpu->pc);

	do {
		cpu->run_start = i;
		i = i->exec(cpu, i);
	} while (!attention_pending(cpu));
	cpu->pc = a64_pc(cpu, i);
}

/* As run_until_attention(), with a limit that has not been reached. */
static void run_until_limit(struct a64_cpu *cpu)
{
	const struct a64_insn *i = a64_fetch(cpu, cpu->pc);

	do {
		uint64_t left = cpu->limit - a64_executed(cpu);

		cpu->run_start = i;
		if (left < (uint64_t)(cpu->code_insns + A64_CODE_INSNS - i))
			a64_stop_before(cpu, i + left);
		i = i->exec(cpu, i);
		a64_end_straight_run(cpu);
	} while (!attention_pending(cpu) && a64_executed(cpu) < cpu->limit);
	cpu->pc = a64_pc(cpu, i);
}

static void run_straight(struct a64_cpu *cpu)
{
	if (cpu->limit != UINT64_MAX)
		run_until_limit(cpu);
	else
		run_until_attention(cpu);
}

static void interp_run(struct vcpu *vcpu)
{
	struct a64_cpu *cpu = a64_cpu_of(vcpu);

	a64_work_enter(cpu);
	a64_attention(cpu, A64_ATTENTION_STATE);
	/* An instruction that took an exception comes back here. */
	(void)_setjmp(cpu->leave);
	if (cpu->left)
		cpu->left(cpu);
	cpu->alone = false;
	a64_end_straight_run(cpu);
	for (;;) {
		if (attention_pending(cpu) && !attend(cpu))
			break;
		if (a64_executed(cpu) >= cpu->limit)
			break;
		if (cpu->pmu.limit != UINT64_MAX)
			a64_pmu_approach(cpu);
		/* Translated code may give way before it has done anything: every other turn steps. */
		cpu->pmu.turn = !cpu->pmu.turn && cpu->pmu.limit != UINT64_MAX;
		if (cpu->pmu.turn || single_stepping(cpu))
			step(cpu);
		else
			cpu->run(cpu);
	}
	a64_work_leave(cpu);
}

static uint64_t interp_executed(struct vcpu *vcpu)
{
	const struct a64_cpu *cpu = a64_cpu_of(vcpu);

	return a64_executed(cpu) + (cpu->at ? (uint64_t)(cpu->at - cpu->run_start) : 0);
}

static void interp_run_until(struct vcpu *vcpu, uint64_t limit)
{
	a64_cpu_of(vcpu)->limit = limit;
}

static void interp_kick(struct vcpu *vcpu)
{
	a64_attention(a64_cpu_of(vcpu), A64_ATTENTION_KICK);
}

static int interp_probe(struct error *err)
{
	(void)err;
	return 0;
}

static int interp_vm_init(struct vm *vm, struct error *err)
{
	struct a64_shared *shared = calloc(1, sizeof(*shared));

	vm->engine_state = shared;
	if (!shared)
		return error_set(err, ERROR_NO_MEMORY, "no memory for the CPU");
	shared->vm = vm;
	shared->pages = vm->memory.size >> 12;
	shared->code_owners = calloc(shared->pages, sizeof(*shared->code_owners));
	if (!shared->code_owners)
		return error_set(err, ERROR_NO_MEMORY, "no memory for the CPU");
	return a64_sysregs_add(&vm->sysregs, err);
}

static void interp_vm_destroy(struct vm *vm)
{
	struct a64_shared *shared = vm->engine_state;

	if (!shared)
		return;
	free((void *)shared->code_owners);
	free(shared);
	vm->engine_state = NULL;
}

#if defined(__SANITIZE_ADDRESS__)
#define ON_HEAP 1
#elif defined(__has_feature)
#define ON_HEAP __has_feature(address_sanitizer)
#else
#define ON_HEAP 0
#endif

/*
 * Zeroes, of which most are the TLB's: pages that a short run never touches are never made. AddressSanitizer
 * gets it from the heap, which it watches, and where it looks for pointers before it calls something a leak.
 */
static struct a64_cpu *allocate_cpu(void)
{
	const size_t size = (sizeof(struct a64_cpu) + 63) & ~(size_t)63;
	void *memory;

	if (ON_HEAP) {
		memory = aligned_alloc(64, size);
		return memory ? memset(memory, 0, size) : NULL;
	}
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return memory == MAP_FAILED ? NULL : memory;
}

static void free_cpu(struct a64_cpu *cpu)
{
	if (ON_HEAP)
		free(cpu);
	else
		munmap(cpu, sizeof(*cpu));
}

static int interp_vcpu_init(struct vcpu *vcpu, struct error *err)
{
	struct a64_cpu *cpu = allocate_cpu();

	if (!cpu)
		return error_set(err, ERROR_NO_MEMORY, "no memory for a vCPU");
	vcpu->engine_state = cpu;
	cpu->vcpu = vcpu;
	cpu->shared = vcpu->vm->engine_state;
	cpu->features = A64_FEATURES;
	cpu->run = run_straight;
	cpu->limit = UINT64_MAX;
	pthread_mutex_init(&cpu->work.lock, NULL);
	a64_pmu_init(cpu);
	return a64_code_init(cpu, err);
}

static void interp_vcpu_destroy(struct vcpu *vcpu)
{
	struct a64_cpu *cpu = a64_cpu_of(vcpu);

	if (!cpu)
		return;
	a64_pmu_destroy(cpu);
	a64_code_destroy(cpu);
	pthread_mutex_destroy(&cpu->work.lock);
	free_cpu(cpu);
	vcpu->engine_state = NULL;
}

static int interp_vcpu_reset(struct vcpu *vcpu, struct error *err)
{
	struct a64_cpu *cpu = a64_cpu_of(vcpu);

	(void)err;
	a64_clear_exclusive(cpu);
	memset(cpu->x, 0, sizeof(cpu->x));
	memset(cpu->v, 0, sizeof(cpu->v));
	cpu->fpcr = cpu->fpsr = 0;
	a64_set_nzcv(cpu, 0);
	cpu->el = cpu->sp_select = 1;
	cpu->daif = 15;
	cpu->pan = cpu->uao = cpu->ssbs = cpu->step = cpu->illegal = 0;
	cpu->event = false;
	a64_sysregs_reset(cpu);
	a64_pmu_reset(cpu);
	a64_code_forget_all(cpu);
	if (cpu->was_reset)
		a64_tlb_init(cpu);
	cpu->was_reset = true;
	a64_update_fp_trap(cpu);
	a64_update_contexts(cpu);
	return 0;
}

/* A register file by letter and number, "x12": its index, or -1. */
static int numbered(const char *name, char letter, unsigned count)
{
	char *end;
	unsigned long number;

	if (name[0] != letter || name[1] < '0' || name[1] > '9' || (name[1] == '0' && name[2]))
		return -1;
	number = strtoul(name + 1, &end, 10);
	return *end || number >= count ? -1 : (int)number;
}

/* Where a plain 64-bit register lives, or NULL. */
static uint64_t *plain_register(struct a64_cpu *cpu, const char *name)
{
	int number = numbered(name, 'x', 31);

	if (number >= 0)
		return &cpu->x[number];
	if (!strcmp(name, "sp"))
		return &cpu->x[A64_SP];
	if (!strcmp(name, "pc"))
		return &cpu->pc;
	if (!strcmp(name, "sp_el0"))
		return cpu->el == 0 || !cpu->sp_select ? &cpu->x[A64_SP] : &cpu->sys.sp_el0;
	if (!strcmp(name, "sp_el1"))
		return cpu->el == 1 && cpu->sp_select ? &cpu->x[A64_SP] : &cpu->sys.sp_el1;
	return NULL;
}

static int unknown_register(const char *name, struct error *err)
{
	return error_set(err, ERROR_USAGE, "there is no register \"%s\"", name);
}

static int interp_reg_get(struct vcpu *vcpu, const char *name, struct reg_value *value,
			  struct error *err)
{
	struct a64_cpu *cpu = a64_cpu_of(vcpu);
	const uint64_t *plain = plain_register(cpu, name);
	int vector = numbered(name, 'v', 32);
	const struct sysreg *reg;

	*value = (struct reg_value){0};
	if (plain) {
		value->lo = *plain;
		return 0;
	}
	if (vector >= 0) {
		*value = (struct reg_value){cpu->v[vector].d[0], cpu->v[vector].d[1]};
		return 0;
	}
	if (!strcmp(name, "nzcv")) {
		value->lo = a64_nzcv(cpu);
		return 0;
	}
	if (!strcmp(name, "pstate")) {
		value->lo = a64_pstate(cpu);
		return 0;
	}
	reg = sysreg_find_name(&vcpu->vm->sysregs, name);
	if (!reg || !reg->read)
		return unknown_register(name, err);
	value->lo = reg->read(reg->owner, vcpu);
	return 0;
}

static int interp_reg_set(struct vcpu *vcpu, const char *name, struct reg_value value,
			  struct error *err)
{
	struct a64_cpu *cpu = a64_cpu_of(vcpu);
	uint64_t *plain = plain_register(cpu, name);
	int vector = numbered(name, 'v', 32);
	const struct sysreg *reg;

	if (plain) {
		*plain = value.lo;
		return 0;
	}
	if (vector >= 0) {
		cpu->v[vector].d[0] = value.lo;
		cpu->v[vector].d[1] = value.hi;
		return 0;
	}
	if (!strcmp(name, "nzcv")) {
		a64_set_nzcv(cpu, value.lo & 15);
		return 0;
	}
	if (!strcmp(name, "pstate")) {
		a64_set_pstate(cpu, value.lo);
		return 0;
	}
	reg = sysreg_find_name(&vcpu->vm->sysregs, name);
	if (!reg || !reg->write)
		return unknown_register(name, err);
	reg->write(reg->owner, vcpu, value.lo);
	return 0;
}

static void interp_stats(struct vcpu *vcpu, struct engine_stats *stats)
{
	const struct a64_cpu *cpu = a64_cpu_of(vcpu);

	*stats = (struct engine_stats){
		.instructions = cpu->instructions,
		.exceptions = cpu->exceptions,
		.tlb_misses = cpu->tlb.misses,
	};
}

const struct engine interp_engine = {
	.name = "interp",
	.summary = "an Armv8-A CPU in software: runs anywhere, and is the reference",
	.probe = interp_probe,
	.vm_init = interp_vm_init,
	.vm_destroy = interp_vm_destroy,
	.vcpu_init = interp_vcpu_init,
	.vcpu_destroy = interp_vcpu_destroy,
	.vcpu_reset = interp_vcpu_reset,
	.run = interp_run,
	.kick = interp_kick,
	.reg_get = interp_reg_get,
	.reg_set = interp_reg_set,
	.stats = interp_stats,
	.executed = interp_executed,
	.run_until = interp_run_until,
};
