/* Recipes and changes: recorded values, what counts as repeated, few rows, and what is refused. */
#include "check.h"

#include "base/random.h"
#include "reference/repeated.h"
#include "stats/repeated.h"

#include <gsl/gsl_cdf.h>

#define ROWS 800
#define MOST_SETS 10

struct sets {
	int predicted[MOST_SETS][ROWS];
	double score[MOST_SETS][2 * ROWS];
	struct predictions p[MOST_SETS];
	const struct predictions *set[MOST_SETS];
};

static int truth[ROWS];

static void labels(double share, uint64_t seed)
{
	struct random random;

	random_init(&random, seed, 0);
	for (int i = 0; i < ROWS; i++)
		truth[i] = random_unit(&random) < share;
}

/* One set: what the recipe knows, and what its seed adds to each row and to all of them. */
static void predict(struct sets *s, size_t j, double knows, double noise, double shift, uint64_t seed)
{
	struct random shared, own;

	random_init(&shared, 77, 1);
	random_init(&own, seed, 2 + j);
	shift *= random_unit(&own) - 0.5;
	for (int i = 0; i < ROWS; i++) {
		double score = 0.1 + knows * truth[i] + 0.5 * random_unit(&shared) + noise * random_unit(&own) + shift;

		score = fmin(fmax(score, 0), 1);
		s->score[j][2 * i] = 1 - score;
		s->score[j][2 * i + 1] = score;
		s->predicted[j][i] = score >= 0.5;
	}
	s->p[j] = (struct predictions){.n = ROWS,
				       .classes = 2,
				       .positive = 1,
				       .y_true = truth,
				       .y_pred = s->predicted[j],
				       .score = s->score[j]};
	s->set[j] = &s->p[j];
}

static struct repeated_side side_of(struct sets *s, size_t n, double knows, double noise, double shift, uint64_t seed)
{
	for (size_t j = 0; j < n; j++)
		predict(s, j, knows, noise, shift, seed);
	return (struct repeated_side){.set = s->set, .n = n};
}

static struct repeated compare(struct paired *out, const struct repeated_side *a, const struct repeated_side *b,
			       size_t family)
{
	struct paired_options options = {.family = family, .judge_log_loss = 1, .threads = 1};
	struct repeated info;
	struct error err = {0};

	check_ok(repeated_compare(out, &info, metrics, metric_count(), a, b, &options, &err), err);
	return info;
}

static struct paired of(const struct paired *p, const struct metric *metric)
{
	for (size_t i = 0; i < metric_count(); i++)
		if (p[i].metric == metric)
			return p[i];
	fail_msg("no %s", metric->name);
	return p[0];
}

/* The formula of the header, from losses row by row. */
static void the_variance_has_a_part_of_rows_and_one_of_seeds(void **state)
{
	static struct sets a, b;
	struct repeated_side of_a, of_b;
	struct paired got[32], brier;
	double mean[2] = {0}, spread[2] = {0}, rows = 0, value[2][4], seeds, half;

	(void)state;
	labels(0.4, 1);
	of_a = side_of(&a, 4, 0.25, 0.1, 0.05, 11);
	of_b = side_of(&b, 3, 0.22, 0.1, 0.05, 12);
	compare(got, &of_a, &of_b, 1);
	brier = of(got, &metric_brier_score_loss);
	for (int side = 0; side < 2; side++) {
		const struct repeated_side *s = side ? &of_b : &of_a;
		struct error err = {0};

		for (size_t j = 0; j < s->n; j++) {
			check_ok(metric_brier_score_loss.compute(&value[side][j], s->set[j], NULL, &err), err);
			mean[side] += value[side][j] / (double)s->n;
		}
		for (size_t j = 0; j < s->n; j++)
			spread[side] += pow(value[side][j] - mean[side], 2) / (double)(s->n - 1) / (double)s->n;
	}
	for (int i = 0; i < ROWS; i++) {
		double d[2] = {0}, within = 0;

		for (int side = 0; side < 2; side++) {
			const struct sets *s = side ? &b : &a;
			double k = side ? 3 : 4, squares = 0;

			for (int j = 0; j < (int)k; j++)
				d[side] += (pow(s->score[j][2 * i + 1] - truth[i], 2) - value[side][j]) / k;
			for (int j = 0; j < (int)k; j++)
				squares += pow(pow(s->score[j][2 * i + 1] - truth[i], 2) - value[side][j] - d[side], 2);
			within += squares / (k - 1) / k;
		}
		rows += (pow(d[0] - d[1], 2) - within) / ROWS / ROWS;
	}
	seeds = spread[0] + spread[1];
	check_close(brier.difference, mean[0] - mean[1], 1e-13);
	check_close(brier.se_rows, sqrt(rows), 1e-12);
	check_close(brier.se, sqrt(rows + seeds), 1e-12);
	check_close(brier.df, seeds * seeds / (spread[0] * spread[0] / 3 + spread[1] * spread[1] / 2), 1e-9);
	half = sqrt(rows * pow(gsl_cdf_tdist_Qinv(0.025, ROWS - 1), 2) +
		    seeds * pow(gsl_cdf_tdist_Qinv(0.025, brier.df), 2));
	check_close(brier.high, brier.difference + half, 1e-12);
	assert_string_equal(brier.test, "recipe_t");
}

