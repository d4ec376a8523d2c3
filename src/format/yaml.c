#include "format/yaml.h"
#include "base/mem.h"
#include "format/number.h"

#include <errno.h>
#include <yaml.h>

#define DEPTH_LIMIT 64

struct reader {
	yaml_parser_t parser;
	yaml_event_t event; /* the one looked at now */
	int has_event;
	const char *name;
	const char *text;
	size_t len;
	size_t first_line;
	struct error *err;
};

static size_t line_at(const struct reader *reader, yaml_mark_t mark)
{
	return reader->first_line + mark.line;
}

static int refuse(const struct reader *reader, yaml_mark_t mark, const char *what)
{
	return error_set(reader->err, ERR_INPUT, "%s: %s:%zu", what, reader->name, line_at(reader, mark));
}

/* 1 if a tab is among what indents the line on which the parser stopped. */
static int stopped_at_tab(const struct reader *reader, yaml_mark_t mark)
{
	const char *at = reader->text, *end = reader->text + reader->len;

	for (size_t line = 0; at && line < mark.line; line++) {
		at = memchr(at, '\n', (size_t)(end - at));
		at = at ? at + 1 : NULL;
	}
	while (at && at < end && *at == ' ')
		at++;
	return at && at < end && *at == '\t';
}

static int next_event(struct reader *reader)
{
	const yaml_parser_t *parser = &reader->parser;
	int rc;

	if (reader->has_event)
		yaml_event_delete(&reader->event);
	reader->has_event = yaml_parser_parse(&reader->parser, &reader->event);
	if (reader->has_event)
		return 0;
	if (parser->error == YAML_MEMORY_ERROR)
		return error_nomem(reader->err);
	rc = error_set(reader->err, ERR_INPUT, "not valid YAML, %s: %s:%zu",
		       parser->problem ? parser->problem : "unreadable", reader->name,
		       line_at(reader, parser->problem_mark));
	if (stopped_at_tab(reader, parser->problem_mark))
		error_hint(reader->err, "indent by blanks, never by tabs");
	return rc;
}

void yaml_free(struct yaml *yaml)
{
	if (!yaml)
		return;
	for (size_t i = 0; i < yaml->n; i++) {
		if (yaml->key)
			free(yaml->key[i]);
		yaml_free(yaml->item[i]);
	}
	free(yaml->text);
	free(yaml->key);
	free(yaml->key_line);
	free(yaml->item);
	free(yaml);
}

static int read_node(struct yaml **out, struct reader *reader, size_t depth);

/* Anchors and tags of the event that starts a node. */
static int check_plain(struct reader *reader)
{
	const yaml_event_t *event = &reader->event;
	const yaml_char_t *anchor = NULL, *tag = NULL;

	switch (event->type) {
	case YAML_ALIAS_EVENT:
		return refuse(reader, event->start_mark, "YAML aliases (*name) are not supported");
	case YAML_SCALAR_EVENT:
		anchor = event->data.scalar.anchor;
		tag = event->data.scalar.tag;
		break;
	case YAML_SEQUENCE_START_EVENT:
		anchor = event->data.sequence_start.anchor;
		tag = event->data.sequence_start.tag;
		break;
	case YAML_MAPPING_START_EVENT:
		anchor = event->data.mapping_start.anchor;
		tag = event->data.mapping_start.tag;
		break;
	default:
		break;
	}
	if (anchor)
		return refuse(reader, event->start_mark, "YAML anchors (&name) are not supported");
	if (tag)
		return refuse(reader, event->start_mark, "YAML tags (!name) are not supported");
	return 0;
}

/* The text of the scalar looked at; the caller's. */
static int take_text(char **out, struct reader *reader)
{
	const char *value = (const char *)reader->event.data.scalar.value;
	size_t len = reader->event.data.scalar.length;

	if (len && memchr(value, '\0', len))
		return refuse(reader, reader->event.start_mark, "a NUL byte in a YAML text");
	*out = mem_text_n(value, len);
	return *out ? 0 : error_nomem(reader->err);
}

struct seen_key {
	const char *key;
	size_t line;
};

static int by_key_and_line(const void *a, const void *b)
{
	const struct seen_key *x = a, *y = b;
	int order = strcmp(x->key, y->key);

	return order ? order : (x->line > y->line) - (x->line < y->line);
}

