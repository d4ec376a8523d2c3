/* One run as people read it: see run_page.h. */
#include "command/run_page.h"
#include "command/figure.h"
#include "command/grid.h"
#include "command/run_table.h"

#include "format/json.h"
#include "judge/decide.h"
#include "judge/words.h"

enum { LABEL = 13, SHORT_HASH = 12, MOST_ARTIFACTS = 20, MOST_SERIES = 40 };

struct page {
	struct buf *out;
	const struct seen_run *seen;
	const struct run *run;
	const struct runs *all;
	const struct judge_families *families;
	const struct declared_metric *metric;
	size_t metrics;
	const struct terminal *terminal;
};

static void heading(const struct page *page, const char *text)
{
	buf_putc(page->out, '\n');
	terminal_paint(page->out, page->terminal, PAINT_STRONG, text);
	buf_putc(page->out, '\n');
}

/* "  label        text, broken under itself"; the text is untrusted. Nothing for an empty one. */
static void line(const struct page *page, const char *label, const char *text)
{
	struct buf safe = BUF_INIT, name = BUF_INIT;

	if (!*text)
		return;
	buf_terminal(&safe, text, strlen(text));
	buf_terminal(&name, label, strlen(label));
	while (!name.failed && name.len < LABEL)
		buf_putc(&name, ' ');
	buf_puts(page->out, "  ");
	terminal_paint(page->out, page->terminal, PAINT_QUIET, name.text);
	terminal_wrap(page->out, safe.text, LABEL + 2, LABEL + 2, page->terminal->columns);
	buf_putc(page->out, '\n');
	page->out->failed |= safe.failed || name.failed;
	buf_release(&safe);
	buf_release(&name);
}

static void put_short_hash(struct buf *out, const char *hash)
{
	buf_put(out, hash, strlen(hash) < SHORT_HASH ? strlen(hash) : SHORT_HASH);
}

/* A JSON value as a person would write it: text bare, a list with commas. */
static void put_value(struct buf *out, const json_t *value)
{
	double number;

	if (json_is_string(value)) {
		buf_puts(out, json_string_value(value));
	} else if (json_number(&number, value)) {
		buf_printf(out, "%.15g", number);
	} else if (json_is_boolean(value)) {
		buf_puts(out, json_is_true(value) ? "true" : "false");
	} else if (json_is_array(value)) {
		for (size_t i = 0; i < json_array_size(value); i++) {
			buf_puts(out, i ? ", " : "");
			put_value(out, json_array_get(value, i));
		}
	} else {
		struct buf text = BUF_INIT;

		json_write(&text, value);
		buf_put(out, text.text, strcspn(text.text, "\n"));
		buf_release(&text);
	}
}

static const struct seen_run *run_of(const struct runs *all, const char *id)
{
	for (size_t i = 0; id && i < all->n; i++)
		if (!strcmp(run_id(&all->item[i].run), id))
			return &all->item[i];
	return NULL;
}

static void put_status(const struct page *page, struct buf *text)
{
	const struct run *run = page->run;
	double seconds, exit_code;

	buf_clear(text);
	buf_puts(text, page->seen->where == WHERE_RUNNING ? "running" : run_text(run, "status"));
	if (run_number(&exit_code, run, "exit") && exit_code > 0)
		buf_printf(text, " with exit %.0f", exit_code);
	if (*run_text(run, "started"))
		buf_printf(text, ", started %s", run_text(run, "started"));
	if (run_number(&seconds, run, "usage.seconds")) {
		buf_puts(text, ", took ");
		figure_score(text, "fit_seconds", seconds, 1);
	}
	line(page, "status", text->text);
}

/* What it took of the machine. */
static void put_usage(const struct page *page, struct buf *text)
{
	double cpu, peak;

	buf_clear(text);
	if (run_number(&cpu, page->run, "usage.cpu_seconds")) {
		figure_score(text, "fit_seconds", cpu, 1);
		buf_puts(text, " of processor time");
	}
	if (run_number(&peak, page->run, "usage.peak_rss_bytes")) {
		buf_puts(text, text->len ? ", " : "");
		figure_bytes(text, peak);
		buf_puts(text, " of memory at most");
	}
	line(page, "used", text->text);
}

