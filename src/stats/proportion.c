#include "stats/proportion.h"

#include <math.h>

#define HALVINGS 60 /* of an interval of length 2: to the last bit but a few */

void wilson_interval(double *low, double *high, double hits, double rows, double z)
{
	double share = hits / rows, z2 = z * z;
	double centre = (share + z2 / (2 * rows)) / (1 + z2 / rows);
	double half = z / (1 + z2 / rows) * sqrt(share * (1 - share) / rows + z2 / (4 * rows * rows));

	*low = hits > 0 ? fmax(0, centre - half) : 0;
	*high = hits < rows ? fmin(1, centre + half) : 1;
}

/* The score statistic at the supposed difference: falls as it rises. */
static double score(double fixed, double broken, double rows, double difference)
{
	double b = (2 * rows - fixed + broken) * difference - fixed - broken;
	double c = -broken * difference * (1 - difference);
	double share = (sqrt(fmax(0, b * b - 8 * rows * c)) - b) / (4 * rows);
	double variance = rows * (2 * share + difference * (1 - difference)),
	       distance = fixed - broken - rows * difference;

	if (variance <= 0)
		return distance == 0 ? 0 : copysign(HUGE_VAL, distance);
	return distance / sqrt(variance);
}

/* Where the statistic crosses z, between low and high. */
static double crossing(double fixed, double broken, double rows, double z, double low, double high)
{
	for (int i = 0; i < HALVINGS; i++) {
		double middle = (low + high) / 2;

		if (score(fixed, broken, rows, middle) > z)
			low = middle;
		else
			high = middle;
	}
	return (low + high) / 2;
}

void tango_interval(double *low, double *high, double fixed, double broken, double rows, double z)
{
	double difference = (fixed - broken) / rows;

	*low = broken == rows ? -1 : crossing(fixed, broken, rows, z, -1, difference);
	*high = fixed == rows ? 1 : crossing(fixed, broken, rows, -z, difference, 1);
}
