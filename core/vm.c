/*
 * A virtual machine's life: built, run to its end, reset and run again, destroyed.
 *
 * How a run ends. Whoever ends it calls vm_stop: a vCPU (power-off, the exit device, a fault of the
 * engine) or another thread (a timeout, a signal). The first result stands, every vCPU is told to
 * leave, and vm_run joins their threads. vm_run takes the result away with it, so that a stop from
 * the host that comes at any other time is kept for the next run.
 */
#include "core/vm.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* A GICv2 has eight CPU interfaces (IHI 0048, 1.4). */
#define GICV2_CPUS_MAX 8

/* Where the fixed sequence of virtual time begins: any number would do. */
#define RANDOM_SEED 0x5645494c4549524fULL

/* --- Building --- */

static int check_config(const struct vm_config *config, struct error *err)
{
	if (config->cpus < 1 || config->cpus > VCPU_MAX)
		return error_set(err, ERROR_USAGE, "1 to %u CPUs are possible, not %u", VCPU_MAX,
				 config->cpus);
	if (config->memory < VM_MEMORY_MIN || config->memory > VM_MEMORY_MAX)
		return error_set(err, ERROR_USAGE,
				 "%llu MiB to %llu GiB of memory are possible, not %" PRIu64
				 " bytes",
				 VM_MEMORY_MIN >> 20, VM_MEMORY_MAX >> 30, config->memory);
	if (config->gic != 0 && config->gic != 2 && config->gic != 3)
		return error_set(err, ERROR_USAGE, "GIC version 2 or 3 is possible, not %u",
				 config->gic);
	if (config->gic == 2 && config->cpus > GICV2_CPUS_MAX)
		return error_set(err, ERROR_USAGE, "1 to %u CPUs are possible with a GICv2, not %u",
				 GICV2_CPUS_MAX, config->cpus);
	if (config->virtual_time && !config->engine->run_until)
		return error_set(err, ERROR_UNAVAILABLE, "engine %s has no virtual time",
				 config->engine->name);
	if (config->watch.look && !config->virtual_time)
		return error_set(err, ERROR_USAGE, "only a VM with virtual time can be watched");
	return 0;
}

/* The parts in order. On failure vm_destroy tells from the fields how far it came. */
static int build(struct vm *vm, struct error *err)
{
	const struct vm_config *config = &vm->config;
	enum clock_mode mode = config->virtual_time ? CLOCK_VIRTUAL : CLOCK_HOST;

	if (memory_init(&vm->memory, VM_RAM_BASE, config->memory, config->backing, err) < 0 ||
	    loop_create(&vm->loop, err) < 0 || clock_init(&vm->clock, mode, vm->loop, err) < 0 ||
	    config->engine->vm_init(vm, err) < 0)
		return -1;
	vm->engine = config->engine;
	for (; vm->cpus < config->cpus; vm->cpus++)
		if (vcpu_init(&vm->vcpus[vm->cpus], vm, vm->cpus, err) < 0)
			return -1;
	return 0;
}

int vm_create(struct vm **created, const struct vm_config *config, struct error *err)
{
	struct vm *vm;

	*created = NULL;
	if (check_config(config, err) < 0)
		return -1;
	vm = calloc(1, sizeof(*vm));
	if (!vm)
		return error_set(err, ERROR_NO_MEMORY, "no memory for a virtual machine");
	vm->config = *config;
	vm->trace = config->trace;
	vm->random_state = RANDOM_SEED;
	vm->memory.fd = -1;
	pthread_mutex_init(&vm->lock, NULL);
	schedule_init(&vm->schedule, vm);
	if (build(vm, err) < 0) {
		vm_destroy(vm);
		return -1;
	}
	*created = vm;
	return 0;
}

/* Devices in reverse order of creation: a later one may lean on an earlier one. */
static void destroy_devices(struct vm *vm)
{
	struct device *reversed = NULL;

	while (vm->devices) {
		struct device *device = vm->devices;

		vm->devices = device->next;
		device->next = reversed;
		reversed = device;
	}
	while (reversed) {
		struct device *device = reversed;

		reversed = device->next;
		device->ops->destroy(device);
	}
}

void vm_silence(struct vm *vm)
{
	if (vm)
		clock_stop(&vm->clock);
}

void vm_destroy(struct vm *vm)
{
	if (!vm)
		return;
	if (vm->loop)
		clock_stop(&vm->clock);
	destroy_devices(vm);
	while (vm->cpus)
		vcpu_destroy(&vm->vcpus[--vm->cpus]);
	if (vm->engine)
		vm->engine->vm_destroy(vm);
	if (vm->loop)
		clock_destroy(&vm->clock);
	loop_destroy(vm->loop);
	sysreg_destroy(&vm->sysregs);
	memory_destroy(&vm->memory);
	schedule_destroy(&vm->schedule);
	pthread_mutex_destroy(&vm->lock);
	free(vm);
}

