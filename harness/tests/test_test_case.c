/*
 * Reading a test's expectations: everything that test.inc can write, and everything that it cannot.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/test_case.h"
#include "harness/tests/elf_builder.h"

static int parse(struct test_case *test, const struct builder *records, struct error *err)
{
	return test_case_parse(test, (struct bytes){records->data, records->len}, err);
}

Test(test_case, defaults)
{
	struct builder records = {0};
	struct test_case test;
	struct error err = {0};

	build_text(&records, RECORD_TITLE, "a title");
	cr_assert_eq(parse(&test, &records, &err), 0, "%s", err.text);
	cr_assert_str_eq(test.title, "a title");
	cr_assert_eq(test.end, VM_END_EXIT);
	cr_assert_eq(test.status, 0);
	cr_assert_eq(test.cpus, 1);
	cr_assert_eq(test.memory, TEST_MEMORY_DEFAULT);
	cr_assert_eq(test.expectation_count, 0);
	cr_assert_not(test.has_uart);
	test_case_destroy(&test);
	free(records.data);
}

Test(test_case, everything)
{
	struct builder records = {0};
	struct test_case test;
	struct error err = {0};

	build_text(&records, RECORD_TITLE, "t");
	build_expect(&records, "v31", 1, 2);
	build_expect(&records, "x0", 0, UINT64_MAX);
	build_text(&records, RECORD_UART, "one");
	build_text(&records, RECORD_UART, " two");
	build_text(&records, RECORD_INPUT, "in");
	build_value(&records, RECORD_EXIT, 255);
	build_value(&records, RECORD_CPUS, 4);
	build_value(&records, RECORD_MEMORY, 1 << 20);
	build_value(&records, RECORD_GIC, 2);
	build_value(&records, RECORD_TIMEOUT, 1500);
	build_text(&records, RECORD_NEEDS, "aes");
	build_text(&records, RECORD_NEEDS, "lse");
	build_text(&records, RECORD_ENGINES, "kvm");
	build_text(&records, RECORD_END, "reset");
	cr_assert_eq(parse(&test, &records, &err), 0, "%s", err.text);
	cr_assert_eq(test.expectation_count, 2);
	cr_assert_str_eq(test.expectations[0].name, "v31");
	cr_assert_eq(test.expectations[0].value.hi, 1);
	cr_assert_eq(test.expectations[0].value.lo, 2);
	cr_assert_str_eq(test.expectations[1].name, "x0");
	cr_assert_eq(test.uart.len, 7);
	cr_assert_arr_eq(test.uart.data, "one two", 7);
	cr_assert_arr_eq(test.input.data, "in", 2);
	cr_assert_eq(test.status, 255);
	cr_assert_eq(test.cpus, 4);
	cr_assert_eq(test.memory, 1 << 20);
	cr_assert_eq(test.gic, 2);
	cr_assert_eq(test.timeout_ms, 1500);
	cr_assert_eq(test.needs.count, 2);
	cr_assert_str_eq(test.needs.words[1], "lse");
	cr_assert_str_eq(test.engines.words[0], "kvm");
	cr_assert_eq(test.end, VM_END_RESET);
	test_case_destroy(&test);
	free(records.data);
}

Test(test_case, expected_exception)
{
	struct builder records = {0};
	struct test_case test;

	build_text(&records, RECORD_TITLE, "t");
	build_exception(&records, 0x3c, TEST_ANY);
	cr_assert_eq(parse(&test, &records, NULL), 0);
	cr_assert(test.has_exception);
	cr_assert_eq(test.exception_class, 0x3c);
	cr_assert_eq(test.exception_vector, TEST_ANY);
	test_case_destroy(&test);
	free(records.data);
}

static void refuse(struct builder *records, const char *word)
{
	struct test_case test;
	struct error err = {0};

	cr_assert_eq(parse(&test, records, &err), -1, "%s", word);
	cr_assert_eq(err.kind, ERROR_BAD_DATA);
	cr_assert_not_null(strstr(err.text, word), "%s", err.text);
	test_case_destroy(&test);
	free(records->data);
	*records = (struct builder){0};
}

Test(test_case, refusals)
{
	struct builder records = {0};

	build_value(&records, RECORD_EXIT, 0);
	refuse(&records, "without a title");
	build_text(&records, RECORD_TITLE, "a");
	build_text(&records, RECORD_TITLE, "b");
	refuse(&records, "two titles");
	build_text(&records, 99, "");
	refuse(&records, "unknown kind 99");
	build_value(&records, RECORD_EXIT, 256);
	refuse(&records, "too large");
	build_value(&records, RECORD_CPUS, VCPU_MAX + 1);
	refuse(&records, "too large");
	build_text(&records, RECORD_CPUS, "4");
	refuse(&records, "malformed number");
	build_text(&records, RECORD_END, "halt");
	refuse(&records, "malformed end");
	build_text(&records, RECORD_EXCEPTION, "x");
	refuse(&records, "malformed expect_exception");
	build_expect(&records, "", 0, 0);
	refuse(&records, "without a register");
	build_expect(&records, "a_register_whose_name_is_far_too_long", 0, 0);
	refuse(&records, "without a register");
	for (unsigned i = 0; i <= TEST_WORDS_MAX; i++)
		build_text(&records, RECORD_NEEDS, "aes");
	refuse(&records, "words");
}

/* Whatever the section is cut to, the reader stays inside it. (ASan watches the malloc'ed copy.) */
Test(test_case, every_truncation)
{
	struct builder records = {0};

	build_text(&records, RECORD_TITLE, "title");
	build_expect(&records, "x0", 0, 1);
	build_text(&records, RECORD_UART, "text");
	build_exception(&records, 1, 2);
	for (size_t len = 0; len < records.len; len++) {
		uint8_t *copy = malloc(len + !len);
		struct test_case test;

		memcpy(copy, records.data, len);
		test_case_parse(&test, (struct bytes){copy, len}, NULL);
		test_case_destroy(&test);
		free(copy);
	}
	free(records.data);
}

Test(test_case, load_tells_tests_from_other_files)
{
	const uint32_t code[] = {0};
	struct builder records = {0}, lines = {0}, elf = {0}, other = {0};
	struct test_case test;
	struct error err = {0};
	char *path;

	build_text(&records, RECORD_TITLE, "loaded");
	build_elf(&elf, code, 1, &records, &lines);
	path = build_file(&elf);
	cr_assert_eq(test_case_load(&test, path, "name", &err), 1, "%s", err.text);
	cr_assert_str_eq(test.title, "loaded");
	cr_assert_str_eq(test.name, "name");
	cr_assert_str_eq(test.path, path);
	test_case_destroy(&test);
	unlink(path);
	cr_assert_eq(test_case_load(&test, path, "name", &err), -1);
	cr_assert_eq(err.kind, ERROR_NO_INPUT);
	free(path);

	build_bytes(&other, "not an ELF file", 15);
	path = build_file(&other);
	cr_assert_eq(test_case_load(&test, path, "name", &err), 0);
	unlink(path);
	free(path);
	free(records.data);
	free(elf.data);
	free(other.data);
}
