#include "site/page/pick.h"

#include "site/page/words.h"

static void put_interval(struct buf *out, const char *metric, double low, double high)
{
	buf_putc(out, '(');
	words_interval(out, metric, low, high);
	buf_putc(out, ')');
}

void pick_sentence(struct buf *out, const struct site_model *model, const struct seen_run *run)
{
	static const struct picked_figures figures = {words_value, put_interval, words_title};
	const struct site_experiment *item = model_experiment(model, run_experiment(&run->run));

	if (!item || item->picked.m < 2 || (item->picked.best != run && item->picked.named != run))
		return;
	buf_printf(out, "%s%s ", out->len ? " " : "", run_name(&run->run));
	if (item->picked.named == run) {
		buf_printf(out, "was %s.", picked_named_words);
		return;
	}
	buf_puts(out, "is the ");
	picked_words(out, &item->picked, &figures);
	buf_putc(out, '.');
}

void pick_view(struct view *out, const struct site_model *model, const struct seen_run *run)
{
	const struct site_experiment *item = model_experiment(model, run_experiment(&run->run));
	const struct picked_run *picked = item ? picked_run(&item->picked, run_id(&run->run)) : NULL;
	struct buf text = BUF_INIT;

	if (picked)
		picked_places(&text, picked, EN_DASH);
	view_text(out, "places", picked ? text.text : NULL);
	view_flag(out, "could", picked && picked->first == 1);
	view_done(out, &text);
}

/* The run in the bracket with the least of that field; NULL where one of them lacks it. */
static const struct seen_run *least_of(double *least, const struct picked *picked, const char *field)
{
	const struct seen_run *found = NULL;

	for (size_t i = 0; i < picked->n; i++) {
		double value;

		if (picked->run[i].first > 1)
			continue;
		if (!run_number(&value, &picked->run[i].run->run, field))
			return NULL;
		if (!found || value < *least) {
			found = picked->run[i].run;
			*least = value;
		}
	}
	return found;
}

void pick_bracket(struct buf *out, const struct site_experiment *item)
{
	const struct picked *picked = &item->picked;
	const struct seen_run *quick;
	double least;

	if (!picked->corrected || picked->could < 2)
		return;
	buf_printf(out, "The bracket holds the %zu runs that could be the best", picked->could);
	quick = least_of(&least, picked, "metrics.latency_ms");
	if (quick) {
		buf_printf(out, "; the quickest of them is %s, with ", run_name(&quick->run));
		words_value(out, "latency_ms", least);
		buf_puts(out, " for a row");
	} else {
		quick = least_of(&least, picked, "usage.seconds");
		if (quick) {
			buf_printf(out, "; the quickest of them was %s, after ", run_name(&quick->run));
			words_seconds(out, least);
		}
	}
	buf_putc(out, '.');
}
