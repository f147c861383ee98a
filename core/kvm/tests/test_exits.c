/*
 * What the engine makes of the exits of real KVM: accesses to devices, hypercalls; and of those that no
 * guest can bring about at will (a host that can not enter the guest): there the test fills in
 * struct kvm_run in the kernel's place.
 */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <string.h>
#include <sys/ioctl.h>

#include "core/kvm/tests/guest.h"

/* --- Accesses to devices --- */

#define RECORDER_BASE 0x0b000000ULL
#define RECORDS_MAX   16

struct record {
	char kind; /* 'r' or 'w' */
	uint64_t offset;
	unsigned size;
	uint64_t value;
};

struct recorder {
	struct record records[RECORDS_MAX];
	unsigned count;
};

static void note(struct recorder *recorder, char kind, uint64_t offset, unsigned size,
		 uint64_t value)
{
	if (recorder->count < RECORDS_MAX)
		recorder->records[recorder->count++] = (struct record){kind, offset, size, value};
}

static uint64_t record_read(void *owner, unsigned cpu, uint64_t offset, unsigned size)
{
	(void)cpu;
	note(owner, 'r', offset, size, 0);
	return 0x8182838485868788;
}

static void record_write(void *owner, unsigned cpu, uint64_t offset, unsigned size, uint64_t value)
{
	(void)cpu;
	note(owner, 'w', offset, size, value);
}

/* Each size, loads into registers that were all ones; what the device sees, and what they hold. */
Test(kvm_exits, sizes_of_accesses, .timeout = 60)
{
	static const uint32_t code[] = {
		0xd2a16001, /* mov x1, #0x0b000000 */
		0x92800002, /* mov x2, #-1 */
		0x92800003, /* mov x3, #-1 */
		0x92800004, /* mov x4, #-1 */
		0x92800005, /* mov x5, #-1 */
		0x92800006, /* mov x6, #-1 */
		0x39400022, /* ldrb w2, [x1] */
		0x79400423, /* ldrh w3, [x1, #2] */
		0xb9400424, /* ldr w4, [x1, #4] */
		0xf9400425, /* ldr x5, [x1, #8] */
		0x88dffc26, /* ldar w6, [x1] */
		0xf940083f, /* ldr xzr, [x1, #16] */
		0x39000425, /* strb w5, [x1, #1] */
		0x79000425, /* strh w5, [x1, #2] */
		0xb9000425, /* str w5, [x1, #4] */
		0xf9000425, /* str x5, [x1, #8] */
		0x889ffc25, /* stlr w5, [x1] */
		0xf900083f, /* str xzr, [x1, #16] */
		0xd2a121e7, /* mov x7, #0x090f0000 */
		0x390000ff, /* strb wzr, [x7]: exit */
		0x14000000, /* b . */
	};
	static const struct record expected[] = {
		{'r', 0, 1, 0},		 {'r', 2, 2, 0},
		{'r', 4, 4, 0},		 {'r', 8, 8, 0},
		{'r', 0, 4, 0},		 {'r', 16, 8, 0},
		{'w', 1, 1, 0x88},	 {'w', 2, 2, 0x8788},
		{'w', 4, 4, 0x85868788}, {'w', 8, 8, 0x8182838485868788},
		{'w', 0, 4, 0x85868788}, {'w', 16, 8, 0},
	};
	static const struct mmio_ops ops = {.read = record_read, .write = record_write};
	struct recorder recorder = {.count = 0};
	const struct bus_region region = {RECORDER_BASE, 0x1000, &ops, &recorder, "recorder"};
	struct vm *vm = guest_create(1);
	struct error err = {0};

	cr_assert_eq(bus_add(&vm->bus, &region, &err), 0, "%s", err.text);
	guest_load(vm, code, sizeof(code));
	guest_run(vm);
	cr_assert_eq(recorder.count, sizeof(expected) / sizeof(*expected));
	for (unsigned i = 0; i < recorder.count; i++) {
		const struct record *is = &recorder.records[i], *should = &expected[i];

		cr_assert_eq(is->kind, should->kind, "%u", i);
		cr_assert_eq(is->offset, should->offset, "%u", i);
		cr_assert_eq(is->size, should->size, "%u", i);
		cr_assert_eq(is->value, should->value, "%u: %#" PRIx64, i, is->value);
	}
	cr_assert_eq(guest_get(vm, "x2"), 0x88);
	cr_assert_eq(guest_get(vm, "x3"), 0x8788);
	cr_assert_eq(guest_get(vm, "x4"), 0x85868788);
	cr_assert_eq(guest_get(vm, "x5"), 0x8182838485868788);
	cr_assert_eq(guest_get(vm, "x6"), 0x85868788);
	vm_destroy(vm);
}

