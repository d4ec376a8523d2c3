#include "learn/baselines.h"

#include "learn/threshold.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/workers.h"
#include "stats/interval.h"

#define FOLDS 5
#define LATENCY_SECONDS 0.002 /* spent on timing single rows, a baseline */
#define LATENCY_MOST 400

/* What the scores of a model are made of is found once, however many baselines use it. */
struct trained {
	const struct model_type *type;
	void *prepared;
	void *model;
	double fit_seconds; /* prepared and fitted */
	double *out_of_fold; /* [n_train] score of the positive class, or NULL */
	double fold_seconds;
	double *probability; /* [n_test x classes] */
	double latency_ms, latency_low, latency_high;
};

enum cut { CUT_HALF, CUT_ALL_POSITIVE, CUT_TUNED };

struct plan {
	const char *name;
	size_t trained; /* which of them */
	enum cut cut;
	const struct model_param *params;
};

#define MOST_MODELS 8

struct baselines {
	const struct dataset *data;
	const struct split *split;
	struct baselines_options options;
	struct trained trained[MOST_MODELS];
	size_t models;
	struct plan plan[2 * MOST_MODELS + 1];
	char tuned_name[MOST_MODELS][48];
	size_t count;
	int *fold; /* [n_train] */
};

static const struct model_param constant_params[] = {
	{.name = "strategy", .text = "constant"}, {.name = "constant", .text = "positive class"}, {.name = NULL}};

static void trained_release(struct trained *t)
{
	t->type->free(t->model);
	t->model = NULL;
	if (t->type->prepared_free)
		t->type->prepared_free(t->prepared);
	t->prepared = NULL;
}

static int tunes(const struct baselines *b)
{
	const struct metric *metric = b->options.metric;

	return b->data->classes == 2 && metric && metric->uses_cut && metric->from_counts;
}

static void list_plans(struct baselines *b)
{
	for (size_t m = 0; m < MOST_MODELS && models[m]; m++) {
		b->trained[m].type = models[m];
		b->plan[b->count++] = (struct plan){models[m]->name, m, CUT_HALF, models[m]->params};
		b->models++;
		if (!tunes(b))
			continue;
		if (models[m] == model_find("majority")) {
			b->plan[b->count++] = (struct plan){"always_positive", m, CUT_ALL_POSITIVE, constant_params};
			continue;
		}
		snprintf(b->tuned_name[m], sizeof(b->tuned_name[m]), "%s_tuned", models[m]->name);
		b->plan[b->count++] = (struct plan){b->tuned_name[m], m, CUT_TUNED, models[m]->params};
	}
}

int baselines_new(struct baselines **out, const struct dataset *data, const struct split *split,
		  const struct baselines_options *options, struct error *err)
{
	struct baselines *b = mem_zeroed(1, sizeof(*b));

	if (!b)
		return error_nomem(err);
	b->data = data;
	b->split = split;
	b->options = *options;
	list_plans(b);
	b->fold = mem_array(split->n_train, sizeof(*b->fold));
	if (!b->fold) {
		baselines_free(b);
		return error_nomem(err);
	}
	split_folds(b->fold, data, split->train, split->n_train, FOLDS, options->seed);
	*out = b;
	return 0;
}

void baselines_forget(struct baselines *baselines)
{
	for (size_t m = 0; m < baselines->models; m++) {
		struct trained *t = &baselines->trained[m];

		trained_release(t);
		free(t->out_of_fold);
		free(t->probability);
		t->out_of_fold = t->probability = NULL;
	}
}

void baselines_free(struct baselines *baselines)
{
	if (!baselines)
		return;
	baselines_forget(baselines);
	free(baselines->fold);
	free(baselines);
}

int baselines_seeded(const struct baselines *baselines, size_t i)
{
	const struct plan *plan = &baselines->plan[i];

	return plan->cut == CUT_TUNED || (plan->cut == CUT_HALF && baselines->trained[plan->trained].type->seeded);
}

size_t baselines_count(const struct baselines *baselines)
{
	return baselines->count;
}

const char *baselines_name(const struct baselines *baselines, size_t i)
{
	return baselines->plan[i].name;
}

