/* How an experiment was worked: its stages, the five practices as a strip of marks, what was changed in its plan. */
#ifndef ASSAY_SITE_PAGE_PRACTICES_H
#define ASSAY_SITE_PAGE_PRACTICES_H

#include "site/page/model.h"

/* Fill order, plan and standing of every experiment of the model; their hypotheses are judged before. */
MUST_CHECK int practices_make(struct site_model *model, struct error *err);
void practices_release(struct site_experiment *item);

/* `practices`: [{name, word, sentence, href, met, partly, unmet, unknown}]: each a link to its evidence; an empty href: there is
 * none. In a strip: the name and word alone. */
void practices_view(struct view *out, const struct site_experiment *item);

/* stages: [{state}], stage: "experiment next". */
void stages_view(struct view *out, const struct site_experiment *item);

/* `plan_changes`: each a sentence; any_plan_changes. */
void plan_changes_view(struct view *out, const struct site_experiment *item);

/* Whether the text stood before the first run, in a few words; NULL where there is no run yet. */
const char *plan_words(const struct site_experiment *item);

#endif
