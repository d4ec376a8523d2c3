#include "format/json_word.h"
#include "format/json.h"
#include "format/number.h"

#include <errno.h>

static const char *pass_digits(const char *at, const char *end)
{
	while (at < end && *at >= '0' && *at <= '9')
		at++;
	return at;
}

int json_is_number_text(const char *text, size_t len)
{
	const char *at = text, *end = text + len, *start;

	at += at < end && *at == '-';
	start = at;
	at = pass_digits(at, end);
	if (at == start || (*start == '0' && at > start + 1))
		return 0;
	if (at < end && *at == '.') {
		start = ++at;
		at = pass_digits(at, end);
		if (at == start)
			return 0;
	}
	if (at < end && (*at == 'e' || *at == 'E')) {
		at++;
		at += at < end && (*at == '+' || *at == '-');
		start = at;
		at = pass_digits(at, end);
		if (at == start)
			return 0;
	}
	return at == end;
}

static json_t *number_json(const char *text, size_t len)
{
	double value;

	if (!text[strcspn(text, ".eE")]) {
		json_int_t integer;

		errno = 0;
		integer = strtoll(text, NULL, 10);
		if (!errno)
			return json_integer(integer);
	}
	if (number_parse(&value, text, len) == NUMBER_OVERFLOW)
		return json_string(value < 0 ? "-Infinity" : "Infinity");
	return json_real(value);
}

json_t *json_word(const char *text)
{
	size_t len = strlen(text);

	if (json_is_number_text(text, len))
		return number_json(text, len);
	if (!strcmp(text, "true"))
		return json_true();
	if (!strcmp(text, "false"))
		return json_false();
	return json_text(text);
}
