/*
 * What of a record the catalog keeps, as bytes. Private to record/. What many runs have in common (environment, code, data,
 * plan) is kept once, as a part with a number.
 */
#ifndef ASSAY_RECORD_BRIEF_H
#define ASSAY_RECORD_BRIEF_H

#include "record/pack.h"
#include "record/run.h"

enum { BRIEF_DECLARED, BRIEF_OTHER, BRIEF_STUBS };

struct brief_parts {
	/* The number of these bytes, kept where they are new. */
	int (*keep)(void *context, size_t *n, const struct buf *bytes, struct error *err);
	/* The value that has this number; lent; NULL if there is none or no memory. */
	json_t *(*find)(void *context, size_t n);
	void *context;
	json_t *stub[BRIEF_STUBS]; /* for reading: of compared metrics that are not wanted; brief_stubs() makes them */
};

MUST_CHECK int brief_pack(struct buf *out, const struct run *run, const struct brief_parts *parts, struct error *err);

/* {declared: true} and {}, shared by all records, for what is not wanted of them; 0 or ERR_NOMEM. */
MUST_CHECK int brief_stubs(struct brief_parts *parts, struct error *err);
void brief_stubs_release(struct brief_parts *parts);

struct brief_wanted {
	const char *const *metric; /* NULL-terminated, or NULL */
	int lean, factors; /* see catalog_query */
};

/*
 * The brief record of those bytes; of intervals and of the comparison's metrics only those wanted: of the other compared ones
 * whether they are declared, which a family's size takes. NULL if they are damaged, or without memory.
 */
json_t *brief_unpack(const void *bytes, size_t len, const struct brief_wanted *wanted,
		     const struct brief_parts *parts) MUST_CHECK;

/* The part of a record that those bytes are. */
json_t *brief_unpack_part(const void *bytes, size_t len) MUST_CHECK;

#endif
