#include "judge/rows.h"

#include "base/mem.h"
#include "format/json.h"
#include "judge/comparison_work.h"

static int new_entry(json_t **out, const struct judge_rows *what, const struct paired_rows *rows,
		     const struct predictions *run, const struct predictions *base, struct error *err)
{
	json_t *entry = json_pack("{s:s, s:s, s:s, s:I, s:I}", "run", what->run, "against", what->against, "scope",
				  "model", "rows", (json_int_t)run->n, "of_rows", (json_int_t)run->n);
	int rc = entry ? comparison_rows(entry, rows, run, base, err) : error_nomem(err);

	if (rc == 0)
		rc = json_set(entry, "metrics", json_object(), err);
	if (rc < 0)
		json_decref(entry);
	else
		*out = entry;
	return rc;
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
	if (!rc)
		rc = new_entry(&entry, what, &rows, run, base, err);
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
