/*
 * A virtual machine: RAM, bus, system registers, clock, I/O loop, vCPUs, and the devices that the
 * board put in. No globals: two of them can live in one process.
 *
 *	vm_create()                     RAM, loop, clock, engine, vCPUs
 *	board_create() (devices/)       devices on bus, sysregs and irq chip
 *	boot_load() (core/boot/)        kernel, initramfs and device tree into RAM, vm->entry
 *	vm_run()                        until the guest or the host ends it
 *	vm_reset() + boot_load() + vm_run() again, for a guest's reset
 *	vm_destroy()
 */
#ifndef GOD_CORE_VM_H
#define GOD_CORE_VM_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/bus.h"
#include "core/clock.h"
#include "core/device.h"
#include "core/engine.h"
#include "core/error.h"
#include "core/irq.h"
#include "core/loop.h"
#include "core/memory.h"
#include "core/schedule.h"
#include "core/sysreg.h"
#include "core/trace.h"
#include "core/vcpu.h"

#define VM_RAM_BASE   0x40000000ULL
#define VM_MEMORY_MIN (2ULL << 20)
#define VM_MEMORY_MAX (255ULL << 30) /* RAM ends within the 40-bit physical address space */

struct vm_config {
	const struct engine *engine;
	unsigned cpus;		     /* 1 to VCPU_MAX */
	uint64_t memory;	     /* bytes, a multiple of 4 KiB */
	enum memory_backing backing; /* shared: for devices of other processes (virtio-fs) */
	unsigned gic;		     /* 2 or 3; 0: the engine's preference (3 where there is one) */
	bool virtual_time;	     /* engines with run_until only */
	struct schedule_watch watch; /* with virtual time only */
	bool timing;		     /* measure the time in exits and in the translator */
	struct jit_config jit;
	struct trace trace;
};

enum vm_end {
	VM_END_NONE,	/* still running */
	VM_END_OFF,	/* PSCI SYSTEM_OFF */
	VM_END_RESET,	/* PSCI SYSTEM_RESET */
	VM_END_EXIT,	/* the exit device: status is the guest's */
	VM_END_TIMEOUT, /* vm_stop by the harness's --timeout */
	VM_END_STOPPED, /* vm_stop for another reason: Ctrl-A x, a signal */
	VM_END_ERROR,	/* the engine could not go on: error says why */
};

struct vm_result {
	enum vm_end end;
	int status;	    /* VM_END_EXIT: 0 to 255 */
	unsigned cpu;	    /* the vCPU that ended it, where one did */
	struct error error; /* VM_END_ERROR */
};

/* Where vCPU 0 begins: set by boot_load(). */
struct vm_entry {
	uint64_t pc;
	uint64_t x[4];
};

struct vm {
	struct vm_config config;
	struct memory memory;
	struct bus bus;
	struct sysreg_table sysregs;
	struct loop *loop;
	struct clock clock;
	struct schedule schedule; /* virtual time */
	struct trace trace;
	const struct engine *engine;
	void *engine_state;

	struct irq_chip irq_chip; /* set by the GIC device, or by the engine's gic_init */
	struct device *devices;	  /* in order of creation */
	unsigned pmu_intid;	  /* PPI of a PMU's overflow that the engine emulates; 0: none */
	const char *stdout_path;  /* set by the board: its console in the device tree, or NULL */

	unsigned cpus;
	struct vcpu vcpus[VCPU_MAX];
	struct vm_entry entry;

	pthread_mutex_t lock; /* guards result; taken before a vCPU's */
	struct vm_result result;
	_Atomic uint64_t random_state; /* virtual time: a fixed sequence, not the host's entropy */
};

/* Check the configuration and build the empty machine. On failure nothing is left behind. */
int vm_create(struct vm **vm, const struct vm_config *config, struct error *err);

/*
 * After the last vm_run(): no timer runs any more, so that no device calls its back end of its own accord, and
 * back ends can be taken down before the VM. vm may be NULL.
 */
void vm_silence(struct vm *vm);

/* Destroy devices (in reverse order), vCPUs, engine, clock, loop, RAM. vm may be NULL. */
void vm_destroy(struct vm *vm);

/* Put a device at the end of the list; the VM owns it from here on. */
void vm_add_device(struct vm *vm, struct device *device);

/*
 * Power vCPU 0 on at vm->entry and wait for the end, which is put into *result; all vCPU threads
 * have ended on return. Once for each vm_create or vm_reset.
 */
int vm_run(struct vm *vm, struct vm_result *result, struct error *err);

/*
 * End the run. The first call wins; later ones are ignored, but for this: a stop from the host
 * (TIMEOUT, STOPPED) is never lost to a guest's reset. It takes that reset's place while vm_run has
 * not returned; when it comes before vm_run, or between two, the run to come ends at once.
 * Any thread (not a signal handler), any lock of a device's or the GIC's held.
 */
void vm_stop(struct vm *vm, const struct vm_result *result);

/* Reset devices, vCPUs and RAM contents to the state of a cold start. Not during vm_run. */
int vm_reset(struct vm *vm, struct error *err);

/*
 * Have `task` run soon on the thread that may hand things to devices, see core/schedule.h; it runs
 * once, however often it is deferred before that. Any thread, also in an exit.
 */
void vm_defer(struct vm *vm, struct deferred *task);

/* Random bytes for seeds and the TRNG: the host's (getrandom), or with virtual time a fixed
 * sequence. Any thread. */
void vm_random(struct vm *vm, void *buffer, size_t len);

#endif
