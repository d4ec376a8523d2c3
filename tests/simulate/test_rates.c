/*
 * The quick part of `make simulate`: the same worlds with fewer trials, limits with three standard errors; and that what
 * is kept for the methods page is of these very worlds.
 */
#include "check.h"

#include "simulate/cell.h"

#include <string.h>

#ifdef __SANITIZE_ADDRESS__
#define SHARE 10 /* for the sanitizers' sake: one trial in so many; the rates are what the plain build is for */
#else
#define SHARE 1
#endif

static void run(struct outcome *out, const struct cell *cell, size_t trials)
{
	struct error err = {0};

	*out = (struct outcome){0};
	check_ok(cell->run(out, cell, trials, &err), err);
}

static int check_claim(const struct cell *cell, const struct outcome *o, int claim)
{
	int bad = 0;

	for (size_t f = 0; f < FAMILIES; f++)
		for (size_t m = 0; m < RATE_METRICS; m++) {
			size_t hits = o->hits[claim][f][m], trials = o->trials[claim][f][m];

			if (!rate_is_off(claim_name[claim], family_size[f], hits, trials))
				continue;
			print_error("%s, %s, %zu rows, %zu, %zu a side, family %zu: %s of %s in %zu of %zu\n",
				    cell->scope, cell->null, cell->rows, cell->rarer, cell->units, family_size[f],
				    claim_name[claim], judged[m]->name, hits, trials);
			bad = 1;
		}
	return bad;
}

/* All quick cells of a scope. */
static void check_scope(const char *scope)
{
	int bad = 0, ran = 0;

	for (const struct cell *cell = cells; cell->scope; cell++) {
		struct outcome outcome;

		if (!cell->quick || strcmp(cell->scope, scope) != 0)
			continue;
		run(&outcome, cell, (cell->quick + SHARE - 1) / SHARE);
		for (int claim = 0; claim < CLAIMS; claim++)
			bad |= check_claim(cell, &outcome, claim);
		ran++;
	}
	assert_true(ran > 0);
	assert_false(bad);
}

static void few_words_about_models_are_wrong(void **state)
{
	(void)state;
	check_scope("model");
}

static void few_words_about_recipes_are_wrong(void **state)
{
	(void)state;
	check_scope("recipe");
}

static void few_words_about_changes_are_wrong(void **state)
{
	(void)state;
	check_scope("change");
}

static const struct cell *find(const char *scope, const char *null, size_t rows, size_t rarer, size_t units)
{
	for (const struct cell *cell = cells; cell->scope; cell++)
		if (strcmp(cell->scope, scope) == 0 && strcmp(cell->null, null) == 0 && cell->rows == rows &&
		    cell->rarer == rarer && cell->units == units)
			return cell;
	return NULL;
}

static void two_seeds_a_side_give_no_word(void **state)
{
	const struct cell *cell = find("recipe", "two groups of seeds of one recipe", 1000, 40, 2);
	struct outcome outcome;

	(void)state;
	assert_non_null(cell);
	run(&outcome, cell, 20);
	for (size_t f = 0; f < FAMILIES; f++)
		for (size_t m = 0; m < RATE_METRICS; m++) {
			assert_int_equal(outcome.trials[CLAIM_WINNER][f][m], 20);
			assert_int_equal(outcome.hits[CLAIM_WINNER][f][m], 0);
		}
}

static void too_few_of_a_class_give_no_word(void **state)
{
	const struct cell *cell = find("model", "two labels of one model", 1000, 20, 1);
	struct outcome outcome;

	(void)state;
	assert_non_null(cell);
	run(&outcome, cell, 60);
	for (size_t m = 0; m < RATE_METRICS; m++)
		assert_int_equal(outcome.hits[CLAIM_WINNER][0][m], 0);
}

/* One seed a side says nothing about a recipe: a simulation that finds no fault here would find none anywhere. */
static void one_seed_a_side_would_name_winners_of_recipes_too_often(void **state)
{
	struct outcome outcome;

	(void)state;
	for (const struct cell *cell = cells; cell->scope; cell++) {
		if (!cell->unclaimed || strcmp(cell->scope, "model") != 0)
			continue;
		run(&outcome, cell, 100 / SHARE);
		assert_true(
			rate_is_off("winner", 1, outcome.hits[CLAIM_WINNER][0][0], outcome.trials[CLAIM_WINNER][0][0]));
	}
}

static void what_is_kept_is_of_these_worlds(void **state)
{
	(void)state;
	for (const struct rate *rate = rates; rate->scope; rate++)
		if (!find(rate->scope, rate->null, rate->rows, rate->rarer, rate->units))
			fail_msg("no cell: %s, %s, %zu rows, %zu, %zu", rate->scope, rate->null, rate->rows,
				 rate->rarer, rate->units);
	for (const struct cell *cell = cells; cell->scope; cell++) {
		const struct rate *rate = rates;

		while (rate->scope && find(rate->scope, rate->null, rate->rows, rate->rarer, rate->units) != cell)
			rate++;
		if (!rate->scope)
			fail_msg("not kept: %s, %s, %zu rows, %zu, %zu", cell->scope, cell->null, cell->rows,
				 cell->rarer, cell->units);
	}
}

static void a_rate_is_off_only_beyond_chance(void **state)
{
	(void)state;
	assert_false(rate_is_off("winner", 1, 5, 100));
	assert_false(rate_is_off("winner", 1, 11, 100));
	assert_true(rate_is_off("winner", 1, 14, 100));
	assert_false(rate_is_off("not_worse", 10, 3, 200)); /* three of one expected */
	assert_true(rate_is_off("not_worse", 10, 14, 200));
	assert_false(rate_is_off("power", 1, 79, 100));
	assert_true(rate_is_off("power", 1, 60, 100));
	assert_true(rate_is_off("power", 1, 95, 100));
	assert_false(rate_is_off("unclaimed", 1, 100, 100));
	assert_false(rate_is_off("winner", 1, 0, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(few_words_about_models_are_wrong),
		cmocka_unit_test(few_words_about_recipes_are_wrong),
		cmocka_unit_test(few_words_about_changes_are_wrong),
		cmocka_unit_test(two_seeds_a_side_give_no_word),
		cmocka_unit_test(too_few_of_a_class_give_no_word),
		cmocka_unit_test(one_seed_a_side_would_name_winners_of_recipes_too_often),
		cmocka_unit_test(what_is_kept_is_of_these_worlds),
		cmocka_unit_test(a_rate_is_off_only_beyond_chance),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
