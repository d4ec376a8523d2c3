/* A file with the given bytes in a folder of its own, for tests that read files. */
#ifndef ASSAY_TESTS_LEARN_FILES_H
#define ASSAY_TESTS_LEARN_FILES_H

#include "check.h"

#include "base/file.h"

#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/assay-test-XXXXXX";

static int folder_make(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int folder_remove(void **state)
{
	(void)state;
	return dir_remove(folder, NULL);
}

/* Always the same name; messages hold it, so the tests work inside of the folder. */
static const char *file_with(const void *bytes, size_t len)
{
	struct error err = {0};

	assert_int_equal(chdir(folder), 0);
	check_ok(file_write("t.csv", bytes, len, &err), err);
	return "t.csv";
}

#endif
