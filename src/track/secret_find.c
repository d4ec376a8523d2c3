/* Search a text for secrets: fast where there are none. */
#include "track/secret_work.h"

#include <stdint.h>

enum {
	NAME_LONGEST = 64,
	USER_LONGEST = 256,
	RANDOM_RUN = 10, /* letters and digits mixed without a break: drawn, not written */
	OBJECT_NAME = 40, /* hex digits of git's sha1, and of sha256: no secret, and often the value of some key */
	SHA256 = 64,
};

/*
 * A secret is found at a pair of characters that it must have: the end of a prefix (ghp_: "p_"), the end of a name and its
 * sign ("d="), "://". Two tables and one AND a byte tell that there is none; they are a little too generous, and what is
 * looked at then says no.
 */
enum pair {
	NAME = 1, /* the last letter of a name, then = : or what quotes it */
	SPACED = 2, /* a blank, then = or : */
	URL = 4, /* :/ */
	OPTION = 8, /* -- */
	UNDERSCORE = 16, /* and then the shapes */
	DASH = 32,
	BLANK = 64,
	STOP = 128,
	IA = 256,
	ZA = 512,
	YJ = 1024,
	PI = 2048,
	KEY_BLOCK = 4096, /* -B */
	SHAPES = UNDERSCORE | DASH | BLANK | STOP | IA | ZA | YJ | PI | KEY_BLOCK,
};

static const uint16_t first_of[256] = {
	['n'] = NAME,
	['N'] = NAME,
	['d'] = NAME,
	['D'] = NAME,
	['h'] = NAME,
	['y'] = NAME | YJ,
	['Y'] = NAME,
	['s'] = NAME | UNDERSCORE | DASH,
	['S'] = NAME,
	['e'] = NAME | UNDERSCORE | DASH,
	['E'] = NAME,
	['l'] = NAME,
	['L'] = NAME,
	['t'] = NAME | UNDERSCORE | DASH,
	['T'] = NAME,
	['p'] = UNDERSCORE | DASH | PI,
	['o'] = UNDERSCORE | DASH,
	['u'] = UNDERSCORE,
	['r'] = UNDERSCORE | DASH | BLANK,
	['f'] = UNDERSCORE,
	['k'] = UNDERSCORE | DASH,
	['m'] = UNDERSCORE,
	['8'] = UNDERSCORE,
	['b'] = DASH,
	['a'] = DASH,
	['i'] = DASH,
	['X'] = DASH,
	['c'] = BLANK,
	['9'] = STOP,
	['G'] = STOP,
	['I'] = IA,
	['z'] = ZA,
	['-'] = OPTION | KEY_BLOCK,
	[':'] = URL,
	[' '] = SPACED,
	['\t'] = SPACED,
};

static const uint16_t second_of[256] = {
	['='] = NAME | SPACED,
	[':'] = NAME | SPACED,
	['"'] = NAME,
	['\''] = NAME,
	['\\'] = NAME,
	['/'] = URL,
	['-'] = OPTION | DASH,
	['_'] = UNDERSCORE,
	[' '] = BLANK,
	['.'] = STOP,
	['A'] = IA,
	['a'] = ZA,
	['J'] = YJ,
	['i'] = PI,
	['B'] = KEY_BLOCK,
};

static int is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int is_name(char c)
{
	return is_alpha(c) || is_digit(c) || c == '_' || c == '-' || c == '.';
}

/* The last letters of names that secret_kind() knows: spares it most of what is not. */
static int may_end_name(const char *text, size_t end)
{
	static const char endings[][4] = {"ken", "key", "eys", "ord", "rds", "swd", "pwd", "ret",
					  "ets", "ial", "als", "ase", "ode", "ass", "pat"};

	if (end < 3)
		return 0;
	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++)
		if ((text[end - 1] | 32) == endings[i][2] && (text[end - 2] | 32) == endings[i][1] &&
		    (text[end - 3] | 32) == endings[i][0])
			return 1;
	return 0;
}

/* Letters and digits mixed in one long run, and no hash: for values of names that only may be secret. */
static int looks_random(const char *value, size_t len)
{
	size_t run = 0, hex = 0;
	int letters = 0, digits = 0, found = 0;

	for (size_t i = 0; i < len; i++) {
		if (!is_alpha(value[i]) && !is_digit(value[i])) {
			if (!strchr("_-+/=", value[i]))
				return 0;
			run = 0;
			letters = digits = 0;
			continue;
		}
		run++;
		hex += is_digit(value[i]) || ((value[i] | 32) >= 'a' && (value[i] | 32) <= 'f');
		letters |= is_alpha(value[i]);
		digits |= is_digit(value[i]);
		found |= run >= RANDOM_RUN && letters && digits;
	}
	return found && !(hex == len && (len == OBJECT_NAME || len == SHA256));
}

