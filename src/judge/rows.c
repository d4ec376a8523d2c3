#include "judge/rows.h"

#include "base/mem.h"
#include "format/json.h"
#include "judge/comparison_work.h"

#include <math.h>

static json_t *new_entry(const struct judge_rows *what, const struct paired_rows *rows, size_t n)
{
	return json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:b, s:{}}", "run", what->run, "against", what->against,
			 "scope", "model", "rows", (json_int_t)n, "of_rows", (json_int_t)n, "fixed",
			 (json_int_t)llround(rows->fixed), "broken", (json_int_t)llround(rows->broken), "same_ranking",
			 rows->same_ranking, "metrics");
}

int judge_rows(json_t **out, struct paired *paired, const struct judge_rows *what, const struct predictions *run,
	       const struct predictions *base, struct error *err)
{
	const struct paired_options options = {.family = what->family, .judge_log_loss = 1, .threads = what->threads};
	const struct metric **metric = mem_array(what->n, sizeof(*metric));
	struct paired_rows rows = {0};
	json_t *entry = NULL;
	int rc = 0;

	if (!metric)
		return error_nomem(err);
	for (size_t i = 0; i < what->n; i++)
		metric[i] = what->metric[i].metric;
	rc = paired_compare(paired, &rows, metric, what->n, run, base, &options, err);
	if (!rc && !(entry = new_entry(what, &rows, run->n)))
		rc = error_nomem(err);
	for (size_t i = 0; i < what->n && !rc; i++)
		if (paired[i].defined)
			rc = comparison_metric(json_object_get(entry, "metrics"), &paired[i], 1, what->metric[i].margin,
					       err);
	if (rc < 0)
		json_decref(entry);
	else
		*out = entry;
	free(metric);
	return rc;
}
