/* What a command's environment records: the packages of its Python, graphics processors, variables of an allow-list. */
#include "check.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "format/json.h"
#include "track/environment.h"
#include "track/environment_work.h"

#include <sys/stat.h>
#include <unistd.h>

static char *folder; /* of one test; the working folder while it runs */

static int enter(void **state)
{
	char name[] = "/tmp/assay-environment-XXXXXX";

	(void)state;
	folder = mem_text(mkdtemp(name));
	unsetenv("VIRTUAL_ENV");
	unsetenv("CONDA_PREFIX");
	return !folder || chdir(folder) || setenv("PATH", "/nowhere", 1);
}

static int leave(void **state)
{
	int rc = chdir("/");

	(void)state;
	if (dir_remove(folder, NULL) < 0)
		rc = -1;
	free(folder);
	return rc;
}

static void put(const char *path, const char *text)
{
	struct error err = {0};
	char *dir = mem_text_n(path, (size_t)(path_base(path) - path));

	if (*dir)
		check_ok(dir_make(dir, &err), err);
	check_ok(file_write(path, text, strlen(text), &err), err);
	free(dir);
}

static void put_program(const char *path, const char *text)
{
	put(path, text);
	assert_int_equal(chmod(path, 0755), 0);
}

/* A virtual environment as `python -m venv` makes it, with two packages. */
static void make_environment(const char *dir, const char *config)
{
	struct error err = {0};
	char *python = mem_printf("%s/bin/python3", dir), *cfg = mem_printf("%s/pyvenv.cfg", dir);

	put_program(python, "");
	put(cfg, config);
	for (size_t i = 0; i < 4; i++) {
		static const char *const names[] = {"numpy-1.26.4.dist-info", "Scikit_Learn-1.4.0.dist-info", "numpy",
						    "odd.dist-info"};
		char *path = mem_printf("%s/lib/python3.11/site-packages/%s", dir, names[i]);

		check_ok(dir_make(path, &err), err);
		free(path);
	}
	free(cfg);
	free(python);
}

/* The packages of a command as "name version;..." sorted; "none" where there is no environment. */
static char *packages_of(const char *const *argv, int *shared)
{
	struct error err = {0};
	struct buf text = BUF_INIT;
	json_t *packages = json_object(), *sorted;
	int rc = python_packages(packages, shared, argv, NULL, &err);
	const char *name;
	json_t *version;

	check_ok(rc < 0 ? rc : 0, err);
	sorted = json_sorted(packages);
	json_object_foreach(sorted, name, version) buf_printf(&text, "%s %s;", name, json_string_value(version));
	if (!rc)
		buf_puts(&text, "none");
	json_decref(sorted);
	json_decref(packages);
	return buf_detach(&text);
}

static void check_packages(const char *program, const char *want)
{
	int shared;
	char *got = packages_of((const char *const[]){program, "train.py", NULL}, &shared);

	assert_string_equal(got, want);
	free(got);
}

#define CONFIG "home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.11.7\n"
#define ALL "numpy 1.26.4;python 3.11.7;scikit-learn 1.4.0;"

static void the_interpreter_s_own_environment_counts(void **state)
{
	(void)state;
	make_environment("venv", CONFIG);
	check_packages("venv/bin/python3", ALL);
}

static void an_interpreter_is_looked_up_in_path(void **state)
{
	char *path = path_join(folder, "venv/bin");

	(void)state;
	make_environment("venv", CONFIG);
	check_packages("python3", "none");
	setenv("PATH", path, 1);
	check_packages("python3", ALL);
	free(path);
}

static void a_script_s_first_line_leads_to_its_environment(void **state)
{
	char *line = mem_printf("#!%s/venv/bin/python3 -u\nprint(1)\n", folder), *path = path_join(folder, "venv/bin");

	(void)state;
	make_environment("venv", CONFIG);
	put_program("train", line);
	check_packages("./train", ALL);
	put_program("train", "#!/usr/bin/env python3\n");
	check_packages("./train", "none");
	setenv("PATH", path, 1);
	check_packages("./train", ALL);
	put_program("train", "#!/bin/sh\n");
	setenv("PATH", "/nowhere", 1);
	check_packages("./train", "none");
	free(line);
	free(path);
}

