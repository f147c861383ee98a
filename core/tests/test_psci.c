/* Firmware calls as a guest makes them: results, parameter errors, and what they do to the VM. */
#include <criterion/criterion.h>
#include <string.h>

#include "core/psci.h"
#include "core/tests/fake_engine.h"

TestSuite(psci, .timeout = 20);

#define PSCI_VERSION	    0x84000000u
#define CPU_SUSPEND	    0x84000001u
#define CPU_SUSPEND_64	    0xc4000001u
#define CPU_OFF		    0x84000002u
#define CPU_ON		    0x84000003u
#define CPU_ON_64	    0xc4000003u
#define AFFINITY_INFO	    0x84000004u
#define AFFINITY_INFO_64    0xc4000004u
#define MIGRATE		    0x84000005u
#define MIGRATE_INFO_TYPE   0x84000006u
#define MIGRATE_INFO_UP_CPU 0x84000007u
#define SYSTEM_OFF	    0x84000008u
#define SYSTEM_RESET	    0x84000009u
#define PSCI_FEATURES	    0x8400000au
#define SYSTEM_SUSPEND_64   0xc400000eu
#define SYSTEM_RESET2	    0x84000012u
#define SYSTEM_RESET2_64    0xc4000012u
#define SMCCC_VERSION	    0x80000000u
#define SMCCC_ARCH_FEATURES 0x80000001u
#define TRNG_VERSION	    0x84000050u
#define TRNG_FEATURES	    0x84000051u
#define TRNG_GET_UUID	    0x84000052u
#define TRNG_RND	    0x84000053u
#define TRNG_RND_64	    0xc4000053u

#define NOT_SUPPORTED	   (-1)
#define INVALID_PARAMETERS (-2)
#define ALREADY_ON	   (-4)
#define ON_PENDING	   (-5)
#define INVALID_ADDRESS	   (-9)

static void no_script(struct vcpu *vcpu)
{
	(void)vcpu;
}

/* One call by vCPU 0 of a VM that does not run. */
static int64_t call(struct vm *vm, uint64_t function, uint64_t arg1, uint64_t arg2, uint64_t arg3)
{
	int64_t result;

	fake_hypercall(&vm->vcpus[0], function, arg1, arg2, arg3, &result);
	return result;
}

Test(psci, versions)
{
	struct vm *vm = fake_vm_create(1, no_script, NULL);

	cr_assert_eq(call(vm, PSCI_VERSION, 0, 0, 0), 0x10001);
	cr_assert_eq(call(vm, SMCCC_VERSION, 0, 0, 0), 0x10001);
	cr_assert_eq(call(vm, TRNG_VERSION, 0, 0, 0), 0x10000);
	cr_assert_eq(call(vm, MIGRATE_INFO_TYPE, 0, 0, 0), 2);
	vm_destroy(vm);
}

Test(psci, unknown_functions_are_not_supported)
{
	static const uint64_t unknown[] = {
		0,	    0x4000000,	MIGRATE,    MIGRATE_INFO_UP_CPU, SYSTEM_SUSPEND_64,
		0xc4000000, 0x84000020, 0x8400ffff, 0xc400000a,		 0x80007fff,
		0x04000003, 0xffffffff};
	struct vm *vm = fake_vm_create(1, no_script, NULL);

	for (unsigned i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		cr_assert_eq(call(vm, unknown[i], 0, 0, 0), NOT_SUPPORTED, "%#lx", unknown[i]);
		cr_assert_eq(call(vm, PSCI_FEATURES, unknown[i], 0, 0), NOT_SUPPORTED);
		cr_assert_eq(call(vm, TRNG_FEATURES, unknown[i], 0, 0), NOT_SUPPORTED);
		cr_assert_eq(call(vm, SMCCC_ARCH_FEATURES, unknown[i], 0, 0), NOT_SUPPORTED);
	}
	vm_destroy(vm);
}

Test(psci, function_is_in_w0)
{
	struct vm *vm = fake_vm_create(1, no_script, NULL);

	cr_assert_eq(call(vm, 0xdead000000000000 | PSCI_VERSION, 0, 0, 0), 0x10001);
	vm_destroy(vm);
}

