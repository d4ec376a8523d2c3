/* What would decide: the sentence from a record, by its scope, margin and family. */
#include "judge/records.h"

#include "judge/decide.h"

/* The sentence on f1 for a record with this comparison entry's members and metric's members; "" for none. */
static char *sentence(const char *entry, const char *metric, size_t points)
{
	struct runs runs = {0};
	struct buf out = BUF_INIT;
	struct error err = {0};
	char *more = mem_printf("'data': {'split': {'test': 0.2, 'train_rows': 4000, 'test_rows': 1000}}, "
				"'comparison': [{'against': '" ID_0
				"', 'role': 'baseline', %s, 'metrics': {'f1': {%s}}}]",
				entry, metric);
	int said;

	assert_non_null(more);
	add_run(&runs, "deep", "run", more);
	said = judge_decide(&out, &runs.item[0].run, "f1", points);
	assert_int_equal(said, out.len > 0);
	check_ok(buf_check(&out, &err), err);
	free(more);
	release_runs(&runs);
	return out.text ? buf_detach(&out) : mem_text("");
}

static void says(const char *entry, const char *metric, size_t points, const char *want)
{
	char *got = sentence(entry, metric, points);

	assert_string_equal(got, want);
	free(got);
}

#define MODEL "'scope': 'model', 'rows': 1000, 'of_rows': 1000, 'rarer': 300"
#define RECIPE "'scope': 'recipe', 'rows': 1000, 'of_rows': 1000, 'seeds': [5, 5], 'rarer': 300"
#define CHANGE "'scope': 'change', 'rows': 1000, 'of_rows': 1000, 'splits': 10, 'rarer': 300"
#define UNDECIDED                                                                                    \
	"'difference': 0.004, 'interval': [-0.006, 0.014], 'corrected': [-0.006, 0.014], 'p': 0.4, " \
	"'family': 1, 'declared': true, 'verdict': 'undecided', "

static void a_margin_under_the_detectable_difference_names_the_rows(void **state)
{
	(void)state;
	/* (2.9264 x 0.005 / 0.01)^2 x 1,000 rows are 2,141 */
	says(MODEL, UNDECIDED "'se': 0.005, 'test': 'bootstrap', 'margin': 0.01", JUDGE_THEN,
	     "a margin of 0.01 cannot be shown with these rows: about 1,200 more test rows would decide");
	/* detectable from 0.01401, but equivalence wants 0.01463 */
	says(MODEL, UNDECIDED "'se': 0.005, 'test': 'bootstrap', 'margin': 0.0143", JUDGE_THEN,
	     "about 47 more test rows would decide at a margin of 0.0143");
	says(MODEL, UNDECIDED "'se': 0.005, 'test': 'bootstrap', 'margin': 0.02", JUDGE_THEN,
	     "there are rows enough for a margin of 0.02, this difference lies where they do not decide");
}

static void the_observed_difference_changes_nothing(void **state)
{
	char *here = sentence(MODEL, UNDECIDED "'se': 0.005, 'test': 'bootstrap', 'margin': 0.01", JUDGE_THEN);
	char *there = sentence(MODEL,
			       "'difference': -0.0093, 'interval': [-0.02, 0.001], 'corrected': [-0.02, 0.001], 'p': "
			       "0.06, 'family': 1, 'declared': true, 'verdict': 'undecided', 'se': 0.005, 'test': "
			       "'bootstrap', 'margin': 0.01",
			       JUDGE_THEN);

	(void)state;
	assert_string_equal(here, there);
	free(here);
	free(there);
}

static void a_larger_family_needs_more(void **state)
{
	(void)state;
	says(MODEL, UNDECIDED "'se': 0.005, 'test': 't', 'margin': 0.01", 20,
	     "a margin of 0.01 cannot be shown with these rows: about 3,200 more test rows would decide");
}

