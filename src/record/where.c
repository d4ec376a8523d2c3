/* Conditions on records: a parser by recursive descent, and a walk of the tree that it makes. */
#include "record/where.h"

#include "base/mem.h"
#include "format/json.h"
#include "format/number.h"
#include "format/suggest.h"
#include "record/shape.h"
#include "stats/metric.h"

enum { DEPTH_MOST = 200 };

enum source { TEXT, METRICS, PARAMS, TAGS, MEASURED, REPORTED, SPREAD, OTHER };

struct operand {
	enum source source;
	char *text; /* the literal, the name in its map, or the path of another field */
	double number; /* of a literal */
	int is_number;
};

enum relation { EQUAL, NOT_EQUAL, LESS, AT_MOST, MORE, AT_LEAST, AND, OR, NOT };

struct node {
	enum relation relation;
	struct operand left, right; /* of a comparison */
	struct node *a, *b; /* of and, or, not */
};

struct where {
	struct node *root;
};

struct parser {
	const char *text, *at;
	int depth;
	struct error *err;
};

static void node_free(struct node *node)
{
	if (!node)
		return;
	node_free(node->a);
	node_free(node->b);
	free(node->left.text);
	free(node->right.text);
	free(node);
}

void where_free(struct where *where)
{
	if (!where)
		return;
	node_free(where->root);
	free(where);
}

static size_t column_of(const struct parser *parser, const char *at)
{
	size_t column = 1;

	for (const char *c = parser->text; c < at; c++)
		column += ((unsigned char)*c & 0xc0) != 0x80;
	return column;
}

/* What stands here, for a message. */
static int expected(const struct parser *parser, const char *at, const char *what)
{
	size_t len;

	at += strspn(at, " \t\n\r");
	len = strcspn(at, " \t\n()");
	len = len ? len : *at != '\0';
	return error_set(parser->err, ERR_INPUT, "column %zu: %s is expected%s%.*s%s", column_of(parser, at), what,
			 *at ? ", not '" : " at the end", (int)len, at, *at ? "'" : "");
}

static void skip_blanks(struct parser *parser)
{
	parser->at += strspn(parser->at, " \t\n\r");
}

/* A word that ends where nothing of a word can stand: "and", "or", "not". */
static int take_word(struct parser *parser, const char *word)
{
	size_t len = strlen(word);

	skip_blanks(parser);
	if (strncmp(parser->at, word, len) != 0 || !strchr(" \t\n\r()\"", parser->at[len]))
		return 0;
	parser->at += len;
	return 1;
}

static int take_sign(struct parser *parser, const char *sign)
{
	skip_blanks(parser);
	if (strncmp(parser->at, sign, strlen(sign)) != 0)
		return 0;
	parser->at += strlen(sign);
	return 1;
}

/* What stands in double quotes here; a backslash keeps the character behind it. */
static int take_quoted(struct buf *out, struct parser *parser)
{
	const char *start = parser->at++;

	for (; *parser->at && *parser->at != '"'; parser->at++) {
		if (*parser->at == '\\' && parser->at[1])
			parser->at++;
		buf_putc(out, *parser->at);
	}
	if (!*parser->at)
		return error_set(parser->err, ERR_INPUT, "column %zu: the quote that begins here is not closed",
				 column_of(parser, start));
	parser->at++;
	return buf_check(out, parser->err);
}

static const struct {
	const char *word;
	enum source source;
} maps[] = {
	{"metrics", METRICS},   {"params", PARAMS},     {"tags", TAGS},
	{"measured", MEASURED}, {"reported", REPORTED}, {"spread", SPREAD},
};
enum { MAPS = sizeof(maps) / sizeof(*maps) };

static enum source map_of(const char *word, size_t len)
{
	for (size_t i = 0; i < MAPS; i++)
		if (strlen(maps[i].word) == len && !memcmp(maps[i].word, word, len))
			return maps[i].source;
	return OTHER;
}

