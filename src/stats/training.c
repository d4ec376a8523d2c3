#include "stats/training.h"

#include "base/mem.h"
#include "stats/influence.h"
#include "stats/units.h"

#include <math.h>
#include <stdint.h>

enum { A_HERE, B_HERE, A_THERE, B_THERE, SIDES };
static const double sign[SIDES] = {1, -1, -1, 1};

/* The rows that two splits test, as each side predicted them in each split. */
struct shared {
	size_t *here, *there; /* [n] places in the two splits */
	size_t n;
	int *y_true, *y_pred[SIDES];
	double *score[SIDES], *weight;
	size_t *cluster;
	struct predictions p[SIDES];
	double *one, *sum; /* [n] influences: of one, all with their signs; `one` has room for the clusters too */
};

static void shared_release(struct shared *s)
{
	free(s->here);
	free(s->there);
	free(s->y_true);
	for (int side = 0; side < SIDES; side++) {
		free(s->y_pred[side]);
		free(s->score[side]);
	}
	free(s->weight);
	free(s->cluster);
	free(s->one);
	free(s->sum);
}

/* Room for as many rows as `most`; shared_release() ends it, after an error too. */
static int shared_init(struct shared *s, size_t most, const struct predictions *like, struct error *err)
{
	size_t k = (size_t)like->classes, units = like->cluster && like->clusters > most ? like->clusters : most;
	int missing = 0;

	*s = (struct shared){0};
	s->here = mem_array(most, sizeof(*s->here));
	s->there = mem_array(most, sizeof(*s->there));
	s->y_true = mem_array(most, sizeof(*s->y_true));
	s->weight = mem_array(most, sizeof(*s->weight));
	s->cluster = mem_array(most, sizeof(*s->cluster));
	s->one = mem_array(units, sizeof(*s->one));
	s->sum = mem_array(most, sizeof(*s->sum));
	for (int side = 0; side < SIDES; side++) {
		s->y_pred[side] = mem_array(most, sizeof(int));
		s->score[side] = mem_array(most, k * sizeof(double));
		missing |= !s->y_pred[side] || !s->score[side];
	}
	if (missing || !s->here || !s->there || !s->y_true || !s->weight || !s->cluster || !s->one || !s->sum)
		return error_nomem(err);
	return 0;
}

static void gather_side(struct shared *s, int side, const struct predictions *from, const size_t *place)
{
	size_t k = (size_t)from->classes;

	for (size_t i = 0; i < s->n; i++) {
		if (from->y_pred)
			s->y_pred[side][i] = from->y_pred[place[i]];
		if (from->score)
			memcpy(s->score[side] + i * k, from->score + place[i] * k, k * sizeof(double));
	}
	s->p[side] = (struct predictions){.n = s->n,
					  .classes = from->classes,
					  .positive = from->positive,
					  .y_true = s->y_true,
					  .y_pred = from->y_pred ? s->y_pred[side] : NULL,
					  .score = from->score ? s->score[side] : NULL,
					  .weight = from->weight ? s->weight : NULL,
					  .cluster = from->cluster ? s->cluster : NULL,
					  .clusters = from->clusters};
}

/* place [rows]: where each row of the data stands in `here`, SIZE_MAX for nowhere. */
static void gather(struct shared *s, const size_t *place, const struct training_split *here,
		   const struct training_split *there)
{
	const struct predictions *p = here->a;

	s->n = 0;
	for (size_t i = 0; i < there->a->n; i++) {
		if (place[there->row[i]] == SIZE_MAX)
			continue;
		s->here[s->n] = place[there->row[i]];
		s->there[s->n++] = i;
	}
	for (size_t i = 0; i < s->n; i++) {
		s->y_true[i] = p->y_true[s->here[i]];
		s->weight[i] = p->weight ? p->weight[s->here[i]] : 1;
		s->cluster[i] = p->cluster ? p->cluster[s->here[i]] : i;
	}
	gather_side(s, A_HERE, here->a, s->here);
	gather_side(s, B_HERE, here->b, s->here);
	gather_side(s, A_THERE, there->a, s->there);
	gather_side(s, B_THERE, there->b, s->there);
}

