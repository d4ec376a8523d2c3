#include "base/buf.h"
#include "base/mem.h"

#include <stdarg.h>
#include <wchar.h>

char buf_empty[1] = "";

void buf_release(struct buf *buf)
{
	if (!buf)
		return;
	if (buf->cap)
		free(buf->text);
	*buf = (struct buf)BUF_INIT;
}

void buf_clear(struct buf *buf)
{
	buf->len = 0;
	if (buf->cap)
		buf->text[0] = '\0';
}

int buf_reserve(struct buf *buf, size_t more)
{
	size_t need = buf->len + more + 1, cap = buf->cap ? buf->cap : 64;
	char *bigger;

	if (buf->failed)
		return ERR_NOMEM;
	if (need <= buf->cap)
		return 0;
	while (cap < need && cap < need * 2)
		cap *= 2;
	bigger = need > buf->len ? mem_resize(buf->cap ? buf->text : NULL, cap, 1) : NULL;
	if (!bigger) {
		buf->failed = 1;
		return ERR_NOMEM;
	}
	if (!buf->cap)
		bigger[0] = '\0';
	buf->text = bigger;
	buf->cap = cap;
	return 0;
}

void buf_put(struct buf *buf, const void *bytes, size_t len)
{
	if (!len || buf_reserve(buf, len) < 0)
		return;
	memcpy(buf->text + buf->len, bytes, len);
	buf->len += len;
	buf->text[buf->len] = '\0';
}

void buf_puts(struct buf *buf, const char *text)
{
	buf_put(buf, text, strlen(text));
}

void buf_putc(struct buf *buf, char c)
{
	buf_put(buf, &c, 1);
}

void buf_printf(struct buf *buf, const char *format, ...)
{
	char small[256];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(small, sizeof(small), format, args);
	va_end(args);
	if (len < 0) {
		buf->failed = 1;
		return;
	}
	if ((size_t)len < sizeof(small)) {
		buf_put(buf, small, (size_t)len);
		return;
	}
	if (buf_reserve(buf, (size_t)len) < 0)
		return;
	va_start(args, format);
	vsnprintf(buf->text + buf->len, (size_t)len + 1, format, args);
	va_end(args);
	buf->len += (size_t)len;
}

void buf_grouped(struct buf *buf, double whole)
{
	char digits[400];
	int len = snprintf(digits, sizeof(digits), "%.0f", whole);

	for (int i = 0; i < len; i++) {
		buf_putc(buf, digits[i]);
		if (digits[i] != '-' && i + 1 < len && (len - 1 - i) % 3 == 0)
			buf_putc(buf, ',');
	}
}

int buf_check(const struct buf *buf, struct error *err)
{
	return buf->failed ? error_nomem(err) : 0;
}

char *buf_detach(struct buf *buf)
{
	char *text = NULL;

	if (!buf->failed)
		text = buf->cap ? buf->text : mem_text("");
	if (text && buf->cap)
		*buf = (struct buf)BUF_INIT;
	return text;
}

