/*
 * Engine `kvm`: the life of a VM and its vCPUs.
 *
 * PSCI, the interrupt controller and the timer live in the kernel, which has no call that resets
 * them all. So a reset makes the VM anew: a few descriptors, a millisecond, and not one bit of the
 * guest before is left. What belongs to the process (struct kvm_vm, struct kvm_vcpu) stays, and so
 * a kick may come at any time.
 *
 * Guest RAM needs no care for caches here, although a guest begins with its MMU off and so reads
 * around them: the kernel cleans each page to memory when it first maps it for the guest, and the
 * images are in place before the first instruction.
 */
#include "core/kvm/kvm.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/kvm/host.h"
#include "core/kvm/ioevent.h"

/* MPIDR_EL1 by the numbers of the KVM_REG_ARM64_SYSREG space. */
#define REG_MPIDR_EL1 ARM64_SYS_REG(3, 0, 0, 0, 5)

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* --- The VM --- */

static int enable(struct kvm_vm *kvm, uint32_t capability)
{
	struct kvm_enable_cap cap = {.cap = capability};

	return ioctl(kvm->vm_fd, KVM_ENABLE_CAP, &cap);
}

static int create_vm(struct kvm_vm *kvm, struct error *err)
{
	const struct memory *memory = &kvm->vm->memory;

	kvm->vm_fd = kvm_host_create_vm(kvm->host_fd, memory->base + memory->size, err);
	return kvm->vm_fd < 0 ? -1 : 0;
}

static int map_memory(struct kvm_vm *kvm, struct error *err)
{
	const struct memory *memory = &kvm->vm->memory;
	struct kvm_userspace_memory_region region = {
		.guest_phys_addr = memory->base,
		.memory_size = memory->size,
		.userspace_addr = (uintptr_t)memory->bytes,
	};
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	if (memory->size % page)
		return error_set(err, ERROR_USAGE,
				 "memory must be a multiple of this host's pages of %" PRIu64
				 " bytes, not %" PRIu64,
				 page, memory->size);
	if (ioctl(kvm->vm_fd, KVM_SET_USER_MEMORY_REGION, &region) < 0)
		return error_set_errno(err, errno,
				       "KVM_SET_USER_MEMORY_REGION (%" PRIu64 " bytes at %#" PRIx64
				       ")",
				       memory->size, memory->base);
	return 0;
}

static int check_cpus(struct kvm_vm *kvm, struct error *err)
{
	int max = kvm_host_capability(kvm->vm_fd, KVM_CAP_MAX_VCPUS);

	if (kvm->vm->config.cpus > (unsigned)max)
		return error_set(err, ERROR_UNAVAILABLE,
				 "KVM on this host offers up to %d CPUs, not %u", max,
				 kvm->vm->config.cpus);
	return 0;
}

static int choose_target(struct kvm_vm *kvm, struct error *err)
{
	if (ioctl(kvm->vm_fd, KVM_ARM_PREFERRED_TARGET, &kvm->target) < 0)
		return error_set_errno(err, errno, "KVM_ARM_PREFERRED_TARGET");
	kvm->has_pmu = kvm_host_capability(kvm->host_fd, KVM_CAP_ARM_PMU_V3);
	kvm->target.features[0] = 1u << KVM_ARM_VCPU_PSCI_0_2;
	if (kvm->has_pmu)
		kvm->target.features[0] |= 1u << KVM_ARM_VCPU_PMU_V3;
	return 0;
}

static int open_vm(struct kvm_vm *kvm, struct error *err)
{
	if (create_vm(kvm, err) < 0 || check_cpus(kvm, err) < 0 || map_memory(kvm, err) < 0 ||
	    choose_target(kvm, err) < 0)
		return -1;
	kvm->has_nisv = enable(kvm, KVM_CAP_ARM_NISV_TO_USER) == 0;
	kvm->has_abort = kvm_host_capability(kvm->host_fd, KVM_CAP_ARM_INJECT_EXT_DABT);
	memset(kvm->levels, 0, sizeof(kvm->levels));
	return 0;
}

static void close_vm(struct kvm_vm *kvm)
{
	kvm_gic_destroy(kvm);
	close_fd(&kvm->vm_fd);
}

static void vm_free(struct kvm_vm *kvm)
{
	close_vm(kvm);
	close_fd(&kvm->host_fd);
	pthread_mutex_destroy(&kvm->lock);
	free(kvm);
}

static int open_host(struct kvm_vm *kvm, struct error *err)
{
	int size;

	kvm->host_fd = kvm_host_open(KVM_DEVICE, err);
	if (kvm->host_fd < 0)
		return -1;
	size = ioctl(kvm->host_fd, KVM_GET_VCPU_MMAP_SIZE, 0UL);
	if (size < (int)sizeof(struct kvm_run))
		return error_set(err, ERROR_UNAVAILABLE, "KVM_GET_VCPU_MMAP_SIZE: %d bytes", size);
	kvm->run_size = (size_t)size;
	return 0;
}

static int vm_init(struct vm *vm, struct error *err)
{
	struct kvm_vm *kvm = calloc(1, sizeof(*kvm));

	if (!kvm)
		return error_set(err, ERROR_NO_MEMORY, "no memory for a virtual machine");
	kvm->vm = vm;
	kvm->host_fd = kvm->vm_fd = kvm->gic_fd = kvm->its_fd = -1;
	pthread_mutex_init(&kvm->lock, NULL);
	if (kvm_kick_prepare(err) < 0 || open_host(kvm, err) < 0 || open_vm(kvm, err) < 0) {
		vm_free(kvm);
		return -1;
	}
	vm->engine_state = kvm;
	return 0;
}

