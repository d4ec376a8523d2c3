/* Parsing of Mustache (the specification of 2010 to 2013, its non-optional parts): one pass, one node for a piece of a line. */
#include "site/mustache_node.h"
#include "base/mem.h"

struct line { /* the line that is being read: decides whether its tag stands alone */
	size_t first; /* its first node: the NODE_INDENT */
	size_t tag; /* the node of its tag, if tags is 1 */
	size_t tags; /* tags that may stand alone */
	int other; /* it holds something else that is not blank */
};

struct parser {
	struct mustache *out;
	const char *name;
	char *text; /* out->text: a NUL is put behind each name that has been read */
	size_t len, at, line_number;
	char open[MUSTACHE_DELIMITER], close[MUSTACHE_DELIMITER];
	size_t open_len, close_len;
	struct line line;
	size_t section[MUSTACHE_DEPTH], section_line[MUSTACHE_DEPTH], depth;
	size_t cap;
	struct error *err;
};

static int complain(struct parser *parser, size_t line, const char *what, const char *about)
{
	return error_set(parser->err, ERR_INPUT, "%s:%zu: %s%s", parser->name, line, what, about);
}

static int add(struct parser *parser, enum mustache_type type, const char *text, size_t len)
{
	struct mustache *out = parser->out;
	int rc = MEM_GROW(out->node, out->n, parser->cap, parser->err);

	if (rc < 0)
		return rc;
	out->node[out->n] = (struct mustache_node){.type = type, .text = text, .len = len, .end = out->n + 1};
	out->n++;
	return 0;
}

static int is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static int begin_line(struct parser *parser)
{
	parser->line = (struct line){.first = parser->out->n};
	return add(parser, NODE_INDENT, "", 0);
}

/* A line that holds one tag and blanks gives nothing but that tag; before a partial the blanks are its indentation. */
static void end_line(struct parser *parser)
{
	struct mustache *out = parser->out;
	const struct line *line = &parser->line;
	struct mustache_node *first = &out->node[line->first];

	if (line->other || line->tags != 1) {
		if (out->n == line->first + 1 ||
		    (out->n == line->first + 2 && first[1].type == NODE_TEXT && first[1].text[0] == '\n'))
			first->type = NODE_TEXT; /* an empty line is not indented */
		return;
	}
	for (size_t i = line->first; i < out->n; i++) {
		struct mustache_node *node = &out->node[i];

		if (node->type == NODE_INDENT)
			node->type = NODE_TEXT;
		if (node->type != NODE_TEXT)
			continue;
		if (i < line->tag && node->len && out->node[line->tag].type == NODE_PARTIAL) {
			out->node[line->tag].indent = node->text;
			out->node[line->tag].indent_len = node->len;
		}
		node->len = 0;
	}
}

/* Text up to `end`, cut behind each newline. */
static int read_text(struct parser *parser, size_t end)
{
	while (parser->at < end) {
		const char *start = parser->text + parser->at;
		const char *newline = memchr(start, '\n', end - parser->at);
		size_t len = newline ? (size_t)(newline - start) + 1 : end - parser->at;
		int rc = add(parser, NODE_TEXT, start, len);

		if (rc < 0)
			return rc;
		for (size_t i = 0; i < len && !parser->line.other; i++)
			parser->line.other = !is_blank(start[i]) && start[i] != '\n';
		parser->at += len;
		if (newline) {
			end_line(parser);
			parser->line_number++;
			rc = begin_line(parser);
			if (rc < 0)
				return rc;
		}
	}
	return 0;
}

static int is_space(char c)
{
	return is_blank(c) || c == '\n';
}

static void trim(const char **text, size_t *len)
{
	while (*len && is_space((*text)[0])) {
		(*text)++;
		(*len)--;
	}
	while (*len && is_space((*text)[*len - 1]))
		(*len)--;
}

/* "OPEN CLOSE": neither empty, neither with a blank or an equals sign in it. */
static int set_delimiters(struct parser *parser, const char *text, size_t len)
{
	size_t first = 0, last = 0;

	trim(&text, &len);
	while (first < len && !is_space(text[first]))
		first++;
	while (last < len - first && !is_space(text[len - last - 1]))
		last++;
	if (!first || !last || first + last >= len || first >= MUSTACHE_DELIMITER || last >= MUSTACHE_DELIMITER ||
	    memchr(text, '=', len))
		return complain(parser, parser->line_number, "these are no two delimiters", "");
	for (size_t i = first; i < len - last; i++)
		if (!is_space(text[i]))
			return complain(parser, parser->line_number, "more than two delimiters", "");
	memcpy(parser->open, text, first);
	memcpy(parser->close, text + len - last, last);
	parser->open_len = first;
	parser->close_len = last;
	return 0;
}

static int open_section(struct parser *parser)
{
	if (parser->depth == MUSTACHE_DEPTH)
		return complain(parser, parser->line_number, "sections are nested too deep", "");
	parser->section[parser->depth] = parser->out->n - 1;
	parser->section_line[parser->depth++] = parser->line_number;
	return 0;
}

