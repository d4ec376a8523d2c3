/* The work of one `assay baseline`, as its steps hand it on: input, jobs, records, verdicts. Private to track/baseline*.c. */
#ifndef ASSAY_TRACK_BASELINE_WORK_H
#define ASSAY_TRACK_BASELINE_WORK_H

#include "base/clock.h"
#include "judge/judge.h"
#include "learn/baselines.h"
#include "record/repetition.h"
#include "stats/interval.h"
#include "track/baseline.h"
#include "track/flight.h"

enum { BASELINE_JOB = -1, BASELINE_LEFT_OUT = -2 };

struct baseline_round { /* what the baselines of one split and one seed have in common */
	uint64_t seed; /* of the models */
	struct split *split; /* of repeated seeds all rounds have the first one's, as of the two arrays */
	struct baselines *baselines;
	int *y_true; /* [split->n_test]; while the round is open, as the next one */
	char **id_text; /* [split->n_test] */
	int borrows; /* split and arrays are those of the first round */
};

struct baseline_job { /* one baseline to train; or the parent of those that follow it */
	size_t number; /* in the round's baselines */
	struct baseline_round *round; /* of a parent the first */
	const char *name; /* of the baseline */
	char *child_name; /* the run's own, where it is one of several; NULL: the baseline's */
	size_t children; /* 0: one to train; else that many jobs behind this one are its children */
	size_t step; /* how many are trained before it */
	struct run run;
	struct flight *flight;
	struct baseline_result result;
	struct measured *measured; /* [metric_count()] */
	struct buf evaluation, predictions; /* the files */
	size_t kept; /* rows of predictions */
	struct stored_predictions *stored; /* the predictions as a later reader sees them */
	double seconds, cpu_seconds;
	int failed; /* could not be trained: the record says why */
};

struct baseline_work {
	struct store *store;
	const struct project *project;
	const struct experiment *experiment;
	const struct baseline_options *options;
	struct progress *progress;
	const struct declared_metric *declared;
	size_t n_declared;
	const struct metric *metric; /* the first that is known: what cuts are tuned for */

	/* input */
	char *data_path; /* as opened */
	const char *target, *positive, *id, *task;
	const struct names *features, *drop;
	uint64_t seed, split_seed; /* of the first round */
	struct table *table;
	struct dataset *data;
	struct baseline_round *round; /* [rounds] one for each seed or split; else one */
	size_t rounds;
	char splits_sha256[SHA256_HEX]; /* of the splits of all rounds, where it is they that are repeated */

	/* the repository */
	struct store_code code;
	char plan_commit[OID_HEX];
	struct runs runs; /* on record, then those of this work */
	struct judge_families *families; /* of all of them, once each names what it is compared with */

	struct baseline_job *job;
	size_t jobs, trained; /* trained: those that are no parents */
	long *known; /* [baselines_count()] BASELINE_JOB, BASELINE_LEFT_OUT; else its place in runs: on record already */
	char started[CLOCK_TEXT];
};

/* Progress: reading is one step, so is each baseline, so is comparing. */
enum { BASELINE_STEPS_BEFORE = 1, BASELINE_STEPS_AFTER = 1 };
static inline double baseline_steps(const struct baseline_work *work)
{
	return BASELINE_STEPS_BEFORE + (double)work->trained + BASELINE_STEPS_AFTER;
}

/* The baselines by name and number, which all rounds share. */
static inline const struct baselines *baseline_plans(const struct baseline_work *work)
{
	return work->round[0].baselines;
}

/* What is repeated, and whether this baseline is: of seeds those that chance is in. */
static inline enum repetition baseline_repetition(const struct baseline_work *work, size_t number)
{
	if (work->options->splits)
		return REPETITION_SPLITS;
	return work->options->seeds && baselines_seeded(baseline_plans(work), number) ? REPETITION_SEEDS
										      : REPETITION_NONE;
}

/* baseline_input.c: settings, table, dataset, split, plan. */
MUST_CHECK int baseline_settings(struct baseline_work *work, struct error *err);
MUST_CHECK int baseline_read(struct baseline_work *work, struct error *err);
void baseline_input_release(struct baseline_work *work);

/* baseline_rounds.c: a split and seed for each repetition, and data.split of a parent of splits. */
MUST_CHECK int baseline_rounds_make(struct baseline_work *work, struct error *err);
void baseline_rounds_release(struct baseline_work *work);
/* Before and after the training of a round: its test rows and models are held in memory for that time alone. */
MUST_CHECK int baseline_round_open(struct baseline_work *work, size_t number, struct error *err);
void baseline_round_close(struct baseline_work *work, size_t number);
MUST_CHECK int baseline_splits_record(json_t **out, const struct baseline_work *work, struct error *err);

/* baseline_parent.c: the record of a parent when it starts, once its id is set, and when its children have ended. */
MUST_CHECK int baseline_parent_start(struct baseline_job *parent, struct error *err);
MUST_CHECK int baseline_parent_end(struct baseline_job *parent, struct error *err);

/* baseline_known.c: the parameters of baseline `number` as far as the user chose them, and the run on record that has the same. */
MUST_CHECK int baseline_choices(json_t **out, const struct baseline_work *work, const char *name, struct error *err);
MUST_CHECK int baseline_known(struct baseline_work *work, struct error *err);

/* baseline_fit.c: train, measure, make the files. */
MUST_CHECK int baseline_train(struct baseline_job *job, struct baseline_work *work, struct error *err);

/* baseline_record.c: the record as far as it is known when a run starts, and what its end adds. */
MUST_CHECK int baseline_record_start(struct baseline_job *job, const struct baseline_work *work, struct error *err);
MUST_CHECK int baseline_record_end(struct baseline_job *job, const struct baseline_work *work, struct error *err);
MUST_CHECK int baseline_record_failure(struct baseline_job *job, const struct error *why, struct error *err);

/* baseline_verdict.c: comparison and criteria of every job, all of them measured. */
MUST_CHECK int baseline_judge(struct baseline_work *work, struct error *err);

#endif
