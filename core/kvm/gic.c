/*
 * The interrupt controller and the timer that the kernel emulates: a vGICv3 with an ITS, or a
 * vGICv2, at the board's addresses; the timers' and the PMU's interrupts; and the lines of devices.
 *
 * Devices repeat levels (a line is a wire), the kernel wants changes: it is told only those, because
 * telling it is a system call, in the middle of a device access.
 *
 * Linux: Documentation/virt/kvm/devices/{arm-vgic,arm-vgic-v3,arm-vgic-its,vcpu}.rst.
 */
#include "core/kvm/kvm.h"

#include <errno.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* The board's timer interrupts (DESIGN: virtual 27, physical 30; BSA 1.0, 4.1.4). */
#define IRQ_VIRTUAL_TIMER  27
#define IRQ_PHYSICAL_TIMER 30

static int set_attribute(int fd, uint32_t group, uint64_t attribute, const void *value,
			 const char *what, struct error *err)
{
	const struct kvm_device_attr attr = {
		.group = group,
		.attr = attribute,
		.addr = (uintptr_t)value,
	};

	if (ioctl(fd, KVM_SET_DEVICE_ATTR, &attr) < 0)
		return error_set_errno(err, errno, "KVM_SET_DEVICE_ATTR (%s)", what);
	return 0;
}

/* --- Which there are --- */

static int create_device(int vm_fd, uint32_t type, uint32_t flags)
{
	struct kvm_create_device device = {.type = type, .flags = flags};

	if (ioctl(vm_fd, KVM_CREATE_DEVICE, &device) < 0)
		return -1;
	return flags & KVM_CREATE_DEVICE_TEST ? 0 : (int)device.fd;
}

static uint32_t gic_type(unsigned version)
{
	return version == 3 ? KVM_DEV_TYPE_ARM_VGIC_V3 : KVM_DEV_TYPE_ARM_VGIC_V2;
}

bool kvm_gic_offered(int vm_fd, unsigned version)
{
	return create_device(vm_fd, gic_type(version), KVM_CREATE_DEVICE_TEST) == 0;
}

bool kvm_its_offered(int vm_fd)
{
	return create_device(vm_fd, KVM_DEV_TYPE_ARM_VGIC_ITS, KVM_CREATE_DEVICE_TEST) == 0;
}

/* --- Creation --- */

static int place_v2(struct kvm_vm *kvm, struct error *err)
{
	const struct gic_layout *layout = &kvm->layout;

	if (set_attribute(kvm->gic_fd, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST,
			  &layout->distributor, "place of the distributor", err) < 0)
		return -1;
	return set_attribute(kvm->gic_fd, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_CPU,
			     &layout->cpu_interface, "place of the CPU interface", err);
}

static int place_v3(struct kvm_vm *kvm, struct error *err)
{
	const struct gic_layout *layout = &kvm->layout;

	if (set_attribute(kvm->gic_fd, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST,
			  &layout->distributor, "place of the distributor", err) < 0)
		return -1;
	return set_attribute(kvm->gic_fd, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST,
			     &layout->redistributors, "place of the redistributors", err);
}

static int create_controller(struct kvm_vm *kvm, struct error *err)
{
	uint32_t lines = IRQ_SPI_BASE + kvm->layout.spis;
	unsigned version = kvm->layout.version;

	kvm->gic_fd = create_device(kvm->vm_fd, gic_type(version), 0);
	if (kvm->gic_fd < 0)
		return error_set_errno(err, errno, "KVM_CREATE_DEVICE (GICv%u)", version);
	if (set_attribute(kvm->gic_fd, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &lines,
			  "number of interrupts", err) < 0 ||
	    (version == 3 ? place_v3 : place_v2)(kvm, err) < 0)
		return -1;
	return set_attribute(kvm->gic_fd, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT,
			     NULL, "interrupt controller", err);
}

static int create_its(struct kvm_vm *kvm, struct error *err)
{
	if (!kvm->layout.its)
		return 0;
	kvm->its_fd = create_device(kvm->vm_fd, KVM_DEV_TYPE_ARM_VGIC_ITS, 0);
	if (kvm->its_fd < 0)
		return error_set_errno(err, errno, "KVM_CREATE_DEVICE (ITS)");
	if (set_attribute(kvm->its_fd, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE,
			  &kvm->layout.its, "place of the ITS", err) < 0)
		return -1;
	return set_attribute(kvm->its_fd, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT,
			     NULL, "ITS", err);
}

