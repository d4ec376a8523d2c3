/* What repeated runs are compared with, how they are pooled, and their entries of `comparison`. */
#include "records.h"

#include "judge/repeated.h"
#include "judge/words.h"

#include <stdint.h>

#define A64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define S64 "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
#define DATA "'data': {'files': [{'path': 'd.csv', 'sha256': '" A64 "'}], 'split': {'sha256': '" A64 "'}}"
#define SPLITS \
	"'data': {'files': [{'path': 'd.csv', 'sha256': '" A64 "'}], 'split': {'count': 10, 'sha256': '" S64 "'}}"
#define FOREST "'params': {'model': 'random_forest'}"
#define ID(n) "20261124-10300" #n "-000000000" #n

static const struct seen_run *base_of(const struct runs *runs, const char *named, size_t i)
{
	struct experiment experiment = {.name = (char *)(intptr_t) "churn", .baseline = (char *)(intptr_t)named};

	return judge_baseline(runs, &experiment, f1_declared, &runs->item[i].run);
}

static const struct seen_run *once_of(const struct runs *runs, size_t i)
{
	struct experiment experiment = {.name = (char *)(intptr_t) "churn"};

	return judge_baseline_once(runs, &experiment, f1_declared, &runs->item[i].run);
}

static void like_meets_like(void **state)
{
	struct runs runs = {0};

	(void)state;
	add_run(&runs, "logistic", "baseline", "'params': {'model': 'logistic'}, 'measured': {'f1': 0.6}, " DATA);
	add_run(&runs, "forest", "baseline", FOREST ", 'measured': {'f1': 0.7}, " DATA);
	add_run(&runs, "mine", "run", "'children': [], 'measured': {'f1': 0.7}, " DATA);
	assert_null(base_of(&runs, NULL, 2)); /* the best was run once */
	assert_ptr_equal(once_of(&runs, 2), &runs.item[1]);
	add_run(&runs, "forest", "baseline",
		FOREST ", 'measured': {'f1': 0.69}, 'children': ['" ID(4) "', '" ID(5) "'], " DATA);
	add_run(&runs, "forest-seed0", "baseline", FOREST ", 'parent': '" ID(3) "', 'measured': {'f1': 0.65}, " DATA);
	add_run(&runs, "forest-seed1", "baseline", FOREST ", 'parent': '" ID(3) "', 'measured': {'f1': 0.9}, " DATA);
	add_run(&runs, "single", "run", "'measured': {'f1': 0.7}, " DATA);
	add_run(&runs, "wide", "run", "'children': [], 'measured': {'f1': 0.7}, " SPLITS);
	assert_ptr_equal(base_of(&runs, NULL, 2), &runs.item[3]);
	assert_null(once_of(&runs, 2));
	assert_ptr_equal(base_of(&runs, NULL, 6), &runs.item[1]); /* the single one, not the luckiest seed */
	assert_null(base_of(&runs, NULL, 7)); /* nothing ran on those splits */
	assert_ptr_equal(base_of(&runs, "forest", 6), &runs.item[1]);
	assert_ptr_equal(base_of(&runs, "forest", 2), &runs.item[3]);
	assert_ptr_equal(base_of(&runs, "logistic", 2), &runs.item[0]); /* no seed changes it */
	release_runs(&runs);
}

static void of_a_recipe_that_was_only_repeated_the_first_child_stands(void **state)
{
	struct error err = {0};
	struct runs runs = {0};

	(void)state;
	add_run(&runs, "forest", "baseline",
		FOREST ", 'measured': {'f1': 0.7}, 'children': ['" ID(1) "', '" ID(2) "'], " DATA);
	add_run(&runs, "forest-seed0", "baseline", FOREST ", 'parent': '" ID(0) "', 'measured': {'f1': 0.6}, " DATA);
	add_run(&runs, "forest-seed1", "baseline", FOREST ", 'parent': '" ID(0) "', 'measured': {'f1': 0.9}, " DATA);
	add_run(&runs, "single", "run", "'measured': {'f1': 0.7}, " DATA);
	assert_ptr_equal(base_of(&runs, NULL, 3), &runs.item[1]);
	check_ok(run_set_text(&runs.item[1].run, "status", "failed", &err), err);
	assert_ptr_equal(base_of(&runs, NULL, 3), &runs.item[2]);
	release_runs(&runs);
}

