/* Figures as people read them: see figure.h. */
#include "command/figure.h"

#include "format/json.h"
#include "stats/metric.h"

#include <math.h>

enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR, DAYS_IN_WORDS = 30 };

static const char *unit_of(const char *name)
{
	const struct metric *metric = metric_find(name);

	return metric ? metric->unit : "";
}

/*
 * Three digits that count, never an exponent for what people measure: 0.0123, 1.23, 12.3, 123, 1234. What is no number
 * (a stranger's huge figures, one less the other) has no size to count digits of.
 */
static void put_three_digits(struct buf *out, double value, const char *sign)
{
	double size = fabs(value);
	int decimals = !(size > 0 && size < 100) ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 2 - (int)floor(log10(size));

	if (decimals > 9 || size >= 1e15)
		buf_printf(out, "%s%.3g", value < 0 ? "-" : sign, size);
	else
		buf_printf(out, "%s%.*f", value < 0 ? "-" : sign, decimals, size);
}

static void put_value(struct buf *out, const char *name, double value, const char *sign)
{
	/* What is known to have no unit is a score; others may be of any size. */
	if (!*unit_of(name) && fabs(value) < 1000)
		buf_printf(out, "%s%.3f", value <= -0.0005 ? "-" : sign, fabs(value));
	else
		put_three_digits(out, value, sign);
}

void figure_score(struct buf *out, const char *name, double value, int with_unit)
{
	const char *unit = unit_of(name);

	put_value(out, name, value, "");
	if (with_unit && *unit)
		buf_printf(out, " %s", unit);
}

void figure_difference(struct buf *out, const char *name, double value)
{
	put_value(out, name, value, fabs(value) < 0.0005 && !*unit_of(name) ? "" : "+");
}

void figure_interval(struct buf *out, const char *name, const json_t *pair)
{
	double low, high;

	if (!json_number(&low, json_array_get(pair, 0)) || !json_number(&high, json_array_get(pair, 1)))
		return;
	buf_putc(out, '[');
	put_value(out, name, low, "");
	buf_puts(out, ", ");
	put_value(out, name, high, "");
	buf_putc(out, ']');
}

void figure_count(struct buf *out, double value)
{
	buf_grouped(out, value);
}

void figure_bytes(struct buf *out, double bytes)
{
	static const char *const unit[] = {"bytes", "kB", "MB", "GB", "TB"};
	size_t i = 0;

	while (bytes >= 1000 && i + 1 < sizeof(unit) / sizeof(*unit)) {
		bytes /= 1000;
		i++;
	}
	if (i)
		put_three_digits(out, bytes, "");
	else
		buf_printf(out, "%.0f", bytes);
	buf_printf(out, " %s", unit[i]);
}

void figure_age(struct buf *out, const char *time_text, time_t now)
{
	struct tm tm = {0};
	long long age;

	if (!strptime(time_text, "%Y-%m-%dT%H:%M:%SZ", &tm)) {
		buf_puts(out, time_text);
		return;
	}
	age = (long long)(now - timegm(&tm));
	if (age < 0 || age >= (long long)DAYS_IN_WORDS * DAY)
		buf_put(out, time_text, strlen("2026-11-24"));
	else if (age < MINUTE)
		buf_puts(out, "just now");
	else if (age < HOUR)
		buf_printf(out, "%lld min ago", age / MINUTE);
	else if (age < DAY)
		buf_printf(out, "%lld h ago", age / HOUR);
	else
		buf_printf(out, "%lld %s ago", age / DAY, age < 2 * DAY ? "day" : "days");
}
