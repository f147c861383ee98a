/*
 * The engine on real KVM, at the level of its contract: kicks, registers, notifications, reset. Needs
 * an arm64 host with /dev/kvm; ci/kvm-check.sh provides one.
 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/time.h>
#include <unistd.h>

#include "core/kvm/host.h"
#include "core/kvm/ioevent.h"
#include "core/kvm/tests/guest.h"

#define NOTIFIED 0x0a000050ULL /* QueueNotify of the first virtio slot */

/* --- Creation --- */

static void ignore(int number)
{
	(void)number;
}

/* A signal that comes while the kernel makes the VM, early or late, is not the end of it. */
Test(kvm, created_under_signals)
{
	const struct sigaction action = {.sa_handler = ignore};
	struct error err = {0};
	int fd = kvm_host_open("/dev/kvm", &err);

	cr_assert_geq(fd, 0, "%s", err.text);
	sigaction(SIGALRM, &action, NULL);
	for (unsigned i = 1; i <= 100; i++) {
		const struct itimerval once = {.it_value.tv_usec = 20 * i};
		int vm_fd;

		setitimer(ITIMER_REAL, &once, NULL);
		vm_fd = kvm_host_create_vm(fd, VM_RAM_BASE + 0x100000, &err);
		cr_assert_geq(vm_fd, 0, "%u us: %s", 20 * i, err.text);
		close(vm_fd);
	}
	close(fd);
}

/* --- Registers --- */

Test(kvm, registers_keep_what_is_written)
{
	struct vm *vm = guest_create(1);
	char name[8];

	for (unsigned i = 0; i < 31; i++) {
		snprintf(name, sizeof(name), "x%u", i);
		guest_set(vm, name, 0x0123456789abcd00 + i, 0);
	}
	for (unsigned i = 0; i < 32; i++) {
		snprintf(name, sizeof(name), "v%u", i);
		guest_set(vm, name, 0x1111222233334400 + i, 0x5555666677778800 + i);
	}
	for (unsigned i = 0; i < 31; i++) {
		snprintf(name, sizeof(name), "x%u", i);
		cr_assert_eq(guest_get(vm, name), 0x0123456789abcd00 + i, "%s", name);
	}
	for (unsigned i = 0; i < 32; i++) {
		struct reg_value value;

		snprintf(name, sizeof(name), "v%u", i);
		cr_assert_eq(kvm_reg_get(&vm->vcpus[0], name, &value, NULL), 0);
		cr_assert_eq(value.lo, 0x1111222233334400 + i, "%s", name);
		cr_assert_eq(value.hi, 0x5555666677778800 + i, "%s", name);
	}
	vm_destroy(vm);
}

Test(kvm, registers_with_two_names)
{
	struct vm *vm = guest_create(1);

	/* After reset: EL1h, everything masked. */
	cr_assert_eq(guest_get(vm, "pstate"), 0x3c5);
	guest_set(vm, "sp", 0x1230, 0);
	cr_assert_eq(guest_get(vm, "sp_el1"), 0x1230);
	guest_set(vm, "pstate", 0x3c4, 0); /* EL1t */
	guest_set(vm, "sp", 0x4560, 0);
	cr_assert_eq(guest_get(vm, "sp_el0"), 0x4560);
	cr_assert_eq(guest_get(vm, "sp_el1"), 0x1230);
	guest_set(vm, "nzcv", 9, 0);
	cr_assert_eq(guest_get(vm, "nzcv"), 9);
	cr_assert_eq(guest_get(vm, "pstate"), 0x900003c4);
	guest_set(vm, "tpidr_el1", 0x77, 0);
	cr_assert_eq(guest_get(vm, "s3_0_c13_c0_4"), 0x77);
	cr_assert_eq(guest_get(vm, "mpidr_el1"), vm->vcpus[0].mpidr);
	vm_destroy(vm);
}

/* Which the kernel keeps elsewhere than the system registers. */
Test(kvm, registers_of_the_timers)
{
	struct vm *vm = guest_create(1);
	static const char *const names[] = {"cntv_cval_el0", "cntp_cval_el0"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		guest_set(vm, names[i], 0x123456789a, 0);
		cr_assert_eq(guest_get(vm, names[i]), 0x123456789a, "%s", names[i]);
	}
	cr_assert_eq(guest_get(vm, "cntv_ctl_el0") & 1, 0);
	cr_assert_eq(guest_get(vm, "cntp_ctl_el0") & 1, 0);
	vm_destroy(vm);
}

Test(kvm, registers_that_do_not_exist)
{
	static const char *const names[] = {
		"",    "x31",		"x01",	      "v32",	       "w0",
		"foo", "s3_0_c99_c0_0", "s3_0_c1_c0", "s3_0_c15_c15_7"};
	struct vm *vm = guest_create(1);

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct reg_value value;
		struct error err = {0};

		cr_assert_eq(kvm_reg_get(&vm->vcpus[0], names[i], &value, &err), -1, "%s",
			     names[i]);
		cr_assert_eq(err.kind, ERROR_USAGE, "%s: %s", names[i], err.text);
	}
	vm_destroy(vm);
}

