/* What a record's comparison says at today's size of the family. */
#include "judge/entry.h"
#include "judge/judge.h"

#include <math.h>

/* As far as the draws can tell: their next step is twice the least. */
static int at_the_floor(const struct entry *entry)
{
	double least = entry->resolution / ENTRY_RESOLUTION_STEPS;

	return entry->p < 1.5 * least;
}

int judge_today(struct judge_today *out, const struct run *run, const char *metric, size_t points)
{
	struct entry entry;

	if (!entry_read(&entry, run_comparison(run, "baseline"), metric))
		return 0;
	*out = (struct judge_today){
		.then = entry.verdict, .difference = entry.difference, .low = entry.low, .high = entry.high};
	out->declared = entry.declared;
	out->family = points == JUDGE_THEN ? entry.family : points * entry.members;
	out->verdict = entry_verdict(&entry, out->family);
	if (out->family != entry.family)
		entry_interval(&out->low, &out->high, &entry, 0.05 / (double)out->family);
	out->p = fmin(1, entry.p * (double)out->family);
	if (at_the_floor(&entry))
		out->p_floor = out->p;
	return 1;
}
