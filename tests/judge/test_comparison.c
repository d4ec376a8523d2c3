/* The entry of `comparison`: its keys, its families, what cannot be compared, and no false winners in an experiment. */
#include "records.h"

#define ROWS 400

struct side {
	struct stored_predictions stored;
	char *class_name[2], *id[ROWS], text[ROWS][16];
	int y_true[ROWS], y_pred[ROWS];
	double score[2 * ROWS];
};

static void fill(struct side *side, const int *y, const double *score)
{
	side->class_name[0] = (char *)(intptr_t) "no";
	side->class_name[1] = (char *)(intptr_t) "yes";
	for (int i = 0; i < ROWS; i++) {
		snprintf(side->text[i], sizeof(side->text[i]), "%d", i + 1);
		side->id[i] = side->text[i];
		side->y_true[i] = y[i];
		side->y_pred[i] = score[i] >= 0.5;
		side->score[2 * i] = 1 - score[i];
		side->score[2 * i + 1] = score[i];
	}
	side->stored = (struct stored_predictions){.n = ROWS,
						   .classes = 2,
						   .positive = 1,
						   .class_name = side->class_name,
						   .id = side->id,
						   .y_true = side->y_true,
						   .y_pred = side->y_pred,
						   .score = side->score};
}

static double score_of(struct random *random, int y, double knows)
{
	return 0.5 + knows * (y - 0.5) + (random_unit(random) - 0.5) * (1 - knows);
}

#define MEASURED                                                                                              \
	"'measured': {'f1': 0.5, 'accuracy': 0.5, 'roc_auc': 0.5, 'log_loss': 0.5, 'brier_score_loss': 0.1, " \
	"'latency_ms': 1}"

/* Two runs, the first better by what it knows. */
struct pair {
	struct runs runs;
	struct side run, base;
};

static void pair_make(struct pair *pair, double knows, const char *more)
{
	struct random random;
	double run[ROWS], base[ROWS];
	int y[ROWS];

	*pair = (struct pair){0};
	random_init(&random, 3, 3);
	for (int i = 0; i < ROWS; i++) {
		y[i] = random_unit(&random) < 0.3;
		base[i] = score_of(&random, y[i], 0.2);
		run[i] = score_of(&random, y[i], knows);
	}
	fill(&pair->run, y, run);
	fill(&pair->base, y, base);
	add_run(&pair->runs, "logistic", "baseline", MEASURED);
	add_run(&pair->runs, "mine", "run", more);
}

static int compare(json_t **out, struct pair *pair, const struct experiment *experiment, size_t points,
		   struct error *err)
{
	const struct declared_metric declared[] = {{(char *)(intptr_t) "f1", 0, 1},
						   {(char *)(intptr_t) "roc_auc", 0, 1}};
	struct judge_side run = {&pair->runs.item[1].run, &pair->run.stored},
			  base = {&pair->runs.item[0].run, &pair->base.stored};

	return judge_compare(out, &run, &base, "baseline", declared, 2, experiment, points, 1, err);
}

static double number(const json_t *entry, const char *metric, const char *key)
{
	double value = NAN;

	json_number(&value, json_object_get(json_object_get(json_object_get(entry, "metrics"), metric), key));
	return value;
}

static const char *text(const json_t *entry, const char *metric, const char *key)
{
	return json_string_value(json_object_get(json_object_get(json_object_get(entry, "metrics"), metric), key));
}

