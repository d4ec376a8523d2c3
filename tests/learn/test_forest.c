#include "made.h"

#include "learn/tree/forest.h"
#include "learn/tree/kernels.h"

#define TREES 20

struct grown {
	struct bins *bins;
	uint8_t *byte; /* [n x columns] */
	struct forest *forest;
	double *probability; /* [n x classes] of the rows themselves */
};

/* Bins from all rows, trees from the first `train`. */
static struct grown grow_on(const struct made *made, size_t train, const struct tree_kernels *kernels)
{
	struct forest_options options = {.trees = TREES, .seed = 3, .threads = 1, .kernels = kernels};
	size_t n = made->data.n;
	uint32_t *pick = mem_array(n, sizeof(*pick));
	uint16_t *label = mem_array(n, sizeof(*label));
	struct grow_rows *rows = NULL;
	struct error err = {0};
	struct grown g = {0};

	check_ok(bins_make(&g.bins, &made->data, made->all, n, &err), err);
	g.byte = mem_array(n, g.bins->columns);
	g.probability = mem_array(n * (size_t)made->data.classes, sizeof(*g.probability));
	assert_true(pick && label && g.byte && g.probability);
	for (size_t i = 0; i < n; i++) {
		pick[i] = (uint32_t)i;
		label[i] = (uint16_t)made->data.y[i];
	}
	bins_apply(g.byte, g.bins->columns, g.bins, &made->data, made->all, n);
	check_ok(grow_rows_make(&rows, g.bins, g.byte, pick, label, train, made->data.classes, &err), err);
	check_ok(forest_fit(&g.forest, rows, &options, &err), err);
	check_ok(forest_predict(g.probability, g.forest, g.byte, g.bins->columns, n, 1, &err), err);
	grow_rows_free(rows);
	free(pick);
	free(label);
	return g;
}

static struct grown grow(const struct made *made, const struct tree_kernels *kernels)
{
	return grow_on(made, made->data.n, kernels);
}

static void grown_release(struct grown *g)
{
	bins_free(g->bins);
	forest_free(g->forest);
	free(g->byte);
	free(g->probability);
}

static void plain_loops_and_avx2_grow_the_same_forest(void **state)
{
	const struct made_options kinds[] = {
		{.n = 5000, .numbers = 11, .classes = 2, .noise = 0.3},
		{.n = 5000, .categories = 30, .levels = 5, .classes = 2, .noise = 0.3},
		{.n = 3000, .numbers = 40, .categories = 70, .levels = 4, .classes = 2, .noise = 0.5, .distinct = 6},
		{.n = 70000, .numbers = 3, .categories = 2, .levels = 90, .classes = 2, .noise = 0.05},
		{.n = 40, .numbers = 3, .classes = 2, .noise = 0.5},
		{.n = 3000, .numbers = 4, .categories = 60, .levels = 7, .classes = 3, .noise = 0.3},
		{.n = 2000, .numbers = 2, .categories = 100, .levels = 9, .classes = 16, .noise = 0.3},
	};

	(void)state;
	if (kernels_choose() == &kernels_plain)
		skip();
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct made *made = made_new(kinds[i]);
		struct grown plain = grow(made, &kernels_plain), fast = grow(made, kernels_choose());

		assert_memory_equal(plain.byte, fast.byte, made->data.n * plain.bins->columns);
		assert_memory_equal(plain.probability, fast.probability,
				    made->data.n * (size_t)kinds[i].classes * sizeof(double));
		grown_release(&plain);
		grown_release(&fast);
		made_free(made);
	}
}

static void both_binnings_agree_at_the_edges(void **state)
{
	const struct tree_kernels *const kernels[] = {&kernels_plain, kernels_choose()};
	double edge[BINS], value[3 * (BINS - 1)];
	size_t n = 0;

	(void)state;
	for (size_t e = 0; e < BINS - 1; e++) {
		edge[e] = -3 + 0.1 * (double)e;
		value[n++] = nextafter(edge[e], -INFINITY);
		value[n++] = edge[e];
		value[n++] = nextafter(edge[e], INFINITY);
	}
	edge[BINS - 1] = INFINITY;
	for (size_t k = 0; k < 2; k++) {
		uint8_t byte[3 * (BINS - 1)];

		kernels[k]->bin_values(byte, 1, edge, value, n);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(byte[i], i / 3 + (i % 3 == 2));
	}
}

