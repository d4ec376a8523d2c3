/* The record of a baseline: what is known when it starts, what its end adds. */
#include "track/baseline_work.h"

#include "format/json.h"
#include "track/data_file_work.h"
#include "track/environment.h"
#include "track/record_parts.h"
#include "track/split_file_work.h"

#include <math.h>
#include <sys/resource.h>

static int set_command(struct run *run, const struct baseline_options *options, struct error *err)
{
	json_t *argv = json_array();

	for (const char *const *word = options->command; argv && word && *word; word++)
		if (json_array_append_new(argv, record_text(*word)) < 0) {
			json_decref(argv);
			return error_nomem(err);
		}
	if (!argv)
		return error_nomem(err);
	return run_set(run, "command", argv, err);
}

static int set_file(struct run *run, const struct baseline_work *work, struct error *err)
{
	const struct table *table = work->table;
	struct data_content content = {
		.bytes = table->bytes, .has_shape = 1, .rows = table->rows, .columns = table->columns};
	int rc;

	memcpy(content.sha256, table->sha256, sizeof(content.sha256));
	rc = data_file_append(run, work->project, table->path, &content, err);
	if (!rc && !strcmp(table->path, "-"))
		rc = run_note(run, err,
			      "The data came from standard input: the run cannot be repeated from its record alone.");
	return rc;
}

static int set_split(struct baseline_job *job, const struct baseline_work *work, struct error *err)
{
	json_t *record = NULL;
	int rc = job->children && baseline_repetition(work, job->number) == REPETITION_SPLITS
			 ? baseline_splits_record(&record, work, err)
			 : split_record(&record, job->round->split, err);

	return rc ? rc : run_set(&job->run, "data.split", record, err);
}

int baseline_record_start(struct baseline_job *job, const struct baseline_work *work, struct error *err)
{
	struct run *run = &job->run;
	int rc = job->children ? 0 : run_set_number(run, "seed", (double)job->round->seed, err);

	if (!rc)
		rc = set_command(run, work->options, err);
	if (!rc)
		rc = environment_record(run, err);
	if (!rc && work->options->code)
		rc = run_set(run, "code", json_deep_copy(work->options->code), err);
	else if (!rc)
		rc = record_code(run, &work->code, err);
	if (!rc)
		rc = set_file(run, work, err);
	if (!rc)
		rc = set_split(job, work, err);
	if (!rc)
		rc = record_plan(run, work->experiment, work->plan_commit, err);
	if (!rc)
		rc = record_note_each(run, &work->table->notes, err);
	if (!rc)
		rc = record_note_each(run, &work->data->notes, err);
	return rc;
}

static int set_params(struct baseline_job *job, const struct baseline_work *work, struct error *err)
{
	json_t *params;
	int rc = baseline_choices(&params, work, job->name, err);

	if (rc < 0)
		return rc;
	rc = json_set_text(params, "model", job->result.model->name, err);
	for (const struct model_param *param = job->result.params; param && param->name && !rc; param++)
		rc = param->text ? json_set_text(params, param->name, param->text, err)
				 : json_set_number(params, param->name, param->number, err);
	if (!rc)
		return run_set(&job->run, "params", params, err);
	json_decref(params);
	return rc;
}

static int set_interval(json_t *intervals, const char *name, double low, double high, struct error *err)
{
	if (!isfinite(low) || !isfinite(high))
		return 0;
	return json_set(intervals, name, json_pack("[f, f]", low, high), err);
}

static int set_one_measured(json_t *measured, json_t *intervals, const struct measured *m, struct run *run,
			    struct error *err)
{
	int rc = 0;

	if (m->defined)
		rc = json_set_number(measured, m->metric->name, m->value, err);
	if (!rc && m->defined && m->has_interval)
		rc = set_interval(intervals, m->metric->name, m->low, m->high, err);
	if (!rc && *m->note)
		rc = run_note(run, err, "%s: %s", m->metric->name, m->note);
	return rc;
}

static int set_measured(struct baseline_job *job, struct error *err)
{
	json_t *measured = json_object(), *intervals = json_object();
	int rc = measured && intervals ? 0 : error_nomem(err);

	for (size_t i = 0; i < metric_count() && !rc; i++)
		if (job->measured[i].metric)
			rc = set_one_measured(measured, intervals, &job->measured[i], &job->run, err);
	if (!rc)
		rc = json_set_number(measured, "fit_seconds", job->result.fit_seconds, err);
	if (!rc)
		rc = json_set_number(measured, "latency_ms", job->result.latency_ms, err);
	if (!rc)
		rc = set_interval(intervals, "latency_ms", job->result.latency_low, job->result.latency_high, err);
	if (!rc)
		rc = run_set(&job->run, "measured", json_incref(measured), err);
	if (!rc)
		rc = run_set(&job->run, "intervals", json_incref(intervals), err);
	json_decref(measured);
	json_decref(intervals);
	return rc;
}

static int set_usage(struct baseline_job *job, struct error *err)
{
	struct rusage usage;
	int rc = run_set_number(&job->run, "usage.seconds", job->seconds, err);

	if (!rc)
		rc = run_set_number(&job->run, "usage.cpu_seconds", job->cpu_seconds, err);
	if (!rc && !getrusage(RUSAGE_SELF, &usage))
		rc = run_set_number(&job->run, "usage.peak_rss_bytes", (double)usage.ru_maxrss * 1024, err);
	return rc;
}

static int set_artifacts(struct baseline_job *job, struct error *err)
{
	json_t *artifacts = json_array();
	int rc = artifacts ? record_file(artifacts, "evaluation.json", &job->evaluation, err) : error_nomem(err);

	if (!rc)
		rc = record_file(artifacts, "predictions.csv", &job->predictions, err);
	if (!rc)
		return run_set(&job->run, "artifacts", artifacts, err);
	json_decref(artifacts);
	return rc;
}

int baseline_record_end(struct baseline_job *job, const struct baseline_work *work, struct error *err)
{
	struct run *run = &job->run;
	int rc = record_end(run, "finished", 0, err);

	if (!rc && job->result.chosen)
		rc = run_set_number(run, "threshold.value", job->result.threshold, err);
	if (!rc && job->result.chosen)
		rc = run_set_text(run, "threshold.chosen", job->result.chosen, err);
	if (!rc)
		rc = run_set_text(run, "evaluation.source", "split", err);
	if (!rc)
		rc = run_set_text(run, "evaluation.part", "test", err);
	if (!rc)
		rc = run_set_number(run, "evaluation.rows", (double)job->round->split->n_test, err);
	if (!rc)
		rc = set_params(job, work, err);
	if (!rc)
		rc = set_measured(job, err);
	if (!rc)
		rc = set_usage(job, err);
	if (!rc)
		rc = set_artifacts(job, err);
	if (!rc && job->kept < job->round->split->n_test)
		rc = run_note(run, err, "predictions.csv holds %zu of %zu test rows: comparisons use these.", job->kept,
			      job->round->split->n_test);
	return rc;
}

int baseline_record_failure(struct baseline_job *job, const struct error *why, struct error *err)
{
	int rc = record_end(&job->run, "failed", error_exit(why->code), err);

	if (!rc)
		rc = set_usage(job, err);
	if (!rc)
		rc = run_note(&job->run, err, "The training failed: %s", why->text);
	return rc;
}
