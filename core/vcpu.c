/*
 * A vCPU's thread, and what happens at each exit.
 *
 * The thread's life: wait until powered on; reset, set the entry state, run; run() returns when the
 * vCPU has powered itself off (wait again) or when the VM ends (end).
 *
 * Sleeping, in WFI or powered off, loses no wake-up without a lock on the waker's usual path. The
 * sleeper says `asleep` and then looks at what it waits for; the waker changes that and then looks
 * at `asleep`. All four are sequentially consistent, so at least one of the two sees the other: the
 * sleeper does not go to sleep, or the waker takes the lock and signals. Most edges of interrupt
 * inputs find the vCPU awake and cost one atomic operation and the engine's kick.
 */
#include "core/vcpu.h"

#include <inttypes.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

#include "core/psci.h"
#include "core/schedule.h"
#include "core/vm.h"

/* MPIDR_EL1 (Arm DDI 0487, D19.2): the affinity fields, and bit 31, which is RES1. */
#define MPIDR_AFFINITY 0xff00ffffffULL
#define MPIDR_RES1     (1ULL << 31)

/* --- Sleeping and waking --- */

bool vcpu_must_run(const struct vcpu *vcpu)
{
	return vcpu->inputs || vcpu->kicked || vcpu->leave;
}

static bool must_start(const struct vcpu *vcpu)
{
	return vcpu->power == VCPU_ON_PENDING || vcpu->leave;
}

/* Sleep until `ready`. Lock held. */
static void sleep_until(struct vcpu *vcpu, bool (*ready)(const struct vcpu *vcpu))
{
	vcpu->asleep = true;
	while (!ready(vcpu))
		pthread_cond_wait(&vcpu->wake, &vcpu->lock);
	vcpu->asleep = false;
}

static bool has_thread(const struct vcpu *vcpu)
{
	return vcpu->vm->clock.mode == CLOCK_HOST;
}

static void wake_sleeper(struct vcpu *vcpu)
{
	if (!has_thread(vcpu))
		schedule_wake(&vcpu->vm->schedule);
	if (!vcpu->asleep)
		return;
	/*
	 * With the lock, a sleeper that has looked is in pthread_cond_wait(). Signalled with the lock held it
	 * would wake up only to wait for the lock, and be woken once more.
	 */
	pthread_mutex_lock(&vcpu->lock);
	pthread_mutex_unlock(&vcpu->lock);
	pthread_cond_signal(&vcpu->wake);
}

bool vcpu_wait(struct vcpu *vcpu)
{
	if (!has_thread(vcpu)) {
		schedule_wait(&vcpu->vm->schedule, vcpu);
		return !vcpu->leave;
	}
	if (!vcpu_must_run(vcpu)) {
		pthread_mutex_lock(&vcpu->lock);
		sleep_until(vcpu, vcpu_must_run);
		pthread_mutex_unlock(&vcpu->lock);
	}
	atomic_exchange(&vcpu->kicked, false); /* what the kick was about is visible from here on */
	return !vcpu->leave;
}

void vcpu_set_input(struct vcpu *vcpu, uint32_t input, bool level)
{
	uint32_t before = atomic_load_explicit(&vcpu->inputs, memory_order_relaxed);

	if (!(before & input) == !level)
		return;
	if (!level) {
		atomic_fetch_and(&vcpu->inputs, ~input);
		return;
	}
	if (atomic_fetch_or(&vcpu->inputs, input) & input)
		return;
	vcpu->vm->engine->kick(vcpu);
	wake_sleeper(vcpu);
}

void vcpu_kick(struct vcpu *vcpu)
{
	vcpu->kicked = true;
	vcpu->vm->engine->kick(vcpu);
	wake_sleeper(vcpu);
}

void vcpu_leave(struct vcpu *vcpu)
{
	vcpu->leave = true;
	vcpu_kick(vcpu);
}

/* --- Power --- */

bool vcpu_power_on(struct vcpu *vcpu, uint64_t entry, uint64_t context)
{
	bool was_off;

	pthread_mutex_lock(&vcpu->lock);
	was_off = vcpu->power == VCPU_OFF;
	if (was_off) {
		vcpu->power = VCPU_ON_PENDING;
		vcpu->entry_pc = entry;
		vcpu->entry_x[0] = context;
		vcpu->entry_x[1] = vcpu->entry_x[2] = vcpu->entry_x[3] = 0;
		pthread_cond_signal(&vcpu->wake);
	}
	pthread_mutex_unlock(&vcpu->lock);
	return was_off;
}

static void set_power(struct vcpu *vcpu, enum vcpu_power power)
{
	pthread_mutex_lock(&vcpu->lock);
	vcpu->power = power;
	pthread_mutex_unlock(&vcpu->lock);
}

