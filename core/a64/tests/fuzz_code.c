/*
 * Fuzz target: guest code on the interpreter. The bytes are system registers (so also the MMU's), and
 * then RAM from its start on, which holds code, data and translation tables alike. A few hundred
 * instructions are executed from there; whatever they do may do harm to the guest alone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/vm.h"

#define INSTRUCTIONS 256
#define DATA	     (VM_RAM_BASE + 0x8000)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* Each exception of the guest is a longjmp, at which AddressSanitizer would ask for that stack. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "use_sigaltstack=0";
}

/* Little-endian, 8 bytes each, in this order. */
static const char *const registers[] = {
	"ttbr0_el1", "ttbr1_el1", "tcr_el1", "mair_el1",  "vbar_el1",
	"cpacr_el1", "mdscr_el1", "fpcr",    "sctlr_el1", "pstate",
};

#define REGISTERS     (sizeof(registers) / sizeof(*registers))
#define REGISTER_SIZE 8

static void check(bool holds, const struct error *err)
{
	if (holds)
		return;
	fprintf(stderr, "%s\n", err->text);
	abort();
}

static struct vm *create(void)
{
	struct error err = {0};
	const struct engine *interp = engine_find("interp", &err);
	struct vm_config config = {
		.engine = interp,
		.cpus = 1,
		.memory = VM_MEMORY_MIN,
		.virtual_time = true,
	};
	struct vm *vm = NULL;

	check(interp && vm_create(&vm, &config, &err) == 0, &err);
	return vm;
}

static void set(struct vcpu *vcpu, const char *name, uint64_t value)
{
	struct error err = {0};

	check(vcpu->vm->engine->reg_set(vcpu, name, (struct reg_value){value, value}, &err) == 0,
	      &err);
}

/* Registers that point into RAM make more of loads and stores than zeroes. */
static void set_general(struct vcpu *vcpu)
{
	char name[4];

	for (unsigned i = 0; i <= 30; i++) {
		snprintf(name, sizeof(name), "x%u", i);
		set(vcpu, name, i < 24 ? DATA + 0x408 * i : i - 26);
	}
	set(vcpu, "sp", DATA);
}

/* PSTATE comes last: after it, others may be another exception level's. */
static size_t set_system(struct vcpu *vcpu, const uint8_t *bytes, size_t len)
{
	size_t used = 0;

	for (size_t i = 0; i < REGISTERS && len - used >= REGISTER_SIZE; i++) {
		uint64_t value;

		memcpy(&value, bytes + used, REGISTER_SIZE);
		set(vcpu, registers[i], value);
		used += REGISTER_SIZE;
	}
	return used;
}

static void execute(struct vm *vm, const uint8_t *bytes, size_t len)
{
	struct vcpu *vcpu = &vm->vcpus[0];
	struct error err = {0};
	size_t used;

	check(vm->engine->vcpu_reset(vcpu, &err) == 0, &err);
	vcpu->power = VCPU_ON;
	set_general(vcpu);
	used = set_system(vcpu, bytes, len);
	if (!memory_write(&vm->memory, VM_RAM_BASE, bytes + used, len - used))
		return;
	set(vcpu, "pc", VM_RAM_BASE);
	vm->engine->run_until(vcpu, vm->engine->executed(vcpu) + INSTRUCTIONS);
	vm->engine->run(vcpu);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct vm *vm;
	struct error err = {0};

	if (!vm)
		vm = create();
	execute(vm, bytes, len);
	/* The guest may have switched off or reset. */
	vm->result = (struct vm_result){.end = VM_END_NONE};
	vm->vcpus[0].leave = false;
	check(vm_reset(vm, &err) == 0, &err);
	return 0;
}
