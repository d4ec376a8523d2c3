/* A command's predictions scored: see score.h. What cannot be scored costs its scores and gets a note, nothing else. */
#include "track/score_work.h"

#include "base/mem.h"
#include "format/json.h"
#include "stats/interval.h"
#include "track/record_parts.h"

#include <malloc.h>
#include <math.h>

#define GIVEN_BACK \
	(1 << 20) /* bytes: arrays of many rows go back to the system when they are freed, so that the next fit */

void scored_release(struct scored *scored)
{
	if (!scored)
		return;
	stored_predictions_free(scored->stored);
	buf_release(&scored->evaluation);
	buf_release(&scored->predictions);
	*scored = (struct scored){.evaluation = BUF_INIT, .predictions = BUF_INIT};
}

int score_refuse(struct scoring *s, const char *format, ...)
{
	va_list args;
	int len;

	free(s->why);
	va_start(args, format);
	len = vasprintf(&s->why, format, args);
	va_end(args);
	if (len < 0)
		s->why = NULL;
	return len < 0 ? error_nomem(s->err) : 1;
}

/* Rows that are wrong, each kind with its number. */
static int refuse_rows(struct scoring *s)
{
	const struct refused *r = &s->refused;
	struct buf text = BUF_INIT;
	const struct {
		size_t n;
		const char *what;
	} kind[] = {
		{s->missing, "without a prediction"},
		{r->unknown, s->truth == TRUTH_SPLIT ? "with an id that is no row of the test part"
						     : "with an id that the labels do not have"},
		{r->doubled, "with an id that was there before"},
		{r->no_id, "without an id"},
		{r->no_label, "without a y_true"},
		{r->no_class,
		 s->truth == TRUTH_PROJECT ? "with a y_pred that no label has" : "with a y_pred that is no class"},
		{r->no_number, "with a score that is no finite number"},
		{r->bad_weight, "with a weight that is not above 0"},
	};
	int rc = 0;

	for (size_t i = 0; i < sizeof(kind) / sizeof(*kind); i++)
		if (kind[i].n)
			buf_printf(&text, "%s%zu row%s %s", text.len ? ", " : "", kind[i].n, kind[i].n == 1 ? "" : "s",
				   kind[i].what);
	if (r->no_class && *r->first_class)
		buf_printf(&text, " (the first y_pred: '%s')", r->first_class);
	if (r->unknown && *r->first_unknown)
		buf_printf(&text, " (the first id: '%s')", r->first_unknown);
	if (text.failed)
		rc = error_nomem(s->err);
	else if (text.len)
		rc = score_refuse(s, "%s", text.text);
	else if (!s->rows.n)
		rc = score_refuse(s, "it has no row");
	buf_release(&text);
	return rc;
}

/* The reason as the record's note. */
static int note_refused(struct scoring *s)
{
	json_t *why = record_text(s->why);
	int rc = why ? run_note(s->run, s->err, "predictions.csv is not scored: %s", json_string_value(why))
		     : error_nomem(s->err);

	json_decref(why);
	return rc;
}

struct predictions score_predictions(const struct scoring *s)
{
	const struct score_rows *rows = &s->rows;

	return (struct predictions){.n = rows->n,
				    .classes = (int)s->classes.n,
				    .positive = s->positive,
				    .y_true = s->scored ? rows->y_true : NULL,
				    .y_pred = s->scored ? rows->y_pred : NULL,
				    .score = s->scored ? rows->score : NULL,
				    .weight = rows->weight,
				    .cluster = rows->cluster,
				    .clusters = rows->clusters};
}

int score_is_asked(const struct scoring *s, const struct metric *metric, int probabilities)
{
	if (metric->kind == METRIC_TIMING || (metric->needs == NEEDS_SCORES && !s->rows.score))
		return 0;
	if (metric->kind == METRIC_ROWS && metric->needs == NEEDS_SCORES)
		return probabilities;
	/* Where no label is predicted and the scores are no probabilities, nothing says where to cut them. */
	return metric->needs == NEEDS_SCORES || s->y_pred != NO_COLUMN || probabilities;
}

const char *score_not_asked(const struct scoring *s)
{
	return s->y_pred == NO_COLUMN ? "metrics of labels, log_loss and brier_score_loss"
				      : "log_loss and brier_score_loss";
}

static int set_one(struct scoring *s, const struct measured *m, json_t *measured, json_t *intervals)
{
	int rc = 0;

	if (m->defined)
		rc = json_set_number(measured, m->metric->name, m->value, s->err);
	if (!rc && m->defined && m->has_interval && isfinite(m->low) && isfinite(m->high))
		rc = json_set(intervals, m->metric->name, json_pack("[f, f]", m->low, m->high), s->err);
	if (!rc && *m->note)
		rc = run_note(s->run, s->err, "%s: %s", m->metric->name, m->note);
	return rc;
}

