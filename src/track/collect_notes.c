/* What is odd in what a command wrote, as notes that stay few whatever it wrote; and names fit for a record. */
#include "track/collect_inside.h"

#include "base/hash.h"
#include "base/mem.h"

#include <stdarg.h>

static const char *const words[ODDITIES] = {
	[ODD_LINE] = "is not a JSON object and was left out",
	[ODD_LONG_LINE] = "is too long and was left out",
	[ODD_CUT] = "was cut off before its end and was left out",
	[ODD_NAME] = "has an empty name or one with control characters, which was left out",
	[ODD_LONG_NAME] = "has a name of over 200 bytes, which was cut",
	[ODD_VALUE] = "is not a number and was left out",
	[ODD_LONG_VALUE] = "has a value of over 4 KiB, which was cut",
	[ODD_STEP] = "has a step that is no number; the line's number was taken",
	[ODD_TIME] = "has a time that is no number, which was left out",
	[ODD_TWICE] = "has a name twice; the last value was taken",
	[ODD_MANY] = "is beyond the first 10,000 names and was left out",
	[ODD_HIDDEN] = "looks secret and was not recorded (***)",
};

void odd(struct oddities *odds, enum oddity kind, size_t line, const char *detail, size_t len)
{
	size_t step, n = 0;
	unsigned code;

	if (odds->kind[kind].count++)
		return;
	odds->kind[kind].line = line;
	for (size_t i = 0; i < len && n + 8 < sizeof(odds->kind[kind].detail); i += step ? step : 1) {
		step = utf8_next(detail + i, len - i, &code);
		if (step && code >= 0x20 && code != 0x7f)
			memcpy(odds->kind[kind].detail + n, detail + i, step);
		else
			odds->kind[kind].detail[n] = '?';
		n += step && code >= 0x20 && code != 0x7f ? step : 1;
	}
	odds->kind[kind].detail[n] = '\0';
}

int odd_any(const struct oddities *odds)
{
	for (int kind = 0; kind < ODDITIES; kind++)
		if (odds->kind[kind].count)
			return 1;
	return 0;
}

int odd_notes(struct names *notes, const struct oddities *odds, struct error *err)
{
	struct buf text = BUF_INIT;
	int rc = 0;

	for (int kind = 0; kind < ODDITIES && !rc; kind++) {
		size_t count = odds->kind[kind].count;

		if (!count)
			continue;
		buf_clear(&text);
		buf_puts(&text, odds->file);
		if (odds->kind[kind].line)
			buf_printf(&text, ": line %zu", odds->kind[kind].line);
		if (odds->kind[kind].detail[0])
			buf_printf(&text, ": %s", odds->kind[kind].detail);
		buf_printf(&text, " %s", words[kind]);
		if (count > 1)
			buf_printf(&text, " (%zu times)", count);
		rc = buf_check(&text, err);
		if (!rc)
			rc = names_add(notes, text.text, err);
	}
	buf_release(&text);
	return rc;
}

int collect_note(struct names *notes, struct error *err, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return names_add(notes, text, err);
}

int collect_unread(struct names *notes, const struct error *reason, struct error *err)
{
	if (reason->code == ERR_NOMEM)
		return error_nomem(err);
	return collect_note(notes, err, "%s; what could not be read was left out", reason->text);
}

size_t collect_cut(const char *text, size_t len, size_t most)
{
	size_t at = 0, step;
	unsigned code;

	while (at < len && (step = utf8_next(text + at, len - at, &code)) && at + step <= most)
		at += step;
	return at;
}

int collect_name(struct buf *out, const char *name, size_t len, struct oddities *odds, size_t line, struct error *err)
{
	char digest[SHA256_HEX];
	int rc;

	buf_clear(out);
	for (size_t i = 0, step; i < len; i += step) {
		unsigned code = 0;

		step = utf8_next(name + i, len - i, &code);
		if (!step || code < 0x20 || (code >= 0x7f && code < 0xa0)) {
			len = i ? i : 1;
			odd(odds, ODD_NAME, line, name, len);
			return 0;
		}
	}
	if (!len) {
		odd(odds, ODD_NAME, line, "", 0);
		return 0;
	}
	if (len <= COLLECT_NAME) {
		buf_put(out, name, len);
	} else {
		odd(odds, ODD_LONG_NAME, line, name, 40);
		rc = sha256(digest, name, len, err);
		if (rc < 0)
			return rc;
		/* two long names that begin alike stay two */
		buf_put(out, name, collect_cut(name, len, COLLECT_NAME - 13));
		buf_printf(out, "~%.12s", digest);
	}
	rc = buf_check(out, err);
	return rc ? rc : 1;
}
