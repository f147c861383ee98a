/*
 * What a person needs to see to understand a failed test, as text.
 */
#ifndef GOD_HARNESS_EXPLAIN_H
#define GOD_HARNESS_EXPLAIN_H

#include <stdint.h>
#include <stdio.h>

#include "harness/elf_section.h"

struct vm;

/*
 * The instructions around `pc` as they are in guest memory (physical address = pc, which the map of
 * test.inc makes true), with the source line of the one at pc.
 */
void explain_code(FILE *out, const struct vm *vm, struct bytes elf, uint64_t pc);

/* One instruction, a line: its word, and what it is. */
void explain_word(FILE *out, uint64_t address, uint32_t word);

/* Lines of two texts: "-" expected, "+" actual, " " the same. */
void explain_diff(FILE *out, struct bytes expected, struct bytes actual);

/* What an exception was: its class (ESR_ELx.EC) and where its vector is, in words. */
const char *explain_class(unsigned class);
const char *explain_vector(unsigned offset);

#endif
