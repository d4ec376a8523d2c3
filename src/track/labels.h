/*
 * Labels that a project pins (`evaluation:` in assay.yaml) or a comparison of files names: read before the command that is to
 * be scored by them starts, so that nothing it does to the file changes its score.
 */
#ifndef ASSAY_TRACK_LABELS_H
#define ASSAY_TRACK_LABELS_H

#include "base/hash.h"
#include "record/project.h"

struct labels_wanted { /* all borrowed */
	const char *path; /* as it can be opened */
	const char *name; /* for messages and the record */
	const char *id, *target; /* columns; target NULL: y_true, else the one beside the ids */
	int ids_only; /* nothing is predicted: which rows there are is all that is read */
	const char
		*positive; /* class; NULL: yes, true or 1, else the rarer. What is no class of theirs is passed over. */
};

struct labels {
	char *path, *name; /* as wanted */
	int outside; /* the name is no path below the root */
	char sha256[SHA256_HEX]; /* of the file's bytes as they were read */
	size_t rows;
	int ids_only; /* as wanted: there are no classes */
	struct names class_name; /* numbers by value, else by bytes */
	int positive; /* its code; -1 unless there are two classes */
	int rarer; /* 1: it was taken because it is the rarer one */
	char *why; /* why nothing can be scored by them: numbers to be predicted; NULL: it can */
	/* `id,part,label` as split files have it, part always "test"; with labels_put_away() on disk, else in memory. */
	struct buf text;
	int file; /* of no name; -1: none */
};
#define LABELS_INIT                                          \
	{                                                    \
		.positive = -1, .text = BUF_INIT, .file = -1 \
	}
void labels_release(struct labels *labels);

/*
 * Read and check a CSV of labels. ERR_INPUT with FILE:LINE and a hint: no such file or column, no row, rows without id or label,
 * ids that stand there more than once (with their number), one class alone. *out is filled or left alone.
 */
MUST_CHECK int labels_read(struct labels *out, const struct labels_wanted *wanted, struct error *err);

/* The labels of `evaluation:`, with the data's positive class; out->path NULL: the project pins none. */
MUST_CHECK int labels_of_project(struct labels *out, const struct project *project, struct error *err);

/* While a command runs for days: into a file without a name in `folder`, out of memory and out of its reach. */
MUST_CHECK int labels_put_away(struct labels *labels, const char *folder, struct error *err);

/* Append `id,part,label`, from wherever it is. */
MUST_CHECK int labels_text(struct buf *out, const struct labels *labels, struct error *err);

/* *changed: the file is not what was read, or gone. */
MUST_CHECK int labels_changed(int *changed, const struct labels *labels, struct error *err);

#endif
