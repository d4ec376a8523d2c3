#include "site/page/pick_rates.h"

#include "site/page/words.h"

struct pick_rate { /* a line of selection_rates.def: one world, so many trials */
	const char *models; /* what is true: "equal", "one ahead" */
	size_t m, rows;
	int alike; /* 1: errors of two models are correlated by 0.55; 0: independent */
	size_t trials;
	size_t plain, corrected; /* trials whose 95 % interval holds the truth of the picked one */
	double plain_off, off; /* mean of figure - truth, in standard errors */
	double width; /* of the corrected interval, in those of the plain one */
	size_t placed; /* trials with places */
	/* In these, shares: of the truly best that are in the bracket, of the models whose places hold the true one, and of the
	 * models in the bracket. */
	double kept, held, could;
};

#define PICKED(...) {__VA_ARGS__},
static const struct pick_rate rates_of_picking[] = {
#include "site/page/selection_rates.def"
};
#undef PICKED

static void view_share(struct view *view, const char *key, double share)
{
	view_printf(view, key, "%.1f", 100 * share);
}

/* "+0.04", with a true minus */
static void view_off(struct view *view, const char *key, double off)
{
	view_printf(view, key, "%s%.2f", off < 0 ? MINUS : "+", off < 0 ? -off : off);
}

void pick_rates_view(struct view *out)
{
	struct view list = view_list();

	for (size_t i = 0; i < sizeof(rates_of_picking) / sizeof(*rates_of_picking); i++) {
		const struct pick_rate *rate = &rates_of_picking[i];
		struct view view = view_object();
		double trials = (double)rate->trials;

		view_text(&view, "models", rate->models);
		view_text(&view, "errors", rate->alike ? "errors alike" : "independent errors");
		view_printf(&view, "m", "%zu", rate->m);
		view_printf(&view, "trials", "%zu", rate->trials);
		view_share(&view, "plain", (double)rate->plain / trials);
		view_share(&view, "corrected", (double)rate->corrected / trials);
		view_off(&view, "plain_off", rate->plain_off);
		view_off(&view, "off", rate->off);
		view_printf(&view, "width", "%.2f", rate->width);
		view_share(&view, "kept", rate->kept);
		view_share(&view, "held", rate->held);
		view_printf(&view, "could", "%.0f", 100 * rate->could);
		view_add(&list, &view);
	}
	view_sub(out, "picked_rates", &list);
}