void vcpu_power_off(struct vcpu *vcpu)
{
	/* Before anybody can see that it is off, and power it on again. */
	for (struct device *device = vcpu->vm->devices; device; device = device->next)
		if (device->ops->reset_cpu)
			device->ops->reset_cpu(device, vcpu->index);
	set_power(vcpu, VCPU_OFF);
}

enum vcpu_power vcpu_power_state(struct vcpu *vcpu)
{
	enum vcpu_power power;

	pthread_mutex_lock(&vcpu->lock);
	power = vcpu->power;
	pthread_mutex_unlock(&vcpu->lock);
	return power;
}

struct vcpu *vcpu_find(struct vm *vm, uint64_t affinity)
{
	for (unsigned i = 0; i < vm->cpus; i++)
		if ((vm->vcpus[i].mpidr & MPIDR_AFFINITY) == affinity)
			return &vm->vcpus[i];
	return NULL;
}

/* --- Exits --- */

static void trace_exit(struct vcpu *vcpu, const struct vcpu_exit *exit)
{
	struct trace *trace = &vcpu->vm->trace;
	const char *name = exit_kind_name(exit->kind);

	switch (exit->kind) {
	case EXIT_MMIO_READ:
	case EXIT_MMIO_WRITE:
		trace_print(trace, TRACE_EXIT, "vcpu%u %s %#" PRIx64 " size %u", vcpu->index, name,
			    exit->mmio.addr, exit->mmio.size);
		break;
	case EXIT_HYPERCALL:
		trace_print(trace, TRACE_EXIT, "vcpu%u %s %#" PRIx64, vcpu->index, name,
			    exit->hypercall.args[0]);
		break;
	case EXIT_INTERNAL_ERROR:
		trace_print(trace, TRACE_EXIT, "vcpu%u %s %s", vcpu->index, name, exit->error.text);
		break;
	default: trace_print(trace, TRACE_EXIT, "vcpu%u %s", vcpu->index, name); break;
	}
}

/* "mmio: vcpu0 read pl011+0x18 size 4: 0x90", or "... 0x1000 size 4: no device". */
static void trace_mmio(struct vcpu *vcpu, const struct vcpu_exit *exit)
{
	struct vm *vm = vcpu->vm;
	const struct bus_region *region = bus_find(&vm->bus, exit->mmio.addr, exit->mmio.size);
	const char *access = exit->kind == EXIT_MMIO_READ ? "read" : "write";
	char value[32];

	snprintf(value, sizeof(value), "%#" PRIx64, exit->mmio.value);
	if (region)
		trace_print(&vm->trace, TRACE_MMIO, "vcpu%u %s %s+%#" PRIx64 " size %u: %s",
			    vcpu->index, access, region->name, exit->mmio.addr - region->base,
			    exit->mmio.size, exit->mmio.ok ? value : "refused");
	else
		trace_print(&vm->trace, TRACE_MMIO, "vcpu%u %s %#" PRIx64 " size %u: no device",
			    vcpu->index, access, exit->mmio.addr, exit->mmio.size);
}

static void handle_mmio(struct vcpu *vcpu, struct vcpu_exit *exit)
{
	struct vm *vm = vcpu->vm;

	if (exit->kind == EXIT_MMIO_READ)
		exit->mmio.ok = bus_read(&vm->bus, vcpu->index, exit->mmio.addr, exit->mmio.size,
					 &exit->mmio.value);
	else
		exit->mmio.ok = bus_write(&vm->bus, vcpu->index, exit->mmio.addr, exit->mmio.size,
					  exit->mmio.value);
	if (trace_on(&vm->trace, TRACE_MMIO))
		trace_mmio(vcpu, exit);
}

static void end_vm(struct vcpu *vcpu, enum vm_end end, const struct error *error)
{
	struct vm_result result = {.end = end, .cpu = vcpu->index};

	if (error)
		result.error = *error;
	vm_stop(vcpu->vm, &result);
}