static int check_keys_differ(const struct yaml *map, struct reader *reader)
{
	struct seen_key *seen = mem_array(map->n, sizeof(*seen));
	int rc = 0;

	if (!seen)
		return error_nomem(reader->err);
	for (size_t i = 0; i < map->n; i++)
		seen[i] = (struct seen_key){map->key[i], map->key_line[i]};
	qsort(seen, map->n, sizeof(*seen), by_key_and_line);
	for (size_t i = 1; i < map->n && !rc; i++)
		if (!strcmp(seen[i - 1].key, seen[i].key)) {
			rc = error_set(reader->err, ERR_INPUT,
				       "the key '%s' is there twice: %s:%zu (first on line %zu)", seen[i].key,
				       reader->name, seen[i].line, seen[i - 1].line);
			error_hint(reader->err, "only one of the two can count: take the other away");
		}
	free(seen);
	return rc;
}

/* Read the value of the key that is looked at into the free place at map->n. */
static int read_pair(struct yaml *map, struct reader *reader, size_t depth)
{
	int rc;

	if (reader->event.type != YAML_SCALAR_EVENT)
		return refuse(reader, reader->event.start_mark, "a YAML key must be a plain text");
	rc = check_plain(reader);
	if (!rc)
		rc = take_text(&map->key[map->n], reader);
	if (rc < 0)
		return rc;
	map->key_line[map->n] = line_at(reader, reader->event.start_mark);
	rc = next_event(reader);
	if (!rc)
		rc = read_node(&map->item[map->n], reader, depth + 1);
	if (rc < 0) {
		free(map->key[map->n]);
		return rc;
	}
	map->n++;
	return 0;
}

static int read_map(struct yaml *map, struct reader *reader, size_t depth)
{
	size_t key_cap = 0, line_cap = 0, item_cap = 0;
	int rc;

	for (;;) {
		rc = next_event(reader);
		if (rc < 0)
			return rc;
		if (reader->event.type == YAML_MAPPING_END_EVENT)
			return check_keys_differ(map, reader);
		if (MEM_GROW(map->key, map->n, key_cap, reader->err) < 0 ||
		    MEM_GROW(map->key_line, map->n, line_cap, reader->err) < 0 ||
		    MEM_GROW(map->item, map->n, item_cap, reader->err) < 0)
			return ERR_NOMEM;
		rc = read_pair(map, reader, depth);
		if (rc < 0)
			return rc;
	}
}

static int read_list(struct yaml *list, struct reader *reader, size_t depth)
{
	size_t cap = 0;
	int rc;

	for (;;) {
		rc = next_event(reader);
		if (rc < 0)
			return rc;
		if (reader->event.type == YAML_SEQUENCE_END_EVENT)
			return 0;
		if (MEM_GROW(list->item, list->n, cap, reader->err) < 0)
			return ERR_NOMEM;
		rc = read_node(&list->item[list->n], reader, depth + 1);
		if (rc < 0)
			return rc;
		list->n++;
	}
}

static int read_scalar(struct yaml *scalar, struct reader *reader)
{
	scalar->quoted = reader->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	return take_text(&scalar->text, reader);
}

/* The node that starts at the event looked at. */
static int read_node(struct yaml **out, struct reader *reader, size_t depth)
{
	struct yaml *node = NULL;
	int rc;

	rc = check_plain(reader);
	if (!rc && depth > DEPTH_LIMIT)
		rc = refuse(reader, reader->event.start_mark, "YAML nested too deeply");
	if (rc < 0)
		return rc;
	node = mem_zeroed(1, sizeof(*node));
	if (!node)
		return error_nomem(reader->err);
	node->line = line_at(reader, reader->event.start_mark);
	if (reader->event.type == YAML_MAPPING_START_EVENT) {
		node->kind = YAML_MAP;
		rc = read_map(node, reader, depth);
	} else if (reader->event.type == YAML_SEQUENCE_START_EVENT) {
		node->kind = YAML_LIST;
		rc = read_list(node, reader, depth);
	} else {
		rc = read_scalar(node, reader);
	}
	if (rc < 0)
		yaml_free(node);
	else
		*out = node;
	return rc;
}

static int is_empty_scalar(const struct yaml *yaml)
{
	return yaml->kind == YAML_SCALAR && !yaml->quoted && !*yaml->text;
}

/* What is there instead of a document, or in a document without content. */
static int empty_map(struct yaml **out, struct reader *reader)
{
	*out = mem_zeroed(1, sizeof(**out));
	if (!*out)
		return error_nomem(reader->err);
	(*out)->kind = YAML_MAP;
	(*out)->line = reader->first_line;
	return 0;
}