static void put_relatives(const struct page *page, struct buf *text)
{
	const json_t *children = run_field(page->run, "children");
	const char *parent = run_text(page->run, "parent");
	const struct seen_run *of = *parent ? run_of(page->all, parent) : NULL;

	if (*parent) {
		buf_clear(text);
		buf_printf(text, "%s%s%s", parent, of ? ", " : "", of ? run_name(&of->run) : "");
		line(page, "part of", text->text);
	}
	for (size_t i = 0; i < json_array_size(children); i++) {
		const char *id = json_string_value(json_array_get(children, i));

		of = run_of(page->all, id);
		buf_clear(text);
		buf_printf(text, "%s%s%s", id ? id : "", of ? ", " : "", of ? run_name(&of->run) : "");
		line(page, i ? "" : "its runs", text->text);
	}
}

static void put_code(const struct page *page, struct buf *text)
{
	const struct run *run = page->run;
	const char *commit = run_text(run, "code.commit"), *branch = run_text(run, "code.branch");
	const char *snapshot = run_text(run, "code.snapshot");

	buf_clear(text);
	put_short_hash(text, *commit ? commit : "no commit yet");
	if (*branch)
		buf_printf(text, " on %s", branch);
	if (json_is_true(run_field(run, "code.dirty"))) {
		buf_puts(text, ", with uncommitted changes");
		if (*snapshot)
			buf_puts(text, ", kept as ");
		put_short_hash(text, snapshot);
	}
	if (run_field(run, "code"))
		line(page, "code", text->text);
}

static void put_data(const struct page *page, struct buf *text)
{
	const json_t *files = run_field(page->run, "data.files");
	double rows, columns;

	for (size_t i = 0; i < json_array_size(files); i++) {
		const json_t *file = json_array_get(files, i);
		const char *path = json_string_value(json_object_get(file, "path"));
		const char *sha = json_string_value(json_object_get(file, "sha256"));

		buf_clear(text);
		buf_puts(text, path && strcmp(path, "-") != 0 ? path : "standard input");
		if (json_number(&rows, json_object_get(file, "rows")) &&
		    json_number(&columns, json_object_get(file, "columns"))) {
			buf_puts(text, ", ");
			figure_count(text, rows);
			buf_printf(text, " rows x %.0f columns", columns);
		}
		if (sha) {
			buf_puts(text, ", sha256 ");
			put_short_hash(text, sha);
		}
		line(page, i ? "" : "data", text->text);
	}
}

static void put_split(const struct page *page, struct buf *text)
{
	double train, test, seed;

	if (!run_number(&train, page->run, "data.split.train_rows") ||
	    !run_number(&test, page->run, "data.split.test_rows"))
		return;
	buf_clear(text);
	buf_puts(text, "trained on ");
	figure_count(text, train);
	buf_puts(text, " rows, tested on ");
	figure_count(text, test);
	if (run_number(&seed, page->run, "data.split.seed"))
		buf_printf(text, ", seed %.0f", seed);
	if (run_number(&seed, page->run, "data.split.count"))
		buf_printf(text, ", on each of %.0f splits", seed);
	line(page, "split", text->text);
}

static void put_command(const struct page *page, struct buf *text)
{
	const json_t *argv = run_field(page->run, "command");

	buf_clear(text);
	for (size_t i = 0; i < json_array_size(argv); i++) {
		const char *word = json_string_value(json_array_get(argv, i));
		int plain = word && *word && !strpbrk(word, " \t\n\"'\\$`&|;<>()*?[]#~!{}");

		buf_puts(text, i ? " " : "");
		buf_puts(text, plain ? "" : "'");
		for (const char *at = word ? word : ""; *at; at++)
			buf_put(text, *at == '\'' && !plain ? "'\\''" : at, *at == '\'' && !plain ? 4 : 1);
		buf_puts(text, plain ? "" : "'");
	}
	line(page, "command", text->text);
}

/* Whose labels it was scored by, where they are not the split's. */
static void put_labels(const struct page *page, struct buf *text)
{
	const char *source = run_text(page->run, "evaluation.source");
	double rows;

	if (strcmp(source, "project") != 0 && strcmp(source, "run") != 0)
		return;
	buf_clear(text);
	if (!strcmp(source, "run")) {
		buf_puts(text, "on the run's own labels");
	} else {
		buf_puts(text, run_text(page->run, "evaluation.labels"));
		buf_puts(text, ", sha256 ");
		put_short_hash(text, run_text(page->run, "evaluation.sha256"));
	}
	if (run_number(&rows, page->run, "evaluation.matched")) {
		buf_puts(text, ", ");
		figure_count(text, rows);
		buf_puts(text, " rows");
	} else {
		buf_puts(text, ", nothing was scored");
	}
	line(page, "labels", text->text);
}