static bool handle_exit(struct vcpu *vcpu, struct vcpu_exit *exit)
{
	if (trace_on(&vcpu->vm->trace, TRACE_EXIT))
		trace_exit(vcpu, exit);

	switch (exit->kind) {
	case EXIT_MMIO_READ:
	case EXIT_MMIO_WRITE: handle_mmio(vcpu, exit); break;
	case EXIT_HYPERCALL:
		if (!psci_call(vcpu, exit->hypercall.args, exit->hypercall.results))
			return false;
		break;
	case EXIT_WFI: return vcpu_wait(vcpu);
	case EXIT_SYSTEM_OFF: end_vm(vcpu, VM_END_OFF, NULL); break;
	case EXIT_SYSTEM_RESET: end_vm(vcpu, VM_END_RESET, NULL); break;
	case EXIT_INTERRUPTED: atomic_exchange(&vcpu->kicked, false); break;
	case EXIT_INTERNAL_ERROR: end_vm(vcpu, VM_END_ERROR, &exit->error); break;
	case EXIT_KINDS: break;
	}
	return !vcpu->leave;
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

bool vcpu_exit(struct vcpu *vcpu, struct vcpu_exit *exit)
{
	enum exit_kind kind = exit->kind;
	uint64_t start;
	bool stay;

	vcpu->exits[kind]++;
	if (!vcpu->vm->config.timing)
		return handle_exit(vcpu, exit);
	start = now_ns();
	stay = handle_exit(vcpu, exit);
	vcpu->exit_ns[kind] += now_ns() - start;
	return stay;
}

/* --- The thread --- */

static int set_register(struct vcpu *vcpu, const char *name, uint64_t value, struct error *err)
{
	return vcpu->vm->engine->reg_set(vcpu, name, (struct reg_value){.lo = value}, err);
}

/* The state in which a power-on begins. */
static int enter(struct vcpu *vcpu, struct error *err)
{
	static const char *const names[] = {"x0", "x1", "x2", "x3"};

	if (vcpu->vm->engine->vcpu_reset(vcpu, err) < 0)
		return -1;
	if (vcpu->vm->engine->host_psci && vcpu->index)
		return 0; /* it is off, and the host will set the state that CPU_ON gives */
	if (set_register(vcpu, "pc", vcpu->entry_pc, err) < 0)
		return -1;
	for (unsigned i = 0; i < 4; i++)
		if (set_register(vcpu, names[i], vcpu->entry_x[i], err) < 0)
			return -1;
	return 0;
}

/* Wait for a power-on. False: the VM ends. */
static bool wait_for_power(struct vcpu *vcpu)
{
	pthread_mutex_lock(&vcpu->lock);
	sleep_until(vcpu, must_start);
	pthread_mutex_unlock(&vcpu->lock);
	return !vcpu->leave;
}

bool vcpu_begin(struct vcpu *vcpu)
{
	struct error error = {0};

	if (vcpu_power_state(vcpu) != VCPU_ON_PENDING)
		return true;
	/* While ON_PENDING nobody else writes entry_*. */
	if (enter(vcpu, &error) < 0) {
		end_vm(vcpu, VM_END_ERROR, &error);
		return false;
	}
	set_power(vcpu, VCPU_ON);
	return true;
}

static void *thread_main(void *arg)
{
	struct vcpu *vcpu = arg;
	char name[16];

	snprintf(name, sizeof(name), "vcpu%u", vcpu->index);
	pthread_setname_np(pthread_self(), name);
	while (wait_for_power(vcpu) && vcpu_begin(vcpu)) {
		while (!vcpu->leave && vcpu_power_state(vcpu) == VCPU_ON)
			vcpu->vm->engine->run(vcpu);
	}
	return NULL;
}

/* All signals are for the harness's threads, but those that a vCPU's thread itself causes. */
void vcpu_block_signals(sigset_t *before)
{
	static const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT};
	sigset_t blocked;

	sigfillset(&blocked);
	for (unsigned i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		sigdelset(&blocked, own[i]);
	pthread_sigmask(SIG_SETMASK, &blocked, before);
}

int vcpu_start(struct vcpu *vcpu, struct error *err)
{
	sigset_t before;
	int result;

	vcpu_block_signals(&before);
	result = pthread_create(&vcpu->thread, NULL, thread_main, vcpu);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (result)
		return error_set_errno(err, result, "cannot create the thread of vCPU %u",
				       vcpu->index);
	vcpu->started = true;
	return 0;
}

void vcpu_join(struct vcpu *vcpu)
{
	if (!vcpu->started)
		return;
	pthread_join(vcpu->thread, NULL);
	vcpu->started = false;
}

/* --- Life --- */

void vcpu_reset(struct vcpu *vcpu)
{
	vcpu->power = VCPU_OFF;
	vcpu->inputs = 0;
	vcpu->kicked = false;
	vcpu->waiting = false;
	vcpu->pausing = false;
}

int vcpu_init(struct vcpu *vcpu, struct vm *vm, unsigned index, struct error *err)
{
	*vcpu = (struct vcpu){
		.vm = vm,
		.index = index,
		.mpidr = MPIDR_RES1 | index,
		.power = VCPU_OFF,
	};
	pthread_mutex_init(&vcpu->lock, NULL);
	pthread_cond_init(&vcpu->wake, NULL);
	if (vm->engine->vcpu_init(vcpu, err) < 0) {
		pthread_cond_destroy(&vcpu->wake);
		pthread_mutex_destroy(&vcpu->lock);
		return -1;
	}
	return 0;
}

void vcpu_destroy(struct vcpu *vcpu)
{
	vcpu->vm->engine->vcpu_destroy(vcpu);
	pthread_cond_destroy(&vcpu->wake);
	pthread_mutex_destroy(&vcpu->lock);
}
