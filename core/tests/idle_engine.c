/* See idle_engine.h. */
#include "core/tests/idle_engine.h"

#include "core/vm.h"

static int idle_probe(struct error *err)
{
	(void)err;
	return 0;
}

static int idle_vm_init(struct vm *vm, struct error *err)
{
	(void)vm;
	(void)err;
	return 0;
}

static void idle_vm_destroy(struct vm *vm)
{
	(void)vm;
}

static int idle_vcpu(struct vcpu *vcpu, struct error *err)
{
	(void)vcpu;
	(void)err;
	return 0;
}

static void idle_vcpu_nothing(struct vcpu *vcpu)
{
	(void)vcpu;
}

static int idle_reg_get(struct vcpu *vcpu, const char *name, struct reg_value *value,
			struct error *err)
{
	(void)vcpu;
	(void)value;
	return error_set(err, ERROR_USAGE, "no register %s", name);
}

static int idle_reg_set(struct vcpu *vcpu, const char *name, struct reg_value value,
			struct error *err)
{
	(void)vcpu;
	(void)value;
	return error_set(err, ERROR_USAGE, "no register %s", name);
}

static void idle_stats(struct vcpu *vcpu, struct engine_stats *stats)
{
	(void)vcpu;
	*stats = (struct engine_stats){0};
}

static uint64_t idle_executed(struct vcpu *vcpu)
{
	(void)vcpu;
	return 0;
}

static void idle_run_until(struct vcpu *vcpu, uint64_t executed)
{
	(void)vcpu;
	(void)executed;
}

const struct engine idle_engine = {
	.name = "idle",
	.summary = "executes nothing",
	.probe = idle_probe,
	.vm_init = idle_vm_init,
	.vm_destroy = idle_vm_destroy,
	.vcpu_init = idle_vcpu,
	.vcpu_destroy = idle_vcpu_nothing,
	.vcpu_reset = idle_vcpu,
	.run = idle_vcpu_nothing,
	.kick = idle_vcpu_nothing,
	.reg_get = idle_reg_get,
	.reg_set = idle_reg_set,
	.stats = idle_stats,
	.executed = idle_executed,
	.run_until = idle_run_until,
};
