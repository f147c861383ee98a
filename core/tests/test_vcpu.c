/* vCPU threads and the machine's life: exits, sleeping and waking, power, and every way to end. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/tests/fake_engine.h"

TestSuite(vcpu, .timeout = 30);
TestSuite(vm, .timeout = 30);

#define CPU_OFF	      0x84000002u
#define CPU_ON_64     0xc4000003u
#define AFFINITY_INFO 0x84000004u
#define SYSTEM_OFF    0x84000008u
#define SYSTEM_RESET  0x84000009u

static void sleep_ms(unsigned ms)
{
	const struct timespec time = {.tv_nsec = ms * 1000000L};

	nanosleep(&time, NULL);
}

static struct vm_result run(struct vm *vm)
{
	struct vm_result result;
	struct error err = {0};

	cr_assert_eq(vm_run(vm, &result, &err), 0, "%s", err.text);
	return result;
}

static void power_off_machine(struct vcpu *vcpu)
{
	cr_assert_not(fake_hypercall(vcpu, SYSTEM_OFF, 0, 0, 0, NULL));
}

/* --- Exits --- */

struct fake_device {
	uint64_t value;
	unsigned cpu;
};

static uint64_t device_read(void *owner, unsigned cpu, uint64_t offset, unsigned size)
{
	struct fake_device *device = owner;

	(void)size;
	device->cpu = cpu;
	return device->value + offset;
}

static void device_write(void *owner, unsigned cpu, uint64_t offset, unsigned size, uint64_t value)
{
	(void)cpu, (void)size;
	((struct fake_device *)owner)->value = value + offset;
}

static const struct mmio_ops device_ops = {.read = device_read, .write = device_write};

static struct vm *vm_with_device(struct fake_device *device, fake_script *script)
{
	struct vm *vm = fake_vm_create(1, script, device);
	const struct bus_region region = {.base = 0x9000000,
					  .size = 0x1000,
					  .ops = &device_ops,
					  .owner = device,
					  .name = "thing"};

	cr_assert_eq(bus_add(&vm->bus, &region, NULL), 0);
	return vm;
}

static struct vcpu_exit mmio(enum exit_kind kind, uint64_t addr, unsigned size, uint64_t value)
{
	return (struct vcpu_exit){.kind = kind,
				  .mmio = {.addr = addr, .size = size, .value = value, .ok = true}};
}

static void script_mmio(struct vcpu *vcpu)
{
	struct vcpu_exit write = mmio(EXIT_MMIO_WRITE, 0x9000010, 4, 0x100);
	struct vcpu_exit read = mmio(EXIT_MMIO_READ, 0x9000004, 4, 0);
	struct vcpu_exit nowhere = mmio(EXIT_MMIO_READ, 0x1000, 4, 0x77);
	struct vcpu_exit crossing = mmio(EXIT_MMIO_WRITE, 0x9000002, 4, 0x77);

	cr_assert(vcpu_exit(vcpu, &write) && write.mmio.ok);
	cr_assert(vcpu_exit(vcpu, &read) && read.mmio.ok);
	cr_assert_eq(read.mmio.value, 0x100 + 0x10 + 4);
	cr_assert(vcpu_exit(vcpu, &nowhere) && !nowhere.mmio.ok);
	cr_assert(vcpu_exit(vcpu, &crossing) && !crossing.mmio.ok);
	power_off_machine(vcpu);
}

Test(vcpu, mmio_goes_to_the_bus_and_says_when_nobody_answers)
{
	struct fake_device device = {0};
	struct vm *vm = vm_with_device(&device, script_mmio);

	cr_assert_eq(run(vm).end, VM_END_OFF);
	cr_assert_eq(vm->vcpus[0].exits[EXIT_MMIO_READ], 2);
	cr_assert_eq(vm->vcpus[0].exits[EXIT_MMIO_WRITE], 2);
	cr_assert_eq(vm->vcpus[0].exits[EXIT_HYPERCALL], 1);
	vm_destroy(vm);
}

