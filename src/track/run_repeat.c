/*
 * --seeds and --splits: the same command once for each seed, or on each split, and a parent that says what they have in
 * common (repeat.h). Each child lands when it ends; the parent, which was in flight from the beginning, at the end.
 */
#include "track/run_work.h"

#include "base/clock.h"
#include "base/mem.h"
#include "track/launch.h"
#include "track/record_parts.h"
#include "track/repeat.h"

struct repeat {
	struct run_work *work;
	unsigned n; /* repetitions that were asked for */
	struct split_file *split; /* [n] of splits; NULL: seeds */
	struct run parent;
	struct flight *flight;
	char id[RUN_ID];
	json_t *children;
	const struct run **child; /* [n_children] */
	const struct run **finished; /* [n_finished] those whose figures count */
	size_t n_finished, n_children;
	int stopped; /* somebody ended it: nothing further is started */
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

static int make_splits(struct repeat *repeat, struct error *err)
{
	const struct run_options *options = repeat->work->options;
	int rc;

	if (!options->splits)
		return 0;
	if (options->seeds) {
		rc = error_set(err, ERR_INPUT, "--seeds and --splits are two kinds of repetition: give one of them");
		error_hint(err, "--splits %u also shows what other training rows would have given", options->splits);
		return rc;
	}
	if (repeat->work->labels.path) {
		rc = error_set(
			err, ERR_INPUT,
			"--splits: `evaluation:` in assay.yaml pins the rows that are scored, which splits would draw");
		error_hint(err, "--seeds %u shows the noise of the seed on those rows", options->splits);
		return rc;
	}
	repeat->split = mem_zeroed(repeat->n, sizeof(*repeat->split));
	return repeat->split ? run_make_splits(repeat->split, repeat->n, repeat->work, err) : error_nomem(err);
}

static int set_parent_split(struct repeat *repeat, struct error *err)
{
	const json_t **split = mem_array(repeat->n, sizeof(*split));
	json_t *record = NULL;
	int rc = split ? 0 : error_nomem(err);

	for (unsigned i = 0; i < repeat->n && !rc; i++)
		split[i] = repeat->split[i].record;
	if (!rc)
		rc = repeat_split(&record, split, repeat->n, err);
	if (!rc)
		rc = run_set(&repeat->parent, "data.split", record, err);
	free(split);
	return rc;
}

static int start_parent(struct repeat *repeat, struct error *err)
{
	struct run_work *work = repeat->work;
	struct run_identity identity = {
		.name = work->name, .parent = work->parent, .seed = repeat->split ? work->seed : -1};
	int rc = next_id(identity.id, work, err);

	memcpy(repeat->id, identity.id, sizeof(repeat->id));
	if (!rc)
		rc = run_identify(&repeat->parent, work, &identity, err);
	if (!rc && repeat->split)
		rc = set_parent_split(repeat, err);
	if (!rc && json_object_size(work->given))
		rc = run_set(&repeat->parent, "params", json_deep_copy(work->given), err);
	if (!rc) /* from the first child on it is known for a parent */
		rc = run_set(&repeat->parent, "children", json_incref(repeat->children), err);
	if (!rc)
		rc = flight_start(&repeat->flight, work->store, &repeat->parent, err);
	return rc;
}

/* Child number i: what is its own. *name is the caller's. */
static int identify(struct run_identity *out, char **name, struct repeat *repeat, unsigned i, struct error *err)
{
	struct run_work *work = repeat->work;
	long long first = work->seed < 0 ? 0 : work->seed;

	*out = (struct run_identity){.parent = repeat->id};
	if (repeat->split) {
		const json_t *seed = json_object_get(repeat->split[i].record, "seed");

		*name = mem_printf("%s-split%lld", work->name, (long long)json_integer_value(seed));
		out->seed = work->seed;
		out->split = &repeat->split[i];
	} else {
		*name = mem_printf("%s-seed%lld", work->name, first + i);
		out->seed = first + i;
		out->split = work->split.parts ? &work->split : NULL;
	}
	out->name = *name;
	return *name ? next_id(out->id, work, err) : error_nomem(err);
}

static int fly_child(struct repeat *repeat, unsigned i, struct error *err)
{
	struct run_work *work = repeat->work;
	struct run_report *report = work->report;
	struct launch_result result = {0};
	struct run_identity identity;
	char *name;
	int rc = identify(&identity, &name, repeat, i, err);

	if (!rc)
		rc = run_fly(&result, work, &identity, err);
	if (!rc) {
		report->started = result.started;
		if (!report->exit) {
			report->exit = result.exit;
			report->signal = result.signal;
		}
		repeat->stopped = !result.started || result.signal || result.interrupted;
		rc = json_array_append_new(repeat->children, json_string(identity.id)) < 0 ? error_nomem(err) : 0;
	}
	if (!rc) /* a recovery of the parent knows those that ended */
		rc = flight_update(repeat->flight, &repeat->parent, err);
	free(name);
	return rc;
}

/* The children that finished are those that the means are over. */
static int choose_finished(struct repeat *repeat, struct error *err)
{
	const struct runs *made = &repeat->work->report->made;

	repeat->child = mem_array(made->n, sizeof(struct run *));
	repeat->finished = mem_array(made->n, sizeof(struct run *));
	if (!repeat->child || !repeat->finished)
		return error_nomem(err);
	for (size_t i = 0; i < made->n; i++) {
		const struct run *run = &made->item[i].run;

		repeat->child[repeat->n_children++] = run;
		if (!strcmp(run_text(run, "status"), "finished"))
			repeat->finished[repeat->n_finished++] = run;
	}
	return 0;
}

static int end_parent(struct repeat *repeat, struct error *err)
{
	struct run_report *report = repeat->work->report;
	const char *status = report->signal ? "killed" : repeat->n_finished ? "finished" : "failed", *told = NULL;
	int rc = record_end(&repeat->parent, status, report->exit, err);

	if (!rc)
		rc = repeat_usage(&repeat->parent, repeat->child, repeat->n_children, err);
	if (!rc)
		rc = repeat_summarize(&repeat->parent, repeat->finished, repeat->n_finished, err);
	if (!rc)
		rc = repeat_note_missing(&repeat->parent, repeat->n_finished, repeat->n, &told, err);
	return !rc && told ? run_report_note(report, told, err) : rc;
}

static int land_parent(struct repeat *repeat, struct error *err)
{
	struct run_work *work = repeat->work;
	struct run_closing closing = {.store = work->store,
				      .project = work->project,
				      .experiment = work->experiment,
				      .flight = repeat->flight,
				      .run = &repeat->parent,
				      .from = work->from,
				      .threads = work->options->threads,
				      .report = work->report,
				      .repeated = 1};

	return run_land(&closing, err);
}

/* The parent stands first in the report. */
static void parent_first(struct runs *made)
{
	struct seen_run parent = made->item[made->n - 1];

	memmove(made->item + 1, made->item, (made->n - 1) * sizeof(*made->item));
	made->item[0] = parent;
}

static void repeat_release(struct repeat *repeat)
{
	for (unsigned i = 0; repeat->split && i < repeat->n; i++)
		split_file_release(&repeat->split[i]);
	free(repeat->split);
	free(repeat->child);
	free(repeat->finished);
	flight_free(repeat->flight);
	run_release(&repeat->parent);
	json_decref(repeat->children);
}

int run_fly_repeated(struct run_work *work, struct error *err)
{
	const struct run_options *options = work->options;
	struct repeat repeat = {
		.work = work, .n = options->splits ? options->splits : options->seeds, .children = json_array()};
	int rc = repeat.children ? make_splits(&repeat, err) : error_nomem(err);

	if (!rc)
		rc = start_parent(&repeat, err);
	for (unsigned i = 0; i < repeat.n && !rc && !repeat.stopped; i++)
		rc = fly_child(&repeat, i, err);
	if (!rc)
		rc = choose_finished(&repeat, err);
	if (!rc)
		rc = end_parent(&repeat, err);
	if (!rc)
		rc = land_parent(&repeat, err);
	if (!rc)
		parent_first(&work->report->made);
	else if (repeat.flight && !work->report->made.n)
		flight_cancel(repeat.flight);
	repeat_release(&repeat);
	return rc;
}
