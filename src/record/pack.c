/* JSON as bytes: a byte for the kind, a variable-length number for sizes (7 bits a byte, low ones first). */
#include "record/pack.h"

#include <assert.h>
#include <stdint.h>

enum { DEPTH_MOST = 600 }; /* json_parse() refuses more than 512 */

static void put_size(struct buf *out, uint64_t n)
{
	for (; n >= 0x80; n >>= 7)
		buf_putc(out, (char)(0x80 | (n & 0x7f)));
	buf_putc(out, (char)n);
}

void pack_head(struct buf *out, enum pack_kind kind, size_t n)
{
	buf_putc(out, (char)kind);
	put_size(out, n);
}

void pack_key(struct buf *out, const char *key)
{
	size_t len = strlen(key);

	put_size(out, len);
	buf_put(out, key, len);
}

/* Small ones of either sign are short: 0, -1, 1, -2 ... */
static void put_integer(struct buf *out, json_int_t value)
{
	uint64_t bits = (uint64_t)value << 1;

	buf_putc(out, (char)PACK_INTEGER);
	put_size(out, value < 0 ? ~bits : bits);
}

void pack_json(struct buf *out, const json_t *json)
{
	const char *key;
	json_t *value;
	double real;

	switch (json_typeof(json)) {
	case JSON_NULL:
		buf_putc(out, (char)PACK_NULL);
		break;
	case JSON_TRUE:
		buf_putc(out, (char)PACK_TRUE);
		break;
	case JSON_FALSE:
		buf_putc(out, (char)PACK_FALSE);
		break;
	case JSON_INTEGER:
		put_integer(out, json_integer_value(json));
		break;
	case JSON_REAL:
		real = json_real_value(json);
		buf_putc(out, (char)PACK_REAL);
		buf_put(out, &real, sizeof(real));
		break;
	case JSON_STRING:
		pack_head(out, PACK_TEXT, json_string_length(json));
		buf_put(out, json_string_value(json), json_string_length(json));
		break;
	case JSON_ARRAY:
		pack_head(out, PACK_ARRAY, json_array_size(json));
		for (size_t i = 0; i < json_array_size(json); i++)
			pack_json(out, json_array_get(json, i));
		break;
	case JSON_OBJECT:
		pack_head(out, PACK_OBJECT, json_object_size(json));
		json_object_foreach((json_t *)(size_t)json, key, value)
		{
			pack_key(out, key);
			pack_json(out, value);
		}
		break;
	}
}

static uint64_t take_size(struct unpack *unpack)
{
	uint64_t n = 0;

	for (unsigned shift = 0; unpack->at < unpack->end && shift < 64; shift += 7) {
		unsigned byte = *unpack->at++;

		n |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return n;
	}
	unpack->damaged = 1;
	return 0;
}

/* So many bytes; NULL where there are fewer. */
static const unsigned char *take_bytes(struct unpack *unpack, uint64_t n)
{
	const unsigned char *bytes = unpack->at;

	if (unpack->damaged || n > (uint64_t)(unpack->end - unpack->at)) {
		unpack->damaged = 1;
		return NULL;
	}
	unpack->at += n;
	return bytes;
}

static int take_kind(struct unpack *unpack)
{
	const unsigned char *byte = take_bytes(unpack, 1);

	return byte ? *byte : -1;
}

/* No more members than there are bytes: a damaged count costs no time. */
static size_t take_count(struct unpack *unpack)
{
	uint64_t n = take_size(unpack);

	if (unpack->damaged || n > (uint64_t)(unpack->end - unpack->at)) {
		unpack->damaged = 1;
		return 0;
	}
	return (size_t)n;
}

const char *unpack_key(struct unpack *unpack, size_t *len)
{
	uint64_t n = take_size(unpack);
	const unsigned char *bytes = take_bytes(unpack, n);

	*len = bytes ? (size_t)n : 0;
	return bytes ? (const char *)bytes : "";
}

enum pack_kind unpack_peek(const struct unpack *unpack, size_t *n)
{
	struct unpack ahead = *unpack;
	int kind = take_kind(&ahead);

