/*
 * boot_load() from files on disk to a guest that could start: what lies where in RAM, in which state
 * vCPU 0 begins, what the device tree says of it, and what every unusable file is answered with.
 */
#include <criterion/criterion.h>
#include <libfdt.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/boot/boot.h"
#include "core/boot/devicetree.h"
#include "core/boot/tests/guest_file.h"
#include "core/tests/fake_engine.h"

#define BASE VM_RAM_BASE
#define MIB  (1ULL << 20)

static struct vm *vm;
static struct error err;

static void make_vm(uint64_t memory, unsigned cpus)
{
	const struct vm_config config = {.engine = &fake_engine, .cpus = cpus, .memory = memory};

	vm_destroy(vm);
	cr_assert_eq(vm_create(&vm, &config, &err), 0, "%s", err.text);
	vm->stdout_path = "/console@1000";
}

static void begin(void)
{
	files_begin();
	make_vm(64 * MIB, 1);
}

static void end(void)
{
	vm_destroy(vm);
	files_end();
}

TestSuite(boot, .init = begin, .fini = end, .timeout = 30);

static const char *image_file(size_t len, uint64_t image_size)
{
	struct bytes image = make_image(len, 0, image_size, 0xa);
	const char *path = files_write("Image", image.data, image.len);

	bytes_free(&image);
	return path;
}

static const char *pattern_file(const char *name, size_t len)
{
	struct bytes bytes = make_image(len, 0, 0, 0);
	const char *path;

	for (size_t i = 0; i < len; i++)
		bytes.data[i] = pattern(i);
	path = files_write(name, bytes.data, len);
	bytes_free(&bytes);
	return path;
}

static void boots(const struct boot_config *config)
{
	memset(&err, 0, sizeof(err));
	cr_assert_eq(boot_load(vm, config, &err), 0, "%s", err.text);
}

static void fails(const struct boot_config *config, enum error_kind kind, const char *words)
{
	memset(&err, 0, sizeof(err));
	cr_expect_eq(boot_load(vm, config, &err), -1, "expected: %s", words);
	cr_expect_eq(err.kind, kind, "kind %d: %s", err.kind, err.text);
	cr_expect_not_null(strstr(err.text, words), "\"%s\" says nothing of \"%s\"", err.text,
			   words);
}

/* --- The device tree as the guest finds it --------------------------------------------------- */

static const void *tree(void)
{
	uint64_t addr = vm->entry.x[0];
	const void *fdt = memory_at(&vm->memory, addr, sizeof(struct fdt_header));

	cr_assert_not_null(fdt, "no device tree at %#lx", addr);
	cr_assert_not_null(memory_at(&vm->memory, addr, fdt_totalsize(fdt)));
	cr_assert_eq(fdt_check_full(fdt, fdt_totalsize(fdt)), 0);
	cr_assert_leq(fdt_totalsize(fdt), DEVICETREE_MAX);
	return fdt;
}

static const void *property(const char *path, const char *name, int len)
{
	int got, node = fdt_path_offset(tree(), path);
	const void *value;

	cr_assert_geq(node, 0, "no node %s", path);
	value = fdt_getprop(tree(), node, name, &got);
	cr_assert_not_null(value, "%s has no %s", path, name);
	if (len)
		cr_assert_eq(got, len, "%s of %s has %d bytes", name, path, got);
	return value;
}

static uint32_t property_u32(const char *path, const char *name)
{
	return fdt32_ld(property(path, name, 4));
}

static uint64_t property_u64(const char *path, const char *name)
{
	return fdt64_ld(property(path, name, 8));
}

static const char *property_string(const char *path, const char *name)
{
	return property(path, name, 0);
}

static bool has_property(const char *path, const char *name)
{
	return fdt_getprop(tree(), fdt_path_offset(tree(), path), name, NULL);
}

/* --- A good boot ----------------------------------------------------------------------------- */

Test(boot, image_with_everything)
{
	boots(&(struct boot_config){
		.kernel = image_file(3 * MIB, 5 * MIB),
		.initramfs = pattern_file("initramfs", 1234567),
		.append = "console=ttyAMA0 quiet",
	});

	uint64_t start = property_u64("/chosen", "linux,initrd-start");
	uint64_t stop = property_u64("/chosen", "linux,initrd-end");
	const uint8_t *initramfs = memory_at(&vm->memory, start, stop - start);

	cr_expect_eq(vm->entry.pc, BASE);
	cr_expect_eq(vm->entry.x[1] | vm->entry.x[2] | vm->entry.x[3], 0);
	cr_expect_eq(vm->entry.x[0] % (2 * MIB), 0, "the tree has its 2 MiB block");
	cr_expect_eq(stop - start, 1234567);
	cr_expect_eq(start % 4096, 0);
	cr_expect_geq(start, BASE + 5 * MIB);
	cr_assert_not_null(initramfs);
	for (size_t i = 0; i < 1234567; i++)
		cr_assert_eq(initramfs[i], pattern(i));
	cr_expect_str_eq(property_string("/chosen", "bootargs"), "console=ttyAMA0 quiet");
}