static void what_no_seed_changes_counts_as_repeated(void **state)
{
	struct runs runs = {0};

	(void)state;
	add_run(&runs, "logistic", "baseline", "'params': {'model': 'logistic'}");
	add_run(&runs, "logistic_tuned", "baseline", "'params': {'model': 'logistic', 'tuned_for': 'f1'}");
	add_run(&runs, "forest", "baseline", FOREST);
	add_run(&runs, "mine", "run", "'params': {'model': 'logistic'}"); /* a command says of itself what it likes */
	assert_true(judge_deterministic(&runs.item[0].run));
	assert_false(judge_deterministic(&runs.item[1].run));
	assert_false(judge_deterministic(&runs.item[2].run));
	assert_false(judge_deterministic(&runs.item[3].run));
	release_runs(&runs);
}

/* The children write their seed among the parameters: without pooling each would be a point. */
static void seeds_are_pooled_and_a_baseline_trained_again_is_the_same(void **state)
{
	struct judge_families *families = NULL;
	struct error err = {0};
	struct runs runs = {0};

	(void)state;
	add_run(&runs, "forest", "baseline", DATA);
	add_run(&runs, "forest", "baseline", "'children': ['" ID(2) "'], " DATA);
	add_run(&runs, "forest-seed0", "baseline", "'parent': '" ID(1) "', " DATA);
	add_run(&runs, "mine", "run",
		"'children': ['" ID(4) "', '" ID(5) "'], 'params': {'lr': 1}, " COMPARED(ID(1), "") ", " DATA);
	add_run(&runs, "mine-seed0", "run",
		"'parent': '" ID(3) "', 'params': {'lr': 1, 'seed': 0}, " COMPARED(ID(0), "") ", " DATA);
	add_run(&runs, "mine-seed1", "run",
		"'parent': '" ID(3) "', 'params': {'lr': 1, 'seed': 1}, " COMPARED(ID(0), "") ", " DATA);
	add_run(&runs, "mine", "run", "'params': {'lr': 1}, " COMPARED(ID(2), "") ", " DATA);
	check_ok(judge_families_new(&families, &runs, &err), err);
	for (size_t i = 3; i < 7; i++)
		assert_int_equal(judge_points_of(families, &runs.item[i].run), 1);
	judge_families_free(families);
	add_run(&runs, "other", "run", "'params': {'lr': 2}, " COMPARED(ID(0), "") ", " DATA);
	check_ok(judge_families_new(&families, &runs, &err), err);
	assert_int_equal(judge_points_of(families, &runs.item[3].run), 2);
	assert_int_equal(judge_points_of(families, &runs.item[4].run), 2);
	judge_families_free(families);
	release_runs(&runs);
}

static void the_parent_is_best_and_candidate_not_its_children(void **state)
{
	struct experiment experiment = {.name = (char *)(intptr_t) "churn"};
	struct judge_families *families = NULL;
	struct hypothesis hypothesis;
	struct error err = {0};
	struct runs runs = {0};

	(void)state;
	add_run(&runs, "forest", "baseline", "'measured': {'f1': 0.5}");
	add_run(&runs, "mine", "run", "'measured': {'f1': 0.6}, 'children': ['" ID(2) "'], " COMPARED(ID_0, ""));
	add_run(&runs, "mine-seed0", "run", "'measured': {'f1': 0.9}, 'parent': '" ID(1) "', " COMPARED(ID_0, ""));
	check_ok(judge_families_new(&families, &runs, &err), err);
	judge_hypothesis(&hypothesis, &runs, families, &experiment, f1_declared);
	assert_ptr_equal(hypothesis.judged, &runs.item[1]);
	assert_int_equal(hypothesis.runs, 1);
	assert_ptr_equal(runs_best(&runs, "churn", "f1", NULL), &runs.item[1]);
	/* a parent that was killed has no figures: the children that finished stand for themselves */
	check_ok(run_set_text(&runs.item[1].run, "status", "killed", &err), err);
	assert_ptr_equal(runs_best(&runs, "churn", "f1", NULL), &runs.item[2]);
	judge_families_free(families);
	release_runs(&runs);
}

enum { ROWS = 400, SEEDS = 4, MOST = 12 };

struct set { /* one set of predictions */
	char text[ROWS][8];
	char *id[ROWS], *class_name[2];
	int y_true[ROWS], y_pred[ROWS];
	double score[2 * ROWS];
	struct stored_predictions stored;
};

struct repeats { /* a parent and its children */
	struct runs runs;
	struct set set[MOST];
	const struct run *child[MOST];
	const struct stored_predictions *predictions[MOST];
	struct judge_repeated side;
};

