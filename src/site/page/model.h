/*
 * What all pages of a build look at: the runs, the experiments with their verdicts of today, and where everything stands
 * on the site. Made once, only read afterwards (but for the list of problems and what was read last).
 */
#ifndef ASSAY_SITE_PAGE_MODEL_H
#define ASSAY_SITE_PAGE_MODEL_H

#include "base/buf.h"
#include "judge/judge.h"
#include "judge/practices.h"
#include "judge/picked.h"
#include "site/page/mark.h"

struct site_experiment {
	struct experiment *experiment;
	char *href; /* "experiments/NAME.html", below the site's root */
	const struct declared_metric *metric; /* the first decides what is best */
	size_t metrics;
	const struct seen_run **run; /* its runs by start, those of seeds and splits by their parent; the model's */
	size_t runs;
	const struct seen_run *bar; /* what a run of it has to beat; NULL: nothing yet */
	const struct seen_run *best; /* best finished run of kind run; NULL */
	struct hypothesis hypothesis;
	struct plan_order plan; /* what stood before its runs */
	struct experiment_standing standing; /* without subject and baseline, which are above */
	struct picked picked; /* its best run, corrected for having been picked */
	int uncommitted; /* its file has text that HEAD has not */
	struct store_commit_info written; /* the last commit that changed its file; hex "" where there is none */
};

struct site_model {
	struct store *store;
	const struct project *project;
	struct runs runs;
	struct judge_families *families; /* sizes of today */
	struct site_experiment *experiment; /* by name */
	size_t experiments, cap;
	const char *metric; /* the project's first */
	int lower;
	struct names *problems; /* the report's */
	struct { /* what was read last: a page asks for its record twice, many pages for the same baseline's */
		const struct seen_run *raw_of, *evaluation_of[2];
		struct buf raw;
		json_t *evaluation[2];
		unsigned next;
	} last;
};

MUST_CHECK int model_make(struct site_model *out, struct store *store, const struct project *project,
			  struct names *problems, struct error *err);
void model_release(struct site_model *model);

/* The experiment of a run: there is one for each name that a run has. */
struct site_experiment *model_experiment(const struct site_model *model, const char *name);
/* 1 if lists show the run: a parent of seeds or splits speaks for its single runs, which stand on its page. O(log n). */
int model_lists(const struct site_model *model, const struct seen_run *run);
/* A run by its full id; NULL. O(log n). */
const struct seen_run *model_run(const struct site_model *model, const char *id);
/* "runs/ID.html" and the like: runs/ID and `suffix`. The caller's; NULL without memory. */
char *model_run_href(const struct seen_run *run, const char *suffix) MUST_CHECK;
/* Note a problem: it costs its page or chart, not the build. */
MUST_CHECK int model_problem(struct site_model *model, const char *where, const struct error *problem,
			     struct error *err);

/* Room for n runs, the caller's to free(); NULL without memory. */
const struct seen_run **run_list(size_t n) MUST_CHECK;
int run_is(const struct seen_run *run, const char *kind); /* "baseline", "run" */
int run_finished(const struct seen_run *run);
/* Append its name, with its experiment before it where `from`, the run that is spoken of, is of another one. */
void run_label(struct buf *out, const struct seen_run *run, const struct seen_run *from);

/* What is said of a run's metric against its baseline, from the record's comparison. */
struct judged {
	const json_t *entry; /* of the metric, in `comparison`; NULL: not compared */
	const json_t *comparison; /* the whole entry of role baseline; NULL */
	const struct seen_run *against; /* NULL: not compared, or its run is gone */
	double difference, low, high; /* NaN where absent; interval corrected for the family */
	double p, p_floor; /* times the family, capped at 1 */
	size_t family;
	int declared;
	enum verdict verdict, then; /* at that family; of the record */
};
enum judged_when { JUDGED_TODAY, JUDGED_THEN /* as the record says, at the family's size of its day */ };
void judged_of(struct judged *out, const struct site_model *model, const struct seen_run *run, const char *metric,
	       enum judged_when when);

/* metrics.NAME with its interval; NaN where absent. reported: 1 if only the command said so. */
struct score {
	double value, low, high;
	int reported;
};
void score_of(struct score *out, const struct seen_run *run, const char *metric);

#endif
