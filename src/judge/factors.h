/*
 * What differs between two runs, by name: the factors of FORMATS' `changes`.
 *
 * command   the words that were run, where no other factor explains them; without from and to: each record has its own
 * code      one a changed file (name: its path below the work tree; from, to: its blobs, absent where there is no such file);
 *           without a name (from, to: the commits that ran) where the trees cannot be compared: they are not in this clone, or
 *           changes were not kept
 * params    one a parameter
 * data      one a recorded file (name: its path; from, to: sha256)
 * split     from, to: sha256 of its membership
 * seed      of the run; runs of several seeds have none
 * packages  one a package (from, to: versions)
 * hardware  from, to: processor, cores and GPUs in words
 *
 * One change is one factor. Words of the command that differ by the value of a parameter, of the seed or of a data file's path
 * that differs too are no factor of their own; nor are: a YAML or JSON file of the repository whose keys differ exactly as
 * recorded parameters do; a recorded parameter that repeats the seed; a split that differs because its data does; a file of code
 * that is recorded as data; files that no program reads (the experiments' Markdown, results of `pick`, assay.yaml, whose
 * effects are recorded, the site, README, LICENSE, CHANGELOG and the like); the path of the interpreter.
 */
#ifndef ASSAY_JUDGE_FACTORS_H
#define ASSAY_JUDGE_FACTORS_H

#include "record/project.h"
#include "record/run.h"
#include "store/store.h"

/* Reads code for many comparisons with one run: each pair of commits is compared once. Opaque. */
struct code_reader;

/* store NULL: commits are compared by name alone (then code is one factor without a name). Both borrowed. */
MUST_CHECK int code_reader_new(struct code_reader **out, struct store *store, const struct project *project,
			       struct error *err);
void code_reader_free(struct code_reader *reader);

#define FACTORS_ALL ((size_t)-1)

struct factors {
	json_t *list; /* [{factor, name, from, to}] in the order above, names sorted by bytes; NULL: more than `most` */
	/* What is not recorded on both sides, which is never "unchanged". Code that is not known is a factor instead. */
	int packages_unknown;
};
void factors_release(struct factors *factors);

/*
 * From one run to another: whole records or the catalog's brief ones. most: stop as soon as there are more factors than that
 * (list NULL), which saves reading code; FACTORS_ALL: never. ERR_NOMEM, ERR_MACHINE. *out is the caller's.
 */
MUST_CHECK int factors_between(struct factors *out, struct code_reader *reader, const struct run *from,
			       const struct run *to, size_t most, struct error *err);

/* How many factors there are at least: all but those of code, which would have to be read. ERR_NOMEM. */
MUST_CHECK int factors_least(size_t *out, const struct run *from, const struct run *to, struct error *err);

/*
 * Factors of n runs at once, as `compare --json` has it: [{factor, name, values: [a value a run, null where it has none]}],
 * each run compared with the first. *out is the caller's.
 */
MUST_CHECK int factors_side_by_side(json_t **out, struct code_reader *reader, const struct run *const *run, size_t n,
				    struct error *err);

#endif
