/*
 * A guest test as its ELF file describes it: guest-tests/test.inc writes the section .god.test, this
 * reads it.
 *
 * The section is a sequence of records: u32 kind, u32 length, payload, padding to 8 bytes. Numbers
 * are little-endian; a number's payload is a u64; texts have no terminator.
 */
#ifndef GOD_HARNESS_TEST_CASE_H
#define GOD_HARNESS_TEST_CASE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/engine.h"
#include "core/error.h"
#include "core/vm.h"
#include "harness/elf_section.h"

/* Record kinds, as in test.inc. */
enum test_record {
	RECORD_TITLE = 1,
	RECORD_EXPECT,	     /* u64 low, u64 high, register name */
	RECORD_UART,	     /* text; several add up */
	RECORD_EXIT,	     /* number */
	RECORD_EXCEPTION,    /* u64 class, u64 vector; all ones: any */
	RECORD_END,	     /* "off" or "reset" */
	RECORD_INPUT,	     /* text; several add up */
	RECORD_CPUS,	     /* number */
	RECORD_MEMORY,	     /* number */
	RECORD_GIC,	     /* number */
	RECORD_TIMEOUT,	     /* number, milliseconds */
	RECORD_NEEDS,	     /* one word */
	RECORD_ENGINES,	     /* one name */
	RECORD_VIRTUAL_TIME, /* number: 1 */
	RECORD_DEVICES,	     /* one name */
};

#define TEST_SECTION	       ".god.test"
#define TEST_STATUS_EXCEPTION  0xfe /* what a vector of test.inc without handler ends with */
#define TEST_ANY	       UINT64_MAX
#define TEST_MEMORY_DEFAULT    (64ULL << 20)
#define TEST_TIMEOUT_DEFAULT   10000
#define TEST_REGISTER_NAME_MAX 32
#define TEST_WORDS_MAX	       16

struct text {
	uint8_t *data;
	size_t len;
};

struct expectation {
	char name[TEST_REGISTER_NAME_MAX];
	struct reg_value value;
};

struct word_list {
	char *words[TEST_WORDS_MAX];
	unsigned count;
};

struct test_case {
	char *path; /* of the ELF file */
	char *name; /* for reports and --filter: "int/adds" */
	char *title;
	struct expectation *expectations;
	unsigned expectation_count;
	bool has_uart;
	struct text uart;
	struct text input;
	enum vm_end end; /* VM_END_EXIT, unless expect_off or expect_reset */
	uint64_t status;
	bool has_exception;
	uint64_t exception_class, exception_vector; /* or TEST_ANY */
	uint64_t cpus, memory, gic, timeout_ms, virtual_time;
	struct word_list needs, engines, devices;
};

/* Read the records. ERROR_BAD_DATA says what is wrong; test_case_destroy() all the same. */
int test_case_parse(struct test_case *test, struct bytes records, struct error *err);

/*
 * Read an ELF file's. Returns 1, 0 when the file is no ELF file with a section .god.test, or -1.
 * `name` and `path` are copied.
 */
int test_case_load(struct test_case *test, const char *path, const char *name, struct error *err);

void test_case_destroy(struct test_case *test);

/* The whole file into text->data, malloc'ed. */
int test_file_read(struct text *text, const char *path, struct error *err);

/* A sanitizer slows god down by about that much, and time limits are for what hangs. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TEST_TIME_SCALE 5
#else
#define TEST_TIME_SCALE 1
#endif

/* How long the test may take, in milliseconds; `general` is for tests that set no limit themselves. */
static inline uint64_t test_case_limit_ms(const struct test_case *test, uint64_t general)
{
	return (test->timeout_ms ? test->timeout_ms : general) * TEST_TIME_SCALE;
}

#endif
