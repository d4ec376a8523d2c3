/* What the steps of `assay run` share, and what a recovery does with them. Private to track/run*.c and flight_settle.c. */
#ifndef ASSAY_TRACK_RUN_WORK_H
#define ASSAY_TRACK_RUN_WORK_H

#include "track/flight.h"
#include "track/labels.h"
#include "track/run.h"
#include "track/split_file.h"

#include <time.h>

struct run_closing;

struct run_work { /* one `assay run`: what its children share */
	struct store *store;
	const struct project *project;
	const struct experiment *experiment;
	const struct run_options *options;
	struct run_report *report;
	struct run base; /* the record as far as it is the same for all: no id, name, times, seed */
	struct store_code code;
	struct split_file split; /* parts NULL: there is none */
	struct labels labels; /* path NULL: none are pinned */
	json_t *given; /* parameters of --param */
	char **argv; /* the command, {k} replaced; NULL-terminated */
	char *name, *parent; /* parent: id or NULL */
	char from[RUN_ID]; /* the run to compare with; "": the nearest earlier one */
	long long seed; /* -1: none */
	char last[RUN_ID]; /* the id given out last */
};

/* run_name.c: the name that a run gets from its command; the caller's. */
MUST_CHECK int run_default_name(char **out, const char *const *argv, struct error *err);

/* run_start.c: what is known before the command starts. ERR_INPUT: what was asked for cannot be. */
MUST_CHECK int run_prepare(struct run_work *work, struct error *err);
void run_work_release(struct run_work *work);

/* run_data.c: `data` of the base record, and the split. */
MUST_CHECK int run_set_data(struct run_work *work, struct error *err);
/* n splits like that of the work, their seeds beginning with its; [n], the caller's, also after an error. */
MUST_CHECK int run_make_splits(struct split_file *out, size_t n, struct run_work *work, struct error *err);

/* run_plan.c: ERR_INPUT with file:line where the experiment is to be held against a run that there is not. */
MUST_CHECK int run_check_plan(const struct run_work *work, struct error *err);

/* run_labels.c: the pinned labels are read, and named in the base record, before anything of the user's can change them. */
MUST_CHECK int run_set_labels(struct run_work *work, struct error *err);
/* A note where the labels' file is another one now, told as well. */
MUST_CHECK int run_check_labels(struct run_closing *closing, struct error *err);

/* run_fly.c: one run from its start to its commit, appended to the report; *result: how the command ended. */
struct run_identity {
	char id[RUN_ID];
	const char *name, *parent; /* parent: NULL */
	long long seed; /* -1 */
	const struct split_file *split; /* what it is scored on; NULL: none, or of a parent */
};
struct launch_result;
MUST_CHECK int run_fly(struct launch_result *result, struct run_work *work, const struct run_identity *identity,
		       struct error *err);
/* A record for it, from work->base. */
MUST_CHECK int run_identify(struct run *out, struct run_work *work, const struct run_identity *identity,
			    struct error *err);
/* What the user is told beside the run's line: of the first alone where many say the same. */
MUST_CHECK int run_report_note(struct run_report *report, const char *text, struct error *err);

/* run_repeat.c: --seeds and --splits. */
MUST_CHECK int run_fly_repeated(struct run_work *work, struct error *err);

/*
 * run_close.c: what the command left becomes the record and the files to commit, all but the writing of final/. `file` holds
 * those in memory.
 */
struct run_closing {
	struct store *store;
	const struct project *project;
	const struct experiment *experiment; /* NULL: nothing is scored or judged */
	const struct split_file *split; /* NULL: the run's own labels */
	const struct labels *labels; /* pinned ones; NULL: none */
	const char *from; /* id of the run to compare with; NULL or "": the nearest earlier one */
	const json_t *given; /* NULL: none */
	const char *dvclive; /* DVCLive's folder beside the command; NULL: not looked at */
	struct timespec since; /* when the command was started; with dvclive */
	struct flight *flight;
	struct run *run;
	unsigned threads;
	struct run_report *report; /* NULL: nobody is told */
	json_t *artifacts;
	int repeated; /* a parent of seeds or splits: judged by its children */
};
MUST_CHECK int run_close(struct run_closing *closing, struct error *err);
void run_closing_release(struct run_closing *closing);

/*
 * run_fly.c: from the command's end to the commit: close, write final/, land, append to closing->report. What fails on the way
 * leaves the run in flight for the next command to record, said in report->waiting. Releases *closing.
 */
MUST_CHECK int run_land(struct run_closing *closing, struct error *err);

/* run_judge.c: `changes`, `comparison` and `criteria` beside the runs on record. predictions NULL: it was not scored, or it is
 * the parent of runs that were. */
struct stored_predictions;
MUST_CHECK int run_judge(struct run_closing *closing, const struct stored_predictions *predictions, struct error *err);

/* run_changes.c: what --from names, found before the command starts: work->from. ERR_INPUT: there is none, or it has not finished. */
MUST_CHECK int run_find_from(struct run_work *work, struct error *err);
/* `changes` beside these runs (sorted by id), and of a scored run the comparison of role previous; what is told goes into the
 * report. Comes after the comparison with the baseline. */
MUST_CHECK int run_changes(struct run_closing *closing, const struct runs *runs,
			   const struct stored_predictions *predictions, struct error *err);

/* run_recover.c: a run whose process died gets its final/, from what it wrote at its start and what its command left. */
MUST_CHECK int run_recover(struct flight *flight, struct store *store, const struct project *project,
			   struct error *err);

#endif
