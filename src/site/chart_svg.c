/* The SVG pass: colours become classes, markers plain shapes, placeholders text; fonts, groups, ids and defs are left out. */
#include "site/chart_svg.h"

#include <ctype.h>
#include <math.h>

struct tag { /* from behind '<' to before '>' */
	const char *text;
	size_t len;
};

struct pass {
	struct buf *out;
	struct buf texts; /* come last: their halo keeps lines clear of them */
	const struct names *labels;
	double width; /* of lines, from the group around */
	double x, y; /* of the text that comes */
	enum ink ink;
	char anchor; /* s, m, e: start, middle, end */
	struct error *err;
};

static const char *const classes[INKS] = {
	[INK_TEXT] = "k-ink",       [INK_SOFT] = "k-soft",   [INK_GRID] = "k-grid",       [INK_AXIS] = "k-axis",
	[INK_BETTER] = "k-better",  [INK_WORSE] = "k-worse", [INK_SAME] = "k-same",       [INK_BASE] = "k-base",
	[INK_CRITERION] = "k-crit", [INK_FOCUS] = "k-focus", [INK_CONTEXT] = "k-context", [INK_SECOND] = "k-second",
};

static int unexpected(struct pass *pass, const char *what)
{
	return error_set(pass->err, ERR_MACHINE, "gnuplot drew an unexpected %s", what);
}

/* The value of an attribute, NUL-ended and cut to `size`; 0 if there is none. */
static int attribute(char *out, size_t size, struct tag tag, const char *name)
{
	size_t name_len = strlen(name);
	const char *end = tag.text + tag.len;

	for (const char *at = tag.text; (at = memmem(at, (size_t)(end - at), name, name_len)); at += name_len) {
		const char *value = at + name_len, *stop;

		if (at == tag.text || !isspace((unsigned char)at[-1]))
			continue;
		while (value < end && isspace((unsigned char)*value))
			value++;
		if (value == end || *value != '=')
			continue;
		do
			value++;
		while (value < end && isspace((unsigned char)*value));
		if (value == end || (*value != '"' && *value != '\''))
			continue;
		stop = memchr(value + 1, *value, (size_t)(end - value - 1));
		if (!stop || (size_t)(stop - value) > size)
			return 0;
		memcpy(out, value + 1, (size_t)(stop - value - 1));
		out[stop - value - 1] = '\0';
		return 1;
	}
	return 0;
}

/* The ink of "rgb(  1,   0,  11)"; INK_NONE for any other colour. */
static enum ink ink_of(const char *colour)
{
	int red, green, blue, end = 0;

	if (sscanf(colour, "rgb( %3d , %3d , %3d )%n", &red, &green, &blue, &end) < 3 || !end)
		return INK_NONE;
	return red == 1 && green == 0 && blue > INK_NONE && blue < INKS ? (enum ink)blue : INK_NONE;
}

/* To a tenth, without what says nothing: 12 and not 12.0. */
static void put_number(struct buf *out, double value)
{
	double tenths = nearbyint(value * 10);

	if (fmod(tenths, 10) == 0)
		buf_printf(out, "%.0f", tenths / 10 + 0.0);
	else
		buf_printf(out, "%.1f", tenths / 10);
}

static void put_attribute(struct buf *out, const char *name, double value)
{
	buf_printf(out, " %s=\"", name);
	put_number(out, value);
	buf_putc(out, '"');
}

static int take_group(struct pass *pass, struct tag tag)
{
	char text[64];

	if (attribute(text, sizeof(text), tag, "transform")) {
		if (sscanf(text, "translate(%lf,%lf)", &pass->x, &pass->y) != 2)
			return unexpected(pass, "place of a text");
		pass->ink = attribute(text, sizeof(text), tag, "fill") ? ink_of(text) : INK_NONE;
		pass->anchor = attribute(text, sizeof(text), tag, "text-anchor") ? text[0] : 's';
	} else if (attribute(text, sizeof(text), tag, "stroke-width")) {
		pass->width = strtod(text, NULL);
	}
	return 0;
}