static void p_is_the_level_at_which_the_interval_touches_zero(void **state)
{
	static struct sets a, b;
	struct repeated_side of_a, of_b;
	struct paired got[32];
	size_t excluded = 0, judged = 0;

	(void)state;
	labels(0.4, 2);
	for (uint64_t seed = 0; seed < 8; seed++) {
		size_t family = 1 + 5 * (seed % 3);

		of_a = side_of(&a, 3, 0.2 + 0.01 * (double)seed, 0.1, 0.05, seed);
		of_b = side_of(&b, 3, 0.2, 0.1, 0.05, 100 + seed);
		compare(got, &of_a, &of_b, family);
		for (size_t i = 0; i < metric_count(); i++) {
			int plain = got[i].low > 0 || got[i].high < 0;
			int corrected = got[i].corrected_low > 0 || got[i].corrected_high < 0;

			if (!got[i].defined)
				continue;
			assert_int_equal(plain, got[i].p <= 0.05);
			assert_int_equal(corrected, got[i].p <= 0.05 / (double)family);
			judged++;
			excluded += (size_t)plain;
		}
	}
	assert_in_range(excluded, judged / 10, judged * 9 / 10);
}

/* The rows' part of a comparison without spread of seeds, against the bootstrap and DeLong of stats/paired.h. */
static void influences_give_the_standard_errors_of_the_single_tests(void **state)
{
	static struct sets a, b;
	struct repeated_side of_a, of_b;
	struct paired got[32], single[32];

	(void)state;
	labels(0.3, 3);
	of_a = side_of(&a, 2, 0.25, 0.2, 0, 21);
	of_b = side_of(&b, 1, 0.22, 0.2, 0, 22);
	of_a.n = 1;
	of_a.deterministic = of_b.deterministic = 1;
	compare(single, &of_a, &of_b, 1);
	/* three sets, of which two are one: the mean's influence is all but that of one, the spread is there */
	a.p[1] = a.p[0];
	predict(&a, 2, 0.25, 0.2, 0, 21);
	for (int i = 0; i < ROWS; i++)
		a.score[2][2 * i + 1] = a.score[0][2 * i + 1], a.score[2][2 * i] = a.score[0][2 * i],
				   a.predicted[2][i] = a.predicted[0][i];
	a.score[2][1] += a.score[2][1] < 0.5 ? 1e-9 : -1e-9;
	a.score[2][0] = 1 - a.score[2][1];
	of_a = (struct repeated_side){.set = a.set, .n = 3};
	compare(got, &of_a, &of_b, 1);
	for (size_t i = 0; i < metric_count(); i++) {
		if (!got[i].defined)
			continue;
		assert_string_equal(got[i].test, "recipe_t");
		check_close(got[i].difference, single[i].difference, 1e-6);
		if (got[i].metric->kind == METRIC_AREA || got[i].metric->kind == METRIC_ROWS)
			check_close(got[i].se_rows / single[i].se, 1, 1e-3);
		else
			check_close(got[i].se_rows / single[i].se, 1, 0.05);
	}
}

