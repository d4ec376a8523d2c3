/* What a command says beside its output, on stderr: errors, hints, notes. All of it passes buf_terminal(). */
#ifndef ASSAY_COMMAND_MESSAGE_H
#define ASSAY_COMMAND_MESSAGE_H

#include "base/error.h"

/* "assay: TEXT" and a line "hint: ..." for each line of the hint. */
void message_error(const struct error *err);

/* "note: TEXT", broken to the terminal's width. */
void message_note(const char *format, ...) PRINTF_LIKE(1, 2);

/* "warning: TEXT": something that a user should act on. */
void message_warning(const char *format, ...) PRINTF_LIKE(1, 2);

/* Print to stdout; whether it could be written is asked for at the end, by message_close_output(). */
void message_print(const char *text, size_t len);

/* Flush and close stdout. ERR_MACHINE if not all of it could be written. */
MUST_CHECK int message_close_output(struct error *err);

#endif
