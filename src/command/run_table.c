/* Runs of one experiment as a table: see run_table.h. */
#include "command/run_table.h"
#include "command/figure.h"
#include "command/grid.h"

#include "base/clock.h"
#include "format/json.h"
#include "judge/judge.h"

/* What is left out first when the terminal is narrow, from the highest. */
enum {
	RANK_NEVER,
	RANK_HANDLE,
	RANK_INTERVAL,
	RANK_DIFFERENCE_INTERVAL,
	RANK_OTHER_METRIC,
	RANK_STARTED,
	RANK_FURTHER_METRIC
};
enum { HANDLE_SHOWN = 7 };

static const json_t *comparison_of(const struct run *run, const char *metric)
{
	return json_object_get(json_object_get(run_comparison(run, "baseline"), "metrics"), metric);
}

const char *run_verdict(const struct run *run, const char *metric, const struct judge_families *families)
{
	struct judge_today today;

	if (!judge_today(&today, run, metric, families ? judge_points_of(families, run) : JUDGE_THEN))
		return NULL;
	return today.verdict;
}

const char *verdict_words(const char *verdict)
{
	static const struct {
		const char *verdict, *words;
	} table[] = {
		{"undecided", "no difference shown"},
		{"too_few", "too few rows to judge"},
		{"not_worse", "not worse"},
	};

	for (size_t i = 0; verdict && i < sizeof(table) / sizeof(*table); i++)
		if (!strcmp(table[i].verdict, verdict))
			return table[i].words;
	return verdict ? verdict : "";
}

enum paint verdict_paint(const char *verdict)
{
	if (verdict && !strcmp(verdict, "better"))
		return PAINT_GOOD;
	return verdict && !strcmp(verdict, "worse") ? PAINT_BAD : PAINT_QUIET;
}

static const char *status_of(const struct seen_run *seen)
{
	if (seen->where == WHERE_RUNNING)
		return "running";
	return seen->where == WHERE_WAITING ? "waiting" : run_text(&seen->run, "status");
}

static int all_finished(const struct run_table *table)
{
	for (size_t i = 0; i < table->n; i++)
		if (strcmp(status_of(table->run[i]), "finished") != 0)
			return 0;
	return 1;
}

static const char *base_id(const struct seen_run *seen)
{
	return json_string_value(json_object_get(run_comparison(&seen->run, "baseline"), "against"));
}

static int by_id_of(const void *id, const void *seen)
{
	return strcmp(id, run_id(&((const struct seen_run *)seen)->run));
}

static const struct seen_run *seen_by_id(const struct run_table *table, const char *id)
{
	if (table->all)
		return bsearch(id, table->all->item, table->all->n, sizeof(*table->all->item), by_id_of);
	for (size_t i = 0; i < table->n; i++)
		if (!strcmp(run_id(&table->run[i]->run), id))
			return table->run[i];
	return NULL;
}

/* What the differences are to, by name; appends nothing where there are none. */
static void put_against(struct buf *out, const struct run_table *table)
{
	const struct seen_run *base = NULL;
	int several = 0;

	for (size_t i = 0; i < table->n; i++) {
		const struct seen_run *its = base_id(table->run[i]) ? seen_by_id(table, base_id(table->run[i])) : NULL;

		/* Trained again, a baseline has another id and is still the same thing to be compared with. */
		several |= base && its && strcmp(run_name(&its->run), run_name(&base->run)) != 0;
		base = its ? its : base;
	}
	if (!base)
		return;
	if (strcmp(run_experiment(&base->run), run_experiment(&table->run[0]->run)) != 0)
		buf_printf(out, "%s/", run_experiment(&base->run));
	buf_puts(out, run_name(&base->run));
	buf_puts(out, several ? " and others: `assay show RUN` names them" : "");
}