static void a_recipe_without_chance_counts_as_repeated(void **state)
{
	static struct sets a, b;
	struct repeated_side of_a, of_b;
	struct paired got[32], model[32];
	struct repeated info;
	struct error err = {0};
	struct paired_options options = {.family = 1, .judge_log_loss = 1, .threads = 1};

	(void)state;
	labels(0.4, 4);
	of_a = side_of(&a, 3, 0.25, 0.1, 0.05, 31);
	of_b = side_of(&b, 1, 0.22, 0.1, 0, 32);
	assert_int_equal(repeated_compare(got, &info, metrics, metric_count(), &of_a, &of_b, &options, &err),
			 ERR_INPUT);
	assert_non_null(strstr(err.text, "1 seed on one side"));
	of_b.deterministic = 1;
	info = compare(got, &of_a, &of_b, 1);
	check_close(of(got, &metric_f1).df, 2, 1e-12);
	assert_false(info.unchanged_a || info.unchanged_b);
	of_a = side_of(&a, 1, 0.25, 0.1, 0.05, 31);
	of_a.deterministic = 1;
	compare(got, &of_a, &of_b, 1);
	check_ok(paired_compare(model, &info.rows, metrics, metric_count(), &a.p[0], &b.p[0], &options, &err), err);
	for (size_t i = 0; i < metric_count(); i++) {
		assert_string_equal(got[i].test, model[i].test);
		check_close(got[i].corrected_low, model[i].corrected_low, 0);
	}
	assert_string_equal(of(got, &metric_accuracy).test, "tango");
}

static void two_seeds_are_refused_from_either_side(void **state)
{
	static struct sets a, b;
	struct repeated_side three, two;
	struct paired got[32];
	struct repeated info;
	struct paired_options options = {.family = 1, .judge_log_loss = 1};

	(void)state;
	labels(0.4, 5);
	three = side_of(&a, 3, 0.25, 0.1, 0.05, 41);
	two = side_of(&b, 2, 0.22, 0.1, 0.05, 42);
	for (int swapped = 0; swapped < 2; swapped++) {
		struct error err = {0};

		assert_int_equal(repeated_compare(got, &info, metrics, metric_count(), swapped ? &two : &three,
						  swapped ? &three : &two, &options, &err),
				 ERR_INPUT);
		assert_non_null(strstr(err.text, "2 seeds on one side: a recipe takes 3"));
	}
}

static void a_seed_that_changes_nothing_is_said_and_no_spread_is_made_up(void **state)
{
	static struct sets a, b;
	struct repeated_side of_a, of_b;
	struct paired got[32];
	struct repeated info;

	(void)state;
	labels(0.4, 6);
	of_a = side_of(&a, 1, 0.25, 0.1, 0, 51);
	for (size_t j = 1; j < 3; j++)
		a.set[j] = a.set[0];
	of_a.n = 3;
	of_b = side_of(&b, 3, 0.22, 0.1, 0.05, 52);
	info = compare(got, &of_a, &of_b, 1);
	assert_true(info.unchanged_a && !info.unchanged_b);
	check_close(of(got, &metric_brier_score_loss).df, 2, 1e-12);
	info = compare(got, &of_a, &of_a, 1);
	assert_true(info.unchanged_a && info.unchanged_b && info.rows.same_ranking);
	for (size_t i = 0; i < metric_count(); i++)
		if (got[i].defined) {
			check_close(got[i].difference, 0, 0);
			check_close(got[i].p, 1, 0);
		}
}

static void rows_fixed_and_broken_are_means_over_pairs_of_seeds(void **state)
{
	static struct sets a, b;
	struct repeated_side of_a, of_b;
	struct paired got[32];
	struct repeated info;
	double fixed = 0, broken = 0;

	(void)state;
	labels(0.4, 7);
	of_a = side_of(&a, 3, 0.25, 0.1, 0.05, 61);
	of_b = side_of(&b, 4, 0.22, 0.1, 0.05, 62);
	info = compare(got, &of_a, &of_b, 1);
	for (size_t j = 0; j < 3; j++)
		for (size_t k = 0; k < 4; k++)
			for (int i = 0; i < ROWS; i++) {
				int right = a.predicted[j][i] == truth[i], other = b.predicted[k][i] == truth[i];

				fixed += (right && !other) / 12.0;
				broken += (other && !right) / 12.0;
			}
	check_close(info.rows.fixed, fixed, 1e-10);
	check_close(info.rows.broken, broken, 1e-10);
	check_close(of(got, &metric_accuracy).difference, (fixed - broken) / ROWS, 1e-12);
}

