/*
 * The values that people write in assay.yaml and in front matter: strict, so that a slip is found where it was made.
 * Every message begins with file:line; an unknown word names the nearest known one.
 */
#ifndef ASSAY_RECORD_FIELDS_H
#define ASSAY_RECORD_FIELDS_H

#include "base/file.h"
#include "format/yaml.h"
#include "record/project.h"

/* The place of a map: the file for messages, and the key that holds it (NULL: the top). */
struct fields {
	const struct yaml *map;
	const char *file;
	const char *key;
};

/* ERR_INPUT if what is there is no map or has a key beyond `known` (ended by NULL). NULL map: nothing is there, fine. */
MUST_CHECK int fields_check(const struct fields *fields, const char *const *known, struct error *err);

/* The map under a key, to be checked by fields_check(). */
struct fields fields_below(const struct fields *fields, const char *key);

/* The value of a key; NULL if it is absent or empty (`key:`, `~`, `null`). */
const struct yaml *fields_get(const struct fields *fields, const char *key);

/* ERR_INPUT at the line of `at`: "FILE:LINE: ...". */
int fields_error(const struct fields *fields, const struct yaml *at, struct error *err, const char *format, ...)
	PRINTF_LIKE(4, 5);

/* Each leaves *out as it is where the key is absent. Text replaces what *out holds. */
MUST_CHECK int fields_text(char **out, const struct fields *fields, const char *key, struct error *err);
MUST_CHECK int fields_number(double *out, const struct fields *fields, const char *key, struct error *err);
/* 0 .. most. */
MUST_CHECK int fields_whole(unsigned long long *out, const struct fields *fields, const char *key,
			    unsigned long long most, struct error *err);
MUST_CHECK int fields_flag(int *out, const struct fields *fields, const char *key, struct error *err);
/* A list of text. */
MUST_CHECK int fields_names(struct names *out, const struct fields *fields, const char *key, struct error *err);
/* One of some words (ended by NULL): its index into *out. */
MUST_CHECK int fields_choice(size_t *out, const struct fields *fields, const char *key, const char *const *words,
			     struct error *err);

/* `metrics`: a list of names and of {NAME: higher} or {NAME: lower}. *out: [*n], freed by metrics_free(). */
MUST_CHECK int fields_metrics(struct declared_metric **out, size_t *n, const struct fields *fields, struct error *err);
void metrics_free(struct declared_metric *metric, size_t n);

/* The number that a scalar holds; ERR_INPUT else. */
MUST_CHECK int fields_scalar(double *out, const struct fields *fields, const struct yaml *at, const char *key,
			     struct error *err);

#endif
