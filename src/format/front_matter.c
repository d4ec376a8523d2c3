#include "format/front_matter.h"

/* The length of the line at text without its end; *next is where the line after it starts. */
static size_t line_length(const char *text, const char *end, const char **next)
{
	const char *stop = text < end ? memchr(text, '\n', (size_t)(end - text)) : NULL;
	size_t len;

	*next = stop ? stop + 1 : end;
	if (!stop)
		stop = end;
	len = (size_t)(stop - text);
	return len && text[len - 1] == '\r' ? len - 1 : len;
}

static int is_fence(const char *line, size_t len)
{
	while (len && (line[len - 1] == ' ' || line[len - 1] == '\t'))
		len--;
	return len == 3 && !memcmp(line, "---", 3);
}

int front_matter_split(struct front_matter *out, const char *text, size_t len, const char *name, struct error *err)
{
	const char *end = text + len, *next;
	size_t line = 2;

	if (len >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
		text += 3;
	*out = (struct front_matter){.body = text, .body_len = (size_t)(end - text), .body_line = 1};
	if (!is_fence(text, line_length(text, end, &next)))
		return 0;
	out->yaml = next;
	out->yaml_line = 2;
	for (const char *at = next; at < end; at = next, line++) {
		size_t length = line_length(at, end, &next);

		if (!is_fence(at, length))
			continue;
		out->yaml_len = (size_t)(at - out->yaml);
		out->body = next;
		out->body_len = (size_t)(end - next);
		out->body_line = line + 1;
		return 0;
	}
	error_set(err, ERR_INPUT, "the front matter is opened and never closed: %s:1", name);
	error_hint(err, "end it with a line that holds --- alone");
	return ERR_INPUT;
}
