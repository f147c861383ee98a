/*
 * Image, gzip, ELF and flat binaries: where the bytes go, and what is refused. The files are made
 * to measure; each way in which one can be wrong has its test.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "core/boot/loader.h"
#include "core/boot/tests/guest_file.h"

#define BASE 0x40000000ULL
#define MIB  (1ULL << 20)
#define RAM  (16 * MIB)

static struct memory memory;
static struct placement placement;
static struct error err;
static uint64_t entry;

typedef int loader(const struct kernel *kernel, struct memory *memory, struct placement *placement,
		   uint64_t *entry, struct error *err);

static void begin(void)
{
	cr_assert_eq(memory_init(&memory, BASE, RAM, MEMORY_PRIVATE, &err), 0, "%s", err.text);
}

static void end(void)
{
	memory_destroy(&memory);
}

TestSuite(image, .init = begin, .fini = end, .timeout = 20);
TestSuite(elf, .init = begin, .fini = end, .timeout = 20);
TestSuite(gzip, .timeout = 20);

static int load(loader *loader, const struct bytes *file)
{
	const struct kernel kernel = {"kernel", file->data, file->len, 65536};

	memset(&err, 0, sizeof(err));
	placement_init(&placement, BASE, RAM);
	return loader(&kernel, &memory, &placement, &entry, &err);
}

/* The loader refuses the file, with this kind of error and these words in it. */
static void refuses(loader *loader, struct bytes file, enum error_kind kind, const char *words)
{
	cr_expect_eq(load(loader, &file), -1, "expected: %s", words);
	cr_expect_eq(err.kind, kind, "%s", err.text);
	cr_expect_not_null(strstr(err.text, words), "\"%s\" says nothing of \"%s\"", err.text,
			   words);
	cr_expect_not_null(strstr(err.text, "kernel"), "\"%s\" does not name the file", err.text);
	bytes_free(&file);
}

static void in_memory(uint64_t addr, const struct bytes *file, size_t offset, size_t len)
{
	const void *at = memory_at(&memory, addr, len);

	cr_assert_not_null(at);
	cr_expect_eq(memcmp(at, file->data + offset, len), 0, "%zu bytes at %#lx", len, addr);
}

/* --- Image ----------------------------------------------------------------------------------- */

Test(image, goes_to_its_offset_and_occupies_its_size)
{
	struct bytes file = make_image(100000, 0, 5 * MIB, 0xa);

	cr_assert_eq(load(image_load, &file), 0, "%s", err.text);
	cr_expect_eq(entry, BASE);
	cr_expect_eq(placement_top(&placement), BASE + 5 * MIB);
	in_memory(BASE, &file, 0, file.len);
	bytes_free(&file);
	file = make_image(100000, 0x280000, MIB, 0xa);
	cr_assert_eq(load(image_load, &file), 0, "%s", err.text);
	cr_expect_eq(entry, BASE + 0x280000);
	cr_expect_eq(placement.used[0].start, BASE + 0x280000);
	cr_expect_eq(placement_top(&placement), BASE + 0x380000);
	in_memory(BASE + 0x280000, &file, 0, file.len);
	bytes_free(&file);
}

Test(image, before_3_17_has_no_size_and_goes_to_0x80000)
{
	/* text_offset is in the kernel's endianness, and so not to be trusted. */
	struct bytes file = make_image(100000, 0x0000080000000000, 0, 1);

	cr_assert_eq(load(image_load, &file), 0, "%s", err.text);
	cr_expect_eq(entry, BASE + 0x80000);
	cr_expect_eq(placement_top(&placement), BASE + 0x80000 + 100000);
	in_memory(BASE + 0x80000, &file, 0, file.len);
	bytes_free(&file);
}

Test(image, larger_than_it_says_is_loaded_whole)
{
	struct bytes file = make_image(3 * MIB, 0, MIB, 0xa);

	cr_assert_eq(load(image_load, &file), 0, "%s", err.text);
	cr_expect_eq(placement_top(&placement), BASE + 3 * MIB);
	in_memory(BASE, &file, 0, file.len);
	bytes_free(&file);
}

Test(image, keeps_initramfs_and_tree_in_the_kernels_window)
{
	struct bytes file = make_image(4096, 0, MIB, 0xa);
	const struct kernel kernel = {"kernel", file.data, file.len, 0};

	placement_init(&placement, BASE, 200ULL << 30);
	cr_assert_eq(image_load(&kernel, &memory, &placement, &entry, &err), 0);
	cr_expect_eq(placement.limit, BASE + (32ULL << 30));
	bytes_free(&file);
}