static int is_scalar(enum form form)
{
	return form == FORM_TEXT || form == FORM_INTEGER || form == FORM_NUMBER || form == FORM_FLAG;
}

/* Whether the record has one value under this path: a key of it, or of an object in it. */
static int names_a_value(const char *path)
{
	const struct key *key = &run_shape;

	while (key && key->form == FORM_OBJECT) {
		size_t len = strcspn(path, ".");
		char *word = mem_text_n(path, len);

		key = word ? shape_inner(key, word) : NULL;
		free(word);
		path += len + (path[len] == '.');
	}
	return key && !*path && is_scalar(key->form);
}

static void hint_field(struct error *err, const char *word)
{
	const char *words[64], *nearest;
	size_t n = 0;

	for (const struct key *key = run_shape.inner; key->name && n < 48; key++)
		if (is_scalar(key->form) || key->form == FORM_OBJECT)
			words[n++] = key->name;
	for (size_t i = 0; i < MAPS; i++)
		words[n++] = maps[i].word;
	nearest = suggest(word, words, n);
	if (metric_find(word))
		error_hint(err, "did you mean metrics.%s?", word);
	else if (nearest && strcmp(nearest, word) != 0)
		error_hint(err, "did you mean %s?", nearest);
	else
		error_hint(err,
			   "fields are metrics.NAME, params.NAME, tags.NAME, and keys of the record: status, kind, "
			   "started, usage.seconds, code.commit ...");
}

static int unknown_field(struct parser *parser, const char *at, const char *path)
{
	size_t len = strcspn(path, ".");
	char *word = mem_text_n(path, len);
	int rc = word ? error_set(parser->err, ERR_INPUT, "column %zu: a record has no value '%s'",
				  column_of(parser, at), path)
		      : error_nomem(parser->err);

	if (word)
		hint_field(parser->err, word);
	free(word);
	return rc;
}

static const char bare_end[] = " \t\n\r()=!<>\"";

/* metrics.NAME and its like: *operand gets the name, of which odd ones stand in quotes. */
static int take_name(struct operand *operand, struct parser *parser)
{
	struct buf name = BUF_INIT;
	int rc = 0;

	if (*parser->at == '"') {
		rc = take_quoted(&name, parser);
	} else {
		size_t len = strcspn(parser->at, bare_end);

		buf_put(&name, parser->at, len);
		parser->at += len;
	}
	if (!rc && !name.len)
		rc = expected(parser, parser->at, "a name behind the dot");
	if (!rc && *parser->at && !strchr(bare_end, *parser->at))
		rc = expected(parser, parser->at, "a comparison");
	if (!rc) {
		operand->text = buf_detach(&name);
		rc = operand->text ? 0 : error_nomem(parser->err);
	}
	buf_release(&name);
	return rc;
}

static int take_field(struct operand *operand, struct parser *parser)
{
	const char *start = parser->at;
	size_t len = strcspn(start, bare_end), first = strcspn(start, ".");

	if (!len)
		return expected(parser, start, "a field such as metrics.f1");
	operand->source = first < len ? map_of(start, first) : OTHER;
	if (operand->source != OTHER) {
		parser->at = start + first + 1;
		return take_name(operand, parser);
	}
	operand->text = mem_text_n(start, len);
	if (!operand->text)
		return error_nomem(parser->err);
	if (!names_a_value(operand->text))
		return unknown_field(parser, start, operand->text);
	parser->at = start + len;
	return 0;
}