Test(boot, gzip_elf_and_raw)
{
	Elf64_Phdr segment = make_segment(BASE + 62 * MIB, 0x1000, 0x1000, 2 * MIB);
	struct bytes image = make_image(100000, 0, MIB, 0xa), packed = make_gzip(&image);
	struct bytes elf = make_elf(0x3000, BASE + 62 * MIB, &segment, 1);

	boots(&(struct boot_config){.kernel = files_write("gz", packed.data, packed.len)});
	cr_expect_eq(vm->entry.pc, BASE);
	cr_expect_eq(memcmp(memory_at(&vm->memory, BASE, image.len), image.data, image.len), 0);

	/* Linked for the very top of RAM: the tree goes below. */
	boots(&(struct boot_config){.kernel = files_write("elf", elf.data, elf.len)});
	cr_expect_eq(vm->entry.pc, BASE + 62 * MIB);
	cr_expect_lt(vm->entry.x[0], BASE + 62 * MIB);
	tree();

	boots(&(struct boot_config){.kernel = pattern_file("raw", 300), .allow_raw = true});
	cr_expect_eq(vm->entry.pc, BASE + BOOT_RAW_OFFSET);
	cr_expect_eq(*(uint8_t *)memory_at(&vm->memory, BASE + BOOT_RAW_OFFSET, 1), pattern(0));
	tree();
	bytes_free(&image);
	bytes_free(&packed);
	bytes_free(&elf);
}

Test(boot, raw_fits_into_the_smallest_machine)
{
	make_vm(VM_MEMORY_MIN, 16);
	boots(&(struct boot_config){.kernel = pattern_file("raw", 4096), .allow_raw = true});
	tree();
}

Test(boot, machine_in_the_tree)
{
	make_vm(48 * MIB, 4);
	boots(&(struct boot_config){.kernel = image_file(4096, MIB)});

	const fdt64_t *reg = property("/memory@40000000", "reg", 16);

	cr_expect_eq(fdt64_ld(reg), BASE);
	cr_expect_eq(fdt64_ld(reg + 1), 48 * MIB);
	cr_expect_str_eq(property_string("/memory@40000000", "device_type"), "memory");
	cr_expect_str_eq(property_string("/", "compatible"), "veleiro,god");
	cr_expect_eq(property_u32("/", "#address-cells"), 2);
	cr_expect_eq(property_u32("/", "#size-cells"), 2);
	cr_expect_eq(property_u32("/", "interrupt-parent"), PHANDLE_GIC);
	cr_expect_str_eq(property_string("/psci", "compatible"), "arm,psci-1.0");
	cr_expect_str_eq(property_string("/psci", "method"), "hvc");
	cr_expect_eq(property_u32("/apb-pclk", "clock-frequency"), 24000000);
	cr_expect_eq(property_u32("/apb-pclk", "phandle"), PHANDLE_CLOCK);
	cr_expect_str_eq(property_string("/chosen", "stdout-path"), "/console@1000");
	cr_expect_str_eq(property_string("/aliases", "serial0"), "/console@1000");
	for (unsigned i = 0; i < 4; i++) {
		char path[32];

		snprintf(path, sizeof(path), "/cpus/cpu@%x", i);
		cr_expect_eq(property_u32(path, "reg"), i);
		cr_expect_str_eq(property_string(path, "enable-method"), "psci");
		cr_expect_str_eq(property_string(path, "device_type"), "cpu");
	}
	cr_expect_lt(fdt_path_offset(tree(), "/cpus/cpu@4"), 0);
	cr_expect_not(has_property("/chosen", "bootargs"));
	cr_expect_not(has_property("/chosen", "linux,initrd-start"));
}

Test(boot, seeds_are_new_each_time)
{
	const struct boot_config config = {.kernel = image_file(4096, MIB)};
	uint8_t first[64];
	uint64_t kaslr;

	boots(&config);
	memcpy(first, property("/chosen", "rng-seed", 64), 64);
	kaslr = property_u64("/chosen", "kaslr-seed");
	boots(&config);
	cr_expect_neq(memcmp(first, property("/chosen", "rng-seed", 64), 64), 0);
	cr_expect_neq(kaslr, property_u64("/chosen", "kaslr-seed"));
}

