/* The entry of `comparison` in a record: two runs' stored predictions, paired by id, through the table of tests. */
#include "judge/judge.h"

#include "base/mem.h"
#include "format/json.h"
#include "judge/comparable.h"
#include "judge/comparison_further.h"

#include <math.h>

/* Two sides as the tests want them: the same rows in the same order. */
struct pairing {
	size_t *run_row, *base_row;
	size_t n;
	struct predictions_view run, base;
};

int judge_same_classes(const struct stored_predictions *a, const struct stored_predictions *b, struct error *err)
{
	int same = a->classes == b->classes && a->positive == b->positive;

	if (!a->y_true || !b->y_true)
		return error_set(err, ERR_INPUT, "no labels were scored");
	for (int c = 0; same && c < a->classes; c++)
		same = strcmp(a->class_name[c], b->class_name[c]) == 0;
	return same ? 0 : error_set(err, ERR_INPUT, "their classes differ");
}

/* Weights and clusters are of the rows, which are the same: one side may lack them. */
static void share(struct predictions *run, struct predictions *base)
{
	if (!run->weight)
		run->weight = base->weight;
	base->weight = run->weight;
	if (!run->cluster) {
		run->cluster = base->cluster;
		run->clusters = base->clusters;
	}
	base->cluster = run->cluster;
	base->clusters = run->clusters;
}

static int pairing_make(struct pairing *out, const struct stored_predictions *run,
			const struct stored_predictions *base, struct error *err)
{
	size_t unmatched;
	int rc;

	rc = run->y_true && base->y_true ? judge_same_classes(run, base, err) : 0;
	if (rc == 0)
		rc = predictions_pair(&out->run_row, &out->base_row, &out->n, &unmatched, run, base, err);
	if (rc == 0 && out->n == 0)
		rc = error_set(err, ERR_INPUT, "they share no test row");
	if (rc == 0)
		rc = predictions_view(&out->run, run, out->run_row, out->n, err);
	if (rc == 0)
		rc = predictions_view(&out->base, base, out->base_row, out->n, err);
	if (rc == 0)
		share(&out->run.p, &out->base.p);
	return rc;
}

static void pairing_release(struct pairing *pairing)
{
	predictions_view_release(&pairing->run);
	predictions_view_release(&pairing->base);
	free(pairing->run_row);
	free(pairing->base_row);
}

int metric_is_declared(const struct declared_metric *declared, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(declared[i].name, name) == 0)
			return 1;
	return 0;
}

static int is_forest(const struct run *run)
{
	return strcmp(run_text(run, "params.model"), "random_forest") == 0;
}

int judge_has_measured(const struct run *run, const char *metric)
{
	return json_object_get(run_field(run, "measured"), metric) != NULL;
}

int judged_choose(struct judged *out, const struct run *run, const struct run *base,
		  const struct declared_metric *declared, size_t n_declared, size_t points, struct error *err)
{
	int forest = is_forest(run) || is_forest(base);
	size_t members[2] = {0};

	out->metric = mem_array(metric_count(), sizeof(*out->metric));
	out->family = mem_array(metric_count(), sizeof(*out->family));
	if (!out->metric || !out->family)
		return error_nomem(err);
	for (size_t i = 0; metrics[i]; i++) {
		if (metrics[i]->kind == METRIC_TIMING || (forest && metrics[i] == &metric_log_loss) ||
		    !judge_has_measured(run, metrics[i]->name) || !judge_has_measured(base, metrics[i]->name))
			continue;
		out->metric[out->n++] = metrics[i];
		members[metric_is_declared(declared, n_declared, metrics[i]->name)]++;
	}
	for (size_t i = 0; i < out->n; i++)
		out->family[i] =
			points ? points * members[metric_is_declared(declared, n_declared, out->metric[i]->name)] : 1;
	return 0;
}

void judged_release(struct judged *judged)
{
	free(judged->metric);
	free(judged->family);
}

/* A margin that nobody had committed when the run started may have been chosen to fit: it does not count. */
double margin_of(const struct experiment *experiment, const struct run *run, const char *metric)
{
	if (!*run_text(run, "plan.commit"))
		return NAN;
	for (size_t i = 0; i < experiment->margins; i++)
		if (strcmp(experiment->margin[i].metric, metric) == 0)
			return experiment->margin[i].why ? NAN : experiment->margin[i].value;
	return NAN;
}

