/* What the steps of comparing files share. Private to command/compare_files*.c. */
#ifndef ASSAY_COMMAND_COMPARE_FILES_WORK_H
#define ASSAY_COMMAND_COMPARE_FILES_WORK_H

#include "command/compare_files.h"
#include "judge/rows.h"
#include "track/score_files.h"

struct files_compared {
	const struct compare_files *options;
	struct scored_files files;
	json_t **name; /* [files.n] their paths as JSON can hold them */
	struct judge_rows_metric
		*column; /* what was asked for and the table does not have: scores per row; names owned */
	size_t columns, columns_cap;
	struct judge_rows_metric *metric; /* [metrics], those of the table first; names borrowed */
	size_t metrics, of_table;
	size_t family;
	json_t **entry; /* [files.n - 1]: the first file against the others is that of the others against it */
	struct paired *paired; /* [files.n - 1][metrics] */
};

/* Append the tables for a terminal or a pipe, or for a pull request. */
MUST_CHECK int files_tables(struct buf *out, const struct files_compared *compared, struct error *err);
MUST_CHECK int files_markdown(struct buf *out, const struct files_compared *compared, struct error *err);

#endif
