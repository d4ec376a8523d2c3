/* Numbers, dates and phrases as the pages print them. */
#include "site/page/words.h"

#include "format/number.h"
#include "stats/metric.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_CHARACTERS 40

const char *words_title(const char *metric)
{
	const struct metric *known = metric_find(metric);

	return known && known->title ? known->title : metric;
}

int words_lower_is_better(const char *metric)
{
	const struct metric *known = metric_find(metric);

	return known && known->better == BETTER_LOWER;
}

/* Digits of `value` without sign, grouped where it is large. */
static void put_magnitude(struct buf *out, double value, int decimals)
{
	char text[64];
	size_t whole;

	snprintf(text, sizeof(text), "%.*f", decimals, fabs(value));
	whole = strcspn(text, ".");
	for (size_t i = 0; text[i]; i++) {
		if (i > 0 && i < whole && whole > 3 && (whole - i) % 3 == 0)
			buf_putc(out, ',');
		buf_putc(out, text[i]);
	}
}

/* How a metric is printed: its value times `factor`, in `unit`. */
struct scale {
	double factor;
	const char *unit; /* "" for a score */
};

/* Short times in a smaller unit: 0.014 ms is 14 µs, 0.043 s is 43 ms. */
static struct scale scale_of(const char *metric, double value)
{
	const struct metric *known = metric_find(metric);
	const char *unit = known && known->unit ? known->unit : "";
	int seconds = !strcmp(unit, "s");
	double size = fabs(value) * (seconds ? 1000 : 1); /* in ms */

	if ((!seconds && strcmp(unit, "ms") != 0) || size == 0 || size >= (seconds ? 100 : 0.1))
		return (struct scale){1, unit};
	if (size < 0.1)
		return (struct scale){seconds ? 1e6 : 1e3, "\xc2\xb5s"};
	return (struct scale){1e3, "ms"};
}

/* How many decimals: 3 for scores, two digits for times, fewer as numbers grow. */
static int decimals_of(const struct scale *scale, double value)
{
	double size = fabs(value) * scale->factor;

	if (scale->unit[0])
		return size < 0.1 ? 3 : size < 1 ? 2 : size < 10 ? 1 : 0;
	return size < 100 ? 3 : size < 1000 ? 1 : 0;
}

static int is_zero(double value, int decimals)
{
	return fabs(value) * pow(10, decimals) < 0.5;
}

static void put_number(struct buf *out, double value, int decimals, int plus)
{
	if (!isfinite(value) || fabs(value) >= 1e15) {
		char text[NUMBER_TEXT];

		number_text(text, value);
		buf_puts(out, text);
		return;
	}
	if (!is_zero(value, decimals))
		buf_puts(out, value < 0 ? MINUS : plus ? "+" : "");
	put_magnitude(out, value, decimals);
}

static void put_unit(struct buf *out, const struct scale *scale)
{
	if (scale->unit[0])
		buf_printf(out, NO_BREAK "%s", scale->unit);
}

static void put_value(struct buf *out, const char *metric, double value, int plus)
{
	struct scale scale = scale_of(metric, value);

	put_number(out, value * scale.factor, decimals_of(&scale, value), plus);
	put_unit(out, &scale);
}

void words_value(struct buf *out, const char *metric, double value)
{
	put_value(out, metric, value, 0);
}

void words_signed(struct buf *out, const char *metric, double value)
{
	put_value(out, metric, value, 1);
}

/* Both ends in the unit and at the decimals of the larger one. */
static void put_interval(struct buf *out, const char *metric, double low, double high, int plus)
{
	double larger = fabs(low) > fabs(high) ? low : high;
	struct scale scale = scale_of(metric, larger);
	int decimals = decimals_of(&scale, larger);

	put_number(out, low * scale.factor, decimals, plus);
	buf_puts(out, plus || low < 0 || high < 0 ? " to " : EN_DASH);
	put_number(out, high * scale.factor, decimals, plus);
	put_unit(out, &scale);
}

void words_interval(struct buf *out, const char *metric, double low, double high)
{
	put_interval(out, metric, low, high, 0);
}

void words_signed_interval(struct buf *out, const char *metric, double low, double high)
{
	put_interval(out, metric, low, high, 1);
}

void words_p(struct buf *out, double p, double floor)
{
	double least = floor > 0.001 ? floor : 0.001;

	if (p >= 1)
		p = 1;
	else if (p < 0.001 || (floor > 0 && p <= floor)) {
		buf_printf(out, "p" NO_BREAK "<" NO_BREAK "%.3f", ceil(least * 1e3 - 1e-9) / 1e3);
		return;
	}
	buf_printf(out, "p" NO_BREAK "%.*f", p < 0.0995 ? 3 : 2, p);
}

void words_count(struct buf *out, double n)
{
	put_magnitude(out, n, 0);
}

void words_some(struct buf *out, size_t n, const char *one, const char *many)
{
	words_count(out, (double)n);
	buf_printf(out, " %s", n == 1 ? one : many);
}

