/*
 * What kind of file is this? By magic numbers alone: a file's name says nothing. The second half
 * is for people: who has taken the wrong file by mistake is told which one it seems to be.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/boot/loader.h"

/* A magic number: these bytes at that offset. */
struct magic {
	unsigned offset, len;
	const char *bytes;
	const char *what;
};

#define MAGIC(offset, bytes, what) {offset, sizeof(bytes) - 1, bytes, what}

/* Linux, Documentation/arch/arm64/booting.rst; ELF gABI; RFC 1952. */
static const struct magic image_magic = MAGIC(0x38, "ARM\x64", "");
static const struct magic elf_magic = MAGIC(0, "\177ELF", "");
static const struct magic gzip_magic = MAGIC(0, "\x1f\x8b", "");

/* In this order: the more telling ones first. */
static const struct magic others[] = {
	MAGIC(0x202, "HdrS", "an x86 Linux kernel (bzImage)"),
	MAGIC(0x24, "\x18\x28\x6f\x01", "a 32-bit Arm Linux kernel (zImage)"),
	MAGIC(0x38, "RSC\x05", "a RISC-V Linux kernel (Image)"),
	MAGIC(0x4, "zimg", "a compressed EFI kernel (vmlinuz.efi): decompress it first"),
	MAGIC(0, "MZ", "an EFI or Windows program"),
	MAGIC(0, "\x1f\x8b", "a gzip file"),
	MAGIC(0,
	      "\xfd"
	      "7zXZ",
	      "an xz file: decompress it first"),
	MAGIC(0, "\x28\xb5\x2f\xfd", "a zstd file: decompress it first"),
	MAGIC(0, "BZh", "a bzip2 file: decompress it first"),
	MAGIC(0, "\x02\x21\x4c\x18", "an lz4 file: decompress it first"),
	MAGIC(0, "\x04\x22\x4d\x18", "an lz4 file: decompress it first"),
	MAGIC(0, "\x5d\x00\x00", "an lzma file: decompress it first"),
	MAGIC(0, "070701", "a cpio archive (an initramfs?)"),
	MAGIC(0, "070702", "a cpio archive (an initramfs?)"),
	MAGIC(0, "\xd0\x0d\xfe\xed", "a device tree or FIT image"),
	MAGIC(0, "\x27\x05\x19\x56", "a U-Boot image (uImage)"),
	MAGIC(0, "ANDROID!", "an Android boot image"),
	MAGIC(0, "!<arch>\n", "an archive (a .a or .deb file)"),
	MAGIC(0, "PK\x03\x04", "a zip archive"),
	MAGIC(0x101, "ustar", "a tar archive"),
	MAGIC(0, "hsqs", "a SquashFS image"),
	MAGIC(0x438, "\x53\xef", "an ext2, ext3 or ext4 file system"),
	MAGIC(0x8001, "CD001", "a CD image (ISO 9660)"),
	MAGIC(0, "QFI\xfb", "a qcow2 disk image"),
	MAGIC(0, "#!", "a script"),
	MAGIC(0x1fe, "\x55\xaa", "a disk image or boot sector"),
};

static bool has(const uint8_t *bytes, size_t len, const struct magic *magic)
{
	return len >= magic->offset + magic->len &&
	       !memcmp(bytes + magic->offset, magic->bytes, magic->len);
}

enum kernel_kind kernel_identify(const uint8_t *bytes, size_t len)
{
	if (has(bytes, len, &image_magic))
		return KERNEL_IMAGE;
	if (has(bytes, len, &elf_magic))
		return KERNEL_ELF;
	if (has(bytes, len, &gzip_magic))
		return KERNEL_GZIP;
	return KERNEL_OTHER;
}

/* The first bytes decide: printable characters and white space. */
static bool is_text(const uint8_t *bytes, size_t len)
{
	size_t n = len < 512 ? len : 512;

	for (size_t i = 0; i < n; i++) {
		bool printable = bytes[i] >= ' ' && bytes[i] < 0x7f;

		if (!printable && !strchr("\t\n\r\f", bytes[i] ? bytes[i] : 1))
			return false;
	}
	return true;
}

static bool is_zero(const uint8_t *bytes, size_t len)
{
	return !bytes[0] && !memcmp(bytes, bytes + 1, len - 1);
}

const char *kernel_describe(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (has(bytes, len, &others[i]))
			return others[i].what;
	}
	if (is_text(bytes, len))
		return "a text file";
	if (is_zero(bytes, len))
		return "nothing but zeroes";
	return "a file of an unknown kind";
}
