/* See fuzz.h. */
#include "core/boot/tests/fuzz.h"

#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/tests/idle_engine.h"
#include "core/vm.h"

static void check(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

const char *fuzz_file(unsigned slot, const void *bytes, size_t len)
{
	static struct {
		int fd;
		char path[32];
	} files[2];

	if (files[slot].fd > 0)
		close(files[slot].fd);
	files[slot].fd = memfd_create("input", 0);
	check(files[slot].fd > 0 && write(files[slot].fd, bytes, len) == (ssize_t)len, "no file");
	snprintf(files[slot].path, sizeof(files[slot].path), "/dev/fd/%d", files[slot].fd);
	return files[slot].path;
}

static struct vm *create(void)
{
	const struct vm_config config = {
		.engine = &idle_engine,
		.cpus = 1,
		.memory = VM_MEMORY_MIN,
		.virtual_time = true,
	};
	struct error err;
	struct vm *vm = NULL;

	check(vm_create(&vm, &config, &err) == 0, "no machine");
	return vm;
}

/* core/error.h: one line, no full stop. */
static void check_error(const struct error *err)
{
	size_t len = strnlen(err->text, sizeof(err->text));

	check(err->kind != ERROR_NONE && err->kind != ERROR_INTERNAL, "an error of that kind");
	check(len && len < sizeof(err->text) && err->text[len - 1] != '.', "the error's text");
	for (size_t i = 0; i < len; i++)
		check((unsigned char)err->text[i] >= ' ',
		      "a control character in the error's text");
}

static void check_loaded(const struct vm *vm)
{
	const struct fdt_header *tree = memory_at(&vm->memory, vm->entry.x[0], sizeof(*tree));

	check(memory_at(&vm->memory, vm->entry.pc, 4), "the entry is not in RAM");
	check(tree && fdt_check_header(tree) == 0, "no device tree");
	check(memory_at(&vm->memory, vm->entry.x[0], fdt_totalsize(tree)), "half a device tree");
	check(fdt_check_full(tree, fdt_totalsize(tree)) == 0, "a damaged device tree");
}

int fuzz_boot(const struct boot_config *config)
{
	static struct vm *vm;
	struct error err = {0};
	int rc;

	if (!vm)
		vm = create();
	rc = boot_load(vm, config, &err);
	if (rc)
		check_error(&err);
	else
		check_loaded(vm);
	check(vm_reset(vm, &err) == 0, "no reset");
	return rc;
}
