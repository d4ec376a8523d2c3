/* What the records of repetitions have in common becomes the record of their parent. */
#ifndef ASSAY_TRACK_REPEAT_H
#define ASSAY_TRACK_REPEAT_H

#include "record/repetition.h"

/*
 * Set in the parent, from those of its children that finished [n]: parameters and evaluation as far as all agree; of each metric
 * that all have the mean, `spread` (standard deviation) and the 95 % interval of the mean: Student's t over seeds; over splits the
 * corrected resampled t (Nadeau and Bengio 2003, Machine Learning 52:239), whose variance is sd^2 x (1/n + test rows/training
 * rows), since the training sets overlap. What assay measured goes before what the command reported of the same name.
 * The parent's data.split says which of the two it is.
 */
MUST_CHECK int repeat_summarize(struct run *parent, const struct run *const *child, size_t n, struct error *err);

/* `usage` of the parent: seconds of all children [n] together, the highest peak of memory. */
MUST_CHECK int repeat_usage(struct run *parent, const struct run *const *child, size_t n, struct error *err);

/*
 * data.split of a parent of splits, from those of its children [n]: count in the place of the seed, sha256 over theirs, one a
 * line, in order. *out is the caller's.
 */
MUST_CHECK int repeat_split(json_t **out, const json_t *const *split, size_t n, struct error *err);

/* A note, and 1 in *told, where not all that were asked for finished: "4 of 5 seeds finished: the means are over these." */
MUST_CHECK int repeat_note_missing(struct run *parent, size_t finished, size_t asked, const char **told,
				   struct error *err);

#endif
