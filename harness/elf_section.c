/*
 * Section headers of ELF-64 (System V ABI, "Sections"). Everything is copied out before it is looked
 * at, since nothing in a file needs to be aligned.
 */
#include "harness/elf_section.h"

#include <elf.h>
#include <string.h>

/* [offset, offset + len) of the file, or {NULL, 0}. */
static struct bytes part(struct bytes file, uint64_t offset, uint64_t len)
{
	if (offset > file.len || len > file.len - offset)
		return (struct bytes){0};
	return (struct bytes){.data = file.data + offset, .len = (size_t)len};
}

static bool read_header(struct bytes file, Elf64_Ehdr *header)
{
	if (file.len < sizeof(*header))
		return false;
	memcpy(header, file.data, sizeof(*header));
	return !memcmp(header->e_ident, ELFMAG, SELFMAG) &&
	       header->e_ident[EI_CLASS] == ELFCLASS64 && header->e_ident[EI_DATA] == ELFDATA2LSB &&
	       header->e_shentsize == sizeof(Elf64_Shdr);
}

static bool read_section(struct bytes file, const Elf64_Ehdr *header, unsigned index,
			 Elf64_Shdr *section)
{
	struct bytes table = part(file, header->e_shoff, header->e_shnum * sizeof(*section));

	if (!table.data || index >= header->e_shnum)
		return false;
	memcpy(section, table.data + index * sizeof(*section), sizeof(*section));
	return true;
}

static bool has_name(struct bytes names, const Elf64_Shdr *section, const char *name)
{
	struct bytes text = part(names, section->sh_name, strlen(name) + 1);

	return text.data && !memcmp(text.data, name, text.len);
}

struct bytes elf_section_find(struct bytes file, const char *name)
{
	Elf64_Ehdr header;
	Elf64_Shdr section;
	struct bytes names;

	if (!read_header(file, &header) ||
	    !read_section(file, &header, header.e_shstrndx, &section))
		return (struct bytes){0};
	names = part(file, section.sh_offset, section.sh_size);
	for (unsigned i = 0; read_section(file, &header, i, &section); i++) {
		if (section.sh_type != SHT_NOBITS && has_name(names, &section, name))
			return part(file, section.sh_offset, section.sh_size);
	}
	return (struct bytes){0};
}
