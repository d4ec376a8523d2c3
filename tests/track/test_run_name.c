/* The name that a run gets from its command. */
#include "check.h"

#include "track/run_work.h"

static void check_name(const char *want, const char *const *argv)
{
	struct error err = {0};
	char *name = NULL;

	check_ok(run_default_name(&name, argv, &err), err);
	assert_string_equal(name, want);
	assert_int_equal(run_name_check(name, &err), 0);
	free(name);
}
#define CHECK(want, ...) check_name(want, (const char *const[]){__VA_ARGS__, NULL})

static void a_script_gives_its_base_name_without_suffix(void **state)
{
	(void)state;
	CHECK("train", "python3", "src/train.py", "--lr", "0.1");
	CHECK("train", "python3.11", "-u", "train.py");
	CHECK("train", "/usr/bin/env", "python", "train.py");
	CHECK("train", "uv", "run", "train.py");
	CHECK("fit", "Rscript", "fit.R");
	CHECK("train", "sh", "bin/train");
	CHECK("v1.2", "./v1.2.sh");
}

static void without_a_script_the_program_gives_it(void **state)
{
	(void)state;
	CHECK("true", "true");
	CHECK("model", "./build/model", "--depth", "6");
	CHECK("sh", "sh", "-c", "echo a");
	CHECK("python3", "python3", "-c", "print(1)");
	CHECK("package.train", "python3", "-m", "package.train", "--x");
	CHECK("perl", "perl", "-e", "1");
	CHECK(".hidden", ".hidden");
}

static void a_name_that_no_run_may_have_is_mended(void **state)
{
	char longest[201] = {0};

	(void)state;
	CHECK("run-best", "python3", "best.py");
	CHECK("run-latest", "./latest");
	CHECK("run-beef", "./beef.sh");
	CHECK("a-b", "a\nb");
	CHECK("-x", "\xff"
		    "x");
	memset(longest, 'a', sizeof(longest) - 1);
	CHECK("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", longest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_script_gives_its_base_name_without_suffix),
		cmocka_unit_test(without_a_script_the_program_gives_it),
		cmocka_unit_test(a_name_that_no_run_may_have_is_mended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
