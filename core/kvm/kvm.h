/*
 * Engine `kvm`: the guest on the host's own CPU, by Linux's KVM. What its parts share.
 *
 *	host.c       /dev/kvm and its capabilities
 *	kvm.c        the VM and its vCPUs: made, unmade, made anew; the contract's table
 *	run.c        the run loop, exits, kick
 *	report.c     what is said when KVM can not go on
 *	translate.c  the guest's virtual addresses, for what is said
 *	gic.c        the kernel's interrupt controller and timer; lines of devices
 *	registers.c  architectural state by name
 *	ioevent.c    device notifications that do not leave the kernel
 *
 * Documentation: Linux, Documentation/virt/kvm/api.rst and devices/.
 */
#ifndef GOD_CORE_KVM_KVM_H
#define GOD_CORE_KVM_KVM_H

#include <linux/kvm.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/engine.h"
#include "core/vm.h"

extern const struct engine kvm_engine;

#define KVM_IOEVENTS_MAX 128

/* A notification that the kernel turns into an eventfd: kept, because a reset makes the VM anew. */
struct kvm_ioevent {
	uint64_t addr;
	uint32_t size; /* of the write */
	uint32_t value;
	int eventfd;
};

struct kvm_vm {
	struct vm *vm;
	int host_fd; /* /dev/kvm */
	int vm_fd;
	int gic_fd;
	int its_fd;
	size_t run_size; /* of what a vCPU shares with the kernel */
	bool has_pmu;
	bool has_abort; /* an external abort can be injected */
	bool has_nisv;	/* KVM_EXIT_ARM_NISV instead of ENOSYS */
	struct kvm_vcpu_init target;
	bool has_gic;
	struct gic_layout layout;
	uint8_t levels[1024]; /* of SPIs by INTID: what the kernel was told last */

	pthread_mutex_t lock; /* guards ioevents */
	struct kvm_ioevent ioevents[KVM_IOEVENTS_MAX];
	unsigned ioevent_count;
};

struct kvm_vcpu {
	struct vcpu *vcpu;
	struct kvm_vm *kvm;
	int fd;
	struct kvm_run *run; /* shared with the kernel */

	_Atomic bool kicked;
	pthread_mutex_t lock; /* guards running and thread against kick() */
	bool running;	      /* `thread` is in run() */
	pthread_t thread;
};

static inline struct kvm_vm *kvm_vm_of(struct vm *vm)
{
	return vm->engine_state;
}

static inline struct kvm_vcpu *kvm_vcpu_of(struct vcpu *vcpu)
{
	return vcpu->engine_state;
}

/* --- gic.c --- */

/* engine.gic_init: choose the version where the layout leaves it open, and note in it what there is
 * (version, its, pmu). */
int kvm_gic_init(struct vm *vm, struct gic_layout *layout, struct error *err);

/* Create it, at kvm->layout, when all vCPUs are there. */
int kvm_gic_create(struct kvm_vm *kvm, struct error *err);
void kvm_gic_destroy(struct kvm_vm *kvm);

/* Can a VM of this host have that GIC? Asks without creating it. */
bool kvm_gic_offered(int vm_fd, unsigned version);
bool kvm_its_offered(int vm_fd);

/* --- run.c --- */

void kvm_run_loop(struct vcpu *vcpu);
void kvm_kick(struct vcpu *vcpu);

/* What KVM_RUN has returned for (cpu->run->exit_reason) is dealt with. False: leave run(). */
bool kvm_exit_handle(struct kvm_vcpu *cpu);

/* The signal that takes a vCPU out of the guest: have its (empty) handler in place. */
int kvm_kick_prepare(struct error *err);

/* --- report.c --- */

/* End the run with an EXIT_INTERNAL_ERROR that says what happened and where the guest was: `what`,
 * or the exit that cpu->run describes. Returns false. On the vCPU's thread. */
bool kvm_report_failure(struct kvm_vcpu *cpu, const char *what);
bool kvm_report_exit(struct kvm_vcpu *cpu);

/* --- translate.c --- */

/* The physical address of a virtual one, by the guest's stage 1. False: not mapped. */
bool kvm_translate(struct vcpu *vcpu, uint64_t va, uint64_t *pa);

/* --- registers.c --- */

int kvm_reg_get(struct vcpu *vcpu, const char *name, struct reg_value *value, struct error *err);
int kvm_reg_set(struct vcpu *vcpu, const char *name, struct reg_value value, struct error *err);

/* --- ioevent.c --- */

/* Register with a new VM what was registered with the one before. */
int kvm_ioevents_restore(struct kvm_vm *kvm, struct error *err);

#endif
