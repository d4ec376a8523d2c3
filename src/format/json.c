/*
 * jansson refuses what Python's json writes for NaN and infinities, integers beyond 64 bits and numbers beyond a double's
 * range. Before it parses, one pass looks for them outside of strings; only where there is something to mend is the text
 * copied.
 */
#include "format/json.h"
#include "base/mem.h"
#include "format/json_word.h"
#include "format/number.h"

#include <errno.h>
#include <math.h>

#define DEPTH_LIMIT 512

/* Walks the tokens of a JSON text without judging its grammar. */
struct scan {
	const char *at, *end;
	size_t depth;
};

/* What must be written otherwise: a run of bytes of the text. */
struct mend {
	const char *start;
	size_t len;
	const char *before, *with, *after; /* what is put there; with NULL: the run itself */
};

static int is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int is_number_byte(char c)
{
	return (c >= '0' && c <= '9') || c == '.' || c == '+' || c == '-' || c == 'e' || c == 'E';
}

static void pass_string(struct scan *scan)
{
	for (scan->at++; scan->at < scan->end && *scan->at != '"'; scan->at++)
		scan->at += *scan->at == '\\' && scan->at + 1 < scan->end;
	scan->at += scan->at < scan->end;
}

/* A word in the place of a key is not mended: it stays the error that it is. */
static int is_key(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
		at++;
	return at < end && *at == ':';
}