static void the_entry_holds_what_the_record_asks_for(void **state)
{
	static const char *const keys[] = {"against", "role",  "scope",  "rows",         "of_rows",
					   "rarer",   "fixed", "broken", "same_ranking", "metrics"};
	static struct pair pair;
	struct experiment none = {0};
	struct error err = {0};
	json_t *entry;

	(void)state;
	pair_make(&pair, 0.5, MEASURED ", 'evaluation': {'rows': 900}");
	check_ok(compare(&entry, &pair, &none, 3, &err), err);
	assert_int_equal(json_object_size(entry), sizeof(keys) / sizeof(*keys));
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		assert_non_null(json_object_get(entry, keys[i]));
	assert_string_equal(json_string_value(json_object_get(entry, "against")), ID_0);
	assert_int_equal(json_integer_value(json_object_get(entry, "rows")), ROWS);
	assert_int_equal(json_integer_value(json_object_get(entry, "of_rows")), 900);
	assert_int_equal(json_object_size(json_object_get(entry, "metrics")), 5); /* latency is not compared */
	assert_string_equal(text(entry, "f1", "test"), "bootstrap");
	assert_string_equal(text(entry, "f1", "verdict"), "better");
	assert_string_equal(text(entry, "brier_score_loss", "verdict"), "better");
	assert_true(number(entry, "brier_score_loss", "difference") < 0);
	assert_true(isnan(number(entry, "f1", "margin")));
	check_ok(run_set(&pair.runs.item[1].run, "comparison", json_pack("[o]", entry), &err), err);
	assert_string_equal(word_today(&pair.runs.item[1].run, "f1", 3), "better");
	release_runs(&pair.runs);
}

static void declared_metrics_and_the_others_are_two_families(void **state)
{
	static struct pair pair;
	struct experiment none = {0};
	struct error err = {0};
	json_t *entry;

	(void)state;
	pair_make(&pair, 0.5, MEASURED);
	check_ok(compare(&entry, &pair, &none, 5, &err), err);
	check_close(number(entry, "f1", "family"), 10, 0);
	check_close(number(entry, "roc_auc", "family"), 10, 0);
	check_close(number(entry, "accuracy", "family"), 15, 0);
	assert_true(
		json_is_true(json_object_get(json_object_get(json_object_get(entry, "metrics"), "f1"), "declared")));
	assert_true(json_is_false(
		json_object_get(json_object_get(json_object_get(entry, "metrics"), "accuracy"), "declared")));
	json_decref(entry);
	release_runs(&pair.runs);
}

/* A column of both sides: 1 where the side is right, and once no value. */
static void add_column(struct pair *pair, char **name)
{
	struct side *side[] = {&pair->run, &pair->base};
	static double value[2][ROWS];

	for (int s = 0; s < 2; s++) {
		for (int i = 0; i < ROWS; i++)
			value[s][i] = side[s]->y_true[i] == side[s]->y_pred[i];
		side[s]->stored.further.name = name;
		side[s]->stored.further.n = 1;
		side[s]->stored.further_value = value[s];
	}
	value[0][7] = NAN;
}

static void a_score_per_row_is_judged_by_its_differences(void **state)
{
	static char *name[] = {(char *)(intptr_t) "exact_match"};
	static struct pair pair;
	struct experiment none = {0};
	struct error err = {0};
	json_t *entry;

	(void)state;
	pair_make(&pair, 0.5, MEASURED);
	add_column(&pair, name);
	check_ok(compare(&entry, &pair, &none, 1, &err), err);
	assert_null(json_object_get(json_object_get(entry, "metrics"), "exact_match")); /* nobody has measured it */
	json_decref(entry);
	release_runs(&pair.runs);

	pair_make(&pair, 0.5, "'measured': {'accuracy': 0.9, 'f1': 0.5, 'exact_match': 0.9}");
	add_column(&pair, name);
	check_ok(run_set_number(&pair.runs.item[0].run, "measured.exact_match", 0.7, &err), err);
	check_ok(compare(&entry, &pair, &none, 2, &err), err);
	assert_string_equal(text(entry, "exact_match", "test"), "t");
	assert_string_equal(text(entry, "exact_match", "better"), "higher");
	assert_string_equal(text(entry, "exact_match", "verdict"), "better");
	check_close(number(entry, "exact_match", "difference"), number(entry, "accuracy", "difference"), 0.01);
	check_close(number(entry, "exact_match", "family"), 4, 0); /* two points, with accuracy */
	check_close(number(entry, "accuracy", "family"), 4, 0);
	check_close(number(entry, "f1", "family"), 2, 0);
	assert_null(text(entry, "accuracy", "better"));
	json_decref(entry);
	release_runs(&pair.runs);
}

