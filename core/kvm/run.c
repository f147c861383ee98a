/*
 * The run loop: KVM_RUN, an exit, KVM_RUN. For an MMIO access nothing happens in between but the
 * device's own work: no allocation, no system call, no lock that another thread holds for long.
 *
 * Kick. A vCPU thread is in the guest, on its way there, or on its way out. kick() sets
 * run->immediate_exit, which the kernel looks at on the way in, and then sends a signal, which ends
 * a KVM_RUN that is past that look; so whichever moment it comes in, the vCPU comes out. The handler
 * does nothing. `kicked` says that a kick is on its way: further ones need not do the same again,
 * so a storm of kicks costs one. The loop takes a kick back in the opposite order (immediate_exit
 * first, then kicked), so that one that comes between the two is not thrown away with the old.
 *
 * An access that caused an exit is completed by the next KVM_RUN (the register written, the program
 * counter moved on). Leaving the loop after such an exit, one more is made, with immediate_exit set:
 * the state that is read afterwards is that after the instruction.
 */
#include "core/kvm/kvm.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

/* --- Kick --- */

/* One of the signals that the C library leaves to programs and no other code here uses. */
static int kick_signal(void)
{
	return SIGRTMIN + 3;
}

static void kick_handler(int number)
{
	(void)number;
}

/* Not SA_RESTART: KVM_RUN is to return. */
int kvm_kick_prepare(struct error *err)
{
	struct sigaction action = {.sa_handler = kick_handler};

	sigfillset(&action.sa_mask);
	if (sigaction(kick_signal(), &action, NULL) < 0)
		return error_set_errno(err, errno, "sigaction");
	return 0;
}

static void set_immediate_exit(struct kvm_vcpu *cpu, uint8_t value)
{
	__atomic_store_n(&cpu->run->immediate_exit, value, __ATOMIC_SEQ_CST);
}

void kvm_kick(struct vcpu *vcpu)
{
	struct kvm_vcpu *cpu = kvm_vcpu_of(vcpu);

	if (atomic_exchange(&cpu->kicked, true))
		return;
	pthread_mutex_lock(&cpu->lock);
	if (cpu->running) {
		set_immediate_exit(cpu, 1);
		pthread_kill(cpu->thread, kick_signal());
	}
	pthread_mutex_unlock(&cpu->lock);
}

/* Is there a kick? Then it is taken. */
static bool take_kick(struct kvm_vcpu *cpu)
{
	if (!atomic_load(&cpu->kicked))
		return false;
	set_immediate_exit(cpu, 0);
	/* What the kick was about is visible from here on. */
	return atomic_exchange(&cpu->kicked, false);
}

/* --- Exits --- */

/* Nobody answers at that address: the access is a synchronous external abort for the guest. */
static bool inject_abort(struct kvm_vcpu *cpu)
{
	struct kvm_vcpu_events events = {.exception.ext_dabt_pending = 1};
	char what[96];

	if (cpu->kvm->has_abort && ioctl(cpu->fd, KVM_SET_VCPU_EVENTS, &events) == 0)
		return true;
	snprintf(what, sizeof(what), "no device at %#llx, and this host can not tell the guest so",
		 (unsigned long long)cpu->run->mmio.phys_addr);
	return kvm_report_failure(cpu, what);
}

static bool handle_mmio(struct kvm_vcpu *cpu)
{
	struct kvm_run *run = cpu->run;
	struct vcpu_exit exit; /* not cleared as a whole: it has room for an error's text */
	bool go_on;

	exit.kind = run->mmio.is_write ? EXIT_MMIO_WRITE : EXIT_MMIO_READ;
	exit.mmio.addr = run->mmio.phys_addr;
	exit.mmio.size = run->mmio.len;
	exit.mmio.value = 0;
	exit.mmio.ok = true;
	/* The first len bytes, in the guest's byte order, which is the host's (and A64's). */
	if (run->mmio.is_write)
		memcpy(&exit.mmio.value, run->mmio.data, run->mmio.len);
	go_on = vcpu_exit(cpu->vcpu, &exit);
	/*
	 * Sign extension and the register's width are the kernel's part. (Linux 6.12 gets the former
	 * wrong: guest-tests/exit/sign_extension.s.)
	 */
	if (!run->mmio.is_write)
		memcpy(run->mmio.data, &exit.mmio.value, run->mmio.len);
	if (!exit.mmio.ok && !inject_abort(cpu))
		return false;
	return go_on;
}

