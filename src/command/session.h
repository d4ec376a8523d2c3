/* What nearly every command begins with: the repository of the current folder, its project, the runs on record. */
#ifndef ASSAY_COMMAND_SESSION_H
#define ASSAY_COMMAND_SESSION_H

#include "judge/judge.h"
#include "record/experiment.h"
#include "record/project.h"
#include "record/runs.h"
#include "store/store.h"

struct session {
	struct store *store;
	struct project *project;
	struct runs runs; /* after session_runs() */
	struct judge_families *families; /* the same: how many comparisons share an error today */
};

/* Open both from the current folder. ERR_INPUT where there is no repository or no work tree. */
MUST_CHECK int session_open(struct session *session, struct error *err);
/* The same, and the experiment that -e names (NULL: the usual one), the caller's to experiment_free(). */
MUST_CHECK int session_open_experiment(struct session *session, struct experiment **out, const char *name,
				       struct error *err);
void session_close(struct session *session); /* also after an error; {0} allowed */

/* Say on stderr if somebody reset, deleted or rewrote the runs' branch. The two below do that too. */
MUST_CHECK int session_tell_rewritten(struct session *session, struct error *err);

/*
 * The runs by the catalog, as brief records (record/catalog.h) with intervals and comparisons of all declared metrics, and say on
 * stderr what a reader of them should know: records that are damaged, runs that wait, a branch that somebody rewrote.
 */
MUST_CHECK int session_runs(struct session *session, struct error *err);

/* The same with lean records (see catalog_query), in half the time: for names, verdicts and plain lists. */
MUST_CHECK int session_runs_lean(struct session *session, struct error *err);

/*
 * The run that a name means: in the experiment asked for (-e; may be NULL), else in the usual one where it is there, else in any;
 * its record whole. Lent; session_runs() comes before. ERR_INPUT as runs_find().
 */
MUST_CHECK int session_find(struct seen_run **out, struct session *session, const char *name, const char *experiment,
			    struct error *err);

/* For commands that write: land what waits, recover what died, and say so. */
MUST_CHECK int session_settle(struct session *session, struct error *err);

#endif
