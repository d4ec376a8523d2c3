/* `--where 'metrics.f1 > 0.8 and params.depth <= 6'`: a condition on a record. */
#ifndef ASSAY_RECORD_WHERE_H
#define ASSAY_RECORD_WHERE_H

#include "record/run.h"

struct where;

/*
 * Parse: = != < <= > >=, and or not ( ); fields metrics. measured. reported. params. tags. spread. and a name, odd ones in double
 * quotes; and the record's single values, as status or usage.seconds. On the right a number, a word, text in double quotes, or a
 * field with a name. ERR_INPUT with the column, what was expected there, and the nearest field.
 */
MUST_CHECK int where_parse(struct where **out, const char *text, struct error *err);
void where_free(struct where *where);

/* 1 if it holds, 0 if not. A missing field makes a comparison false (its `not` true). Numbers compare as numbers when both
 * sides are (NaN is unlike anything), text as bytes else; times are text. */
int where_holds(const struct where *where, const struct run *run);

/* One field of those, for columns and for an order. ERR_INPUT as where_parse(), without a column. */
struct where_field;
MUST_CHECK int where_field_parse(struct where_field **out, const char *text, struct error *err);
void where_field_free(struct where_field *field);

/* The field of a map by its plain name: "metrics", "f1". NULL without memory. */
struct where_field *where_field_new(const char *map, const char *name) MUST_CHECK;

/* Its one value in a record: text, number or flag; NULL if it has none. Lent. */
const json_t *where_field_value(const struct where_field *field, const struct run *run);

/* The name of the metric that it is (of any of the maps of metrics), else NULL. */
const char *where_field_metric(const struct where_field *field);

#endif
