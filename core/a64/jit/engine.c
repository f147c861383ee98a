/*
 * Engine `jit`: the interpreter's CPU, whose hot code is translated to x86-64.
 *
 * The run loop is the interpreter's but for one thing: it counts how often each slot is branched to,
 * and has a region translated when one has been reached often enough.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "core/a64/interp.h"
#include "core/a64/jit/jit.h"
#include "core/a64/work.h"
#include "core/vm.h"

static const struct a64_insn *make_room(struct a64_cpu *cpu, const struct a64_insn *i)
{
	cpu->pc = a64_pc(cpu, i);
	a64_code_forget_all(cpu);
	cpu->jit->used = cpu->jit->start;
	cpu->jit->flushes++;
	return a64_fetch(cpu, cpu->pc);
}

static uint64_t now_ns(const struct a64_jit *jit)
{
	struct timespec now = {0};

	if (jit->timing)
		clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void translate(struct a64_cpu *cpu, const struct a64_insn *i)
{
	uint64_t start = now_ns(cpu->jit);

	jit_translate(cpu, i);
	cpu->jit->ns += now_ns(cpu->jit) - start;
}

/* A branch goes to i: count, and translate it when it is hot. */
static const struct a64_insn *reached(struct a64_cpu *cpu, const struct a64_insn *i)
{
	struct a64_code_page *page = (struct a64_code_page *)(uintptr_t)cpu->code_insns;
	unsigned slot = (unsigned)(i - page->insns);

	if (page->heat[slot] >= cpu->jit->threshold || !a64_code_decoded(i))
		return i;
	if (++page->heat[slot] < cpu->jit->threshold)
		return i;
	if (jit_cache_full(cpu->jit))
		i = make_room(cpu, i);
	translate(cpu, i);
	return i;
}

static bool attention_pending(const struct a64_cpu *cpu)
{
	return __atomic_load_n((const uint32_t *)&cpu->attention, __ATOMIC_RELAXED) != 0;
}

static void run_until_attention(struct a64_cpu *cpu)
{
	const struct a64_insn *i = a64_fetch(cpu, cpu->pc);

	do {
		cpu->run_start = i;
		i = reached(cpu, i->exec(cpu, i));
	} while (!attention_pending(cpu));
	cpu->pc = a64_pc(cpu, i);
}

/* A straight run that ends at the limit at the latest, or after what has asked for attention. */
static const struct a64_insn *run_bounded(struct a64_cpu *cpu, const struct a64_insn *i)
{
	uint64_t before = a64_executed(cpu), left = cpu->limit - before;
	const struct a64_insn *next;

	cpu->run_start = i;
	if (left < (uint64_t)(cpu->code_insns + A64_CODE_INSNS - i))
		a64_stop_before(cpu, i + left);
	next = i->exec(cpu, i);
	a64_end_straight_run(cpu);
	if (a64_executed(cpu) == before && next == i) {
		/* Translated code that has no room for its first block: part of it. */
		next = jit_exec_alone(cpu, i);
		a64_end_straight_run(cpu);
	}
	return next;
}

/* With virtual time: to an exact instruction, which translated code leaves to the interpreter. */
static void run_until_limit(struct a64_cpu *cpu)
{
	const struct a64_insn *i = a64_fetch(cpu, cpu->pc);

	do {
		i = reached(cpu, run_bounded(cpu, i));
	} while (!attention_pending(cpu) && a64_executed(cpu) < cpu->limit);
	cpu->pc = a64_pc(cpu, i);
}

static void run(struct a64_cpu *cpu)
{
	if (cpu->limit != UINT64_MAX)
		run_until_limit(cpu);
	else
		run_until_attention(cpu);
}

static int jit_probe(struct error *err)
{
	(void)err;
	return 0;
}

static int check_config(const struct jit_config *config, struct error *err)
{
	if (config->cache && (config->cache < JIT_CACHE_MIN || config->cache > JIT_CACHE_MAX))
		return error_set(err, ERROR_USAGE,
				 "%llu to %llu MiB of translated code are possible, not %" PRIu64
				 " bytes",
				 JIT_CACHE_MIN >> 20, JIT_CACHE_MAX >> 20, config->cache);
	if (config->threshold > JIT_THRESHOLD_MAX)
		return error_set(
			err, ERROR_USAGE,
			"code can be translated when it is reached for the 1st to the %uth "
			"time, not the %uth",
			JIT_THRESHOLD_MAX, config->threshold);
	return 0;
}

