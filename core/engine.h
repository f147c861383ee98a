/*
 * The contract that an engine fulfils. An engine executes guest instructions: `kvm` on the host's
 * own CPU, `jit` and `interp` on an A64 CPU in software. Nothing above this header knows which.
 *
 * Who calls what. The VMM creates the VM and its vCPUs on one thread, then calls run() on each
 * vCPU's own thread. run() executes the guest and hands every event that needs the VMM to
 * vcpu_exit() (core/vcpu.h), on that same thread, then carries on; it returns when vcpu_exit()
 * says so. kick() may come from any thread at any time. Everything else is called while the
 * vCPU is not in run().
 */
#ifndef GOD_CORE_ENGINE_H
#define GOD_CORE_ENGINE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/error.h"

struct vcpu;
struct vm;

enum exit_kind {
	EXIT_MMIO_READ,	     /* fill mmio.value; clear mmio.ok when nobody answers */
	EXIT_MMIO_WRITE,     /* clear mmio.ok when nobody answers */
	EXIT_HYPERCALL,	     /* hypercall.args in, hypercall.results out */
	EXIT_WFI,	     /* wait for interrupt: returns when one may be pending */
	EXIT_SYSTEM_OFF,     /* the guest powered the machine off */
	EXIT_SYSTEM_RESET,   /* the guest asked for a reset */
	EXIT_INTERRUPTED,    /* the vCPU was kicked: look for a request to leave */
	EXIT_INTERNAL_ERROR, /* the engine cannot go on; error says why */
	EXIT_KINDS,
};

/* The name that traces and statistics use, for example "mmio-read". */
const char *exit_kind_name(enum exit_kind kind);

struct vcpu_exit {
	enum exit_kind kind;
	union {
		struct {
			uint64_t addr;
			uint64_t value; /* zero-extended */
			unsigned size;	/* 1, 2, 4 or 8 bytes */
			bool ok;	/* set to true by the engine beforehand */
		} mmio;
		struct {
			uint64_t args[8];    /* x0 to x7 (SMCCC) */
			uint64_t results[4]; /* x0 to x3; preset by the engine to the args */
		} hypercall;
		struct error error;
	};
};

/* One architectural register's value; lo alone for everything but v0 to v31. */
struct reg_value {
	uint64_t lo, hi;
};

/* Where the GIC sits, and what belongs to it; for engines whose host emulates it. */
struct gic_layout {
	unsigned version;	 /* 2 or 3; 0: the engine's choice */
	uint64_t distributor;	 /* GICD */
	uint64_t redistributors; /* GICv3: GICR frames, 128 KiB a vCPU */
	uint64_t cpu_interface;	 /* GICv2: GICC */
	uint64_t its;		 /* GICv3: ITS, 0 for none: then there are no LPIs either */
	uint64_t msi;		 /* GICv2: GICv2m frame, 0 for none */
	unsigned msi_first;	 /* GICv2m: its first SPI's INTID */
	unsigned msi_count;
	unsigned spis; /* number of SPIs */
	unsigned pmu;  /* INTID (a PPI) of the PMU's overflow, 0 for no PMU */
};

/* What an engine that translates code may be told; the others do not look at it. Zeroes: as usual. */
struct jit_config {
	uint64_t
		cache; /* bytes for the translated code of a vCPU, JIT_CACHE_MIN to JIT_CACHE_MAX */
	unsigned
		threshold; /* how often code is reached before it is translated, to JIT_THRESHOLD_MAX */
	FILE *perf_map; /* what is where, for Linux's perf; owned by whoever set it */
};

#define JIT_CACHE_DEFAULT     (32ULL << 20)
#define JIT_CACHE_MIN	      (1ULL << 20)
#define JIT_CACHE_MAX	      (1ULL << 30)
#define JIT_THRESHOLD_DEFAULT 16
#define JIT_THRESHOLD_MAX     255

/* What an engine counts for a vCPU; for --stats. */
struct engine_stats {
	uint64_t instructions; /* retired; 0 where the engine cannot know */
	uint64_t exceptions;   /* taken, interrupts included */
	uint64_t tlb_misses;   /* translation table walks */
	/* Of an engine that translates; of the others all are 0. */
	struct {
		uint64_t regions, blocks, instructions; /* translated so far */
		uint64_t ns;				/* spent on that (vm_config.timing) */
		uint64_t cache_size, cache_used, cache_flushes;
	} jit;
};

struct engine {
	const char *name;
	const char *summary; /* one line for --help */

	/*
	 * The host answers PSCI calls and keeps the CPUs that are off: the VMM enters run() for
	 * all vCPUs at once, and sets the entry state of vCPU 0 alone.
	 */
	bool host_psci;

	/* Can this host run it? Otherwise -1 with the reason. No lasting effect. */
	int (*probe)(struct error *err);

