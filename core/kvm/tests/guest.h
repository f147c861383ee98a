/*
 * For tests of the engine on real KVM: the board with a given number of CPUs, programs of a few words,
 * registers. Each function fails the test when the host does. Needs an arm64 host with /dev/kvm;
 * ci/kvm-check.sh provides one.
 */
#ifndef GOD_CORE_KVM_TESTS_GUEST_H
#define GOD_CORE_KVM_TESTS_GUEST_H

#include "core/kvm/kvm.h"
#include "core/vm.h"

#define GUEST_ENTRY (VM_RAM_BASE + 0x80000) /* of programs */

/* vm_destroy ends it. */
struct vm *guest_create(unsigned cpus);

/* Put a program of `size` bytes at GUEST_ENTRY, where vm_run will begin. */
void guest_load(struct vm *vm, const uint32_t *code, size_t size);

/* Registers of vCPU 0. */
uint64_t guest_get(struct vm *vm, const char *name);
void guest_set(struct vm *vm, const char *name, uint64_t lo, uint64_t hi);

/* Run to the end, which must be by the exit device with status 0. */
void guest_run(struct vm *vm);

#endif
