/* Files of predictions read for a comparison without a repository: what score() refuses with a note is an error here. */
#include "track/score_files.h"

#include "base/mem.h"
#include "format/json.h"
#include "format/suggest.h"
#include "track/score_work.h"

#include <math.h>

struct reading {
	const struct score_files_wanted *wanted;
	struct scored_files *out;
	struct score_rows rows; /* ids and labels, which all files share; between two files */
};

void scored_files_release(struct scored_files *files)
{
	if (!files)
		return;
	for (size_t i = 0; i < files->n; i++) {
		free(files->file[i].y_pred);
		free(files->file[i].score);
		free(files->file[i].weight);
		free(files->file[i].cluster);
		for (size_t k = 0; files->file[i].value && k < files->columns; k++)
			free(files->file[i].value[k]);
		free(files->file[i].value);
		run_release(&files->file[i].run);
	}
	free(files->file);
	free(files->y_true);
	labels_release(&files->labels);
	*files = (struct scored_files){0};
}

static int read_labels(struct reading *reading, struct error *err)
{
	const struct score_files_wanted *wanted = reading->wanted;
	const char *path = wanted->labels ? wanted->labels : wanted->path[0];
	const struct labels_wanted labels = {.path = path,
					     .name = path,
					     .id = wanted->id ? wanted->id : "id",
					     .target = wanted->target   ? wanted->target
						       : wanted->labels ? NULL
									: "y_true",
					     .positive = wanted->positive,
					     .ids_only = wanted->columns_only};
	struct labels *out = &reading->out->labels;
	struct error why = {0};
	int rc = labels_read(out, &labels, &why);

	if (rc < 0 && !wanted->labels && !wanted->target && strstr(why.text, "'y_true'")) {
		why.hint[0] = '\0';
		error_hint(&why, "--labels FILE names the labels where the files have no column y_true");
	}
	if (rc < 0) {
		error_set(err, rc, "%s", why.text);
		error_hint(err, "%s", why.hint);
		return rc;
	}
	if (out->why)
		return error_set(err, ERR_INPUT, "%s", out->why);
	for (size_t i = 0; wanted->positive && i < out->class_name.n; i++)
		if (!strcmp(out->class_name.name[i], wanted->positive))
			return 0;
	if (!wanted->positive)
		return 0;
	error_set(err, ERR_INPUT, "--positive %s: no label in %s is that", wanted->positive, path);
	error_hint(err, "its labels: %s, %s%s", out->class_name.name[0], out->class_name.name[1],
		   out->class_name.n > 2 ? ", ..." : "");
	return ERR_INPUT;
}

static void hint_rows(const struct scoring *s, const struct labels *labels, struct error *err)
{
	const struct refused *r = &s->refused;

	if (s->missing || r->unknown || r->doubled || r->no_id)
		error_hint(err, "each of the %zu rows of %s takes one row with its id", labels->rows, labels->name);
	else if (r->no_class)
		error_hint(err, "the labels of %s are: %s, %s%s", labels->name, labels->class_name.name[0],
			   labels->class_name.name[1], labels->class_name.n > 2 ? ", ..." : "");
	else if (r->no_number)
		error_hint(err, "a score is a finite number; a model that gave none for a row has not predicted it");
}

/* Why the file cannot be used, with its name and the line of the first row that is wrong. */
static int refuse_file(const struct scoring *s, const struct labels *labels, struct error *err)
{
	const char *why = s->why ? s->why : "";

	if (!strncmp(why, s->name, strlen(s->name)))
		error_set(err, ERR_INPUT, "%s", why);
	else if (s->refused.line)
		error_set(err, ERR_INPUT, "%s:%zu: %s", s->name, s->refused.line, why);
	else
		error_set(err, ERR_INPUT, "%s: %s", s->name, why);
	hint_rows(s, labels, err);
	return ERR_INPUT;
}