/* Half of the square of the two splits' difference, less what single rows account for; ERR_INPUT: not defined. */
static int of_pair(double *out, struct shared *s, const struct metric *metric, struct error *err)
{
	double difference = 0, rows = 0, value;
	const double *unit = s->sum;
	size_t units = s->n;

	memset(s->sum, 0, s->n * sizeof(*s->sum));
	for (int side = 0; side < SIDES; side++) {
		int rc = metric_influence(s->one, &value, metric, &s->p[side], err);

		if (rc < 0)
			return rc;
		difference += sign[side] * value;
		for (size_t i = 0; i < s->n; i++)
			s->sum[i] += sign[side] * s->one[i];
	}
	if (s->p[0].cluster) {
		units_sum(s->one, s->sum, &s->p[0]);
		unit = s->one;
		units = s->p[0].clusters;
	}
	for (size_t i = 0; i < units; i++)
		rows += unit[i] * unit[i];
	*out = (difference * difference - rows) / 2;
	return 0;
}

/* Of one metric: the sums over pairs of splits, of all and of those that each split is one of. */
struct pairs {
	double sum, *of_split; /* [splits] */
	size_t n, *n_of_split;
};

static void add_pair(struct pairs *pairs, double spread, size_t j, size_t k)
{
	pairs->sum += spread;
	pairs->of_split[j] += spread;
	pairs->of_split[k] += spread;
	pairs->n++;
	pairs->n_of_split[j]++;
	pairs->n_of_split[k]++;
}

static int measure_pair(struct pairs *pairs, struct shared *s, const struct metric *const *metric, size_t n, size_t j,
			size_t k, struct error *err)
{
	for (size_t m = 0; s->n && m < n; m++) {
		struct error why = {0};
		double spread;
		int rc = of_pair(&spread, s, metric[m], &why);

		if (rc == 0 && isfinite(spread))
			add_pair(&pairs[m], spread, j, k);
		else if (rc < 0 && rc != ERR_INPUT)
			return error_set(err, rc, "%s", why.text);
	}
	return 0;
}

/* The mean over pairs, and the jackknife's standard error of it (Efron and Stein 1981, Annals of Statistics 9:586). */
static void set_spread(struct training *out, const struct pairs *pairs, size_t splits)
{
	double without[2] = {0}, left = 0;

	out->spread = pairs->n ? pairs->sum / (double)pairs->n : NAN;
	for (size_t j = 0; j < splits; j++) {
		double others = (double)(pairs->n - pairs->n_of_split[j]), mean;

		if (others < 1)
			continue;
		mean = (pairs->sum - pairs->of_split[j]) / others;
		without[0] += mean;
		without[1] += mean * mean;
		left++;
	}
	if (left > 1)
		out->spread_se = sqrt(fmax(0, without[1] - without[0] * without[0] / left) * (left - 1) / left);
}

/* Splits are stratified as a rule: how many rows a class has varies in none of them, and is no part of what rows do. */
static int centre_in_classes(double *value, const struct predictions *p, struct error *err)
{
	double *mean = mem_zeroed((size_t)p->classes, sizeof(*mean)),
	       *rows = mem_zeroed((size_t)p->classes, sizeof(*rows));
	int rc = mean && rows ? 0 : error_nomem(err);

	for (size_t i = 0; rc == 0 && i < p->n; i++) {
		mean[p->y_true[i]] += value[i];
		rows[p->y_true[i]]++;
	}
	for (size_t i = 0; rc == 0 && i < p->n; i++)
		value[i] -= mean[p->y_true[i]] / rows[p->y_true[i]];
	free(mean);
	free(rows);
	return rc;
}

