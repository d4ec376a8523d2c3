#include "files.h"

#include "learn/split.h"

/* A dataset whose class c has rows[c] rows, the classes mixed; rows ends with 0. */
struct made {
	struct table *table;
	struct dataset *data;
};

static struct made make(const int *rows, const char *id)
{
	struct buf text = BUF_INIT;
	struct error err = {0};
	struct made made = {0};
	int most = 0, n = 0;

	buf_puts(&text, "id,x,y\n");
	for (int c = 0; rows[c]; c++)
		most = rows[c] > most ? rows[c] : most;
	for (int i = 0; i < most; i++)
		for (int c = 0; rows[c]; c++)
			if (i < rows[c])
				buf_printf(&text, "k%04d,%d,c%03d\n", (n++ * 7919) % 10000, i % 17, c);
	check_ok(table_read(&made.table, file_with(text.text, text.len), NULL, &err), err);
	check_ok(dataset_make(&made.data, made.table, &(struct dataset_options){.target = "y", .id = id}, &err), err);
	buf_release(&text);
	return made;
}

static void release(struct made *made)
{
	dataset_free(made->data);
	table_free(made->table);
}

static struct split *split_of(const struct made *made, double test, double valid, uint64_t seed)
{
	const struct split_options options = {.test = test, .valid = valid, .seed = seed};
	struct error err = {0};
	struct split *split = NULL;

	check_ok(split_make(&split, made->data, &options, &err), err);
	return split;
}

static size_t rows_of_class(const struct made *made, const size_t *row, size_t n, int c)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += made->data->y[row[i]] == c;
	return count;
}

static void every_row_is_on_one_side_and_sides_are_ascending(void **state)
{
	struct made made = make((const int[]){50, 31, 20, 0}, NULL);
	struct split *split = split_of(&made, 0.2, 0.1, 3);
	size_t train = 0, valid = 0, test = 0;

	(void)state;
	for (size_t i = 0; i < made.data->n; i++) {
		int sides = 0;

		if (train < split->n_train && split->train[train] == i)
			sides++, train++;
		if (valid < split->n_valid && split->valid[valid] == i)
			sides++, valid++;
		if (test < split->n_test && split->test[test] == i)
			sides++, test++;
		assert_int_equal(sides, 1);
	}
	assert_int_equal(train + valid + test, 101);
	assert_true(split->stratified);
	split_free(split);
	release(&made);
}

static void the_test_side_has_the_ceiling_of_its_share(void **state)
{
	struct made made = make((const int[]){50, 31, 20, 0}, NULL);
	static const struct {
		double test;
		size_t n;
	} cases[] = {{0.2, 21}, {0.25, 26}, {0.5, 51}, {0.03, 4}, {0.97, 98}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct split *split = split_of(&made, cases[i].test, 0, 1);

		assert_int_equal(split->n_test, cases[i].n);
		assert_int_equal(split->n_train, 101 - cases[i].n);
		assert_int_equal(split->n_valid, 0);
		split_free(split);
	}
	release(&made);
}

static void each_class_gives_its_share(void **state)
{
	struct made made = make((const int[]){50, 31, 20, 0}, NULL);
	struct split *split = split_of(&made, 0.2, 0.1, 1);

	(void)state;
	/* 21 x 50, 31, 20 / 101 = 10.40, 6.45, 4.16: the second has the largest remainder */
	assert_int_equal(rows_of_class(&made, split->test, split->n_test, 0), 10);
	assert_int_equal(rows_of_class(&made, split->test, split->n_test, 1), 7);
	assert_int_equal(rows_of_class(&made, split->test, split->n_test, 2), 4);
	assert_int_equal(split->n_valid, 11);
	assert_int_equal(rows_of_class(&made, split->valid, split->n_valid, 0), 6);
	split_free(split);
	release(&made);
}

static void rare_classes_are_on_every_side(void **state)
{
	struct made made = make((const int[]){300, 2, 3, 2, 0}, NULL);
	struct split *split = split_of(&made, 0.2, 0, 5);

	(void)state;
	assert_int_equal(split->n_test, 62);
	for (int c = 0; c < 4; c++) {
		assert_true(rows_of_class(&made, split->test, split->n_test, c) > 0);
		assert_true(rows_of_class(&made, split->train, split->n_train, c) > 0);
	}
	split_free(split);
	split = split_of(&made, 0.98, 0, 5);
	for (int c = 0; c < 4; c++)
		assert_true(rows_of_class(&made, split->train, split->n_train, c) > 0);
	split_free(split);
	release(&made);
}

