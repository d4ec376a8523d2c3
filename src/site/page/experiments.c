/* The list of experiments: which hypotheses held. */
#include "site/page/page.h"

#include "base/mem.h"
#include "site/page/hypotheses.h"
#include "site/page/lead.h"
#include "site/page/words.h"

static char *experiments_path(const struct site_model *model, size_t i)
{
	(void)model;
	(void)i;
	return mem_text("experiments.html");
}

/* "1 confirmed, 0 refuted, 1 open." */
static void view_counts(struct view *out, const struct site_model *model)
{
	size_t confirmed = 0, refuted = 0, undecided = 0, open = 0;
	struct buf text = BUF_INIT;

	for (size_t i = 0; i < model->experiments; i++) {
		switch (hypothesis_verdict(&model->experiment[i])) {
		case VERDICT_CONFIRMED:
			confirmed++;
			break;
		case VERDICT_REFUTED:
			refuted++;
			break;
		case VERDICT_UNDECIDED:
			undecided++;
			break;
		default:
			open++;
		}
	}
	words_some(&text, model->experiments, "experiment", "experiments");
	buf_printf(&text, ": %zu confirmed, %zu refuted, %zu undecided, %zu open.", confirmed, refuted, undecided,
		   open);
	view_text(out, "counts", text.text);
	view_done(out, &text);
}

static int experiments_context(struct view *out, struct site_model *model, size_t i, const struct figures *figures,
			       struct error *err)
{
	(void)i;
	(void)figures;
	view_printf(out, "page_title", "Experiments \xc2\xb7 %s", model->project->name);
	view_flag(out, "any_experiments", model->experiments > 0);
	view_counts(out, model);
	hypotheses_view(out, "hypotheses", model, HYPOTHESES_ALL);
	return view_end(out, err);
}

const struct page page_experiments = {
	.template = "experiments",
	.section = "experiments.html",
	.path = experiments_path,
	.context = experiments_context,
};