static int word_needs_quotes(const char *word, size_t len, const char *end)
{
	static const char *const words[] = {"NaN", "Infinity", "-Infinity"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (len == strlen(words[i]) && !memcmp(word, words[i], len))
			return !is_key(word + len, end);
	return 0;
}

static int is_beyond_64_bits(const char *number, size_t len)
{
	char *copy = mem_text_n(number, len);
	int beyond;

	if (!copy)
		return 0; /* jansson will say that it is too large */
	errno = 0;
	(void)strtoll(copy, NULL, 10);
	beyond = errno == ERANGE;
	free(copy);
	return beyond;
}

/* How a number is to be written that jansson refuses: 1, 0 for those that it takes, and for a number in a key's place. */
static int mend_number(struct mend *out, const char *number, size_t len, const char *end)
{
	int is_integer = 1, is_long = len >= 19;
	double value;

	for (size_t i = 0; i < len; i++) {
		int is_exponent = number[i] == 'e' || number[i] == 'E';

		is_integer &= !is_exponent && number[i] != '.';
		is_long |= is_exponent && len - i > 3; /* e308 is the first that may be too large */
	}
	if (!is_long)
		return 0;
	*out = (struct mend){.start = number, .len = len, .before = "", .after = ""};
	if (json_is_number_text(number, len) && number_parse(&value, number, len) == NUMBER_OVERFLOW &&
	    !is_key(number + len, end)) {
		out->with = value < 0 ? "\"-Infinity\"" : "\"Infinity\"";
		return 1;
	}
	if (!is_integer || !is_beyond_64_bits(number, len))
		return 0;
	out->after = "e0";
	return 1;
}

/* The next run to mend: 1, 0 at the end or where it is nested too deeply (depth is then over the limit). */
static int scan_next(struct scan *scan, struct mend *out)
{
	while (scan->at < scan->end && scan->depth <= DEPTH_LIMIT) {
		const char *start = scan->at;
		char c = *start;

		if (c == '"') {
			pass_string(scan);
			continue;
		}
		scan->depth += c == '[' || c == '{';
		scan->depth -= (c == ']' || c == '}') && scan->depth;
		scan->at++;
		if (is_letter(c) || (c == '-' && scan->at < scan->end && is_letter(*scan->at))) {
			while (scan->at < scan->end && is_letter(*scan->at))
				scan->at++;
			*out = (struct mend){
				.start = start, .len = (size_t)(scan->at - start), .before = "\"", .after = "\""};
			if (word_needs_quotes(start, out->len, scan->end))
				return 1;
		} else if (is_number_byte(c)) {
			while (scan->at < scan->end && is_number_byte(*scan->at))
				scan->at++;
			if (mend_number(out, start, (size_t)(scan->at - start), scan->end))
				return 1;
		}
	}
	return 0;
}

/* Copy the text with all that is to be mended; nothing is put where nothing is. *depth is the deepest, up to the limit. */
static int mend_text(struct buf *out, size_t *depth, const char *text, size_t len, struct error *err)
{
	struct scan scan = {.at = text, .end = text + len};
	const char *copied = text;
	struct mend mend;

	while (scan_next(&scan, &mend)) {
		buf_put(out, copied, (size_t)(mend.start - copied));
		buf_puts(out, mend.before);
		buf_put(out, mend.with ? mend.with : mend.start, mend.with ? strlen(mend.with) : mend.len);
		buf_puts(out, mend.after);
		copied = mend.start + mend.len;
	}
	*depth = scan.depth;
	if (copied != text)
		buf_put(out, copied, (size_t)(text + len - copied));
	return buf_check(out, err);
}

/* Where in the text as it was given the byte `position` of the mended text is. */
static size_t unmended(const char *text, size_t len, size_t position)
{
	struct scan scan = {.at = text, .end = text + len};
	size_t given = 0, mended = 0; /* up to the end of the run looked at, in both texts */
	struct mend mend;

	while (scan_next(&scan, &mend)) {
		size_t start = (size_t)(mend.start - text), more = strlen(mend.before) + strlen(mend.after);

		more += mend.with ? strlen(mend.with) : mend.len;
		if (mended + (start - given) + more > position)
			break;
		mended += start - given + more;
		given = start + mend.len;
	}
	return given + (position - mended) < len ? given + (position - mended) : len;
}

/* jansson calls a token wrong that it had no memory for: where there is none, nothing is said of the text. */
static int memory_is_out(void)
{
	void *room = mem_array(4, 1 << 20);

	free(room);
	return !room;
}

static int syntax_error(const json_error_t *problem, const char *text, size_t len, const char *name, struct error *err)
{
	size_t position = unmended(text, len, problem->position > 0 ? (size_t)problem->position : 0);
	size_t line = 1, column = 0;

	for (size_t i = 0; i < position && i < len; i++) {
		column += ((unsigned char)text[i] & 0xc0) != 0x80;
		if (text[i] == '\n' && i + 1 < position) {
			line++;
			column = 0;
		}
	}
	return error_set(err, ERR_INPUT, "not valid JSON, %s: %s:%zu:%zu", problem->text, name, line,
			 column ? column : 1);
}

static int parse(json_t **out, const char *text, size_t len, const char *name, size_t flags, struct error *err)
{
	struct buf mended = BUF_INIT;
	json_error_t problem;
	size_t depth;
	json_t *json;
	int rc;

	rc = mend_text(&mended, &depth, text, len, err);
	if (rc < 0)
		goto out;
	if (depth > DEPTH_LIMIT) {
		rc = error_set(err, ERR_INPUT, "JSON nested more than %d deep: %s", DEPTH_LIMIT, name);
		goto out;
	}
	json = json_loadb(mended.len ? mended.text : text, mended.len ? mended.len : len, flags | JSON_DECODE_ANY,
			  &problem);
	if (json)
		*out = json;
	else if (json_error_code(&problem) == json_error_out_of_memory || !*problem.text || memory_is_out())
		rc = error_nomem(err);
	else
		rc = syntax_error(&problem, text, len, name, err);
out:
	buf_release(&mended);
	return rc;
}

int json_parse(json_t **out, const char *text, size_t len, const char *name, struct error *err)
{
	return parse(out, text, len, name, JSON_REJECT_DUPLICATES, err);
}

int json_parse_last(json_t **out, const char *text, size_t len, const char *name, struct error *err)
{
	return parse(out, text, len, name, 0, err);
}

static void new_line(struct buf *out, size_t depth)
{
	buf_putc(out, '\n');
	for (size_t i = 0; i < depth; i++)
		buf_puts(out, "  ");
}

static int is_scalar(const json_t *json)
{
	return !json_is_array(json) && !json_is_object(json);
}

static int all_scalars(const json_t *array)
{
	for (size_t i = 0; i < json_array_size(array); i++)
		if (!is_scalar(json_array_get(array, i)))
			return 0;
	return 1;
}

static void write_scalar(struct buf *out, const json_t *json)
{
	char number[NUMBER_TEXT];

	if (json_is_string(json)) {
		buf_json_text(out, json_string_value(json), json_string_length(json));
	} else if (json_is_integer(json)) {
		buf_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(json));
	} else if (json_is_real(json)) {
		number_text(number, json_real_value(json));
		buf_puts(out, number);
	} else {
		buf_puts(out, json_is_true(json) ? "true" : json_is_false(json) ? "false" : "null");
	}
}

static void write_value(struct buf *out, const json_t *json, size_t depth);

static void write_array(struct buf *out, const json_t *array, size_t depth)
{
	int on_one_line = all_scalars(array);

	buf_putc(out, '[');
	for (size_t i = 0; i < json_array_size(array); i++) {
		if (i)
			buf_puts(out, on_one_line ? ", " : ",");
		if (!on_one_line)
			new_line(out, depth + 1);
		write_value(out, json_array_get(array, i), depth + 1);
	}
	if (!on_one_line)
		new_line(out, depth);
	buf_putc(out, ']');
}