/* The text that the run started from, and whether a commit had it by then. */
static void put_plan(const struct page *page, struct buf *text)
{
	const char *path = run_text(page->run, "plan.path"), *commit = run_text(page->run, "plan.commit");

	if (!*path)
		return;
	buf_clear(text);
	buf_printf(text, "%s, ", path);
	if (*commit)
		buf_printf(text, "committed in %.10s", commit);
	else
		buf_puts(text, "not committed when the run started");
	line(page, "plan", text->text);
}

/* How often the rows were looked at by the time that it was judged. */
static void put_look(const struct page *page, struct buf *text)
{
	double look;

	if (!run_number(&look, page->run, "evaluation.look"))
		return;
	buf_clear(text);
	buf_printf(text, "look %.0f at these rows", look);
	line(page, "test rows", text->text);
}

static void put_facts(const struct page *page, struct buf *text)
{
	const struct run *run = page->run;

	line(page, "run", run_id(run));
	put_status(page, text);
	put_usage(page, text);
	put_relatives(page, text);
	buf_clear(text);
	if (*page->seen->commit) {
		put_short_hash(text, page->seen->commit);
		line(page, "commit", text->text);
	} else if (page->seen->where == WHERE_WAITING) {
		line(page, "commit", "not in git yet: the next command that writes commits it");
	}
	put_code(page, text);
	put_data(page, text);
	put_split(page, text);
	put_labels(page, text);
	put_look(page, text);
	put_plan(page, text);
	put_command(page, text);
}

static void put_metric_row(const struct page *page, struct grid *grid, struct buf *text, const char *name,
			   const json_t *value)
{
	const json_t *compared = json_object_get(json_object_get(run_comparison(page->run, "baseline"), "metrics"),
						 name);
	const char *verdict = compared ? run_verdict(page->run, name, page->families) : NULL;
	double number;

	grid_cell(grid, name, PAINT_NONE);
	buf_clear(text);
	if (json_number(&number, value))
		figure_score(text, name, number, 0);
	grid_cell(grid, text->text, PAINT_NONE);
	buf_clear(text);
	figure_interval(text, name, json_object_get(run_field(page->run, "intervals"), name));
	grid_cell(grid, text->text, PAINT_QUIET);
	buf_clear(text);
	if (json_number(&number, json_object_get(compared, "difference")))
		figure_difference(text, name, number);
	grid_cell(grid, text->text, PAINT_NONE);
	buf_clear(text);
	figure_interval(text, name, json_object_get(compared, "corrected"));
	grid_cell(grid, text->text, PAINT_QUIET);
	grid_cell(grid, verdict_words(verdict), verdict_paint(verdict));
}

static int declared(const struct page *page, const char *name)
{
	for (size_t i = 0; i < page->metrics; i++)
		if (!strcmp(page->metric[i].name, name))
			return 1;
	return 0;
}

/* "recipe: test rows and seeds vary" */
static void put_scope(const struct page *page, struct buf *text)
{
	const char *scope = json_string_value(json_object_get(run_comparison(page->run, "baseline"), "scope"));

	if (!scope)
		return;
	buf_clear(text);
	buf_printf(text, "%s: %s vary%s", scope, judge_scope_varies(scope),
		   strcmp(scope, "model") != 0 ? "" : "; training noise unknown");
	line(page, "scope", text->text);
}

/* The declared metrics first, then the others by name. */
static int put_metrics(const struct page *page, const char *map, const char *title, struct buf *text, struct error *err)
{
	json_t *values = (json_t *)(size_t)run_field(page->run, map), *value;
	const char *against = json_string_value(json_object_get(run_comparison(page->run, "baseline"), "against")),
		   *name;
	const struct seen_run *base = run_of(page->all, against);
	struct grid *grid;
	int rc;

	if (!json_object_size(values))
		return 0;
	heading(page, title);
	grid = grid_new();
	if (!grid)
		return error_nomem(err);
	grid_column(grid, "metric", GRID_LEFT, 0);
	grid_column(grid, "value", GRID_POINT, 0);
	grid_column(grid, "95 % interval", GRID_LEFT, 2);
	grid_column(grid, "diff", GRID_POINT, 0);
	grid_column(grid, "its interval", GRID_LEFT, 1);
	grid_column(grid, "verdict", GRID_LEFT, 0);
	for (size_t i = 0; i < page->metrics; i++)
		if (json_object_get(values, page->metric[i].name))
			put_metric_row(page, grid, text, page->metric[i].name,
				       json_object_get(values, page->metric[i].name));
	json_object_foreach(values, name, value) if (!declared(page, name))
		put_metric_row(page, grid, text, name, value);
	rc = grid_write(page->out, grid, page->terminal, 2, "--json has all", err);
	buf_clear(text);
	buf_printf(text, "against %s/%s", base ? run_experiment(&base->run) : "", base ? run_name(&base->run) : "");
	if (base)
		line(page, "diff", text->text);
	if (base)
		put_scope(page, text);
	grid_free(grid);
	return rc;
}