Test(image, that_cannot_run_is_refused)
{
	refuses(image_load, make_image(4096, 0, MIB, 1), ERROR_BAD_DATA, "big-endian");
	refuses(image_load, make_image(4096, UINT64_MAX, MIB, 0), ERROR_BAD_DATA, "corrupt");
	refuses(image_load, make_image(4096, 0, UINT64_MAX, 0), ERROR_BAD_DATA, "corrupt");
	refuses(image_load, make_image(4096, 1ULL << 63, 1ULL << 63, 0), ERROR_BAD_DATA, "corrupt");
	refuses(image_load, make_image(63, 0, MIB, 0), ERROR_BAD_DATA, "truncated");
	refuses(image_load, make_image(4096, 0, 17 * MIB, 0), ERROR_USAGE, "at least 18 MiB");
	refuses(image_load, make_image(4096, 15 * MIB, MIB + 1, 0), ERROR_USAGE, "at least 17 MiB");
	refuses(image_load, make_image(4096, 1ULL << 40, MIB, 0), ERROR_USAGE, "does not fit");
}

/* code1 is B to an address in the file or beyond it. */
static struct bytes image_with_branch(size_t len, uint32_t target)
{
	struct bytes file = make_image(len, 0, MIB, 0xa);
	uint32_t branch = htole32(0x14000000 | ((target - 4) / 4 & 0x3ffffff));

	memcpy(file.data + 4, &branch, 4);
	return file;
}

Test(image, that_branches_beyond_its_end_is_truncated)
{
	struct bytes file = image_with_branch(8192, 8188);

	cr_expect_eq(load(image_load, &file), 0, "%s", err.text);
	bytes_free(&file);
	refuses(image_load, image_with_branch(8192, 8192), ERROR_BAD_DATA, "truncated");
	refuses(image_load, image_with_branch(8192, 100000), ERROR_BAD_DATA, "truncated");
}

/* An Image that is an EFI program too: one section of the file from 0x1000 on. */
static struct bytes image_with_pe(size_t len, uint32_t section_bytes)
{
	struct bytes file = make_image(0x3000, 0, MIB, 0xa);
	uint8_t *pe = file.data + 0x40;

	memcpy(file.data, "MZ", 2);
	file.data[0x3c] = 0x40;
	memset(pe, 0, 24 + 40);
	memcpy(pe, "PE\0\0", 4);
	pe[6] = 1; /* sections; no optional header */
	section_bytes = htole32(section_bytes);
	memcpy(pe + 24 + 16, &section_bytes, 4);
	pe[24 + 21] = 0x10;
	file.len = len;
	return file;
}

Test(image, whose_efi_sections_are_cut_off_is_truncated)
{
	struct bytes file = image_with_pe(0x3000, 0x2000);

	cr_expect_eq(load(image_load, &file), 0, "%s", err.text);
	bytes_free(&file);
	refuses(image_load, image_with_pe(0x2fff, 0x2000), ERROR_BAD_DATA,
		"truncated: 12287 bytes of at least 12288");
	refuses(image_load, image_with_pe(0x3000, 0xffffffff), ERROR_BAD_DATA, "truncated");
	refuses(image_load, image_with_pe(0x50, 0x2000), ERROR_BAD_DATA, "truncated");
	refuses(image_load, image_with_pe(0x60, 0x2000), ERROR_BAD_DATA, "truncated");
}

Test(image, raw_binary_goes_to_0x80000)
{
	struct bytes file = make_image(5000, 0, 0, 0);

	cr_assert_eq(load(raw_load, &file), 0, "%s", err.text);
	cr_expect_eq(entry, BASE + 0x80000);
	in_memory(BASE + 0x80000, &file, 0, file.len);
	bytes_free(&file);
	refuses(raw_load, make_image(RAM, 0, 0, 0), ERROR_USAGE, "at least 17 MiB");
}

/* No header of 64 random bytes, and no random change to a good one, does any harm. */
Test(image, random_headers_are_harmless)
{
	uint64_t random = 1;

	for (unsigned turn = 0; turn < 20000; turn++) {
		struct bytes file =
			turn % 2 ? image_with_pe(0x3000, 0x2000) : make_image(4096, 0, MIB, 0xa);

		for (unsigned n = 0; n < 1 + turn % 5; n++) {
			random = random * 6364136223846793005ULL + 1442695040888963407ULL;
			file.data[(random >> 32) % 200] = (uint8_t)(random >> 56);
		}
		file.len = turn % 7 ? file.len : (random >> 40) % 200;
		if (load(image_load, &file) == 0) {
			cr_assert_geq(entry, BASE);
			cr_assert_leq(placement_top(&placement), BASE + RAM);
		}
		bytes_free(&file);
	}
}

