#include "base/error.h"

#include <errno.h>
#include <stdarg.h>

int error_set(struct error *err, int code, const char *format, ...)
{
	va_list args;

	if (!err || err->code)
		return code;
	err->code = code;
	err->hint[0] = '\0';
	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	return code;
}

void error_hint(struct error *err, const char *format, ...)
{
	va_list args;

	if (!err || !err->code || err->hint[0])
		return;
	va_start(args, format);
	vsnprintf(err->hint, sizeof(err->hint), format, args);
	va_end(args);
}

void error_prefix(struct error *err, const char *format, ...)
{
	char where[1024], rest[sizeof(err->text)];
	va_list args;

	if (!err || !err->code)
		return;
	va_start(args, format);
	vsnprintf(where, sizeof(where), format, args);
	va_end(args);
	memcpy(rest, err->text, sizeof(rest));
	snprintf(err->text, sizeof(err->text), "%s: %.*s", where, (int)(sizeof(rest) - sizeof(where) - 3), rest);
}

void error_say_nomem(struct error *err)
{
	error_set(err, ERR_NOMEM, "out of memory");
	error_hint(err, "use fewer rows or columns, or a machine with more memory");
}

int error_errno(struct error *err, const char *format, ...)
{
	int saved = errno, code = saved == ENOENT ? ERR_NOT_FOUND : ERR_MACHINE;
	char what[1536];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	return error_set(err, code, "%s: %s", what, strerror(saved));
}

void error_clear(struct error *err)
{
	if (err)
		*err = (struct error){0};
}

int error_exit(int code)
{
	return code == ERR_INPUT || code == ERR_NOT_FOUND ? 2 : 3;
}
