/* The confusion matrix as a table: counts, the share of the row, and a tint by share. */
#include "site/page/matrix.h"

#include "base/buf.h"
#include "format/json.h"
#include "site/page/words.h"

#include <math.h>
#include <string.h>

#define CLASSES_SHOWN 20
#define HEAT_MOST 0.22 /* of the ink: text on it stays readable */
#define SMALL 4 /* up to so many classes the cells have room for a bar and words */

static double cell_at(const json_t *matrix, size_t i, size_t k)
{
	double value;

	return json_number(&value, json_array_get(json_array_get(matrix, i), k)) ? value : NAN;
}

static const char *class_name(const json_t *classes, size_t i)
{
	const char *name = json_string_value(json_array_get(classes, i));

	return name ? name : "?";
}

static void view_row(struct view *list, const json_t *classes, const json_t *matrix, size_t i, size_t shown)
{
	struct view view = view_object(), cells = view_list();
	struct buf text = BUF_INIT;
	double total = 0;

	for (size_t k = 0; k < json_array_size(classes); k++)
		total += cell_at(matrix, i, k);
	for (size_t k = 0; k < shown; k++) {
		double count = cell_at(matrix, i, k), share = total > 0 ? count / total : 0;
		struct view cell = view_object();

		buf_clear(&text);
		words_count(&text, count);
		view_text(&cell, "count", text.text);
		buf_clear(&text);
		words_share(&text, share);
		view_text(&cell, "share", count > 0 ? text.text : NULL);
		view_printf(&cell, "width", "%.1f%%", 100 * share);
		view_printf(&cell, "heat", "%.3f", HEAT_MOST * share);
		view_flag(&cell, "right", i == k);
		view_add(&cells, &cell);
	}
	buf_clear(&text);
	words_count(&text, total);
	view_text(&view, "name", class_name(classes, i));
	view_text(&view, "total", text.text);
	view_sub(&view, "cells", &cells);
	view_add(list, &view);
	view_done(list, &text);
}

static void put_score(struct view *view, const json_t *entry, const char *key)
{
	struct buf text = BUF_INIT;
	double value;

	if (json_number(&value, json_object_get(entry, key)))
		words_value(&text, "", value);
	view_text(view, key, text.len ? text.text : EN_DASH);
	view_done(view, &text);
}

static void view_report(struct view *out, const json_t *classes, const json_t *report, size_t shown)
{
	struct view list = view_list();

	for (size_t i = 0; i < shown && report; i++) {
		const json_t *entry = json_object_get(report, class_name(classes, i));
		struct view view = view_object();
		struct buf text = BUF_INIT;
		double support;

		view_text(&view, "name", class_name(classes, i));
		put_score(&view, entry, "precision");
		put_score(&view, entry, "recall");
		put_score(&view, entry, "f1");
		if (json_number(&support, json_object_get(entry, "support")))
			words_count(&text, support);
		view_text(&view, "support", text.text);
		view_add(&list, &view);
		view_done(out, &text);
	}
	view_flag(out, "any_report", view_count(&list) > 0);
	view_sub(out, "report", &list);
}

/* "Of 1,409 rows 1,105 are right." */
static void view_caption(struct view *out, const json_t *classes, const json_t *matrix)
{
	struct buf text = BUF_INIT;
	double right = 0, total = 0;
	size_t n = json_array_size(classes);

	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < n; k++)
			total += cell_at(matrix, i, k);
		right += cell_at(matrix, i, i);
	}
	buf_puts(&text, "Of ");
	words_count(&text, total);
	buf_puts(&text, " rows ");
	words_count(&text, right);
	buf_puts(&text, " are right and ");
	words_count(&text, total - right);
	buf_puts(&text, " wrong.");
	if (n > CLASSES_SHOWN)
		buf_printf(&text, " Shown: the first %d of %zu classes.", CLASSES_SHOWN, n);
	view_text(out, "caption", text.text);
	view_done(out, &text);
}

void matrix_view(struct view *out, const char *key, const json_t *evaluation)
{
	const json_t *classes = json_object_get(evaluation, "classes");
	const json_t *matrix = json_object_get(evaluation, "confusion_matrix");
	size_t n = json_array_size(classes), shown = n < CLASSES_SHOWN ? n : CLASSES_SHOWN;
	struct view view, heads, rows;

	if (n < 2 || json_array_size(matrix) != n) {
		view_flag(out, key, 0);
		return;
	}
	view = view_object();
	heads = view_list();
	rows = view_list();
	for (size_t i = 0; i < shown; i++) {
		view_add_text(&heads, class_name(classes, i));
		view_row(&rows, classes, matrix, i, shown);
	}
	view_sub(&view, "classes", &heads);
	view_sub(&view, "rows", &rows);
	view_flag(&view, "small", n <= SMALL);
	view_flag(&view, "large", n > SMALL);
	view_report(&view, classes, json_object_get(evaluation, "report"), shown);
	view_caption(&view, classes, matrix);
	view_sub(out, key, &view);
}
