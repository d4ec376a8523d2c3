/* One run: its folder appears, the command runs, what it left is put together, and all of it becomes a commit. */
#include "track/run_work.h"

#include "base/clock.h"
#include "base/mem.h"
#include "format/json.h"
#include "track/launch.h"
#include "track/record_parts.h"
#include "track/secret.h"

enum { VARIABLES = 6 };

int run_report_note(struct run_report *report, const char *text, struct error *err)
{
	for (size_t i = 0; i < report->notes.n; i++)
		if (!strcmp(report->notes.name[i], text))
			return 0;
	return names_add(&report->notes, text, err);
}

static int report_add(struct run_report *report, const struct run *run, const char *commit, struct error *err)
{
	struct runs *made = &report->made;
	struct seen_run *seen;

	if (MEM_GROW(made->item, made->n, made->cap, err) < 0)
		return ERR_NOMEM;
	seen = &made->item[made->n++];
	*seen = (struct seen_run){.run = {json_incref(run->json)}, .where = *commit ? WHERE_GIT : WHERE_WAITING};
	snprintf(seen->commit, sizeof(seen->commit), "%s", commit);
	if (!*commit)
		return 0;
	seen->folder = id_folder(run_experiment(run), run_id(run));
	return seen->folder ? 0 : error_nomem(err);
}

int run_identify(struct run *out, struct run_work *work, const struct run_identity *identity, struct error *err)
{
	char started[CLOCK_TEXT];
	const struct record_head head = {.id = identity->id,
					 .name = identity->name,
					 .kind = "run",
					 .started = started,
					 .project = work->project,
					 .experiment = work->experiment};
	json_t *known = json_deep_copy(work->base.json);
	int rc;

	clock_text(started, clock_now());
	*out = (struct run){0};
	rc = known ? record_head(out, &head, err) : error_nomem(err);
	if (!rc && json_object_update_missing(out->json, known) < 0)
		rc = error_nomem(err);
	if (!rc && identity->parent)
		rc = run_set_text(out, "parent", identity->parent, err);
	if (!rc && identity->seed >= 0)
		rc = run_set_number(out, "seed", (double)identity->seed, err);
	if (!rc && identity->split)
		rc = run_set(out, "data.split", json_deep_copy(identity->split->record), err);
	json_decref(known);
	return rc;
}

/* What the command sees of assay: NAME=VALUE words, NULL-terminated. */
struct environment {
	char *word[VARIABLES + 1];
	size_t n;
};

static int add_variable(struct environment *environment, const char *name, const char *value, struct error *err)
{
	char *word = mem_printf("%s=%s", name, value);

	if (!word)
		return error_nomem(err);
	environment->word[environment->n++] = word;
	return 0;
}

/* The parameters of --param as a file: what the command reads, and what a recovery reads. */
static int write_params(char **path, const struct run_work *work, const struct flight *flight, struct error *err)
{
	struct buf text = BUF_INIT;
	int rc;

	*path = path_join(flight_folder(flight), "params.json");
	json_write(&text, work->given);
	rc = *path ? buf_check(&text, err) : error_nomem(err);
	if (!rc)
		rc = file_write(*path, text.text, text.len, err);
	buf_release(&text);
	return rc;
}

static int set_environment(struct environment *environment, const struct run_work *work,
			   const struct run_identity *identity, struct flight *flight, struct error *err)
{
	char *params = NULL, seed[32];
	const char *dir;
	int rc = flight_dir(&dir, flight, err);

	if (!identity->split) /* that of an outer run is not this one's */
		unsetenv("ASSAY_SPLIT");
	if (!rc)
		rc = write_params(&params, work, flight, err);
	if (!rc)
		rc = add_variable(environment, "ASSAY_RUN_DIR", dir, err);
	if (!rc)
		rc = add_variable(environment, "ASSAY_RUN_ID", identity->id, err);
	if (!rc)
		rc = add_variable(environment, "ASSAY_EXPERIMENT", work->experiment->name, err);
	if (!rc)
		rc = add_variable(environment, "ASSAY_PARAMS", params, err);
	if (!rc && identity->split)
		rc = add_variable(environment, "ASSAY_SPLIT", identity->split->parts, err);
	if (!rc && identity->seed >= 0) {
		snprintf(seed, sizeof(seed), "%lld", identity->seed);
		rc = add_variable(environment, "ASSAY_SEED", seed, err);
	}
	free(params);
	return rc;
}

static void tick(void *context)
{
	flight_touch(context);
}

/* Without it a kill of assay alone would be taken for the end of the command; no reason not to run it. */
static void started(void *context, pid_t pid)
{
	(void)!flight_child(context, pid, NULL);
}

static int set_usage(struct run *run, const struct launch_result *result, struct error *err)
{
	int rc = run_set_number(run, "usage.seconds", result->seconds, err);

	if (!rc)
		rc = run_set_number(run, "usage.cpu_seconds", result->cpu_seconds, err);
	if (!rc)
		rc = run_set_number(run, "usage.peak_rss_bytes", result->peak_rss_bytes, err);
	return rc;
}

/* The record's notes say it; so is the user told. */
static int note(struct run_work *work, struct run *run, const char *text, struct error *err)
{
	int rc = run_note(run, err, "%s", text);

	return rc ? rc : run_report_note(work->report, text, err);
}

