/*
 * A JSON value as bytes that read back without parsing: for the catalog, where most of the time would go into text. Private to
 * record/. Numbers keep their kind, objects the order of their keys; an object's value may be passed over unread.
 */
#ifndef ASSAY_RECORD_PACK_H
#define ASSAY_RECORD_PACK_H

#include "base/buf.h"

#include <jansson.h>

void pack_json(struct buf *out, const json_t *json);

/* The head of an object or array of n members; pack_key() and a value follow for each member of an object. */
enum pack_kind {
	PACK_NULL,
	PACK_FALSE,
	PACK_TRUE,
	PACK_INTEGER,
	PACK_REAL,
	PACK_TEXT,
	PACK_ARRAY,
	PACK_OBJECT,
	PACK_PART
};
void pack_head(struct buf *out, enum pack_kind kind, size_t n);
void pack_key(struct buf *out, const char *key);

struct unpack { /* what is left to be read */
	const unsigned char *at, *end;
	int damaged; /* the bytes are not what pack_json() writes */
};

/* The next value; NULL if it is damaged, or without memory. The caller's. */
json_t *unpack_json(struct unpack *unpack) MUST_CHECK;

/* Step over the next value. */
void unpack_skip(struct unpack *unpack);

/* The next value's kind; for an array, object, part and text the size or number too. It is left where it is. */
enum pack_kind unpack_peek(const struct unpack *unpack, size_t *n);

/* Step over the head of an object or array, or over a part: its n. */
size_t unpack_head(struct unpack *unpack);

/* The next key, not NUL-terminated; "" and damaged at the end. */
const char *unpack_key(struct unpack *unpack, size_t *len);

#endif