/* The median time of predicting one test row, over rows in turn, for a bounded time. */
static int time_one_row(struct trained *t, const struct baselines *b, double *probability, struct error *err)
{
	double spent[LATENCY_MOST], start = clock_seconds(), now = start;
	size_t n = 0;
	int rc;

	/* once untimed, so that the caches hold the model */
	rc = t->type->predict(probability, t->model, b->data, b->split->test, 1, 1, err);
	while (rc == 0 && n < LATENCY_MOST && (n < 5 || now - start < LATENCY_SECONDS)) {
		double before = clock_seconds();

		rc = t->type->predict(probability, t->model, b->data, &b->split->test[n % b->split->n_test], 1, 1, err);
		now = clock_seconds();
		spent[n++] = (now - before) * 1000;
	}
	if (rc == 0)
		median_interval(&t->latency_ms, &t->latency_low, &t->latency_high, spent, n, 0.95);
	return rc;
}

static int train(struct trained *t, const struct baselines *b, struct progress *progress, struct error *err)
{
	struct training training = {.data = b->data,
				    .row = b->split->train,
				    .n = b->split->n_train,
				    .seed = b->options.seed,
				    .threads = b->options.threads,
				    .progress = progress};
	size_t cells = b->split->n_test * (size_t)b->data->classes;
	double start = clock_seconds(), *probability = mem_array(cells, sizeof(*probability));
	int rc = 0;

	if (!probability)
		return error_nomem(err);
	if (t->type->prepare)
		rc = t->type->prepare(&t->prepared, &training, err);
	training.prepared = t->prepared;
	if (rc == 0)
		rc = t->type->fit(&t->model, &training, err);
	t->fit_seconds = clock_seconds() - start;
	if (rc == 0)
		rc = time_one_row(t, b, probability, err);
	if (rc == 0)
		rc = t->type->predict(probability, t->model, b->data, b->split->test, b->split->n_test,
				      b->options.threads, err);
	if (rc < 0) {
		free(probability);
		trained_release(t);
		return rc;
	}
	t->probability = probability;
	return 0;
}

/* The folds of one model being scored; memory is by worker. */
struct scoring {
	struct trained *trained;
	const struct baselines *baselines;
	struct progress *progress;
	unsigned threads; /* inside of one fit */
	size_t *rows; /* [workers x n_train] */
	double *probability; /* [workers x n_train x 2] */
	int rc[FOLDS];
	struct error err[FOLDS];
};

/* Train without fold f and score it. rows [n_train] and probability [n_train x 2] are scratch. */
static int score_fold(struct scoring *s, int f, size_t *rows, double *probability, struct error *err)
{
	struct trained *t = s->trained;
	const struct baselines *b = s->baselines;
	const struct split *split = b->split;
	struct training training = {
		.data = b->data, .row = rows, .seed = b->options.seed, .threads = s->threads, .prepared = t->prepared};
	void *model = NULL;
	size_t held = 0;
	int rc;

	for (size_t i = 0; i < split->n_train; i++)
		if (b->fold[i] != f)
			rows[training.n++] = split->train[i];
	rc = t->type->fit(&model, &training, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < split->n_train; i++)
		if (b->fold[i] == f)
			rows[held++] = split->train[i];
	rc = t->type->predict(probability, model, b->data, rows, held, s->threads, err);
	t->type->free(model);
	held = 0;
	for (size_t i = 0; rc == 0 && i < split->n_train; i++)
		if (b->fold[i] == f)
			t->out_of_fold[i] = probability[2 * held++ + (size_t)b->data->positive];
	return rc;
}

static void score_piece(void *context, size_t f, size_t worker)
{
	struct scoring *s = context;
	size_t n = s->baselines->split->n_train;

	s->rc[f] = score_fold(s, (int)f, s->rows + worker * n, s->probability + worker * 2 * n, &s->err[f]);
	/* the caller's thread alone tells how far it is */
	if (worker == 0)
		progress_step(s->progress, "tuning the cut", (double)(f + 1), FOLDS);
}