/* --- Kicks --- */

#define KICKERS 3
#define KICKS	3000

static void *kick_many(void *arg)
{
	struct vm *vm = arg;

	for (unsigned i = 0; i < KICKS; i++)
		vcpu_kick(&vm->vcpus[i % vm->cpus]);
	return NULL;
}

/* A kick of a vCPU that has not begun interrupts nothing. */
static void await_running(struct vm *vm)
{
	struct kvm_vcpu *cpu = kvm_vcpu_of(&vm->vcpus[0]);
	bool running = false;

	while (!running) {
		pthread_mutex_lock(&cpu->lock);
		running = cpu->running;
		pthread_mutex_unlock(&cpu->lock);
	}
}

static void *stop_last(void *arg)
{
	pthread_t kickers[KICKERS];
	const struct vm_result result = {.end = VM_END_STOPPED};

	await_running(arg);
	for (unsigned i = 0; i < KICKERS; i++)
		pthread_create(&kickers[i], NULL, kick_many, arg);
	for (unsigned i = 0; i < KICKERS; i++)
		pthread_join(kickers[i], NULL);
	vm_stop(arg, &result);
	return NULL;
}

static const uint32_t spin[] = {0x14000000}; /* b . */

/* A guest that spins, while another thread does something that ends with vm_stop. */
static struct vm *spin_under(void *(*disturb)(void *), unsigned cpus)
{
	struct vm *vm = guest_create(cpus);
	struct vm_result result = {0};
	struct error err = {0};
	pthread_t thread;

	guest_load(vm, spin, sizeof(spin));
	pthread_create(&thread, NULL, disturb, vm);
	cr_assert_eq(vm_run(vm, &result, &err), 0, "%s", err.text);
	pthread_join(thread, NULL);
	cr_assert_eq(result.end, VM_END_STOPPED);
	return vm;
}

/* The last of many kicks is the one that counts, and it must not be taken for one before. */
Test(kvm, storm_of_kicks, .timeout = 120)
{
	struct vm *vm = spin_under(stop_last, 2);

	cr_assert_gt(vm->vcpus[0].exits[EXIT_INTERRUPTED], 0);
	vm_destroy(vm);
}

#define AWAITED 1000

static void *kick_and_wait(void *arg)
{
	struct vm *vm = arg;
	const struct vm_result result = {.end = VM_END_STOPPED};
	uint64_t *seen = &vm->vcpus[0].exits[EXIT_INTERRUPTED];

	for (unsigned i = 0; i < AWAITED; i++) {
		uint64_t before = __atomic_load_n(seen, __ATOMIC_RELAXED);

		vcpu_kick(&vm->vcpus[0]);
		while (__atomic_load_n(seen, __ATOMIC_RELAXED) == before)
			usleep(10);
	}
	vm_stop(vm, &result);
	return NULL;
}

/* Each kick brings the vCPU out, without another one to help. */
Test(kvm, no_kick_is_lost, .timeout = 120)
{
	struct vm *vm = spin_under(kick_and_wait, 1);

	cr_assert_geq(vm->vcpus[0].exits[EXIT_INTERRUPTED], AWAITED);
	vm_destroy(vm);
}

#define STRAY_SIGNALS 5000

static void *signal_without_kick(void *arg)
{
	struct vm *vm = arg;
	struct kvm_vcpu *cpu = kvm_vcpu_of(&vm->vcpus[0]);
	const struct vm_result result = {.end = VM_END_STOPPED};

	await_running(vm);
	for (unsigned i = 0; i < STRAY_SIGNALS; i++)
		pthread_kill(cpu->thread, SIGRTMIN + 3);
	vm_stop(vm, &result);
	return NULL;
}

/* The signal of kicks without a kick, as anybody can send it: the guest goes on, nobody is asked. */
Test(kvm, stray_signals, .timeout = 120)
{
	struct vm *vm = spin_under(signal_without_kick, 1);

	cr_assert_leq(vm->vcpus[0].exits[EXIT_INTERRUPTED], 1);
	vm_destroy(vm);
}

/* Stopped at whatever moment of its beginning: it ends, each time. */
Test(kvm, stop_at_any_moment, .timeout = 120)
{
	struct vm *vm = guest_create(2);
	struct error err = {0};

	for (unsigned i = 0; i < 40; i++) {
		const struct vm_result stop = {.end = VM_END_STOPPED};
		struct vm_result result = {0};

		if (i)
			cr_assert_eq(vm_reset(vm, &err), 0, "%s", err.text);
		guest_load(vm, spin, sizeof(spin));
		vm_stop(vm, &stop);
		cr_assert_eq(vm_run(vm, &result, &err), 0, "%s", err.text);
		cr_assert_eq(result.end, VM_END_STOPPED);
	}
	vm_destroy(vm);
}

/* --- Device accesses --- */

