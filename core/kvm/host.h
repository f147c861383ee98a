/*
 * /dev/kvm: is it there, may we, is it the API that we know, and does it offer what the engine
 * needs. Beside the engine itself, `god kvm info` uses it. This part of core/kvm builds on every
 * architecture: asking is possible everywhere, running is not.
 */
#ifndef GOD_CORE_KVM_HOST_H
#define GOD_CORE_KVM_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"

#define KVM_DEVICE "/dev/kvm"

/* A capability (Documentation/virt/kvm/api.rst) that the engine uses. */
struct kvm_capability {
	const char *name; /* without KVM_CAP_ */
	int number;
	bool required;
	const char *purpose; /* what the engine does with it */
};

/* Ended by name NULL. */
extern const struct kvm_capability kvm_capabilities[];

/*
 * Open the device and check it: a descriptor, or -1. Errors say what to do: ERROR_UNAVAILABLE (no
 * such device, not KVM, another API, a required capability missing), ERROR_PERMISSION.
 */
int kvm_host_open(const char *path, struct error *err);

/* Is that version of the API the one that this file was written for? */
int kvm_host_check_version(int version, struct error *err);

/* What the host says for a capability: 0 for "no", otherwise 1 or a number. */
int kvm_host_capability(int fd, int number);

/*
 * The size of the guest's physical address space in bits, for RAM that ends at `end`: 40, which
 * every board fits into, or less where the host's `limit` is lower. `limit` 0 is a kernel that knows
 * 40 alone. ERROR_UNAVAILABLE when RAM does not fit.
 */
int kvm_host_ipa_bits(unsigned limit, uint64_t end, unsigned *bits, struct error *err);

/*
 * A VM of the host's whose RAM ends at `end`: its descriptor, or -1. Errors are those of
 * kvm_host_ipa_bits, and what the kernel answers.
 */
int kvm_host_create_vm(int fd, uint64_t end, struct error *err);

#endif
