/* Files side by side, for a terminal and for the comment on a pull request: the same cells. */
#include "command/compare_files_work.h"

#include "command/figure.h"
#include "command/grid.h"
#include "command/run_table.h"
#include "format/json.h"

#include <math.h>
#include <unistd.h>

enum column { METRIC, BASE, RUN, DIFFERENCE, INTERVAL, CORRECTED, P, DETECTABLE, VERDICT, COLUMNS };

/* What a file is called in a heading: its base name where no other file has the same. */
static const char *title(const struct files_compared *compared, size_t at)
{
	const char *path = compared->files.file[at].path, *base = path_base(path);

	for (size_t i = 0; i < compared->files.n; i++)
		if (i != at && !strcmp(base, path_base(compared->files.file[i].path)))
			return path;
	return base;
}

struct cells {
	struct buf text[COLUMNS];
	const char *verdict; /* as the record has it */
};

static void cells_init(struct cells *cells)
{
	for (size_t i = 0; i < COLUMNS; i++)
		cells->text[i] = (struct buf)BUF_INIT;
	cells->verdict = NULL;
}

static void cells_release(struct cells *cells)
{
	for (size_t i = 0; i < COLUMNS; i++)
		buf_release(&cells->text[i]);
}

/* Never below what the test can tell, nor more digits than anybody needs. */
static void put_p(struct buf *out, const struct paired *paired)
{
	double least = paired->p_floor > 0.001 ? paired->p_floor : 0.001;

	if (paired->p < 0.001 || (paired->p_floor > 0 && paired->p <= paired->p_floor))
		buf_printf(out, "<%.3f", ceil(least * 1e3 - 1e-9) / 1e3);
	else
		buf_printf(out, "%.*f", paired->p < 0.0995 ? 3 : 2, fmin(paired->p, 1));
}

static void put_value(struct buf *out, const struct scored_file *file, const char *name)
{
	double value;

	if (json_number(&value, json_object_get(run_field(&file->run, "measured"), name)))
		figure_score(out, name, value, 0);
}

/* The row of one metric: file `at` against the first. */
static void cells_fill(struct cells *cells, const struct files_compared *compared, size_t at, size_t metric)
{
	const char *name = compared->metric[metric].name;
	const json_t *one = json_object_get(json_object_get(compared->entry[at - 1], "metrics"), name);
	const struct paired *paired = &compared->paired[(at - 1) * compared->metrics + metric];
	double value;

	for (size_t i = 0; i < COLUMNS; i++)
		buf_clear(&cells->text[i]);
	cells->verdict = json_string_value(json_object_get(one, "verdict"));
	buf_puts(&cells->text[METRIC], name);
	put_value(&cells->text[BASE], &compared->files.file[0], name);
	put_value(&cells->text[RUN], &compared->files.file[at], name);
	if (!one) {
		buf_puts(&cells->text[VERDICT], "not compared");
		return;
	}
	figure_difference(&cells->text[DIFFERENCE], name, paired->difference);
	figure_interval(&cells->text[INTERVAL], name, json_object_get(one, "interval"));
	figure_interval(&cells->text[CORRECTED], name, json_object_get(one, "corrected"));
	put_p(&cells->text[P], paired);
	if (json_number(&value, json_object_get(one, "detectable")))
		figure_score(&cells->text[DETECTABLE], name, value, 0);
	buf_puts(&cells->text[VERDICT], verdict_words(cells->verdict));
}

/* "512 rows fixed, 430 broken, of 100,000 in 4,000 clusters"; "100,000 rows" where nobody cut the scores */
static void put_rows(struct buf *out, const json_t *entry)
{
	double moved = 0;
	int cut = json_object_get(entry, "fixed") != NULL;
	const struct {
		const char *key, *before, *after;
	} part[] = {{"fixed", "", " rows fixed, "},
		    {"broken", "", " broken, "},
		    {"rows", cut ? "of " : "", cut ? "" : " rows"},
		    {"clusters", " in ", " clusters"}};
	double value;

	for (size_t i = 0; i < sizeof(part) / sizeof(*part); i++) {
		if (!json_number(&value, json_object_get(entry, part[i].key)))
			continue;
		buf_puts(out, part[i].before);
		figure_count(out, value);
		buf_puts(out, part[i].after);
		moved += i < 2 ? value : 0;
	}
	if (json_is_true(json_object_get(entry, "same_ranking")))
		buf_puts(out, moved > 0 ? "; the same ranking, another cut" : "; the same ranking");
}

/* What the verdicts claim, and at which level. */
static void put_scope(struct buf *out, const struct files_compared *compared)
{
	buf_puts(out,
		 "Verdicts are about these models on rows like these; what training again would give is not known.");
	if (compared->family > 1)
		buf_printf(out, " corrected: at 1 - 0.05/%zu, for %zu comparisons.", compared->family,
			   compared->family);
}

