/* Charts through the real gnuplot. */
#include "check.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "site/chart.h"

#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#define HOSTILE                                                                                                 \
	"x');alert(1);('\n`touch pwned`\"; !touch pwned\nE\nset output '/tmp/pwned'\n<script>\xe2\x80\xae\xff " \
	"\xd7\x90"

enum { POINTS = 120 };
static double curve_x[POINTS], curve_y[POINTS];
static const struct chart_series series[] = {
	{"gbt_tuned, area 0.836", ROLE_FOCUS, curve_x, curve_y, POINTS},
	{"logistic^2, area 0.857", ROLE_BASELINE, curve_y, curve_x, POINTS},
};
static const struct chart_row rows[] = {
	{"logistic-cut-0.30", "+0.072 better", 0.0722, 0.0265, 0.1189, ROLE_BETTER},
	{"gbt-tuned", "no difference shown", 0.0196, -0.0132, 0.0508, ROLE_SAME},
	{"two-columns",
	 "\xe2\x88\x92"
	 "0.145 worse",
	 -0.1447, -0.2072, -0.0861, ROLE_WORSE},
	{"majority",
	 "\xe2\x88\x92"
	 "0.591 worse",
	 -0.591, NAN, NAN, ROLE_WORSE},
	{"no-value", NULL, NAN, NAN, NAN, ROLE_CONTEXT},
};

static struct chart chart_of(enum chart_kind kind, const char *id)
{
	return (struct chart){.id = id,
			      .kind = kind,
			      .title = "Title",
			      .desc = "In words",
			      .reference = NAN,
			      .criterion = NAN,
			      .row = rows,
			      .rows = 5,
			      .series = series,
			      .n_series = 2,
			      .point_x = 0.2,
			      .point_y = 0.7};
}

static int setup(void **state)
{
	(void)state;
	for (size_t i = 0; i < POINTS; i++) {
		curve_x[i] = (double)i / (POINTS - 1);
		curve_y[i] = sqrt(curve_x[i]);
	}
	return 0;
}

static void free_all(char **svg, char **problem, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(svg[i]);
		free(problem[i]);
	}
}

/* The one chart drawn; the caller's to free. */
static char *drawn(const struct chart *chart)
{
	char *svg = NULL, *problem = NULL;
	struct error err = {0};

	check_ok(charts_draw(&svg, &problem, chart, 1, NULL, &err), err);
	if (problem)
		print_error("%s\n", problem);
	assert_null(problem);
	assert_non_null(svg);
	return svg;
}

static size_t count(const char *text, const char *part)
{
	size_t n = 0;

	for (; (text = strstr(text, part)); text += strlen(part))
		n++;
	return n;
}

static void draws_every_kind_with_names_and_no_colour(void **state)
{
	(void)state;
	for (int kind = CHART_INTERVALS; kind <= CHART_HISTORY; kind++) {
		struct chart_series bins = {"bins", ROLE_FOCUS, curve_x, curve_y, 10};
		struct chart chart = chart_of((enum chart_kind)kind, "a-chart");
		char *svg;

		if (kind == CHART_CALIBRATION) {
			chart.series = &bins;
			chart.n_series = 1;
		}
		svg = drawn(&chart);

		assert_int_equal(strncmp(svg, "<svg class=\"plot\" viewBox=\"0 0 400 ", 35), 0);
		assert_non_null(
			strstr(svg, "<title id=\"a-chart-t\">Title</title><desc id=\"a-chart-d\">In words</desc>"));
		assert_null(strstr(svg, "rgb"));
		assert_null(strstr(svg, "font"));
		assert_null(strstr(svg, "GNUPLOT"));
		assert_true(strlen(svg) < 9000);
		assert_int_equal(count(svg, " id="), 2);
		free(svg);
	}
}

static void names_reach_the_picture_as_they_are(void **state)
{
	struct chart chart = chart_of(CHART_ROC, "roc");
	char *svg = drawn(&chart);

	(void)state;
	assert_non_null(strstr(svg, ">gbt_tuned, area 0.836</text>"));
	assert_non_null(strstr(svg, ">logistic^2, area 0.857</text>"));
	assert_non_null(strstr(svg, ">by chance, 0.500</text>"));
	assert_null(strstr(strstr(svg, "<text"), "<path")); /* text lies above lines */
	assert_int_equal(count(svg, "k-focus dot"), 1);
	free(svg);
}

static void a_mark_tells_better_from_worse_by_shape(void **state)
{
	struct chart chart = chart_of(CHART_INTERVALS, "rows");
	char *svg;

	(void)state;
	chart.reference = 0;
	chart.reference_label = "0 = logistic";
	svg = drawn(&chart);
	assert_int_equal(count(svg, "<path class=\"k-better dot\""), 1);
	assert_int_equal(count(svg, "<path class=\"k-worse dot\""), 1);
	assert_int_equal(count(svg, "<circle class=\"k-same ring\""), 1);
	assert_non_null(strstr(svg, ">0 = logistic</text>"));
	assert_non_null(strstr(svg, ">no-value</text>"));
	/* majority lies off the scale: an arrow, and no interval */
	assert_non_null(strstr(svg, ">\xe2\x86\x90</text>"));
	free(svg);
}

