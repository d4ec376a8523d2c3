/* Ids, folders and the names that experiments and runs may have. */
#include "check.h"

#include "record/id.h"

static void a_new_id_holds_the_utc_second_and_a_handle(void **state)
{
	struct error err = {0};
	char a[RUN_ID], b[RUN_ID];

	(void)state;
	check_ok(id_new(a, 1795516215, NULL, &err), err);
	check_ok(id_new(b, 1795516215, NULL, &err), err);
	assert_int_equal(strncmp(a, "20261124-103015-", 16), 0);
	assert_true(id_valid(a));
	assert_string_not_equal(a, b);
	assert_int_equal(strlen(id_handle(a)), RUN_HANDLE - 1);
}

static void ids_of_one_second_sort_as_they_were_made(void **state)
{
	struct error err = {0};
	char last[RUN_ID] = "", id[RUN_ID];

	(void)state;
	for (int i = 0; i < 500; i++) {
		check_ok(id_new(id, 1795516215, last, &err), err);
		assert_true(id_valid(id));
		assert_true(strcmp(id, last) > 0);
		memcpy(last, id, sizeof(last));
	}
	check_ok(id_new(id, 1795516215, "20261124-103015-ffffffffff", &err), err); /* no room: any handle */
	assert_true(id_valid(id));
	check_ok(id_new(id, 1795516216, last, &err), err);
	assert_int_equal(strncmp(id, "20261124-103016-", 16), 0);
	check_ok(id_new(id, 1795516215, "no id at all", &err), err);
	assert_true(id_valid(id));
}

static void ids_made_apart_sort_by_the_time_within_their_second(void **state)
{
	const struct timespec pause = {.tv_nsec = 20000};
	struct error err = {0};
	char last[RUN_ID] = "", id[RUN_ID];

	(void)state;
	for (int i = 0; i < 200; i++) {
		struct timespec now;

		assert_int_equal(nanosleep(&pause, NULL), 0);
		assert_int_equal(clock_gettime(CLOCK_REALTIME, &now), 0);
		check_ok(id_new(id, now.tv_sec, NULL, &err), err);
		assert_true(strcmp(id, last) > 0);
		memcpy(last, id, sizeof(last));
	}
}

static void the_last_of_many_ids_made_in_a_row_sorts_before_one_made_a_little_later(void **state)
{
	struct timespec now, pause = {.tv_nsec = 2000000};
	struct error err = {0};
	char last[RUN_ID], id[RUN_ID];

	(void)state;
	for (int tries = 0; tries < 50; tries++) {
		clock_gettime(CLOCK_REALTIME, &now);
		check_ok(id_new(last, now.tv_sec, NULL, &err), err);
		for (int i = 0; i < 20; i++)
			check_ok(id_new(last, now.tv_sec, last, &err), err);
		nanosleep(&pause, NULL);
		clock_gettime(CLOCK_REALTIME, &now);
		check_ok(id_new(id, now.tv_sec, NULL, &err), err);
		assert_true(strcmp(last, id) < 0);
	}
}

static void what_is_no_id_is_told_apart(void **state)
{
	static const char *const bad[] = {"",
					  "3f2a91bc07",
					  "20261124-103015-3f2a91bc0",
					  "20261124-103015-3f2a91bc077",
					  "20261124-103015-3F2A91BC07",
					  "20261124_103015-3f2a91bc07",
					  "2026112a-103015-3f2a91bc07",
					  "../61124-103015-3f2a91bc07"};

	(void)state;
	assert_true(id_valid("20261124-103015-3f2a91bc07"));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(id_valid(bad[i]));
}

static void the_folder_goes_by_month_day_and_two_digits_of_the_handle(void **state)
{
	char *folder = id_folder("churn", "20261124-103015-3f2a91bc07");

	(void)state;
	assert_string_equal(folder, "runs/churn/2026-11/24/3f/20261124-103015-3f2a91bc07");
	free(folder);
}

static void experiments_have_names_that_are_safe_as_paths(void **state)
{
	static const char *const good[] = {"a", "0", "churn", "forest-or-linear", "v1.2_x", "results"};
	static const char *const bad[] = {"", ".", "..", "-x", ".x", "A", "a b", "a/b", "churn.results", "\xc3\xa9"};
	char long_name[66];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_true(experiment_name_valid(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(experiment_name_valid(bad[i]));
	memset(long_name, 'a', 65);
	long_name[65] = '\0';
	assert_false(experiment_name_valid(long_name));
	long_name[64] = '\0';
	assert_true(experiment_name_valid(long_name));
}

static void a_refused_experiment_name_comes_with_one_that_is_allowed(void **state)
{
	struct error err = {0};

	(void)state;
	assert_int_equal(experiment_name_check("My  Forest/v2!.results", &err), ERR_INPUT);
	assert_non_null(strstr(err.text, "'My  Forest/v2!.results' cannot be the name of an experiment"));
	assert_string_equal(err.hint, "call it 'my-forest-v2'");
}

static void a_name_that_leaves_nothing_gets_no_suggestion(void **state)
{
	struct error err = {0};

	(void)state;
	assert_int_equal(experiment_name_check("///", &err), ERR_INPUT);
	assert_string_equal(err.hint, "");
	err = (struct error){0};
	assert_int_equal(experiment_name_check("x.results", &err), ERR_INPUT);
	assert_string_equal(err.hint, "call it 'x'");
}

static void run_names_are_free_but_for_what_names_other_runs(void **state)
{
	static const char *const good[] = {"train",   "run 7", "lr=0.1",      "caf\xc3\xa9",
					   "decades", "abc",   "3f2a91bc07e", "Best"};
	static const char *const bad[] = {"",
					  "best",
					  "latest",
					  "baseline",
					  "a/b",
					  "a\nb",
					  "3f2a",
					  "deadbeef",
					  "\xff",
					  "\xc2\x85",
					  "20261124-103015-3f2a91bc07"};
	char longest[102];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		if (run_name_check(good[i], NULL))
			fail_msg("refused: %s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct error err = {0};

		assert_int_equal(run_name_check(bad[i], &err), ERR_INPUT);
		assert_true(*err.text && *err.hint);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct error err = {0};
		char better[200];

		assert_int_equal(run_name_check(bad[i], &err), ERR_INPUT);
		assert_int_equal(sscanf(err.hint, "call it '%199[^']'", better), 1);
		assert_int_equal(run_name_check(better, NULL), 0); /* what the hint says would do */
	}
	memset(longest, 'x', sizeof(longest));
	longest[101] = '\0';
	assert_int_equal(run_name_check(longest, NULL), ERR_INPUT);
	longest[100] = '\0';
	assert_int_equal(run_name_check(longest, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(run_names_are_free_but_for_what_names_other_runs),
		cmocka_unit_test(a_new_id_holds_the_utc_second_and_a_handle),
		cmocka_unit_test(ids_of_one_second_sort_as_they_were_made),
		cmocka_unit_test(ids_made_apart_sort_by_the_time_within_their_second),
		cmocka_unit_test(the_last_of_many_ids_made_in_a_row_sorts_before_one_made_a_little_later),
		cmocka_unit_test(what_is_no_id_is_told_apart),
		cmocka_unit_test(the_folder_goes_by_month_day_and_two_digits_of_the_handle),
		cmocka_unit_test(experiments_have_names_that_are_safe_as_paths),
		cmocka_unit_test(a_refused_experiment_name_comes_with_one_that_is_allowed),
		cmocka_unit_test(a_name_that_leaves_nothing_gets_no_suggestion),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
