/* What the script needs to read a curve out under the pointer: where the chart's frame is, and its points. */
#ifndef ASSAY_SITE_PAGE_HOVER_H
#define ASSAY_SITE_PAGE_HOVER_H

#include "site/page/figure.h"

/* `hover`: JSON of a chart of curves, for a data attribute; false for other charts and for one that was not drawn. */
void hover_view(struct view *out, const struct figure *figure);

#endif
