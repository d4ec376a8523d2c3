/* Area under the ROC curve: how often a positive row scores above a negative one, ties counting half. */
#include "stats/area.h"
#include "stats/metric.h"

static int compute(double *out, const struct predictions *p, const char **note, struct error *err)
{
	struct area area;
	int rc;

	(void)note;
	rc = area_measure(&area, NULL, p, err);
	if (rc < 0)
		return rc;
	*out = area.value;
	return 0;
}

const struct metric metric_roc_auc = {
	.name = "roc_auc",
	.title = "ROC AUC",
	.unit = "",
	.better = BETTER_HIGHER,
	.needs = NEEDS_SCORES,
	.kind = METRIC_AREA,
	.source = "Hanley and McNeil 1982, Radiology 143:29-36",
	.compute = compute,
};
