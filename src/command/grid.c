/* A table on the terminal: see grid.h. */
#include "command/grid.h"

#include "base/mem.h"

#include <stdint.h>

enum { GAP = 2, NARROWEST = 10 };

struct cell {
	char *text; /* safe for a terminal */
	enum paint paint;
};

struct grid {
	struct cell *cell; /* the headings are the first row */
	size_t n, cap;
	enum grid_align *align;
	int *rank;
	size_t columns, align_cap, rank_cap;
	int failed;
};

/* How the columns come out at a width: worked out anew for each grid_write(). */
struct fit {
	size_t *width; /* [columns] on the screen; 0: left out */
	size_t *whole; /* [columns] GRID_POINT: the widest part before the point */
	size_t *part; /* [columns] GRID_POINT: the widest part from the point on */
};

struct grid *grid_new(void)
{
	return mem_zeroed(1, sizeof(struct grid));
}

void grid_free(struct grid *grid)
{
	if (!grid)
		return;
	for (size_t i = 0; i < grid->n; i++)
		free(grid->cell[i].text);
	free(grid->cell);
	free(grid->align);
	free(grid->rank);
	free(grid);
}

void grid_cell(struct grid *grid, const char *text, enum paint paint)
{
	struct buf safe = BUF_INIT;

	if (grid->failed)
		return;
	if (text)
		buf_terminal(&safe, text, strlen(text));
	if (MEM_GROW(grid->cell, grid->n, grid->cap, NULL) < 0) {
		grid->failed = 1;
		buf_release(&safe);
		return;
	}
	grid->cell[grid->n].text = safe.len ? buf_detach(&safe) : mem_text("");
	grid->cell[grid->n].paint = paint;
	grid->failed |= !grid->cell[grid->n].text;
	grid->n++;
}

void grid_column(struct grid *grid, const char *heading, enum grid_align align, int rank)
{
	if (grid->failed)
		return;
	if (MEM_GROW(grid->align, grid->columns, grid->align_cap, NULL) < 0 ||
	    MEM_GROW(grid->rank, grid->columns, grid->rank_cap, NULL) < 0) {
		grid->failed = 1;
		return;
	}
	grid->align[grid->columns] = align;
	grid->rank[grid->columns] = rank;
	grid->columns++;
	grid_cell(grid, heading, PAINT_QUIET);
}

/* Columns before the point of a number; all of a text without one. */
static size_t before_point(const char *text)
{
	size_t len = strcspn(text, ".");

	return text[len] ? len : utf8_width(text);
}

static void fit_widths(struct fit *fit, const struct grid *grid)
{
	for (size_t i = 0; i < grid->n; i++) {
		size_t column = i % grid->columns, width = utf8_width(grid->cell[i].text);

		if (grid->align[column] == GRID_POINT && i >= grid->columns) {
			size_t whole = before_point(grid->cell[i].text), part = width - whole;

			fit->whole[column] = whole > fit->whole[column] ? whole : fit->whole[column];
			fit->part[column] = part > fit->part[column] ? part : fit->part[column];
			width = fit->whole[column] + fit->part[column];
		}
		fit->width[column] = width > fit->width[column] ? width : fit->width[column];
	}
}

/* The width of the table if no left-aligned column were wider than `most`. */
static size_t total_width(const struct fit *fit, const struct grid *grid, size_t indent, size_t most)
{
	size_t total = indent;

	for (size_t c = 0; c < grid->columns; c++) {
		size_t width = grid->align[c] == GRID_LEFT && fit->width[c] > most ? most : fit->width[c];

		total += width ? width + GAP : 0;
	}
	return total > indent ? total - GAP : total;
}

/* Narrow the widest left-aligned column, as far as needed and not under `least`. 1 if that changed anything. */
static int narrow(struct fit *fit, const struct grid *grid, size_t excess, size_t least)
{
	size_t widest = grid->columns;

	for (size_t c = 0; c < grid->columns; c++)
		if (grid->align[c] == GRID_LEFT && fit->width[c] > least &&
		    (widest == grid->columns || fit->width[c] > fit->width[widest]))
			widest = c;
	if (widest == grid->columns)
		return 0;
	fit->width[widest] = fit->width[widest] > least + excess ? fit->width[widest] - excess : least;
	return 1;
}

/* Leave out the column of the highest rank, the last of equals. 1 if there was one. */
static int leave_out(struct fit *fit, const struct grid *grid)
{
	size_t out = grid->columns;

	for (size_t c = 0; c < grid->columns; c++)
		if (fit->width[c] && grid->rank[c] > 0 && (out == grid->columns || grid->rank[c] >= grid->rank[out]))
			out = c;
	if (out == grid->columns)
		return 0;
	fit->width[out] = 0;
	return 1;
}

