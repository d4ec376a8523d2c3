/* What a run is compared with, the family, and the hypothesis. */
#include "records.h"

#define DATA(sha) "'data': {'files': [{'path': 'd.csv', 'sha256': '" sha "'}]}"
#define A64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B64 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static const struct seen_run *baseline_of(const struct runs *runs, const char *named, size_t i)
{
	struct experiment experiment = {.name = (char *)(intptr_t) "churn", .baseline = (char *)(intptr_t)named};

	return judge_baseline(runs, &experiment, f1_declared, &runs->item[i].run);
}

static void a_run_is_compared_with_the_best_baseline_on_its_rows(void **state)
{
	struct runs runs = {0};

	(void)state;
	add_run(&runs, "majority", "baseline", "'measured': {'f1': 0.1}, " DATA(A64));
	add_run(&runs, "logistic", "baseline", "'measured': {'f1': 0.6}, " DATA(A64));
	add_run(&runs, "random_forest", "baseline", "'measured': {'f1': 0.6}, " DATA(A64));
	add_run(&runs, "random_forest", "baseline", "'measured': {'f1': 0.9}, " DATA(B64));
	add_run(&runs, "mine", "run", "'measured': {'f1': 0.7}, " DATA(A64));
	add_run(&runs, "other", "run", "'measured': {'f1': 0.7}, " DATA(B64));
	assert_ptr_equal(baseline_of(&runs, NULL, 4), &runs.item[1]); /* the earlier of equals */
	assert_ptr_equal(baseline_of(&runs, NULL, 5), &runs.item[3]);
	assert_ptr_equal(baseline_of(&runs, NULL, 1), &runs.item[0]);
	assert_null(baseline_of(&runs, NULL, 0));
	assert_null(baseline_of(&runs, NULL, 3)); /* no majority on those rows */
	release_runs(&runs);
}

static void a_named_baseline_is_taken_for_all(void **state)
{
	struct runs runs = {0};

	(void)state;
	add_run(&runs, "logistic", "baseline", "'measured': {'f1': 0.6}");
	add_run(&runs, "random_forest", "baseline", "'measured': {'f1': 0.7}");
	add_run(&runs, "mine", "run", "'measured': {'f1': 0.7}");
	assert_ptr_equal(baseline_of(&runs, "logistic", 2), &runs.item[0]);
	assert_ptr_equal(baseline_of(&runs, "logistic", 1), &runs.item[0]);
	assert_ptr_equal(baseline_of(&runs, "churn/random_forest", 2), &runs.item[1]);
	assert_null(baseline_of(&runs, "logistic", 0));
	assert_null(baseline_of(&runs, "missing", 2));
	release_runs(&runs);
}

static void a_failed_baseline_is_no_baseline(void **state)
{
	struct error err = {0};
	struct runs runs = {0};

	(void)state;
	add_run(&runs, "logistic", "baseline", "'measured': {'f1': 0.6}");
	add_run(&runs, "mine", "run", "'measured': {'f1': 0.7}");
	check_ok(run_set_text(&runs.item[0].run, "status", "failed", &err), err);
	assert_null(baseline_of(&runs, NULL, 1));
	assert_null(baseline_of(&runs, "logistic", 1));
	release_runs(&runs);
}

