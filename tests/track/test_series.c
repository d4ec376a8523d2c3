/* Series thinned while they are read: what has to stay visible, and how much is kept at most. */
#include "check.h"

#include "base/random.h"
#include "format/csv.h"
#include "format/number.h"
#include "track/series.h"

#include <malloc.h>
#include <string.h>

struct kept { /* of one metric in a history */
	size_t n;
	double first_step, last_step, least, greatest;
	int in_order, has_nan;
};

static void look(struct kept *out, const struct buf *history, const char *name)
{
	struct error err = {0};
	struct csv csv;

	*out = (struct kept){.least = INFINITY, .greatest = -INFINITY, .in_order = 1};
	csv_init(&csv, history->text, history->len, "history.csv", ',');
	while (csv_next(&csv, &err) == 1) {
		double step, value;

		assert_int_equal(csv.n, 4);
		if (strlen(name) != csv.field[0].len || memcmp(csv.field[0].text, name, csv.field[0].len) != 0)
			continue;
		assert_int_equal(number_parse(&step, csv.field[1].text, csv.field[1].len), NUMBER_OK);
		if (number_parse(&value, csv.field[3].text, csv.field[3].len) == NUMBER_NONE) {
			out->has_nan = 1;
			value = NAN;
		}
		if (!out->n++)
			out->first_step = step;
		else
			out->in_order &= step > out->last_step;
		out->last_step = step;
		out->least = value < out->least ? value : out->least;
		out->greatest = value > out->greatest ? value : out->greatest;
	}
	assert_int_equal(err.code, 0);
	csv_release(&csv);
}

static size_t named(struct series *series, const char *name)
{
	struct error err = {0};
	size_t metric;

	check_ok(series_metric(&metric, series, name, strlen(name), &err), err);
	return metric;
}

static void add(struct series *series, size_t metric, double step, double value)
{
	struct error err = {0};

	check_ok(series_add(series, metric, step, NAN, value, &err), err);
}

static void write_history(struct buf *out, unsigned long long *thinned, size_t *absent, const struct series *series)
{
	struct error err = {0};

	buf_clear(out);
	check_ok(series_history(out, thinned, absent, series, &err), err);
	assert_true(out->len <= SERIES_MOST_BYTES);
}

static void up_to_two_thousand_points_are_all_kept(void **state)
{
	struct series *series = series_new();
	struct buf history = BUF_INIT;
	unsigned long long thinned;
	struct kept kept;
	size_t absent, metric = named(series, "loss");

	(void)state;
	for (int i = 0; i < SERIES_MOST_POINTS; i++)
		add(series, metric, i, i % 7);
	write_history(&history, &thinned, &absent, series);
	look(&kept, &history, "loss");
	assert_int_equal(kept.n, SERIES_MOST_POINTS);
	assert_int_equal(thinned, 0);
	add(series, metric, SERIES_MOST_POINTS, 1);
	write_history(&history, &thinned, &absent, series);
	look(&kept, &history, "loss");
	assert_true(kept.n <= SERIES_MOST_POINTS && kept.n > SERIES_MOST_POINTS / 3);
	assert_int_equal(thinned + kept.n, SERIES_MOST_POINTS + 1);
	buf_release(&history);
	series_free(series);
}

/* Whatever the length: the ends, the extremes, the NaN, the order, and enough points. */
static void extremes_ends_and_nan_stay_visible(void **state)
{
	static const int lengths[] = {2500, 4097, 99999, 1 << 17, 300001};
	struct random random;

	(void)state;
	random_init(&random, 5, 0);
	for (size_t k = 0; k < sizeof(lengths) / sizeof(*lengths); k++) {
		struct series *series = series_new();
		struct buf history = BUF_INIT;
		int n = lengths[k], low = (int)random_below(&random, (uint64_t)n), high = (low + n / 2) % n,
		    broken = (low + n / 3) % n;
		size_t absent, metric = named(series, "m");
		unsigned long long thinned;
		struct kept kept;

		for (int i = 0; i < n; i++)
			add(series, metric, i,
			    i == low      ? -100
			    : i == high   ? 100
			    : i == broken ? NAN
					  : random_unit(&random));
		write_history(&history, &thinned, &absent, series);
		look(&kept, &history, "m");
		assert_true(kept.n > 600 && kept.n <= SERIES_MOST_POINTS);
		assert_true(kept.in_order && kept.has_nan);
		check_close(kept.least, -100, 0);
		check_close(kept.greatest, 100, 0);
		check_close(kept.first_step, 0, 0);
		check_close(kept.last_step, n - 1, 0);
		assert_int_equal(thinned + kept.n, n);
		buf_release(&history);
		series_free(series);
	}
}

/* A spike in each hundredth of a long series is seen there: stretches are about equally long. */
static void a_spike_anywhere_is_seen(void **state)
{
	struct series *series = series_new();
	struct buf history = BUF_INIT;
	struct error err = {0};
	size_t absent, metric = named(series, "m"), spikes = 0;
	unsigned long long thinned;
	struct csv csv;

	(void)state;
	for (int i = 0; i < 1000000; i++)
		add(series, metric, i, i % 10000 == 5000 ? 1 : 0);
	write_history(&history, &thinned, &absent, series);
	csv_init(&csv, history.text, history.len, "history.csv", ',');
	while (csv_next(&csv, &err) == 1)
		spikes += csv.field[3].len == 1 && csv.field[3].text[0] == '1';
	assert_int_equal(spikes, 100);
	csv_release(&csv);
	buf_release(&history);
	series_free(series);
}

