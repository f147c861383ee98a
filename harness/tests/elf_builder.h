/*
 * ELF files made by hand: enough for the loader, for god test and for the reader of line tables.
 */
#ifndef GOD_HARNESS_TESTS_ELF_BUILDER_H
#define GOD_HARNESS_TESTS_ELF_BUILDER_H

#include <stddef.h>
#include <stdint.h>

#include "harness/elf_section.h"

#define ELF_CODE_ADDRESS 0x40080000ULL

/* Bytes that grow; zero it to begin, free(data) at the end. */
struct builder {
	uint8_t *data;
	size_t len;
};

void build_bytes(struct builder *builder, const void *bytes, size_t len);
void build_number(struct builder *builder, uint64_t value, unsigned size);

/* Records of .god.test, as the macros of test.inc make them. */
void build_text(struct builder *builder, uint32_t kind, const char *text);
void build_value(struct builder *builder, uint32_t kind, uint64_t value);
void build_expect(struct builder *builder, const char *reg, uint64_t high, uint64_t low);
void build_exception(struct builder *builder, uint64_t class, uint64_t vector);

/* A line table with two files that says: each word of code is a line of its own, from 10 on. */
void build_lines(struct builder *builder, unsigned words);

/* An executable: code at ELF_CODE_ADDRESS, and the sections .god.test and .debug_line. */
void build_elf(struct builder *elf, const uint32_t *code, unsigned words,
	       const struct builder *records, const struct builder *lines);

/* Write it below /tmp; the caller unlinks and frees the name. */
char *build_file(const struct builder *elf);

#endif
