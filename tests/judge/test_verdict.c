/* The words, and criteria on a record. */
#include "records.h"

static const char *word(double low, double high, double margin)
{
	return judge_verdict(low, high, low + 0.002, high - 0.002, margin, 0, 0);
}

static void the_word_follows_the_interval(void **state)
{
	(void)state;
	assert_string_equal(word(0.01, 0.05, NAN), "better");
	assert_string_equal(word(-0.05, -0.01, NAN), "worse");
	assert_string_equal(word(-0.01, 0.05, NAN), "undecided");
	assert_string_equal(word(0, 0.05, NAN), "undecided");
	assert_string_equal(judge_verdict(0.01, 0.05, 0.02, 0.04, NAN, 0, 1), "worse");
	assert_string_equal(judge_verdict(-0.05, -0.01, -0.04, -0.02, NAN, 0, 1), "better");
}

static void too_few_comes_before_every_other_word(void **state)
{
	(void)state;
	assert_string_equal(judge_verdict(0.01, 0.05, 0.01, 0.05, NAN, 1, 0), "too_few");
	assert_string_equal(judge_verdict(0.01, 0.05, 0.01, 0.05, 0.1, 1, 0), "too_few");
}

static void equivalent_comes_before_better(void **state)
{
	(void)state;
	assert_string_equal(word(0.01, 0.05, 0.05), "equivalent");
	assert_string_equal(word(0.01, 0.05, 0.04), "better");
	assert_string_equal(word(-0.01, 0.01, 0.02), "equivalent");
}

static void not_worse_needs_a_margin_on_the_bad_side_alone(void **state)
{
	(void)state;
	assert_string_equal(word(-0.01, 0.05, 0.02), "not_worse");
	assert_string_equal(word(-0.03, 0.05, 0.02), "undecided");
	assert_string_equal(judge_verdict(-0.05, 0.01, -0.04, 0.008, 0.02, 0, 1), "not_worse");
	assert_string_equal(judge_verdict(-0.01, 0.05, -0.008, 0.04, 0.02, 0, 1), "undecided");
}

/* The verdict of the criterion alone on the run, and whether it is certain (-1: not said). */
static void check_criterion(const struct run *run, struct criterion criterion, const char *baseline,
			    const char *verdict, int certain)
{
	struct experiment experiment = {.criterion = &criterion, .criteria = 1, .baseline = (char *)(intptr_t)baseline};
	const json_t *one, *said;
	struct error err = {0};
	json_t *list;

	criterion.rule = (char *)(intptr_t) "rule";
	check_ok(judge_criteria(&list, run, &experiment, &err), err);
	assert_int_equal(json_array_size(list), 1);
	one = json_array_get(list, 0);
	said = json_object_get(one, "certain");
	assert_string_equal(json_string_value(json_object_get(one, "verdict")), verdict);
	assert_int_equal(said ? json_is_true(said) : -1, certain);
	assert_int_equal(json_object_get(one, "value") != NULL, certain >= 0);
	json_decref(list);
}

#define CRITERION(name, of, compare, number)                                                       \
	(struct criterion)                                                                         \
	{                                                                                          \
		.metric = (char *)(intptr_t)(name), .kind = (of), .op = compare, .value = (number) \
	}

static void a_limit_is_met_by_the_value_and_certain_by_the_interval(void **state)
{
	struct runs runs = {0};
	const struct run *run;

	(void)state;
	add_run(&runs, "forest", "run",
		"'measured': {'f1': 0.86, 'latency_ms': 3}, 'reported': {'f1': 0.2, 'bleu': 0.5}, "
		"'intervals': {'f1': [0.84, 0.88], 'latency_ms': [2, 4]}");
	run = &runs.item[0].run;
	check_criterion(run, CRITERION("f1", CRITERION_LIMIT, ">=", 0.85), NULL, "met", 0);
	check_criterion(run, CRITERION("f1", CRITERION_LIMIT, ">=", 0.83), NULL, "met", 1);
	check_criterion(run, CRITERION("f1", CRITERION_LIMIT, ">=", 0.87), NULL, "unmet", 0);
	check_criterion(run, CRITERION("f1", CRITERION_LIMIT, ">=", 0.89), NULL, "unmet", 1);
	check_criterion(run, CRITERION("latency_ms", CRITERION_LIMIT, "<=", 50), NULL, "met", 1);
	check_criterion(run, CRITERION("latency_ms", CRITERION_LIMIT, "<", 3), NULL, "unmet", 0);
	check_criterion(run, CRITERION("bleu", CRITERION_LIMIT, ">=", 0.4), NULL, "met", 0);
	check_criterion(run, CRITERION("roc_auc", CRITERION_LIMIT, ">=", 0.4), NULL, "not_measured", -1);
	release_runs(&runs);
}

