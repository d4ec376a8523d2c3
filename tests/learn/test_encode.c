#include "made.h"

#include "learn/encode.h"

/* One number column and one category column with these cells. */
static struct made *columns(const double *number, const int32_t *code, size_t n, size_t levels)
{
	struct made *made = made_new(
		(struct made_options){.n = n, .numbers = 1, .categories = 1, .levels = levels, .classes = 2});

	made->table.column[0].missing = made->table.column[1].missing = 0;
	for (size_t i = 0; i < n; i++) {
		made->table.column[0].number[i] = number ? number[i] : 0;
		made->table.column[0].missing += number && isnan(number[i]);
		made->table.column[1].code[i] = code ? code[i] : 0;
		made->table.column[1].missing += code && code[i] < 0;
	}
	return made;
}

static double median(const double *number, size_t n)
{
	struct made *made = columns(number, NULL, n, 1);
	struct encoding *encoding = NULL;
	struct error err = {0};
	double found;

	check_ok(encoding_make(&encoding, &made->data, made->all, n, &err), err);
	found = encoding->column[0].median;
	encoding_free(encoding);
	made_free(made);
	return found;
}

static void a_missing_number_is_the_median_of_the_others(void **state)
{
	const double odd[] = {5, NAN, 1, 9}, even[] = {4, 1, NAN, 3, 9}, equal[] = {2, 2, NAN, 2, 2, 2};
	const double one[] = {NAN, 7}, none[] = {NAN, NAN};

	(void)state;
	check_close(median(odd, 4), 5, 0);
	check_close(median(even, 5), 3.5, 0);
	check_close(median(equal, 6), 2, 0);
	check_close(median(one, 2), 7, 0);
	check_close(median(none, 2), 0, 0);
}

static int by_value(const void *a, const void *b)
{
	return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b);
}

static void the_median_of_many_is_the_sorted_middle(void **state)
{
	double value[601];
	struct random random;

	(void)state;
	random_init(&random, 3, 0);
	for (size_t n = 1; n < 600; n += 37) {
		double found;

		for (size_t i = 0; i < n; i++)
			value[i] = floor(random_unit(&random) * 50);
		value[n] = NAN;
		found = median(value, n + 1);
		qsort(value, n, sizeof(*value), by_value);
		check_close(found, (value[n / 2] + value[(n - 1) / 2]) / 2, 0);
	}
}

static void levels_get_slots_in_their_order_and_missing_one_of_its_own(void **state)
{
	const int32_t code[] = {3, -1, 0, 3, 4};
	struct made *made = columns(NULL, code, 5, 5);
	struct encoding *encoding = NULL;
	struct error err = {0};
	const struct encoded_column *c;

	(void)state;
	check_ok(encoding_make(&encoding, &made->data, made->all, 4, &err), err);
	c = &encoding->column[1];
	assert_int_equal(c->slots, 3);
	assert_int_equal(encoding->width, 4);
	assert_int_equal(encoded_slot(c, &made->table, 2), 0);
	assert_int_equal(encoded_slot(c, &made->table, 0), 1);
	assert_int_equal(encoded_slot(c, &made->table, 1), 2);
	assert_int_equal(encoded_slot(c, &made->table, 4), -1);
	encoding_free(encoding);
	made_free(made);
}

static void beyond_the_100_most_frequent_levels_one_slot_serves_the_rest(void **state)
{
	int32_t code[400];
	struct encoding *encoding = NULL;
	struct error err = {0};
	const struct encoded_column *c;
	struct made *made;

	(void)state;
	/* levels 0 .. 149 once, 50 .. 149 once more, level 3 three times in all; 150 never */
	for (int i = 0; i < 400; i++)
		code[i] = i < 150 ? i : i < 250 ? i - 100 : 3;
	made = columns(NULL, code, 252, 151);
	check_ok(encoding_make(&encoding, &made->data, made->all, 252, &err), err);
	c = &encoding->column[1];
	assert_int_equal(c->slots, 101);
	assert_int_equal(c->slot[3], 0);
	assert_int_equal(c->slot[0], 100);
	assert_int_equal(c->slot[50], 1);
	assert_int_equal(c->slot[148], 99);
	assert_int_equal(c->slot[149], 100);
	assert_int_equal(c->slot[150], 100);
	encoding_free(encoding);
	made_free(made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_missing_number_is_the_median_of_the_others),
		cmocka_unit_test(the_median_of_many_is_the_sorted_middle),
		cmocka_unit_test(levels_get_slots_in_their_order_and_missing_one_of_its_own),
		cmocka_unit_test(beyond_the_100_most_frequent_levels_one_slot_serves_the_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
