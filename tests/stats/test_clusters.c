/* Rows of clusters: recorded values, what must not change, and how often winners are named where there is none. */
#include "check.h"

#include "base/random.h"
#include "reference/clusters.h"
#include "stats/interval.h"
#include "stats/paired.h"

#define N (sizeof(cluster_y) / sizeof(*cluster_y))
#define MAX_ROWS 4000

#ifdef __SANITIZE_ADDRESS__
#define TRIALS 40 /* for the sanitizers' sake; the rates are what the plain build is for */
#else
#define TRIALS 400
#endif

struct side {
	int predicted[MAX_ROWS];
	double score[2 * MAX_ROWS];
	struct predictions p;
};

static void set(struct side *side, size_t i, double score)
{
	side->score[2 * i] = 1 - score;
	side->score[2 * i + 1] = score;
	side->predicted[i] = score >= 0.5;
}

static void view(struct side *side, size_t n, const int *y, const size_t *cluster, size_t clusters)
{
	side->p = (struct predictions){n, 2, 1, y, side->predicted, side->score, NULL, cluster, clusters};
}

static void recorded(struct side *a, struct side *b)
{
	for (size_t i = 0; i < N; i++) {
		set(a, i, cluster_score_a[i]);
		set(b, i, cluster_score_b[i]);
	}
	view(a, N, cluster_y, cluster_code, 45);
	view(b, N, cluster_y, cluster_code, 45);
}

static struct paired one(const struct metric *metric, const struct side *a, const struct side *b, unsigned threads)
{
	struct paired_options options = {.family = 1, .judge_log_loss = 1, .threads = threads};
	struct paired_rows rows;
	struct error err = {0};
	struct paired got;

	check_ok(paired_compare(&got, &rows, &metric, 1, &a->p, &b->p, &options, &err), err);
	assert_true(got.defined);
	return got;
}

static void agree(const struct paired *got, const double want[4], const char *test)
{
	check_close(got->difference, want[0], 1e-12);
	check_close(got->low, want[1], 1e-8);
	check_close(got->high, want[2], 1e-8);
	check_close(got->p, want[3], 1e-8);
	assert_string_equal(got->test, test);
	assert_false(got->too_few);
}

static void differences_of_clusters_agree_with_their_definitions(void **state)
{
	static struct side a, b;
	struct paired got;

	(void)state;
	recorded(&a, &b);
	got = one(&metric_accuracy, &a, &b, 1);
	agree(&got, cluster_accuracy, "clustered_tango");
	got = one(&metric_recall, &a, &b, 1);
	agree(&got, cluster_recall, "clustered_tango");
	got = one(&metric_roc_auc, &a, &b, 1);
	agree(&got, cluster_roc_auc, "clustered_delong");
	got = one(&metric_brier_score_loss, &a, &b, 1);
	agree(&got, cluster_brier_score_loss, "t");
}

static void draws_of_clusters_have_the_same_bits_for_any_number_of_threads(void **state)
{
	static const struct metric *const metric[] = {&metric_f1, &metric_average_precision};
	static struct side a, b;

	(void)state;
	recorded(&a, &b);
	for (int m = 0; m < 2; m++) {
		struct paired alone = one(metric[m], &a, &b, 1), many = one(metric[m], &a, &b, 3);

		check_close(alone.low, many.low, 0);
		check_close(alone.corrected_high, many.corrected_high, 0);
		check_close(alone.se, many.se, 0);
		assert_true(alone.se > 0);
	}
}

/* Where every row is a cluster of its own, clusters change what few rows change. */
static void clusters_of_one_row_are_rows(void **state)
{
	static const struct metric *const metric[] = {
		&metric_accuracy,          &metric_recall,          &metric_f1, &metric_roc_auc,
		&metric_average_precision, &metric_brier_score_loss};
	static size_t own[N];
	static struct side a, b;

	(void)state;
	for (size_t i = 0; i < N; i++)
		own[i] = N - 1 - i;
	for (size_t m = 0; m < sizeof(metric) / sizeof(*metric); m++) {
		struct paired plain, by_cluster;

		recorded(&a, &b);
		view(&a, N, cluster_y, NULL, 0);
		view(&b, N, cluster_y, NULL, 0);
		plain = one(metric[m], &a, &b, 1);
		view(&a, N, cluster_y, own, N);
		view(&b, N, cluster_y, own, N);
		by_cluster = one(metric[m], &a, &b, 1);
		check_close(by_cluster.difference, plain.difference, 1e-12);
		check_close(by_cluster.se / plain.se, 1, 0.05);
		check_close(by_cluster.low / plain.low, 1, 0.1);
		check_close(by_cluster.high / plain.high, 1, 0.1);
	}
}

