/*
 * The command line: what is accepted, what is refused and with which words.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "harness/options.h"
#include "harness/run.h"
#include "harness/test.h"

static const struct option_spec specs[] = {
	{1, "name", "TEXT", "takes a value"},
	{2, "flag", NULL, "takes none\nand has two lines"},
	{3, "a-name-longer-than-the-column", "VALUE", "help"},
	{0},
};

#define ARGV(...) ((char *const[]){__VA_ARGS__, NULL})

static void expect_option(struct options *options, int id, const char *value)
{
	struct error err = {0};
	const char *got;

	cr_assert_eq(options_next(options, &got, &err), id, "%s", err.text);
	if (value)
		cr_assert_str_eq(got, value);
	else
		cr_assert_null(got);
}

static void expect_error(char *const *argv, const char *text)
{
	struct options options = {.specs = specs, .command = "god x", .argv = argv};
	struct error err = {0};
	const char *got;

	cr_assert_eq(options_next(&options, &got, &err), OPTION_ERROR);
	cr_assert_eq(err.kind, ERROR_USAGE);
	cr_assert_str_eq(err.text, text);
}

Test(options, both_spellings_of_a_value)
{
	struct options options = {
		.specs = specs,
		.argv = ARGV("--name", "a", "--name=b", "--name=", "--flag", "x", "-", "--",
			     "--name"),
	};

	expect_option(&options, 1, "a");
	expect_option(&options, 1, "b");
	expect_option(&options, 1, "");
	expect_option(&options, 2, NULL);
	expect_option(&options, OPTION_OPERAND, "x");
	expect_option(&options, OPTION_OPERAND, "-");
	expect_option(&options, OPTION_OPERAND, "--name");
	expect_option(&options, OPTION_END, NULL);
	expect_option(&options, OPTION_END, NULL);
}

Test(options, what_is_refused)
{
	expect_error(ARGV("--nam", "a"), "unknown option --nam (god x --help lists them)");
	expect_error(ARGV("--names=a"), "unknown option --names (god x --help lists them)");
	expect_error(ARGV("-n"), "unknown option -n (god x --help lists them)");
	expect_error(ARGV("--name"), "--name needs a value: --name TEXT");
	expect_error(ARGV("--flag=1"), "--flag takes no value");
}

Test(options, help_is_the_table)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	options_print(specs, out);
	fclose(out);
	cr_assert_str_eq(text, "  --name TEXT             takes a value\n"
			       "  --flag                  takes none\n"
			       "                          and has two lines\n"
			       "  --a-name-longer-than-the-column VALUE\n"
			       "                          help\n");
	free(text);
}

Test(options, sizes)
{
	static const struct {
		const char *text;
		uint64_t bytes;
	} good[] = {
		{"0", 0},
		{"1", 1},
		{"4096", 4096},
		{"64K", 65536},
		{"64k", 65536},
		{"512M", 512ULL << 20},
		{"255G", 255ULL << 30},
		{"18446744073709551615", UINT64_MAX},
	};
	static const char *const bad[] = {
		"",
		"-1",
		"K",
		"1T",
		"1MB",
		"1 M",
		" 1",
		"0x10",
		"1.5G",
		"18446744073709551616",
		"17179869184G",
		"99999999999999999999G",
	};
	uint64_t bytes;

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		cr_assert_eq(parse_size("--memory", good[i].text, &bytes, NULL), 0);
		cr_assert_eq(bytes, good[i].bytes, "%s", good[i].text);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct error err = {0};

		cr_assert_eq(parse_size("--memory", bad[i], &bytes, &err), -1, "%s", bad[i]);
		cr_assert_eq(err.kind, ERROR_USAGE);
	}
}

Test(options, seconds)
{
	uint64_t ns;

	cr_assert_eq(parse_seconds("--timeout", "2", &ns, NULL), 0);
	cr_assert_eq(ns, 2000000000);
	cr_assert_eq(parse_seconds("--timeout", "0.25", &ns, NULL), 0);
	cr_assert_eq(ns, 250000000);
	cr_assert_eq(parse_seconds("--timeout", "1.0000000019", &ns, NULL), 0);
	cr_assert_eq(ns, 1000000001);
	cr_assert_eq(parse_seconds("--timeout", "0", &ns, NULL), 0);
	cr_assert_eq(ns, 0);
	cr_assert_eq(parse_seconds("--timeout", "", &ns, NULL), -1);
	cr_assert_eq(parse_seconds("--timeout", ".5", &ns, NULL), -1);
	cr_assert_eq(parse_seconds("--timeout", "1s", &ns, NULL), -1);
	cr_assert_eq(parse_seconds("--timeout", "-1", &ns, NULL), -1);
	cr_assert_eq(parse_seconds("--timeout", "99999999999999", &ns, NULL), -1);
}

/* --- god run --- */

static void run_refuses(char *const *argv, const char *word)
{
	struct run_config config;
	struct error err = {0};

	cr_assert_eq(run_parse(&config, argv, &err), -1, "%s", word);
	cr_assert_eq(err.kind, ERROR_USAGE);
	cr_assert_not_null(strstr(err.text, word), "%s", err.text);
}