/* One class, constant scores, a score that is no number: a reason, and never NaN in a figure. */
static void bad_predictions_are_undefined_with_a_reason(void **state)
{
	static struct sets a, b;
	struct repeated_side of_a, of_b;
	struct paired got[32];

	(void)state;
	labels(0, 8);
	of_a = side_of(&a, 3, 0.25, 0.3, 0.05, 71);
	of_b = side_of(&b, 3, 0.22, 0.3, 0.05, 72);
	compare(got, &of_a, &of_b, 1);
	assert_false(of(got, &metric_roc_auc).defined);
	assert_non_null(strstr(of(got, &metric_roc_auc).note, "roc_auc"));
	assert_true(of(got, &metric_accuracy).too_few);
	labels(0.4, 8);
	of_a = side_of(&a, 3, 0.25, 0.1, 0.05, 71);
	a.score[1][7] = NAN;
	compare(got, &of_a, &of_b, 1);
	assert_false(of(got, &metric_brier_score_loss).defined);
	assert_string_equal(of(got, &metric_brier_score_loss).note, "a score is no number");
	for (int i = 0; i < ROWS; i++)
		for (int j = 0; j < 3; j++) {
			a.score[j][2 * i] = a.score[j][2 * i + 1] = 0.5;
			a.predicted[j][i] = j == 0;
		}
	compare(got, &of_a, &of_b, 1);
	for (size_t i = 0; i < metric_count(); i++) {
		assert_true(isfinite(got[i].difference) && isfinite(got[i].se) && isfinite(got[i].p));
		assert_true(isfinite(got[i].corrected_low) && isfinite(got[i].corrected_high));
		assert_true(isfinite(got[i].detectable));
	}
}

static void the_same_rows_doubled_in_clusters_are_no_more_certain(void **state)
{
	static struct sets a, b, twice_a, twice_b;
	static size_t cluster[ROWS];
	static int half_truth[ROWS];
	struct repeated_side of_a, of_b;
	struct paired single[32], doubled[32];

	(void)state;
	labels(0.4, 9);
	of_a = side_of(&a, 3, 0.25, 0.1, 0.05, 81);
	of_b = side_of(&b, 3, 0.22, 0.1, 0.05, 82);
	for (size_t j = 0; j < 3; j++)
		a.p[j].n = b.p[j].n = ROWS / 2;
	compare(single, &of_a, &of_b, 1);
	memcpy(half_truth, truth, sizeof(truth));
	for (int i = 0; i < ROWS; i++) {
		cluster[i] = (size_t)(i / 2);
		truth[i] = half_truth[i / 2];
	}
	for (size_t j = 0; j < 3; j++) {
		twice_a.p[j] = a.p[j];
		twice_b.p[j] = b.p[j];
		for (struct sets *to = &twice_a, *from = &a; to; to = to == &twice_a ? &twice_b : NULL, from = &b) {
			for (int i = 0; i < ROWS; i++) {
				to->predicted[j][i] = from->predicted[j][i / 2];
				memcpy(&to->score[j][2 * i], &from->score[j][2 * (i / 2)], 2 * sizeof(double));
			}
			to->p[j].n = ROWS;
			to->p[j].y_pred = to->predicted[j];
			to->p[j].score = to->score[j];
			to->p[j].cluster = cluster;
			to->p[j].clusters = ROWS / 2;
			to->set[j] = &to->p[j];
		}
	}
	of_a.set = twice_a.set;
	of_b.set = twice_b.set;
	compare(doubled, &of_a, &of_b, 1);
	for (size_t i = 0; i < metric_count(); i++) {
		if (!single[i].defined)
			continue;
		check_close(doubled[i].difference, single[i].difference, 1e-9);
		check_close(doubled[i].se_rows / single[i].se_rows, 1, 0.01);
	}
}

