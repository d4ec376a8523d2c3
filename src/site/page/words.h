/* Numbers, dates and phrases as the pages print them. Appends to a buf, like every text. */
#ifndef ASSAY_SITE_PAGE_WORDS_H
#define ASSAY_SITE_PAGE_WORDS_H

#include "base/buf.h"

#include <jansson.h>
#include <stddef.h>

#define MINUS "\xe2\x88\x92"
#define EN_DASH "\xe2\x80\x93"
#define NO_BREAK "\xc2\xa0"

/* As prose has the metric: "F1", "ROC AUC"; the name itself where the table does not know it. */
const char *words_title(const char *metric);
int words_lower_is_better(const char *metric);

/* A score with 3 decimals, a time with its unit ("1.9 ms"), a large number with fewer decimals. True minus. */
void words_value(struct buf *out, const char *metric, double value);
void words_signed(struct buf *out, const char *metric, double value); /* "+0.072", "−0.038", "0.000" */
/* "0.626–0.699"; with signs "−0.013 to +0.051". */
void words_interval(struct buf *out, const char *metric, double low, double high);
void words_signed_interval(struct buf *out, const char *metric, double low, double high);

/* "p 0.034", "p 0.23", "p < 0.001": 3 decimals under 0.1, else 2; never below `floor` (0: none). p is capped at 1. */
void words_p(struct buf *out, double p, double floor);

void words_count(struct buf *out, double n); /* 12345 -> "12,345" */
void words_some(struct buf *out, size_t n, const char *one, const char *many); /* "1 run", "12 runs" */
void words_bytes(struct buf *out, double bytes); /* "1.9 MB" */
void words_seconds(struct buf *out, double seconds); /* "0.41 s", "2 min 5 s" */
void words_share(struct buf *out, double share); /* 0.265 -> "26.5 %" */

/* From RFC 3339: "20 Nov 2026", "20 Nov", "20 Nov 2026, 14:02 UTC"; the text itself if it is no date. */
enum words_date { DATE_DAY, DATE_SHORT, DATE_TIME };
void words_date(struct buf *out, const char *rfc3339, enum words_date form);

/* A rule of a criterion with proper signs: ">= 0.60" -> "≥ 0.60". */
void words_rule(struct buf *out, const char *rule);

/* A phrase as the start of a sentence: its first letter large where it is one of a-z. */
void words_sentence(struct buf *out, const char *phrase);

/* A word for the shell: bare where it is safe, else in single quotes. */
void words_shell(struct buf *out, const char *word);

/* A recorded command, an array of words for the shell. */
void words_command(struct buf *out, const json_t *command);
/* A JSON scalar as text: numbers in the shortest form, strings as they are, others as JSON. */
void words_scalar(struct buf *out, const json_t *value);

/* A long name shortened in the middle beyond 40 characters. */
void words_name(struct buf *out, const char *name);

#endif