Test(vcpu, exits_and_accesses_are_traced)
{
	struct fake_device device = {0};
	struct vm *vm = vm_with_device(&device, script_mmio);
	char *text;
	size_t size;

	vm->trace = (struct trace){.enabled = TRACE_EXIT | TRACE_MMIO,
				   .stream = open_memstream(&text, &size)};
	run(vm);
	fclose(vm->trace.stream);
	cr_assert_str_eq(text, "exit: vcpu0 mmio-write 0x9000010 size 4\n"
			       "mmio: vcpu0 write thing+0x10 size 4: 0x100\n"
			       "exit: vcpu0 mmio-read 0x9000004 size 4\n"
			       "mmio: vcpu0 read thing+0x4 size 4: 0x114\n"
			       "exit: vcpu0 mmio-read 0x1000 size 4\n"
			       "mmio: vcpu0 read 0x1000 size 4: no device\n"
			       "exit: vcpu0 mmio-write 0x9000002 size 4\n"
			       "mmio: vcpu0 write thing+0x2 size 4: refused\n"
			       "exit: vcpu0 hypercall 0x84000008\n");
	free(text);
	vm_destroy(vm);
}

static uint64_t slow_read(void *owner, unsigned cpu, uint64_t offset, unsigned size)
{
	(void)owner, (void)cpu, (void)offset, (void)size;
	sleep_ms(20);
	return 0;
}

static void script_slow_read(struct vcpu *vcpu)
{
	struct vcpu_exit exit = {.kind = EXIT_MMIO_READ,
				 .mmio = {.addr = 0xa000000, .size = 4, .ok = true}};

	cr_assert(vcpu_exit(vcpu, &exit));
	power_off_machine(vcpu);
}

static void read_slowly(bool timing, uint64_t least, uint64_t most)
{
	static const struct mmio_ops ops = {.read = slow_read};
	const struct bus_region region = {
		.base = 0xa000000, .size = 0x1000, .ops = &ops, .name = "slow thing"};
	struct vm *vm = fake_vm_create(1, script_slow_read, NULL);

	vm->config.timing = timing;
	cr_assert_eq(bus_add(&vm->bus, &region, NULL), 0);
	run(vm);
	cr_assert_geq(vm->vcpus[0].exit_ns[EXIT_MMIO_READ], least);
	cr_assert_leq(vm->vcpus[0].exit_ns[EXIT_MMIO_READ], most);
	vm_destroy(vm);
}

Test(vcpu, time_in_exits_is_measured_when_wanted)
{
	read_slowly(true, 20000000, UINT64_MAX);
	read_slowly(false, 0, 0);
}

Test(vcpu, every_exit_has_a_name)
{
	for (unsigned kind = 0; kind < EXIT_KINDS; kind++) {
		cr_assert_not_null(exit_kind_name(kind));
		for (unsigned other = 0; other < kind; other++)
			cr_assert_neq(strcmp(exit_kind_name(kind), exit_kind_name(other)), 0);
	}
	cr_assert_str_eq(exit_kind_name(EXIT_MMIO_READ), "mmio-read");
}

static void script_exit_of_test(struct vcpu *vcpu)
{
	struct vcpu_exit *exit = fake_test(vcpu);

	cr_assert_not(vcpu_exit(vcpu, exit));
}

Test(vcpu, engine_reports_the_machines_end)
{
	struct vcpu_exit off = {.kind = EXIT_SYSTEM_OFF}, reset = {.kind = EXIT_SYSTEM_RESET};
	struct vcpu_exit bad = {.kind = EXIT_INTERNAL_ERROR};
	struct vm_result result;
	struct vm *vm;

	vm = fake_vm_create(1, script_exit_of_test, &off);
	cr_assert_eq(run(vm).end, VM_END_OFF);
	vm_destroy(vm);
	vm = fake_vm_create(1, script_exit_of_test, &reset);
	cr_assert_eq(run(vm).end, VM_END_RESET);
	vm_destroy(vm);
	error_set(&bad.error, ERROR_INTERNAL, "out of thought");
	vm = fake_vm_create(1, script_exit_of_test, &bad);
	result = run(vm);
	cr_assert_eq(result.end, VM_END_ERROR);
	cr_assert_str_eq(result.error.text, "out of thought");
	vm_destroy(vm);
}

/* --- Entry --- */

static void script_check_entry(struct vcpu *vcpu)
{
	const struct fake_cpu *cpu = fake_cpu(vcpu);

	cr_assert_eq(cpu->pc, 0x40080000);
	for (unsigned i = 0; i < 4; i++)
		cr_assert_eq(cpu->x[i], 10 + i);
	cr_assert_eq(cpu->resets, 1);
	power_off_machine(vcpu);
}

