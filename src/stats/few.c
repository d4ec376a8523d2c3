#include "stats/few.h"

#include "base/mem.h"

int few_count(struct few *out, const struct predictions *p, struct error *err)
{
	size_t *rows = mem_zeroed((size_t)p->classes, sizeof(*rows)), largest = 0;

	if (!rows)
		return error_nomem(err);
	*out = (struct few){.rarest = p->n, .classes = p->classes};
	for (size_t i = 0; i < p->n; i++)
		rows[p->y_true[i]]++;
	for (int c = 0; c < p->classes; c++) {
		if (rows[c] > largest)
			largest = rows[c];
		if (rows[c] && rows[c] < out->rarest)
			out->rarest = rows[c];
	}
	out->rarer = p->n - largest;
	if (out->rarer == 0)
		out->rarest = 0;
	free(rows);
	return 0;
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
		snprintf(out->note, sizeof(out->note), "too few rows to judge: %zu of the rarer class%s, it takes %zu",
			 few->rarer, few->classes > 2 ? "es" : "", needed);
	else if (out->too_few)
		snprintf(out->note, sizeof(out->note), "too few rows to judge: %zu of the rarest class, it takes %d",
			 few->rarest, FEW_OF_A_CLASS);
}