static void up_to_256_distinct_numbers_keep_a_bin_each(void **state)
{
	struct made *made = made_new((struct made_options){.n = 20000, .numbers = 1, .classes = 2, .distinct = 256});
	struct bins *bins = NULL;
	struct error err = {0};
	uint8_t *byte = mem_array(20000, 1);

	(void)state;
	assert_non_null(byte);
	check_ok(bins_make(&bins, &made->data, made->all, 20000, &err), err);
	bins_apply(byte, 1, bins, &made->data, made->all, 20000);
	assert_int_equal(bins->column[0].bins, 256);
	for (size_t i = 0; i < 20000; i++)
		assert_int_equal(byte[i], (int)made->table.column[0].number[i]);
	check_close(bins->column[0].edge[0], 0.5, 0);
	bins_free(bins);
	free(byte);
	made_free(made);
}

static void more_numbers_share_bins_evenly_and_in_order(void **state)
{
	struct made *made = made_new((struct made_options){.n = 60000, .numbers = 1, .classes = 2});
	double *number = made->table.column[0].number;
	struct bins *bins = NULL;
	struct error err = {0};
	uint8_t *byte = mem_array(60000, 1);
	size_t count[BINS] = {0};

	(void)state;
	assert_non_null(byte);
	for (size_t i = 0; i < 60000; i += 10)
		number[i] = 0; /* a tenth is one value: its bin holds nothing else that is far away */
	check_ok(bins_make(&bins, &made->data, made->all, 60000, &err), err);
	bins_apply(byte, 1, bins, &made->data, made->all, 60000);
	for (size_t i = 0; i < 60000; i++) {
		size_t j = (i * 7919) % 60000;

		count[byte[i]]++;
		assert_true((number[i] < number[j] ? byte[i] <= byte[j] : byte[i] >= byte[j]) ||
			    number[i] == number[j]);
	}
	assert_int_equal(bins->column[0].bins, 256);
	for (size_t b = 0; b < BINS; b++)
		assert_true(count[b] > 100 && (count[b] < 450 || b == byte[0]));
	bins_free(bins);
	free(byte);
	made_free(made);
}

/* Share of rows whose most probable class is their own. */
static double recalled(const struct made *made, const double *probability)
{
	size_t right = 0, classes = (size_t)made->data.classes;

	for (size_t i = 0; i < made->data.n; i++) {
		size_t best = 0;

		for (size_t k = 1; k < classes; k++)
			best = probability[i * classes + k] > probability[i * classes + best] ? k : best;
		right += best == (size_t)made->data.y[i];
	}
	return (double)right / (double)made->data.n;
}