static void hostile_names_stay_text(void **state)
{
	struct chart_row row[] = {{HOSTILE, HOSTILE, 0.5, 0.4, 0.6, ROLE_FOCUS}};
	struct chart_series one = {HOSTILE, ROLE_FOCUS, curve_x, curve_y, POINTS};

	(void)state;
	for (int kind = CHART_INTERVALS; kind <= CHART_HISTORY; kind++) {
		struct chart chart = chart_of((enum chart_kind)kind, "hostile");
		char *svg;

		chart.title = chart.desc = chart.reference_label = HOSTILE;
		chart.reference = 0.45;
		chart.row = row;
		chart.rows = 1;
		chart.series = &one;
		chart.n_series = 1;
		svg = drawn(&chart);
		assert_null(strstr(svg, "<script"));
		assert_null(strstr(svg, "\xe2\x80\xae"));
		assert_non_null(strstr(svg, "x&#39;);alert(1);"));
		assert_non_null(strstr(svg, "&lt;U+202E&gt;"));
		free(svg);
	}
	assert_int_equal(access("pwned", F_OK), -1);
	assert_int_equal(access("/tmp/pwned", F_OK), -1);
}

static void a_very_long_name_is_shortened_in_the_middle(void **state)
{
	struct chart_row row = {.value = 0.5, .low = 0.4, .high = 0.6, .role = ROLE_FOCUS};
	struct chart chart = chart_of(CHART_INTERVALS, "long");
	char name[5000], *svg;

	(void)state;
	memset(name, 'n', sizeof(name));
	memcpy(name + sizeof(name) - 4, "end", 4);
	row.label = row.note = name;
	chart.row = &row;
	chart.rows = 1;
	svg = drawn(&chart);
	assert_true(strlen(svg) < 3000);
	assert_non_null(strstr(svg, "\xe2\x80\xa6"));
	assert_non_null(strstr(svg, "nend</text>"));
	free(svg);
}

static void what_cannot_be_drawn_costs_itself_only(void **state)
{
	static const double nothing[] = {NAN, INFINITY}, huge[] = {1e308, -1e308};
	struct chart_series empty = {"e", ROLE_FOCUS, nothing, nothing, 2}, far = {"f", ROLE_FOCUS, huge, huge, 2};
	struct chart_row wide[] = {{"a", NULL, 1e308, -1e308, 1e308, ROLE_FOCUS}};
	struct chart chart[6];
	char *svg[6], *problem[6];
	struct error err = {0};

	(void)state;
	for (int i = 0; i < 6; i++)
		chart[i] = chart_of(CHART_ROC, "ok");
	for (int i = 1; i < 3; i++) {
		chart[i].series = i == 1 ? &empty : &far;
		chart[i].n_series = 1;
		chart[i].point_x = NAN;
	}
	chart[3] = chart_of(CHART_INTERVALS, "wide");
	chart[3].row = wide;
	chart[3].rows = 1;
	chart[4].id = "no id<";
	check_ok(charts_draw(svg, problem, chart, 6, NULL, &err), err);
	for (int i = 0; i < 6; i++) {
		assert_true((svg[i] != NULL) == (i == 0 || i == 5));
		assert_true((problem[i] != NULL) == (i != 0 && i != 5));
	}
	assert_string_equal(problem[1], "there are no points to draw");
	assert_string_equal(svg[0], svg[5]);
	free_all(svg, problem, 6);
}

static void the_order_changes_no_byte(void **state)
{
	struct chart chart[5], turned[5];
	char *svg[5], *problem[5], *again[5];
	struct error err = {0};

	(void)state;
	for (int i = 0; i < 5; i++) {
		chart[i] = chart_of((enum chart_kind)i, "c");
		turned[4 - i] = chart[i];
	}
	check_ok(charts_draw(svg, problem, chart, 5, NULL, &err), err);
	check_ok(charts_draw(again, problem, turned, 5, NULL, &err), err);
	for (int i = 0; i < 5; i++)
		assert_string_equal(svg[i], again[4 - i]);
	free_all(svg, again, 5);
}

/* A folder with a `gnuplot` of ours first in PATH. */
static void fake_gnuplot(char folder[64], const char *script)
{
	struct error err = {0};
	char *path, *search;

	snprintf(folder, 64, "/tmp/assay-test-XXXXXX");
	assert_non_null(mkdtemp(folder));
	path = path_join(folder, "gnuplot");
	if (script) {
		check_ok(file_write(path, script, strlen(script), &err), err);
		assert_int_equal(chmod(path, 0755), 0);
	}
	search = mem_printf("%s%s", folder, script ? ":/usr/bin:/bin" : "");
	assert_int_equal(setenv("PATH", search, 1), 0);
	free(search);
	free(path);
}