/* Every metric that means something; what does not is a note. */
static int measure_file(struct scored_file *file, struct scoring *s, struct error *err)
{
	struct predictions p = score_predictions(s);
	json_t *measured = json_object();
	int rc = measured ? 0 : error_nomem(err);

	file->probabilities = p.score && scores_are_probabilities(p.score, p.n, p.classes);
	if (!rc && p.score && !file->probabilities)
		rc = run_note(s->run, err, "The scores are no probabilities: %s are not measured", score_not_asked(s));
	for (size_t i = 0; metrics[i] && !rc; i++) {
		const char *note = NULL;
		struct error why = {0};
		double value;

		if (!s->scored || !score_is_asked(s, metrics[i], file->probabilities))
			continue;
		rc = metrics[i]->compute(&value, &p, &note, &why);
		if (!rc && note)
			rc = run_note(s->run, err, "%s: %s", metrics[i]->name, note);
		if (!rc)
			rc = json_set_number(measured, metrics[i]->name, value, err);
		else if (rc == ERR_INPUT)
			rc = run_note(s->run, err, "%s: %s", metrics[i]->name, why.text);
		else
			error_set(err, rc, "%s", why.text);
	}
	return rc ? (json_decref(measured), rc) : run_set(s->run, "measured", measured, err);
}

static int no_column(const struct scoring *s, const char *name, struct error *err)
{
	const char **known = mem_array(metric_count(), sizeof(*known)), *nearest;

	if (!known)
		return error_nomem(err);
	for (size_t i = 0; metrics[i]; i++)
		known[i] = metrics[i]->name;
	nearest = suggest(name, known, metric_count());
	error_set(err, ERR_INPUT, "%s is no metric, and %s has no column of numbers of that name", name, s->name);
	error_hint(err, "%s%s", nearest ? "did you mean " : "metrics are f1, accuracy, roc_auc, log_loss ...",
		   nearest ? nearest : "");
	free(known);
	return ERR_INPUT;
}

/* The columns that are wanted, and their means over the rows that have a value. */
static int read_columns(const struct reading *reading, struct scored_file *file, struct scoring *s, struct error *err)
{
	const struct score_files_wanted *wanted = reading->wanted;

	file->value = mem_zeroed(wanted->columns, sizeof(*file->value));
	if (!file->value)
		return error_nomem(err);
	for (size_t k = 0; k < wanted->columns; k++) {
		double sum = 0, weights = 0;
		int rc;

		file->value[k] = mem_array(s->rows.n, sizeof(**file->value));
		if (!file->value[k])
			return error_nomem(err);
		if (!score_further_values(file->value[k], s, wanted->column[k]))
			return no_column(s, wanted->column[k], err);
		for (size_t i = 0; i < s->rows.n; i++) {
			double weight = s->rows.weight ? s->rows.weight[i] : 1;

			sum += isnan(file->value[k][i]) ? 0 : weight * file->value[k][i];
			weights += isnan(file->value[k][i]) ? 0 : weight;
		}
		rc = weights > 0 ? json_set_number((json_t *)(size_t)run_field(s->run, "measured"), wanted->column[k],
						   sum / weights, err)
				 : 0;
		if (rc < 0)
			return rc;
	}
	return 0;
}

/* The true labels are the first file's where nothing else says what they are. */
static int check_truth(const struct reading *reading, struct scoring *s, struct error *err)
{
	if (!s->other_truth)
		return 0;
	if (!reading->wanted->labels)
		return error_set(err, ERR_INPUT, "%s: %s of %zu rows is not what %s says", s->name, s->true_name,
				 s->other_truth, reading->wanted->path[0]);
	return run_note(s->run, err, "y_true of %zu rows is not what the labels say: the labels count", s->other_truth);
}

/* Both sides of a comparison weigh a row alike: as the first file does. */
static int check_weights(const struct reading *reading, const struct scoring *s, struct error *err)
{
	const double *first = reading->out->file[0].weight, *own = s->rows.weight;
	size_t differ = 0;

	for (size_t i = 0; own && i < s->rows.n; i++)
		differ += own[i] != (first ? first[i] : 1);
	if (differ)
		return error_set(err, ERR_INPUT, "%s: the weights of %zu rows are not those of %s", s->name, differ,
				 reading->wanted->path[0]);
	return 0;
}

