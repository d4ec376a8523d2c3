/*
 * --seeds: the same command once for each seed, and a parent that says what they have in common: the mean of each metric, its
 * standard deviation, and the interval of the mean by Student's t. Each child lands when it ends; the parent, which was in
 * flight from the beginning, at the end.
 */
#include "track/run_work.h"

#include "base/clock.h"
#include "base/mem.h"
#include "format/json.h"
#include "stats/bounds.h"
#include "stats/rows.h"
#include "track/launch.h"
#include "track/record_parts.h"

#include <math.h>

struct seeds {
	struct run_work *work;
	struct run parent;
	struct flight *flight;
	char id[RUN_ID];
	json_t *children;
	const struct run **finished; /* [n_finished] those whose figures count */
	size_t n_finished, n_children;
	int stopped; /* somebody ended it: no further seed */
};

static int next_id(char id[RUN_ID], struct run_work *work, struct error *err)
{
	char after[RUN_ID];
	int rc;

	memcpy(after, work->last, sizeof(after));
	rc = id_new(id, clock_now(), *after ? after : NULL, err);
	if (!rc)
		memcpy(work->last, id, RUN_ID);
	return rc;
}

static int start_parent(struct seeds *seeds, struct error *err)
{
	struct run_work *work = seeds->work;
	struct run_identity identity = {.name = work->name, .parent = work->parent, .seed = -1};
	int rc = next_id(identity.id, work, err);

	memcpy(seeds->id, identity.id, sizeof(seeds->id));
	if (!rc)
		rc = run_identify(&seeds->parent, work, &identity, err);
	if (!rc && json_object_size(work->given))
		rc = run_set(&seeds->parent, "params", json_deep_copy(work->given), err);
	if (!rc)
		rc = flight_start(&seeds->flight, work->store, &seeds->parent, err);
	return rc;
}

static int fly_child(struct seeds *seeds, long long seed, struct error *err)
{
	struct run_work *work = seeds->work;
	char *name = mem_printf("%s-seed%lld", work->name, seed);
	struct run_identity identity = {.name = name, .parent = seeds->id, .seed = seed};
	struct launch_result result = {0};
	int rc = name ? next_id(identity.id, work, err) : error_nomem(err);

	if (!rc)
		rc = run_fly(&result, work, &identity, err);
	if (!rc) {
		struct run_report *report = work->report;

		report->started = result.started;
		if (!report->exit) {
			report->exit = result.exit;
			report->signal = result.signal;
		}
		seeds->stopped = !result.started || result.signal || result.interrupted;
		rc = json_array_append_new(seeds->children, json_string(identity.id)) < 0 ? error_nomem(err) : 0;
	}
	if (!rc) /* a recovery of the parent knows those that ended */
		rc = run_set(&seeds->parent, "children", json_incref(seeds->children), err);
	if (!rc)
		rc = flight_update(seeds->flight, &seeds->parent, err);
	free(name);
	return rc;
}

/* The children that finished are those that the means are over. */
static int choose_finished(struct seeds *seeds, struct error *err)
{
	const struct runs *made = &seeds->work->report->made;

	seeds->n_children = made->n;
	seeds->finished = mem_array(made->n, sizeof(struct run *));
	if (!seeds->finished)
		return error_nomem(err);
	for (size_t i = 0; i < made->n; i++)
		if (!strcmp(run_text(&made->item[i].run, "status"), "finished"))
			seeds->finished[seeds->n_finished++] = &made->item[i].run;
	return 0;
}

/* A metric that each of them has, as a number that is one: mean, standard deviation and interval. */
static int summarize(struct seeds *seeds, const char *source, const char *name, double *value, struct error *err)
{
	struct run *parent = &seeds->parent;
	struct rows_mean mean;
	struct bounds bounds;
	char *path = NULL;
	double p;
	int rc = 0;

	for (size_t i = 0; i < seeds->n_finished; i++) {
		const json_t *map = run_field(seeds->finished[i], source);

		if (!json_number(&value[i], json_object_get(map, name)) || !isfinite(value[i]))
			return 0;
	}
	mean = rows_mean(value, NULL, seeds->n_finished);
	path = mem_printf("%s.%s", source, name);
	rc = path ? run_set_number(parent, path, mean.mean, err) : error_nomem(err);
	free(path);
	if (rc || seeds->n_finished < 2)
		return rc;
	path = mem_printf("spread.%s", name);
	rc = path ? run_set_number(parent, path, mean.se * sqrt((double)seeds->n_finished), err) : error_nomem(err);
	free(path);
	bounds_by_quantiles(&bounds, &p, mean.mean, mean.se, mean.df, 1);
	path = mem_printf("intervals.%s", name);
	if (!rc)
		rc = path ? run_set(parent, path,
				    json_pack("[f, f]", bounds.low[BOUND_PLAIN], bounds.high[BOUND_PLAIN]), err)
			  : error_nomem(err);
	free(path);
	return rc;
}

