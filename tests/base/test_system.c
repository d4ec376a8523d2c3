/* Files, hashing, processes, random numbers. */
#include "check.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/process.h"
#include "base/random.h"

#include <sys/stat.h>
#include <unistd.h>

static char *folder;

static int make_folder(void **state)
{
	(void)state;
	folder = mem_text("/tmp/assay-base-XXXXXX");
	return folder && mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	if (dir_remove(folder, NULL) < 0 || file_exists(folder))
		return -1;
	free(folder);
	return 0;
}

static void a_written_file_reads_back(void **state)
{
	char *path = path_join(folder, "a/b/c.txt"), *dir = path_join(folder, "a/b");
	struct buf text = BUF_INIT;
	struct error err = {0};
	struct names names = {0};
	struct stat st;

	(void)state;
	check_ok(dir_make(dir, &err), err);
	check_ok(file_write(path, "one\0two", 7, &err), err);
	check_ok(file_read(&text, path, &err), err);
	assert_int_equal(text.len, 7);
	assert_memory_equal(text.text, "one\0two", 7);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0600, 0600);
	assert_int_equal(file_create(path, "x", 1, &err), ERR_INPUT);
	error_clear(&err);
	check_ok(dir_list(&names, dir, &err), err);
	assert_int_equal(names.n, 1); /* no temporary file is left */
	assert_string_equal(names.name[0], "c.txt");
	names_free(&names);
	buf_release(&text);
	free(path);
	free(dir);
}

static void a_missing_file_is_told_apart(void **state)
{
	struct buf text = BUF_INIT;
	struct error err = {0};

	(void)state;
	assert_int_equal(file_read(&text, "/nonexistent/file", &err), ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, "/nonexistent/file"));
	assert_int_equal(file_write("/nonexistent/file", "x", 1, NULL), ERR_NOT_FOUND);
}

static void removing_a_folder_follows_no_link(void **state)
{
	char *kept = path_join(folder, "kept"), *gone = path_join(folder, "gone"),
	     *link = path_join(folder, "gone/link");

	(void)state;
	assert_int_equal(dir_make(kept, NULL), 0);
	assert_int_equal(dir_make(gone, NULL), 0);
	assert_int_equal(symlink(kept, link), 0);
	assert_int_equal(dir_remove(gone, NULL), 0);
	assert_true(dir_exists(kept));
	assert_false(file_exists(gone));
	free(kept);
	free(gone);
	free(link);
}

static void sorted_names_stand_once_and_are_found(void **state)
{
	static const char *const given[] = {"b", "a", "c", "b", "a"};
	struct names names = {0};
	struct error err = {0};

	(void)state;
	names_sort(&names);
	assert_false(names_has(&names, "a"));
	for (size_t i = 0; i < sizeof(given) / sizeof(*given); i++)
		check_ok(names_add(&names, given[i], &err), err);
	names_sort(&names);
	assert_int_equal(names.n, 3);
	assert_string_equal(names.name[0], "a");
	assert_string_equal(names.name[2], "c");
	assert_true(names_has(&names, "b"));
	assert_false(names_has(&names, "bb"));
	names_free(&names);
}

static void only_a_path_below_its_folder_stays(void **state)
{
	static const char *const out[] = {"", "/a", "a/", "a//b", ".", "./a", "a/.", "..", "../a", "a/../b"};
	static const char *const in[] = {"a", "a/b", "...", ".a", "..a/b", "a/b.."};

	(void)state;
	for (size_t i = 0; i < sizeof(out) / sizeof(*out); i++)
		assert_false(path_stays(out[i]));
	for (size_t i = 0; i < sizeof(in) / sizeof(*in); i++)
		assert_true(path_stays(in[i]));
}

static void sha256_agrees_with_the_standard(void **state) /* FIPS 180-4 examples */
{
	char hex[SHA256_HEX];
	struct hash *hash = hash_new();
	unsigned long long order;

	(void)state;
	assert_int_equal(sha256(hex, "abc", 3, NULL), 0);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_int_equal(sha256(hex, "", 0, NULL), 0);
	assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_int_equal(hash_order(&order, hash, "abc", 3, NULL), 0);
	assert_true(order == 0xba7816bf8f01cfeaULL);
	assert_int_equal(hash_order(&order, hash, "", 0, NULL), 0);
	assert_true(order == 0xe3b0c44298fc1c14ULL);
	hash_end(hash, NULL);
}

