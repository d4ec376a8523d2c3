/* What the steps of scoring share. Private to track/score*.c. */
#ifndef ASSAY_TRACK_SCORE_WORK_H
#define ASSAY_TRACK_SCORE_WORK_H

#include "format/csv.h"
#include "stats/metric.h"
#include "track/id_table.h"
#include "track/score.h"

#define NO_COLUMN ((size_t)-1)

enum { ROW_VALID = 1, ROW_SEEN = 2 }; /* a row's state */

struct score_rows {
	size_t n, room;
	char **id; /* [n] into `texts` */
	int *y_true, *y_pred;
	double *score; /* [n x classes]; NULL: the file has none */
	double *weight; /* NULL: none */
	uint64_t *unit; /* while rows are read: the hash of a row's cluster; NULL: the file names none */
	size_t *cluster; /* then: the number of its cluster, 0 .. clusters-1 */
	size_t clusters;
	uint32_t *at; /* where the row's record begins in the file; NULL: nothing is asked of it again */
	unsigned char *state;
	struct buf texts;
	struct id_table table;
};
void score_rows_release(struct score_rows *rows);

struct class_column { /* score or score_CLASS */
	size_t at;
	int code; /* of its class, once classes are known */
	char *name; /* of its class; NULL: `score`, of the positive one */
};

struct further_column { /* one that is neither labels, scores nor weight */
	size_t at;
	char *name;
	int declared; /* it is a group whatever it holds; 2: the cluster */
	size_t numbers, empty, texts; /* fields of each kind in the file */
	size_t valued; /* scored rows that have a number; below: of these */
	double weights, sum, mean, squares;
	struct names levels; /* of a column of texts, up to LEVELS_MOST + 1 */
};
#define LEVELS_MOST 100

struct refused { /* why rows cannot be scored: how many of each kind, and the first */
	size_t unknown, doubled, no_id, no_label, no_class, no_number, bad_weight;
	size_t line; /* of the first row of any kind; 0: none */
	char first_class[64], first_unknown[64];
};

enum truth { /* what the rows are scored by */
	     TRUTH_OWN, /* y_true of the file */
	     TRUTH_SPLIT, /* the rows of the split that do not train */
	     TRUTH_PROJECT, /* labels that assay.yaml pins, or that a comparison of files names: all of them */
};

struct scoring {
	struct run *run;
	const struct project *project;
	enum truth truth;
	const struct split_file *split; /* NULL: there is none */
	const struct labels *labels; /* NULL: none are pinned */
	unsigned threads;
	const char *path;
	const char *name; /* of the file, for messages */
	const char *id_name, *true_name; /* columns; the ids may be called `id` as well */
	int compared; /* files are compared: nothing is written, their weights count */
	struct buf text; /* of the file; empty while labels are measured */
	struct csv csv;
	size_t columns, id, y_true, y_pred, weight, cluster;
	struct class_column *score;
	size_t scores, scores_cap;
	struct further_column *further;
	size_t n_further, further_cap;
	struct names classes;
	int positive, by_01; /* by_01: 0 and 1 stand for the negative and the positive class */
	int scored; /* labels are predicted; else there are further columns alone */
	struct score_rows rows;
	struct refused refused;
	size_t other_truth; /* rows whose y_true is not what the split says */
	const char *part; /* of the split: "test", "valid"; else NULL */
	size_t of_rows, missing, left_out; /* of the part; without prediction; rows of the other part */
	char *why; /* not scored: the reason */
	struct error *err;
};

/* Sets s->why. Returns 1, "not scored", or ERR_NOMEM. */
int score_refuse(struct scoring *s, const char *format, ...) PRINTF_LIKE(2, 3);

/* The code of a class as a file writes it (1.0 is 1; 0 and 1 where s->by_01), or -1. */
int score_class(const struct scoring *s, const char *text, size_t len);

/* score_read.c. Each: 0, 1 not scored, or an error. */
MUST_CHECK int score_header(struct scoring *s);
MUST_CHECK int score_read_rows(struct scoring *s);

/* score.c: read, join, check: then the rows are those that are to be scored. */
MUST_CHECK int score_prepare(struct scoring *s);
void scoring_release(struct scoring *s);
/* Of the rows; y_true and y_pred NULL where no labels are predicted. Borrowed. */
struct predictions score_predictions(const struct scoring *s);
/* score_clusters.c: the unit of the row that was read; then numbers for the units of the rows that are scored. */
void score_take_unit(struct scoring *s, size_t row);
MUST_CHECK int score_number_clusters(struct scoring *s);
/* 1 if the metric means something for these predictions. */
int score_is_asked(const struct scoring *s, const struct metric *metric, int probabilities);
/* What is not measured where scores are no probabilities. */
const char *score_not_asked(const struct scoring *s);

/* score_labels.c: classes and rows from given labels, or the classes from the file itself. Then the positive one. */
MUST_CHECK int score_labels(struct scoring *s);
MUST_CHECK int score_own_classes(struct scoring *s);
/* Keep the rows of the part that was predicted; count what is missing. */
MUST_CHECK int score_choose_part(struct scoring *s);

/* score_further.c: count a row's further columns; at the end measure the numbers among them. */
MUST_CHECK int score_further_row(struct scoring *s);
/* The numbers of one in the order of the rows, NaN where there is none, out [rows.n]; 0: the file has no such column of numbers. */
int score_further_values(double *out, struct scoring *s, const char *name);
MUST_CHECK int score_further_measure(struct scoring *s, json_t *measured, json_t *intervals);
/* 1 if the column is kept in the stored file. */
int score_further_kept(const struct further_column *column);
MUST_CHECK int score_store(struct scored *out, struct scoring *s, const struct predictions *p);

#endif
