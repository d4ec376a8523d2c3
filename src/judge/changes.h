/* What changed from the nearest earlier run to this one: run.json `changes`, in words, and how to tell its factors apart. */
#ifndef ASSAY_JUDGE_CHANGES_H
#define ASSAY_JUDGE_CHANGES_H

#include "judge/factors.h"
#include "record/runs.h"

/*
 * 1 if a run gets `changes`: it is of kind run, no reproduction, and none of several seeds or splits, whose parent gets them.
 * runs: where its parent is looked for.
 */
int changes_apply(const struct runs *runs, const struct run *run);

/*
 * The nearest earlier run among `runs` (whole or brief, sorted by id): the finished run of the same experiment and program
 * (argv[0] by base name, and script) that began earlier and has the fewest differing factors, the latest of equals. NULL: there
 * is none. Branch and bound over what the records say; code is read only while a run can still be the nearest.
 */
MUST_CHECK int changes_nearest(const struct seen_run **out, const struct runs *runs, const struct run *run,
			       struct code_reader *reader, struct error *err);

/*
 * Set `changes` of the record: {against, verdict: first|none|isolated|confounded, factors, unknown}. against NULL: first of its
 * kind. unknown: ["packages"] where they are not recorded on both sides, else absent.
 */
MUST_CHECK int changes_set(struct run *run, const struct run *against, struct code_reader *reader, struct error *err);

/*
 * One line about `changes` (an object as in the record), unescaped: "lr 0.1 -> 0.2 (isolated)", "confounded: lr, train.py and
 * data.csv changed together", "nothing changed", "the first of its kind: nothing to compare with".
 */
void changes_words(struct buf *out, const json_t *changes);

/* One factor: "lr 0.1 -> 0.2", "train.py", "data churn.csv", "numpy 1.26 -> 2.0". with_values 0: without from and to. */
enum factor_words { FACTOR_NAMED, FACTOR_VALUES };
void factor_words(struct buf *out, const json_t *factor, enum factor_words how);

/*
 * What a person is told of the changes of `run`: "changed against 3f2a91b: lr 0.1 -> 0.2 (isolated)", and where they are
 * confounded, that k - 1 runs would tell them apart, with at most `most` of these, a line each that begins with two blanks.
 * against: the run that `changes` names; NULL: it is not here, and its runs are not told. Nothing for a run without changes.
 */
MUST_CHECK int changes_lines(struct names *out, const struct run *run, const struct run *against,
			     struct code_reader *reader, size_t most, struct error *err);

/*
 * The runs that would tell the confounded factors of `run` (its `changes` are against `against`) apart: k - 1 runs that change
 * one factor after the other, a line each: a command for the shell where parameters and the seed alone are set back
 * ("assay run --param lr=0.1 -- python train.py --lr 0.1"), with ", with train.py as in 3f2a91b" behind it for what has to be
 * set back by hand, and ", with lr 0.1 in params.yaml" where a file of the repository holds a parameter. Packages are one step. They tell main effects only, no interactions. Nothing is added where `run` is not
 * confounded. Records whole or brief.
 */
MUST_CHECK int changes_tell_apart(struct names *out, const struct run *run, const struct run *against,
				  struct code_reader *reader, struct error *err);

#endif