static void fit_to(struct fit *fit, const struct grid *grid, const struct terminal *terminal, size_t indent)
{
	size_t columns = terminal->columns, third = columns / 3 > NARROWEST ? columns / 3 : NARROWEST, total;

	if (!columns)
		return;
	/* A name longer than a third of the screen is no reason to leave out what the table is read for. */
	while (total_width(fit, grid, indent, third) > columns && leave_out(fit, grid))
		;
	for (size_t least = third;; least = NARROWEST) {
		while ((total = total_width(fit, grid, indent, SIZE_MAX)) > columns &&
		       narrow(fit, grid, total - columns, least))
			;
		if (least == NARROWEST)
			return;
	}
}

/* How many bytes of text fit into `width` columns: up to a blank where there is one, at least one character. */
static size_t fitting(const char *text, size_t width)
{
	size_t at = 0, used = 0, blank = 0, left = strlen(text);

	while (text[at]) {
		unsigned code;
		size_t len = utf8_next(text + at, left - at, &code);
		char one[8] = "";

		len = len ? len : 1;
		memcpy(one, text + at, len < sizeof(one) ? len : 1);
		used += utf8_width(one);
		if (used > width && at)
			return blank ? blank : at;
		if (text[at] == ' ')
			blank = at + 1;
		at += len;
	}
	return at;
}

static void pad(struct buf *out, size_t columns)
{
	buf_printf(out, "%*s", (int)columns, "");
}

/* One line of one cell; text is what of the cell stands on this line. */
static void write_cell(struct buf *out, const struct grid *grid, const struct fit *fit, const struct terminal *terminal,
		       size_t i, const char *text)
{
	size_t column = i % grid->columns, width = utf8_width(text), before = 0;

	if (grid->align[column] == GRID_RIGHT || (grid->align[column] == GRID_POINT && i < grid->columns))
		before = fit->width[column] - width;
	else if (grid->align[column] == GRID_POINT)
		before = fit->width[column] - fit->part[column] - before_point(text);
	pad(out, before);
	terminal_paint(out, terminal, grid->cell[i].paint, text);
	pad(out, fit->width[column] > before + width ? fit->width[column] - before - width : 0);
}

static void trim_line(struct buf *out, size_t from)
{
	while (out->len > from && out->text[out->len - 1] == ' ')
		out->text[--out->len] = '\0';
}

/* One row, over as many lines as its longest cell needs. at [columns]: bytes of each cell written so far, all 0. */
static void write_row(struct buf *out, const struct grid *grid, const struct fit *fit, const struct terminal *terminal,
		      size_t indent, size_t row, size_t *at)
{
	for (int more = 1; more;) {
		size_t line = out->len, gap = indent;

		more = 0;
		for (size_t c = 0; c < grid->columns; c++) {
			size_t i = row * grid->columns + c, len;
			const char *rest = grid->cell[i].text + at[c];
			struct buf piece = BUF_INIT;

			if (!fit->width[c])
				continue;
			len = grid->align[c] == GRID_LEFT ? fitting(rest, fit->width[c]) : strlen(rest);
			at[c] += len;
			buf_put(&piece, rest, len && rest[len - 1] == ' ' ? len - 1 : len);
			pad(out, gap);
			write_cell(out, grid, fit, terminal, i, piece.text);
			out->failed |= piece.failed;
			buf_release(&piece);
			gap = GAP;
			more |= grid->cell[i].text[at[c]] != '\0';
		}
		trim_line(out, line);
		buf_putc(out, '\n');
	}
}

static void name_left_out(struct buf *out, const struct grid *grid, const struct fit *fit,
			  const struct terminal *terminal, size_t indent, const char *what_else)
{
	struct buf line = BUF_INIT;

	for (size_t c = 0; c < grid->columns; c++)
		if (!fit->width[c])
			buf_printf(&line, "%s%s", line.len ? ", " : "", grid->cell[c].text);
	if (line.len) {
		buf_printf(&line, ": left out, the terminal is narrow; %s", what_else);
		pad(out, indent);
		terminal_wrap(out, line.text, indent, indent, terminal->columns);
		buf_putc(out, '\n');
	}
	out->failed |= line.failed;
	buf_release(&line);
}

int grid_write(struct buf *out, const struct grid *grid, const struct terminal *terminal, size_t indent,
	       const char *what_else, struct error *err)
{
	size_t columns = grid->columns, *memory;
	struct fit fit;

	if (grid->failed || !columns)
		return error_nomem(err);
	memory = mem_zeroed(columns * 4, sizeof(*memory));
	if (!memory)
		return error_nomem(err);
	fit = (struct fit){memory, memory + columns, memory + 2 * columns};
	fit_widths(&fit, grid);
	fit_to(&fit, grid, terminal, indent);
	for (size_t row = 0; row < grid->n / columns; row++) {
		memset(memory + 3 * columns, 0, columns * sizeof(*memory));
		write_row(out, grid, &fit, terminal, indent, row, memory + 3 * columns);
	}
	name_left_out(out, grid, &fit, terminal, indent, what_else);
	free(memory);
	return buf_check(out, err);
}