static void a_criterion_says_where_its_value_is_from(void **state)
{
	struct criterion criterion[] = {CRITERION("f1", CRITERION_LIMIT, ">=", 0.85),
					CRITERION("bleu", CRITERION_LIMIT, ">=", 0.4)};
	struct experiment experiment = {.criterion = criterion, .criteria = 2};
	struct error err = {0};
	struct runs runs = {0};
	json_t *list;

	(void)state;
	criterion[0].rule = criterion[1].rule = (char *)(intptr_t) "rule";
	criterion[1].constraint = 1;
	add_run(&runs, "forest", "run", "'measured': {'f1': 0.86}, 'reported': {'bleu': 0.5}");
	check_ok(judge_criteria(&list, &runs.item[0].run, &experiment, &err), err);
	assert_string_equal(json_string_value(json_object_get(json_array_get(list, 0), "source")), "measured");
	assert_null(json_object_get(json_array_get(list, 0), "constraint"));
	assert_string_equal(json_string_value(json_object_get(json_array_get(list, 1), "source")), "reported");
	assert_true(json_is_true(json_object_get(json_array_get(list, 1), "constraint")));
	json_decref(list);
	release_runs(&runs);
}

static void where_labels_are_pinned_a_claim_counts_only_for_a_rule_that_asks_for_it(void **state)
{
	struct criterion asks = CRITERION("f1", CRITERION_LIMIT, ">=", 0.85);
	struct runs runs = {0};

	(void)state;
	asks.reported = 1;
	add_run(&runs, "claims", "run",
		"'evaluation': {'source': 'project'}, 'reported': {'f1': 0.99, 'bleu': 0.5, 'latency_ms': 2}");
	add_run(&runs, "both", "run",
		"'evaluation': {'source': 'project'}, 'measured': {'f1': 0.6}, 'reported': {'f1': 0.99}");
	add_run(&runs, "free", "run", "'reported': {'f1': 0.99}");
	check_criterion(&runs.item[0].run, CRITERION("f1", CRITERION_LIMIT, ">=", 0.85), NULL, "not_measured", -1);
	check_criterion(&runs.item[0].run, asks, NULL, "met", 0);
	check_criterion(&runs.item[0].run, CRITERION("bleu", CRITERION_LIMIT, ">=", 0.4), NULL, "met", 0);
	check_criterion(&runs.item[0].run, CRITERION("latency_ms", CRITERION_LIMIT, "<=", 3), NULL, "met", 0);
	check_criterion(&runs.item[1].run, CRITERION("f1", CRITERION_LIMIT, ">=", 0.85), NULL, "unmet", 0);
	check_criterion(&runs.item[1].run, asks, NULL, "met", 0);
	check_criterion(&runs.item[2].run, CRITERION("f1", CRITERION_LIMIT, ">=", 0.85), NULL, "met", 0);
	release_runs(&runs);
}

static void beats_and_no_worse_are_read_from_the_comparison(void **state)
{
	struct runs runs = {0};
	const struct run *run;

	(void)state;
	add_run(&runs, "forest", "run",
		COMPARED(ID_0,
			 ENTRY("f1", "0.03", "0.012", "0.048", "0.008", "0.0002", "better") ", " ENTRY(
				 "brier_score_loss", "-0.01", "-0.02", "0.001", "0.004", "0.02",
				 "undecided") ", " ENTRY("recall", "0.2", "0.1", "0.3", "0.03", "0.0001", "too_few")));
	run = &runs.item[0].run;
	check_criterion(run, CRITERION("f1", CRITERION_BEATS, "", 0), NULL, "met", 1);
	check_criterion(run, CRITERION("f1", CRITERION_BEATS, "", 0.02), NULL, "unmet", 0);
	check_criterion(run, CRITERION("f1", CRITERION_BEATS, "", 0.05), NULL, "unmet", 1);
	check_criterion(run, CRITERION("brier_score_loss", CRITERION_BEATS, "", 0), NULL, "unmet", 0);
	check_criterion(run, CRITERION("brier_score_loss", CRITERION_NO_WORSE, "", 0.005), NULL, "met", 1);
	check_criterion(run, CRITERION("recall", CRITERION_BEATS, "", 0), NULL, "unmet", 0);
	check_criterion(run, CRITERION("roc_auc", CRITERION_BEATS, "", 0), NULL, "not_measured", -1);
	check_criterion(run, CRITERION("broken", CRITERION_BROKEN, "<=", 0.03), NULL, "met", 1);
	check_criterion(run, CRITERION("broken", CRITERION_BROKEN, "<=", 0.015), NULL, "met", 0);
	check_criterion(run, CRITERION("broken", CRITERION_BROKEN, "<=", 0.005), NULL, "unmet", 1);
	release_runs(&runs);
}