void words_bytes(struct buf *out, double bytes)
{
	static const char *const unit[] = {"bytes", "kB", "MB", "GB", "TB"};
	size_t i = 0;

	while (bytes >= 999.5 && i + 1 < sizeof(unit) / sizeof(*unit)) {
		bytes /= 1000;
		i++;
	}
	put_magnitude(out, bytes, i && bytes < 9.95 ? 1 : 0);
	buf_printf(out, NO_BREAK "%s", unit[i]);
}

void words_seconds(struct buf *out, double seconds)
{
	if (seconds < 59.5) {
		put_magnitude(out, seconds, seconds < 0.1 ? 3 : seconds < 1 ? 2 : seconds < 10 ? 1 : 0);
		buf_puts(out, NO_BREAK "s");
		return;
	}
	if (seconds < 3600)
		buf_printf(out, "%d" NO_BREAK "min %d" NO_BREAK "s", (int)(seconds / 60), (int)fmod(seconds, 60));
	else
		buf_printf(out, "%.0f" NO_BREAK "h %d" NO_BREAK "min", floor(seconds / 3600),
			   (int)(fmod(seconds, 3600) / 60));
}

void words_share(struct buf *out, double share)
{
	put_magnitude(out, share * 100, share < 0.0995 || share > 0.9005 ? 1 : 0);
	buf_puts(out, NO_BREAK "%");
}

void words_date(struct buf *out, const char *rfc3339, enum words_date form)
{
	static const char *const month[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	int y, m, d, hour = 0, minute = 0;

	if (sscanf(rfc3339, "%4d-%2d-%2dT%2d:%2d", &y, &m, &d, &hour, &minute) < 3 || m < 1 || m > 12 || d < 1 ||
	    d > 31) {
		buf_puts(out, rfc3339);
		return;
	}
	buf_printf(out, "%d %s", d, month[m - 1]);
	if (form != DATE_SHORT)
		buf_printf(out, " %d", y);
	if (form == DATE_TIME)
		buf_printf(out, ", %02d:%02d UTC", hour, minute);
}

void words_rule(struct buf *out, const char *rule)
{
	for (; *rule; rule++) {
		if (!strncmp(rule, ">=", 2)) {
			buf_puts(out, "\xe2\x89\xa5");
			rule++;
		} else if (!strncmp(rule, "<=", 2)) {
			buf_puts(out, "\xe2\x89\xa4");
			rule++;
		} else if (*rule == ' ' && rule[1] >= '0' && rule[1] <= '9') {
			buf_puts(out, NO_BREAK);
		} else {
			buf_putc(out, *rule);
		}
	}
}

void words_sentence(struct buf *out, const char *phrase)
{
	if (*phrase >= 'a' && *phrase <= 'z')
		buf_putc(out, (char)(*phrase++ - 'a' + 'A'));
	buf_puts(out, phrase);
}

void words_shell(struct buf *out, const char *word)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%^";

	if (*word && word[strspn(word, safe)] == '\0') {
		buf_puts(out, word);
		return;
	}
	buf_putc(out, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			buf_puts(out, "'\\''");
		else
			buf_putc(out, *word);
	}
	buf_putc(out, '\'');
}

void words_command(struct buf *out, const json_t *command)
{
	const json_t *word;
	size_t i;

	json_array_foreach((json_t *)(size_t)command, i, word)
	{
		if (i)
			buf_putc(out, ' ');
		words_shell(out, json_string_value(word) ? json_string_value(word) : "");
	}
}

void words_scalar(struct buf *out, const json_t *value)
{
	char text[NUMBER_TEXT];
	char *dumped;

	if (json_is_string(value)) {
		buf_puts(out, json_string_value(value));
		return;
	}
	if (json_is_integer(value)) {
		buf_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		return;
	}
	if (json_is_real(value)) {
		number_text(text, json_real_value(value));
		buf_puts(out, text);
		return;
	}
	dumped = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
	buf_puts(out, dumped ? dumped : "");
	free(dumped);
}

void words_name(struct buf *out, const char *name)
{
	size_t len = strlen(name), characters = 0, step, head = 0, tail = 0, at = 0;
	unsigned code;

	for (size_t i = 0; i < len; i += step ? step : 1) {
		step = utf8_next(name + i, len - i, &code);
		characters++;
	}
	if (characters <= NAME_CHARACTERS) {
		buf_puts(out, name);
		return;
	}
	for (size_t i = 0; i < len; i += step ? step : 1) {
		step = utf8_next(name + i, len - i, &code);
		if (at++ < NAME_CHARACTERS / 2)
			head = i + (step ? step : 1);
		if (at == characters - NAME_CHARACTERS / 2 + 2)
			tail = i;
	}
	buf_put(out, name, head);
	buf_puts(out, "\xe2\x80\xa6");
	buf_puts(out, name + tail);
}