static void scores_are_judged_without_labels(void **state)
{
	static char *name[] = {(char *)(intptr_t) "cost"};
	const struct declared_metric declared[] = {{(char *)(intptr_t) "cost", 1, 0}};
	static struct pair pair;
	struct experiment none = {0};
	struct error err = {0};
	struct judge_side run, base;
	json_t *entry;

	(void)state;
	pair_make(&pair, 0.5, "'measured': {'f1': 1, 'cost': 0.9}");
	add_column(&pair, name);
	check_ok(run_set_number(&pair.runs.item[0].run, "measured.cost", 0.7, &err), err);
	pair.run.stored.y_true = pair.base.stored.y_true = NULL;
	pair.run.stored.y_pred = pair.base.stored.y_pred = NULL;
	pair.run.stored.score = pair.base.stored.score = NULL;
	run = (struct judge_side){&pair.runs.item[1].run, &pair.run.stored};
	base = (struct judge_side){&pair.runs.item[0].run, &pair.base.stored};
	check_ok(judge_compare(&entry, &run, &base, "baseline", declared, 1, &none, 3, 1, &err), err);
	assert_int_equal(json_object_size(json_object_get(entry, "metrics")), 1);
	assert_string_equal(text(entry, "cost", "better"), "lower");
	assert_string_equal(text(entry, "cost", "verdict"), "worse");
	check_close(number(entry, "cost", "family"), 3, 0);
	assert_null(json_object_get(entry, "fixed"));
	assert_null(json_object_get(entry, "rarer"));
	check_ok(run_set(&pair.runs.item[1].run, "comparison", json_pack("[o]", entry), &err), err);
	assert_string_equal(word_today(&pair.runs.item[1].run, "cost", 3), "worse");
	assert_string_equal(word_today(&pair.runs.item[1].run, "cost", 2), "worse"); /* its direction is on record */
	pair.run.stored.further.n = 0;
	assert_int_equal(judge_compare(&entry, &run, &base, "baseline", declared, 1, &none, 3, 1, &err), ERR_INPUT);
	assert_string_equal(err.text, "they have no labels and no further column in common");
	release_runs(&pair.runs);
}

static void clusters_of_one_side_count_for_both(void **state)
{
	static size_t cluster[ROWS];
	static struct pair pair;
	struct experiment none = {0};
	struct error err = {0};
	json_t *entry;

	(void)state;
	pair_make(&pair, 0.5, MEASURED);
	for (size_t i = 0; i < ROWS; i++)
		cluster[i] = i / 3;
	pair.base.stored.cluster = cluster;
	pair.base.stored.clusters = cluster[ROWS - 1] + 1;
	check_ok(compare(&entry, &pair, &none, 1, &err), err);
	assert_string_equal(text(entry, "accuracy", "test"), "clustered_tango");
	assert_string_equal(text(entry, "roc_auc", "test"), "clustered_delong");
	assert_int_equal(json_integer_value(json_object_get(entry, "clusters")), 134);
	json_decref(entry);
	release_runs(&pair.runs);
}

static void no_row_is_fixed_or_broken_by_scores_that_nobody_cut(void **state)
{
	static struct pair pair;
	struct experiment none = {0};
	struct error err = {0};
	json_t *entry;

	(void)state;
	pair_make(&pair, 0.5, "'measured': {'roc_auc': 0.5}");
	pair.run.stored.y_pred = NULL;
	check_ok(compare(&entry, &pair, &none, 1, &err), err);
	assert_null(json_object_get(entry, "fixed"));
	assert_null(json_object_get(entry, "broken"));
	assert_string_equal(text(entry, "roc_auc", "verdict"), "better");
	json_decref(entry);
	release_runs(&pair.runs);
}

static void rows_of_a_weighted_sample_are_counted_as_they_are_weighted(void **state)
{
	static double weight[ROWS];
	static struct pair pair;
	struct experiment none = {0};
	struct error err = {0};
	json_t *plain, *entry;
	json_int_t fixed;

	(void)state;
	pair_make(&pair, 0.5, MEASURED);
	check_ok(compare(&plain, &pair, &none, 1, &err), err);
	fixed = json_integer_value(json_object_get(plain, "fixed"));
	assert_true(fixed > 10);
	for (int i = 0; i < ROWS; i++) /* rows that are fixed stand for next to nothing, and are some all the same */
		weight[i] = pair.run.y_pred[i] == pair.run.y_true[i] && pair.base.y_pred[i] != pair.base.y_true[i]
				    ? 1e-6
				    : 1;
	pair.run.stored.weight = weight;
	check_ok(compare(&entry, &pair, &none, 1, &err), err);
	assert_int_equal(json_integer_value(json_object_get(entry, "fixed")), 1);
	json_decref(plain);
	json_decref(entry);
	release_runs(&pair.runs);
}

