/* evaluation.json: what it says of predictions whose figures are known by hand. */
#include "check.h"

#include "base/mem.h"
#include "format/json.h"
#include "record/evaluation.h"

static json_t *evaluated(const struct predictions *p, char **names, struct buf *text)
{
	struct error err = {0};
	json_t *json = NULL;

	check_ok(evaluation_write(text, p, names, &err), err);
	check_ok(json_parse(&json, text->text, text->len, "evaluation.json", &err), err);
	return json;
}

static double number(const json_t *json)
{
	double value = -1;

	assert_true(json_number(&value, json));
	return value;
}

static char no[] = "No", yes[] = "Yes";

static void two_classes_have_matrix_report_curves_and_calibration(void **state)
{
	char *names[] = {no, yes};
	const int y_true[] = {0, 0, 1, 1}, y_pred[] = {0, 1, 1, 1};
	const double score[] = {.9, .1, .4, .6, .35, .65, .2, .8};
	const struct predictions p = {
		.n = 4, .classes = 2, .positive = 1, .y_true = y_true, .y_pred = y_pred, .score = score};
	struct buf text = BUF_INIT;
	json_t *json = evaluated(&p, names, &text), *report, *roc;

	(void)state;
	assert_int_equal(
		strncmp(text.text,
			"{\n"
			"  \"schema\": 1,\n"
			"  \"classes\": [\"No\", \"Yes\"],\n"
			"  \"positive\": \"Yes\",\n"
			"  \"rows\": 4,\n"
			"  \"confusion_matrix\": [\n"
			"    [1, 1],\n"
			"    [0, 2]\n"
			"  ],\n"
			"  \"report\": {\n",
			strlen("{\n  \"schema\": 1,\n  \"classes\": [\"No\", \"Yes\"],\n  \"positive\": \"Yes\",\n"
			       "  \"rows\": 4,\n  \"confusion_matrix\": [\n    [1, 1],\n    [0, 2]\n  ],\n"
			       "  \"report\": {\n")),
		0);
	report = json_object_get(json_object_get(json, "report"), "Yes");
	check_close(number(json_object_get(report, "precision")), 2.0 / 3, 0);
	check_close(number(json_object_get(report, "recall")), 1, 0);
	check_close(number(json_object_get(report, "f1")), 0.8, 0);
	assert_int_equal(json_integer_value(json_object_get(report, "support")), 2);
	roc = json_object_get(json, "roc");
	assert_int_equal(json_object_size(roc), 1);
	roc = json_object_get(roc, "Yes");
	assert_string_equal(json_string_value(json_array_get(json_array_get(roc, 0), 2)), "Infinity");
	check_close(number(json_array_get(json_array_get(roc, json_array_size(roc) - 1), 1)), 1, 0);
	assert_true(json_array_size(json_object_get(json_object_get(json, "precision_recall"), "Yes")) > 1);
	assert_int_equal(json_array_size(json_object_get(json, "calibration")), 3);
	json_decref(json);
	buf_release(&text);
}

static void without_scores_there_are_no_curves(void **state)
{
	char *names[] = {no, yes};
	const int y_true[] = {0, 1}, y_pred[] = {0, 0};
	const struct predictions p = {.n = 2, .classes = 2, .positive = 1, .y_true = y_true, .y_pred = y_pred};
	struct buf text = BUF_INIT;
	json_t *json = evaluated(&p, names, &text);

	(void)state;
	assert_null(json_object_get(json, "roc"));
	assert_null(json_object_get(json, "precision_recall"));
	assert_null(json_object_get(json, "calibration"));
	check_close(number(json_object_get(json_object_get(json_object_get(json, "report"), "Yes"), "precision")), 0,
		    0);
	json_decref(json);
	buf_release(&text);
}

static void of_many_classes_the_ten_largest_have_curves(void **state)
{
	enum { CLASSES = 12, ROWS = 12 * 13 / 2 };
	char names_text[CLASSES][16], *names[CLASSES];
	int y[ROWS];
	double *score = mem_zeroed(ROWS, CLASSES * sizeof(*score));
	size_t n = 0;
	struct buf text = BUF_INIT;
	json_t *json, *roc;

	(void)state;
	for (int i = 0; i < CLASSES; i++) { /* class i has i + 1 rows */
		snprintf(names_text[i], sizeof(names_text[i]), "<c%d>", i);
		names[i] = names_text[i];
		for (int k = 0; k <= i; k++, n++) {
			y[n] = i;
			score[n * CLASSES + (size_t)i] = 1;
		}
	}
	const struct predictions p = {
		.n = n, .classes = CLASSES, .positive = -1, .y_true = y, .y_pred = y, .score = score};

	json = evaluated(&p, names, &text);
	roc = json_object_get(json, "roc");
	assert_int_equal(json_object_size(roc), 10);
	assert_null(json_object_get(roc, "<c0>"));
	assert_null(json_object_get(roc, "<c1>"));
	assert_non_null(json_object_get(roc, "<c2>"));
	assert_non_null(json_object_get(roc, "<c11>"));
	assert_null(json_object_get(json, "positive"));
	assert_null(json_object_get(json, "calibration"));
	assert_string_equal(json_object_iter_key(json_object_iter(roc)), "<c10>"); /* by bytes */
	json_decref(json);
	buf_release(&text);
	free(score);
}

static void a_class_without_rows_costs_its_curve_alone(void **state)
{
	char third[] = "c", *names[] = {no, yes, third};
	const int y[] = {0, 1, 0};
	const double score[] = {1, 0, 0, 0, 1, 0, 1, 0, 0};
	const struct predictions p = {.n = 3, .classes = 3, .positive = -1, .y_true = y, .y_pred = y, .score = score};
	struct buf text = BUF_INIT;
	json_t *json = evaluated(&p, names, &text);

	(void)state;
	assert_int_equal(json_object_size(json_object_get(json, "roc")), 2);
	assert_null(json_object_get(json_object_get(json, "roc"), "c"));
	json_decref(json);
	buf_release(&text);
}

static void weighted_counts_need_not_be_whole(void **state)
{
	char *names[] = {no, yes};
	const int y[] = {0, 1};
	const double weight[] = {1.5, 2};
	const struct predictions p = {.n = 2, .classes = 2, .positive = 1, .y_true = y, .y_pred = y, .weight = weight};
	struct buf text = BUF_INIT;
	json_t *json = evaluated(&p, names, &text);

	(void)state;
	assert_non_null(strstr(text.text, "    [1.5, 0],\n    [0, 2]\n"));
	json_decref(json);
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_classes_have_matrix_report_curves_and_calibration),
		cmocka_unit_test(without_scores_there_are_no_curves),
		cmocka_unit_test(of_many_classes_the_ten_largest_have_curves),
		cmocka_unit_test(a_class_without_rows_costs_its_curve_alone),
		cmocka_unit_test(weighted_counts_need_not_be_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
