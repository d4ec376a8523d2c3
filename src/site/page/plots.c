/* Comparison charts: differences to the baseline, and the metric over the runs. */
#include "site/page/plots.h"

#include "base/mem.h"
#include "format/number.h"
#include "site/page/table.h"
#include "site/page/words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_DRAWN 8
#define KEY "\xe2\x96\xb2 better, \xe2\x96\xbc worse, \xe2\x97\x8b no difference shown, \xe2\x97\x8f baseline."

static enum chart_role role_of(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_BETTER:
		return ROLE_BETTER;
	case VERDICT_WORSE:
		return ROLE_WORSE;
	default:
		return ROLE_SAME;
	}
}

static void csv_number(struct buf *csv, double value)
{
	char text[NUMBER_TEXT];

	if (isnan(value))
		return;
	number_text(text, value);
	buf_puts(csv, text);
}

static void csv_row(struct buf *csv, const struct seen_run *run, double value, double low, double high,
		    const char *word)
{
	const char *name = run_name(&run->run); /* once: without memory the next call may not find it */

	buf_printf(csv, "%s,", run_id(&run->run));
	buf_csv(csv, name, strlen(name));
	buf_putc(csv, ',');
	csv_number(csv, value);
	buf_putc(csv, ',');
	csv_number(csv, low);
	buf_putc(csv, ',');
	csv_number(csv, high);
	buf_printf(csv, ",%s\n", word);
}

struct difference {
	const struct seen_run *run;
	struct judged judged;
};

static int by_difference(const void *a, const void *b)
{
	const struct difference *x = a, *y = b;

	if (x->judged.difference != y->judged.difference)
		return x->judged.difference > y->judged.difference ? -1 : 1;
	return strcmp(run_id(&x->run->run), run_id(&y->run->run));
}

/* The runs that were compared with the bar, best first. */
static int collect(struct difference **out, size_t *n, const struct site_model *model, const struct plot_runs *runs,
		   struct error *err)
{
	struct difference *list = mem_array(runs->n, sizeof(*list));

	if (!list)
		return error_nomem(err);
	*n = 0;
	for (size_t i = 0; i < runs->n; i++) {
		struct difference *item = &list[*n];

		item->run = runs->run[i];
		judged_of(&item->judged, model, item->run, runs->metric, JUDGED_TODAY);
		if (item->judged.entry && item->judged.against == runs->bar && isfinite(item->judged.difference) &&
		    run_finished(item->run))
			++*n;
	}
	qsort(list, *n, sizeof(*list), by_difference);
	if (runs->lower) {
		for (size_t i = 0; i < *n / 2; i++) {
			struct difference swap = list[i];

			list[i] = list[*n - 1 - i];
			list[*n - 1 - i] = swap;
		}
	}
	*out = list;
	return 0;
}

static int add_difference(struct figure *figure, const struct difference *item, const struct plot_runs *runs, int draw,
			  struct error *err)
{
	struct buf note = BUF_INIT, label = BUF_INIT;
	struct chart_row row = {.value = item->judged.difference, .low = item->judged.low, .high = item->judged.high};
	int rc = 0;

	if (item->judged.verdict == VERDICT_UNDECIDED)
		buf_puts(&note, verdict_word(VERDICT_UNDECIDED));
	else
		difference_words(&note, &item->judged, runs->metric);
	run_label(&label, item->run, runs->from);
	row.label = label.text;
	row.note = note.text;
	row.role = role_of(item->judged.verdict);
	if (note.failed || label.failed)
		rc = error_nomem(err);
	else if (draw)
		rc = figure_row(figure, &row, err);
	csv_row(&figure->csv, item->run, row.value, row.low, row.high, verdict_word(item->judged.verdict));
	buf_release(&note);
	buf_release(&label);
	return rc;
}

