/* `assay baseline`, step by step: see baseline.h. Nothing is on disk before the input has been found good. */
#include "track/baseline_work.h"

#include "base/mem.h"
#include "track/record_parts.h"

#include <pthread.h>

/* What is asked of the repository while the data are read: neither waits for the other. */
struct look {
	struct baseline_work *work;
	struct error err;
	int rc;
};

static void *look_at_repository(void *context)
{
	struct look *look = context;
	struct baseline_work *work = look->work;

	look->rc = runs_load(&work->runs, work->store, work->project->below, &look->err);
	if (!look->rc && !work->options->code)
		look->rc = record_code_look(&work->code, work->store, work->project, &look->err);
	if (!look->rc && !work->options->code)
		look->rc = record_plan_commit(work->plan_commit, work->store, work->project, work->experiment,
					      &look->err);
	return NULL;
}

/* Read the data and look at the repository at the same time. An error of the data counts first. */
static int read_all(struct baseline_work *work, struct error *err)
{
	struct look look = {.work = work};
	pthread_t thread;
	int rc;

	if (pthread_create(&thread, NULL, look_at_repository, &look))
		return error_set(err, ERR_MACHINE, "cannot start a thread");
	rc = baseline_read(work, err);
	pthread_join(thread, NULL);
	if (rc < 0)
		return rc;
	if (look.rc < 0) {
		error_set(err, look.err.code, "%s", look.err.text);
		if (*look.err.hint)
			error_hint(err, "%s", look.err.hint);
	}
	return look.rc;
}

static int start_record(struct baseline_job *job, const struct baseline_work *work, const char *id, struct error *err)
{
	const char *reproduces = work->options->reproduces;
	char again[64]; /* a name of its own: that of the original goes on meaning the original */
	const struct record_head head = {.id = id,
					 .name = reproduces        ? again
						 : job->child_name ? job->child_name
								   : job->name,
					 .kind = "baseline",
					 .started = work->started,
					 .project = work->project,
					 .experiment = work->experiment};
	int rc;

	snprintf(again, sizeof(again), "%s-again", job->name);
	rc = record_head(&job->run, &head, err);
	if (!rc && reproduces)
		rc = run_set_text(&job->run, "parent", reproduces, err);
	return !rc && reproduces ? run_set_text(&job->run, "tags.reproduces", reproduces, err) : rc;
}

/* Each id behind the one before and behind the newest on record, so that a list by id shows runs as they were made. */
static int name_jobs(struct baseline_work *work, struct error *err)
{
	const struct runs *runs = &work->runs;
	char id[RUN_ID] = "";
	time_t now = clock_now();
	int rc = 0;

	if (runs->n)
		snprintf(id, sizeof(id), "%s", run_id(&runs->item[runs->n - 1].run));
	clock_text(work->started, now);
	for (size_t i = 0; i < work->jobs && !rc; i++) {
		char after[RUN_ID];

		memcpy(after, id, sizeof(after));
		rc = id_new(id, now, after, err);
		if (!rc)
			rc = start_record(&work->job[i], work, id, err);
	}
	return rc;
}

static struct baseline_job *add_job(struct baseline_work *work, size_t number, size_t round)
{
	struct baseline_job *job = &work->job[work->jobs++];

	*job = (struct baseline_job){.number = number,
				     .round = &work->round[round],
				     .name = baselines_name(baseline_plans(work), number),
				     .evaluation = BUF_INIT,
				     .predictions = BUF_INIT};
	return job;
}

/* The parent of a baseline that is repeated, and its children behind it. */
static int add_repeated(struct baseline_work *work, size_t number, enum repetition repetition, struct error *err)
{
	struct baseline_job *parent = add_job(work, number, 0);

	parent->children = work->rounds;
	for (size_t i = 0; i < work->rounds; i++) {
		struct baseline_job *child = add_job(work, number, i);
		uint64_t seed = repetition == REPETITION_SPLITS ? child->round->split->options.seed
								: child->round->seed;

		child->child_name = mem_printf("%s-%s%llu", child->name,
					       repetition == REPETITION_SPLITS ? "split" : "seed",
					       (unsigned long long)seed);
		if (!child->child_name)
			return error_nomem(err);
	}
	return 0;
}

