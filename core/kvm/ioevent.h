/*
 * Notifications that do not leave the kernel: a guest's write of one value to one address signals
 * an eventfd, which a device waits for or looks into, while the vCPU goes on. For virtio's QueueNotify and
 * InterruptACK (virtio 1.2, 4.2.2).
 */
#ifndef GOD_CORE_KVM_IOEVENT_H
#define GOD_CORE_KVM_IOEVENT_H

#include <stdint.h>

#include "core/error.h"

struct vm;

/*
 * From now on, a write of `value` in `size` bytes (1, 2, 4 or 8) to `addr` signals `eventfd` and is
 * no exit. Also after vm_reset. The descriptor stays the caller's. Errors: ERROR_UNAVAILABLE (the
 * host's KVM can not), ERROR_USAGE (it is there already), ERROR_INTERNAL (too many).
 * Any thread; while vCPUs run, too.
 */
int kvm_ioevent_add(struct vm *vm, uint64_t addr, unsigned size, uint32_t value, int eventfd,
		    struct error *err);

/* Such writes are exits again. */
void kvm_ioevent_remove(struct vm *vm, uint64_t addr, unsigned size, uint32_t value, int eventfd);

#endif