static int set_pair(json_t *object, const char *key, double low, double high, struct error *err)
{
	return json_set(object, key, json_pack("[f, f]", low, high), err);
}

/* How much of se is the rows', and the degrees of freedom of t: what an interval at another level takes. */
static int set_parts(json_t *entry, const struct paired *p, struct error *err)
{
	int rc = 0;

	if (isfinite(p->df) && p->df > 0)
		rc = json_set_number(entry, "df", p->df, err);
	if (rc || !(p->se_rows > 0 && p->se_rows < p->se))
		return rc;
	rc = json_set_number(entry, "se_rows", p->se_rows, err);
	return rc || !isfinite(p->df_rows) ? rc : json_set_number(entry, "df_rows", p->df_rows, err);
}

int comparison_put(json_t *all, const struct comparison_metric *metric, const struct paired *p, struct error *err)
{
	const char *verdict = judge_verdict(p->corrected_low, p->corrected_high, p->tost_low, p->tost_high,
					    metric->margin, p->too_few, metric->lower);
	json_t *entry = json_object();
	int rc;

	/* set in the order in which the record has them; json_set takes `entry` only at the end */
	rc = entry ? json_set_number(entry, "difference", p->difference, err) : error_nomem(err);
	if (rc == 0)
		rc = set_pair(entry, "interval", p->low, p->high, err);
	if (rc == 0)
		rc = set_pair(entry, "corrected", p->corrected_low, p->corrected_high, err);
	if (rc == 0)
		rc = json_set_number(entry, "se", p->se, err);
	if (rc == 0)
		rc = set_parts(entry, p, err);
	if (rc == 0)
		rc = json_set_number(entry, "p", p->p, err);
	if (rc == 0 && !isnan(p->midp))
		rc = json_set_number(entry, "mcnemar_midp", p->midp, err);
	if (rc == 0)
		rc = json_set_text(entry, "test", p->test, err);
	if (rc == 0)
		rc = json_set_number(entry, "family", (double)p->family, err);
	if (rc == 0)
		rc = json_set(entry, "declared", json_boolean(metric->declared), err);
	if (rc == 0 && !metric->known)
		rc = json_set_text(entry, "better", metric->lower ? "lower" : "higher", err);
	if (rc == 0 && !isnan(metric->margin))
		rc = json_set_number(entry, "margin", metric->margin, err);
	if (rc == 0 && p->detectable > 0)
		rc = json_set_number(entry, "detectable", p->detectable, err);
	if (rc == 0)
		rc = json_set_text(entry, "verdict", verdict, err);
	if (rc == 0)
		return json_set(all, metric->name, entry, err);
	json_decref(entry);
	return rc;
}

int comparison_metric(json_t *all, const struct paired *p, int declared, double margin, struct error *err)
{
	const struct comparison_metric metric = {p->metric->name, p->metric->better == BETTER_LOWER, 1, declared,
						 margin};

	return comparison_put(all, &metric, p, err);
}

/* Rows as counts of rows: those that stand for less than one, weighted as they are, are still some. */
static json_int_t whole_rows(double rows)
{
	return rows > 0 ? (json_int_t)fmax(1, round(rows)) : 0;
}

int comparison_rows(json_t *entry, const struct paired_rows *rows, const struct predictions *run,
		    const struct predictions *base, struct error *err)
{
	int rc = 0;

	if (run->cluster)
		rc = json_set(entry, "clusters", json_integer((json_int_t)run->clusters), err);
	if (rc || !rows)
		return rc;
	rc = json_set(entry, "rarer", json_integer((json_int_t)rows->rarer), err);
	if (rc == 0 && run->y_pred && base->y_pred)
		rc = json_set(entry, "fixed", json_integer(whole_rows(rows->fixed)), err);
	if (rc == 0 && run->y_pred && base->y_pred)
		rc = json_set(entry, "broken", json_integer(whole_rows(rows->broken)), err);
	return rc ? rc : json_set(entry, "same_ranking", json_boolean(rows->same_ranking), err);
}

size_t comparison_of_rows(const struct run *run, size_t rows)
{
	double of_rows;

	return run_number(&of_rows, run, "evaluation.rows") && of_rows >= 0 && of_rows < 1e15 ? (size_t)of_rows : rows;
}

