/* Paired differences: recorded values, flags, families, and the same bits for any number of threads. */
#include "check.h"

#include "base/random.h"
#include "reference/metrics.h"
#include "stats/paired.h"
#include "stats/proportion.h"

#include <gsl/gsl_cdf.h>

#define ROWS 600

struct side {
	int predicted[ROWS];
	double score[2 * ROWS];
	struct predictions p;
};

struct sample {
	int y[ROWS];
	struct side a, b;
};

static void predict(struct side *side, const int *y, int i, double score)
{
	side->score[2 * i] = 1 - score;
	side->score[2 * i + 1] = score;
	side->predicted[i] = score >= 0.5;
	side->p = (struct predictions){ROWS, 2, 1, y, side->predicted, side->score, NULL, NULL, 0};
}

/* Two classifiers that share most of what they know; a knows more by `more`. */
static void fill(struct sample *s, double more, uint64_t seed)
{
	struct random random;

	random_init(&random, seed, 1);
	for (int i = 0; i < ROWS; i++) {
		double shared, own_a, own_b;

		s->y[i] = random_unit(&random) < 0.3;
		shared = 0.15 + 0.25 * s->y[i] + 0.3 * random_unit(&random);
		own_a = 0.3 * random_unit(&random) + more * (s->y[i] ? 1 : -1);
		own_b = 0.3 * random_unit(&random);
		predict(&s->a, s->y, i, fmin(fmax(shared + own_a, 0), 1));
		predict(&s->b, s->y, i, fmin(fmax(shared + own_b, 0), 1));
	}
}

static struct paired_rows compare(struct paired *out, const struct sample *s, size_t family, unsigned threads)
{
	struct paired_options options = {.family = family, .judge_log_loss = 1, .threads = threads};
	struct paired_rows rows = {0};
	struct error err = {0};

	check_ok(paired_compare(out, &rows, metrics, metric_count(), &s->a.p, &s->b.p, &options, &err), err);
	return rows;
}

static struct paired paired_of(const struct paired *p, const char *name)
{
	for (size_t i = 0; i < metric_count(); i++)
		if (strcmp(p[i].metric->name, name) == 0)
			return p[i];
	fail_msg("no %s", name);
	return p[0];
}

static void areas_and_row_losses_agree_with_their_references(void **state)
{
	enum { N = sizeof(delong_y) / sizeof(*delong_y) };
	double a[2 * N], b[2 * N];
	int predicted[N] = {0};
	struct predictions pa = {N, 2, 1, delong_y, predicted, a, NULL, NULL, 0},
			   pb = {N, 2, 1, delong_y, predicted, b, NULL, NULL, 0};
	const struct metric *metric[] = {&metric_roc_auc, &metric_brier_score_loss};
	struct paired_options options = {.family = 1};
	struct paired_rows rows;
	struct paired got[2];
	struct error err = {0};
	double se = sqrt(delong_result[3]), difference = delong_result[0] - delong_result[1];

	(void)state;
	for (int i = 0; i < N; i++) {
		a[2 * i + 1] = delong_a[i];
		a[2 * i] = 1 - delong_a[i];
		b[2 * i + 1] = delong_b[i];
		b[2 * i] = 1 - delong_b[i];
	}
	check_ok(paired_compare(got, &rows, metric, 2, &pa, &pb, &options, &err), err);
	check_close(got[0].difference, difference, 1e-14);
	check_close(got[0].se, se, 1e-13);
	check_close(got[0].p, 2 * gsl_cdf_ugaussian_Q(fabs(difference) / se), 1e-12);
	check_close(got[0].low, difference - 1.959963984540054 * se, 1e-12);
	check_close(got[1].difference, t_result[0], 1e-14);
	check_close(got[1].p, t_result[1], 1e-10);
	check_close(got[1].low, t_result[2], 1e-10);
	check_close(got[1].high, t_result[3], 1e-10);
	assert_string_equal(got[0].test, "delong");
	assert_string_equal(got[1].test, "t");
	assert_true(got[0].too_few);
	assert_non_null(strstr(got[0].note, "it takes 40"));
}