static int measure_labels(struct scoring *s, const struct predictions *p, json_t *measured, json_t *intervals)
{
	const struct metric **asked = mem_array(metric_count(), sizeof(*asked));
	struct measured *m = mem_zeroed(metric_count(), sizeof(*m));
	int probabilities = p->score && scores_are_probabilities(p->score, p->n, p->classes),
	    rc = asked && m ? 0 : error_nomem(s->err);
	size_t n = 0;

	for (size_t i = 0; metrics[i] && !rc; i++)
		if (score_is_asked(s, metrics[i], probabilities))
			asked[n++] = metrics[i];
	if (!rc && p->score && !probabilities)
		rc = run_note(s->run, s->err, "The scores are no probabilities: %s are not measured",
			      score_not_asked(s));
	if (!rc)
		rc = measure(m, asked, n, p, 0.95, s->threads, s->err);
	for (size_t i = 0; i < n && !rc; i++)
		rc = set_one(s, &m[i], measured, intervals);
	free(asked);
	free(m);
	return rc;
}

/* Put the members of `from` into the record's map: what is there already of other names stays. */
static int merge(struct run *run, const char *key, json_t *from, struct error *err)
{
	json_t *map = (json_t *)(size_t)run_field(run, key);

	if (!json_object_size(from))
		return 0;
	if (!json_is_object(map))
		return run_set(run, key, json_incref(from), err);
	return json_object_update(map, from) < 0 ? error_nomem(err) : 0;
}

/* The text once more, for the further columns. Where it has gone or is another they have no values. */
static int read_again(struct scoring *s)
{
	struct error why = {0};
	int rc = s->n_further ? file_read(&s->text, s->path, &why) : 0;

	return rc == ERR_NOMEM ? error_nomem(s->err) : 0;
}

static int set_measured(struct scoring *s, const struct predictions *p)
{
	json_t *measured = json_object(), *intervals = json_object();
	int rc = measured && intervals ? 0 : error_nomem(s->err);

	if (!rc && s->scored)
		rc = measure_labels(s, p, measured, intervals);
	if (!rc)
		rc = read_again(s);
	if (!rc)
		rc = score_further_measure(s, measured, intervals);
	if (!rc)
		rc = merge(s->run, "measured", measured, s->err);
	if (!rc)
		rc = merge(s->run, "intervals", intervals, s->err);
	json_decref(measured);
	json_decref(intervals);
	return rc;
}

static int set_threshold(struct scoring *s, const struct predictions *p)
{
	int rc;

	if (!p->y_pred || s->classes.n != 2)
		return 0;
	if (s->y_pred != NO_COLUMN)
		return run_set_text(s->run, "threshold.chosen", "unknown", s->err);
	rc = run_set_number(s->run, "threshold.value", 0.5, s->err);
	return rc ? rc : run_set_text(s->run, "threshold.chosen", "half", s->err);
}

static int set_evaluation(struct scoring *s)
{
	struct run *run = s->run;
	static const char *const source[] = {[TRUTH_OWN] = "run", [TRUTH_SPLIT] = "split", [TRUTH_PROJECT] = "project"};
	int rc = run_set_text(run, "evaluation.source", source[s->truth], s->err);

	if (!rc && s->part)
		rc = run_set_text(run, "evaluation.part", s->part, s->err);
	if (!rc)
		rc = run_set_number(run, "evaluation.rows", (double)s->of_rows, s->err);
	if (!rc)
		rc = run_set_number(run, "evaluation.matched", (double)s->rows.n, s->err);
	if (!rc)
		rc = run_set_number(run, "evaluation.missing", (double)s->missing, s->err);
	return rc;
}

static int add_notes(struct scoring *s)
{
	int rc = 0;

	if (s->other_truth)
		rc = run_note(s->run, s->err,
			      "y_true of %zu rows of predictions.csv is not what the %s say: the %s count",
			      s->other_truth, s->truth == TRUTH_SPLIT ? "data" : "labels",
			      s->truth == TRUTH_SPLIT ? "data" : "labels");
	if (!rc && s->left_out)
		rc = run_note(s->run, s->err, "%zu rows of the %s part in predictions.csv are left out", s->left_out,
			      strcmp(s->part, "test") != 0 ? "test" : "valid");
	return rc;
}