/* An access that nobody answers: the guest takes an external abort, at its vector. */
Test(kvm, external_abort, .timeout = 60)
{
	static const uint32_t code[] = {
		0x10004000, /* adr x0, GUEST_ENTRY + 0x800 */
		0xd518c000, /* msr vbar_el1, x0 */
		0xd5033fdf, /* isb */
		0xd2a10001, /* mov x1, #0x08000000 - nobody is at 0x0700_0000 */
		0xd1404021, /* sub x1, x1, #0x10, lsl #12 */
		0xf9400022, /* ldr x2, [x1] */
		0x14000000, /* b . */
	};
	static const uint32_t vector[] = {
		0xd5385203, /* mrs x3, esr_el1 */
		0xd2a121e4, /* mov x4, #0x090f0000 */
		0x3900009f, /* strb wzr, [x4]: exit */
		0x14000000,
	};
	struct vm *vm = guest_create(1);

	guest_load(vm, code, sizeof(code));
	cr_assert(memory_write(&vm->memory, GUEST_ENTRY + 0x800 + 0x200, vector, sizeof(vector)));
	guest_run(vm);
	cr_assert_eq(guest_get(vm, "x3") >> 26, 0x25);
	cr_assert_eq(guest_get(vm, "x3") & 0x3f, 0x10);
	/* The store that ended the run is complete. */
	cr_assert_eq(guest_get(vm, "pc"), GUEST_ENTRY + 0x800 + 0x200 + 12);
	vm_destroy(vm);
}

/* --- Notifications --- */

/* x1 = NOTIFIED; five times: str 3 there; exit. */
static const uint32_t notify[] = {
	0xd2a14001, /* mov x1, #0x0a000000 */
	0x52800062, /* mov w2, #3 */
	0xd28000a3, /* mov x3, #5 */
	0xb9005022, /* str w2, [x1, #0x50] */
	0xf1000463, /* subs x3, x3, #1 */
	0x54ffffc1, /* b.ne -8 */
	0xd2a121e4, /* mov x4, #0x090f0000 */
	0x3900009f, /* strb wzr, [x4] */
	0x14000000,
};

static uint64_t run_notify(struct vm *vm, int fd)
{
	uint64_t count = 0;

	guest_load(vm, notify, sizeof(notify));
	guest_run(vm);
	if (read(fd, &count, sizeof(count)) < 0)
		count = 0;
	return count;
}

Test(kvm, notifications_do_not_exit, .timeout = 60)
{
	struct vm *vm = guest_create(1);
	struct error err = {0};
	int fd = eventfd(0, EFD_NONBLOCK);

	cr_assert_eq(kvm_ioevent_add(vm, NOTIFIED, 4, 3, fd, &err), 0, "%s", err.text);
	cr_assert_eq(kvm_ioevent_add(vm, NOTIFIED, 4, 3, fd, &err), -1);
	cr_assert_eq(err.kind, ERROR_USAGE);
	cr_assert_eq(run_notify(vm, fd), 5);
	cr_assert_eq(vm->vcpus[0].exits[EXIT_MMIO_WRITE], 1, "the exit device alone");

	/* They survive a reset, which makes the VM anew. */
	cr_assert_eq(vm_reset(vm, &err), 0, "%s", err.text);
	cr_assert_eq(run_notify(vm, fd), 5);
	kvm_ioevent_remove(vm, NOTIFIED, 4, 3, fd);
	cr_assert_eq(kvm_ioevent_add(vm, NOTIFIED, 4, 3, fd, &err), 0, "%s", err.text);
	kvm_ioevent_remove(vm, NOTIFIED, 4, 3, fd);
	close(fd);
	vm_destroy(vm);
}

/* --- Reset --- */

/* Nothing of the run before is left, not even what a system call can not take back. */
Test(kvm, reset_is_complete, .timeout = 60)
{
	static const uint32_t code[] = {
		0xd2a10000, /* mov x0, #0x08000000: GICD */
		0x52800241, /* mov w1, #0x12 */
		0xb9400002, /* ldr w2, [x0]: GICD_CTLR as it is after reset */
		0xb9000001, /* str w1, [x0] */
		0xd53be343, /* mrs x3, cntv_cval_el0 */
		0xd28eeee4, /* mov x4, #0x7777 */
		0xd51be344, /* msr cntv_cval_el0, x4 */
		0xd2a121e5, /* mov x5, #0x090f0000 */
		0x390000bf, /* strb wzr, [x5] */
		0x14000000,
	};
	struct vm *vm = guest_create(1);
	struct error err = {0};
	uint64_t control = 0;

	for (unsigned i = 0; i < 3; i++) {
		if (i)
			cr_assert_eq(vm_reset(vm, &err), 0, "%s", err.text);
		guest_load(vm, code, sizeof(code));
		guest_run(vm);
		if (!i)
			control = guest_get(vm, "x2");
		cr_assert_eq(guest_get(vm, "x2"), control, "GICD_CTLR");
		cr_assert_neq(guest_get(vm, "x3"), 0x7777, "CNTV_CVAL_EL0");
	}
	vm_destroy(vm);
}
