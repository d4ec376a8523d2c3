/* Whether there are rows (clusters, where rows have them) enough to judge: how many stand outside the largest class. */
#ifndef ASSAY_STATS_FEW_H
#define ASSAY_STATS_FEW_H

#include "stats/paired.h"

#define FEW_BELOW 40 /* rows of the rarer class */
#define FEW_BELOW_STRICT 100 /* the same at a level below 0.005 */
#define FEW_OF_A_CLASS 5 /* rows that stand for a class in a mean over classes */

struct few {
	size_t rarest; /* units with rows of the rarest class that occurs; 0 where only one does */
	size_t rarer; /* units with rows outside the largest class: with two classes of the rarer one */
	int classes;
	const char *of; /* "", or "clusters with rows ": what was counted */
};

/* ERR_NOMEM alone. O(n). */
MUST_CHECK int few_count(struct few *out, const struct predictions *p, struct error *err);

/* Rows of the rarer class that it takes in a family of this size. */
size_t few_needed(size_t family);

/* Set out->too_few, and out->note where it is set: by out->family. */
void few_judge(struct paired *out, const struct few *few);

#endif
