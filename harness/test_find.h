/*
 * Finding the guest tests below some paths.
 */
#ifndef GOD_HARNESS_TEST_FIND_H
#define GOD_HARNESS_TEST_FIND_H

#include "harness/test_case.h"

struct test_list {
	struct test_case *tests;
	unsigned count;
};

/*
 * Append the tests of `path`: an ELF file, which must be a test, or a directory, below which every
 * .elf file that is one is taken, in order of name. A test's name is its path below the directory
 * without ".elf". ERROR_NO_INPUT or ERROR_BAD_DATA name the file.
 */
int test_find(struct test_list *list, const char *path, struct error *err);

/*
 * Keep those whose name, or last part of it, matches the shell pattern `filter` (NULL: all), and of
 * these shard k of n (1 <= k <= n).
 */
void test_select(struct test_list *list, const char *filter, unsigned k, unsigned n);

void test_list_destroy(struct test_list *list);

#endif