static uint64_t argument(struct vcpu *vcpu, const char *name)
{
	struct reg_value value = {0};

	kvm_reg_get(vcpu, name, &value, NULL);
	return value.lo;
}

static bool handle_hypercall(struct kvm_vcpu *cpu)
{
	static const char *const names[] = {"x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7"};
	struct vcpu_exit exit = {.kind = EXIT_HYPERCALL};
	bool go_on;

	for (unsigned i = 0; i < 8; i++)
		exit.hypercall.args[i] = argument(cpu->vcpu, names[i]);
	memcpy(exit.hypercall.results, exit.hypercall.args, sizeof(exit.hypercall.results));
	go_on = vcpu_exit(cpu->vcpu, &exit);
	for (unsigned i = 0; i < 4; i++)
		kvm_reg_set(cpu->vcpu, names[i],
			    (struct reg_value){.lo = exit.hypercall.results[i]}, NULL);
	return go_on;
}

static bool handle_system_event(struct kvm_vcpu *cpu)
{
	struct vcpu_exit exit = {.kind = EXIT_SYSTEM_OFF};

	switch (cpu->run->system_event.type) {
	case KVM_SYSTEM_EVENT_SHUTDOWN: break;
	case KVM_SYSTEM_EVENT_RESET: exit.kind = EXIT_SYSTEM_RESET; break;
	default: return kvm_report_exit(cpu);
	}
	return vcpu_exit(cpu->vcpu, &exit);
}

bool kvm_exit_handle(struct kvm_vcpu *cpu)
{
	switch (cpu->run->exit_reason) {
	case KVM_EXIT_MMIO: return handle_mmio(cpu);
	case KVM_EXIT_INTR: return true;
	case KVM_EXIT_HYPERCALL: return handle_hypercall(cpu);
	case KVM_EXIT_SYSTEM_EVENT: return handle_system_event(cpu);
	default: return kvm_report_exit(cpu);
	}
}

static bool handle_failure(struct kvm_vcpu *cpu, int errnum)
{
	char what[96];

	if (errnum == ENOSYS)
		return kvm_report_failure(
			cpu, "KVM can not emulate an access to a device by a load or "
			     "store of a pair, of a vector, with write-back or exclusive");
	snprintf(what, sizeof(what), "KVM_RUN: %s", strerrordesc_np(errnum));
	return kvm_report_failure(cpu, what);
}

/* --- The loop --- */

static bool handle_interruption(struct kvm_vcpu *cpu)
{
	struct vcpu_exit exit = {.kind = EXIT_INTERRUPTED};

	return vcpu_exit(cpu->vcpu, &exit);
}

/* One stay in the guest. False: leave the loop. */
static bool enter_guest(struct kvm_vcpu *cpu)
{
	if (ioctl(cpu->fd, KVM_RUN, 0UL) == 0)
		return kvm_exit_handle(cpu);
	switch (errno) {
	case EINTR:
		/* Not by kick(), or by one that was taken before its signal came. */
		if (!atomic_load(&cpu->kicked))
			set_immediate_exit(cpu, 0);
		return true;
	case EAGAIN: return true;
	default: return handle_failure(cpu, errno);
	}
}

/* A pending MMIO access is complete, registers are the guest's next state. */
static void complete_access(struct kvm_vcpu *cpu)
{
	set_immediate_exit(cpu, 1);
	ioctl(cpu->fd, KVM_RUN, 0UL);
	set_immediate_exit(cpu, 0);
}

static void begin(struct kvm_vcpu *cpu)
{
	sigset_t kick;

	sigemptyset(&kick);
	sigaddset(&kick, kick_signal());
	pthread_sigmask(SIG_UNBLOCK, &kick, NULL);
	pthread_mutex_lock(&cpu->lock);
	cpu->thread = pthread_self();
	cpu->running = true;
	set_immediate_exit(cpu, 0);
	pthread_mutex_unlock(&cpu->lock);
}

static void end(struct kvm_vcpu *cpu)
{
	pthread_mutex_lock(&cpu->lock);
	cpu->running = false;
	pthread_mutex_unlock(&cpu->lock);
}

void kvm_run_loop(struct vcpu *vcpu)
{
	struct kvm_vcpu *cpu = kvm_vcpu_of(vcpu);
	bool go_on = true;

	begin(cpu);
	while (go_on) {
		if (take_kick(cpu))
			go_on = handle_interruption(cpu);
		else
			go_on = enter_guest(cpu);
	}
	end(cpu);
	complete_access(cpu);
}