/* The line under a table that says what the difference is to: "diff: f1 against majority". */
static void put_legend(struct buf *out, const struct run_table *table, const struct terminal *terminal, size_t indent)
{
	struct buf against = BUF_INIT, text = BUF_INIT, line = BUF_INIT;

	if (table->against)
		buf_puts(&against, table->against);
	else
		put_against(&against, table);
	if (against.len) {
		buf_printf(&line, "diff: %s against %s", table->metric[0].name, against.text);
		buf_terminal(&text, line.text, line.len);
		buf_clear(&line);
		terminal_wrap(&line, text.text, indent, indent, terminal->columns);
		buf_printf(out, "%*s", (int)indent, "");
		terminal_paint(out, terminal, PAINT_QUIET, line.text);
		buf_putc(out, '\n');
	}
	out->failed |= text.failed || against.failed || line.failed;
	buf_release(&line);
	buf_release(&against);
	buf_release(&text);
}

void run_table_heads(struct grid *grid, const struct run_table *table)
{
	grid_column(grid, "run", GRID_LEFT, RANK_HANDLE);
	grid_column(grid, "name", GRID_LEFT, RANK_NEVER);
	if (!all_finished(table))
		grid_column(grid, "status", GRID_LEFT, RANK_NEVER);
}

static const json_t *interval_of(const struct run *run, const char *metric)
{
	return json_object_get(run_field(run, "intervals"), metric);
}

struct layout { /* which columns have something in them */
	int intervals, differences;
	int marked; /* there are measured and reported scores, these have a mark */
};

/* Where a cell of the table is measured, those that were only reported are told apart. */
static void look_for_reported(struct layout *layout, const struct run_table *table)
{
	int measured = 0, reported = 0;

	for (size_t m = 0; m < table->metrics; m++)
		for (size_t i = 0; i < table->n && !(measured && reported); i++) {
			double ignored;

			if (!run_metric(&ignored, &table->run[i]->run, table->metric[m].name))
				continue;
			if (run_is_measured(&table->run[i]->run, table->metric[m].name))
				measured = 1;
			else
				reported = 1;
		}
	layout->marked = measured && reported;
}

static struct layout layout_of(const struct run_table *table)
{
	const char *metric = table->metric[0].name;
	struct layout layout = {0};

	look_for_reported(&layout, table);
	for (size_t i = 0; i < table->n && !(layout.intervals && layout.differences); i++) {
		layout.intervals |= interval_of(&table->run[i]->run, metric) != NULL;
		layout.differences |= comparison_of(&table->run[i]->run, metric) != NULL;
	}
	return layout;
}

static void put_columns(struct grid *grid, const struct run_table *table, const struct layout *layout)
{
	run_table_heads(grid, table);
	grid_column(grid, table->metric[0].name, GRID_POINT, RANK_NEVER);
	if (layout->intervals)
		grid_column(grid, "95 % interval", GRID_LEFT, RANK_INTERVAL);
	if (layout->differences) {
		grid_column(grid, "diff", GRID_POINT, RANK_NEVER);
		grid_column(grid, "its interval", GRID_LEFT, RANK_DIFFERENCE_INTERVAL);
		grid_column(grid, "verdict", GRID_LEFT, RANK_NEVER);
	}
	for (size_t i = 1; i < table->metrics; i++)
		grid_column(grid, table->metric[i].name, GRID_POINT, i > 2 ? RANK_FURTHER_METRIC : RANK_OTHER_METRIC);
	if (table->started)
		grid_column(grid, "started", GRID_LEFT, RANK_STARTED);
}

static void put_score(struct grid *grid, struct buf *text, const struct layout *layout, const struct run *run,
		      const char *metric, enum paint paint)
{
	double value;

	buf_clear(text);
	if (run_metric(&value, run, metric))
		figure_score(text, metric, value, 0);
	if (text->len && layout->marked && !run_is_measured(run, metric))
		buf_putc(text, '*');
	grid_cell(grid, text->len ? text->text : "-", text->len ? paint : PAINT_QUIET);
}

static void put_difference(struct grid *grid, struct buf *text, const struct run_table *table, const struct run *run)
{
	const char *metric = table->metric[0].name, *verdict = run_verdict(run, metric, table->families);
	const json_t *entry = comparison_of(run, metric);
	double difference;

	buf_clear(text);
	if (json_number(&difference, json_object_get(entry, "difference")))
		figure_difference(text, metric, difference);
	grid_cell(grid, text->text, PAINT_NONE);
	buf_clear(text);
	figure_interval(text, metric, json_object_get(entry, "corrected"));
	grid_cell(grid, text->text, PAINT_QUIET);
	grid_cell(grid, verdict_words(verdict), verdict_paint(verdict));
}

