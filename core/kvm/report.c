/*
 * What is said when KVM can not go on with a guest: what happened, and where the guest was: its
 * program counter, the instruction there, and the registers that matter. The run ends with it.
 */
#include "core/kvm/kvm.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TEXT_MAX  ERROR_TEXT_MAX
#define REG_FIELD 0x1f
#define REG_ZR_SP 31

/* ISS of a data abort: what is valid without a syndrome (DDI 0487, ESR_EL2). */
#define ISS_WNR (1u << 6)

/* Appends, cut where the buffer is full. */
static void append(char *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void append(char *text, const char *format, ...)
{
	size_t used = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + used, TEXT_MAX - used, format, args);
	va_end(args);
}

static uint64_t register_or_0(struct vcpu *vcpu, const char *name)
{
	struct reg_value value = {0};

	kvm_reg_get(vcpu, name, &value, NULL);
	return value.lo;
}

static void append_register(char *text, struct vcpu *vcpu, const char *name)
{
	append(text, ", %s %#" PRIx64, name, register_or_0(vcpu, name));
}

/* Those in the fields Rn, Rt, Rt2 and Rm of a load or store: its base, what it moves, its index. */
static void append_operands(char *text, struct vcpu *vcpu, uint32_t word)
{
	static const unsigned fields[] = {5, 0, 10, 16};
	uint32_t done = 1u << REG_ZR_SP;

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		unsigned number = word >> fields[i] & REG_FIELD;
		char name[8];

		if (done >> number & 1)
			continue;
		done |= 1u << number;
		snprintf(name, sizeof(name), "x%u", number);
		append_register(text, vcpu, name);
	}
}

/* "vCPU 0 at pc 0x40080000, instruction 0xa9400020, x1 0x9000000, ..., pstate 0x3c5, ..." */
static void append_place(char *text, struct vcpu *vcpu)
{
	static const char *const names[] = {"pstate", "sp", "x30", "esr_el1", "far_el1"};
	uint64_t pc = register_or_0(vcpu, "pc"), address;
	uint32_t word;

	append(text, "vCPU %u at pc %#" PRIx64, vcpu->index, pc);
	if (kvm_translate(vcpu, pc, &address) &&
	    memory_read(&vcpu->vm->memory, address, &word, sizeof(word))) {
		append(text, ", instruction %#010x", word);
		append_operands(text, vcpu, word);
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		append_register(text, vcpu, names[i]);
}

bool kvm_report_failure(struct kvm_vcpu *cpu, const char *what)
{
	struct vcpu_exit exit = {.kind = EXIT_INTERNAL_ERROR};
	char text[TEXT_MAX] = "";

	append(text, "%s; ", what);
	append_place(text, cpu->vcpu);
	error_set(&exit.error, ERROR_INTERNAL, "%s", text);
	vcpu_exit(cpu->vcpu, &exit);
	return false;
}

static void describe_no_syndrome(const struct kvm_run *run, char *text)
{
	append(text,
	       "KVM can not emulate the %s %#llx by a load or store of a pair, of a vector, with "
	       "write-back or exclusive",
	       run->arm_nisv.esr_iss & ISS_WNR ? "write to" : "read of",
	       (unsigned long long)run->arm_nisv.fault_ipa);
}

static void describe_internal_error(const struct kvm_run *run, char *text)
{
	uint32_t words = run->internal.ndata;
	uint32_t there = sizeof(run->internal.data) / sizeof(run->internal.data[0]);

	append(text, "KVM reports an internal error, suberror %u", run->internal.suberror);
	for (uint32_t i = 0; i < words && i < there; i++)
		append(text, "%s %#llx", i ? "," : ", data", run->internal.data[i]);
}

static void describe_system_event(const struct kvm_run *run, char *text)
{
	if (run->system_event.type == KVM_SYSTEM_EVENT_CRASH)
		append(text, "the guest reports that it has crashed");
	else
		append(text, "KVM reports the unknown system event %u", run->system_event.type);
}

bool kvm_report_exit(struct kvm_vcpu *cpu)
{
	const struct kvm_run *run = cpu->run;
	char text[TEXT_MAX] = "";

	switch (run->exit_reason) {
	case KVM_EXIT_ARM_NISV: describe_no_syndrome(run, text); break;
	case KVM_EXIT_FAIL_ENTRY:
		append(text, "KVM can not enter the guest on host CPU %u: reason %#llx",
		       run->fail_entry.cpu,
		       (unsigned long long)run->fail_entry.hardware_entry_failure_reason);
		break;
	case KVM_EXIT_INTERNAL_ERROR: describe_internal_error(run, text); break;
	case KVM_EXIT_SYSTEM_EVENT: describe_system_event(run, text); break;
	default: append(text, "KVM returns for the unknown reason %u", run->exit_reason); break;
	}
	return kvm_report_failure(cpu, text);
}
