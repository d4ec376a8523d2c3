/* All runs that a reader sees, and the names that find them. The repository is made by git itself. */
#include "check.h"

#include "repository.h"

#include "record/runs.h"

#define ID_1 "20261124-103015-1111aaaaaa"
#define ID_2 "20261124-103016-1111bbbbbb"
#define ID_3 "20261124-103017-3333cccccc"
#define ID_4 "20261124-103018-4444dddddd"
#define ID_5 "20261124-103019-5555eeeeee"

static void fly(const char *id, const char *file, const char *more)
{
	struct buf text = BUF_INIT;
	char *path = mem_printf(".git/assay/running/%s/%s", id, file);

	record(&text, "churn", id, "flying", more);
	put(path, text.text);
	free(path);
	buf_release(&text);
}

static struct runs loaded(const char *root)
{
	struct store *store = NULL;
	struct error err = {0};
	struct runs runs = {0};

	check_ok(store_open(&store, top, &err), err);
	check_ok(runs_load(&runs, store, root, &err), err);
	store_free(store);
	return runs;
}

static void a_repository_without_runs_has_none(void **state)
{
	struct runs runs = loaded(NULL);

	(void)state;
	assert_int_equal(runs.n, 0);
	assert_int_equal(runs.problems.n, 0);
	assert_string_equal(runs.tip, "");
	runs_free(&runs);
}

static void what_is_on_the_branch_and_in_flight_is_seen_once(void **state)
{
	struct buf stream = BUF_INIT;
	struct runs runs;

	(void)state;
	import_run(&stream, "churn", ID_3, "");
	import_run(&stream, "churn", ID_1, "");
	import_run(&stream, "other", ID_2, ", \"root\": \"team\"");
	import(&stream, "no trailer", "runs/churn/2026-11/24/33/" ID_3 "/artifacts/run.json", "not a record");
	git(&stream, (const char *const[]){"git", "fast-import", "--quiet", NULL});
	buf_release(&stream);
	fly(ID_4, "run.json", "");
	fly(ID_5, "run.json", "");
	fly(ID_5, "final/run.json", ", \"exit\": 0");
	fly(ID_3, "final/run.json", ""); /* landed, and not yet removed */
	put(".git/assay/running/.tmp-x/run.json", "half");

	runs = loaded(NULL);
	assert_int_equal(runs.problems.n, 0);
	assert_int_equal(runs.n, 4);
	assert_string_equal(run_id(&runs.item[0].run), ID_1);
	assert_string_equal(run_id(&runs.item[1].run), ID_3);
	assert_string_equal(run_id(&runs.item[2].run), ID_4);
	assert_string_equal(run_id(&runs.item[3].run), ID_5);
	assert_int_equal(runs.item[1].where, WHERE_GIT);
	assert_string_equal(runs.item[1].folder, "runs/churn/2026-11/24/33/" ID_3);
	assert_int_equal(runs.item[2].where, WHERE_RUNNING);
	assert_string_equal(runs.item[2].commit, "");
	assert_null(runs.item[2].folder);
	assert_int_equal(runs.item[3].where, WHERE_WAITING);
	assert_non_null(run_field(&runs.item[3].run, "exit"));
	assert_int_equal(strlen(runs.item[0].commit), 40);
	assert_string_not_equal(runs.item[0].commit, runs.item[1].commit);
	assert_string_not_equal(runs.item[1].commit, runs.tip);
	runs_free(&runs);
}

static void another_root_sees_its_own_runs_only(void **state)
{
	struct runs runs = loaded("team");

	(void)state;
	assert_int_equal(runs.n, 1);
	assert_string_equal(run_id(&runs.item[0].run), ID_2);
	runs_free(&runs);
}

static void check_problem(const struct runs *runs, size_t i, const char *want)
{
	assert_true(i < runs->problems.n);
	if (!strstr(runs->problems.name[i], want))
		fail_msg("'%s' does not say '%s'", runs->problems.name[i], want);
}

static void a_bad_record_costs_itself_alone(void **state)
{
	struct buf stream = BUF_INIT, moved = BUF_INIT;
	struct runs runs;

	(void)state;
	record(&moved, "churn", "20261124-103020-6666ffffff", "n", "");
	import(&stream, "m", "runs/churn/2026-11/24/66/20261124-103020-6666000000/run.json", moved.text);
	import(&stream, "m", "runs/churn/2026-11/24/77/20261124-103020-7777000000/run.json", "{\"schema\": 9}");
	import(&stream, "m", "runs/churn/2026-11/24/88/20261124-103020-8888000000/run.json", "{");
	import(&stream, "m", "runs/run.json", "{}");
	import(&stream, "m", "runs/a/b/2026-11/24/99/20261124-103020-9999000000/run.json", moved.text);
	git(&stream, (const char *const[]){"git", "fast-import", "--quiet", NULL});
	put(".git/assay/running/20261124-103020-9999000000/run.json", "[]");
	runs = loaded(NULL);
	assert_int_equal(runs.n, 4);
	assert_int_equal(runs.problems.n, 6);
	check_problem(&runs, 0, "running/20261124-103020-9999000000/run.json: no record of a run");
	check_problem(&runs, 1,
		      "runs/a/b/2026-11/24/99/20261124-103020-9999000000/run.json: not where a run's record can be");
	check_problem(&runs, 2, "runs/run.json: not where a run's record can be");
	check_problem(&runs, 3, "6666000000/run.json: the record in it belongs elsewhere");
	check_problem(&runs, 4, "7777000000/run.json: written by a newer assay");
	check_problem(&runs, 5, "8888000000/run.json:1");
	runs_free(&runs);
	buf_release(&stream);
	buf_release(&moved);
}

