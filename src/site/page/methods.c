/* The methods page: which test when, in words. Its metrics come from the table of metrics. */
#include "site/page/page.h"

#include "base/mem.h"
#include "site/page/pick_rates.h"
#include "site/page/rates_view.h"
#include "stats/metric.h"

static char *methods_path(const struct site_model *model, size_t i)
{
	(void)model;
	(void)i;
	return mem_text("methods.html");
}

/* How the difference of a metric of this kind is tested. */
static const char *test_of(enum metric_kind kind)
{
	switch (kind) {
	case METRIC_PROPORTION:
		return "Tango\xe2\x80\x99s score interval for paired proportions (1998)";
	case METRIC_AREA:
		return "DeLong, DeLong and Clarke-Pearson (1988), by Sun and Xu\xe2\x80\x99s algorithm (2014); "
		       "equivalence by intervals on the logit scale (Zou and Donner 2008)";
	case METRIC_COUNTS:
		return "paired bootstrap over the counts, 10,000 draws";
	case METRIC_RANKING:
		return "paired bootstrap over the rows, 2,000 draws";
	case METRIC_ROWS:
		return "t on the differences by row";
	case METRIC_TIMING:
		break;
	}
	return "not judged: it varies with the machine";
}

static int methods_context(struct view *out, struct site_model *model, size_t i, const struct figures *figures,
			   struct error *err)
{
	struct view list = view_list();

	(void)i;
	(void)figures;
	for (size_t k = 0; metrics[k]; k++) {
		struct view view = view_object();

		view_text(&view, "name", metrics[k]->name);
		view_text(&view, "better", metrics[k]->better == BETTER_LOWER ? "lower" : "higher");
		view_text(&view, "test", test_of(metrics[k]->kind));
		view_text(&view, "source", metrics[k]->source ? metrics[k]->source : "");
		view_add(&list, &view);
	}
	view_printf(out, "page_title", "Methods \xc2\xb7 %s", model->project->name);
	view_sub(out, "metrics", &list);
	rates_view(out);
	pick_rates_view(out);
	return view_end(out, err);
}

const struct page page_methods = {
	.template = "methods",
	.section = "methods.html",
	.path = methods_path,
	.context = methods_context,
};