Test(psci, features_name_what_is_implemented)
{
	static const uint64_t psci[] = {
		PSCI_VERSION,  CPU_SUSPEND,	 CPU_SUSPEND_64, CPU_OFF,	   CPU_ON,
		CPU_ON_64,     AFFINITY_INFO,	 SYSTEM_OFF,	 SYSTEM_RESET,	   PSCI_FEATURES,
		SYSTEM_RESET2, SYSTEM_RESET2_64, SMCCC_VERSION,	 MIGRATE_INFO_TYPE};
	static const uint64_t trng[] = {TRNG_VERSION, TRNG_FEATURES, TRNG_GET_UUID, TRNG_RND,
					TRNG_RND_64};
	struct vm *vm = fake_vm_create(1, no_script, NULL);

	for (unsigned i = 0; i < sizeof(psci) / sizeof(psci[0]); i++)
		cr_assert_eq(call(vm, PSCI_FEATURES, psci[i], 0, 0), 0, "%#lx", psci[i]);
	for (unsigned i = 0; i < sizeof(trng) / sizeof(trng[0]); i++) {
		cr_assert_eq(call(vm, TRNG_FEATURES, trng[i], 0, 0), 0, "%#lx", trng[i]);
		cr_assert_eq(call(vm, PSCI_FEATURES, trng[i], 0, 0), NOT_SUPPORTED);
	}
	cr_assert_eq(call(vm, SMCCC_ARCH_FEATURES, SMCCC_VERSION, 0, 0), 0);
	cr_assert_eq(call(vm, SMCCC_ARCH_FEATURES, SMCCC_ARCH_FEATURES, 0, 0), 0);
	cr_assert_eq(call(vm, SMCCC_ARCH_FEATURES, CPU_ON, 0, 0), NOT_SUPPORTED);
	vm_destroy(vm);
}

Test(psci, cpu_on_starts_a_cpu_that_is_off)
{
	struct vm *vm = fake_vm_create(2, no_script, NULL);
	struct vcpu *target = &vm->vcpus[1];

	cr_assert_eq(call(vm, CPU_ON_64, 1, VM_RAM_BASE + 0x1000, 0x123456789abcdef0), 0);
	cr_assert_eq(target->entry_pc, VM_RAM_BASE + 0x1000);
	cr_assert_eq(target->entry_x[0], 0x123456789abcdef0);
	cr_assert_eq(target->entry_x[1] | target->entry_x[2] | target->entry_x[3], 0);
	cr_assert_eq(call(vm, CPU_ON_64, 1, VM_RAM_BASE, 0), ON_PENDING);
	target->power = VCPU_ON;
	cr_assert_eq(call(vm, CPU_ON_64, 1, VM_RAM_BASE, 0), ALREADY_ON);
	cr_assert_eq(target->entry_pc, VM_RAM_BASE + 0x1000, "a refused call changes nothing");
	vm_destroy(vm);
}

Test(psci, smc32_call_counts_the_low_halves_alone)
{
	struct vm *vm = fake_vm_create(2, no_script, NULL);

	cr_assert_eq(
		call(vm, CPU_ON, 0xff00000001, 0xabc00000000 | VM_RAM_BASE, 0xfeedface00000007), 0);
	cr_assert_eq(vm->vcpus[1].entry_pc, VM_RAM_BASE);
	cr_assert_eq(vm->vcpus[1].entry_x[0], 7);
	vm_destroy(vm);
}