static void each_metric_has_the_test_of_the_table(void **state)
{
	static struct sample s;
	const struct {
		const char *metric, *test;
	} table[] = {{"accuracy", "tango"},    {"recall", "tango"},        {"roc_auc", "delong"},
		     {"f1", "bootstrap"},      {"precision", "bootstrap"}, {"average_precision", "bootstrap"},
		     {"brier_score_loss", "t"}};
	struct paired got[32];

	(void)state;
	fill(&s, 0.02, 1);
	compare(got, &s, 1, 1);
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		assert_string_equal(paired_of(got, table[i].metric).test, table[i].test);
	assert_false(paired_of(got, "latency_ms").defined);
	assert_false(paired_of(got, "fit_seconds").defined);
}

static void accuracy_and_recall_come_from_the_changed_rows(void **state)
{
	static struct sample s;
	struct paired got[32];
	struct paired_rows rows;
	double low, high, positive = 0, fixed = 0, broken = 0;

	(void)state;
	fill(&s, 0.02, 2);
	rows = compare(got, &s, 4, 1);
	tango_interval(&low, &high, rows.fixed, rows.broken, ROWS, gsl_cdf_ugaussian_Qinv(0.025 / 4));
	check_close(paired_of(got, "accuracy").difference, (rows.fixed - rows.broken) / ROWS, 1e-14);
	check_close(paired_of(got, "accuracy").corrected_low, low, 1e-14);
	check_close(paired_of(got, "accuracy").corrected_high, high, 1e-14);
	for (int i = 0; i < ROWS; i++) {
		positive += s.y[i];
		fixed += s.y[i] && s.a.predicted[i] && !s.b.predicted[i];
		broken += s.y[i] && !s.a.predicted[i] && s.b.predicted[i];
	}
	tango_interval(&low, &high, fixed, broken, positive, gsl_cdf_ugaussian_Qinv(0.025));
	check_close(paired_of(got, "recall").low, low, 1e-14);
	check_close(paired_of(got, "recall").high, high, 1e-14);
}

static void the_corrected_interval_excludes_zero_exactly_where_p_says_so(void **state)
{
	static struct sample s;
	struct paired got[32];
	size_t excluded = 0, judged = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 12; seed++) {
		size_t family = seed % 4 == 3 ? 60 : 1 + seed % 4;

		fill(&s, 0.004 * (double)seed, seed);
		compare(got, &s, family, 1);
		for (size_t i = 0; i < metric_count(); i++) {
			int plain = got[i].low > 0 || got[i].high < 0, corrected;

			corrected = got[i].corrected_low > 0 || got[i].corrected_high < 0;
			assert_true(got[i].p >= got[i].p_floor);
			if (!got[i].defined)
				continue;
			assert_int_equal(plain, got[i].p <= 0.05);
			assert_int_equal(corrected, got[i].p <= 0.05 / (double)family);
			assert_true(got[i].corrected_low <= got[i].low && got[i].high <= got[i].corrected_high);
			judged++;
			excluded += (size_t)corrected;
		}
	}
	assert_in_range(excluded, judged / 10, judged * 9 / 10);
}

static void a_family_beyond_the_draws_is_said_and_not_printed_below_resolution(void **state)
{
	static struct sample s;
	struct paired got[32];

	(void)state;
	fill(&s, 0.08, 3);
	compare(got, &s, 1, 1);
	check_close(paired_of(got, "f1").p, 0.0002, 0);
	check_close(paired_of(got, "f1").p_floor, 0.0002, 0);
	assert_true(paired_of(got, "average_precision").p_floor > 0.001 &&
		    paired_of(got, "average_precision").p_floor < 0.0015);
	assert_string_equal(paired_of(got, "f1").note, "");
	assert_string_equal(paired_of(got, "f1").test, "bootstrap");
	compare(got, &s, 26, 1);
	assert_non_null(strstr(paired_of(got, "f1").note, "10000 draws cannot resolve a family of 26"));
	assert_string_equal(paired_of(got, "f1").test, "bootstrap_normal");
	check_close(paired_of(got, "f1").p_floor, 0, 0);
	assert_true(paired_of(got, "f1").p < 0.0002 && paired_of(got, "f1").p > 0);
	assert_true(paired_of(got, "f1").too_few == 0);
}

