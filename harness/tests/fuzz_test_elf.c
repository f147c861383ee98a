/*
 * Fuzz target: what `god test` reads of a test's ELF file: its sections, the expectations, the line
 * table. The bytes are taken for a whole file, and for each of the sections in a file that is sound.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/explain.h"
#include "harness/source_line.h"
#include "harness/test_case.h"
#include "harness/tests/elf_builder.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static FILE *nowhere;

static void parse(struct bytes records)
{
	struct test_case test;
	struct error err = {0};

	if (test_case_parse(&test, records, &err)) {
		if (err.kind == ERROR_NONE || !err.text[0])
			abort();
	} else if (test.has_uart && test.input.data) {
		explain_diff(nowhere, (struct bytes){test.uart.data, test.uart.len},
			     (struct bytes){test.input.data, test.input.len});
	}
	test_case_destroy(&test);
}

static void find_lines(struct bytes elf)
{
	static const uint64_t addresses[] = {0, ELF_CODE_ADDRESS, ELF_CODE_ADDRESS + 4, UINT64_MAX};
	struct source_line where;

	for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++)
		if (source_line_find(elf, addresses[i], &where) &&
		    strnlen(where.file, sizeof(where.file)) == sizeof(where.file))
			abort();
}

static void read_file(struct bytes elf)
{
	struct bytes records = elf_section_find(elf, TEST_SECTION);

	if (records.data)
		parse(records);
	find_lines(elf);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const uint32_t code[] = {0xd503201f, 0xd503201f};
	const struct builder section = {(uint8_t *)bytes, len};
	struct builder elf = {0};

	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	read_file((struct bytes){bytes, len});
	build_elf(&elf, code, 2, &section, &section);
	read_file((struct bytes){elf.data, elf.len});
	free(elf.data);
	return 0;
}