Test(boot, long_command_line)
{
	static char line[100001];

	memset(line, 'a', 100000);
	boots(&(struct boot_config){.kernel = image_file(4096, MIB), .append = line});
	cr_expect_str_eq(property_string("/chosen", "bootargs"), line);
}

/* --- A device tree from outside, and to outside ---------------------------------------------- */

static void read_back(const char *path, void *buffer, size_t size, size_t *len)
{
	FILE *file = fopen(path, "rb");

	cr_assert_not_null(file);
	*len = fread(buffer, 1, size, file);
	fclose(file);
}

Test(boot, dumped_tree_is_the_one_that_the_guest_gets)
{
	static uint8_t dumped[65536];
	size_t len;

	boots(&(struct boot_config){
		.kernel = image_file(4096, MIB),
		.dump_dtb = files_path("dtb"),
	});
	read_back(files_path("dtb"), dumped, sizeof(dumped), &len);
	cr_expect_eq(len, fdt_totalsize(tree()));
	cr_expect_eq(memcmp(dumped, tree(), len), 0);
}

/* The user's tree has no /chosen, or one with what an earlier boot left there. */
static size_t make_tree(uint8_t *fdt, size_t size, bool chosen)
{
	cr_assert_eq(fdt_create_empty_tree(fdt, (int)size), 0);
	fdt_setprop_string(fdt, 0, "model", "mine");
	if (chosen) {
		int node = fdt_add_subnode(fdt, 0, "chosen");

		fdt_setprop_string(fdt, node, "bootargs", "old");
		fdt_setprop_u64(fdt, node, "linux,initrd-start", 1);
		fdt_setprop_u64(fdt, node, "linux,initrd-end", 2);
	}
	fdt_pack(fdt);
	return fdt_totalsize(fdt);
}

Test(boot, tree_of_the_user)
{
	uint8_t fdt[4096];
	size_t len = make_tree(fdt, sizeof(fdt), false);
	struct boot_config config = {.kernel = image_file(4096, MIB), .append = "new"};

	config.dtb = files_write("dtb", fdt, len);
	config.initramfs = pattern_file("initramfs", 100);
	boots(&config);
	cr_expect_str_eq(property_string("/", "model"), "mine");
	cr_expect_str_eq(property_string("/chosen", "bootargs"), "new");
	cr_expect_eq(property_u64("/chosen", "linux,initrd-end") -
			     property_u64("/chosen", "linux,initrd-start"),
		     100);
	property("/chosen", "rng-seed", 64);

	len = make_tree(fdt, sizeof(fdt), true);
	config.dtb = files_write("dtb", fdt, len);
	config.initramfs = NULL;
	config.append = NULL;
	boots(&config);
	cr_expect_str_eq(property_string("/chosen", "bootargs"), "old", "kept: none was given");
	cr_expect_not(has_property("/chosen", "linux,initrd-start"), "of another boot");
}

Test(boot, broken_tree_of_the_user)
{
	static uint8_t fdt[3 << 20];
	size_t len = make_tree(fdt, 4096, true);
	struct boot_config config = {.kernel = image_file(4096, MIB)};

	config.dtb = files_write("dtb", fdt, len - 1);
	fails(&config, ERROR_BAD_DATA, "not a valid device tree");
	config.dtb = files_write("dtb", fdt, 10);
	fails(&config, ERROR_BAD_DATA, "not a valid device tree");
	config.dtb = pattern_file("dtb", 5000);
	fails(&config, ERROR_BAD_DATA, "not a valid device tree");
	config.dtb = files_write("dtb", fdt, sizeof(fdt));
	fails(&config, ERROR_BAD_DATA, "larger than 2 MiB");
	config.dtb = files_path("none");
	fails(&config, ERROR_NO_INPUT, "No such file");
	config.dtb = NULL;
	config.dump_dtb = files_path("no/such/directory");
	fails(&config, ERROR_NO_INPUT, "cannot create");
}

/* Damage anywhere in a valid tree is refused or harmless. */
Test(boot, randomly_damaged_tree_is_harmless)
{
	const struct devicetree_options options = {.append = "x"};
	uint64_t random = 1;
	uint8_t fdt[4096];
	void *blob;
	size_t len = make_tree(fdt, sizeof(fdt), true), size;

	for (unsigned turn = 0; turn < 50000; turn++) {
		uint8_t copy[4096];

		memcpy(copy, fdt, len);
		random = random * 6364136223846793005ULL + 1442695040888963407ULL;
		copy[(random >> 32) % len] ^= (uint8_t)(1 << (random >> 61));
		if (!devicetree_adopt(vm, &options, "dtb", copy, len, &blob, &size, &err))
			free(blob);
	}
}

/* --- What cannot be -------------------------------------------------------------------------- */

