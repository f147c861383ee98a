/*
 * The arm64 Linux Image and the flat binary (Documentation/arch/arm64/booting.rst).
 *
 * An Image begins with a header of 64 bytes, all fields little-endian:
 *
 *	0x00  code0, code1   instructions that branch to the kernel's start ("MZ" in the first
 *	                     two bytes when the file is an EFI program as well)
 *	0x08  text_offset    from a 2 MiB-aligned base to where the file goes
 *	0x10  image_size     what the kernel occupies from there, its BSS included; 0 before v3.17,
 *	                     and text_offset is then 0x80000
 *	0x18  flags          bit 0: big-endian; bits 1-2: page size; bit 3: may be anywhere in memory
 *	0x38  magic          "ARM\x64"
 *	0x3c  res5           offset of the PE header, for EFI
 *
 * The 2 MiB-aligned base is the start of RAM: as low as it can be, which suits kernels with and
 * without flags bit 3.
 */
#include <endian.h>
#include <string.h>

#include "core/boot/boot.h"
#include "core/boot/loader.h"

#define MIB (1ULL << 20)
#define GIB (1ULL << 30)

#define LEGACY_TEXT_OFFSET 0x80000ULL
#define FLAG_BIG_ENDIAN	   1ULL
#define SIZE_SANE	   (1ULL << 48) /* nothing in physical memory is larger */

/* The initramfs lies in the same 32 GiB window, 1 GiB-aligned, as the kernel. */
#define WINDOW_ALIGN GIB
#define WINDOW	     (32 * GIB)
/* Kernels before v4.2 map the device tree, and those before v3.17 the initramfs, only here. */
#define LEGACY_WINDOW (512 * MIB)

struct image_header {
	uint32_t code[2];
	uint64_t text_offset, image_size, flags;
	uint64_t reserved[3];
	uint32_t magic;
	uint32_t pe_offset;
};

static uint16_t read_le16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static uint32_t read_le32(const uint8_t *p)
{
	return read_le16(p) | (uint32_t)read_le16(p + 2) << 16;
}

/* --- Is the file whole? ---------------------------------------------------------------------- */

/*
 * The instruction's branch target, from the start of the file; 0 when it is no B. (Arm ARM,
 * C6.2.26: 000101 and a signed offset of 26 bits, in words.)
 */
static int64_t branch_target(uint32_t insn, int64_t at)
{
	if (insn >> 26 != 0x05)
		return 0;
	return at + ((int32_t)(insn << 6) >> 4);
}

/*
 * How long a kernel that is an EFI program must be: the end of its last section in the file (PE/COFF
 * specification, 3 and 4). 0 when it is none.
 */
static uint64_t pe_file_end(const uint8_t *bytes, size_t len, uint32_t pe_offset)
{
	const size_t coff_size = 24, section_size = 40;
	uint64_t end = 0;

	if (memcmp(bytes, "MZ", 2) || !pe_offset)
		return 0;
	if (len < coff_size || pe_offset > len - coff_size)
		return pe_offset + coff_size;

	const uint8_t *pe = bytes + pe_offset;

	if (memcmp(pe, "PE\0\0", 4))
		return 0;

	unsigned sections = read_le16(pe + 6);
	uint64_t at = pe_offset + coff_size + read_le16(pe + 20);

	for (unsigned i = 0; i < sections; i++, at += section_size) {
		if (at + section_size > len)
			return at + section_size;

		uint64_t section_end =
			(uint64_t)read_le32(bytes + at + 20) + read_le32(bytes + at + 16);

		if (section_end > end)
			end = section_end;
	}
	return end;
}

/*
 * The header does not say how long the file is (image_size counts the BSS), but two things in it
 * do not fit a file that was cut off: sections of the EFI program, and the way to the entry point.
 */
static int check_whole(const struct kernel *k, const struct image_header *header, struct error *err)
{
	uint64_t end = pe_file_end(k->bytes, k->len, le32toh(header->pe_offset));

	if (end > k->len)
		return error_set(err, ERROR_BAD_DATA, "%s: truncated: %zu bytes of at least %llu",
				 k->name, k->len, (unsigned long long)end);
	for (unsigned i = 0; i < 2; i++) {
		int64_t target = branch_target(le32toh(header->code[i]), 4 * i);

		if (target > 0 && (uint64_t)target >= k->len)
			return error_set(err, ERROR_BAD_DATA,
					 "%s: truncated: its entry point lies beyond its end",
					 k->name);
	}
	return 0;
}

/* --- Loading --------------------------------------------------------------------------------- */

static int put(const struct kernel *k, struct memory *memory, struct placement *placement,
	       uint64_t offset, uint64_t size, struct error *err)
{
	uint64_t start = placement->base + offset;

	if (placement_reserve(placement, start, size) != PLACEMENT_OK ||
	    !memory_write(memory, start, k->bytes, k->len))
		return placement_too_small(placement, k->name, start + size, k->reserve, err);
	return 0;
}

static uint64_t lower(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

int image_load(const struct kernel *k, struct memory *memory, struct placement *placement,
	       uint64_t *entry, struct error *err)
{
	struct image_header header;

	if (k->len < sizeof(header))
		return error_set(err, ERROR_BAD_DATA, "%s: truncated: %zu bytes", k->name, k->len);
	memcpy(&header, k->bytes, sizeof(header));
	if (check_whole(k, &header, err))
		return -1;

	uint64_t offset = le64toh(header.text_offset);
	uint64_t size = le64toh(header.image_size);
	uint64_t window = (placement->base & ~(WINDOW_ALIGN - 1)) + WINDOW;

	if (size && le64toh(header.flags) & FLAG_BIG_ENDIAN)
		return error_set(err, ERROR_BAD_DATA,
				 "%s: is a big-endian kernel; only little-endian ones can run",
				 k->name);
	if (offset > SIZE_SANE || size > SIZE_SANE)
		return error_set(err, ERROR_BAD_DATA, "%s: corrupt Image header", k->name);
	if (!size) {
		offset = LEGACY_TEXT_OFFSET;
		window = placement->base + LEGACY_WINDOW;
	}
	if (size < k->len)
		size = k->len;
	placement->limit = lower(placement->limit, window);
	*entry = placement->base + offset;
	return put(k, memory, placement, offset, size, err);
}

int raw_load(const struct kernel *k, struct memory *memory, struct placement *placement,
	     uint64_t *entry, struct error *err)
{
	*entry = placement->base + BOOT_RAW_OFFSET;
	return put(k, memory, placement, BOOT_RAW_OFFSET, k->len, err);
}