/* What would decide, for the declared metrics that are not decided at today's family. */
static void put_decide(const struct page *page, struct buf *text)
{
	size_t points = page->families ? judge_points_of(page->families, page->run) : JUDGE_THEN, said = 0;

	for (size_t i = 0; i < page->metrics; i++) {
		buf_clear(text);
		buf_printf(text, "%s: ", page->metric[i].name);
		if (judge_decide(text, page->run, page->metric[i].name, points))
			line(page, said++ ? "" : "to decide", text->text);
	}
}

static int put_criteria(const struct page *page, struct buf *text, struct error *err)
{
	const json_t *criteria = run_field(page->run, "criteria");
	struct grid *grid;
	int rc;

	if (!json_array_size(criteria))
		return 0;
	heading(page, "criteria");
	grid = grid_new();
	if (!grid)
		return error_nomem(err);
	grid_column(grid, "metric", GRID_LEFT, 0);
	grid_column(grid, "rule", GRID_LEFT, 0);
	grid_column(grid, "value", GRID_POINT, 0);
	grid_column(grid, "verdict", GRID_LEFT, 0);
	for (size_t i = 0; i < json_array_size(criteria); i++) {
		const json_t *one = json_array_get(criteria, i);
		const char *metric = json_string_value(json_object_get(one, "metric"));
		const char *verdict = json_string_value(json_object_get(one, "verdict"));
		int met = verdict && !strcmp(verdict, "met"), certain = json_is_true(json_object_get(one, "certain"));
		double value;

		grid_cell(grid, metric, PAINT_NONE);
		grid_cell(grid, json_string_value(json_object_get(one, "rule")), PAINT_NONE);
		buf_clear(text);
		if (metric && json_number(&value, json_object_get(one, "value")))
			figure_score(text, metric, value, 0);
		grid_cell(grid, text->text, PAINT_NONE);
		buf_clear(text);
		buf_puts(text, verdict && !strcmp(verdict, "not_measured") ? "not measured" : verdict ? verdict : "");
		if (!certain && verdict && strcmp(verdict, "not_measured") != 0)
			buf_puts(text, ", not certain");
		grid_cell(grid, text->text, met ? PAINT_GOOD : PAINT_BAD);
	}
	rc = grid_write(page->out, grid, page->terminal, 2, "--json has all", err);
	grid_free(grid);
	return rc;
}

static void put_figure(struct grid *grid, struct buf *text, const char *metric, const json_t *value, int is_count)
{
	double number;

	buf_clear(text);
	if (json_number(&number, value) && metric)
		figure_score(text, metric, number, 0);
	else if (json_number(&number, value) && is_count)
		figure_count(text, number);
	else if (json_number(&number, value))
		buf_printf(text, "%.15g", number);
	grid_cell(grid, text->text, PAINT_NONE);
}

/* Metrics with steps; of very many the first by name. */
static int put_series(const struct page *page, struct buf *text, struct error *err)
{
	json_t *series = (json_t *)(size_t)run_field(page->run, "series"), *one;
	const char *name;
	struct grid *grid;
	size_t shown = 0;
	int rc;

	if (!json_object_size(series))
		return 0;
	heading(page, "series");
	grid = grid_new();
	if (!grid)
		return error_nomem(err);
	grid_column(grid, "metric", GRID_LEFT, 0);
	grid_column(grid, "last", GRID_POINT, 0);
	grid_column(grid, "best", GRID_POINT, 0);
	grid_column(grid, "at step", GRID_RIGHT, 1);
	grid_column(grid, "values", GRID_RIGHT, 2);
	json_object_foreach(series, name, one)
	{
		if (shown++ == MOST_SERIES)
			break;
		grid_cell(grid, name, PAINT_NONE);
		put_figure(grid, text, name, json_object_get(one, "last"), 0);
		put_figure(grid, text, name, json_object_get(one, "best"), 0);
		put_figure(grid, text, NULL, json_object_get(one, "best_step"), 0);
		put_figure(grid, text, NULL, json_object_get(one, "count"), 1);
	}
	rc = grid_write(page->out, grid, page->terminal, 2, "--json has all", err);
	grid_free(grid);
	if (json_object_size(series) > MOST_SERIES) {
		buf_clear(text);
		buf_printf(text, "and %zu more: --json has all", json_object_size(series) - MOST_SERIES);
		line(page, "", text->text);
	}
	return rc;
}

