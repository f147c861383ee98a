/*
 * `god kvm info`: what this host's KVM offers, or why there is none and what runs instead.
 */
#ifndef GOD_HARNESS_KVM_H
#define GOD_HARNESS_KVM_H

/* Do it, with the arguments that follow `god kvm`. Returns the exit status; errors are printed. */
int kvm_main(char *const argv[]);

#endif
