/*
 * Firmware calls. A guest without EL2 and EL3 asks what is below it, by HVC, for power (PSCI 1.1,
 * Arm DEN 0022), for what else can be called (SMCCC 1.1, DEN 0028) and for entropy
 * (TRNG 1.0, DEN 0098). One table says what is implemented: the calls and both "features" queries
 * are answered from it.
 *
 * A function identifier whose bit 30 is clear is an SMC32 call: only the low halves of the argument
 * registers count. Power states deeper than standby are not modelled: CPU_SUSPEND waits for an
 * interrupt and returns, which DEN 0022 (5.4) allows of a power-down request too.
 */
#include "core/psci.h"

#include <inttypes.h>
#include <stddef.h>

#include "core/vcpu.h"
#include "core/vm.h"

/* DEN 0022, 5.2.2: return error codes. */
enum psci_result {
	PSCI_SUCCESS = 0,
	PSCI_NOT_SUPPORTED = -1,
	PSCI_INVALID_PARAMETERS = -2,
	PSCI_ALREADY_ON = -4,
	PSCI_ON_PENDING = -5,
	PSCI_INVALID_ADDRESS = -9,
};

/* DEN 0098, return codes. */
enum trng_result {
	TRNG_SUCCESS = 0,
	TRNG_NOT_SUPPORTED = -1,
	TRNG_INVALID_PARAMETERS = -2,
};

/* Function identifiers (DEN 0028). */
#define FUNCTION_SMC64	       0x40000000u
#define FUNCTION_PSCI_FIRST    0x84000000u
#define FUNCTION_PSCI_LAST     0x8400001fu
#define FUNCTION_TRNG_FIRST    0x84000050u
#define FUNCTION_TRNG_LAST     0x8400005fu
#define FUNCTION_ARCH_FIRST    0x80000000u
#define FUNCTION_ARCH_LAST     0x8000ffffu
#define FUNCTION_SMCCC_VERSION FUNCTION_ARCH_FIRST

#define VERSION(major, minor) ((major) << 16 | (minor))

/* MIGRATE_INFO_TYPE: there is no Trusted OS that would have to be migrated. */
#define MIGRATE_NOT_REQUIRED 2

/* CPU_SUSPEND's power_state in the original format: level, type, StateID (DEN 0022, 5.4.2). */
#define POWER_STATE_VALID 0x0301ffffu

/* SYSTEM_RESET2's one architectural reset type. */
#define RESET_TYPE_WARM 0

struct firmware_call {
	uint32_t function;
	const char *name;
	/* Returns what goes into x0; puts more results into results[1] to [3]. */
	int64_t (*answer)(struct vcpu *vcpu, const uint64_t args[8], uint64_t results[4]);
};

static const struct firmware_call *find_call(uint32_t function);

static bool is_between(uint32_t function, uint32_t first, uint32_t last)
{
	return function >= first && function <= last;
}

/* --- PSCI --- */

static int64_t psci_version(struct vcpu *vcpu, const uint64_t args[8], uint64_t results[4])
{
	(void)vcpu, (void)args, (void)results;
	return VERSION(1, 1);
}

/* For CPU_SUSPEND, 0 also says: original power_state format, no OS-initiated mode. */
static int64_t psci_features(struct vcpu *vcpu, const uint64_t args[8], uint64_t results[4])
{
	uint32_t function = (uint32_t)args[1];
	bool asked_here =
		is_between(function & ~FUNCTION_SMC64, FUNCTION_PSCI_FIRST, FUNCTION_PSCI_LAST) ||
		function == FUNCTION_SMCCC_VERSION;

	(void)vcpu, (void)results;
	return asked_here && find_call(function) ? PSCI_SUCCESS : PSCI_NOT_SUPPORTED;
}

static int64_t cpu_suspend(struct vcpu *vcpu, const uint64_t args[8], uint64_t results[4])
{
	(void)results;
	if ((uint32_t)args[1] & ~POWER_STATE_VALID)
		return PSCI_INVALID_PARAMETERS;
	vcpu_wait(vcpu);
	return PSCI_SUCCESS;
}

static int64_t cpu_off(struct vcpu *vcpu, const uint64_t args[8], uint64_t results[4])
{
	(void)args, (void)results;
	vcpu_power_off(vcpu);
	return PSCI_SUCCESS;
}

/* An entry point is in RAM and is where an A64 instruction can be. */
static bool is_entry_point(const struct vm *vm, uint64_t addr)
{
	return addr % 4 == 0 && memory_at(&vm->memory, addr, 4);
}

