/* The measured error rates as the methods page lists them. */
#ifndef ASSAY_SITE_PAGE_RATES_VIEW_H
#define ASSAY_SITE_PAGE_RATES_VIEW_H

#include "site/page/view.h"

/* Set "rates" (one entry for each scope and word that were measured) and "rates_metrics" for part/rates.mustache. */
void rates_view(struct view *out);

#endif
