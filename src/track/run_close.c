/* The end of a run: what its command wrote becomes the record and the files to commit. */
#include "track/run_work.h"

#include "base/mem.h"
#include "format/json.h"
#include "track/artifact.h"
#include "track/collect.h"
#include "track/launch.h"
#include "track/record_parts.h"
#include "track/score.h"
#include "track/verdict_work.h"

#include <sys/stat.h>

struct placed { /* files that have been put in their places */
	struct artifact *item;
	size_t n, cap;
};

static void placed_release(struct placed *placed)
{
	for (size_t i = 0; i < placed->n; i++)
		free(placed->item[i].path);
	free(placed->item);
}

/* The user and the record are told the same. */
static int tell(struct run_closing *closing, const char *text, struct error *err)
{
	int rc = run_note(closing->run, err, "%s", text);

	return rc || !closing->report ? rc : run_report_note(closing->report, text, err);
}

/* One file under the size rules. One that has changed its kind or vanished meanwhile is a note. */
static int place(struct placed *placed, struct run_closing *closing, const char *from, const char *path,
		 const char *gathered, struct error *err)
{
	struct error why = {0};
	int rc;

	if (MEM_GROW(placed->item, placed->n, placed->cap, err) < 0)
		return ERR_NOMEM;
	rc = artifact_place(&placed->item[placed->n], closing->store, closing->project, from, path, gathered, &why);
	if (rc == ERR_INPUT || rc == ERR_NOT_FOUND)
		return run_note(closing->run, err, "%s was not kept: %s", path, why.text);
	if (rc < 0)
		return error_set(err, rc, "%s", why.text);
	return artifact_record(closing->artifacts, &placed->item[placed->n++], err);
}

/* A small file that lies among the gathered ones already. */
static int record_gathered(struct run_closing *closing, const char *gathered, const char *path, struct error *err)
{
	char *full = path_join(gathered, path);
	struct buf text = BUF_INIT;
	int rc = full ? file_read(&text, full, err) : error_nomem(err);

	if (!rc)
		rc = record_file(closing->artifacts, path, &text, err);
	buf_release(&text);
	free(full);
	return rc;
}

/* A small file in memory. */
static int put_file(struct run_closing *closing, const char *gathered, const char *name, const struct buf *bytes,
		    struct error *err)
{
	char *path = path_join(gathered, name);
	int rc = path ? file_write(path, bytes->text, bytes->len, err) : error_nomem(err);

	free(path);
	return rc ? rc : record_file(closing->artifacts, name, bytes, err);
}

/* Where a file of assay's own goes among those of the user: "artifacts/log.txt", or "artifacts/log.txt.1" where that is. */
static char *free_path(const struct collected *collected, const char *path)
{
	for (unsigned number = 0;; number++) {
		char *candidate = number ? mem_printf("%s.%u", path, number) : mem_text(path);
		int taken = 0;

		for (size_t i = 0; candidate && i < collected->n_files; i++)
			taken |= !strcmp(collected->file[i].path, candidate);
		if (!taken)
			return candidate;
		free(candidate);
	}
}

/* log.txt as the record has it; a whole one that was too large for that follows the rules of artifacts. */
static int close_log(struct placed *placed, struct run_closing *closing, const struct collected *collected,
		     const char *gathered, struct error *err)
{
	char *from = path_join(flight_folder(closing->flight), "log.txt"), *to = path_join(gathered, "log.txt");
	char *whole = free_path(collected, "artifacts/log.txt");
	struct stat st;
	int rc = from && to && whole ? 0 : error_nomem(err);

	if (!rc && stat(from, &st) == 0 && st.st_size) { /* a command that said nothing has no log */
		rc = log_trim(from, to, err);
		if (rc == 1)
			rc = place(placed, closing, from, whole, gathered, err);
		if (!rc)
			rc = record_gathered(closing, gathered, "log.txt", err);
	}
	free(from);
	free(to);
	free(whole);
	return rc;
}

static int close_files(struct placed *placed, struct run_closing *closing, const struct collected *collected,
		       const char *dir, const char *gathered, struct error *err)
{
	int rc = 0;

	for (size_t i = 0; i < collected->n_files && !rc; i++) {
		char *from = path_join(dir, collected->file[i].from);

		rc = from ? place(placed, closing, from, collected->file[i].path, gathered, err) : error_nomem(err);
		free(from);
	}
	if (!rc && collected->has_history)
		rc = record_gathered(closing, gathered, "history.csv", err);
	return rc ? rc : close_log(placed, closing, collected, gathered, err);
}

