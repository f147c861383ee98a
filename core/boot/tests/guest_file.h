/*
 * For tests of the loaders: kernel files made to measure, whole or damaged, and the places on disk
 * that boot_load() reads them from.
 */
#ifndef GOD_CORE_BOOT_TESTS_GUEST_FILE_H
#define GOD_CORE_BOOT_TESTS_GUEST_FILE_H

#include <elf.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that the test owns; bytes_free() ends them. */
struct bytes {
	uint8_t *data;
	size_t len;
};

void bytes_free(struct bytes *bytes);

/* An arm64 Image: header, then a pattern that tells each byte from its neighbours. */
struct bytes make_image(size_t len, uint64_t text_offset, uint64_t image_size, uint64_t flags);

/* An AArch64 ELF file with these program headers behind its ELF header; the rest is a pattern. */
struct bytes make_elf(size_t len, uint64_t entry, const Elf64_Phdr *headers, unsigned count);
Elf64_Phdr make_segment(uint64_t addr, uint64_t offset, uint64_t filesz, uint64_t memsz);

/* `bytes`, compressed by gzip. */
struct bytes make_gzip(const struct bytes *bytes);

/* What byte i of the pattern is. */
uint8_t pattern(size_t i);

/* A directory of its own for the test, and a file in it. The path is good until the test's end. */
void files_begin(void);
void files_end(void);
const char *files_path(const char *name);
const char *files_write(const char *name, const void *data, size_t len);

#endif
