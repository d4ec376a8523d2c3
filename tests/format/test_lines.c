/* Lines of a file as a stream. */
#include "check.h"

#include "base/file.h"
#include "base/random.h"
#include "format/lines.h"

#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { LIMIT = 1000 };

static int file_of(const char *bytes, size_t len)
{
	int fd = memfd_create("lines", MFD_CLOEXEC);

	assert_int_equal(write(fd, bytes, len), len);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static void ends_of_lines_are_no_part_of_them(void **state)
{
	static const char bytes[] = "\xef\xbb\xbf"
				    "one\r\n\n\xef\xbb\xbf"
				    "three\nlast";
	struct error err = {0};
	struct lines lines;
	int fd = file_of(bytes, sizeof(bytes) - 1);

	(void)state;
	lines_init(&lines, fd, "x", LIMIT, ULLONG_MAX);
	assert_int_equal(lines_next(&lines, &err), 1);
	assert_int_equal(lines.len, 3);
	assert_memory_equal(lines.text, "one", 3);
	assert_true(lines_waiting(&lines));
	assert_int_equal(lines_next(&lines, &err), 1);
	assert_int_equal(lines.len, 0);
	assert_int_equal(lines_next(&lines, &err), 1);
	assert_int_equal(lines.len, 8);
	assert_false(lines.unfinished);
	assert_false(lines_waiting(&lines));
	assert_int_equal(lines_next(&lines, &err), 1);
	assert_int_equal(lines.number, 4);
	assert_int_equal(lines.len, 4);
	assert_true(lines.unfinished);
	assert_int_equal(lines_next(&lines, &err), 0);
	lines_release(&lines);
	close(fd);
}

static void no_more_is_read_than_was_asked_for(void **state)
{
	struct error err = {0};
	struct lines lines;
	int fd = file_of("ab\ncd\nef\n", 9);

	(void)state;
	lines_init(&lines, fd, "x", LIMIT, 4);
	assert_int_equal(lines_next(&lines, &err), 1);
	assert_int_equal(lines_next(&lines, &err), 1);
	assert_int_equal(lines.len, 1);
	assert_true(lines.unfinished);
	assert_int_equal(lines_next(&lines, &err), 0);
	lines_release(&lines);
	close(fd);
}

static void what_cannot_be_read_is_an_error(void **state)
{
	struct error err = {0};
	struct lines lines;

	(void)state;
	lines_init(&lines, -1, "no-file", LIMIT, ULLONG_MAX);
	assert_int_equal(lines_next(&lines, &err), ERR_MACHINE);
	assert_non_null(strstr(err.text, "no-file"));
	lines_release(&lines);
}

/* Lines of many lengths, around the limit and around what is read at once, against their own list. */
static void every_line_comes_once_in_order_whatever_its_length(void **state)
{
	static const size_t lengths[] = {0,         1,     2,     LIMIT - 1, LIMIT, LIMIT + 1, LIMIT + 2,
					 LIMIT + 3, 65534, 65535, 65536,     65537, 200000};
	enum { LINES = 400 };
	size_t length[LINES];
	struct buf bytes = BUF_INIT;
	struct error err = {0};
	struct random random;
	struct lines lines;
	int fd;

	(void)state;
	random_init(&random, 3, 0);
	for (size_t i = 0; i < LINES; i++) {
		length[i] = lengths[random_below(&random, sizeof(lengths) / sizeof(*lengths))];
		for (size_t k = 0; k < length[i]; k++)
			buf_putc(&bytes, (char)('a' + (i + k) % 26));
		buf_puts(&bytes, i % 3 ? "\n" : "\r\n");
	}
	fd = file_of(bytes.text, bytes.len);
	lines_init(&lines, fd, "x", LIMIT, ULLONG_MAX);
	for (size_t i = 0; i < LINES; i++) {
		assert_int_equal(lines_next(&lines, &err), 1);
		assert_int_equal(lines.number, i + 1);
		assert_int_equal(lines.too_long, length[i] > LIMIT);
		if (!lines.too_long)
			assert_int_equal(lines.len, length[i]);
		for (size_t k = 0; k < LIMIT && k < length[i]; k++)
			assert_int_equal(lines.text[k], (char)('a' + (i + k) % 26));
	}
	assert_int_equal(lines_next(&lines, &err), 0);
	lines_release(&lines);
	buf_release(&bytes);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_of_lines_are_no_part_of_them),
		cmocka_unit_test(no_more_is_read_than_was_asked_for),
		cmocka_unit_test(what_cannot_be_read_is_an_error),
		cmocka_unit_test(every_line_comes_once_in_order_whatever_its_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