	/*
	 * Set up and tear down the engine's part of a VM (vm->engine_state); vm->memory and
	 * vm->config are there, devices are not.
	 */
	int (*vm_init)(struct vm *vm, struct error *err);
	void (*vm_destroy)(struct vm *vm);

	/*
	 * Bring what the host keeps of the VM (interrupt controller, timers, vCPUs) to its state
	 * after gic_init; NULL where vcpu_reset and the devices' own resets do all. No vCPU runs.
	 */
	int (*vm_reset)(struct vm *vm, struct error *err);

	/*
	 * An engine whose host emulates the interrupt controller and the timer creates them here
	 * and sets vm->irq_chip; NULL for software engines, which use the devices' own.
	 * Called after all vcpu_init. What the layout leaves open is filled in, and what the host
	 * does not have (its, pmu) cleared. ERROR_UNAVAILABLE: not that version on this host.
	 */
	int (*gic_init)(struct vm *vm, struct gic_layout *layout, struct error *err);

	/* The engine's part of a vCPU (vcpu->engine_state). Called before devices exist. */
	int (*vcpu_init)(struct vcpu *vcpu, struct error *err);
	void (*vcpu_destroy)(struct vcpu *vcpu);

	/*
	 * Warm reset: EL1h, DAIF masked, MMU and caches off, general registers zero. The VMM then
	 * sets pc and x0 to x3 by reg_set. Called on the vCPU's own thread.
	 */
	int (*vcpu_reset)(struct vcpu *vcpu, struct error *err);

	/* Run the guest until vcpu_exit() returns false (or run_until, below). Can be called again afterwards. */
	void (*run)(struct vcpu *vcpu);

	/*
	 * Make run() look at vcpu->inputs and hand in EXIT_INTERRUPTED soon (bounded number
	 * of guest instructions). A kick that comes before run() is not lost. Any thread.
	 */
	void (*kick)(struct vcpu *vcpu);

	/*
	 * Architectural state by name, lower case: x0-x30, sp, pc, pstate (SPSR format), nzcv,
	 * v0-v31, fpcr, fpsr, sp_el0, sp_el1, and any system register the engine knows by its
	 * architectural name ("esr_el1"). `sp` is the stack pointer in use. Unknown: ERROR_USAGE.
	 */
	int (*reg_get)(struct vcpu *vcpu, const char *name, struct reg_value *value,
		       struct error *err);
	int (*reg_set)(struct vcpu *vcpu, const char *name, struct reg_value value,
		       struct error *err);

	void (*stats)(struct vcpu *vcpu, struct engine_stats *stats);

	/*
	 * Virtual time (core/schedule.h); both NULL where the engine cannot do it.
	 *
	 * executed: the instructions that the vCPU has completed and the exceptions that it has
	 * taken, together, since vcpu_init. (An instruction that faults is not completed, so a guest
	 * whose vectors fault for ever gets on in time all the same.) Exact not only between two
	 * calls of run(): during an exit, or a function of the system-register table, it is the
	 * count of what came before the instruction in execution.
	 *
	 * run_until: have run() return at the first instruction boundary where executed() is not
	 * less than `executed`; UINT64_MAX, as it is after vcpu_init, for never. Called before run(),
	 * or during an exit or a system register's function: then the bound may have passed, and
	 * run() returns after the instruction in execution. While there is a bound, an interrupt
	 * that the vCPU's own instruction makes pending or unmasks is taken before the next
	 * instruction, so that what the guest sees does not depend on how an engine works.
	 */
	uint64_t (*executed)(struct vcpu *vcpu);
	void (*run_until)(struct vcpu *vcpu, uint64_t executed);

	/*
	 * Have a guest's write of `value` in `size` bytes to `addr` signal `eventfd` (the caller's) and
	 * be no exit, until it is removed; vm_reset changes nothing about that. Both NULL where
	 * writes are always exits. Any thread. ERROR_UNAVAILABLE, ERROR_INTERNAL: not this one.
	 */
	int (*ioevent_add)(struct vm *vm, uint64_t addr, unsigned size, uint32_t value, int eventfd,
			   struct error *err);
	void (*ioevent_remove)(struct vm *vm, uint64_t addr, unsigned size, uint32_t value,
			       int eventfd);
};

/* All engines that were built in, in order of preference, ended by NULL. */
extern const struct engine *const engines[];

/*
 * The engine of that name, or for "auto" the first that this host can run. NULL with
 * ERROR_USAGE (no such engine: names those there are) or ERROR_UNAVAILABLE (and why).
 */
const struct engine *engine_find(const char *name, struct error *err);

/* The same among those with virtual time. */
const struct engine *engine_find_virtual(const char *name, struct error *err);

#endif
