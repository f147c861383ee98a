/*
 * Which line of which source file an address comes from.
 */
#ifndef GOD_HARNESS_SOURCE_LINE_H
#define GOD_HARNESS_SOURCE_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/elf_section.h"

struct source_line {
	char file[256];
	unsigned line;
};

/* `elf` is the whole file. False when its line table does not say, or makes no sense. */
bool source_line_find(struct bytes elf, uint64_t address, struct source_line *where);

#endif
