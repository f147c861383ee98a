/*
 * The least program around libgod.a: run a bare-metal guest, its console on standard output.
 *
 *	library_user ENGINE FILE
 *
 * Its exit status is the guest's.
 */
#include <core/boot/boot.h>
#include <core/vm.h>
#include <devices/board.h>
#include <devices/serial.h>
#include <stdio.h>

static void transmit(void *owner, const uint8_t *bytes, size_t len)
{
	fwrite(bytes, 1, len, owner);
}

int main(int argc, char *argv[])
{
	struct serial_backend serial = {.transmit = transmit, .owner = stdout};
	struct boot_config boot = {.kernel = argv[argc - 1], .allow_raw = true};
	struct vm_config config = {.cpus = 1, .memory = 64 << 20};
	struct vm_result result = {0};
	struct error err = {0};
	struct board board;
	struct vm *vm = NULL;

	config.engine = engine_find(argc > 1 ? argv[1] : "auto", &err);
	if (!config.engine || vm_create(&vm, &config, &err) ||
	    board_create(vm, &board, &serial, &err) || boot_load(vm, &boot, &err) ||
	    vm_run(vm, &result, &err)) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	vm_destroy(vm);
	return result.end == VM_END_EXIT ? result.status : 2;
}