Test(psci, cpu_on_refuses_what_is_no_cpu_and_no_entry_point)
{
	static const uint64_t targets[] = {2,	     0x100,	  0x10000, 0x100000000,
					   1u << 31, 0x80000001u, 1 << 24, UINT64_MAX};
	static const uint64_t entries[] = {0,
					   0x09000000,
					   VM_RAM_BASE - 4,
					   VM_RAM_BASE + VM_MEMORY_MIN,
					   VM_RAM_BASE + 2,
					   VM_RAM_BASE + 1,
					   UINT64_MAX - 3};
	struct vm *vm = fake_vm_create(2, no_script, NULL);

	for (unsigned i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
		cr_assert_eq(call(vm, CPU_ON_64, targets[i], VM_RAM_BASE, 0), INVALID_PARAMETERS,
			     "%#lx", targets[i]);
	for (unsigned i = 0; i < sizeof(entries) / sizeof(entries[0]); i++)
		cr_assert_eq(call(vm, CPU_ON_64, 1, entries[i], 0), INVALID_ADDRESS, "%#lx",
			     entries[i]);
	cr_assert_eq(vm->vcpus[1].power, VCPU_OFF);
	vm_destroy(vm);
}

Test(psci, affinity_info_of_a_cpu_and_of_groups)
{
	struct vm *vm = fake_vm_create(3, no_script, NULL);

	cr_assert_eq(call(vm, AFFINITY_INFO_64, 1, 0, 0), VCPU_OFF);
	cr_assert_eq(call(vm, AFFINITY_INFO_64, 0, 1, 0), VCPU_OFF);
	vm->vcpus[1].power = VCPU_ON_PENDING;
	cr_assert_eq(call(vm, AFFINITY_INFO, 1, 0, 0), VCPU_ON_PENDING);
	cr_assert_eq(call(vm, AFFINITY_INFO, 0, 1, 0), VCPU_ON_PENDING);
	vm->vcpus[2].power = VCPU_ON;
	cr_assert_eq(call(vm, AFFINITY_INFO_64, 2, 0, 0), VCPU_ON);
	cr_assert_eq(call(vm, AFFINITY_INFO_64, 0xff, 1, 0), VCPU_ON, "Aff0 does not count");
	cr_assert_eq(call(vm, AFFINITY_INFO_64, 0, 3, 0), VCPU_ON);
	cr_assert_eq(call(vm, AFFINITY_INFO_64, 3, 0, 0), INVALID_PARAMETERS);
	cr_assert_eq(call(vm, AFFINITY_INFO_64, 0x100, 1, 0), INVALID_PARAMETERS);
	cr_assert_eq(call(vm, AFFINITY_INFO_64, 1u << 31, 0, 0), INVALID_PARAMETERS);
	cr_assert_eq(call(vm, AFFINITY_INFO_64, 0, 4, 0), INVALID_PARAMETERS);
	cr_assert_eq(call(vm, AFFINITY_INFO_64, 0, 0xffffffff, 0), INVALID_PARAMETERS);
	vm_destroy(vm);
}

Test(psci, system_calls_end_the_vm)
{
	static const struct {
		uint32_t function;
		enum vm_end end;
	} ends[] = {{SYSTEM_OFF, VM_END_OFF},
		    {SYSTEM_RESET, VM_END_RESET},
		    {SYSTEM_RESET2, VM_END_RESET},
		    {SYSTEM_RESET2_64, VM_END_RESET}};

	for (unsigned i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		struct vm *vm = fake_vm_create(2, no_script, NULL);

		cr_assert_not(fake_hypercall(&vm->vcpus[1], ends[i].function, 0, 0, 0, NULL));
		cr_assert_eq(vm->result.end, ends[i].end);
		cr_assert_eq(vm->result.cpu, 1);
		vm_destroy(vm);
	}
}

Test(psci, system_reset2_refuses_types_that_it_does_not_know)
{
	struct vm *vm = fake_vm_create(1, no_script, NULL);

	cr_assert_eq(call(vm, SYSTEM_RESET2_64, 1, 0, 0), INVALID_PARAMETERS);
	cr_assert_eq(call(vm, SYSTEM_RESET2, 0x80000000, 0, 0), INVALID_PARAMETERS);
	cr_assert_eq(vm->result.end, VM_END_NONE);
	vm_destroy(vm);
}

Test(psci, cpu_suspend_returns_when_an_interrupt_is_there)
{
	struct vm *vm = fake_vm_create(1, no_script, NULL);

	cr_assert_eq(call(vm, CPU_SUSPEND_64, 1 << 17, 0, 0), INVALID_PARAMETERS);
	cr_assert_eq(call(vm, CPU_SUSPEND, 0x80000000, 0, 0), INVALID_PARAMETERS);
	vcpu_set_input(&vm->vcpus[0], VCPU_IRQ, true);
	cr_assert_eq(call(vm, CPU_SUSPEND_64, 0, 0, 0), 0);
	cr_assert_eq(call(vm, CPU_SUSPEND, 0x0301ffff, 0, 0), 0);
	vm_destroy(vm);
}

Test(psci, cpu_off_leaves_and_can_be_seen)
{
	struct vm *vm = fake_vm_create(2, no_script, NULL);

	vm->vcpus[0].power = VCPU_ON;
	cr_assert_not(fake_hypercall(&vm->vcpus[0], CPU_OFF, 0, 0, 0, NULL));
	cr_assert_eq(call(vm, AFFINITY_INFO, 0, 0, 0), VCPU_OFF);
	cr_assert_eq(vm->result.end, VM_END_NONE);
	vm_destroy(vm);
}

static void random_bits(struct vm *vm, uint64_t function, uint64_t bits, uint64_t results[4])
{
	const uint64_t args[8] = {function, bits};

	memcpy(results, args, 4 * sizeof(args[0]));
	cr_assert(psci_call(&vm->vcpus[0], args, results));
}

Test(psci, trng_gives_as_many_bits_as_asked)
{
	struct vm *vm = fake_vm_create(1, no_script, NULL);

	for (unsigned bits = 1; bits <= 192; bits++) {
		uint64_t any[3] = {0}, r[4];

		for (unsigned i = 0; i < 64; i++) {
			random_bits(vm, TRNG_RND_64, bits, r);
			cr_assert_eq(r[0], 0);
			for (unsigned word = 0; word < 3; word++)
				any[word] |= r[3 - word];
		}
		for (unsigned bit = 0; bit < 192; bit++)
			cr_assert_eq(any[bit / 64] >> bit % 64 & 1, bit < bits, "bit %u of %u", bit,
				     bits);
	}
	vm_destroy(vm);
}

Test(psci, trng_32_gives_words)
{
	struct vm *vm = fake_vm_create(1, no_script, NULL);
	uint64_t any[3] = {0}, r[4];

	for (unsigned i = 0; i < 64; i++) {
		random_bits(vm, TRNG_RND, 95, r);
		cr_assert_eq(r[0], 0);
		for (unsigned word = 0; word < 3; word++)
			any[word] |= r[3 - word];
	}
	cr_assert_eq(any[0], UINT32_MAX);
	cr_assert_eq(any[1], UINT32_MAX);
	cr_assert_eq(any[2], UINT32_MAX >> 1);
	vm_destroy(vm);
}

Test(psci, trng_refuses_no_bits_and_too_many)
{
	struct vm *vm = fake_vm_create(1, no_script, NULL);

	cr_assert_eq(call(vm, TRNG_RND_64, 0, 0, 0), INVALID_PARAMETERS);
	cr_assert_eq(call(vm, TRNG_RND_64, 193, 0, 0), INVALID_PARAMETERS);
	cr_assert_eq(call(vm, TRNG_RND_64, UINT64_MAX, 0, 0), INVALID_PARAMETERS);
	cr_assert_eq(call(vm, TRNG_RND, 0, 0, 0), INVALID_PARAMETERS);
	cr_assert_eq(call(vm, TRNG_RND, 97, 0, 0), INVALID_PARAMETERS);
	vm_destroy(vm);
}

Test(psci, trng_uuid_is_four_words_and_no_error)
{
	const uint64_t args[8] = {TRNG_GET_UUID};
	struct vm *vm = fake_vm_create(1, no_script, NULL);
	uint64_t r[4] = {TRNG_GET_UUID};

	cr_assert(psci_call(&vm->vcpus[0], args, r));
	for (unsigned i = 0; i < 4; i++)
		cr_assert(r[i] != 0 && r[i] < UINT32_MAX);
	vm_destroy(vm);
}

Test(psci, virtual_time_gives_the_same_random_numbers_in_each_run)
{
	const struct vm_config config = {
		.engine = &fake_engine, .cpus = 1, .memory = VM_MEMORY_MIN, .virtual_time = true};
	uint8_t bytes[2][37], more[37];

	for (unsigned i = 0; i < 2; i++) {
		struct vm *vm;

		cr_assert_eq(vm_create(&vm, &config, NULL), 0);
		vm_random(vm, bytes[i], sizeof(bytes[i]));
		vm_random(vm, more, sizeof(more));
		cr_assert_neq(memcmp(bytes[i], more, sizeof(more)), 0);
		vm_destroy(vm);
	}
	cr_assert_eq(memcmp(bytes[0], bytes[1], sizeof(more)), 0);
}

Test(psci, calls_are_traced_by_name)
{
	struct vm *vm = fake_vm_create(2, no_script, NULL);
	char *text;
	size_t size;

	vm->trace = (struct trace){.enabled = TRACE_PSCI, .stream = open_memstream(&text, &size)};
	call(vm, CPU_ON_64, 1, 0x40001000, 0x10);
	call(vm, 0x84001234, 1, 2, 3);
	fclose(vm->trace.stream);
	cr_assert_str_eq(text, "psci: vcpu0 CPU_ON 0xc4000003 0x1 0x40001000 0x10: 0\n"
			       "psci: vcpu0 unknown 0x84001234 0x1 0x2 0x3: -1\n");
	free(text);
	vm_destroy(vm);
}
