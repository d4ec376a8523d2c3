/* The table of experiments: what was expected, the verdict, the difference on one axis, the stage. */
#ifndef ASSAY_SITE_PAGE_HYPOTHESES_H
#define ASSAY_SITE_PAGE_HYPOTHESES_H

#include "site/page/model.h"

/* `key`: {axis..., rows: [{name, href, question, verdict, note, mark, stages, stage}]}; false without experiments. */
void hypotheses_view(struct view *out, const char *key, const struct site_model *model);

/* stages: [{state}], stage: "experiment next". */
void stages_view(struct view *out, const struct site_experiment *item);

/* `key`: the first `most` as {name, href, verdict}; key_more: "12 more: 4 confirmed, 6 refuted, 2 open", false if none. */
void hypotheses_list(struct view *out, const char *key, const char *more_key, const struct site_model *model,
		     size_t most);

#endif