static void a_perfect_ranking_against_a_blind_one_keeps_a_standard_error(void **state)
{
	static struct sets a, b;
	struct repeated_side of_a, of_b;
	struct paired got[32], area;

	(void)state;
	labels(0.1, 11);
	of_a = side_of(&a, 3, 0.25, 0.1, 0, 91);
	of_b = side_of(&b, 3, 0.25, 0.1, 0, 92);
	for (int i = 0; i < ROWS; i++)
		for (int j = 0; j < 3; j++) {
			a.score[j][2 * i + 1] = truth[i] ? 0.9 : 0.1;
			b.score[j][2 * i + 1] = 0.5;
			a.score[j][2 * i] = 1 - a.score[j][2 * i + 1];
			b.score[j][2 * i] = 0.5;
		}
	compare(got, &of_a, &of_b, 1);
	area = of(got, &metric_roc_auc);
	check_close(area.difference, 0.5, 1e-12);
	assert_true(area.se > 0.01 && area.p > 0 && area.low < 0.5);
}

/* Rows that change from seed to seed alone: no part of theirs is left, and the seeds' is not made up for by the largest. */
static void areas_that_only_seeds_move_are_judged_by_the_seeds(void **state)
{
	static struct sets a, b;
	struct repeated_side of_a, of_b;
	struct paired got[32];
	int small = 0;

	(void)state;
	labels(0.4, 13);
	for (uint64_t seed = 0; seed < 10; seed++) {
		struct paired area;

		of_a = side_of(&a, 5, 0.2, 0.5, 0, 200 + seed);
		of_b = side_of(&b, 5, 0.2, 0.5, 0, 300 + seed);
		compare(got, &of_a, &of_b, 1);
		area = of(got, &metric_roc_auc);
		small += area.se < 0.012;
		if (area.se_rows > 0.012)
			fail_msg("rows' part %g", area.se_rows);
	}
	assert_true(small >= 8);
}

static void areas_near_one_take_more_to_be_equivalent(void **state)
{
	static struct sets a, b;
	struct repeated_side of_a, of_b;
	struct paired got[32], area;
	double worst;

	(void)state;
	labels(0.06, 12);
	of_a = side_of(&a, 3, 0.42, 0.1, 0.02, 93);
	of_b = side_of(&b, 3, 0.41, 0.1, 0.02, 94);
	compare(got, &of_a, &of_b, 1);
	area = of(got, &metric_roc_auc);
	worst = fmax(area.difference - area.tost_low, area.tost_high - area.difference);
	assert_true(worst > 1.05 * gsl_cdf_ugaussian_Qinv(0.05) * area.se);
	check_close(area.high - area.difference, area.difference - area.low, 1e-12);
}

/* Each set has one loss in all rows, so that only the seeds vary: Welch's test of these values, by scipy and statsmodels. */
static void seeds_alone_are_welchs_test(void **state)
{
	static struct sets a, b;
	struct repeated_side of_a, of_b;
	struct paired got[32], brier;

	(void)state;
	labels(0.4, 10);
	of_a = side_of(&a, 5, 0, 0, 0, 0);
	of_b = side_of(&b, 3, 0, 0, 0, 0);
	for (int i = 0; i < ROWS; i++) {
		for (int j = 0; j < 5; j++)
			a.score[j][2 * i + truth[i]] = 1 - sqrt(welch_a[j]),
					   a.score[j][2 * i + !truth[i]] = sqrt(welch_a[j]);
		for (int j = 0; j < 3; j++)
			b.score[j][2 * i + truth[i]] = 1 - sqrt(welch_b[j]),
					   b.score[j][2 * i + !truth[i]] = sqrt(welch_b[j]);
	}
	compare(got, &of_a, &of_b, 1);
	brier = of(got, &metric_brier_score_loss);
	check_close(brier.difference, welch_result[0], 1e-12);
	check_close(brier.se / welch_result[1], 1, 1e-10);
	check_close(brier.df / welch_result[2], 1, 1e-10);
	check_close(brier.p / welch_result[3], 1, 1e-9);
	check_close(brier.low, welch_result[4], 1e-11);
	check_close(brier.high, welch_result[5], 1e-11);
}

