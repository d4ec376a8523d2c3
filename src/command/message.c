/* Messages on stderr and the end of stdout: see message.h. */
#include "command/message.h"
#include "command/terminal.h"

#include <errno.h>
#include <stdarg.h>
#include <unistd.h>

/* One line with its label; the text is untrusted. */
static void say(const char *label, enum paint paint, const char *text, size_t len)
{
	struct buf safe = BUF_INIT, out = BUF_INIT;
	struct terminal terminal;

	terminal_look(&terminal, STDERR_FILENO);
	buf_terminal(&safe, text, len);
	terminal_paint(&out, &terminal, paint, label);
	buf_putc(&out, ' ');
	terminal_wrap(&out, safe.text, strlen(label) + 1, strlen(label) + 1, terminal.columns);
	buf_putc(&out, '\n');
	fputs(safe.failed || out.failed ? "assay: out of memory\n" : out.text, stderr);
	buf_release(&safe);
	buf_release(&out);
}

void message_error(const struct error *err)
{
	fflush(stdout);
	say("assay:", PAINT_LOUD, err->text, strlen(err->text));
	for (const char *line = err->hint; *line;) {
		size_t len = strcspn(line, "\n");

		say("hint:", PAINT_STRONG, line, len);
		line += len + (line[len] == '\n');
	}
}

void message(enum message_kind kind, const char *format, ...)
{
	char text[sizeof(((struct error *)0)->text)];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	say(kind == MESSAGE_NOTE ? "note:" : "warning:", kind == MESSAGE_NOTE ? PAINT_QUIET : PAINT_STRONG, text,
	    strlen(text));
}

void message_print(const char *text, size_t len)
{
	/* A failure is remembered by the stream; message_close_output() asks for it. */
	(void)!fwrite(text, 1, len, stdout);
}

int message_print_buf(const struct buf *text, struct error *err)
{
	int rc = buf_check(text, err);

	if (!rc)
		message_print(text->text, text->len);
	return rc;
}

int message_close_output(struct error *err)
{
	int failed = ferror(stdout);

	errno = 0;
	if (fclose(stdout) && errno != EBADF)
		failed = 1;
	if (!failed)
		return 0;
	return error_set(err, ERR_MACHINE, "cannot write to standard output%s%s", errno ? ": " : "",
			 errno ? strerror(errno) : "");
}
