/*
 * Two recorded commands side by side: whether they differ by nothing but values that are known to differ, and the command
 * between them, where some of the values are still those of the first. Private to judge/.
 */
#ifndef ASSAY_JUDGE_COMMAND_WORDS_H
#define ASSAY_JUDGE_COMMAND_WORDS_H

#include "base/buf.h"

#include <jansson.h>

enum command_side { SIDE_FROM, SIDE_TO };

/* A value that differs between two runs, as it may stand in their commands. */
struct command_value {
	char *name; /* of the parameter: flags are known by it */
	char *text[2]; /* by side; NULL: it has none there */
};
struct command_values {
	struct command_value *item;
	size_t n, cap;
};
/* A JSON value as a command has it: text as it is, numbers in their shortest form. NULL stays NULL. */
MUST_CHECK int command_value_add(struct command_values *values, const char *name, const json_t *from, const json_t *to,
				 struct error *err);
void command_values_release(struct command_values *values);

enum command_token_kind {
	TOKEN_TEXT,
	TOKEN_VALUE, /* the text of `value` */
	TOKEN_WORD, /* a word begins */
	TOKEN_WORD_WHERE, /* the same, and it is there only where `value` is at `side` */
};
struct command_token {
	enum command_token_kind kind;
	const char *text; /* borrowed from the words */
	size_t len, value;
	enum command_side side;
};
struct command_words {
	struct command_token *item;
	size_t n, cap;
};

/*
 * Align two commands (arrays of text). 1: they differ by these values alone, *out holds the words; 0: they do not, *out is
 * empty. A word may hold values inside; `--name value`, `--name=value`, `name=value` and, of true and false, `--name` and
 * `--no-name` may be there on one side alone. Paths of the same interpreter are equal.
 */
MUST_CHECK int command_align(struct command_words *out, const json_t *from, const json_t *to,
			     const struct command_values *values, struct error *err);
void command_words_release(struct command_words *words);

/* The command with each value as it is at side[value], one word after the other, each quoted for the shell where it has to be. */
void command_put(struct buf *out, const struct command_words *words, const struct command_values *values,
		 const enum command_side *side);

/* One word, quoted for a shell where it has to be. */
void command_quote(struct buf *out, const char *word, size_t len);

#endif
