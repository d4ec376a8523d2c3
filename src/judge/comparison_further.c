#include "judge/comparison_further.h"

#include "base/mem.h"
#include "format/json.h"

static int is_judged(const struct judged *judged, const char *name)
{
	for (size_t i = 0; i < judged->n; i++)
		if (strcmp(judged->metric[i]->name, name) == 0)
			return 1;
	return 0;
}

/* A time depends on the machine: it is no score of a row. */
static int is_timing(const char *name)
{
	const struct metric *known = metric_find(name);

	return known && known->kind == METRIC_TIMING;
}

static int lower_is_better(const struct declared_metric *declared, size_t n, const char *name)
{
	const struct metric *known = metric_find(name);

	for (size_t i = 0; i < n; i++)
		if (strcmp(declared[i].name, name) == 0)
			return declared[i].lower;
	return known && known->better == BETTER_LOWER;
}

/* Both families with the columns in them. */
static void set_families(struct further_list *list, struct judged *judged, const struct declared_metric *declared,
			 size_t n_declared, size_t points)
{
	size_t members[2] = {0};

	if (!points)
		return; /* of 1 each, as it is */
	for (size_t i = 0; i < judged->n; i++)
		members[metric_is_declared(declared, n_declared, judged->metric[i]->name)]++;
	for (size_t i = 0; i < list->n; i++)
		members[list->item[i].declared]++;
	for (size_t i = 0; i < judged->n; i++)
		judged->family[i] = points * members[metric_is_declared(declared, n_declared, judged->metric[i]->name)];
	for (size_t i = 0; i < list->n; i++)
		list->item[i].family = points * members[list->item[i].declared];
}

int further_choose(struct further_list *out, struct judged *judged, const struct judge_side *run,
		   const struct judge_side *base, const struct declared_metric *declared, size_t n_declared,
		   size_t points, struct error *err)
{
	const struct names *names = &run->predictions->further;

	out->item = mem_array(names->n, sizeof(*out->item));
	if (!out->item)
		return error_nomem(err);
	for (size_t i = 0; i < names->n; i++) {
		const char *name = names->name[i];
		struct further_judged one = {
			.name = name,
			.run = stored_further(run->predictions, name),
			.base = stored_further(base->predictions, name),
			.declared = metric_is_declared(declared, n_declared, name),
			.lower = lower_is_better(declared, n_declared, name),
			.family = 1,
		};

		if (!one.base || !judge_has_measured(run->run, name) || !judge_has_measured(base->run, name) ||
		    is_judged(judged, name) || is_timing(name))
			continue;
		out->item[out->n++] = one;
	}
	set_families(out, judged, declared, n_declared, points);
	return 0;
}

void further_list_release(struct further_list *list)
{
	free(list->item);
}

int further_compare(json_t *all, const struct further_judged *further, const struct predictions *rows,
		    const size_t *run_row, const size_t *base_row, double margin, struct error *err)
{
	const struct comparison_metric metric = {further->name, further->lower, 0, further->declared, margin};
	double *a = mem_array(rows->n, sizeof(*a)), *b = mem_array(rows->n, sizeof(*b));
	struct paired paired;
	int rc = a && b ? 0 : error_nomem(err);

	for (size_t i = 0; rc == 0 && i < rows->n; i++) {
		a[i] = further->run[run_row[i]];
		b[i] = further->base[base_row[i]];
	}
	if (rc == 0)
		rc = paired_values(&paired, a, b, rows, further->family, err);
	if (rc == 0 && paired.defined)
		rc = comparison_put(all, &metric, &paired, err);
	free(a);
	free(b);
	return rc;
}
