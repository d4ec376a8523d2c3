/* A command, its log, its secrets and its environment with every allocation failing in turn. */
#include "failing_malloc.h"

#include "base/file.h"
#include "track/environment.h"
#include "track/launch.h"
#include "track/secret.h"

#include <unistd.h>

static char folder[] = "/tmp/assay-launch-memory-XXXXXX";

static int run_it(struct error *err)
{
	const char *const argv[] = {"sh", "-c", "echo API_KEY=abc; seq 3000", NULL};
	struct launch_result result;
	int rc = launch(&result, &(struct launch_options){.argv = argv, .log = "log", .silent = 1}, err);

	if (!rc && result.started)
		assert_true(result.exit == 0 && result.log_bytes == 13905);
	return rc;
}

static int trim_it(struct error *err)
{
	int rc = log_trim("long", "short", err);

	return rc < 0 ? rc : 0;
}

static int mask_it(struct error *err)
{
	const char *const argv[] = {"x", "--token=abc", "caf\xe9", "postgres://a:b@c/", NULL};
	struct secret_stream *stream = secret_stream_new(NULL);
	struct buf out = BUF_INIT;
	size_t masked;
	json_t *array = secret_argv(argv, &masked);
	int rc = array && stream ? 0 : error_nomem(err);

	if (stream) {
		masked = secret_stream_add(stream, &out, "half PASS", 9);
		masked += secret_stream_add(stream, &out, "WORD=x y\nsecond", 15);
	}
	masked += secret_stream_end(stream, &out);
	if (!rc)
		rc = buf_check(&out, err);
	if (!rc) {
		assert_int_equal(masked, 1);
		assert_string_equal(out.text, "half PASSWORD=*** y\nsecond");
	}
	buf_release(&out);
	json_decref(array);
	return rc;
}

static int record_it(struct error *err)
{
	const char *const argv[] = {"venv/bin/python3", NULL};
	struct run run = {0};
	int rc = run_new(&run, err);

	if (!rc)
		rc = environment_of_command(&run, argv, NULL, err);
	run_release(&run);
	return rc;
}

static void a_command_without_memory_says_so(void **state)
{
	(void)state;
	fail_in_turn(run_it);
}

static void a_log_is_cut_whole_or_not_at_all(void **state)
{
	struct buf text = BUF_INIT;
	struct error err = {0};

	(void)state;
	for (int i = 0; i < 200000; i++)
		buf_puts(&text, "a line\n");
	check_ok(file_write("long", text.text, text.len, &err), err);
	buf_release(&text);
	fail_in_turn(trim_it);
}

static void no_secret_gets_by_for_want_of_memory(void **state)
{
	(void)state;
	fail_in_turn(mask_it);
}

static void an_environment_without_memory_says_so(void **state)
{
	struct error err = {0};

	(void)state;
	check_ok(dir_make("venv/lib/python3.11/site-packages/numpy-1.26.4.dist-info", &err), err);
	check_ok(dir_make("venv/bin", &err), err);
	check_ok(file_write("venv/bin/python3", "", 0, &err), err);
	check_ok(file_write("venv/pyvenv.cfg", "version = 3.11.7\n", 17, &err), err);
	setenv("OMP_NUM_THREADS", "2", 1);
	fail_in_turn(record_it);
}

static int enter(void **state)
{
	(void)state;
	return !mkdtemp(folder) || chdir(folder);
}

static int leave(void **state)
{
	(void)state;
	return chdir("/") || dir_remove(folder, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_without_memory_says_so),
		cmocka_unit_test(a_log_is_cut_whole_or_not_at_all),
		cmocka_unit_test(no_secret_gets_by_for_want_of_memory),
		cmocka_unit_test(an_environment_without_memory_says_so),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