/* The only document of the stream; *root stays NULL where there is none. */
static int read_stream(struct yaml **root, struct reader *reader)
{
	int rc;

	rc = next_event(reader); /* the stream starts */
	if (!rc)
		rc = next_event(reader); /* a document starts, or the stream ends */
	if (rc < 0 || reader->event.type == YAML_STREAM_END_EVENT)
		return rc;
	rc = next_event(reader);
	if (!rc)
		rc = read_node(root, reader, 1);
	if (!rc)
		rc = next_event(reader); /* the document ends */
	if (!rc)
		rc = next_event(reader);
	if (!rc && reader->event.type != YAML_STREAM_END_EVENT)
		rc = refuse(reader, reader->event.start_mark, "a second YAML document is not supported");
	return rc;
}

int yaml_parse(struct yaml **out, const char *text, size_t len, const char *name, size_t first_line, struct error *err)
{
	struct reader reader = {.name = name, .first_line = first_line, .err = err};
	struct yaml *root = NULL;
	int rc;

	if (!yaml_parser_initialize(&reader.parser))
		return error_nomem(err);
	if (len >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) {
		text += 3;
		len -= 3;
	}
	reader.text = text;
	reader.len = len;
	yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text, len);
	rc = read_stream(&root, &reader);
	if (rc < 0)
		goto out;
	if (root && is_empty_scalar(root)) {
		yaml_free(root);
		root = NULL;
	}
	if (!root)
		rc = empty_map(&root, &reader);
	if (rc < 0)
		goto out;
	*out = root;
	root = NULL;
out:
	yaml_free(root);
	if (reader.has_event)
		yaml_event_delete(&reader.event);
	yaml_parser_delete(&reader.parser);
	return rc;
}

const struct yaml *yaml_get(const struct yaml *map, const char *key)
{
	if (!map || map->kind != YAML_MAP)
		return NULL;
	for (size_t i = 0; i < map->n; i++)
		if (!strcmp(map->key[i], key))
			return map->item[i];
	return NULL;
}

static int is_one_of(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (!strcmp(text, *words))
			return 1;
	return 0;
}

/* [-+]digits, 0o17 and 0x1f of the core schema, where they fit 64 bits. */
static int read_integer(json_int_t *out, const char *text)
{
	static const char *const digits[] = {"0123456789", "01234567", "0123456789abcdefABCDEF"};
	int kind = text[0] == '0' && text[1] == 'o' ? 1 : text[0] == '0' && text[1] == 'x' ? 2 : 0;
	const char *at = kind ? text + 2 : text + (*text == '-' || *text == '+');
	static const int base[] = {10, 8, 16};

	if (!*at || at[strspn(at, digits[kind])])
		return 0;
	errno = 0;
	*out = strtoll(kind ? at : text, NULL, base[kind]);
	return errno == 0;
}

static json_t *scalar_json(const struct yaml *scalar)
{
	static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
	static const char *const trues[] = {"true", "True", "TRUE", NULL};
	static const char *const falses[] = {"false", "False", "FALSE", NULL};
	static const char *const nans[] = {".nan", ".NaN", ".NAN", NULL};
	static const char *const infinities[] = {".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", NULL};
	static const char *const negatives[] = {"-.inf", "-.Inf", "-.INF", NULL};
	const char *text = scalar->text;
	json_int_t integer;
	double number;

	if (scalar->quoted)
		return json_string(text);
	if (is_one_of(text, nulls))
		return json_null();
	if (is_one_of(text, trues))
		return json_true();
	if (is_one_of(text, falses))
		return json_false();
	if (is_one_of(text, nans))
		return json_string("NaN");
	if (is_one_of(text, infinities))
		return json_string("Infinity");
	if (is_one_of(text, negatives))
		return json_string("-Infinity");
	if (read_integer(&integer, text))
		return json_integer(integer);
	if (number_parse(&number, text, strlen(text)) == NUMBER_OK)
		return json_real(number);
	return json_string(text);
}

json_t *yaml_json(const struct yaml *yaml)
{
	json_t *out;

	if (yaml->kind == YAML_SCALAR)
		return scalar_json(yaml);
	out = yaml->kind == YAML_MAP ? json_object() : json_array();
	for (size_t i = 0; out && i < yaml->n; i++) {
		json_t *item = yaml_json(yaml->item[i]);
		int failed = yaml->kind == YAML_MAP ? json_object_set_new(out, yaml->key[i], item)
						    : json_array_append_new(out, item);

		if (failed < 0) {
			json_decref(out);
			out = NULL;
		}
	}
	return out;
}
