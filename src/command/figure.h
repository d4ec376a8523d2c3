/* Figures as people read them: scores to three decimals, times to three digits with their unit, ages in words. */
#ifndef ASSAY_COMMAND_FIGURE_H
#define ASSAY_COMMAND_FIGURE_H

#include "base/buf.h"

#include <jansson.h>
#include <time.h>

/* A value of the metric `name` (any name); with_unit: "0.0123 ms" instead of "0.0123". */
void figure_score(struct buf *out, const char *name, double value, int with_unit);

/* The same with its sign: "+0.027". */
void figure_difference(struct buf *out, const char *name, double value);

/* "[0.587, 0.665]" of an array of two numbers; nothing for anything else. */
void figure_interval(struct buf *out, const char *name, const json_t *pair);

/* "1,409" */
void figure_count(struct buf *out, double value);

/* "901 kB" */
void figure_bytes(struct buf *out, double bytes);

/* "just now", "5 min ago", "3 h ago", "2 days ago", else the date, of an RFC 3339 time. */
void figure_age(struct buf *out, const char *time_text, time_t now);

#endif
