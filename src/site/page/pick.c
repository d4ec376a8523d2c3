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

	if (!item || item->picked.best != run || item->picked.m < 2)
		return;
	buf_printf(out, "%s%s %s ", out->len ? " " : "", run_name(&run->run), item->picked.named ? "was" : "is the");
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
