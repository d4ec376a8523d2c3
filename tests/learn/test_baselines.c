#include "made.h"

#include "learn/baselines.h"
#include "learn/threshold.h"

struct trained {
	struct made *made;
	struct split *split;
	struct baselines *baselines;
};

static struct trained trained_new(int classes, const char *metric, unsigned threads)
{
	struct trained t = {
		.made = made_new((struct made_options){
			.n = 600, .numbers = 3, .categories = 2, .levels = 3, .classes = classes, .noise = 0.5})};
	struct error err = {0};

	check_ok(split_make(&t.split, &t.made->data, &(struct split_options){.test = 0.2, .seed = 1}, &err), err);
	check_ok(
		baselines_new(&t.baselines, &t.made->data, t.split,
			      &(struct baselines_options){.metric = metric_find(metric), .seed = 1, .threads = threads},
			      &err),
		err);
	return t;
}

static void trained_free(struct trained *t)
{
	baselines_free(t->baselines);
	split_free(t->split);
	made_free(t->made);
}

static struct baseline_result fit_named(struct trained *t, const char *name)
{
	struct baseline_result result = {0};
	struct error err = {0};

	for (size_t i = 0; i < baselines_count(t->baselines); i++)
		if (strcmp(baselines_name(t->baselines, i), name) == 0)
			check_ok(baselines_fit(&result, t->baselines, i, NULL, &err), err);
	assert_non_null(result.name);
	return result;
}

static void six_stand_where_a_cut_counts_and_three_elsewhere(void **state)
{
	const char *const six[] = {"majority",       "always_positive", "logistic",
				   "logistic_tuned", "random_forest",   "random_forest_tuned"};
	const char *const three[] = {"majority", "logistic", "random_forest"};
	struct trained cut = trained_new(2, "f1", 1), area = trained_new(2, "roc_auc", 1),
		       more = trained_new(3, "f1", 1);

	(void)state;
	assert_int_equal(baselines_count(cut.baselines), 6);
	for (size_t i = 0; i < 6; i++)
		assert_string_equal(baselines_name(cut.baselines, i), six[i]);
	assert_int_equal(baselines_count(area.baselines), 3);
	assert_int_equal(baselines_count(more.baselines), 3);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(baselines_name(more.baselines, i), three[i]);
	trained_free(&cut);
	trained_free(&area);
	trained_free(&more);
}

static void a_twin_has_the_scores_of_its_model_and_another_cut(void **state)
{
	const char *const model[] = {"logistic", "random_forest"}, *const twin[] = {"logistic_tuned",
										    "random_forest_tuned"};
	struct trained t = trained_new(2, "f1", 1);
	size_t n = t.split->n_test;

	(void)state;
	for (size_t m = 0; m < 2; m++) {
		/* the twin first: the order of asking does not matter */
		struct baseline_result tuned = fit_named(&t, twin[m]), plain = fit_named(&t, model[m]);

		assert_memory_equal(tuned.probability, plain.probability, n * 2 * sizeof(double));
		assert_string_equal(plain.chosen, "half");
		assert_string_equal(tuned.chosen, "train_cv");
		check_close(plain.threshold, 0.5, 0);
		assert_true(tuned.threshold > 0 && tuned.threshold < 1);
		assert_true(tuned.fit_seconds > plain.fit_seconds);
		assert_ptr_equal(tuned.model, plain.model);
		for (size_t i = 0; i < n; i++) {
			assert_int_equal(tuned.y_pred[i], tuned.probability[2 * i + 1] >= tuned.threshold);
			assert_int_equal(plain.y_pred[i], plain.probability[2 * i + 1] >= 0.5);
		}
		assert_true(plain.latency_low <= plain.latency_ms && plain.latency_ms <= plain.latency_high);
		assert_true(plain.latency_ms > 0);
		baseline_result_release(&tuned);
		baseline_result_release(&plain);
	}
	trained_free(&t);
}

static void always_positive_is_what_it_says(void **state)
{
	struct trained t = trained_new(2, "f1", 1);
	struct baseline_result all, none;

	(void)state;
	t.made->data.positive = 0;
	all = fit_named(&t, "always_positive");
	none = fit_named(&t, "majority");
	assert_string_equal(all.chosen, "given");
	for (size_t i = 0; i < t.split->n_test; i++) {
		assert_int_equal(all.y_pred[i], 0);
		assert_int_equal(none.y_pred[i], none.probability[2 * i] >= 0.5 ? 0 : 1);
	}
	baseline_result_release(&all);
	baseline_result_release(&none);
	trained_free(&t);
}

static void more_classes_take_the_first_of_the_most_probable(void **state)
{
	struct trained t = trained_new(4, "f1", 1);
	struct baseline_result result = fit_named(&t, "random_forest");

	(void)state;
	assert_null(result.chosen);
	for (size_t i = 0; i < t.split->n_test; i++)
		for (int k = 0; k < 4; k++) {
			double best = result.probability[4 * i + (size_t)result.y_pred[i]],
			       here = result.probability[4 * i + (size_t)k];

			assert_true(k < result.y_pred[i] ? here < best : here <= best);
		}
	baseline_result_release(&result);
	trained_free(&t);
}

