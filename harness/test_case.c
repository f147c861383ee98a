/*
 * Reading expectations. A record that this version does not know is an error, not something to
 * skip: an expectation that is not checked would be a test that cannot fail.
 */
#include "harness/test_case.h"

#include <stdlib.h>
#include <string.h>

#include "core/boot/file.h"

static uint64_t number_at(const uint8_t *bytes, unsigned size)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < size; i++)
		value |= (uint64_t)bytes[i] << 8 * i;
	return value;
}

static int no_memory(struct error *err)
{
	return error_set(err, ERROR_NO_MEMORY, "no memory for a test's expectations");
}

static int append_text(struct text *text, struct bytes payload, struct error *err)
{
	uint8_t *data = realloc(text->data, text->len + payload.len + 1);

	if (!data)
		return no_memory(err);
	memcpy(data + text->len, payload.data, payload.len);
	text->data = data;
	text->len += payload.len;
	return 0;
}

static int append_word(struct word_list *list, struct bytes payload, struct error *err)
{
	if (list->count == TEST_WORDS_MAX)
		return error_set(err, ERROR_BAD_DATA, "more than %d words", TEST_WORDS_MAX);
	list->words[list->count] = strndup((const char *)payload.data, payload.len);
	if (!list->words[list->count])
		return no_memory(err);
	list->count++;
	return 0;
}

static int append_expectation(struct test_case *test, struct bytes payload, struct error *err)
{
	struct expectation *list;
	struct expectation new = {0};
	size_t name_len;

	if (payload.len <= 16 || payload.len - 16 >= sizeof(new.name))
		return error_set(err, ERROR_BAD_DATA, "an expect without a register's name");
	name_len = payload.len - 16;
	new.value.lo = number_at(payload.data, 8);
	new.value.hi = number_at(payload.data + 8, 8);
	memcpy(new.name, payload.data + 16, name_len);
	list = realloc(test->expectations, (test->expectation_count + 1) * sizeof(*list));
	if (!list)
		return no_memory(err);
	list[test->expectation_count++] = new;
	test->expectations = list;
	return 0;
}

static int set_title(struct test_case *test, struct bytes payload, struct error *err)
{
	if (test->title)
		return error_set(err, ERROR_BAD_DATA, "two titles");
	test->title = strndup((const char *)payload.data, payload.len);
	return test->title ? 0 : no_memory(err);
}

static int set_exception(struct test_case *test, struct bytes payload, struct error *err)
{
	if (payload.len != 16)
		return error_set(err, ERROR_BAD_DATA, "a malformed expect_exception");
	test->has_exception = true;
	test->exception_class = number_at(payload.data, 8);
	test->exception_vector = number_at(payload.data + 8, 8);
	test->status = TEST_STATUS_EXCEPTION;
	return 0;
}

static int set_end(struct test_case *test, struct bytes payload, struct error *err)
{
	if (payload.len == 3 && !memcmp(payload.data, "off", 3))
		test->end = VM_END_OFF;
	else if (payload.len == 5 && !memcmp(payload.data, "reset", 5))
		test->end = VM_END_RESET;
	else
		return error_set(err, ERROR_BAD_DATA, "a malformed end");
	return 0;
}

static int set_number(uint64_t *number, uint64_t max, struct bytes payload, struct error *err)
{
	if (payload.len != 8)
		return error_set(err, ERROR_BAD_DATA, "a malformed number");
	*number = number_at(payload.data, 8);
	if (*number > max)
		return error_set(err, ERROR_BAD_DATA, "a number that is too large: %#llx",
				 (unsigned long long)*number);
	return 0;
}