static void other_programs_take_the_active_environment(void **state)
{
	(void)state;
	make_environment("venv", CONFIG);
	setenv("VIRTUAL_ENV", "venv", 1);
	check_packages("make", ALL);
	unsetenv("VIRTUAL_ENV");
	check_packages("make", "none");
	setenv("CONDA_PREFIX", "venv", 1);
	check_packages("make", ALL);
}

static void a_python_elsewhere_does_not_get_the_active_environment(void **state)
{
	(void)state;
	make_environment("venv", CONFIG);
	put_program("bin/python3", "");
	setenv("VIRTUAL_ENV", "venv", 1);
	check_packages("bin/python3", "none");
}

static void an_interpreter_built_into_a_folder_takes_its_own_version_s_packages(void **state)
{
	struct error err = {0};

	(void)state;
	put_program("usr/bin/python3.11", "");
	check_packages("usr/bin/python3.11", "none");
	check_ok(dir_make("usr/lib/python3.11/site-packages/numpy-1.0.dist-info", &err), err);
	check_ok(dir_make("usr/lib/python3.9/site-packages/numpy-0.9.dist-info", &err), err);
	assert_int_equal(symlink("python3.11", "usr/bin/python3"), 0);
	check_packages("usr/bin/python3", "numpy 1.0;python 3.11;");
}

static void a_shim_of_pyenv_stands_for_the_version_chosen(void **state)
{
	char *path = path_join(folder, "pyenv/shims");

	(void)state;
	make_environment("pyenv/versions/churn", CONFIG);
	put_program("pyenv/shims/python3", "#!/usr/bin/env bash\n");
	setenv("PATH", path, 1);
	check_packages("python3", "none");
	put("pyenv/version", "churn\n");
	check_packages("python3", ALL);
	put(".python-version", "other\n");
	check_packages("python3", "none");
	setenv("PYENV_VERSION", "churn:other", 1);
	check_packages("python3", ALL);
	check_packages("make", ALL);
	unsetenv("PYENV_VERSION");
	free(path);
}

static void versions_come_from_what_the_environment_says(void **state)
{
	(void)state;
	make_environment("venv", "home = /version = 9\nversion_info = 3.12.1.final.0\n");
	check_packages("venv/bin/python3", "numpy 1.26.4;python 3.12.1;scikit-learn 1.4.0;");
	put("venv/pyvenv.cfg", "home = /usr/bin\n");
	check_packages("venv/bin/python3", "numpy 1.26.4;python 3.11;scikit-learn 1.4.0;");
}

static void packages_shared_with_the_system_are_told(void **state)
{
	const char *const argv[] = {"venv/bin/python3", NULL};
	int shared;

	(void)state;
	make_environment("venv", CONFIG);
	free(packages_of(argv, &shared));
	assert_int_equal(shared, 0);
	put("venv/pyvenv.cfg", "home = /usr/bin\ninclude-system-site-packages = true\n");
	free(packages_of(argv, &shared));
	assert_int_equal(shared, 1);
}

static void hundreds_of_packages_cost_milliseconds(void **state)
{
	const char *const argv[] = {"venv/bin/python3", NULL};
	struct error err = {0};
	double start;
	int shared;
	char *text;

	(void)state;
	make_environment("venv", CONFIG);
	for (int i = 0; i < 300; i++) {
		char *path = mem_printf("venv/lib/python3.11/site-packages/package_%d-1.0.%d.dist-info", i, i);

		check_ok(dir_make(path, &err), err);
		free(path);
	}
	start = clock_seconds();
	text = packages_of(argv, &shared);
	assert_true(clock_seconds() - start < 0.05);
	assert_non_null(strstr(text, "package-299 1.0.299;"));
	free(text);
}

static void graphics_processors_are_named_by_their_drivers(void **state)
{
	struct error err = {0};
	struct names gpus;

	(void)state;
	check_ok(gpu_list(&gpus, folder, &err), err);
	assert_int_equal(gpus.n, 0);
	put("proc/driver/nvidia/gpus/0000:3b:00.0/information", "Model: \t\t NVIDIA A100-SXM4-40GB\nIRQ: 1\n");
	put("sys/class/drm/card0/device/product_name", "AMD Instinct MI250X\n");
	put("sys/class/drm/card1/device/vendor", "0x8086\n");
	put("sys/class/drm/card0-DP-1/device/product_name", "a screen\n");
	check_ok(gpu_list(&gpus, folder, &err), err);
	assert_int_equal(gpus.n, 2);
	assert_string_equal(gpus.name[0], "NVIDIA A100-SXM4-40GB");
	assert_string_equal(gpus.name[1], "AMD Instinct MI250X");
	names_free(&gpus);
}