static int difference_texts(struct figure *figure, const struct difference *list, size_t n,
			    const struct plot_runs *runs, struct error *err)
{
	struct buf unit = BUF_INIT, caption = BUF_INIT, desc = BUF_INIT, bar = BUF_INIT;
	size_t better = 0;
	char *title;

	run_label(&bar, runs->bar, runs->from);
	buf_printf(&unit, "Difference in %s to %s", words_title(runs->metric), bar.text);
	if (list[0].judged.family > 1)
		buf_printf(&unit, ", interval corrected for %zu comparisons", list[0].judged.family);
	for (size_t i = 0; i < n; i++) {
		buf_puts(&desc, i ? "; " : "");
		run_label(&desc, list[i].run, runs->from);
		buf_putc(&desc, ' ');
		difference_words(&desc, &list[i].judged, runs->metric);
		better += list[i].judged.verdict == VERDICT_BETTER;
	}
	buf_printf(&caption, "%zu of %zu %s shown better.", better, n, better == 1 ? "is" : "are");
	if (n > ROWS_DRAWN)
		buf_printf(&caption, " Drawn: the first %d.", ROWS_DRAWN);
	buf_puts(&caption, " " KEY);
	title = bar.failed ? NULL : mem_printf("Which is better than %s?", bar.text);
	buf_release(&bar);
	return figure_texts(figure, title, figure_text(&unit), figure_text(&caption), figure_text(&desc), err);
}

static int plot_judged(struct figures *out, const struct difference *list, size_t n, const struct plot_runs *runs,
		       const char *data_path, struct error *err)
{
	struct figure *figure = figures_add(out, "differences", CHART_INTERVALS, data_path, err);
	struct buf zero = BUF_INIT;
	int rc;

	if (!figure)
		return err->code;
	buf_puts(&figure->csv, "run,name,difference,low,high,verdict\n");
	rc = difference_texts(figure, list, n, runs, err);
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = add_difference(figure, &list[i], runs, i < ROWS_DRAWN, err);
	buf_puts(&zero, "0 = ");
	words_name(&zero, run_name(&runs->bar->run));
	if (rc == 0)
		rc = buf_check(&zero, err);
	if (rc == 0)
		rc = figure_reference(figure, 0, zero.text, err);
	buf_release(&zero);
	return rc;
}

/* The scores themselves, where nothing has been compared with the bar. */
static int plot_scores(struct figures *out, const struct plot_runs *runs, const char *data_path, struct error *err)
{
	struct figure *figure = figures_add(out, "scores", CHART_INTERVALS, data_path, err);
	struct run_table order = {
		.metric = runs->metric, .lower = runs->lower, .row = run_list(runs->n), .rows = runs->n};
	struct buf desc = BUF_INIT;
	struct score bar;
	int rc = 0;

	if (!figure || !order.row) {
		free(order.row);
		return error_nomem(err);
	}
	for (size_t i = 0; i < runs->n; i++)
		order.row[i] = runs->run[i];
	run_table_sort(&order);
	score_of(&bar, runs->bar, runs->metric);
	buf_puts(&figure->csv, "run,name,score,low,high,kind\n");
	for (size_t i = 0; rc == 0 && i < runs->n; i++) {
		const struct run *run = &order.row[i]->run;
		struct buf note = BUF_INIT;
		struct score score;
		struct chart_row row = {.label = run_name(run)};

		score_of(&score, order.row[i], runs->metric);
		if (isnan(score.value))
			continue;
		words_value(&note, runs->metric, score.value);
		buf_puts(&note, score.reported ? " reported" : "");
		buf_printf(&desc, "%s%s %s", desc.len ? ", " : "", run_name(run), note.text);
		row.note = note.text;
		row.value = score.value;
		row.low = score.low;
		row.high = score.high;
		row.role = order.row[i] == runs->bar ? ROLE_BASELINE : ROLE_CONTEXT;
		rc = buf_check(&note, err);
		if (rc == 0 && figure->chart.rows < ROWS_DRAWN)
			rc = figure_row(figure, &row, err);
		csv_row(&figure->csv, order.row[i], score.value, score.low, score.high, run_text(run, "kind"));
		buf_release(&note);
	}
	free(order.row);
	if (rc == 0)
		rc = figure_reference(figure, bar.value, run_name(&runs->bar->run), err);
	if (rc < 0) {
		buf_release(&desc);
		return rc;
	}
	return figure_texts(figure, mem_printf("How far apart are they in %s?", words_title(runs->metric)),
			    mem_printf("%s with 95" NO_BREAK "%% interval; the line is %s", words_title(runs->metric),
				       run_name(&runs->bar->run)),
			    mem_printf("The highest bar is %s.", run_name(&runs->bar->run)), figure_text(&desc), err);
}

