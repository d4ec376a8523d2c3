/* Marks and views: positions in per cent, verdicts in words, and a memory of what failed. */
#include "check.h"

#include "site/page/mark.h"

#include <string.h>

static const char *text_at(const struct view *view, const char *object, const char *key)
{
	const char *text = json_string_value(json_object_get(json_object_get(view->json, object), key));

	return text ? text : "";
}

static int flag_at(const struct view *view, const char *object, const char *key)
{
	return json_is_true(json_object_get(json_object_get(view->json, object), key));
}

static void an_interval_stands_where_its_axis_says(void **state)
{
	struct axis axis = {0.4, 0.8, 1};
	struct view view = view_object();

	(void)state;
	mark_interval(&view, "mark", &axis, 0.6, 0.5, 0.7, "better");
	assert_string_equal(text_at(&view, "mark", "at"), "50.0%");
	assert_string_equal(text_at(&view, "mark", "low"), "25.0%");
	assert_string_equal(text_at(&view, "mark", "high"), "75.0%");
	assert_string_equal(text_at(&view, "mark", "class"), "better");
	view_release(&view);
}

static void a_value_off_the_axis_becomes_an_arrow(void **state)
{
	struct axis axis = {0.4, 0.8, 1};
	struct view view = view_object();

	(void)state;
	mark_interval(&view, "mark", &axis, 0, NAN, NAN, "isbase");
	assert_true(flag_at(&view, "mark", "off_left"));
	assert_string_equal(text_at(&view, "mark", "off_text"), "0.000");
	assert_string_equal(text_at(&view, "mark", "at"), "");
	view_release(&view);
}

static void a_missing_value_has_no_mark(void **state)
{
	struct axis axis = {0, 1, 1};
	struct view view = view_object();

	(void)state;
	mark_interval(&view, "mark", &axis, NAN, NAN, NAN, "same");
	assert_true(json_is_false(json_object_get(view.json, "mark")));
	mark_bullet(&view, "bullet", 0.5, NAN, NAN, 0, 1);
	assert_true(json_is_false(json_object_get(view.json, "bullet")));
	view_release(&view);
}

static void the_threshold_of_a_bar_is_at_two_thirds(void **state)
{
	struct view view = view_object();

	(void)state;
	mark_bullet(&view, "bullet", 0.663, 0.626, 0.699, 0.6, 1);
	assert_string_equal(text_at(&view, "bullet", "threshold"), "66.7%");
	assert_string_equal(text_at(&view, "bullet", "fill"), "73.7%");
	mark_bullet(&view, "bullet", 61, NAN, NAN, 5, 0);
	assert_string_equal(text_at(&view, "bullet", "fill"), "100.0%");
	assert_true(flag_at(&view, "bullet", "unmet"));
	view_release(&view);
}

static void an_axis_has_few_round_ticks(void **state)
{
	struct axis axis = AXIS_EMPTY;
	struct view view = view_object();
	const json_t *ticks;

	(void)state;
	axis_stretch(&axis, 0.396);
	axis_stretch(&axis, NAN);
	axis_stretch(&axis, 0.699);
	axis_finish(&axis);
	axis_view(&view, &axis, NULL, NULL, 0);
	ticks = json_object_get(view.json, "ticks");
	assert_int_equal(json_array_size(ticks), 4);
	assert_string_equal(json_string_value(json_object_get(json_array_get(ticks, 0), "text")), "0.4");
	view_release(&view);
}

static void every_verdict_has_a_word_and_at_most_one_glyph(void **state)
{
	static const char *const glyph[] = {"right", "left",  "across", "band",     "above",
					    "tick",  "cross", "dashed", "triangle", "bar"};

	(void)state;
	for (enum verdict verdict = VERDICT_NONE; verdict <= VERDICT_BASELINE; verdict++) {
		struct view view = view_object();
		int glyphs = 0;

		verdict_view(&view, "verdict", verdict, NULL);
		for (size_t i = 0; i < sizeof(glyph) / sizeof(*glyph); i++)
			glyphs += flag_at(&view, "verdict", glyph[i]);
		assert_true(glyphs <= 1);
		assert_true(text_at(&view, "verdict", "word")[0]);
		assert_true(text_at(&view, "verdict", "class")[0]);
		view_release(&view);
	}
	assert_int_equal(verdict_of("undecided"), VERDICT_UNDECIDED);
	assert_string_equal(verdict_word(VERDICT_UNDECIDED), "no difference shown");
	assert_int_equal(verdict_of("no such verdict"), VERDICT_NONE);
}

static void a_view_keeps_any_bytes_as_text(void **state)
{
	struct view view = view_object();
	struct error err = {0};

	(void)state;
	view_text(&view, "bad",
		  "a\xff"
		  "b");
	assert_string_equal(json_string_value(json_object_get(view.json, "bad")), "a\xef\xbf\xbd"
										  "b");
	view_text(&view, "none", NULL);
	assert_true(json_is_false(json_object_get(view.json, "none")));
	check_ok(view_end(&view, &err), err);
	view_release(&view);
}

static void a_view_that_failed_says_so_at_the_end(void **state)
{
	struct view view = view_object(), child = {NULL};
	struct error err = {0};

	(void)state;
	view_sub(&view, "child", &child);
	view_text(&view, "after", "it");
	assert_int_equal(view_end(&view, &err), ERR_NOMEM);
	view_release(&view);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_interval_stands_where_its_axis_says),
		cmocka_unit_test(a_value_off_the_axis_becomes_an_arrow),
		cmocka_unit_test(a_missing_value_has_no_mark),
		cmocka_unit_test(the_threshold_of_a_bar_is_at_two_thirds),
		cmocka_unit_test(an_axis_has_few_round_ticks),
		cmocka_unit_test(every_verdict_has_a_word_and_at_most_one_glyph),
		cmocka_unit_test(a_view_keeps_any_bytes_as_text),
		cmocka_unit_test(a_view_that_failed_says_so_at_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