/* Measured ones last: where a metric is both, interval and spread are those of what assay measured. */
static int summarize_all(struct seeds *seeds, struct error *err)
{
	static const char *const source[] = {"reported", "measured"};
	double *value = mem_array(seeds->n_finished, sizeof(*value));
	int rc = value ? 0 : error_nomem(err);

	for (size_t i = 0; i < sizeof(source) / sizeof(*source) && !rc && seeds->n_finished; i++) {
		const char *name;
		const json_t *number;

		json_object_foreach((json_t *)(size_t)run_field(seeds->finished[0], source[i]), name, number)
		{
			rc = summarize(seeds, source[i], name, value, err);
			if (rc)
				break;
		}
	}
	free(value);
	return rc;
}

/* Parameters that are the same in all of them are the parent's. */
static int common_params(struct seeds *seeds, struct error *err)
{
	json_t *common = json_object();
	const char *name;
	const json_t *value;
	int rc = common ? 0 : error_nomem(err);

	if (!rc && seeds->n_finished)
		json_object_foreach((json_t *)(size_t)run_field(seeds->finished[0], "params"), name, value)
		{
			size_t same = 1;

			while (same < seeds->n_finished &&
			       json_equal(value, json_object_get(run_field(seeds->finished[same], "params"), name)))
				same++;
			if (same == seeds->n_finished)
				rc = rc ? rc : json_set(common, name, json_incref((json_t *)(size_t)value), err);
		}
	if (!rc && json_object_size(common))
		return run_set(&seeds->parent, "params", common, err);
	json_decref(common);
	return rc;
}

static int sum_usage(struct seeds *seeds, struct error *err)
{
	const struct runs *made = &seeds->work->report->made;
	double seconds = 0, cpu = 0, peak = 0, value;
	int rc;

	for (size_t i = 0; i < made->n; i++) {
		const struct run *run = &made->item[i].run;

		seconds += run_number(&value, run, "usage.seconds") ? value : 0;
		cpu += run_number(&value, run, "usage.cpu_seconds") ? value : 0;
		peak = run_number(&value, run, "usage.peak_rss_bytes") && value > peak ? value : peak;
	}
	rc = run_set_number(&seeds->parent, "usage.seconds", seconds, err);
	if (!rc)
		rc = run_set_number(&seeds->parent, "usage.cpu_seconds", cpu, err);
	return rc ? rc : run_set_number(&seeds->parent, "usage.peak_rss_bytes", peak, err);
}

static int end_parent(struct seeds *seeds, struct error *err)
{
	struct run_report *report = seeds->work->report;
	const char *status = report->signal ? "killed" : seeds->n_finished ? "finished" : "failed";
	char text[128];
	int rc = record_end(&seeds->parent, status, report->exit, err);

	if (!rc)
		rc = sum_usage(seeds, err);
	if (!rc)
		rc = common_params(seeds, err);
	if (!rc)
		rc = summarize_all(seeds, err);
	if (!rc && (seeds->n_finished < seeds->n_children || seeds->n_children < seeds->work->options->seeds)) {
		snprintf(text, sizeof(text), "%zu of %u seeds finished: the means are over these.", seeds->n_finished,
			 seeds->work->options->seeds);
		rc = run_note(&seeds->parent, err, "%s", text);
		if (!rc)
			rc = run_report_note(report, text, err);
	}
	return rc;
}

/* The parent stands first in the report. */
static void parent_first(struct runs *made)
{
	struct seen_run parent = made->item[made->n - 1];

	memmove(made->item + 1, made->item, (made->n - 1) * sizeof(*made->item));
	made->item[0] = parent;
}

int run_fly_seeds(struct run_work *work, struct error *err)
{
	struct seeds seeds = {.work = work, .children = json_array()};
	long long first = work->seed < 0 ? 0 : work->seed;
	struct run_closing closing = {.store = work->store, .project = work->project, .experiment = work->experiment};
	int rc = seeds.children ? start_parent(&seeds, err) : error_nomem(err);

	for (unsigned i = 0; i < work->options->seeds && !rc && !seeds.stopped; i++)
		rc = fly_child(&seeds, first + i, err);
	if (!rc)
		rc = choose_finished(&seeds, err);
	if (!rc)
		rc = end_parent(&seeds, err);
	closing.flight = seeds.flight;
	closing.run = &seeds.parent;
	closing.report = work->report;
	if (!rc)
		rc = run_land(&closing, err);
	if (!rc)
		parent_first(&work->report->made);
	else if (seeds.flight && !work->report->made.n)
		flight_cancel(seeds.flight);
	free(seeds.finished);
	flight_free(seeds.flight);
	run_release(&seeds.parent);
	json_decref(seeds.children);
	return rc;
}