/* Add the variance over its test rows to each metric's. */
static int add_rows(struct training *out, const struct metric *const *metric, size_t n, struct shared *s,
		    const struct training_split *split, double share, struct error *err)
{
	const struct predictions *p = split->a;

	for (size_t m = 0; m < n; m++) {
		const double *unit = s->sum;
		struct error why = {0};
		int rc = metric_influence(s->sum, NULL, metric[m], split->a, &why);

		if (rc == 0)
			rc = metric_influence(s->one, NULL, metric[m], split->b, &why);
		if (rc == ERR_INPUT)
			continue;
		if (rc < 0)
			return error_set(err, rc, "%s", why.text);
		for (size_t i = 0; i < p->n; i++)
			s->sum[i] -= s->one[i];
		rc = centre_in_classes(s->sum, p, err);
		if (rc < 0)
			return rc;
		if (p->cluster) {
			units_sum(s->one, s->sum, p);
			unit = s->one;
		}
		for (size_t i = 0; i < units_count(p); i++)
			out[m].rows += share * unit[i] * unit[i];
	}
	return 0;
}

static void pairs_free(struct pairs *pairs, size_t n)
{
	for (size_t m = 0; pairs && m < n; m++) {
		free(pairs[m].of_split);
		free(pairs[m].n_of_split);
	}
	free(pairs);
}

static int pairs_new(struct pairs **out, size_t n, size_t splits, struct error *err)
{
	struct pairs *pairs = mem_zeroed(n, sizeof(*pairs));
	int missing = !pairs;

	for (size_t m = 0; pairs && m < n; m++) {
		pairs[m].of_split = mem_zeroed(splits, sizeof(double));
		pairs[m].n_of_split = mem_zeroed(splits, sizeof(size_t));
		missing |= !pairs[m].of_split || !pairs[m].n_of_split;
	}
	if (missing) {
		pairs_free(pairs, n);
		return error_nomem(err);
	}
	*out = pairs;
	return 0;
}

/* Split j against all after it; place [rows] is scratch. */
static int measure_split(struct pairs *pairs, struct shared *shared, size_t *place, const struct metric *const *metric,
			 size_t n, const struct training_split *split, size_t splits, size_t j, size_t rows,
			 struct error *err)
{
	int rc = 0;

	memset(place, 0xff, rows * sizeof(*place)); /* SIZE_MAX */
	for (size_t i = 0; i < split[j].a->n; i++)
		place[split[j].row[i]] = i;
	for (size_t k = j + 1; rc == 0 && k < splits; k++) {
		gather(shared, place, &split[j], &split[k]);
		rc = measure_pair(pairs, shared, metric, n, j, k, err);
	}
	return rc;
}

int training_measure(struct training *out, const struct metric *const *metric, size_t n,
		     const struct training_split *split, size_t splits, size_t rows, struct error *err)
{
	size_t *place = mem_array(rows, sizeof(*place)), most = 0;
	struct shared shared = {0};
	struct pairs *pairs = NULL;
	int rc = place ? 0 : error_nomem(err);

	memset(out, 0, n * sizeof(*out));
	for (size_t j = 0; j < splits; j++)
		most = split[j].a->n > most ? split[j].a->n : most;
	if (rc == 0)
		rc = pairs_new(&pairs, n, splits, err);
	if (rc == 0)
		rc = shared_init(&shared, most, split[0].a, err);
	for (size_t j = 0; rc == 0 && j < splits; j++) {
		rc = add_rows(out, metric, n, &shared, &split[j], 1 / (double)splits, err);
		if (rc == 0)
			rc = measure_split(pairs, &shared, place, metric, n, split, splits, j, rows, err);
	}
	for (size_t m = 0; rc == 0 && m < n; m++)
		set_spread(&out[m], &pairs[m], splits);
	shared_release(&shared);
	pairs_free(pairs, n);
	free(place);
	return rc;
}

double training_missing(const struct training *training, double s2, double test_to_train)
{
	double q = test_to_train / (1 + test_to_train);
	double spread = fmax(0, training->spread + training->spread_se / 2), both;

	if (isnan(training->spread))
		return 0;
	both = fmin(fmax(0, (1 - q) * training->rows + spread - s2), 2 * sqrt((1 - q) * training->rows * spread));
	return spread * fmax(0, 1 - 2 * q) / (q * (1 - q)) + both / (1 - q);
}