static void swapping_the_sides_turns_the_sign(void **state)
{
	static struct sample s, swapped;
	struct paired got[32], other[32];
	struct paired_rows rows, back;

	(void)state;
	fill(&s, 0.01, 4);
	swapped = s;
	for (int i = 0; i < ROWS; i++) {
		predict(&swapped.a, swapped.y, i, s.b.score[2 * i + 1]);
		predict(&swapped.b, swapped.y, i, s.a.score[2 * i + 1]);
	}
	rows = compare(got, &s, 1, 1);
	back = compare(other, &swapped, 1, 1);
	check_close(rows.fixed, back.broken, 0);
	for (size_t i = 0; i < metric_count(); i++) {
		check_close(got[i].difference, -other[i].difference, 1e-14);
		check_close(got[i].low, -other[i].high, got[i].metric->kind == METRIC_COUNTS ? 0.004 : 1e-6);
	}
}

static void identical_predictions_have_no_difference_and_say_so(void **state)
{
	static struct sample s;
	struct paired got[32];
	struct paired_rows rows;

	(void)state;
	fill(&s, 0, 5);
	for (int i = 0; i < ROWS; i++)
		predict(&s.b, s.y, i, s.a.score[2 * i + 1]);
	rows = compare(got, &s, 3, 1);
	check_close(rows.fixed + rows.broken, 0, 0);
	assert_true(rows.same_ranking);
	for (size_t i = 0; i < metric_count(); i++) {
		if (!got[i].defined)
			continue;
		assert_true(got[i].same);
		check_close(got[i].difference, 0, 0);
		check_close(got[i].p, 1, 0);
		assert_true(got[i].corrected_low <= 0 && got[i].corrected_high >= 0);
	}
}

static void another_cut_on_the_same_scores_is_the_same_ranking(void **state)
{
	static struct sample s;
	struct paired got[32];
	struct paired_rows rows;

	(void)state;
	fill(&s, 0, 6);
	for (int i = 0; i < ROWS; i++) {
		double score = s.a.score[2 * i + 1];

		predict(&s.b, s.y, i, score * score);
	}
	rows = compare(got, &s, 1, 1);
	assert_true(rows.same_ranking && rows.fixed + rows.broken > 0);
	assert_true(paired_of(got, "roc_auc").same && paired_of(got, "average_precision").same);
	check_close(paired_of(got, "roc_auc").difference, 0, 0);
	assert_false(paired_of(got, "f1").same);
	assert_false(paired_of(got, "brier_score_loss").same);
}

static void fewer_than_40_rows_of_the_rarer_class_are_too_few(void **state)
{
	static struct sample s;
	struct paired got[32];

	(void)state;
	fill(&s, 0.05, 7);
	for (int i = 0, left = 40; i < ROWS; i++) {
		if (s.y[i] && left-- <= 0)
			s.y[i] = 0;
	}
	compare(got, &s, 10, 1);
	assert_false(paired_of(got, "f1").too_few);
	compare(got, &s, 11, 1);
	assert_true(paired_of(got, "f1").too_few);
	assert_non_null(strstr(paired_of(got, "accuracy").note, "40 of the rarer class, it takes 100"));
	for (int i = 0; i < ROWS; i++) {
		if (s.y[i]) {
			s.y[i] = 0;
			break;
		}
	}
	compare(got, &s, 1, 1);
	assert_true(paired_of(got, "f1").too_few);
}