static void a_family_counts_points_not_runs(void **state)
{
	struct judge_families *families = NULL;
	struct error err = {0};
	struct runs runs = {0};

	(void)state;
	add_run(&runs, "majority", "baseline", "");
	add_run(&runs, "a", "run", "'params': {'depth': 3, 'rate': 1}, 'seed': 1, " COMPARED(ID_0, ""));
	add_run(&runs, "a", "run", "'params': {'rate': 1, 'depth': 3}, 'seed': 2, " COMPARED(ID_0, ""));
	add_run(&runs, "a", "run", "'params': {'depth': 4, 'rate': 1}, " COMPARED(ID_0, ""));
	add_run(&runs, "b", "run",
		"'params': {'depth': 4, 'rate': 1}, 'code': {'tree': "
		"'0123456789012345678901234567890123456789'}, " COMPARED(ID_0, ""));
	add_run(&runs, "c", "run", "'params': {'depth': 5}, " COMPARED(ID_1, ""));
	add_run(&runs, "d", "run", "'params': {'depth': 6}, 'tags': {'reproduces': '" ID_1 "'}, " COMPARED(ID_0, ""));
	add_run(&runs, "e", "run", "'params': {'depth': 7}, " COMPARED(ID_0, ""));
	check_ok(run_set_text(&runs.item[7].run, "status", "failed", &err), err);
	check_ok(judge_families_new(&families, &runs, &err), err);
	assert_int_equal(judge_points(families, "churn", ID_0), 3);
	assert_int_equal(judge_points(families, "churn", ID_1), 1);
	assert_int_equal(judge_points(families, "other", ID_0), 1); /* the one that asks */
	assert_int_equal(judge_points_of(families, &runs.item[1].run), 3);
	assert_int_equal(judge_points_of(families, &runs.item[0].run), 1);
	judge_families_free(families);
	release_runs(&runs);
}

/* Who tries ten flags without naming them parameters has tried ten things; a seed among them is none. */
static void another_command_is_another_point_and_another_seed_is_not(void **state)
{
	static const char *const more[] = {"'--lr', '0.1'",
					   "'--lr', '0.2'",
					   "'--lr', '0.1', '--seed', '1'",
					   "'--lr', '0.1', '--seed', '2'",
					   "'--lr', '0.1', '--Random-Seed=3'",
					   "'--lr', '0.1', '--Random-Seed=4'",
					   "'seed=1'",
					   "'seed=2'",
					   "'seed'",
					   "'--seed'"};
	struct judge_families *families = NULL;
	struct error err = {0};
	struct runs runs = {0};
	char fields[300];

	(void)state;
	add_run(&runs, "majority", "baseline", "");
	for (size_t i = 0; i < sizeof(more) / sizeof(*more); i++) {
		snprintf(fields, sizeof(fields), "'command': ['python', 't.py', %s], " COMPARED(ID_0, ""), more[i]);
		add_run(&runs, "a", "run", fields);
	}
	for (size_t i = 0; i < 2; i++) { /* a baseline is told by its parameters alone */
		snprintf(fields, sizeof(fields), "'command': ['assay', 'baseline', '%zu'], " COMPARED(ID_1, ""), i);
		add_run(&runs, "b", "baseline", fields);
	}
	check_ok(judge_families_new(&families, &runs, &err), err);
	assert_int_equal(judge_points(families, "churn", ID_0), 7);
	assert_int_equal(judge_points(families, "churn", ID_1), 1);
	judge_families_free(families);
	release_runs(&runs);
}

static struct hypothesis hypothesis(const struct runs *runs, const char *what, const char *candidate,
				    const char *baseline)
{
	struct expectation expects = {
		.metric = (char *)(intptr_t) "f1", .what = (char *)(intptr_t)what, .op = ">=", .value = 0.02};
	struct experiment experiment = {.name = (char *)(intptr_t) "churn",
					.expects = &expects,
					.n_expects = what != NULL,
					.candidate = (char *)(intptr_t)candidate,
					.baseline = (char *)(intptr_t)baseline};
	struct judge_families *families = NULL;
	struct hypothesis out;
	struct error err = {0};

	expects.bounded = what && what[0] == '>';
	check_ok(judge_families_new(&families, runs, &err), err);
	judge_hypothesis(&out, runs, families, &experiment, f1_declared);
	judge_families_free(families);
	return out;
}

#define BETTER                                                    \
	"'measured': {'f1': 0.7}, 'params': {'k': 1}, " COMPARED( \
		ID_0, ENTRY("f1", "0.05", "0.03", "0.07", "0.008", "0.0001", "better"))
