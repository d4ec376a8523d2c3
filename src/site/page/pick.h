/* What is said of a best run that was picked among many: the words of judge/picked.h with the figures of the pages. */
#ifndef ASSAY_SITE_PAGE_PICK_H
#define ASSAY_SITE_PAGE_PICK_H

#include "site/page/model.h"

/* Append " NAME is the best of 31, corrected for the picking: ..." where `run` is the best of its experiment and was picked. */
void pick_sentence(struct buf *out, const struct site_model *model, const struct seen_run *run);

/* `places` ("1–4") and `could` of a row: whether it could be the best. Absent where the run was no candidate. */
void pick_view(struct view *out, const struct site_model *model, const struct seen_run *run);

/*
 * Append what the bracket of an experiment holds, and which of them is the quickest: by the time for one row where all have it,
 * else by how long the run took. Nothing where the bracket holds the best alone, or there is none.
 */
void pick_bracket(struct buf *out, const struct site_experiment *item);

#endif