/* --- Kinds ----------------------------------------------------------------------------------- */

static void looks_like(unsigned offset, const void *magic, size_t len, const char *words)
{
	uint8_t bytes[0x9000];

	memset(bytes, 0xa5, sizeof(bytes));
	memcpy(bytes + offset, magic, len);
	cr_expect_eq(kernel_identify(bytes, sizeof(bytes)) == KERNEL_OTHER,
		     strcmp(words, "a gzip file") != 0);
	cr_expect_not_null(strstr(kernel_describe(bytes, sizeof(bytes)), words),
			   "\"%s\" for \"%s\"", kernel_describe(bytes, sizeof(bytes)), words);
}

Test(identify, tells_what_a_wrong_file_is)
{
	static const char bzimage_boot[] = "\x55\xaa";
	static const char text[] = "hello\n";
	static const uint8_t zeroes[100];
	uint8_t bzimage[0x300] = {0};

	looks_like(0x24, "\x18\x28\x6f\x01", 4, "32-bit Arm");
	looks_like(0x38, "RSC\x05", 4, "RISC-V");
	looks_like(0, "MZ", 2, "EFI or Windows");
	looks_like(0, "\x1f\x8b", 2, "a gzip file");
	looks_like(0, "\x28\xb5\x2f\xfd", 4, "zstd");
	looks_like(0, "070701", 6, "cpio");
	looks_like(0, "#!/bin/sh", 9, "a script");
	looks_like(0, "\xd0\x0d\xfe\xed", 4, "device tree");
	looks_like(0x8001, "CD001", 5, "ISO 9660");
	looks_like(0, "", 0, "unknown");
	memcpy(bzimage + 0x1fe, bzimage_boot, 2);
	memcpy(bzimage + 0x202, "HdrS", 4);
	cr_expect_str_eq(kernel_describe(bzimage, sizeof(bzimage)),
			 "an x86 Linux kernel (bzImage)");
	cr_expect_str_eq(kernel_describe((const uint8_t *)text, 6), "a text file");
	cr_expect_str_eq(kernel_describe(zeroes, sizeof(zeroes)), "nothing but zeroes");
	cr_expect_str_eq(kernel_describe((const uint8_t *)"\xff", 1), "a file of an unknown kind");
	cr_expect_eq(kernel_identify((const uint8_t *)"\x1f", 1), KERNEL_OTHER);
}

/* --- ELF ------------------------------------------------------------------------------------- */

#define TEXT (BASE + 0x100000)
#define DATA (BASE + 0x300000)

static struct bytes good_elf(void)
{
	const Elf64_Phdr segments[] = {
		make_segment(TEXT, 0x1000, 0x1800, 0x1800),
		{.p_type = PT_NOTE, .p_offset = ~0ULL, .p_filesz = ~0ULL},
		make_segment(DATA, 0x2800, 0x100, 0x2000),
		make_segment(DATA + 0x8000, 0, 0, 0),
	};

	return make_elf(0x3000, TEXT + 0x10, segments, 4);
}

Test(elf, segments_go_to_their_addresses_and_bss_is_zero)
{
	struct bytes file = good_elf();

	memset(memory_at(&memory, BASE, RAM), 0xff, RAM);
	cr_assert_eq(load(elf_load, &file), 0, "%s", err.text);
	cr_expect_eq(entry, TEXT + 0x10);
	in_memory(TEXT, &file, 0x1000, 0x1800);
	in_memory(DATA, &file, 0x2800, 0x100);

	const uint8_t *bss = memory_at(&memory, DATA + 0x100, 0x2000);

	for (unsigned i = 0; i < 0x1f00; i++)
		cr_assert_eq(bss[i], 0, "at %u", i);
	cr_expect_eq(bss[0x1f00], 0xff, "and no more than that");
	cr_expect_eq(placement.count, 2);
	bytes_free(&file);
}

Test(elf, virtual_entry_is_translated)
{
	Elf64_Phdr segment = make_segment(TEXT, 0x1000, 0x1000, 0x1000);

	segment.p_vaddr = 0xffff800080000000;

	struct bytes file = make_elf(0x3000, 0xffff800080000040, &segment, 1);

	cr_assert_eq(load(elf_load, &file), 0, "%s", err.text);
	cr_expect_eq(entry, TEXT + 0x40);
	bytes_free(&file);
}

/* One field of the ELF header of a good file, changed. */
#define WITH(field, value)                                \
	({                                                \
		struct bytes f_ = good_elf();             \
		((Elf64_Ehdr *)f_.data)->field = (value); \
		f_;                                       \
	})

