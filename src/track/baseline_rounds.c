/* The rounds of `assay baseline`: one, or one for each seed or split. The data are read once for all of them. */
#include "track/baseline_work.h"

#include "base/mem.h"
#include "format/json.h"
#include "track/repeat.h"
#include "track/split_file_work.h"

#include <math.h>

/* Labels and ids of the test rows, in the split's order: what measuring and writing predictions need. */
static int keep_test_rows(struct baseline_round *round, const struct dataset *data, struct error *err)
{
	size_t n = round->split->n_test;

	round->y_true = mem_array(n, sizeof(*round->y_true));
	round->id_text = mem_zeroed(n, sizeof(*round->id_text));
	if (!round->y_true || !round->id_text)
		return error_nomem(err);
	for (size_t i = 0; i < n; i++) {
		char scratch[32];

		round->y_true[i] = data->y[round->split->test[i]];
		round->id_text[i] = mem_text(dataset_id(data, round->split->test[i], scratch));
		if (!round->id_text[i])
			return error_nomem(err);
	}
	return 0;
}

int baseline_round_open(struct baseline_work *work, size_t number, struct error *err)
{
	struct baseline_round *round = &work->round[number];

	if (!round->borrows)
		return keep_test_rows(round, work->data, err);
	round->y_true = work->round[0].y_true;
	round->id_text = work->round[0].id_text;
	return 0;
}

static void free_test_rows(struct baseline_round *round)
{
	for (size_t k = 0; round->id_text && k < round->split->n_test; k++)
		free(round->id_text[k]);
	free(round->id_text);
	free(round->y_true);
	round->id_text = NULL;
	round->y_true = NULL;
}

void baseline_round_close(struct baseline_work *work, size_t number)
{
	baselines_forget(work->round[number].baselines);
	if (work->options->splits)
		free_test_rows(&work->round[number]);
}

static int make_round(struct baseline_work *work, size_t number, struct error *err)
{
	const struct baseline_options *options = work->options;
	const struct split_options split = {.test = isnan(options->test) ? work->project->split.test : options->test,
					    .valid = work->project->split.valid,
					    .seed = work->split_seed + (options->splits ? number : 0)};
	struct baseline_round *round = &work->round[number];
	struct baselines_options plan = {.metric = work->metric, .threads = options->threads};
	int rc = 0;

	if (!(split.test > 0 && split.test < 1))
		return error_set(err, ERR_INPUT, "the share of test rows must lie between 0 and 1, not %g", split.test);
	round->seed = plan.seed = work->seed + number;
	if (number && !options->splits) {
		*round = work->round[0];
		round->seed = plan.seed;
		round->baselines = NULL;
		round->borrows = 1;
	} else {
		rc = split_make(&round->split, work->data, &split, err);
	}
	return rc ? rc : baselines_new(&round->baselines, work->data, round->split, &plan, err);
}

static int hash_splits(struct baseline_work *work, struct error *err)
{
	json_t *record = NULL;
	int rc = baseline_splits_record(&record, work, err);
	const char *sha256 = json_string_value(json_object_get(record, "sha256"));

	snprintf(work->splits_sha256, sizeof(work->splits_sha256), "%s", sha256 ? sha256 : "");
	json_decref(record);
	return rc;
}

int baseline_rounds_make(struct baseline_work *work, struct error *err)
{
	const struct baseline_options *options = work->options;
	size_t n = options->splits ? options->splits : options->seeds ? options->seeds : 1;
	int rc = 0;

	if (options->splits && options->seeds) {
		rc = error_set(err, ERR_INPUT, "--seeds and --splits are two kinds of repetition: give one of them");
		error_hint(err, "each of the splits has a seed of its own");
		return rc;
	}
	work->round = mem_zeroed(n, sizeof(*work->round));
	if (!work->round)
		return error_nomem(err);
	work->rounds = n;
	for (size_t i = 0; i < n && !rc; i++)
		rc = make_round(work, i, err);
	return rc || !options->splits ? rc : hash_splits(work, err);
}

void baseline_rounds_release(struct baseline_work *work)
{
	for (size_t i = 0; i < work->rounds; i++) {
		struct baseline_round *round = &work->round[i];

		baselines_free(round->baselines);
		if (round->borrows)
			continue;
		free_test_rows(round);
		split_free(round->split);
	}
	free(work->round);
}

int baseline_splits_record(json_t **out, const struct baseline_work *work, struct error *err)
{
	json_t **split = mem_zeroed(work->rounds, sizeof(json_t *));
	int rc = split ? 0 : error_nomem(err);

	for (size_t i = 0; i < work->rounds && !rc; i++)
		rc = split_record(&split[i], work->round[i].split, err);
	if (!rc)
		rc = repeat_split(out, (const json_t *const *)split, work->rounds, err);
	for (size_t i = 0; split && i < work->rounds; i++)
		json_decref(split[i]);
	free(split);
	return rc;
}