static void draw_with(const char *script, char *svg[3], char *problem[3])
{
	char *path = mem_text(getenv("PATH")), folder[64];
	struct chart chart[3];
	struct error err = {0};

	for (int i = 0; i < 3; i++)
		chart[i] = chart_of(CHART_ROC, "c");
	fake_gnuplot(folder, script);
	check_ok(charts_draw(svg, problem, chart, 3, NULL, &err), err);
	assert_int_equal(setenv("PATH", path, 1), 0);
	check_ok(dir_remove(folder, &err), err);
	free(path);
}

static void without_gnuplot_each_chart_has_the_reason(void **state)
{
	char *svg[3], *problem[3];

	(void)state;
	draw_with(NULL, svg, problem);
	for (int i = 0; i < 3; i++)
		assert_string_equal(problem[i], "gnuplot is not installed");
	free_all(svg, problem, 3);
}

static void a_gnuplot_that_dies_on_one_chart_costs_that_chart(void **state)
{
	/* The first one is killed while it draws the second chart; the next one is the real gnuplot. */
	static const char script[] = "#!/bin/sh\n"
				     "if test -e /tmp/assay-test-died.$PPID; then exec /usr/bin/gnuplot \"$@\"; fi\n"
				     ": >/tmp/assay-test-died.$PPID\n"
				     "sed '/c1.svg/q' | /usr/bin/gnuplot \"$@\"\n"
				     "kill -9 $$\n";
	char *svg[3], *problem[3], mark[64];

	(void)state;
	draw_with(script, svg, problem);
	snprintf(mark, sizeof(mark), "/tmp/assay-test-died.%d", (int)getpid());
	assert_int_equal(unlink(mark), 0);
	assert_non_null(svg[0]);
	assert_string_equal(problem[1], "gnuplot was ended by signal 9");
	assert_non_null(svg[2]);
	assert_string_equal(svg[0], svg[2]);
	free_all(svg, problem, 3);
}

static void nothing_is_left_in_the_temporary_folder(void **state)
{
	char folder[] = "/tmp/assay-test-XXXXXX";
	struct chart chart = chart_of(CHART_ROC, "c");
	struct names names = {0};
	struct error err = {0};

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_int_equal(setenv("TMPDIR", folder, 1), 0);
	free(drawn(&chart));
	assert_int_equal(unsetenv("TMPDIR"), 0);
	check_ok(dir_list(&names, folder, &err), err);
	assert_int_equal(names.n, 0);
	names_free(&names);
	assert_int_equal(rmdir(folder), 0);
}

static void the_settings_of_the_user_change_nothing(void **state)
{
	char home[] = "/tmp/assay-test-XXXXXX", *path, *old = mem_text(getenv("HOME")), *before, *after;
	struct chart chart = chart_of(CHART_ROC, "c");
	struct error err = {0};

	(void)state;
	before = drawn(&chart);
	assert_non_null(mkdtemp(home));
	path = path_join(home, ".gnuplot");
	check_ok(file_write(path, "set xlabel 'mine'\nexit\n", 23, &err), err);
	assert_int_equal(setenv("HOME", home, 1), 0);
	assert_int_equal(setenv("GNUTERM", "dumb", 1), 0);
	after = drawn(&chart);
	assert_string_equal(before, after);
	assert_int_equal(unsetenv("GNUTERM"), 0);
	assert_int_equal(old ? setenv("HOME", old, 1) : unsetenv("HOME"), 0);
	check_ok(dir_remove(home, &err), err);
	free(before);
	free(after);
	free(path);
	free(old);
}

static void lower_is_better_where_it_is_said(void **state)
{
	static const struct chart_row two[] = {{"a", NULL, 0.2, NAN, NAN, ROLE_BASELINE},
					       {"b", NULL, 0.3, NAN, NAN, ROLE_CONTEXT}};
	struct chart chart = chart_of(CHART_HISTORY, "h");
	char *higher, *lower;

	(void)state;
	chart.row = two;
	chart.rows = 2;
	higher = drawn(&chart);
	chart.lower_is_better = 1;
	lower = drawn(&chart);
	assert_non_null(strstr(higher, ">0.300</text>"));
	assert_null(strstr(higher, ">0.200</text>"));
	assert_non_null(strstr(lower, ">0.200</text>"));
	free(higher);
	free(lower);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(draws_every_kind_with_names_and_no_colour),
		cmocka_unit_test(names_reach_the_picture_as_they_are),
		cmocka_unit_test(a_mark_tells_better_from_worse_by_shape),
		cmocka_unit_test(hostile_names_stay_text),
		cmocka_unit_test(a_very_long_name_is_shortened_in_the_middle),
		cmocka_unit_test(what_cannot_be_drawn_costs_itself_only),
		cmocka_unit_test(the_order_changes_no_byte),
		cmocka_unit_test(without_gnuplot_each_chart_has_the_reason),
		cmocka_unit_test(a_gnuplot_that_dies_on_one_chart_costs_that_chart),
		cmocka_unit_test(nothing_is_left_in_the_temporary_folder),
		cmocka_unit_test(the_settings_of_the_user_change_nothing),
		cmocka_unit_test(lower_is_better_where_it_is_said),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