/* accuracy of two classifiers on rows of so many classes, of which the last has `last` rows and the others 36 */
static struct paired of_classes(int classes, int last)
{
	static int y[ROWS], a[ROWS], b[ROWS];
	struct predictions pa = {0, classes, -1, y, a, NULL, NULL, NULL, 0},
			   pb = {0, classes, -1, y, b, NULL, NULL, NULL, 0};
	const struct metric *metric = &metric_accuracy;
	struct paired_options options = {.family = 1, .threads = 1};
	struct paired_rows rows;
	struct paired got;
	struct error err = {0};

	for (int c = 0; c < classes; c++)
		for (int i = 0; i < (c + 1 < classes ? 36 : last); i++, pa.n++) {
			y[pa.n] = c;
			a[pa.n] = i % 5 ? c : 0;
			b[pa.n] = i % 4 ? c : 0;
		}
	pb.n = pa.n;
	check_ok(paired_compare(&got, &rows, &metric, 1, &pa, &pb, &options, &err), err);
	return got;
}

static void many_small_classes_are_enough_together_but_each_needs_five_rows(void **state)
{
	(void)state;
	assert_false(of_classes(10, 36).too_few);
	assert_false(of_classes(10, 5).too_few);
	assert_true(of_classes(10, 4).too_few);
	assert_non_null(strstr(of_classes(10, 4).note, "4 of the rarest class, it takes 5"));
	assert_false(of_classes(3, 5).too_few);
	assert_true(of_classes(2, 36).too_few);
	assert_non_null(strstr(of_classes(2, 36).note, "36 of the rarer class, it takes 40"));
}

static void a_forests_log_loss_is_left_out_when_asked(void **state)
{
	static struct sample s;
	const struct metric *metric[] = {&metric_log_loss, &metric_brier_score_loss};
	struct paired_options options = {.family = 1, .judge_log_loss = 0};
	struct paired_rows rows;
	struct paired got[2];
	struct error err = {0};

	(void)state;
	fill(&s, 0.05, 8);
	check_ok(paired_compare(got, &rows, metric, 2, &s.a.p, &s.b.p, &options, &err), err);
	assert_false(got[0].defined);
	assert_non_null(strstr(got[0].note, "not judged"));
	assert_true(got[1].defined);
}

static void a_perfect_ranking_against_a_blind_one_still_has_a_standard_error(void **state)
{
	static struct sample s;
	struct paired got[32];

	(void)state;
	fill(&s, 0, 9);
	for (int i = 0; i < ROWS; i++) {
		predict(&s.a, s.y, i, s.y[i] ? 0.9 : 0.1);
		predict(&s.b, s.y, i, 0.3);
	}
	compare(got, &s, 1, 1);
	check_close(paired_of(got, "roc_auc").difference, 0.5, 1e-14);
	assert_true(paired_of(got, "roc_auc").se > 0.01 && paired_of(got, "roc_auc").p > 0);
}

static void differences_have_the_same_bits_for_any_number_of_threads(void **state)
{
	static struct sample s;
	struct paired one[32], many[32];

	(void)state;
	fill(&s, 0.01, 10);
	compare(one, &s, 2, 1);
	compare(many, &s, 2, 3);
	for (size_t i = 0; i < metric_count(); i++) {
		check_close(many[i].low, one[i].low, 0);
		check_close(many[i].corrected_high, one[i].corrected_high, 0);
		check_close(many[i].se, one[i].se, 0);
		check_close(many[i].p, one[i].p, 0);
	}
}

static struct paired of_values(const double *a, const double *b, size_t n, const size_t *cluster, size_t clusters)
{
	const struct predictions rows = {.n = n, .cluster = cluster, .clusters = clusters};
	struct error err = {0};
	struct paired got;

	check_ok(paired_values(&got, a, b, &rows, 1, &err), err);
	return got;
}

