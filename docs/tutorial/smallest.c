/*
 * The smallest VMM: a guest of ten instructions on KVM. It prints two letters through a device that is
 * nothing but a case of the switch below, and powers itself off.
 *
 *	cc -o smallest smallest.c && ./smallest		(on an arm64 host with /dev/kvm)
 */
#include <err.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#define RAM	 0x40000000UL
#define RAM_SIZE 0x10000UL
#define UART	 0x09000000UL

static const uint32_t guest[] = {
	0xd2a12000, /* movz	x0, #0x900, lsl #16	 the device's address */
	0x52800901, /* movz	w1, #'H' */
	0xb9000001, /* str	w1, [x0] */
	0x52800d21, /* movz	w1, #'i' */
	0xb9000001, /* str	w1, [x0] */
	0x52800141, /* movz	w1, #'\n' */
	0xb9000001, /* str	w1, [x0] */
	0x52b08000, /* movz	w0, #0x8400, lsl #16 */
	0x72800100, /* movk	w0, #8			 PSCI SYSTEM_OFF */
	0xd4000002, /* hvc	#0 */
};

/* ioctl, or the end. */
static int call(int fd, unsigned long request, const void *argument, const char *name)
{
	int result = ioctl(fd, request, argument);

	if (result < 0)
		err(1, "%s", name);
	return result;
}
#define CALL(fd, request, argument) call(fd, request, (const void *)(argument), #request)

static int create_vm(int kvm)
{
	int vm = CALL(kvm, KVM_CREATE_VM, 0);
	void *ram = mmap(NULL, RAM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct kvm_userspace_memory_region region = {
		.guest_phys_addr = RAM,
		.memory_size = RAM_SIZE,
		.userspace_addr = (uintptr_t)ram,
	};

	if (ram == MAP_FAILED)
		err(1, "mmap");
	memcpy(ram, guest, sizeof(guest));
	CALL(vm, KVM_SET_USER_MEMORY_REGION, &region);
	return vm;
}

static int create_vcpu(int vm)
{
	int vcpu = CALL(vm, KVM_CREATE_VCPU, 0);
	struct kvm_vcpu_init init;
	uint64_t entry = RAM;
	struct kvm_one_reg pc = {
		.id = KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE |
		      KVM_REG_ARM_CORE_REG(regs.pc),
		.addr = (uintptr_t)&entry,
	};

	CALL(vm, KVM_ARM_PREFERRED_TARGET, &init);
	init.features[0] |= 1u << KVM_ARM_VCPU_PSCI_0_2;
	CALL(vcpu, KVM_ARM_VCPU_INIT, &init);
	CALL(vcpu, KVM_SET_ONE_REG, &pc);
	return vcpu;
}

int main(void)
{
	int kvm = open("/dev/kvm", O_RDWR);
	int vcpu;
	struct kvm_run *run;

	if (kvm < 0)
		err(1, "/dev/kvm");
	vcpu = create_vcpu(create_vm(kvm));
	run = mmap(NULL, (size_t)CALL(kvm, KVM_GET_VCPU_MMAP_SIZE, 0), PROT_READ | PROT_WRITE,
		   MAP_SHARED, vcpu, 0);
	if (run == MAP_FAILED)
		err(1, "mmap");
	for (;;) {
		CALL(vcpu, KVM_RUN, 0);
		switch (run->exit_reason) {
		case KVM_EXIT_MMIO:
			if (run->mmio.is_write && run->mmio.phys_addr == UART)
				putchar(run->mmio.data[0]);
			break;
		case KVM_EXIT_SYSTEM_EVENT: return 0;
		default: errx(1, "exit reason %u", run->exit_reason);
		}
	}
}
