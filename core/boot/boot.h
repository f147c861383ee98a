/*
 * Putting a guest into RAM: what kind of file it is, where its parts go, and in which state vCPU 0
 * begins.
 *
 *  - an arm64 Linux Image (Documentation/arch/arm64/booting.rst), plain or gzip: at a
 *    2 MiB-aligned base + text_offset, x0 = device tree, x1 to x3 = 0;
 *  - an ELF file: its PT_LOAD segments at their physical addresses, entered at e_entry, x0 = device
 *    tree;
 *  - anything else, when raw files are allowed: a flat binary at RAM + 0x80000, entered like Linux.
 */
#ifndef GOD_CORE_BOOT_BOOT_H
#define GOD_CORE_BOOT_BOOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

struct vm;

#define BOOT_RAW_OFFSET 0x80000ULL

struct boot_config {
	const char *kernel;    /* path: Image, Image.gz, ELF, or raw when allow_raw */
	const char *initramfs; /* path or NULL */
	const char *append;    /* kernel command line or NULL */
	const char *dtb;       /* device tree to use instead of the generated one, or NULL */
	const char *dump_dtb;  /* write the device tree that the guest gets to this path, or NULL */
	bool allow_raw;	       /* --binary: a file without magic is a flat image */
};

/*
 * Load everything into vm's RAM and set vm->entry. Errors: ERROR_NO_INPUT (missing, unreadable),
 * ERROR_BAD_DATA (empty, truncated, another architecture, corrupt gzip), ERROR_USAGE (does not fit
 * into RAM), each naming the file. The board's devices must exist: they write the device tree.
 */
int boot_load(struct vm *vm, const struct boot_config *config, struct error *err);

#endif