Test(boot, unreadable_files)
{
	struct boot_config config = {0};
	const char *fifo = files_path("fifo");

	fails(&config, ERROR_USAGE, "no kernel");
	config.kernel = files_path("missing");
	fails(&config, ERROR_NO_INPUT, "missing: cannot open: No such file");
	config.kernel = "/tmp";
	fails(&config, ERROR_NO_INPUT, "/tmp: is a directory");
	config.kernel = "/dev/zero";
	fails(&config, ERROR_NO_INPUT, "/dev/zero: is a device");
	cr_assert_eq(mkfifo(fifo, 0600), 0);
	config.kernel = fifo;
	fails(&config, ERROR_NO_INPUT, "is a pipe");
	config.kernel = files_write("empty", "", 0);
	fails(&config, ERROR_BAD_DATA, "empty: is empty");
	config.kernel = image_file(4096, MIB);
	config.initramfs = files_path("missing");
	fails(&config, ERROR_NO_INPUT, "missing");
	config.initramfs = files_write("empty", "", 0);
	fails(&config, ERROR_BAD_DATA, "empty");
}

Test(boot, huge_file_is_not_even_read)
{
	const char *path = files_write("huge", "x", 1);

	cr_assert_eq(truncate(path, 1LL << 40), 0);
	fails(&(struct boot_config){.kernel = path}, ERROR_USAGE, "does not fit into 64 MiB");
	fails(&(struct boot_config){.kernel = image_file(4096, MIB), .initramfs = path},
	      ERROR_USAGE, "huge: does not fit");
}

Test(boot, files_that_are_no_kernels)
{
	static const char script[] = "#!/bin/sh\necho hello\n";
	struct bytes image = make_image(3000, 0, MIB, 0xa), packed = make_gzip(&image);
	struct bytes twice = make_gzip(&packed), nothing = {image.data, 0};
	struct boot_config config = {.kernel = pattern_file("pattern", 5000)};

	fails(&config, ERROR_BAD_DATA, "not an arm64 kernel: looks like");
	config.kernel = files_write("script", script, strlen(script));
	fails(&config, ERROR_BAD_DATA, "not an arm64 kernel: looks like a script");
	config.kernel = files_write("gz", packed.data, packed.len / 2);
	fails(&config, ERROR_BAD_DATA, "truncated gzip data");
	config.kernel = files_write("gz", twice.data, twice.len);
	fails(&config, ERROR_BAD_DATA, "looks like a gzip file");
	bytes_free(&twice);
	twice = make_gzip(&nothing);
	config.kernel = files_write("gz", twice.data, twice.len);
	fails(&config, ERROR_BAD_DATA, "nothing in the gzip file");
	packed.data[packed.len / 2] ^= 0xff;
	config.kernel = files_write("gz", packed.data, packed.len);
	fails(&config, ERROR_BAD_DATA, "corrupt gzip data");
	bytes_free(&image);
	bytes_free(&packed);
	bytes_free(&twice);
}

/* The number of MiB in "at least N MiB are needed". */
static uint64_t needed(void)
{
	const char *at = strstr(err.text, "at least ");

	cr_assert_not_null(at, "%s", err.text);
	return strtoull(at + strlen("at least "), NULL, 10);
}

/*
 * Too little memory for kernel and initramfs of any size: the error says how much is needed, and
 * with that much it works. Where it works, nothing overlaps.
 */
Test(boot, error_names_an_amount_that_suffices)
{
	uint64_t random = 1;
	unsigned refused = 0;

	for (unsigned turn = 0; turn < 60; turn++) {
		struct boot_config config = {.append = "x"};
		uint64_t image_size, start, stop, at;

		random = random * 6364136223846793005ULL + 1442695040888963407ULL;
		image_size = (random >> 32) % (12 * MIB) + 4096;
		config.kernel = image_file(4096, image_size);
		config.initramfs = pattern_file("initramfs", (random >> 12) % (6 * MIB) + 1);
		make_vm(2 * MIB + (random >> 50) % 2048 * 8192, 1);
		if (boot_load(vm, &config, &err)) {
			cr_assert_eq(err.kind, ERROR_USAGE, "%s", err.text);
			make_vm(needed() * MIB, 1);
			refused++;
		}
		boots(&config);
		start = property_u64("/chosen", "linux,initrd-start");
		stop = property_u64("/chosen", "linux,initrd-end");
		at = vm->entry.x[0];
		cr_assert_geq(start, BASE + image_size);
		cr_assert_geq(at, BASE + image_size);
		cr_assert_leq(stop, BASE + vm->memory.size);
		cr_assert(at >= stop || at + fdt_totalsize(tree()) <= start);
	}
	cr_expect(refused > 5 && refused < 55, "both happened: %u", refused);
}