Test(run_options, defaults)
{
	struct run_config config;
	struct error err = {0};

	cr_assert_eq(run_parse(&config, ARGV("--kernel", "Image"), &err), 0, "%s", err.text);
	cr_assert_str_eq(config.boot.kernel, "Image");
	cr_assert_not(config.boot.allow_raw);
	cr_assert_str_eq(config.boot.append, "console=ttyAMA0");
	cr_assert_eq(config.vm.cpus, 1);
	cr_assert_eq(config.vm.memory, 512ULL << 20);
	cr_assert_eq(config.vm.gic, 0);
	cr_assert_not_null(config.vm.engine);
	cr_assert_not(config.has_timeout);
}

Test(run_options, everything)
{
	struct run_config config;
	struct error err = {0};
	char *const *argv =
		ARGV("--binary", "b", "--initramfs=i", "--append", "a b", "--engine", "auto",
		     "--cpus", "4", "--memory", "1G", "--gic", "3", "--trace", "mmio,irq:file:1",
		     "--dtb", "d", "--dump-dtb", "u", "--timeout", "1.5", "--no-reboot", "--stats");

	cr_assert_eq(run_parse(&config, argv, &err), 0, "%s", err.text);
	cr_assert_str_eq(config.boot.kernel, "b");
	cr_assert(config.boot.allow_raw);
	cr_assert_str_eq(config.boot.initramfs, "i");
	cr_assert_str_eq(config.boot.append, "a b");
	cr_assert_str_eq(config.boot.dtb, "d");
	cr_assert_str_eq(config.boot.dump_dtb, "u");
	cr_assert_eq(config.vm.cpus, 4);
	cr_assert_eq(config.vm.memory, 1ULL << 30);
	cr_assert_eq(config.vm.gic, 3);
	cr_assert_eq(config.vm.trace.enabled, TRACE_MMIO | TRACE_IRQ);
	cr_assert_str_eq(config.trace_file, "file:1");
	cr_assert(config.has_timeout && config.no_reboot && config.stats);
	cr_assert_eq(config.timeout_ns, 1500000000);
}

Test(run_options, bare_metal_has_no_command_line_of_its_own)
{
	struct run_config config;

	cr_assert_eq(run_parse(&config, ARGV("--binary", "b"), NULL), 0);
	cr_assert_null(config.boot.append);
}

Test(run_options, refusals)
{
	run_refuses((char *const[]){NULL}, "--kernel");
	run_refuses(ARGV("--kernel", "a", "--binary", "b"), "only one");
	run_refuses(ARGV("--kernel", "a", "b"), "unexpected argument b");
	run_refuses(ARGV("--kernel", "a", "--engine", "steam"), "steam");
	run_refuses(ARGV("--kernel", "a", "--gic", "4"), "--gic 4");
	run_refuses(ARGV("--kernel", "a", "--cpus", "4294967297"), "--cpus 4294967297");
	run_refuses(ARGV("--kernel", "a", "--trace", "mmio:"), "no file name");
	run_refuses(ARGV("--kernel", "a", "--trace", "nonsense"), "nonsense");
}

/* --- god test --- */

static void test_refuses(char *const *argv, const char *word)
{
	struct test_config config;
	struct error err = {0};

	cr_assert_eq(test_parse(&config, argv, &err), -1, "%s", word);
	cr_assert_eq(err.kind, ERROR_USAGE);
	cr_assert_not_null(strstr(err.text, word), "%s", err.text);
	free(config.paths);
}

Test(test_options, everything)
{
	struct test_config config;
	struct error err = {0};
	char *const *argv = ARGV("a", "--jobs", "3", "b", "--filter", "x*", "--format", "tap",
				 "--shard", "2/3", "--timeout", "0.5", "--engine", "all");

	cr_assert_eq(test_parse(&config, argv, &err), 0, "%s", err.text);
	cr_assert_eq(config.path_count, 2);
	cr_assert_str_eq(config.paths[1], "b");
	cr_assert_eq(config.jobs, 3);
	cr_assert_str_eq(config.filter, "x*");
	cr_assert_str_eq(config.format, "tap");
	cr_assert_eq(config.shard, 2);
	cr_assert_eq(config.shards, 3);
	cr_assert_eq(config.timeout_ms, 500);
	cr_assert_geq(config.engine_count, 1);
	free(config.paths);
}

Test(test_options, refusals)
{
	test_refuses(ARGV("--jobs", "0"), "--jobs 0");
	test_refuses(ARGV("--jobs", "9999"), "--jobs 9999");
	test_refuses(ARGV("--shard", "0/2"), "--shard 0/2");
	test_refuses(ARGV("--shard", "3/2"), "--shard 3/2");
	test_refuses(ARGV("--shard", "1/2x"), "--shard 1/2x");
	test_refuses(ARGV("--shard", "1"), "--shard 1");
	test_refuses(ARGV("--engine", "steam"), "steam");
}
