#include "stats/share.h"

#include "base/mem.h"
#include "stats/rows.h"

#include <math.h>

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

static int counts(const struct metric *metric, const struct predictions *p, size_t row)
{
	return !metric->of_positive || p->y_true[row] == p->positive;
}

/* Each row's part in the share or in the difference, and whether it counts. */
static void row_values(double *value, unsigned char *counted, const struct metric *metric, const struct predictions *a,
		       const struct predictions *b)
{
	for (size_t i = 0; i < a->n; i++) {
		counted[i] = (unsigned char)counts(metric, a, i);
		value[i] = (a->y_pred[i] == a->y_true[i]) - (b && b->y_pred[i] == b->y_true[i]);
	}
}

/* Clusters with a row that counts and is right in one classifier alone. */
static int clusters_apart(double *out, const double *value, const unsigned char *counted, const struct predictions *p,
			  struct error *err)
{
	unsigned char *apart = mem_zeroed(p->clusters, 1);
	size_t n = 0;

	if (!apart)
		return error_nomem(err);
	for (size_t i = 0; i < p->n; i++)
		apart[p->cluster[i]] |= counted[i] && value[i] != 0;
	for (size_t i = 0; i < p->clusters; i++)
		n += apart[i];
	free(apart);
	*out = (double)n;
	return 0;
}

/* The variance that independent rows would have. */
static double plain_variance(const struct share *share, int paired)
{
	double rows = share->rows, net = share->fixed - share->broken;

	if (paired)
		return fmax(0, share->fixed + share->broken - net * net / rows) / (rows * rows);
	return share->right_a * (rows - share->right_a) / (rows * rows * rows);
}

int share_by_cluster(struct share *share, double *df, const struct metric *metric, const struct predictions *a,
		     const struct predictions *b, struct error *err)
{
	double *value = mem_array(a->n, sizeof(*value)), plain = plain_variance(share, b != NULL), effect, apart = 0;
	unsigned char *counted = mem_array(a->n, sizeof(*counted));
	struct rows_mean mean = {0};
	int rc = value && counted ? 0 : error_nomem(err);

	if (rc < 0)
		goto out;
	row_values(value, counted, metric, a, b);
	rc = rows_mean_of_clusters(&mean, value, counted, a, err);
	if (rc == 0 && b)
		rc = clusters_apart(&apart, value, counted, a, err);
	if (rc < 0)
		goto out;
	effect = plain > 0 && mean.df > 0 ? mean.se * mean.se / plain : share->rows / (mean.df + 1);
	effect = fmax(1, effect);
	share->rows /= effect;
	share->right_a /= effect;
	share->fixed /= effect;
	share->broken /= effect;
	*df = fmax(1, apart > 0 ? apart - 1 : mean.df);
out:
	free(value);
	free(counted);
	return rc;
}
