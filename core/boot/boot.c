/*
 * Booting: everything that the guest finds in RAM when its first instruction runs.
 *
 * The kernel decides where it goes; initramfs and device tree go as high as they can, which leaves
 * the memory behind the kernel free (it may need more than it says, when it is an old one) and
 * works the same for a kernel that is linked for the middle of RAM. Nothing is written before
 * its place is reserved.
 */
#include "core/boot/boot.h"

#include <stdlib.h>
#include <string.h>

#include "core/boot/devicetree.h"
#include "core/boot/file.h"
#include "core/boot/loader.h"
#include "core/boot/placement.h"
#include "core/vm.h"

#define PAGE	  4096ULL
#define BLOCK	  (2ULL << 20)	/* what a kernel maps the device tree with */
#define TREE_ROOM (64ULL << 10) /* more than a generated device tree needs */
#define NO_FILE	  -1

struct boot {
	struct vm *vm;
	const struct boot_config *config;
	struct file kernel, initramfs, tree;
	struct placement placement;
	struct devicetree_options options;
};

/* --- Kernel ---------------------------------------------------------------------------------- */

static int not_a_kernel(const struct kernel *k, struct error *err)
{
	return error_set(err, ERROR_BAD_DATA, "%s: not an arm64 kernel: looks like %s", k->name,
			 kernel_describe(k->bytes, k->len));
}

static int load_bytes(struct boot *b, const struct kernel *k, struct error *err)
{
	struct memory *memory = &b->vm->memory;
	uint64_t *entry = &b->vm->entry.pc;

	switch (kernel_identify(k->bytes, k->len)) {
	case KERNEL_IMAGE: return image_load(k, memory, &b->placement, entry, err);
	case KERNEL_ELF: return elf_load(k, memory, &b->placement, entry, err);
	default: break;
	}
	if (b->config->allow_raw)
		return raw_load(k, memory, &b->placement, entry, err);
	return not_a_kernel(k, err);
}

/* A gzip file in which there is a kernel. */
static int load_gzip(struct boot *b, const struct kernel *packed, struct error *err)
{
	struct kernel k = *packed;
	uint8_t *bytes;
	int rc;

	if (gzip_inflate(k.name, k.bytes, k.len, b->vm->memory.size, &bytes, &k.len, err))
		return -1;
	k.bytes = bytes;
	if (k.len)
		rc = load_bytes(b, &k, err);
	else
		rc = error_set(err, ERROR_BAD_DATA, "%s: nothing in the gzip file", k.name);
	free(bytes);
	return rc;
}

static uint64_t round_up(uint64_t value, uint64_t align)
{
	return (value + align - 1) & ~(align - 1);
}

/* What must fit into RAM beside the kernel. */
static uint64_t reserve(const struct boot *b)
{
	uint64_t tree = b->config->dtb ? round_up(b->tree.size, PAGE) + TREE_ROOM : TREE_ROOM;

	return tree + (b->config->initramfs ? round_up(b->initramfs.size, PAGE) : 0);
}

static int load_kernel(struct boot *b, struct error *err)
{
	struct kernel k = {.name = b->kernel.path, .len = b->kernel.size, .reserve = reserve(b)};
	uint8_t *bytes;
	int rc;

	if (k.len > b->vm->memory.size)
		return placement_too_small(&b->placement, k.name, b->placement.base + k.len,
					   k.reserve, err);
	bytes = malloc(k.len);
	if (!bytes)
		return error_set(err, ERROR_NO_MEMORY, "%s: no memory to read it", k.name);
	k.bytes = bytes;
	rc = file_read(&b->kernel, bytes, err);
	if (!rc && kernel_identify(bytes, k.len) == KERNEL_GZIP)
		rc = load_gzip(b, &k, err);
	else if (!rc)
		rc = load_bytes(b, &k, err);
	free(bytes);
	return rc;
}

/* --- Initramfs ------------------------------------------------------------------------------- */

