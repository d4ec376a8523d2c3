#include "format/json_line.h"
#include "format/json_word.h"
#include "format/number.h"

#include <math.h>

static void pass_blanks(struct json_line *line)
{
	while (line->at < line->end && (*line->at == ' ' || *line->at == '\t' || *line->at == '\r'))
		line->at++;
}

/* The byte looked at, passed over, if it is `c`. */
static int take(struct json_line *line, char c)
{
	if (line->at == line->end || *line->at != c)
		return 0;
	line->at++;
	return 1;
}

/* "name": up to the colon and the blanks behind it. */
static int take_name(struct json_line *line, struct json_member *out)
{
	const char *start;

	if (!take(line, '"'))
		return 0;
	for (start = line->at; line->at < line->end && *line->at != '"'; line->at++)
		if (*line->at == '\\' || (unsigned char)*line->at < 0x20 || *line->at == 0x7f)
			return 0;
	out->name = start;
	out->len = (size_t)(line->at - start);
	if (!take(line, '"'))
		return 0;
	pass_blanks(line);
	if (!take(line, ':'))
		return 0;
	pass_blanks(line);
	return 1;
}

static int take_word(struct json_line *line, double *out)
{
	static const struct {
		const char *text;
		double value;
	} words[] = {{"NaN", NAN}, {"Infinity", INFINITY}, {"-Infinity", -INFINITY}};
	size_t left = (size_t)(line->end - line->at);

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t len = strlen(words[i].text);

		if (len <= left && !memcmp(line->at, words[i].text, len)) {
			*out = words[i].value;
			line->at += len;
			return 1;
		}
	}
	return 0;
}

static int take_number(struct json_line *line, double *out)
{
	const char *start = line->at;

	while (line->at < line->end && ((*line->at >= '0' && *line->at <= '9') || *line->at == '.' ||
					*line->at == '-' || *line->at == '+' || *line->at == 'e' || *line->at == 'E'))
		line->at++;
	return json_is_number_text(start, (size_t)(line->at - start)) &&
	       number_parse(out, start, (size_t)(line->at - start)) != NUMBER_NONE;
}

static int take_value(struct json_line *line, double *out)
{
	const char *at = line->at;

	if (at < line->end && *at == '-')
		at++;
	return at < line->end && *at >= '0' && *at <= '9' ? take_number(line, out) : take_word(line, out);
}

/* The object is closed: nothing may follow. */
static enum json_line_state ended(struct json_line *line)
{
	pass_blanks(line);
	return line->at == line->end ? JSON_LINE_END : JSON_LINE_OTHER;
}

enum json_line_state json_line_next(struct json_line *line, struct json_member *out)
{
	pass_blanks(line);
	if (!line->started) {
		line->started = 1;
		if (!take(line, '{'))
			return JSON_LINE_OTHER;
		pass_blanks(line);
		if (take(line, '}'))
			return ended(line);
	} else if (take(line, '}')) {
		return ended(line);
	} else if (!take(line, ',')) {
		return JSON_LINE_OTHER;
	}
	pass_blanks(line);
	return take_name(line, out) && take_value(line, &out->value) ? JSON_LINE_MEMBER : JSON_LINE_OTHER;
}
