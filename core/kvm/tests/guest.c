#include "core/kvm/tests/guest.h"

#include <criterion/criterion.h>

#include "devices/board.h"

#define MEMORY (16u << 20)

struct vm *guest_create(unsigned cpus)
{
	const struct vm_config config = {.engine = &kvm_engine, .cpus = cpus, .memory = MEMORY};
	struct board board;
	struct error err = {0};
	struct vm *vm;

	cr_assert_eq(vm_create(&vm, &config, &err), 0, "%s", err.text);
	cr_assert_eq(board_create(vm, &board, NULL, &err), 0, "%s", err.text);
	return vm;
}

void guest_load(struct vm *vm, const uint32_t *code, size_t size)
{
	cr_assert(memory_write(&vm->memory, GUEST_ENTRY, code, size));
	vm->entry = (struct vm_entry){.pc = GUEST_ENTRY};
}

uint64_t guest_get(struct vm *vm, const char *name)
{
	struct reg_value value = {0};
	struct error err = {0};

	cr_assert_eq(kvm_reg_get(&vm->vcpus[0], name, &value, &err), 0, "%s", err.text);
	return value.lo;
}

void guest_set(struct vm *vm, const char *name, uint64_t lo, uint64_t hi)
{
	struct error err = {0};

	cr_assert_eq(kvm_reg_set(&vm->vcpus[0], name, (struct reg_value){lo, hi}, &err), 0, "%s",
		     err.text);
}

void guest_run(struct vm *vm)
{
	struct vm_result result = {0};
	struct error err = {0};

	cr_assert_eq(vm_run(vm, &result, &err), 0, "%s", err.text);
	cr_assert_eq(result.end, VM_END_EXIT, "%s", result.error.text);
	cr_assert_eq(result.status, 0);
}