static void many_runs_are_all_there_in_order(void **state)
{
	enum { MANY = 600 }; /* more than one batch, more than one thread */
	struct buf stream = BUF_INIT;
	struct runs runs;
	size_t before, seen = 0;

	(void)state;
	runs = loaded("many");
	before = runs.n;
	runs_free(&runs);
	for (unsigned i = 0; i < MANY; i++) {
		char id[RUN_ID];

		snprintf(id, sizeof(id), "20261125-%02u%02u00-%010x", i / 60, i % 60, i * 2654435761U);
		import_run(&stream, i % 2 ? "churn" : "other", id, ", \"root\": \"many\"");
	}
	git(&stream, (const char *const[]){"git", "fast-import", "--quiet", NULL});
	runs = loaded("many");
	assert_int_equal(before, 0);
	assert_int_equal(runs.n, MANY);
	for (unsigned i = 0; i < MANY; i++) {
		char stamp[32];

		snprintf(stamp, sizeof(stamp), "20261125-%02u%02u00-%010x", i / 60, i % 60, i * 2654435761U);
		assert_string_equal(run_id(&runs.item[i].run), stamp);
		seen += strlen(runs.item[i].commit) == 40 && strcmp(runs.item[i].commit, runs.tip) != 0;
	}
	assert_int_equal(seen, MANY - 1); /* the last one made the tip */
	runs_free(&runs);
	buf_release(&stream);
}

/* Runs made by hand: for the names. */
static struct runs made(size_t n, const char *const *records)
{
	struct runs runs = {.item = mem_zeroed(n, sizeof(*runs.item)), .n = n, .cap = n};
	struct error err = {0};

	for (size_t i = 0; i < n; i++)
		check_ok(run_parse(&runs.item[i].run, records[i], strlen(records[i]), "r", &err), err);
	return runs;
}

#define RUN(id, experiment, name, kind, status, more)                                               \
	"{\"schema\": 1, \"id\": \"" id "\", \"experiment\": \"" experiment "\", \"name\": \"" name \
	"\", \"kind\": \"" kind "\", \"status\": \"" status "\"" more "}"

static const char *const records[] = {
	RUN(ID_1, "churn", "logistic", "baseline", "finished", ", \"measured\": {\"f1\": 0.8, \"log_loss\": 0.5}"),
	RUN(ID_2, "churn", "forest", "baseline", "finished", ", \"measured\": {\"f1\": 0.8, \"log_loss\": 0.4}"),
	RUN(ID_3, "churn", "logistic", "run", "finished", ", \"measured\": {\"f1\": 0.9, \"log_loss\": 0.6}"),
	RUN(ID_4, "other", "only-here", "run", "finished", ", \"measured\": {\"f1\": 0.99}"),
	RUN("20261124-103019-5555eeeee0", "churn", "too-slow", "run", "finished",
	    ", \"measured\": {\"f1\": 0.95}, \"criteria\": [{\"metric\": \"latency_ms\", \"rule\": \"<= 1\", "
	    "\"verdict\": "
	    "\"unmet\", \"constraint\": true}]"),
	RUN("20261124-103019-5555eeeee1", "churn", "undefined", "run", "finished", ", \"measured\": {\"f1\": \"NaN\"}"),
	RUN("20261124-103019-5555eeeee2", "churn", "broken", "run", "failed", ", \"measured\": {\"f1\": 1}"),
	RUN("20261124-103019-5555eeeee3", "churn", "judged", "evaluation", "finished", ", \"measured\": {\"f1\": 1}"),
};
#define RECORDS (sizeof(records) / sizeof(*records))

static void check_found(const struct runs *runs, const char *name, const char *experiment, const char *metric,
			const char *want)
{
	const struct seen_run *found = NULL;
	struct error err = {0};

	check_ok(runs_find(&found, runs, name, experiment, metric, &err), err);
	assert_string_equal(run_id(&found->run), want);
}

static void check_not_found(const struct runs *runs, const char *name, const char *experiment, const char *text,
			    const char *hint)
{
	const struct seen_run *found = NULL;
	struct error err = {0};

	assert_int_equal(runs_find(&found, runs, name, experiment, NULL, &err), ERR_INPUT);
	assert_string_equal(err.text, text);
	assert_string_equal(err.hint, hint);
	assert_null(found);
}

