/* A parent of seeds or splits against one of its kind: their children are read, from git, flight or memory. */
#include "track/verdict_work.h"

#include "base/mem.h"
#include "judge/repeated.h"
#include "record/predictions_of.h"

#include <stdint.h>

struct side {
	struct judge_repeated judged;
	const struct seen_run **seen; /* [judged.n] */
	const struct run **child;
	const struct stored_predictions **predictions;
	struct stored_predictions **read; /* [judged.n] owned; NULL where they are held in memory */
};

static int side_new(struct side *out, const struct verdict_setting *setting, const struct seen_run *of,
		    struct error *err)
{
	size_t all = json_array_size(run_field(&of->run, "children"));
	int repeated = run_repetition(&of->run) != REPETITION_NONE;

	out->seen = mem_array(all + 1, sizeof(*out->seen));
	out->child = mem_array(all + 1, sizeof(*out->child));
	out->predictions = mem_zeroed(all + 1, sizeof(*out->predictions));
	out->read = mem_zeroed(all + 1, sizeof(*out->read));
	if (!out->seen || !out->child || !out->predictions || !out->read)
		return error_nomem(err);
	out->judged = (struct judge_repeated){
		.run = &of->run, .child = out->child, .predictions = out->predictions, .rarer = SIZE_MAX};
	for (size_t i = 0; i < (repeated ? all : 1); i++) {
		const struct seen_run *child = repeated ? runs_child(setting->runs, &of->run, i) : of;

		if (!child || strcmp(run_text(&child->run, "status"), "finished") != 0)
			continue;
		out->seen[out->judged.n] = child;
		out->child[out->judged.n++] = &child->run;
	}
	return 0;
}

static void side_release(struct side *side)
{
	for (size_t i = 0; side->read && i < side->judged.n; i++)
		stored_predictions_free(side->read[i]);
	free(side->seen);
	free(side->child);
	free(side->predictions);
	free(side->read);
}

static int side_read(struct side *side, const struct verdict_setting *setting, struct error *err)
{
	int rc = 0;

	for (size_t i = 0; i < side->judged.n && rc == 0; i++) {
		const struct stored_predictions *held = NULL;

		if (setting->held)
			held = setting->held(setting->context, run_id(side->child[i]));
		if (!held)
			rc = run_predictions(&side->read[i], setting->store, setting->runs->tip, side->seen[i], err);
		side->predictions[i] = held ? held : side->read[i];
	}
	return rc;
}

/* Rows outside the largest class, in the first split: they are stratified. Stored rows count by their weights. */
static size_t rarer_of(const struct side *side)
{
	const struct stored_predictions *p = side->judged.n ? side->predictions[0] : NULL;
	double all = 0, most = 0;

	for (int c = 0; p && c < p->classes; c++) {
		double rows = 0;

		for (size_t i = 0; i < p->n; i++)
			if (p->y_true[i] == c)
				rows += p->weight ? p->weight[i] : 1;
		all += rows;
		most = rows > most ? rows : most;
	}
	return all > 0 ? (size_t)(all - most + 0.5) : SIZE_MAX;
}

static int compare(json_t **entry, const char **note, struct side *side, const struct seen_run *base,
		   const struct verdict_setting *setting, size_t points, struct error *err)
{
	const struct run *run = side->judged.run;
	size_t declared;
	const struct declared_metric *metric = experiment_metrics(&declared, setting->experiment, setting->project);
	struct side against = {0};
	int rc = side_new(&against, setting, base, err);

	if (!rc)
		rc = side_read(side, setting, err);
	if (!rc)
		rc = side_read(&against, setting, err);
	if (!rc && run_repetition(run) == REPETITION_SPLITS)
		side->judged.rarer = rarer_of(side);
	if (!rc)
		rc = judge_compare_repeated(entry, note, &side->judged, &against.judged, "baseline", metric, declared,
					    setting->experiment, points, setting->threads, err);
	side_release(&against);
	return rc;
}

int verdict_compare_repeated(struct run *run, const struct seen_run *base, const struct verdict_setting *setting,
			     size_t points, struct error *err)
{
	const struct seen_run self = {.run = *run};
	struct side side = {0};
	struct error why = {0};
	const char *note = NULL;
	json_t *entry = NULL, *list;
	int rc = side_new(&side, setting, &self, err);

	if (!rc)
		rc = compare(&entry, &note, &side, base, setting, points, &why);
	side_release(&side);
	if (rc == ERR_NOMEM)
		return error_nomem(err);
	if (rc < 0)
		return verdict_not_compared(run, base, why.text, err);
	list = json_pack("[o]", entry);
	rc = list ? run_set(run, "comparison", list, err) : error_nomem(err);
	return rc || !note ? rc : run_note(run, err, "%c%s.", note[0] - 'a' + 'A', note + 1);
}

/* " -e NAME" where the baseline is one of another experiment; "" else. */
static void put_experiment(struct buf *out, const struct run *run, const char *experiment, size_t len)
{
	if (len && (strlen(run_experiment(run)) != len || strncmp(run_experiment(run), experiment, len) != 0))
		buf_printf(out, " -e %.*s", (int)len, experiment);
}

/* What a parent of seeds would be compared with was run once. */
static void put_once(struct buf *out, const struct run *run, const struct run *once, size_t children)
{
	int baseline = !strcmp(run_text(once, "kind"), "baseline");

	buf_printf(out, "Not compared with %s, which was run once: `assay %s", run_name(once),
		   baseline ? "baseline" : "run");
	put_experiment(out, run, run_experiment(once), strlen(run_experiment(once)));
	buf_printf(out, " --seeds %zu%s` repeats it", children < JUDGE_SEEDS_LEAST ? JUDGE_SEEDS_LEAST : children,
		   baseline ? "" : " -- ...");
}

int verdict_note_unrepeated(struct run *run, const struct verdict_setting *setting, struct error *err)
{
	size_t n, children = json_array_size(run_field(run, "children"));
	const struct experiment *experiment = setting->experiment;
	const struct declared_metric *metric = experiment_metrics(&n, experiment, setting->project);
	const struct seen_run *once = judge_baseline_once(setting->runs, experiment, metric, run);
	const char *slash = experiment->baseline ? strchr(experiment->baseline, '/') : NULL;
	struct buf text = BUF_INIT;
	int rc;

	if (run_repetition(run) == REPETITION_SPLITS) {
		buf_puts(&text, "Not compared: no baseline ran on these splits; `assay baseline");
		if (slash)
			put_experiment(&text, run, experiment->baseline, (size_t)(slash - experiment->baseline));
		buf_printf(&text, " --splits %zu` makes them", children);
	} else if (once) {
		put_once(&text, run, &once->run, children);
	}
	rc = buf_check(&text, err);
	if (!rc && text.len)
		rc = run_note(run, err, "%s", text.text);
	buf_release(&text);
	return rc;
}