/* Files that were recorded and left where they are. */
static int close_outside(struct run_closing *closing, const struct collected *collected, struct error *err)
{
	int rc = 0;

	for (size_t i = 0; i < collected->n_outside && !rc; i++) {
		const struct outside_file *file = &collected->outside[i];
		int outside;
		char *path = project_path(&outside, closing->project, file->path);
		struct artifact artifact = {.path = path, .bytes = file->bytes, .where = ARTIFACT_LOCAL};

		snprintf(artifact.sha256, sizeof(artifact.sha256), "%s", file->sha256);
		rc = path ? artifact_record(closing->artifacts, &artifact, err) : error_nomem(err);
		if (!rc)
			rc = run_note(closing->run, err, "%s stays where it is: recorded, not copied", path);
		free(path);
	}
	return rc;
}

static int tell_local(const struct placed *placed, struct run_closing *closing, struct error *err)
{
	char *warning = NULL, *note = NULL;
	int rc = artifact_warning(&warning, &note, closing->store, placed->item, placed->n, err);

	if (!rc && note)
		rc = run_note(closing->run, err, "%s", note);
	if (!rc && warning && closing->report)
		rc = names_add(&closing->report->warnings, warning, err);
	free(warning);
	free(note);
	return rc;
}

/* An empty object says nothing: the key is left out. */
static int set_unless_empty(struct run *run, const char *key, json_t *object, struct error *err)
{
	return json_object_size(object) ? run_set(run, key, json_incref(object), err) : 0;
}

/* What --tag said stands where the command says nothing else. */
static int set_tags(struct run *run, const json_t *logged, struct error *err)
{
	const json_t *given = run_field(run, "tags");
	json_t *tags = json_copy((json_t *)(size_t)logged);
	int rc = 0;

	if (!tags || (given && json_object_update_missing(tags, (json_t *)(size_t)given) < 0))
		rc = error_nomem(err);
	if (!rc && json_object_size(tags))
		rc = run_set(run, "tags", json_incref(tags), err);
	json_decref(tags);
	return rc;
}

static int set_collected(struct run_closing *closing, const struct collected *collected, struct error *err)
{
	struct run *run = closing->run;
	int rc = set_unless_empty(run, "params", collected->params, err);

	if (!rc)
		rc = set_tags(run, collected->tags, err);
	if (!rc)
		rc = set_unless_empty(run, "reported", collected->reported, err);
	if (!rc)
		rc = set_unless_empty(run, "series", collected->series, err);
	for (size_t i = 0; i < collected->notes.n && !rc; i++)
		rc = tell(closing, collected->notes.name[i], err);
	return rc;
}

/* The metric of the commit's subject: the first declared one that the run has, else its first. */
static int choose_headline(struct run_closing *closing, struct error *err)
{
	const json_t *maps[] = {run_field(closing->run, "measured"), run_field(closing->run, "reported")};
	const char *headline = NULL;
	size_t n = 0;
	const struct declared_metric *metric = closing->experiment
						       ? experiment_metrics(&n, closing->experiment, closing->project)
						       : NULL;
	double value;

	for (size_t i = 0; i < n && !headline; i++)
		headline = run_metric(&value, closing->run, metric[i].name) ? metric[i].name : NULL;
	for (size_t i = 0; i < 2 && !headline; i++) {
		const char *name;
		const json_t *number;

		json_object_foreach((json_t *)(size_t)maps[i], name, number)
			headline = !headline || strcmp(name, headline) < 0 ? name : headline;
	}
	return headline ? flight_headline(closing->flight, headline, err) : 0;
}

/* Predictions that were not scored are kept all the same. */
static int keep_raw(struct placed *placed, struct run_closing *closing, const struct collected *collected,
		    const char *from, const char *gathered, struct error *err)
{
	char *path = free_path(collected, "artifacts/predictions.csv");
	int rc = path ? place(placed, closing, from, path, gathered, err) : error_nomem(err);

	free(path);
	return rc;
}

