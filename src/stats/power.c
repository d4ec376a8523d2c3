#include "stats/power.h"

#include "stats/bounds.h"

#include <math.h>

#define POWER 0.8
#define MOST 1000000000.0 /* more of anything is never */

/* The variances of the design with so many times the rows and the repetitions. */
static void scaled(struct bounds_part part[3], const struct power_design *d, double rows, double repeats)
{
	part[0] = (struct bounds_part){d->rows_variance / rows, d->rows_df};
	part[1] = (struct bounds_part){d->repeats_variance / repeats / (d->floor_variance > 0 ? rows : 1),
				       d->repeats_df};
	if (d->repeats > 1) /* each side's df grow from k - 1 to k times as many, less 1 */
		part[1].df *= ((double)d->repeats * repeats - 1) / ((double)d->repeats - 1);
	part[2] = (struct bounds_part){d->floor_variance / rows, part[1].df};
}

/*
 * sqrt(sum of (quantile at the level + quantile of the power)^2 x variance): what has to be true to be seen. alpha is
 * two-sided, missed the chance on one side.
 */
static double seen_from(const struct bounds_part part[3], double alpha, double missed)
{
	double sum = 0;

	for (int i = 0; i < 3; i++) {
		const struct bounds_part one = {1, part[i].df};
		double reach = bounds_half(&one, 1, alpha) + bounds_half(&one, 1, 2 * missed);

		sum += part[i].variance > 0 ? reach * reach * part[i].variance : 0;
	}
	return sqrt(sum);
}

/* Both a difference of the margin and, where there is none, equivalence: the latter can be missed on either side. */
static int decides(const struct power_design *d, double margin, double rows, double repeats)
{
	struct bounds_part part[3];

	scaled(part, d, rows, repeats);
	return seen_from(part, 0.05 / d->family, 1 - POWER) <= margin &&
	       seen_from(part, 0.1 / d->family, (1 - POWER) / 2) <= margin;
}

/* The least number above `have` of one kind, the other kept, that decides; as what is to be added. */
static size_t more(const struct power_design *d, double margin, double have, int of_rows)
{
	double low = have, high = have;

	if (!(have > 0))
		return POWER_NEVER;
	do {
		if (high >= MOST)
			return POWER_NEVER;
		high *= 2;
	} while (!decides(d, margin, of_rows ? high / have : 1, of_rows ? 1 : high / have));
	while (high - low > 1) {
		double middle = floor((low + high) / 2);

		if (decides(d, margin, of_rows ? middle / have : 1, of_rows ? 1 : middle / have))
			high = middle;
		else
			low = middle;
	}
	return (size_t)(high - have);
}

struct power_need power_needed(const struct power_design *design, double margin)
{
	if (decides(design, margin, 1, 1))
		return (struct power_need){0, 0};
	return (struct power_need){
		.rows = more(design, margin, (double)design->rows, 1),
		.repeats = more(design, margin, design->repeats_variance > 0 ? (double)design->repeats : 0, 0),
	};
}

double power_detectable(const struct power_design *design)
{
	struct bounds_part part[3];

	scaled(part, design, 1, 1);
	return seen_from(part, 0.05 / design->family, 1 - POWER);
}
