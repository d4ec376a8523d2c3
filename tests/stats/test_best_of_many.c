#include "check.h"

#include "base/random.h"
#include "stats/covariance.h"
#include "stats/best_of_many.h"
#include "stats/truncated.h"

#include <stdlib.h>
#include <string.h>

static void the_hybrid_interval_agrees_with_scipy(void **state) /* tests/reference/record_truncated.py */
{
	static const struct {
		double x, se, low, high, among, from, to;
	} known[] = {
		{0.86, 0.01, -HUGE_VAL, HUGE_VAL, 1, 0.840400360155, 0.879599639845},
		{0.86, 0.01, 0.855, HUGE_VAL, 5, 0.827382863695, 0.878580778556},
		{0.86, 0.01, 0.8599, HUGE_VAL, 50, 0.821096441398, 0.840968721903},
		{0.86, 0.01, 0.8, HUGE_VAL, 50, 0.839983427582, 0.880016572418},
		{0.86, 0.01, 0.85, 0.861, 500, 0.833589370857, 0.904142515378},
		{-0.13, 0.009, -0.139, HUGE_VAL, 31, -0.161769852185, -0.112209243521},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		double from, to;

		truncated_interval(&from, &to, known[i].x, known[i].se, known[i].low, known[i].high, known[i].among);
		check_close(from, known[i].from, 1e-11);
		check_close(to, known[i].to, 1e-11);
	}
}

#define ROWS 203
#define FIGURES 37

/* Contributions of figures that have half of their rows' luck in common. */
static void make_contributions(float *contribution, uint64_t stream)
{
	struct random random;

	random_init(&random, 11, stream);
	for (size_t r = 0; r < ROWS; r++) {
		double common = random_unit(&random) - 0.5;

		for (size_t i = 0; i < FIGURES; i++)
			contribution[i * ROWS + r] = (float)((common + random_unit(&random) - 0.5) / ROWS);
	}
}

static void covariances_are_sums_of_products(void **state)
{
	static float contribution[FIGURES * ROWS];
	static double by_one[FIGURES * FIGURES], by_many[FIGURES * FIGURES];

	(void)state;
	make_contributions(contribution, 0);
	covariance_make(by_one, contribution, ROWS, FIGURES, 1);
	covariance_make(by_many, contribution, ROWS, FIGURES, 3);
	assert_memory_equal(by_one, by_many, sizeof(by_one));
	for (size_t i = 0; i < FIGURES; i++)
		for (size_t k = 0; k < FIGURES; k++) {
			double sum = 0;

			for (size_t r = 0; r < ROWS; r++)
				sum += (double)contribution[i * ROWS + r] * (double)contribution[k * ROWS + r];
			check_close(by_one[i * FIGURES + k] / sum, 1, 1e-11);
		}
}

/* Figures 1 and 2 are the same, 3 is their mean with 0: a covariance of rank 2. */
static void draws_follow_a_singular_covariance(void **state)
{
	static const double covariance[] = {4, 1, 1, 2.5, 1, 9, 9, 5, 1, 9, 9, 5, 2.5, 5, 5, 3.75};
	static float draw[4 * COVARIANCE_DRAWS], again[4 * COVARIANCE_DRAWS];
	struct error err = {0};

	(void)state;
	check_ok(covariance_draw(draw, covariance, 4, 1, &err), err);
	check_ok(covariance_draw(again, covariance, 4, 3, &err), err);
	assert_memory_equal(draw, again, sizeof(draw));
	for (size_t i = 0; i < 4; i++)
		for (size_t k = 0; k <= i; k++) {
			double sum = 0, spread = sqrt(covariance[5 * i] * covariance[5 * k]);

			for (size_t b = 0; b < COVARIANCE_DRAWS; b++)
				sum += (double)draw[i * COVARIANCE_DRAWS + b] * (double)draw[k * COVARIANCE_DRAWS + b];
			check_close((sum / COVARIANCE_DRAWS - covariance[4 * i + k]) / spread, 0,
				    0.1); /* 4.5 sd / sqrt(n) */
		}
	for (size_t b = 0; b < COVARIANCE_DRAWS; b++) {
		float *at = draw + b;

		check_close(at[COVARIANCE_DRAWS], at[2 * COVARIANCE_DRAWS], 1e-5);
		check_close(at[3 * COVARIANCE_DRAWS], (at[0] + at[COVARIANCE_DRAWS]) / 2, 1e-5);
	}
}

/* m figures with variance 1 and covariances of `alike`. */
static void even_covariance(double *covariance, size_t m, double alike)
{
	for (size_t i = 0; i < m * m; i++)
		covariance[i] = i % (m + 1) ? alike : 1;
}

