/* What would decide: recorded sizes, what each part allows, and that both goals are met where it says so. */
#include "check.h"

#include "reference/repeated.h"
#include "stats/power.h"

#include <gsl/gsl_cdf.h>

static struct power_design of_rows(double sd, size_t rows, double family)
{
	return (struct power_design){.rows_variance = sd * sd / (double)rows,
				     .rows_df = HUGE_VAL,
				     .repeats_df = HUGE_VAL,
				     .rows = rows,
				     .family = family};
}

static void rows_agree_with_statsmodels(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(power_rows) / sizeof(*power_rows); i++) {
		const double *want = power_rows[i];
		struct power_design design = of_rows(want[0], 500, want[2]);
		struct power_need need = power_needed(&design, want[1]);

		/* equivalence takes more rows than a difference, here as there */
		assert_true(want[4] > want[3]);
		check_close((double)need.rows + 500, ceil(want[4]), 0);
		assert_true(need.repeats == POWER_NEVER);
		design.rows = (size_t)ceil(want[4]);
		design.rows_variance = want[0] * want[0] / (double)design.rows;
		need = power_needed(&design, want[1]);
		assert_true(need.rows == 0 && need.repeats == 0);
	}
}

static void the_detectable_difference_has_a_power_of_80_percent(void **state)
{
	const struct power_design design = of_rows(0.5, 1000, 4);
	double se = 0.5 / sqrt(1000), seen = power_detectable(&design);

	(void)state;
	check_close(gsl_cdf_ugaussian_Q(gsl_cdf_ugaussian_Qinv(0.025 / 4) - seen / se), 0.8, 1e-10);
}

/* Rows alone carry 0.004 of standard error, seeds 0.003 with 5 a side. */
static const struct power_design recipe = {.rows_variance = 1.6e-5,
					   .rows_df = 999,
					   .repeats_variance = 9e-6,
					   .repeats_df = 8,
					   .rows = 1000,
					   .repeats = 5,
					   .family = 1};

static void either_rows_or_seeds_can_decide_while_the_other_part_leaves_room(void **state)
{
	struct power_need need = power_needed(&recipe, 0.014);

	(void)state;
	assert_in_range(need.rows, 1, 1000);
	assert_in_range(need.repeats, 1, 20);
	/* a margin that the seeds' part alone exceeds: rows never; likewise the other way round */
	need = power_needed(&recipe, 0.0095);
	assert_true(need.rows == POWER_NEVER);
	assert_true(need.repeats == POWER_NEVER);
	need = power_needed(&recipe, 0.012);
	assert_true(need.repeats != POWER_NEVER && need.repeats > power_needed(&recipe, 0.014).repeats);
	assert_true(need.rows != POWER_NEVER && need.rows > power_needed(&recipe, 0.014).rows);
}

static void more_splits_cannot_take_away_what_the_overlap_of_training_rows_leaves(void **state)
{
	/* s2 = 4e-5, 10 splits, test over train 0.25 */
	struct power_design change = {.rows_df = HUGE_VAL,
				      .repeats_variance = 4e-6,
				      .repeats_df = 9,
				      .floor_variance = 1e-5,
				      .rows = 1000,
				      .repeats = 10,
				      .family = 1};
	double floor = (gsl_cdf_ugaussian_Qinv(0.05) + gsl_cdf_ugaussian_Qinv(0.1)) * sqrt(1e-5);

	(void)state;
	assert_true(power_needed(&change, 0.98 * floor).repeats == POWER_NEVER);
	assert_in_range(power_needed(&change, 1.1 * floor).repeats, 1, 100);
	assert_true(power_needed(&change, 0.98 * floor).rows != POWER_NEVER);
}

static void what_is_added_decides_and_one_less_does_not(void **state)
{
	struct power_design more = recipe;
	struct power_need need = power_needed(&recipe, 0.014);

	(void)state;
	more.rows += need.rows;
	more.rows_variance *= 1000 / (double)more.rows;
	assert_true(power_needed(&more, 0.014).rows == 0);
	more.rows_variance *= (double)more.rows / (double)(more.rows - 1);
	assert_true(power_needed(&more, 0.014).rows > 0);
	more = recipe;
	more.repeats += need.repeats;
	more.repeats_variance *= 5 / (double)more.repeats;
	more.repeats_df = 2 * (double)(more.repeats - 1);
	assert_true(power_needed(&more, 0.014).repeats == 0);
}

static void nothing_measured_needs_nothing_and_a_spread_without_rows_is_never_made_good(void **state)
{
	struct power_design none = {.rows_df = HUGE_VAL, .repeats_df = HUGE_VAL, .rows = 100, .family = 1};
	struct power_design lost = {.rows_variance = 1, .rows_df = HUGE_VAL, .repeats_df = HUGE_VAL, .family = 1};

	(void)state;
	assert_true(power_needed(&none, 0.01).rows == 0);
	assert_true(power_needed(&lost, 0.01).rows == POWER_NEVER);
	assert_true(power_needed(&lost, 1e-12).repeats == POWER_NEVER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_agree_with_statsmodels),
		cmocka_unit_test(the_detectable_difference_has_a_power_of_80_percent),
		cmocka_unit_test(either_rows_or_seeds_can_decide_while_the_other_part_leaves_room),
		cmocka_unit_test(more_splits_cannot_take_away_what_the_overlap_of_training_rows_leaves),
		cmocka_unit_test(what_is_added_decides_and_one_less_does_not),
		cmocka_unit_test(nothing_measured_needs_nothing_and_a_spread_without_rows_is_never_made_good),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