/* Set the value that begins at `at`, with or without quotes; 0 if what is there is no secret of this kind. */
static int take_value(struct secret *out, enum secret_kind kind, const char *text, size_t len, size_t at)
{
	size_t end;
	char quote = '\0';

	if (at + 1 < len && text[at] == '\\' && (text[at + 1] == '"' || text[at + 1] == '\''))
		at++;
	if (at < len && (text[at] == '"' || text[at] == '\''))
		quote = text[at++];
	for (end = at; end < len && text[end] != '\n' && text[end] != '\r'; end++) {
		if (quote ? text[end] == quote : strchr(" \t,;&\"')]}<>|", text[end]) != NULL && text[end])
			break;
		if (quote && text[end] == '\\' && end + 1 < len && text[end + 1] == quote)
			break; /* the quote of a text inside a text */
	}
	if (secret_is_blank(text + at, end - at) || (kind == SECRET_MAYBE && !looks_random(text + at, end - at)))
		return 0;
	out->start = at;
	out->end = end;
	out->open = end == len;
	return 1;
}

/* The kind of the name that ends before `end`; *start: where it begins. */
static enum secret_kind name_before(size_t *start, const char *text, size_t end)
{
	size_t from = end;

	if (!may_end_name(text, end))
		return SECRET_NOT;
	while (from && end - from < NAME_LONGEST && is_name(text[from - 1]))
		from--;
	*start = from;
	return secret_kind(text + from, end - from);
}

/* NAME=VALUE, name: value, "name": "value", environ["NAME"] = 'value'; the name ends before `end`. */
static int named(struct secret *out, const char *text, size_t len, size_t end)
{
	enum secret_kind kind = name_before(&out->context, text, end);
	size_t at = end;

	if (kind == SECRET_NOT)
		return 0;
	if (at < len && text[at] == '\\')
		at++;
	if (at < len && (text[at] == '"' || text[at] == '\''))
		at++;
	if (at < len && text[at] == ']')
		at++;
	while (at < len && (text[at] == ' ' || text[at] == '\t'))
		at++;
	if (at >= len || (text[at] != '=' && text[at] != ':'))
		return 0;
	at++;
	if (at < len && (text[at] == '=' || text[at] == ':')) /* a comparison, C++ */
		return 0;
	while (at < len && (text[at] == ' ' || text[at] == '\t'))
		at++;
	return take_value(out, kind, text, len, at);
}

/* --name VALUE, and '--name', 'VALUE' of an argument vector; `at` is at the first dash. */
static int option(struct secret *out, const char *text, size_t len, size_t at)
{
	size_t start = at + 2, end = start, gap;
	enum secret_kind kind;

	if (start >= len || !is_alpha(text[start]) || (at && is_name(text[at - 1])))
		return 0;
	while (end < len && end - start < NAME_LONGEST && is_name(text[end]))
		end++;
	if (!may_end_name(text, end))
		return 0;
	kind = secret_kind(text + start, end - start);
	for (gap = end; gap < len && gap - end < 4 && text[gap] && strchr(" \t\"',", text[gap]);)
		gap++;
	if (kind == SECRET_NOT || gap == end || gap >= len || text[gap] == '-')
		return 0;
	if (gap - end > 1 && (text[gap - 1] == '"' || text[gap - 1] == '\''))
		gap--;
	out->context = at;
	return take_value(out, kind, text, len, gap);
}

static int in_url(char c)
{
	return (unsigned char)c > ' ' && !strchr("/@\"'<>?#", c);
}

/* scheme://user:PASSWORD@host; `at` is at the colon. */
static int url(struct secret *out, const char *text, size_t len, size_t at)
{
	size_t user = at + 3, colon, end;

	if (!at || !is_alpha(text[at - 1]) || user >= len || text[at + 2] != '/')
		return 0;
	for (colon = user; colon < len && colon - user < USER_LONGEST && text[colon] != ':' && in_url(text[colon]);)
		colon++;
	if (colon >= len || text[colon] != ':')
		return 0;
	for (end = colon + 1; end < len && end - colon < USER_LONGEST && in_url(text[end]);)
		end++;
	if (end >= len || text[end] != '@' || secret_is_blank(text + colon + 1, end - colon - 1))
		return 0;
	*out = (struct secret){at, colon + 1, end, 0};
	return 1;
}

static int look(struct secret *out, unsigned pairs, const char *text, size_t len, size_t at)
{
	if (pairs & NAME && named(out, text, len, at + 1))
		return 1;
	if (pairs & SPACED) {
		size_t end = at;

		while (end && at - end < 8 && (text[end - 1] == ' ' || text[end - 1] == '\t'))
			end--;
		if (named(out, text, len, end))
			return 1;
	}
	if (pairs & URL && url(out, text, len, at))
		return 1;
	if (pairs & OPTION && option(out, text, len, at))
		return 1;
	return pairs & SHAPES && secret_shape(out, text, len, at);
}

int secret_find(struct secret *out, const char *text, size_t len, size_t from)
{
	const unsigned char *bytes = (const unsigned char *)text;

	for (size_t i = from ? from - 1 : 0; i + 1 < len; i++) {
		unsigned pairs = first_of[bytes[i]] & second_of[bytes[i + 1]];

		if (pairs && look(out, pairs, text, len, i) && out->start >= from)
			return 1;
	}
	return 0;
}
