/* The strip of four facts: score, difference, criteria, then what is last (overview) or the cost (a run). */
#ifndef ASSAY_SITE_PAGE_FACTS_H
#define ASSAY_SITE_PAGE_FACTS_H

#include "site/page/model.h"

/*
 * fact_score, fact_difference, fact_criteria of `run` on `metric`: of the project, naming the run and with the verdict of
 * today; or of the run itself, as its record says.
 */
enum facts_about { FACTS_OF_PROJECT, FACTS_OF_RUN };
void facts_view(struct view *out, const struct site_model *model, const struct seen_run *run, const char *metric,
		enum facts_about about);
void fact_latest(struct view *out, const struct site_model *model, const struct seen_run *run, const char *metric);
void fact_cost(struct view *out, const struct seen_run *run, const struct seen_run *bar);

#endif