static int list_jobs(struct baseline_work *work, struct error *err)
{
	size_t n = baselines_count(baseline_plans(work));
	int rc = baseline_known(work, err);

	if (rc < 0)
		return rc;
	work->job = mem_zeroed(n * (work->rounds + 1), sizeof(*work->job));
	if (!work->job)
		return error_nomem(err);
	for (size_t i = 0; i < n && !rc; i++) {
		enum repetition repetition = baseline_repetition(work, i);

		if (work->known[i] != BASELINE_JOB)
			continue;
		if (repetition == REPETITION_NONE)
			add_job(work, i, 0);
		else
			rc = add_repeated(work, i, repetition, err);
	}
	if (!rc && work->options->only && !work->jobs)
		rc = error_set(err, ERR_INPUT, "this version of assay trains no baseline called '%s'",
			       work->options->only);
	return rc;
}

static int make_jobs(struct baseline_work *work, struct error *err)
{
	int rc = list_jobs(work, err);

	if (!rc)
		rc = name_jobs(work, err);
	for (size_t i = 0; i < work->jobs && !rc; i++) {
		rc = baseline_record_start(&work->job[i], work, err);
		if (!rc && work->job[i].children)
			rc = baseline_parent_start(&work->job[i], err);
		work->trained += !work->job[i].children;
	}
	return rc;
}

static int start_flights(struct baseline_work *work, struct error *err)
{
	int rc = 0;

	for (size_t i = 0; i < work->jobs && !rc; i++) {
		rc = flight_start(&work->job[i].flight, work->store, &work->job[i].run, err);
		if (!rc)
			rc = flight_headline(work->job[i].flight, work->declared[0].name, err);
	}
	return rc;
}

/* A training that fails costs its own run, which is recorded as failed; only without memory or disk all is given up. */
static int train_one(struct baseline_job *job, struct baseline_work *work, struct error *err)
{
	struct error why = {0};

	if (!baseline_train(job, work, &why))
		return baseline_record_end(job, work, err);
	job->failed = 1;
	return baseline_record_failure(job, &why, err);
}

/* Round by round: what a model and its tuned twin share is found once, and let go of before the next. */
static int train_all(struct baseline_work *work, struct error *err)
{
	size_t step = 0;
	int rc = 0;

	for (size_t k = 0; work->jobs && k < work->rounds && !rc; k++) {
		rc = baseline_round_open(work, k, err);
		for (size_t i = 0; i < work->jobs && !rc; i++) {
			struct baseline_job *job = &work->job[i];

			if (job->children || job->round != &work->round[k])
				continue;
			job->step = step++;
			rc = train_one(job, work, err);
			baseline_result_release(&job->result); /* it is in the record and the files */
		}
		baseline_round_close(work, k);
	}
	for (size_t i = 0; i < work->jobs && !rc; i++)
		if (work->job[i].children)
			rc = baseline_parent_end(&work->job[i], err);
	return rc;
}

/* The new runs beside those on record: what is compared with what is looked up among all of them. */
static int join_runs(struct baseline_work *work, struct error *err)
{
	struct runs *runs = &work->runs;

	for (size_t i = 0; i < work->jobs; i++) {
		if (MEM_GROW(runs->item, runs->n, runs->cap, err) < 0)
			return ERR_NOMEM;
		runs->item[runs->n++] = (struct seen_run){.run = {json_incref(work->job[i].run.json)},
							  .where = WHERE_WAITING};
	}
	return 0;
}

