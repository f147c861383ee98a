/*
 * The loaders of the kinds of kernel file. Each takes the file's bytes, checks every field of them
 * (they are as trustworthy as the place they were downloaded from), reserves the RAM that the
 * kernel will occupy and puts it there. `name` is the file's, for error texts.
 *
 * Errors: ERROR_BAD_DATA for a file that is not what it should be, ERROR_USAGE when it does not
 * fit into RAM.
 */
#ifndef GOD_CORE_BOOT_LOADER_H
#define GOD_CORE_BOOT_LOADER_H

#include <stddef.h>
#include <stdint.h>

#include "core/boot/placement.h"
#include "core/error.h"
#include "core/memory.h"

enum kernel_kind { KERNEL_IMAGE, KERNEL_ELF, KERNEL_GZIP, KERNEL_OTHER };

struct kernel {
	const char *name;
	const uint8_t *bytes;
	size_t len;
	uint64_t reserve; /* RAM that initramfs and device tree will need beside the kernel */
};

/* What the bytes are, by their magic numbers. */
enum kernel_kind kernel_identify(const uint8_t *bytes, size_t len);

/* What a file that is no kernel for this machine looks like: "an x86 Linux kernel (bzImage)". */
const char *kernel_describe(const uint8_t *bytes, size_t len);

int image_load(const struct kernel *kernel, struct memory *memory, struct placement *placement,
	       uint64_t *entry, struct error *err);
int elf_load(const struct kernel *kernel, struct memory *memory, struct placement *placement,
	     uint64_t *entry, struct error *err);
int raw_load(const struct kernel *kernel, struct memory *memory, struct placement *placement,
	     uint64_t *entry, struct error *err);

/*
 * Decompress a gzip file of one or several members. The result is malloc'ed and the caller frees
 * it. More than `max` bytes are refused with ERROR_USAGE, before they are produced.
 */
int gzip_inflate(const char *name, const uint8_t *bytes, size_t len, size_t max, uint8_t **out,
		 size_t *out_len, struct error *err);

#endif