Test(vcpu, first_cpu_begins_at_the_vms_entry)
{
	struct vm *vm = fake_vm_create(1, script_check_entry, NULL);

	vm->entry = (struct vm_entry){.pc = 0x40080000, .x = {10, 11, 12, 13}};
	cr_assert_eq(run(vm).end, VM_END_OFF);
	vm_destroy(vm);
}

Test(vcpu, failing_reset_ends_the_vm_with_its_error)
{
	struct vm *vm = fake_vm_create(2, power_off_machine, NULL);
	struct vm_result result;

	fake_vm(vm)->reset_fails = true;
	result = run(vm);
	cr_assert_eq(result.end, VM_END_ERROR);
	cr_assert_str_eq(result.error.text, "the fake engine was told to fail");
	vm_destroy(vm);
}

/* --- Waiting for interrupts --- */

/* One who raises inputs, one who waits for each: a lost wake-up is a test that does not end. */
struct storm {
	struct vm *vm;
	_Atomic unsigned raised, seen;
};

#define STORM 20000

static void script_storm(struct vcpu *vcpu)
{
	struct storm *storm = fake_test(vcpu);

	while (storm->seen < STORM) {
		cr_assert(fake_exit(vcpu, EXIT_WFI));
		if (!vcpu->inputs)
			continue;
		vcpu_set_input(vcpu, VCPU_IRQ, false);
		storm->seen++;
	}
	power_off_machine(vcpu);
}

static void *raise_storm(void *arg)
{
	struct storm *storm = arg;

	while (storm->raised < STORM) {
		storm->raised++;
		vcpu_set_input(&storm->vm->vcpus[0], VCPU_IRQ, true);
		while (storm->seen < storm->raised) /* sometimes it sleeps by then, sometimes not */
			sched_yield();
	}
	return NULL;
}

Test(vcpu, no_wake_up_is_lost_in_a_storm_of_inputs)
{
	struct storm storm = {.vm = fake_vm_create(1, script_storm, &storm)};
	pthread_t thread;

	pthread_create(&thread, NULL, raise_storm, &storm);
	cr_assert_eq(run(storm.vm).end, VM_END_OFF);
	pthread_join(thread, NULL);
	cr_assert_eq(storm.seen, STORM);
	vm_destroy(storm.vm);
}

/* Two vCPUs that wake each other and both sleep in between. */
static void script_ping_pong(struct vcpu *vcpu)
{
	struct vcpu *other = &vcpu->vm->vcpus[1 - vcpu->index];

	if (vcpu->index == 0) {
		cr_assert(fake_hypercall(vcpu, CPU_ON_64, 1, VM_RAM_BASE, 0, NULL));
		vcpu_set_input(other, VCPU_FIQ, true);
	}
	for (unsigned i = 0; i < 5000; i++) {
		while (!(vcpu->inputs & VCPU_FIQ))
			if (!fake_exit(vcpu, EXIT_WFI))
				return;
		vcpu_set_input(vcpu, VCPU_FIQ, false);
		vcpu_set_input(other, VCPU_FIQ, true);
	}
	if (vcpu->index == 0)
		power_off_machine(vcpu);
	else
		while (fake_exit(vcpu, EXIT_WFI))
			vcpu_set_input(vcpu, VCPU_FIQ, false);
}

Test(vcpu, two_cpus_wake_each_other)
{
	struct vm *vm = fake_vm_create(2, script_ping_pong, NULL);

	cr_assert_eq(run(vm).end, VM_END_OFF);
	vm_destroy(vm);
}

static void no_script(struct vcpu *vcpu)
{
	(void)vcpu;
}

Test(vcpu, only_a_rising_edge_kicks)
{
	struct vm *vm = fake_vm_create(1, no_script, NULL);
	struct vcpu *vcpu = &vm->vcpus[0];
	struct fake_cpu *cpu = fake_cpu(vcpu);

	vcpu_set_input(vcpu, VCPU_IRQ, false);
	cr_assert_eq(cpu->kicks, 0);
	vcpu_set_input(vcpu, VCPU_IRQ, true);
	vcpu_set_input(vcpu, VCPU_IRQ, true);
	cr_assert_eq(cpu->kicks, 1);
	cr_assert_eq(vcpu->inputs, VCPU_IRQ);
	vcpu_set_input(vcpu, VCPU_FIQ, true);
	cr_assert_eq(cpu->kicks, 2);
	vcpu_set_input(vcpu, VCPU_IRQ, false);
	cr_assert_eq(cpu->kicks, 2);
	cr_assert_eq(vcpu->inputs, VCPU_FIQ);
	vm_destroy(vm);
}