static void a_recipe_can_be_given_rows_or_seeds(void **state)
{
	(void)state;
	says(RECIPE,
	     UNDECIDED "'se': 0.005, 'se_rows': 0.004, 'df_rows': 299, 'df': 8, 'test': 'recipe_t', 'margin': 0.014",
	     JUDGE_THEN,
	     "a margin of 0.014 cannot be shown with these rows: about 370 more test rows or 3 more seeds a side would "
	     "decide");
	says(RECIPE,
	     UNDECIDED "'se': 0.005, 'se_rows': 0.004, 'df_rows': 299, 'df': 8, 'test': 'recipe_t', 'margin': 0.005",
	     JUDGE_THEN, "a margin of 0.005 cannot be shown with these rows: it takes more test rows and more seeds");
}

static void more_splits_help_a_change_only_as_far_as_they_overlap(void **state)
{
	(void)state;
	says(CHANGE,
	     UNDECIDED "'se': 0.005, 'se_rows': 0.0042257712736425828, 'df_rows': 9, 'df': 9, 'test': 'resampled_t', "
		       "'margin': 0.0145",
	     JUDGE_THEN,
	     "a margin of 0.0145 cannot be shown with these splits: about 1,200 more rows of data or 7 more splits "
	     "would "
	     "decide");
	says(CHANGE,
	     UNDECIDED "'se': 0.005, 'se_rows': 0.0042257712736425828, 'df_rows': 9, 'df': 9, 'test': 'resampled_t', "
		       "'margin': 0.005",
	     JUDGE_THEN,
	     "a margin of 0.005 cannot be shown with these splits: about 47,000 more rows of data would decide");
}

static void without_a_margin_it_says_what_these_rows_could_show(void **state)
{
	(void)state;
	says(MODEL, UNDECIDED "'se': 0.005, 'test': 'bootstrap'", JUDGE_THEN,
	     "these rows would show a difference of 0.014 in 4 of 5 cases");
}

static void too_few_rows_say_how_many_it_takes(void **state)
{
	const char *few = "'difference': 0.004, 'interval': [-0.006, 0.014], 'corrected': [-0.006, 0.014], 'p': 0.4, "
			  "'family': 1, 'declared': true, 'verdict': 'too_few', 'se': 0.005, 'test': 'bootstrap'";

	(void)state;
	says("'scope': 'model', 'rows': 100, 'rarer': 31", few, JUDGE_THEN,
	     "31 rows of the rarer class are too few to judge: it takes 40");
	says("'scope': 'model', 'rows': 100, 'rarer': 31", few, 12,
	     "31 rows of the rarer class are too few to judge: it takes 100");
	says("'scope': 'model', 'rows': 100", few, JUDGE_THEN, "too few rows to judge");
	/* enough on its day, too few at the level of today */
	says("'scope': 'model', 'rows': 500, 'rarer': 60", UNDECIDED "'se': 0.005, 'test': 'bootstrap'", 12,
	     "60 rows of the rarer class are too few to judge: it takes 100");
}

static void what_is_decided_and_what_was_not_compared_needs_nothing(void **state)
{
	(void)state;
	says(MODEL,
	     "'difference': 0.04, 'interval': [0.03, 0.05], 'corrected': [0.03, 0.05], 'p': 0.0002, 'family': 1, "
	     "'declared': true, 'verdict': 'better', 'se': 0.005, 'test': 'bootstrap', 'margin': 0.01",
	     JUDGE_THEN, "");
	says(MODEL, UNDECIDED "'se': 0, 'test': 'bootstrap', 'margin': 0.01", JUDGE_THEN, "");
	says(MODEL, "'verdict': 'undecided'", JUDGE_THEN, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_margin_under_the_detectable_difference_names_the_rows),
		cmocka_unit_test(the_observed_difference_changes_nothing),
		cmocka_unit_test(a_larger_family_needs_more),
		cmocka_unit_test(a_recipe_can_be_given_rows_or_seeds),
		cmocka_unit_test(more_splits_help_a_change_only_as_far_as_they_overlap),
		cmocka_unit_test(without_a_margin_it_says_what_these_rows_could_show),
		cmocka_unit_test(too_few_rows_say_how_many_it_takes),
		cmocka_unit_test(what_is_decided_and_what_was_not_compared_needs_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