/* Nobody can keep labels from a command that may read them; that it may have is said. */
static int warn_perfect(struct run_closing *closing, struct error *err)
{
	static const char text[] =
		"The predictions equal the labels in every row: the task is that easy, or the command has "
		"read them";
	int rc = run_note(closing->run, err, "%s", text);

	return rc || !closing->report ? rc : names_add(&closing->report->warnings, text, err);
}

/* What scoring noted is told as well: predictions that were refused are what the user has to hear of. */
static int score_told(struct scored *scored, struct run_closing *closing, const char *from, struct error *err)
{
	size_t told = json_array_size(run_field(closing->run, "notes"));
	int rc = score(scored, closing->run, from, closing->split, closing->labels, closing->project, closing->threads,
		       err);
	const json_t *notes = run_field(closing->run, "notes");

	for (; closing->report && told < json_array_size(notes) && !rc; told++)
		rc = run_report_note(closing->report, json_string_value(json_array_get(notes, told)), err);
	return rc || !scored->perfect ? rc : warn_perfect(closing, err);
}

/* Why a run was not judged, or what its verdict lacks, is what the user has to hear of. */
static int judge_told(struct run_closing *closing, const struct stored_predictions *predictions, struct error *err)
{
	size_t told = json_array_size(run_field(closing->run, "notes"));
	int rc = run_judge(closing, predictions, err);
	const json_t *notes = run_field(closing->run, "notes");

	for (; closing->report && told < json_array_size(notes) && !rc; told++)
		rc = run_report_note(closing->report, json_string_value(json_array_get(notes, told)), err);
	return rc;
}

/* Measured by the code that measures the baselines, and judged beside them. */
static int close_predictions(struct placed *placed, struct run_closing *closing, const struct collected *collected,
			     const char *dir, const char *gathered, struct error *err)
{
	char *from = path_join(dir, "predictions.csv");
	struct scored scored = {0};
	int rc = from ? 0 : error_nomem(err);

	if (rc || !collected->has_predictions)
		goto out;
	rc = run_check_labels(closing, err);
	if (!rc && closing->experiment)
		rc = score_told(&scored, closing, from, err);
	if (rc)
		goto out;
	if (scored.evaluation.len)
		rc = put_file(closing, gathered, "evaluation.json", &scored.evaluation, err);
	if (!rc && scored.predictions.len)
		rc = put_file(closing, gathered, "predictions.csv", &scored.predictions, err);
	else if (!rc)
		rc = keep_raw(placed, closing, collected, from, gathered, err);
	if (!rc && scored.stored)
		rc = judge_told(closing, scored.stored, err);
	else if (!rc && closing->experiment)
		rc = judge_told(closing, NULL, err);
out:
	scored_release(&scored);
	free(from);
	return rc;
}

int run_close(struct run_closing *closing, struct error *err)
{
	struct collected collected = {0};
	struct placed placed = {0};
	const char *dir, *gathered;
	char *history = NULL;
	int rc = flight_dir(&dir, closing->flight, err);

	closing->artifacts = json_array();
	if (!rc)
		rc = flight_gather(&gathered, closing->flight, err);
	if (!rc) {
		history = path_join(gathered, "history.csv");
		rc = history && closing->artifacts ? collect(&collected, dir, closing->given, history, err)
						   : error_nomem(err);
	}
	if (!rc && closing->dvclive)
		rc = collect_dvclive(&collected, closing->dvclive, &closing->since, closing->given, history, err);
	if (!rc)
		rc = set_collected(closing, &collected, err);
	if (!rc)
		rc = close_files(&placed, closing, &collected, dir, gathered, err);
	if (!rc)
		rc = close_outside(closing, &collected, err);
	if (!rc)
		rc = close_predictions(&placed, closing, &collected, dir, gathered, err);
	if (!rc && closing->repeated)
		rc = judge_told(closing, NULL, err);
	else if (!rc && !collected.has_predictions && closing->experiment)
		rc = run_judge(closing, NULL, err);
	if (!rc)
		rc = tell_local(&placed, closing, err);
	if (!rc && json_array_size(closing->artifacts))
		rc = run_set(closing->run, "artifacts", json_incref(closing->artifacts), err);
	if (!rc)
		rc = choose_headline(closing, err);
	placed_release(&placed);
	collected_release(&collected);
	free(history);
	return rc;
}

void run_closing_release(struct run_closing *closing)
{
	json_decref(closing->artifacts);
}
