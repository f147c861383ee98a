/*
 * Requests between vCPUs. The order that makes it safe: whoever posts a request writes `posted`
 * and then reads `running`; whoever starts to run writes `running` and then looks at the queue. Both are
 * sequentially consistent, so either the poster sees that it has to wait, or the runner sees the
 * request.
 */
#include "core/a64/work.h"

#include <sched.h>

#include "core/a64/code.h"
#include "core/a64/interp.h"
#include "core/vm.h"

static void post_tlb(struct a64_cpu *cpu, enum a64_tlb_scope scope, uint64_t va, uint16_t asid)
{
	struct a64_work *work = &cpu->work;

	pthread_mutex_lock(&work->lock);
	if (work->tlb_count == A64_WORK_TLB) {
		work->tlb_all = true;
	} else {
		work->tlb[work->tlb_count].scope = (uint8_t)scope;
		work->tlb[work->tlb_count].va = va;
		work->tlb[work->tlb_count].asid = asid;
		work->tlb_count++;
	}
	work->posted++;
	pthread_mutex_unlock(&work->lock);
	a64_attention(cpu, A64_ATTENTION_WORK);
}

void a64_work_tlb_broadcast(struct a64_cpu *cpu, enum a64_tlb_scope scope, uint64_t va,
			    uint16_t asid)
{
	struct vm *vm = cpu->vcpu->vm;
	unsigned n;

	a64_tlb_invalidate(cpu, scope, va, asid);
	for (n = 0; n < vm->cpus; n++)
		if (n != cpu->vcpu->index)
			post_tlb(a64_cpu_of(&vm->vcpus[n]), scope, va, asid);
	cpu->work.wait = vm->cpus > 1;
}

static void post_code(struct a64_cpu *cpu, uint64_t pa, bool all)
{
	struct a64_work *work = &cpu->work;

	pthread_mutex_lock(&work->lock);
	if (all || work->code_count == A64_WORK_CODE)
		work->code_all = true;
	else
		work->code[work->code_count++] = pa;
	pthread_mutex_unlock(&work->lock);
	a64_attention(cpu, A64_ATTENTION_WORK);
}

void a64_work_code_broadcast(struct a64_cpu *cpu, uint64_t pa)
{
	struct vm *vm = cpu->vcpu->vm;
	uint16_t owners = a64_code_owners(cpu->shared, pa);
	unsigned n;

	for (n = 0; owners; n++, owners >>= 1)
		if (owners & 1)
			post_code(a64_cpu_of(&vm->vcpus[n]), pa & ~A64_PAGE_MASK, false);
}

void a64_work_code_broadcast_all(struct a64_cpu *cpu)
{
	struct vm *vm = cpu->vcpu->vm;
	unsigned n;

	for (n = 0; n < vm->cpus; n++)
		post_code(a64_cpu_of(&vm->vcpus[n]), 0, true);
}

static void do_tlb_locked(struct a64_cpu *cpu)
{
	struct a64_work *work = &cpu->work;
	unsigned n;

	if (work->tlb_all)
		a64_tlb_invalidate(cpu, A64_TLB_ALL, 0, 0);
	else
		for (n = 0; n < work->tlb_count; n++)
			a64_tlb_invalidate(cpu, work->tlb[n].scope, work->tlb[n].va,
					   work->tlb[n].asid);
	work->tlb_all = false;
	work->tlb_count = 0;
	work->done = work->posted;
}

void a64_work_do_tlb(struct a64_cpu *cpu)
{
	if (cpu->work.done == cpu->work.posted)
		return;
	pthread_mutex_lock(&cpu->work.lock);
	do_tlb_locked(cpu);
	pthread_mutex_unlock(&cpu->work.lock);
}

void a64_work_do(struct a64_cpu *cpu)
{
	struct a64_work *work = &cpu->work;
	unsigned n;

	pthread_mutex_lock(&work->lock);
	do_tlb_locked(cpu);
	if (work->code_all)
		a64_code_forget_all(cpu);
	else
		for (n = 0; n < work->code_count; n++)
			a64_code_forget(cpu, work->code[n]);
	work->code_all = false;
	work->code_count = 0;
	pthread_mutex_unlock(&work->lock);
}

static void wait_for(struct a64_cpu *cpu, struct a64_cpu *other)
{
	uint64_t posted = other->work.posted;

	while (other->work.done < posted && other->work.running) {
		a64_work_do_tlb(cpu);
		sched_yield();
	}
}

void a64_work_wait(struct a64_cpu *cpu)
{
	struct vm *vm = cpu->vcpu->vm;
	unsigned n;

	if (!cpu->work.wait)
		return;
	cpu->work.wait = false;
	for (n = 0; n < vm->cpus; n++)
		if (n != cpu->vcpu->index)
			wait_for(cpu, a64_cpu_of(&vm->vcpus[n]));
}

void a64_work_enter(struct a64_cpu *cpu)
{
	cpu->work.running = true;
	a64_work_do_tlb(cpu);
}

void a64_work_leave(struct a64_cpu *cpu)
{
	cpu->work.running = false;
}
