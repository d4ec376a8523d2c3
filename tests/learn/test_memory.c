/*
 * Each allocation of ours fails in turn, until the call gets through: every time ERR_NOMEM with a message, and nothing is
 * left behind (the sanitizers look). The functions of base/mem.h are replaced for that, so that OpenMP's own calls do not fail,
 * which would end the program.
 */
#include "made.h"

#include "learn/baselines.h"

static long countdown = -1; /* allocations until one fails; negative: none does */

static int fails(void)
{
	long left;

#pragma omp atomic capture
	left = countdown--;
	if (left == 0)
		return 1;
	if (left < 0) {
#pragma omp atomic write
		countdown = -1;
	}
	return 0;
}

void *mem_array(size_t n, size_t size)
{
	return fails() ? NULL : malloc(n * size + 1);
}

void *mem_zeroed(size_t n, size_t size)
{
	return fails() ? NULL : calloc(n * size + 1, 1);
}

void *mem_resize(void *old, size_t n, size_t size)
{
	return fails() ? NULL : realloc(old, n * size + 1);
}

void *mem_aligned(size_t n, size_t size)
{
	return fails() ? NULL : aligned_alloc(64, (n * size + 64) / 64 * 64);
}

char *mem_text(const char *text)
{
	return text ? mem_text_n(text, strlen(text)) : NULL;
}

char *mem_text_n(const char *text, size_t len)
{
	char *copy = mem_zeroed(len + 1, 1);

	if (copy)
		memcpy(copy, text, len);
	return copy;
}

char *mem_printf(const char *format, ...)
{
	(void)format;
	return mem_zeroed(1, 1);
}

int mem_grow(void **array, size_t n, size_t *cap, size_t size, struct error *err)
{
	void *bigger = n < *cap ? *array : mem_resize(*array, n + 8, size);

	if (!bigger)
		return error_nomem(err);
	*cap = n < *cap ? *cap : n + 8;
	*array = bigger;
	return 0;
}

static int use_model(const struct model_type *type, const struct made *made, unsigned threads, struct error *err)
{
	struct training training = {.data = &made->data, .row = made->all, .n = made->data.n, .threads = threads};
	double probability[3 * 40];
	void *prepared = NULL, *model = NULL;
	int rc = 0;

	if (type->prepare)
		rc = type->prepare(&prepared, &training, err);
	training.prepared = prepared;
	training.n /= 2;
	if (rc == 0)
		rc = type->fit(&model, &training, err);
	if (rc == 0)
		rc = type->predict(probability, model, &made->data, made->all, made->data.n, threads, err);
	type->free(model);
	if (type->prepared_free)
		type->prepared_free(prepared);
	return rc;
}

/* Let each allocation fail in turn. Returns how many there were. */
static long fail_each(const struct model_type *type, const struct made *made, unsigned threads)
{
	for (long n = 0;; n++) {
		struct error err = {0};
		int rc;

		countdown = n;
		rc = use_model(type, made, threads, &err);
		if (rc == 0 && countdown >= 0) {
			countdown = -1;
			return n;
		}
		countdown = -1;
		assert_int_equal(rc, ERR_NOMEM);
		assert_int_equal(err.code, ERR_NOMEM);
		assert_true(strlen(err.text) > 0);
	}
}

static void every_model_survives_every_allocation_that_fails(void **state)
{
	const struct made_options kinds[] = {
		{.n = 40, .numbers = 3, .categories = 2, .levels = 3, .classes = 2, .noise = 0.5, .missing = 0.1},
		{.n = 40, .numbers = 3, .categories = 2, .levels = 3, .classes = 3, .noise = 0.5},
		{.n = 24, .numbers = 270, .classes = 2, .noise = 0.5},
	};

	(void)state;
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		struct made *made = made_new(kinds[k]);

		for (size_t i = 0; models[i]; i++) {
			assert_true(fail_each(models[i], made, 1) > 0);
			if (k == 0)
				assert_true(fail_each(models[i], made, 2) > 0);
		}
		made_free(made);
	}
}

static int use_baselines(const struct made *made, const struct split *split, struct error *err)
{
	const struct baselines_options options = {.metric = metric_find("f1"), .threads = 1};
	struct baselines *baselines = NULL;
	int rc = baselines_new(&baselines, &made->data, split, &options, err);

	for (size_t i = 0; rc == 0 && i < 4; i++) { /* majority and logistic regression, with their twins */
		struct baseline_result result = {0};

		rc = baselines_fit(&result, baselines, i, NULL, err);
		baseline_result_release(&result);
	}
	baselines_free(baselines);
	return rc;
}

static void baselines_survive_every_allocation_that_fails(void **state)
{
	struct made *made = made_new(
		(struct made_options){.n = 60, .numbers = 2, .categories = 1, .levels = 3, .classes = 2, .noise = 0.4});
	struct split *split = NULL;
	struct error setup = {0};
	int rc;

	(void)state;
	check_ok(split_make(&split, &made->data, &(struct split_options){.test = 0.3}, &setup), setup);
	for (long n = 0;; n++) {
		struct error err = {0};
		long left;

		countdown = n;
		rc = use_baselines(made, split, &err);
		left = countdown;
		countdown = -1;
		if (rc == 0 && left >= 0)
			break;
		assert_int_equal(rc, ERR_NOMEM);
	}
	split_free(split);
	made_free(made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_model_survives_every_allocation_that_fails),
		cmocka_unit_test(baselines_survive_every_allocation_that_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
