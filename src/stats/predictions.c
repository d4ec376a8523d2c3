#include "stats/predictions.h"

#include <math.h>

#define SUM_TOLERANCE 1e-3 /* probabilities written to three digits */

int scores_are_probabilities(const double *score, size_t n, int classes)
{
	for (size_t i = 0; i < n; i++, score += classes) {
		double sum = 0;

		for (int k = 0; k < classes; k++) {
			if (!(score[k] >= 0 && score[k] <= 1))
				return 0;
			sum += score[k];
		}
		if (fabs(sum - 1) > SUM_TOLERANCE)
			return 0;
	}
	return 1;
}
