#include "stats/few.h"

#include "base/mem.h"
#include "stats/units.h"

int few_count(struct few *out, const struct predictions *p, struct error *err)
{
	size_t *units = mem_zeroed((size_t)p->classes, sizeof(*units));
	int rc = units ? 0 : error_nomem(err);

	*out = (struct few){
		.rarest = units_count(p), .classes = p->classes, .of = p->cluster ? "clusters with rows " : ""};
	if (rc == 0)
		rc = units_by_class(units, &out->rarer, p, err);
	for (int c = 0; rc == 0 && c < p->classes; c++)
		if (units[c] && units[c] < out->rarest)
			out->rarest = units[c];
	if (out->rarer == 0)
		out->rarest = 0;
	free(units);
	return rc;
}

size_t few_needed(size_t family)
{
	return family > 10 ? FEW_BELOW_STRICT : FEW_BELOW;
}

void few_judge(struct paired *out, const struct few *few)
{
	size_t needed = few_needed(out->family);

	out->too_few = few->rarer < needed || few->rarest < FEW_OF_A_CLASS;
	if (few->rarer < needed)
		snprintf(out->note, sizeof(out->note),
			 "too few rows to judge: %zu %sof the rarer class%s, it takes %zu", few->rarer, few->of,
			 few->classes > 2 ? "es" : "", needed);
	else if (out->too_few)
		snprintf(out->note, sizeof(out->note), "too few rows to judge: %zu %sof the rarest class, it takes %d",
			 few->rarest, few->of, FEW_OF_A_CLASS);
}