static void trees_are_grown_out_so_that_even_noise_is_recalled(void **state)
{
	const struct made_options kinds[] = {
		{.n = 1000, .numbers = 5, .classes = 2, .noise = 1},
		{.n = 1000, .numbers = 130, .classes = 2, .noise = 1},
		{.n = 1000, .numbers = 5, .categories = 20, .levels = 3, .classes = 2, .noise = 1},
		{.n = 1000, .numbers = 5, .categories = 5, .levels = 3, .classes = 7, .noise = 1},
		{.n = 1000, .numbers = 70, .categories = 70, .levels = 3, .classes = 3, .noise = 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct made *made = made_new(kinds[i]);
		struct grown g = grow(made, NULL);

		assert_true(recalled(made, g.probability) > 0.97);
		grown_release(&g);
		made_free(made);
	}
}

static void rows_with_equal_features_share_what_their_leaves_say(void **state)
{
	struct made *made = made_new((struct made_options){
		.n = 900, .numbers = 1, .categories = 1, .distinct = 2, .levels = 2, .classes = 2, .noise = 1});
	double positive[4] = {0}, all[4] = {0};
	struct grown g = grow(made, NULL);

	(void)state;
	for (size_t i = 0; i < 900; i++) {
		size_t cell = 2 * (size_t)made->table.column[0].number[i] + (size_t)made->table.column[1].code[i];

		positive[cell] += made->data.y[i];
		all[cell]++;
	}
	for (size_t i = 0; i < 900; i++) {
		size_t cell = 2 * (size_t)made->table.column[0].number[i] + (size_t)made->table.column[1].code[i];

		/* the mean of 20 bootstrap shares of some 225 rows: their standard error is below 0.01 */
		check_close(g.probability[2 * i + 1], positive[cell] / all[cell], 0.05);
	}
	grown_release(&g);
	made_free(made);
}

static void a_cut_goes_halfway_through_the_bins_that_no_row_is_in(void **state)
{
	const size_t few = 28, many = 400;

	(void)state;
	/* values 0 .. 9 are class 0 and 90 .. 99 class 1; those between are in no training row but have bins */
	for (size_t n = few; n <= many; n += many - few) {
		struct made *made = made_new((struct made_options){.n = n + 100, .numbers = 1, .classes = 2});
		struct grown g;

		for (size_t i = 0; i < n + 100; i++) {
			made->table.column[0].number[i] = i >= n ? (double)(i - n)
								 : (double)(i % 10) + (i < n / 2 ? 0 : 90);
			made->data.y[i] = i >= n / 2;
		}
		g = grow_on(made, n, NULL);
		for (size_t i = n; i < n + 100; i++) {
			double value = made->table.column[0].number[i];

			/* a bootstrap may lack the rows at the gap: a few bins of doubt */
			if (value < 46 || value > 53)
				check_close(g.probability[2 * i + 1], value > 53, 0);
		}
		grown_release(&g);
		made_free(made);
	}
}

static void a_row_gets_the_same_alone_and_among_many(void **state)
{
	struct made *made = made_new((struct made_options){
		.n = 9000, .numbers = 3, .categories = 2, .levels = 4, .classes = 3, .noise = 0.4, .missing = 0.1});
	struct grown g = grow_on(made, 2000, NULL);
	struct error err = {0};

	(void)state;
	for (size_t i = 0; i < 9000; i += 83) {
		double alone[3];

		check_ok(forest_predict(alone, g.forest, g.byte + i * g.bins->columns, g.bins->columns, 1, 1, &err),
			 err);
		assert_memory_equal(alone, g.probability + 3 * i, sizeof(alone));
	}
	grown_release(&g);
	made_free(made);
}

static void a_level_that_training_never_saw_falls_somewhere(void **state)
{
	struct made *made = made_new((struct made_options){
		.n = 300, .numbers = 2, .categories = 4, .levels = 3, .classes = 2, .noise = 0.3});
	struct grown g = grow(made, NULL);
	const uint8_t byte[6] = {3, 7, BIN_ABSENT, BIN_ABSENT, BIN_ABSENT, BIN_ABSENT};
	struct error err = {0};
	double p[2];

	(void)state;
	check_ok(forest_predict(p, g.forest, byte, 6, 1, 1, &err), err);
	check_close(p[0] + p[1], 1, 1e-6);
	grown_release(&g);
	made_free(made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_loops_and_avx2_grow_the_same_forest),
		cmocka_unit_test(both_binnings_agree_at_the_edges),
		cmocka_unit_test(up_to_256_distinct_numbers_keep_a_bin_each),
		cmocka_unit_test(more_numbers_share_bins_evenly_and_in_order),
		cmocka_unit_test(trees_are_grown_out_so_that_even_noise_is_recalled),
		cmocka_unit_test(rows_with_equal_features_share_what_their_leaves_say),
		cmocka_unit_test(a_cut_goes_halfway_through_the_bins_that_no_row_is_in),
		cmocka_unit_test(a_row_gets_the_same_alone_and_among_many),
		cmocka_unit_test(a_level_that_training_never_saw_falls_somewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