void vm_add_device(struct vm *vm, struct device *device)
{
	struct device **link = &vm->devices;

	while (*link)
		link = &(*link)->next;
	device->next = NULL;
	*link = device;
}

/* --- Running --- */

static bool is_host_stop(enum vm_end end)
{
	return end == VM_END_TIMEOUT || end == VM_END_STOPPED;
}

void vm_stop(struct vm *vm, const struct vm_result *result)
{
	enum vm_end before;

	pthread_mutex_lock(&vm->lock);
	before = vm->result.end;
	if (before == VM_END_NONE || (before == VM_END_RESET && is_host_stop(result->end)))
		vm->result = *result;
	if (before == VM_END_NONE)
		for (unsigned i = 0; i < vm->cpus; i++)
			vcpu_leave(&vm->vcpus[i]);
	pthread_mutex_unlock(&vm->lock);
}

static void take_result(struct vm *vm, struct vm_result *result)
{
	pthread_mutex_lock(&vm->lock);
	*result = vm->result;
	vm->result = (struct vm_result){.end = VM_END_NONE};
	for (unsigned i = 0; i < vm->cpus; i++)
		vm->vcpus[i].leave = false;
	pthread_mutex_unlock(&vm->lock);
}

static void join_vcpus(struct vm *vm)
{
	for (unsigned i = 0; i < vm->cpus; i++)
		vcpu_join(&vm->vcpus[i]);
}

/* All vCPUs until they end, each on a thread of its own. */
static int run_vcpus(struct vm *vm, struct error *err)
{
	for (unsigned i = 0; i < vm->cpus; i++) {
		if (vcpu_start(&vm->vcpus[i], err) == 0)
			continue;
		for (unsigned j = 0; j < i; j++)
			vcpu_leave(&vm->vcpus[j]);
		join_vcpus(vm);
		return -1;
	}
	join_vcpus(vm);
	return 0;
}

/* What the others wait for is the guest's CPU_ON, and with host_psci the host waits for it. */
static void enter_powered_off(struct vm *vm)
{
	for (unsigned i = 1; i < vm->cpus; i++)
		vcpu_power_on(&vm->vcpus[i], 0, 0);
}

int vm_run(struct vm *vm, struct vm_result *result, struct error *err)
{
	struct vcpu *boot = &vm->vcpus[0];

	if (!vcpu_power_on(boot, vm->entry.pc, vm->entry.x[0]))
		return error_set(err, ERROR_INTERNAL, "the VM has run and was not reset");
	memcpy(boot->entry_x, vm->entry.x, sizeof(boot->entry_x));
	if (vm->engine->host_psci)
		enter_powered_off(vm);
	if (vm->clock.mode == CLOCK_VIRTUAL ? schedule_run(&vm->schedule, err) < 0
					    : run_vcpus(vm, err) < 0)
		return -1;
	take_result(vm, result);
	return 0;
}

int vm_reset(struct vm *vm, struct error *err)
{
	if (vm->engine->vm_reset && vm->engine->vm_reset(vm, err) < 0)
		return -1;
	for (unsigned i = 0; i < vm->cpus; i++)
		vcpu_reset(&vm->vcpus[i]);
	for (struct device *device = vm->devices; device; device = device->next)
		device->ops->reset(device);
	/* Last: until its reset a device may be in the middle of a transfer to it. */
	memory_clear(&vm->memory);
	return 0;
}

static void run_deferred(void *owner)
{
	struct deferred *task = owner;

	task->queued = false;
	task->run(task->owner);
}

void vm_defer(struct vm *vm, struct deferred *task)
{
	if (vm->clock.mode == CLOCK_VIRTUAL)
		schedule_defer(&vm->schedule, task);
	else if (!atomic_exchange(&task->queued, true))
		loop_post(vm->loop, run_deferred, task);
}

/* --- Random bytes --- */

static void host_random(uint8_t *bytes, size_t len)
{
	while (len) {
		ssize_t got = getrandom(bytes, len, 0);

		if (got < 0)
			continue; /* EINTR: with these arguments there is no other failure */
		bytes += got;
		len -= (size_t)got;
	}
}

/* SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014). */
static uint64_t fixed_random(struct vm *vm)
{
	const uint64_t step = 0x9e3779b97f4a7c15ULL;
	uint64_t value = atomic_fetch_add(&vm->random_state, step) + step;

	value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9ULL;
	value = (value ^ value >> 27) * 0x94d049bb133111ebULL;
	return value ^ value >> 31;
}

void vm_random(struct vm *vm, void *buffer, size_t len)
{
	uint8_t *bytes = buffer;

	if (!vm->config.virtual_time) {
		host_random(bytes, len);
		return;
	}
	while (len) {
		uint64_t value = fixed_random(vm);
		size_t count = len < sizeof(value) ? len : sizeof(value);

		memcpy(bytes, &value, count);
		bytes += count;
		len -= count;
	}
}