static void kvm_vm_destroy(struct vm *vm)
{
	vm_free(kvm_vm_of(vm));
	vm->engine_state = NULL;
}

/* --- A vCPU --- */

static void close_vcpu(struct kvm_vcpu *cpu)
{
	if (cpu->run)
		munmap(cpu->run, cpu->kvm->run_size);
	cpu->run = NULL;
	close_fd(&cpu->fd);
}

/* The kernel derives MPIDR from the number; the device tree is to say the same. */
static int read_mpidr(struct kvm_vcpu *cpu, struct error *err)
{
	struct kvm_one_reg reg = {.id = REG_MPIDR_EL1, .addr = (uintptr_t)&cpu->vcpu->mpidr};

	if (ioctl(cpu->fd, KVM_GET_ONE_REG, &reg) < 0)
		return error_set_errno(err, errno, "KVM_GET_ONE_REG (mpidr_el1)");
	return 0;
}

static int open_vcpu(struct kvm_vcpu *cpu, struct error *err)
{
	struct kvm_vm *kvm = cpu->kvm;
	struct kvm_vcpu_init target = kvm->target;
	unsigned index = cpu->vcpu->index;
	void *run;

	cpu->fd = ioctl(kvm->vm_fd, KVM_CREATE_VCPU, (unsigned long)index);
	if (cpu->fd < 0)
		return error_set_errno(err, errno, "KVM_CREATE_VCPU (vCPU %u)", index);
	run = mmap(NULL, kvm->run_size, PROT_READ | PROT_WRITE, MAP_SHARED, cpu->fd, 0);
	if (run == MAP_FAILED)
		return error_set_errno(err, errno, "cannot map the state of vCPU %u", index);
	cpu->run = run;
	if (index)
		target.features[0] |= 1u << KVM_ARM_VCPU_POWER_OFF;
	if (ioctl(cpu->fd, KVM_ARM_VCPU_INIT, &target) < 0)
		return error_set_errno(err, errno, "KVM_ARM_VCPU_INIT (vCPU %u)", index);
	return read_mpidr(cpu, err);
}

static void kvm_vcpu_destroy(struct vcpu *vcpu)
{
	struct kvm_vcpu *cpu = kvm_vcpu_of(vcpu);

	close_vcpu(cpu);
	pthread_mutex_destroy(&cpu->lock);
	free(cpu);
	vcpu->engine_state = NULL;
}

static int kvm_vcpu_init(struct vcpu *vcpu, struct error *err)
{
	struct kvm_vcpu *cpu = calloc(1, sizeof(*cpu));

	if (!cpu)
		return error_set(err, ERROR_NO_MEMORY, "no memory for a vCPU");
	cpu->vcpu = vcpu;
	cpu->kvm = kvm_vm_of(vcpu->vm);
	cpu->fd = -1;
	pthread_mutex_init(&cpu->lock, NULL);
	vcpu->engine_state = cpu;
	if (open_vcpu(cpu, err) < 0) {
		kvm_vcpu_destroy(vcpu);
		return -1;
	}
	return 0;
}

/* It is new, or vm_reset has made it anew: KVM_ARM_VCPU_INIT has left it as the contract wants. */
static int kvm_vcpu_reset(struct vcpu *vcpu, struct error *err)
{
	(void)vcpu;
	(void)err;
	return 0;
}

/* --- Reset --- */

static int kvm_vm_reset(struct vm *vm, struct error *err)
{
	struct kvm_vm *kvm = kvm_vm_of(vm);

	for (unsigned i = 0; i < vm->cpus; i++)
		close_vcpu(kvm_vcpu_of(&vm->vcpus[i]));
	close_vm(kvm);
	if (open_vm(kvm, err) < 0)
		return -1;
	for (unsigned i = 0; i < vm->cpus; i++)
		if (open_vcpu(kvm_vcpu_of(&vm->vcpus[i]), err) < 0)
			return -1;
	if (kvm->has_gic && kvm_gic_create(kvm, err) < 0)
		return -1;
	return kvm_ioevents_restore(kvm, err);
}

/* --- The contract --- */

static int probe(struct error *err)
{
	int fd = kvm_host_open(KVM_DEVICE, err);

	if (fd < 0)
		return -1;
	close(fd);
	return 0;
}

/* What the guest does between two exits, nobody counts for us. */
static void kvm_stats(struct vcpu *vcpu, struct engine_stats *stats)
{
	(void)vcpu;
	*stats = (struct engine_stats){0};
}

const struct engine kvm_engine = {
	.name = "kvm",
	.summary = "the host's own CPU, by the kernel's hardware virtualization",
	.host_psci = true,
	.probe = probe,
	.vm_init = vm_init,
	.vm_destroy = kvm_vm_destroy,
	.vm_reset = kvm_vm_reset,
	.gic_init = kvm_gic_init,
	.vcpu_init = kvm_vcpu_init,
	.vcpu_destroy = kvm_vcpu_destroy,
	.vcpu_reset = kvm_vcpu_reset,
	.run = kvm_run_loop,
	.kick = kvm_kick,
	.reg_get = kvm_reg_get,
	.reg_set = kvm_reg_set,
	.stats = kvm_stats,
	.ioevent_add = kvm_ioevent_add,
	.ioevent_remove = kvm_ioevent_remove,
};
