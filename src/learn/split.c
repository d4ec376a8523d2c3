#include "learn/split.h"
#include "base/mem.h"
#include "base/random.h"
#include "format/number.h"

#include <assert.h>
#include <math.h>

#define MOST_FOLDS 64

/* Names of random streams; the class is added. */
#define STREAM_SPLIT 0x73706c6974000000U
#define STREAM_FOLDS 0x666f6c6473000000U

enum part { PART_TRAIN, PART_VALID, PART_TEST };

/* A class: the rows it has left, and what it gives to the part that is being filled. */
struct share {
	size_t have;
	size_t give;
	size_t rest; /* the fraction of a row that give leaves out, in units of 1/all */
	int code;
};

static int by_rest(const void *a, const void *b)
{
	const struct share *x = a, *y = b;

	if (x->rest != y->rest)
		return x->rest > y->rest ? -1 : 1;
	return x->code - y->code;
}

static int by_code(const void *a, const void *b)
{
	return ((const struct share *)a)->code - ((const struct share *)b)->code;
}

/* Move one row of `total` at a time so that each class gives at least one and keeps at least `keep`. */
static void keep_bounds(struct share *share, size_t classes, size_t keep)
{
	for (size_t c = 0; c < classes; c++) {
		while (share[c].give < 1 || share[c].give + keep > share[c].have) {
			int too_few = share[c].give < 1;
			struct share *other = NULL;

			for (size_t o = 0; o < classes; o++) {
				if (too_few ? share[o].give < 2 : share[o].give + keep >= share[o].have)
					continue;
				if (!other || (too_few ? share[o].give > other->give
						       : share[o].have - share[o].give > other->have - other->give))
					other = &share[o];
			}
			assert(other); /* allot() has seen that there is room */
			if (too_few) {
				share[c].give++;
				other->give--;
			} else {
				share[c].give--;
				other->give++;
			}
		}
	}
}

/*
 * Have the classes give `total` rows in proportion to what they have, by largest remainders, each at least one, keeping at
 * least `keep`. 0 if that cannot be.
 */
static int allot(struct share *share, size_t classes, size_t total, size_t keep)
{
	size_t all = 0, given = 0, room = 0;

	for (size_t c = 0; c < classes; c++) {
		if (share[c].have < keep + 1)
			return 0;
		all += share[c].have;
		room += share[c].have - keep;
	}
	if (total < classes || total > room)
		return 0;
	for (size_t c = 0; c < classes; c++) {
		share[c].give = share[c].have * total / all;
		share[c].rest = share[c].have * total % all;
		given += share[c].give;
	}
	qsort(share, classes, sizeof(*share), by_rest);
	for (size_t c = 0; given < total; c++, given++)
		share[c].give++;
	qsort(share, classes, sizeof(*share), by_code);
	keep_bounds(share, classes, keep);
	return 1;
}

static int refuse(const struct split *split, const struct dataset *dataset, struct error *err)
{
	const struct split_options *options = &split->options;

	error_set(err, ERR_INPUT,
		  "%zu rows are too few to have each of the %d classes on every side of the split "
		  "(%zu test, %zu validation)",
		  dataset->n, dataset->classes, split->n_test, split->n_valid);
	error_hint(err,
		   options->test < 0.5 ? "more rows, or a larger test share" : "more rows, or a smaller test share");
	return ERR_INPUT;
}

/* The rows of each class in order, shuffled by a stream of its own; start [classes + 1] says where each begins. */
static int shuffled_by_class(size_t **out, size_t *start, const struct dataset *dataset, uint64_t seed)
{
	size_t classes = (size_t)dataset->classes, *row = mem_array(dataset->n, sizeof(*row));
	struct random random;

	if (!row)
		return ERR_NOMEM;
	memset(start, 0, (classes + 1) * sizeof(*start));
	for (size_t i = 0; i < dataset->n; i++)
		start[dataset->y[i] + 1]++;
	for (size_t c = 1; c <= classes; c++)
		start[c] += start[c - 1];
	for (size_t i = 0; i < dataset->n; i++)
		row[start[dataset->y[i]]++] = i;
	for (size_t c = classes; c > 0; c--)
		start[c] = start[c - 1];
	start[0] = 0;
	for (size_t c = 0; c < classes; c++) {
		random_init(&random, seed, STREAM_SPLIT + c);
		random_shuffle(&random, row + start[c], start[c + 1] - start[c]);
	}
	*out = row;
	return 0;
}