/* --- Hypercalls --- */

/*
 * Linux 6.4 and later hand a range of functions to user space (Documentation/virt/kvm/devices/vm.rst,
 * KVM_ARM_VM_SMCCC_FILTER); the headers at hand may be older.
 */
#define SMCCC_CTRL   0
#define SMCCC_FILTER 0
#define FORWARD	     2
#define FUNCTION     0xc6000001u /* vendor-specific: nothing answers it */

struct smccc_filter {
	uint32_t base, count;
	uint8_t action, pad[15];
};

Test(kvm_exits, hypercall, .timeout = 60)
{
	static const uint32_t code[] = {
		0xd2b8c000, /* mov x0, #0xc6000000 */
		0xf2800020, /* movk x0, #1 */
		0xd2800221, /* mov x1, #0x11 */
		0xd2800442, /* mov x2, #0x22 */
		0xd2800663, /* mov x3, #0x33 */
		0xd2800884, /* mov x4, #0x44 */
		0xd4000002, /* hvc #0 */
		0xd2a121e7, /* mov x7, #0x090f0000 */
		0x390000ff, /* strb wzr, [x7] */
		0x14000000, /* b . */
	};
	struct vm *vm = guest_create(1);
	const struct smccc_filter filter = {.base = FUNCTION, .count = 1, .action = FORWARD};
	const struct kvm_device_attr attr = {
		.group = SMCCC_CTRL,
		.attr = SMCCC_FILTER,
		.addr = (uintptr_t)&filter,
	};

	/* An older host answers it itself, and the same. */
	bool forwarded = ioctl(kvm_vm_of(vm)->vm_fd, KVM_SET_DEVICE_ATTR, &attr) == 0;

	guest_load(vm, code, sizeof(code));
	guest_run(vm);
	cr_assert_eq(vm->vcpus[0].exits[EXIT_HYPERCALL], forwarded);
	cr_assert_eq(guest_get(vm, "x0"), UINT64_MAX, "NOT_SUPPORTED");
	if (forwarded)
		cr_assert_eq(guest_get(vm, "x1"), 0x11);
	cr_assert_eq(guest_get(vm, "x4"), 0x44);
	vm_destroy(vm);
}

/* --- Exits that end the run --- */

/* As if KVM_RUN had just returned with what `fill` puts into struct kvm_run, at an instruction. */
static const struct vm_result *handle(struct vm *vm, uint32_t instruction,
				      void (*fill)(struct kvm_run *run))
{
	struct kvm_vcpu *cpu = kvm_vcpu_of(&vm->vcpus[0]);

	guest_load(vm, &instruction, sizeof(instruction));
	guest_set(vm, "pc", GUEST_ENTRY, 0);
	guest_set(vm, "x1", 0x09000000, 0);
	guest_set(vm, "x2", 0x2222, 0);
	guest_set(vm, "x3", 0x3333, 0);
	guest_set(vm, "sp", 0x40001230, 0);
	fill(cpu->run);
	cr_assert_not(kvm_exit_handle(cpu));
	return &vm->result;
}

static void expect_error(uint32_t instruction, void (*fill)(struct kvm_run *run),
			 const char *const texts[])
{
	struct vm *vm = guest_create(1);
	const struct vm_result *result = handle(vm, instruction, fill);

	cr_assert_eq(result->end, VM_END_ERROR);
	cr_assert_eq(result->error.kind, ERROR_INTERNAL);
	for (; *texts; texts++)
		cr_assert_not_null(strstr(result->error.text, *texts), "no \"%s\" in: %s", *texts,
				   result->error.text);
	cr_assert_not_null(strstr(result->error.text, "vCPU 0 at pc 0x40080000"), "%s",
			   result->error.text);
	vm_destroy(vm);
}

static void fill_no_syndrome_read(struct kvm_run *run)
{
	run->exit_reason = KVM_EXIT_ARM_NISV;
	run->arm_nisv.esr_iss = 0x7;
	run->arm_nisv.fault_ipa = 0x09000000;
}

static void fill_no_syndrome_write(struct kvm_run *run)
{
	fill_no_syndrome_read(run);
	run->arm_nisv.esr_iss = 0x47;
}