static int jit_vm_init(struct vm *vm, struct error *err)
{
	if (check_config(&vm->config.jit, err) < 0)
		return -1;
	return interp_engine.vm_init(vm, err);
}

static void jit_vm_destroy(struct vm *vm)
{
	interp_engine.vm_destroy(vm);
}

static void jit_vcpu_destroy(struct vcpu *vcpu)
{
	if (vcpu->engine_state)
		jit_cache_destroy(a64_cpu_of(vcpu));
	interp_engine.vcpu_destroy(vcpu);
}

static int jit_vcpu_init(struct vcpu *vcpu, struct error *err)
{
	const struct vm_config *config = &vcpu->vm->config;
	uint64_t size = config->jit.cache ? config->jit.cache : JIT_CACHE_DEFAULT;
	struct a64_cpu *cpu;

	if (interp_engine.vcpu_init(vcpu, err) < 0)
		return -1;
	cpu = a64_cpu_of(vcpu);
	cpu->run = run;
	cpu->left = jit_left;
	if (jit_cache_init(cpu, size, err) < 0) {
		jit_vcpu_destroy(vcpu);
		return -1;
	}
	cpu->jit->threshold = config->jit.threshold ? config->jit.threshold : JIT_THRESHOLD_DEFAULT;
	cpu->jit->bounded = config->virtual_time;
	cpu->jit->timing = config->timing;
	cpu->jit->perf_map = config->jit.perf_map;
	jit_perf_thunks(cpu->jit);
	return 0;
}

static int jit_vcpu_reset(struct vcpu *vcpu, struct error *err)
{
	struct a64_cpu *cpu = a64_cpu_of(vcpu);

	cpu->jit->used = cpu->jit->start;
	cpu->lazy.kind = 0;
	return interp_engine.vcpu_reset(vcpu, err);
}

static void jit_run(struct vcpu *vcpu)
{
	interp_engine.run(vcpu);
}

static void jit_kick(struct vcpu *vcpu)
{
	interp_engine.kick(vcpu);
}

static int jit_reg_get(struct vcpu *vcpu, const char *name, struct reg_value *value,
		       struct error *err)
{
	return interp_engine.reg_get(vcpu, name, value, err);
}

static int jit_reg_set(struct vcpu *vcpu, const char *name, struct reg_value value,
		       struct error *err)
{
	return interp_engine.reg_set(vcpu, name, value, err);
}

static uint64_t jit_executed(struct vcpu *vcpu)
{
	return interp_engine.executed(vcpu);
}

static void jit_run_until(struct vcpu *vcpu, uint64_t limit)
{
	interp_engine.run_until(vcpu, limit);
}

static void jit_stats(struct vcpu *vcpu, struct engine_stats *stats)
{
	const struct a64_jit *jit = a64_cpu_of(vcpu)->jit;

	interp_engine.stats(vcpu, stats);
	stats->jit.regions = jit->regions;
	stats->jit.blocks = jit->blocks;
	stats->jit.instructions = jit->insns;
	stats->jit.ns = jit->ns;
	stats->jit.cache_size = jit->size;
	stats->jit.cache_used = jit->used;
	stats->jit.cache_flushes = jit->flushes;
}

const struct engine jit_engine = {
	.name = "jit",
	.summary = "that CPU, with hot code translated to x86-64",
	.probe = jit_probe,
	.vm_init = jit_vm_init,
	.vm_destroy = jit_vm_destroy,
	.vcpu_init = jit_vcpu_init,
	.vcpu_destroy = jit_vcpu_destroy,
	.vcpu_reset = jit_vcpu_reset,
	.run = jit_run,
	.kick = jit_kick,
	.reg_get = jit_reg_get,
	.reg_set = jit_reg_set,
	.stats = jit_stats,
	.executed = jit_executed,
	.run_until = jit_run_until,
};