static void fill(struct set *set, double knows, uint64_t seed, size_t first)
{
	struct random truth, noise;

	random_init(&truth, 5, first);
	random_init(&noise, seed, 7);
	set->class_name[0] = (char *)(intptr_t) "no";
	set->class_name[1] = (char *)(intptr_t) "yes";
	for (size_t i = 0; i < ROWS; i++) {
		int y = random_unit(&truth) < 0.4;
		double s = 0.5 + knows * (y - 0.5) + (random_unit(&truth) - 0.5) * (1 - knows) * 0.9 +
			   (random_unit(&noise) - 0.5) * 0.1;

		snprintf(set->text[i], sizeof(set->text[i]), "%zu", first + i);
		set->id[i] = set->text[i];
		set->y_true[i] = y;
		set->y_pred[i] = s >= 0.5;
		set->score[2 * i] = 1 - s;
		set->score[2 * i + 1] = s;
	}
	set->stored = (struct stored_predictions){.n = ROWS,
						  .classes = 2,
						  .positive = 1,
						  .class_name = set->class_name,
						  .id = set->id,
						  .y_true = set->y_true,
						  .y_pred = set->y_pred,
						  .score = set->score};
}

#define MEASURED "'measured': {'f1': 0.5, 'accuracy': 0.5, 'roc_auc': 0.5}"

static void repeats_make(struct repeats *out, size_t n, double knows, uint64_t seed, int splits)
{
	struct error err = {0};

	*out = (struct repeats){0};
	add_run(&out->runs, "parent", "run",
		splits ? "'children': [], " MEASURED
			 ", 'data': {'split': {'count': 10, 'test_rows': 400, 'train_rows': 1600, 'sha256': '" S64 "'}}"
		       : "'children': [], " MEASURED);
	for (size_t i = 0; i < n; i++) {
		char sha[65], split[128];

		add_run(&out->runs, "child", "run", MEASURED);
		snprintf(sha, sizeof(sha), "%064zx", i);
		snprintf(split, sizeof(split), "data.split.sha256");
		if (splits)
			check_ok(run_set_text(&out->runs.item[i + 1].run, split, sha, &err), err);
		check_ok(run_set_number(&out->runs.item[i + 1].run, "measured.accuracy",
					0.5 + knows * 0.3 + 0.01 * (double)((i * seed) % 5), &err),
			 err);
		fill(&out->set[i], knows, seed + i, splits ? 50 * i : 0);
		out->predictions[i] = &out->set[i].stored;
	}
	for (size_t i = 0; i < n; i++)
		out->child[i] = &out->runs.item[i + 1].run;
	out->side = (struct judge_repeated){.run = &out->runs.item[0].run,
					    .child = out->child,
					    .predictions = out->predictions,
					    .n = n,
					    .rarer = 160};
}

static int compare(json_t **entry, const char **note, const struct repeats *a, const struct repeats *b,
		   struct error *err)
{
	static const struct experiment none = {0};

	return judge_compare_repeated(entry, note, &a->side, &b->side, "baseline", f1_declared, 1, &none, 1, 1, err);
}

static const json_t *figure(const json_t *entry, const char *metric, const char *key)
{
	return json_object_get(json_object_get(json_object_get(entry, "metrics"), metric), key);
}

static void the_entry_of_seeds_is_of_scope_recipe(void **state)
{
	static struct repeats a, b;
	struct error err = {0};
	const char *note;
	json_t *entry;

	(void)state;
	repeats_make(&a, SEEDS, 0.5, 100, 0);
	repeats_make(&b, SEEDS, 0.1, 200, 0);
	check_ok(compare(&entry, &note, &a, &b, &err), err);
	assert_null(note);
	assert_string_equal(json_string_value(json_object_get(entry, "scope")), "recipe");
	assert_int_equal(json_integer_value(json_object_get(entry, "rows")), ROWS);
	assert_int_equal(json_integer_value(json_array_get(json_object_get(entry, "seeds"), 0)), SEEDS);
	assert_true(json_number_value(json_object_get(entry, "fixed")) >
		    json_number_value(json_object_get(entry, "broken")));
	assert_string_equal(json_string_value(figure(entry, "f1", "test")), "recipe_t");
	assert_string_equal(json_string_value(figure(entry, "f1", "verdict")), "better");
	assert_true(json_number_value(figure(entry, "f1", "se_rows")) < json_number_value(figure(entry, "f1", "se")));
	json_decref(entry);
	/* rows that one set lacks are left out on all sides */
	b.set[2].stored.n = ROWS - 7;
	check_ok(compare(&entry, &note, &a, &b, &err), err);
	assert_int_equal(json_integer_value(json_object_get(entry, "rows")), ROWS - 7);
	json_decref(entry);
	release_runs(&a.runs);
	release_runs(&b.runs);
}