static void a_child_gets_its_input_and_gives_its_output(void **state)
{
	const char *argv[] = {"sh", "-c", "cat; echo \"$WORD\" >&2; exit 3", NULL};
	const char *environment[] = {"WORD=heard", NULL};
	struct buf out = BUF_INIT, errors = BUF_INIT;
	struct process_result result;
	struct error err = {0};
	size_t len = 1 << 20;
	char *input = mem_zeroed(len, 1);

	(void)state;
	check_ok(process_run(&result,
			     &(struct process_options){.argv = argv,
						       .environment = environment,
						       .input = input,
						       .input_len = len,
						       .out = &out,
						       .errors = &errors},
			     &err),
		 err);
	assert_int_equal(result.exit, 3);
	assert_int_equal(out.len, len);
	assert_string_equal(errors.text, "heard\n");
	buf_release(&out);
	buf_release(&errors);
	free(input);
}

static void a_program_that_is_not_there_is_told(void **state)
{
	const char *argv[] = {"no-such-program-anywhere", NULL};
	struct process_result result;
	struct error err = {0};

	(void)state;
	assert_int_equal(process_run(&result, &(struct process_options){.argv = argv}, &err), ERR_NOT_FOUND);
}

static void a_child_that_hangs_or_floods_is_ended(void **state)
{
	const char *hang[] = {"sleep", "60", NULL}, *flood[] = {"yes", NULL};
	const struct process_limits brief = {.seconds = 0.2}, small = {.output_bytes = 100000};
	struct buf out = BUF_INIT;
	struct process_result result;
	double before = clock_seconds();

	(void)state;
	assert_int_equal(process_run(&result, &(struct process_options){.argv = hang, .limits = &brief}, NULL), 0);
	assert_true(result.timed_out);
	assert_int_equal(
		process_run(&result, &(struct process_options){.argv = flood, .limits = &small, .out = &out}, NULL), 0);
	assert_true(result.timed_out);
	assert_true(clock_seconds() - before < 30);
	buf_release(&out);
}

static int write_and_abort(void *context, int fd)
{
	if (fd_write(fd, context, strlen(context), "pipe", NULL) < 0)
		return 1;
	abort();
}

static void a_forked_child_that_aborts_leaves_us_alive(void **state)
{
	const struct process_limits limits = {.seconds = 20};
	struct buf out = BUF_INIT;
	struct process_result result;
	struct error err = {0};
	char text[] = "half";

	(void)state;
	check_ok(process_fork(&result, &out, write_and_abort, text, &limits, &err), err);
	assert_int_equal(result.exit, 128 + 6);
	assert_string_equal(out.text, "half");
	buf_release(&out);
}

static void a_seed_fixes_the_sequence_and_streams_differ(void **state)
{
	struct random a, b, c;
	size_t items[100];
	unsigned long sum = 0;

	(void)state;
	random_init(&a, 7, 0);
	random_init(&b, 7, 0);
	random_init(&c, 7, 1);
	for (int i = 0; i < 100; i++) {
		uint64_t x = random_u64(&a);

		assert_true(x == random_u64(&b));
		assert_true(x != random_u64(&c));
		assert_true(random_below(&a, 10) < 10 && random_below(&b, 10) < 10);
		items[i] = (size_t)i;
	}
	random_shuffle(&a, items, 100);
	for (int i = 0; i < 100; i++)
		sum += items[i];
	assert_int_equal(sum, 4950);
}

static void random_below_is_uniform(void **state)
{
	struct random random;
	double count[7] = {0}, chi = 0;

	(void)state;
	random_init(&random, 1, 1);
	for (int i = 0; i < 70000; i++)
		count[random_below(&random, 7)]++;
	for (int i = 0; i < 7; i++)
		chi += (count[i] - 10000) * (count[i] - 10000) / 10000;
	assert_true(chi < 22.5); /* 0.999 quantile of chi-squared with 6 degrees of freedom */
}

static void times_are_utc_and_rfc_3339(void **state)
{
	char text[CLOCK_TEXT];

	(void)state;
	clock_text(text, 1795516215);
	assert_string_equal(text, "2026-11-24T10:30:15Z");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_written_file_reads_back),
		cmocka_unit_test(a_missing_file_is_told_apart),
		cmocka_unit_test(removing_a_folder_follows_no_link),
		cmocka_unit_test(sorted_names_stand_once_and_are_found),
		cmocka_unit_test(only_a_path_below_its_folder_stays),
		cmocka_unit_test(sha256_agrees_with_the_standard),
		cmocka_unit_test(a_child_gets_its_input_and_gives_its_output),
		cmocka_unit_test(a_program_that_is_not_there_is_told),
		cmocka_unit_test(a_child_that_hangs_or_floods_is_ended),
		cmocka_unit_test(a_forked_child_that_aborts_leaves_us_alive),
		cmocka_unit_test(a_seed_fixes_the_sequence_and_streams_differ),
		cmocka_unit_test(random_below_is_uniform),
		cmocka_unit_test(times_are_utc_and_rfc_3339),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
