/*
 * Sections of an ELF file that is in memory, for what is not loaded: the expectations of a test and
 * its line table. Only 64-bit little-endian files; every offset is checked.
 */
#ifndef GOD_HARNESS_ELF_SECTION_H
#define GOD_HARNESS_ELF_SECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
	const uint8_t *data;
	size_t len;
};

/* The section of that name; {NULL, 0} when there is none or the file makes no sense. */
struct bytes elf_section_find(struct bytes file, const char *name);

#endif