/* At another size of the family the interval is as wide as t, not as the normal law has it. */
static void today_an_interval_of_few_seeds_stays_wide(void **state)
{
	static struct repeats a, b;
	struct judge_today then, today;
	struct error err = {0};
	const char *note;
	json_t *entry;

	(void)state;
	repeats_make(&a, SEEDS, 0.5, 100, 0);
	repeats_make(&b, SEEDS, 0.1, 200, 0);
	check_ok(compare(&entry, &note, &a, &b, &err), err);
	check_ok(run_set(&a.runs.item[0].run, "comparison", json_pack("[O]", entry), &err), err);
	assert_true(judge_today(&then, &a.runs.item[0].run, "f1", JUDGE_THEN));
	assert_true(judge_today(&today, &a.runs.item[0].run, "f1", 20));
	json_decref(entry);
	check_ok(judge_compare_repeated(&entry, &note, &a.side, &b.side, "baseline", f1_declared, 1,
					&(const struct experiment){0}, 20, 1, &err),
		 err);
	check_close(today.low, json_number_value(json_array_get(figure(entry, "f1", "corrected"), 0)), 1e-9);
	check_close(today.high, json_number_value(json_array_get(figure(entry, "f1", "corrected"), 1)), 1e-9);
	assert_true(today.high - today.low > then.high - then.low);
	json_decref(entry);
	release_runs(&a.runs);
	release_runs(&b.runs);
}

static void the_entry_of_splits_is_of_scope_change(void **state)
{
	static struct repeats a, b;
	struct error err = {0};
	const char *note;
	json_t *entry;

	(void)state;
	repeats_make(&a, 10, 0.5, 101, 1);
	repeats_make(&b, 10, 0.1, 203, 1);
	check_ok(compare(&entry, &note, &a, &b, &err), err);
	assert_string_equal(json_string_value(json_object_get(entry, "scope")), "change");
	assert_int_equal(json_integer_value(json_object_get(entry, "splits")), 10);
	assert_int_equal(json_integer_value(json_object_get(entry, "rarer")), 160);
	assert_null(json_object_get(entry, "fixed"));
	assert_string_equal(json_string_value(figure(entry, "accuracy", "test")), "resampled_t");
	check_close(json_number_value(figure(entry, "accuracy", "df")), 9, 0);
	json_decref(entry);
	release_runs(&a.runs);
	release_runs(&b.runs);
}

static void too_few_repetitions_and_other_splits_say_why(void **state)
{
	static struct repeats a, b;
	struct error err = {0};
	const char *note;
	json_t *entry;

	(void)state;
	repeats_make(&a, 2, 0.5, 100, 0);
	repeats_make(&b, SEEDS, 0.1, 200, 0);
	assert_int_equal(compare(&entry, &note, &a, &b, &err), ERR_INPUT);
	release_runs(&a.runs);
	release_runs(&b.runs);
	error_clear(&err);
	repeats_make(&a, 10, 0.5, 100, 1);
	repeats_make(&b, 9, 0.1, 200, 1);
	assert_int_equal(compare(&entry, &note, &a, &b, &err), ERR_INPUT);
	assert_non_null(strstr(err.text, "10 splits that both ran on, there are 9"));
	error_clear(&err);
	check_ok(run_set_text(&b.runs.item[0].run, "data.split.sha256", A64, &err), err);
	assert_int_equal(compare(&entry, &note, &a, &b, &err), ERR_INPUT);
	assert_non_null(strstr(err.text, "the test rows are others"));
	release_runs(&a.runs);
	release_runs(&b.runs);
}

static void words_claim_their_scope_alone(void **state)
{
	static const char *const verdicts[] = {"better", "worse", "equivalent", "not_worse", "undecided", "too_few"};

	(void)state;
	for (size_t i = 0; i < sizeof(verdicts) / sizeof(*verdicts); i++) {
		assert_non_null(strstr(judge_words("model", verdicts[i]), "model"));
		assert_non_null(strstr(judge_words("recipe", verdicts[i]), "recipe"));
		assert_non_null(strstr(judge_words("change", verdicts[i]), "this change"));
		assert_ptr_equal(judge_words(NULL, verdicts[i]), judge_words("model", verdicts[i]));
		assert_null(strstr(judge_words("model", verdicts[i]), "change"));
	}
	assert_null(judge_words("model", "splendid"));
	assert_null(judge_words("model", NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(like_meets_like),
		cmocka_unit_test(of_a_recipe_that_was_only_repeated_the_first_child_stands),
		cmocka_unit_test(what_no_seed_changes_counts_as_repeated),
		cmocka_unit_test(seeds_are_pooled_and_a_baseline_trained_again_is_the_same),
		cmocka_unit_test(the_parent_is_best_and_candidate_not_its_children),
		cmocka_unit_test(the_entry_of_seeds_is_of_scope_recipe),
		cmocka_unit_test(today_an_interval_of_few_seeds_stays_wide),
		cmocka_unit_test(the_entry_of_splits_is_of_scope_change),
		cmocka_unit_test(too_few_repetitions_and_other_splits_say_why),
		cmocka_unit_test(words_claim_their_scope_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