#define WORSE                                                     \
	"'measured': {'f1': 0.6}, 'params': {'k': 2}, " COMPARED( \
		ID_0, ENTRY("f1", "-0.05", "-0.07", "-0.03", "0.008", "0.0001", "worse"))
#define CLOSE                                                     \
	"'measured': {'f1': 0.8}, 'params': {'k': 3}, " COMPARED( \
		ID_0, ENTRY("f1", "0.01", "-0.01", "0.03", "0.008", "0.2", "undecided"))
#define SLIGHT                                                    \
	"'measured': {'f1': 0.8}, 'params': {'k': 4}, " COMPARED( \
		ID_0, ENTRY("f1", "0.03", "0.002", "0.05", "0.0133", "0.024", "better"))

static void a_prediction_is_confirmed_or_refuted_by_the_interval(void **state)
{
	const struct {
		const char *run, *what, *verdict;
	} of[] = {{BETTER, "better", "confirmed"},
		  {BETTER, "worse", "refuted"},
		  {BETTER, "equivalent", "refuted"},
		  {BETTER, ">= +0.02", "confirmed"},
		  {WORSE, "better", "refuted"},
		  {WORSE, "worse", "confirmed"},
		  {WORSE, ">= +0.02", "refuted"},
		  {CLOSE, "better", "undecided"},
		  {CLOSE, ">= +0.02", "undecided"},
		  {CLOSE, NULL, "none"},
		  {"'measured': {'f1': 0.7}", "better", "untested"}};

	(void)state;
	for (size_t i = 0; i < sizeof(of) / sizeof(*of); i++) {
		struct runs runs = {0};

		add_run(&runs, "majority", "baseline", "");
		add_run(&runs, "mine", "run", of[i].run);
		assert_string_equal(hypothesis(&runs, of[i].what, NULL, NULL).verdict, of[i].verdict);
		release_runs(&runs);
	}
}

static void of_several_predictions_the_one_that_decided_is_named(void **state)
{
	char metric[2][8] = {"f1", "roc_auc"}, better[] = "better", worse[] = "worse", name[] = "churn";
	struct expectation expects[2] = {{.metric = metric[0], .what = better}, {.metric = metric[1], .what = better}};
	struct experiment experiment = {.name = name, .expects = expects, .n_expects = 2};
	struct judge_families *families = NULL;
	struct runs runs = {0};
	struct hypothesis out;
	struct error err = {0};

	(void)state;
	add_run(&runs, "majority", "baseline", "");
	add_run(&runs, "mine", "run",
		"'measured': {'f1': 0.8, 'roc_auc': 0.7}, " COMPARED(
			ID_0, ENTRY("f1", "0.01", "-0.01", "0.03", "0.008", "0.2", "undecided") ", " ENTRY(
				      "roc_auc", "-0.05", "-0.07", "-0.03", "0.008", "0.0001", "worse")));
	check_ok(judge_families_new(&families, &runs, &err), err);
	judge_hypothesis(&out, &runs, families, &experiment, f1_declared);
	assert_string_equal(out.verdict, "refuted");
	assert_string_equal(out.metric, "roc_auc");
	expects[1].what = worse; /* as it came: what is left open is f1 */
	judge_hypothesis(&out, &runs, families, &experiment, f1_declared);
	assert_string_equal(out.verdict, "undecided");
	assert_string_equal(out.metric, "f1");
	experiment.n_expects = 0;
	judge_hypothesis(&out, &runs, families, &experiment, f1_declared);
	assert_null(out.metric);
	judge_families_free(families);
	release_runs(&runs);
}

