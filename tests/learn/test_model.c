#include "made.h"

#include "learn/model.h"

static void every_model_has_a_name_of_its_own_and_a_source(void **state)
{
	(void)state;
	for (size_t i = 0; models[i]; i++) {
		assert_ptr_equal(model_find(models[i]->name), models[i]);
		assert_true(strlen(models[i]->title) > 0 && strlen(models[i]->source) > 0);
		assert_non_null(models[i]->params);
	}
	assert_null(model_find("forest"));
}

/* The probabilities that a model fitted on the first `train` rows gives to all. */
static double *probabilities(const struct model_type *type, const struct made *made, size_t train, uint64_t seed,
			     unsigned threads, int prepared)
{
	struct training training = {
		.data = &made->data, .row = made->all, .n = made->data.n, .seed = seed, .threads = threads};
	size_t cells = made->data.n * (size_t)made->data.classes;
	double *probability = mem_array(cells, sizeof(*probability));
	void *ready = NULL, *model = NULL;
	struct error err = {0};

	assert_non_null(probability);
	if (prepared && type->prepare) {
		check_ok(type->prepare(&ready, &training, &err), err);
		training.prepared = ready;
	}
	training.n = train;
	check_ok(type->fit(&model, &training, &err), err);
	if (type->prepared_free)
		type->prepared_free(ready);
	check_ok(type->predict(probability, model, &made->data, made->all, made->data.n, threads, &err), err);
	type->free(model);
	return probability;
}

/* Every model on these rows: rows of probabilities sum to 1, and threads never change a bit. */
static void check_models(struct made_options options)
{
	struct made *made = made_new(options);
	size_t cells = made->data.n * (size_t)made->data.classes, train = made->data.n - made->data.n / 5;

	for (size_t i = 0; models[i]; i++) {
		double *one = probabilities(models[i], made, train, 5, 1, 0);

		for (size_t r = 0; r < cells; r += (size_t)made->data.classes) {
			double sum = 0;

			for (size_t k = 0; k < (size_t)made->data.classes; k++) {
				assert_true(one[r + k] >= 0 && one[r + k] <= 1);
				sum += one[r + k];
			}
			check_close(sum, 1, 1e-6);
		}
		for (unsigned threads = 2; threads < 8; threads += 5) {
			double *more = probabilities(models[i], made, train, 5, threads, 0);

			assert_memory_equal(one, more, cells * sizeof(*one));
			free(more);
		}
		free(one);
	}
	made_free(made);
}

static void two_classes_have_the_same_bits_for_any_number_of_threads(void **state)
{
	(void)state;
	check_models((struct made_options){
		.n = 6000, .numbers = 60, .categories = 40, .levels = 7, .classes = 2, .noise = 0.3});
}

static void three_classes_have_the_same_bits_for_any_number_of_threads(void **state)
{
	(void)state;
	check_models((struct made_options){
		.n = 3000, .numbers = 40, .categories = 20, .levels = 5, .classes = 3, .noise = 0.3, .missing = 0.1});
}

static void what_is_small_or_odd_is_handled(void **state)
{
	const struct made_options odd[] = {
		{.n = 30, .numbers = 1, .classes = 2, .noise = 0.2},
		{.n = 30, .categories = 1, .levels = 3, .classes = 2, .noise = 0.2},
		{.n = 30, .numbers = 2, .distinct = 1, .classes = 2, .noise = 1}, /* constant */
		{.n = 200, .numbers = 2, .distinct = 3, .classes = 3, .noise = 0.5}, /* most rows are copies */
		{.n = 50, .numbers = 2, .categories = 2, .levels = 4, .classes = 2, .noise = 0.5, .missing = 0.9},
		{.n = 25, .numbers = 3, .classes = 10, .noise = 0.1}, /* some two rows a class */
		{.n = 400, .numbers = 1, .categories = 2, .levels = 300, .classes = 2, .noise = 0.2},
		{.n = 60, .numbers = 300, .classes = 2, .noise = 0.2}, /* rows too wide to move */
		{.n = 60, .numbers = 130, .categories = 30, .levels = 9, .classes = 4, .noise = 0.2},
		{.n = 5, .numbers = 2, .classes = 2, .noise = 0.5},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		check_models(odd[i]);
}

static void ten_thousand_columns_are_handled(void **state)
{
	(void)state;
	check_models((struct made_options){
		.n = 60, .numbers = 5000, .categories = 5000, .levels = 3, .classes = 2, .noise = 0.2});
}

static void a_seed_fixes_a_forest_and_another_one_changes_it(void **state)
{
	struct made *made = made_new((struct made_options){.n = 300, .numbers = 6, .classes = 2, .noise = 0.4});
	const struct model_type *forest = model_find("random_forest");
	double *a = probabilities(forest, made, 200, 1, 1, 0), *b = probabilities(forest, made, 200, 1, 1, 0);
	double *c = probabilities(forest, made, 200, 2, 1, 0);

	(void)state;
	assert_memory_equal(a, b, 600 * sizeof(*a));
	assert_memory_not_equal(a, c, 600 * sizeof(*a));
	free(a);
	free(b);
	free(c);
	made_free(made);
}

static void a_prepared_fit_on_fewer_rows_is_as_good_as_one_from_nothing(void **state)
{
	struct made *made = made_new((struct made_options){
		.n = 2000, .numbers = 4, .categories = 3, .levels = 6, .classes = 2, .noise = 0.3});

	(void)state;
	for (size_t i = 0; models[i]; i++) {
		double *fresh = probabilities(models[i], made, 1500, 1, 1, 0);
		double *prepared = probabilities(models[i], made, 1500, 1, 1, 1), right[2] = {0};

		for (size_t r = 1500; r < 2000; r++) {
			right[0] += (fresh[2 * r + 1] >= 0.5) == made->data.y[r];
			right[1] += (prepared[2 * r + 1] >= 0.5) == made->data.y[r];
			if (models[i] == model_find("logistic"))
				check_close(prepared[2 * r], fresh[2 * r], 1e-6);
		}
		check_close(right[1] / 500, right[0] / 500, 0.04);
		free(fresh);
		free(prepared);
	}
	made_free(made);
}

static void majority_gives_the_shares_of_training(void **state)
{
	struct made *made = made_new((struct made_options){.n = 10, .numbers = 1, .classes = 3, .noise = 1});
	const int y[] = {0, 1, 1, 2, 1, 0, 1, 1, 2, 2};
	double *p;

	(void)state;
	memcpy(made->data.y, y, sizeof(y));
	p = probabilities(model_find("majority"), made, 8, 0, 1, 0);
	for (size_t i = 0; i < 10; i++) {
		check_close(p[3 * i], 0.25, 0);
		check_close(p[3 * i + 1], 0.625, 0);
		check_close(p[3 * i + 2], 0.125, 0);
	}
	free(p);
	made_free(made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_model_has_a_name_of_its_own_and_a_source),
		cmocka_unit_test(two_classes_have_the_same_bits_for_any_number_of_threads),
		cmocka_unit_test(three_classes_have_the_same_bits_for_any_number_of_threads),
		cmocka_unit_test(what_is_small_or_odd_is_handled),
		cmocka_unit_test(ten_thousand_columns_are_handled),
		cmocka_unit_test(a_seed_fixes_a_forest_and_another_one_changes_it),
		cmocka_unit_test(a_prepared_fit_on_fewer_rows_is_as_good_as_one_from_nothing),
		cmocka_unit_test(majority_gives_the_shares_of_training),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