static void runs_are_found_by_id_word_name_and_handle(void **state)
{
	struct runs runs = made(RECORDS, records);

	(void)state;
	check_found(&runs, ID_1, "churn", NULL, ID_1);
	check_found(&runs, ID_4, "churn", NULL, ID_4);
	check_found(&runs, "best", "churn", NULL, ID_3);
	check_found(&runs, "best", "churn", "log_loss", ID_2);
	check_found(&runs, "best", NULL, "f1", ID_4);
	check_found(&runs, "other/best", "churn", "f1", ID_4);
	check_found(&runs, "baseline", "churn", "f1", ID_1); /* the earlier of equals */
	check_found(&runs, "latest", "churn", NULL, "20261124-103019-5555eeeee3");
	check_found(&runs, "logistic", "churn", NULL, ID_3); /* the newest of its name */
	check_found(&runs, "other/only-here", "churn", NULL, ID_4);
	check_found(&runs, "only-here", NULL, NULL, ID_4);
	check_found(&runs, "1111a", "churn", NULL, ID_1);
	check_found(&runs, "4444dddddd", "churn", NULL, ID_4);
	runs_free(&runs);
}

static void a_run_that_is_not_there_is_named_with_the_nearest(void **state)
{
	struct runs runs = made(RECORDS, records), none = {0};

	(void)state;
	check_not_found(&runs, "logistc", "churn", "there is no run 'logistc' in churn", "did you mean 'logistic'?");
	check_not_found(&runs, "only-here", "churn", "there is no run 'only-here' in churn",
			"there is 'other/only-here'");
	check_not_found(&runs, "1111", "churn", "'1111' may be 2 runs: 1111aaaaaa (logistic), 1111bbbbbb (forest)",
			"name it by more digits");
	check_not_found(&runs, "444", "churn", "'444' is too short for a run: 4 digits at least",
			"did you mean 4444dddddd (only-here)?");
	check_not_found(&runs, "9999", NULL, "there is no run '9999'", "assay ls lists the runs");
	check_not_found(&runs, "20261124-103015-0000000000", NULL, "there is no run '20261124-103015-0000000000'",
			"assay ls lists the runs");
	check_not_found(&runs, "baseline", "other", "there is no baseline run in other", "");
	check_not_found(&none, "best", NULL, "there is no best run yet", "");
	check_not_found(&none, "x", NULL, "there is no run 'x'", "assay ls lists the runs");
	runs_free(&runs);
}

static void the_best_breaks_no_constraint_and_has_a_score(void **state)
{
	struct runs runs = made(RECORDS, records);

	(void)state;
	assert_string_equal(run_id(&runs_best(&runs, "churn", "f1", NULL)->run), ID_3);
	assert_string_equal(run_id(&runs_best(&runs, "churn", "f1", "run")->run), ID_3);
	assert_string_equal(run_id(&runs_best(&runs, "churn", "log_loss", "baseline")->run), ID_2);
	assert_null(runs_best(&runs, "churn", "accuracy", NULL));
	assert_null(runs_best(&runs, "nowhere", "f1", NULL));
	runs_free(&runs);
}

static void what_was_measured_is_better_than_any_claim(void **state)
{
	struct run run[3] = {0};
	struct seen_run seen[3] = {0};
	struct runs runs = {.item = seen, .n = 3};
	static const double value[] = {0.99, 0.6, 0.7};
	struct error err = {0};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		check_ok(run_new(&run[i], &err), err);
		check_ok(run_set_text(&run[i], "experiment", "churn", &err), err);
		check_ok(run_set_text(&run[i], "kind", "run", &err), err);
		check_ok(run_set_text(&run[i], "status", "finished", &err), err);
		check_ok(run_set_number(&run[i], i ? "measured.f1" : "reported.f1", value[i], &err), err);
		seen[i].run = run[i];
	}
	assert_ptr_equal(runs_best(&runs, "churn", "f1", NULL), &seen[2]);
	runs.n = 1;
	assert_ptr_equal(runs_best(&runs, "churn", "f1", NULL), &seen[0]);
	for (size_t i = 0; i < 3; i++)
		run_release(&run[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_repository_without_runs_has_none),
		cmocka_unit_test(what_is_on_the_branch_and_in_flight_is_seen_once),
		cmocka_unit_test(another_root_sees_its_own_runs_only),
		cmocka_unit_test(a_bad_record_costs_itself_alone),
		cmocka_unit_test(many_runs_are_all_there_in_order),
		cmocka_unit_test(runs_are_found_by_id_word_name_and_handle),
		cmocka_unit_test(a_run_that_is_not_there_is_named_with_the_nearest),
		cmocka_unit_test(the_best_breaks_no_constraint_and_has_a_score),
		cmocka_unit_test(what_was_measured_is_better_than_any_claim),
	};

	return cmocka_run_group_tests(tests, make_repository, remove_repository);
}