/* at: behind "<text>". The placeholder is L and the number of the label. */
static int take_text(struct pass *pass, const char *at)
{
	const char *label;
	unsigned long number;
	char *end;

	at += strspn(at, " \t\n");
	if (*at == '<') /* a tick whose label stands elsewhere */
		return 0;
	if (*at != 'L' || !isdigit((unsigned char)at[1]) || !pass->ink)
		return unexpected(pass, "text");
	number = strtoul(at + 1, &end, 10);
	if (number >= pass->labels->n || !strchr("x<", *end))
		return unexpected(pass, "text");
	label = pass->labels->name[number];
	buf_printf(&pass->texts, "<text class=\"%s\"", classes[pass->ink]);
	put_attribute(&pass->texts, "x", pass->x);
	put_attribute(&pass->texts, "y", pass->y);
	if (pass->anchor != 's')
		buf_printf(&pass->texts, " text-anchor=\"%s\"", pass->anchor == 'm' ? "middle" : "end");
	buf_putc(&pass->texts, '>');
	buf_html(&pass->texts, label, strlen(label));
	buf_puts(&pass->texts, "</text>\n");
	return 0;
}

static void put_shape(struct buf *out, long marker, const char *class, double x, double y, double r)
{
	double up = marker == 8 ? -1 : 1;

	if (marker == 4) {
		buf_printf(out, "<rect class=\"%s dot\"", class);
		put_attribute(out, "x", x - r);
		put_attribute(out, "y", y - r);
		put_attribute(out, "width", 2 * r);
		put_attribute(out, "height", 2 * r);
		buf_puts(out, "/>\n");
	} else if (marker == 8 || marker == 10) {
		buf_printf(out, "<path class=\"%s dot\" d=\"M%.1f,%.1fL%.1f,%.1fL%.1f,%.1fz\"/>\n", class, x,
			   y + up * r, x + r, y - up * r * .75, x - r, y - up * r * .75);
	} else {
		buf_printf(out, "<circle class=\"%s %s\"", class, marker == 5 ? "ring" : "dot");
		put_attribute(out, "cx", x);
		put_attribute(out, "cy", y);
		put_attribute(out, "r", r);
		buf_puts(out, "/>\n");
	}
}

/* A marker; the white one below it is a halo, which the theme draws. */
static int take_marker(struct pass *pass, struct tag tag)
{
	char text[64];
	double x, y, scale;
	enum ink ink;
	long marker;

	if (!attribute(text, sizeof(text), tag, "color"))
		return unexpected(pass, "marker");
	ink = ink_of(text);
	if (!ink)
		return strcmp(text, "white") != 0 ? unexpected(pass, "colour") : 0;
	if (!attribute(text, sizeof(text), tag, "xlink:href") || strncmp(text, "#gpPt", 5) != 0)
		return unexpected(pass, "marker");
	marker = strtol(text + 5, NULL, 10);
	if (!attribute(text, sizeof(text), tag, "transform") ||
	    sscanf(text, "translate(%lf,%lf) scale(%lf)", &x, &y, &scale) != 3)
		return unexpected(pass, "marker");
	put_shape(pass->out, marker, classes[ink], x, y, scale * 0.98);
	return 0;
}

/* Append M and L commands to a tenth; a move that draws nothing and a point on the last one are left out. */
static int put_path(struct pass *pass, struct buf *d, const char *text)
{
	double x, y, last_x = NAN, last_y = NAN;
	struct buf move = BUF_INIT;
	char command;
	int used;

	for (; text += strspn(text, " \t\n"), *text; text += used) {
		if (sscanf(text, "%c%lf,%lf%n", &command, &x, &y, &used) != 3 || (command != 'M' && command != 'L')) {
			buf_release(&move);
			return unexpected(pass, "line");
		}
		x = nearbyint(x * 10) / 10;
		y = nearbyint(y * 10) / 10;
		if (command == 'M') {
			buf_clear(&move);
			buf_putc(&move, 'M');
			put_number(&move, x);
			buf_putc(&move, ',');
			put_number(&move, y);
		} else if (x != last_x || y != last_y) {
			buf_put(d, move.text, move.len);
			buf_clear(&move);
			buf_putc(d, 'L');
			put_number(d, x);
			buf_putc(d, ',');
			put_number(d, y);
		}
		last_x = x;
		last_y = y;
	}
	d->failed |= move.failed;
	buf_release(&move);
	return 0;
}

