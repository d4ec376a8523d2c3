/*
 * The run record: one JSON object, run.json. The struct wraps it, so that unknown keys of a stranger's record are kept;
 * fields are read by dotted path, and written in FORMATS' order whatever the order they were set in.
 */
#ifndef ASSAY_RECORD_RUN_H
#define ASSAY_RECORD_RUN_H

#include "base/buf.h"
#include "record/id.h"

#include <jansson.h>

struct run {
	json_t *json; /* owned; an object */
};

MUST_CHECK int run_new(struct run *run, struct error *err); /* schema: 1, nothing else */
void run_release(struct run *run);

/*
 * Parse and check a record: schema known (a newer one is refused with a message), id, experiment, name, kind, status there
 * and of the right type, maps of numbers hold numbers. name: for messages. *run is untouched unless 0 is returned.
 */
MUST_CHECK int run_parse(struct run *run, const char *text, size_t len, const char *name, struct error *err);

/* Canonical bytes: keys in FORMATS' order, unknown ones after them sorted, maps of names sorted. */
MUST_CHECK int run_write(struct buf *out, const struct run *run, struct error *err);

/*
 * Fields by dotted path: "status", "code.commit", "measured.f1", "metrics.f1" (measured, else reported), "params.depth",
 * "data.files.0.sha256"; a name with dots in quotes: series."a.b".last. What follows params, tags, measured, reported,
 * intervals, environment.packages and environment.variables is one name, dots and all. NULL, or 0, if absent or of another
 * type. run_text() is "" if absent.
 */
const json_t *run_field(const struct run *run, const char *path);
const char *run_text(const struct run *run, const char *path);
int run_number(double *out, const struct run *run, const char *path);

/* The value of a metric by its plain name, dots and all: measured, else reported; NULL, and *value left, if it has none. */
const json_t *run_metric(double *value, const struct run *run, const char *metric);

/* 1 if assay measured it, 0 if the run has it as the command reported it, or not at all. */
int run_is_measured(const struct run *run, const char *metric);

/* The entry of `comparison` with this role ("baseline", "previous"); NULL if the record has none. Borrowed. */
const json_t *run_comparison(const struct run *run, const char *role);

/* Set by dotted path, making objects on the way. run_set takes `value`, also on failure. */
MUST_CHECK int run_set(struct run *run, const char *path, json_t *value, struct error *err);
MUST_CHECK int run_set_text(struct run *run, const char *path, const char *value, struct error *err);
MUST_CHECK int run_set_number(struct run *run, const char *path, double value, struct error *err);
MUST_CHECK int run_note(struct run *run, struct error *err, const char *format, ...) PRINTF_LIKE(3, 4);

const char *run_id(const struct run *run);
const char *run_name(const struct run *run);
const char *run_experiment(const struct run *run);

/* The commit message of FORMATS: subject and trailers. headline: the first metric, or NULL; difference: to what it was
 * compared with, NaN for none. */
MUST_CHECK int run_message(struct buf *out, const struct run *run, const char *headline, double difference,
			   struct error *err);

/* The JSON Schema of run.json (compiled in). */
const char *run_schema(void);

#endif
