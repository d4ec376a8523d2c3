/* What a file descriptor shows: a terminal's width and colours, or a file or pipe without either. Colour carries no meaning
 * that the words do not. */
#ifndef ASSAY_COMMAND_TERMINAL_H
#define ASSAY_COMMAND_TERMINAL_H

#include "base/buf.h"

struct terminal {
	int is_terminal;
	size_t columns; /* 0: no limit (a pipe, a file) */
	int colour; /* a terminal, and neither NO_COLOR nor TERM=dumb */
};

enum paint { PAINT_NONE, PAINT_STRONG, PAINT_QUIET, PAINT_GOOD, PAINT_BAD, PAINT_LOUD };

void terminal_look(struct terminal *out, int fd);

/* Append text in a colour, or plain where there is none. text must have passed buf_terminal(). */
void terminal_paint(struct buf *out, const struct terminal *terminal, enum paint paint, const char *text);

/*
 * Append text broken at blanks so that no line is wider than `columns` (0: not broken), each line but the first indented.
 * `column`: where on its line the text starts. Words longer than a line stand alone on one. No newline at the end.
 */
void terminal_wrap(struct buf *out, const char *text, size_t column, size_t indent, size_t columns);

#endif