static void splits_are_judged_by_the_corrected_resampled_t(void **state)
{
	struct repeated_splits splits = {.n = 10, .test_to_train = 0.25, .rarer = 100, .family = 2};
	struct paired got;
	struct error err = {0};

	(void)state;
	check_ok(repeated_splits_compare(&got, &metric_f1, splits_a, splits_b, &splits, &err), err);
	check_close(got.difference, splits_result[0], 1e-14);
	assert_string_equal(got.test, "resampled_t");
	check_close(got.df, 9, 0);
	check_close(got.se, splits_result[1], 1e-14);
	check_close(got.p, splits_result[2], 1e-12);
	check_close(got.low, splits_result[3], 1e-12);
	check_close(got.high, splits_result[4], 1e-12);
	check_close(got.corrected_high, got.difference + gsl_cdf_tdist_Qinv(0.0125, 9) * got.se, 1e-12);
	check_close(got.tost_low, got.low, 1e-12);
	assert_false(got.too_few);
	splits.rarer = 39;
	check_ok(repeated_splits_compare(&got, &metric_f1, splits_a, splits_b, &splits, &err), err);
	assert_true(got.too_few);
	splits.n = 5; /* a single 5-fold */
	assert_int_equal(repeated_splits_compare(&got, &metric_f1, splits_a, splits_b, &splits, &err), ERR_INPUT);
	assert_non_null(strstr(err.text, "5 splits: a change takes 10"));
}

static void splits_without_spread_or_value_are_not_judged(void **state)
{
	double a[10], b[10];
	const struct repeated_splits splits = {.n = 10, .test_to_train = 0.25, .rarer = SIZE_MAX, .family = 1};
	struct paired got;
	struct error err = {0};

	(void)state;
	for (int j = 0; j < 10; j++) {
		a[j] = 0.75;
		b[j] = 0.5;
	}
	check_ok(repeated_splits_compare(&got, &metric_f1, a, b, &splits, &err), err);
	assert_true(got.too_few && got.p == 1 && got.se == 0);
	assert_non_null(strstr(got.note, "no spread"));
	for (int j = 0; j < 10; j++) { /* the same, but for rounding */
		a[j] = j % 2 ? 0.3 : 0.1 + 0.2;
		b[j] = 0;
	}
	check_ok(repeated_splits_compare(&got, &metric_f1, a, b, &splits, &err), err);
	assert_true(got.too_few && got.p == 1 && got.se == 0);
	check_ok(repeated_splits_compare(&got, &metric_f1, a, a, &splits, &err), err);
	assert_true(got.same && !got.too_few);
	check_close(got.p, 1, 0);
	b[3] = NAN;
	assert_int_equal(repeated_splits_compare(&got, &metric_f1, a, b, &splits, &err), ERR_INPUT);
	assert_non_null(strstr(err.text, "split 4 has no value"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_variance_has_a_part_of_rows_and_one_of_seeds),
		cmocka_unit_test(p_is_the_level_at_which_the_interval_touches_zero),
		cmocka_unit_test(influences_give_the_standard_errors_of_the_single_tests),
		cmocka_unit_test(a_recipe_without_chance_counts_as_repeated),
		cmocka_unit_test(two_seeds_are_refused_from_either_side),
		cmocka_unit_test(a_seed_that_changes_nothing_is_said_and_no_spread_is_made_up),
		cmocka_unit_test(rows_fixed_and_broken_are_means_over_pairs_of_seeds),
		cmocka_unit_test(bad_predictions_are_undefined_with_a_reason),
		cmocka_unit_test(the_same_rows_doubled_in_clusters_are_no_more_certain),
		cmocka_unit_test(a_perfect_ranking_against_a_blind_one_keeps_a_standard_error),
		cmocka_unit_test(areas_that_only_seeds_move_are_judged_by_the_seeds),
		cmocka_unit_test(areas_near_one_take_more_to_be_equivalent),
		cmocka_unit_test(seeds_alone_are_welchs_test),
		cmocka_unit_test(splits_are_judged_by_the_corrected_resampled_t),
		cmocka_unit_test(splits_without_spread_or_value_are_not_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
