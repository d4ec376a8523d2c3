/*
 * How well the correction for having been picked does, as measured by simulation: selection_rates.def, which `make simulate`
 * writes (tests/simulate/README.md), on the methods page.
 */
#ifndef ASSAY_SITE_PAGE_PICK_RATES_H
#define ASSAY_SITE_PAGE_PICK_RATES_H

#include "site/page/view.h"

/* `picked_rates`: a row for each world; see templates/part/picked.mustache. */
void pick_rates_view(struct view *out);

#endif