/* The interrupts that a vCPU itself causes: timers, and PMU overflow. */
static int connect_vcpu(struct kvm_vm *kvm, struct kvm_vcpu *cpu, struct error *err)
{
	const int virtual_timer = IRQ_VIRTUAL_TIMER, physical_timer = IRQ_PHYSICAL_TIMER;
	const int pmu = (int)kvm->layout.pmu;

	if (set_attribute(cpu->fd, KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER,
			  &virtual_timer, "interrupt of the virtual timer", err) < 0 ||
	    set_attribute(cpu->fd, KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_PTIMER,
			  &physical_timer, "interrupt of the physical timer", err) < 0)
		return -1;
	if (!kvm->has_pmu)
		return 0;
	if (set_attribute(cpu->fd, KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &pmu,
			  "interrupt of the PMU", err) < 0)
		return -1;
	return set_attribute(cpu->fd, KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT, NULL,
			     "PMU", err);
}

int kvm_gic_create(struct kvm_vm *kvm, struct error *err)
{
	if (create_controller(kvm, err) < 0 || create_its(kvm, err) < 0)
		return -1;
	for (unsigned i = 0; i < kvm->vm->cpus; i++)
		if (connect_vcpu(kvm, kvm_vcpu_of(&kvm->vm->vcpus[i]), err) < 0)
			return -1;
	return 0;
}

void kvm_gic_destroy(struct kvm_vm *kvm)
{
	if (kvm->its_fd >= 0)
		close(kvm->its_fd);
	if (kvm->gic_fd >= 0)
		close(kvm->gic_fd);
	kvm->its_fd = kvm->gic_fd = -1;
}

/* --- Lines --- */

/*
 * Calls for one line come one after the other, under its device's lock; so what was told last is
 * what the kernel has.
 */
static void set_level(void *owner, unsigned cpu, unsigned intid, bool level)
{
	struct kvm_vm *kvm = owner;
	struct kvm_irq_level irq = {.level = level};

	if (intid < IRQ_SPI_BASE) {
		irq.irq = (uint32_t)KVM_ARM_IRQ_TYPE_PPI << KVM_ARM_IRQ_TYPE_SHIFT |
			  cpu << KVM_ARM_IRQ_VCPU_SHIFT | intid;
	} else {
		if (intid >= IRQ_SPI_BASE + kvm->layout.spis || kvm->levels[intid] == level)
			return;
		kvm->levels[intid] = level;
		irq.irq = (uint32_t)KVM_ARM_IRQ_TYPE_SPI << KVM_ARM_IRQ_TYPE_SHIFT | intid;
	}
	/* It can fail for an interrupt that does not exist, and was checked. */
	ioctl(kvm->vm_fd, KVM_IRQ_LINE, &irq);
}

/* --- The contract --- */

static int choose_version(struct kvm_vm *kvm, struct gic_layout *layout, struct error *err)
{
	bool v2 = kvm_gic_offered(kvm->vm_fd, 2), v3 = kvm_gic_offered(kvm->vm_fd, 3);

	if (!v2 && !v3)
		return error_set(err, ERROR_UNAVAILABLE,
				 "KVM on this host offers neither GICv2 nor GICv3");
	if (!layout->version)
		layout->version = v3 ? 3 : 2;
	if (layout->version == 3 ? v3 : v2)
		return 0;
	return error_set(err, ERROR_UNAVAILABLE, "KVM on this host offers no GICv%u, but GICv%d",
			 layout->version, v3 ? 3 : 2);
}

int kvm_gic_init(struct vm *vm, struct gic_layout *layout, struct error *err)
{
	struct kvm_vm *kvm = kvm_vm_of(vm);

	if (choose_version(kvm, layout, err) < 0)
		return -1;
	if (layout->version != 3 || !kvm_its_offered(kvm->vm_fd))
		layout->its = 0;
	if (!kvm->has_pmu)
		layout->pmu = 0;
	kvm->layout = *layout;
	if (kvm_gic_create(kvm, err) < 0)
		return -1;
	kvm->has_gic = true;
	vm->irq_chip = (struct irq_chip){
		.set_level = set_level,
		.owner = kvm,
		.trace = &vm->trace,
	};
	return 0;
}
