/*
 * judge: verdicts: criteria, comparison with the baseline, hypotheses. Knows record/ and below; nothing of how a run is
 * made or shown.
 */
#ifndef ASSAY_JUDGE_JUDGE_H
#define ASSAY_JUDGE_JUDGE_H

#include "record/evaluation.h"
#include "record/experiment.h"
#include "record/runs.h"
#include "stats/paired.h"

/*
 * What a baseline of this experiment is compared with: the run that `baseline:` names (experiment->baseline; elsewhere
 * EXPERIMENT/NAME), else majority. What any other run is compared with: that run, else the best finished baseline on
 * the same data, split and evaluation rows. NULL if there is none yet or it is the run itself.
 * Like meets like: a parent of seeds meets parents of seeds, or single baselines that no seed changes; a parent of splits those on
 * the same splits; a single run, or a child, single runs; where a recipe was only repeated, its first child on these rows.
 */
const struct seen_run *judge_baseline(const struct runs *runs, const struct experiment *experiment,
				      const struct declared_metric *metric, const struct run *run);

struct judge_side {
	const struct run *run;
	const struct stored_predictions *predictions;
};

/*
 * The entry of `comparison` for run against base: per metric the difference with interval, p, verdict (too_few, better,
 * worse, undecided; equivalent and not_worse where a margin counts: it was committed when the run started) at 1 - 0.05 / family, rows, fixed, broken,
 * same_ranking. Metrics: all of the table that both have measured. declared ones are the family; others are
 * exploratory, with a family of their own. points: distinct points of the experiment compared with this baseline, this
 * one included; 0: each metric is a family of its own, as role previous has it. *out is the caller's. ERR_INPUT if the two are not comparable (other data, split, or no shared rows):
 * the message is the reason.
 */
MUST_CHECK int judge_compare(json_t **out, const struct judge_side *run, const struct judge_side *base,
			     const char *role, const struct declared_metric *declared, size_t n_declared,
			     const struct experiment *experiment, size_t points, unsigned threads, struct error *err);

/* The verdict word from difference, corrected interval, margin (NaN: none), too_few and direction. */
const char *judge_verdict(double low, double high, double margin_low, double margin_high, double margin, int too_few,
			  int lower_is_better);

/*
 * The `criteria` array of the record: each criterion of the experiment on this run, its `comparison` (role baseline)
 * already set. met, unmet or not_measured; certain: the whole interval is on one side. A baseline is held against the
 * baseline only where the experiment names one: elsewhere its comparison is with majority, and the rule is
 * not_measured. *out is the caller's.
 */
MUST_CHECK int judge_criteria(json_t **out, const struct run *run, const struct experiment *experiment,
			      struct error *err);

/* How many criteria (not constraints) are met, of how many; from the record. */
void judge_criteria_count(size_t *met, size_t *of, const struct run *run);

/*
 * Sizes of all families at once: how many distinct points (params, code, data) of an experiment were compared with a
 * baseline. Failed and killed runs and reproductions are no members; the same baseline trained again, or repeated, is one and the
 * same; a parent of seeds or splits and its children are one point. runs is sorted by id. O(n log n), a look-up O(log n).
 */
struct judge_families;
MUST_CHECK int judge_families_new(struct judge_families **out, const struct runs *runs, struct error *err);
void judge_families_free(struct judge_families *families);
/* At least 1: a run that is being judged is a point itself. */
size_t judge_points(const struct judge_families *families, const char *experiment, const char *base_id);
/* The points of the family that this run belongs to; 1 if it was compared with nothing. */
size_t judge_points_of(const struct judge_families *families, const struct run *run);

/*
 * The hypothesis of an experiment, judged on its candidate, else its best run, else (where it has no run of kind run) its
 * best baseline that was held against the one it names: "confirmed", "refuted", "undecided", "too_few", "untested"; "none" where nothing is expected. *judged: the run, or NULL. picked: 1
 * if it was taken as the best of several. All computed from the records (at today's family).
 */
struct hypothesis {
	const char *verdict;
	const char *metric; /* of the first prediction that made it so, as one that is refuted; NULL: there is none */
	const struct seen_run *judged;
	int picked;
	size_t runs; /* runs of the experiment that were compared */
};
void judge_hypothesis(struct hypothesis *out, const struct runs *runs, const struct judge_families *families,
		      const struct experiment *experiment, const struct declared_metric *metric);

/* What a record's comparison with its baseline says at a size of the family that may not be the one of its day. */
struct judge_today {
	const char *verdict, *then; /* the word today, and the record's; borrowed from the record or static */
	size_t family; /* comparisons that share the error */
	double difference, low, high; /* the interval at 1 - 0.05 / family */
	double p; /* times the family, at most 1 */
	double p_floor; /* above 0: the draws cannot tell below it, print "p < p_floor"; 0: p is p */
	int declared;
};

/*
 * Fill out for `metric` from the stored difference, standard error and p; the record's own interval and word where the
 * family is the one of its day. points: distinct points of the experiment compared with that baseline (judge_points());
 * JUDGE_THEN: the record's own family. 1; 0 if the record has no such comparison, or not all of it.
 */
#define JUDGE_THEN 0
int judge_today(struct judge_today *out, const struct run *run, const char *metric, size_t points);

#endif