static void a_margin_counts_if_it_was_committed_when_the_run_started(void **state)
{
	struct margin margin = {(char *)(intptr_t) "f1", 0.9, NULL};
	struct experiment experiment = {.margin = &margin, .margins = 1};
	static struct pair pair;
	struct error err = {0};
	json_t *entry;

	(void)state;
	pair_make(&pair, 0.5, MEASURED);
	check_ok(compare(&entry, &pair, &experiment, 1, &err), err);
	assert_string_equal(text(entry, "f1", "verdict"), "better");
	json_decref(entry);
	check_ok(run_set_text(&pair.runs.item[1].run, "plan.commit", "0123456789012345678901234567890123456789", &err),
		 err);
	check_ok(compare(&entry, &pair, &experiment, 1, &err), err);
	assert_string_equal(text(entry, "f1", "verdict"), "equivalent");
	check_close(number(entry, "f1", "margin"), 0.9, 0);
	assert_string_equal(text(entry, "roc_auc", "verdict"), "better");
	json_decref(entry);
	release_runs(&pair.runs);
}

static void the_log_loss_of_a_forest_is_not_judged(void **state)
{
	struct experiment none = {0};
	static struct pair pair;
	struct error err = {0};
	json_t *entry;

	(void)state;
	pair_make(&pair, 0.5, MEASURED ", 'params': {'model': 'random_forest'}");
	check_ok(compare(&entry, &pair, &none, 1, &err), err);
	assert_true(isnan(number(entry, "log_loss", "difference")));
	assert_false(isnan(number(entry, "brier_score_loss", "difference")));
	check_close(number(entry, "accuracy", "family"), 2, 0); /* accuracy and brier_score_loss */
	json_decref(entry);
	release_runs(&pair.runs);
}

static void identical_predictions_are_undecided_at_a_difference_of_zero(void **state)
{
	struct experiment none = {0};
	static struct pair pair;
	struct error err = {0};
	json_t *entry;

	(void)state;
	pair_make(&pair, 0.5, MEASURED);
	memcpy(pair.base.y_pred, pair.run.y_pred, sizeof(pair.run.y_pred));
	memcpy(pair.base.score, pair.run.score, sizeof(pair.run.score));
	check_ok(compare(&entry, &pair, &none, 1, &err), err);
	assert_true(json_is_true(json_object_get(entry, "same_ranking")));
	assert_int_equal(json_integer_value(json_object_get(entry, "fixed")), 0);
	check_close(number(entry, "f1", "difference"), 0, 0);
	check_close(number(entry, "f1", "p"), 1, 0);
	assert_string_equal(text(entry, "f1", "verdict"), "undecided");
	assert_string_equal(text(entry, "roc_auc", "verdict"), "undecided");
	json_decref(entry);
	release_runs(&pair.runs);
}

static void rows_are_paired_by_id_not_by_place(void **state)
{
	struct experiment none = {0};
	static struct pair pair, turned;
	struct error err = {0};
	json_t *straight, *other;

	(void)state;
	pair_make(&pair, 0.5, MEASURED);
	pair_make(&turned, 0.5, MEASURED);
	for (int i = 0; i < ROWS; i++) {
		int from = ROWS - 1 - i;

		turned.base.id[i] = pair.base.text[from];
		turned.base.y_true[i] = pair.base.y_true[from];
		turned.base.y_pred[i] = pair.base.y_pred[from];
		turned.base.score[2 * i] = pair.base.score[2 * from];
		turned.base.score[2 * i + 1] = pair.base.score[2 * from + 1];
	}
	check_ok(compare(&straight, &pair, &none, 1, &err), err);
	check_ok(compare(&other, &turned, &none, 1, &err), err);
	assert_true(json_equal(straight, other));
	json_decref(straight);
	json_decref(other);
	release_runs(&pair.runs);
	release_runs(&turned.runs);
}