static int finish_flights(struct baseline_work *work, struct error *err)
{
	int rc = 0;

	for (size_t i = 0; i < work->jobs && !rc; i++) {
		struct baseline_job *job = &work->job[i];
		const struct store_file file[] = {
			{.path = "evaluation.json", .bytes = job->evaluation.text, .len = job->evaluation.len},
			{.path = "predictions.csv", .bytes = job->predictions.text, .len = job->predictions.len}};

		rc = flight_finish(job->flight, &job->run, file, job->failed || job->children ? 0 : 2, err);
	}
	return rc;
}

static int land(struct baseline_work *work, char **waiting, struct error *err)
{
	struct flight **flight = mem_zeroed(work->jobs, sizeof(struct flight *));
	char(*commits)[OID_HEX] = mem_zeroed(work->jobs, sizeof(*commits));
	struct seen_run *made = work->runs.item + work->runs.n - work->jobs;
	int rc = flight && commits ? 0 : error_nomem(err);

	for (size_t i = 0; i < work->jobs && !rc; i++)
		flight[i] = work->job[i].flight;
	if (!rc)
		rc = flight_land(work->store, flight, work->jobs, commits, waiting, err);
	for (size_t i = 0; i < work->jobs && rc >= 0; i++) {
		memcpy(made[i].commit, commits[i], OID_HEX);
		made[i].where = *commits[i] ? WHERE_GIT : WHERE_WAITING;
	}
	free(flight);
	free(commits);
	return rc < 0 ? rc : 0;
}

/* From the first file on disk to the commit. What fails on the way stays in flight, for the next command to record. */
static int make_runs(struct baseline_work *work, char **waiting, struct error *err)
{
	int rc = start_flights(work, err);

	if (!rc)
		rc = train_all(work, err);
	if (!rc)
		rc = join_runs(work, err);
	if (!rc)
		rc = baseline_judge(work, err);
	if (!rc)
		rc = finish_flights(work, err);
	if (!rc) {
		progress_step(work->progress, "recording", 1, 1);
		rc = land(work, waiting, err);
	}
	return rc;
}

static int copy_notes(struct names *out, const struct names *in, struct error *err)
{
	int rc = 0;

	for (size_t i = 0; i < in->n && !rc; i++)
		rc = names_add(out, in->name[i], err);
	return rc;
}

/* The runs of the report, in the order of the baselines: made now or on record. */
static int report_runs(struct baseline_report *out, const struct baseline_work *work, struct error *err)
{
	size_t n = baselines_count(baseline_plans(work)), job = 0;

	out->made.item = mem_zeroed(n, sizeof(*out->made.item));
	if (!out->made.item)
		return error_nomem(err);
	out->made.cap = n;
	for (size_t i = 0; i < n; i++) {
		const struct seen_run *from;
		struct seen_run *to;
		size_t at;

		if (work->known[i] == BASELINE_LEFT_OUT)
			continue;
		at = work->known[i] >= 0 ? (size_t)work->known[i] : work->runs.n - work->jobs + job;
		from = &work->runs.item[at];
		to = &out->made.item[out->made.n];
		if (work->known[i] == BASELINE_JOB) /* of a parent it alone */
			job += 1 + work->job[job].children;
		*to = *from;
		to->run.json = json_incref(from->run.json);
		to->folder = mem_text(from->folder);
		out->made.n++;
		out->failed += !strcmp(run_text(&to->run, "status"), "failed");
		if (from->folder && !to->folder)
			return error_nomem(err);
	}
	return 0;
}

/* The name of what the first compared run was compared with. */
static int report_against(struct baseline_report *out, const struct baseline_work *work, struct error *err)
{
	const char *id = NULL;

	for (size_t i = 0; i < out->made.n && !id; i++)
		id = json_string_value(
			json_object_get(json_array_get(run_field(&out->made.item[i].run, "comparison"), 0), "against"));
	for (size_t i = 0; id && i < work->runs.n; i++) {
		const struct run *run = &work->runs.item[i].run;

		if (strcmp(run_id(run), id) != 0)
			continue;
		out->against = strcmp(run_experiment(run), work->experiment->name) != 0
				       ? mem_printf("%s/%s", run_experiment(run), run_name(run))
				       : mem_text(run_name(run));
		return out->against ? 0 : error_nomem(err);
	}
	return 0;
}