/* One field of the first program header. */
#define WITH_SEGMENT(field, value)                                               \
	({                                                                       \
		struct bytes f_ = good_elf();                                    \
		((Elf64_Phdr *)(f_.data + sizeof(Elf64_Ehdr)))->field = (value); \
		f_;                                                              \
	})

static struct bytes cut(size_t len)
{
	struct bytes file = good_elf();

	file.len = len;
	return file;
}

Test(elf, header_that_is_wrong_is_refused)
{
	refuses(elf_load, cut(10), ERROR_BAD_DATA, "truncated");
	refuses(elf_load, cut(40), ERROR_BAD_DATA, "truncated");
	refuses(elf_load, cut(100), ERROR_BAD_DATA, "truncated");
	refuses(elf_load, cut(0x2000), ERROR_BAD_DATA, "truncated");
	refuses(elf_load, WITH(e_machine, EM_X86_64), ERROR_BAD_DATA, "x86-64");
	refuses(elf_load, WITH(e_machine, EM_RISCV), ERROR_BAD_DATA, "RISC-V");
	refuses(elf_load, WITH(e_machine, 0xffff), ERROR_BAD_DATA, "another machine");
	refuses(elf_load, WITH(e_ident[EI_CLASS], ELFCLASS32), ERROR_BAD_DATA, "64-bit");
	refuses(elf_load, WITH(e_ident[EI_DATA], ELFDATA2MSB), ERROR_BAD_DATA, "big-endian");
	refuses(elf_load, WITH(e_type, ET_REL), ERROR_BAD_DATA, "object file");
	refuses(elf_load, WITH(e_type, ET_CORE), ERROR_BAD_DATA, "not an executable");
	refuses(elf_load, WITH(e_phnum, 0), ERROR_BAD_DATA, "without program headers");
	refuses(elf_load, WITH(e_phnum, 0xffff), ERROR_BAD_DATA, "truncated");
	refuses(elf_load, WITH(e_phoff, ~0ULL), ERROR_BAD_DATA, "truncated");
	refuses(elf_load, WITH(e_phoff, 0x2fff), ERROR_BAD_DATA, "truncated");
	refuses(elf_load, WITH(e_phentsize, 1), ERROR_BAD_DATA, "wrong size");
	refuses(elf_load, WITH(e_entry, 0), ERROR_BAD_DATA, "entry point");
	refuses(elf_load, WITH(e_entry, TEXT + 0x1800), ERROR_BAD_DATA, "entry point");
	refuses(elf_load, WITH(e_entry, TEXT + 2), ERROR_BAD_DATA, "entry point");
}

Test(elf, segment_that_is_wrong_is_refused)
{
	refuses(elf_load, WITH_SEGMENT(p_offset, ~0ULL), ERROR_BAD_DATA, "truncated");
	refuses(elf_load, WITH_SEGMENT(p_offset, 0x2000), ERROR_BAD_DATA, "truncated");
	refuses(elf_load, WITH_SEGMENT(p_filesz, ~0ULL), ERROR_BAD_DATA, "more bytes in the file");
	refuses(elf_load, WITH_SEGMENT(p_paddr, 0x80000), ERROR_BAD_DATA, "RAM is at 0x40000000");
	refuses(elf_load, WITH_SEGMENT(p_paddr, 0xffff800000000000), ERROR_BAD_DATA, "RAM is at");
	refuses(elf_load, WITH_SEGMENT(p_memsz, ~0ULL), ERROR_BAD_DATA, "RAM is at");
	refuses(elf_load, WITH_SEGMENT(p_paddr, DATA), ERROR_BAD_DATA, "overlap");
	refuses(elf_load, WITH_SEGMENT(p_paddr, BASE + RAM), ERROR_USAGE, "at least 17 MiB");
	refuses(elf_load, WITH_SEGMENT(p_memsz, 64 * MIB), ERROR_USAGE, "at least 66 MiB");
}

Test(elf, without_anything_to_load_is_refused)
{
	const Elf64_Phdr note = {.p_type = PT_NOTE};

	refuses(elf_load, make_elf(0x1000, TEXT, &note, 1), ERROR_BAD_DATA, "nothing to load");
}

Test(elf, too_many_segments_are_refused)
{
	Elf64_Phdr segments[200];

	for (unsigned i = 0; i < 200; i++)
		segments[i] = make_segment(BASE + i * 4096ULL, 0, 16, 16);
	refuses(elf_load, make_elf(0x4000, BASE, segments, 200), ERROR_BAD_DATA, "too many");
}

