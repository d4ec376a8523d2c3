/*
 * Picked among many: what the best run of an experiment is worth when it is known that it was picked as the best of m, and which
 * runs could be the best. Computed from the stored predictions of all of them, row by row.
 */
#ifndef ASSAY_JUDGE_PICKED_H
#define ASSAY_JUDGE_PICKED_H

#include "base/buf.h"
#include "judge/judge.h"

struct picked_run {
	const struct seen_run *run; /* borrowed from `runs` */
	double value; /* of the metric, as its record has it */
	size_t first, last; /* its places among the m, 95 %, from 1; could be the best if first is 1 */
};

struct picked {
	const struct declared_metric *metric; /* the experiment's first; borrowed */
	const struct seen_run *best; /* NULL: no candidate has the metric */
	size_t m; /* runs that it was picked among, itself one */
	size_t n; /* of run[]: m, but BEST_OF_MANY_MOST of very many */
	size_t left_out; /* further ones with the metric whose predictions are of other rows, or not there */
	/* What `candidate:` named before the first run, NULL: none. Nothing was picked there; is it the best, `corrected` is 0. */
	const struct seen_run *named;
	int corrected; /* 1: the figures below and run[] are there; 0 with m >= 2: `why` says why they are not */
	char why[160]; /* without full stop; the user's text in it */
	double plain, plain_low, plain_high; /* plain: as the record has it; its interval in the normal limit */
	double value, low, high; /* corrected for the picking, 95 % */
	size_t could; /* runs that could be the best */
	struct picked_run *run; /* [n] the best first, the earlier of equals; freed by picked_release() */
};

/*
 * Candidates are the finished runs of kind run that have the metric: parents and not their children, no reproductions, none that
 * breaks a constraint. runs may be lean, with the metric wanted. What was computed is kept in GIT_COMMON_DIR/assay/cache by the
 * blobs of the predictions: a second look at 500 runs reads none. ERR_NOMEM, or what git says of a damaged object; what cannot be
 * corrected is no error.
 * O(runs) the second time; the first time O(m (bytes + rows m) + m^3): 500 runs of 1,409 rows in a second.
 */
MUST_CHECK int judge_picked(struct picked *out, struct store *store, const struct project *project,
			    const struct experiment *experiment, const struct declared_metric *metric,
			    const struct runs *runs, unsigned threads, struct error *err);
void picked_release(struct picked *picked);

/* The places of a run, or NULL where it is none of those that were corrected for. Borrowed. */
const struct picked_run *picked_run(const struct picked *picked, const char *id);

/* How the place prints its figures: append a value of a metric, and its interval. */
struct picked_figures {
	void (*value)(struct buf *out, const char *metric, double value);
	void (*interval)(struct buf *out, const char *metric, double low, double high);
	const char *(*title)(const char *metric); /* "F1"; NULL: the name as it is */
};

/*
 * Append the words that every place shows: "best of 31, corrected for the picking: F1 0.853 [0.82, 0.88], plain 0.861; 4 runs
 * could be the best"; "named as candidate before the first run: no correction for picking needed". Nothing where m < 2.
 */
void picked_words(struct buf *out, const struct picked *picked, const struct picked_figures *figures);

/* The words for a named candidate. Static. */
extern const char picked_named_words[];

/* Append the places as they are shown: "1", "1-4" with `dash` between. */
void picked_places(struct buf *out, const struct picked_run *run, const char *dash);

/*
 * {metric, best: ID, of, left_out, corrected, interval, plain, plain_interval, could_be_best: [ID]}; instead of the last five
 * not_corrected: WHY; named_before: ID of the named candidate, alone where that is the best. *out is the caller's; NULL where m < 2.
 */
MUST_CHECK int picked_json(json_t **out, const struct picked *picked, struct error *err);

#endif
