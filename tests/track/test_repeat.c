/* What children have in common becomes their parent's: means, spread, intervals, parameters, usage, the splits' hash. */
#include "check.h"

#include "format/json.h"
#include "track/repeat.h"

enum { MOST = 4 };

/* printf 'aa\nbb\n' | sha256sum */
#define SHA_AA_BB "329d670e59ead1543a2d36865895972560bc434204c5f4a0c8219005dd312719"

struct family {
	struct run parent, child[MOST];
	const struct run *pointer[MOST];
	size_t n;
};

static void add(struct run *run, const char *members)
{
	char text[1024];
	struct error err = {0};

	snprintf(text, sizeof(text),
		 "{'schema': 1, 'id': '20261124-103000-0000000000', 'experiment': 'e', 'name': 'n', 'kind': 'run', "
		 "'status': 'finished', %s}",
		 members);
	for (char *c = text; *c; c++)
		if (*c == '\'')
			*c = '"';
	check_ok(run_parse(run, text, strlen(text), "record", &err), err);
}

static void family_make(struct family *out, const char *parent, const char *const *child, size_t n)
{
	*out = (struct family){.n = n};
	add(&out->parent, parent);
	for (size_t i = 0; i < n; i++) {
		add(&out->child[i], child[i]);
		out->pointer[i] = &out->child[i];
	}
}

static void family_release(struct family *family)
{
	run_release(&family->parent);
	for (size_t i = 0; i < family->n; i++)
		run_release(&family->child[i]);
}

static double number(const struct run *run, const char *path)
{
	double value = NAN;

	(void)run_number(&value, run, path);
	return value;
}

static double bound(const struct run *run, const char *metric, size_t which)
{
	double value = NAN;

	(void)json_number(&value, json_array_get(json_object_get(run_field(run, "intervals"), metric), which));
	return value;
}

static const char *const children[] = {
	"'measured': {'f1': 0.5, 'latency_ms': 1}, 'reported': {'f1': 9, 'own': 3}, 'params': {'a': 1, 'seed': 0}, "
	"'usage': "
	"{'seconds': 1, 'cpu_seconds': 2, 'peak_rss_bytes': 10}",
	"'measured': {'f1': 0.7, 'latency_ms': 2}, 'reported': {'f1': 9, 'own': 3}, 'params': {'a': 1, 'seed': 1}, "
	"'usage': "
	"{'seconds': 2, 'cpu_seconds': 2, 'peak_rss_bytes': 30}",
	"'measured': {'f1': 0.6, 'latency_ms': 3, 'roc_auc': 0.5}, 'reported': {'f1': 9, 'own': 3}, 'params': {'a': 1, "
	"'seed': "
	"2}, 'usage': {'seconds': 3, 'cpu_seconds': 2, 'peak_rss_bytes': 20}",
};
#define T2 4.302652729911275 /* of 2 degrees of freedom at 97.5 % */

static void over_seeds_the_interval_is_that_of_t(void **state)
{
	struct error err = {0};
	struct family family;

	(void)state;
	family_make(&family, "'children': []", children, 3);
	check_ok(repeat_summarize(&family.parent, family.pointer, 3, &err), err);
	check_ok(repeat_usage(&family.parent, family.pointer, 3, &err), err);
	check_close(number(&family.parent, "measured.f1"), 0.6, 1e-12);
	check_close(number(&family.parent, "spread.f1"), 0.1, 1e-12); /* of what was measured, not of what was said */
	check_close(bound(&family.parent, "f1", 1), 0.6 + T2 * 0.1 / sqrt(3), 1e-9);
	assert_true(isnan(number(&family.parent, "measured.roc_auc"))); /* not all have it */
	check_close(number(&family.parent, "reported.own"), 3, 0);
	check_close(number(&family.parent, "spread.own"), 0, 0);
	check_close(bound(&family.parent, "own", 0), 3, 0);
	assert_int_equal(json_object_size(run_field(&family.parent, "params")), 1);
	check_close(number(&family.parent, "params.a"), 1, 0);
	check_close(number(&family.parent, "usage.seconds"), 6, 0);
	check_close(number(&family.parent, "usage.peak_rss_bytes"), 30, 0);
	family_release(&family);
}

static void over_splits_it_pays_for_the_overlap_of_training_rows(void **state)
{
	struct error err = {0};
	struct family family;

	(void)state;
	family_make(&family, "'children': [], 'data': {'split': {'count': 3, 'test_rows': 100, 'train_rows': 400}}",
		    children, 3);
	check_ok(repeat_summarize(&family.parent, family.pointer, 3, &err), err);
	check_close(number(&family.parent, "spread.f1"), 0.1, 1e-12);
	check_close(bound(&family.parent, "f1", 1), 0.6 + T2 * 0.1 * sqrt(1. / 3 + 0.25), 1e-9);
	check_close(bound(&family.parent, "latency_ms", 1), 2 + T2 / sqrt(3), 1e-9); /* time has no rows to share */
	family_release(&family);
}

static void one_child_has_a_mean_and_no_spread(void **state)
{
	struct error err = {0};
	struct family family;

	(void)state;
	family_make(&family, "'children': []", children, 1);
	check_ok(repeat_summarize(&family.parent, family.pointer, 1, &err), err);
	check_close(number(&family.parent, "measured.f1"), 0.5, 0);
	assert_null(run_field(&family.parent, "spread"));
	assert_null(run_field(&family.parent, "intervals"));
	check_ok(repeat_summarize(&family.parent, family.pointer, 0, &err), err); /* none finished: nothing to say */
	family_release(&family);
}

static void the_splits_hash_is_over_theirs_in_order(void **state)
{
	json_t *split[2] = {json_pack("{s:i, s:s}", "seed", 0, "sha256", "aa"),
			    json_pack("{s:i, s:s}", "seed", 1, "sha256", "bb")};
	const json_t *there[] = {split[0], split[1]}, *back[] = {split[1], split[0]};
	json_t *one = NULL, *two = NULL;
	struct error err = {0};

	(void)state;
	check_ok(repeat_split(&one, there, 2, &err), err);
	check_ok(repeat_split(&two, back, 2, &err), err);
	assert_string_equal(json_string_value(json_object_get(one, "sha256")), SHA_AA_BB);
	assert_string_not_equal(json_string_value(json_object_get(one, "sha256")),
				json_string_value(json_object_get(two, "sha256")));
	assert_int_equal(json_integer_value(json_object_get(one, "count")), 2);
	assert_null(json_object_get(one, "seed"));
	json_decref(one);
	json_decref(two);
	json_decref(split[0]);
	json_decref(split[1]);
}

static void what_did_not_finish_is_noted(void **state)
{
	struct error err = {0};
	struct family family;
	const char *told;

	(void)state;
	family_make(&family, "'children': []", children, 1);
	check_ok(repeat_note_missing(&family.parent, 3, 3, &told, &err), err);
	assert_null(told);
	check_ok(repeat_note_missing(&family.parent, 1, 3, &told, &err), err);
	assert_string_equal(told, "1 of 3 seeds finished: the means are over these.");
	family_release(&family);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(over_seeds_the_interval_is_that_of_t),
		cmocka_unit_test(over_splits_it_pays_for_the_overlap_of_training_rows),
		cmocka_unit_test(one_child_has_a_mean_and_no_spread),
		cmocka_unit_test(the_splits_hash_is_over_theirs_in_order),
		cmocka_unit_test(what_did_not_finish_is_noted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