static void scores_per_row_are_judged_by_t_on_their_differences(void **state)
{
	enum { N = 60, MORE = 5 };
	double a[N + MORE], b[N + MORE];
	struct paired got;

	(void)state;
	for (int i = 0; i < N + MORE; i++) {
		a[i] = i * 7 % 10 / 10.0;
		b[i] = i < N ? i * 3 % 8 / 8.0 : NAN;
	}
	a[N] = INFINITY;
	got = of_values(a, b, N + MORE, NULL, 0);
	assert_string_equal(got.test, "t");
	assert_string_equal(got.note, "5 rows without a value on both sides are left out");
	check_close(got.difference, 0.02083333333333333, 1e-14); /* scipy.stats.ttest_rel 1.10.1 */
	check_close(got.low, -0.08230703173097202, 1e-9);
	check_close(got.high, 0.12397369839763868, 1e-9);
	check_close(got.p, 0.6875408469358801, 1e-9);
	assert_false(got.too_few || got.same);
	got = of_values(a, b, 39, NULL, 0);
	assert_true(got.too_few);
	assert_string_equal(got.note, "too few rows to judge: 39, it takes 40");
	assert_false(of_values(a + N, b + N, MORE, NULL, 0).defined);
}

static void scores_per_row_go_by_clusters(void **state)
{
	enum { UNITS = 50, COPIES = 4 };
	double a[UNITS * COPIES], b[UNITS * COPIES];
	size_t cluster[UNITS * COPIES];
	struct paired once, copied;

	(void)state;
	for (size_t i = 0; i < UNITS * COPIES; i++) {
		size_t k = i % UNITS;

		cluster[i] = k;
		a[i] = (double)(k * 7 % 10) / 10;
		b[i] = (double)(k * 3 % 8) / 8;
	}
	once = of_values(a, b, UNITS, NULL, 0);
	copied = of_values(a, b, UNITS * COPIES, cluster, UNITS);
	check_close(copied.low, once.low, 1e-12);
	check_close(copied.p, once.p, 1e-12);
	check_close(of_values(a, b, UNITS * COPIES, NULL, 0).se / once.se, 0.5, 0.01);
	b[7] = NAN; /* of its cluster three rows are left */
	assert_int_equal((int)of_values(a, b, UNITS * COPIES, cluster, UNITS).df, UNITS - 1);
}

static void rows_that_all_say_the_same_are_never_beyond_doubt(void **state)
{
	double a[45], b[45];
	struct paired got;

	(void)state;
	for (int i = 0; i < 45; i++)
		b[i] = (a[i] = i % 4) + 0.5;
	got = of_values(a, b, 45, NULL, 0);
	check_close(got.difference, -0.5, 0);
	check_close(got.p / exp2(-44), 1, 1e-12);
	got = of_values(a, a, 45, NULL, 0);
	assert_true(got.same);
	check_close(got.p, 1, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(areas_and_row_losses_agree_with_their_references),
		cmocka_unit_test(each_metric_has_the_test_of_the_table),
		cmocka_unit_test(scores_per_row_are_judged_by_t_on_their_differences),
		cmocka_unit_test(scores_per_row_go_by_clusters),
		cmocka_unit_test(rows_that_all_say_the_same_are_never_beyond_doubt),
		cmocka_unit_test(accuracy_and_recall_come_from_the_changed_rows),
		cmocka_unit_test(the_corrected_interval_excludes_zero_exactly_where_p_says_so),
		cmocka_unit_test(a_family_beyond_the_draws_is_said_and_not_printed_below_resolution),
		cmocka_unit_test(swapping_the_sides_turns_the_sign),
		cmocka_unit_test(identical_predictions_have_no_difference_and_say_so),
		cmocka_unit_test(another_cut_on_the_same_scores_is_the_same_ranking),
		cmocka_unit_test(fewer_than_40_rows_of_the_rarer_class_are_too_few),
		cmocka_unit_test(many_small_classes_are_enough_together_but_each_needs_five_rows),
		cmocka_unit_test(a_forests_log_loss_is_left_out_when_asked),
		cmocka_unit_test(a_perfect_ranking_against_a_blind_one_still_has_a_standard_error),
		cmocka_unit_test(differences_have_the_same_bits_for_any_number_of_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