static void the_seed_fixes_the_split_and_another_seed_changes_it(void **state)
{
	struct made made = make((const int[]){60, 40, 0}, NULL);
	struct split *a = split_of(&made, 0.2, 0, 7), *b = split_of(&made, 0.2, 0, 7), *c = split_of(&made, 0.2, 0, 8);

	(void)state;
	assert_memory_equal(a->test, b->test, a->n_test * sizeof(*a->test));
	assert_string_equal(a->sha256, b->sha256);
	assert_memory_not_equal(a->test, c->test, a->n_test * sizeof(*a->test));
	assert_string_not_equal(a->sha256, c->sha256);
	split_free(a);
	split_free(b);
	split_free(c);
	release(&made);
}

/* Records depend on it: a change here makes all runs incomparable with those before. */
static void the_membership_of_a_known_split_stays_what_it_was(void **state)
{
	struct made made = make((const int[]){6, 4, 0}, NULL);
	struct split *split = split_of(&made, 0.3, 0, 0);
	static const size_t want[] = {0, 3, 8};

	(void)state;
	assert_int_equal(split->n_test, 3);
	assert_memory_equal(split->test, want, sizeof(want));
	split_free(split);
	release(&made);
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void check_hash(const char *id)
{
	struct made made = make((const int[]){60, 40, 0}, id);
	struct split *split = split_of(&made, 0.2, 0, 7);
	char text[20][32], want[SHA256_HEX];
	const char *sorted[20];
	struct buf lines = BUF_INIT;
	struct error err = {0};

	assert_int_equal(split->n_test, 20);
	for (size_t i = 0; i < 20; i++) {
		snprintf(text[i], sizeof(text[i]), "%s", dataset_id(made.data, split->test[i], want));
		sorted[i] = text[i];
	}
	qsort(sorted, 20, sizeof(*sorted), by_bytes);
	for (size_t i = 0; i < 20; i++)
		buf_printf(&lines, "%s\n", sorted[i]);
	check_ok(sha256(want, lines.text, lines.len, &err), err);
	assert_string_equal(split->sha256, want);
	buf_release(&lines);
	split_free(split);
	release(&made);
}

static void the_hash_is_of_the_sorted_test_ids(void **state)
{
	(void)state;
	check_hash(NULL);
	check_hash("id");
}

static void splits_that_cannot_hold_every_class_on_every_side_are_refused(void **state)
{
	static const struct split_options bad[] = {{.test = 0.2}, {.test = 0.9}, {.test = 0.5, .valid = 0.25},
						   {.test = 0},   {.test = 1},   {.test = 0.6, .valid = 0.4},
						   {.test = NAN}};
	struct made made = make((const int[]){2, 2, 0}, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct error err = {0};
		struct split *split = NULL;

		assert_int_equal(split_make(&split, made.data, &bad[i], &err), ERR_INPUT);
		assert_null(split);
	}
	split_free(split_of(&made, 0.5, 0, 1));
	release(&made);
}

static void folds_are_stratified_and_equal_in_size(void **state)
{
	struct made made = make((const int[]){53, 29, 12, 4, 0}, NULL);
	size_t rows[98], size[5] = {0}, of_class[4][5] = {{0}};
	int fold[98], again[98], other[98];

	(void)state;
	for (size_t i = 0; i < 98; i++)
		rows[i] = i;
	split_folds(fold, made.data, rows, 98, 5, 11);
	split_folds(again, made.data, rows, 98, 5, 11);
	split_folds(other, made.data, rows, 98, 5, 12);
	assert_memory_equal(fold, again, sizeof(fold));
	assert_memory_not_equal(fold, other, sizeof(fold));
	for (size_t i = 0; i < 98; i++) {
		assert_true(fold[i] >= 0 && fold[i] < 5);
		size[fold[i]]++;
		of_class[made.data->y[i]][fold[i]]++;
	}
	for (int f = 0; f < 5; f++) {
		assert_true(size[f] == 19 || size[f] == 20);
		assert_true(of_class[0][f] == 10 || of_class[0][f] == 11);
		assert_true(of_class[3][f] <= 1);
	}
	release(&made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_on_one_side_and_sides_are_ascending),
		cmocka_unit_test(the_test_side_has_the_ceiling_of_its_share),
		cmocka_unit_test(each_class_gives_its_share),
		cmocka_unit_test(rare_classes_are_on_every_side),
		cmocka_unit_test(the_seed_fixes_the_split_and_another_seed_changes_it),
		cmocka_unit_test(the_membership_of_a_known_split_stays_what_it_was),
		cmocka_unit_test(the_hash_is_of_the_sorted_test_ids),
		cmocka_unit_test(splits_that_cannot_hold_every_class_on_every_side_are_refused),
		cmocka_unit_test(folds_are_stratified_and_equal_in_size),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
