/* What a terminal can show. */
#include "command/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

enum { USUAL_COLUMNS = 80, LEAST_COLUMNS = 20 };

static int environment_has(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

void terminal_look(struct terminal *out, int fd)
{
	const char *term = getenv("TERM");
	struct winsize size;

	*out = (struct terminal){.is_terminal = isatty(fd)};
	if (!out->is_terminal)
		return;
	out->columns = ioctl(fd, TIOCGWINSZ, &size) < 0 || !size.ws_col ? USUAL_COLUMNS : size.ws_col;
	if (out->columns < LEAST_COLUMNS)
		out->columns = LEAST_COLUMNS;
	out->colour = !environment_has("NO_COLOR") && term && strcmp(term, "dumb") != 0;
}

void terminal_paint(struct buf *out, const struct terminal *terminal, enum paint paint, const char *text)
{
	static const char *const start[] = {
		[PAINT_NONE] = "",         [PAINT_STRONG] = "\033[1m", [PAINT_QUIET] = "\033[2m",
		[PAINT_GOOD] = "\033[32m", [PAINT_BAD] = "\033[31m",   [PAINT_LOUD] = "\033[1;31m",
	};

	if (!terminal->colour || paint == PAINT_NONE || !*text) {
		buf_puts(out, text);
		return;
	}
	buf_printf(out, "%s%s\033[0m", start[paint], text);
}

/* Columns of a word that does not end in NUL: width is counted character by character. */
static size_t word_width(const char *word, size_t len)
{
	struct buf copy = BUF_INIT;
	size_t width;

	buf_put(&copy, word, len);
	width = utf8_width(copy.text);
	buf_release(&copy);
	return width;
}

void terminal_wrap(struct buf *out, const char *text, size_t column, size_t indent, size_t columns)
{
	size_t at = column;

	if (!columns) {
		buf_puts(out, text);
		return;
	}
	for (int first = 1; *text; first = 0) {
		size_t blanks = strspn(text, " "), len = strcspn(text + blanks, " "),
		       width = word_width(text + blanks, len);

		if (!first && at + blanks + width > columns && at > indent) {
			buf_printf(out, "\n%*s", (int)indent, "");
			at = indent;
		} else {
			buf_printf(out, "%*s", (int)blanks, "");
			at += blanks;
		}
		buf_put(out, text + blanks, len);
		at += width;
		text += blanks + len;
	}
}