static int close_section(struct parser *parser, const char *name)
{
	struct mustache_node *open;

	if (!parser->depth)
		return complain(parser, parser->line_number, "there is no section to close: ", name);
	open = &parser->out->node[parser->section[--parser->depth]];
	if (strcmp(open->text, name) != 0)
		return error_set(parser->err, ERR_INPUT,
				 "%s:%zu: {{/%s}} stands where section %s of line %zu is to be closed", parser->name,
				 parser->line_number, name, open->text, parser->section_line[parser->depth]);
	open->end = parser->out->n;
	return 0;
}

/* The tag with this sigil and content; the content is trimmed and ended by a NUL. */
static int add_tag(struct parser *parser, char sigil, const char *text, size_t len)
{
	static const struct {
		char sigil;
		enum mustache_type type;
	} types[] = {{'#', NODE_SECTION}, {'^', NODE_INVERTED}, {'/', NODE_CLOSE}, {'>', NODE_PARTIAL},
		     {'&', NODE_RAW},     {'{', NODE_RAW},      {'!', NODE_TEXT},  {'=', NODE_TEXT}};
	enum mustache_type type = NODE_ESCAPED;
	int rc = 0;

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (types[i].sigil == sigil)
			type = types[i].type;
	if (type == NODE_ESCAPED || type == NODE_RAW) {
		parser->line.other = 1;
	} else {
		parser->line.tags++;
		parser->line.tag = parser->out->n;
	}
	if (type == NODE_TEXT)
		return add(parser, NODE_TEXT, "", 0);
	if (!len)
		return complain(parser, parser->line_number, "a tag without a name", "");
	rc = add(parser, type, text, len);
	if (!rc && (type == NODE_SECTION || type == NODE_INVERTED))
		rc = open_section(parser);
	if (!rc && type == NODE_CLOSE)
		rc = close_section(parser, text);
	return rc;
}

/* parser->at stands at an opening delimiter. */
static int read_tag(struct parser *parser)
{
	const char *start = parser->text + parser->at + parser->open_len, *end_of_text = parser->text + parser->len;
	char sigil = start < end_of_text ? *start : '\0', close[MUSTACHE_DELIMITER + 1];
	int has_sigil = sigil && strchr("#^/>&{!=", sigil) != NULL;
	size_t extra = sigil == '{' || sigil == '=', close_len = parser->close_len + extra, len, lines = 0;
	const char *text = start + has_sigil, *end;
	int rc = 0;

	close[0] = sigil == '{' ? '}' : '=';
	memcpy(close + extra, parser->close, parser->close_len);
	end = text <= end_of_text ? memmem(text, (size_t)(end_of_text - text), close, close_len) : NULL;
	if (!end)
		return complain(parser, parser->line_number, "a tag is not closed", "");
	for (const char *c = text; c < end; c++)
		lines += *c == '\n';
	len = (size_t)(end - text);
	parser->at = (size_t)(end - parser->text) + close_len;
	if (sigil == '=')
		rc = set_delimiters(parser, text, len);
	trim(&text, &len);
	parser->text[(size_t)(text - parser->text) + len] = '\0';
	if (!rc)
		rc = add_tag(parser, has_sigil ? sigil : '\0', text, len);
	parser->line_number += lines;
	return rc;
}

static int parse(struct parser *parser)
{
	int rc = begin_line(parser);

	while (!rc && parser->at < parser->len) {
		const char *start = parser->text + parser->at;
		const char *tag = memmem(start, parser->len - parser->at, parser->open, parser->open_len);

		rc = read_text(parser, tag ? (size_t)(tag - parser->text) : parser->len);
		if (!rc && tag)
			rc = read_tag(parser);
	}
	if (rc < 0)
		return rc;
	end_line(parser);
	if (parser->depth) {
		size_t open = parser->depth - 1;

		return complain(parser, parser->section_line[open],
				"this section is not closed: ", parser->out->node[parser->section[open]].text);
	}
	return 0;
}

int mustache_parse(struct mustache **out, const char *text, size_t len, const char *name, struct error *err)
{
	struct parser parser = {.name = name,
				.len = len,
				.line_number = 1,
				.open = "{{",
				.close = "}}",
				.open_len = 2,
				.close_len = 2,
				.err = err};
	struct mustache *mustache = mem_zeroed(1, sizeof(*mustache));
	int rc = 0;

	if (mustache) {
		mustache->text = mem_text_n(text, len);
		mustache->name = mem_text(name);
	}
	if (!mustache || !mustache->text || !mustache->name) {
		rc = error_nomem(err);
		goto out;
	}
	parser.out = mustache;
	parser.text = mustache->text;
	rc = parse(&parser);
	if (rc < 0)
		goto out;
	*out = mustache;
	mustache = NULL;
out:
	mustache_free(mustache);
	return rc;
}

void mustache_free(struct mustache *mustache)
{
	if (!mustache)
		return;
	free(mustache->node);
	free(mustache->text);
	free(mustache->name);
	free(mustache);
}