/* Why runs were not compared, as the first record that has such a note says it. */
static int report_not_compared(struct baseline_report *out, struct error *err)
{
	static const char begin[] = "Not compared with ";

	for (size_t i = 0; i < out->made.n; i++) {
		const json_t *notes = run_field(&out->made.item[i].run, "notes");

		for (size_t k = 0; k < json_array_size(notes); k++) {
			const char *note = json_string_value(json_array_get(notes, k));

			if (note && !strncmp(note, begin, sizeof(begin) - 1))
				return names_add(&out->notes, note, err);
		}
	}
	return 0;
}

static int fill_report(struct baseline_report *out, const struct baseline_work *work, struct error *err)
{
	const struct seen_run *best;
	int rc = report_runs(out, work, err);

	for (size_t i = 0; i < baselines_count(baseline_plans(work)); i++)
		out->shown += work->known[i] >= 0;
	out->rows = work->table->rows;
	out->features = work->data->features;
	out->train_rows = work->round[0].split->n_train;
	out->test_rows = work->round[0].split->n_test;
	out->metric = mem_text(work->declared[0].name);
	best = runs_best(&out->made, work->experiment->name, work->declared[0].name, "baseline");
	out->best = best ? mem_text(run_name(&best->run)) : NULL;
	if (!rc && (!out->metric || (best && !out->best)))
		rc = error_nomem(err);
	if (!rc)
		rc = report_against(out, work, err);
	if (!rc)
		rc = copy_notes(&out->notes, &work->table->notes, err);
	if (!rc)
		rc = copy_notes(&out->notes, &work->data->notes, err);
	if (!rc)
		rc = report_not_compared(out, err);
	if (!rc)
		rc = copy_notes(&out->left_out, &work->code.left_out, err);
	return rc;
}

static void job_release(struct baseline_job *job)
{
	run_release(&job->run);
	flight_free(job->flight);
	baseline_result_release(&job->result);
	free(job->child_name);
	free(job->measured);
	buf_release(&job->evaluation);
	buf_release(&job->predictions);
	stored_predictions_free(job->stored);
}

static void work_release(struct baseline_work *work)
{
	for (size_t i = 0; i < work->jobs; i++)
		job_release(&work->job[i]);
	free(work->job);
	free(work->known);
	baseline_input_release(work);
	judge_families_free(work->families);
	runs_free(&work->runs);
	store_code_release(&work->code);
}

int track_baseline(struct baseline_report *out, struct store *store, const struct project *project,
		   const struct experiment *experiment, const struct baseline_options *options,
		   struct progress *progress, struct error *err)
{
	struct baseline_work work = {
		.store = store, .project = project, .experiment = experiment, .options = options, .progress = progress};
	struct baseline_report report = {0};
	int rc = store_ready(store, err);

	if (!rc)
		rc = baseline_settings(&work, err);
	if (!rc)
		rc = read_all(&work, err);
	if (!rc)
		rc = make_jobs(&work, err);
	if (!rc)
		rc = make_runs(&work, &report.waiting, err);
	if (!rc)
		rc = fill_report(&report, &work, err);
	work_release(&work);
	if (rc < 0)
		baseline_report_release(&report);
	else
		*out = report;
	return rc;
}

void baseline_report_release(struct baseline_report *report)
{
	if (!report)
		return;
	runs_free(&report->made);
	free(report->best);
	free(report->metric);
	free(report->against);
	names_free(&report->notes);
	names_free(&report->left_out);
	free(report->waiting);
	*report = (struct baseline_report){0};
}
