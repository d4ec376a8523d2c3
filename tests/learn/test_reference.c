#include "reference.h"

#include "learn/split.h"

#define SPLITS 10

struct summary {
	double mean[SCORED], sd[SCORED];
};

static struct summary summarise(const struct model_type *type, const struct dataset *data)
{
	double score[SPLITS][SCORED];
	struct summary s = {{0}, {0}};

	for (uint64_t seed = 0; seed < SPLITS; seed++) {
		struct split *split = NULL;
		struct error err = {0};

		check_ok(split_make(&split, data, &(struct split_options){.test = 0.2, .seed = seed}, &err), err);
		fit_and_score(score[seed], type, data, split->train, split->n_train, split->test, split->n_test, seed);
		split_free(split);
	}
	for (size_t m = 0; m < SCORED; m++) {
		for (size_t i = 0; i < SPLITS; i++)
			s.mean[m] += score[i][m] / SPLITS;
		for (size_t i = 0; i < SPLITS; i++)
			s.sd[m] += (score[i][m] - s.mean[m]) * (score[i][m] - s.mean[m]) / (SPLITS - 1);
		s.sd[m] = sqrt(s.sd[m]);
	}
	return s;
}

/*
 * Four standard errors of the difference of two means of ten; half a row where neither side varies, for the sizes of classes in
 * the test part may be rounded otherwise. Prints a row of tests/bench/README.md's table.
 */
static int within_noise(const char *set, const char *model, const struct summary *ours, const json_t *theirs,
			double rows)
{
	int good = 1;

	print_message("| %s | %s |", set, model);
	for (size_t m = 0; m < SCORED; m++) {
		const json_t *pair = json_object_get(theirs, scored[m]);
		double mean = json_real_value(json_array_get(pair, 0)), sd = json_number_value(json_array_get(pair, 1));
		double off = ours->mean[m] - mean, noise = sqrt((sd * sd + ours->sd[m] * ours->sd[m]) / SPLITS);

		good = good && fabs(off) <= 4 * noise + 0.5 / rows;
		good = good && (m > 0 || off > -0.02);
		print_message(" %.4f / %.4f |", ours->mean[m], mean);
	}
	print_message("%s\n", good ? "" : " not within the noise");
	return good;
}

static void means_over_ten_splits_are_scikit_learns_within_the_noise(void **state)
{
	json_t *sets = reference_read(), *recorded;
	const char *name;
	int good = 1;

	(void)state;
	print_message(
		"| data | model | accuracy | f1_macro | log_loss | roc_auc |\n| --- | --- | --- | --- | --- | --- |\n");
	json_object_foreach(sets, name, recorded)
	{
		json_t *models_of = json_object_get(recorded, "scores"), *theirs;
		struct table *table = NULL;
		struct dataset *data = NULL;
		const char *model;

		reference_data(&table, &data, json_string_value(json_object_get(recorded, "file")),
			       json_string_value(json_object_get(recorded, "target")));
		json_object_foreach(models_of, model, theirs)
		{
			struct summary ours = summarise(model_find(model), data);

			good = within_noise(name, model, &ours, theirs, 0.2 * (double)data->n) && good;
		}
		dataset_free(data);
		table_free(table);
	}
	assert_int_equal(json_object_size(sets), 5);
	json_decref(sets);
	assert_true(good);
}

static void logistic_regression_is_the_optimum_to_six_digits(void **state)
{
	json_t *sets = reference_read(), *recorded;
	const char *name;

	(void)state;
	json_object_foreach(sets, name, recorded)
	{
		json_t *exact = json_object_get(recorded, "every_fifth_row");
		struct table *table = NULL;
		struct dataset *data = NULL;
		double score[SCORED];

		reference_data(&table, &data, json_string_value(json_object_get(recorded, "file")),
			       json_string_value(json_object_get(recorded, "target")));
		size_t *train = mem_array(data->n, sizeof(*train)), *test = mem_array(data->n, sizeof(*test));

		assert_true(train && test);
		size_t trains = every_fifth_row(train, test, data->n);

		fit_and_score(score, model_find("logistic"), data, train, trains, test, data->n - trains, 0);
		for (size_t m = 0; m < SCORED; m++) {
			double want = json_number_value(json_object_get(exact, scored[m]));

			check_close(score[m] / want, 1, 1e-5);
		}
		free(train);
		free(test);
		dataset_free(data);
		table_free(table);
	}
	json_decref(sets);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(means_over_ten_splits_are_scikit_learns_within_the_noise),
		cmocka_unit_test(logistic_regression_is_the_optimum_to_six_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