	*n = kind >= PACK_TEXT ? (size_t)take_size(&ahead) : 0;
	return kind < 0 ? PACK_NULL : (enum pack_kind)kind;
}

size_t unpack_head(struct unpack *unpack)
{
	int kind = take_kind(unpack);

	if (kind == PACK_PART)
		return (size_t)take_size(unpack);
	if (kind != PACK_ARRAY && kind != PACK_OBJECT)
		unpack->damaged = 1;
	return unpack->damaged ? 0 : take_count(unpack);
}

static json_int_t take_integer(struct unpack *unpack)
{
	uint64_t bits = take_size(unpack);

	return (json_int_t)(bits & 1 ? ~(bits >> 1) : bits >> 1);
}

static void skip(struct unpack *unpack, int depth)
{
	int kind = take_kind(unpack);
	size_t n, len;

	if (depth > DEPTH_MOST)
		unpack->damaged = 1;
	switch (unpack->damaged ? -1 : kind) {
	case PACK_NULL:
	case PACK_FALSE:
	case PACK_TRUE:
		break;
	case PACK_INTEGER:
	case PACK_PART:
		take_size(unpack);
		break;
	case PACK_REAL:
		take_bytes(unpack, sizeof(double));
		break;
	case PACK_TEXT:
		take_bytes(unpack, take_size(unpack));
		break;
	case PACK_ARRAY:
	case PACK_OBJECT:
		n = take_count(unpack);
		for (size_t i = 0; i < n && !unpack->damaged; i++) {
			if (kind == PACK_OBJECT)
				unpack_key(unpack, &len);
			skip(unpack, depth + 1);
		}
		break;
	default:
		unpack->damaged = 1;
	}
}

void unpack_skip(struct unpack *unpack)
{
	skip(unpack, 0);
}

static json_t *take_value(struct unpack *unpack, int depth);

static json_t *take_array(struct unpack *unpack, int depth)
{
	size_t n = take_count(unpack);
	json_t *array = json_array();

	for (size_t i = 0; array && i < n; i++)
		if (json_array_append_new(array, take_value(unpack, depth)) < 0) {
			json_decref(array);
			return NULL;
		}
	return array;
}

static json_t *take_object(struct unpack *unpack, int depth)
{
	size_t n = take_count(unpack);
	json_t *object = json_object();

	for (size_t i = 0; object && i < n; i++) {
		size_t len;
		const char *key = unpack_key(unpack, &len);
		json_t *value = unpack->damaged ? NULL : take_value(unpack, depth);

		if (json_object_setn_new_nocheck(object, key, len, value) < 0) {
			json_decref(object);
			return NULL;
		}
	}
	return object;
}

static json_t *take_value(struct unpack *unpack, int depth)
{
	int kind = take_kind(unpack);
	const unsigned char *bytes;
	double real;
	size_t n;

	if (depth > DEPTH_MOST)
		unpack->damaged = 1;
	switch (unpack->damaged ? -1 : kind) {
	case PACK_NULL:
		return json_null();
	case PACK_FALSE:
		return json_false();
	case PACK_TRUE:
		return json_true();
	case PACK_INTEGER:
		return json_integer(take_integer(unpack));
	case PACK_REAL:
		bytes = take_bytes(unpack, sizeof(real));
		if (!bytes)
			return NULL;
		memcpy(&real, bytes, sizeof(real));
		return json_real(real);
	case PACK_TEXT:
		n = (size_t)take_size(unpack);
		bytes = take_bytes(unpack, n);
		return bytes ? json_stringn_nocheck((const char *)bytes, n) : NULL;
	case PACK_ARRAY:
		return take_array(unpack, depth + 1);
	case PACK_OBJECT:
		return take_object(unpack, depth + 1);
	default:
		unpack->damaged = 1;
		return NULL;
	}
}

json_t *unpack_json(struct unpack *unpack)
{
	json_t *json = take_value(unpack, 0);

	if (!unpack->damaged)
		return json;
	json_decref(json);
	return NULL;
}