static void ten_thousand_metrics_share_one_mebibyte(void **state)
{
	struct series *series = series_new();
	struct buf history = BUF_INIT;
	unsigned long long thinned;
	struct error err = {0};
	struct kept kept;
	char name[64];
	size_t absent, over;

	(void)state;
	for (int i = 0; i < SERIES_MOST_METRICS; i++) {
		snprintf(name, sizeof(name), "metric_%d", i);
		named(series, name);
	}
	check_ok(series_metric(&over, series, "one more", 8, &err), err);
	assert_true(over == SIZE_MAX);
	for (int step = 0; step < 50; step++)
		for (size_t i = 0; i < SERIES_MOST_METRICS; i++)
			add(series, i, step, (double)((i * 31 + (size_t)step * 17) % 101) / 101);
	write_history(&history, &thinned, &absent, series);
	assert_int_equal(absent, 0);
	look(&kept, &history, "metric_77");
	assert_true(kept.n >= 2);
	check_close(kept.first_step, 0, 0);
	check_close(kept.last_step, 49, 0);
	buf_release(&history);
	series_free(series);
}

/* Even the ends do not fit: whole metrics are left out, and counted. */
static void long_names_that_do_not_fit_are_left_out(void **state)
{
	struct series *series = series_new();
	struct buf history = BUF_INIT;
	unsigned long long thinned;
	size_t absent, in_it = 0;
	char name[201];

	(void)state;
	for (int i = 0; i < SERIES_MOST_METRICS; i++) {
		size_t metric;

		snprintf(name, sizeof(name), "%0200d", i);
		metric = named(series, name);
		add(series, metric, 1, 0.5);
		add(series, metric, 2, 0.5);
	}
	write_history(&history, &thinned, &absent, series);
	for (const char *at = history.text; (at = strchr(at, '\n')); at++)
		in_it++;
	assert_true(absent > 5000 && absent < SERIES_MOST_METRICS);
	assert_int_equal(thinned, 2 * absent);
	assert_int_equal(in_it - 1, 2 * (SERIES_MOST_METRICS - absent));
	buf_release(&history);
	series_free(series);
}

/* Short series keep their points where long ones are thinned for room. */
static void short_series_stay_whole_beside_long_ones(void **state)
{
	struct series *series = series_new();
	struct buf history = BUF_INIT;
	unsigned long long thinned;
	struct kept kept;
	char name[32];
	size_t absent;

	(void)state;
	for (int i = 0; i < 60; i++) {
		size_t metric;

		snprintf(name, sizeof(name), "m%d", i);
		metric = named(series, name);
		for (int step = 0; step < (i < 30 ? 20 : 30000); step++)
			add(series, metric, step, 1.0 / (step + 3));
	}
	write_history(&history, &thinned, &absent, series);
	assert_true(history.len > SERIES_MOST_BYTES / 2);
	look(&kept, &history, "m7");
	assert_int_equal(kept.n, 20);
	look(&kept, &history, "m37");
	assert_true(kept.n > 200);
	buf_release(&history);
	series_free(series);
}

static void memory_grows_neither_with_steps_nor_beyond_a_total(void **state)
{
	size_t used[2];

	(void)state;
	for (int round = 0; round < 2; round++) {
		struct series *series = series_new();
		size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
		char name[32];

		for (int i = 0; i < 500; i++) {
			size_t metric;

			snprintf(name, sizeof(name), "m%d", i);
			metric = named(series, name);
			for (int step = 0; step < (round ? 5000 : 1000); step++)
				add(series, metric, step, step % 13);
		}
		used[round] = mallinfo2().uordblks + mallinfo2().hblkhd - before;
		series_free(series);
	}
	assert_true(used[0] < 6000000);
	assert_true(used[1] <= used[0] + used[0] / 2);
}

static void directions_are_those_of_the_table_or_of_the_name(void **state)
{
	static const char *const lower[] = {"log_loss",   "val/rmse",   "test_mae",
					    "Train Loss", "error_rate", "eval.latency_ms"};
	static const char *const higher[] = {"f1", "val_f1", "reward", "x/roc_auc", "lossless_f1"};

	(void)state;
	for (size_t i = 0; i < sizeof(lower) / sizeof(*lower); i++)
		if (!series_is_lower(lower[i]))
			fail_msg("%s", lower[i]);
	for (size_t i = 0; i < sizeof(higher) / sizeof(*higher); i++)
		if (series_is_lower(higher[i]))
			fail_msg("%s", higher[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(up_to_two_thousand_points_are_all_kept),
		cmocka_unit_test(extremes_ends_and_nan_stay_visible),
		cmocka_unit_test(a_spike_anywhere_is_seen),
		cmocka_unit_test(ten_thousand_metrics_share_one_mebibyte),
		cmocka_unit_test(long_names_that_do_not_fit_are_left_out),
		cmocka_unit_test(short_series_stay_whole_beside_long_ones),
		cmocka_unit_test(memory_grows_neither_with_steps_nor_beyond_a_total),
		cmocka_unit_test(directions_are_those_of_the_table_or_of_the_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
