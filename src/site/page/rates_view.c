#include "site/page/rates_view.h"

#include "site/page/rates.h"
#include "site/page/words.h"
#include "stats/proportion.h"

#include <string.h>

#define Z 1.959963984540054 /* of a 95 % interval */

struct group {
	const char *scope; /* NULL: any */
	const char *claim;
	const char *title;
	const char *units; /* head of the column of units; NULL: there is one run a side */
};

static const struct group groups[] = {
	{"model", "winner",
	 "Scope model: false \xe2\x80\x9c"
	 "better\xe2\x80\x9d or \xe2\x80\x9cworse\xe2\x80\x9d",
	 NULL},
	{"model", "equivalent",
	 "Scope model: false \xe2\x80\x9c"
	 "equivalent\xe2\x80\x9d",
	 NULL},
	{"model", "not_worse", "Scope model: false \xe2\x80\x9cnot worse\xe2\x80\x9d", NULL},
	{"model", "power", "Scope model: power at the stated detectable difference", NULL},
	{"recipe", "winner",
	 "Scope recipe: false \xe2\x80\x9c"
	 "better\xe2\x80\x9d or \xe2\x80\x9cworse\xe2\x80\x9d",
	 "Seeds"},
	{"recipe", "equivalent",
	 "Scope recipe: false \xe2\x80\x9c"
	 "equivalent\xe2\x80\x9d",
	 "Seeds"},
	{"recipe", "not_worse", "Scope recipe: false \xe2\x80\x9cnot worse\xe2\x80\x9d", "Seeds"},
	{"recipe", "power_estimated",
	 "Scope recipe: power at the stated detectable difference, its spread known from these seeds alone", "Seeds"},
	{"change", "winner",
	 "Scope change: false \xe2\x80\x9c"
	 "better\xe2\x80\x9d or \xe2\x80\x9cworse\xe2\x80\x9d",
	 "Splits"},
	{"change", "equivalent",
	 "Scope change: false \xe2\x80\x9c"
	 "equivalent\xe2\x80\x9d",
	 "Splits"},
	{"change", "not_worse", "Scope change: false \xe2\x80\x9cnot worse\xe2\x80\x9d", "Splits"},
	{NULL, "unclaimed",
	 "What is not claimed: \xe2\x80\x9c"
	 "better\xe2\x80\x9d or \xe2\x80\x9cworse\xe2\x80\x9d outside its scope",
	 "Seeds or splits"},
};

/* What the rates of a group come to. */
struct sum {
	size_t worlds, rates, off;
	const char *null; /* of the last row */
};

static int is_of(const struct rate *rate, const struct group *group)
{
	return (!group->scope || strcmp(rate->scope, group->scope) == 0) && strcmp(rate->claim, group->claim) == 0;
}

static void add_cell(struct view *list, const struct rate *rate, size_t metric, struct sum *sum)
{
	size_t hits = rate->of[metric].hits, trials = rate->of[metric].trials;
	int off = rate_is_off(rate->claim, rate->family, hits, trials);
	struct view view = view_object();
	double low, high;

	view_flag(&view, "measured", trials > 0);
	view_flag(&view, "off", off);
	if (trials) {
		wilson_interval(&low, &high, (double)hits, (double)trials, Z);
		view_printf(&view, "rate", "%.1f", 100 * (double)hits / (double)trials);
		view_printf(&view, "interval", "%.1f" EN_DASH "%.1f", 100 * low, 100 * high);
		sum->rates++;
		sum->off += (size_t)off;
	}
	view_add(list, &view);
}

static void add_count(struct view *view, const char *key, size_t n)
{
	struct buf text = BUF_INIT;

	words_count(&text, (double)n);
	view_text(view, key, text.text);
	view_done(view, &text);
}

static void add_row(struct view *list, const struct group *group, const struct rate *rate, struct sum *sum)
{
	struct view view = view_object(), cells = view_list();
	size_t trials = 0;

	for (size_t m = 0; m < RATE_METRICS; m++) {
		add_cell(&cells, rate, m, sum);
		if (rate->of[m].trials > trials)
			trials = rate->of[m].trials;
	}
	/* a head over the rows of one world */
	view_text(&view, "null", sum->null && strcmp(sum->null, rate->null) == 0 ? NULL : rate->null);
	view_printf(&view, "columns", "%d", RATE_METRICS + (group->units ? 5 : 4));
	add_count(&view, "test_rows", rate->rows);
	add_count(&view, "rarer", rate->rarer);
	view_flag(&view, "has_units", group->units != NULL);
	add_count(&view, "units", rate->units);
	add_count(&view, "family", rate->family);
	add_count(&view, "trials", trials);
	view_sub(&view, "cells", &cells);
	view_add(list, &view);
	sum->worlds += rate->family == 1;
	sum->null = rate->null;
}

static void add_summary(struct view *view, const struct group *group, const struct sum *sum)
{
	struct buf text = BUF_INIT;

	words_some(&text, sum->worlds, "world", "worlds");
	if (rate_has_limit(group->claim) && sum->off)
		buf_printf(&text, ", %zu of %zu rates off their limit", sum->off, sum->rates);
	else if (rate_has_limit(group->claim))
		buf_printf(&text, ", all %zu rates within their limit", sum->rates);
	view_text(view, "summary", text.text);
	view_done(view, &text);
}

static void add_group(struct view *list, const struct group *group)
{
	struct view view = view_object(), rows = view_list();
	struct sum sum = {0};

	for (size_t i = 0; rates[i].scope; i++)
		if (is_of(&rates[i], group))
			add_row(&rows, group, &rates[i], &sum);
	view_text(&view, "title", group->title);
	view_text(&view, "units_title", group->units);
	add_summary(&view, group, &sum);
	view_sub(&view, "rows", &rows);
	if (sum.worlds)
		view_add(list, &view);
	else
		view_release(&view);
}

void rates_view(struct view *out)
{
	static const char *const names[] = {RATE_METRIC_NAMES};
	struct view list = view_list(), titles = view_list();

	for (size_t g = 0; g < sizeof(groups) / sizeof(*groups); g++)
		add_group(&list, &groups[g]);
	for (size_t m = 0; m < RATE_METRICS; m++)
		view_add_text(&titles, words_title(names[m]));
	view_sub(out, "rates", &list);
	view_sub(out, "rates_metrics", &titles);
}