static void threads_change_neither_cut_nor_scores(void **state)
{
	struct trained one = trained_new(2, "f1", 1), seven = trained_new(2, "f1", 7);

	(void)state;
	for (size_t i = 0; i < baselines_count(one.baselines); i++) {
		struct baseline_result a = fit_named(&one, baselines_name(one.baselines, i));
		struct baseline_result b = fit_named(&seven, baselines_name(seven.baselines, i));

		assert_memory_equal(&a.threshold, &b.threshold, sizeof(a.threshold));
		assert_memory_equal(a.probability, b.probability, one.split->n_test * 2 * sizeof(double));
		baseline_result_release(&a);
		baseline_result_release(&b);
	}
	trained_free(&one);
	trained_free(&seven);
}

/* The definition: every midpoint of distinct scores, each fold by itself, the lowest of the best. */
static double slow_threshold(const struct metric *metric, const double *score, const int *is_positive, const int *fold,
			     size_t n, int folds, int positive)
{
	double best = -1, threshold = 0.5;

	for (size_t a = 0; a < n; a++) {
		double next = INFINITY, cut, sum = 0;

		for (size_t b = 0; b < n; b++)
			next = score[b] > score[a] && score[b] < next ? score[b] : next;
		if (isinf(next))
			continue;
		cut = score[a] / 2 + next / 2;
		for (int f = 0; f < folds; f++) {
			double matrix[4] = {0};

			for (size_t i = 0; i < n; i++)
				if (fold[i] == f)
					matrix[2 * (is_positive[i] ? positive : !positive) +
					       (score[i] >= cut ? positive : !positive)]++;
			sum += metric->from_counts(matrix, 2, positive);
		}
		sum /= folds;
		if (sum > best || (sum == best && cut < threshold)) {
			best = sum;
			threshold = cut;
		}
	}
	return threshold;
}

static void the_cut_is_the_lowest_with_the_best_mean_over_folds(void **state)
{
	const char *const names[] = {"f1", "accuracy", "balanced_accuracy", "recall"};
	struct random random;

	(void)state;
	random_init(&random, 8, 8);
	for (int round = 0; round < 40; round++) {
		const struct metric *metric = metric_find(names[round % 4]);
		double score[90], found = 0;
		int is_positive[90], fold[90], positive = round / 4 % 2;
		struct error err = {0};

		for (size_t i = 0; i < 90; i++) {
			is_positive[i] = random_unit(&random) < 0.3;
			score[i] = floor(random_unit(&random) * 40 + (is_positive[i] ? 10 : 0)) / 50;
			fold[i] = (int)(i % 5);
		}
		check_ok(threshold_choose(&found, metric, score, is_positive, fold, 90, 5, positive, &err), err);
		check_close(found, slow_threshold(metric, score, is_positive, fold, 90, 5, positive), 0);
	}
}

static void one_score_for_all_leaves_the_cut_at_half(void **state)
{
	const double score[] = {0.2, 0.2, 0.2};
	const int is_positive[] = {1, 0, 0}, fold[] = {0, 1, 0};
	struct error err = {0};
	double found = 0;

	(void)state;
	check_ok(threshold_choose(&found, metric_find("f1"), score, is_positive, fold, 3, 2, 1, &err), err);
	check_close(found, 0.5, 0);
}

static void many_scores_are_thinned_to_a_thousand_candidates(void **state)
{
	size_t n = 30000;
	double *score = mem_array(n, sizeof(*score)), found = 0;
	int *is_positive = mem_array(n, sizeof(int)), *fold = mem_array(n, sizeof(int));
	struct error err = {0};

	(void)state;
	assert_true(score && is_positive && fold);
	for (size_t i = 0; i < n; i++) {
		score[i] = (double)i / (double)n;
		is_positive[i] = i >= 20000;
		fold[i] = (int)(i % 5);
	}
	check_ok(threshold_choose(&found, metric_find("f1"), score, is_positive, fold, n, 5, 1, &err), err);
	check_close(found, 2.0 / 3, 0.0011);
	free(score);
	free(is_positive);
	free(fold);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(six_stand_where_a_cut_counts_and_three_elsewhere),
		cmocka_unit_test(a_twin_has_the_scores_of_its_model_and_another_cut),
		cmocka_unit_test(always_positive_is_what_it_says),
		cmocka_unit_test(more_classes_take_the_first_of_the_most_probable),
		cmocka_unit_test(threads_change_neither_cut_nor_scores),
		cmocka_unit_test(the_cut_is_the_lowest_with_the_best_mean_over_folds),
		cmocka_unit_test(one_score_for_all_leaves_the_cut_at_half),
		cmocka_unit_test(many_scores_are_thinned_to_a_thousand_candidates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