/* The right side: text in quotes, a number, a bare word, or a field with a name. */
static int take_value(struct operand *operand, struct parser *parser)
{
	struct buf text = BUF_INIT;
	size_t len, first;
	int rc = 0;

	skip_blanks(parser);
	len = strcspn(parser->at, bare_end);
	first = strcspn(parser->at, ".");
	if (first < len && map_of(parser->at, first) != OTHER)
		return take_field(operand, parser);
	operand->source = TEXT;
	if (*parser->at == '"') {
		rc = take_quoted(&text, parser);
	} else if (len) {
		buf_put(&text, parser->at, len);
		operand->is_number = number_parse(&operand->number, parser->at, len) == NUMBER_OK;
		parser->at += len;
		rc = buf_check(&text, parser->err);
	} else {
		rc = expected(parser, parser->at, "a value");
	}
	if (!rc) {
		operand->text = text.len ? buf_detach(&text) : mem_text("");
		rc = operand->text ? 0 : error_nomem(parser->err);
	}
	buf_release(&text);
	return rc;
}

static int take_operator(enum relation *out, struct parser *parser)
{
	static const struct {
		const char *sign;
		enum relation relation;
	} table[] = {
		{"!=", NOT_EQUAL}, {"<=", AT_MOST}, {">=", AT_LEAST}, {"==", EQUAL},
		{"=", EQUAL},      {"<", LESS},     {">", MORE},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (take_sign(parser, table[i].sign)) {
			*out = table[i].relation;
			return 0;
		}
	return expected(parser, parser->at, "one of = != < <= > >=");
}

static int take_any(struct node **out, struct parser *parser);

static int take_comparison(struct node *node, struct parser *parser)
{
	int rc;

	skip_blanks(parser);
	rc = take_field(&node->left, parser);
	if (!rc)
		rc = take_operator(&node->relation, parser);
	return rc ? rc : take_value(&node->right, parser);
}

static int take_one(struct node **out, struct parser *parser)
{
	struct node *node = NULL;
	int rc;

	if (++parser->depth > DEPTH_MOST)
		return error_set(parser->err, ERR_INPUT, "column %zu: nested too deep", column_of(parser, parser->at));
	if (take_sign(parser, "(")) {
		rc = take_any(&node, parser);
		if (!rc && !take_sign(parser, ")"))
			rc = expected(parser, parser->at, "')', 'and' or 'or'");
	} else {
		node = mem_zeroed(1, sizeof(*node));
		if (!node)
			return error_nomem(parser->err);
		if (take_word(parser, "not")) {
			node->relation = NOT;
			rc = take_one(&node->a, parser);
		} else {
			rc = take_comparison(node, parser);
		}
	}
	parser->depth--;
	if (rc < 0)
		node_free(node);
	else
		*out = node;
	return rc;
}

/* Operands joined by one word, from the left. */
static int take_chain(struct node **out, struct parser *parser, enum relation relation, const char *word,
		      int (*take)(struct node **out, struct parser *parser))
{
	struct node *left = NULL;
	int rc = take(&left, parser);

	while (!rc && take_word(parser, word)) {
		struct node *node = mem_zeroed(1, sizeof(*node));

		if (!node) {
			rc = error_nomem(parser->err);
			break;
		}
		node->relation = relation;
		node->a = left;
		left = node;
		rc = take(&node->b, parser);
	}
	if (rc < 0)
		node_free(left);
	else
		*out = left;
	return rc;
}

static int take_all(struct node **out, struct parser *parser)
{
	return take_chain(out, parser, AND, "and", take_one);
}

static int take_any(struct node **out, struct parser *parser)
{
	return take_chain(out, parser, OR, "or", take_all);
}

int where_parse(struct where **out, const char *text, struct error *err)
{
	struct parser parser = {.text = text, .at = text, .err = err};
	struct where *where = mem_zeroed(1, sizeof(*where));
	int rc = where ? take_any(&where->root, &parser) : error_nomem(err);

	if (!rc) {
		skip_blanks(&parser);
		if (*parser.at)
			rc = expected(&parser, parser.at, "'and', 'or' or the end");
	}
	if (rc < 0)
		where_free(where);
	else
		*out = where;
	return rc;
}

static const json_t *field_value(const struct operand *operand, const struct run *run)
{
	static const char *const map[] = {
		[PARAMS] = "params",     [TAGS] = "tags",     [MEASURED] = "measured",
		[REPORTED] = "reported", [SPREAD] = "spread",
	};
	double ignored;

	if (operand->source == METRICS)
		return run_metric(&ignored, run, operand->text);
	if (operand->source == OTHER)
		return run_field(run, operand->text);
	return json_object_get(json_object_get(run->json, map[operand->source]), operand->text);
}

struct value {
	const char *text; /* NULL: there is none */
	double number;
	int is_number;
	char written[NUMBER_TEXT];
};

static void look_up(struct value *out, const struct operand *operand, const struct run *run)
{
	const json_t *json;

	*out = (struct value){.text = operand->text, .number = operand->number, .is_number = operand->is_number};
	if (operand->source == TEXT)
		return;
	json = field_value(operand, run);
	out->text = json_string_value(json);
	out->is_number = json_number(&out->number, json);
	if (json_is_boolean(json)) {
		out->text = json_is_true(json) ? "true" : "false";
	} else if (out->is_number && !out->text) {
		number_text(out->written, out->number);
		out->text = out->written;
	}
}

static int compare(const struct node *node, const struct run *run)
{
	struct value a, b;
	int less, equal;

	look_up(&a, &node->left, run);
	look_up(&b, &node->right, run);
	if (!a.text || !b.text)
		return 0;
	if (a.is_number && b.is_number) {
		less = a.number < b.number;
		equal = a.number == b.number;
		if (!less && !equal && !(a.number > b.number)) /* NaN is unlike anything, and neither more nor less */
			return node->relation == NOT_EQUAL;
	} else {
		int order = strcmp(a.text, b.text);

		less = order < 0;
		equal = order == 0;
	}
	switch (node->relation) {
	case EQUAL:
		return equal;
	case NOT_EQUAL:
		return !equal;
	case LESS:
		return less;
	case AT_MOST:
		return less || equal;
	case MORE:
		return !less && !equal;
	default:
		return !less;
	}
}

static int holds(const struct node *node, const struct run *run)
{
	switch (node->relation) {
	case AND:
		return holds(node->a, run) && holds(node->b, run);
	case OR:
		return holds(node->a, run) || holds(node->b, run);
	case NOT:
		return !holds(node->a, run);
	default:
		return compare(node, run);
	}
}

int where_holds(const struct where *where, const struct run *run)
{
	return holds(where->root, run);
}

struct where_field {
	struct operand operand;
};

int where_field_parse(struct where_field **out, const char *text, struct error *err)
{
	struct where_field *field = mem_zeroed(1, sizeof(*field));
	struct error why = {0};
	struct parser parser = {.text = text, .at = text, .err = &why};
	int rc = field ? take_field(&field->operand, &parser) : error_nomem(&why);

	if (!rc && *parser.at)
		rc = expected(&parser, parser.at, "the end");
	if (rc < 0) {
		const char *said = strstr(why.text, ": ");

		where_field_free(field);
		error_set(err, rc, "%s", rc == ERR_INPUT && said ? said + 2 : why.text);
		error_hint(err, "%s", why.hint);
		return rc;
	}
	*out = field;
	return 0;
}

struct where_field *where_field_new(const char *map, const char *name)
{
	struct where_field *field = mem_zeroed(1, sizeof(*field));

	if (!field)
		return NULL;
	field->operand.source = map_of(map, strlen(map));
	field->operand.text = mem_text(name);
	if (field->operand.text)
		return field;
	free(field);
	return NULL;
}

void where_field_free(struct where_field *field)
{
	if (!field)
		return;
	free(field->operand.text);
	free(field);
}

const json_t *where_field_value(const struct where_field *field, const struct run *run)
{
	const json_t *value = field_value(&field->operand, run);

	return json_is_object(value) || json_is_array(value) || json_is_null(value) ? NULL : value;
}

const char *where_field_metric(const struct where_field *field)
{
	enum source source = field->operand.source;

	return source == METRICS || source == MEASURED || source == REPORTED ? field->operand.text : NULL;
}