Test(kvm_exits, no_syndrome)
{
	static const char *const load[] = {"read of 0x9000000",
					   "instruction 0xa9400c22",
					   ", x1 0x9000000",
					   ", x2 0x2222",
					   ", x3 0x3333",
					   ", sp 0x40001230",
					   NULL};
	static const char *const store[] = {"write to 0x9000000", "instruction 0xa9000c22", NULL};

	expect_error(0xa9400c22 /* ldp x2, x3, [x1] */, fill_no_syndrome_read, load);
	expect_error(0xa9000c22 /* stp x2, x3, [x1] */, fill_no_syndrome_write, store);
}

static void fill_fail_entry(struct kvm_run *run)
{
	run->exit_reason = KVM_EXIT_FAIL_ENTRY;
	run->fail_entry.hardware_entry_failure_reason = 0xabc;
	run->fail_entry.cpu = 5;
}

Test(kvm_exits, fail_entry)
{
	static const char *const texts[] = {"can not enter the guest on host CPU 5: reason 0xabc",
					    "instruction 0x14000000", NULL};

	expect_error(0x14000000, fill_fail_entry, texts);
}

static void fill_internal_error(struct kvm_run *run)
{
	run->exit_reason = KVM_EXIT_INTERNAL_ERROR;
	run->internal.suberror = KVM_INTERNAL_ERROR_EMULATION;
	run->internal.ndata = 2;
	run->internal.data[0] = 0x77;
	run->internal.data[1] = 0x88;
}

/* As a kernel could not send it: more words than there is room for. */
static void fill_internal_error_long(struct kvm_run *run)
{
	fill_internal_error(run);
	run->internal.ndata = UINT32_MAX;
}

Test(kvm_exits, internal_error)
{
	static const char *const texts[] = {"internal error, suberror 1, data 0x77, 0x88", NULL};
	struct vm *vm = guest_create(1);

	expect_error(0x14000000, fill_internal_error, texts);
	/* Cut, and where the guest was may not fit any more. */
	cr_assert_eq(handle(vm, 0x14000000, fill_internal_error_long)->end, VM_END_ERROR);
	cr_assert_not_null(strstr(vm->result.error.text, texts[0]), "%s", vm->result.error.text);
	vm_destroy(vm);
}

static void fill_crash(struct kvm_run *run)
{
	run->exit_reason = KVM_EXIT_SYSTEM_EVENT;
	run->system_event.type = KVM_SYSTEM_EVENT_CRASH;
}

static void fill_unknown_event(struct kvm_run *run)
{
	fill_crash(run);
	run->system_event.type = 4711;
}

static void fill_unknown_exit(struct kvm_run *run)
{
	run->exit_reason = 4711;
}

Test(kvm_exits, crash_and_unknown)
{
	static const char *const crash[] = {"the guest reports that it has crashed", NULL};
	static const char *const event[] = {"unknown system event 4711", NULL};
	static const char *const reason[] = {"unknown reason 4711", NULL};

	expect_error(0x14000000, fill_crash, crash);
	expect_error(0x14000000, fill_unknown_event, event);
	expect_error(0x14000000, fill_unknown_exit, reason);
}

static void fill_off(struct kvm_run *run)
{
	fill_crash(run);
	run->system_event.type = KVM_SYSTEM_EVENT_SHUTDOWN;
}

static void fill_reset(struct kvm_run *run)
{
	fill_crash(run);
	run->system_event.type = KVM_SYSTEM_EVENT_RESET;
}

Test(kvm_exits, system_events)
{
	struct vm *vm = guest_create(1);

	cr_assert_eq(handle(vm, 0x14000000, fill_off)->end, VM_END_OFF);
	vm_destroy(vm);
	vm = guest_create(1);
	cr_assert_eq(handle(vm, 0x14000000, fill_reset)->end, VM_END_RESET);
	vm_destroy(vm);
}

/* --- The guest's virtual addresses --- */

#define TABLES	   (VM_RAM_BASE + 0x100000) /* 64 KiB-aligned, and so far apart */
#define TABLE_STEP 0x10000ULL
#define DESC_TABLE 3ULL
#define DESC_PAGE  0x703ULL /* AF, SH */
#define DESC_BLOCK 0x701ULL

static uint64_t table_at(unsigned table)
{
	return TABLES + table * TABLE_STEP;
}

static void put(struct vm *vm, unsigned table, unsigned index, uint64_t desc)
{
	cr_assert(memory_write(&vm->memory, table_at(table) + index * 8ULL, &desc, sizeof(desc)));
}

static uint64_t translate(struct vm *vm, uint64_t va)
{
	uint64_t pa;

	return kvm_translate(&vm->vcpus[0], va, &pa) ? pa : UINT64_MAX;
}