static size_t measured_runs(const struct plot_runs *runs)
{
	struct score score;
	size_t n = 0;

	for (size_t i = 0; i < runs->n; i++) {
		score_of(&score, runs->run[i], runs->metric);
		n += isfinite(score.value);
	}
	return n;
}

int plot_differences(struct figures *out, const struct site_model *model, const struct plot_runs *runs,
		     const char *data_path, struct error *err)
{
	struct difference *list = NULL;
	size_t n = 0;
	int rc;

	if (!runs->bar || measured_runs(runs) < 2)
		return 0;
	rc = collect(&list, &n, model, runs, err);
	if (rc == 0)
		rc = n ? plot_judged(out, list, n, runs, data_path, err) : plot_scores(out, runs, data_path, err);
	free(list);
	return rc;
}

struct history {
	const struct seen_run *best;
	double value;
	size_t since;
};

static int add_history(struct figure *figure, struct history *history, const struct site_model *model,
		       const struct plot_runs *runs, const struct seen_run *run, struct error *err)
{
	struct buf label = BUF_INIT;
	struct chart_row row = {0};
	struct judged judged;
	struct score score;
	int rc;

	score_of(&score, run, runs->metric);
	if (isnan(score.value) || !run_finished(run))
		return 0;
	judged_of(&judged, model, run, runs->metric, JUDGED_TODAY);
	history->since++;
	if (!history->best || (runs->lower ? score.value < history->value : score.value > history->value))
		*history = (struct history){run, score.value, 0};
	words_date(&label, run_text(&run->run, "started"), DATE_SHORT);
	row.label = label.text;
	row.value = score.value;
	row.low = score.low;
	row.high = score.high;
	row.role = run_is(run, "baseline") ? ROLE_BASELINE : role_of(judged.verdict);
	rc = buf_check(&label, err);
	if (rc == 0 && figure->chart.rows < 40)
		rc = figure_row(figure, &row, err);
	csv_row(&figure->csv, run, score.value, score.low, score.high, run_text(&run->run, "started"));
	buf_release(&label);
	return rc;
}

int plot_history(struct figures *out, const struct site_model *model, const struct plot_runs *runs,
		 const char *data_path, struct error *err)
{
	struct history history = {0};
	struct figure *figure;
	struct score bar;
	size_t n = measured_runs(runs);
	int rc = 0;

	if (!runs->bar || n < 2)
		return 0;
	figure = figures_add(out, "history", CHART_HISTORY, data_path, err);
	if (!figure)
		return err->code;
	figure->chart.lower_is_better = runs->lower;
	buf_puts(&figure->csv, "run,name,score,low,high,started\n");
	for (size_t i = n > 40 ? runs->n - 40 : 0; rc == 0 && i < runs->n; i++)
		rc = add_history(figure, &history, model, runs, runs->run[i], err);
	score_of(&bar, runs->bar, runs->metric);
	if (rc == 0)
		rc = figure_reference(figure, bar.value, run_name(&runs->bar->run), err);
	if (rc < 0)
		return rc;
	return figure_texts(figure, mem_printf("Is %s getting better with the runs?", words_title(runs->metric)),
			    mem_printf("%s with 95" NO_BREAK "%% interval; the step line is the best so far",
				       words_title(runs->metric)),
			    mem_printf("Best so far: %s. Runs since then that did not raise it: %zu. " KEY,
				       history.best ? run_name(&history.best->run) : EN_DASH, history.since),
			    mem_printf("%zu runs in order of time. Best so far: %s.", n,
				       history.best ? run_name(&history.best->run) : EN_DASH),
			    err);
}
