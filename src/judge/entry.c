#include "judge/entry.h"

#include "format/json.h"
#include "judge/judge.h"
#include "stats/bounds.h"
#include "stats/few.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

static int is_declared(const json_t *metric)
{
	return json_is_true(json_object_get(metric, "declared"));
}

/* As the record says it, else as the table of metrics does. */
static int is_lower(const json_t *metric, const struct metric *known)
{
	const char *better = json_string_value(json_object_get(metric, "better"));

	return better ? strcmp(better, "lower") == 0 : known && known->better == BETTER_LOWER;
}

/* How many metrics of the comparison are declared, or are not. */
static size_t members(json_t *metric, int declared)
{
	size_t n = 0;
	const char *name;
	json_t *one;

	json_object_foreach(metric, name, one) n += is_declared(one) == declared;
	return n;
}

int entry_read(struct entry *out, const json_t *comparison, const char *metric)
{
	json_t *all = json_object_get(comparison, "metrics"), *one = json_object_get(all, metric);
	const json_t *corrected = json_object_get(one, "corrected");
	const struct metric *known = metric_find(metric);
	const char *test = json_string_value(json_object_get(one, "test"));
	struct entry entry = {.margin = NAN, .declared = is_declared(one)};
	double family, rarer;

	entry.verdict = json_string_value(json_object_get(one, "verdict"));
	if (!entry.verdict || !test || !json_number(&entry.difference, json_object_get(one, "difference")) ||
	    !json_number(&entry.se, json_object_get(one, "se")) || !json_number(&entry.p, json_object_get(one, "p")) ||
	    !json_number(&entry.low, json_array_get(corrected, 0)) ||
	    !json_number(&entry.high, json_array_get(corrected, 1)) ||
	    !json_number(&family, json_object_get(one, "family")) || !(family >= 1 && family < 1e9))
		return 0;
	if (json_object_get(one, "margin") && !json_number(&entry.margin, json_object_get(one, "margin")))
		return 0;
	if (!json_number(&entry.df, json_object_get(one, "df")) || !(entry.df > 0))
		entry.df = HUGE_VAL;
	if (!json_number(&entry.se_rows, json_object_get(one, "se_rows")) || !(entry.se_rows < entry.se)) {
		entry.se_rows = entry.se;
		entry.df_rows = entry.df;
	} else if (!json_number(&entry.df_rows, json_object_get(one, "df_rows")) || !(entry.df_rows > 0)) {
		entry.df_rows = HUGE_VAL;
	}
	entry.family = (size_t)family;
	if (json_number(&rarer, json_object_get(comparison, "rarer")) && rarer > 0 && rarer < 1e12)
		entry.rarer = (size_t)rarer;
	entry.members = members(all, entry.declared);
	if (strcmp(test, "bootstrap") == 0)
		entry.resolution = known && known->kind == METRIC_RANKING
					   ? 0.01
					   : 0.002; /* ten steps of 2,000, of 10,000 draws */
	entry.lower_is_better = is_lower(one, known);
	*out = entry;
	return 1;
}

static double half_width(const struct entry *entry, double alpha)
{
	double rows = entry->se_rows * entry->se_rows, all = entry->se * entry->se;
	const struct bounds_part part[] = {{rows, entry->df_rows}, {all - rows, entry->df}};

	return bounds_half(part, all > rows ? 2 : 1, alpha);
}

void entry_interval(double *low, double *high, const struct entry *entry, double alpha)
{
	double half = half_width(entry, alpha);

	*low = entry->difference - half;
	*high = entry->difference + half;
}

/* By p, which the recorded test gave; below the resolution of draws by the standard error. */
static int excludes_zero(const struct entry *entry, double alpha)
{
	if (entry->difference == 0)
		return 0;
	if (alpha < entry->resolution)
		return entry->se > 0 && fabs(entry->difference) / entry->se > gsl_cdf_ugaussian_Qinv(alpha / 2);
	return entry->p <= alpha;
}

const char *entry_verdict(const struct entry *entry, size_t family)
{
	double alpha = 0.05 / (double)family, low, high, side = 0;

	if (family == entry->family || strcmp(entry->verdict, "too_few") == 0)
		return entry->verdict;
	if (entry->rarer && entry->rarer < few_needed(family))
		return "too_few";
	entry_interval(&low, &high, entry, 2 * alpha);
	if (excludes_zero(entry, alpha))
		side = entry->difference;
	return judge_verdict(side, side, low, high, entry->margin, 0, entry->lower_is_better);
}