Test(vcpu, wfi_returns_at_once_when_there_is_a_reason)
{
	struct vm *vm = fake_vm_create(1, no_script, NULL);
	struct vcpu *vcpu = &vm->vcpus[0];

	vcpu_set_input(vcpu, VCPU_IRQ, true);
	cr_assert(fake_exit(vcpu, EXIT_WFI));
	cr_assert(fake_exit(vcpu, EXIT_WFI));
	vcpu_set_input(vcpu, VCPU_IRQ, false);
	vcpu_kick(vcpu);
	cr_assert(fake_exit(vcpu, EXIT_WFI));
	cr_assert_not(vcpu->kicked, "a kick ends one WFI");
	vcpu_kick(vcpu);
	cr_assert(fake_exit(vcpu, EXIT_INTERRUPTED));
	cr_assert_not(vcpu->kicked);
	vm_destroy(vm);
}

static void *kick_soon(void *arg)
{
	sleep_ms(10);
	vcpu_kick(arg);
	return NULL;
}

static void script_wait_for_kick(struct vcpu *vcpu)
{
	cr_assert(fake_exit(vcpu, EXIT_WFI));
	power_off_machine(vcpu);
}

Test(vcpu, kick_ends_a_sleep)
{
	struct vm *vm = fake_vm_create(1, script_wait_for_kick, NULL);
	pthread_t thread;

	pthread_create(&thread, NULL, kick_soon, &vm->vcpus[0]);
	cr_assert_eq(run(vm).end, VM_END_OFF);
	pthread_join(thread, NULL);
	vm_destroy(vm);
}

/* --- Power --- */

/* vCPU 0 starts the others again and again, each time with a new context; they switch off. */
#define POWER_ROUNDS 200

struct power {
	_Atomic uint64_t sums[VCPU_MAX];
};

static void script_power(struct vcpu *vcpu)
{
	struct power *power = fake_test(vcpu);
	struct vm *vm = vcpu->vm;

	if (vcpu->index) {
		cr_assert_eq(fake_cpu(vcpu)->pc, VM_RAM_BASE + 4 * vcpu->index);
		power->sums[vcpu->index] += fake_cpu(vcpu)->x[0];
		cr_assert_not(fake_hypercall(vcpu, CPU_OFF, 0, 0, 0, NULL));
		return;
	}
	for (uint64_t round = 1; round <= POWER_ROUNDS; round++)
		for (unsigned i = 1; i < vm->cpus; i++) {
			int64_t state = VCPU_ON;

			while (state != VCPU_OFF)
				cr_assert(fake_hypercall(vcpu, AFFINITY_INFO, i, 0, 0, &state));
			cr_assert(fake_hypercall(vcpu, CPU_ON_64, i, VM_RAM_BASE + 4 * i, round,
						 &state));
			cr_assert_eq(state, 0);
		}
	for (unsigned i = 1; i < vm->cpus; i++)
		while (vcpu_power_state(&vm->vcpus[i]) != VCPU_OFF)
			sched_yield();
	power_off_machine(vcpu);
}

Test(vcpu, cpus_are_switched_on_and_off_again_and_again)
{
	struct power power = {0};
	struct vm *vm = fake_vm_create(4, script_power, &power);

	cr_assert_eq(run(vm).end, VM_END_OFF);
	for (unsigned i = 1; i < 4; i++) {
		cr_assert_eq(power.sums[i], POWER_ROUNDS * (POWER_ROUNDS + 1) / 2);
		cr_assert_eq(fake_cpu(&vm->vcpus[i])->resets, POWER_ROUNDS);
	}
	vm_destroy(vm);
}

Test(vcpu, is_found_by_its_affinity)
{
	struct vm *vm = fake_vm_create(16, no_script, NULL);

	for (unsigned i = 0; i < 16; i++) {
		cr_assert_eq(vcpu_find(vm, i), &vm->vcpus[i]);
		cr_assert_eq(vm->vcpus[i].mpidr, 0x80000000 | i);
	}
	cr_assert_null(vcpu_find(vm, 16));
	cr_assert_null(vcpu_find(vm, 0x80000000));
	vm_destroy(vm);
}

