/* Pieces of a record that every kind of run has: what is known when it starts, its code, its plan, its files, its end. */
#ifndef ASSAY_TRACK_RECORD_PARTS_H
#define ASSAY_TRACK_RECORD_PARTS_H

#include "record/experiment.h"
#include "record/run.h"
#include "store/store.h"

struct record_head {
	const char *id, *name, *kind;
	const char *started; /* as clock_text() has it */
	const struct project *project;
	const struct experiment *experiment;
};

/* A new record, running: id, experiment, name, kind, status, started, root. *run is the caller's also after an error. */
MUST_CHECK int record_head(struct run *run, const struct record_head *head, struct error *err);

/* JSON holds UTF-8 only: other bytes of a path or an argument become U+FFFD. NULL without memory. */
json_t *record_text(const char *text) MUST_CHECK;

/*
 * The code state now, as `project` wants snapshots; the site's folder and the tables of `pick` do not count as changes.
 * store_code_release() ends it.
 */
MUST_CHECK int record_code_look(struct store_code *out, struct store *store, const struct project *project,
				struct error *err);

/* `code`, and a note that names what its snapshot did not take. */
MUST_CHECK int record_code(struct run *run, const struct store_code *code, struct error *err);

/* The commit that brought the experiment's file as it is now; "" where there is none. One git process. */
MUST_CHECK int record_plan_commit(char commit[OID_HEX], struct store *store, const struct project *project,
				  const struct experiment *experiment, struct error *err);

/* `plan` of an experiment that has a file. */
MUST_CHECK int record_plan(struct run *run, const struct experiment *experiment, const char *commit, struct error *err);

MUST_CHECK int record_note_each(struct run *run, const struct names *notes, struct error *err);

/* Append a file that goes into git as it is, by its bytes, to the list `artifacts`. */
MUST_CHECK int record_file(json_t *artifacts, const char *path, const struct buf *bytes, struct error *err);

/* `status`, `ended` (now) and `exit`. */
MUST_CHECK int record_end(struct run *run, const char *status, int exit_code, struct error *err);

#endif
