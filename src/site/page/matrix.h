/* The confusion matrix as a table of counts, and the report by class. */
#ifndef ASSAY_SITE_PAGE_MATRIX_H
#define ASSAY_SITE_PAGE_MATRIX_H

#include "site/page/view.h"

/* `key`: {classes, rows: [{name, count, cells: [{count, share, heat, width, right}]}], report, caption, small}; false where
 * the evaluation (NULL allowed) has no matrix that can be shown. */
void matrix_view(struct view *out, const char *key, const json_t *evaluation);

#endif