size_t utf8_next(const char *text, size_t len, unsigned *code)
{
	const unsigned char *s = (const unsigned char *)text;
	static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t want = s[0] < 0x80 ? 1 : (s[0] >> 5) == 6 ? 2 : (s[0] >> 4) == 14 ? 3 : (s[0] >> 3) == 30 ? 4 : 0;
	unsigned value;

	if (!want || want > len)
		return 0;
	value = want == 1 ? s[0] : s[0] & (0x7fU >> want);
	for (size_t i = 1; i < want; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (s[i] & 0x3f);
	}
	if (value < least[want] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*code = value;
	return want;
}

/* Hidden characters that reorder or hide text on a terminal or page: bidi controls, zero width, line separators. */
static int is_hidden(unsigned code)
{
	return (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2060 && code <= 0x206f) || code == 0xfeff || code == 0x061c ||
	       (code >= 0xe0000 && code <= 0xe007f);
}

static int is_control(unsigned code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

#define REPLACEMENT "\xef\xbf\xbd"

void buf_html(struct buf *buf, const char *text, size_t len)
{
	size_t step;
	unsigned code;

	for (size_t i = 0; i < len; i += step ? step : 1) {
		step = utf8_next(text + i, len - i, &code);
		if (!step)
			buf_puts(buf, REPLACEMENT);
		else if (code == '&')
			buf_puts(buf, "&amp;");
		else if (code == '<')
			buf_puts(buf, "&lt;");
		else if (code == '>')
			buf_puts(buf, "&gt;");
		else if (code == '"')
			buf_puts(buf, "&quot;");
		else if (code == '\'')
			buf_puts(buf, "&#39;");
		else if (is_hidden(code) || (is_control(code) && code != '\n' && code != '\t' && code != '\r'))
			buf_printf(buf, "&lt;U+%04X&gt;", code);
		else
			buf_put(buf, text + i, step);
	}
}

void buf_terminal(struct buf *buf, const char *text, size_t len)
{
	size_t step;
	unsigned code;

	for (size_t i = 0; i < len; i += step ? step : 1) {
		step = utf8_next(text + i, len - i, &code);
		if (!step)
			buf_puts(buf, REPLACEMENT);
		else if (is_control(code) || is_hidden(code))
			buf_printf(buf, "<U+%04X>", code);
		else
			buf_put(buf, text + i, step);
	}
}

/* The longest run of backticks: a code span's fence is one longer. */
static size_t backticks(const char *text, size_t len)
{
	size_t most = 0, run = 0;

	for (size_t i = 0; i < len; i++) {
		run = text[i] == '`' ? run + 1 : 0;
		most = run > most ? run : most;
	}
	return most;
}

void buf_markdown_code(struct buf *buf, const char *text, size_t len)
{
	size_t fence = backticks(text, len) + 1, from = 0;
	int pad = !len || text[0] == '`' || text[len - 1] == '`' || text[0] == ' ' || text[len - 1] == ' ';

	for (size_t i = 0; i < fence; i++)
		buf_putc(buf, '`');
	if (pad)
		buf_putc(buf, ' ');
	for (size_t i = 0; i < len; i++) { /* a cell ends at a pipe, in a code span too */
		if (text[i] != '|')
			continue;
		buf_terminal(buf, text + from, i - from);
		buf_putc(buf, '\\');
		from = i;
	}
	buf_terminal(buf, text + from, len - from);
	if (pad)
		buf_putc(buf, ' ');
	for (size_t i = 0; i < fence; i++)
		buf_putc(buf, '`');
}

void buf_csv(struct buf *buf, const char *text, size_t len)
{
	int quote = len && (text[0] == ' ' || text[len - 1] == ' ');

	for (size_t i = 0; i < len && !quote; i++)
		quote = text[i] == '"' || text[i] == ',' || text[i] == '\n' || text[i] == '\r';
	if (!quote) {
		buf_put(buf, text, len);
		return;
	}
	buf_putc(buf, '"');
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '"')
			buf_putc(buf, '"');
		buf_putc(buf, text[i]);
	}
	buf_putc(buf, '"');
}

void buf_json_text(struct buf *buf, const char *text, size_t len)
{
	size_t step;
	unsigned code;

	buf_putc(buf, '"');
	for (size_t i = 0; i < len; i += step ? step : 1) {
		step = utf8_next(text + i, len - i, &code);
		if (!step)
			buf_puts(buf, REPLACEMENT);
		else if (code == '"' || code == '\\')
			buf_printf(buf, "\\%c", (int)code);
		else if (code == '\n')
			buf_puts(buf, "\\n");
		else if (code == '\t')
			buf_puts(buf, "\\t");
		else if (code == '\r')
			buf_puts(buf, "\\r");
		else if (code < 0x20)
			buf_printf(buf, "\\u%04x", code);
		else
			buf_put(buf, text + i, step);
	}
	buf_putc(buf, '"');
}

/* Enough of Unicode's width tables for tables of names: marks take no column, East Asian and pictographs two. */
static size_t width_of(unsigned code)
{
	if ((code >= 0x300 && code <= 0x36f) || (code >= 0x1ab0 && code <= 0x1aff) ||
	    (code >= 0x20d0 && code <= 0x20ff) || (code >= 0xfe00 && code <= 0xfe0f) ||
	    (code >= 0xfe20 && code <= 0xfe2f))
		return 0;
	if ((code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) ||
	    (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) ||
	    (code >= 0xfe30 && code <= 0xfe6f) || (code >= 0xff00 && code <= 0xff60) ||
	    (code >= 0xffe0 && code <= 0xffe6) || (code >= 0x1f300 && code <= 0x1faff) ||
	    (code >= 0x20000 && code <= 0x3fffd))
		return 2;
	return 1;
}

size_t utf8_width(const char *text)
{
	size_t len = strlen(text), width = 0, step;
	unsigned code;

	for (size_t i = 0; i < len; i += step ? step : 1) {
		step = utf8_next(text + i, len - i, &code);
		width += step ? width_of(code) : 1;
	}
	return width;
}