static void put_map(const struct page *page, const char *map, const char *title, struct buf *text)
{
	json_t *values = (json_t *)(size_t)run_field(page->run, map), *value;
	const char *name;

	if (json_object_size(values))
		heading(page, title);
	json_object_foreach(values, name, value)
	{
		struct buf safe = BUF_INIT;

		buf_clear(text);
		put_value(text, value);
		buf_terminal(&safe, name, strlen(name));
		line(page, safe.text, text->len ? text->text : "(empty)");
		page->out->failed |= safe.failed;
		buf_release(&safe);
	}
}

static void put_notes(const struct page *page)
{
	const json_t *notes = run_field(page->run, "notes");

	if (json_array_size(notes))
		heading(page, "notes");
	for (size_t i = 0; i < json_array_size(notes); i++) {
		const char *note = json_string_value(json_array_get(notes, i));
		struct buf safe = BUF_INIT;

		buf_terminal(&safe, note ? note : "", note ? strlen(note) : 0);
		buf_puts(page->out, "  ");
		terminal_wrap(page->out, safe.text, 2, 2, page->terminal->columns);
		buf_putc(page->out, '\n');
		page->out->failed |= safe.failed;
		buf_release(&safe);
	}
}

static void put_artifacts(const struct page *page, struct buf *text)
{
	const json_t *artifacts = run_field(page->run, "artifacts");
	size_t n = json_array_size(artifacts);

	if (n)
		heading(page, "files");
	for (size_t i = 0; i < n && i < MOST_ARTIFACTS; i++) {
		const json_t *one = json_array_get(artifacts, i);
		const char *path = json_string_value(json_object_get(one, "path"));
		const char *where = json_string_value(json_object_get(one, "where"));
		double bytes = 0;

		json_number(&bytes, json_object_get(one, "bytes"));
		buf_clear(text);
		buf_printf(text, "%s, ", path ? path : "?");
		figure_bytes(text, bytes);
		line(page, where ? where : "", text->text);
	}
	if (n > MOST_ARTIFACTS) {
		buf_clear(text);
		buf_printf(text, "and %zu more: --json has all", n - MOST_ARTIFACTS);
		line(page, "", text->text);
	}
}

/* The sentence as the other facts; commands below it, whole for whoever copies them. */
static void put_changed(const struct page *page, const struct names *changed)
{
	static const char said[] = "changed "; /* by the label */

	if (changed->n)
		line(page, "changed",
		     changed->name[0] + (strncmp(changed->name[0], said, strlen(said)) ? 0 : strlen(said)));
	for (size_t i = 1; i < changed->n; i++) {
		buf_printf(page->out, "  %*s", LABEL, "");
		buf_terminal(page->out, changed->name[i], strlen(changed->name[i]));
		buf_putc(page->out, '\n');
	}
}

int run_page_write(struct buf *out, const struct seen_run *seen, const struct runs *all,
		   const struct judge_families *families, const char *picked, const struct names *changed,
		   const struct declared_metric *metric, size_t n_metrics, const struct terminal *terminal,
		   struct error *err)
{
	const struct page page = {out, seen, &seen->run, all, families, metric, n_metrics, terminal};
	struct buf text = BUF_INIT, safe = BUF_INIT;
	int rc;

	buf_printf(&text, "%s/%s", run_experiment(&seen->run), run_name(&seen->run));
	buf_terminal(&safe, text.text, text.len);
	terminal_paint(out, terminal, PAINT_STRONG, safe.text);
	buf_putc(out, '\n');
	put_facts(&page, &text);
	line(&page, "among all", picked);
	put_changed(&page, changed);
	rc = put_metrics(&page, "measured", "measured by assay", &text, err);
	put_decide(&page, &text);
	if (!rc)
		rc = put_metrics(&page, "reported", "reported by the command", &text, err);
	if (!rc)
		rc = put_series(&page, &text, err);
	if (!rc)
		rc = put_criteria(&page, &text, err);
	put_map(&page, "params", "parameters", &text);
	put_map(&page, "tags", "tags", &text);
	put_notes(&page);
	put_artifacts(&page, &text);
	if (!rc)
		rc = buf_check(&text, err);
	if (!rc)
		rc = buf_check(out, err);
	buf_release(&text);
	buf_release(&safe);
	return rc;
}