/* --- The end --- */

/* vCPU 0 starts all; each then does something else for ever: spin, sleep, be off. */
static void script_busy_machine(struct vcpu *vcpu)
{
	if (vcpu->index == 0)
		for (unsigned i = 1; i < vcpu->vm->cpus; i++)
			if (!fake_hypercall(vcpu, CPU_ON_64, i, VM_RAM_BASE, 0, NULL))
				return;
	switch (vcpu->index % 4) {
	case 0: fake_spin(vcpu); break;
	case 1:
		while (fake_exit(vcpu, EXIT_WFI))
			continue;
		break;
	case 2: fake_hypercall(vcpu, CPU_OFF, 0, 0, 0, NULL); break;
	default:
		sleep_ms(2);
		fake_hypercall(vcpu, fake_test(vcpu) ? SYSTEM_RESET : SYSTEM_OFF, 0, 0, 0, NULL);
	}
}

Test(vm, one_cpu_makes_all_leave)
{
	for (unsigned i = 0; i < 20; i++) {
		struct vm *vm = fake_vm_create(4, script_busy_machine, i % 2 ? &i : NULL);
		struct vm_result result = run(vm);

		cr_assert_eq(result.end, i % 2 ? VM_END_RESET : VM_END_OFF);
		cr_assert_eq(result.cpu, 3);
		vm_destroy(vm);
	}
}

/* Stops from many threads at once, at different moments of the machine's life. */
struct stopper {
	struct vm *vm;
	enum vm_end end;
	unsigned delay_us;
};

static void *stop_vm(void *arg)
{
	const struct stopper *stopper = arg;
	const struct timespec delay = {.tv_nsec = stopper->delay_us * 1000L};
	const struct vm_result result = {.end = stopper->end, .status = (int)stopper->delay_us};

	nanosleep(&delay, NULL);
	vm_stop(stopper->vm, &result);
	return NULL;
}

static void script_no_end(struct vcpu *vcpu)
{
	if (vcpu->index == 0)
		for (unsigned i = 1; i < vcpu->vm->cpus; i++)
			if (!fake_hypercall(vcpu, CPU_ON_64, i, VM_RAM_BASE, 0, NULL))
				return;
	if (vcpu->index % 2)
		fake_spin(vcpu);
	else
		while (fake_exit(vcpu, EXIT_WFI))
			continue;
}

Test(vm, stops_from_several_threads_end_it_once)
{
	for (unsigned round = 0; round < 30; round++) {
		struct vm *vm = fake_vm_create(3, script_no_end, NULL);
		struct stopper stoppers[3];
		pthread_t threads[3];
		struct vm_result result;

		for (unsigned i = 0; i < 3; i++) {
			stoppers[i] = (struct stopper){vm, VM_END_TIMEOUT + i % 2, round * 20};
			pthread_create(&threads[i], NULL, stop_vm, &stoppers[i]);
		}
		result = run(vm);
		cr_assert(result.end == VM_END_TIMEOUT || result.end == VM_END_STOPPED);
		for (unsigned i = 0; i < 3; i++)
			pthread_join(threads[i], NULL);
		vm_destroy(vm);
	}
}

static void stop_from_loop(void *owner)
{
	const struct vm_result result = {.end = VM_END_STOPPED};

	vm_stop(owner, &result);
}

Test(vm, loop_thread_can_stop_it)
{
	struct vm *vm = fake_vm_create(2, script_no_end, NULL);

	loop_post(vm->loop, stop_from_loop, vm);
	cr_assert_eq(run(vm).end, VM_END_STOPPED);
	vm_destroy(vm);
}

Test(vm, stop_before_the_run_ends_it_at_once)
{
	struct vm *vm = fake_vm_create(2, script_no_end, NULL);
	const struct vm_result first = {.end = VM_END_EXIT, .status = 7};
	const struct vm_result second = {.end = VM_END_STOPPED};
	struct vm_result result;

	vm_stop(vm, &first);
	vm_stop(vm, &second);
	result = run(vm);
	cr_assert_eq(result.end, VM_END_EXIT, "the first one stands");
	cr_assert_eq(result.status, 7);
	vm_destroy(vm);
}

