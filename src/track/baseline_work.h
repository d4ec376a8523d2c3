/* The work of one `assay baseline`, as its steps hand it on: input, jobs, records, verdicts. Private to track/baseline*.c. */
#ifndef ASSAY_TRACK_BASELINE_WORK_H
#define ASSAY_TRACK_BASELINE_WORK_H

#include "base/clock.h"
#include "judge/judge.h"
#include "learn/baselines.h"
#include "stats/interval.h"
#include "track/baseline.h"
#include "track/flight.h"

enum { BASELINE_JOB = -1, BASELINE_LEFT_OUT = -2 };

struct baseline_job { /* one baseline to train */
	size_t number; /* in work->baselines */
	const char *name;
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
	uint64_t seed;
	struct table *table;
	struct dataset *data;
	struct split *split;
	struct baselines *baselines;
	int *y_true; /* [split->n_test] */
	char **id_text; /* [split->n_test] */

	/* the repository */
	struct store_code code;
	char plan_commit[OID_HEX];
	struct runs runs; /* on record, then those of this work */
	struct judge_families *families; /* of all of them, once each names what it is compared with */

	struct baseline_job *job;
	size_t jobs;
	long *known; /* [baselines_count()] BASELINE_JOB, BASELINE_LEFT_OUT; else its place in runs: on record already */
	char started[CLOCK_TEXT];
};

/* Progress: reading is one step, so is each baseline, so is comparing. */
enum { BASELINE_STEPS_BEFORE = 1, BASELINE_STEPS_AFTER = 1 };
static inline double baseline_steps(const struct baseline_work *work)
{
	return BASELINE_STEPS_BEFORE + (double)baselines_count(work->baselines) + BASELINE_STEPS_AFTER;
}

/* baseline_input.c: settings, table, dataset, split, plan. */
MUST_CHECK int baseline_settings(struct baseline_work *work, struct error *err);
MUST_CHECK int baseline_read(struct baseline_work *work, struct error *err);
void baseline_input_release(struct baseline_work *work);

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