/* Why something is not judged: each reason once. */
static void put_reasons(struct buf *out, const struct files_compared *compared, size_t at, const char *before)
{
	const struct paired *paired = &compared->paired[(at - 1) * compared->metrics];

	for (size_t i = 0; i < compared->metrics; i++) {
		int said = !*paired[i].note;

		for (size_t k = 0; k < i && !said; k++)
			said = !strcmp(paired[k].note, paired[i].note);
		if (said)
			continue;
		buf_puts(out, before);
		if (!paired[i].too_few)
			buf_printf(out, "%s: ", compared->metric[i].name);
		buf_puts(out, paired[i].note);
		buf_putc(out, '\n');
	}
}

static int put_table(struct buf *out, const struct files_compared *compared, size_t at, const struct terminal *terminal,
		     struct error *err)
{
	const char *const head[COLUMNS] = {"metric",     title(compared, 0), title(compared, at),
					   "difference", "95 % interval",    "corrected",
					   "p",          "detectable",       "verdict"};
	static const int rank[COLUMNS] = {[INTERVAL] = 2, [P] = 3, [DETECTABLE] = 4};
	struct grid *grid = grid_new();
	struct cells cells;
	int rc;

	if (!grid)
		return error_nomem(err);
	cells_init(&cells);
	for (size_t i = 0; i < COLUMNS; i++)
		grid_column(grid, head[i], i == METRIC || i >= INTERVAL ? GRID_LEFT : GRID_POINT, rank[i]);
	for (size_t m = 0; m < compared->metrics; m++) {
		cells_fill(&cells, compared, at, m);
		for (size_t i = 0; i < COLUMNS; i++) {
			grid_cell(grid, cells.text[i].text,
				  i == VERDICT                                         ? verdict_paint(cells.verdict)
				  : i == INTERVAL || i == CORRECTED || i == DETECTABLE ? PAINT_QUIET
										       : PAINT_NONE);
			out->failed |= cells.text[i].failed;
		}
	}
	rc = grid_write(out, grid, terminal, 0, "--json has all", err);
	put_rows(out, compared->entry[at - 1]);
	buf_putc(out, '\n');
	put_reasons(out, compared, at, "");
	cells_release(&cells);
	grid_free(grid);
	return rc;
}

int files_tables(struct buf *out, const struct files_compared *compared, struct error *err)
{
	struct terminal terminal;
	struct buf scope = BUF_INIT;
	int rc = 0;

	terminal_look(&terminal, STDOUT_FILENO);
	for (size_t at = 1; at < compared->files.n && !rc; at++) {
		if (at > 1)
			buf_putc(out, '\n');
		rc = put_table(out, compared, at, &terminal, err);
	}
	put_scope(&scope, compared);
	buf_putc(out, '\n');
	terminal_wrap(out, scope.text, 0, 0, terminal.columns);
	buf_putc(out, '\n');
	out->failed |= scope.failed;
	buf_release(&scope);
	return rc;
}

static void put_name(struct buf *out, const char *path)
{
	buf_markdown_code(out, path, strlen(path));
}

static void put_markdown_table(struct buf *out, const struct files_compared *compared, size_t at)
{
	static const char *const head[] = {"difference", "95 % interval", "corrected", "p", "detectable", "verdict"};
	struct cells cells;

	buf_puts(out, "| metric | ");
	put_name(out, title(compared, 0));
	buf_puts(out, " | ");
	put_name(out, title(compared, at));
	for (size_t i = 0; i < sizeof(head) / sizeof(*head); i++)
		buf_printf(out, " | %s", head[i]);
	buf_puts(out, " |\n| --- | ---: | ---: | ---: | --- | --- | ---: | ---: | --- |\n");
	cells_init(&cells);
	for (size_t m = 0; m < compared->metrics; m++) {
		cells_fill(&cells, compared, at, m);
		for (size_t i = 0; i < COLUMNS; i++) {
			int strong = i == VERDICT && cells.verdict &&
				     (!strcmp(cells.verdict, "better") || !strcmp(cells.verdict, "worse"));

			buf_puts(out, strong ? "| **" : "| ");
			if (i == METRIC && m >= compared->of_table) /* a name of the user's */
				put_name(out, cells.text[i].text);
			else
				buf_puts(out, cells.text[i].text);
			buf_puts(out, strong ? "** " : " ");
			out->failed |= cells.text[i].failed;
		}
		buf_puts(out, "|\n");
	}
	cells_release(&cells);
}

int files_markdown(struct buf *out, const struct files_compared *compared, struct error *err)
{
	for (size_t at = 1; at < compared->files.n; at++) {
		buf_puts(out, at > 1 ? "\n" : "");
		put_name(out, compared->files.file[at].path);
		buf_puts(out, " against ");
		put_name(out, compared->files.file[0].path);
		buf_puts(out, ": ");
		put_rows(out, compared->entry[at - 1]);
		if (compared->options->labels) {
			buf_puts(out, ", labels of ");
			put_name(out, compared->options->labels);
		}
		buf_puts(out, ".\n\n");
		put_markdown_table(out, compared, at);
		put_reasons(out, compared, at, "\n");
	}
	buf_putc(out, '\n');
	put_scope(out, compared);
	buf_putc(out, '\n');
	return buf_check(out, err);
}
