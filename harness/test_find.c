/*
 * Test discovery: no registration, the files are the list. Order is that of names, so that reports
 * and shards are the same everywhere.
 */
#include "harness/test_find.h"

#include <errno.h>
#include <fnmatch.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char suffix[] = ".elf";

static bool has_suffix(const char *path)
{
	size_t len = strlen(path);

	return len > strlen(suffix) && !strcmp(path + len - strlen(suffix), suffix);
}

/* Load one file onto the list. Returns 1, 0 when it is not a test, or -1. */
static int append(struct test_list *list, const char *path, const char *below, struct error *err)
{
	struct test_case *tests = realloc(list->tests, (list->count + 1) * sizeof(*tests));
	size_t len = strlen(below) - (has_suffix(below) ? strlen(suffix) : 0);
	char *name = strndup(below, len);
	int found;

	if (tests)
		list->tests = tests;
	if (!tests || !name) {
		free(name);
		return error_set(err, ERROR_NO_MEMORY, "no memory for a list of tests");
	}
	found = test_case_load(&tests[list->count], path, name, err);
	if (found == 1)
		list->count++;
	else
		test_case_destroy(&tests[list->count]);
	free(name);
	return found;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static int find_below(struct test_list *list, const char *path, struct error *err)
{
	char *const roots[] = {(char *)path, NULL};
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	int failed = 0;
	FTSENT *entry;

	if (!fts)
		return error_set_errno(err, errno, "%s", path);
	while (!failed && (entry = fts_read(fts))) {
		const char *below = entry->fts_path + strlen(path);

		if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR)
			failed = error_set_errno(err, entry->fts_errno, "%s", entry->fts_path);
		else if (entry->fts_info == FTS_F && has_suffix(entry->fts_name))
			failed = append(list, entry->fts_path, below + strspn(below, "/"), err) < 0;
	}
	fts_close(fts);
	return failed ? -1 : 0;
}

/* A test that is named as a file: "build/guest-tests/int/adds.elf" is "adds". */
static int find_file(struct test_list *list, const char *path, struct error *err)
{
	const char *slash = strrchr(path, '/');
	int found = append(list, path, slash ? slash + 1 : path, err);

	if (!found)
		error_set(err, ERROR_BAD_DATA, "%s: not a guest test (no section %s)", path,
			  TEST_SECTION);
	return found == 1 ? 0 : -1;
}

int test_find(struct test_list *list, const char *path, struct error *err)
{
	struct stat info;

	if (stat(path, &info))
		return error_set_errno(err, errno, "%s", path);
	return S_ISDIR(info.st_mode) ? find_below(list, path, err) : find_file(list, path, err);
}

static bool matches(const struct test_case *test, const char *filter)
{
	const char *slash = strrchr(test->name, '/');

	return !filter || !fnmatch(filter, test->name, 0) ||
	       (slash && !fnmatch(filter, slash + 1, 0));
}

void test_select(struct test_list *list, const char *filter, unsigned k, unsigned n)
{
	unsigned matching = 0;
	unsigned kept = 0;

	for (unsigned i = 0; i < list->count; i++) {
		struct test_case *test = &list->tests[i];

		if (matches(test, filter) && matching++ % n == k - 1)
			list->tests[kept++] = *test;
		else
			test_case_destroy(test);
	}
	list->count = kept;
}

void test_list_destroy(struct test_list *list)
{
	for (unsigned i = 0; i < list->count; i++)
		test_case_destroy(&list->tests[i]);
	free(list->tests);
	*list = (struct test_list){0};
}
