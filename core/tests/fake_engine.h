/*
 * An engine without a CPU, for tests of what stands above the contract: run() is a function that
 * the test gives, which makes exits by vcpu_exit() as a guest would cause them.
 */
#ifndef GOD_CORE_TESTS_FAKE_ENGINE_H
#define GOD_CORE_TESTS_FAKE_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/vm.h"

typedef void fake_script(struct vcpu *vcpu);

/* vm->engine_state */
struct fake_vm {
	fake_script *run;
	void *test; /* whatever the script needs */
	bool reset_fails;
};

/* vcpu->engine_state */
struct fake_cpu {
	_Atomic unsigned kicks; /* how often kick() was called */
	_Atomic bool kick_pending;
	unsigned resets;
	uint64_t executed, limit; /* virtual time */
	uint64_t pc, x[4];	  /* as reg_set left them after the last reset */
};

extern const struct engine fake_engine;

/* A VM of that many vCPUs and 2 MiB which runs `script`. Fails the test when it cannot be made. */
struct vm *fake_vm_create(unsigned cpus, fake_script *script, void *test);

/* The same with virtual time: run() is called for each slice, and returns when fake_execute() says. */
struct vm *fake_vm_create_virtual(unsigned cpus, fake_script *script, void *test);

/* And with somebody who looks. */
struct vm *fake_vm_create_watched(unsigned cpus, fake_script *script, void *test,
				  const struct schedule_watch *watch);

struct fake_vm *fake_vm(struct vm *vm);
struct fake_cpu *fake_cpu(struct vcpu *vcpu);
void *fake_test(struct vcpu *vcpu);

/* Make one exit and return what vcpu_exit said: false, run() must return. */
bool fake_exit(struct vcpu *vcpu, enum exit_kind kind);
/* A call with up to three arguments; x0 afterwards in *result when that is not NULL. */
bool fake_hypercall(struct vcpu *vcpu, uint64_t function, uint64_t arg1, uint64_t arg2,
		    uint64_t arg3, int64_t *result);
/* Execute one "instruction"; false: run() must return. */
bool fake_execute(struct vcpu *vcpu);
/* Execute "instructions" until kicked and told to leave. */
void fake_spin(struct vcpu *vcpu);

#endif