static void write_object(struct buf *out, const json_t *object, size_t depth)
{
	json_t *walked = (json_t *)object; /* jansson's iterators do not take const */
	int first = 1;

	buf_putc(out, '{');
	for (void *at = json_object_iter(walked); at; at = json_object_iter_next(walked, at)) {
		const char *key = json_object_iter_key(at);

		if (!first)
			buf_putc(out, ',');
		first = 0;
		new_line(out, depth + 1);
		buf_json_text(out, key, strlen(key));
		buf_puts(out, ": ");
		write_value(out, json_object_iter_value(at), depth + 1);
	}
	if (!first)
		new_line(out, depth);
	buf_putc(out, '}');
}

static void write_value(struct buf *out, const json_t *json, size_t depth)
{
	if (json_is_array(json))
		write_array(out, json, depth);
	else if (json_is_object(json))
		write_object(out, json, depth);
	else
		write_scalar(out, json);
}

void json_write(struct buf *out, const json_t *json)
{
	write_value(out, json, 0);
	buf_putc(out, '\n');
}

void json_write_line(struct buf *out, const json_t *json)
{
	struct buf text = BUF_INIT;

	/* inside of text a line's end is \n, so that those that are there, and what indents after them, stand between values */
	json_write(&text, json);
	for (const char *at = text.text; *at; at += strspn(at, "\n ")) {
		const char *start = at;

		at += strcspn(at, "\n");
		buf_put(out, start, (size_t)(at - start));
		if (at > start && at[-1] == ',')
			buf_putc(out, ' ');
	}
	buf_putc(out, '\n');
	out->failed |= text.failed;
	buf_release(&text);
}

int json_set(json_t *object, const char *key, json_t *value, struct error *err)
{
	return json_object_set_new(object, key, value) < 0 ? error_nomem(err) : 0;
}

int json_set_number(json_t *object, const char *key, double value, struct error *err)
{
	char text[NUMBER_TEXT];

	if (!isfinite(value)) {
		number_text(text, value);
		return json_set_text(object, key, text, err);
	}
	if (fabs(value) < 0x1p53 && value == floor(value))
		return json_set(object, key, json_integer((json_int_t)value), err);
	return json_set(object, key, json_real(value), err);
}

/* jansson takes UTF-8 only; bytes that are none, from a path or a header, must not cost a record. */
json_t *json_text(const char *value)
{
	size_t len = strlen(value), step;
	struct buf mended = BUF_INIT;
	json_t *json = json_string(value);
	unsigned code;

	if (json)
		return json;

	for (size_t i = 0; i < len; i += step ? step : 1) {
		step = utf8_next(value + i, len - i, &code);
		if (step)
			buf_put(&mended, value + i, step);
		else
			buf_puts(&mended, "\xef\xbf\xbd");
	}
	if (!buf_check(&mended, NULL))
		json = json_stringn(mended.text, mended.len);
	buf_release(&mended);
	return json;
}

int json_set_text(json_t *object, const char *key, const char *value, struct error *err)
{
	return json_set(object, key, json_text(value), err);
}

int json_number(double *out, const json_t *json)
{
	const char *text = json_is_string(json) ? json_string_value(json) : "";

	if (json_is_number(json))
		*out = json_number_value(json);
	else if (!strcmp(text, "NaN"))
		*out = NAN;
	else if (!strcmp(text, "Infinity"))
		*out = INFINITY;
	else if (!strcmp(text, "-Infinity"))
		*out = -INFINITY;
	else
		return 0;
	return 1;
}

int json_same(const json_t *a, const json_t *b)
{
	double x, y;

	if (!a || !b)
		return a == b;
	if (json_number(&x, a) && json_number(&y, b))
		return x == y || (isnan(x) && isnan(y));
	return json_equal(a, b);
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

json_t *json_sorted(const json_t *object)
{
	json_t *walked = (json_t *)object, *sorted = json_object();
	size_t n = json_object_size(object), i = 0;
	const char **key = mem_array(n, sizeof(*key));
	int failed = !sorted || !key;

	for (void *at = failed ? NULL : json_object_iter(walked); at; at = json_object_iter_next(walked, at))
		key[i++] = json_object_iter_key(at);
	if (!failed)
		qsort(key, n, sizeof(*key), by_bytes);
	for (i = 0; i < n && !failed; i++)
		failed = json_object_set(sorted, key[i], json_object_get(object, key[i])) < 0;
	free(key);
	if (!failed)
		return sorted;
	json_decref(sorted);
	return NULL;
}
