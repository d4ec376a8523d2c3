/* Rows ranked by the score of a class, ties in groups: what areas, curves and average precision are read from. */
#ifndef ASSAY_STATS_RANKING_H
#define ASSAY_STATS_RANKING_H

#include "stats/predictions.h"
#include "base/error.h"

#include <stdint.h>

struct ranking {
	size_t n;
	uint32_t *row; /* [n] by falling score, equal scores in the order of the rows */
	size_t groups;
	uint32_t *end; /* [groups] one past the last place of the rows of one score */
};

/* p has scores. ranking_release() ends it. ERR_NOMEM alone. O(n). */
MUST_CHECK int ranking_make(struct ranking *out, const struct predictions *p, int class_code, struct error *err);
void ranking_release(struct ranking *ranking);

/* 1 if the scores of p, of as many rows, put them in the same groups in the same order. O(n), and no sort. */
int ranking_agrees(const struct ranking *ranking, const struct predictions *p, int class_code);

/*
 * The classes whose rankings a metric is the mean over: with two classes the positive one (1 where none is named), with
 * more all that have rows. *class_code is [classes], the caller's to free(); *n of them. ERR_INPUT, with the metric's
 * name before it, if there are no scores or one of these classes has no rows or all.
 */
MUST_CHECK int ranking_classes(int **class_code, size_t *n, const struct predictions *p, const char *metric,
			       struct error *err);

#endif
