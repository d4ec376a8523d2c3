/* The word for an interval, in the order of the methods page: the first that holds. */
#include "judge/judge.h"

#include <math.h>

const char *judge_verdict(double low, double high, double margin_low, double margin_high, double margin, int too_few,
			  int lower_is_better)
{
	int above = low > 0, below = high < 0;

	if (too_few)
		return "too_few";
	if (!isnan(margin) && margin_low > -margin && margin_high < margin)
		return "equivalent";
	if (above || below)
		return above == !lower_is_better ? "better" : "worse";
	if (!isnan(margin) && (lower_is_better ? margin_high < margin : margin_low > -margin))
		return "not_worse";
	return "undecided";
}
