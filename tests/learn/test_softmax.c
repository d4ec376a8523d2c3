#include "check.h"

#include "base/mem.h"
#include "base/random.h"
#include "learn/model/softmax.h"

#include <stdlib.h>

/* Numbers about standard normal, two categories of four levels, one place in eight absent. */
static struct design design_new(int *y, size_t n, size_t numbers, int classes, uint64_t seed)
{
	struct design x = {.n = n, .numbers = numbers, .slots = 2, .width = numbers + 8};
	struct random random;

	random_init(&random, seed, 0);
	x.number = mem_array(n * numbers, sizeof(*x.number));
	x.place = mem_array(n * 2, sizeof(*x.place));
	assert_true(x.number && x.place);
	for (size_t i = 0; i < n; i++) {
		double sum = 0;

		for (size_t j = 0; j < numbers; j++) {
			x.number[i * numbers + j] = 3.4 * (random_unit(&random) - 0.5);
			sum += j < 3 ? x.number[i * numbers + j] : 0;
		}
		for (size_t s = 0; s < 2; s++)
			x.place[i * 2 + s] = (uint32_t)(random_below(&random, 8)
								? numbers + 4 * s + random_below(&random, 4)
								: x.width + 1);
		y[i] = (int)floor((sum + 6 + 3 * random_unit(&random)) / 15.01 * classes);
		assert_true(y[i] >= 0 && y[i] < classes);
	}
	return x;
}

/* The definition, row by row: the largest partial derivative of 0.5 |w|^2 + the sum of log losses. */
static double steepest(const struct design *x, const int *y, int classes, const double *weight)
{
	size_t outputs = softmax_outputs(classes), size = softmax_stride(x) * outputs;
	double *slope = mem_zeroed(size, sizeof(*slope)), *p = mem_array(x->n * (size_t)classes, sizeof(*p)), top = 0;

	assert_true(slope && p);
	softmax_predict(p, x, weight, classes);
	for (size_t j = 0; j < x->width * outputs; j++)
		slope[j] = weight[j];
	for (size_t i = 0; i < x->n; i++)
		for (size_t k = 0; k < outputs; k++) {
			size_t class = outputs == 1 ? 1 : k;
			double off = p[i * (size_t)classes + class] - (y[i] == (int)class);

			for (size_t j = 0; j < x->numbers; j++)
				slope[j * outputs + k] += off * x->number[i * x->numbers + j];
			for (size_t s = 0; s < x->slots; s++)
				if (x->place[i * x->slots + s] <= x->width)
					slope[x->place[i * x->slots + s] * outputs + k] += off;
			slope[x->width * outputs + k] += off;
		}
	for (size_t j = 0; j < size; j++)
		top = fabs(slope[j]) > top ? fabs(slope[j]) : top;
	free(slope);
	free(p);
	return top;
}

/* Fit and see that no direction leads down, from a zero start and from a wild one, with a factor of other data. */
static void check_optimum(size_t n, size_t numbers, int classes)
{
	int *y = mem_array(n, sizeof(*y));
	struct design x = design_new(y, n, numbers, classes, 4);
	size_t size = softmax_stride(&x) * softmax_outputs(classes);
	double *weight = mem_zeroed(size, sizeof(*weight)), *other = mem_array(size, sizeof(*other));
	struct softmax_problem problem = {.x = &x, .y = y, .classes = classes, .threads = 1};
	struct precondition *kept = NULL;
	struct error err = {0};
	struct random random;

	assert_true(y && weight && other);
	check_ok(softmax_fit(weight, &kept, &problem, &err), err);
	assert_true(steepest(&x, y, classes, weight) <= 2e-9 * (double)n + 1e-9);
	random_init(&random, 9, 9);
	for (size_t j = 0; j < size; j++)
		other[j] = j < size - softmax_outputs(classes) ? 4 * random_unit(&random) - 2 : 0;
	problem.near = kept;
	check_ok(softmax_fit(other, NULL, &problem, &err), err);
	for (size_t j = 0; j < x.width * softmax_outputs(classes); j++)
		check_close(other[j], weight[j], 1e-5);
	precondition_free(kept);
	free(x.number);
	free(x.place);
	free(y);
	free(weight);
	free(other);
}

static void no_direction_leads_down_from_where_two_classes_end(void **state)
{
	(void)state;
	check_optimum(3000, 5, 2);
	check_optimum(40, 3, 2);
}

static void no_direction_leads_down_from_where_more_classes_end(void **state)
{
	(void)state;
	check_optimum(2500, 6, 3);
	check_optimum(800, 12, 9);
	check_optimum(200, 20, 60);
}

static void many_columns_converge_without_a_factor(void **state)
{
	(void)state;
	check_optimum(120, 400, 2);
	check_optimum(90, 300, 4);
}

static void probabilities_far_out_stay_probabilities(void **state)
{
	double number[] = {-4000, -700, 0, 700, 4000}, weight[] = {1, 0, 0}, p[10];
	const struct design x = {.n = 5, .numbers = 1, .width = 1, .number = number};

	(void)state;
	softmax_predict(p, &x, weight, 2);
	for (size_t i = 0; i < 5; i++) {
		assert_true(p[2 * i] >= 0 && p[2 * i + 1] >= 0);
		check_close(p[2 * i] + p[2 * i + 1], 1, 1e-15);
	}
	check_close(p[4], 0.5, 0);
	assert_true(p[0] == 1 && p[9] == 1 && p[3] > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_direction_leads_down_from_where_two_classes_end),
		cmocka_unit_test(no_direction_leads_down_from_where_more_classes_end),
		cmocka_unit_test(many_columns_converge_without_a_factor),
		cmocka_unit_test(probabilities_far_out_stay_probabilities),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