static int64_t cpu_on(struct vcpu *vcpu, const uint64_t args[8], uint64_t results[4])
{
	struct vcpu *target = vcpu_find(vcpu->vm, args[1]);

	(void)results;
	if (!target)
		return PSCI_INVALID_PARAMETERS;
	if (!is_entry_point(vcpu->vm, args[2]))
		return PSCI_INVALID_ADDRESS;
	if (vcpu_power_on(target, args[2], args[3]))
		return PSCI_SUCCESS;
	return vcpu_power_state(target) == VCPU_ON_PENDING ? PSCI_ON_PENDING : PSCI_ALREADY_ON;
}

/* The affinity fields at and above a level. */
static uint64_t affinity_mask(unsigned level)
{
	static const uint64_t masks[] = {0xff00ffffff, 0xff00ffff00, 0xff00ff0000, 0xff00000000};

	return masks[level];
}

/* A group of CPUs is as awake as the most awake of them. */
static int64_t affinity_info(struct vcpu *vcpu, const uint64_t args[8], uint64_t results[4])
{
	struct vm *vm = vcpu->vm;
	int64_t state = PSCI_INVALID_PARAMETERS;
	uint32_t level = (uint32_t)args[2];
	uint64_t mask;

	(void)results;
	if (level > 3)
		return PSCI_INVALID_PARAMETERS;
	mask = affinity_mask(level);
	for (unsigned i = 0; i < vm->cpus; i++) {
		enum vcpu_power power;

		if ((vm->vcpus[i].mpidr & mask) != (args[1] & (mask | ~affinity_mask(0))))
			continue;
		power = vcpu_power_state(&vm->vcpus[i]);
		if (power == VCPU_ON)
			return VCPU_ON;
		if (state != VCPU_ON_PENDING)
			state = power;
	}
	return state;
}

static int64_t migrate_info_type(struct vcpu *vcpu, const uint64_t args[8], uint64_t results[4])
{
	(void)vcpu, (void)args, (void)results;
	return MIGRATE_NOT_REQUIRED;
}

static int64_t end_vm(struct vcpu *vcpu, enum vm_end end)
{
	const struct vm_result result = {.end = end, .cpu = vcpu->index};

	vm_stop(vcpu->vm, &result);
	return PSCI_SUCCESS;
}

static int64_t system_off(struct vcpu *vcpu, const uint64_t args[8], uint64_t results[4])
{
	(void)args, (void)results;
	return end_vm(vcpu, VM_END_OFF);
}

static int64_t system_reset(struct vcpu *vcpu, const uint64_t args[8], uint64_t results[4])
{
	(void)args, (void)results;
	return end_vm(vcpu, VM_END_RESET);
}

static int64_t system_reset2(struct vcpu *vcpu, const uint64_t args[8], uint64_t results[4])
{
	(void)results;
	if ((uint32_t)args[1] != RESET_TYPE_WARM)
		return PSCI_INVALID_PARAMETERS;
	return end_vm(vcpu, VM_END_RESET);
}

/* --- SMCCC discovery --- */

static int64_t smccc_version(struct vcpu *vcpu, const uint64_t args[8], uint64_t results[4])
{
	(void)vcpu, (void)args, (void)results;
	return VERSION(1, 1);
}

static int64_t smccc_arch_features(struct vcpu *vcpu, const uint64_t args[8], uint64_t results[4])
{
	uint32_t function = (uint32_t)args[1];
	bool asked_here = is_between(function, FUNCTION_ARCH_FIRST, FUNCTION_ARCH_LAST);

	(void)vcpu, (void)results;
	return asked_here && find_call(function) ? PSCI_SUCCESS : PSCI_NOT_SUPPORTED;
}

/* --- TRNG --- */

static int64_t trng_version(struct vcpu *vcpu, const uint64_t args[8], uint64_t results[4])
{
	(void)vcpu, (void)args, (void)results;
	return VERSION(1, 0);
}

static int64_t trng_features(struct vcpu *vcpu, const uint64_t args[8], uint64_t results[4])
{
	uint32_t function = (uint32_t)args[1];
	bool asked_here =
		is_between(function & ~FUNCTION_SMC64, FUNCTION_TRNG_FIRST, FUNCTION_TRNG_LAST);

	(void)vcpu, (void)results;
	return asked_here && find_call(function) ? TRNG_SUCCESS : TRNG_NOT_SUPPORTED;
}

