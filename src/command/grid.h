/*
 * A table on the terminal: columns aligned by what characters are wide, numbers on their point. It is fitted to the width:
 * long words go on to further lines of their cell, then the columns of least weight are left out, and a line says which. Into
 * a pipe everything goes, unbroken.
 */
#ifndef ASSAY_COMMAND_GRID_H
#define ASSAY_COMMAND_GRID_H

#include "command/terminal.h"

enum grid_align {
	GRID_LEFT,
	GRID_RIGHT,
	GRID_POINT, /* numbers: the points stand under each other */
};

struct grid; /* grid_new(), columns first, then cells row by row, grid_write(), grid_free() */

struct grid *grid_new(void) MUST_CHECK; /* NULL without memory */
void grid_free(struct grid *grid);

/* A column. rank 0: never left out; of the others the highest rank goes first. heading is any text. */
void grid_column(struct grid *grid, const char *heading, enum grid_align align, int rank);

/* The next cell, row by row; any text (it is escaped here); NULL: empty. */
void grid_cell(struct grid *grid, const char *text, enum paint paint);

/*
 * Append the table, each line indented. what_else: where the left out columns can be seen, for the line that names them.
 * ERR_NOMEM if any call before this one ran out of memory.
 */
MUST_CHECK int grid_write(struct buf *out, const struct grid *grid, const struct terminal *terminal, size_t indent,
			  const char *what_else, struct error *err);

#endif
