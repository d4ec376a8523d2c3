/*
 * JSON in and out by jansson, with what FORMATS asks for: NaN and infinities as Python's json writes them are read and
 * kept as strings; output is canonical: two-space indent, an array of scalars on one line, numbers by number_text(), only
 * `"`, `\` and control characters escaped, a newline at the end. Keys come out in the order they were put in.
 */
#ifndef ASSAY_FORMAT_JSON_H
#define ASSAY_FORMAT_JSON_H

#include "base/buf.h"

#include <jansson.h>

/*
 * Parse one JSON value. name (a path) and line:column go into the message. Refused: two equal keys, text after the value,
 * bad UTF-8, depth over 512. NaN, Infinity, -Infinity as bare words become the strings "NaN", "Infinity", "-Infinity".
 * Integers beyond 64 bits become reals, numbers beyond a double's range the words of infinities, as Python reads them.
 * *out is the caller's to json_decref().
 */
MUST_CHECK int json_parse(json_t **out, const char *text, size_t len, const char *name, struct error *err);

/* The same for what other programs wrote: of two equal keys the last counts. */
MUST_CHECK int json_parse_last(json_t **out, const char *text, size_t len, const char *name, struct error *err);

/* Append the canonical text and a newline. A real that is NaN or infinite cannot be in a json_t. */
void json_write(struct buf *out, const json_t *json);

/* The same on one line. */
void json_write_line(struct buf *out, const json_t *json);

/* Set key to a number: an integer where value is one below 2^53, a string for NaN and infinities. 0 or ERR_NOMEM. */
MUST_CHECK int json_set_number(json_t *object, const char *key, double value, struct error *err);
/* Bytes of value that are no UTF-8 become U+FFFD. json_text(): the text alone, the caller's; NULL without memory. */
json_t *json_text(const char *value) MUST_CHECK;
MUST_CHECK int json_set_text(json_t *object, const char *key, const char *value, struct error *err);
/* Takes `value` in every case, also when it is NULL (an allocation that failed): then ERR_NOMEM. */
MUST_CHECK int json_set(json_t *object, const char *key, json_t *value, struct error *err);

/* A json number, integer or real, as double; also the three strings. 1 if it is one, else 0. */
int json_number(double *out, const json_t *json);

/* 1 if both are absent (NULL) or say the same: numbers by their value, 1 being 1.0; NaN is NaN. */
int json_same(const json_t *a, const json_t *b);

/* A copy of `object` with its keys sorted by bytes (not deep); NULL without memory. The caller's. */
json_t *json_sorted(const json_t *object) MUST_CHECK;

#endif
