/*
 * What must not travel into git: values whose names say that they are secret, and tokens whose shape says so. A net, not a
 * wall: README says how to purge what slipped through.
 */
#ifndef ASSAY_TRACK_SECRET_H
#define ASSAY_TRACK_SECRET_H

#include "base/file.h"

#include <jansson.h>

#define SECRET_MASK "***"

/* 1 for names like token, password, passwd, secret, key, credential, in any case, as a word or the end of one: API_KEY,
 * dbPassword, --auth-token; not monkey, keyboard, key_column, tokenizer, max_tokens. */
int secret_name(const char *name);

/*
 * The argument vector as the record has it: the value after or behind `=` of an option with such a name, values of NAME=VALUE
 * words, passwords in URLs, and tokens by shape become ***. An array of text, the caller's; *masked: how many. NULL
 * without memory. Bytes that are no UTF-8 become U+FFFD.
 */
json_t *secret_argv(const char *const *argv, size_t *masked) MUST_CHECK;

/* Append text with common shapes of tokens masked (AWS, GitHub, GitLab, Slack, OpenAI, Anthropic, Hugging Face, Google, JWT,
 * private key blocks, Bearer ..., password in a URL, NAME=VALUE with a secret name). Returns how many. */
size_t secret_mask(struct buf *out, const char *text, size_t len);

/* 1 for what can be looked for without finding it everywhere: six characters with a digit or a capital among them, or
 * sixteen. Not "loss", "true", "1000000". */
int secret_is_distinct(const char *value);

/*
 * Add the values of variables (NAME=VALUE, NULL-terminated) with names like API_KEY to `out`: what a program prints of them has no
 * shape that gives it away. Only what is distinct.
 */
MUST_CHECK int secret_known(struct names *out, const char *const *variables, struct error *err);
#define SECRET_KNOWN_MOST 64

/* The same over a stream of any length in small memory: a token over a seam is still found. `known`: further texts that are
 * masked wherever they stand, at most SECRET_KNOWN_MOST, lent for the stream's life; NULL: none. */
struct secret_stream;
struct secret_stream *secret_stream_new(const struct names *known) MUST_CHECK;
size_t secret_stream_add(struct secret_stream *stream, struct buf *out, const char *bytes, size_t len);
/* What was held back, although more may follow: after a pause. Words: but for the last word, which may be half a token. */
size_t secret_stream_rest(struct secret_stream *stream, struct buf *out);
size_t secret_stream_words(struct secret_stream *stream, struct buf *out);
size_t secret_stream_end(struct secret_stream *stream, struct buf *out); /* what is left; frees it; NULL stream: 0 */

#endif
