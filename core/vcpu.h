/*
 * A virtual CPU as the VMM sees it: a thread (but with virtual time: core/schedule.h), a power state (PSCI), interrupt inputs, and the one
 * place where all exits of all engines are handled.
 */
#ifndef GOD_CORE_VCPU_H
#define GOD_CORE_VCPU_H

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/engine.h"
#include "core/error.h"

struct vm;

#define VCPU_MAX 16

/* Interrupt inputs, bits of vcpu->inputs. */
#define VCPU_IRQ (1u << 0)
#define VCPU_FIQ (1u << 1)

/* PSCI power states as AFFINITY_INFO reports them (DEN 0022, 5.1.4). */
enum vcpu_power { VCPU_ON = 0, VCPU_OFF = 1, VCPU_ON_PENDING = 2 };

struct vcpu {
	struct vm *vm;
	unsigned index;
	uint64_t mpidr; /* MPIDR_EL1: affinity 0 is the index, bit 31 set */
	pthread_t thread;
	bool started; /* the thread exists */

	pthread_mutex_t lock; /* guards power, entry_*, and sleeping in WFI */
	pthread_cond_t wake;
	enum vcpu_power power;
	uint64_t entry_pc, entry_x[4]; /* where the next power-on begins */

	_Atomic uint32_t inputs; /* VCPU_IRQ, VCPU_FIQ: levels, driven by the GIC */
	_Atomic bool leave;	 /* run() must return, and the thread end: the VM stops */
	_Atomic bool kicked;	 /* an EXIT_WFI must not sleep (cleared when it returns) */
	_Atomic bool asleep;	 /* the thread waits on `wake`, or is about to */

	/* Virtual time, the scheduling thread alone: its last slice ended in a wait, or a pause. */
	bool waiting, pausing;

	void *engine_state;
	uint64_t exits[EXIT_KINDS];   /* written by the vCPU's thread alone */
	uint64_t exit_ns[EXIT_KINDS]; /* the time in them, with vm_config.timing */
};

/*
 * Handle one exit, on the vCPU's thread. False: leave run(); the access that the exit was about is
 * complete all the same. EXIT_WFI sleeps until an input is asserted or the vCPU is kicked.
 */
bool vcpu_exit(struct vcpu *vcpu, struct vcpu_exit *exit);

/*
 * Wait for interrupt: sleep until an input is asserted or the vCPU is kicked. With virtual time it
 * does not sleep but has run() return, and not be called again before that. False: leave run(). On
 * the vCPU's thread.
 */
bool vcpu_wait(struct vcpu *vcpu);

/* Does the vCPU have a reason not to wait? */
bool vcpu_must_run(const struct vcpu *vcpu);

/* Drive one interrupt input; on a rising edge the vCPU is kicked or woken. Any thread, never blocks
 * on guest execution; GIC lock may be held. */
void vcpu_set_input(struct vcpu *vcpu, uint32_t input, bool level);

/* Make the vCPU come out to the VMM, and out of WFI. Any thread. */
void vcpu_kick(struct vcpu *vcpu);

/*
 * PSCI CPU_ON and CPU_OFF. Power-on takes effect on the target's own thread: reset, then
 * pc = entry, x0 = context. Returns false when it was not off. Power-off is for the calling vCPU;
 * it takes the devices' state of that vCPU with it (device_ops.reset_cpu).
 */
bool vcpu_power_on(struct vcpu *vcpu, uint64_t entry, uint64_t context);
void vcpu_power_off(struct vcpu *vcpu);
enum vcpu_power vcpu_power_state(struct vcpu *vcpu);

/* The vCPU with that affinity (Aff3:Aff2:Aff1:Aff0 as in PSCI), or NULL. */
struct vcpu *vcpu_find(struct vm *vm, uint64_t affinity);

/*
 * For vm.c: the vCPU's life. vcpu_start creates the thread, which waits to be powered on;
 * vcpu_leave makes it end, vcpu_join waits for that (and does nothing when it was not started).
 * vcpu_reset, without a thread: powered off, no input, as after vcpu_init.
 */
int vcpu_init(struct vcpu *vcpu, struct vm *vm, unsigned index, struct error *err);
void vcpu_destroy(struct vcpu *vcpu);
void vcpu_reset(struct vcpu *vcpu);
int vcpu_start(struct vcpu *vcpu, struct error *err);
void vcpu_leave(struct vcpu *vcpu);
void vcpu_join(struct vcpu *vcpu);

/*
 * For whoever runs vCPUs on a thread of its own. Begin, before run(): a vCPU that was powered on is
 * reset and entered; false: it could not be, and the VM ends. Block the signals that are for other
 * threads, in threads made from now on; *before is the mask to restore.
 */
bool vcpu_begin(struct vcpu *vcpu);
void vcpu_block_signals(sigset_t *before);

#endif