/* Twenty copies of each row say no more than the row. */
static void copies_of_rows_in_their_cluster_add_nothing(void **state)
{
	enum { ROWS = 150, COPIES = 20 };
	static const struct metric *const metric[] = {
		&metric_accuracy,          &metric_recall,          &metric_precision, &metric_f1, &metric_roc_auc,
		&metric_average_precision, &metric_brier_score_loss};
	static int y[ROWS * COPIES];
	static size_t cluster[ROWS * COPIES];
	static struct side a, b;
	struct random random;

	(void)state;
	random_init(&random, 3, 3);
	for (size_t i = 0; i < ROWS; i++) {
		double of_a, of_b;
		int label = random_unit(&random) < 0.4;

		of_a = 0.3 * label + 0.7 * random_unit(&random);
		of_b = 0.3 * label + 0.7 * random_unit(&random);
		for (size_t k = 0; k < COPIES; k++) {
			y[i + k * ROWS] = label;
			cluster[i + k * ROWS] = i;
			set(&a, i + k * ROWS, of_a);
			set(&b, i + k * ROWS, of_b);
		}
	}
	for (size_t m = 0; m < sizeof(metric) / sizeof(*metric); m++) {
		struct paired rows, copies;
		struct measured alone, copied;
		struct error err = {0};

		view(&a, ROWS, y, NULL, 0);
		view(&b, ROWS, y, NULL, 0);
		rows = one(metric[m], &a, &b, 1);
		check_ok(measure(&alone, &metric[m], 1, &a.p, 0.95, 1, &err), err);
		view(&a, ROWS * COPIES, y, cluster, ROWS);
		view(&b, ROWS * COPIES, y, cluster, ROWS);
		copies = one(metric[m], &a, &b, 1);
		check_ok(measure(&copied, &metric[m], 1, &a.p, 0.95, 1, &err), err);
		check_close(copies.difference, rows.difference, 1e-12);
		print_message("%s: se %.4f of rows, %.4f of copies\n", metric[m]->name, rows.se, copies.se);
		check_close(copies.se / rows.se, 1, 0.05);
		check_close((copied.high - copied.low) / (alone.high - alone.low), 1, 0.06);
		assert_int_equal(copies.too_few, rows.too_few);
	}
}

/* Clusters of 5 to 35 rows; each has a level of its own in each classifier, which are alike but for that. */
static size_t population(struct side *a, struct side *b, int *y, size_t *cluster, size_t clusters,
			 struct random *random)
{
	size_t n = 0;

	for (size_t c = 0; c < clusters; c++) {
		size_t rows = 5 + random_below(random, 31);
		double level = random_unit(random), of_a = 0.5 * (random_unit(random) - 0.5),
		       of_b = 0.5 * (random_unit(random) - 0.5);

		for (size_t i = 0; i < rows; i++, n++) {
			double base;

			y[n] = random_unit(random) < 0.1 + 0.4 * level;
			base = 0.4 + 0.2 * y[n] + 0.3 * (random_unit(random) - 0.5);
			set(a, n, fmin(fmax(base + of_a, 0), 1));
			set(b, n, fmin(fmax(base + of_b, 0), 1));
			cluster[n] = c;
		}
	}
	return n;
}

static const struct metric *const judged[] = {
	&metric_accuracy, &metric_recall,           &metric_precision,        &metric_f1,
	&metric_roc_auc,  &metric_brier_score_loss, &metric_matthews_corrcoef};
#define JUDGED (sizeof(judged) / sizeof(*judged))

static void count_winners(size_t *winners, struct side *a, struct side *b)
{
	struct paired_options options = {.family = 1, .judge_log_loss = 1, .threads = 1};
	struct paired got[JUDGED];
	struct paired_rows rows;
	struct error err = {0};

	check_ok(paired_compare(got, &rows, judged, JUDGED, &a->p, &b->p, &options, &err), err);
	for (size_t m = 0; m < JUDGED; m++)
		winners[m] += got[m].low > 0 || got[m].high < 0;
}

static void simulate(size_t clusters)
{
	static int y[MAX_ROWS];
	static size_t cluster[MAX_ROWS];
	static struct side a, b;
	size_t winners[JUDGED] = {0}, as_rows[JUDGED] = {0};
	double most = 0.05 + 3 * sqrt(0.05 * 0.95 / TRIALS);
	struct random random;

	random_init(&random, 23, clusters);
	for (int i = 0; i < TRIALS; i++) {
		size_t n = population(&a, &b, y, cluster, clusters, &random);

		view(&a, n, y, cluster, clusters);
		view(&b, n, y, cluster, clusters);
		count_winners(winners, &a, &b);
		view(&a, n, y, NULL, 0);
		view(&b, n, y, NULL, 0);
		count_winners(as_rows, &a, &b);
	}
	for (size_t m = 0; m < JUDGED; m++) {
		double share = (double)winners[m] / TRIALS, naive = (double)as_rows[m] / TRIALS;

		print_message("%zu clusters: %s names a winner in %.4f, as if rows were independent in %.4f\n",
			      clusters, judged[m]->name, share, naive);
		if (share > most)
			fail_msg("%zu clusters: %s names a winner in %.4f of null cases", clusters, judged[m]->name,
				 share);
		assert_true(naive > 0.15); /* else there is nothing to see here */
	}
}

static void few_winners_are_named_among_clusters_that_are_alike(void **state)
{
	(void)state;
	simulate(45);
	simulate(120);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(differences_of_clusters_agree_with_their_definitions),
		cmocka_unit_test(draws_of_clusters_have_the_same_bits_for_any_number_of_threads),
		cmocka_unit_test(clusters_of_one_row_are_rows),
		cmocka_unit_test(copies_of_rows_in_their_cluster_add_nothing),
		cmocka_unit_test(few_winners_are_named_among_clusters_that_are_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
