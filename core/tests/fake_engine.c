/* See fake_engine.h. */
#include "core/tests/fake_engine.h"

#include <criterion/criterion.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static int probe(struct error *err)
{
	(void)err;
	return 0;
}

static int vm_init(struct vm *vm, struct error *err)
{
	(void)err;
	vm->engine_state = calloc(1, sizeof(struct fake_vm));
	return 0;
}

static void fake_vm_destroy(struct vm *vm)
{
	free(vm->engine_state);
}

static int fake_vcpu_init(struct vcpu *vcpu, struct error *err)
{
	(void)err;
	vcpu->engine_state = calloc(1, sizeof(struct fake_cpu));
	return 0;
}

static void fake_vcpu_destroy(struct vcpu *vcpu)
{
	free(vcpu->engine_state);
}

static int fake_vcpu_reset(struct vcpu *vcpu, struct error *err)
{
	if (fake_vm(vcpu->vm)->reset_fails)
		return error_set(err, ERROR_INTERNAL, "the fake engine was told to fail");
	fake_cpu(vcpu)->resets++;
	return 0;
}

static void run(struct vcpu *vcpu)
{
	fake_vm(vcpu->vm)->run(vcpu);
}

static void kick(struct vcpu *vcpu)
{
	atomic_fetch_add(&fake_cpu(vcpu)->kicks, 1);
	atomic_store(&fake_cpu(vcpu)->kick_pending, true);
}

/* pc and x0 to x3. */
static uint64_t *find_register(struct vcpu *vcpu, const char *name)
{
	if (!strcmp(name, "pc"))
		return &fake_cpu(vcpu)->pc;
	if (name[0] == 'x' && name[1] >= '0' && name[1] <= '3' && !name[2])
		return &fake_cpu(vcpu)->x[name[1] - '0'];
	return NULL;
}

static int reg_get(struct vcpu *vcpu, const char *name, struct reg_value *value, struct error *err)
{
	const uint64_t *reg = find_register(vcpu, name);

	if (!reg)
		return error_set(err, ERROR_USAGE, "no register %s", name);
	*value = (struct reg_value){.lo = *reg};
	return 0;
}

static int reg_set(struct vcpu *vcpu, const char *name, struct reg_value value, struct error *err)
{
	uint64_t *reg = find_register(vcpu, name);

	if (!reg)
		return error_set(err, ERROR_USAGE, "no register %s", name);
	*reg = value.lo;
	return 0;
}

static void stats(struct vcpu *vcpu, struct engine_stats *stats)
{
	(void)vcpu;
	*stats = (struct engine_stats){0};
}

static uint64_t executed(struct vcpu *vcpu)
{
	return fake_cpu(vcpu)->executed;
}

static void run_until(struct vcpu *vcpu, uint64_t limit)
{
	fake_cpu(vcpu)->limit = limit;
}

const struct engine fake_engine = {
	.name = "fake",
	.summary = "scripted by a test",
	.probe = probe,
	.vm_init = vm_init,
	.vm_destroy = fake_vm_destroy,
	.vcpu_init = fake_vcpu_init,
	.vcpu_destroy = fake_vcpu_destroy,
	.vcpu_reset = fake_vcpu_reset,
	.run = run,
	.kick = kick,
	.reg_get = reg_get,
	.reg_set = reg_set,
	.stats = stats,
	.executed = executed,
	.run_until = run_until,
};

static struct vm *create(const struct vm_config *config, fake_script *script, void *test)
{
	struct error err = {0};
	struct vm *vm;

	cr_assert_eq(vm_create(&vm, config, &err), 0, "%s", err.text);
	fake_vm(vm)->run = script;
	fake_vm(vm)->test = test;
	vm->entry.pc = VM_RAM_BASE;
	return vm;
}

struct vm *fake_vm_create(unsigned cpus, fake_script *script, void *test)
{
	const struct vm_config config = {
		.engine = &fake_engine, .cpus = cpus, .memory = VM_MEMORY_MIN};

	return create(&config, script, test);
}

struct vm *fake_vm_create_virtual(unsigned cpus, fake_script *script, void *test)
{
	const struct schedule_watch nobody = {0};

	return fake_vm_create_watched(cpus, script, test, &nobody);
}

struct vm *fake_vm_create_watched(unsigned cpus, fake_script *script, void *test,
				  const struct schedule_watch *watch)
{
	const struct vm_config config = {.engine = &fake_engine,
					 .cpus = cpus,
					 .memory = VM_MEMORY_MIN,
					 .virtual_time = true,
					 .watch = *watch};

	return create(&config, script, test);
}

struct fake_vm *fake_vm(struct vm *vm)
{
	return vm->engine_state;
}

struct fake_cpu *fake_cpu(struct vcpu *vcpu)
{
	return vcpu->engine_state;
}

void *fake_test(struct vcpu *vcpu)
{
	return fake_vm(vcpu->vm)->test;
}

bool fake_exit(struct vcpu *vcpu, enum exit_kind kind)
{
	struct vcpu_exit exit = {.kind = kind};

	return vcpu_exit(vcpu, &exit);
}

bool fake_hypercall(struct vcpu *vcpu, uint64_t function, uint64_t arg1, uint64_t arg2,
		    uint64_t arg3, int64_t *result)
{
	struct vcpu_exit exit = {
		.kind = EXIT_HYPERCALL,
		.hypercall.args = {function, arg1, arg2, arg3},
		.hypercall.results = {function, arg1, arg2, arg3},
	};
	bool stay = vcpu_exit(vcpu, &exit);

	if (result)
		*result = (int64_t)exit.hypercall.results[0];
	return stay;
}

bool fake_execute(struct vcpu *vcpu)
{
	fake_cpu(vcpu)->executed++;
	return fake_cpu(vcpu)->executed < fake_cpu(vcpu)->limit;
}

void fake_spin(struct vcpu *vcpu)
{
	for (;;) {
		if (!atomic_exchange(&fake_cpu(vcpu)->kick_pending, false))
			sched_yield();
		else if (!fake_exit(vcpu, EXIT_INTERRUPTED))
			return;
	}
}