/* Deal the shuffled rows: of each class the first to the test part, the next to validation, the others to training. */
static int deal(struct split *split, const struct share *test, const struct share *valid, const size_t *row,
		const size_t *start, const struct dataset *dataset)
{
	size_t n_train = 0, n_valid = 0, n_test = 0;
	unsigned char *part = mem_array(dataset->n, sizeof(*part));

	split->train = mem_array(split->n_train, sizeof(*split->train));
	split->valid = mem_array(split->n_valid, sizeof(*split->valid));
	split->test = mem_array(split->n_test, sizeof(*split->test));
	if (!part || !split->train || !split->valid || !split->test) {
		free(part);
		return ERR_NOMEM;
	}
	for (int c = 0; c < dataset->classes; c++) {
		size_t valid_from = start[c] + test[c].give, train_from = valid_from + valid[c].give;

		for (size_t i = start[c]; i < start[c + 1]; i++)
			part[row[i]] = i < valid_from ? PART_TEST : i < train_from ? PART_VALID : PART_TRAIN;
	}
	for (size_t i = 0; i < dataset->n; i++) {
		if (part[i] == PART_TEST)
			split->test[n_test++] = i;
		else if (part[i] == PART_VALID)
			split->valid[n_valid++] = i;
		else
			split->train[n_train++] = i;
	}
	free(part);
	return 0;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The sha256 of the test ids, sorted by bytes, one a line. */
static int hash_members(struct split *split, const struct dataset *dataset, struct error *err)
{
	struct buf ids = BUF_INIT;
	const char **id = mem_array(split->n_test, sizeof(*id));
	struct hash *hash = hash_new();
	char scratch[NUMBER_TEXT];
	const char *at;
	int rc = id && hash ? 0 : error_nomem(err);

	for (size_t i = 0; i < split->n_test && !rc; i++) {
		const char *text = dataset_id(dataset, split->test[i], scratch);

		buf_put(&ids, text, strlen(text) + 1);
	}
	if (!rc)
		rc = buf_check(&ids, err);
	if (rc < 0)
		goto out;
	at = ids.text;
	for (size_t i = 0; i < split->n_test; i++) {
		id[i] = at;
		at += strlen(at) + 1;
	}
	qsort(id, split->n_test, sizeof(*id), by_bytes);
	for (size_t i = 0; i < split->n_test; i++) {
		hash_add(hash, id[i], strlen(id[i]));
		hash_add(hash, "\n", 1);
	}
out:
	hash_end(hash, rc ? NULL : split->sha256);
	free(id);
	buf_release(&ids);
	return rc;
}

static void count_classes(struct share *share, const struct dataset *dataset)
{
	for (int c = 0; c < dataset->classes; c++)
		share[c].code = c;
	for (size_t i = 0; i < dataset->n; i++)
		share[dataset->y[i]].have++;
}

static int fill(struct split *split, const struct dataset *dataset, struct error *err)
{
	size_t classes = (size_t)dataset->classes, keep = split->n_valid ? 2 : 1;
	struct share *test = mem_zeroed(classes, sizeof(*test)), *valid = mem_zeroed(classes, sizeof(*valid));
	size_t *start = mem_array(classes + 1, sizeof(*start)), *row = NULL;
	int rc = 0;

	if (!test || !valid || !start) {
		rc = error_nomem(err);
		goto out;
	}
	count_classes(test, dataset);
	if (!allot(test, classes, split->n_test, keep)) {
		rc = refuse(split, dataset, err);
		goto out;
	}
	for (size_t c = 0; c < classes; c++)
		valid[c] = (struct share){.have = test[c].have - test[c].give, .code = (int)c};
	if (split->n_valid && !allot(valid, classes, split->n_valid, 1)) {
		rc = refuse(split, dataset, err);
		goto out;
	}
	if (shuffled_by_class(&row, start, dataset, split->options.seed) < 0 ||
	    deal(split, test, valid, row, start, dataset) < 0)
		rc = error_nomem(err);
	if (!rc)
		rc = hash_members(split, dataset, err);
out:
	free(test);
	free(valid);
	free(start);
	free(row);
	return rc;
}

static int check_options(const struct split_options *options, struct error *err)
{
	if (options->test > 0 && options->test < 1 && options->valid >= 0 && options->test + options->valid < 1)
		return 0;
	error_set(err, ERR_INPUT, "the test share %g and the validation share %g leave nothing to one side",
		  options->test, options->valid);
	error_hint(err, "shares are between 0 and 1 and add up to less than 1, as 0.2");
	return ERR_INPUT;
}

int split_make(struct split **out, const struct dataset *dataset, const struct split_options *options,
	       struct error *err)
{
	struct split *split;
	int rc;

	rc = check_options(options, err);
	if (rc < 0)
		return rc;
	split = mem_zeroed(1, sizeof(*split));
	if (!split)
		return error_nomem(err);
	split->options = *options;
	split->stratified = 1;
	split->n_test = (size_t)ceil(options->test * (double)dataset->n);
	split->n_valid = (size_t)ceil(options->valid * (double)dataset->n);
	if (split->n_test + split->n_valid >= dataset->n)
		rc = refuse(split, dataset, err);
	split->n_train = rc ? 0 : dataset->n - split->n_test - split->n_valid;
	if (!rc)
		rc = fill(split, dataset, err);
	if (rc < 0)
		split_free(split);
	else
		*out = split;
	return rc;
}

void split_free(struct split *split)
{
	if (!split)
		return;
	free(split->train);
	free(split->valid);
	free(split->test);
	free(split);
}

/*
 * Each row draws among the places that its class has left in the folds, so that no list is needed. The folds that get one
 * row more go round from class to class, which keeps the folds equal as a whole too.
 */
void split_folds(int *fold, const struct dataset *dataset, const size_t *rows, size_t n, int k, uint64_t seed)
{
	size_t left[MOST_FOLDS] = {0}, of_class, next = 0;
	struct random random;

	assert(k > 1 && k <= MOST_FOLDS);
	for (int c = 0; c < dataset->classes; c++) {
		of_class = 0;
		for (size_t i = 0; i < n; i++)
			of_class += dataset->y[rows[i]] == c;
		for (int f = 0; f < k; f++)
			left[f] = of_class / (size_t)k;
		for (size_t extra = of_class % (size_t)k; extra; extra--)
			left[next++ % (size_t)k]++;
		random_init(&random, seed, STREAM_FOLDS + (uint64_t)c);
		for (size_t i = 0; i < n; i++) {
			uint64_t place;
			int f = 0;

			if (dataset->y[rows[i]] != c)
				continue;
			place = random_below(&random, of_class--);
			while (place >= left[f])
				place -= left[f++];
			left[f]--;
			fold[i] = f;
		}
	}
}
