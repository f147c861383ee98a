/*
 * Sections and line tables: what they say, and that no damage to a file leads out of it.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "harness/source_line.h"
#include "harness/test_case.h"
#include "harness/tests/elf_builder.h"

#define WORDS 40

static void build(struct builder *elf)
{
	const uint32_t code[WORDS] = {0};
	struct builder records = {0}, lines = {0};

	build_text(&records, RECORD_TITLE, "title");
	build_lines(&lines, WORDS);
	build_elf(elf, code, WORDS, &records, &lines);
	free(records.data);
	free(lines.data);
}

Test(elf_section, found_by_name)
{
	struct builder elf = {0};
	struct bytes file, section;

	build(&elf);
	file = (struct bytes){elf.data, elf.len};
	section = elf_section_find(file, ".god.test");
	cr_assert_eq(section.len, 8 + 5);
	cr_assert_arr_eq(section.data + 8, "title", 5);
	cr_assert_null(elf_section_find(file, ".god").data);
	cr_assert_null(elf_section_find(file, ".god.tests").data);
	cr_assert_null(elf_section_find((struct bytes){elf.data, 63}, ".god.test").data);
	free(elf.data);
}

Test(source_line, each_instruction_has_its_line)
{
	struct builder elf = {0};
	struct source_line where;
	struct bytes file;

	build(&elf);
	file = (struct bytes){elf.data, elf.len};
	for (unsigned i = 0; i < WORDS; i++) {
		cr_assert(source_line_find(file, ELF_CODE_ADDRESS + 4 * i, &where));
		cr_assert_str_eq(where.file, "dir/a.s");
		cr_assert_eq(where.line, 10 + i);
	}
	cr_assert_not(source_line_find(file, ELF_CODE_ADDRESS - 4, &where));
	cr_assert_not(source_line_find(file, ELF_CODE_ADDRESS + 4 * WORDS, &where));
	free(elf.data);
}

/* Damage each byte in turn, in several ways: no crash, no endless loop. */
Test(source_line, survives_damage)
{
	static const uint8_t values[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
	struct builder elf = {0};

	build(&elf);
	for (size_t i = 0; i < elf.len; i++) {
		uint8_t before = elf.data[i];

		for (size_t v = 0; v < sizeof(values); v++) {
			struct source_line where;

			elf.data[i] = values[v];
			source_line_find((struct bytes){elf.data, elf.len}, ELF_CODE_ADDRESS + 8,
					 &where);
		}
		elf.data[i] = before;
	}
	free(elf.data);
}

Test(source_line, survives_truncation)
{
	struct builder elf = {0};

	build(&elf);
	for (size_t len = 0; len < elf.len; len++) {
		uint8_t *copy = malloc(len + !len);
		struct source_line where;

		memcpy(copy, elf.data, len);
		source_line_find((struct bytes){copy, len}, ELF_CODE_ADDRESS, &where);
		free(copy);
	}
	free(elf.data);
}
