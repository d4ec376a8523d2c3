/* The answers: sentences composed from the record, as the head of a page says them. */
#ifndef ASSAY_SITE_PAGE_LEAD_H
#define ASSAY_SITE_PAGE_LEAD_H

#include "site/page/model.h"

/* Of the whole project. */
void lead_overview(struct view *out, const struct site_model *model, const struct seen_run *lead,
		   const struct judged *judged);
/* Of a hypothesis. */
void lead_experiment(struct view *out, const struct site_model *model, const struct site_experiment *item);
/* Of a run. */
void lead_run(struct view *out, const struct site_model *model, const struct site_experiment *item,
	      const struct seen_run *run);

/* The verdict of a hypothesis: glyph and word. */
enum verdict hypothesis_verdict(const struct site_experiment *item);
const char *hypothesis_word(const struct site_experiment *item);
/* The metric that decided on the hypothesis, else the first expectation's, else the first declared. */
const char *hypothesis_metric(const struct site_experiment *item);
/* "f1 better", "f1 >= +0.02": what was expected, ", " between; nothing where nothing is. */
void expectation_words(struct buf *out, const struct experiment *experiment);

#endif