static void a_best_far_ahead_needs_no_correction(void **state)
{
	const double value[] = {3, 40, 1, 0, -2};
	double covariance[25];
	const struct best_of_many_input input = {.m = 5, .value = value, .covariance = covariance};
	struct best_of_many_place place[5];
	struct best_of_many s;
	struct error err = {0};

	(void)state;
	even_covariance(covariance, 5, 0.5);
	check_ok(best_of_many_find(&s, place, &input, 1, &err), err);
	assert_int_equal(s.best, 1);
	assert_int_equal(s.first, 1);
	check_close(s.corrected, 40, 1e-12);
	check_close(s.low - s.plain_low, 0, 0.06);
	check_close(s.high - s.plain_high, 0, 0.06);
	assert_int_equal(place[1].first, 1);
	assert_int_equal(place[1].last, 1);
	assert_int_equal(place[0].first, 2);
}

static void equals_are_corrected_downwards_and_all_may_be_best(void **state)
{
	double value[20], covariance[400];
	const struct best_of_many_input input = {.m = 20, .value = value, .covariance = covariance};
	struct best_of_many_place place[20];
	struct best_of_many s;
	struct error err = {0};

	(void)state;
	even_covariance(covariance, 20, 0);
	for (size_t i = 0; i < 20; i++)
		value[i] = (double)i / 10; /* from 0 to 1.9 standard errors, as 20 equal ones come */
	check_ok(best_of_many_find(&s, place, &input, 2, &err), err);
	assert_int_equal(s.best, 19);
	assert_int_equal(s.first, 20);
	assert_true(s.corrected < s.plain - 0.5 && s.low < s.plain_low && s.corrected > s.low);
	assert_int_equal(place[0].last, 20);
}

static void for_losses_everything_is_turned_around(void **state)
{
	double value[] = {0.30, 0.31, 0.33, 0.29}, turned[4], covariance[16];
	struct best_of_many_input input = {.m = 4, .value = value, .covariance = covariance, .step = 0.001};
	struct best_of_many_place places[4], turned_places[4];
	struct best_of_many high, low;
	struct error err = {0};

	(void)state;
	even_covariance(covariance, 4, 0.3);
	for (size_t i = 0; i < 16; i++)
		covariance[i] *= 1e-4;
	for (size_t i = 0; i < 4; i++)
		turned[i] = -value[i];
	check_ok(best_of_many_find(&high, places, &input, 1, &err), err);
	input.value = turned;
	input.lower = 1;
	check_ok(best_of_many_find(&low, turned_places, &input, 3, &err), err);
	assert_int_equal(low.best, 2);
	assert_memory_equal(places, turned_places, sizeof(places));
	check_close(low.corrected, -high.corrected, 0);
	check_close(low.low, -high.high, 0);
	check_close(low.plain_high, -high.plain_low, 0);
	assert_true(low.corrected > low.plain); /* a loss that was picked is too small */
}

static void the_same_figure_twice_is_one_figure(void **state)
{
	const double value[] = {0.5, 0.5, 0};
	double covariance[9], other[4] = {1, 0, 0, 1};
	const struct best_of_many_input input = {.m = 3, .value = value, .covariance = covariance};
	const struct best_of_many_input two = {.m = 2, .value = value + 1, .covariance = other};
	struct best_of_many_place place[3], pairs[2];
	struct best_of_many s, pair;
	struct error err = {0};

	(void)state;
	even_covariance(covariance, 3, 0);
	covariance[1] = covariance[3] = 1;
	check_ok(best_of_many_find(&s, place, &input, 1, &err), err);
	assert_int_equal(s.best, 0);
	assert_memory_equal(&place[0], &place[1], sizeof(*place));
	check_ok(best_of_many_find(&pair, pairs, &two, 1, &err), err);
	check_close(s.corrected, pair.corrected, 0.03); /* one more would take off a quarter of a standard error */
	check_close(s.low - pair.low, 0, 0.2); /* Bonferroni counts three */
	assert_int_equal(s.first, 3);
}

static void without_errors_there_is_nothing_to_correct(void **state)
{
	const double value[] = {1, 1};
	const double covariance[] = {0, 0, 0, 0};
	const struct best_of_many_input input = {.m = 2, .value = value, .covariance = covariance};
	struct best_of_many_place place[2];
	struct best_of_many s;
	struct error err = {0};

	(void)state;
	check_ok(best_of_many_find(&s, place, &input, 1, &err), err);
	check_close(s.corrected, 1, 0);
	check_close(s.low, 1, 0);
	check_close(s.high, 1, 0);
	assert_int_equal(s.first, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_hybrid_interval_agrees_with_scipy),
		cmocka_unit_test(covariances_are_sums_of_products),
		cmocka_unit_test(draws_follow_a_singular_covariance),
		cmocka_unit_test(a_best_far_ahead_needs_no_correction),
		cmocka_unit_test(equals_are_corrected_downwards_and_all_may_be_best),
		cmocka_unit_test(for_losses_everything_is_turned_around),
		cmocka_unit_test(the_same_figure_twice_is_one_figure),
		cmocka_unit_test(without_errors_there_is_nothing_to_correct),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
