/*
 * The run directory of a run that is going, as `assay log` fills it for collect() to read at the end. One process a line has to cost
 * little: nothing here opens a repository. Many processes append at once: each line, or block of whole lines, is one write at
 * the file's end, which no other write cuts in two.
 */
#ifndef ASSAY_TRACK_INBOX_H
#define ASSAY_TRACK_INBOX_H

#include "base/error.h"

#include <jansson.h>

/* The run directory that ASSAY_RUN_DIR names; the caller's to free(). ERR_INPUT: not inside a run, or it has ended. */
MUST_CHECK int inbox_dir(char **out, struct error *err);

/*
 * NAME=VALUE: *value points behind the `=`, *name is the caller's to free(). ERR_INPUT: no `=`, or a name that no record can
 * have (empty, control characters, no UTF-8).
 */
MUST_CHECK int inbox_pair(char **name, const char **value, const char *word, struct error *err);

/* A number, or NaN and infinities in any of the ways that programs print them. ERR_INPUT. */
MUST_CHECK int inbox_number(double *out, const char *name, const char *text, struct error *err);

/* Append one object as a line to a file of the run directory: "params.jsonl", "tags.jsonl", "metrics.jsonl". */
MUST_CHECK int inbox_append(const char *dir, const char *file, const json_t *object, struct error *err);

/* Append the parameters in a document read from fd: YAML where its name ends in .yaml or .yml, else JSON. ERR_INPUT. */
MUST_CHECK int inbox_params(const char *dir, int fd, const char *name, struct error *err);

struct inbox_lines {
	size_t appended, refused;
	size_t first_refused; /* its number, from 1 */
};

/*
 * Append what comes from fd, lines of JSON objects, to metrics.jsonl until its end: as they come, many at once where many
 * are there. Lines that are no objects are refused and counted; blank ones are passed over.
 */
MUST_CHECK int inbox_metrics(struct inbox_lines *out, const char *dir, int fd, const char *name, struct error *err);

/*
 * Bring a file into artifacts/ of the run directory as `as` (NULL: its base name), in place of one of that name. One of
 * over 100 MB outside of the run directory is not copied: its path and hash are appended to artifacts.jsonl. One that is in
 * artifacts/ already stays where it is, unless `as` is given. ERR_INPUT: not there, no plain file, an `as` that leaves the
 * folder.
 */
MUST_CHECK int inbox_artifact(const char *dir, const char *file, const char *as, struct error *err);

#endif