static int load_initramfs(struct boot *b, struct error *err)
{
	const struct file *file = &b->initramfs;
	uint64_t top = placement_top(&b->placement);
	uint64_t start;

	if (!b->config->initramfs)
		return 0;
	if (!placement_find(&b->placement, file->size, PAGE, &start))
		return placement_too_small(&b->placement, file->path, top, reserve(b), err);

	void *to = memory_at(&b->vm->memory, start, file->size);

	if (!to)
		return error_set(err, ERROR_INTERNAL, "%s: placed outside RAM", file->path);
	b->options.initrd_start = start;
	b->options.initrd_end = start + file->size;
	return file_read(file, to, err);
}

/* --- Device tree ----------------------------------------------------------------------------- */

static int adopt_tree(struct boot *b, void **blob, size_t *size, struct error *err)
{
	const struct file *file = &b->tree;
	void *bytes;
	int rc;

	if (file->size > DEVICETREE_MAX)
		return error_set(err, ERROR_BAD_DATA, "%s: larger than 2 MiB", file->path);
	bytes = malloc(file->size);
	if (!bytes)
		return error_set(err, ERROR_NO_MEMORY, "%s: no memory to read it", file->path);
	rc = file_read(file, bytes, err);
	if (!rc)
		rc = devicetree_adopt(b->vm, &b->options, file->path, bytes, file->size, blob, size,
				      err);
	free(bytes);
	return rc;
}

/* A kernel maps it in blocks of 2 MiB: best when no block holds anything else. */
static int place_tree(struct boot *b, const void *blob, size_t size, struct error *err)
{
	uint64_t top = placement_top(&b->placement);
	uint64_t start;

	if (!placement_find(&b->placement, size, BLOCK, &start) &&
	    !placement_find(&b->placement, size, PAGE, &start))
		return placement_too_small(&b->placement, "device tree", top, size, err);
	if (!memory_write(&b->vm->memory, start, blob, size))
		return error_set(err, ERROR_INTERNAL, "device tree placed outside RAM");
	b->vm->entry.x[0] = start;
	return 0;
}

static int load_tree(struct boot *b, struct error *err)
{
	const char *dump = b->config->dump_dtb;
	void *blob;
	size_t size;
	int rc;

	b->options.append = b->config->append;
	if (b->config->dtb)
		rc = adopt_tree(b, &blob, &size, err);
	else
		rc = devicetree_build(b->vm, &b->options, &blob, &size, err);
	if (rc)
		return -1;
	rc = place_tree(b, blob, size, err);
	if (!rc && dump)
		rc = file_write(dump, blob, size, err);
	free(blob);
	return rc;
}

/* --- Everything ------------------------------------------------------------------------------ */

static int open_files(struct boot *b, struct error *err)
{
	const struct boot_config *config = b->config;

	if (!config->kernel)
		return error_set(err, ERROR_USAGE, "no kernel given");
	if (file_open(&b->kernel, config->kernel, err))
		return -1;
	if (config->initramfs && file_open(&b->initramfs, config->initramfs, err))
		return -1;
	if (config->dtb && file_open(&b->tree, config->dtb, err))
		return -1;
	return 0;
}

int boot_load(struct vm *vm, const struct boot_config *config, struct error *err)
{
	struct boot b = {
		.vm = vm,
		.config = config,
		.kernel.fd = NO_FILE,
		.initramfs.fd = NO_FILE,
		.tree.fd = NO_FILE,
	};
	int rc;

	memset(&vm->entry, 0, sizeof(vm->entry));
	placement_init(&b.placement, vm->memory.base, vm->memory.size);
	rc = open_files(&b, err);
	if (!rc)
		rc = load_kernel(&b, err);
	if (!rc)
		rc = load_initramfs(&b, err);
	if (!rc)
		rc = load_tree(&b, err);
	file_close(&b.kernel);
	file_close(&b.initramfs);
	file_close(&b.tree);
	return rc;
}