static void nvidia_smi_is_asked_where_only_the_device_is_there(void **state)
{
	struct error err = {0};
	struct names gpus;

	(void)state;
	put("dev/nvidia0", "");
	check_ok(gpu_list(&gpus, folder, &err), err); /* no such program */
	assert_int_equal(gpus.n, 0);
	put_program("bin/nvidia-smi", "#!/bin/sh\necho 'Tesla T4'\necho 'Tesla P100'\n");
	setenv("PATH", "bin", 1);
	check_ok(gpu_list(&gpus, folder, &err), err);
	assert_int_equal(gpus.n, 2);
	assert_string_equal(gpus.name[1], "Tesla P100");
	names_free(&gpus);
	put_program("bin/nvidia-smi", "#!/bin/sh\necho 'Unable to determine the device handle'\nexit 15\n");
	check_ok(gpu_list(&gpus, folder, &err), err);
	assert_int_equal(gpus.n, 0);
}

static void variables_are_of_the_list_and_folders_go_by_their_last_name(void **state)
{
	struct error err = {0};
	struct run run;

	(void)state;
	setenv("OMP_NUM_THREADS", "4", 1);
	setenv("MY_SETTING", "x", 1);
	setenv("AWS_SECRET_ACCESS_KEY", "x", 1);
	setenv("VIRTUAL_ENV", "/home/ada/churn-env", 1);
	setenv("XLA_FLAGS", "--url=https://ada:lovelace@example.org/", 1);
	check_ok(run_new(&run, &err), err);
	check_ok(environment_of_command(&run, (const char *const[]){"make", NULL}, NULL, &err), err);
	assert_string_equal(run_text(&run, "environment.variables.OMP_NUM_THREADS"), "4");
	assert_string_equal(run_text(&run, "environment.variables.VIRTUAL_ENV"), "churn-env");
	assert_string_equal(run_text(&run, "environment.variables.XLA_FLAGS"), "--url=https://ada:***@example.org/");
	assert_null(run_field(&run, "environment.variables.MY_SETTING"));
	assert_null(run_field(&run, "environment.variables.AWS_SECRET_ACCESS_KEY"));
	assert_non_null(run_field(&run, "environment.os"));
	assert_non_null(run_field(&run, "environment.cores"));
	assert_null(run_field(&run, "environment.packages"));
	assert_non_null(strstr(run_text(&run, "notes.0"), "not recorded"));
	run_release(&run);
}

static void packages_of_a_command_are_in_its_record(void **state)
{
	struct error err = {0};
	struct run run;

	(void)state;
	make_environment("venv", CONFIG);
	check_ok(run_new(&run, &err), err);
	check_ok(environment_of_command(&run, (const char *const[]){"venv/bin/python3", NULL}, NULL, &err), err);
	assert_string_equal(run_text(&run, "environment.packages.numpy"), "1.26.4");
	assert_null(run_field(&run, "notes"));
	run_release(&run);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_interpreter_s_own_environment_counts),
		TEST(an_interpreter_is_looked_up_in_path),
		TEST(a_script_s_first_line_leads_to_its_environment),
		TEST(other_programs_take_the_active_environment),
		TEST(a_python_elsewhere_does_not_get_the_active_environment),
		TEST(an_interpreter_built_into_a_folder_takes_its_own_version_s_packages),
		TEST(a_shim_of_pyenv_stands_for_the_version_chosen),
		TEST(versions_come_from_what_the_environment_says),
		TEST(packages_shared_with_the_system_are_told),
		TEST(hundreds_of_packages_cost_milliseconds),
		TEST(graphics_processors_are_named_by_their_drivers),
		TEST(nvidia_smi_is_asked_where_only_the_device_is_there),
		TEST(variables_are_of_the_list_and_folders_go_by_their_last_name),
		TEST(packages_of_a_command_are_in_its_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
