/*
 * ioeventfds of a VM (Documentation/virt/kvm/api.rst, 4.59), remembered so that a reset, which makes
 * the VM anew, can register them again.
 */
#include "core/kvm/ioevent.h"

#include <errno.h>
#include <inttypes.h>
#include <sys/ioctl.h>

#include "core/kvm/host.h"
#include "core/kvm/kvm.h"

static int assign(struct kvm_vm *kvm, const struct kvm_ioevent *event, uint32_t flags)
{
	const struct kvm_ioeventfd request = {
		.datamatch = event->value,
		.addr = event->addr,
		.len = event->size,
		.fd = event->eventfd,
		.flags = KVM_IOEVENTFD_FLAG_DATAMATCH | flags,
	};

	return ioctl(kvm->vm_fd, KVM_IOEVENTFD, &request);
}

static int add(struct kvm_vm *kvm, const struct kvm_ioevent *event, struct error *err)
{
	if (kvm->ioevent_count == KVM_IOEVENTS_MAX)
		return error_set(err, ERROR_INTERNAL, "more than %d device notifications",
				 KVM_IOEVENTS_MAX);
	if (assign(kvm, event, 0) == 0) {
		kvm->ioevents[kvm->ioevent_count++] = *event;
		return 0;
	}
	if (errno == EEXIST)
		return error_set(err, ERROR_USAGE,
				 "two notifications for the value %#x at %#" PRIx64, event->value,
				 event->addr);
	return error_set_errno(err, errno, "KVM_IOEVENTFD (%#" PRIx64 ")", event->addr);
}

int kvm_ioevent_add(struct vm *vm, uint64_t addr, unsigned size, uint32_t value, int eventfd,
		    struct error *err)
{
	struct kvm_vm *kvm = kvm_vm_of(vm);
	const struct kvm_ioevent event = {addr, size, value, eventfd};
	int result;

	if (!kvm_host_capability(kvm->host_fd, KVM_CAP_IOEVENTFD))
		return error_set(err, ERROR_UNAVAILABLE, "KVM on this host has no ioeventfd");
	pthread_mutex_lock(&kvm->lock);
	result = add(kvm, &event, err);
	pthread_mutex_unlock(&kvm->lock);
	return result;
}

static bool is_same(const struct kvm_ioevent *a, const struct kvm_ioevent *b)
{
	return a->addr == b->addr && a->size == b->size && a->value == b->value &&
	       a->eventfd == b->eventfd;
}

void kvm_ioevent_remove(struct vm *vm, uint64_t addr, unsigned size, uint32_t value, int eventfd)
{
	struct kvm_vm *kvm = kvm_vm_of(vm);
	const struct kvm_ioevent event = {addr, size, value, eventfd};

	pthread_mutex_lock(&kvm->lock);
	for (unsigned i = 0; i < kvm->ioevent_count; i++) {
		if (!is_same(&kvm->ioevents[i], &event))
			continue;
		assign(kvm, &event, KVM_IOEVENTFD_FLAG_DEASSIGN);
		kvm->ioevents[i] = kvm->ioevents[--kvm->ioevent_count];
		break;
	}
	pthread_mutex_unlock(&kvm->lock);
}

int kvm_ioevents_restore(struct kvm_vm *kvm, struct error *err)
{
	int result = 0;

	pthread_mutex_lock(&kvm->lock);
	for (unsigned i = 0; i < kvm->ioevent_count && !result; i++)
		result = assign(kvm, &kvm->ioevents[i], 0);
	pthread_mutex_unlock(&kvm->lock);
	if (result)
		error_set_errno(err, errno, "KVM_IOEVENTFD");
	return result;
}
