/*
 * What the host's KVM is asked before anything is built on it. Each refusal says what a person can
 * do about it: most of them are about a machine's set-up, and this is where it shows.
 */
#include "core/kvm/host.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/kvm.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Documentation/virt/kvm/api.rst, 4.1: anything but this is not to be used. */
#define KVM_API 12

/* Default and least size of the guest's physical address space (KVM_CREATE_VM). */
#define IPA_BITS_DEFAULT 40
#define IPA_BITS_MIN	 32

const struct kvm_capability kvm_capabilities[] = {
	{"USER_MEMORY", KVM_CAP_USER_MEMORY, true, "guest RAM is memory of this process"},
	{"ONE_REG", KVM_CAP_ONE_REG, true, "registers are read and written by name"},
	{"MP_STATE", KVM_CAP_MP_STATE, true, "secondary CPUs begin powered off"},
	{"IMMEDIATE_EXIT", KVM_CAP_IMMEDIATE_EXIT, true, "a kick is never lost"},
	{"IRQCHIP", KVM_CAP_IRQCHIP, true, "the kernel emulates the interrupt controller"},
	{"DEVICE_CTRL", KVM_CAP_DEVICE_CTRL, true, "interrupt controller and ITS are set up"},
	{"VCPU_ATTRIBUTES", KVM_CAP_VCPU_ATTRIBUTES, true, "the timers get the board's interrupts"},
	{"ARM_PSCI_0_2", KVM_CAP_ARM_PSCI_0_2, true, "the kernel answers PSCI calls"},
	{"ARM_VM_IPA_SIZE", KVM_CAP_ARM_VM_IPA_SIZE, false, "size of the guest's address space"},
	{"ARM_NISV_TO_USER", KVM_CAP_ARM_NISV_TO_USER, false,
	 "an access that can not be emulated is explained"},
	{"ARM_INJECT_EXT_DABT", KVM_CAP_ARM_INJECT_EXT_DABT, false,
	 "an access that nobody answers is an external abort"},
	{"ARM_PMU_V3", KVM_CAP_ARM_PMU_V3, false, "the guest has a PMU"},
	{"IOEVENTFD", KVM_CAP_IOEVENTFD, false, "device notifications without a way out"},
	{0},
};

static int open_failed(const char *path, struct error *err)
{
	switch (errno) {
	case ENOENT:
	case ENODEV:
	case ENXIO:
		return error_set(
			err, ERROR_UNAVAILABLE,
			"%s: there is no KVM here: the host's kernel has none, or was not "
			"started at EL2 (in a virtual machine: turn nested virtualization on)",
			path);
	case EACCES:
	case EPERM:
		return error_set(err, ERROR_PERMISSION,
				 "%s: permission denied: add yourself to its group "
				 "(sudo usermod -aG kvm $USER) and log in again",
				 path);
	default: return error_set_errno(err, errno, "%s", path);
	}
}

int kvm_host_check_version(int version, struct error *err)
{
	if (version < 0)
		return error_set(err, ERROR_UNAVAILABLE, "%s is not KVM", KVM_DEVICE);
	if (version != KVM_API)
		return error_set(err, ERROR_UNAVAILABLE,
				 "%s has version %d of KVM's API, and only %d is known", KVM_DEVICE,
				 version, KVM_API);
	return 0;
}

int kvm_host_capability(int fd, int number)
{
	int value = ioctl(fd, KVM_CHECK_EXTENSION, (unsigned long)number);

	return value < 0 ? 0 : value;
}

static int check_capabilities(int fd, struct error *err)
{
	for (const struct kvm_capability *c = kvm_capabilities; c->name; c++)
		if (c->required && !kvm_host_capability(fd, c->number))
			return error_set(err, ERROR_UNAVAILABLE,
					 "%s lacks KVM_CAP_%s (%s): the host's kernel is too old",
					 KVM_DEVICE, c->name, c->purpose);
	return 0;
}

int kvm_host_open(const char *path, struct error *err)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return open_failed(path, err);
	if (kvm_host_check_version(ioctl(fd, KVM_GET_API_VERSION, 0UL), err) < 0 ||
	    check_capabilities(fd, err) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

int kvm_host_ipa_bits(unsigned limit, uint64_t end, unsigned *bits, struct error *err)
{
	if (limit < IPA_BITS_MIN)
		limit = IPA_BITS_DEFAULT;
	*bits = limit < IPA_BITS_DEFAULT ? limit : IPA_BITS_DEFAULT;
	if ((end - 1) >> *bits == 0)
		return 0;
	return error_set(
		err, ERROR_UNAVAILABLE,
		"this host's guests have %u bits of address space: RAM would end at %#" PRIx64
		", beyond it; give the guest less memory",
		*bits, end);
}

int kvm_host_create_vm(int fd, uint64_t end, struct error *err)
{
	unsigned limit = (unsigned)kvm_host_capability(fd, KVM_CAP_ARM_VM_IPA_SIZE), bits;
	unsigned long type = 0; /* 40 bits, also on kernels that know no other size */
	int vm_fd;

	if (kvm_host_ipa_bits(limit, end, &bits, err) < 0)
		return -1;
	if (bits != IPA_BITS_DEFAULT)
		type = KVM_VM_TYPE_ARM_IPA_SIZE(bits);
	/* A pending signal keeps it from its locks; by the next call, that has been handled. */
	do
		vm_fd = ioctl(fd, KVM_CREATE_VM, type);
	while (vm_fd < 0 && errno == EINTR);
	if (vm_fd < 0)
		return error_set_errno(err, errno, "KVM_CREATE_VM (%u-bit address space)", bits);
	return vm_fd;
}
