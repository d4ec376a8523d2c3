#include "judge/decide.h"

#include "format/json.h"
#include "format/number.h"
#include "judge/entry.h"
#include "judge/judge.h"
#include "stats/few.h"
#include "stats/power.h"

#include <math.h>

static double number_at(const json_t *object, const char *key)
{
	double number;

	return json_number(&number, json_object_get(object, key)) && number > 0 ? number : 0;
}

static int is_change(const json_t *comparison)
{
	const char *scope = json_string_value(json_object_get(comparison, "scope"));

	return scope && strcmp(scope, "change") == 0;
}

/* Of a change all parts fall with the rows of data, and one with more splits. */
static void design_change(struct power_design *design, const struct run *run, double splits)
{
	double train = 0, test = 0;

	design->floor_variance = design->rows_variance;
	design->rows_variance = 0;
	design->repeats = (size_t)fmin(splits, 1e6);
	if (!run_number(&train, run, "data.split.train_rows") || !run_number(&test, run, "data.split.test_rows"))
		design->rows = 0;
	else
		design->rows = (size_t)fmax(0, fmin(train + test, 1e15));
}

static struct power_design design_of(const struct run *run, const json_t *comparison, const struct entry *entry,
				     size_t family)
{
	const json_t *seeds = json_object_get(comparison, "seeds");
	double all = entry->se * entry->se, rows = entry->se_rows * entry->se_rows, a = 0, b = 0,
	       splits = number_at(comparison, "splits");
	struct power_design design = {.rows_variance = rows,
				      .rows_df = entry->df_rows,
				      .repeats_variance = fmax(0, all - rows),
				      .repeats_df = entry->df,
				      .rows = (size_t)number_at(comparison, "rows"),
				      .family = (double)family};

	json_number(&a, json_array_get(seeds, 0));
	json_number(&b, json_array_get(seeds, 1));
	design.repeats = (size_t)fmax(0, fmin(fmax(a, b), 1e6));
	if (is_change(comparison))
		design_change(&design, run, splits);
	return design;
}

static void put_number(struct buf *out, double value)
{
	char text[NUMBER_TEXT];

	number_text(text, value);
	buf_puts(out, text);
}

/* Two digits are all that such a forecast is worth; up, so that it is enough. */
static void put_about(struct buf *out, size_t n)
{
	double step = pow(10, fmax(0, floor(log10((double)n)) - 1));

	buf_grouped(out, ceil((double)n / step) * step);
}

static void put_needs(struct buf *out, const struct power_need *need, const json_t *comparison)
{
	int change = is_change(comparison);

	if (need->rows != POWER_NEVER) {
		buf_puts(out, "about ");
		put_about(out, need->rows);
		buf_puts(out, change ? " more rows of data" : " more test rows");
	}
	if (need->repeats == POWER_NEVER)
		return;
	buf_puts(out, need->rows != POWER_NEVER ? " or " : "");
	put_about(out, need->repeats);
	buf_printf(out, " more %s%s%s", change ? "split" : "seed", need->repeats == 1 ? "" : "s",
		   change ? "" : " a side");
}

static void put_margin(struct buf *out, const struct power_design *design, const json_t *comparison, double margin)
{
	struct power_need need = power_needed(design, margin);
	int never = need.rows == POWER_NEVER && need.repeats == POWER_NEVER;
	int hidden = margin < power_detectable(design);

	if (need.rows == 0 && need.repeats == 0) {
		buf_puts(out, "there are rows enough for a margin of ");
		put_number(out, margin);
		buf_puts(out, ", this difference lies where they do not decide");
		return;
	}
	if (hidden || never) {
		buf_puts(out, "a margin of ");
		put_number(out, margin);
		buf_printf(out, " cannot be shown with these %s: ", is_change(comparison) ? "splits" : "rows");
	}
	if (never) {
		buf_printf(out, "it takes more test rows and more %s", is_change(comparison) ? "splits" : "seeds");
		return;
	}
	put_needs(out, &need, comparison);
	buf_puts(out, " would decide");
	if (!hidden) {
		buf_puts(out, " at a margin of ");
		put_number(out, margin);
	}
}

static void put_too_few(struct buf *out, const json_t *comparison, size_t family)
{
	const json_t *rarer = json_object_get(comparison, "rarer");

	if (!json_is_integer(rarer)) {
		buf_puts(out, "too few rows to judge");
		return;
	}
	buf_printf(out, "%" JSON_INTEGER_FORMAT " rows of the rarer class are too few to judge",
		   json_integer_value(rarer));
	if (json_integer_value(rarer) < (json_int_t)few_needed(family))
		buf_printf(out, ": it takes %zu", few_needed(family));
}

int judge_decide(struct buf *out, const struct run *run, const char *metric, size_t points)
{
	const json_t *comparison = run_comparison(run, "baseline");
	struct power_design design;
	struct entry entry;
	const char *word;
	size_t family;

	if (!entry_read(&entry, comparison, metric))
		return 0;
	family = points == JUDGE_THEN ? entry.family : points * entry.members;
	word = entry_verdict(&entry, family);
	if (strcmp(word, "too_few") == 0) {
		put_too_few(out, comparison, family);
		return 1;
	}
	if ((strcmp(word, "undecided") != 0 && strcmp(word, "not_worse") != 0) || !(entry.se > 0))
		return 0;
	design = design_of(run, comparison, &entry, family);
	if (isnan(entry.margin) || !(entry.margin > 0)) {
		char text[NUMBER_TEXT];

		snprintf(text, sizeof(text), "%.2g", power_detectable(&design));
		buf_printf(out, "these %s would show a difference of %s in 4 of 5 cases",
			   is_change(comparison) ? "splits" : "rows", text);
		return 1;
	}
	put_margin(out, &design, comparison, entry.margin);
	return 1;
}