Test(vm, stop_from_the_host_is_not_lost_to_a_reset)
{
	struct vm *vm = fake_vm_create(2, script_no_end, NULL);
	const struct vm_result reset = {.end = VM_END_RESET}, stop = {.end = VM_END_STOPPED};

	vm_stop(vm, &reset);
	vm_stop(vm, &stop);
	cr_assert_eq(run(vm).end, VM_END_STOPPED);
	cr_assert_eq(vm_reset(vm, NULL), 0);

	vm_stop(vm, &reset);
	cr_assert_eq(run(vm).end, VM_END_RESET);
	vm_stop(vm, &stop);
	cr_assert_eq(vm_reset(vm, NULL), 0);
	cr_assert_eq(run(vm).end, VM_END_STOPPED);
	vm_destroy(vm);
}

/* --- Devices, reset, configuration --- */

static char calls[64];

static void note(const struct device *device, char what)
{
	const char text[] = {what, device->ops->name[0], 0};

	strcat(calls, text);
}

static void device_reset(struct device *device)
{
	note(device, 'r');
}

static void device_destroy(struct device *device)
{
	note(device, 'd');
	free(device);
}

static void add_device(struct vm *vm, const struct device_ops *ops)
{
	struct device *device = calloc(1, sizeof(*device));

	device->ops = ops;
	device->vm = vm;
	vm_add_device(vm, device);
}

static void script_count_up(struct vcpu *vcpu)
{
	uint64_t *count = memory_at(&vcpu->vm->memory, VM_RAM_BASE, 8);

	cr_assert_eq(*count, 0, "RAM is as after a cold start");
	cr_assert_eq(vcpu->inputs, 0);
	*count = 1;
	vcpu_set_input(vcpu, VCPU_IRQ, true);
	cr_assert_not(fake_hypercall(vcpu, SYSTEM_RESET, 0, 0, 0, NULL));
}

Test(vm, reset_and_destroy_in_order)
{
	static const struct device_ops a = {"a", device_reset, NULL, device_destroy, NULL};
	static const struct device_ops b = {"b", device_reset, NULL, device_destroy, NULL};
	static const struct device_ops c = {"c", device_reset, NULL, device_destroy, NULL};
	struct vm *vm = fake_vm_create(1, script_count_up, NULL);
	struct vm_result result;
	struct error err;

	add_device(vm, &a);
	add_device(vm, &b);
	add_device(vm, &c);
	for (unsigned i = 0; i < 3; i++) {
		cr_assert_eq(run(vm).end, VM_END_RESET);
		cr_assert_eq(vm_run(vm, &result, &err), -1, "not without a reset");
		cr_assert_eq(vm_reset(vm, NULL), 0);
	}
	cr_assert_str_eq(calls, "rarbrcrarbrcrarbrc");
	calls[0] = 0;
	vm_destroy(vm);
	cr_assert_str_eq(calls, "dcdbda");
	vm_destroy(NULL);
}

/* The vCPU is still on while its devices lose their state of it. */
static void device_reset_cpu(struct device *device, unsigned cpu)
{
	cr_assert_eq(vcpu_power_state(&device->vm->vcpus[cpu]), VCPU_ON);
	note(device, (char)('0' + cpu));
}

static void script_power_off(struct vcpu *vcpu)
{
	int64_t state;

	if (vcpu->index) {
		cr_assert_not(fake_hypercall(vcpu, CPU_OFF, 0, 0, 0, NULL));
		return;
	}
	fake_hypercall(vcpu, CPU_ON_64, 1, VM_RAM_BASE, 0, &state);
	while (vcpu_power_state(&vcpu->vm->vcpus[1]) != VCPU_OFF)
		sched_yield();
	power_off_machine(vcpu);
}

Test(vm, power_off_resets_what_devices_have_of_that_vcpu)
{
	static const struct device_ops a = {"a", device_reset, NULL, device_destroy,
					    device_reset_cpu};
	static const struct device_ops b = {"b", device_reset, NULL, device_destroy, NULL};
	struct vm *vm = fake_vm_create(2, script_power_off, NULL);

	add_device(vm, &a);
	add_device(vm, &b);
	cr_assert_eq(run(vm).end, VM_END_OFF);
	cr_assert_str_eq(calls, "1a");
	vm_destroy(vm);
}