static void a_baseline_beats_the_baseline_only_where_one_is_named(void **state)
{
	struct runs runs = {0};

	(void)state;
	add_run(&runs, "random_forest", "baseline",
		COMPARED(ID_0, ENTRY("f1", "0.3", "0.2", "0.4", "0.03", "0.0002", "better")));
	check_criterion(&runs.item[0].run, CRITERION("f1", CRITERION_BEATS, "", 0), NULL, "not_measured", -1);
	check_criterion(&runs.item[0].run, CRITERION("broken", CRITERION_BROKEN, "<=", 1), NULL, "not_measured", -1);
	check_criterion(&runs.item[0].run, CRITERION("f1", CRITERION_BEATS, "", 0), "logistic", "met", 1);
	release_runs(&runs);
}

static void constraints_are_not_counted_among_the_criteria(void **state)
{
	struct runs runs = {0};
	size_t met, of;

	(void)state;
	add_run(&runs, "forest", "run",
		"'criteria': [{'metric': 'f1', 'rule': 'x', 'verdict': 'met'}, "
		"{'metric': 'recall', 'rule': 'x', 'verdict': 'not_measured'}, "
		"{'metric': 'latency_ms', 'rule': 'x', 'verdict': 'met', 'constraint': true}]");
	judge_criteria_count(&met, &of, &runs.item[0].run);
	assert_int_equal(met, 1);
	assert_int_equal(of, 2);
	release_runs(&runs);
}

static void todays_family_can_take_a_winner_back(void **state)
{
	struct judge_today today;
	struct runs runs = {0};
	const struct run *run;

	(void)state;
	add_run(&runs, "forest", "run",
		COMPARED(ID_0, ENTRY("f1", "0.03", "0.012", "0.048", "0.01", "0.003", "better") ", " ENTRY(
				       "recall", "0.1", "0.1", "0.3", "0.001", "0.0001", "too_few")));
	run = &runs.item[0].run;
	assert_string_equal(word_today(run, "f1", 1), "better"); /* two declared metrics: the family of the record */
	assert_string_equal(word_today(run, "f1", 8), "better"); /* 16 x 0.003 = 0.048 */
	assert_string_equal(word_today(run, "f1", 9), "undecided");
	assert_string_equal(word_today(run, "recall", 9), "too_few");
	assert_null(word_today(run, "roc_auc", 1));
	assert_int_equal(judge_today(&today, run, "f1", JUDGE_THEN), 1);
	assert_int_equal(today.family, 2);
	check_close(today.low, 0.012, 0); /* the record's own interval */
	assert_int_equal(judge_today(&today, run, "f1", 9), 1);
	assert_int_equal(today.family, 18);
	check_close(today.p, 18 * 0.003, 1e-15);
	check_close(today.low, 0.03 - 2.9913 * 0.01, 1e-4); /* the normal quantile at 0.05 / 18 */
	assert_string_equal(today.then, "better");
	release_runs(&runs);
}

static void below_the_resolution_of_draws_the_standard_error_decides(void **state)
{
	struct runs runs = {0};

	(void)state;
	add_run(&runs, "forest", "run",
		COMPARED(ID_0,
			 "'f1': {'difference': 0.05, 'interval': [0.03, 0.07], 'corrected': [0.03, 0.07], 'se': 0.01, "
			 "'p': 0.0002, 'test': 'bootstrap', 'family': 1, 'declared': true, 'verdict': 'better'}"));
	assert_string_equal(word_today(&runs.item[0].run, "f1", 1000),
			    "better"); /* p x m = 0.2, but 5 standard errors */
	assert_string_equal(word_today(&runs.item[0].run, "f1", 1000000), "undecided");
	release_runs(&runs);
}

static void a_comparison_with_holes_gives_no_word(void **state)
{
	struct runs runs = {0};

	(void)state;
	add_run(&runs, "a", "run", COMPARED(ID_0, "'f1': {'difference': 0.05, 'verdict': 'better'}"));
	add_run(&runs, "b", "run", "'comparison': [{'against': '" ID_0 "', 'role': 'baseline'}]");
	add_run(&runs, "c", "run", "");
	for (size_t i = 0; i < runs.n; i++)
		assert_null(word_today(&runs.item[i].run, "f1", 3));
	release_runs(&runs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_word_follows_the_interval),
		cmocka_unit_test(too_few_comes_before_every_other_word),
		cmocka_unit_test(equivalent_comes_before_better),
		cmocka_unit_test(not_worse_needs_a_margin_on_the_bad_side_alone),
		cmocka_unit_test(a_limit_is_met_by_the_value_and_certain_by_the_interval),
		cmocka_unit_test(a_criterion_says_where_its_value_is_from),
		cmocka_unit_test(beats_and_no_worse_are_read_from_the_comparison),
		cmocka_unit_test(a_baseline_beats_the_baseline_only_where_one_is_named),
		cmocka_unit_test(where_labels_are_pinned_a_claim_counts_only_for_a_rule_that_asks_for_it),
		cmocka_unit_test(constraints_are_not_counted_among_the_criteria),
		cmocka_unit_test(todays_family_can_take_a_winner_back),
		cmocka_unit_test(below_the_resolution_of_draws_the_standard_error_decides),
		cmocka_unit_test(a_comparison_with_holes_gives_no_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
