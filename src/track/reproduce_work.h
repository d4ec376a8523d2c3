/* What the steps of a reproduction share. Private to track/reproduce*.c. */
#ifndef ASSAY_TRACK_REPRODUCE_WORK_H
#define ASSAY_TRACK_REPRODUCE_WORK_H

#include "track/reproduce.h"

struct reproduction {
	struct store *store;
	const struct project *project; /* the user's own, where data are looked for */
	const struct run *run; /* the original */
	const struct reproduce_options *options;
	struct reproduce_report *report;
	char *folder; /* the temporary one */
	char *tree; /* the work tree in it */
	char *root; /* the project's root in that */
	char *cwd; /* where the command runs */
	struct project *then; /* the project as it was */
	struct names data; /* absolute paths of the data files, those of the split first */
};

/* reproduce_tree.c: the work tree with code and data; taken away again. */
MUST_CHECK int reproduce_tree(struct reproduction *work, struct error *err);
MUST_CHECK int reproduce_tree_remove(struct reproduction *work, struct error *err);

/* reproduce_compare.c: fill metrics and outcome of the report from the new run; notes on what else differs. */
MUST_CHECK int reproduce_compare(struct reproduction *work, const struct run *now, struct error *err);

#endif
