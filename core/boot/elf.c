/*
 * ELF executables (System V gABI, and ELF for the Arm 64-bit Architecture, IHI 0056): PT_LOAD
 * segments go to their physical addresses, the rest of the file is of no interest here. The MMU is
 * off when the program starts, so an entry point given as a virtual address is translated by
 * the segment that it lies in.
 */
#include <elf.h>
#include <endian.h>
#include <stdbool.h>
#include <string.h>

#include "core/boot/loader.h"
#include "core/vm.h"

#define SEGMENTS_MAX 128 /* of PT_LOAD; leaves room in the placement for initramfs and tree */

static const char *machine_name(uint16_t machine)
{
	switch (machine) {
	case EM_386: return "x86";
	case EM_X86_64: return "x86-64";
	case EM_ARM: return "32-bit Arm";
	case EM_RISCV: return "RISC-V";
	case EM_PPC64: return "64-bit PowerPC";
	case EM_S390: return "s390";
	case EM_MIPS: return "MIPS";
	default: return "another machine";
	}
}

static int bad(const struct kernel *k, const char *why, struct error *err)
{
	return error_set(err, ERROR_BAD_DATA, "%s: %s", k->name, why);
}

static int check_ident(const struct kernel *k, struct error *err)
{
	const uint8_t *ident = k->bytes;

	if (k->len < EI_NIDENT + 4)
		return bad(k, "truncated ELF file", err);
	if (ident[EI_DATA] != ELFDATA2LSB)
		return bad(k, "is a big-endian ELF file; only little-endian ones can run", err);

	/* e_machine lies at the same place in both classes. */
	uint16_t machine = (uint16_t)(k->bytes[18] | k->bytes[19] << 8);

	if (machine != EM_AARCH64)
		return error_set(err, ERROR_BAD_DATA,
				 "%s: not an arm64 kernel: it is an ELF file for %s", k->name,
				 machine_name(machine));
	if (ident[EI_CLASS] != ELFCLASS64)
		return bad(k, "not a 64-bit ELF file", err);
	if (k->len < sizeof(Elf64_Ehdr))
		return bad(k, "truncated ELF file", err);
	return 0;
}

static int check_header(const struct kernel *k, Elf64_Ehdr *header, struct error *err)
{
	if (check_ident(k, err))
		return -1;
	memcpy(header, k->bytes, sizeof(*header));

	uint16_t type = le16toh(header->e_type);
	uint64_t table = le64toh(header->e_phoff);

	if (type == ET_REL)
		return bad(k, "is an object file, not a linked program", err);
	if (type != ET_EXEC && type != ET_DYN)
		return bad(k, "is not an executable ELF file", err);
	if (!header->e_phnum)
		return bad(k, "ELF file without program headers", err);
	if (le16toh(header->e_phentsize) != sizeof(Elf64_Phdr))
		return bad(k, "ELF program headers of a wrong size", err);
	if (table > k->len || le16toh(header->e_phnum) > (k->len - table) / sizeof(Elf64_Phdr))
		return bad(k, "truncated ELF file: its program headers lie beyond its end", err);
	return 0;
}

static Elf64_Phdr segment(const struct kernel *k, const Elf64_Ehdr *header, unsigned i)
{
	Elf64_Phdr p;

	memcpy(&p, k->bytes + le64toh(header->e_phoff) + i * sizeof(p), sizeof(p));
	p.p_type = le32toh(p.p_type);
	p.p_offset = le64toh(p.p_offset);
	p.p_vaddr = le64toh(p.p_vaddr);
	p.p_paddr = le64toh(p.p_paddr);
	p.p_filesz = le64toh(p.p_filesz);
	p.p_memsz = le64toh(p.p_memsz);
	return p;
}

/* Not in RAM: below it, above all that there could be, or more memory would help. */
static int outside(const struct kernel *k, const struct placement *placement, const Elf64_Phdr *p,
		   struct error *err)
{
	uint64_t most = placement->base + VM_MEMORY_MAX;

	if (p->p_paddr < placement->base || p->p_paddr > most || p->p_memsz > most - p->p_paddr)
		return error_set(
			err, ERROR_BAD_DATA,
			"%s: is linked for address 0x%llx (%llu bytes), but RAM is at 0x%llx",
			k->name, (unsigned long long)p->p_paddr, (unsigned long long)p->p_memsz,
			(unsigned long long)placement->base);
	return placement_too_small(placement, k->name, p->p_paddr + p->p_memsz, k->reserve, err);
}

static int reserve(const struct kernel *k, struct placement *placement, const Elf64_Phdr *p,
		   struct error *err)
{
	switch (placement_reserve(placement, p->p_paddr, p->p_memsz)) {
	case PLACEMENT_OK: return 0;
	case PLACEMENT_OUTSIDE: return outside(k, placement, p, err);
	case PLACEMENT_OVERLAP: return bad(k, "ELF segments overlap", err);
	default: return bad(k, "too many ELF segments", err);
	}
}

static int load_segment(const struct kernel *k, struct memory *memory, struct placement *placement,
			const Elf64_Phdr *p, struct error *err)
{
	if (p->p_filesz > p->p_memsz)
		return bad(k, "ELF segment with more bytes in the file than in memory", err);
	if (p->p_offset > k->len || p->p_filesz > k->len - p->p_offset)
		return bad(k, "truncated ELF file: a segment lies beyond its end", err);
	if (placement->count >= SEGMENTS_MAX)
		return bad(k, "too many ELF segments", err);
	if (reserve(k, placement, p, err))
		return -1;

	uint8_t *to = memory_at(memory, p->p_paddr, p->p_memsz);

	if (!to)
		return outside(k, placement, p, err);
	memcpy(to, k->bytes + p->p_offset, p->p_filesz);
	memory_zero(memory, p->p_paddr + p->p_filesz, p->p_memsz - p->p_filesz);
	return 0;
}

/* Is the address in the segment, seen from its start at `base`? */
static bool covers(const Elf64_Phdr *p, uint64_t base, uint64_t addr)
{
	return addr >= base && addr - base < p->p_memsz;
}

int elf_load(const struct kernel *k, struct memory *memory, struct placement *placement,
	     uint64_t *entry, struct error *err)
{
	Elf64_Ehdr header;
	bool found = false;

	if (check_header(k, &header, err))
		return -1;

	uint64_t virtual_entry = le64toh(header.e_entry);

	for (unsigned i = 0; i < le16toh(header.e_phnum); i++) {
		Elf64_Phdr p = segment(k, &header, i);

		if (p.p_type != PT_LOAD || !p.p_memsz)
			continue;
		if (load_segment(k, memory, placement, &p, err))
			return -1;
		if (!found && covers(&p, p.p_vaddr, virtual_entry)) {
			*entry = virtual_entry - p.p_vaddr + p.p_paddr;
			found = true;
		}
	}
	if (!placement->count)
		return bad(k, "ELF file with nothing to load", err);
	if (!found || *entry % 4)
		return error_set(err, ERROR_BAD_DATA, "%s: bad ELF entry point 0x%llx", k->name,
				 (unsigned long long)virtual_entry);
	return 0;
}