static struct vm *create_mapped(uint64_t tcr)
{
	struct vm *vm = guest_create(1);

	guest_set(vm, "tcr_el1", tcr, 0);
	guest_set(vm, "ttbr0_el1", table_at(0), 0);
	guest_set(vm, "ttbr1_el1", table_at(0), 0);
	guest_set(vm, "sctlr_el1", guest_get(vm, "sctlr_el1") | 1, 0);
	return vm;
}

Test(kvm_exits, addresses_without_mmu)
{
	struct vm *vm = guest_create(1);

	cr_assert_eq(translate(vm, 0x40080004), 0x40080004);
	vm_destroy(vm);
}

/* As Linux has them: 48 bits, 4 KiB, four levels, TTBR1; a page, a block, holes. */
Test(kvm_exits, addresses_4k)
{
	struct vm *vm = create_mapped(16 | 16 << 16 | 2ULL << 30);

	put(vm, 0, 0x100, table_at(1) | DESC_TABLE);
	put(vm, 1, 0, table_at(2) | DESC_TABLE);
	put(vm, 2, 0, table_at(3) | DESC_TABLE);
	put(vm, 2, 1, 0x40200000 | DESC_BLOCK);
	put(vm, 3, 0x10, 0x40123000 | DESC_PAGE);
	cr_assert_eq(translate(vm, 0xffff800000010abc), 0x40123abc);
	cr_assert_eq(translate(vm, 0xffff800000210abc), 0x40210abc);
	cr_assert_eq(translate(vm, 0xffff800000011000), UINT64_MAX, "not mapped: the page");
	cr_assert_eq(translate(vm, 0xffff800000400000), UINT64_MAX, "not mapped: the block");
	cr_assert_eq(translate(vm, 0x0000800000010abc), 0x40123abc, "TTBR0");
	put(vm, 2, 0, 0x10000000 | DESC_TABLE);
	cr_assert_eq(translate(vm, 0xffff800000010abc), UINT64_MAX,
		     "a table where there is no RAM");
	vm_destroy(vm);
}

/* 39 bits: the walk begins one level further down. */
Test(kvm_exits, addresses_39_bits)
{
	struct vm *vm = create_mapped(25 | 25 << 16 | 2ULL << 30);

	put(vm, 0, 1, 0x40000000 | DESC_BLOCK);
	cr_assert_eq(translate(vm, 0x7fffffff), 0x7fffffff);
	cr_assert_eq(translate(vm, 0xffffff8040000010), 0x40000010);
	vm_destroy(vm);
}

Test(kvm_exits, addresses_16k_and_64k)
{
	struct vm *vm = create_mapped(17 | 17 << 16 | 2ULL << 14 | 1ULL << 30);

	/* 47 bits, 16 KiB: level 1 has 11 bits of index from bit 36 on. */
	put(vm, 0, 1, table_at(1) | DESC_TABLE);
	put(vm, 1, 0, table_at(2) | DESC_TABLE);
	put(vm, 2, 3, 0x40124000 | DESC_PAGE);
	cr_assert_eq(translate(vm, 0x100000ceee), 0x40124eee);
	vm_destroy(vm);

	/* 42 bits, 64 KiB: level 2, from bit 29 on, then level 3. */
	vm = create_mapped(22 | 22 << 16 | 1ULL << 14 | 3ULL << 30);
	put(vm, 0, 2, table_at(1) | DESC_TABLE);
	put(vm, 1, 1, 0x40130000 | DESC_PAGE);
	cr_assert_eq(translate(vm, 0x40011234), 0x40131234);
	vm_destroy(vm);
}

/* The instruction is found where the guest's MMU is on. */
Test(kvm_exits, instruction_by_virtual_address)
{
	struct vm *vm = create_mapped(25 | 25 << 16 | 2ULL << 30);
	struct kvm_vcpu *cpu = kvm_vcpu_of(&vm->vcpus[0]);
	const uint32_t instruction = 0xa9400c22;

	put(vm, 0, 1, 0x40000000 | DESC_BLOCK);
	guest_load(vm, &instruction, sizeof(instruction));
	guest_set(vm, "pc", 0xffffff8040080000, 0);
	fill_no_syndrome_read(cpu->run);
	cr_assert_not(kvm_exit_handle(cpu));
	cr_assert_not_null(
		strstr(vm->result.error.text, "pc 0xffffff8040080000, instruction 0xa9400c22"),
		"%s", vm->result.error.text);
	vm_destroy(vm);
}
