/* The figures of the pages: which chart answers which question, with its caption and its data as CSV. */
#ifndef ASSAY_SITE_PAGE_PLOTS_H
#define ASSAY_SITE_PAGE_PLOTS_H

#include "site/page/figure.h"
#include "site/page/model.h"

struct plot_runs { /* the runs of a comparison chart */
	const struct seen_run *const *run;
	size_t n;
	const char *metric;
	int lower;
	const struct seen_run *bar; /* NULL: nothing is drawn */
	const struct seen_run *from; /* runs of other experiments than this one's are named with theirs */
};

/* Differences to the bar with today's intervals; where no run was compared with it, the scores themselves. Nothing is added
 * where there are fewer than two rows. */
MUST_CHECK int plot_differences(struct figures *out, const struct site_model *model, const struct plot_runs *runs,
				const char *data_path, struct error *err);
/* The metric over the runs in order of time, with the best so far. Nothing with fewer than two. */
MUST_CHECK int plot_history(struct figures *out, const struct site_model *model, const struct plot_runs *runs,
			    const char *data_path, struct error *err);

/* evaluation.json of a run; *out NULL where it has none, or one that cannot be read (a problem is noted). */
MUST_CHECK int evaluation_load(json_t **out, struct site_model *model, const struct seen_run *run, struct error *err);

/* ROC, precision against recall, calibration of a run beside its bar. */
MUST_CHECK int plot_curves(struct figures *out, struct site_model *model, const struct seen_run *run,
			   const struct seen_run *bar, struct error *err);

#endif