static int take_path(struct pass *pass, struct tag tag)
{
	struct buf points = BUF_INIT, d = BUF_INIT;
	char text[64];
	double on, off;
	enum ink ink;
	int rc = 0;

	ink = attribute(text, sizeof(text), tag, "stroke") ? ink_of(text) : INK_NONE;
	if (buf_reserve(&points, tag.len) < 0)
		rc = error_nomem(pass->err);
	else if (!attribute(points.text, tag.len, tag, "d"))
		rc = unexpected(pass, "line");
	else
		rc = put_path(pass, &d, points.text);
	if (rc < 0 || !d.len)
		goto out;
	if (!ink) {
		rc = unexpected(pass, "colour");
		goto out;
	}
	buf_printf(pass->out, "<path class=\"%s\"", classes[ink]);
	if (pass->width != 1)
		put_attribute(pass->out, "stroke-width", pass->width);
	if (attribute(text, sizeof(text), tag, "stroke-dasharray") && sscanf(text, "%lf,%lf", &on, &off) == 2) {
		buf_puts(pass->out, " stroke-dasharray=\"");
		put_number(pass->out, on);
		buf_putc(pass->out, ',');
		put_number(pass->out, off);
		buf_putc(pass->out, '"');
	}
	buf_printf(pass->out, " d=\"%s\"/>\n", d.text);
	pass->out->failed |= d.failed;
out:
	buf_release(&points);
	buf_release(&d);
	return rc;
}

static int take_element(struct pass *pass, struct tag tag)
{
	if (!strncmp(tag.text, "g ", 2))
		return take_group(pass, tag);
	if (!strncmp(tag.text, "text>", 5))
		return take_text(pass, tag.text + 5);
	if (!strncmp(tag.text, "path ", 5))
		return take_path(pass, tag);
	if (!strncmp(tag.text, "use ", 4))
		return take_marker(pass, tag);
	if (tag.text[0] == '/' || !strncmp(tag.text, "title>", 6))
		return 0;
	return unexpected(pass, "element");
}

static void put_words(struct buf *out, const char *element, const char *id, const char *text)
{
	buf_printf(out, "<%s id=\"%s-%c\">", element, id, element[0]);
	buf_html(out, text, strlen(text));
	buf_printf(out, "</%s>", element);
}

int chart_svg(struct buf *out, const char *svg, const struct chart *chart, const struct names *labels,
	      struct error *err)
{
	struct pass pass = {.out = out, .texts = BUF_INIT, .labels = labels, .width = 1, .err = err};
	const char *box = strstr(svg, "viewBox=\"0 0 "), *at = strstr(svg, "</defs>");
	int width, height, rc = 0;

	if (!box || !at || sscanf(box, "viewBox=\"0 0 %5d %5d\"", &width, &height) != 2)
		return unexpected(&pass, "file");
	buf_printf(out, "<svg class=\"plot\" viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"%s-t %s-d\">", width,
		   height, chart->id, chart->id);
	put_words(out, "title", chart->id, chart->title ? chart->title : "");
	put_words(out, "desc", chart->id, chart->desc ? chart->desc : "");
	buf_putc(out, '\n');
	at += strlen("</defs>");
	while (rc == 0 && (at = strchr(at, '<'))) {
		const char *end = strchr(at, '>');

		if (!end) {
			rc = unexpected(&pass, "end");
			break;
		}
		rc = take_element(&pass, (struct tag){at + 1, (size_t)(end - at - 1)});
		at = end;
	}
	buf_put(out, pass.texts.text, pass.texts.len);
	buf_puts(out, "</svg>");
	out->failed |= pass.texts.failed;
	buf_release(&pass.texts);
	return rc < 0 ? rc : buf_check(out, err);
}