Test(elf, random_damage_is_harmless)
{
	uint64_t random = 1;

	for (unsigned turn = 0; turn < 20000; turn++) {
		struct bytes file = good_elf();

		for (unsigned n = 0; n < 1 + turn % 4; n++) {
			random = random * 6364136223846793005ULL + 1442695040888963407ULL;
			file.data[(random >> 32) % (64 + 4 * 56)] = (uint8_t)(random >> 56);
		}
		if (load(elf_load, &file) == 0)
			cr_assert_not_null(memory_at(&memory, entry, 4));
		bytes_free(&file);
	}
}

/* --- gzip ------------------------------------------------------------------------------------ */

static uint8_t *out;
static size_t out_len;

static int inflate_bytes(const struct bytes *file, size_t max)
{
	memset(&err, 0, sizeof(err));
	return gzip_inflate("kernel", file->data, file->len, max, &out, &out_len, &err);
}

Test(gzip, gives_back_what_was_compressed)
{
	static const size_t sizes[] = {0, 1, 4096, 100000, 4 * MIB, 4 * MIB + 1, 9 * MIB};

	for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct bytes plain = make_image(sizes[i], 0, 0, 0);
		struct bytes file = make_gzip(&plain);

		cr_assert_eq(inflate_bytes(&file, sizes[i]), 0, "%zu: %s", sizes[i], err.text);
		cr_assert_eq(out_len, sizes[i]);
		cr_expect_eq(memcmp(out, plain.data, sizes[i]), 0);
		free(out);
		if (sizes[i]) {
			cr_expect_eq(inflate_bytes(&file, sizes[i] - 1), -1);
			cr_expect_eq(err.kind, ERROR_USAGE);
		}
		bytes_free(&plain);
		bytes_free(&file);
	}
}

Test(gzip, several_members_are_one_file_and_padding_is_nothing)
{
	struct bytes plain = make_image(5000, 0, 0, 0), member = make_gzip(&plain);
	struct bytes file = {calloc(1, 2 * member.len + 512), 2 * member.len + 512};

	memcpy(file.data, member.data, member.len);
	memcpy(file.data + member.len, member.data, member.len);
	cr_assert_eq(inflate_bytes(&file, MIB), 0, "%s", err.text);
	cr_expect_eq(out_len, 10000);
	cr_expect_eq(memcmp(out + 5000, plain.data, 5000), 0);
	free(out);
	bytes_free(&plain);
	bytes_free(&member);
	bytes_free(&file);
}

Test(gzip, every_truncation_is_noticed)
{
	struct bytes plain = make_image(3000, 0, 0, 0), file = make_gzip(&plain);

	for (size_t len = file.len; len-- > 2;) {
		const struct bytes part = {file.data, len};

		cr_assert_eq(inflate_bytes(&part, MIB), -1, "%zu of %zu bytes", len, file.len);
		cr_assert_eq(err.kind, ERROR_BAD_DATA, "%s", err.text);
		cr_assert_not_null(strstr(err.text, "truncated"), "%s", err.text);
	}
	bytes_free(&plain);
	bytes_free(&file);
}

/* (A bit that no code uses may be wrong: then the contents are right all the same.) */
Test(gzip, every_damage_to_the_contents_is_noticed)
{
	struct bytes plain = make_image(3000, 0, 0, 0), file = make_gzip(&plain);
	unsigned noticed = 0;

	for (size_t i = 10; i < file.len; i++) { /* behind the member's header */
		file.data[i] ^= 0x10;
		if (inflate_bytes(&file, MIB)) {
			cr_assert_eq(err.kind, ERROR_BAD_DATA, "%s", err.text);
			noticed++;
		} else {
			cr_assert_eq(out_len, plain.len, "byte %zu", i);
			cr_assert_eq(memcmp(out, plain.data, out_len), 0, "byte %zu", i);
			free(out);
		}
		file.data[i] ^= 0x10;
	}
	cr_expect_gt(noticed, file.len * 9 / 10);
	bytes_free(&plain);
	bytes_free(&file);
}

Test(gzip, bomb_stops_at_the_size_of_ram)
{
	struct bytes zeroes = {calloc(1, 64 * MIB), 64 * MIB}, file = make_gzip(&zeroes);

	cr_expect_lt(file.len, MIB);
	cr_expect_eq(inflate_bytes(&file, 8 * MIB), -1);
	cr_expect_eq(err.kind, ERROR_USAGE);
	cr_expect_not_null(strstr(err.text, "8 MiB"), "%s", err.text);
	bytes_free(&zeroes);
	bytes_free(&file);
}