/* The stored file as a later reader sees it; where it cannot be compared, there is none. */
static int read_back(struct scored *out, struct scoring *s)
{
	const char *positive = s->positive >= 0 ? s->classes.name[s->positive] : NULL;
	struct error why = {0};
	int rc;

	rc = predictions_read(&out->stored, out->predictions.text, out->predictions.len, positive, "predictions.csv",
			      &why);
	if (rc == ERR_INPUT && !s->scored)
		return 0; /* groups alone */
	if (rc == ERR_INPUT)
		return run_note(s->run, s->err, "Not to be compared row by row: %s", why.text);
	return rc ? error_set(s->err, rc, "%s", why.text) : 0;
}

/* 1 if each row has the class that was given for it. */
static int is_perfect(const struct scoring *s, const struct predictions *p)
{
	if (s->truth == TRUTH_OWN || !p->y_pred)
		return 0;
	for (size_t i = 0; i < p->n; i++)
		if (p->y_pred[i] != p->y_true[i])
			return 0;
	return 1;
}

/* Where no label is predicted, scores that are no probabilities say nothing of one. */
static int is_cut(const struct scoring *s, const struct predictions *p)
{
	return s->y_pred != NO_COLUMN || !p->score || scores_are_probabilities(p->score, p->n, p->classes);
}

/* Everything that is known once the rows are there and good. */
static int finish(struct scored *out, struct scoring *s)
{
	struct predictions p = score_predictions(s);
	int rc;

	if (s->scored && !is_cut(s, &p))
		p.y_pred = NULL;
	rc = set_measured(s, &p);
	if (!rc)
		rc = set_threshold(s, &p);
	if (!rc)
		rc = set_evaluation(s);
	if (!rc)
		rc = add_notes(s);
	out->perfect = is_perfect(s, &p);
	free(s->rows.cluster); /* room for the rows that are stored */
	p.cluster = s->rows.cluster = NULL;
	if (!rc && s->scored)
		rc = evaluation_write(&out->evaluation, &p, s->classes.name, s->err);
	if (!rc)
		rc = score_store(out, s, &p);
	return rc ? rc : read_back(out, s);
}

int score_prepare(struct scoring *s)
{
	struct error why = {0};
	int rc;

	(void)mallopt(M_MMAP_THRESHOLD, GIVEN_BACK);
	rc = file_is_plain(s->path) ? file_read(&s->text, s->path, &why) : score_refuse(s, "it is no plain file");
	if (rc < 0)
		rc = rc == ERR_NOMEM ? error_nomem(s->err) : score_refuse(s, "%s", why.text);
	csv_init(&s->csv, s->text.text, s->text.len, s->name, 0);
	if (!rc)
		rc = score_header(s);
	if (!rc && s->text.len > UINT32_MAX)
		rc = score_refuse(s, "it is larger than 4 GiB");
	if (!rc && !s->scored && s->truth == TRUTH_SPLIT)
		s->truth = TRUTH_OWN;
	if (!rc)
		rc = s->truth != TRUTH_OWN ? score_labels(s) : score_own_classes(s);
	if (!rc)
		rc = score_read_rows(s);
	if (!rc)
		rc = score_choose_part(s);
	if (!rc && !s->compared)
		buf_release(&s->text); /* numbering and measuring need as much; it is read again where it has to be */
	if (!rc)
		rc = score_number_clusters(s);
	return rc ? rc : refuse_rows(s);
}

void scoring_release(struct scoring *s)
{
	for (size_t i = 0; i < s->scores; i++)
		free(s->score[i].name);
	for (size_t i = 0; i < s->n_further; i++) {
		free(s->further[i].name);
		names_free(&s->further[i].levels);
	}
	free(s->score);
	free(s->further);
	names_free(&s->classes);
	score_rows_release(&s->rows);
	csv_release(&s->csv);
	buf_release(&s->text);
	free(s->why);
}

int score(struct scored *out, struct run *run, const char *predictions, const struct split_file *split,
	  const struct labels *labels, const struct project *project, unsigned threads, struct error *err)
{
	struct scoring s = {.run = run,
			    .project = project,
			    .truth = labels                   ? TRUTH_PROJECT
				     : split && split->labels ? TRUTH_SPLIT
							      : TRUTH_OWN,
			    .split = split && split->labels ? split : NULL,
			    .labels = labels,
			    .threads = threads,
			    .path = predictions,
			    .name = "predictions.csv",
			    .id_name = "id",
			    .true_name = "y_true",
			    .text = BUF_INIT,
			    .positive = -1,
			    .rows = {.texts = BUF_INIT},
			    .err = err};
	struct scored scored = {.evaluation = BUF_INIT, .predictions = BUF_INIT};
	int rc;

	rc = labels && labels->why ? score_refuse(&s, "%s", labels->why) : score_prepare(&s);

	if (rc > 0)
		rc = note_refused(&s);
	else if (!rc)
		rc = finish(&scored, &s);
	scoring_release(&s);
	if (rc < 0)
		scored_release(&scored);
	else
		*out = scored;
	return rc;
}
