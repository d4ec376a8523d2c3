#include "stats/share.h"

int share_of(struct share *out, const struct metric *metric, const struct predictions *a, const struct predictions *b)
{
	struct share share = {0};
	double weight = 0;

	if (metric->of_positive && (a->classes != 2 || a->positive < 0))
		return 0;
	for (size_t i = 0; i < a->n; i++) {
		int right = a->y_pred[i] == a->y_true[i], other = b && b->y_pred[i] == b->y_true[i];

		if (metric->of_positive && a->y_true[i] != a->positive)
			continue;
		if (a->weight && share.rows == 0)
			weight = a->weight[i];
		if (a->weight && a->weight[i] != weight)
			return 0;
		share.rows++;
		share.right_a += right;
		share.fixed += right && !other;
		share.broken += other && !right;
	}
	*out = share;
	return share.rows > 0;
}
