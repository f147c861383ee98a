/* See elf_builder.h. */
#include "harness/tests/elf_builder.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/test_case.h"

void build_bytes(struct builder *builder, const void *bytes, size_t len)
{
	builder->data = realloc(builder->data, builder->len + len + 1);
	if (!builder->data)
		abort();
	memcpy(builder->data + builder->len, bytes, len);
	builder->len += len;
}

void build_number(struct builder *builder, uint64_t value, unsigned size)
{
	build_bytes(builder, &value, size); /* tests run on little-endian hosts */
}

static void begin_record(struct builder *builder, uint32_t kind, size_t len)
{
	while (builder->len % 8)
		build_number(builder, 0, 1);
	build_number(builder, kind, 4);
	build_number(builder, len, 4);
}

void build_text(struct builder *builder, uint32_t kind, const char *text)
{
	begin_record(builder, kind, strlen(text));
	build_bytes(builder, text, strlen(text));
}

void build_value(struct builder *builder, uint32_t kind, uint64_t value)
{
	begin_record(builder, kind, 8);
	build_number(builder, value, 8);
}

void build_expect(struct builder *builder, const char *reg, uint64_t high, uint64_t low)
{
	begin_record(builder, RECORD_EXPECT, 16 + strlen(reg));
	build_number(builder, low, 8);
	build_number(builder, high, 8);
	build_bytes(builder, reg, strlen(reg));
}

void build_exception(struct builder *builder, uint64_t class, uint64_t vector)
{
	begin_record(builder, RECORD_EXCEPTION, 16);
	build_number(builder, class, 8);
	build_number(builder, vector, 8);
}

void build_lines(struct builder *builder, unsigned words)
{
	static const uint8_t head[] = {
		4,					   /* minimum_instruction_length */
		1,					   /* maximum_operations */
		1,					   /* default_is_stmt */
		0xfb,					   /* line_base: -5 */
		14,					   /* line_range */
		13,					   /* opcode_base */
		0,    1,   1,	1, 1, 0, 0, 0, 1, 0, 0, 1, /* operand counts */
		'd',  'i', 'r', 0, 0,			   /* directories */
		'a',  '.', 's', 0, 1, 0, 0,		   /* file 1: dir/a.s */
		'b',  '.', 's', 0, 0, 0, 0,		   /* file 2: b.s */
		0,
	};
	/* Special opcode: one instruction on, one line on (DWARF 4, 6.2.5.1). */
	const uint8_t next = (uint8_t)(1 - -5 + 14 * 1 + 13);
	struct builder program = {0};

	build_bytes(&program, "\0\x09\x02", 3); /* DW_LNE_set_address */
	build_number(&program, ELF_CODE_ADDRESS, 8);
	build_bytes(&program, "\x03\x09\x01", 3); /* DW_LNS_advance_line 9, DW_LNS_copy */
	for (unsigned i = 1; i < words; i++)
		build_number(&program, next, 1);
	build_bytes(&program, "\x02\x01\0\x01\x01", 5); /* advance_pc 1, end_sequence */

	build_number(builder, 2 + 4 + sizeof(head) + program.len, 4);
	build_number(builder, 4, 2);
	build_number(builder, sizeof(head), 4);
	build_bytes(builder, head, sizeof(head));
	build_bytes(builder, program.data, program.len);
	free(program.data);
}

static const char section_names[] = "\0.god.test\0.debug_line\0.shstrtab";

static void build_section(struct builder *elf, uint32_t name, uint32_t type, uint64_t offset,
			  uint64_t size)
{
	const Elf64_Shdr section = {
		.sh_name = name,
		.sh_type = type,
		.sh_offset = offset,
		.sh_size = size,
	};

	build_bytes(elf, &section, sizeof(section));
}

void build_elf(struct builder *elf, const uint32_t *code, unsigned words,
	       const struct builder *records, const struct builder *lines)
{
	const uint64_t code_at = sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr);
	const uint64_t records_at = code_at + 4 * words;
	const uint64_t lines_at = records_at + records->len;
	const uint64_t names_at = lines_at + lines->len;
	const Elf64_Ehdr header = {
		.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
			    EV_CURRENT},
		.e_type = ET_EXEC,
		.e_machine = EM_AARCH64,
		.e_version = EV_CURRENT,
		.e_entry = ELF_CODE_ADDRESS,
		.e_phoff = sizeof(Elf64_Ehdr),
		.e_shoff = names_at + sizeof(section_names),
		.e_ehsize = sizeof(Elf64_Ehdr),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = 1,
		.e_shentsize = sizeof(Elf64_Shdr),
		.e_shnum = 4,
		.e_shstrndx = 3,
	};
	const Elf64_Phdr segment = {
		.p_type = PT_LOAD,
		.p_flags = PF_R | PF_X,
		.p_offset = code_at,
		.p_vaddr = ELF_CODE_ADDRESS,
		.p_paddr = ELF_CODE_ADDRESS,
		.p_filesz = 4 * words,
		.p_memsz = 4 * words,
		.p_align = 4,
	};

	build_bytes(elf, &header, sizeof(header));
	build_bytes(elf, &segment, sizeof(segment));
	build_bytes(elf, code, 4 * words);
	build_bytes(elf, records->data ? records->data : (const uint8_t *)"", records->len);
	build_bytes(elf, lines->data ? lines->data : (const uint8_t *)"", lines->len);
	build_bytes(elf, section_names, sizeof(section_names));
	build_section(elf, 0, SHT_NULL, 0, 0);
	build_section(elf, 1, SHT_PROGBITS, records_at, records->len);
	build_section(elf, 11, SHT_PROGBITS, lines_at, lines->len);
	build_section(elf, 23, SHT_STRTAB, names_at, sizeof(section_names));
}

char *build_file(const struct builder *elf)
{
	char *name = strdup("/tmp/god-test-XXXXXX");
	int fd = mkstemp(name);

	if (fd < 0 || write(fd, elf->data, elf->len) != (ssize_t)elf->len)
		abort();
	close(fd);
	return name;
}