/* The file's arrays change their owner; its weights are the first one's. What is left of the rows is for the next file. */
static void keep_rows(struct reading *reading, struct scored_file *file, struct scoring *s)
{
	const struct scored_files *out = reading->out;
	struct score_rows *rows = &s->rows;
	int cut = s->scored && (s->y_pred != NO_COLUMN || file->probabilities);

	if (file == out->file)
		file->weight = rows->weight;
	else
		free(rows->weight);
	if (cut)
		file->y_pred = rows->y_pred;
	else
		free(rows->y_pred);
	file->score = rows->score;
	file->cluster = rows->cluster;
	free(rows->unit);
	free(rows->at);
	file->p = (struct predictions){.n = rows->n,
				       .classes = (int)s->classes.n,
				       .positive = s->positive,
				       .y_true = s->scored ? rows->y_true : NULL,
				       .y_pred = file->y_pred,
				       .score = file->score,
				       .weight = out->file[0].weight,
				       .clusters = rows->clusters};
	reading->rows = *rows;
	reading->rows.y_pred = NULL;
	reading->rows.score = reading->rows.weight = NULL;
	reading->rows.unit = NULL;
	reading->rows.cluster = NULL;
	reading->rows.at = NULL;
	*rows = (struct score_rows){.texts = BUF_INIT};
}

static int read_file(struct reading *reading, size_t at, struct error *err)
{
	struct scored_files *out = reading->out;
	struct scored_file *file = &out->file[at];
	const char *path = reading->wanted->path[at];
	struct scoring s = {.run = &file->run,
			    .truth = TRUTH_PROJECT,
			    .labels = &out->labels,
			    .path = path,
			    .name = path,
			    .id_name = reading->wanted->id ? reading->wanted->id : "id",
			    .true_name = reading->wanted->target && !reading->wanted->labels ? reading->wanted->target
											     : "y_true",
			    .compared = 1,
			    .text = BUF_INIT,
			    .positive = -1,
			    .rows = reading->rows,
			    .err = err};
	int rc = run_new(&file->run, err);

	reading->rows = (struct score_rows){.texts = BUF_INIT};
	file->path = path;
	if (!rc && !file_exists(path))
		rc = error_set(err, ERR_INPUT, "%s: there is no such file", path);
	if (!rc)
		rc = score_prepare(&s);
	if (!rc)
		rc = sha256(file->sha256, s.text.text, s.text.len, err);
	if (!reading->wanted->columns) /* measuring needs as much */
		buf_release(&s.text);
	if (!rc && !s.scored && !reading->wanted->columns_only)
		rc = score_refuse(&s, "it has neither 'y_pred' nor 'score'");
	if (rc > 0)
		rc = refuse_file(&s, &out->labels, err);
	if (!rc)
		rc = check_truth(reading, &s, err);
	if (!rc && at)
		rc = check_weights(reading, &s, err);
	if (!rc)
		rc = measure_file(file, &s, err);
	if (!rc)
		rc = read_columns(reading, file, &s, err);
	if (!rc)
		keep_rows(reading, file, &s);
	scoring_release(&s);
	return rc;
}

/* Rows are of the same clusters in all files; one that names none has those of the others. */
static int share_clusters(struct scored_files *files, struct error *err)
{
	const struct scored_file *first = NULL;

	for (size_t i = 0; i < files->n; i++) {
		const struct scored_file *file = &files->file[i];

		if (!file->cluster)
			continue;
		if (!first)
			first = file;
		if (memcmp(first->cluster, file->cluster, file->p.n * sizeof(*file->cluster)) != 0)
			return error_set(err, ERR_INPUT, "%s: its clusters are not those of %s", file->path,
					 first->path);
	}
	for (size_t i = 0; first && i < files->n; i++) {
		files->file[i].p.cluster = first->cluster;
		files->file[i].p.clusters = first->p.clusters;
	}
	return 0;
}

int score_files(struct scored_files *out, const struct score_files_wanted *wanted, struct error *err)
{
	struct scored_files files = {.file = mem_zeroed(wanted->n, sizeof(*files.file)), .columns = wanted->columns};
	struct reading reading = {.wanted = wanted, .out = &files, .rows = {.texts = BUF_INIT}};
	int rc = files.file ? read_labels(&reading, err) : error_nomem(err);

	while (files.n < wanted->n && !rc) {
		rc = read_file(&reading, files.n++, err);
		buf_release(&files.labels.text); /* the first has read it */
	}
	files.y_true = reading.rows.y_true;
	reading.rows.y_true = NULL;
	score_rows_release(&reading.rows);
	if (!rc)
		rc = share_clusters(&files, err);
	if (rc < 0)
		scored_files_release(&files);
	else
		*out = files;
	return rc;
}