static enum paint paint_of(const struct run_table *table, const struct run *run)
{
	return table->best && !strcmp(table->best, run_id(run)) ? PAINT_STRONG : PAINT_NONE;
}

/* The name; of a parent with how many runs it stands for. */
static void put_name(struct grid *grid, const struct run *run, enum paint paint)
{
	size_t children = json_array_size(run_field(run, "children"));
	struct buf name = BUF_INIT;

	buf_puts(&name, run_name(run));
	if (children)
		buf_printf(&name, " (%zu runs)", children);
	grid_cell(grid, name.text, paint);
	buf_release(&name);
}

static void put_head(struct grid *grid, const struct run_table *table, const struct seen_run *seen, int with_status)
{
	const struct run *run = &seen->run;
	const char *status = status_of(seen);
	char handle[HANDLE_SHOWN + 1];

	snprintf(handle, sizeof(handle), "%s", id_valid(run_id(run)) ? id_handle(run_id(run)) : run_id(run));
	grid_cell(grid, handle, PAINT_QUIET);
	put_name(grid, run, paint_of(table, run));
	if (with_status)
		grid_cell(grid, status,
			  !strcmp(status, "failed") || !strcmp(status, "killed") ? PAINT_BAD : PAINT_NONE);
}

static void put_row(struct grid *grid, struct buf *text, const struct run_table *table, const struct seen_run *seen,
		    const struct layout *layout, int with_status, const struct terminal *terminal)
{
	const struct run *run = &seen->run;
	enum paint paint = paint_of(table, run);

	put_head(grid, table, seen, with_status);
	put_score(grid, text, layout, run, table->metric[0].name, paint);
	buf_clear(text);
	figure_interval(text, table->metric[0].name, interval_of(run, table->metric[0].name));
	if (layout->intervals)
		grid_cell(grid, text->text, PAINT_QUIET);
	if (layout->differences)
		put_difference(grid, text, table, run);
	for (size_t i = 1; i < table->metrics; i++)
		put_score(grid, text, layout, run, table->metric[i].name, PAINT_NONE);
	buf_clear(text);
	if (terminal->is_terminal)
		figure_age(text, run_text(run, "started"), clock_now());
	else
		buf_puts(text, run_text(run, "started"));
	if (table->started)
		grid_cell(grid, text->text, PAINT_QUIET);
}

void run_table_head(struct grid *grid, const struct run_table *table, const struct seen_run *seen)
{
	put_head(grid, table, seen, !all_finished(table));
}

void run_table_value(struct grid *grid, const char *metric, const json_t *value)
{
	struct buf text = BUF_INIT;
	double number;

	if (metric && json_number(&number, value))
		figure_score(&text, metric, number, 0);
	else if (json_is_string(value))
		buf_puts(&text, json_string_value(value));
	else if (json_number(&number, value))
		buf_printf(&text, "%.15g", number);
	else if (json_is_boolean(value))
		buf_puts(&text, json_is_true(value) ? "true" : "false");
	grid_cell(grid, text.len ? text.text : "-", text.len ? PAINT_NONE : PAINT_QUIET);
	buf_release(&text);
}

int run_table_write(struct buf *out, const struct run_table *table, const struct terminal *terminal, size_t indent,
		    const char *what_else, struct error *err)
{
	struct grid *grid = grid_new();
	const struct layout layout = layout_of(table);
	struct buf text = BUF_INIT;
	int with_status = !all_finished(table), rc;

	if (!grid)
		return error_nomem(err);
	put_columns(grid, table, &layout);
	for (size_t i = 0; i < table->n; i++)
		put_row(grid, &text, table, table->run[i], &layout, with_status, terminal);
	rc = buf_check(&text, err);
	if (!rc)
		rc = grid_write(out, grid, terminal, indent, what_else, err);
	if (!rc)
		put_legend(out, table, terminal, indent);
	if (!rc && layout.marked) {
		buf_printf(out, "%*s", (int)indent, "");
		terminal_paint(out, terminal, PAINT_QUIET, "*: as the command reported it, not measured by assay");
		buf_putc(out, '\n');
	}
	buf_release(&text);
	grid_free(grid);
	return rc;
}