static void what_cannot_be_compared_says_why(void **state)
{
	static struct pair pair;
	struct experiment none = {0};
	struct error err = {0};
	json_t *entry = NULL;

	(void)state;
	pair_make(&pair, 0.5, MEASURED);
	for (int i = 0; i < ROWS; i++)
		snprintf(pair.base.text[i], sizeof(pair.base.text[i]), "x%d", i);
	assert_int_equal(compare(&entry, &pair, &none, 1, &err), ERR_INPUT);
	assert_string_equal(err.text, "they share no test row");
	error_clear(&err);
	pair.base.class_name[1] = (char *)(intptr_t) "maybe";
	assert_int_equal(compare(&entry, &pair, &none, 1, &err), ERR_INPUT);
	assert_string_equal(err.text, "their classes differ");
	error_clear(&err);
	check_ok(run_set_text(&pair.runs.item[0].run, "data.split.sha256", "aa", &err), err);
	check_ok(run_set_text(&pair.runs.item[1].run, "data.split.sha256", "bb", &err), err);
	assert_int_equal(compare(&entry, &pair, &none, 1, &err), ERR_INPUT);
	assert_string_equal(err.text, "the test rows are others: bb, not aa");
	assert_null(entry);
	release_runs(&pair.runs);
}

/* An experiment of five runs that are as good as their baseline. 1 if any declared metric of any run is called. */
static int null_experiment_has_a_winner(struct pair *pair, uint64_t seed)
{
	enum { RUNS = 5 };
	struct experiment none = {0};
	struct random random;
	double run[ROWS], base[ROWS];
	int y[ROWS], winner = 0;

	random_init(&random, 99, seed);
	for (int i = 0; i < ROWS; i++) {
		y[i] = random_unit(&random) < 0.3;
		base[i] = score_of(&random, y[i], 0.2);
	}
	fill(&pair->base, y, base);
	for (int r = 0; r < RUNS; r++) {
		struct error err = {0};
		json_t *entry;

		for (int i = 0; i < ROWS; i++)
			run[i] = random_unit(&random) < 0.5 ? base[i] : score_of(&random, y[i], 0.2);
		fill(&pair->run, y, run);
		check_ok(compare(&entry, pair, &none, RUNS, &err), err);
		winner |= strcmp(text(entry, "f1", "verdict"), "undecided") != 0;
		winner |= strcmp(text(entry, "roc_auc", "verdict"), "undecided") != 0;
		json_decref(entry);
	}
	return winner;
}

static void few_experiments_name_a_winner_where_there_is_none(void **state)
{
	static struct pair pair;
	int winners = 0;

	(void)state;
	pair_make(&pair, 0.2, "'measured': {'f1': 0.5, 'roc_auc': 0.5}");
	for (uint64_t seed = 0; seed < 200; seed++)
		winners += null_experiment_has_a_winner(&pair, seed);
	print_message("%d of 200 experiments name a winner\n", winners);
	assert_in_range(winners, 0, 19); /* 5 % and three standard errors */
	release_runs(&pair.runs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_entry_holds_what_the_record_asks_for),
		cmocka_unit_test(declared_metrics_and_the_others_are_two_families),
		cmocka_unit_test(a_score_per_row_is_judged_by_its_differences),
		cmocka_unit_test(scores_are_judged_without_labels),
		cmocka_unit_test(clusters_of_one_side_count_for_both),
		cmocka_unit_test(no_row_is_fixed_or_broken_by_scores_that_nobody_cut),
		cmocka_unit_test(rows_of_a_weighted_sample_are_counted_as_they_are_weighted),
		cmocka_unit_test(a_margin_counts_if_it_was_committed_when_the_run_started),
		cmocka_unit_test(the_log_loss_of_a_forest_is_not_judged),
		cmocka_unit_test(identical_predictions_are_undecided_at_a_difference_of_zero),
		cmocka_unit_test(rows_are_paired_by_id_not_by_place),
		cmocka_unit_test(what_cannot_be_compared_says_why),
		cmocka_unit_test(few_experiments_name_a_winner_where_there_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