static void expect_refused(const struct vm_config *config, const char *text)
{
	struct vm *vm = (void *)1;
	struct error err = {0};

	cr_assert_eq(vm_create(&vm, config, &err), -1, "%s", text);
	cr_assert_null(vm);
	cr_assert_eq(err.kind, ERROR_USAGE);
	cr_assert_str_eq(err.text, text);
}

Test(vm, impossible_configurations_are_refused_in_words)
{
	struct vm_config config = {.engine = &fake_engine, .cpus = 0, .memory = VM_MEMORY_MIN};
	struct engine hardware = fake_engine;
	struct error err = {0};
	struct vm *vm;

	expect_refused(&config, "1 to 16 CPUs are possible, not 0");
	config.cpus = 1000;
	expect_refused(&config, "1 to 16 CPUs are possible, not 1000");
	config.cpus = 9;
	config.gic = 2;
	expect_refused(&config, "1 to 8 CPUs are possible with a GICv2, not 9");
	config.cpus = 1;
	config.gic = 4;
	expect_refused(&config, "GIC version 2 or 3 is possible, not 4");
	config.gic = 3;
	config.memory = 0;
	expect_refused(&config, "2 MiB to 255 GiB of memory are possible, not 0 bytes");
	config.memory = VM_MEMORY_MAX + 4096;
	expect_refused(&config, "2 MiB to 255 GiB of memory are possible, not 273804169216 bytes");
	config.memory = VM_MEMORY_MIN + 1;
	expect_refused(&config, "memory must be a multiple of 4 KiB and not 0, not 2097153 bytes");
	config.memory = VM_MEMORY_MIN;
	config.virtual_time = true;
	hardware.run_until = NULL;
	config.engine = &hardware;
	cr_assert_lt(vm_create(&vm, &config, &err), 0);
	cr_assert_eq(err.kind, ERROR_UNAVAILABLE);
	cr_assert_str_eq(err.text, "engine fake has no virtual time");
}

static int fail_on_second(struct vcpu *vcpu, struct error *err)
{
	if (vcpu->index == 1)
		return error_set(err, ERROR_UNAVAILABLE, "no second CPU today");
	return fake_engine.vcpu_init(vcpu, err);
}

Test(vm, failing_engine_leaves_nothing_behind)
{
	struct engine engine = fake_engine;
	const struct vm_config config = {.engine = &engine, .cpus = 3, .memory = VM_MEMORY_MIN};
	struct error err = {0};
	struct vm *vm;

	engine.vcpu_init = fail_on_second;
	cr_assert_eq(vm_create(&vm, &config, &err), -1);
	cr_assert_str_eq(err.text, "no second CPU today");
	cr_assert_null(vm);
}

Test(vm, two_machines_run_side_by_side)
{
	struct vm *first = fake_vm_create(2, script_no_end, NULL);
	struct vm *second = fake_vm_create(4, script_busy_machine, NULL);
	struct stopper stopper = {first, VM_END_STOPPED, 20000};
	pthread_t thread;

	pthread_create(&thread, NULL, stop_vm, &stopper);
	cr_assert_eq(run(second).end, VM_END_OFF);
	cr_assert_eq(run(first).end, VM_END_STOPPED);
	pthread_join(thread, NULL);
	vm_destroy(first);
	vm_destroy(second);
}

/* --- Choosing an engine --- */

Test(vm, engine_that_there_is_not_is_refused_with_those_there_are)
{
	struct error err = {0};

	cr_assert_null(engine_find("turbo", &err));
	cr_assert_eq(err.kind, ERROR_USAGE);
	cr_assert(strstr(err.text, "\"turbo\"") && strstr(err.text, "auto"), "%s", err.text);
	for (unsigned i = 0; engines[i]; i++)
		cr_assert_not_null(strstr(err.text, engines[i]->name));
}

Test(vm, auto_takes_the_first_engine_that_can_run)
{
	const struct engine *found = engine_find("auto", NULL);
	unsigned first = 0;

	while (engines[first] && engines[first]->probe(NULL) < 0)
		first++;
	cr_assert_not_null(found, "there is always interp");
	cr_assert_eq(found, engines[first]);
	cr_assert_eq(engine_find(found->name, NULL), found);
	cr_assert_str_eq(engine_find("interp", NULL)->name, "interp");
}
