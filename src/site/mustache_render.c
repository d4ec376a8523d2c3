/* Rendering of Mustache: names are looked up in the stack of contexts, which lives on the C stack. */
#include "site/mustache_node.h"
#include "format/number.h"

struct frame { /* a context and those around it */
	const json_t *value;
	const struct frame *up;
};

struct indent { /* of the partials around: each adds its own */
	const char *text;
	size_t len;
	const struct indent *up;
};

struct renderer {
	struct buf *out;
	struct mustache_partials *partials;
	size_t depth, count; /* partials open; partials rendered */
	struct error *err;
};

/* The first part of a name is looked for in all contexts, inner first; the rest only inside what that gave. */
static const json_t *look_up(const struct frame *frame, const char *name, size_t len)
{
	const char *end = name + len, *dot = memchr(name, '.', len);
	const json_t *value = NULL;

	if (len == 1 && dot)
		return frame->value;
	for (; frame && !value; frame = frame->up)
		value = json_object_getn(frame->value, name, dot ? (size_t)(dot - name) : len);
	while (value && dot) {
		name = dot + 1;
		dot = memchr(name, '.', (size_t)(end - name));
		value = json_object_getn(value, name, (size_t)((dot ? dot : end) - name));
	}
	return value;
}

static int is_falsy(const json_t *value)
{
	return !value || json_is_false(value) || json_is_null(value) ||
	       (json_is_array(value) && !json_array_size(value));
}

static void put_value(struct buf *out, const json_t *value, int escaped)
{
	char number[NUMBER_TEXT];

	if (json_is_string(value) && escaped) {
		buf_html(out, json_string_value(value), json_string_length(value));
	} else if (json_is_string(value)) {
		buf_put(out, json_string_value(value), json_string_length(value));
	} else if (json_is_integer(value)) {
		buf_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	} else if (json_is_real(value)) {
		number_text(number, json_real_value(value));
		buf_puts(out, number);
	} else if (json_is_boolean(value)) {
		buf_puts(out, json_is_true(value) ? "true" : "false");
	}
}

static void put_indent(struct buf *out, const struct indent *indent)
{
	if (!indent)
		return;
	put_indent(out, indent->up);
	buf_put(out, indent->text, indent->len);
}

static int render(struct renderer *renderer, const struct mustache *mustache, size_t from, size_t to,
		  const struct frame *frame, const struct indent *indent);

static int render_partial(struct renderer *renderer, const struct mustache *mustache, const struct mustache_node *node,
			  const struct frame *frame, const struct indent *indent)
{
	struct indent own = {node->indent, node->indent_len, indent};
	const struct mustache *partial = NULL;
	struct error problem = {0};
	int rc;

	if (renderer->depth == MUSTACHE_DEPTH || renderer->count == MUSTACHE_PARTIALS)
		return error_set(renderer->err, ERR_INPUT, "%s: partial %s goes on without end", mustache->name,
				 node->text);
	if (renderer->partials)
		partial = renderer->partials->find(renderer->partials, node->text, &problem);
	if (problem.code) {
		if (renderer->err && !renderer->err->code)
			*renderer->err = problem;
		return problem.code;
	}
	if (!partial)
		return 0;
	renderer->depth++;
	renderer->count++;
	rc = render(renderer, partial, 0, partial->n, frame, node->indent_len ? &own : indent);
	renderer->depth--;
	return rc;
}

static int render_section(struct renderer *renderer, const struct mustache *mustache, size_t at,
			  const struct frame *frame, const struct indent *indent)
{
	const struct mustache_node *node = &mustache->node[at];
	const json_t *value = look_up(frame, node->text, node->len);
	int rc = 0;

	if (node->type == NODE_INVERTED)
		return is_falsy(value) ? render(renderer, mustache, at + 1, node->end, frame, indent) : 0;
	if (is_falsy(value))
		return 0;
	if (json_is_array(value)) {
		for (size_t i = 0; !rc && i < json_array_size(value); i++) {
			struct frame inner = {json_array_get(value, i), frame};

			rc = render(renderer, mustache, at + 1, node->end, &inner, indent);
		}
		return rc;
	}
	return render(renderer, mustache, at + 1, node->end, &(struct frame){value, frame}, indent);
}

static int render(struct renderer *renderer, const struct mustache *mustache, size_t from, size_t to,
		  const struct frame *frame, const struct indent *indent)
{
	int rc = 0;

	for (size_t i = from; !rc && i < to; i++) {
		const struct mustache_node *node = &mustache->node[i];

		switch (node->type) {
		case NODE_TEXT:
			buf_put(renderer->out, node->text, node->len);
			break;
		case NODE_INDENT:
			put_indent(renderer->out, indent);
			break;
		case NODE_ESCAPED:
		case NODE_RAW:
			put_value(renderer->out, look_up(frame, node->text, node->len), node->type == NODE_ESCAPED);
			break;
		case NODE_PARTIAL:
			rc = render_partial(renderer, mustache, node, frame, indent);
			break;
		case NODE_SECTION:
		case NODE_INVERTED:
			rc = render_section(renderer, mustache, i, frame, indent);
			i = node->end - 1;
			break;
		case NODE_CLOSE:
			break;
		}
	}
	return rc;
}

int mustache_render(struct buf *out, const struct mustache *mustache, const json_t *context,
		    struct mustache_partials *partials, struct error *err)
{
	struct renderer renderer = {.out = out, .partials = partials, .err = err};
	int rc = render(&renderer, mustache, 0, mustache->n, &(struct frame){context, NULL}, NULL);

	return rc < 0 ? rc : buf_check(out, err);
}