static int score_folds(struct trained *t, const struct baselines *b, struct progress *progress, struct error *err)
{
	size_t n = b->split->n_train, workers = t->type->light ? workers_count(b->options.threads, FOLDS) : 1;
	struct scoring s = {
		.trained = t, .baselines = b, .progress = progress, .threads = t->type->light ? 1 : b->options.threads};
	double start = clock_seconds();
	int rc = 0;

	s.rows = mem_array(workers * n, sizeof(*s.rows));
	s.probability = mem_array(workers * n, 2 * sizeof(*s.probability));
	t->out_of_fold = mem_array(n, sizeof(*t->out_of_fold));
	if (s.rows && s.probability && t->out_of_fold)
		workers_run(workers, FOLDS, score_piece, &s);
	else
		rc = error_nomem(err);
	for (int f = 0; rc == 0 && f < FOLDS; f++) {
		rc = s.rc[f];
		if (rc < 0)
			error_set(err, rc, "%s", s.err[f].text);
	}
	t->fold_seconds = clock_seconds() - start;
	if (rc < 0) {
		free(t->out_of_fold);
		t->out_of_fold = NULL;
	}
	free(s.rows);
	free(s.probability);
	return rc;
}

static int tune(double *threshold, struct trained *t, const struct baselines *b, struct progress *progress,
		struct error *err)
{
	size_t n = b->split->n_train;
	int *is_positive = mem_array(n, sizeof(*is_positive)), rc = 0;

	if (!is_positive)
		return error_nomem(err);
	if (!t->out_of_fold)
		rc = score_folds(t, b, progress, err);
	for (size_t i = 0; i < n; i++)
		is_positive[i] = b->data->y[b->split->train[i]] == b->data->positive;
	if (rc == 0)
		rc = threshold_choose(threshold, b->options.metric, t->out_of_fold, is_positive, b->fold, n, FOLDS,
				      b->data->positive, err);
	free(is_positive);
	return rc;
}

/* Two classes: by the threshold; more: the first of the most probable. */
static void label_rows(struct baseline_result *out, const struct baselines *b)
{
	size_t classes = (size_t)b->data->classes;

	for (size_t i = 0; i < b->split->n_test; i++) {
		const double *p = out->probability + i * classes;
		int best = 0;

		for (int k = 1; k < b->data->classes; k++)
			best = p[k] > p[best] ? k : best;
		if (classes == 2)
			best = p[b->data->positive] >= out->threshold ? b->data->positive : !b->data->positive;
		out->y_pred[i] = best;
	}
}

static int fill_result(struct baseline_result *out, const struct trained *t, const struct baselines *b,
		       struct error *err)
{
	size_t cells = b->split->n_test * (size_t)b->data->classes;

	out->probability = mem_array(cells, sizeof(*out->probability));
	out->y_pred = mem_array(b->split->n_test, sizeof(*out->y_pred));
	if (!out->probability || !out->y_pred)
		return error_nomem(err);
	memcpy(out->probability, t->probability, cells * sizeof(*out->probability));
	out->latency_ms = t->latency_ms;
	out->latency_low = t->latency_low;
	out->latency_high = t->latency_high;
	label_rows(out, b);
	return 0;
}

int baselines_fit(struct baseline_result *out, struct baselines *baselines, size_t i, struct progress *progress,
		  struct error *err)
{
	const struct plan *plan = &baselines->plan[i];
	struct trained *t = &baselines->trained[plan->trained];
	struct baseline_result made = {.name = plan->name, .model = t->type, .params = plan->params};
	double start;
	int rc = 0;

	if (!t->probability)
		rc = train(t, baselines, progress, err);
	if (rc < 0)
		return rc;
	made.fit_seconds = t->fit_seconds;
	if (baselines->data->classes == 2) {
		made.threshold = plan->cut == CUT_ALL_POSITIVE ? 0 : 0.5;
		made.chosen = plan->cut == CUT_ALL_POSITIVE ? "given" : plan->cut == CUT_TUNED ? "train_cv" : "half";
	}
	if (plan->cut == CUT_TUNED) {
		double folds = t->out_of_fold ? t->fold_seconds : 0;

		start = clock_seconds();
		rc = tune(&made.threshold, t, baselines, progress, err);
		made.fit_seconds += clock_seconds() - start + folds;
	}
	if (rc == 0)
		rc = fill_result(&made, t, baselines, err);
	if (rc < 0) {
		baseline_result_release(&made);
		return rc;
	}
	*out = made;
	return 0;
}

void baseline_result_release(struct baseline_result *result)
{
	if (!result)
		return;
	free(result->probability);
	free(result->y_pred);
	*result = (struct baseline_result){0};
}
