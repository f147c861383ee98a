/* See guest_file.h. */
#include "core/boot/tests/guest_file.h"

#include <criterion/criterion.h>
#include <endian.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define PATHS 16

static char directory[] = "/tmp/god-test-XXXXXX";

uint8_t pattern(size_t i)
{
	return (uint8_t)(i * 7 + (i >> 8) * 13 + 1);
}

static struct bytes make_pattern(size_t len)
{
	struct bytes bytes = {malloc(len ? len : 1), len};

	cr_assert_not_null(bytes.data);
	for (size_t i = 0; i < len; i++)
		bytes.data[i] = pattern(i);
	return bytes;
}

void bytes_free(struct bytes *bytes)
{
	free(bytes->data);
	bytes->data = NULL;
}

struct bytes make_image(size_t len, uint64_t text_offset, uint64_t image_size, uint64_t flags)
{
	const uint64_t header[] = {
		0xd503201fd503201fULL, /* two NOPs */
		text_offset,
		image_size,
		flags,
		0,
		0,
		0,
		0x644d5241, /* magic; no PE header */
	};
	struct bytes bytes = make_pattern(len);
	uint64_t le[8];

	for (unsigned i = 0; i < 8; i++)
		le[i] = htole64(header[i]);
	memcpy(bytes.data, le, len < sizeof(le) ? len : sizeof(le));
	return bytes;
}

Elf64_Phdr make_segment(uint64_t addr, uint64_t offset, uint64_t filesz, uint64_t memsz)
{
	return (Elf64_Phdr){
		.p_type = PT_LOAD,
		.p_flags = PF_R | PF_W | PF_X,
		.p_offset = offset,
		.p_vaddr = addr,
		.p_paddr = addr,
		.p_filesz = filesz,
		.p_memsz = memsz,
	};
}

struct bytes make_elf(size_t len, uint64_t entry, const Elf64_Phdr *headers, unsigned count)
{
	const Elf64_Ehdr header = {
		.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
		.e_type = ET_EXEC,
		.e_machine = EM_AARCH64,
		.e_version = EV_CURRENT,
		.e_entry = entry,
		.e_phoff = sizeof(Elf64_Ehdr),
		.e_ehsize = sizeof(Elf64_Ehdr),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = (uint16_t)count,
	};
	struct bytes bytes = make_pattern(len);

	cr_assert_geq(len, sizeof(header) + count * sizeof(*headers));
	memcpy(bytes.data, &header, sizeof(header));
	memcpy(bytes.data + sizeof(header), headers, count * sizeof(*headers));
	return bytes;
}

struct bytes make_gzip(const struct bytes *bytes)
{
	struct bytes packed = {malloc(bytes->len + 1024), 0};
	z_stream z = {
		.next_in = bytes->data,
		.avail_in = (unsigned)bytes->len,
		.next_out = packed.data,
		.avail_out = (unsigned)bytes->len + 1024,
	};

	cr_assert_eq(deflateInit2(&z, 1, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
	cr_assert_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
	packed.len = z.total_out;
	deflateEnd(&z);
	return packed;
}

void files_begin(void)
{
	cr_assert_not_null(mkdtemp(directory));
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void files_end(void)
{
	nftw(directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

const char *files_path(const char *name)
{
	static char paths[PATHS][PATH_MAX]; /* several at a time are in use */
	static unsigned next;
	char *path = paths[next++ % PATHS];

	snprintf(path, PATH_MAX, "%s/%s", directory, name);
	return path;
}

const char *files_write(const char *name, const void *data, size_t len)
{
	const char *path = files_path(name);
	FILE *file = fopen(path, "wb");

	cr_assert_not_null(file);
	cr_assert_eq(fwrite(data, 1, len, file), len);
	cr_assert_eq(fclose(file), 0);
	return path;
}
