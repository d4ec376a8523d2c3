/* The quick part of tests/simulate/selection.c: the same worlds, fewer trials, limits with their binomial error. */
#include "check.h"

#include "simulate/selection_world.h"

/* 93 to 97 %, give or take three standard errors of what was counted. */
static void check_coverage(const struct selection_outcome *o)
{
	double share = (double)o->corrected / (double)o->trials, error = 3 * sqrt(0.95 * 0.05 / (double)o->trials);

	if (share < 0.93 - error || share > 0.97 + error)
		fail_msg("%.1f %% of %zu intervals hold the truth", 100 * share, o->trials);
}

static struct selection_outcome measure(const struct selection_world *world, size_t trials, size_t every)
{
	struct selection_outcome o = {0};
	struct error err = {0};

	check_ok(selection_trials(&o, world, 0, trials, every, &err), err);
	return o;
}

static void check_equal_models(size_t m, int alike, size_t trials)
{
	const struct selection_world world = {.name = "equal", .m = m, .rows = 1409, .alike = alike};
	struct selection_outcome o = measure(&world, trials, 0);

	check_coverage(&o);
	if (fabs(o.off) > o.plain_off / 4)
		fail_msg("off by %.2f, plain by %.2f", o.off / (double)trials, o.plain_off / (double)trials);
}

static void the_best_of_equal_models_is_covered_and_hardly_off(void **state)
{
	(void)state;
	for (int alike = 0; alike < 2; alike++) {
		check_equal_models(5, alike, 600);
		check_equal_models(50, alike, 250);
		check_equal_models(500, alike, 25);
	}
}

static void a_best_that_is_ahead_is_covered_and_left_as_it_is(void **state)
{
	const struct selection_world world = {.name = "one ahead", .m = 50, .rows = 1409, .ahead = 0.05, .alike = 1};
	struct selection_outcome o = measure(&world, 200, 4);

	(void)state;
	check_coverage(&o);
	check_close((o.off - o.plain_off) / (double)o.trials, 0, 0.05);
	check_close(o.width / (double)o.trials, 1, 0.05);
	assert_true(o.could / (double)o.placed < 0.1); /* hardly any other could be the best */
}

static void the_truly_best_is_among_those_that_could_be(void **state)
{
	const struct selection_world world = {.name = "spread", .m = 50, .rows = 1409, .spread = 0.06, .alike = 1};
	struct selection_outcome o = measure(&world, 120, 1);

	(void)state;
	check_coverage(&o);
	assert_true(o.kept >= 0.95 * (double)o.placed);
	assert_true(o.held >= 0.95 * (double)o.placed);
	assert_true(o.could < 0.75 * (double)o.placed); /* and not everything is */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_best_of_equal_models_is_covered_and_hardly_off),
		cmocka_unit_test(a_best_that_is_ahead_is_covered_and_left_as_it_is),
		cmocka_unit_test(the_truly_best_is_among_those_that_could_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
