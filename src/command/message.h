/* What a command says beside its output, on stderr: errors, hints, notes. All of it passes buf_terminal(). */
#ifndef ASSAY_COMMAND_MESSAGE_H
#define ASSAY_COMMAND_MESSAGE_H

#include "base/buf.h"

/* "assay: TEXT" and a line "hint: ..." for each line of the hint. */
void message_error(const struct error *err);

/* "note: TEXT" or, for what a user should act on, "warning: TEXT"; broken to the terminal's width. */
enum message_kind { MESSAGE_NOTE, MESSAGE_WARNING };
void message(enum message_kind kind, const char *format, ...) PRINTF_LIKE(2, 3);
#define message_note(...) message(MESSAGE_NOTE, __VA_ARGS__)
#define message_warning(...) message(MESSAGE_WARNING, __VA_ARGS__)

/* Print to stdout; whether it could be written is asked for at the end, by message_close_output(). */
void message_print(const char *text, size_t len);
/* The same of a buf; nothing of it where an append to it failed: ERR_NOMEM. */
MUST_CHECK int message_print_buf(const struct buf *text, struct error *err);

/* Flush and close stdout. ERR_MACHINE if not all of it could be written. */
MUST_CHECK int message_close_output(struct error *err);

#endif
