/* Marks: intervals, bars and glyphs as views. */
#include "site/page/mark.h"

#include "base/buf.h"
#include "site/page/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void axis_stretch(struct axis *axis, double value)
{
	if (!isfinite(value))
		return;
	if (!axis->used || value < axis->low)
		axis->low = value;
	if (!axis->used || value > axis->high)
		axis->high = value;
	axis->used = 1;
}

void axis_finish(struct axis *axis)
{
	double width = axis->high - axis->low;

	if (width <= 0)
		width = axis->high != 0 ? fabs(axis->high) : 1;
	axis->low -= 0.06 * width;
	axis->high += 0.06 * width;
}

/* In per cent, may lie outside of 0 .. 100. */
static double axis_position(const struct axis *axis, double value)
{
	double width = axis->high - axis->low;

	return width > 0 ? 100 * (value - axis->low) / width : 50;
}

static void put_position(struct view *view, const char *key, double position)
{
	if (isnan(position))
		view_flag(view, key, 0);
	else
		view_printf(view, key, "%.1f%%", position < 0 ? 0 : position > 100 ? 100 : position);
}

/* A step of 1, 2 or 5 times a power of ten that gives at most four or five ticks: a narrow cell has room for no more. */
static double nice_step(double width)
{
	double raw = width / 4, power = pow(10, floor(log10(raw))), lead = raw / power;

	return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

static void add_tick(struct view *ticks, const struct axis *axis, double value, int decimals, int plus)
{
	struct view tick = view_object();
	double size = fabs(value) * pow(10, decimals) < 0.5 ? 0 : value;

	put_position(&tick, "at", axis_position(axis, value));
	view_printf(&tick, "text", "%s%.*f",
		    size < 0           ? MINUS
		    : plus && size > 0 ? "+"
				       : "",
		    size == 0 ? 0 : decimals, fabs(size));
	view_add(ticks, &tick);
}

static void put_line(struct view *out, const char *key, const struct axis *axis, const struct axis_line *line,
		     const char *anchor)
{
	struct view view = view_object();
	double at;

	if (!line || isnan(line->value)) {
		view_release(&view);
		view_flag(out, key, 0);
		return;
	}
	at = axis_position(axis, line->value);
	put_position(&view, "at", at);
	view_text(&view, "label", line->label);
	view_text(&view, "anchor", anchor ? anchor : at < 30 ? "start" : at > 70 ? "end" : "middle");
	view_sub(out, key, &view);
}

void axis_view(struct view *out, const struct axis *axis, const struct axis_line *base,
	       const struct axis_line *criterion, int signed_ticks)
{
	struct view ticks = view_list();
	double step = nice_step(axis->high - axis->low);
	int decimals = step >= 1 ? 0 : (int)ceil(-log10(step) - 1e-9);
	int both = base && criterion && !isnan(base->value) && !isnan(criterion->value);
	int base_left = both && base->value <= criterion->value;

	for (double i = ceil(axis->low / step); i * step <= axis->high; i++)
		add_tick(&ticks, axis, i * step, decimals, signed_ticks);
	view_sub(out, "ticks", &ticks);
	put_line(out, "base", axis, base, !both ? NULL : base_left ? "end" : "start");
	put_line(out, "crit", axis, criterion, !both ? NULL : base_left ? "start" : "end");
	if (signed_ticks && axis->low < 0 && axis->high > 0 && (!base || isnan(base->value)))
		put_position(out, "zero", axis_position(axis, 0));
	else
		view_flag(out, "zero", 0);
	axis_ends(out, NULL, NULL);
}

void axis_ends(struct view *out, const char *left, const char *right)
{
	view_text(out, "left_end", left);
	view_text(out, "right_end", right);
}

/* Off the scale: an arrow at the edge with the value instead of a mark outside of its cell. */
static int put_off(struct view *mark, double position, double value)
{
	struct buf text = BUF_INIT;
	int off = position < -0.5 || position > 100.5;

	words_value(&text, "", value);
	view_flag(mark, "off_left", off && position < 0);
	view_flag(mark, "off_right", off && position > 0);
	view_text(mark, "off_text", text.text);
	view_done(mark, &text);
	return off;
}

static void fill_interval(struct view *mark, const struct axis *axis, double value, double low, double high,
			  const char *class)
{
	int off = put_off(mark, axis_position(axis, value), value);

	view_text(mark, "class", class);
	if (off)
		view_flag(mark, "at", 0);
	else
		put_position(mark, "at", axis_position(axis, value));
	put_position(mark, "low", isnan(low) || off ? NAN : axis_position(axis, low));
	put_position(mark, "high", isnan(high) || off ? NAN : axis_position(axis, high));
}

void mark_interval(struct view *out, const char *key, const struct axis *axis, double value, double low, double high,
		   const char *class)
{
	struct view mark;

	if (isnan(value)) {
		view_flag(out, key, 0);
		return;
	}
	mark = view_object();
	fill_interval(&mark, axis, value, low, high, class);
	view_flag(&mark, "base", 0);
	view_flag(&mark, "crit", 0);
	view_sub(out, key, &mark);
}

void mark_alone(struct view *out, const char *key, double value, double low, double high, double base, double criterion,
		const char *class)
{
	struct axis axis = AXIS_EMPTY;
	struct view mark;

	if (isnan(value)) {
		view_flag(out, key, 0);
		return;
	}
	axis_stretch(&axis, value);
	axis_stretch(&axis, low);
	axis_stretch(&axis, high);
	axis_stretch(&axis, base);
	axis_stretch(&axis, criterion);
	axis_finish(&axis);
	mark = view_object();
	fill_interval(&mark, &axis, value, low, high, class);
	put_position(&mark, "base", isnan(base) ? NAN : axis_position(&axis, base));
	put_position(&mark, "crit", isnan(criterion) ? NAN : axis_position(&axis, criterion));
	view_sub(out, key, &mark);
}

void mark_bullet(struct view *out, const char *key, double value, double low, double high, double threshold, int met)
{
	struct view mark;
	double scale = 200.0 / 3 / threshold;

	if (!(threshold > 0) || isnan(value)) {
		view_flag(out, key, 0);
		return;
	}
	mark = view_object();
	put_position(&mark, "fill", value * scale);
	put_position(&mark, "low", low * scale);
	put_position(&mark, "high", high * scale);
	put_position(&mark, "threshold", 200.0 / 3);
	view_flag(&mark, "unmet", !met);
	view_sub(out, key, &mark);
}

/* The glyph is a flag of this name in part/verdict. */
static const struct {
	const char *record, *word, *class, *glyph;
} verdicts[] = {
	[VERDICT_NONE] = {NULL, EN_DASH, "mute", NULL},
	[VERDICT_BETTER] = {"better", "better", "better", "right"},
	[VERDICT_WORSE] = {"worse", "worse", "worse", "left"},
	[VERDICT_EQUIVALENT] = {"equivalent", "equivalent", "same", "band"},
	[VERDICT_NOT_WORSE] = {"not_worse", "not worse", "same", "above"},
	[VERDICT_UNDECIDED] = {"undecided", "no difference shown", "same", "across"},
	[VERDICT_TOO_FEW] = {"too_few", "too few to judge", "mute", "dashed"},
	[VERDICT_SAME] = {"same", "the same", "mute", NULL},
	[VERDICT_MET] = {"met", "met", "yes", "tick"},
	[VERDICT_UNMET] = {"unmet", "unmet", "unmet", "cross"},
	[VERDICT_QUIET_UNMET] = {NULL, "unmet", "mute", "cross"},
	[VERDICT_NOT_MEASURED] = {"not_measured", "not measured", "mute", "dashed"},
	[VERDICT_CONFIRMED] = {"confirmed", "confirmed", "yes", "tick"},
	[VERDICT_REFUTED] = {"refuted", "refuted", "refuted", "cross"},
	[VERDICT_OPEN] = {"untested", "not tested yet", "open", "dashed"},
	[VERDICT_WARN] = {NULL, "read with care", "warn", "triangle"},
	[VERDICT_FAILED] = {"failed", "failed", "mute", "cross"},
	[VERDICT_BASELINE] = {NULL, "best baseline", "base", "bar"},
};
#define VERDICTS (sizeof(verdicts) / sizeof(*verdicts))

enum verdict verdict_of(const char *word)
{
	for (size_t i = 0; word && i < VERDICTS; i++)
		if (verdicts[i].record && !strcmp(verdicts[i].record, word))
			return (enum verdict)i;
	return VERDICT_NONE;
}

const char *verdict_word(enum verdict verdict)
{
	return verdicts[verdict].word;
}

const char *verdict_class(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_BETTER:
	case VERDICT_WORSE:
		return verdicts[verdict].class;
	case VERDICT_BASELINE:
	case VERDICT_NONE:
		return "isbase";
	default:
		return "same";
	}
}

void verdict_view(struct view *out, const char *key, enum verdict verdict, const char *text)
{
	static const char *const glyph[] = {"right", "left",  "across", "band",     "above",
					    "tick",  "cross", "dashed", "triangle", "bar"};
	struct view view = view_object();

	view_text(&view, "class", verdicts[verdict].class);
	for (size_t i = 0; i < sizeof(glyph) / sizeof(*glyph); i++)
		view_flag(&view, glyph[i], verdicts[verdict].glyph && !strcmp(verdicts[verdict].glyph, glyph[i]));
	view_text(&view, "word", text ? text : verdicts[verdict].word);
	view_sub(out, key, &view);
}
