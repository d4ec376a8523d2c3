/* The five practices of an experiment, each with the evidence for what is said of it, and where it stands in the six stages. */
#ifndef ASSAY_JUDGE_PRACTICES_H
#define ASSAY_JUDGE_PRACTICES_H

#include "judge/judge.h"
#include "judge/plan_order.h"

enum practice_state { PRACTICE_MET, PRACTICE_PARTLY, PRACTICE_UNMET, PRACTICE_UNKNOWN };
const char *practice_state_word(enum practice_state state); /* "met", "partly", "unmet", "unknown" */

enum { PRACTICES = 5, STAGES = 6 };

struct practice {
	const char *name; /* "start with a baseline", ...: static */
	enum practice_state state;
	char *sentence; /* what was seen, without full stop; has names and text of the user's */
	const struct seen_run *run; /* evidence; borrowed; NULL */
	const char *file; /* evidence: the experiment's file, borrowed; NULL */
};

struct stage {
	const char *name; /* "problem", "baseline", "experiment", "evaluate", "validate", "deploy" */
	int done;
};

/*
 * The runs of one experiment and all baselines, as a list of their own: whoever looks at each of many experiments passes this
 * instead of all runs to what looks at one. *out borrows; only its item is the caller's to free(). O(runs).
 */
MUST_CHECK int judge_runs_of(struct runs *out, const struct runs *all, const char *experiment, struct error *err);

struct standing_input { /* all borrowed; runs may be brief, not lean */
	const struct runs *runs; /* all, or judge_runs_of() this experiment */
	const struct judge_families *families;
	const struct experiment *experiment;
	const struct declared_metric *metric; /* the first declared one */
	const struct hypothesis *hypothesis;
	const struct plan_order *plan;
	const struct run_order *order; /* of all runs */
	const char *rewritten; /* store_rewritten()'s note: the branch no longer holds what landed; NULL */
};

struct experiment_standing {
	struct practice practice[PRACTICES];
	struct stage stage[STAGES];
	const char *next; /* the first stage that is not done; "" all are */
	size_t runs, failed, running; /* of kind run, children aside; failed: killed ones too */
	size_t met, of; /* criteria of the subject */
	const struct seen_run
		*subject; /* the run that the experiment is judged by: the hypothesis's, else the best; NULL */
	const struct seen_run *baseline; /* what its runs have to beat; NULL */
};

MUST_CHECK int judge_standing(struct experiment_standing *out, const struct standing_input *input, struct error *err);
void judge_standing_release(struct experiment_standing *standing);

/* A step of it: the practices, where all else in *standing is set. */
MUST_CHECK int judge_practices(struct experiment_standing *standing, const struct standing_input *input,
			       struct error *err);

/*
 * What a run of the experiment has to beat: what its best one is compared with, else what the baseline that the experiment names
 * is, else its best baseline; NULL: there is none yet. best: the best run, or NULL.
 */
const struct seen_run *judge_bar(const struct runs *runs, const struct experiment *experiment,
				 const struct declared_metric *metric, const struct seen_run *best);

#endif
