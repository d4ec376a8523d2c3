#include "judge/rows.h"

#include "base/mem.h"
#include "format/json.h"
#include "judge/comparison_work.h"

static int new_entry(json_t **out, const struct judge_rows *what, const struct paired_rows *rows,
		     const struct predictions *run, const struct predictions *base, struct error *err)
{
	const struct comparison_head head = {
		.run = what->run, .against = what->against, .scope = "model", .rows = run->n, .of_rows = run->n};
	int rc = comparison_open(out, &head, err);

	if (rc == 0)
		rc = comparison_rows(*out, rows, run, base, err);
	return rc ? rc : json_set(*out, "metrics", json_object(), err);
}

/* The metrics of the table, which share their draws. */
static int compare_table(struct paired *paired, struct paired_rows *rows, const struct judge_rows *what,
			 const struct predictions *run, const struct predictions *base, struct error *err)
{
	const struct paired_options options = {.family = what->family, .judge_log_loss = 1, .threads = what->threads};
	const struct metric **metric = mem_array(what->of_table, sizeof(*metric));
	int rc;

	if (!metric)
		return error_nomem(err);
	for (size_t i = 0; i < what->of_table; i++)
		metric[i] = what->metric[i].metric;
	rc = paired_compare(paired, rows, metric, what->of_table, run, base, &options, err);
	free(metric);
	return rc;
}

int judge_rows(json_t **out, struct paired *paired, const struct judge_rows *what, const struct predictions *run,
	       const struct predictions *base, struct error *err)
{
	struct paired_rows rows = {0};
	json_t *entry = NULL;
	int rc = run->y_true ? compare_table(paired, &rows, what, run, base, err) : 0;

	for (size_t i = what->of_table; i < what->n && !rc; i++)
		rc = paired_values(&paired[i], what->run_value[i - what->of_table],
				   what->base_value[i - what->of_table], run, what->family, err);
	if (!rc)
		rc = new_entry(&entry, what, run->y_true ? &rows : NULL, run, base, err);
	for (size_t i = 0; i < what->n && !rc; i++) {
		const struct comparison_metric metric = {
			.name = what->metric[i].name,
			.lower = what->metric[i].metric ? what->metric[i].metric->better == BETTER_LOWER
							: what->metric[i].lower,
			.known = what->metric[i].metric != NULL,
			.declared = 1,
			.margin = what->metric[i].margin};

		if (paired[i].defined)
			rc = comparison_put(json_object_get(entry, "metrics"), &metric, &paired[i], err);
	}
	if (rc < 0)
		json_decref(entry);
	else
		*out = entry;
	return rc;
}