static int set_outcome(struct run *run, struct run_work *work, const struct launch_result *result,
		       const struct error *trouble, struct error *err)
{
	const char *status = result->signal ? "killed" : result->exit ? "failed" : "finished";
	int rc = record_end(run, status, result->exit, err);
	char text[sizeof(trouble->text) + 64];

	if (!rc && result->started)
		rc = set_usage(run, result, err);
	if (!rc && !result->started) {
		snprintf(text, sizeof(text), "%s could not be started: %s", work->argv[0], strerror(result->reason));
		rc = note(work, run, text, err);
	}
	if (!rc && trouble->code) {
		snprintf(text, sizeof(text), "log.txt is not whole: %s", trouble->text);
		rc = note(work, run, text, err);
	}
	if (!rc && result->masked) {
		snprintf(text, sizeof(text), "%zu secret%s in the log %s recorded as %s.", result->masked,
			 result->masked == 1 ? "" : "s", result->masked == 1 ? "is" : "are", SECRET_MASK);
		rc = note(work, run, text, err);
	}
	return rc;
}

/* Values of parameters whose names say that they are secret: NULL-terminated, borrowed. NULL without memory. */
static const char **secret_values(const struct names *params)
{
	size_t all = params ? params->n : 0, n = 0;
	const char **value = mem_zeroed(all + 1, sizeof(*value));

	for (size_t i = 0; value && i < all; i++) {
		size_t len = strcspn(params->name[i], "=");
		char *name = mem_text_n(params->name[i], len);

		if (!name || secret_name(name))
			value[n++] = params->name[i] + len + 1; /* "k=v": checked when they were read */
		free(name);
	}
	return value;
}

/* Run the command in its flight. */
static int launch_in(struct launch_result *result, struct run_work *work, const struct run_identity *identity,
		     struct flight *flight, struct run *run, struct error *err)
{
	char *log = path_join(flight_folder(flight), "log.txt");
	const char **secrets = secret_values(work->options->params);
	struct environment environment = {0};
	struct launch_options options = {.argv = (const char *const *)work->argv,
					 .cwd = work->options->cwd,
					 .silent = work->options->silent,
					 .environment = (const char *const *)environment.word,
					 .log = work->options->no_log ? NULL : log,
					 .secrets = secrets,
					 .started = started,
					 .tick = tick,
					 .context = flight};
	struct error trouble = {0};
	int rc = log && secrets ? set_environment(&environment, work, identity, flight, err) : error_nomem(err);

	if (!rc)
		rc = launch(result, &options, &trouble);
	if (rc < 0 && trouble.code && !result->started)
		error_set(err, trouble.code, "%s", trouble.text);
	else if (trouble.code)
		rc = 0;
	if (!rc)
		rc = set_outcome(run, work, result, &trouble, err);
	if (!rc)
		rc = flight_update(flight, run, err);
	for (size_t i = 0; i < environment.n; i++)
		free(environment.word[i]);
	free(secrets);
	free(log);
	return rc;
}

/* It stays in flight for the next command to record. */
static int run_leave(struct run_closing *closing, const char *why, struct error *err)
{
	struct run_report *report = closing->report;

	if (!report->waiting)
		report->waiting = mem_text(why);
	return report->waiting ? report_add(report, closing->run, "", err) : error_nomem(err);
}

int run_land(struct run_closing *closing, struct error *err)
{
	struct run_report *report = closing->report;
	char commit[1][OID_HEX] = {""}, *why = NULL;
	struct error said = {0};
	int rc = run_close(closing, &said);

	if (!rc)
		rc = flight_finish(closing->flight, closing->run, NULL, 0, &said);
	if (!rc)
		rc = flight_land(closing->store, &closing->flight, 1, commit, &why, &said);
	rc = rc ? run_leave(closing, why ? why : said.text, err) : report_add(report, closing->run, commit[0], err);
	free(why);
	run_closing_release(closing);
	return rc;
}

/* The snapshot is held before anything of the user's can take it away: a command may run for days, and git gc may come. */
static int keep_snapshot(struct run_work *work, struct run *run, struct error *err)
{
	struct error why = {0};
	char text[sizeof(why.text) + 64];

	if (store_keep(work->store, work->code.snapshot, &why) == 0)
		return 0;
	snprintf(text, sizeof(text), "the snapshot of the code is kept only when the run has ended: %s", why.text);
	return note(work, run, text, err);
}

int run_fly(struct launch_result *result, struct run_work *work, const struct run_identity *identity, struct error *err)
{
	struct run_closing closing = {.store = work->store,
				      .project = work->project,
				      .experiment = work->experiment,
				      .split = identity->split,
				      .labels = work->labels.path ? &work->labels : NULL,
				      .from = work->from,
				      .given = work->given,
				      .threads = work->options->threads,
				      .report = work->report};
	char *dvclive = path_join(work->options->cwd ? work->options->cwd : "", "dvclive");
	struct flight *flight = NULL;
	struct error why = {0};
	struct run run = {0};
	int rc = dvclive ? run_identify(&run, work, identity, err) : error_nomem(err);

	*result = (struct launch_result){0};
	if (!rc)
		rc = flight_start(&flight, work->store, &run, err);
	if (!rc)
		rc = keep_snapshot(work, &run, err);
	closing.dvclive = dvclive;
	clock_gettime(CLOCK_REALTIME_COARSE, &closing.since); /* the clock of the times of files */
	if (!rc)
		rc = launch_in(result, work, identity, flight, &run, &why);
	closing.flight = flight;
	closing.run = &run;
	if (rc < 0 && result->started) { /* the run exists: it waits, and the command's exit is what counts */
		rc = run_leave(&closing, why.text, err);
	} else if (rc < 0) {
		rc = why.code ? error_set(err, rc, "%s", why.text) : rc;
		if (flight)
			flight_cancel(flight);
	} else {
		rc = run_land(&closing, err);
	}
	flight_free(flight);
	run_release(&run);
	free(dvclive);
	return rc;
}
