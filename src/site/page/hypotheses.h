/* The table of experiments: what was expected, the verdict, the difference on one axis, the stage. */
#ifndef ASSAY_SITE_PAGE_HYPOTHESES_H
#define ASSAY_SITE_PAGE_HYPOTHESES_H

#include "site/page/model.h"

/* `key`: {axis..., rows: [{name, href, question, verdict, note, mark, stages, stage, practices}]}; false without rows. Written: those
 * that have a file; a run without one stands under a name alone. */
enum hypotheses_which { HYPOTHESES_WRITTEN, HYPOTHESES_ALL };
void hypotheses_view(struct view *out, const char *key, const struct site_model *model, enum hypotheses_which which);

/* `key`: of the written ones the first `most` as {name, href, verdict}; key_more: "12 more: 4 confirmed, 6 refuted, 2 open", false if none. */
void hypotheses_list(struct view *out, const char *key, const char *more_key, const struct site_model *model,
		     size_t most);

#endif