/* Which generator this is: a UUID of its own, 32 bits a register. */
static int64_t trng_get_uuid(struct vcpu *vcpu, const uint64_t args[8], uint64_t results[4])
{
	(void)vcpu, (void)args;
	results[1] = 0xdc0c4cd3;
	results[2] = 0x9edc86b1;
	results[3] = 0xcd0205cf;
	return 0x4592f7c0;
}

/* The low `bits` of a number of which a word begins at bit `first`. */
static uint64_t word_mask(uint64_t bits, unsigned first)
{
	if (bits <= first)
		return 0;
	return bits - first >= 64 ? UINT64_MAX : (1ULL << (bits - first)) - 1;
}

/* The number is in x1:x2:x3, its low end in x3 (DEN 0098, TRNG_RND): 192 bits at most. */
static int64_t trng_rnd64(struct vcpu *vcpu, const uint64_t args[8], uint64_t results[4])
{
	uint64_t words[3];

	if (args[1] < 1 || args[1] > 192)
		return TRNG_INVALID_PARAMETERS;
	vm_random(vcpu->vm, words, sizeof(words));
	for (unsigned i = 0; i < 3; i++)
		results[3 - i] = words[i] & word_mask(args[1], 64 * i);
	return TRNG_SUCCESS;
}

/* The same in w1:w2:w3: 96 bits at most. */
static int64_t trng_rnd32(struct vcpu *vcpu, const uint64_t args[8], uint64_t results[4])
{
	uint32_t words[3];

	if (args[1] < 1 || args[1] > 96)
		return TRNG_INVALID_PARAMETERS;
	vm_random(vcpu->vm, words, sizeof(words));
	for (unsigned i = 0; i < 3; i++)
		results[3 - i] = words[i] & word_mask(args[1], 32 * i);
	return TRNG_SUCCESS;
}

/* --- The table --- */

static const struct firmware_call calls[] = {
	{0x80000000, "SMCCC_VERSION", smccc_version},
	{0x80000001, "SMCCC_ARCH_FEATURES", smccc_arch_features},
	{0x84000000, "PSCI_VERSION", psci_version},
	{0x84000001, "CPU_SUSPEND", cpu_suspend},
	{0xc4000001, "CPU_SUSPEND", cpu_suspend},
	{0x84000002, "CPU_OFF", cpu_off},
	{0x84000003, "CPU_ON", cpu_on},
	{0xc4000003, "CPU_ON", cpu_on},
	{0x84000004, "AFFINITY_INFO", affinity_info},
	{0xc4000004, "AFFINITY_INFO", affinity_info},
	{0x84000006, "MIGRATE_INFO_TYPE", migrate_info_type},
	{0x84000008, "SYSTEM_OFF", system_off},
	{0x84000009, "SYSTEM_RESET", system_reset},
	{0x8400000a, "PSCI_FEATURES", psci_features},
	{0x84000012, "SYSTEM_RESET2", system_reset2},
	{0xc4000012, "SYSTEM_RESET2", system_reset2},
	{0x84000050, "TRNG_VERSION", trng_version},
	{0x84000051, "TRNG_FEATURES", trng_features},
	{0x84000052, "TRNG_GET_UUID", trng_get_uuid},
	{0x84000053, "TRNG_RND", trng_rnd32},
	{0xc4000053, "TRNG_RND", trng_rnd64},
};

static const struct firmware_call *find_call(uint32_t function)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (calls[i].function == function)
			return &calls[i];
	return NULL;
}

static void trace_call(struct vcpu *vcpu, const struct firmware_call *call, const uint64_t args[8],
		       int64_t result)
{
	struct trace *trace = &vcpu->vm->trace;

	if (!trace_on(trace, TRACE_PSCI))
		return;
	trace_print(trace, TRACE_PSCI,
		    "vcpu%u %s %#" PRIx64 " %#" PRIx64 " %#" PRIx64 " %#" PRIx64 ": %" PRId64,
		    vcpu->index, call ? call->name : "unknown", args[0], args[1], args[2], args[3],
		    result);
}

bool psci_call(struct vcpu *vcpu, const uint64_t args[8], uint64_t results[4])
{
	const uint32_t function = (uint32_t)args[0];
	const uint64_t mask = function & FUNCTION_SMC64 ? UINT64_MAX : UINT32_MAX;
	const struct firmware_call *call = find_call(function);
	int64_t result = PSCI_NOT_SUPPORTED;
	uint64_t used[8];

	for (unsigned i = 0; i < 8; i++)
		used[i] = args[i] & mask;
	if (call)
		result = call->answer(vcpu, used, results);
	trace_call(vcpu, call, used, result);
	results[0] = (uint64_t)result;
	return !vcpu->leave && !(call && call->answer == cpu_off);
}