int comparison_open(json_t **out, const struct comparison_head *head, struct error *err)
{
	json_t *entry = json_object();
	int rc = entry ? 0 : error_nomem(err);

	if (!rc && head->run)
		rc = json_set_text(entry, "run", head->run, err);
	if (!rc)
		rc = json_set_text(entry, "against", head->against, err);
	if (!rc && head->role)
		rc = json_set_text(entry, "role", head->role, err);
	if (!rc)
		rc = json_set_text(entry, "scope", head->scope, err);
	if (!rc)
		rc = json_set(entry, "rows", json_integer((json_int_t)head->rows), err);
	if (!rc)
		rc = json_set(entry, "of_rows", json_integer((json_int_t)head->of_rows), err);
	if (!rc)
		*out = entry;
	else
		json_decref(entry);
	return rc;
}

/* rows: NULL where a side has no labels. */
static int comparison_entry(json_t **out, const struct judge_side *run, const struct judge_side *base, const char *role,
			    const struct paired_rows *rows, const struct pairing *pairing, struct error *err)
{
	const struct comparison_head head = {.against = run_id(base->run),
					     .role = role,
					     .scope = "model",
					     .rows = pairing->n,
					     .of_rows = comparison_of_rows(run->run, pairing->n)};
	int rc = comparison_open(out, &head, err);

	if (rc == 0)
		rc = comparison_rows(*out, rows, &pairing->run.p, &pairing->base.p, err);
	return rc ? rc : json_set(*out, "metrics", json_object(), err);
}

/* The metrics of the table. *rows is filled. */
static int compare_table(struct paired *paired, struct paired_rows *rows, const struct judged *judged,
			 const struct pairing *pairing, unsigned threads, struct error *err)
{
	struct paired_options options = {
		.family = 1, .families = judged->family, .judge_log_loss = 1, .threads = threads};

	return paired_compare(paired, rows, judged->metric, judged->n, &pairing->run.p, &pairing->base.p, &options,
			      err);
}

int judge_compare(json_t **out, const struct judge_side *run, const struct judge_side *base, const char *role,
		  const struct declared_metric *declared, size_t n_declared, const struct experiment *experiment,
		  size_t points, unsigned threads, struct error *err)
{
	int labels = run->predictions->y_true && base->predictions->y_true, rc;
	struct further_list further = {0};
	struct pairing pairing = {0};
	struct judged judged = {0};
	struct paired *paired = NULL;
	struct paired_rows rows;
	json_t *entry = NULL, *all;

	rc = comparable_rows(run->run, base->run, err);
	if (rc == 0)
		rc = pairing_make(&pairing, run->predictions, base->predictions, err);
	if (rc == 0 && labels)
		rc = judged_choose(&judged, run->run, base->run, declared, n_declared, points, err);
	if (rc == 0)
		rc = further_choose(&further, &judged, run, base, declared, n_declared, points, err);
	if (rc == 0 && !labels && !further.n)
		rc = error_set(err, ERR_INPUT, "they have no labels and no further column in common");
	if (rc < 0)
		goto out;
	paired = mem_array(judged.n, sizeof(*paired));
	if (!paired) {
		rc = error_nomem(err);
		goto out;
	}
	if (labels)
		rc = compare_table(paired, &rows, &judged, &pairing, threads, err);
	if (rc == 0)
		rc = comparison_entry(&entry, run, base, role, labels ? &rows : NULL, &pairing, err);
	all = json_object_get(entry, "metrics");
	for (size_t i = 0; rc == 0 && i < judged.n; i++) {
		const char *name = judged.metric[i]->name;

		if (paired[i].defined)
			rc = comparison_metric(all, &paired[i], metric_is_declared(declared, n_declared, name),
					       margin_of(experiment, run->run, name), err);
	}
	for (size_t i = 0; rc == 0 && i < further.n; i++)
		rc = further_compare(all, &further.item[i], &pairing.run.p, pairing.run_row, pairing.base_row,
				     margin_of(experiment, run->run, further.item[i].name), err);
	if (rc < 0)
		goto out;
	*out = entry;
	entry = NULL;
out:
	json_decref(entry);
	free(paired);
	judged_release(&judged);
	further_list_release(&further);
	pairing_release(&pairing);
	return rc;
}