static int take_record(struct test_case *test, uint32_t kind, struct bytes payload,
		       struct error *err)
{
	switch (kind) {
	case RECORD_TITLE: return set_title(test, payload, err);
	case RECORD_EXPECT: return append_expectation(test, payload, err);
	case RECORD_UART: test->has_uart = true; return append_text(&test->uart, payload, err);
	case RECORD_EXIT: return set_number(&test->status, 255, payload, err);
	case RECORD_EXCEPTION: return set_exception(test, payload, err);
	case RECORD_END: return set_end(test, payload, err);
	case RECORD_INPUT: return append_text(&test->input, payload, err);
	case RECORD_CPUS: return set_number(&test->cpus, VCPU_MAX, payload, err);
	case RECORD_MEMORY: return set_number(&test->memory, VM_MEMORY_MAX, payload, err);
	case RECORD_GIC: return set_number(&test->gic, 3, payload, err);
	case RECORD_TIMEOUT: return set_number(&test->timeout_ms, 86400000, payload, err);
	case RECORD_VIRTUAL_TIME: return set_number(&test->virtual_time, 1, payload, err);
	case RECORD_NEEDS: return append_word(&test->needs, payload, err);
	case RECORD_ENGINES: return append_word(&test->engines, payload, err);
	case RECORD_DEVICES: return append_word(&test->devices, payload, err);
	default: return error_set(err, ERROR_BAD_DATA, "an expectation of unknown kind %u", kind);
	}
}

int test_case_parse(struct test_case *test, struct bytes records, struct error *err)
{
	const uint8_t *at = records.data;
	size_t left = records.len;

	*test = (struct test_case){
		.end = VM_END_EXIT,
		.cpus = 1,
		.memory = TEST_MEMORY_DEFAULT,
	};
	while (left) {
		struct bytes payload;
		size_t padded;

		if (left < 8 || number_at(at + 4, 4) > left - 8)
			return error_set(err, ERROR_BAD_DATA, "a truncated expectation");
		payload = (struct bytes){.data = at + 8, .len = (size_t)number_at(at + 4, 4)};
		if (take_record(test, (uint32_t)number_at(at, 4), payload, err))
			return -1;
		padded = 8 + ((payload.len + 7) & ~(size_t)7);
		if (padded > left) /* nothing follows the last one */
			padded = left;
		at += padded;
		left -= padded;
	}
	return test->title ? 0 : error_set(err, ERROR_BAD_DATA, "a test without a title");
}

int test_file_read(struct text *text, const char *path, struct error *err)
{
	struct file file;
	int failed;

	*text = (struct text){0};
	if (file_open(&file, path, err))
		return -1;
	text->data = malloc(file.size);
	text->len = file.size;
	failed = text->data ? file_read(&file, text->data, err) : no_memory(err);
	file_close(&file);
	if (failed) {
		free(text->data);
		*text = (struct text){0};
	}
	return failed;
}

int test_case_load(struct test_case *test, const char *path, const char *name, struct error *err)
{
	struct text file;
	struct bytes records;
	struct error reason = {0};
	int result;

	*test = (struct test_case){0};
	if (test_file_read(&file, path, err))
		return -1;
	records = elf_section_find((struct bytes){file.data, file.len}, TEST_SECTION);
	if (!records.data) {
		free(file.data);
		return 0;
	}
	result = test_case_parse(test, records, &reason);
	free(file.data);
	if (result)
		return error_set(err, reason.kind, "%s: %.400s", path, reason.text);
	test->path = strdup(path);
	test->name = strdup(name);
	return test->path && test->name ? 1 : no_memory(err);
}

void test_case_destroy(struct test_case *test)
{
	for (unsigned i = 0; i < test->needs.count; i++)
		free(test->needs.words[i]);
	for (unsigned i = 0; i < test->engines.count; i++)
		free(test->engines.words[i]);
	for (unsigned i = 0; i < test->devices.count; i++)
		free(test->devices.words[i]);
	free(test->path);
	free(test->name);
	free(test->title);
	free(test->expectations);
	free(test->uart.data);
	free(test->input.data);
	*test = (struct test_case){0};
}