static void the_best_of_many_is_judged_at_the_size_of_the_family(void **state)
{
	struct runs runs = {0};
	struct hypothesis h;

	(void)state;
	add_run(&runs, "majority", "baseline", "");
	add_run(&runs, "mine", "run", SLIGHT);
	h = hypothesis(&runs, "better", NULL, NULL);
	assert_string_equal(h.verdict, "confirmed");
	assert_false(h.picked);
	add_run(&runs, "second", "run", BETTER);
	add_run(&runs, "third", "run", WORSE);
	h = hypothesis(&runs, "better", NULL, NULL);
	assert_ptr_equal(h.judged, &runs.item[1]);
	assert_true(h.picked);
	assert_int_equal(h.runs, 3);
	assert_string_equal(h.verdict, "undecided"); /* p 0.024 x 3 points */
	h = hypothesis(&runs, "better", "second", NULL);
	assert_ptr_equal(h.judged, &runs.item[2]);
	assert_false(h.picked);
	assert_string_equal(h.verdict, "confirmed");
	assert_string_equal(hypothesis(&runs, "better", "nobody", NULL).verdict, "untested");
	release_runs(&runs);
}

static void a_baseline_tests_a_hypothesis_only_against_a_named_one(void **state)
{
	struct runs runs = {0};

	(void)state;
	add_run(&runs, "logistic", "baseline", "");
	add_run(&runs, "random_forest", "baseline", BETTER);
	assert_string_equal(hypothesis(&runs, "better", NULL, NULL).verdict, "untested");
	assert_string_equal(hypothesis(&runs, "better", NULL, "logistic").verdict, "confirmed");
	release_runs(&runs);
}

static void a_better_baseline_does_not_speak_for_the_runs_of_an_experiment(void **state)
{
	struct runs runs = {0};
	struct hypothesis h;

	(void)state;
	add_run(&runs, "logistic", "baseline", "");
	add_run(&runs, "random_forest", "baseline", BETTER);
	add_run(&runs, "mine", "run", WORSE);
	h = hypothesis(&runs, "better", NULL, "logistic");
	assert_string_equal(h.verdict, "refuted");
	assert_ptr_equal(h.judged, &runs.item[2]);
	assert_int_equal(h.picked, 0);
	release_runs(&runs);
	add_run(&runs, "logistic", "baseline", "");
	add_run(&runs, "random_forest", "baseline", BETTER);
	add_run(&runs, "mine", "run", "'measured': {'f1': 0.6}"); /* could not be compared */
	assert_string_equal(hypothesis(&runs, "better", NULL, "logistic").verdict, "untested");
	release_runs(&runs);
}

static void a_baseline_held_against_another_than_the_named_one_confirms_nothing(void **state)
{
	struct runs runs = {0};

	(void)state;
	add_run(&runs, "majority", "baseline", "");
	add_run(&runs, "logistic", "baseline", BETTER);
	add_run(&runs, "random_forest", "baseline", BETTER);
	add_run(&runs, "logistic", "baseline", "'measured': {'f1': 0.7}");
	assert_string_equal(hypothesis(&runs, "better", NULL, "logistic").verdict, "untested");
	assert_string_equal(hypothesis(&runs, "better", NULL, "nobody").verdict, "untested");
	assert_string_equal(hypothesis(&runs, "better", NULL, "majority").verdict, "confirmed");
	release_runs(&runs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_run_is_compared_with_the_best_baseline_on_its_rows),
		cmocka_unit_test(a_named_baseline_is_taken_for_all),
		cmocka_unit_test(a_failed_baseline_is_no_baseline),
		cmocka_unit_test(a_family_counts_points_not_runs),
		cmocka_unit_test(another_command_is_another_point_and_another_seed_is_not),
		cmocka_unit_test(a_prediction_is_confirmed_or_refuted_by_the_interval),
		cmocka_unit_test(of_several_predictions_the_one_that_decided_is_named),
		cmocka_unit_test(the_best_of_many_is_judged_at_the_size_of_the_family),
		cmocka_unit_test(a_baseline_tests_a_hypothesis_only_against_a_named_one),
		cmocka_unit_test(a_better_baseline_does_not_speak_for_the_runs_of_an_experiment),
		cmocka_unit_test(a_baseline_held_against_another_than_the_named_one_confirms_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
