/*
 * The form of run.json: which keys an object has, in FORMATS' order, and what each holds. One table serves to check a
 * record and to write it; run.schema.json says the same to other programs.
 */
#ifndef ASSAY_RECORD_SHAPE_H
#define ASSAY_RECORD_SHAPE_H

#include "base/error.h"

#include <jansson.h>

enum form {
	FORM_ANY,
	FORM_TEXT,
	FORM_INTEGER,
	FORM_NUMBER, /* or "NaN", "Infinity", "-Infinity" */
	FORM_FLAG,
	FORM_INTERVAL, /* [low, high] */
	FORM_TEXTS, /* an array of text */
	/* those below hold more: the order matters to shape.c */
	FORM_OBJECT, /* inner: its keys, ended by one without name */
	FORM_OBJECTS, /* an array of such */
	FORM_MAP, /* names of the user's to values; inner: the form of every value */
};

struct key {
	const char *name;
	enum form form;
	const struct key *inner;
};

extern const struct key run_shape; /* the record as a whole: an object */

/* Keys that are there have the form that the shape asks for; unknown ones may hold anything. ERR_INPUT: "NAME: KEY ...". */
MUST_CHECK int shape_check(const json_t *json, const struct key *shape, const char *name, struct error *err);

/* A copy with known keys in the shape's order, then unknown ones and all maps of names sorted by bytes; NULL without
 * memory. The caller's. */
json_t *shape_order(const json_t *json, const struct key *shape) MUST_CHECK;

/* 1 for a map whose values are no objects: below it a path goes no further than one name. */
int shape_is_plain_map(const struct key *key);

/* The key of that name inside an object or a map; NULL if the shape does not know it. */
const struct key *shape_inner(const struct key *shape, const char *name);

#endif
